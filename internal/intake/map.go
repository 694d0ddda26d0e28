package intake

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"sapa/internal/fault"
)

// Map says which column of a file is which part of a ticket (docs/maps/README.md).
type Map struct {
	Campaign  string // "" or the campaign it is made for
	Encoding  string // "": told by the file's first bytes, else UTF-8
	Delimiter rune   // 0: told by the file's first line
	NoHeader  bool   // columns have numbers only
	Sheet     string // of a workbook; "": the first one
	Only      []only
	Incidents bool // the rows are trouble tickets of the other side
	kind      string
	parts     []part
}

// only keeps the rows whose column has one of the values.
type only struct {
	column column
	values []string
}

// column is one column of the file: by its heading, or by its number from 1.
type column struct {
	name   string
	number int
}

func (c column) String() string {
	if c.name != "" {
		return c.name
	}
	return strconv.Itoa(c.number)
}

// part says where one part of the ticket comes from.
type part struct {
	name    string // ref, phone, ... or fields.NAME
	columns []column
	join    string
	fixed   string // const
	made    string // test-number, test-phone, test-name
	prefix  string
	digest  bool // ref: of the columns' values, or of the whole row
	restore bool // phone: put the 0 back that a spreadsheet took
	layouts []string
	zone    *time.Location
	values  map[string]string // what stands in the file -> what it means
}

// parts of a ticket that a map may fill; times have layouts.
var (
	partNames = []string{"ref", "service_no", "contact_name", "phone", "other_phone", "note", "criterion", "zone", "opened_at", "requested_at"}
	timeParts = []string{"opened_at", "requested_at"}
	makes     = map[string]string{"test-number": "service_no", "test-phone": "phone", "test-name": "contact_name"}
)

const (
	mapMax     = 64 << 10 // bytes
	mapColumns = 500
)

// ReadMap reads a map strictly: what it does not know it refuses, with the line.
func ReadMap(text []byte) (*Map, error) {
	if len(text) > mapMax {
		return nil, wrong(1, "intake.map-long", "max", mapMax)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var doc, second yaml.Node
	switch err := decoder.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil, wrong(1, "intake.map-empty")
	case err != nil:
		line, cause := yamlSays(err)
		return nil, wrong(line, "intake.map-yaml", "cause", cause)
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, wrong(max(second.Line, 1), "intake.map-second")
	}
	if err := plain(&doc, 0); err != nil {
		return nil, err
	}
	m := &Map{}
	err := each(doc.Content[0], func(key string, v *yaml.Node) error { return m.set(key, v) })
	if err == nil && len(m.parts) == 0 {
		err = wrong(1, "intake.map-parts")
	}
	switch {
	case err != nil:
	case m.kind != "" && m.Incidents != (m.kind == "incidents"):
		err = wrong(1, "intake.map-kind", "kind", m.kind)
	case m.Incidents && m.part("no") == nil:
		err = wrong(1, "intake.map-no")
	case !m.Incidents && m.part("ref") == nil:
		err = wrong(1, "intake.map-ref")
	}
	if err != nil {
		return nil, err
	}
	return m, nil
}

func wrong(line int, key string, values ...any) *fault.Error {
	return fault.New(fault.Invalid, key, append(values, "line", line)...)
}

// yamlSays takes the YAML reader's words apart: "yaml: line 3: did not find ...".
func yamlSays(err error) (line int, cause string) {
	cause = strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(cause, "line "); ok {
		digits, said, _ := strings.Cut(rest, ": ")
		if n, err := strconv.Atoi(digits); err == nil {
			return n, said
		}
	}
	return 1, cause
}

// plain refuses aliases (their bombs grow without end), doubled keys and depth, everywhere in the tree.
func plain(n *yaml.Node, depth int) error {
	switch {
	case depth > 8:
		return wrong(n.Line, "intake.map-deep")
	case n.Kind == yaml.AliasNode, n.Anchor != "":
		return wrong(n.Line, "intake.map-alias")
	}
	seen := map[string]bool{}
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			if seen[child.Value] {
				return wrong(child.Line, "intake.map-twice", "key", child.Value)
			}
			seen[child.Value] = true
		}
		if err := plain(child, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func each(n *yaml.Node, do func(key string, v *yaml.Node) error) error {
	if n.Kind != yaml.MappingNode {
		return wrong(n.Line, "intake.map-pairs")
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Kind != yaml.ScalarNode {
			return wrong(n.Content[i].Line, "intake.map-pairs")
		}
		if err := do(n.Content[i].Value, n.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func text(n *yaml.Node) (string, error) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return "", wrong(n.Line, "intake.map-text")
	}
	return n.Value, nil
}

func texts(n *yaml.Node) ([]string, error) {
	if n.Kind == yaml.ScalarNode {
		one, err := text(n)
		return []string{one}, err
	}
	var all []string
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		return nil, wrong(n.Line, "intake.map-text")
	}
	for _, child := range n.Content {
		one, err := text(child)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// bool reads true or false as YAML 1.2 has them: not yes, not on.
func truth(n *yaml.Node) (bool, error) {
	switch {
	case n.Kind == yaml.ScalarNode && n.Value == "true":
		return true, nil
	case n.Kind == yaml.ScalarNode && n.Value == "false":
		return false, nil
	}
	return false, wrong(n.Line, "intake.map-bool")
}

func columns(n *yaml.Node) ([]column, error) {
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		nodes = n.Content
	}
	if len(nodes) == 0 || len(nodes) > mapColumns {
		return nil, wrong(n.Line, "intake.map-text")
	}
	var all []column
	for _, one := range nodes {
		s, err := text(one)
		if err != nil {
			return nil, err
		}
		if one.Tag != "!!int" {
			all = append(all, column{name: strings.TrimSpace(s)})
			continue
		}
		number, err := strconv.Atoi(s)
		if err != nil || number < 1 || number > widest {
			return nil, wrong(one.Line, "intake.map-number", "max", widest)
		}
		all = append(all, column{number: number})
	}
	return all, nil
}

// set takes one entry of the map's top level.
func (m *Map) set(key string, v *yaml.Node) (err error) {
	switch key {
	case "campaign":
		m.Campaign, err = text(v)
	case "encoding":
		if m.Encoding, err = text(v); err == nil && !slices.Contains(encodingNames, m.Encoding) {
			err = wrong(v.Line, "intake.map-encoding", "encoding", m.Encoding, "known", strings.Join(encodingNames, ", "))
		}
	case "delimiter":
		var s string
		if s, err = text(v); err == nil {
			if s == "tab" {
				s = "\t"
			}
			m.Delimiter, _ = utf8.DecodeRuneInString(s)
			if len(s) != 1 || strings.ContainsAny(s, "\"\r\n\x00") {
				err = wrong(v.Line, "intake.map-delimiter")
			}
		}
	case "header":
		var header bool
		header, err = truth(v)
		m.NoHeader = !header
	case "sheet":
		m.Sheet, err = text(v)
	case "only":
		err = each(v, func(name string, v *yaml.Node) error {
			values, err := texts(v)
			m.Only = append(m.Only, only{column{name: name}, values})
			return err
		})
	case "kind":
		if m.kind, err = text(v); err == nil && m.kind != "tickets" && m.kind != "incidents" {
			err = wrong(v.Line, "intake.map-kind", "kind", m.kind)
		}
	case "ticket", "incident":
		if len(m.parts) > 0 { // both
			return wrong(v.Line, "intake.map-kind", "kind", key)
		}
		if m.Incidents = key == "incident"; m.Incidents {
			return each(v, func(name string, v *yaml.Node) error {
				if !slices.Contains(incidentParts, name) {
					return wrong(v.Line, "intake.map-key", "key", name, "known", strings.Join(incidentParts, ", "))
				}
				return m.add(name, v)
			})
		}
		err = each(v, func(name string, v *yaml.Node) error { return m.ticket(name, v) })
	default:
		err = wrong(v.Line, "intake.map-key", "key", key, "known", "campaign, kind, encoding, delimiter, header, sheet, only, ticket, incident")
	}
	return err
}

func (m *Map) ticket(name string, v *yaml.Node) error {
	if name == "fields" {
		return each(v, func(name string, v *yaml.Node) error { return m.add("fields."+name, v) })
	}
	if !slices.Contains(partNames, name) {
		return wrong(v.Line, "intake.map-key", "key", name, "known", strings.Join(partNames, ", ")+", fields")
	}
	return m.add(name, v)
}

// add takes one part of the ticket; a bare value names its column.
func (m *Map) add(name string, v *yaml.Node) error {
	p := part{name: name, join: " "}
	if name == "note" || name == "description" || name == "update" || name == "client_note" {
		p.join = "\n"
	}
	var err error
	if v.Kind != yaml.MappingNode {
		p.columns, err = columns(v)
	} else {
		err = each(v, func(key string, v *yaml.Node) error { return p.set(key, v) })
	}
	if err != nil {
		return err
	}
	if err := p.check(v.Line); err != nil {
		return err
	}
	m.parts = append(m.parts, p)
	return nil
}

func (p *part) set(key string, v *yaml.Node) (err error) {
	switch key {
	case "column", "columns":
		p.columns, err = columns(v)
	case "join":
		p.join, err = text(v)
	case "const":
		p.fixed, err = text(v)
	case "make":
		if p.made, err = text(v); err == nil && makes[p.made] != p.name {
			err = wrong(v.Line, "intake.map-make", "make", p.made, "part", p.name)
		}
	case "prefix":
		p.prefix, err = text(v)
	case "digest":
		p.digest, err = truth(v)
	case "restore-zero":
		p.restore, err = truth(v)
	case "layout":
		var all []string
		if all, err = texts(v); err == nil {
			for _, s := range all {
				layout, ok := goLayout(s)
				if !ok {
					return wrong(v.Line, "intake.map-layout", "layout", s)
				}
				p.layouts = append(p.layouts, layout)
			}
		}
	case "zone":
		var s string
		if s, err = text(v); err == nil {
			if p.zone, err = time.LoadLocation(s); err != nil || s == "" || s == "Local" {
				err = wrong(v.Line, "intake.map-zone", "zone", s)
			}
		}
	case "values":
		p.values = map[string]string{}
		err = each(v, func(from string, v *yaml.Node) (err error) { p.values[from], err = text(v); return err })
	default:
		err = wrong(v.Line, "intake.map-key", "key", key, "known", "column, columns, join, const, make, prefix, digest, restore-zero, layout, zone, values")
	}
	return err
}

// check refuses what does not go together.
func (p *part) check(line int) error {
	isTime := slices.Contains(timeParts, p.name) || slices.Contains(incidentTimes, p.name)
	sources := 0
	for _, given := range []bool{len(p.columns) > 0 || p.digest, p.fixed != "", p.made != ""} {
		if given {
			sources++
		}
	}
	isPhone := p.name == "phone" || p.name == "other_phone"
	switch {
	case sources != 1:
		return wrong(line, "intake.map-source", "part", p.name)
	case p.digest && p.name != "ref", p.restore && !isPhone, p.zone != nil && !isTime, len(p.layouts) > 0 && !isTime, p.prefix != "" && p.name != "ref" && p.name != "no":
		return wrong(line, "intake.map-unfit", "part", p.name)
	case (p.name == "ref" || p.name == "no") && p.fixed != "":
		return wrong(line, "intake.map-ref-const")
	}
	return nil
}

func (m *Map) part(name string) *part {
	for i := range m.parts {
		if m.parts[i].name == name {
			return &m.parts[i]
		}
	}
	return nil
}

// plainMap is the map of a file whose headings are the parts' own names.
func plainMap(header []string) (*Map, error) {
	m := &Map{}
	for _, name := range header {
		name = strings.TrimSpace(name)
		if !slices.Contains(partNames, name) && (!strings.HasPrefix(name, "fields.") || name == "fields.") {
			return nil, fault.New(fault.Invalid, "intake.no-map", "column", name, "known", strings.Join(partNames, ", ")).At(name, "")
		}
		m.parts = append(m.parts, part{name: name, columns: []column{{name: name}}, join: " "})
	}
	if m.part("ref") == nil {
		return nil, fault.New(fault.Invalid, "intake.no-column", "column", "ref", "found", strings.Join(header, ", ")).At("ref", "")
	}
	return m, nil
}
