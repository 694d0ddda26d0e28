package procedure

import (
	"slices"
	"strings"
)

// checkConditions asks that every condition names only facts of the procedure and fields that come before it, and compares
// them with values they can have. It walks the procedure in the order in which the engine asks.
func (r *reader) checkConditions(p *Procedure) {
	c := conditions{r, p, map[string]bool{}, map[string]bool{}}
	for _, f := range p.Facts {
		c.before[f] = true
	}
	for _, s := range p.Steps {
		c.judge(s.at, s.When, "step "+s.ID)
		for _, id := range s.Fields {
			if f := p.Field(id); f != nil {
				c.judge(f.at, f.When, "field "+id)
				c.judge(f.at, f.Required, "field "+id+" required")
				for _, o := range f.Options {
					c.judge(o.at, o.When, "option "+o.ID+" of "+id)
				}
			}
			c.before[id] = true
		}
		for _, l := range s.Say { // what to say may follow the step's own answers
			c.judge(l.at, l.When, "step "+s.ID+" say")
		}
	}
	for _, o := range p.Outcomes {
		c.judge(o.at, o.When, "outcome "+o.ID)
	}
	for _, f := range p.Facts {
		if !c.used[f] && f != "last_line" { // what the line proves always matters
			r.wrong(p.at, "unused-fact", "id", f)
		}
	}
}

type conditions struct {
	*reader
	p      *Procedure
	before map[string]bool // facts, and fields asked so far
	used   map[string]bool
}

func (c conditions) judge(at place, cond Cond, what string) {
	cond.each(func(id string, values []string) {
		c.used[id] = true
		field := c.p.Field(id)
		switch {
		case !c.before[id] && field != nil:
			c.wrong(at, "later", "what", what, "id", id)
			return
		case !c.before[id]:
			c.wrong(at, "unknown-asked", "what", what, "id", id)
			return
		}
		known := slices.Concat([]string{given, none}, FactValues[id], field.ids())
		for _, v := range values {
			if !slices.Contains(known, v) {
				c.wrong(at, "unknown-value", "what", what, "id", id, "value", v, "known", strings.Join(known, ", "))
			}
		}
	})
}

// ids lists the options of a field; of no field, none. Only a choice has one value at a time to compare with.
func (f *Field) ids() (ids []string) {
	if f == nil || f.Type != "choice" {
		return nil
	}
	for _, o := range f.Options {
		ids = append(ids, o.ID)
	}
	return ids
}
