package procedure

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// reached finds campaigns that call and do not say what to do when nobody is reached.
func (p *paper) reached() (all []Finding) {
	codes, of := p.campaigns()
	for _, code := range codes {
		said := slices.ContainsFunc(of[code], func(i int) bool {
			return slices.ContainsFunc(meaningOf(p.items[i].text), func(m string) bool { return isSilence(m) })
		})
		if !said {
			all = append(all, found("no-not-reached", code, p.at(of[code][0]), "name", short(p.items[of[code][0]].text)))
		}
	}
	return all
}

// limits finds that somebody is called again and the text does not say how often, after what pause, between which hours, or
// whose work it is then.
func (p *paper) limits() (all []Finding) {
	again := slices.IndexFunc(p.items, func(i item) bool { return saysOf(i.text, "calling again") != "" })
	if again < 0 {
		return nil
	}
	for _, limit := range []string{"attempts", "pause", "hours", "owner"} {
		said := slices.ContainsFunc(p.items, func(i item) bool {
			return saysOf(i.text, "limit: "+limit) != "" && (limit == "owner" || digit.MatchString(i.text))
		})
		if !said {
			all = append(all, found("no-limits", p.items[again].clause, p.at(again), "limit", limit))
		}
	}
	return all
}

var (
	opens   = regexp.MustCompile(`(?i)\bmembuka (?:aplikasi )?|\bdan aplikasi `)
	results = regexp.MustCompile(`(?i)\b(?:update|mengisi|mengupdate) hasil \w+ pada (aplikasi .+)`)
	listed  = regexp.MustCompile(`(?i)^siapkan aplikasi (.+?)[;.]?$`)
	called  = regexp.MustCompile(`\b(?:aplikasi|Aplikasi) ([A-Z]\w*(?:[ -][A-Z]\w*)?)`)
)

// known lists the applications of the document's own list: the piece of each, by its name.
func (p *paper) known() (names []string, at []int) {
	for i, it := range p.items {
		if m := listed.FindStringSubmatch(it.text); m != nil {
			names, at = append(names, m[1]), append(at, i)
		}
	}
	return names, at
}

// stem is an application's name without capitals, blanks, numbers and plural: NOSSA, Nossas and Nossa are one.
func stem(name string) string {
	return strings.TrimSuffix(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(name)), "s")
}

// saved finds campaigns whose result goes to an application they never opened, and campaigns that save nothing.
func (p *paper) saved() (all []Finding) {
	codes, of := p.campaigns()
	names, _ := p.known()
	for _, code := range codes {
		var opened, saving []string
		for _, i := range of[code] {
			text := p.items[i].text
			m, opening := results.FindStringSubmatch(text), opens.MatchString(text)
			for _, n := range names {
				switch {
				case opening && mentions(text, n) && !slices.Contains(opened, n):
					opened = append(opened, n)
				case m != nil && mentions(m[1], n) && len(opened) > 0 && !slices.Contains(opened, n):
					all = append(all, found("opened-saved", p.items[i].clause, p.at(i), "opened", strings.Join(opened, ", "), "saved", n))
				}
			}
			saving = append(saving, saysOf(text, "saves"))
		}
		if strings.Join(saving, "") == "" {
			all = append(all, found("no-save", code, p.at(of[code][0]), "name", short(p.items[of[code][0]].text)))
		}
	}
	return all
}

// spoken are the words of a text one by one and in pairs, without marks at their ends; addresses are no words.
func spoken(text string) (all []string) {
	fields := strings.Fields(text)
	before := ""
	for _, f := range fields {
		word := strings.Trim(f, "()[],.;:/\"“”…'*")
		if strings.Contains(word, "/") || strings.Count(word, ".") > 1 {
			word = ""
		}
		all = append(all, word)
		if before != "" && word != "" {
			all = append(all, before+" "+word)
		}
		before = word
	}
	return all
}

// mentions tells whether a text names an application, however it is written.
func mentions(text, name string) bool {
	return slices.ContainsFunc(spoken(text), func(w string) bool { return stem(w) == stem(name) })
}

// applications finds those that are used and not on the list, and those on the list that nothing uses.
func (p *paper) applications() (all []Finding) {
	names, at := p.known()
	if len(names) == 0 {
		return nil
	}
	used := map[string]bool{}
	for i, it := range p.items {
		if slices.Contains(at, i) {
			continue
		}
		for _, w := range spoken(it.text) {
			used[stem(w)] = true
		}
		for _, m := range called.FindAllStringSubmatch(it.text, -1) {
			whole, first := stem(m[1]), stem(strings.FieldsFunc(m[1], func(r rune) bool { return r == ' ' || r == '-' })[0])
			if !slices.ContainsFunc(names, func(n string) bool { return stem(n) == whole || stem(n) == first }) {
				all = append(all, found("unlisted", it.clause, p.at(i), "name", m[1]))
			}
		}
	}
	for k, n := range names {
		if !used[stem(n)] {
			all = append(all, found("unused", p.items[at[k]].clause, p.at(at[k]), "name", n))
		}
	}
	return all
}

// names finds applications and fields that are written in several ways.
func (p *paper) names() (all []Finding) {
	ways := map[string][]string{}
	first := map[string]int{}
	note := func(key, way string, i int) {
		if len(ways[key]) == 0 {
			first[key] = i
		}
		if !slices.Contains(ways[key], way) {
			ways[key] = append(ways[key], way)
		}
	}
	apps := map[string]bool{}
	names, _ := p.known()
	for _, n := range names {
		apps[stem(n)] = true
	}
	for i, it := range p.items {
		for _, w := range spoken(it.text) {
			if s := stem(w); apps[s] {
				note("application "+s, w, i)
			}
		}
		if _, field := asks(it.text); field != "" {
			note("field "+alike(field), field, i)
		}
		if _, field, ok := depends(it.text); ok {
			note("field "+alike(field), field, i)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(ways)) {
		if len(ways[key]) > 1 {
			i := first[key]
			all = append(all, found("several-names", p.items[i].clause, p.at(i), "names", strings.Join(ways[key], ", ")))
		}
	}
	return all
}

var abbreviation = regexp.MustCompile(`^[A-Z][A-Z0-9]{1,3}$`)

// abbreviations finds short names in capitals that the text never spells out: no piece begins with them and a colon or an
// equals sign, nor stand they in brackets after their words.
func (p *paper) abbreviations() (all []Finding) {
	names, _ := p.known()
	told := map[string]bool{}
	for i, it := range p.items {
		for _, short := range spoken(it.text) {
			if told[short] || !abbreviation.MatchString(short) || slices.Contains(words["abbreviations of the trade"], short) {
				continue
			}
			told[short] = true
			of := regexp.MustCompile(`(?:^|[ -])` + short + ` ?[:=] *\S|\(` + short + `\)`)
			spelled := slices.ContainsFunc(p.items, func(o item) bool { return of.MatchString(o.text) })
			if named := slices.ContainsFunc(names, func(n string) bool { return slices.Contains(strings.Fields(n), short) }); !spelled && !named {
				all = append(all, found("undefined-term", it.clause, p.at(i), "name", short))
			}
		}
	}
	return all
}

// spelling finds words that stand once and are one letter away from a word that the text uses often.
func (p *paper) spelling() (all []Finding) {
	count, first := map[string]int{}, map[string]int{}
	for i, it := range p.items {
		for _, w := range strings.FieldsFunc(strings.ToLower(it.text), func(r rune) bool { return !(r >= 'a' && r <= 'z') }) {
			if len(w) < 5 {
				continue
			}
			if count[w] == 0 {
				first[w] = i
			}
			count[w]++
		}
	}
	seen := slices.Sorted(maps.Keys(count))
	common := slices.DeleteFunc(slices.Clone(seen), func(w string) bool { return count[w] < 3 })
	for _, w := range seen {
		for _, often := range common {
			if count[w] == 1 && oneApart(w, often) {
				all = append(all, found("misspelled", p.items[first[w]].clause, p.at(first[w]), "word", w, "often", often))
				break
			}
		}
	}
	return all
}

// oneApart tells whether two words differ by one letter put in, left out or changed, or two neighbours that changed places;
// at the beginning and at the end a letter makes another word (bersedia, tersedia; close, closed).
func oneApart(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if i == 0 || i == len(a) {
		return false
	}
	switch len(b) - len(a) {
	case 1:
		return a[i:] == b[i+1:]
	case 0:
		swapped := i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
		return a[i+1:] == b[i+1:] || swapped
	}
	return false
}
