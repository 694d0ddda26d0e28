package procedure

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"sapa/internal/yamltext"
)

// place is where something was said, to name it in a problem.
type place struct {
	file string
	line int
}

// reader reads YAML node by node, strictly: every key must be known, every value of its kind, each mistake with its line.
type reader struct {
	problems []Problem
	untold   int               // mistakes beyond problemsMax
	digests  map[string]string // of what each file says, by its name
}

// problemsMax bounds what one reading can complain of: a file that is wrong throughout is told so, not copied.
const problemsMax = 200

// wrong notes a mistake; values come in pairs: name, value.
func (r *reader) wrong(at place, key string, values ...string) {
	if len(r.problems) == problemsMax {
		r.untold++
		return
	}
	p := Problem{File: at.file, Line: at.line, Key: key, Values: map[string]string{}}
	for i := 0; i+1 < len(values); i += 2 {
		p.Values[values[i]] = values[i+1]
	}
	r.problems = append(r.problems, p)
}

// node is a YAML node that knows its file.
type node struct {
	*yaml.Node
	file string
}

func (n node) place() place { return place{n.file, n.Line} }

// A work instruction is a few hundred kilobytes and its largest file some two thousand values; what is far beyond that is
// a mistake or an attack, and reading it must cost little.
const (
	FileMax  = 1 << 20 // bytes
	NodesMax = 20_000  // values and keys
)

// open reads one file that holds exactly one document without aliases or doubled keys.
func (r *reader) open(fsys fs.FS, name string) (node, bool) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		r.wrong(place{name, 1}, "file", "cause", err.Error())
		return node{}, false
	}
	n, mistakes := yamltext.Open(data, FileMax, NodesMax)
	for _, m := range mistakes {
		r.wrong(place{name, m.Line}, m.Key, m.Name, fmt.Sprint(m.Value))
	}
	if n == nil {
		return node{}, false
	}
	r.digests[name] = digest(n)
	return node{n, name}, true
}

// keys hands each key of a mapping to its reader; a key nobody reads is a mistake.
func (r *reader) keys(n node, known map[string]func(node)) {
	if n.Kind != yaml.MappingNode {
		r.wrong(n.place(), "kind", "what", "a list of key: value")
		return
	}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], node{n.Content[i+1], n.file}
		if read := known[key.Value]; read != nil {
			read(value)
			continue
		}
		r.wrong(place{n.file, key.Line}, "unknown-key", "key", key.Value, "known", strings.Join(slices.Sorted(maps.Keys(known)), ", "))
	}
}

// each hands every item of a sequence to a reader.
func (r *reader) each(n node, read func(node)) {
	if n.Kind != yaml.SequenceNode {
		r.wrong(n.place(), "kind", "what", "a list")
		return
	}
	for _, c := range n.Content {
		read(node{c, n.file})
	}
}

func (r *reader) str(to *string) func(node) {
	return func(n node) {
		if n.Kind != yaml.ScalarNode {
			r.wrong(n.place(), "kind", "what", "a single value")
			return
		}
		if *to = strings.TrimSpace(n.Value); *to == "" || n.Tag == "!!null" {
			r.wrong(n.place(), "empty")
		}
	}
}

func (r *reader) num(to *int) func(node) {
	return func(n node) {
		v, err := strconv.Atoi(n.Value)
		if err != nil || v < 0 {
			r.wrong(n.place(), "kind", "what", "a whole number")
		}
		*to = v
	}
}

func (r *reader) yes(to *bool) func(node) {
	return func(n node) {
		if n.Tag != "!!bool" {
			r.wrong(n.place(), "kind", "what", "true or false")
		}
		*to = n.Value == "true"
	}
}

func (r *reader) duration(to *time.Duration) func(node) {
	return func(n node) {
		d, err := time.ParseDuration(n.Value)
		if err != nil || d <= 0 {
			r.wrong(n.place(), "kind", "what", "a time like 60m")
		}
		*to = d
	}
}

// strs reads one value or a list of values.
func (r *reader) strs(to *[]string) func(node) {
	return func(n node) {
		one := func(item node) { r.str(grow(to))(item) }
		if n.Kind == yaml.ScalarNode {
			one(n)
			return
		}
		r.each(n, one)
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
		r.keys(n, map[string]func(node){"id": r.str(&to.ID), "en": r.str(&to.EN)})
		if to.ID == "" || to.EN == "" {
			r.wrong(n.place(), "language")
		}
	}
}

// cond reads a condition; see Cond for its form.
func (r *reader) cond(to *Cond) func(node) {
	return func(n node) {
		if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
			r.wrong(n.place(), "condition")
			return
		}
		var all []Cond
		for i := 0; i < len(n.Content); i += 2 {
			c, value := grow(&all), node{n.Content[i+1], n.file}
			switch key := n.Content[i].Value; key {
			case "all", "any": // of nothing says nothing
				list := map[string]*[]Cond{"all": &c.All, "any": &c.Any}[key]
				if r.each(value, func(item node) { r.cond(grow(list))(item) }); len(*list) == 0 {
					r.wrong(value.place(), "condition")
				}
			case "not":
				c.Not = &Cond{}
				r.cond(c.Not)(value)
			default:
				c.Field = key
				if r.strs(&c.Values)(value); len(c.Values) == 0 {
					r.wrong(value.place(), "condition")
				}
			}
		}
		if *to = all[0]; len(all) > 1 {
			*to = Cond{All: all}
		}
	}
}

// required reads true, false or a condition.
func (r *reader) required(to *Cond) func(node) {
	return func(n node) {
		if n.Tag == "!!bool" {
			to.Never = n.Value == "false"
			return
		}
		r.cond(to)(n)
	}
}

func grow[T any](list *[]T) *T {
	var zero T
	*list = append(*list, zero)
	return &(*list)[len(*list)-1]
}
