package trace

import (
	"fmt"
	"time"

	"sapa/internal/db"
	"sapa/internal/document"
)

// Signature is one of the three of a revision.
type Signature struct {
	Role     string // made, checked, approved
	Position string // what the signer is to the document; of signatures in sapa the role's own name says it
	Name     string // of who signed in sapa; names on paper are not kept
	Day      string // 2006-01-02, of a signature on paper
	At       time.Time
	Paper    bool
	Clause   string
}

// Signatures gives the three of a revision: those on paper as the document states them.
func Signatures(_ *db.Tx, r document.Revision) ([]Signature, error) {
	var all []Signature
	for _, s := range r.Book.Document.Signatures {
		all = append(all, Signature{Role: s.ID, Position: s.Position, Day: s.Date, Paper: true, Clause: s.Clause})
	}
	return all, nil
}

// number prints a revision as the document does: 02.
func number(revision int) string { return fmt.Sprintf("%02d", revision) }
