package procedure

import (
	"slices"
	"strings"
)

// Endings lists every way a turn can end, one line each: facts and answers (those that nothing tells apart joined with |),
// the outcome, what it means and what it does. A golden file of them shows what a changed document changes.
func Endings(p *Procedure) []string {
	var lines []string
	p.states(func(s state) {
		if s.view.Complete {
			lines = append(lines, p.line(s)+" -> "+s.view.Outcome.line())
		}
	})
	slices.Sort(lines)
	return slices.Compact(lines)
}

// line prints a state: what distinguishes it, in the order in which the procedure asks.
func (p *Procedure) line(s state) string {
	var parts []string
	for _, f := range p.Facts {
		parts = append(parts, f+"="+strings.Join(s.alike[f], "|"))
	}
	atoms := p.comparisons()
	for _, fv := range s.view.Fields {
		switch value := s.view.Answers[fv.ID]; {
		case len(s.alike[fv.ID]) > 0 && fv.Type == "choice" && value != "":
			parts = append(parts, fv.ID+"="+strings.Join(s.alike[fv.ID], "|"))
		case fv.Type == "choice" && value != "": // settled by itself
			parts = append(parts, fv.ID+"="+value)
		case len(atoms[fv.ID]) > 0 && value == "":
			parts = append(parts, fv.ID+"="+none)
		case len(atoms[fv.ID]) > 0:
			parts = append(parts, fv.ID+"="+given)
		}
	}
	return strings.Join(parts, " ")
}

func (o Outcome) line() string {
	var does []string
	for _, e := range o.Effects {
		words := []string{e.Do, e.Reason, e.At, e.Type, e.App, e.Form, e.Mark, e.Trouble}
		switch {
		case e.Queue:
			words = append(words, "queue")
		case e.NextDay:
			words = append(words, "next-day")
		case e.After > 0:
			words = append(words, e.After.String())
		}
		does = append(does, strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " "))
	}
	return strings.TrimSpace(o.ID+" "+strings.Join(o.Means, " ")) + ": " + strings.Join(does, ", ")
}
