package document

import (
	"strconv"

	"sapa/internal/db"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// Printed keeps in the journal that somebody prints a revision, or what a draft says: its text by the hash, how it stands (draft, force,
// superseded ...), and whose controlled copy the paper says it is; "" for an uncontrolled one (SOP doc.copy.controlled-malang).
func Printed(tx *db.Tx, by who.Actor, r Revision, stands, copy string) error {
	data := map[string]string{"document": r.Document, "revision": strconv.Itoa(r.Revision), "hash": r.Hash, "stands": stands}
	if copy != "" {
		data["copy"] = copy
	}
	_, err := journal.Write(tx, journal.Entry{By: by, Act: "document.printed", Kind: "revision", Data: data})
	return err
}
