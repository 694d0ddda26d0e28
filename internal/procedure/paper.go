package procedure

import (
	"regexp"
	"slices"
	"strings"
)

// paper is a document's own text, taken apart into numbered, lettered and listed pieces.
type paper struct {
	file   string
	items  []item
	tables []table
	listed []choice // what choices found, once
}

// item is one piece. Its clause is its own number and letter, else that of the piece it stands under.
type item struct {
	clause string
	line   int
	text   string // without marks
	rank   int
	mark   string // the number or letter as written
	up     int    // the piece it stands under, -1 for a section
	kids   []int
}

const (
	numbered  = iota
	paragraph // a sentence with no number of its own
	lettered
	dashed
	ticked
	ranks
)

type table struct {
	clause string
	line   int
	rows   [][]string
}

var (
	remark    = regexp.MustCompile(`(?s)<!--.*?-->`)
	address   = regexp.MustCompile(`<(https?:[^>]*)>`)
	link      = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	markup    = regexp.MustCompile(`<[^>]*>|[*\\]|^#+`)
	byNumber  = regexp.MustCompile(`^(\d+(?:\.\d+)*)\.\s*(\D.*)$`)
	byLetter  = regexp.MustCompile(`^([a-z])\.\s+(.+)$`)
	footnote  = regexp.MustCompile(`^\)\s*(.+)$`)
	titleCell = regexp.MustCompile(`^(Tanggal Berlaku|Kode Dokumen|Revisi)\b`)
)

// plainly takes the marks of Markdown and HTML out of a line and keeps its tabs.
func plainly(line string) string {
	line = markup.ReplaceAllString(link.ReplaceAllString(address.ReplaceAllString(line, "$1"), "$1"), "")
	return strings.Trim(line, " ")
}

// readPaper takes a text in Markdown apart. It refuses nothing: what has no number is a sentence of what stands before it.
func readPaper(file, text string) *paper {
	p := &paper{file: file}
	text = remark.ReplaceAllStringFunc(text, func(s string) string { return strings.Repeat("\n", strings.Count(s, "\n")) })
	title := map[string]bool{}
	last := [ranks]int{-1, -1, -1, -1, -1}
	blank := true
	for i, raw := range strings.Split(text, "\n") {
		line := plainly(raw)
		cells := strings.Split(line, "\t")
		for j := range cells {
			cells[j] = strings.TrimSpace(cells[j])
		}
		joined := strings.Join(cells, "")
		table := strings.Contains(line, "\t")
		number := byNumber.FindStringSubmatch(strings.TrimSpace(strings.TrimPrefix(line, "-")))
		if len(p.items) == 0 && (number == nil || table) { // the title block, until the first number
			for _, c := range cells {
				title[c] = true
			}
			continue
		}
		switch {
		case strings.Trim(joined, "-✓ ") == "":
			blank = true
			continue
		case !slices.ContainsFunc(cells, func(c string) bool { return c != "" && !title[c] && !titleCell.MatchString(c) }): // the title, again, on a new page
			continue
		case table:
			p.row(i+1, cells, blank)
			blank = false
			continue
		}
		p.piece(i+1, line, number, blank, &last)
		blank = false
	}
	return p
}

// row adds a row to the table it stands in; after a blank line a new table begins.
func (p *paper) row(line int, cells []string, blank bool) {
	if blank || len(p.tables) == 0 {
		p.tables = append(p.tables, table{clause: p.items[len(p.items)-1].clause, line: line})
	}
	t := &p.tables[len(p.tables)-1]
	t.rows = append(t.rows, cells)
}

// piece adds a line: a piece of its own, or more of the one before.
func (p *paper) piece(line int, text string, number []string, blank bool, last *[ranks]int) {
	rest := strings.TrimSpace(strings.TrimPrefix(text, "-"))
	dash := rest != text
	tick := strings.TrimSpace(strings.TrimPrefix(rest, "✓"))
	letter := byLetter.FindStringSubmatch(rest)
	note := footnote.FindStringSubmatch(rest)
	one := item{line: line, text: rest, up: -1}
	switch {
	case number != nil:
		one.rank, one.mark, one.clause, one.text = numbered, number[1], number[1], number[2]
	case note != nil:
		section, _, _ := strings.Cut(p.items[last[numbered]].clause, ".")
		one.rank, one.clause, one.text = paragraph, "fn."+section, note[1]
		last[paragraph] = -1
	case letter != nil:
		one.rank, one.mark, one.text = lettered, letter[1], letter[2]
	case tick != rest:
		one.rank, one.text = ticked, tick
	case dash:
		one.rank = dashed
	case blank:
		one.rank = paragraph
	default: // it goes on from the line before
		before := &p.items[len(p.items)-1]
		before.text += " " + text
		return
	}
	p.place(&one, last)
	p.items = append(p.items, one)
}

// place finds what a piece stands under, and its clause.
func (p *paper) place(one *item, last *[ranks]int) {
	here := len(p.items)
	if one.rank == numbered {
		for up := one.clause; strings.Contains(up, ".") && one.up < 0; {
			up = up[:strings.LastIndex(up, ".")]
			one.up = slices.IndexFunc(p.items, func(i item) bool { return i.rank == numbered && i.clause == up })
		}
	} else {
		for r := one.rank - 1; r >= 0 && one.up < 0; r-- {
			one.up = last[r]
		}
	}
	for r := one.rank + 1; r < ranks; r++ {
		last[r] = -1
	}
	last[one.rank] = here
	if one.up >= 0 {
		up := &p.items[one.up]
		up.kids = append(up.kids, here)
		if one.clause == "" {
			one.clause = up.clause
		}
		if one.rank == lettered {
			one.clause = up.clause + "." + one.mark
			p.twice(one)
		}
	}
}

// twice tells two items with one letter apart as b1 and b2.
func (p *paper) twice(one *item) {
	n := 1
	for i := range p.items {
		if first := &p.items[i]; first.rank == lettered && first.mark == one.mark && first.up == one.up {
			if n++; n == 2 {
				p.rename(first.clause, one.clause+"1")
			}
		}
	}
	if n > 1 {
		one.clause += string(rune('0' + n))
	}
}

func (p *paper) rename(from, to string) {
	for i := range p.items {
		if p.items[i].clause == from {
			p.items[i].clause = to
		}
	}
}

func (p *paper) at(i int) place { return place{p.file, p.items[i].line} }

// campaign is the part of the document that a piece belongs to: the first two of its numbers.
func (p *paper) campaign(i int) string {
	parts := strings.SplitN(p.items[i].clause, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// campaigns lists the parts in which somebody is called, with their pieces, in order.
func (p *paper) campaigns() (codes []string, of map[string][]int) {
	of = map[string][]int{}
	for i := range p.items {
		if c := p.campaign(i); strings.Contains(c, ".") {
			of[c] = append(of[c], i)
			if says(p.items[i].text, "menghubungi pelanggan") && !slices.Contains(codes, c) {
				codes = append(codes, c)
			}
		}
	}
	return codes, of
}

var fieldForm = regexp.MustCompile(`(?i)^(pilih|isi kolom|isi|tambahkan kolom|kolom)\s+(.+?)\s*(?:\b(?:sesuai|dengan|diisi|di isi|tidak perlu|apabila|jika)\b.*|[:(",;.].*)?$`)

// asks gives the field that a piece asks for and the word it begins with: "Pilih Status Calls:" asks Status Calls.
func asks(text string) (verb, field string) {
	if m := fieldForm.FindStringSubmatch(text); m != nil {
		return strings.ToLower(m[1]), m[2]
	}
	return "", ""
}

// alike is a name without capitals and plural: what is called Status Calls here and Status Call there is one field.
func alike(name string) string {
	parts := strings.Fields(bare(name))
	for i := range parts {
		parts[i] = strings.TrimSuffix(parts[i], "s")
	}
	return strings.Join(parts, " ")
}

var dependent = regexp.MustCompile(`(?i)^jika (?:memilih (.+?) di kolom (.+?)|(.+?) memilih (.+?)) maka`)

// depends gives the choice and the field under which a list is on offer: "Jika Reason 1 memilih Sukses maka ...".
func depends(text string) (choice, field string, ok bool) {
	m := dependent.FindStringSubmatch(text)
	if m == nil {
		return "", "", false
	}
	return m[1] + m[4], m[2] + m[3], true
}

// choice is one option of a field of the text.
type choice struct {
	item        int
	label, text string
	field       string   // alike
	shown       string   // the field as written
	asked       int      // the piece that asks the field
	under       string   // the choice it depends on, "" for none
	underField  string   // alike
	means       []string // by words.txt
}

// choices lists the options of all fields.
func (p *paper) choices() []choice {
	if p.listed != nil {
		return p.listed
	}
	all := []choice{}
	for i, it := range p.items {
		if it.rank < dashed {
			continue
		}
		if _, _, ok := depends(it.text); ok {
			continue
		}
		c := choice{item: i, asked: -1}
		for up := it.up; up >= 0 && c.asked < 0; up = p.items[up].up {
			if under, field, ok := depends(p.items[up].text); ok {
				c.under, c.underField = under, alike(field)
			} else if _, field := asks(p.items[up].text); field != "" {
				c.asked, c.field, c.shown = up, alike(field), field
			}
		}
		if _, own := asks(it.text); c.asked < 0 || own != "" {
			continue
		}
		label, text, _ := strings.Cut(it.text, ":")
		c.label, c.text = strings.Trim(label, " .;"), strings.TrimSpace(text)
		if c.means = meaningOf(c.text); c.text == "" {
			c.means = meaningOf(c.label)
		}
		all = append(all, c)
	}
	p.listed = all
	return all
}
