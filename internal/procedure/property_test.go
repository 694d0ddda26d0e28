package procedure

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sapa/internal/fault"
)

// all are the procedures the properties hold for: the seven campaigns and the small one.
func all(t testing.TB) []*Procedure { return append(real(t).all(), ronda(t)) }

// someFacts draws facts: mostly ones the house knows, some of them missing, some of no sense.
func someFacts(t *rapid.T) Facts {
	f := Facts{}
	for _, name := range slices.Sorted(maps.Keys(FactValues)) {
		switch rapid.IntRange(0, 9).Draw(t, name) {
		case 0:
		case 1:
			f[name] = rapid.String().Draw(t, "odd "+name)
		default:
			f[name] = rapid.SampledFrom(FactValues[name]).Draw(t, "value of "+name)
		}
	}
	return f
}

// someAnswers draws answers: options, samples, and now and then something else, also for fields there are none of.
func someAnswers(t *rapid.T, p *Procedure, label string) Answers {
	a := Answers{}
	for _, f := range p.Fields {
		switch rapid.IntRange(0, 9).Draw(t, label+f.ID) {
		case 0, 1, 2:
		case 3:
			a[f.ID] = rapid.String().Draw(t, "odd "+f.ID)
		default:
			a[f.ID] = f.sample()
			if len(f.Options) > 0 {
				a[f.ID] = rapid.SampledFrom(f.Options).Draw(t, "option of "+f.ID).ID
			}
		}
	}
	if rapid.IntRange(0, 19).Draw(t, "stranger") == 0 {
		a["stranger"] = "x"
	}
	return a
}

// goodAnswers draws answers as somebody gives them who reads the questions, and now and then stops.
func goodAnswers(t *rapid.T, p *Procedure, f Facts) Answers {
	a := Answers{}
	for range p.Fields {
		v := p.View(f, a)
		i := slices.IndexFunc(v.Fields, func(fv FieldView) bool { return fv.Value == "" && a[fv.ID] == "" })
		if i < 0 || rapid.IntRange(0, 19).Draw(t, "stop") == 0 {
			break
		}
		fv := v.Fields[i]
		a[fv.ID] = fv.sample()
		if fv.Type == "choice" {
			if len(fv.Offer) == 0 {
				break
			}
			a[fv.ID] = rapid.SampledFrom(fv.Offer).Draw(t, fv.ID).ID
		}
	}
	return a
}

// drawn is one procedure with facts and answers: half of them good, half of them any.
func drawn(t *rapid.T, of []*Procedure) (*Procedure, Facts, Answers) {
	p, f := rapid.SampledFrom(of).Draw(t, "procedure"), someFacts(t)
	if rapid.Bool().Draw(t, "good") {
		return p, f, goodAnswers(t, p, f)
	}
	return p, f, someAnswers(t, p, "answer to ")
}

// sane asks of a view what holds for every view there can be.
func sane(t *rapid.T, p *Procedure, v View) {
	if len(v.Steps) != len(p.Steps) {
		t.Fatalf("%d steps of %d", len(v.Steps), len(p.Steps))
	}
	shown := map[string]bool{}
	for _, fv := range v.Fields {
		shown[fv.ID] = true
		if v.Answers[fv.ID] != fv.Value {
			t.Fatalf("%s shows %q and settles to %q", fv.ID, fv.Value, v.Answers[fv.ID])
		}
		offered := func(id string) bool { return slices.ContainsFunc(fv.Offer, func(o Option) bool { return o.ID == id }) }
		if fv.Type == "choice" && fv.Value != "" && !offered(fv.Value) || fv.Proposal != "" && !offered(fv.Proposal) {
			t.Fatalf("%s=%q, proposed %q: not on offer", fv.ID, fv.Value, fv.Proposal)
		}
		if missing := slices.Contains(v.Missing, fv.ID); missing != (fv.Needed && fv.Value == "") {
			t.Fatalf("%s missing: %v", fv.ID, missing)
		}
		if fv.Type == "choice" && len(fv.Offer)+len(fv.Held) == 0 {
			t.Fatalf("%s is asked with nothing to choose", fv.ID)
		}
	}
	for id, value := range v.Answers {
		if !shown[id] || value == "" {
			t.Fatalf("%s=%q is kept but not asked", id, value)
		}
	}
	if v.Complete != (v.Outcome != nil) || v.Complete && len(v.Missing) > 0 {
		t.Fatalf("complete %v, missing %v", v.Complete, v.Missing)
	}
}

func TestViewSettlesIsTotalAndChangesNothing(t *testing.T) {
	of := all(t)
	was := map[string]string{}
	for _, p := range of {
		was[p.Code] = asText(p)
	}
	rapid.Check(t, func(t *rapid.T) {
		p, f, a := drawn(t, of)
		facts, answers := maps.Clone(f), maps.Clone(a)
		v := p.View(f, a)
		sane(t, p, v)
		if !maps.Equal(f, facts) || !maps.Equal(a, answers) {
			t.Fatalf("facts or answers were changed to %v, %v", f, a)
		}
		if again := p.View(f, a); !reflect.DeepEqual(v, again) {
			t.Fatal("the same twice is not the same")
		}
		if settled := p.View(f, v.Answers); !reflect.DeepEqual(v, settled) {
			t.Fatalf("not settled: %v became %v", v.Answers, settled.Answers)
		}
	})
	for _, p := range of {
		if asText(p) != was[p.Code] {
			t.Errorf("procedure %s was changed", p.Code)
		}
	}
}

// A draft takes only what is asked and on offer, whatever was stored before; a refusal names field and clause and is the
// same each time, in whatever order a map gives its keys.
func TestPutNeverTakesWhatIsNotOnOffer(t *testing.T) {
	of := all(t)
	rapid.Check(t, func(t *rapid.T) {
		p, f, in := drawn(t, of)
		stored := someAnswers(t, p, "stored ")
		before := maps.Clone(stored)
		settled, v, err := p.Put(f, stored, in, nil)
		if !maps.Equal(stored, before) {
			t.Fatal("the stored answers were changed")
		}
		for range 3 {
			if _, _, again := p.Put(f, stored, in, nil); fmt.Sprint(again) != fmt.Sprint(err) {
				t.Fatalf("refused as %v and as %v", err, again)
			}
		}
		if err != nil {
			if e := fault.Of(err); e == nil || e.Kind != fault.Invalid || e.Field == "" || e.Clause == "" || settled != nil {
				t.Fatalf("refused as %+v with %v", err, settled)
			}
			return
		}
		sane(t, p, v)
		if !maps.Equal(settled, v.Answers) {
			t.Fatalf("keeps %v, shows %v", settled, v.Answers)
		}
		for id, value := range in {
			want := strings.TrimSpace(value)
			if p.Field(id).Type == "check" {
				want = p.Field(id).ticked(value)
			}
			if settled[id] != want && !(want == "" && p.Field(id).Auto) {
				t.Fatalf("%s=%q was taken and became %q", id, value, settled[id])
			}
		}
	})
}

// SOP 5.2.11: a turn ends with an outcome, or with the first question that is still open.
func TestDecideCompletesOrNamesTheFirstMissing(t *testing.T) {
	of := all(t)
	ended, open := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p, f, a := drawn(t, of)
		v := p.View(f, a) // what a draft keeps
		d, err := p.Decide(f, v.Answers, nil, nil)
		switch e := fault.Of(err); {
		case err == nil:
			ended++
			if !v.Complete || d.Outcome.ID != v.Outcome.ID || len(d.Effects) == 0 && !p.Act || !maps.Equal(d.Answers, v.Answers) {
				t.Fatalf("decided %+v of %+v", d, v)
			}
		case e == nil || e.Kind != fault.Invalid || e.Clause == "":
			t.Fatalf("refused as %v", err)
		case e.Key == "procedure.missing" || e.Key == "procedure.needs-call" || e.Key == "procedure.line-failed" || e.Key == "procedure.line-contradicts":
			open++
			if len(v.Missing) == 0 || e.Field != v.Missing[0] {
				t.Fatalf("names %s, missing are %v", e.Field, v.Missing)
			}
		case e.Key == "procedure.no-outcome": // facts of no sense
			if len(v.Missing) > 0 {
				t.Fatalf("no outcome, but missing are %v", v.Missing)
			}
		default: // an odd text that no draft would have taken
			if !oddText(p, Answers{e.Field: v.Answers[e.Field]}) {
				t.Fatalf("refused as %v", err)
			}
		}
	})
	if ended == 0 || open == 0 {
		t.Errorf("%d turns ended, %d stayed open: the draws do not try both", ended, open)
	}
}

// SOP 5.7.8.b, 5.7.8.c: whatever a parent changes to, nothing that hung on its old value stays.
func TestChangedParentLeavesNoStaleChild(t *testing.T) {
	of := all(t)
	changed := 0
	rapid.Check(t, func(t *rapid.T) {
		p, f, a := drawn(t, of)
		v := p.View(f, a)
		var choices []FieldView
		for _, fv := range v.Fields {
			if fv.Type == "choice" && fv.Value != "" && len(fv.Offer) > 1 {
				choices = append(choices, fv)
			}
		}
		if len(choices) == 0 {
			return
		}
		parent := rapid.SampledFrom(choices).Draw(t, "parent")
		to := rapid.SampledFrom(parent.Offer).Draw(t, "to").ID
		settled, after, err := p.Put(f, v.Answers, Answers{parent.ID: to}, nil)
		if err != nil {
			t.Fatalf("%s to %s: %v", parent.ID, to, err)
		}
		sane(t, p, after)
		for id := range v.Answers {
			if settled[id] == "" {
				changed++
			}
		}
		if settled[parent.ID] != to {
			t.Fatalf("%s is %q", parent.ID, settled[parent.ID])
		}
		whole, _, err := p.Put(f, nil, settled, nil) // what is left can be told again in one piece
		if err != nil && !oddText(p, settled) || err == nil && !maps.Equal(whole, settled) {
			t.Fatalf("left over: %v (%v)", settled, err)
		}
	})
	if changed == 0 {
		t.Error("no parent was changed that had children")
	}
}

// oddText tells whether some text would be refused for itself: the draws put such in where a real draft could not.
func oddText(p *Procedure, a Answers) bool {
	for id, value := range a {
		f := p.Field(id)
		if f.Type == "check" || f.Type == "choice" {
			continue
		}
		if f.judge(View{Fields: []FieldView{{Field: *f}}}, value, nil) != nil {
			return true
		}
	}
	return false
}

// someCond draws a condition over the facts and fields there are.
func someCond(t *rapid.T, names []string, depth int) Cond {
	values := []string{given, none, "a", "b", "c"}
	switch kind := rapid.IntRange(0, 6).Draw(t, "kind"); {
	case kind == 0:
		return Cond{}
	case kind == 1 && depth > 0:
		not := someCond(t, names, depth-1)
		return Cond{Not: &not}
	case kind == 2 && depth > 0:
		return Cond{All: []Cond{someCond(t, names, depth-1), someCond(t, names, depth-1)}}
	case kind == 3 && depth > 0:
		return Cond{Any: []Cond{someCond(t, names, depth-1), someCond(t, names, depth-1)}}
	}
	return Cond{Field: rapid.SampledFrom(names).Draw(t, "name"), Values: rapid.SliceOfN(rapid.SampledFrom(values), 1, 3).Draw(t, "values")}
}

// someProcedure draws a procedure that nobody checked: the engine must be total for it all the same.
func someProcedure(t *rapid.T) *Procedure {
	p := &Procedure{Clause: "5", Facts: []string{"last_line", "open_report"}}
	names := slices.Clone(p.Facts)
	for i := range rapid.IntRange(1, 8).Draw(t, "fields") {
		f := Field{ID: fmt.Sprint("f", i), Type: rapid.SampledFrom(types).Draw(t, "type"), When: someCond(t, names, 2), Required: someCond(t, names, 1),
			Auto: rapid.Bool().Draw(t, "auto"), Cite: Cite{Clauses: []string{"5"}}}
		if f.Type == "choice" || f.Type == "check" {
			for _, id := range []string{"a", "b", "c"}[:rapid.IntRange(1, 3).Draw(t, "options")] {
				o := Option{ID: id, When: someCond(t, names, 1)}
				if rapid.Bool().Draw(t, "means") {
					o.Means = []string{rapid.SampledFrom(slices.Concat(LineWords, FurtherWords)).Draw(t, "meaning")}
				}
				f.Options = append(f.Options, o)
			}
		}
		p.Fields = append(p.Fields, f)
		names = append(names, f.ID)
	}
	for i, f := range p.Fields {
		if i%3 == 0 {
			p.Steps = append(p.Steps, Step{ID: fmt.Sprint("s", i), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), When: someCond(t, names[:2+i], 1)})
		}
		last := &p.Steps[len(p.Steps)-1]
		last.Fields = append(last.Fields, f.ID)
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "outcomes") {
		p.Outcomes = append(p.Outcomes, Outcome{ID: fmt.Sprint("o", i), When: someCond(t, names, 2), Effects: []Effect{{Do: "close", Reason: "done"}}})
	}
	return p
}

func TestAnyProcedureIsTotalAndItsWalkBounded(t *testing.T) {
	most := 0
	rapid.Check(t, func(t *rapid.T) {
		p := someProcedure(t)
		f, a := someFacts(t), someAnswers(t, p, "answer to ")
		v := p.View(f, a)
		sane(t, p, v)
		if settled := p.View(f, v.Answers); !maps.Equal(settled.Answers, v.Answers) {
			t.Fatalf("not settled: %v became %v", v.Answers, settled.Answers)
		}
		seen := 0
		whole := p.states(func(s state) {
			seen++
			sane(t, p, s.view)
		})
		if most = max(most, seen); seen > statesMax || !whole && seen < statesMax {
			t.Fatalf("%d states, all of them: %v", seen, whole)
		}
	})
	t.Logf("at most %d states", most)
}
