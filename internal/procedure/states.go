package procedure

import (
	"strconv"
)

// reach is what a walk of every state has found out about one procedure.
type reach struct {
	*reader
	p      *Procedure
	met    map[string]bool // steps, fields, options and outcomes that come up, by kind and id
	warned map[string]bool // one problem for each place and kind, however many states show it
}

// checkStates walks every state: each step, field, option and outcome must come up somewhere; no question may be without
// a way on; complete answers must reach an outcome whose effects have what they need.
func (r *reader) checkStates(p *Procedure) {
	c := reach{r, p, map[string]bool{}, map[string]bool{}}
	if !p.states(c.look) {
		r.wrong(p.at, "too-many", "max", strconv.Itoa(statesMax))
		return
	}
	for _, s := range p.Steps {
		if s.Off { // on purpose
			continue
		}
		if !c.expect("step "+s.ID, s.at, "never-step", "id", s.ID) {
			continue // nor can its fields be
		}
		for _, id := range s.Fields {
			f := p.Field(id)
			if !c.expect("field "+id, f.at, "never-field", "id", id) {
				continue
			}
			for _, o := range f.Options {
				c.expect("option "+id+" "+o.ID, o.at, "never-option", "id", id, "option", o.ID)
			}
		}
	}
	for _, o := range p.Outcomes {
		c.expect("outcome "+o.ID, o.at, "never-outcome", "id", o.ID)
	}
}

func (c reach) expect(what string, at place, key string, values ...string) bool {
	if !c.met[what] {
		c.once(at, key, values...)
	}
	return c.met[what]
}

func (c reach) once(at place, key string, values ...string) {
	if id := key + strconv.Itoa(at.line) + at.file; !c.warned[id] {
		c.warned[id] = true
		c.wrong(at, key, values...)
	}
}

func (c reach) look(s state) {
	proven := len(meanings(s.facts["last_line"], "")) > 0
	for _, step := range s.view.Steps {
		c.met["step "+step.ID] = c.met["step "+step.ID] || step.State != "skipped"
	}
	for _, fv := range s.view.Fields {
		c.met["field "+fv.ID] = true
		for _, o := range fv.Offer {
			c.met["option "+fv.ID+" "+o.ID] = true
		}
		// Without a call the way on is to call; with one there must be a choice.
		if fv.Needed && fv.Type == "choice" && len(fv.Offer) == 0 && proven {
			c.once(fv.at, "dead-end", "id", fv.ID, "state", c.p.line(s))
		}
	}
	switch o := s.view.Outcome; {
	case o != nil:
		c.met["outcome "+o.ID] = true
		c.ending(s, o)
	case len(s.view.Missing) == 0:
		c.once(c.p.at, "no-outcome", "state", c.p.line(s))
	}
}

// ending asks that an outcome which is reached has what its effects need.
func (c reach) ending(s state, o *Outcome) {
	for _, e := range o.Effects {
		if e.At != "" && s.view.Answers[e.At] == "" {
			c.once(e.at, "effect-unasked", "outcome", o.ID, "id", e.At, "state", c.p.line(s))
		}
	}
}
