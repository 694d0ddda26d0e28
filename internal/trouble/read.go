package trouble

import (
	"errors"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"sapa/internal/fault"
	"sapa/internal/yamltext"
)

// reader reads a YAML text node by node, strictly: each key must be known, each value of its kind. Each mistake is a fault
// with file and line, so that a person who edits a ladder is told the same as a test of the files.
type reader struct {
	yamltext.Reader
	file     string
	mistakes []error
}

const filed = "trouble.file." // what a file's mistakes are filed under among the sentences

// reading is a reader for a file of this room.
func reading(file string) *reader {
	r := &reader{file: file}
	r.Reader.Wrong = func(n *yaml.Node, key string, values ...any) { r.wrong(n, filed+key, values...) }
	return r
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
		r.wrong(&yaml.Node{Line: m.Line}, filed+m.Key, m.Name, m.Value)
	}
	return n
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

func (r *reader) text(to *Text) func(*yaml.Node) { return r.Both(&to.ID, &to.EN) }
