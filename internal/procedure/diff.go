package procedure

import (
	"cmp"
	"encoding/json"
	"slices"
)

// Change is one difference between two books.
type Change struct {
	What   string `json:"what"` // added, removed, changed
	Kind   string `json:"kind"` // document, application, clause, open, gap, campaign, step, field, option, outcome, ending
	ID     string `json:"id"`
	Clause string `json:"clause,omitempty"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// Diff says what changed from one book to another: texts, what is asked and offered, and every ending of every campaign.
func Diff(a, b *Book) []Change { return between(a.parts(true), b.parts(true)) }

// DiffParts is Diff without endings, which only a book without problems has, and without the number of the revision: what somebody
// has changed in a draft, which may hold mistakes.
func DiffParts(a, b *Book) []Change { return between(a.parts(false), b.parts(false)) }

func between(before, after map[partKey]part) []Change {
	var changes []Change
	for key, was := range before {
		is, there := after[key]
		switch {
		case !there:
			changes = append(changes, Change{What: "removed", Kind: key.kind, ID: key.id, Clause: was.clause, Before: was.text})
		case is.text != was.text:
			changes = append(changes, Change{What: "changed", Kind: key.kind, ID: key.id, Clause: is.clause, Before: was.text, After: is.text})
		}
	}
	for key, is := range after {
		if _, there := before[key]; !there {
			changes = append(changes, Change{What: "added", Kind: key.kind, ID: key.id, Clause: is.clause, After: is.text})
		}
	}
	slices.SortFunc(changes, func(x, y Change) int { return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.ID, y.ID)) })
	return changes
}

type partKey struct{ kind, id string }

type part struct{ clause, text string }

// parts lists everything a book says that a reader would call a change; whole adds the endings and the revision's number.
func (b *Book) parts(whole bool) map[partKey]part {
	all := map[partKey]part{}
	add := func(kind, id, clause string, v any) { all[partKey{kind, id}] = part{clause, asText(v)} }
	title := b.Document
	title.Applications = nil
	if !whole {
		title.Revision = 0
	}
	add("document", title.Code, "doc.code", title)
	for _, a := range b.Document.Applications {
		add("application", a.ID, a.Clause, a)
	}
	for _, c := range b.Clauses {
		add("clause", c.ID, c.ID, c)
	}
	for _, g := range b.Gaps {
		add("gap", g.ID, g.ID, g)
	}
	for _, o := range b.Open {
		add("open", o.Clause, o.Clause, o)
	}
	for _, p := range b.all() {
		head := *p
		head.Hash, head.Steps, head.Fields, head.Outcomes = "", nil, nil, nil
		if !whole {
			head.Revision = 0
		}
		kind := "campaign"
		if p.Act {
			kind = "act"
		}
		add(kind, p.Code, p.Clause, head)
		for _, s := range p.Steps {
			add("step", p.Code+"/"+s.ID, s.Clause(), s)
		}
		for _, f := range p.Fields {
			for _, o := range f.Options {
				add("option", p.Code+"/"+f.ID+"="+o.ID, o.Clause(), o)
			}
			f.Options = nil
			add("field", p.Code+"/"+f.ID, f.Clause(), f)
		}
		for _, o := range p.Outcomes {
			add("outcome", p.Code+"/"+o.ID, o.Clause(), o)
		}
		if whole {
			for _, e := range Endings(p) {
				add("ending", p.Code+": "+e, p.Clause, e)
			}
		}
	}
	return all
}

// asText gives a value as text that can be compared and read.
func asText(v any) string {
	text, _ := json.Marshal(v) // strings, numbers and lists of them: it cannot fail
	return string(text)
}
