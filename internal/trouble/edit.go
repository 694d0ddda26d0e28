package trouble

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"sapa/internal/fault"
)

// Rung is a rung of the ladder as a page edits it: its priority and its condition on one line, "" for always.
type Rung struct{ Priority, When string }

// Terms are the settings as a page edits them.
type Terms struct {
	GaulDays  int
	Mandatory map[string][]Item // by service
}

// Fact is what a ladder can ask of a ticket: one of its values, or a number when it has none.
type Fact struct {
	Name   string
	Values []string
}

// Example shows how a condition asks for it.
func (f Fact) Example() string {
	if f.Values == nil {
		return f.Name + ": {at_least: 2}, " + f.Name + ": {above: 3}"
	}
	return f.Name + ": " + strings.Join(f.Values, " | ")
}

// LadderFacts lists what a ladder can ask, by name.
func LadderFacts() []Fact {
	var all []Fact
	for _, name := range slices.Sorted(maps.Keys(ladderFacts)) {
		values := slices.Clone(ladderFacts[name])
		if name == "admin" {
			values = []string{`"yes"`, `"no"`} // YAML reads the bare words as truths
		}
		all = append(all, Fact{name, values})
	}
	return all
}

// RungsOf takes a ladder apart. A text that is not right as a ladder has no rungs.
func RungsOf(text string) []Rung {
	var file struct {
		Ladder []struct {
			Priority string
			When     yaml.Node
		}
	}
	if _, err := readLadder([]byte(text)); err != nil || yaml.Unmarshal([]byte(text), &file) != nil {
		return nil
	}
	var all []Rung
	for _, one := range file.Ladder {
		r := Rung{Priority: one.Priority}
		if !one.When.IsZero() {
			r.When = strings.TrimSuffix(strings.TrimPrefix(flow(&one.When), "{"), "}")
		}
		all = append(all, r)
	}
	return all
}

// LadderOf writes rungs as a text, one line each: rung 0 stands on line 2. What is wrong in it Set tells, with its line; a
// condition that is no YAML by itself is told here, with the field "rung-N" of the table.
func LadderOf(rungs []Rung) (string, error) {
	var b strings.Builder
	b.WriteString("ladder:\n")
	for i, r := range rungs {
		row := yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{word("priority"), word(r.Priority)}}
		if when := strings.TrimSpace(r.When); when != "" {
			read := reading("ladder.yaml")
			condition := read.open([]byte("{" + when + "}"))
			if err := read.err(); err != nil {
				return "", fault.New(fault.Invalid, "trouble.rung", "row", i+1).At("rung-"+strconv.Itoa(i+1), "").Because(err)
			}
			row.Content = append(row.Content, word("when"), condition)
		}
		b.WriteString("  - " + flow(&row) + "\n")
	}
	return b.String(), nil
}

// TermsOf takes the settings apart; what is not right as settings has none.
func TermsOf(text string) Terms {
	s, err := readSettings([]byte(text))
	if err != nil {
		return Terms{}
	}
	return Terms{s.gaulDays, s.mandatory}
}

// SettingsOf writes terms as a text, a line for each item.
func SettingsOf(t Terms) string {
	var b strings.Builder
	b.WriteString("gaul_days: " + strconv.Itoa(t.GaulDays) + "\nmandatory:\n")
	for _, service := range Services {
		if len(t.Mandatory[service]) == 0 {
			continue
		}
		b.WriteString("  " + service + ":\n")
		for _, i := range t.Mandatory[service] {
			words := yaml.Node{Kind: yaml.SequenceNode}
			for _, w := range i.Words {
				words.Content = append(words.Content, word(w))
			}
			label := yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{word("id"), word(i.Label.ID), word("en"), word(i.Label.EN)}}
			row := yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{word("id"), word(i.ID), word("label"), &label, word("words"), &words}}
			b.WriteString("    - " + flow(&row) + "\n")
		}
	}
	return b.String()
}

func word(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s} }

// flow writes a node on one line, without its comments.
func flow(n *yaml.Node) string {
	plainly(n)
	text, err := yaml.Marshal(n)
	if err != nil {
		return "" // cannot be: what was read can be written
	}
	return strings.TrimSpace(string(text))
}

func plainly(n *yaml.Node) {
	n.HeadComment, n.LineComment, n.FootComment = "", "", ""
	if n.Kind != yaml.ScalarNode {
		n.Style = yaml.FlowStyle
	} else {
		n.Style &^= yaml.LiteralStyle | yaml.FoldedStyle
	}
	for _, c := range n.Content {
		plainly(c)
	}
}
