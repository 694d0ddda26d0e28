package procedure

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Problem is one thing wrong with a document, with its place and what would mend it.
type Problem struct {
	File   string
	Line   int
	Class  string // what kind of mistake, for tests and lists
	Text   string // what is wrong
	Remedy string
}

func (p Problem) Error() string {
	return fmt.Sprintf("%s:%d: %s (%s)", p.File, p.Line, p.Text, p.Remedy)
}

// place is where something was said, to name it in a problem.
type place struct {
	file string
	line int
}

// reader reads YAML node by node, strictly: every key must be known, every value of its kind, each mistake with its line.
type reader struct {
	problems []Problem
}

func (r *reader) wrong(at place, class, remedy, format string, args ...any) {
	r.problems = append(r.problems, Problem{File: at.file, Line: at.line, Class: class, Text: fmt.Sprintf(format, args...), Remedy: remedy})
}

// node is a YAML node that knows its file.
type node struct {
	*yaml.Node
	file string
}

func (n node) place() place { return place{n.file, n.Line} }

const fileMax = 4 << 20 // bytes: a work instruction is a few hundred kilobytes

// open reads one file that holds exactly one document without aliases or doubled keys.
func (r *reader) open(fsys fs.FS, name string) (node, bool) {
	at := place{name, 1}
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		r.wrong(at, "file", "put the file there", "cannot be read: %v", err)
		return node{}, false
	}
	if len(data) > fileMax {
		r.wrong(at, "size", "split it", "is larger than %d bytes", fileMax)
		return node{}, false
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	if err := decoder.Decode(&doc); err != nil {
		r.wrong(at, "yaml", "mend the YAML", "is not YAML: %v", err)
		return node{}, false
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		r.wrong(at, "second-document", "keep one document in a file", "has a second YAML document")
		return node{}, false
	}
	n := node{doc.Content[0], name}
	return n, r.plain(n)
}

// plain refuses aliases (their bombs grow without end) and doubled keys, everywhere in the tree.
func (r *reader) plain(n node) bool {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		r.wrong(n.place(), "alias", "write the value out", "anchors and aliases are not used here")
		return false
	}
	ok := true
	seen := map[string]bool{}
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			if seen[c.Value] {
				r.wrong(place{n.file, c.Line}, "double-key", "keep one of them", "key %q stands twice", c.Value)
				ok = false
			}
			seen[c.Value] = true
		}
		ok = r.plain(node{c, n.file}) && ok
	}
	return ok
}

// fields hands each key of a mapping to its reader; a key nobody reads is a mistake.
func (r *reader) fields(n node, known map[string]func(node)) {
	if n.Kind != yaml.MappingNode {
		r.wrong(n.place(), "kind", "write key: value lines", "a mapping is expected here")
		return
	}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], node{n.Content[i+1], n.file}
		if read := known[key.Value]; read != nil {
			read(value)
			continue
		}
		keys := make([]string, 0, len(known))
		for k := range known {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		r.wrong(place{n.file, key.Line}, "unknown-key", "known here: "+strings.Join(keys, ", "), "key %q is not known here", key.Value)
	}
}

// each hands every item of a sequence to a reader.
func (r *reader) each(n node, read func(node)) {
	if n.Kind != yaml.SequenceNode {
		r.wrong(n.place(), "kind", "write a list", "a list is expected here")
		return
	}
	for _, c := range n.Content {
		read(node{c, n.file})
	}
}

func (r *reader) str(to *string) func(node) {
	return func(n node) {
		if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
			r.wrong(n.place(), "kind", "write one value", "a single value is expected here")
			return
		}
		*to = strings.TrimSpace(n.Value)
	}
}

func (r *reader) num(to *int) func(node) {
	return func(n node) {
		v, err := strconv.Atoi(n.Value)
		if err != nil || n.Kind != yaml.ScalarNode {
			r.wrong(n.place(), "kind", "write a whole number", "%q is not a whole number", n.Value)
		}
		*to = v
	}
}

func (r *reader) yes(to *bool) func(node) {
	return func(n node) {
		if n.Tag != "!!bool" {
			r.wrong(n.place(), "kind", "write true or false", "%q is neither true nor false", n.Value)
		}
		*to = n.Value == "true"
	}
}

func (r *reader) duration(to *time.Duration) func(node) {
	return func(n node) {
		d, err := time.ParseDuration(n.Value)
		if err != nil || d <= 0 {
			r.wrong(n.place(), "kind", "write a time like 60m", "%q is not a time", n.Value)
		}
		*to = d
	}
}

// strs reads one value or a list of values.
func (r *reader) strs(to *[]string) func(node) {
	return func(n node) {
		var one string
		if n.Kind == yaml.ScalarNode {
			r.str(&one)(n)
			*to = append(*to, one)
			return
		}
		r.each(n, func(item node) {
			r.str(&one)(item)
			*to = append(*to, one)
		})
	}
}

// text reads a text: one value for both languages, or {id: ..., en: ...} with both.
func (r *reader) text(to *Text) func(node) {
	return func(n node) {
		if n.Kind == yaml.ScalarNode {
			r.str(&to.ID)(n)
			to.EN = to.ID
			return
		}
		r.fields(n, map[string]func(node){"id": r.str(&to.ID), "en": r.str(&to.EN)})
		if to.ID == "" || to.EN == "" {
			r.wrong(n.place(), "language", "write both id: and en:", "a language is missing")
		}
	}
}

// cond reads a condition; see Cond for its form.
func (r *reader) cond(to *Cond) func(node) {
	return func(n node) {
		if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
			r.wrong(n.place(), "condition", "write {field: value}", "a condition is expected here")
			return
		}
		var all []Cond
		for i := 0; i < len(n.Content); i += 2 {
			value := node{n.Content[i+1], n.file}
			var c Cond
			switch key := n.Content[i].Value; key {
			case "all":
				r.each(value, func(item node) { r.cond(grow(&c.All))(item) })
			case "any":
				r.each(value, func(item node) { r.cond(grow(&c.Any))(item) })
			case "not":
				c.Not = &Cond{}
				r.cond(c.Not)(value)
			default:
				c.Field = key
				r.strs(&c.Values)(value)
			}
			all = append(all, c)
		}
		if *to = all[0]; len(all) > 1 {
			*to = Cond{All: all}
		}
	}
}

func grow[T any](list *[]T) *T {
	var zero T
	*list = append(*list, zero)
	return &(*list)[len(*list)-1]
}

// required reads true, false or a condition.
func (r *reader) required(to *Cond) func(node) {
	return func(n node) {
		if n.Tag == "!!bool" {
			*to = Cond{never: n.Value == "false"}
			return
		}
		r.cond(to)(n)
	}
}
