package procedure

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sapa/internal/fault"
)

// Decision is what a finished turn comes to.
type Decision struct {
	Outcome Outcome
	Effects []Effect
	Answers Answers
	Means   []string
}

const longText = 4000 // characters of a text field that names no maximum of its own

// Put takes answers into a draft. Stored answers that have gone stale are dropped; answers given now that are unknown,
// outside the tree, or against what the line proves are refused with field and clause. An empty value clears a field.
func (p *Procedure) Put(f Facts, stored, in Answers, c Checks) (Answers, View, error) {
	merged := stored.Copy()
	for id, value := range in {
		field := p.Field(id)
		if field == nil {
			return nil, View{}, fault.New(fault.Invalid, "procedure.unknown-field", "name", id).At(id, p.Clause)
		}
		if strings.TrimSpace(value) == "" {
			delete(merged, id)
		} else {
			merged[id] = value
		}
	}
	v := p.View(f, merged)
	for _, field := range p.Fields { // in the procedure's order, so that the first mistake is named first
		value := strings.TrimSpace(in[field.ID])
		if value == "" {
			continue
		}
		if err := field.judge(v, value, c); err != nil {
			return nil, v, err
		}
	}
	return v.Answers, v, nil
}

// judge refuses one value given now, or lets it be.
func (f Field) judge(v View, value string, c Checks) error {
	i := slices.IndexFunc(v.Fields, func(fv FieldView) bool { return fv.ID == f.ID })
	if i < 0 {
		return f.refuse("procedure.not-asked")
	}
	fv := v.Fields[i]
	switch f.Type {
	case "choice":
		return fv.judgeChoice(value)
	case "check":
		if fv.Value == "" {
			return f.refuse("procedure.no-such-option", "value", value)
		}
		return nil
	case "number":
		if _, err := strconv.ParseInt(value, 10, 64); err != nil {
			return f.refuse("procedure.number", "value", value)
		}
	}
	if most := f.most(); utf8.RuneCountInString(value) > most {
		return f.refuse("procedure.long", "max", most)
	}
	if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
		return f.refuse("procedure.unreadable")
	}
	check := c[f.Check]
	if check == nil {
		return nil
	}
	err := check(value)
	if e := fault.Of(err); e != nil {
		return e.At(f.ID, f.Clause())
	}
	return err
}

func (f Field) most() int {
	if f.Max > 0 {
		return f.Max
	}
	return longText
}

// judgeChoice says why a choice cannot be taken: there is no such option, the line proves otherwise, or the choices before
// it rule it out.
func (fv FieldView) judgeChoice(value string) error {
	if fv.Value == value {
		return nil
	}
	for _, h := range fv.Held {
		if h.ID == value {
			return fault.New(fault.Invalid, h.Why, "option", Text(h.Label), "label", Text(fv.Label)).At(fv.ID, h.clause(fv.Field))
		}
	}
	for _, o := range fv.Options {
		if o.ID == value {
			return fault.New(fault.Invalid, "procedure.not-on-offer", "option", Text(o.Label), "label", Text(fv.Label)).At(fv.ID, o.clause(fv.Field))
		}
	}
	return fv.refuse("procedure.no-such-option", "value", value)
}

func (o Option) clause(f Field) string {
	if c := o.Clause(); c != "" {
		return c
	}
	return f.Clause()
}

func (f Field) refuse(key string, values ...any) error {
	return fault.New(fault.Invalid, key, append(values, "label", Text(f.Label))...).At(f.ID, f.Clause())
}

// Decide takes the last answers and gives the outcome with its effects. What is missing is refused, the first field
// first, with its clause (SOP 5.2.11: the attempt cannot be left without its result).
func (p *Procedure) Decide(f Facts, stored, in Answers, c Checks) (Decision, error) {
	settled, v, err := p.Put(f, stored, in, c)
	if err != nil {
		return Decision{}, err
	}
	for _, fv := range v.Fields { // the draft is judged again: times pass, and it may come from long ago
		if fv.Value == "" {
			continue
		}
		if err := fv.judge(v, fv.Value, c); err != nil {
			return Decision{}, err
		}
	}
	for _, id := range v.Missing {
		field := p.Field(id)
		for _, fv := range v.Fields {
			if fv.ID == id && len(fv.Offer) == 0 && len(fv.Held) > 0 { // nothing can be chosen before there is a call
				return Decision{}, fault.New(fault.Invalid, fv.Held[0].Why, "option", Text(fv.Held[0].Label), "label", Text(field.Label)).At(id, field.Clause())
			}
		}
		return Decision{}, field.refuse("procedure.missing")
	}
	if v.Outcome == nil {
		return Decision{}, fault.New(fault.Invalid, "procedure.no-outcome").At("", p.Clause)
	}
	means := slices.Clone(v.Means) // what the line proves, and what the outcome adds
	for _, m := range v.Outcome.Means {
		if !slices.Contains(means, m) {
			means = append(means, m)
		}
	}
	return Decision{Outcome: *v.Outcome, Effects: v.Outcome.Effects, Answers: settled, Means: means}, nil
}

// FillText fills the {places} of a template; a place that nothing fills stays empty.
func FillText(template string, values map[string]string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(template, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			b.WriteString("{" + rest)
			return b.String()
		}
		b.WriteString(values[name])
		template = after
	}
}

// Places lists the {places} of a template.
func Places(template string) []string {
	var names []string
	for {
		_, rest, ok := strings.Cut(template, "{")
		if !ok {
			return names
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			return names
		}
		names = append(names, name)
		template = after
	}
}
