package procedure

import "slices"

// TraceRow says what carries one clause and which tests speak of it.
type TraceRow struct {
	ID      string   `json:"id"`
	Carried bool     `json:"carried"`
	By      []string `json:"by"`
	Tests   []string `json:"tests"`
	Note    string   `json:"note,omitempty"` // why it is open
}

// Trace gives one row for each clause of the document, in its order. tests says which tests speak of a clause.
func Trace(b *Book, tests map[string][]string) []TraceRow {
	by := b.carriers()
	notes := map[string]string{}
	for _, o := range b.Open {
		notes[o.Clause] = o.Reason.EN
	}
	rows := make([]TraceRow, 0, len(b.Clauses))
	for _, c := range b.Clauses {
		row := TraceRow{ID: c.ID, Carried: len(by[c.ID]) > 0, By: []string{}, Tests: []string{}, Note: notes[c.ID]}
		row.By, row.Tests = append(row.By, by[c.ID]...), append(row.Tests, tests[c.ID]...) // never null in JSON
		rows = append(rows, row)
	}
	return rows
}

// carriers lists for every clause what of the files carries it.
func (b *Book) carriers() map[string][]string {
	by := map[string][]string{}
	add := func(what string, ids ...string) {
		for _, id := range ids {
			if !slices.Contains(by[id], what) {
				by[id] = append(by[id], what)
			}
		}
	}
	for _, s := range b.Document.said {
		if !s.aside {
			add("document "+s.what, s.clause)
		}
	}
	for _, p := range b.all() {
		add(p.Code, p.Clause)
		if !p.Act {
			add(p.Code+" queue", p.Queue.Clause)
		}
		add(p.Code+" save", p.Save.Clause)
		for _, s := range p.Steps {
			add(p.Code+" step "+s.ID, s.Clauses...)
			add(p.Code+" step "+s.ID, s.Covers...)
			for _, l := range s.Say {
				add(p.Code+" script "+s.ID, l.Clause)
			}
		}
		for _, f := range p.Fields {
			add(p.Code+" field "+f.ID, f.Clauses...)
			for _, o := range f.Options {
				add(p.Code+" option "+f.ID+"="+o.ID, o.Clauses...)
			}
		}
		for _, o := range p.Outcomes {
			add(p.Code+" outcome "+o.ID, o.Clauses...)
			for _, e := range o.Effects {
				add(p.Code+" effect "+o.ID+"/"+e.Do, e.Clause)
			}
		}
	}
	return by
}
