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
	Position string // as the title block names it
	Name     string // of who signed in sapa; names on paper are not kept
	At       time.Time
	Paper    bool // At is a day
	Clause   string
}

// roles are the words of the pages and the API for the parts.
var roles = map[document.Part]string{document.Prepared: "made", document.Reviewed: "checked", document.Approved: "approved"}

// Signatures gives the three of a revision, on paper or in sapa, in their order. A part that nobody has signed has no moment.
func Signatures(signed []document.Signature) []Signature {
	all := make([]Signature, len(document.Parts))
	for i, part := range document.Parts {
		all[i] = Signature{Role: roles[part], Clause: part.Clause()}
		for _, s := range signed {
			if s.Part == part {
				all[i].Position, all[i].Name, all[i].At, all[i].Paper = s.Position, s.Name, s.At, s.Person == 0 && !s.At.IsZero()
			}
		}
	}
	return all
}

// Stands tells how a revision stands now: force, coming, superseded, recalled.
func Stands(tx *db.Tx, r document.Revision) (string, error) {
	all, err := document.Standings(tx, r.Document)
	for _, s := range all {
		if s.Revision == r.Revision {
			return s.Stands, err
		}
	}
	return "", err
}

// number prints a revision as the document does: 02.
func number(revision int) string { return fmt.Sprintf("%02d", revision) }
