package procedure

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Lint finds in the executable form what LintText finds in the text: the same kinds of defect, read from structure and from
// what each option says it means. What is broken, the checker of Load refuses; this is about what works and is still not right.
func (b *Book) Lint() []Finding {
	var all []Finding
	for _, p := range b.all() {
		for _, rule := range []func(*Book, *Procedure) []Finding{formOverlap, formReached, formSaved, formRepeated, formLabels, formDefined, formSentences} {
			all = append(all, rule(b, p)...)
		}
	}
	all = append(all, b.formMeanings()...)
	for i := range all {
		if all[i].Class == "overlap" || all[i].Class == "several-meanings" || all[i].Class == "no-not-reached" {
			all[i].Basis = "means"
		}
	}
	return byPlace(all)
}

// own tells whether an option is the document's, and not added or filled in as a sample by the house.
func (o Option) own() bool { return !o.Ours && !o.Sample && o.Label.ID == o.Label.EN }

// formOverlap finds options of one field, on offer together, that one and the same call allows.
func formOverlap(_ *Book, p *Procedure) (all []Finding) {
	for _, f := range p.Fields {
		for i, o := range f.Options {
			for _, before := range f.Options[:i] {
				var both []string
				for _, m := range o.Means {
					if isSilence(m) && slices.Contains(before.Means, m) && reflect.DeepEqual(o.When, before.When) {
						both = append(both, m)
					}
				}
				if len(both) > 0 {
					all = append(all, found("overlap", o.Clause(), o.at, "first", before.Label.ID, "second", o.Label.ID, "means", strings.Join(both, ", ")))
				}
			}
		}
	}
	return all
}

// formReached finds campaigns that nobody is called in, and those with a way a call can end without anybody that none of their
// options means.
func formReached(_ *Book, p *Procedure) (all []Finding) {
	var left []string
	for _, m := range silences {
		means := func(o Option) bool { return slices.Contains(o.Means, m) && o.ID != "nobody" } // who answered is not yet what becomes of it
		if !slices.ContainsFunc(p.Fields, func(f Field) bool { return slices.ContainsFunc(f.Options, means) }) {
			left = append(left, m)
		}
	}
	if !p.Act && !slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Kind == "call" }) {
		all = append(all, found("no-steps", p.Clause, p.at, "text", p.Title.ID))
	}
	if len(left) > 0 && !p.Act {
		all = append(all, found("no-not-reached", p.Clause, p.at, "name", p.Title.ID+" ("+strings.Join(left, ", ")+")"))
	}
	return all
}

// formSaved finds results that go to another application than the one the work comes from.
func formSaved(_ *Book, p *Procedure) (all []Finding) {
	told := map[string]bool{}
	for _, o := range p.Outcomes {
		for _, e := range o.Effects {
			if e.Do == "outside" && e.App != p.Source && !told[e.App] {
				told[e.App] = true
				all = append(all, found("opened-saved", e.Clause, e.at, "opened", p.Source, "saved", e.App))
			}
		}
	}
	return all
}

// formRepeated finds choices of the document that stand at two places of one form.
func formRepeated(_ *Book, p *Procedure) (all []Finding) {
	seen := map[string]bool{}
	for _, f := range p.Fields {
		for _, o := range f.Options {
			if o.own() && seen[bare(o.Label.ID)] {
				all = append(all, found("repeated-choice", o.Clause(), o.at, "name", o.Label.ID, "field", f.Label.ID))
			}
			seen[bare(o.Label.ID)] = seen[bare(o.Label.ID)] || o.own()
		}
	}
	return all
}

// formLabels finds choices of the document that are not spelled or explained as their clause says.
func formLabels(b *Book, p *Procedure) (all []Finding) {
	for _, f := range p.Fields {
		for _, o := range f.Options {
			c, _ := b.Clause(o.Clause())
			for _, said := range []string{o.Label.ID, o.Text.ID} {
				if o.own() && !strings.Contains(plainWords(c.Text), plainWords(said)) {
					all = append(all, found("label", c.ID, o.at, "name", said, "text", short(c.Text)))
				}
			}
		}
	}
	return all
}

// plainWords are the words of a text with one blank between them.
func plainWords(text string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("-", " ", ".", " ").Replace(bare(text))), " ")
}

// formDefined finds choices without the explanation that at least as many beside them have.
func formDefined(_ *Book, p *Procedure) (all []Finding) {
	for _, f := range p.Fields {
		without := slices.DeleteFunc(slices.Clone(f.Options), func(o Option) bool { return o.Text.ID != "" })
		if len(without) < len(f.Options) && len(without)*2 <= len(f.Options) {
			for _, o := range without {
				all = append(all, found("undefined", o.Clause(), o.at, "name", o.Label.ID))
			}
		}
	}
	return all
}

// formSentences finds sentences of the form that break off, and applications that it calls by another name than their own.
func formSentences(b *Book, p *Procedure) (all []Finding) {
	look := func(at place, clause, text string) {
		if breaksOff(text) != "" {
			all = append(all, found("unfinished", clause, at, "text", short(text)))
		}
		for _, a := range b.Document.Applications {
			for _, alias := range a.Aliases {
				if !strings.EqualFold(alias, a.Name) && slices.Contains(spoken(text), alias) {
					all = append(all, found("several-names", clause, at, "names", a.Name+", "+alias))
				}
			}
		}
	}
	for _, s := range p.Steps {
		look(s.at, s.Clause(), s.Title.ID)
		for _, l := range s.Say {
			look(l.at, l.Clause, l.Text)
		}
	}
	for _, f := range p.Fields {
		for _, o := range f.Options {
			look(o.at, o.Clause(), o.Label.ID)
			look(o.at, o.Clause(), o.Text.ID)
		}
	}
	for _, o := range p.Outcomes {
		look(o.at, o.Clause(), o.Title.ID)
	}
	return all
}

// formMeanings finds choices of one name that mean something else in another campaign, or stand in another field.
func (b *Book) formMeanings() (all []Finding) {
	type one struct {
		Option
		field, label string
	}
	by := map[string][]one{}
	for _, p := range b.all() {
		for _, f := range p.Fields {
			for _, o := range f.Options {
				if o.own() && len(o.Means) > 0 {
					by[bare(o.Label.ID)] = append(by[bare(o.Label.ID)], one{o, alike(f.Label.ID), f.Label.ID})
				}
			}
		}
	}
	for _, label := range slices.Sorted(maps.Keys(by)) {
		var kinds, fields, labels []string
		for _, o := range by[label] {
			if kind := strings.Join(slices.Sorted(slices.Values(o.Means)), " "); !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
			if !slices.Contains(fields, o.field) {
				fields, labels = append(fields, o.field), append(labels, o.label)
			}
		}
		last := by[label][len(by[label])-1]
		if len(kinds) > 1 {
			all = append(all, found("several-meanings", last.Clause(), last.at, "name", last.Label.ID, "texts", strings.Join(kinds, " / ")))
		}
		if len(fields) > 1 {
			all = append(all, found("word-levels", last.Clause(), last.at, "name", last.Label.ID, "fields", strings.Join(labels, ", ")))
		}
	}
	return all
}
