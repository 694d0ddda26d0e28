package procedure

import (
	"strings"

	"sapa/internal/fault"
)

// Pair is an answer that must be refused after the answers before it: the page, the API and a replayed draft alike.
type Pair struct {
	Field, Value string
	Facts        Facts
	With         Answers // given before, all of them in order
	Key, Clause  string  // of the refusal
}

// IllegalPairs lists, for every state that can be told apart, each option its questions do not offer and each question it
// does not ask; one pair for each way the choices before can rule it out.
func (p *Procedure) IllegalPairs() []Pair {
	var pairs []Pair
	seen := map[string]bool{}
	p.Walk(func(f Facts, a Answers, _ View) {
		for _, s := range p.Steps {
			for _, id := range s.Fields {
				field := p.Field(id)
				for _, value := range field.candidates() {
					pair := Pair{Field: id, Value: value, Facts: f, With: p.before(id, a)}
					cause := pair.cause(s, field)
					if seen[cause] {
						continue
					}
					seen[cause] = true
					if pair.refused(p, field) {
						pairs = append(pairs, pair)
					}
				}
			}
		}
	})
	return pairs
}

// before gives the answers to the questions that come before one.
func (p *Procedure) before(id string, a Answers) Answers {
	earlier := Answers{}
	for _, f := range p.Fields {
		if f.ID == id {
			break
		}
		if a[f.ID] != "" {
			earlier[f.ID] = a[f.ID]
		}
	}
	return earlier
}

// refused asks whether the value may not be given, and keeps how it is refused.
func (pair *Pair) refused(p *Procedure, field *Field) bool {
	with := pair.With.Copy()
	with[field.ID] = pair.Value
	refusal := fault.Of(field.judge(p.View(pair.Facts, with), pair.Value, nil))
	if refusal == nil {
		return false
	}
	pair.Key, pair.Clause = refusal.Key, refusal.Clause
	return true
}

// candidates are the values to try: all options and one that does not exist, or something the field would take.
func (f *Field) candidates() []string {
	if f.Type == "choice" {
		return append(f.ids(), "no-such-option")
	}
	return []string{f.sample()}
}

// cause is the same for two pairs that only differ in what cannot matter to them.
func (pair *Pair) cause(s Step, field *Field) string {
	line := pair.Facts["last_line"]
	parts := []string{pair.Field, pair.Value, strings.Join(meanings(line, pair.With["receiver"]), " "), whyHeld(line, nil)}
	conds := []Cond{s.When, field.When}
	for _, o := range field.Options {
		conds = append(conds, o.When)
	}
	for _, c := range conds {
		c.each(func(id string, _ []string) { parts = append(parts, id+"="+pair.With[id]+pair.Facts[id]) })
	}
	return strings.Join(parts, "\n")
}
