package procedure

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// check looks at everything that can be wrong before anybody uses the book: names, clauses, closed lists, conditions, and
// then every state that can be told apart.
func (r *reader) check(b *Book) {
	r.checkWords(b)
	if len(r.problems) > 0 {
		return // states of a broken procedure say nothing
	}
	for _, p := range b.all() {
		r.checkStates(p)
	}
	r.checkCarried(b)
}

// checkWords looks at what can be judged by reading alone.
func (r *reader) checkWords(b *Book) {
	r.checkTitle(b)
	r.checkClauses(b)
	for i, p := range b.all() {
		if slices.ContainsFunc(b.all()[:i], func(q *Procedure) bool { return q.Code == p.Code }) {
			r.wrong(p.at, "double-campaign", "id", p.Code)
		}
		r.checkProcedure(b, p)
	}
	r.checkMapping(b)
}

// checkTitle asks for a complete title block and that the campaigns it lists are the ones that have files.
func (r *reader) checkTitle(b *Book) {
	d := &b.Document
	_, badDate := time.Parse(time.DateOnly, d.Effective)
	for _, part := range []struct {
		what    string
		lacking bool
	}{{"code", d.Code == ""}, {"title", d.Title == ""}, {"effective", badDate != nil}, {"revision", d.Revision <= 0}} {
		if part.lacking {
			r.wrong(d.at, "title-block", "what", part.what)
		}
	}
	for _, code := range d.Campaigns {
		if b.Procedure(code) == nil {
			r.wrong(d.at, "no-procedure", "id", code)
		}
	}
	for _, p := range b.all() {
		if !p.Act && !slices.Contains(d.Campaigns, p.Code) {
			r.wrong(p.at, "not-listed", "id", p.Code)
		}
		if p.Document != d.Code || p.Revision != d.Revision {
			r.wrong(p.at, "wrong-document", "was", p.Document+" rev "+strconv.Itoa(p.Revision), "is", d.Code+" rev "+strconv.Itoa(d.Revision))
		}
	}
	for _, a := range d.Applications {
		for _, code := range a.RequiredFor {
			r.oneOf(a.at, code, d.Campaigns, "application "+a.ID+" required_for "+code)
		}
	}
}

// checkClauses asks that every clause stands once, with both texts, and that all which the document says of itself cites
// clauses there are.
func (r *reader) checkClauses(b *Book) {
	seen := map[string]bool{}
	for _, c := range b.Clauses {
		if c.ID == "" || c.Text == "" || c.Gloss == "" {
			r.wrong(c.at, "clause-text", "clause", c.ID)
		}
		if seen[c.ID] {
			r.wrong(c.at, "double-clause", "clause", c.ID)
		}
		seen[c.ID] = true
		if _, ok := b.Clause(c.Parent); c.Parent != "" && !ok {
			r.wrong(c.at, "unknown-parent", "clause", c.ID, "parent", c.Parent)
		}
	}
	for _, g := range b.Gaps {
		if seen[g.ID] {
			r.wrong(g.at, "double-clause", "clause", g.ID)
		}
		seen[g.ID] = true
		r.cited(b, g.at, g.Clauses, "gap "+g.ID)
	}
	for _, s := range b.Document.said {
		r.cited(b, s.at, []string{s.clause}, s.what)
	}
}

// cited asks that something rests on a clause, and only on clauses there are.
func (r *reader) cited(b *Book, at place, clauses []string, what string) {
	if len(clauses) == 0 || clauses[0] == "" {
		r.wrong(at, "no-clause", "what", what)
		return
	}
	for _, id := range clauses {
		if _, ok := b.Clause(id); !ok {
			r.wrong(at, "unknown-clause", "what", what, "clause", id)
		}
	}
}

// checkCarried asks that every clause is carried by something or listed as open with its reason, and not both.
func (r *reader) checkCarried(b *Book) {
	by := b.carriers()
	open := map[string]bool{}
	for _, o := range b.Open {
		open[o.Clause] = true
		if !slices.ContainsFunc(b.Clauses, func(c Clause) bool { return c.ID == o.Clause }) {
			r.wrong(o.at, "open-unknown", "clause", o.Clause)
		}
		if len(by[o.Clause]) > 0 {
			r.wrong(o.at, "open-carried", "clause", o.Clause, "what", by[o.Clause][0])
		}
		if o.Reason.ID == "" || o.Room == "" || o.Issue == 0 {
			r.wrong(o.at, "open-reason", "clause", o.Clause)
		}
	}
	for _, c := range b.Clauses {
		if len(by[c.ID]) == 0 && !open[c.ID] {
			r.wrong(c.at, "not-carried", "clause", c.ID)
		}
	}
}

// oneOf asks that a word is on its closed list.
func (r *reader) oneOf(at place, word string, list []string, what string) {
	if !slices.Contains(list, word) {
		r.wrong(at, "unknown-word", "what", what, "known", strings.Join(list, ", "))
	}
}
