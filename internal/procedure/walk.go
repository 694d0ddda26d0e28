package procedure

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// sampleText stands for any text, time or number while walking: only whether something was given can matter.
const sampleText = "x"

// Walk visits every state of facts and answers that the procedure can tell apart: every combination of the facts it uses,
// and of the choices on offer under them. Choices that no condition and no meaning can tell apart stand for each other.
func (p *Procedure) Walk(visit func(Facts, Answers, View)) {
	named := p.named()
	facts := Facts{}
	var overFacts func(i int)
	overFacts = func(i int) {
		if i == len(p.Facts) {
			p.walkAnswers(facts, Answers{}, map[string]bool{}, named, visit)
			return
		}
		for _, v := range FactValues[p.Facts[i]] {
			facts[p.Facts[i]] = v
			overFacts(i + 1)
		}
	}
	overFacts(0)
}

// named collects which values of which fields any condition asks for.
func (p *Procedure) named() map[string]map[string]bool {
	all := map[string]map[string]bool{}
	note := func(field string, values []string) {
		if all[field] == nil {
			all[field] = map[string]bool{}
		}
		for _, v := range values {
			all[field][v] = true
		}
	}
	for _, s := range p.Steps {
		s.When.names(note)
	}
	for _, f := range p.Fields {
		f.When.names(note)
		f.Required.names(note)
		for _, o := range f.Options {
			o.When.names(note)
		}
	}
	for _, o := range p.Outcomes {
		o.When.names(note)
	}
	return all
}

// walkAnswers answers the first question that has not been gone into yet, in every way that matters.
func (p *Procedure) walkAnswers(f Facts, a Answers, gone map[string]bool, named map[string]map[string]bool, visit func(Facts, Answers, View)) {
	v := p.View(f, a)
	visit(maps.Clone(f), maps.Clone(v.Answers), v)
	for _, fv := range v.Fields {
		if gone[fv.ID] || fv.Value != "" {
			continue
		}
		gone[fv.ID] = true
		for _, value := range fv.worth(named[fv.ID]) {
			next := v.Answers.Copy()
			if value != "" {
				next[fv.ID] = value
			}
			p.walkAnswers(f, next, gone, named, visit)
		}
		delete(gone, fv.ID)
		return
	}
}

// worth lists the values of a question that lead to different places; "" leaves it unanswered.
func (fv FieldView) worth(named map[string]bool) []string {
	var values []string
	if !fv.Needed {
		values = append(values, "")
	}
	switch fv.Type {
	case "choice":
		seen := map[string]bool{}
		for _, o := range fv.Offer {
			kind := strings.Join(o.Means, " ")
			if named[o.ID] {
				kind = "id " + o.ID
			}
			if !seen[kind] {
				values = append(values, o.ID)
			}
			seen[kind] = true
		}
	case "check":
		values = append(values, fv.Options[0].ID)
	default:
		if fv.Needed || named[given] || named[none] {
			values = append(values, sampleText)
		}
	}
	return values
}

// checkStates walks every state: each option must be on offer somewhere, each outcome reached, each complete state must
// have an outcome, and an outcome's effects may only name fields that were asked.
func (r *reader) checkStates(p *Procedure) {
	at := place{"campaigns/" + p.Code + ".yaml", 1}
	offered, reached, wrong := map[string]bool{}, map[string]bool{}, map[string]bool{}
	once := func(class, remedy, text string) {
		if !wrong[text] {
			r.wrong(at, class, remedy, "%s: %s", p.Code, text)
		}
		wrong[text] = true
	}
	p.Walk(func(f Facts, _ Answers, v View) {
		for _, fv := range v.Fields {
			for _, o := range fv.Offer {
				offered[fv.ID+" "+o.ID] = true
			}
		}
		switch {
		case v.Complete:
			reached[v.Outcome.ID] = true
			for _, e := range v.Outcome.Effects {
				if e.At != "" && v.Answers[e.At] == "" {
					once("unasked-time", "make the time required there", fmt.Sprintf("outcome %s calls again at %s, which need not be answered", v.Outcome.ID, e.At))
				}
			}
		case len(v.Missing) == 0:
			once("no-outcome", "write an outcome for it", "no outcome for "+state(p, f, v.Answers))
		}
	})
	for _, field := range p.Fields {
		for _, o := range field.Options {
			if !offered[field.ID+" "+o.ID] {
				once("never-offered", "mend its condition or drop it", fmt.Sprintf("field %s never offers %s", field.ID, o.ID))
			}
		}
	}
	for _, o := range p.Outcomes {
		if !reached[o.ID] {
			once("never-reached", "mend its condition or the order of outcomes", fmt.Sprintf("outcome %s is never reached", o.ID))
		}
	}
}

// state prints facts and answers in the procedure's own order.
func state(p *Procedure, f Facts, a Answers) string {
	var parts []string
	for _, name := range p.Facts {
		parts = append(parts, name+"="+f[name])
	}
	for _, field := range p.Fields {
		if v := a[field.ID]; v != "" {
			parts = append(parts, field.ID+"="+v)
		}
	}
	return strings.Join(parts, " ")
}

// Endings lists every way a turn can end, sorted: facts and answers, the outcome, its effects. It is what a golden file
// keeps, so that a changed document shows what it changes.
func Endings(p *Procedure) []string {
	seen := map[string]bool{}
	p.Walk(func(f Facts, _ Answers, v View) {
		if v.Complete {
			seen[state(p, f, v.Answers)+" -> "+v.Outcome.ID+": "+effects(v.Outcome.Effects)] = true
		}
	})
	return slices.Sorted(maps.Keys(seen))
}

func effects(all []Effect) string {
	var parts []string
	for _, e := range all {
		s := e.Do
		for _, more := range []string{e.Reason, e.At, e.Type, e.App, e.Form, e.Mark, e.Trouble} {
			if more != "" {
				s += " " + more
			}
		}
		switch {
		case e.Queue:
			s += " queue"
		case e.NextDay:
			s += " next-day"
		case e.After > 0:
			s += " " + e.After.String()
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, ", ")
}

// Pair is a choice that a state must refuse.
type Pair struct {
	Facts   Facts
	Answers Answers // given before
	Field   string
	Value   string
}

// IllegalPairs lists every choice of every field that some state does not offer, one state each: the page, the API and a
// replayed draft must refuse all of them.
func (p *Procedure) IllegalPairs() []Pair {
	var pairs []Pair
	seen := map[string]bool{}
	p.Walk(func(f Facts, a Answers, v View) {
		for _, fv := range v.Fields {
			if fv.Type != "choice" {
				continue
			}
			for _, o := range fv.Field.Options {
				if slices.ContainsFunc(fv.Offer, func(on Option) bool { return on.ID == o.ID }) {
					continue
				}
				before := a.Copy()
				delete(before, fv.ID)
				key := fv.ID + " " + o.ID + " " + p.parents(f, before)
				if !seen[key] {
					pairs = append(pairs, Pair{f, before, fv.ID, o.ID})
				}
				seen[key] = true
			}
		}
	})
	return pairs
}

// parents is what a pair is told apart by: the line and the choices made before.
func (p *Procedure) parents(f Facts, a Answers) string {
	parts := []string{f["last_line"]}
	for _, field := range p.Fields {
		if field.Type == "choice" && a[field.ID] != "" {
			parts = append(parts, a[field.ID])
		}
	}
	return strings.Join(parts, " ")
}
