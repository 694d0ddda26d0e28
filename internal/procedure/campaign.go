package procedure

import (
	"path"
	"slices"

	"go.yaml.in/yaml/v3"
)

// fragment is a file of shared steps: its steps, fields and outcomes are spliced in where a campaign uses it.
type fragment struct {
	file     string
	steps    []step
	fields   []Field
	outcomes []Outcome
}

// step is a step as written: its own, or the use of a fragment with a map of its clause ids.
type step struct {
	Step
	use     string
	clauses map[string][]string
}

func (r *reader) fragment(n node) fragment {
	f := fragment{file: n.file}
	r.keys(n, map[string]func(node){"steps": r.steps(&f.steps), "fields": r.fields(&f.fields), "outcomes": r.outcomes(&f.outcomes)})
	return f
}

// procedure reads a campaign and splices in the shared steps it uses. Its hash covers the shared files too.
func (r *reader) procedure(n node, common map[string]fragment) *Procedure {
	p := &Procedure{}
	p.at = n.place()
	p.Queue.at, p.Save.at = p.at, p.at // until they are found, what they lack is missed here
	var steps []step
	var fields []Field
	var outcomes []Outcome
	r.keys(n, map[string]func(node){
		"procedure": r.str(&p.Code), "document": r.str(&p.Document), "revision": r.num(&p.Revision), "clause": r.str(&p.Clause),
		"title": r.text(&p.Title), "source": r.str(&p.Source), "desk": r.str(&p.Desk), "facts": r.strs(&p.Facts),
		"queue": func(n node) {
			q := &p.Queue
			q.at = n.place()
			r.keys(n, map[string]func(node){"pause": r.duration(&q.Pause), "per_day": r.num(&q.PerDay), "days": r.num(&q.Days),
				"hours": r.str(&q.Hours), "then": r.str(&q.Then), "clause": r.str(&q.Clause)})
		},
		"save": func(n node) {
			p.Save.at = n.place()
			r.keys(n, map[string]func(node){"label": r.str(&p.Save.Label), "clause": r.str(&p.Save.Clause)})
		},
		"steps": r.steps(&steps), "fields": r.fields(&fields), "outcomes": r.outcomes(&outcomes),
	})
	parts := map[string]string{n.file: r.digests[n.file]}
	for _, s := range steps {
		if s.use == "" {
			p.Steps = append(p.Steps, s.Step)
			continue
		}
		f, ok := common[s.use]
		if !ok {
			r.wrong(s.at, "unknown-use", "id", s.use)
			continue
		}
		if parts[f.file] != "" {
			r.wrong(s.at, "double-use", "id", s.use)
			continue
		}
		parts[f.file] = r.digests[f.file]
		f = f.renamed(s.clauses)
		for _, one := range f.steps {
			p.Steps = append(p.Steps, one.Step)
		}
		p.Fields = append(p.Fields, f.fields...)
		p.Outcomes = append(p.Outcomes, f.outcomes...) // before the campaign's own: technical endings come first
	}
	p.Fields = append(p.Fields, fields...)
	p.Outcomes = append(p.Outcomes, outcomes...)
	p.Hash = join(path.Dir(path.Dir(n.file)), parts)
	p.order()
	return p
}

// renamed gives a copy of the fragment whose clause ids are those of the campaign that uses it: 5.4.7.same shows its own
// id and the target's.
func (f fragment) renamed(to map[string][]string) (out fragment) {
	many := func(ids []string) (renamed []string) {
		for _, id := range ids {
			if own := to[id]; own != nil {
				renamed = append(renamed, own...)
			} else {
				renamed = append(renamed, id)
			}
		}
		return renamed
	}
	one := func(id *string) {
		if own := to[*id]; own != nil {
			*id = own[0]
		}
	}
	for _, s := range f.steps {
		s.Clauses, s.Covers, s.Say = many(s.Clauses), many(s.Covers), slices.Clone(s.Say)
		for i := range s.Say {
			one(&s.Say[i].Clause)
		}
		out.steps = append(out.steps, s)
	}
	for _, field := range f.fields {
		field.Clauses, field.Options = many(field.Clauses), slices.Clone(field.Options)
		for i := range field.Options {
			field.Options[i].Clauses = many(field.Options[i].Clauses)
		}
		out.fields = append(out.fields, field)
	}
	for _, o := range f.outcomes {
		o.Clauses, o.Effects = many(o.Clauses), slices.Clone(o.Effects)
		for i := range o.Effects {
			one(&o.Effects[i].Clause)
		}
		out.outcomes = append(out.outcomes, o)
	}
	return out
}

// order puts the fields in the order in which the steps ask them; those no step asks stay at the end, for the checker.
func (p *Procedure) order() {
	var asked []string
	for _, s := range p.Steps {
		asked = append(asked, s.Fields...)
	}
	rank := func(f Field) int {
		if i := slices.Index(asked, f.ID); i >= 0 {
			return i
		}
		return len(asked)
	}
	slices.SortStableFunc(p.Fields, func(a, b Field) int { return rank(a) - rank(b) })
}

func (r *reader) steps(to *[]step) func(node) {
	return r.list(func(n node) {
		s := grow(to)
		s.at = n.place()
		r.keys(n, map[string]func(node){
			"id": r.str(&s.ID), "kind": r.str(&s.Kind), "title": r.text(&s.Title), "covers": r.strs(&s.Covers), "when": r.cond(&s.When), "off": r.yes(&s.Off),
			"fields": r.strs(&s.Fields), "use": r.str(&s.use),
			"clause": func(n node) {
				if n.Kind == yaml.MappingNode { // beside use: the fragment's clause ids and this campaign's own
					s.clauses = r.renames(n)
					return
				}
				r.strs(&s.Clauses)(n)
			},
			"say": r.list(func(n node) {
				l := grow(&s.Say)
				l.at = n.place()
				r.keys(n, map[string]func(node){"text": r.str(&l.Text), "clause": r.str(&l.Clause), "when": r.cond(&l.When)})
			}),
		})
	})
}

func (r *reader) renames(n node) map[string][]string {
	to := map[string][]string{}
	for i := 0; i < len(n.Content); i += 2 {
		var own []string
		r.strs(&own)(node{n.Content[i+1], n.file})
		to[n.Content[i].Value] = own
	}
	return to
}

func (r *reader) fields(to *[]Field) func(node) {
	return r.list(func(n node) {
		f := grow(to)
		f.at = n.place()
		r.keys(n, map[string]func(node){
			"id": r.str(&f.ID), "type": r.str(&f.Type), "clause": r.strs(&f.Clauses), "column": r.str(&f.Column), "label": r.text(&f.Label),
			"hint": r.text(&f.Hint), "when": r.cond(&f.When), "required": r.required(&f.Required), "check": r.str(&f.Check),
			"known": r.str(&f.Known), "max": r.num(&f.Max), "auto": r.yes(&f.Auto), "options": r.options(&f.Options),
		})
	})
}

func (r *reader) options(to *[]Option) func(node) {
	return r.list(func(n node) {
		o := grow(to)
		o.at = n.place()
		r.keys(n, map[string]func(node){
			"id": r.str(&o.ID), "label": r.text(&o.Label), "gloss": r.str(&o.Gloss), "text": r.text(&o.Text), "clause": r.strs(&o.Clauses),
			"means": r.strs(&o.Means), "when": r.cond(&o.When), "ours": r.yes(&o.Ours), "sample": r.yes(&o.Sample),
		})
	})
}

func (r *reader) outcomes(to *[]Outcome) func(node) {
	return r.list(func(n node) {
		o := grow(to)
		o.at = n.place()
		r.keys(n, map[string]func(node){
			"id": r.str(&o.ID), "clause": r.strs(&o.Clauses), "title": r.text(&o.Title), "when": r.cond(&o.When), "means": r.strs(&o.Means),
			"effects": r.list(func(n node) { r.effect(n, grow(&o.Effects)) }),
		})
	})
}

func (r *reader) effect(n node, e *Effect) {
	e.at = n.place()
	r.keys(n, map[string]func(node){
		"do": r.str(&e.Do), "clause": r.str(&e.Clause), "reason": r.str(&e.Reason), "at": r.str(&e.At), "type": r.str(&e.Type),
		"app": r.str(&e.App), "form": r.str(&e.Form), "value": r.str(&e.Value), "mark": r.str(&e.Mark), "act": r.str(&e.Trouble), "booking": r.str(&e.Booking), "text": r.text(&e.Text),
		"after": func(n node) {
			switch n.Value {
			case "queue":
				e.Queue = true
			case "next-day":
				e.NextDay = true
			default:
				r.duration(&e.After)(n)
			}
		},
	})
}
