package procedure

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"path"
	"strings"
)

// carried is a clause and what of the files carries it.
type carried struct {
	clause, by string
	at         place
}

// Load reads one revision of a document from a folder: document.yaml, clauses.yaml, open.yaml, common/*.yaml and
// campaigns/*.yaml, and checks all of it. A book with problems is not for use.
func Load(fsys fs.FS, dir string) (*Book, []Problem) {
	r := &reader{}
	b := &Book{places: map[string]place{}}
	if n, ok := r.open(fsys, path.Join(dir, "document.yaml")); ok {
		r.document(n, b)
	}
	if n, ok := r.open(fsys, path.Join(dir, "clauses.yaml")); ok {
		r.clauses(n, b)
	}
	if n, ok := r.open(fsys, path.Join(dir, "open.yaml")); ok {
		r.openClauses(n, b)
	}
	common := map[string]fragment{}
	for _, name := range files(fsys, path.Join(dir, "common")) {
		if n, ok := r.open(fsys, name); ok {
			common["common/"+strings.TrimSuffix(path.Base(name), ".yaml")] = r.fragment(n)
		}
	}
	for _, name := range files(fsys, path.Join(dir, "campaigns")) {
		if n, ok := r.open(fsys, name); ok {
			b.Procedures = append(b.Procedures, r.procedure(n, common))
		}
	}
	if len(r.problems) == 0 {
		r.check(b)
	}
	if len(r.problems) == 0 {
		b.seal()
	}
	return b, r.problems
}

func files(fsys fs.FS, dir string) []string {
	names, _ := fs.Glob(fsys, dir+"/*.yaml") // the pattern is ours and well formed; Glob sorts
	return names
}

// seal gives the book and each procedure the hash of what they say, and puts the procedures in the document's order.
func (b *Book) seal() {
	var ordered []*Procedure
	for _, code := range b.Document.Campaigns {
		ordered = append(ordered, b.Procedure(code))
	}
	b.Procedures = ordered
	for _, p := range b.Procedures {
		p.Hash = ""
		p.Hash = digest(p)
	}
	b.Hash = digest(struct {
		Document   Document
		Clauses    []Clause
		Procedures []*Procedure
		Open       []Open
	}{b.Document, b.Clauses, b.Procedures, b.Open})
}

func digest(v any) string {
	data, _ := json.Marshal(v) // plain structs and strings: it cannot fail
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func (r *reader) document(n node, b *Book) {
	d := &b.Document
	carry := func(clause, by string, at place) { d.clauses = append(d.clauses, carried{clause, by, at}) }
	titled := func(by string, to *string) func(node) { // {text: ..., clause: ...}
		return func(n node) {
			var clause string
			r.fields(n, map[string]func(node){"text": r.str(to), "clause": r.str(&clause)})
			carry(clause, by, n.place())
		}
	}
	var revision string
	r.fields(n, map[string]func(node){
		"code":      titled("document.yaml code", &d.Code),
		"title":     titled("document.yaml title", &d.Title),
		"effective": titled("document.yaml effective", &d.Effective),
		"revision":  titled("document.yaml revision", &revision),
		"campaigns": r.strs(&d.Campaigns),
		"copies": func(n node) {
			r.each(n, func(item node) {
				c := grow(&d.Copies)
				r.fields(item, map[string]func(node){"type": r.str(&c.Type), "holder": r.str(&c.Holder), "clause": r.str(&c.Clause)})
				carry(c.Clause, "document.yaml copies", item.place())
			})
		},
		"signatures": func(n node) {
			r.each(n, func(item node) {
				s := grow(&d.Signatures)
				r.fields(item, map[string]func(node){"id": r.str(&s.ID), "position": r.str(&s.Position), "date": r.str(&s.Date), "clause": r.str(&s.Clause)})
				carry(s.Clause, "document.yaml signatures", item.place())
			})
		},
		"references": r.items(&d.References, "references", carry),
		"statements": r.items(&d.Statements, "statements", carry),
		"records":    r.items(&d.Records, "records", carry),
		"history": func(n node) {
			r.each(n, func(item node) {
				h := grow(&d.History)
				r.fields(item, map[string]func(node){"revision": r.str(&h.Revision), "date": r.str(&h.Date), "clause": r.str(&h.Clause), "text": r.text(&h.Text)})
				carry(h.Clause, "document.yaml history", item.place())
			})
		},
		"applications": func(n node) {
			r.each(n, func(item node) {
				a := grow(&d.Applications)
				r.fields(item, map[string]func(node){"id": r.str(&a.ID), "name": r.str(&a.Name), "clause": r.str(&a.Clause), "aliases": r.strs(&a.Aliases),
					"additional": r.yes(&a.Additional), "required_for": r.strs(&a.RequiredFor), "room": r.str(&a.Room), "label": r.text(&a.Label)})
				if !a.Additional {
					carry(a.Clause, "document.yaml application "+a.ID, item.place())
				}
			})
		},
	})
	d.Revision = int(decimal(revision))
	if d.Code == "" || d.Revision == 0 || d.Effective == "" {
		r.wrong(n.place(), "title-block", "write code, revision and effective", "the title block is incomplete")
	}
}

func decimal(s string) (n int64) {
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int64(c-'0')
	}
	return n
}

func (r *reader) items(to *[]Item, what string, carry func(clause, by string, at place)) func(node) {
	return func(n node) {
		r.each(n, func(item node) {
			it := grow(to)
			r.fields(item, map[string]func(node){"id": r.str(&it.ID), "clause": r.str(&it.Clause), "text": r.text(&it.Text)})
			carry(it.Clause, "document.yaml "+what, item.place())
		})
	}
}

func (r *reader) clauses(n node, b *Book) {
	seen := map[string]bool{}
	r.each(n, func(item node) {
		c := grow(&b.Clauses)
		r.fields(item, map[string]func(node){"id": r.str(&c.ID), "text": r.str(&c.Text), "en": r.str(&c.Gloss), "parent": r.str(&c.Parent)})
		if c.ID == "" || c.Text == "" || c.Gloss == "" {
			r.wrong(item.place(), "clause-text", "write id, text and en", "clause %q is incomplete", c.ID)
		}
		if seen[c.ID] {
			r.wrong(item.place(), "double-clause", "keep one of them", "clause %q stands twice", c.ID)
		}
		seen[c.ID] = true
		b.places["clause "+c.ID] = item.place()
	})
}

func (r *reader) openClauses(n node, b *Book) {
	r.each(n, func(item node) {
		o := grow(&b.Open)
		r.fields(item, map[string]func(node){"clause": r.str(&o.Clause), "reason": r.text(&o.Reason), "room": r.str(&o.Room), "issue": r.num(&o.Issue)})
		b.places["open "+o.Clause] = item.place()
	})
}
