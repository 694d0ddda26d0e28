package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"sapa/internal/fault"
	"sapa/internal/ticket"
)

// reading turns rows of one table into forms, by a map that was fitted to its heading.
type reading struct {
	m         *Map
	campaign  string
	site      *time.Location
	header    []string
	sheet     bool // a workbook: columns have letters
	since1904 bool
	places    map[column]int // 0-based
}

// Refusal is a row that was not taken: where and why.
type Refusal struct {
	Line   int    // of the text file; the row's number in a workbook
	Column string // heading and place: “HP (C)”; "" when the row as a whole is wrong
	Err    error
}

// fit finds the map's columns in the heading.
func (r *reading) fit() error {
	r.places = map[column]int{}
	var wanted []column
	for _, p := range r.m.parts {
		wanted = append(wanted, p.columns...)
	}
	for _, o := range r.m.Only {
		wanted = append(wanted, o.column)
	}
	for _, c := range wanted {
		i := c.number - 1
		if c.name != "" {
			i = slices.Index(r.header, c.name)
			if i >= 0 && slices.Contains(r.header[i+1:], c.name) {
				return fault.New(fault.Invalid, "intake.column-twice", "column", c.name).At(c.name, "")
			}
		}
		if i < 0 || i >= len(r.header) || c.name != "" && r.m.NoHeader {
			return fault.New(fault.Invalid, "intake.no-column", "column", c.String(), "found", strings.Join(r.header, ", ")).At(c.String(), "")
		}
		r.places[c] = i
	}
	return nil
}

// name says where a column is, for a person who has the file open.
func (r *reading) name(i int) string {
	at := letters(i + 1)
	if r.m.NoHeader {
		return at
	}
	return r.header[i] + " (" + at + ")"
}

func (r *reading) names(columns []column) string {
	var all []string
	for _, c := range columns {
		all = append(all, r.name(r.places[c]))
	}
	return strings.Join(all, ", ")
}

// where finds the column behind a refusal's field.
func (r *reading) where(field string) string {
	name := map[string]string{"contact.phone": "phone", "contact.name": "contact_name"}[field]
	if name == "" {
		name = field
	}
	if p := r.m.part(name); p != nil && len(p.columns) > 0 {
		return r.names(p.columns)
	}
	return field
}

// wanted tells whether the map's only: lets the row in.
func (r *reading) wanted(w row) bool {
	for _, o := range r.m.Only {
		i := r.places[o.column]
		if i >= len(w.cells) || !slices.Contains(o.values, strings.TrimSpace(w.cells[i])) {
			return false
		}
	}
	return true
}

// form makes a row's form and ticket. What is wrong with it is a fault with its field; place says the column when it is
// another than the field's.
func (r *reading) form(w row) (f Form, n ticket.New, place string, err error) {
	if w, err = r.fill(w); err != nil {
		return f, n, "", err
	}
	f = Form{Campaign: r.campaign, Source: "import", Quiet: true, Fields: map[string]string{}}
	for _, p := range r.order() {
		v, i, err := r.value(w, p, f.Ref)
		if err != nil {
			return f, n, r.name(i), err
		}
		if p.made != "" {
			f.Fields["invented"] = strings.TrimPrefix(f.Fields["invented"]+" "+p.name, " ")
		}
		if err := r.put(&f, w, p, v); err != nil {
			return f, n, "", at(err, p.name, "")
		}
	}
	n, err = f.read()
	return f, n, "", err
}

// fill brings a row to the heading's width: a text file's has it, a workbook leaves empty cells out.
func (r *reading) fill(w row) (row, error) {
	if len(w.cells) > len(r.header) {
		for _, extra := range w.cells[len(r.header):] {
			if extra != "" {
				return w, fault.New(fault.Invalid, "intake.ragged", "got", len(w.cells), "want", len(r.header))
			}
		}
		w.cells = w.cells[:len(r.header)]
	}
	if len(w.cells) < len(r.header) {
		if !r.sheet {
			return w, fault.New(fault.Invalid, "intake.ragged", "got", len(w.cells), "want", len(r.header))
		}
		w.cells = append(slices.Clone(w.cells), make([]string, len(r.header)-len(w.cells))...)
	}
	return w, nil
}

// order is the map's parts with the ref first, for what is made is made of it, and the zone before the times.
func (r *reading) order() []*part {
	all := make([]*part, 0, len(r.m.parts))
	for _, first := range []bool{true, false} {
		for i := range r.m.parts {
			if p := &r.m.parts[i]; (p.name == "ref" || p.name == "no" || p.name == "zone") == first {
				all = append(all, p)
			}
		}
	}
	return all
}

// value is a part's text. A fault is about column i.
func (r *reading) value(w row, p *part, ref string) (v string, i int, err error) {
	switch {
	case p.fixed != "":
		return p.fixed, 0, nil
	case p.made != "":
		return made(p.made, ref), 0, nil
	case p.digest && len(p.columns) == 0:
		for i := range w.cells {
			if err := sane(w, i); err != nil {
				return "", i, err
			}
		}
		return p.prefix + digest(w.cells), 0, nil
	}
	cells := make([]string, 0, len(p.columns))
	for _, c := range p.columns {
		i := r.places[c]
		if err := sane(w, i); err != nil {
			return "", i, err
		}
		if cell := strings.TrimSpace(w.cells[i]); cell != "" || p.digest {
			cells = append(cells, cell)
		}
	}
	if p.digest {
		return p.prefix + digest(cells), 0, nil
	}
	v = strings.Join(cells, p.join)
	if p.values != nil && v != "" {
		meant, known := p.values[v]
		if !known {
			return "", r.places[p.columns[0]], fault.New(fault.Invalid, "intake.value", "value", v)
		}
		v = meant
	}
	if v != "" {
		v = p.prefix + v
	}
	return v, 0, nil
}

// sane refuses a cell whose value is nobody's word.
func sane(w row, i int) error {
	switch {
	case w.kind(i) == isFormula:
		return fault.New(fault.Invalid, "intake.formula", "cell", letters(i+1), "row", w.line)
	case w.kind(i) == isError:
		return fault.New(fault.Invalid, "intake.cell-error", "value", w.cells[i])
	case slices.Contains(w.merged, i+1):
		return fault.New(fault.Invalid, "intake.merged", "cell", letters(i+1), "row", w.line)
	}
	return nil
}

// digest is a ref for a row that has none: the same row, the same ref.
func digest(cells []string) string {
	h := sha256.New()
	for _, c := range cells {
		h.Write([]byte(strings.TrimSpace(c)))
		h.Write([]byte{0x1F})
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// put lays a value into the form.
func (r *reading) put(f *Form, w row, p *part, v string) (err error) {
	switch p.name {
	case "ref":
		f.Ref = v
		if v == "" || v == p.prefix {
			err = fault.New(fault.Invalid, "intake.ref")
		}
	case "service_no":
		f.ServiceNo = v
	case "contact_name":
		f.ContactName = v
	case "phone", "other_phone":
		if p.restore && v != "" && v[0] >= '1' && v[0] <= '9' && !strings.HasPrefix(v, "62") {
			v = "0" + v
		}
		if p.name == "phone" {
			f.Phone = v
		} else {
			f.OtherPhone = v
		}
	case "note":
		f.Note = v
	case "criterion":
		f.Criterion = v
	case "zone":
		f.Zone = v
	case "opened_at":
		f.OpenedAt, err = r.time(f, w, p, v)
	case "requested_at":
		f.RequestedAt, err = r.time(f, w, p, v)
	default:
		if v != "" {
			f.Fields[strings.TrimPrefix(p.name, "fields.")] = v
		}
	}
	return err
}

// time reads a time in the part's zone, else the ticket's, else the site's. An empty one is none.
func (r *reading) time(f *Form, w row, p *part, v string) (time.Time, error) {
	if v == "" {
		return time.Time{}, nil
	}
	zone := r.site
	if p.zone != nil {
		zone = p.zone
	} else if f.Zone != "" {
		var err error
		if zone, err = time.LoadLocation(f.Zone); err != nil || f.Zone == "Local" {
			return time.Time{}, fault.New(fault.Invalid, "ticket.zone", "zone", f.Zone)
		}
	}
	numbers := r.sheet && len(p.columns) > 0
	var cells []string
	for _, c := range p.columns {
		i := r.places[c]
		numbers = numbers && w.kind(i) == isNumber
		cells = append(cells, w.cells[i])
	}
	if numbers {
		return serial(cells, r.since1904, zone)
	}
	return moment(v, p.layouts, zone)
}
