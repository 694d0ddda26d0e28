// Package yamltext opens a YAML text that a person wrote, strictly: one document, bounded, no alias, no key twice. What the
// keys mean is for the room that reads them; what is wrong comes back with its line, for that room's own sentence.
package yamltext

import (
	"bytes"
	"errors"
	"io"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Mistake is what is wrong in a line. Key is the last part of a sentence's key; Name and Value are its one value, if it has one.
type Mistake struct {
	Line  int
	Key   string // size, yaml, second-document, nodes, alias, double-key
	Name  string
	Value any
}

// Open reads a text of at most so many bytes with at most so many values and keys (0: no matter). With a mistake there is no node.
func Open(text []byte, bytesMax, nodesMax int) (*yaml.Node, []Mistake) {
	if len(text) > bytesMax {
		return nil, []Mistake{{1, "size", "max", bytesMax}}
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var doc, second yaml.Node
	if err := decoder.Decode(&doc); err != nil {
		return nil, []Mistake{{1, "yaml", "cause", err.Error()}}
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, []Mistake{{1, "second-document", "", nil}}
	}
	n := doc.Content[0]
	if left := nodesMax; nodesMax > 0 && !few(n, &left) {
		return nil, []Mistake{{1, "nodes", "max", nodesMax}}
	}
	var all []Mistake
	plain(n, &all)
	if len(all) > 0 {
		return nil, all
	}
	return n, nil
}

// few tells whether a tree has no more nodes than are left. It does not go into aliases.
func few(n *yaml.Node, left *int) bool {
	if *left--; *left < 0 {
		return false
	}
	return !slices.ContainsFunc(n.Content, func(c *yaml.Node) bool { return !few(c, left) })
}

// plain notes aliases (their bombs grow without end) and doubled keys, everywhere in the tree.
func plain(n *yaml.Node, all *[]Mistake) {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		*all = append(*all, Mistake{n.Line, "alias", "", nil})
		return
	}
	seen := map[string]bool{}
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			if seen[c.Value] {
				*all = append(*all, Mistake{c.Line, "double-key", "key", c.Value})
			}
			seen[c.Value] = true
		}
		plain(c, all)
	}
}
