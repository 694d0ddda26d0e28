package knowledge

import (
	"errors"
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
	yamltext.Reader
	file     string
	mistakes []error
	at       map[string]*yaml.Node // where a step or an end stands
}

// Read reads and checks an article. Every mistake is a fault of its own, joined: file, line, what is wrong and what to do.
func Read(file string, text []byte, known []Symptom) (Article, error) {
	r := &reader{file: file, at: map[string]*yaml.Node{}}
	r.Reader.Wrong = func(n *yaml.Node, key string, values ...any) { r.wrong(n, "knowledge.file."+key, values...) }
	var a Article
	root := r.open(text)
	if root == nil {
		return a, errors.Join(r.mistakes...)
	}
	r.Keys(root, map[string]func(*yaml.Node){
		"code": r.Str(&a.Code), "service": r.strs(&a.Services), "symptoms": r.strs(&a.Symptoms), "verdicts": r.strs(&a.Verdicts),
		"title": r.text(&a.Title), "about": r.text(&a.About), "words": r.text(&a.Words),
		"steps": r.Each(func(n *yaml.Node) {
			var s Step
			r.Keys(n, map[string]func(*yaml.Node){"id": r.Str(&s.ID), "ask": r.text(&s.Ask), "tip": r.text(&s.Tip), "yes": r.Str(&s.Yes), "no": r.Str(&s.No)})
			r.named(n, s.ID)
			r.needs(n, s.ID, map[string]bool{"ask": s.Ask.ID != "", "yes": s.Yes != "", "no": s.No != ""})
			a.Steps = append(a.Steps, s)
		}),
		"ends": r.Each(func(n *yaml.Node) {
			var e End
			r.Keys(n, map[string]func(*yaml.Node){"id": r.Str(&e.ID), "guided": r.Str(&e.Guided), "say": r.text(&e.Say), "tip": r.text(&e.Tip)})
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

// strs reads a list that names nothing twice.
func (r *reader) strs(to *[]string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		r.Strs(to)(n)
		for i, s := range *to {
			if slices.Contains((*to)[:i], s) {
				r.wrong(n, "knowledge.file.double", "what", s)
			}
		}
	}
}

func (r *reader) text(to *Text) func(*yaml.Node) { return r.Both(&to.ID, &to.EN) }

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
