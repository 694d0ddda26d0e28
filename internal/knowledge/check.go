package knowledge

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

var idForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// What an agent can say in one breath, and how long a guide may grow before nobody follows it on a telephone.
const (
	MaxSteps = 24
	maxText  = 600 // characters
)

// check walks an article as the procedures are walked: every branch leads to a step or an end, every one of them is reached,
// no way leads back, and the article says both how it works and how it does not.
func (r *reader) check(root *yaml.Node, a Article, known []Symptom) {
	if a.Code != "" && (!idForm.MatchString(a.Code) || len(a.Code) > 40) {
		r.wrong(root, "knowledge.file.form", "what", "code", "value", a.Code)
	}
	for _, s := range a.Services {
		r.oneOf(root, "service", s, Services)
	}
	for _, v := range a.Verdicts {
		r.oneOf(root, "verdict", v, Verdicts)
	}
	r.symptoms(root, a, known)
	if len(a.Steps) > MaxSteps {
		r.wrong(root, "knowledge.file.many-steps", "max", MaxSteps, "count", len(a.Steps))
	}
	for _, t := range a.texts() {
		if len([]rune(t.ID)) > maxText || len([]rune(t.EN)) > maxText {
			r.wrong(root, "knowledge.file.long", "max", maxText, "text", firstOf(t.ID, 40))
		}
	}
	for _, e := range a.Ends {
		if e.Guided != "" {
			r.oneOf(r.at[e.ID], "guided", e.Guided, []string{Worked, Failed})
		}
	}
	for _, end := range []string{Worked, Failed} {
		if len(a.Ends) > 0 && !slices.ContainsFunc(a.Ends, func(e End) bool { return e.Guided == end }) {
			r.wrong(root, "knowledge.file.one-sided", "value", end)
		}
	}
	r.ways(a)
}

func (r *reader) oneOf(n *yaml.Node, what, value string, known []string) {
	if !slices.Contains(known, value) {
		r.wrong(n, "knowledge.file.value", "what", what, "value", value, "known", strings.Join(known, ", "))
	}
}

// symptoms must be there, and of a service that the article is for.
func (r *reader) symptoms(root *yaml.Node, a Article, known []Symptom) {
	for _, id := range a.Symptoms {
		i := slices.IndexFunc(known, func(s Symptom) bool { return s.ID == id })
		if i < 0 {
			var ids []string
			for _, s := range known {
				ids = append(ids, s.ID)
			}
			r.oneOf(root, "symptom", id, ids)
			continue
		}
		if len(a.Services) > 0 && !slices.ContainsFunc(known[i].Services, func(s string) bool { return slices.Contains(a.Services, s) }) {
			r.wrong(root, "knowledge.file.other-service", "value", id, "known", strings.Join(known[i].Services, ", "))
		}
	}
}

// ways walks from the first step. A node is grey while its branches are walked: meeting a grey one is a circle.
func (r *reader) ways(a Article) {
	const grey, black = 1, 2
	colour := map[string]int{}
	var walk func(id string)
	walk = func(id string) {
		colour[id] = grey
		if s, isStep := a.Step(id); isStep {
			for _, to := range []string{s.Yes, s.No} {
				switch {
				case to == "": // said by needs
				case r.at[to] == nil:
					r.wrong(r.at[id], "knowledge.file.nowhere", "what", id, "value", to)
				case colour[to] == grey:
					r.wrong(r.at[id], "knowledge.file.circle", "what", id, "value", to)
				case colour[to] == 0:
					walk(to)
				}
			}
		}
		colour[id] = black
	}
	if len(a.Steps) > 0 {
		walk(a.Steps[0].ID)
	}
	for _, id := range a.ids() {
		if colour[id] == 0 {
			r.wrong(r.at[id], "knowledge.file.unreached", "what", id)
		}
	}
	for _, s := range a.Steps {
		if s.Yes != "" && s.Yes == s.No {
			r.wrong(r.at[s.ID], "knowledge.file.same-way", "what", s.ID, "value", s.Yes)
		}
	}
}

// ids are the names of steps and ends in the order they stand.
func (a Article) ids() []string {
	var all []string
	for _, s := range a.Steps {
		all = append(all, s.ID)
	}
	for _, e := range a.Ends {
		all = append(all, e.ID)
	}
	return all
}

// texts are all sentences of an article.
func (a Article) texts() []Text {
	all := []Text{a.Title, a.About, a.Words}
	for _, s := range a.Steps {
		all = append(all, s.Ask, s.Tip)
	}
	for _, e := range a.Ends {
		all = append(all, e.Say, e.Tip)
	}
	return all
}

// firstOf cuts a text to its first letters, for a message.
func firstOf(s string, n int) string {
	if all := []rune(s); len(all) > n {
		return string(all[:n]) + "…"
	}
	return s
}
