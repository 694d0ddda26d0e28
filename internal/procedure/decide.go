package procedure

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"sapa/internal/fault"
)

// Decision is what a finished turn comes to.
type Decision struct {
	Outcome Outcome
	Effects []Effect
	Answers Answers
	Means   []string // the line's own meaning, then the outcome's further ones
}

const longText = 4000 // characters of a text field that names no maximum of its own

// Put takes answers into a draft. Stored answers that have gone stale are dropped; answers given now that are unknown,
// outside the tree, or against what the line proves are refused with field and clause. An empty value clears a field.
func (p *Procedure) Put(f Facts, stored, in Answers, c Checks) (Answers, View, error) {
	merged := stored.Copy()
	for _, id := range slices.Sorted(maps.Keys(in)) { // in order, so that the same answers are always refused the same way
		if p.Field(id) == nil {
			return nil, View{}, fault.New(fault.Invalid, "procedure.unknown-field", "name", id).At(id, p.Clause)
		}
		if merged[id] = in[id]; strings.TrimSpace(in[id]) == "" {
			delete(merged, id)
		}
	}
	v := p.View(f, merged)
	for i := range p.Fields { // in the procedure's order, so that the first mistake is named first
		field := &p.Fields[i]
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
func (f *Field) judge(v View, value string, c Checks) error {
	i := slices.IndexFunc(v.Fields, func(fv FieldView) bool { return fv.ID == f.ID })
	switch {
	case i < 0:
		return f.refuse("procedure.not-asked")
	case !utf8.ValidString(value) || strings.ContainsRune(value, 0):
		return f.refuse("procedure.unreadable")
	case f.Type == "choice":
		return f.judgeChoice(v.Fields[i], value)
	case f.Type == "check":
		return f.judgeTicks(value)
	case utf8.RuneCountInString(value) > f.most():
		return f.refuse("procedure.long", "max", f.most())
	}
	if check := c[f.Check]; check != nil {
		if err := check(value); err != nil {
			return placed(err, f)
		}
	}
	return f.judgeType(value)
}

// placed gives a validator's refusal the field and clause it is about; anything else is the world's and passes as it is.
func placed(err error, f *Field) error {
	if e := fault.Of(err); e != nil {
		return e.At(f.ID, f.Clause())
	}
	return err
}

func (f *Field) judgeType(value string) error {
	var err error
	switch f.Type {
	case "number":
		_, err = strconv.ParseInt(value, 10, 64)
	case "time":
		_, err = time.Parse(time.RFC3339, value)
	}
	if err != nil {
		return f.refuse("procedure.not-a-"+f.Type, "value", value)
	}
	return nil
}

func (f *Field) most() int {
	if f.Max > 0 {
		return f.Max
	}
	return longText
}

// judgeChoice says why a choice cannot be taken: the line proves otherwise, the choices before it rule it out, or there
// is no such option.
func (f *Field) judgeChoice(fv FieldView, value string) error {
	if fv.Value == value {
		return nil
	}
	for _, h := range fv.Held {
		if h.ID == value {
			return fault.New(fault.Invalid, h.Why, "option", h.Label, "label", f.Label).At(f.ID, h.Clause())
		}
	}
	for _, o := range f.Options {
		if o.ID == value {
			return fault.New(fault.Invalid, "procedure.not-on-offer", "option", o.Label, "label", f.Label).At(f.ID, o.Clause())
		}
	}
	return f.refuse("procedure.no-such-option", "value", value)
}

func (f *Field) judgeTicks(value string) error {
	for _, part := range ticks(value) {
		if part != "yes" && !slices.ContainsFunc(f.Options, func(o Option) bool { return o.ID == part }) {
			return f.refuse("procedure.no-such-option", "value", part)
		}
	}
	return nil
}

func (f *Field) refuse(key string, values ...any) error {
	return fault.New(fault.Invalid, key, append(values, "label", f.Label)...).At(f.ID, f.Clause())
}

// Decide takes the last answers and gives the outcome with its effects. What is missing is refused, the first field
// first, with its clause: the attempt cannot be left without its result (SOP 5.2.11).
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
	for _, fv := range v.Fields {
		if fv.Needed && fv.Value == "" {
			return Decision{}, fv.missing()
		}
	}
	if v.Outcome == nil {
		return Decision{}, fault.New(fault.Invalid, "procedure.no-outcome").At("", p.Clause)
	}
	d := Decision{Outcome: *v.Outcome, Effects: v.Outcome.Effects, Answers: settled}
	if m := Meaning(f["last_line"], settled["receiver"]); m != "" {
		d.Means = []string{m}
	}
	d.Means = append(d.Means, v.Outcome.Means...)
	if !slices.Contains(d.Means, Unsolved) && slices.ContainsFunc(v.Fields, FieldView.unsolved) {
		d.Means = append(d.Means, Unsolved)
	}
	return d, nil
}

// missing refuses to finish without this field. When nothing can be chosen because the line has proved nothing yet, it
// says so: the remedy is to call, not to choose.
func (fv FieldView) missing() error {
	key, clause := "procedure.missing", fv.Clause()
	if len(fv.Offer) == 0 && len(fv.Held) > 0 {
		key = fv.Held[0].Why
		return fault.New(fault.Invalid, key, "option", fv.Held[0].Label, "label", fv.Label).At(fv.ID, clause)
	}
	return fault.New(fault.Invalid, key, "label", fv.Label).At(fv.ID, clause)
}
