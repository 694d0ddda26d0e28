package revise

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"sapa/internal/fault"
	"sapa/internal/yamltext"
)

// shape is what a part of a file may hold, in the order in which it is written.
type shape struct {
	keys  []holds
	fixed []string // set by other acts, or by nobody
	block bool     // written over several lines
	name  string   // the key that names one of a list; "" for none
}

// holds is one key of a shape: its kind, and the shape of what is under it.
type holds struct {
	key  string
	kind string
	sub  *shape
}

// The kinds of value: a line; a text in one or both languages; words; names with commas between; a condition; true, false or a condition; a whole
// number; true or false; clauses by the clause they stand for; a part; a list of parts. A kind with "!" is always in quotes.
const (
	aLine, aQuoted, aText, aQuotedText, aList, aQuotedList    = "line", "line!", "text", "text!", "list", "list!"
	aCond, aNeed, aNumber, aYes, aMap, aNames, aPart, ofParts = "cond", "need", "number", "yes", "map", "names", "part", "parts"
)

func shaped(name string, block bool, fixed string, keys ...holds) *shape {
	return &shape{keys: keys, fixed: strings.Fields(fixed), block: block, name: name}
}

var (
	sayShape    = shaped("", false, "", holds{"text", aQuoted, nil}, holds{"clause", aQuoted, nil}, holds{"when", aCond, nil})
	effectShape = shaped("", false, "", holds{"do", aLine, nil}, holds{"type", aLine, nil}, holds{"act", aLine, nil}, holds{"booking", aLine, nil},
		holds{"mark", aLine, nil}, holds{"reason", aLine, nil}, holds{"at", aLine, nil}, holds{"after", aLine, nil}, holds{"app", aLine, nil},
		holds{"form", aLine, nil}, holds{"value", aLine, nil}, holds{"clause", aQuoted, nil}, holds{"text", aQuotedText, nil})
	stepShape = shaped("id", true, "id use fields say", holds{"id", aLine, nil}, holds{"use", aLine, nil}, holds{"clause", aQuotedList, nil}, holds{"covers", aQuotedList, nil},
		holds{"kind", aLine, nil}, holds{"title", aText, nil}, holds{"when", aCond, nil}, holds{"off", aYes, nil}, holds{"say", ofParts, sayShape}, holds{"fields", aList, nil})
	optionShape = shaped("id", false, "id", holds{"id", aLine, nil}, holds{"label", aText, nil}, holds{"gloss", aLine, nil}, holds{"text", aText, nil},
		holds{"clause", aQuotedList, nil}, holds{"means", aList, nil}, holds{"when", aCond, nil}, holds{"ours", aYes, nil}, holds{"sample", aYes, nil})
	fieldShape = shaped("id", true, "id options", holds{"id", aLine, nil}, holds{"type", aLine, nil}, holds{"clause", aQuotedList, nil}, holds{"column", aLine, nil},
		holds{"label", aText, nil}, holds{"hint", aText, nil}, holds{"when", aCond, nil}, holds{"required", aNeed, nil}, holds{"check", aLine, nil},
		holds{"known", aLine, nil}, holds{"max", aNumber, nil}, holds{"auto", aYes, nil}, holds{"options", ofParts, optionShape})
	outcomeShape = shaped("id", true, "id effects", holds{"id", aLine, nil}, holds{"clause", aQuotedList, nil}, holds{"title", aText, nil}, holds{"when", aCond, nil},
		holds{"means", aList, nil}, holds{"effects", ofParts, effectShape})
	queueShape = shaped("", false, "", holds{"pause", aLine, nil}, holds{"per_day", aNumber, nil}, holds{"days", aNumber, nil}, holds{"hours", aQuoted, nil},
		holds{"then", aLine, nil}, holds{"clause", aQuoted, nil})
	saveShape     = shaped("", false, "", holds{"label", aLine, nil}, holds{"clause", aQuoted, nil})
	campaignShape = shaped("", true, "procedure document revision queue save steps fields outcomes", holds{"procedure", aLine, nil}, holds{"document", aLine, nil},
		holds{"revision", aNumber, nil}, holds{"clause", aQuoted, nil}, holds{"title", aText, nil}, holds{"source", aLine, nil}, holds{"desk", aLine, nil},
		holds{"queue", aPart, queueShape}, holds{"save", aPart, saveShape}, holds{"facts", aList, nil},
		holds{"steps", ofParts, stepShape}, holds{"fields", ofParts, fieldShape}, holds{"outcomes", ofParts, outcomeShape})
	commonShape = shaped("", true, "steps fields outcomes", holds{"steps", ofParts, stepShape}, holds{"fields", ofParts, fieldShape}, holds{"outcomes", ofParts, outcomeShape})

	clauseShape = shaped("id", false, "id", holds{"id", aQuoted, nil}, holds{"text", aQuoted, nil}, holds{"en", aQuoted, nil}, holds{"parent", aQuoted, nil})
	gapShape    = shaped("id", true, "id", holds{"id", aLine, nil}, holds{"where", aQuotedText, nil}, holds{"problem", aQuotedText, nil}, holds{"decision", aQuotedText, nil},
		holds{"clauses", aQuotedList, nil})
	mappingShape = shaped("", true, "moves", holds{"from", aNumber, nil}, holds{"moves", ofParts, shaped("", false, "", holds{"campaign", aLine, nil}, holds{"field", aLine, nil},
		holds{"option", aLine, nil}, holds{"to", aLine, nil}, holds{"gone", aYes, nil}, holds{"ask", aLine, nil}, holds{"clause", aQuoted, nil})})
	openShape  = shaped("clause", true, "clause", holds{"clause", aQuoted, nil}, holds{"room", aLine, nil}, holds{"issue", aNumber, nil}, holds{"reason", aText, nil})
	titleShape = shaped("", false, "", holds{"text", aLine, nil}, holds{"clause", aLine, nil})
	itemShape  = shaped("id", false, "id", holds{"id", aLine, nil}, holds{"clause", aLine, nil}, holds{"text", aText, nil})
	// The signatures of a revision are in the store, those of the paper in its files: neither is edited.
	documentShape = shaped("", true, "code title revision campaigns copies signatures references statements records parameters history applications",
		holds{"code", aPart, shaped("", false, "text clause")}, holds{"title", aPart, titleShape}, holds{"effective", aPart, titleShape}, holds{"revision", aPart, shaped("", false, "text clause")},
		holds{"campaigns", aList, nil},
		holds{"copies", ofParts, shaped("", false, "", holds{"type", aLine, nil}, holds{"holder", aLine, nil}, holds{"clause", aLine, nil})},
		holds{"references", ofParts, itemShape}, holds{"statements", ofParts, itemShape}, holds{"parameters", ofParts, itemShape}, holds{"records", ofParts, itemShape},
		holds{"history", ofParts, shaped("", false, "", holds{"revision", aQuoted, nil}, holds{"date", aLine, nil}, holds{"clause", aLine, nil}, holds{"text", aText, nil})},
		holds{"applications", ofParts, shaped("id", false, "id", holds{"id", aLine, nil}, holds{"name", aLine, nil}, holds{"clause", aLine, nil}, holds{"aliases", aNames, nil},
			holds{"additional", aYes, nil}, holds{"room", aLine, nil}, holds{"required_for", aList, nil}, holds{"label", aText, nil}, holds{"address", aLine, nil})})
)

// shapeOf gives the shape of a file's own level; a list's files hold parts of one shape.
func shapeOf(file string) *shape {
	switch folder, _, _ := strings.Cut(file, "/"); folder {
	case "campaigns", "acts":
		return campaignShape
	case "common":
		return commonShape
	case "document.yaml":
		return documentShape
	case "clauses.yaml":
		return shaped("", true, "", holds{"", ofParts, clauseShape})
	case "gaps.yaml":
		return shaped("", true, "", holds{"", ofParts, gapShape})
	case "mapping.yaml":
		return mappingShape
	case "open.yaml":
		return shaped("", true, "", holds{"", ofParts, openShape})
	}
	return nil
}

func (s *shape) key(name string) *holds {
	for i := range s.keys {
		if s.keys[i].key == name {
			return &s.keys[i]
		}
	}
	return nil
}

// of gives a key of one part: the clauses of shared steps are a map from theirs to the campaign's own.
func (s *shape) of(name string, use bool) *holds {
	if h := s.key(name); !use || name != "clause" || h == nil {
		return h
	}
	return &holds{"clause", aMap, nil}
}

// known lists the keys that set can put.
func (s *shape) known() string {
	var names []string
	for _, k := range s.keys {
		if k.kind != aPart && k.kind != ofParts && !slices.Contains(s.fixed, k.key) {
			names = append(names, k.key)
		}
	}
	return strings.Join(names, ", ")
}

// made makes the node of a value as the key's kind writes it; nil for an empty one, which takes the key away.
func (h holds) made(p Put) (*yaml.Node, error) {
	if strings.ContainsFunc(p.Value+p.EN, unprintable) {
		return nil, badValue(p, "text")
	}
	value := strings.TrimSpace(p.Value)
	if value == "" {
		return nil, nil
	}
	quoted := strings.HasSuffix(h.kind, "!")
	switch strings.TrimSuffix(h.kind, "!") {
	case aText:
		if en := strings.TrimSpace(p.EN); en != "" {
			return mapped(scalar("id", false), scalar(value, quoted), scalar("en", false), scalar(en, quoted)), nil
		}
	case aList, aNames:
		between := " ,\n\t"
		if h.kind == aNames {
			between = ",\n"
		}
		list := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
		for _, word := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(between, r) }) {
			if word = strings.TrimSpace(word); word != "" {
				list.Content = append(list.Content, scalar(word, quoted))
			}
		}
		if len(list.Content) == 0 {
			return nil, badValue(p, "text")
		}
		return list, nil
	case aCond:
		return written(p)
	case aMap:
		n, err := written(p)
		return inQuotes(n), err
	case aNeed:
		if value != "true" && value != "false" {
			return written(p)
		}
		return literal(value), nil
	case aNumber:
		if strings.Trim(value, "0123456789") != "" || len(value) > 9 {
			return nil, badValue(p, "number")
		}
		return literal(value), nil
	case aYes:
		if value != "true" && value != "false" {
			return nil, badValue(p, "yes")
		}
		return literal(value), nil
	}
	return scalar(value, quoted), nil
}

// written reads a condition, or a map of clauses, as the files write it; the outer braces may be left out.
func written(p Put) (*yaml.Node, error) {
	text := strings.TrimSpace(p.Value)
	if !strings.HasPrefix(text, "{") {
		text = "{" + text + "}"
	}
	n, mistakes := yamltext.Open([]byte(text), 8000, 400)
	if len(mistakes) > 0 || n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		return nil, badValue(p, "condition")
	}
	return rewritten(n), nil
}

// inQuotes puts every value between quotes.
func inQuotes(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.ScalarNode {
		n.Style = yaml.DoubleQuotedStyle
	} else if n != nil {
		for _, c := range n.Content {
			inQuotes(c)
		}
	}
	return n
}

// rewritten gives what a node says in the house's style.
func rewritten(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.ScalarNode {
		return scalar(n.Value, false) // a value of an answer is a text
	}
	out := &yaml.Node{Kind: n.Kind, Style: yaml.FlowStyle}
	for _, c := range n.Content {
		out.Content = append(out.Content, rewritten(c))
	}
	return out
}

// badValue is what a key cannot hold; what names the kind that it can.
func badValue(p Put, what string) error {
	return fault.New(fault.Invalid, "procedure.edit-value."+what, "key", p.Key, "value", p.Value).At(p.Key, "")
}
