package procedure

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// silences are what a call can come to when nobody is reached.
var silences = []string{"no-answer", "rejected", "machine", "silent", "unreachable", "unregistered"}

func isSilence(word string) bool { return slices.Contains(silences, word) }

// overlap finds choices of one field that one and the same call allows.
func (p *paper) overlap() (all []Finding) {
	by := map[int][]choice{}
	for _, c := range p.choices() {
		for _, o := range by[c.asked] {
			var both []string
			for _, m := range c.means {
				if isSilence(m) && slices.Contains(o.means, m) && c.under == o.under {
					both = append(both, m)
				}
			}
			if len(both) > 0 {
				all = append(all, found("overlap", p.items[c.item].clause, p.at(c.item), "first", o.label, "second", c.label, "means", strings.Join(both, ", ")))
			}
		}
		by[c.asked] = append(by[c.asked], c)
	}
	return all
}

// levels finds words that are a choice of differently named fields, and choices that stand twice in one form.
func (p *paper) levels() (all []Finding) {
	by := map[string][]choice{}
	for _, c := range p.choices() {
		by[bare(c.label)] = append(by[bare(c.label)], c)
	}
	for _, label := range slices.Sorted(maps.Keys(by)) {
		var fields, shown []string
		for i, c := range by[label] {
			if !slices.Contains(fields, c.field) {
				fields, shown = append(fields, c.field), append(shown, c.shown)
			}
			if slices.ContainsFunc(by[label][:i], func(o choice) bool { return p.campaign(o.item) == p.campaign(c.item) }) {
				all = append(all, found("repeated-choice", p.items[c.item].clause, p.at(c.item), "name", c.label, "field", c.shown))
			}
		}
		if len(fields) > 1 {
			last := by[label][len(by[label])-1]
			all = append(all, found("word-levels", p.items[last.item].clause, p.at(last.item), "name", last.label, "fields", strings.Join(shown, ", ")))
		}
	}
	return all
}

// parents finds facts that count as one outcome in one campaign and as another elsewhere.
func (p *paper) parents() (all []Finding) {
	first := map[string]choice{}
	told := map[string]bool{}
	for _, c := range p.choices() {
		var narrow []string // of a choice that says one thing; Not Contacted says all of them
		for _, m := range c.means {
			if isSilence(m) {
				narrow = append(narrow, m)
			}
		}
		if len(narrow) != 1 {
			continue
		}
		top := cmp.Or(c.under, c.label)
		o, seen := first[narrow[0]]
		if !seen {
			first[narrow[0]] = c
		} else if was := cmp.Or(o.under, o.label); bare(was) != bare(top) && !told[narrow[0]+bare(top)] {
			told[narrow[0]+bare(top)] = true
			all = append(all, found("two-parents", p.items[c.item].clause, p.at(c.item), "means", narrow[0], "first", was, "second", top, "name", c.label))
		}
	}
	return all
}

// stances are answers of a customer that another answer contradicts.
var stances = []string{"accepted", "refused"}

// foreign finds choices that stand under a customer's yes or no and mean something else.
func (p *paper) foreign() (all []Finding) {
	for _, c := range p.choices() {
		under := meaningOf(c.under)
		for _, o := range p.choices() { // or what the choice above is explained with
			if len(under) == 0 && p.campaign(o.item) == p.campaign(c.item) && bare(o.label) == bare(c.under) {
				under = o.means
			}
		}
		if len(under) != 1 || !slices.Contains(stances, under[0]) || len(c.means) == 0 || slices.Contains(c.means, under[0]) {
			continue
		}
		all = append(all, found("foreign-choice", p.items[c.item].clause, p.at(c.item), "name", c.label, "under", c.under, "means", strings.Join(c.means, ", ")))
	}
	return all
}

// uncovered finds lists that depend on a choice which is not there, and choices for which no list is given.
func (p *paper) uncovered() (all []Finding) {
	type pair struct {
		campaign, field string
	}
	choices := p.choices()
	of := map[pair][]choice{}
	for _, c := range choices {
		of[pair{p.campaign(c.item), c.field}] = append(of[pair{p.campaign(c.item), c.field}], c)
	}
	for i, it := range p.items {
		covered := map[pair][]string{}
		for _, k := range it.kids {
			if name, field, ok := depends(p.items[k].text); ok {
				on := pair{p.campaign(i), alike(field)}
				covered[on] = append(covered[on], bare(name))
				if !slices.ContainsFunc(of[on], func(c choice) bool { return bare(c.label) == bare(name) }) {
					all = append(all, found("unknown-choice", p.items[k].clause, p.at(k), "name", name, "field", field))
				}
			}
		}
		if slices.ContainsFunc(it.kids, func(k int) bool { return saysOf(p.items[k].text, "otherwise") != "" }) {
			continue
		}
		for on, names := range covered {
			var left []string
			for _, c := range of[on] {
				if !slices.Contains(names, bare(c.label)) && !slices.Contains(left, c.label) {
					left = append(left, c.label)
				}
			}
			if len(left) > 0 {
				_, field := asks(it.text)
				all = append(all, found("uncovered", it.clause, p.at(i), "name", field, "choices", strings.Join(left, ", ")))
			}
		}
	}
	return all
}

// defined finds choices without the explanation that at least as many of their neighbours have.
func (p *paper) defined() (all []Finding) {
	by := map[[2]int][]choice{}
	for _, c := range p.choices() {
		list := [2]int{c.asked, p.items[c.item].up}
		by[list] = append(by[list], c)
	}
	for _, list := range by {
		without := slices.DeleteFunc(slices.Clone(list), func(c choice) bool { return strings.Trim(c.text, " .;") != "" })
		if len(without) < len(list) && len(without)*2 <= len(list) {
			for _, c := range without {
				all = append(all, found("undefined", p.items[c.item].clause, p.at(c.item), "name", c.label))
			}
		}
	}
	return all
}

// meanings finds names that mean one thing here and another there.
func (p *paper) meanings() (all []Finding) {
	by := map[string][]choice{}
	for _, c := range p.choices() {
		if c.text != "" {
			by[bare(c.label)] = append(by[bare(c.label)], c)
		}
	}
	for _, label := range slices.Sorted(maps.Keys(by)) {
		var kinds, texts []string
		for _, c := range by[label] {
			kind := cmp.Or(strings.Join(c.means, " "), strings.TrimPrefix(strings.Trim(bare(c.text), "."), "jika "))
			if !slices.Contains(kinds, kind) {
				kinds, texts = append(kinds, kind), append(texts, "“"+strings.TrimSpace(c.text)+"”")
			}
		}
		if len(kinds) < 2 {
			continue
		}
		for i, it := range p.items { // and the name for a list of its own is one meaning more
			if choice, _, ok := depends(it.text); ok && bare(choice) == label {
				if below := p.apart(i, kinds); below != "" {
					texts = append(texts, below)
				}
			}
		}
		last := by[label][len(by[label])-1]
		all = append(all, found("several-meanings", p.items[last.item].clause, p.at(last.item), "name", last.label, "texts", strings.Join(texts, ", ")))
	}
	return all
}

// apart lists the choices below a piece when none of them says what the name above them says elsewhere.
func (p *paper) apart(i int, kinds []string) string {
	var labels []string
	for _, c := range p.choices() {
		if p.items[c.item].up == i && !slices.Contains(kinds, strings.Join(c.means, " ")) {
			labels = append(labels, c.label)
		}
	}
	return strings.Join(labels, " / ")
}
