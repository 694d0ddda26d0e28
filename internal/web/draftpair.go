package web

import (
	"slices"
	"strings"

	"sapa/internal/document"
	"sapa/internal/procedure"
)

// draftPair is a clause with what stands below it, beside the fields that are made of it.
type draftPair struct {
	ID, Mark string
	Lines    []draftLine
	Cards    []fieldCard
	Parts    []draftPart
	Problems []draftProblem
	Notes    []draftNote
	Comments []document.Comment
	Changed  bool
}

// draftLine is one clause's text with what changed in it.
type draftLine struct {
	ID     string
	Deep   int // 0: the pair's own text
	Pieces []procedure.Piece
	Gloss  string
	Gone   bool
}

// fieldCard is a field as the form has it.
type fieldCard struct {
	Campaign string // code
	Title    string // of the campaign
	Field    procedure.Field
	Depends  string // the fields and facts it hangs on
	Chips    []optionChip
	Mark     string // ins, del, chg, ""
	Step     string
	Shown    bool   // the one that is chosen, whose preview is below
	By       string // what fills it in by itself: line, ticket, ""
}

type optionChip struct {
	ID, Label, Was, Mark string
	Sample               bool
}

// draftPart is something else that rests on a clause: a step, an outcome, a rule.
type draftPart struct{ Kind, Campaign, ID, Title, Mark string }

// pairs are the clauses of the open node, each with what is made of it.
func (p draftData) pairs() (all []draftPair) {
	at := node(p.At)
	var group []string
	by := map[string][]string{}
	for _, id := range p.clauses() {
		if node(id) != at {
			continue
		}
		key := pairOf(id, at)
		if !slices.Contains(group, key) {
			group = append(group, key)
		}
		by[key] = append(by[key], id)
	}
	if at == "A" {
		for _, g := range p.B.Book.Gaps {
			group = append(group, g.ID)
			by[g.ID] = []string{g.ID}
		}
	}
	for _, key := range group {
		all = append(all, p.pair(key, at, by[key]))
	}
	return all
}

// pairOf is the clause that others are shown under: 5.7.8.b.junk.tulalit under 5.7.8.b, doc.code for itself.
func pairOf(id, at string) string {
	if id == at {
		return id
	}
	rest, ok := strings.CutPrefix(id, at+".")
	if !ok {
		return id
	}
	first, _, _ := strings.Cut(rest, ".")
	return at + "." + first
}

func (p draftData) pair(id, at string, clauses []string) draftPair {
	one := draftPair{ID: id, Mark: id}
	if parts := strings.Split(id, "."); len(parts) > 3 {
		one.Mark = strings.Join(parts[2:], ".")
	}
	for _, c := range clauses {
		is, was := p.B.clauseOf(c)
		line := draftLine{ID: c, Deep: strings.Count(c, ".") - strings.Count(id, "."), Gloss: is.Gloss, Gone: is.ID == ""}
		if p.View == "clean" {
			line.Pieces = procedure.Words(is.Text, is.Text)
			if line.Gone {
				continue
			}
		} else {
			line.Pieces = procedure.Words(was.Text, is.Text)
		}
		if c != id && line.Deep < 1 {
			line.Deep = 1
		}
		one.Lines = append(one.Lines, line)
	}
	covered := func(c string) bool { return c != "" && (pairOf(c, at) == id && node(c) == at || c == id) }
	one.Cards, one.Parts = p.made(covered)
	for _, c := range p.B.Changes {
		one.Changed = one.Changed || covered(c.Clause)
	}
	for _, x := range p.B.Problems {
		if covered(x.Clause) {
			one.Problems = append(one.Problems, x)
		}
	}
	for _, n := range p.B.Notes {
		if covered(n.Clause) {
			one.Notes = append(one.Notes, n)
		}
	}
	slices.SortStableFunc(one.Notes, func(a, b draftNote) int { // open ones first
		switch {
		case a.open() == b.open():
			return 0
		case a.open():
			return -1
		}
		return 1
	})
	for _, c := range p.Comments {
		if covered(c.Clause) {
			one.Comments = append(one.Comments, c)
		}
	}
	return one
}

// made lists what the form has of some clauses: fields as cards, the rest as parts. A clause that all campaigns share shows the fields of
// its own section's, else of the first.
func (p draftData) made(covered func(string) bool) (cards []fieldCard, parts []draftPart) {
	any := func(ids []string) bool { return slices.ContainsFunc(ids, covered) }
	seen := map[string]bool{} // a shared field stands once
	books := []*procedure.Book{p.B.Book}
	if p.View != "clean" {
		books = append(books, p.B.Force.Book) // what is gone
	}
	for i, book := range books {
		list := slices.Clone(book.Procedures)
		list = append(list, book.Acts...)
		slices.SortStableFunc(list, func(a, b *procedure.Procedure) int { return nearer(a, p.At) - nearer(b, p.At) })
		for _, one := range list {
			for _, f := range one.Fields {
				of := any(f.Clauses) || slices.ContainsFunc(f.Options, func(o procedure.Option) bool { return any(o.Clauses) })
				if !of || seen[f.ID+"|"+strings.Join(f.Clauses, ",")] {
					continue
				}
				seen[f.ID+"|"+strings.Join(f.Clauses, ",")] = true
				if i == 1 && p.B.Book.Procedure(one.Code) != nil && p.B.Book.Procedure(one.Code).Field(f.ID) != nil {
					continue // it has moved to another clause
				}
				cards = append(cards, p.card(one, f, i == 1))
			}
			if i == 0 {
				parts = append(parts, p.parts(one, any, covered)...)
			}
		}
	}
	return cards, parts
}

// nearer sorts the campaign of the open section before the others.
func nearer(one *procedure.Procedure, at string) int {
	if one.Clause != "" && section(one.Clause) == section(at) && !one.Act {
		return 0
	}
	return 1
}

func (p draftData) parts(one *procedure.Procedure, any func([]string) bool, covered func(string) bool) (parts []draftPart) {
	mark := func(kind, id string) string {
		for _, c := range p.B.Changes {
			if c.Kind == kind && c.ID == id && p.View != "clean" {
				return map[string]string{"added": "ins", "changed": "chg", "removed": "del"}[c.What]
			}
		}
		return ""
	}
	lang := string(p.Lang)
	if covered(one.Clause) {
		parts = append(parts, draftPart{"campaign", one.Code, one.Code, one.Title.In(lang), mark("campaign", one.Code)})
	}
	if !one.Act && covered(one.Queue.Clause) {
		parts = append(parts, draftPart{"queue", one.Code, "", one.Title.In(lang), mark("campaign", one.Code)})
	}
	if covered(one.Save.Clause) {
		parts = append(parts, draftPart{"save", one.Code, "", one.Save.Label, ""})
	}
	if nearer(one, p.At) > 0 && strings.HasPrefix(p.At, "5.") && section(p.At) != "5.2" {
		return parts // steps of another campaign are shown with theirs
	}
	for _, s := range one.Steps {
		if any(s.Clauses) || any(s.Covers) {
			parts = append(parts, draftPart{"step", one.Code, s.ID, s.Title.In(lang), mark("step", one.Code+"/"+s.ID)})
		}
	}
	for _, o := range one.Outcomes {
		if any(o.Clauses) || slices.ContainsFunc(o.Effects, func(e procedure.Effect) bool { return covered(e.Clause) }) {
			parts = append(parts, draftPart{"outcome", one.Code, o.ID, o.Title.In(lang), mark("outcome", one.Code+"/"+o.ID)})
		}
	}
	return parts
}

// card shows a field with its options beside those of the revision in force.
func (p draftData) card(one *procedure.Procedure, f procedure.Field, gone bool) fieldCard {
	lang := string(p.Lang)
	c := fieldCard{Campaign: one.Code, Title: one.Title.In(lang), Field: f, Depends: p.depends(one, f), Shown: p.Campaign == one.Code && p.Field == f.ID}
	for _, s := range one.Steps {
		if slices.Contains(s.Fields, f.ID) {
			c.Step = s.Title.In(lang)
		}
	}
	switch {
	case f.Known != "":
		c.By = "ticket"
	case slices.ContainsFunc(f.Options, func(o procedure.Option) bool { return len(o.Means) > 0 }):
		c.By = "line"
	}
	var was *procedure.Field
	if old := p.procedureOf(p.B.Force.Book, one.Code); old != nil {
		was = old.Field(f.ID)
	}
	if p.View == "clean" {
		was = &f
	}
	changed := func(kind, id string) bool {
		return slices.ContainsFunc(p.B.Changes, func(x procedure.Change) bool { return x.Kind == kind && x.ID == id })
	}
	switch {
	case gone:
		c.Mark = "del"
	case was == nil:
		c.Mark = "ins"
	case p.View != "clean" && changed("field", one.Code+"/"+f.ID):
		c.Mark = "chg"
	}
	for _, o := range f.Options {
		chip := optionChip{ID: o.ID, Label: o.Label.In(lang), Sample: o.Sample}
		old := -1
		if was != nil {
			old = slices.IndexFunc(was.Options, func(x procedure.Option) bool { return x.ID == o.ID })
		}
		switch {
		case gone:
			chip.Mark = "del"
		case old < 0:
			chip.Mark = "ins"
		case p.View != "clean" && changed("option", one.Code+"/"+f.ID+"="+o.ID):
			chip.Mark = "chg"
			if before := was.Options[old].Label.In(lang); before != chip.Label {
				chip.Was = before
			}
		}
		if chip.Mark != "" && c.Mark == "" {
			c.Mark = "chg"
		}
		c.Chips = append(c.Chips, chip)
	}
	if was != nil && !gone {
		for _, o := range was.Options {
			if !slices.ContainsFunc(f.Options, func(x procedure.Option) bool { return x.ID == o.ID }) {
				c.Chips = append(c.Chips, optionChip{ID: o.ID, Label: o.Label.In(lang), Mark: "del"})
				c.Mark = "chg"
			}
		}
	}
	return c
}

// procedureOf gives a campaign or an act of a book.
func (p draftData) procedureOf(b *procedure.Book, code string) *procedure.Procedure {
	if one := b.Procedure(code); one != nil {
		return one
	}
	return b.Act(code)
}

// depends names the fields and facts that a field and its options hang on.
func (p draftData) depends(one *procedure.Procedure, f procedure.Field) string {
	var names []string
	look := func(c procedure.Cond) {
		for _, id := range c.Asks() {
			name := id
			if other := one.Field(id); other != nil {
				name = other.Label.In(string(p.Lang))
			} else if p.has("draft.fact." + id) {
				name = p.T("draft.fact." + id)
			}
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	look(f.When)
	for _, o := range f.Options {
		look(o.When)
	}
	return strings.Join(names, ", ")
}
