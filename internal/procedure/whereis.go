package procedure

import "strings"

// WhereIs says what of the book stands at a place of its files: the clause it rests on, and the campaign and field when it is one's or
// an option's. It is the last thing that begins at or above the line; "" where none does, as in a file that could not be read.
func (b *Book) WhereIs(file string, line int) (clause, campaign, field string) {
	best := 0
	look := func(at place, c, p, f string) {
		if at.file == file && at.line <= line && at.line >= best {
			best, clause, campaign, field = at.line, c, p, f
		}
	}
	for _, c := range b.Clauses {
		look(c.at, c.ID, "", "")
	}
	for _, g := range b.Gaps {
		look(g.at, g.ID, "", "")
	}
	for _, a := range b.Document.Applications {
		look(a.at, a.Clause, "", "")
	}
	for _, s := range b.Document.said {
		look(s.at, s.clause, "", "")
	}
	for _, p := range b.all() {
		look(p.at, p.Clause, p.Code, "")
		look(p.Queue.at, p.Queue.Clause, p.Code, "")
		look(p.Save.at, p.Save.Clause, p.Code, "")
		for _, s := range p.Steps {
			look(s.at, s.Clause(), p.Code, "")
		}
		for _, f := range p.Fields {
			look(f.at, f.Clause(), p.Code, f.ID)
			for _, o := range f.Options {
				look(o.at, o.Clause(), p.Code, f.ID)
			}
		}
		for _, o := range p.Outcomes {
			look(o.at, o.Clause(), p.Code, "")
		}
	}
	if clause == "" && campaign != "" && b.Procedure(campaign) != nil {
		clause = b.Procedure(campaign).Clause
	}
	return strings.TrimSpace(clause), campaign, field
}
