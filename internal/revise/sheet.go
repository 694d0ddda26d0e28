package revise

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"sapa/internal/fault"
	"sapa/internal/procedure"
	"sapa/internal/yamltext"
)

// sheet is one file under edit: its text, and what the text says. Every change is made to both; the text is then read
// again and must say what was meant, or the change is refused.
type sheet struct {
	name  string
	text  string
	root  *yaml.Node
	lines []int // where they begin
}

func openSheet(files map[string]string, name string) (*sheet, error) {
	text, there := files[name]
	if !there || shapeOf(name) == nil {
		return nil, fault.New(fault.Missing, "procedure.edit-file", "file", name).At("file", "")
	}
	s := &sheet{name: name}
	return s, s.read(text)
}

func (s *sheet) read(text string) error {
	root, mistakes := yamltext.Open([]byte(text), procedure.FileMax, procedure.NodesMax)
	if len(mistakes) > 0 {
		m := mistakes[0]
		p := procedure.Problem{File: s.name, Line: m.Line, Key: m.Key, Values: map[string]string{}}
		if m.Name != "" {
			p.Values[m.Name] = strings.TrimSpace(strings.ReplaceAll(toText(m.Value), "\n", " "))
		}
		return fault.New(fault.Invalid, "procedure.edit-yaml", "file", s.name, "line", m.Line, "key", m.Key, "problem", p.Text()).At("file", "")
	}
	s.text, s.root, s.lines = text, root, lineStarts(text)
	return nil
}

func toText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	}
	return ""
}

// cut is a stretch of bytes and what comes in its place.
type cut struct {
	from, to int
	with     string
}

// splice makes the cuts. The tree already says what is meant.
func (s *sheet) splice(at string, cuts ...cut) error {
	slices.SortStableFunc(cuts, func(a, b cut) int { return a.from - b.from })
	var b strings.Builder
	last := 0
	for _, c := range cuts {
		if c.from < last || c.to < c.from || c.to > len(s.text) {
			return s.tangled(at)
		}
		b.WriteString(s.text[last:c.from] + c.with)
		last = c.to
	}
	b.WriteString(s.text[last:])
	meant := s.root
	if err := s.read(b.String()); err != nil {
		if f := fault.Of(err); f.Values["key"] == "size" || f.Values["key"] == "nodes" {
			return err
		}
		return s.tangled(at)
	}
	if !same(s.root, meant) {
		return s.tangled(at)
	}
	return nil
}

// tangled refuses an edit of a part that is written as this house does not write: it must be edited as text.
func (s *sheet) tangled(at string) error {
	return fault.New(fault.Invalid, "procedure.edit-tangled", "at", at, "file", s.name).At("at", "")
}

// same tells whether two trees say the same.
func same(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || a.Value != b.Value || len(a.Content) != len(b.Content) || a.Kind == yaml.ScalarNode && a.ShortTag() != b.ShortTag() {
		return false
	}
	for i := range a.Content {
		if !same(a.Content[i], b.Content[i]) {
			return false
		}
	}
	return true
}

func valueOf(n *yaml.Node, key string) *yaml.Node {
	if n != nil && n.Kind == yaml.MappingNode {
		for i := 0; i < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				return n.Content[i+1]
			}
		}
	}
	return nil
}

// spot is a part that was found.
type spot struct {
	node   *yaml.Node
	shape  *shape     // of a part; nil for a list
	list   *shape     // of a list: the shape of each in it
	parent *yaml.Node // the list it stands in, or the part whose key it is
	index  int        // in the list
	key    string     // of the part
	path   string
}

func (at spot) clause() string {
	c := valueOf(at.node, "clause")
	switch {
	case c == nil:
		return ""
	case c.Kind == yaml.SequenceNode && len(c.Content) > 0:
		return c.Content[0].Value
	}
	return c.Value
}

// find walks to a part: keys, and in lists the names of parts or their number as #0.
func (s *sheet) find(path string) (spot, error) {
	at := spot{node: s.root, shape: shapeOf(s.name), path: path}
	if s.root.Kind == yaml.SequenceNode {
		at.shape, at.list = nil, at.shape.keys[0].sub
	}
	if path == "" {
		return at, nil
	}
	for _, segment := range strings.Split(path, "/") {
		if at.list != nil {
			i := indexOf(at.node, at.list, segment)
			if i < 0 {
				return at, nowhere(path, s.name)
			}
			at = spot{node: at.node.Content[i], shape: at.list, parent: at.node, index: i, path: path}
			continue
		}
		h := at.shape.key(segment)
		n := valueOf(at.node, segment)
		if h == nil || n == nil || h.sub == nil {
			return at, nowhere(path, s.name)
		}
		next := spot{node: n, shape: h.sub, parent: at.node, key: segment, path: path}
		if h.kind == ofParts {
			if n.Kind != yaml.SequenceNode {
				return at, nowhere(path, s.name)
			}
			next.shape, next.list = nil, h.sub
		}
		at = next
	}
	return at, nil
}

// indexOf finds one of a list by its name or number; -1 for none.
func indexOf(list *yaml.Node, of *shape, segment string) int {
	if number, is := strings.CutPrefix(segment, "#"); is {
		if i, err := strconv.Atoi(number); err == nil && i >= 0 && i < len(list.Content) {
			return i
		}
		return -1
	}
	return slices.IndexFunc(list.Content, func(n *yaml.Node) bool {
		name := valueOf(n, of.name)
		return of.name != "" && name != nil && name.Value == segment
	})
}

// put sets one value of a part, or takes its key away.
func (s *sheet) put(at spot, p Put) error {
	if at.shape == nil || at.node.Kind != yaml.MappingNode {
		return nowhere(at.path, s.name)
	}
	h := at.shape.of(p.Key, valueOf(at.node, "use") != nil)
	if h == nil || h.kind == aPart || h.kind == ofParts {
		return fault.New(fault.Invalid, "procedure.edit-key", "key", p.Key, "at", at.path, "known", at.shape.known()).At(p.Key, at.clause())
	}
	n, err := h.made(p)
	if err != nil {
		return err
	}
	old := valueOf(at.node, p.Key)
	switch {
	case n == nil && old == nil:
		return nil
	case n == nil:
		return s.dropKey(at.node, p.Key, at.path)
	case old == nil:
		return s.newKey(at, p.Key, n, "")
	}
	return s.replace(at.node, p.Key, n, at.path)
}

// replace puts another value in the place of a key's, in the style it was written in.
func (s *sheet) replace(in *yaml.Node, key string, n *yaml.Node, path string) error {
	return s.splice(path, s.cuts(in, key, n)...)
}

func (s *sheet) cuts(in *yaml.Node, key string, n *yaml.Node) []cut {
	i := 0
	for in.Content[i].Value != key {
		i += 2
	}
	old := in.Content[i+1]
	n = inStyle(old, n)
	if same(old, n) {
		return nil
	}
	if both(old) && both(n) { // each language by itself
		return append(s.cuts(old, "id", valueOf(n, "id")), s.cuts(old, "en", valueOf(n, "en"))...)
	}
	c := cut{s.begin(old), s.end(old), flow(n)}
	if in.Style&yaml.FlowStyle == 0 {
		c.with = inOneLine(n)
	}
	if block := old.Kind != yaml.ScalarNode && old.Style&yaml.FlowStyle == 0; block || old.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 || old.Value == "" && old.Style == 0 {
		colon := s.end(in.Content[i]) + strings.IndexByte(s.text[s.end(in.Content[i]):], ':')
		c = cut{colon + 1, max(c.to, colon+1), " " + c.with}
	}
	in.Content[i+1] = n
	return []cut{c}
}

// both tells whether a node is a text in two languages.
func both(n *yaml.Node) bool {
	return n.Kind == yaml.MappingNode && len(n.Content) == 4 && valueOf(n, "id") != nil && valueOf(n, "en") != nil
}

// inStyle gives the new value as the old one is written: a text that was in two languages stays so, a lone word stays
// alone, quotes that were not needed stay.
func inStyle(old, n *yaml.Node) *yaml.Node {
	switch {
	case n.Kind == yaml.ScalarNode && old.Kind == yaml.ScalarNode:
		if old.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 && unquoted(old.Value, inBrackets) && n.Tag == "!!str" {
			n = scalar(n.Value, true)
		}
	case both(n) && old.Kind == yaml.ScalarNode && valueOf(n, "id").Value == valueOf(n, "en").Value:
		return inStyle(old, valueOf(n, "id"))
	case n.Kind == yaml.SequenceNode && len(n.Content) == 1 && old.Kind == yaml.ScalarNode:
		return inStyle(old, n.Content[0])
	}
	return n
}

// newKey writes a key that was not there, after those that the shape puts before it. Lines are what follows the colon when
// it is not the node in one line.
func (s *sheet) newKey(at spot, key string, n *yaml.Node, lines string) error {
	m, after := at.node, 0
	for _, h := range at.shape.keys {
		if h.key == key {
			break
		}
		for i := 0; i < len(m.Content); i += 2 {
			if m.Content[i].Value == h.key {
				after = max(after, i+2)
			}
		}
	}
	name := scalar(key, false)
	switch {
	case lines != "":
	case m.Style&yaml.FlowStyle != 0:
		lines = " " + flow(n)
	default:
		lines = " " + inOneLine(n)
	}
	var c cut
	switch {
	case m.Style&yaml.FlowStyle != 0 && after == 0:
		from := s.begin(m) + 1
		c = cut{from, from, key + ":" + lines}
		if len(m.Content) > 0 {
			c.with += ", "
		}
	case m.Style&yaml.FlowStyle != 0:
		from := s.end(m.Content[after-1])
		c = cut{from, from, ", " + key + ":" + lines}
	case after == 0:
		return s.tangled(at.path)
	default:
		c = s.newLine(s.end(m.Content[after-1]), strings.Repeat(" ", m.Content[0].Column-1)+key+":"+lines)
	}
	m.Content = slices.Insert(m.Content, after, name, n)
	return s.splice(at.path, c)
}

// newLine puts a line after the one in which a part ends.
func (s *sheet) newLine(end int, line string) cut {
	at := s.lineEnd(max(end-1, 0))
	if at == len(s.text) && !strings.HasSuffix(s.text, "\n") {
		return cut{at, at, "\n" + line}
	}
	return cut{at, at, line + "\n"}
}

// dropKey takes a key and its value away.
func (s *sheet) dropKey(m *yaml.Node, key, path string) error {
	i := 0
	for m.Content[i].Value != key {
		i += 2
	}
	c := cut{from: s.begin(m.Content[i]), to: s.end(m.Content[i+1])}
	last := i+2 == len(m.Content)
	switch flowing := m.Style&yaml.FlowStyle != 0; {
	case len(m.Content) == 2 && !flowing:
		return s.tangled(path)
	case flowing && !last, i == 0:
		c.to = s.begin(m.Content[i+2])
	case flowing && i > 0:
		c.from = s.end(m.Content[i-1])
	case !flowing:
		c = s.lineOf(c.from, c.to)
	}
	m.Content = slices.Delete(m.Content, i, i+2)
	return s.splice(path, c)
}

// lineOf widens a stretch to its lines with the comment that stands right above; a comment at the head of a file is the file's.
func (s *sheet) lineOf(from, to int) cut {
	c := cut{from: s.lineStart(from), to: s.lineEnd(max(to-1, 0))}
	lead := func(at int) string { // of a comment line: what is before the mark
		line := s.text[at:s.lineEnd(at)]
		if i := strings.IndexByte(line, '#'); i >= 0 && strings.TrimSpace(line[:i]) == "" {
			return line[:i]
		}
		return "\t"
	}
	own := s.text[c.from:s.lineEnd(c.from)]
	in := own[:len(own)-len(strings.TrimLeft(own, " "))]
	first := c.from
	for first > 0 && lead(s.lineStart(first-1)) == in {
		first = s.lineStart(first - 1)
	}
	if first > 0 {
		c.from = first
	}
	return c
}
