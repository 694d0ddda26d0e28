package trouble

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"sapa/internal/fault"
	"sapa/internal/yamltext"
)

// reader reads a YAML text node by node, strictly: each key must be known, each value of its kind. Each mistake is a fault
// with file and line, so that a person who edits a ladder is told the same as a test of the files.
type reader struct {
	file     string
	mistakes []error
}

const textMax = 256 << 10 // bytes; what is larger is no table of ours

// wrong notes a mistake. Values come in pairs: name, value.
func (r *reader) wrong(n *yaml.Node, key string, values ...any) {
	line := 1
	if n != nil {
		line = n.Line
	}
	r.mistakes = append(r.mistakes, fault.New(fault.Invalid, key, append(values, "file", r.file, "line", line)...).At(strings.TrimSuffix(r.file, ".yaml"), ""))
}

func (r *reader) err() error { return errors.Join(r.mistakes...) }

// open reads a text that holds exactly one document without aliases or doubled keys.
func (r *reader) open(text []byte) *yaml.Node {
	n, mistakes := yamltext.Open(text, textMax, 0)
	for _, m := range mistakes {
		r.wrong(&yaml.Node{Line: m.Line}, "trouble.file."+m.Key, m.Name, m.Value)
	}
	return n
}

// keys hands each key of a mapping to its reader.
func (r *reader) keys(n *yaml.Node, known map[string]func(*yaml.Node)) {
	if n == nil {
		return
	}
	if n.Kind != yaml.MappingNode {
		r.wrong(n, "trouble.file.kind", "what", "key: value")
		return
	}
	for i := 0; i < len(n.Content); i += 2 {
		if read := known[n.Content[i].Value]; read != nil {
			read(n.Content[i+1])
			continue
		}
		r.wrong(n.Content[i], "trouble.file.unknown-key", "key", n.Content[i].Value, "known", strings.Join(slices.Sorted(maps.Keys(known)), ", "))
	}
}

// each hands every item of a list to a reader.
func (r *reader) each(read func(*yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			r.wrong(n, "trouble.file.kind", "what", "- ...")
			return
		}
		for _, c := range n.Content {
			read(c)
		}
	}
}

func (r *reader) str(to *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if *to = strings.TrimSpace(n.Value); n.Kind != yaml.ScalarNode || *to == "" || n.Tag == "!!null" {
			r.wrong(n, "trouble.file.kind", "what", "text")
		}
	}
}

func (r *reader) strs(to *[]string) func(*yaml.Node) {
	one := func(n *yaml.Node) {
		var s string
		r.str(&s)(n)
		*to = append(*to, s)
	}
	return func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode {
			one(n)
			return
		}
		r.each(one)(n)
	}
}

func (r *reader) num(to *int) func(*yaml.Node) {
	return func(n *yaml.Node) {
		v, err := strconv.Atoi(n.Value)
		if err != nil || v < 0 || n.Kind != yaml.ScalarNode {
			r.wrong(n, "trouble.file.kind", "what", "0, 1, 2 ...")
		}
		*to = v
	}
}

func (r *reader) yes(to *bool) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Tag != "!!bool" {
			r.wrong(n, "trouble.file.kind", "what", "true / false")
		}
		*to = n.Value == "true"
	}
}

// Text is a label in both languages.
type Text struct{ ID, EN string }

// In gives the text in a language.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.ID
}

func (r *reader) text(to *Text) func(*yaml.Node) {
	return func(n *yaml.Node) {
		r.keys(n, map[string]func(*yaml.Node){"id": r.str(&to.ID), "en": r.str(&to.EN)})
		if to.ID == "" || to.EN == "" {
			r.wrong(n, "trouble.file.language")
		}
	}
}
