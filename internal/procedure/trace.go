package procedure

import (
	"maps"
	"slices"
	"strings"
)

// TraceRow says what carries one clause and which tests speak of it.
type TraceRow struct {
	ID      string   `json:"id"`
	Carried bool     `json:"carried"`
	By      []string `json:"by"`
	Tests   []string `json:"tests"`
	Note    string   `json:"note,omitempty"` // why it is open
}

// carriers lists for every clause what of the files carries it.
func (b *Book) carriers() map[string][]string {
	by := map[string][]string{}
	add := func(what string, ids ...string) {
		for _, id := range ids {
			if id != "" && !slices.Contains(by[id], what) {
				by[id] = append(by[id], what)
			}
		}
	}
	for _, c := range b.Document.clauses {
		add(c.by, c.clause)
	}
	for _, p := range b.Procedures {
		add(p.Code, p.Clause)
		add(p.Code+" save", p.Save.Clause)
		for _, s := range p.Steps {
			add(p.Code+" step "+s.ID, append(slices.Clone(s.Clauses), s.Covers...)...)
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

// checkCarried asks that every clause is carried by something or listed as open with its reason, and not both.
func (r *reader) checkCarried(b *Book) {
	by := b.carriers()
	open := map[string]bool{}
	for _, o := range b.Open {
		at := b.places["open "+o.Clause]
		if len(by[o.Clause]) > 0 {
			r.wrong(at, "open-carried", "drop it from open.yaml", "clause %s is listed as open but %s carries it", o.Clause, by[o.Clause][0])
		}
		if o.Reason.ID == "" || o.Reason.EN == "" {
			r.wrong(at, "open-reason", "write the reason in both languages", "clause %s is open without a reason", o.Clause)
		}
		open[o.Clause] = true
	}
	for _, c := range b.Clauses {
		if len(by[c.ID]) == 0 && !open[c.ID] {
			r.wrong(b.places["clause "+c.ID], "not-carried", "let something carry it, or list it in open.yaml", "nothing carries clause %s", c.ID)
		}
	}
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
		rows = append(rows, TraceRow{ID: c.ID, Carried: len(by[c.ID]) > 0, By: orNone(by[c.ID]), Tests: orNone(tests[c.ID]), Note: notes[c.ID]})
	}
	return rows
}

func orNone(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

// Change is one difference between two books.
type Change struct {
	What   string `json:"what"` // added, removed, changed
	Kind   string `json:"kind"` // clause, or a campaign's step, field, option, outcome, ending
	ID     string `json:"id"`
	Clause string `json:"clause,omitempty"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// Diff says what changed from one book to another: texts of clauses, what is asked and offered, and every ending.
func Diff(a, b *Book) []Change {
	before, after := a.said(), b.said()
	var changes []Change
	for _, key := range slices.Sorted(maps.Keys(before)) {
		was, is := before[key], after[key]
		switch {
		case is.text == "":
			changes = append(changes, Change{What: "removed", Kind: was.kind, ID: was.id, Clause: was.clause, Before: was.text})
		case is.text != was.text:
			changes = append(changes, Change{What: "changed", Kind: was.kind, ID: was.id, Clause: is.clause, Before: was.text, After: is.text})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(after)) {
		if before[key].text == "" {
			is := after[key]
			changes = append(changes, Change{What: "added", Kind: is.kind, ID: is.id, Clause: is.clause, After: is.text})
		}
	}
	return changes
}

type saying struct{ kind, id, clause, text string }

// said lists everything a book says that a reader would call a change.
func (b *Book) said() map[string]saying {
	all := map[string]saying{}
	add := func(kind, id, clause, text string) { all[kind+" "+id] = saying{kind, id, clause, text} }
	for _, c := range b.Clauses {
		add("clause", c.ID, c.ID, c.Text)
	}
	for _, p := range b.Procedures {
		for _, s := range p.Steps {
			add("step", p.Code+"/"+s.ID, first(s.Clauses), s.Title.ID+" | "+strings.Join(s.Fields, " "))
		}
		for _, f := range p.Fields {
			add("field", p.Code+"/"+f.ID, f.Clause(), f.Type+" | "+f.Label.ID)
			for _, o := range f.Options {
				add("option", p.Code+"/"+f.ID+"="+o.ID, o.Clause(), o.Label.ID+" | "+strings.Join(o.Means, " "))
			}
		}
		for _, e := range Endings(p) {
			from, to, _ := strings.Cut(e, " -> ")
			add("ending", p.Code+": "+from, "", to)
		}
	}
	return all
}
