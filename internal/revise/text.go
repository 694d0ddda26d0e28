package revise

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// lineStarts lists where the lines of a YAML text begin, in bytes; its line breaks are those of the YAML reader.
func lineStarts(text string) []int {
	starts := []int{0}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		i += n
		if r == '\r' && strings.HasPrefix(text[i:], "\n") {
			i++
		}
		if strings.ContainsRune("\n\r\u0085\u2028\u2029", r) {
			starts = append(starts, i)
		}
	}
	return starts
}

// begin gives the byte at which a node begins; the reader counts characters.
func (s *sheet) begin(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(s.lines) {
		return len(s.text)
	}
	at := s.lines[n.Line-1]
	for i := 1; i < n.Column && at < len(s.text); i++ {
		_, size := utf8.DecodeRuneInString(s.text[at:])
		at += size
	}
	return at
}

// end gives the byte after the last of a node. What is guessed wrong here is found out when the result is read again.
func (s *sheet) end(n *yaml.Node) int {
	from := s.begin(n)
	switch {
	case n.Style&yaml.FlowStyle != 0 && n.Kind != yaml.ScalarNode:
		return s.endFlow(from)
	case n.Kind != yaml.ScalarNode:
		if len(n.Content) == 0 {
			return from
		}
		return s.end(n.Content[len(n.Content)-1])
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		return s.endQuoted(from)
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return s.endBlock(n.Line)
	}
	for _, word := range strings.Fields(n.Value) { // plain: its words, over lines that the reader has joined
		for from < len(s.text) && !strings.HasPrefix(s.text[from:], word) {
			from++
		}
		from = min(from+len(word), len(s.text))
	}
	return from
}

func (s *sheet) endQuoted(from int) int {
	if from >= len(s.text) {
		return from
	}
	quote := s.text[from]
	for i := from + 1; i < len(s.text); i++ {
		switch {
		case quote == '"' && s.text[i] == '\\':
			i++
		case quote == '\'' && strings.HasPrefix(s.text[i:], "''"):
			i++
		case s.text[i] == quote:
			return i + 1
		}
	}
	return len(s.text)
}

// endFlow finds the bracket that closes the one at from. A quote opens only where a value begins, a comment after a space.
func (s *sheet) endFlow(from int) int {
	depth := 0
	fresh := true // a value may begin here
	for i := from; i < len(s.text); i++ {
		c := s.text[i]
		switch {
		case fresh && (c == '"' || c == '\''):
			i = s.endQuoted(i) - 1
			fresh = false
		case c == '#' && strings.ContainsRune(" \t\n", rune(s.text[i-1])):
			for i+1 < len(s.text) && s.text[i+1] != '\n' {
				i++
			}
		case c == '{' || c == '[':
			depth++
			fresh = true
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return i + 1
			}
			fresh = false
		case c == ',' || c == ':':
			fresh = true
		case c != ' ' && c != '\t' && c != '\n' && c != '\r':
			fresh = false
		}
	}
	return len(s.text)
}

// endBlock finds the end of a text under | or >, whose mark stands in a line: the last line that is further in than the first.
func (s *sheet) endBlock(line int) int {
	end, deep := s.lineEnd(s.lines[line-1]), -1
	for at := end; at < len(s.text); at = s.lineEnd(at) {
		content := strings.TrimRight(s.text[at:s.lineEnd(at)], "\r\n")
		in := len(content) - len(strings.TrimLeft(content, " "))
		switch {
		case strings.TrimSpace(content) == "":
			continue
		case deep < 0:
			deep = in
		}
		if in < deep || in == 0 {
			break
		}
		end = s.lineEnd(at)
	}
	return len(strings.TrimRight(s.text[:end], "\r\n"))
}

func (s *sheet) lineStart(at int) int {
	start := 0
	for _, l := range s.lines {
		if l > at {
			break
		}
		start = l
	}
	return start
}

// lineEnd is where the next line begins.
func (s *sheet) lineEnd(at int) int {
	for _, l := range s.lines {
		if l > at {
			return l
		}
	}
	return len(s.text)
}

// scalar is a text; its printer puts it between quotes where it must be, or always.
func scalar(value string, quoted bool) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
	if quoted {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

// literal is a number, true or false.
func literal(value string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Value: value, Tag: "!!int"}
	if value == "true" || value == "false" {
		n.Tag = "!!bool"
	}
	return n
}

func mapped(content ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle, Content: content}
}

// unquoted tells whether a text may stand without quotes in a line, where in is k: %, or inside brackets, where it is {k: %}: the
// reader itself is asked.
func unquoted(value string, in string) bool {
	if strings.ContainsAny(value, "\n\t\r") || strings.TrimSpace(value) != value {
		return false
	}
	switch strings.ToLower(value) {
	case "", "yes", "no", "on", "off":
		return false
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(strings.Replace(in, "%", value, 1)), &doc); err != nil || len(doc.Content) != 1 {
		return false
	}
	m := doc.Content[0]
	if len(m.Content) != 2 || m.Content[1].Kind != yaml.ScalarNode || m.Content[1].Style != 0 {
		return false
	}
	v := m.Content[1]
	return v.Value == value && v.ShortTag() == "!!str" && v.Anchor == "" && v.LineComment == ""
}

// flow prints a node in one line, as the files write lists and small parts.
func flow(n *yaml.Node) string {
	var parts []string
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i < len(n.Content); i += 2 {
			parts = append(parts, flow(n.Content[i])+": "+flow(n.Content[i+1]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case yaml.SequenceNode:
		for _, c := range n.Content {
			parts = append(parts, flow(c))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return oneWord(n, inBrackets)
}

const inLine, inBrackets = "k: %", "{k: %}"

func oneWord(n *yaml.Node, in string) string {
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 || n.Tag == "!!str" && !unquoted(n.Value, in) {
		return quoted(n.Value)
	}
	return n.Value
}

// inOneLine prints a node as the value of a key in a line of its own.
func inOneLine(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode {
		return oneWord(n, inLine)
	}
	return flow(n)
}

// quoted writes a text between double quotes; what has no sign of its own on paper is written as a number.
func quoted(value string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range value {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r != ' ' && !unicode.IsPrint(r):
			b.WriteString(`\U` + strings.Repeat("0", 8-len(strconv.FormatInt(int64(r), 16))) + strconv.FormatInt(int64(r), 16))
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// unprintable are signs that no person types and no file needs.
func unprintable(r rune) bool {
	return r == utf8.RuneError || r != '\n' && r != '\t' && unicode.IsControl(r)
}
