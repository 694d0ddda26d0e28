package procedure

import (
	"maps"
	"slices"
	"strings"
)

// A walk is bounded: a procedure that people can follow has some thousands of states at most, so more is a mistake. So is
// one so large that looking at its states takes more than workMax comparisons; the seven campaigns need a hundredth of it.
const (
	statesMax = 20_000
	workMax   = 50_000_000
)

// state is one state of facts and answers that the procedure can tell apart from every other.
type state struct {
	facts Facts
	view  View
	alike map[string][]string // facts and choices: the values this one stands for
}

// Walk visits every state of facts and answers that the procedure can tell apart: the facts it uses, and under them each
// choice on offer. Values that no condition and no meaning can tell apart stand for each other.
func (p *Procedure) Walk(visit func(Facts, Answers, View)) {
	p.states(func(s state) { visit(maps.Clone(s.facts), s.view.Answers.Copy(), s.view) })
}

// states walks; false when it gave up.
func (p *Procedure) states(visit func(state)) bool {
	w := walker{p: p, visit: visit, atoms: p.comparisons(), state: state{facts: Facts{}, alike: map[string][]string{}}}
	w.size = w.cost()
	w.overFacts(p.Facts)
	return !w.spent()
}

// cost is about how many comparisons one view takes.
func (w *walker) cost() int {
	n := len(w.p.Fields)*len(w.p.Fields) + len(w.p.Steps) + len(w.p.Outcomes)
	for _, f := range w.p.Fields {
		n += len(f.Options)
	}
	for id := range w.atoms {
		n += w.compared(id)
	}
	return n
}

// compared is with how many values a fact or field is compared.
func (w *walker) compared(id string) (n int) {
	for _, c := range w.atoms[id] {
		n += len(c.Values)
	}
	return n
}

func (w *walker) spent() bool { return w.seen > statesMax || w.work > workMax }

// comparisons collects, for each fact and field, all that the procedure ever compares it with.
func (p *Procedure) comparisons() map[string][]Cond {
	atoms := map[string][]Cond{}
	note := func(c Cond) {
		c.each(func(id string, values []string) { atoms[id] = append(atoms[id], Cond{Values: values}) })
	}
	for _, s := range p.Steps {
		note(s.When)
	}
	for _, f := range p.Fields {
		note(f.When)
		note(f.Required)
		for _, o := range f.Options {
			note(o.When)
		}
	}
	for _, o := range p.Outcomes {
		note(o.When)
		for _, e := range o.Effects {
			if e.At != "" { // whether there is a time is told apart by the effect
				note(Cond{Field: e.At, Values: []string{given}})
			}
		}
	}
	return atoms
}

type walker struct {
	p     *Procedure
	visit func(state)
	atoms map[string][]Cond
	state state
	size  int // of one view, in comparisons
	seen  int // states
	work  int // comparisons
}

// kind is the same for two values of a fact or field that nothing tells apart.
func (w *walker) kind(id, value string) string {
	var b strings.Builder
	for _, c := range w.atoms[id] {
		if c.matches(value) {
			b.WriteByte('1')
		} else {
			b.WriteByte('0')
		}
	}
	switch id {
	case "last_line":
		b.WriteString(strings.Join(meanings(value, ""), " "))
		b.WriteString(whyHeld(value, nil))
	case "receiver":
		b.WriteString(receivers[value])
	}
	return b.String()
}

// groups puts the values that nothing tells apart together, in their order.
func (w *walker) groups(id string, values []string) [][]string {
	var groups [][]string
	at := map[string]int{}
	w.work += len(values) * w.compared(id)
	for _, v := range values {
		k := w.kind(id, v)
		i, seen := at[k]
		if !seen {
			i, at[k] = len(groups), len(groups)
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], v)
	}
	return groups
}

func (w *walker) overFacts(left []string) {
	if len(left) == 0 {
		w.overAnswers(Answers{}, map[string]bool{})
		return
	}
	for _, group := range w.groups(left[0], FactValues[left[0]]) {
		w.state.facts[left[0]], w.state.alike[left[0]] = group[0], group
		w.overFacts(left[1:])
	}
}

// overAnswers answers the first question that has not been gone into yet, in every way that can be told apart.
func (w *walker) overAnswers(a Answers, gone map[string]bool) {
	w.seen++
	if w.work += w.size; w.spent() {
		return
	}
	w.state.view = w.p.View(w.state.facts, a)
	v := w.state.view
	w.visit(w.state)
	i := slices.IndexFunc(v.Fields, func(fv FieldView) bool { return !gone[fv.ID] && fv.Value == "" })
	if i < 0 {
		return
	}
	fv := v.Fields[i]
	gone[fv.ID] = true
	for _, group := range w.worth(fv) {
		next := v.Answers.Copy()
		next[fv.ID], w.state.alike[fv.ID] = group[0], group
		w.overAnswers(next, gone)
	}
	delete(w.state.alike, fv.ID)
	delete(gone, fv.ID)
}

// worth lists the values of a question that lead to different places; "" leaves it unanswered.
func (w *walker) worth(fv FieldView) (groups [][]string) {
	if fv.Type == "choice" {
		var ids []string
		for _, o := range fv.Offer {
			ids = append(ids, o.ID)
		}
		groups = w.groups(fv.ID, ids)
	} else if fv.Needed || len(w.atoms[fv.ID]) > 0 {
		groups = [][]string{{fv.sample()}}
	}
	if !fv.Needed {
		groups = append(groups, []string{""})
	}
	return groups
}

// samples are values that the desk's validators accept, from ranges that belong to nobody.
var samples = map[string]string{"phone": "089990000001", "mobile": "089990000001", "service-no": "152999000001", "ticket-no": "IN99900001",
	"time": "2035-01-08T10:00:00+07:00", "number": "1"}

// sample gives a value the field accepts.
func (f *Field) sample() string {
	switch {
	case f.Type == "check":
		return f.Options[0].ID
	case samples[f.Check] != "":
		return samples[f.Check]
	case samples[f.Type] != "":
		return samples[f.Type]
	}
	return "x"
}
