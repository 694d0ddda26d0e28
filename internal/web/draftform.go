package web

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"sapa/internal/procedure"
	"sapa/internal/revise"
)

// draftForm is one change that a person can make by filling in fields; it becomes an edit of the files.
type draftForm struct {
	ID     string // within its page
	Title  string
	Edit   revise.Edit // what is fixed: act, file, part
	Inputs []draftInput
	Submit string
	Clause string // add: the clause under which a new clause is written for it; "": none
	Named  string // add: how the new part's id is made of its label: "_" or "-"
}

// draftInput is one value of a form.
type draftInput struct {
	Key   string
	Kind  string // line, long, both (Indonesian and English), pick, ticks, clauses, cond
	Value string
	EN    string
	Picks []draftPick
	Rows  []condRow // cond: in closed form
	Open  bool      // cond: it has another form than rows can show and is shown as it is written
}

type draftPick struct {
	Value, Label string
	On           bool
}

// condRow is one field or fact that a condition may ask, with its values.
type condRow struct {
	ID, Label string
	Picks     []draftPick
}

// draftItem is one of a list of parts, with what can be done to it at once.
type draftItem struct {
	Label, More, Href string
	Clause            string
	Up, Down, Gone    *draftForm
}

type draftList struct {
	Title string
	Items []draftItem
}

// typed lays what a refused form held over its inputs.
func (f *draftForm) typed(form url.Values) {
	for i := range f.Inputs {
		in := &f.Inputs[i]
		in.Value, in.EN = in.said(form)
		for j := range in.Picks {
			in.Picks[j].On = slices.Contains(form["put."+in.Key], in.Picks[j].Value) || in.Kind == "pick" && in.Picks[j].Value == in.Value
		}
		for r := range in.Rows {
			for j := range in.Rows[r].Picks {
				in.Rows[r].Picks[j].On = slices.Contains(form["if."+in.Key+"."+in.Rows[r].ID], in.Rows[r].Picks[j].Value)
			}
		}
	}
}

// said is the value that a filled form gives an input, as the edit takes it.
func (in draftInput) said(form url.Values) (value, en string) {
	switch {
	case in.Kind == "cond" && !in.Open:
		return in.closed(form), ""
	case in.Kind == "ticks":
		return strings.Join(form["put."+in.Key], " "), ""
	}
	value = strings.TrimSpace(strings.ReplaceAll(form.Get("put."+in.Key), "\r\n", "\n"))
	if in.Kind == "both" {
		if en = strings.TrimSpace(form.Get("put." + in.Key + ".en")); en == value {
			en = ""
		}
	}
	if in.Kind == "long" || in.Kind == "both" || in.Kind == "line" {
		value = strings.Join(strings.Fields(value), " ")
	}
	return value, en
}

// closed writes the ticked rows of a condition: each field is one of what is ticked, all of them hold.
func (in draftInput) closed(form url.Values) string {
	var parts []string
	for _, row := range in.Rows {
		var values []string
		for _, p := range row.Picks {
			if slices.Contains(form["if."+in.Key+"."+row.ID], p.Value) {
				values = append(values, plainWord(p.Value))
			}
		}
		switch len(values) {
		case 0:
		case 1:
			parts = append(parts, row.ID+": "+values[0])
		default:
			parts = append(parts, row.ID+": ["+strings.Join(values, ", ")+"]")
		}
	}
	if in.Key == "required" && len(parts) == 0 {
		return form.Get("need." + in.Key)
	}
	return strings.Join(parts, ", ")
}

// plainWord writes a value so that YAML reads a word and not a yes or a number.
func plainWord(v string) string {
	if v == "yes" || v == "no" || v == "true" || v == "false" || strings.Trim(v, "0123456789.") == "" {
		return `"` + v + `"`
	}
	return v
}

// edit makes the edit of a filled form: what was not changed is left out of a set.
func (f draftForm) edit(form url.Values) (e revise.Edit, changed bool) {
	e = f.Edit
	e.Put = slices.Clone(e.Put)
	for _, in := range f.Inputs {
		value, en := in.said(form)
		if e.Do == "set" && value == in.now() && en == in.EN {
			continue
		}
		if e.Do == "add" && value == "" {
			continue
		}
		e.Put = append(e.Put, revise.Put{Key: in.Key, Value: value, EN: en})
		changed = true
	}
	return e, changed || len(f.Inputs) == 0
}

// now is the value an input begins with, as said gives it.
func (in draftInput) now() string {
	switch {
	case in.Kind == "cond" && !in.Open:
		form := url.Values{"need." + in.Key: {in.Value}}
		for _, row := range in.Rows {
			for _, p := range row.Picks {
				if p.On {
					form.Add("if."+in.Key+"."+row.ID, p.Value)
				}
			}
		}
		return in.closed(form)
	case in.Kind == "ticks":
		var on []string
		for _, p := range in.Picks {
			if p.On {
				on = append(on, p.Value)
			}
		}
		return strings.Join(on, " ")
	}
	return strings.Join(strings.Fields(in.Value), " ")
}

// slug makes a name of a label: "Ragu, minta waktu" with "-" is ragu-minta-waktu.
func slug(label, between string) string {
	words := strings.FieldsFunc(strings.ToLower(label), func(r rune) bool { return r > unicode.MaxASCII || !(unicode.IsLetter(r) || unicode.IsDigit(r)) })
	if len(words) > 5 {
		words = words[:5]
	}
	name := strings.Join(words, between)
	if between == "_" && name != "" && unicode.IsDigit(rune(name[0])) {
		name = "f_" + name
	}
	return name
}

// condText writes a condition as the files do.
func condText(c procedure.Cond) string {
	var parts []string
	switch {
	case c.Never:
		return "false"
	case c.Field != "":
		values := make([]string, len(c.Values))
		for i, v := range c.Values {
			values[i] = plainWord(v)
		}
		if len(values) == 1 {
			parts = append(parts, c.Field+": "+values[0])
		} else {
			parts = append(parts, c.Field+": ["+strings.Join(values, ", ")+"]")
		}
	}
	for _, list := range []struct {
		name string
		of   []procedure.Cond
	}{{"all", c.All}, {"any", c.Any}} {
		if len(list.of) > 0 {
			var each []string
			for _, one := range list.of {
				each = append(each, "{"+condText(one)+"}")
			}
			parts = append(parts, list.name+": ["+strings.Join(each, ", ")+"]")
		}
	}
	if c.Not != nil {
		parts = append(parts, "not: {"+condText(*c.Not)+"}")
	}
	return strings.Join(parts, ", ")
}

// asRows gives the comparisons of a condition that is nothing but fields which are each one of some values; false for another.
func asRows(c procedure.Cond) (map[string][]string, bool) {
	rows := map[string][]string{}
	add := func(one procedure.Cond) bool {
		if one.Field == "" || len(one.All)+len(one.Any) > 0 || one.Not != nil || one.Never || rows[one.Field] != nil {
			return false
		}
		rows[one.Field] = one.Values
		return true
	}
	switch {
	case c.Field == "" && len(c.All) == 0 && len(c.Any) == 0 && c.Not == nil:
		return rows, true
	case len(c.All) > 0 && c.Field == "" && len(c.Any) == 0 && c.Not == nil:
		for _, one := range c.All {
			if !add(one) {
				return nil, false
			}
		}
		return rows, true
	}
	return rows, add(c)
}
