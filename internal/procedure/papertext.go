package procedure

import (
	"fmt"
	"slices"
	"strings"
)

// Written writes the clauses of the work (section 5) as a document would print them, so that a revision that holds no text of its
// own can be read by LintText: numbers, letters, dashed choices under the choice they depend on. clauses[i] is the clause that
// line i+1 begins, "" when none does.
func (b *Book) Written() (text string, clauses []string) {
	w := &writer{book: b}
	w.line("", "5. Rincian Prosedur")
	for i := 0; i < len(b.Clauses); i++ {
		c := b.Clauses[i]
		if !strings.HasPrefix(c.ID, "5.") { // the title block, what stands before and after, footnotes
			continue
		}
		switch last := tail(c.ID); {
		case isNumber(last):
			w.line(c.ID, c.ID+". "+w.sentence(c))
		case isLetter(last):
			w.line(c.ID, last[:1]+". "+w.sentence(c))
		case b.isClause(up(c.ID)) && (isNumber(tail(up(c.ID))) || isLetter(tail(up(c.ID)))):
			w.line(c.ID, "  - "+w.sentence(c))
		case b.isClause(up(c.ID)):
			w.line(c.ID, "    - ✓ "+w.sentence(c))
		case b.isClause(up(up(c.ID))) && isLetter(tail(up(up(c.ID)))): // 5.7.8.b.contacted.sukses: a choice under a choice of the field before
			w.under(up(c.ID))
			w.line(c.ID, "    - ✓ "+w.sentence(c))
		default: // pieces of one sentence: 5.2.4.longest, 5.2.4.note
			whole := c
			for ; i+1 < len(b.Clauses) && up(b.Clauses[i+1].ID) == up(c.ID) && !isLetter(tail(b.Clauses[i+1].ID)) && !isNumber(tail(b.Clauses[i+1].ID)); i++ {
				whole.Text += ", " + b.Clauses[i+1].Text
			}
			w.line(c.ID, mark(up(c.ID))+w.sentence(whole))
		}
	}
	return w.text.String(), w.clauses
}

// LintClauses is LintText of what Written writes, each finding at the clause its line begins.
func (b *Book) LintClauses() []Finding {
	text, clauses := b.Written()
	all := LintText("clauses.yaml", text)
	for i := range all {
		f := &all[i]
		if at := f.Line - 1; at < len(clauses) && strings.HasPrefix(clauses[at], f.Clause+".") {
			f.Clause = clauses[at]
		}
	}
	return slices.DeleteFunc(all, func(f Finding) bool { return f.Clause == "5" }) // its own heading: sections 1-4 are not written
}

type writer struct {
	book    *Book
	text    strings.Builder
	clauses []string
	branch  string // the choice whose list is being written
}

func (w *writer) line(clause, text string) {
	if !strings.HasPrefix(clause, w.branch+".") {
		w.branch = ""
	}
	if !strings.HasPrefix(text, " ") { // numbers and letters stand apart
		w.text.WriteString("\n")
		w.clauses = append(w.clauses, "")
	}
	fmt.Fprintln(&w.text, strings.Join(strings.Fields(strings.Replace(text, "\n", " ", -1)), " "))
	w.clauses = append(w.clauses, clause)
}

// sentence is a clause's text; a colon that announces nothing of its own, as where an address was left out, is not written.
func (w *writer) sentence(c Clause) string {
	text := strings.TrimSpace(c.Text)
	if slices.ContainsFunc(w.book.Clauses, func(o Clause) bool { return strings.HasPrefix(o.ID, c.ID+".") }) {
		return text
	}
	return strings.TrimRight(text, ": ")
}

// under announces the list of a choice: which field it belongs to is what the form says.
func (w *writer) under(branch string) {
	if w.branch == branch {
		return
	}
	name, field := tail(branch), "kolom sebelumnya"
	for _, p := range w.book.all() {
		for _, f := range p.Fields {
			for _, o := range f.Options {
				if o.ID == name && strings.HasPrefix(o.Clause(), up(up(branch))+".") {
					name, field = o.Label.ID, f.Label.ID
				}
			}
		}
	}
	w.line(branch, fmt.Sprintf("  - Jika memilih %s di kolom %s maka akan muncul pilihan:", name, field))
	w.branch = branch
}

func (b *Book) isClause(id string) bool {
	return slices.ContainsFunc(b.Clauses, func(c Clause) bool { return c.ID == id })
}

// up is the id one level above; "" at the top.
func up(id string) string { return id[:max(0, strings.LastIndex(id, "."))] }

func tail(id string) string { return id[strings.LastIndex(id, ".")+1:] }

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// isLetter tells a letter of a list; one that stands twice has a number behind it.
func isLetter(s string) bool {
	return len(s) == 1 && s[0] >= 'a' && s[0] <= 'z' || len(s) == 2 && s[0] >= 'a' && s[0] <= 'z' && isNumber(s[1:])
}

// mark is how a clause that stands only in pieces begins.
func mark(id string) string {
	if isLetter(tail(id)) {
		return tail(id)[:1] + ". "
	}
	return id + ". "
}
