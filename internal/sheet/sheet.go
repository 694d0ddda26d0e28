// Package sheet lays a controlled document out as it is printed: its clauses put back into sections, numbers, letters and
// lists, its tables, its title block. The same data that runs is what is printed; nothing of it is written twice. It makes no
// page: web does.
package sheet

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sapa/internal/procedure"
)

// Sheet is a document laid out.
type Sheet struct {
	Title    []Piece // doc.title
	Copies   []Copy
	Sections []Section
	Records  []procedure.Item // of section 6; empty until its owner fills it
	History  []Change
	Notes    map[string][]Piece // footnotes, by the number of their section
}

// Copy is a controlled copy with its clause.
type Copy struct {
	procedure.Copy
	Text string
}

// Section is one of the document's seven.
type Section struct {
	No     string
	Title  string // of the house's own form for 1 to 5; 6 and 7 are clauses
	Clause string // of the title, where it is one
	Gloss  string
	Blocks []Block
}

// Block is one paragraph, heading or list item.
type Block struct {
	Kind   string // heading, number, letter, dash, tick, group, text, app
	Mark   string // as printed: 5.2.1. or a.
	Pieces []Piece
	Star   bool   // its campaign may change: the footnote of the section
	More   string // of an application: what it is for
	number string
	letter string
}

// Piece is the text of one clause; Join is what stands before it when a sentence holds several.
type Piece struct {
	Clause, Text, Gloss, Join string
}

// Change is a row of the change history.
type Change struct {
	Revision, Date string
	Pieces         []Piece
}

// The headings of the form that every work instruction of the house has; they are no clauses.
var headings = map[string]string{"1": "Rujukan", "2": "Tujuan", "3": "Ruang Lingkup", "4": "Indikator Kinerja Prosedur", "5": "Rincian Prosedur"}

// Of lays a book out. Every clause stands in it once, in the document's order, but for the title block's: of them the values
// that are in force are printed, which a new revision does not write by hand.
func Of(b *procedure.Book) Sheet {
	l := &layout{book: b, there: map[string]bool{}, sheet: Sheet{Records: b.Document.Records, Notes: map[string][]Piece{}}}
	for _, c := range b.Clauses {
		l.there[c.ID] = true
	}
	for _, c := range b.Clauses {
		l.place(c)
	}
	return l.sheet
}

type layout struct {
	book  *procedure.Book
	there map[string]bool // exact ids
	sheet Sheet
}

func piece(c procedure.Clause) Piece { return Piece{Clause: c.ID, Text: c.Text, Gloss: c.Gloss} }

func (l *layout) place(c procedure.Clause) {
	head, rest, _ := strings.Cut(c.ID, ".")
	switch {
	case c.ID == "doc.title":
		l.sheet.Title = append(l.sheet.Title, piece(c))
	case head == "doc":
		for _, one := range l.book.Document.Copies {
			if one.Clause == c.ID {
				l.sheet.Copies = append(l.sheet.Copies, Copy{one, c.Text})
			}
		}
	case head == "fn":
		l.sheet.Notes[rest] = append(l.sheet.Notes[rest], piece(c))
	default:
		s := l.section(head)
		switch {
		case c.ID == head && headings[head] == "": // 6 and 7: the clause is the heading
			s.Title, s.Clause, s.Gloss = c.Text, c.ID, c.Gloss
		case l.changed(c):
		default:
			l.block(s, c)
		}
	}
}

func (l *layout) section(no string) *Section {
	all := &l.sheet.Sections
	i := slices.IndexFunc(*all, func(s Section) bool { return s.No == no })
	if i < 0 {
		*all = append(*all, Section{No: no, Title: headings[no]})
		i = len(*all) - 1
	}
	return &(*all)[i]
}

// changed puts a clause of the change history into its row.
func (l *layout) changed(c procedure.Clause) bool {
	i := slices.IndexFunc(l.book.Document.History, func(h procedure.Revised) bool { return h.Clause == c.ID })
	if i < 0 {
		return false
	}
	h, rows := l.book.Document.History[i], &l.sheet.History
	if n := len(*rows); n == 0 || (*rows)[n-1].Revision != h.Revision {
		*rows = append(*rows, Change{Revision: h.Revision, Date: h.Date})
	}
	row := &(*rows)[len(*rows)-1]
	row.Pieces = append(row.Pieces, piece(c))
	return true
}

// block adds a clause to its section: a paragraph of its own, or one more piece of the sentence before it.
func (l *layout) block(s *Section, c procedure.Clause) {
	number, letter, words := parts(c.ID)
	var last *Block
	if n := len(s.Blocks); n > 0 {
		last = &s.Blocks[n-1]
	}
	more := func() { // the sentence goes on
		p := piece(c)
		p.Join = join(last.Pieces[len(last.Pieces)-1].Text, c.Text)
		last.Pieces = append(last.Pieces, p)
	}
	add := func(kind, mark string) *Block {
		s.Blocks = append(s.Blocks, Block{Kind: kind, Mark: mark, Pieces: []Piece{piece(c)}, number: number, letter: letter})
		return &s.Blocks[len(s.Blocks)-1]
	}
	same := last != nil && last.number == number && last.letter == letter
	switch {
	case !strings.Contains(number, "."): // 1 to 4 number no paragraphs
		if last != nil && startsLow(c.Text) {
			more()
			return
		}
		add("text", "")
	case letter == "" && len(words) == 0:
		l.numbered(c, add, number)
	case letter == "" && strings.Count(number, ".") == 1: // 5.4.pre: a sentence under a heading
		add("text", "")
	case letter == "" && !l.there[number]:
		if same && last.Kind == "number" {
			more()
			return
		}
		add("number", number+".")
	case letter == "" && len(words) == 1:
		add("dash", "")
	case letter == "":
		add("tick", "")
	case len(words) == 0:
		add("letter", shown(letter))
	case !l.there[number+"."+letter]:
		if same && last.Kind == "letter" {
			more()
			return
		}
		add("letter", shown(letter))
	case same && startsLow(c.Text):
		more()
	case len(words) > 1:
		l.group(s, number, letter, words[0])
		add("tick", "")
	default:
		add("dash", "")
	}
}

// numbered adds 5.1, 5.1.1, 5.2.6.
func (l *layout) numbered(c procedure.Clause, add func(kind, mark string) *Block, number string) {
	for _, a := range l.book.Document.Applications {
		if a.Clause == c.ID && !a.Additional {
			add("app", number+".").More = a.Label.ID
			return
		}
	}
	if strings.Count(number, ".") > 1 {
		add("number", number+".")
		return
	}
	b := add("heading", number+".")
	b.Star = slices.ContainsFunc(l.book.Procedures, func(p *procedure.Procedure) bool { return p.Clause == c.ID })
}

// group adds the line over the options that one choice opens; its words are those of the choice.
func (l *layout) group(s *Section, number, letter, word string) {
	for i := len(s.Blocks) - 1; i >= 0 && s.Blocks[i].number == number && s.Blocks[i].letter == letter; i-- {
		if s.Blocks[i].Kind == "group" {
			if s.Blocks[i].Mark == word {
				return
			}
			break
		}
	}
	s.Blocks = append(s.Blocks, Block{Kind: "group", Mark: word, Pieces: []Piece{{Text: l.called(word)}}, number: number, letter: letter})
}

// called is what the document calls a choice: the words before the colon of the clause that ends with its id.
func (l *layout) called(word string) string {
	for _, c := range l.book.Clauses {
		if strings.HasSuffix(c.ID, "."+word) {
			name, _, _ := strings.Cut(c.Text, ":")
			return strings.TrimSpace(name)
		}
	}
	return word
}

// parts takes a clause id apart: 5.7.8 b [contacted sukses].
func parts(id string) (number, letter string, words []string) {
	all := strings.Split(id, ".")
	n := 0
	for n < len(all) && all[n] != "" && unicode.IsDigit(rune(all[n][0])) {
		n++
	}
	number, words = strings.Join(all[:n], "."), all[n:]
	if len(words) > 0 && isLetter(words[0]) {
		letter, words = words[0], words[1:]
	}
	return number, letter, words
}

// isLetter tells a letter of a list, with the number that keeps two of one apart (A-08: b1, b2).
func isLetter(s string) bool {
	return s[0] >= 'a' && s[0] <= 'z' && (len(s) == 1 || len(s) == 2 && unicode.IsDigit(rune(s[1])))
}

// shown is a letter as the document prints it: both b1 and b2 are b.
func shown(letter string) string { return letter[:1] + "." }

func startsLow(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLower(r)
}

// join is what stands between two pieces of one sentence, or of two.
func join(before, next string) string {
	switch {
	case strings.HasSuffix(before, ":"), strings.HasSuffix(before, "."), strings.HasSuffix(before, ","), strings.HasPrefix(next, "dan "):
		return " "
	case startsLow(next), strings.HasPrefix(before, "Jika "):
		return ", "
	}
	return ". "
}
