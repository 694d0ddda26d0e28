package procedure

import "strings"

// Fill gives the effect's text in a language with its {places} filled; a place that nothing fills stays empty.
func (e Effect) Fill(lang string, values map[string]string) string {
	return FillText(e.Text.In(lang), values)
}

// FillText fills the {places} of a template; a place that nothing fills stays empty.
func FillText(template string, values map[string]string) string {
	var b strings.Builder
	for {
		before, rest, open := strings.Cut(template, "{")
		b.WriteString(before)
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			if open {
				b.WriteString("{" + rest)
			}
			return b.String()
		}
		b.WriteString(values[name])
		template = after
	}
}

// Places lists the {places} of a template.
func Places(template string) []string {
	var names []string
	for {
		_, rest, _ := strings.Cut(template, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			return names
		}
		names = append(names, name)
		template = after
	}
}
