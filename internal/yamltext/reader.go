package yamltext

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Reader reads the nodes of an opened text by functions of what each key means. What is wrong it says through Wrong, by the
// last part of a sentence's key: kind, unknown-key, language.
type Reader struct {
	Wrong func(n *yaml.Node, key string, values ...any) // values come in pairs: name, value
}

// Keys hands each key of a mapping to its reader; a key nobody reads is a mistake. No node has no keys.
func (r Reader) Keys(n *yaml.Node, known map[string]func(*yaml.Node)) {
	if n == nil {
		return
	}
	if n.Kind != yaml.MappingNode {
		r.Wrong(n, "kind", "what", "key: value")
		return
	}
	for i := 0; i < len(n.Content); i += 2 {
		if read := known[n.Content[i].Value]; read != nil {
			read(n.Content[i+1])
			continue
		}
		r.Wrong(n.Content[i], "unknown-key", "key", n.Content[i].Value, "known", strings.Join(slices.Sorted(maps.Keys(known)), ", "))
	}
}

// Group is Keys for a value that is a mapping itself.
func (r Reader) Group(known map[string]func(*yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) { r.Keys(n, known) }
}

// Each hands every item of a list to a reader.
func (r Reader) Each(read func(*yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			r.Wrong(n, "kind", "what", "- ...")
			return
		}
		for _, c := range n.Content {
			read(c)
		}
	}
}

// Str reads a text that is not empty. yes: and no: are keys of rooms and words of YAML 1.1 elsewhere, so that what is written counts.
func (r Reader) Str(to *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if *to = strings.TrimSpace(n.Value); n.Kind != yaml.ScalarNode || *to == "" || n.Tag == "!!null" {
			r.Wrong(n, "kind", "what", "text")
		}
	}
}

// Strs reads one text or a list of them.
func (r Reader) Strs(to *[]string) func(*yaml.Node) {
	one := func(n *yaml.Node) {
		var s string
		r.Str(&s)(n)
		*to = append(*to, s)
	}
	return func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode {
			one(n)
			return
		}
		r.Each(one)(n)
	}
}

// Both reads a text that stands in both languages: {id: ..., en: ...}.
func (r Reader) Both(id, en *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		r.Keys(n, map[string]func(*yaml.Node){"id": r.Str(id), "en": r.Str(en)})
		if *id == "" || *en == "" {
			r.Wrong(n, "language")
		}
	}
}
