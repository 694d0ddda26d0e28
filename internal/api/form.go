package api

import (
	"bytes"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/fault"
)

// form takes the fields of a body one by one. The first thing wrong is kept and told by done, which also refuses fields
// that nobody asked for: a field spelled wrong must not be a field left out.
type form struct {
	body  []byte
	node  *node
	path  string
	asked map[string]bool
	err   *error // shared with the forms inside
}

// newForm reads a body that has to be one JSON object; nothing at all is the empty one.
func newForm(body []byte) (*form, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		body = []byte("{}")
	}
	n, err := parse(body)
	if err != nil {
		return nil, err
	}
	var none error
	f := &form{body: body, node: n, asked: map[string]bool{}, err: &none}
	if n.kind != "object" {
		return nil, place(fault.New(fault.Invalid, "api.type", "want", "object", "got", n.kind), body, n.at, "")
	}
	return f, nil
}

// done gives the first thing that was wrong, the unknown fields included.
func (f *form) done() error {
	f.unknown()
	return *f.err
}

func (f *form) unknown() {
	for _, key := range f.node.keys {
		if !f.asked[key] {
			f.fail(fault.New(fault.Invalid, "api.unknown-field"), f.node.members[key], join(f.path, key))
		}
	}
}

func (f *form) fail(e *fault.Error, n *node, path string) {
	if *f.err == nil {
		*f.err = place(e, f.body, n.at, path)
	}
}

// get finds a field; nil when it is not there or null.
func (f *form) get(key, kind string) *node {
	f.asked[key] = true
	n := f.node.members[key]
	if n == nil || n.kind == "null" {
		return nil
	}
	if n.kind != kind {
		f.fail(fault.New(fault.Invalid, "api.type", "want", kind, "got", n.kind), n, join(f.path, key))
		return nil
	}
	return n
}

// text takes a text of at most so many characters; "" when it is not there.
func (f *form) text(key string, most int) string {
	n := f.get(key, "text")
	if n == nil {
		return ""
	}
	if utf8.RuneCountInString(n.text) > most {
		f.fail(fault.New(fault.Invalid, "api.too-long", "max", most), n, join(f.path, key))
	}
	return n.text
}

// needed is text that has to be there.
func (f *form) needed(key string, most int) string {
	s := f.text(key, most)
	if s == "" {
		f.fail(fault.New(fault.Invalid, "api.needed"), f.node, join(f.path, key))
	}
	return s
}

// either takes a text that goes by two names.
func (f *form) either(key, other string, most int) string {
	first, second := f.text(key, most), f.text(other, most)
	if first == "" {
		return second
	}
	return first
}

// whole takes a whole number between bounds; least when it is not there.
func (f *form) whole(key string, least, most int) int {
	n := f.get(key, "number")
	if n == nil {
		return least
	}
	v, err := strconv.Atoi(n.text)
	if err != nil || v < least || v > most {
		f.fail(fault.New(fault.Invalid, "api.number", "min", least, "max", most), n, join(f.path, key))
		return least
	}
	return v
}

// version takes a whole number from 0 up; 0 when it is not there.
func (f *form) version(key string) int64 { return int64(f.whole(key, 0, math.MaxInt)) }

// neededVersion is a version that has to be there.
func (f *form) neededVersion(key string) int64 {
	v := f.version(key)
	if f.get(key, "number") == nil {
		f.fail(fault.New(fault.Invalid, "api.needed"), f.node, join(f.path, key))
	}
	return v
}

// moment takes a time as RFC 3339 with offset; zero when it is not there.
func (f *form) moment(key string) time.Time {
	n := f.get(key, "text")
	if n == nil {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, n.text)
	if err != nil || t.Year() < 1971 || t.Year() > 2200 {
		f.fail(fault.New(fault.Invalid, "api.time"), n, join(f.path, key))
		return time.Time{}
	}
	return t.UTC()
}

// inner takes an object; an empty one when it is not there. Call its unknown after the last field was taken.
func (f *form) inner(key string) *form {
	n := f.get(key, "object")
	if n == nil {
		n = &node{at: f.node.at, kind: "object"}
	}
	return &form{body: f.body, node: n, path: join(f.path, key), asked: map[string]bool{}, err: f.err}
}

// texts takes an object whose values are all text, as answers are.
func (f *form) texts(key string, mostFields, mostText int) map[string]string {
	in := f.inner(key)
	if len(in.node.keys) > mostFields {
		f.fail(fault.New(fault.Invalid, "api.too-many", "max", mostFields), in.node, in.path)
		return nil
	}
	all := make(map[string]string, len(in.node.keys))
	for _, name := range in.node.keys {
		if v := in.node.members[name]; v.kind == "null" {
			f.fail(fault.New(fault.Invalid, "api.type", "want", "text", "got", v.kind), v, join(in.path, name))
		}
		all[name] = in.text(name, mostText)
	}
	return all
}

// words takes a list of texts.
func (f *form) words(key string, mostItems, mostText int) []string {
	n := f.get(key, "list")
	if n == nil {
		return nil
	}
	if len(n.items) > mostItems {
		f.fail(fault.New(fault.Invalid, "api.too-many", "max", mostItems), n, join(f.path, key))
		return nil
	}
	all := make([]string, 0, len(n.items))
	for i, item := range n.items {
		path := join(f.path, key) + "[" + strconv.Itoa(i) + "]"
		switch {
		case item.kind != "text":
			f.fail(fault.New(fault.Invalid, "api.type", "want", "text", "got", item.kind), item, path)
		case utf8.RuneCountInString(item.text) > mostText:
			f.fail(fault.New(fault.Invalid, "api.too-long", "max", mostText), item, path)
		}
		all = append(all, item.text)
	}
	return all
}

// yesNo takes yes or no, also as a JSON truth; "" when it is not there.
func (f *form) yesNo(key string) string {
	if n := f.node.members[key]; n != nil && n.kind == "truth" {
		f.asked[key] = true
		return map[bool]string{true: "yes", false: "no"}[n.truth]
	}
	return f.text(key, longCode)
}

// decimal takes a number; nil when it is not there.
func (f *form) decimal(key string) *float64 {
	n := f.get(key, "number")
	if n == nil {
		return nil
	}
	v, err := strconv.ParseFloat(n.text, 64)
	if err != nil {
		f.fail(fault.New(fault.Invalid, "api.decimal"), n, join(f.path, key))
		return nil
	}
	return &v
}

// list takes a list of objects, each as a form. Call unknown on each after its last field was taken.
func (f *form) list(key string, most int) []*form {
	n := f.get(key, "list")
	if n == nil {
		return nil
	}
	if len(n.items) > most {
		f.fail(fault.New(fault.Invalid, "api.too-many", "max", most), n, join(f.path, key))
		return nil
	}
	all := make([]*form, 0, len(n.items))
	for i, item := range n.items {
		path := join(f.path, key) + "[" + strconv.Itoa(i) + "]"
		if item.kind != "object" {
			f.fail(fault.New(fault.Invalid, "api.type", "want", "object", "got", item.kind), item, path)
			return nil
		}
		all = append(all, &form{body: f.body, node: item, path: path, asked: map[string]bool{}, err: f.err})
	}
	return all
}

// id takes an id as text; 0 when it is not there.
func (f *form) id(key string) db.ID {
	s := f.text(key, longCode)
	id, ok := parseID(s)
	if s != "" && !ok {
		f.fail(fault.New(fault.Invalid, "api.id"), f.node.members[key], join(f.path, key))
	}
	return id
}

// parseID reads an id as JSON and paths carry it.
func parseID(s string) (db.ID, bool) {
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil || v <= 0 || strconv.FormatInt(v, 10) != s {
		return 0, false
	}
	return db.ID(v), true
}
