package procedure

import (
	"maps"
	"slices"
	"strings"
)

// View is what is asked now, and what has been answered.
type View struct {
	Step     string // the step on screen: the first one whose fields are incomplete
	Steps    []StepView
	Fields   []FieldView // what is asked, in order
	Missing  []string    // required fields without a value
	Complete bool
	Outcome  *Outcome // when complete
	Answers  Answers  // settled: stale children dropped
	Clause   string   // in force now
	Means    []string // what the line may mean, as far as it is known
}

// StepView is one step and how it stands: done, now, todo or skipped.
type StepView struct {
	Step
	State string
}

// FieldView is one question with what is on offer now.
type FieldView struct {
	Field
	Step     string
	Needed   bool     // required now
	Offer    []Option // what may be chosen
	Held     []Held   // of the same tree, but against what the line proves
	Value    string
	Proposal string // what the line says, when it leaves one choice
}

// Held is an option that cannot be chosen now, with the phrase key that says why.
type Held struct {
	Option
	Why string
}

// View settles the answers and shows what is asked. It is total and changes nothing it is given.
func (p *Procedure) View(f Facts, a Answers) View {
	v := View{Answers: Answers{}}
	get := func(name string) string {
		if value, ok := f[name]; ok {
			return value
		}
		return v.Answers[name]
	}
	for _, s := range p.Steps {
		state := "skipped"
		if s.When.holds(get) {
			state = p.viewStep(&v, s, f, a, get)
		}
		v.Steps = append(v.Steps, StepView{Step: s, State: state})
	}
	v.Means = meanings(f["last_line"], v.Answers["receiver"])
	p.standing(&v, get)
	return v
}

// viewStep asks the fields of an active step and gives its state as far as the step itself can tell.
func (p *Procedure) viewStep(v *View, s Step, f Facts, a Answers, get func(string) string) string {
	state := "done"
	for _, id := range s.Fields {
		field := p.Field(id)
		if !field.When.holds(get) {
			continue
		}
		fv, asked := field.ask(f, v.Answers["receiver"], a[id], get)
		if !asked {
			continue
		}
		fv.Step = s.ID
		if fv.Value != "" {
			v.Answers[id] = fv.Value
		} else if fv.Needed {
			v.Missing = append(v.Missing, id)
			state = "todo"
		}
		v.Fields = append(v.Fields, fv)
	}
	return state
}

// ask shows one field. A choice whose tree offers nothing is not asked.
func (f Field) ask(facts Facts, receiver, value string, get func(string) string) (FieldView, bool) {
	fv := FieldView{Field: f, Needed: f.Required.holds(get)}
	switch f.Type {
	case "choice":
		f.offer(&fv, facts["last_line"], meanings(facts["last_line"], receiver), get)
		if len(fv.Offer)+len(fv.Held) == 0 {
			return fv, false
		}
		if slices.ContainsFunc(fv.Offer, func(o Option) bool { return o.ID == value }) {
			fv.Value = value
		} else if f.Auto && len(fv.Offer) == 1 && len(fv.Held) == 0 {
			fv.Value = fv.Offer[0].ID
		}
	case "check":
		fv.Offer = f.Options
		fv.Value = f.ticked(value)
	default:
		fv.Value = strings.TrimSpace(value)
	}
	return fv, true
}

func (f Field) offer(fv *FieldView, line string, possible []string, get func(string) string) {
	var shown []string
	for _, o := range f.Options {
		switch {
		case !o.When.holds(get):
		case o.fits(possible):
			fv.Offer = append(fv.Offer, o)
			if o.shows(possible) {
				shown = append(shown, o.ID)
			}
		case len(possible) == 0:
			fv.Held = append(fv.Held, Held{Option: o, Why: needsWhy(line)})
		default:
			fv.Held = append(fv.Held, Held{Option: o, Why: "procedure.line-contradicts"})
		}
	}
	if len(shown) == 1 {
		fv.Proposal = shown[0]
	}
}

func needsWhy(line string) string {
	if line == "failed" || line == "unknown" {
		return "procedure.line-failed"
	}
	return "procedure.needs-call"
}

// ticked brings the value of a check into order: option ids, comma between, in the field's order. "yes", "all" and the
// like tick everything.
func (f Field) ticked(value string) string {
	value = strings.TrimSpace(value)
	var ids []string
	for _, o := range f.Options {
		if slices.Contains([]string{"yes", "true", "on", "all", "1"}, value) || slices.Contains(split(value), o.ID) {
			ids = append(ids, o.ID)
		}
	}
	return strings.Join(ids, ",")
}

func split(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
}

// standing finds the step on screen, whether all is complete, and the outcome.
func (p *Procedure) standing(v *View, get func(string) string) {
	last := -1
	for i, s := range v.Steps {
		if s.State == "skipped" {
			continue
		}
		last = i
		if s.State == "todo" && v.Step == "" {
			v.Steps[i].State, v.Step = "now", s.ID
		} else if v.Step != "" {
			v.Steps[i].State = "todo"
		}
	}
	if v.Step == "" && last >= 0 {
		v.Steps[last].State, v.Step = "now", v.Steps[last].ID
	}
	if len(v.Missing) == 0 {
		for i := range p.Outcomes {
			if p.Outcomes[i].When.holds(get) {
				v.Outcome, v.Complete = &p.Outcomes[i], true
				break
			}
		}
	}
	v.Clause = p.inForce(v)
}

// inForce is the clause of the first question that waits for an answer, else of the step on screen.
func (p *Procedure) inForce(v *View) string {
	if len(v.Missing) > 0 {
		if c := p.Field(v.Missing[0]).Clause(); c != "" {
			return c
		}
	}
	for _, s := range v.Steps {
		if s.ID == v.Step {
			return first(s.Clauses)
		}
	}
	return p.Clause
}

// Copy gives answers of their own.
func (a Answers) Copy() Answers {
	if a == nil {
		return Answers{}
	}
	return maps.Clone(a)
}
