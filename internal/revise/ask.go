package revise

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"sapa/internal/fault"
	"sapa/internal/procedure"
)

// asks gives the step of this file that asks a field; "" for none.
func (s *sheet) asks(field string) string {
	if steps := valueOf(s.root, "steps"); steps != nil {
		for _, step := range steps.Content {
			if id := valueOf(step, "id"); id != nil && indexOfWord(valueOf(step, "fields"), field) >= 0 {
				return id.Value
			}
		}
	}
	return ""
}

func indexOfWord(list *yaml.Node, word string) int {
	if list == nil || list.Kind != yaml.SequenceNode {
		return -1
	}
	return slices.IndexFunc(list.Content, func(n *yaml.Node) bool { return n.Value == word })
}

// last tells whether a field is the last that a step asks.
func (s *sheet) last(step, field string) bool {
	at, err := s.find("steps/" + step)
	if err != nil {
		return false
	}
	list := valueOf(at.node, "fields")
	return list != nil && indexOfWord(list, field) == len(list.Content)-1
}

// ask has a step ask a field, before another or at the end.
func (s *sheet) ask(step, field, before string) error {
	at, err := s.find("steps/" + step)
	if err != nil {
		return err
	}
	list := valueOf(at.node, "fields")
	if list == nil {
		return s.newKey(at, "fields", &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle, Content: []*yaml.Node{scalar(field, false)}}, "")
	}
	i := len(list.Content)
	if before != "" {
		if i = indexOfWord(list, before); i < 0 {
			return nowhere("steps/"+step+"/fields/"+before, s.name)
		}
	}
	return s.insert(spot{node: list, list: shaped("", false, ""), parent: at.node, path: at.path}, i, scalar(field, false))
}

// unask takes a field out of the steps that ask it.
func (s *sheet) unask(field string) error {
	for step := s.asks(field); step != ""; step = s.asks(field) {
		at, err := s.find("steps/" + step)
		if err != nil {
			return err
		}
		list := valueOf(at.node, "fields")
		if len(list.Content) == 1 {
			if err := s.dropKey(at.node, "fields", at.path); err != nil {
				return err
			}
			continue
		}
		i := indexOfWord(list, field)
		c := s.item(list, i)
		list.Content = slices.Delete(list.Content, i, i+1)
		if err := s.splice(at.path, c); err != nil {
			return err
		}
	}
	return nil
}

// rename gives a step, field, option or outcome another name, there and wherever it is spoken of: conditions, the steps'
// lists, agreed times, the places of texts. Answers that were given under the old name need a mapping.
func (d desk) rename(e Edit) error {
	to := putOf(e.Put, "id")
	path := strings.Split(e.At, "/")
	if !procedure.Nameable(to, len(path) == 2 && path[0] == "fields") {
		return badValue(Put{Key: "id", Value: to}, "name")
	}
	err := d.on(e.File, func(s *sheet) error {
		at, err := s.find(e.At)
		if err != nil {
			return err
		}
		if _, is := codeOf(e.File); at.parent == nil || at.key != "" || at.shape.name != "id" || !is && !strings.HasPrefix(e.File, "common/") {
			return fault.New(fault.Invalid, "procedure.edit-fixed", "key", "id", "at", e.At).At("id", "")
		}
		if indexOf(at.parent, at.shape, to) >= 0 {
			return fault.New(fault.Invalid, "procedure.edit-there", "id", to, "at", e.At).At("id", "")
		}
		return s.replace(at.node, "id", scalar(to, false), e.At)
	})
	if err != nil || path[0] != "fields" {
		return err
	}
	for _, file := range d.speaking(e.File) {
		if err := d.on(file, func(s *sheet) error { return s.respell(path, to) }); err != nil {
			return err
		}
	}
	return nil
}

// respell writes another name wherever a field, or an option of one, is spoken of.
func (s *sheet) respell(path []string, to string) error {
	var cuts []cut
	word := func(n *yaml.Node) {
		from := cut{s.begin(n), s.end(n), ""}
		quoted := n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 && unquoted(n.Value, inBrackets)
		*n = *scalar(to, quoted)
		from.with = flow(n)
		cuts = append(cuts, from)
	}
	field, place := path[1], regexp.MustCompile(`\{`+regexp.QuoteMeta(path[1])+`\}`)
	var cond, all func(n *yaml.Node)
	cond = func(n *yaml.Node) {
		if n.Kind == yaml.SequenceNode {
			for _, c := range n.Content {
				cond(c)
			}
		}
		if n.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			switch {
			case key.Value == "all" || key.Value == "any" || key.Value == "not":
				cond(value)
			case key.Value != field:
			case len(path) == 2:
				word(key)
			default:
				for _, v := range append([]*yaml.Node{value}, value.Content...) {
					if v.Kind == yaml.ScalarNode && v.Value == path[3] {
						word(v)
					}
				}
			}
		}
	}
	text := func(n *yaml.Node) {
		for _, v := range append([]*yaml.Node{n}, n.Content...) {
			if v.Kind != yaml.ScalarNode || !place.MatchString(v.Value) {
				continue
			}
			from, end := s.begin(v), s.end(v)
			v.Value = place.ReplaceAllString(v.Value, "{"+to+"}")
			cuts = append(cuts, cut{from, end, place.ReplaceAllString(s.text[from:end], "{"+to+"}")})
		}
	}
	all = func(n *yaml.Node) {
		for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
			value := n.Content[i+1]
			switch key := n.Content[i].Value; {
			case key == "when" || key == "required":
				cond(value)
			case len(path) != 2:
			case key == "text":
				text(value)
			case key == "at" && value.Value == field:
				word(value)
			case key == "fields" && value.Style&yaml.FlowStyle != 0 || key == "fields" && len(value.Content) > 0 && value.Content[0].Kind == yaml.ScalarNode:
				if i := indexOfWord(value, field); i >= 0 {
					word(value.Content[i])
				}
			}
		}
		for _, c := range n.Content {
			all(c)
		}
	}
	all(s.root)
	return s.splice(strings.Join(path, "/"), cuts...)
}
