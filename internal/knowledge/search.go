package knowledge

import (
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"

	"sapa/internal/db"
	"sapa/internal/fault"
)

// Query is what a search goes by; all of it may be empty.
type Query struct {
	Text    string
	Symptom string // of 5.2.10.k
	Verdict string // spec, unspec, failed; "" not measured
	Service string // internet, iptv, voice; "" any
	Limit   int    // 1 to 50; 0 is 10
	Guess   bool   // the text is a note, not a question: where it leads nowhere the marks alone may
}

// Hit is an article that was found.
type Hit struct {
	Code     string
	Revision int
	Title    Text
	About    Text
	Services []string
	Symptoms []string
	Verdicts []string
	Score    float64
	Why      []string          // text, symptom, verdict, success
	Mended   map[string]string // what was typed, and the word it was taken for
	Shown    int
	Ended    int
	Worked   int
}

const (
	looked  = 60 // articles that are weighed in full
	asked   = 12 // words of a text that are looked for
	forText = 4.0
	forMark = 2.0
	forLine = 1.0
	forWork = 1.5
)

// Search finds articles in force, best first: by the words, by the symptom, by what the line measured, and by how often they
// worked. A text that no article has finds nothing, unless it is a guess.
func Search(tx *db.Tx, q Query) ([]Hit, error) {
	if q.Limit <= 0 || q.Limit > 50 {
		q.Limit = 10
	}
	score, mended, err := byText(tx, q.Text, !q.Guess)
	if err != nil {
		return nil, err
	}
	asked := len(Words(q.Text)) > 0
	alike := map[string]bool{}
	if q.Symptom != "" {
		if alike, err = having(tx, mark("symptom", q.Symptom)); err != nil {
			return nil, err
		}
	}
	if !asked || q.Guess {
		if err := q.widen(tx, score, alike); err != nil {
			return nil, err
		}
	}
	codes := make([]string, 0, len(score))
	first := map[string]float64{}
	for code, s := range score {
		codes, first[code] = append(codes, code), forText*s
		if q.Guess {
			first[code] /= 2 // a note tells of more than the fault
		}
		if alike[code] {
			first[code] += forMark
		}
	}
	slices.SortFunc(codes, func(a, b string) int { return cmp.Or(cmp.Compare(first[b], first[a]), strings.Compare(a, b)) })
	shelf, err := onShelf(tx, codes[:min(len(codes), looked, max(12, 4*q.Limit))])
	if err != nil {
		return nil, err
	}
	var hits []Hit
	for _, h := range shelf {
		if q.Service != "" && len(h.Services) > 0 && !slices.Contains(h.Services, q.Service) {
			continue
		}
		h.weigh(q, first[h.Code], score[h.Code] > 0, alike[h.Code])
		h.Mended = mended
		hits = append(hits, h)
	}
	slices.SortFunc(hits, func(a, b Hit) int { return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.Code, b.Code)) })
	return hits[:min(len(hits), q.Limit)], nil
}

// weigh adds what the line and the past say.
func (h *Hit) weigh(q Query, first float64, text, alike bool) {
	h.Score = first
	if text {
		h.Why = append(h.Why, "text")
	}
	if alike {
		h.Why = append(h.Why, "symptom")
	}
	line := forLine
	if q.Text != "" && !q.Guess {
		line *= 0.4 // who asks by name for a guide gets it, whatever the line says
	}
	switch {
	case q.Verdict == "" || len(h.Verdicts) == 0:
	case slices.Contains(h.Verdicts, q.Verdict):
		h.Score += line
		h.Why = append(h.Why, "verdict")
	default:
		h.Score -= line // written for another line than this one
	}
	// Two invented walks, one that worked and one that did not, keep a first success from being certainty.
	rate := float64(h.Worked+1) / float64(h.Ended+2)
	h.Score += forWork * (rate - 0.5)
	if h.Ended >= 3 && rate > 0.6 {
		h.Why = append(h.Why, "success")
	}
}

// widen takes in what no word has found: by symptom, else by what the line says, else by service, else from the shelf's start.
func (q Query) widen(tx *db.Tx, score map[string]float64, alike map[string]bool) error {
	for code := range alike {
		score[code] += 0
	}
	for _, m := range []struct{ kind, value string }{{"verdict", q.Verdict}, {"service", q.Service}} {
		if len(score) > 0 || m.value == "" {
			continue
		}
		more, err := having(tx, mark(m.kind, m.value))
		if err != nil {
			return err
		}
		for code := range more {
			score[code] += 0
		}
	}
	if len(score) > 0 {
		return nil
	}
	return tx.Each(`SELECT code FROM knowledge_article ORDER BY code LIMIT $1`, []any{looked}, func(s db.Scanner) error {
		var code string
		err := s.Scan(&code)
		score[code] += 0
		return err
	})
}

// having are the articles that have a mark.
func having(tx *db.Tx, term string) (map[string]bool, error) {
	all := map[string]bool{}
	err := tx.Each(`SELECT code FROM knowledge_term WHERE term = $1`, []any{term}, func(s db.Scanner) error {
		var code string
		err := s.Scan(&code)
		all[code] = true
		return err
	})
	return all, err
}

// The queries of a search have one text each, whatever is looked for: places that are not needed hold the empty text.
var (
	countTerms = `SELECT term, COUNT(*) FROM knowledge_term WHERE term IN ` + places(looked, 1) + ` GROUP BY term`
	readTerms  = `SELECT term, code, weight FROM knowledge_term WHERE term IN ` + places(looked, 1)
	readShelf  = `
		SELECT a.code, a.revision, a.title_id, a.title_en, a.about_id, a.about_en, a.services, a.symptoms, a.verdicts,
		       COALESCE(SUM(t.shown), 0), COALESCE(SUM(t.ended), 0), COALESCE(SUM(t.worked), 0)
		  FROM knowledge_article a
		  LEFT JOIN knowledge_tally t ON t.code = a.code
		 WHERE a.code IN ` + places(looked, 1) + `
		 GROUP BY a.code, a.revision, a.title_id, a.title_en, a.about_id, a.about_en, a.services, a.symptoms, a.verdicts`
)

func filled(values []string) []any {
	all := make([]any, looked)
	for i := range all {
		all[i] = ""
		if i < len(values) {
			all[i] = values[i]
		}
	}
	return all
}

// wanted is one word that is looked for.
type wanted struct {
	word  string
	terms []string // that stand in the index
	as    string   // the word it was taken for; "": it stands there itself
	many  int      // articles that have it
}

// byText scores articles from 0 to 1: how many of the words they have, the rarer the better, and where. A word that half the
// shelf has is left out where a rarer one leads somewhere.
func byText(tx *db.Tx, text string, mend bool) (map[string]float64, map[string]string, error) {
	score, mended := map[string]float64{}, map[string]string{}
	words, err := look(tx, text, mend)
	if err != nil || len(words) == 0 {
		return score, mended, err
	}
	var n int
	if err := tx.Row(`SELECT COUNT(*) FROM knowledge_article`).Scan(&n); err != nil {
		return nil, nil, err
	}
	rarest := slices.MinFunc(words, func(a, b wanted) int { return a.many - b.many }).many
	if common := max(50, n/4); rarest <= common {
		words = slices.DeleteFunc(words, func(w wanted) bool { return w.many > common })
	}
	var terms []string
	of := map[string][]int{} // term -> words
	for i, w := range words {
		for _, t := range w.terms {
			terms, of[t] = append(terms, t), append(of[t], i)
		}
		if w.as != "" {
			mended[w.word] = w.as
		}
	}
	best := make([]map[string]int, len(words)) // word -> article -> weight
	err = tx.Each(readTerms, filled(terms), func(s db.Scanner) error {
		var term, code string
		var weight int
		err := s.Scan(&term, &code, &weight)
		for _, i := range of[term] {
			if best[i] == nil {
				best[i] = map[string]int{}
			}
			best[i][code] = max(best[i][code], weight)
		}
		return err
	})
	total := 0.0
	for i, w := range words {
		rare := math.Log(1 + float64(n)/float64(1+len(best[i])))
		total += rare
		if w.as != "" {
			rare *= 0.7
		}
		for code, weight := range best[i] {
			score[code] += rare * float64(weight) / float64(weight+2)
		}
	}
	for code := range score {
		score[code] /= total
	}
	return score, mended, err
}

// look finds which forms of a text's words stand in the index; a word of which none does is taken for the words nearest to it,
// and left out when it is near none.
func look(tx *db.Tx, text string, mend bool) ([]wanted, error) {
	var all []wanted
	var forms []string
	for _, w := range Words(text) {
		if slices.ContainsFunc(all, func(one wanted) bool { return one.word == w }) || len(all) == asked {
			continue
		}
		one := wanted{word: w}
		for _, f := range append(Roots(w), english(w), w) {
			if !slices.Contains(one.terms, f) {
				one.terms = append(one.terms, f)
			}
		}
		if len(forms)+len(one.terms) > looked {
			break
		}
		all, forms = append(all, one), append(forms, one.terms...)
	}
	if len(all) == 0 {
		return nil, nil
	}
	there := map[string]int{}
	err := tx.Each(countTerms, filled(forms), func(s db.Scanner) error {
		var term string
		var n int
		err := s.Scan(&term, &n)
		there[term] = n
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, w := range all {
		stands := slices.DeleteFunc(slices.Clone(w.terms), func(t string) bool { return there[t] == 0 })
		if len(stands) == 0 && mend {
			if stands, err = nearest(tx, w.terms); err != nil {
				return nil, err
			}
			if len(stands) > 0 {
				all[i].as = stands[0]
			}
		}
		all[i].terms, all[i].many = stands, 0
		for _, t := range stands {
			all[i].many += max(there[t], 1)
		}
	}
	found := slices.DeleteFunc(all, func(w wanted) bool { return len(w.terms) == 0 })
	return found, nil
}

// nearest finds the words that articles have and that a word was most likely meant to be.
func nearest(tx *db.Tx, forms []string) ([]string, error) {
	type candidate struct {
		term string
		far  int
	}
	var all []candidate
	for i, f := range forms {
		if slices.Contains(forms[:i], f) {
			continue
		}
		shared := map[string]int{}
		own := grams(f)
		for _, g := range own {
			err := tx.Each(`SELECT term FROM knowledge_gram WHERE gram = $1`, []any{g}, func(s db.Scanner) error {
				var t string
				err := s.Scan(&t)
				shared[t]++
				return err
			})
			if err != nil {
				return nil, err
			}
		}
		for t, n := range shared {
			if 4*n < len(own) { // a letter that is wrong spoils three of the threes
				continue
			}
			if far := apart(f, t); far <= slips(f) && !slices.ContainsFunc(all, func(c candidate) bool { return c.term == t }) {
				all = append(all, candidate{t, far})
			}
		}
	}
	slices.SortFunc(all, func(a, b candidate) int { return cmp.Or(a.far-b.far, strings.Compare(a.term, b.term)) })
	var near []string
	for _, c := range all {
		if c.far == all[0].far && len(near) < 3 {
			near = append(near, c.term)
		}
	}
	return near, nil
}

// onShelf reads what a list shows of articles, with how they fared.
func onShelf(tx *db.Tx, codes []string) ([]Hit, error) {
	var all []Hit
	if len(codes) == 0 {
		return nil, nil
	}
	err := tx.Each(readShelf, filled(codes), func(s db.Scanner) error {
		var h Hit
		var services, symptoms, verdicts string
		err := s.Scan(&h.Code, &h.Revision, &h.Title.ID, &h.Title.EN, &h.About.ID, &h.About.EN, &services, &symptoms, &verdicts, &h.Shown, &h.Ended, &h.Worked)
		if err != nil {
			return err
		}
		all = append(all, h)
		last := &all[len(all)-1]
		return errors.Join(json.Unmarshal([]byte(services), &last.Services), json.Unmarshal([]byte(symptoms), &last.Symptoms), json.Unmarshal([]byte(verdicts), &last.Verdicts))
	})
	return all, err
}

// Entry is an article as the shelf's keeper sees it: what is in force, and what is on its way.
type Entry struct {
	Hit              // Revision 0: none is in force
	Coming     int   // revision that is a draft or looked at; 0: none
	ComingIs   State // of it
	ComingFrom db.ID // its author
}

// Shelf lists articles by code, those after one; "" begins. What was taken off and has nothing coming is left out.
func Shelf(tx *db.Tx, after string, limit int) ([]Entry, error) {
	var all []Entry
	err := tx.Each(`
		SELECT c.code, COALESCE(a.revision, 0), COALESCE(a.title_id, ''), COALESCE(a.title_en, ''), COALESCE(a.about_id, ''), COALESCE(a.about_en, ''),
		       COALESCE(a.services, '[]'), COALESCE(a.symptoms, '[]'), COALESCE(p.revision, 0), COALESCE(p.state, ''), COALESCE(p.author, 0)
		  FROM (SELECT DISTINCT code FROM knowledge_revision WHERE state <> 'past') c
		  LEFT JOIN knowledge_article a ON a.code = c.code
		  LEFT JOIN knowledge_revision p ON p.code = c.code AND (p.state = 'draft' OR p.state = 'review')
		 WHERE c.code > $1
		 ORDER BY c.code LIMIT $2`, []any{after, limit}, func(s db.Scanner) error {
		var e Entry
		var services, symptoms, state string
		err := s.Scan(&e.Code, &e.Revision, &e.Title.ID, &e.Title.EN, &e.About.ID, &e.About.EN, &services, &symptoms, &e.Coming, &state, &e.ComingFrom)
		if err != nil {
			return err
		}
		e.ComingIs = State(state)
		all = append(all, e)
		last := &all[len(all)-1]
		return errors.Join(json.Unmarshal([]byte(services), &last.Services), json.Unmarshal([]byte(symptoms), &last.Symptoms))
	})
	return all, err
}

// Tally is how often an article was shown, walked to an end, and worked.
type Tally struct{ Shown, Ended, Worked int }

// Tallied reads an article's tally.
func Tallied(tx *db.Tx, code string) (t Tally, err error) {
	err = tx.Row(`
		SELECT COALESCE(SUM(shown), 0), COALESCE(SUM(ended), 0), COALESCE(SUM(worked), 0)
		  FROM knowledge_tally
		 WHERE code = $1`, code).Scan(&t.Shown, &t.Ended, &t.Worked)
	return t, err
}

// Valid refuses a query whose symptom, verdict or service is none.
func (q Query) Valid(symptoms []Symptom) error {
	switch {
	case q.Symptom != "" && !slices.ContainsFunc(symptoms, func(s Symptom) bool { return s.ID == q.Symptom }):
		return fault.New(fault.Invalid, "knowledge.symptom", "value", firstOf(q.Symptom, 40)).At("symptom", "5.2.10.k")
	case q.Verdict != "" && !slices.Contains(Verdicts, q.Verdict):
		return fault.New(fault.Invalid, "knowledge.verdict", "value", firstOf(q.Verdict, 40), "known", strings.Join(Verdicts, ", ")).At("verdict", "5.2.10.j")
	case q.Service != "" && !slices.Contains(Services, q.Service):
		return fault.New(fault.Invalid, "knowledge.service", "value", firstOf(q.Service, 40), "known", strings.Join(Services, ", ")).At("service", "5.2.10.h")
	}
	return nil
}
