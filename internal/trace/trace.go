// Package trace leads from a clause of the controlled document to everything that rests on it - its place, its revision with
// the three signatures, the decisions on its gaps, what of the procedures carries it, the turns handled under it - and from
// what was written in a worklog back to its clause, each in its own revision. It reads everything and stores nothing.
package trace

import (
	"slices"
	"strings"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/procedure"
)

// Ref is a clause as one revision has it.
type Ref struct {
	Clause   string
	Revision int
}

// Clause is all that is known of one clause in one revision, but for the turns handled under it.
type Clause struct {
	procedure.Clause
	Revision  document.Revision
	Stands    string             // force, coming, superseded, recalled
	Gap       *procedure.Gap     // it is a decision of sapa on what the document leaves open, not the document's own text
	Parents   []procedure.Clause // outermost first
	Children  []procedure.Clause
	Before    procedure.Clause // its neighbours in the document's order; without an id at the ends
	After     procedure.Clause
	Gaps      []procedure.Gap // decisions that touch it
	Parts     []Part          // of the procedures, what carries it
	Stated    []string        // what of the document itself carries it: "statement purpose-fault"
	Tests     []string        // tests that speak of it
	Open      procedure.Text  // why nothing carries it yet; empty: something does
	Others    []Other
	Signature []Signature
}

// Other is the same clause in another revision.
type Other struct {
	Revision document.Revision
	There    bool // that revision has the clause
	Same     bool // in the same words
	Words    []Word
}

// Of looks a clause up in a revision. all are the revisions of its document, tests says which tests speak of a clause. Missing
// "trace.no-clause" when that revision does not have it.
func Of(tx *db.Tx, r document.Revision, all []document.Revision, id string, tests map[string][]string) (Clause, error) {
	own, found := r.Book.Clause(id)
	if !found {
		return Clause{}, fault.New(fault.Missing, "trace.no-clause", "clause", id, "document", r.Document, "revision", number(r.Revision))
	}
	c := Clause{Clause: own, Revision: r, Parts: Parts(r.Book, id)}
	c.place()
	for i, g := range r.Book.Gaps {
		switch {
		case g.ID == id:
			c.Gap = &r.Book.Gaps[i]
		case slices.Contains(g.Clauses, id):
			c.Gaps = append(c.Gaps, g)
		}
	}
	for _, row := range procedure.Trace(r.Book, tests) {
		if row.ID != id {
			continue
		}
		c.Tests = row.Tests
		for _, by := range row.By {
			if said, ok := strings.CutPrefix(by, "document "); ok {
				c.Stated = append(c.Stated, said)
			}
		}
	}
	for _, o := range r.Book.Open {
		if o.Clause == id {
			c.Open = o.Reason
		}
	}
	for _, one := range all {
		if one.Revision == r.Revision {
			continue
		}
		there, found := one.Book.Clause(id)
		o := Other{Revision: one, There: found, Same: found && there.Text == own.Text}
		if found && !o.Same {
			was, is := there.Text, own.Text
			if one.Revision > r.Revision {
				was, is = is, was
			}
			o.Words = Words(was, is)
		}
		c.Others = append(c.Others, o)
	}
	c.Signature = Signatures(r.Signatures)
	var err error
	c.Stands, err = Stands(tx, r)
	return c, err
}

// place finds what stands over, under and beside the clause.
func (c *Clause) place() {
	all := c.Revision.Book.Clauses
	for up := c.Parent; up != ""; {
		i := slices.IndexFunc(all, func(one procedure.Clause) bool { return one.ID == up })
		if i < 0 || len(c.Parents) > len(all) {
			break
		}
		c.Parents = slices.Insert(c.Parents, 0, all[i])
		up = all[i].Parent
	}
	for i, one := range all {
		if one.Parent == c.ID {
			c.Children = append(c.Children, one)
		}
		if one.ID != c.ID {
			continue
		}
		if i > 0 {
			c.Before = all[i-1]
		}
		if i+1 < len(all) {
			c.After = all[i+1]
		}
	}
}
