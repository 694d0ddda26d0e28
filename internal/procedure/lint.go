package procedure

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// LintText finds what a careful reader of a document's own text would ask about. It knows no clause by its number: each rule
// looks for a kind of defect anywhere. name is the file's, for the places.
func LintText(name, text string) []Finding {
	p := readPaper(name, text)
	var all []Finding
	for _, rule := range []func(*paper) []Finding{
		(*paper).unfinished, (*paper).numbering, (*paper).references, (*paper).announced, (*paper).values, (*paper).pointed,
		(*paper).branches, (*paper).grounds, (*paper).tablesEmpty, (*paper).renamed, (*paper).freely, (*paper).measure,
		(*paper).overlap, (*paper).levels, (*paper).parents, (*paper).foreign, (*paper).uncovered, (*paper).defined, (*paper).meanings,
		(*paper).reached, (*paper).limits, (*paper).saved, (*paper).applications, (*paper).names, (*paper).abbreviations, (*paper).spelling,
	} {
		all = append(all, rule(p)...)
	}
	return byPlace(all)
}

// short cuts a text for a sentence.
func short(text string) string {
	if r := []rune(text); len(r) > 80 {
		return string(r[:77]) + "..."
	}
	return text
}

var needsObject = regexp.MustCompile(`^me(m|n|ng|ny)?[a-z]{3,}kan$`) // Indonesian: a verb that does something for somebody, to something

const stops = ".:;!?…”\")"

// closes tells whether a sentence has its full stop, or another mark that ends one.
func closes(text string) bool { return strings.TrimRight(text, stops) != text }

// unfinished finds sentences that break off: they end with a word that wants another, or without the full stop that nine of
// ten others have.
func (p *paper) unfinished() (all []Finding) {
	closed, sentences := 0, 0
	body := func(it item) bool { return it.rank > numbered || strings.Count(it.clause, ".") > 1 }
	for _, it := range p.items {
		if body(it) {
			sentences++
			if closes(it.text) {
				closed++
			}
		}
	}
	strict := sentences > 20 && closed*10 >= sentences*9
	for i, it := range p.items {
		colon := strings.HasSuffix(it.text, ":")
		if !colon && breaksOff(it.text) != "" || strict && !closes(it.text) && body(it) {
			all = append(all, found("unfinished", it.clause, p.at(i), "text", short(it.text)))
		}
	}
	return all
}

// breaksOff gives the last word of a text when it wants another after it. "Tidak sesuai" ends a sentence, "sesuai" does not.
func breaksOff(text string) string {
	all := strings.Fields(bare(strings.TrimRight(text, stops)))
	if len(all) == 0 || strings.Contains(text[max(0, len(text)-4):], "…") { // … stands for what was left out on purpose
		return ""
	}
	last := all[len(all)-1]
	denied := len(all) > 1 && (all[len(all)-2] == "tidak" || all[len(all)-2] == "belum")
	if needsObject.MatchString(last) && !slices.Contains(words["whole, though they end in -kan"], last) || !denied && slices.Contains(words["sentences do not end with"], last) {
		return last
	}
	return ""
}

// numbering finds letters and numbers that stand twice or are left out.
func (p *paper) numbering() (all []Finding) {
	lists := map[int][]int{}
	for i, it := range p.items {
		if it.mark != "" {
			lists[it.up*2+it.rank/lettered] = append(lists[it.up*2+it.rank/lettered], i)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(lists)) {
		want := 1
		for _, i := range lists[key] {
			it := p.items[i]
			mark := it.mark[strings.LastIndex(it.mark, ".")+1:]
			n := int(mark[0]-'a') + 1
			if it.rank == numbered {
				fmt.Sscan(mark, &n)
			}
			up := it.clause
			if it.up >= 0 {
				up = p.items[it.up].clause
			}
			switch {
			case n < want:
				all = append(all, found("double-letter", up, p.at(i), "mark", it.mark, "text", short(it.text)))
			case n > want:
				all = append(all, found("numbering", up, p.at(i), "mark", it.mark, "text", short(it.text)))
			}
			want = n + 1
		}
	}
	return all
}

var (
	dotted    = regexp.MustCompile(`\d[\d.]*\d`)
	reference = regexp.MustCompile(`^\d{1,2}\.\d{1,2}\.\d{1,2}$`)
)

// references finds clauses that are referred to and not there.
func (p *paper) references() (all []Finding) {
	for i, it := range p.items {
		for _, id := range dotted.FindAllString(it.text, -1) {
			if reference.MatchString(id) && !slices.ContainsFunc(p.items, func(o item) bool { return o.clause == id }) {
				all = append(all, found("broken-reference", it.clause, p.at(i), "to", id))
			}
		}
	}
	return all
}

// announced finds pieces that end with a colon and are followed by nothing of theirs.
func (p *paper) announced() (all []Finding) {
	for i, it := range p.items {
		follows := i+1 < len(p.items) && (p.items[i+1].up == i || it.rank == paragraph && p.items[i+1].up == it.up)
		if strings.HasSuffix(it.text, ":") && !follows {
			class := "no-steps"
			if verb, _ := asks(it.text); verb != "" {
				class = "no-values"
			}
			all = append(all, found(class, it.clause, p.at(i), "text", short(strings.TrimRight(it.text, ": ")), "name", short(strings.TrimRight(it.text, ": "))))
		}
	}
	return all
}

var spelledOut = regexp.MustCompile(`\([^)]*[,/][^)]*\)|["“]`)

// values finds what is to be chosen by some rule while nothing lists what there is to choose.
func (p *paper) values() (all []Finding) {
	for i, it := range p.items {
		verb, field := asks(it.text)
		if verb != "pilih" || !says(it.text, "sesuai") || len(it.kids) > 0 || spelledOut.MatchString(it.text) {
			continue
		}
		for _, name := range strings.Split(field, " atau ") {
			all = append(all, found("no-values", it.clause, p.at(i), "name", name, "text", short(it.text)))
		}
	}
	return all
}

// pointed finds lists that are pointed to and given nowhere.
func (p *paper) pointed() (all []Finding) {
	told := map[string]bool{}
	for i, it := range p.items {
		to := saysOf(it.text, "points to a list")
		if to == "" || told[to+p.campaign(i)] || len(it.kids) > 0 {
			continue
		}
		told[to+p.campaign(i)] = true
		listed := slices.ContainsFunc(p.items, func(o item) bool {
			return strings.HasPrefix(bare(o.text), to) && (len(o.kids) > 0 || strings.Contains(o.text, ","))
		})
		if !listed {
			all = append(all, found("no-list", it.clause, p.at(i), "name", to, "text", short(it.text)))
		}
	}
	return all
}

var (
	twoWays = regexp.MustCompile(`(?i)\b(sudah|belum) ([^/,.]+?) / (sudah|belum) ([^/,.:]+)`)
	oneWay  = regexp.MustCompile(`(?i)\b(sudah|belum) (\w+)`)
)

// branches finds questions with two answers, sudah and belum, of which only one goes on.
func (p *paper) branches() (all []Finding) {
	begins := func(from int, answer, what string) bool {
		for i := from + 1; i < len(p.items) && p.campaign(i) == p.campaign(from); i++ {
			it := p.items[i]
			text := strings.TrimPrefix(bare(it.text), "jika ")
			if it.rank != numbered && strings.HasPrefix(text, answer+" "+what) {
				return true
			}
		}
		return false
	}
	for i, it := range p.items {
		if m := twoWays.FindStringSubmatch(it.text); m != nil {
			for _, answer := range []string{strings.ToLower(m[1]), strings.ToLower(m[3])} {
				if what := bare(m[2]); !begins(i, answer, what) {
					all = append(all, found("no-branch", it.clause, p.at(i), "answer", answer+" "+what, "text", short(it.text)))
				}
			}
		}
		if it.rank != lettered || !strings.HasPrefix(bare(it.text), "jika ") {
			continue
		}
		condition, _, _ := strings.Cut(it.text, ",")
		m := oneWay.FindStringSubmatch(condition)
		if m == nil {
			continue
		}
		other := map[string]string{"sudah": "belum", "belum": "sudah"}[strings.ToLower(m[1])] + " " + m[2]
		if alone := !slices.ContainsFunc(p.items[it.up].kids, func(k int) bool { return k != i && strings.HasPrefix(bare(p.items[k].text), "jika ") }); alone {
			all = append(all, found("no-branch", it.clause, p.at(i), "answer", other, "text", short(it.text)))
		}
	}
	return all
}

var ground = regexp.MustCompile(`(?i)\bsesuai (?:dengan )?([^(,.:]+)`)

// grounds finds two fields of one list that are chosen on the same ground.
func (p *paper) grounds() (all []Finding) {
	seen := map[string]string{}
	for i, it := range p.items {
		verb, field := asks(it.text)
		m := ground.FindStringSubmatch(it.text)
		if verb != "pilih" || m == nil {
			continue
		}
		key := fmt.Sprint(it.up, " ", bare(m[1]))
		if first := seen[key]; first != "" && first != field {
			all = append(all, found("one-ground", it.clause, p.at(i), "first", first, "second", field, "ground", strings.TrimSpace(m[1])))
		}
		seen[key] = field
	}
	return all
}

// tablesEmpty finds tables whose rows hold nothing beside their own number.
func (p *paper) tablesEmpty() (all []Finding) {
	for _, t := range p.tables {
		full := slices.ContainsFunc(t.rows[1:], func(row []string) bool { return strings.Join(row[1:], "") != "" })
		if !full {
			all = append(all, found("empty-table", t.clause, place{p.file, t.line}, "name", strings.Join(t.rows[0], " ")))
		}
	}
	return all
}

var retitled = regexp.MustCompile(`(?i)\bjudul\b.*?\bdari (.+?) menjadi (.+?)[.;](?:\s|$)`)

// renamed finds titles that the document's own history says are no longer so.
func (p *paper) renamed() (all []Finding) {
	for _, t := range p.tables {
		for _, row := range t.rows {
			for _, m := range retitled.FindAllStringSubmatch(strings.Join(row, " ")+" ", -1) {
				for i, it := range p.items {
					if says(it.text, m[1]) {
						all = append(all, found("renamed-reference", it.clause, p.at(i), "was", m[1], "is", m[2]))
					}
				}
			}
		}
	}
	return all
}

// freely finds parts of a controlled document that may change without a revision of it.
func (p *paper) freely() (all []Finding) {
	for i, it := range p.items {
		if saysOf(it.text, "changes freely") != "" && saysOf(it.text, "under control") == "" {
			all = append(all, found("outside-document", it.clause, p.at(i), "text", short(it.text)))
		}
	}
	return all
}

var digit = regexp.MustCompile(`\d`)

// measure finds indicators without a number to hold them against.
func (p *paper) measure() (all []Finding) {
	for i, it := range p.items {
		if it.rank == paragraph && says(p.items[it.up].text, "indikator") && !digit.MatchString(it.text) {
			all = append(all, found("no-measure", it.clause, p.at(i), "text", short(it.text)))
		}
	}
	return all
}
