package revise

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"sapa/internal/fault"
)

// add puts a new part into a list; a list that is not there yet begins with it.
func (s *sheet) add(e Edit) error {
	at, err := s.find(e.At)
	above, key, nested := spot{}, e.At, false
	if i := strings.LastIndexByte(e.At, '/'); i >= 0 {
		above.path, key = e.At[:i], e.At[i+1:]
	}
	if err != nil { // its key may be allowed all the same
		if above, err = s.find(above.path); err != nil {
			return err
		}
		if above.shape == nil || above.node.Kind != yaml.MappingNode {
			return nowhere(e.At, s.name)
		}
		h := above.shape.key(key)
		if h == nil || h.kind != ofParts || valueOf(above.node, key) != nil {
			return nowhere(e.At, s.name)
		}
		at, nested = spot{list: h.sub, path: e.At}, true
	}
	if at.list == nil {
		return nowhere(e.At, s.name)
	}
	n, err := newPart(at.list, e.Put)
	if err != nil {
		return err
	}
	if name := valueOf(n, at.list.name); name != nil && !nested && indexOf(at.node, at.list, name.Value) >= 0 {
		return fault.New(fault.Invalid, "procedure.edit-there", "id", name.Value, "at", e.At).At("id", "")
	}
	if nested {
		in := strings.Repeat(" ", above.node.Content[0].Column+1)
		if above.node.Style&yaml.FlowStyle != 0 {
			return s.tangled(e.At)
		}
		return s.newKey(above, key, &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{n}}, "\n"+partLines(n, in, at.list.block))
	}
	i := len(at.node.Content)
	if e.Before != "" {
		if i = indexOf(at.node, at.list, e.Before); i < 0 {
			return nowhere(e.At+"/"+e.Before, s.name)
		}
	} else if parent := valueOf(n, "parent"); parent != nil {
		i = afterKin(at.node, parent.Value)
	}
	return s.insert(at, i, n)
}

// afterKin is the place after a clause and all that stands under it.
func afterKin(list *yaml.Node, parent string) int {
	kin, at := map[string]bool{parent: true}, len(list.Content)
	for i, n := range list.Content {
		id, p := valueOf(n, "id"), valueOf(n, "parent")
		if id != nil && (id.Value == parent || p != nil && kin[p.Value]) {
			kin[id.Value], at = true, i+1
		}
	}
	return at
}

func newPart(of *shape, puts []Put) (*yaml.Node, error) {
	n := mapped()
	for _, h := range of.keys {
		for _, p := range puts {
			if p.Key != h.key || h.kind == ofParts || h.kind == aPart {
				continue
			}
			value, err := of.of(h.key, putOf(puts, "use") != "").made(p)
			if err != nil {
				return nil, err
			}
			if value != nil && valueOf(n, p.Key) == nil {
				n.Content = append(n.Content, scalar(p.Key, false), value)
			}
		}
	}
	for _, p := range puts {
		if h := of.key(p.Key); h == nil || h.kind == ofParts || h.kind == aPart {
			return nil, fault.New(fault.Invalid, "procedure.edit-key", "key", p.Key, "at", "", "known", of.known()).At(p.Key, "")
		}
	}
	if of.name != "" && valueOf(n, of.name) == nil && valueOf(n, "use") == nil || len(n.Content) == 0 {
		return nil, fault.New(fault.Invalid, "procedure.edit-nameless", "key", of.name).At(of.name, "")
	}
	return n, nil
}

// partLines writes a part of a list as lines, in from the edge as far as said.
func partLines(n *yaml.Node, in string, block bool) string {
	if !block {
		return in + "- " + flow(n)
	}
	var lines []string
	for i := 0; i < len(n.Content); i += 2 {
		lead := in + "  "
		if i == 0 {
			lead = in + "- "
		}
		lines = append(lines, lead+n.Content[i].Value+": "+inOneLine(n.Content[i+1]))
	}
	return strings.Join(lines, "\n")
}

// insert puts a part at a place in a list, written as its neighbour is.
func (s *sheet) insert(at spot, i int, n *yaml.Node) error {
	list := at.node
	var c cut
	switch {
	case len(list.Content) == 0 && at.parent != nil && at.parent.Style&yaml.FlowStyle == 0: // []
		in := strings.Repeat(" ", at.parent.Content[0].Column+1)
		c = cut{s.begin(list), s.end(list), "\n" + partLines(n, in, at.list.block)}
		for c.from > 0 && s.text[c.from-1] == ' ' {
			c.from--
		}
	case len(list.Content) == 0:
		from := s.begin(list) + 1
		c = cut{from, from, flow(n)}
	case list.Style&yaml.FlowStyle != 0:
		c = s.intoFlow(list, i, flow(n))
	default:
		beside := list.Content[max(i-1, 0)]
		block := at.list.block || beside.Kind == yaml.MappingNode && beside.Style&yaml.FlowStyle == 0
		lines := partLines(n, strings.Repeat(" ", s.dash(list)), block)
		if i == len(list.Content) {
			c = s.newLine(s.end(beside), lines)
		} else {
			from := s.item(list, i).from
			c = cut{from, from, lines + "\n"}
		}
	}
	list.Content = slices.Insert(list.Content, i, n)
	return s.splice(at.path, c)
}

func (s *sheet) intoFlow(list *yaml.Node, i int, text string) cut {
	if i < len(list.Content) {
		from := s.begin(list.Content[i])
		return cut{from, from, text + ", "}
	}
	from := s.end(list.Content[i-1])
	return cut{from, from, ", " + text}
}

// dash is how far in the dashes of a list stand.
func (s *sheet) dash(list *yaml.Node) int { return list.Column - 1 }

// item is the stretch of one of a list: its lines, or its text and a comma.
func (s *sheet) item(list *yaml.Node, i int) cut {
	n := list.Content[i]
	c := cut{from: s.begin(n), to: s.end(n)}
	switch {
	case list.Style&yaml.FlowStyle == 0:
		return s.lineOf(c.from, c.to)
	case i+1 < len(list.Content):
		c.to = s.begin(list.Content[i+1])
	case i > 0:
		c.from = s.end(list.Content[i-1])
	}
	return c
}

// remove takes one of a list away, with the comment above it. A list that had no other goes with its key.
func (s *sheet) remove(path string) error {
	at, err := s.find(path)
	if err != nil {
		return err
	}
	if at.parent == nil || at.key != "" {
		return fault.New(fault.Invalid, "procedure.edit-whole", "at", path, "file", s.name).At("at", "")
	}
	if len(at.parent.Content) > 1 {
		c := s.item(at.parent, at.index)
		at.parent.Content = slices.Delete(at.parent.Content, at.index, at.index+1)
		return s.splice(path, c)
	}
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return s.empty(at.parent, spot{}, path)
	}
	holder := spot{node: s.root}
	if j := strings.LastIndexByte(path[:i], '/'); j >= 0 {
		if holder, err = s.find(path[:j]); err != nil {
			return err
		}
		path = path[j+1:]
	}
	key, _, _ := strings.Cut(path, "/")
	if key == "say" || key == "options" {
		return s.dropKey(holder.node, key, path)
	}
	return s.empty(at.parent, spot{node: holder.node, key: key}, path)
}

// empty leaves [] of a list.
func (s *sheet) empty(list *yaml.Node, holder spot, path string) error {
	c := cut{s.begin(list), s.end(list), "[]"}
	if list.Style&yaml.FlowStyle == 0 && holder.node != nil {
		i := 0
		for holder.node.Content[i].Value != holder.key {
			i += 2
		}
		end := s.end(holder.node.Content[i])
		c.from, c.with = end+strings.IndexByte(s.text[end:], ':')+1, " []"
	}
	list.Content = nil
	return s.splice(path, c)
}

// move puts one of a list before another, or at the end.
func (s *sheet) move(path, before string) error {
	at, err := s.find(path)
	if err != nil {
		return err
	}
	if at.parent == nil || at.key != "" {
		return fault.New(fault.Invalid, "procedure.edit-whole", "at", path, "file", s.name).At("at", "")
	}
	list, to := at.parent, len(at.parent.Content)
	if before != "" {
		if to = indexOf(list, at.shape, before); to < 0 {
			return nowhere(before, s.name)
		}
	}
	if to == at.index || to == at.index+1 {
		return nil
	}
	whole := s.item(list, at.index)
	n := list.Content[at.index]
	var into cut
	switch {
	case list.Style&yaml.FlowStyle != 0:
		into = s.intoFlow(list, to, s.text[s.begin(n):s.end(n)])
	case to == len(list.Content):
		into = s.newLine(s.end(list.Content[to-1]), strings.TrimSuffix(s.text[whole.from:whole.to], "\n"))
	default:
		from := s.item(list, to).from
		into = cut{from, from, strings.TrimSuffix(s.text[whole.from:whole.to], "\n") + "\n"}
	}
	list.Content = slices.Insert(list.Content, to, n)
	gone := at.index
	if to < gone {
		gone++
	}
	list.Content = slices.Delete(list.Content, gone, gone+1)
	return s.splice(path, whole, into)
}
