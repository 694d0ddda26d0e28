package document

import (
	"fmt"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/who"
)

// Receive puts files that came from outside into the document's draft, under the draft's number; without a draft one begins
// from the newest revision. They take the place of all that was there. What is wrong in them the draft says itself (Book).
func Receive(tx *db.Tx, by who.Actor, document string, files map[string]string) (Draft, error) {
	d, err := DraftOf(tx, document)
	if fault.Is(err, fault.Missing) {
		var newest int
		if err := tx.Row(`SELECT COALESCE(max(revision), 0) FROM revision WHERE document = $1`, document).Scan(&newest); err != nil {
			return d, fmt.Errorf("newest revision of %s: %w", document, err)
		}
		d, err = Begin(tx, by, document, newest)
	}
	if err != nil {
		return d, err
	}
	d.Files = renumbered(files, d.Revision)
	return Save(tx, by, d)
}
