package trace

import (
	"slices"

	"sapa/internal/procedure"
)

// The kinds of parts.
const (
	Campaign = "campaign"
	Act      = "act"
	Queue    = "queue"
	Save     = "save"
	Step     = "step"
	Script   = "script"
	Field    = "field"
	Option   = "option"
	Outcome  = "outcome"
	Effect   = "effect"
)

// Part is one thing of a campaign, or of an act, that rests on a clause.
type Part struct {
	Campaign string // its code
	Title    procedure.Text
	Kind     string
	ID       string         // of the step, field or outcome; empty for campaign, queue, save
	Of       string         // the option of a field, what an effect does
	Label    procedure.Text // as people read it
	Within   procedure.Text // of an option: its field
	OfAct    bool
	step     procedure.Step
}

// Parts lists what of a book's campaigns and acts rests on a clause, in the book's order.
func Parts(b *procedure.Book, clause string) []Part {
	var all []Part
	for _, p := range b.Procedures {
		all = append(all, partsOf(p, clause)...)
	}
	for _, p := range b.Acts {
		all = append(all, partsOf(p, clause)...)
	}
	return all
}

func partsOf(p *procedure.Procedure, clause string) []Part {
	var all []Part
	add := func(kind, id, of string, label procedure.Text, clauses ...string) *Part {
		if !slices.Contains(clauses, clause) {
			return &Part{}
		}
		all = append(all, Part{Campaign: p.Code, Title: p.Title, Kind: kind, ID: id, Of: of, Label: label, OfAct: p.Act})
		return &all[len(all)-1]
	}
	whole := Campaign
	if p.Act {
		whole = Act
	}
	add(whole, "", "", p.Title, p.Clause)
	if !p.Act {
		add(Queue, "", "", p.Title, p.Queue.Clause)
	}
	add(Save, "", "", procedure.Text{ID: p.Save.Label, EN: p.Save.Label}, p.Save.Clause)
	for _, s := range p.Steps {
		add(Step, s.ID, "", s.Title, append(slices.Clone(s.Clauses), s.Covers...)...).step = s
		for _, l := range s.Say {
			if l.Clause == clause {
				add(Script, s.ID, "", s.Title, l.Clause).step = s
				break
			}
		}
	}
	for _, f := range p.Fields {
		add(Field, f.ID, "", f.Label, f.Clauses...)
		for _, o := range f.Options {
			add(Option, f.ID, o.ID, o.Label, o.Clauses...).Within = f.Label
		}
	}
	for _, o := range p.Outcomes {
		add(Outcome, o.ID, "", o.Title, o.Clauses...)
		for _, e := range o.Effects {
			add(Effect, o.ID, e.Do, o.Title, e.Clause)
		}
	}
	return all
}
