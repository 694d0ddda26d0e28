package procedure

import (
	"maps"
	"slices"
	"strings"
)

// View is what is asked now, and what has been answered.
type View struct {
	Step     string // the step on screen: the first one that is not done
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

// unsolved tells whether what was chosen leaves the matter open.
func (fv FieldView) unsolved() bool {
	return slices.ContainsFunc(fv.Options, func(o Option) bool { return o.ID == fv.Value && slices.Contains(o.Means, Unsolved) })
}

// Held is an option that cannot be chosen now, with the phrase key that says why.
type Held struct {
	Option
	Why string
}

// View settles the answers and shows what is asked. It is total and changes nothing it is given.
func (p *Procedure) View(f Facts, a Answers) View {
	v := View{Answers: Answers{}, Steps: make([]StepView, 0, len(p.Steps)), Fields: make([]FieldView, 0, len(p.Fields))}
	get := func(name string) string {
		if value, ok := f[name]; ok {
			return value
		}
		return v.Answers[name]
	}
	for _, s := range p.Steps {
		state := "skipped"
		if !s.Off && s.When.holds(get) {
			state = p.ask(&v, s, f, a, get)
		}
		s.Say = fitting(s.Say, get)
		v.Steps = append(v.Steps, StepView{Step: s, State: state})
	}
	v.Means = meanings(f["last_line"], v.Answers["receiver"])
	if len(v.Missing) == 0 {
		i := slices.IndexFunc(p.Outcomes, func(o Outcome) bool { return o.When.holds(get) })
		if i >= 0 {
			v.Outcome, v.Complete = &p.Outcomes[i], true
		}
	}
	v.stand()
	v.Clause = v.inForce(p.Clause)
	return v
}

// Lean is the view when everything the line says is taken at its word: a choice that the line leaves one option for is made, its
// children follow (never ask for what a system knows).
func (p *Procedure) Lean(f Facts, a Answers) View {
	answers := a.Copy()
	view := p.View(f, answers)
	for range p.Fields { // each round can open one more level
		taken := false
		for _, field := range view.Fields {
			if field.Value == "" && field.Proposal != "" {
				answers[field.ID], taken = field.Proposal, true
			}
		}
		if !taken {
			break
		}
		view = p.View(f, answers)
	}
	return view
}

// Words are the fields that take the agent's own words on the result: the texts of the last step that no ticket answers, in
// order. Of those that are asked, the last one is the remarks, whatever the document calls them.
func (p *Procedure) Words() (ids []string) {
	for _, s := range slices.Backward(p.Steps) {
		if s.Off {
			continue
		}
		for _, id := range s.Fields {
			if f := p.Field(id); f.Type == "text" && f.Known == "" {
				ids = append(ids, id)
			}
		}
		break
	}
	return ids
}

// Remarks are the agent's own words among answers; "" when there are none.
func (p *Procedure) Remarks(a Answers) string {
	for _, id := range slices.Backward(p.Words()) {
		if text := strings.TrimSpace(a[id]); text != "" {
			return text
		}
	}
	return ""
}

// fitting keeps the sentences that fit what is known.
func fitting(lines []Line, get func(string) string) (say []Line) {
	for _, l := range lines {
		if l.When.holds(get) {
			say = append(say, l)
		}
	}
	return say
}

// ask asks the fields of an active step and gives its state as far as the step itself can tell.
func (p *Procedure) ask(v *View, s Step, f Facts, a Answers, get func(string) string) string {
	state := "done"
	if s.Kind == "read" && f["read"] == "no" || s.Kind == "call" && len(meanings(f["last_line"], "")) == 0 {
		state = "todo"
	}
	for _, id := range s.Fields {
		field := p.Field(id)
		if !field.When.holds(get) {
			continue
		}
		fv := field.show(f["last_line"], meanings(f["last_line"], v.Answers["receiver"]), a[id], get)
		if field.Type == "choice" && len(fv.Offer)+len(fv.Held) == 0 {
			continue // a choice with nothing on offer is not asked
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

// show is one field with its value, if that may stand.
func (f *Field) show(line string, possible []string, value string, get func(string) string) FieldView {
	fv := FieldView{Field: *f, Needed: f.Required.holds(get)}
	switch f.Type {
	case "choice":
		f.offer(&fv, line, possible, get)
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
	return fv
}

// offer sorts the options of a choice: on offer, held against what the line proves, or not of this branch at all.
func (f *Field) offer(fv *FieldView, line string, possible []string, get func(string) string) {
	var shown []string
	for _, o := range f.Options {
		switch {
		case !o.When.holds(get):
		case o.fits(line, possible):
			fv.Offer = append(fv.Offer, o)
			if o.shows(possible) {
				shown = append(shown, o.ID)
			}
		default:
			fv.Held = append(fv.Held, Held{Option: o, Why: whyHeld(line, possible)})
		}
	}
	if len(shown) == 1 {
		fv.Proposal = shown[0]
	}
}

func whyHeld(line string, possible []string) string {
	switch {
	case len(possible) > 0:
		return "procedure.line-contradicts"
	case lost(line):
		return "procedure.line-failed"
	}
	return "procedure.needs-call"
}

// ticked brings the value of a check into order: option ids, comma between, in the field's order; "yes" ticks them all.
func (f *Field) ticked(value string) string {
	var ids []string
	parts := ticks(value)
	for _, o := range f.Options {
		if slices.Contains(parts, o.ID) || slices.Contains(parts, "yes") {
			ids = append(ids, o.ID)
		}
	}
	return strings.Join(ids, ",")
}

func ticks(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
}

// stand finds the step on screen. What comes after it is still to do, also when it needs nothing; a complete result
// leaves out what was not done, as the call of a ticket that is closed already.
func (v *View) stand() {
	last := -1
	for i := range v.Steps {
		s := &v.Steps[i]
		switch {
		case s.State == "skipped":
			continue
		case v.Complete && s.State == "todo":
			s.State = "skipped"
			continue
		case v.Step != "":
			s.State = "todo"
		case s.State == "todo":
			s.State, v.Step = "now", s.ID
		}
		last = i
	}
	if v.Step == "" && last >= 0 {
		v.Steps[last].State, v.Step = "now", v.Steps[last].ID
	}
}

// inForce is the clause of the first question of the step on screen that waits for an answer, else of the step itself.
func (v *View) inForce(otherwise string) string {
	for _, f := range v.Fields {
		if f.Step == v.Step && f.Needed && f.Value == "" {
			return f.Clause()
		}
	}
	for _, s := range v.Steps {
		if s.ID == v.Step {
			return s.Clause()
		}
	}
	return otherwise
}

// Copy gives answers of their own.
func (a Answers) Copy() Answers {
	if a == nil {
		return Answers{}
	}
	return maps.Clone(a)
}
