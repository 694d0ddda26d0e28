package procedure

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Mapping says what becomes of answers that were given under an older revision when they are moved to this one on purpose.
// A revision without one takes no open work over.
type Mapping struct {
	From int // the revision it maps from
	Rows []MappingRow
	at   place
}

// MappingRow is one field of a campaign (or act) under its old name, or one option of it: its new name, or that it is gone and what
// is asked instead.
type MappingRow struct {
	Campaign, Field, Option string
	To                      string
	Gone                    bool
	Ask                     string // gone: the field that is asked instead; "" for none
	Clause                  string
	at                      place
}

// openMapping opens mapping.yaml where a revision has one.
func (r *reader) openMapping(fsys fs.FS, dir string, own map[string]node) {
	name := path.Join(dir, "mapping.yaml")
	if _, err := fs.Stat(fsys, name); err != nil {
		return
	}
	if n, ok := r.open(fsys, name); ok {
		own["mapping.yaml"] = n
	}
}

func (r *reader) mapping(n node, b *Book) {
	m := &Mapping{at: n.place()}
	b.Mapping = m
	r.keys(n, map[string]func(node){
		"from": r.num(&m.From),
		"moves": r.list(func(n node) {
			row := grow(&m.Rows)
			row.at = n.place()
			r.keys(n, map[string]func(node){"campaign": r.str(&row.Campaign), "field": r.str(&row.Field), "option": r.str(&row.Option),
				"to": r.str(&row.To), "gone": r.yes(&row.Gone), "ask": r.str(&row.Ask), "clause": r.str(&row.Clause)})
		}),
	})
}

// checkMapping holds the mapping against this revision; what it says of the older one is CheckMapping's.
func (r *reader) checkMapping(b *Book) {
	m := b.Mapping
	if m == nil {
		return
	}
	if m.From <= 0 || m.From >= b.Document.Revision {
		r.wrong(m.at, "mapping-from", "from", strconv.Itoa(m.From), "revision", strconv.Itoa(b.Document.Revision))
	}
	seen := map[string]bool{}
	for _, row := range m.Rows {
		if key := row.Campaign + "/" + row.Field + "/" + row.Option; seen[key] {
			r.wrong(row.at, "double-name", "what", "mapping of "+row.what())
		} else {
			seen[key] = true
		}
		p := b.any(row.Campaign)
		switch {
		case row.Campaign == "" || row.Field == "" || row.Gone == (row.To != ""):
			r.wrong(row.at, "mapping-row", "what", row.what())
			continue
		case p == nil:
			r.wrong(row.at, "mapping-to", "what", row.what(), "to", row.Campaign)
			continue
		}
		if row.Clause != "" {
			r.cited(b, row.at, []string{row.Clause}, "mapping of "+row.what())
		}
		if row.Gone {
			if row.Ask != "" && p.Field(row.Ask) == nil {
				r.wrong(row.at, "mapping-to", "what", row.what(), "to", row.Ask)
			}
			continue
		}
		f := p.Field(row.To)
		if row.Option != "" {
			f = p.Field(m.fieldOf(row.Campaign, row.Field))
		}
		if f == nil || row.Option != "" && f.option(row.To) == nil {
			r.wrong(row.at, "mapping-to", "what", row.what(), "to", row.To)
		}
	}
}

func (row MappingRow) what() string {
	if row.Option != "" {
		return row.Campaign + " option " + row.Option + " of " + row.Field
	}
	return row.Campaign + " field " + row.Field
}

// CheckMapping holds a book's mapping against the revision it maps from: it names only what was there, and all that has gone
// from it is named, or answers would be lost without a word.
func CheckMapping(from, to *Book) []Problem {
	m := to.Mapping
	if m == nil || from == nil || m.From != from.Document.Revision {
		return nil
	}
	r := &reader{}
	for _, row := range m.Rows {
		p := from.any(row.Campaign)
		if p == nil || p.Field(row.Field) == nil || row.Option != "" && p.Field(row.Field).option(row.Option) == nil {
			r.wrong(row.at, "mapping-was", "what", row.what(), "from", strconv.Itoa(m.From))
		}
	}
	for _, row := range Unmapped(from, to) {
		r.wrong(m.at, "mapping-gone", "what", row.what(), "revision", strconv.Itoa(to.Document.Revision))
	}
	return inOrder(r.problems)
}

// Unmapped lists the fields and options of an older book that a newer one has no more and whose answers its mapping does not speak
// of, each with the clause it stood at. Without a mapping from the older book that is all that has gone.
func Unmapped(from, to *Book) (open []MappingRow) {
	m := to.Mapping
	if m == nil || m.From != from.Document.Revision {
		m = &Mapping{}
	}
	for _, old := range from.all() {
		p := to.any(old.Code)
		if p == nil {
			continue // the campaign itself has gone: its open work stays where it is
		}
		for i := range old.Fields {
			f := &old.Fields[i]
			row := m.Row(old.Code, f.ID, "")
			now := p.Field(m.fieldOf(old.Code, f.ID))
			if now == nil && row == nil {
				open = append(open, MappingRow{Campaign: old.Code, Field: f.ID, Clause: f.Clause()})
			}
			if now == nil || row != nil && row.Gone {
				continue
			}
			for _, o := range f.Options {
				if now.option(o.ID) == nil && m.Row(old.Code, f.ID, o.ID) == nil {
					open = append(open, MappingRow{Campaign: old.Code, Field: f.ID, Option: o.ID, Clause: o.Clause()})
				}
			}
		}
	}
	return open
}

// Row gives what the mapping says of a field, or of one of its options, under its old name; nil where it says nothing.
func (m *Mapping) Row(campaign, field, option string) *MappingRow {
	i := slices.IndexFunc(m.Rows, func(r MappingRow) bool {
		return r.Campaign == campaign && r.Field == field && r.Option == option
	})
	if i < 0 {
		return nil
	}
	return &m.Rows[i]
}

// fieldOf gives the new name of an old field; "" when it is gone.
func (m *Mapping) fieldOf(campaign, field string) string {
	switch row := m.Row(campaign, field, ""); {
	case row == nil:
		return field
	default:
		return row.To
	}
}

// any gives a campaign or act by its code.
func (b *Book) any(code string) *Procedure {
	if p := b.Procedure(code); p != nil {
		return p
	}
	return b.Act(code)
}

func (f *Field) option(id string) *Option {
	for i := range f.Options {
		if f.Options[i].ID == id {
			return &f.Options[i]
		}
	}
	return nil
}

// Moved is what becomes of one answer. What: kept, renamed, dropped.
type Moved struct {
	Field, Value string // as they were
	To, ToValue  string // as they are; "" when dropped
	What         string
	Ask          string // dropped: the field that is asked instead
	Clause       string // of the field, or of the mapping's own row
	Label        Text   // of the field as it was
	Was, Is      Text   // of the value; an option's label
}

// Move takes the answers of a campaign from one revision to the next by its mapping, and says what becomes of each. An answer
// that the new revision does not ask for any more, or has no such choice for, is dropped. It does not settle them: under the
// facts of the turn, View does.
func (m *Mapping) Move(from, to *Procedure, given Answers) (Answers, []Moved) {
	out := Answers{}
	var moved []Moved
	for i := range from.Fields {
		f := &from.Fields[i]
		value, there := given[f.ID]
		if !there || value == "" {
			continue
		}
		one := Moved{Field: f.ID, Value: value, To: m.fieldOf(from.Code, f.ID), ToValue: value, What: "kept", Clause: f.Clause(), Label: f.Label, Was: labelOf(f, value)}
		if row := m.Row(from.Code, f.ID, ""); row != nil {
			one.Ask, one.Clause = row.Ask, cmp.Or(row.Clause, one.Clause)
		}
		if row := m.Row(from.Code, f.ID, value); row != nil && f.Type == "choice" {
			one.ToValue, one.Ask, one.Clause = row.To, row.Ask, cmp.Or(row.Clause, one.Clause)
		}
		now := to.Field(one.To)
		if f.Type == "check" {
			one.ToValue = m.ticks(from.Code, f, value)
		}
		switch {
		case now == nil || one.ToValue == "" || now.Type != f.Type || now.Type == "choice" && now.option(one.ToValue) == nil:
			one.What, one.To, one.ToValue = "dropped", "", ""
		case one.To != f.ID || one.ToValue != value:
			one.What = "renamed"
			fallthrough
		default:
			out[one.To] = one.ToValue
			one.Is = labelOf(now, one.ToValue)
		}
		moved = append(moved, one)
	}
	return out, moved
}

// ticks maps what was ticked; what has gone is ticked no more.
func (m *Mapping) ticks(campaign string, f *Field, value string) string {
	var now []string
	for _, id := range ticks(value) {
		if row := m.Row(campaign, f.ID, id); row != nil {
			id = row.To
		}
		if id != "" {
			now = append(now, id)
		}
	}
	return strings.Join(now, ",")
}

func labelOf(f *Field, value string) Text {
	if o := f.option(value); o != nil && f.Type == "choice" {
		return o.Label
	}
	return Text{ID: value, EN: value}
}
