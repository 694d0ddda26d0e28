package knowledge

import (
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"

	"sapa/internal/db"
)

// How much a word weighs by where it stands.
const (
	inTitle = 8
	inWords = 5
	inAbout = 3
	inSteps = 1
	maxSum  = 24 // said often is not said better
)

// terms are what an article is found by: the roots of its Indonesian, the stems of its English, and its marks.
func terms(a Article) map[string]int {
	all := map[string]int{}
	add := func(t Text, weight int) {
		seen := map[string]int{}
		for _, w := range Words(t.ID) {
			for _, r := range Roots(w) {
				seen[r] = max(seen[r], weight)
			}
		}
		for _, w := range Words(t.EN) {
			for _, r := range []string{w, english(w)} {
				seen[r] = max(seen[r], weight)
			}
		}
		for r, n := range seen {
			all[r] = min(all[r]+n, maxSum)
		}
	}
	add(a.Title, inTitle)
	add(a.Words, inWords)
	add(a.About, inAbout)
	for _, s := range a.Steps {
		add(s.Ask, inSteps)
		add(s.Tip, inSteps)
	}
	for _, e := range a.Ends {
		add(e.Say, inSteps)
		add(e.Tip, inSteps)
	}
	for _, s := range a.Symptoms {
		all[mark("symptom", s)] = 1
	}
	for _, v := range a.Verdicts {
		all[mark("verdict", v)] = 1
	}
	for _, s := range a.Services {
		all[mark("service", s)] = 1
	}
	return all
}

// mark is a term that no word can be: Words knows no "=".
func mark(kind, value string) string { return kind + "=" + value }

func index(tx *db.Tx, a Article) error {
	all := terms(a)
	var rows, grown []any
	for _, term := range slices.Sorted(maps.Keys(all)) { // one order, so that two who index do not wait for each other in a circle
		rows = append(rows, term, a.Code, all[term])
		for _, g := range grams(term) {
			grown = append(grown, g, term)
		}
	}
	if err := many(tx, `INSERT INTO knowledge_term(term, code, weight) VALUES `, ` ON CONFLICT DO NOTHING`, 3, rows); err != nil {
		return err
	}
	return many(tx, `INSERT INTO knowledge_gram(gram, term) VALUES `, ` ON CONFLICT DO NOTHING`, 2, grown)
}

// unindex takes an article's words out, and those that no article has any more out of the letters.
func unindex(tx *db.Tx, code string) error {
	var words []string
	err := tx.Each(`SELECT term FROM knowledge_term WHERE code = $1 ORDER BY term`, []any{code}, func(s db.Scanner) error {
		var w string
		err := s.Scan(&w)
		words = append(words, w)
		return err
	})
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM knowledge_term WHERE code = $1`, code); err != nil {
		return err
	}
	for _, w := range words {
		for _, g := range grams(w) {
			_, err := tx.Exec(`
				DELETE FROM knowledge_gram
				 WHERE gram = $1
				   AND term = $2
				   AND NOT EXISTS (SELECT 1 FROM knowledge_term WHERE term = $2)`, g, w)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// together is how many rows one INSERT writes.
const together = 64

var (
	full  = map[int]string{2: places(2, together), 3: places(3, together)}
	alone = map[int]string{2: places(2, 1), 3: places(3, 1)}
)

// many writes rows of so many columns, many of them in one statement.
func many(tx *db.Tx, head, tail string, columns int, values []any) error {
	for len(values) > 0 {
		n, text := columns, alone[columns]
		if len(values) >= columns*together {
			n, text = columns*together, full[columns]
		}
		if _, err := tx.Exec(head+text+tail, values[:n]...); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}

func places(columns, rows int) string {
	var b []byte
	n := 0
	for r := range rows {
		if r > 0 {
			b = append(b, ", "...)
		}
		b = append(b, '(')
		for c := range columns {
			if c > 0 {
				b = append(b, ", "...)
			}
			n++
			b = append(b, '$')
			b = strconv.AppendInt(b, int64(n), 10)
		}
		b = append(b, ')')
	}
	return string(b)
}

// shortest is the length below which a word is not mended: too many others are one letter away.
const shortest = 4

// grams are the threes of letters of a word, with its ends marked; none of marks, numbers and short words.
func grams(w string) []string {
	r := []rune(w)
	if len(r) < shortest || slices.Contains(r, '=') || r[0] >= '0' && r[0] <= '9' {
		return nil
	}
	r = append(append([]rune{'^'}, r...), '$')
	var all []string
	for i := range len(r) - 2 {
		if g := string(r[i : i+3]); !slices.Contains(all, g) {
			all = append(all, g)
		}
	}
	return all
}

// apart counts how many letters two words are apart: put in, left out, another one, or two that changed places.
func apart(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([][]int, len(x)+1)
	for i := range row {
		row[i] = make([]int, len(y)+1)
		row[i][0] = i
	}
	for j := range row[0] {
		row[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			other := 1
			if x[i-1] == y[j-1] {
				other = 0
			}
			row[i][j] = min(row[i-1][j]+1, row[i][j-1]+1, row[i-1][j-1]+other)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[i][j] = min(row[i][j], row[i-2][j-2]+1)
			}
		}
	}
	return row[len(x)][len(y)]
}

// slips is how many letters may be wrong in a word of this length.
func slips(w string) int {
	if utf8.RuneCountInString(w) <= 5 {
		return 1
	}
	return 2
}
