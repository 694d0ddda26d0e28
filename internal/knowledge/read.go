package knowledge

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"sapa/internal/fault"
	"sapa/internal/yamltext"
)

// TextMax is how long an article's text may be, in bytes; a guide for a call is short.
const TextMax = 32 << 10

// reader reads one article strictly and collects every mistake with its line.
type reader struct {
	file     string
	mistakes []error
	at       map[string]*yaml.Node // where a step or an end stands
}

// Read reads and checks an article. Every mistake is a fault of its own, joined: file, line, what is wrong and what to do.
func Read(file string, text []byte, known []Symptom) (Article, error) {
	r := &reader{file: file, at: map[string]*yaml.Node{}}
	var a Article
	root := r.open(text)
	if root == nil {
		return a, errors.Join(r.mistakes...)
	}
	r.keys(root, map[string]func(*yaml.Node){
		"code": r.str(&a.Code), "service": r.strs(&a.Services), "symptoms": r.strs(&a.Symptoms), "verdicts": r.strs(&a.Verdicts),
		"title": r.text(&a.Title), "about": r.text(&a.About), "words": r.text(&a.Words),
		"steps": r.each(func(n *yaml.Node) {
			var s Step
			r.keys(n, map[string]func(*yaml.Node){"id": r.str(&s.ID), "ask": r.text(&s.Ask), "tip": r.text(&s.Tip), "yes": r.str(&s.Yes), "no": r.str(&s.No)})
			r.named(n, s.ID)
			r.needs(n, s.ID, map[string]bool{"ask": s.Ask.ID != "", "yes": s.Yes != "", "no": s.No != ""})
			a.Steps = append(a.Steps, s)
		}),
		"ends": r.each(func(n *yaml.Node) {
			var e End
			r.keys(n, map[string]func(*yaml.Node){"id": r.str(&e.ID), "guided": r.str(&e.Guided), "say": r.text(&e.Say), "tip": r.text(&e.Tip)})
			r.named(n, e.ID)
			r.needs(n, e.ID, map[string]bool{"guided": e.Guided != "", "say": e.Say.ID != ""})
			a.Ends = append(a.Ends, e)
		}),
	})
	r.needs(root, file, map[string]bool{"code": a.Code != "", "title": a.Title.ID != "", "about": a.About.ID != "", "steps": len(a.Steps) > 0, "ends": len(a.Ends) > 0})
	r.check(root, a, known)
	return a, errors.Join(r.mistakes...)
}

// Mistakes lists what is wrong with an article, one fault each.
func Mistakes(err error) []*fault.Error {
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return nil
	}
	var all []*fault.Error
	for _, e := range joined.Unwrap() {
		all = append(all, fault.Of(e))
	}
	return all
}

// wrong notes a mistake. Values come in pairs: name, value.
func (r *reader) wrong(n *yaml.Node, key string, values ...any) {
	line := 1
	if n != nil {
		line = n.Line
	}
	r.mistakes = append(r.mistakes, fault.New(fault.Invalid, key, append(values, "file", r.file, "line", line)...).At("text", ""))
}

// open reads a text that holds exactly one document without aliases or doubled keys.
func (r *reader) open(text []byte) *yaml.Node {
	n, mistakes := yamltext.Open(text, TextMax, 0)
	for _, m := range mistakes {
		r.wrong(&yaml.Node{Line: m.Line}, "knowledge.file."+m.Key, m.Name, m.Value)
	}
	return n
}

// keys hands each key of a mapping to its reader.
func (r *reader) keys(n *yaml.Node, known map[string]func(*yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.wrong(n, "knowledge.file.kind", "what", "key: value")
		return
	}
	for i := 0; i < len(n.Content); i += 2 {
		if read := known[n.Content[i].Value]; read != nil {
			read(n.Content[i+1])
			continue
		}
		r.wrong(n.Content[i], "knowledge.file.unknown-key", "key", n.Content[i].Value, "known", strings.Join(slices.Sorted(maps.Keys(known)), ", "))
	}
}

// each hands every item of a list to a reader.
func (r *reader) each(read func(*yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			r.wrong(n, "knowledge.file.kind", "what", "- ...")
			return
		}
		for _, c := range n.Content {
			read(c)
		}
	}
}

// str reads a text. yes: and no: are keys here and words of YAML 1.1 elsewhere, so only what is quoted or plain text counts.
func (r *reader) str(to *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if *to = strings.TrimSpace(n.Value); n.Kind != yaml.ScalarNode || *to == "" || n.Tag == "!!null" {
			r.wrong(n, "knowledge.file.kind", "what", "text")
		}
	}
}

func (r *reader) strs(to *[]string) func(*yaml.Node) {
	one := func(n *yaml.Node) {
		var s string
		r.str(&s)(n)
		if slices.Contains(*to, s) {
			r.wrong(n, "knowledge.file.double", "what", s)
		}
		*to = append(*to, s)
	}
	return func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode {
			one(n)
			return
		}
		r.each(one)(n)
	}
}

func (r *reader) text(to *Text) func(*yaml.Node) {
	return func(n *yaml.Node) {
		r.keys(n, map[string]func(*yaml.Node){"id": r.str(&to.ID), "en": r.str(&to.EN)})
		if to.ID == "" || to.EN == "" {
			r.wrong(n, "knowledge.file.language")
		}
	}
}

// named keeps where a step or an end stands; both share one set of names, since a branch may lead to either.
func (r *reader) named(n *yaml.Node, id string) {
	if !idForm.MatchString(id) {
		r.wrong(n, "knowledge.file.form", "what", "id", "value", id)
	}
	if r.at[id] != nil {
		r.wrong(n, "knowledge.file.double", "what", id)
	}
	r.at[id] = n
}

// needs says which parts are missing.
func (r *reader) needs(n *yaml.Node, what string, has map[string]bool) {
	var missing []string
	for part, there := range has {
		if !there {
			missing = append(missing, part)
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		r.wrong(n, "knowledge.file.part", "what", what, "parts", strings.Join(missing, ", "))
	}
}
