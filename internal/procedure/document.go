package procedure

import "strconv"

// document reads the title block and what else the document says of itself.
func (r *reader) document(n node, b *Book) {
	d := &b.Document
	d.at = n.place()
	var revision string
	r.keys(n, map[string]func(node){
		"code": r.titled(d, "code", &d.Code), "title": r.titled(d, "title", &d.Title),
		"effective": r.titled(d, "effective date", &d.Effective), "revision": r.titled(d, "revision", &revision),
		"campaigns":  r.strs(&d.Campaigns),
		"references": r.items(d, "reference", &d.References), "statements": r.items(d, "statement", &d.Statements),
		"records": r.items(d, "record", &d.Records), "parameters": r.items(d, "parameter", &d.Parameters),
		"copies": r.list(func(n node) {
			c := grow(&d.Copies)
			r.keys(n, map[string]func(node){"type": r.str(&c.Type), "holder": r.str(&c.Holder), "clause": r.str(&c.Clause)})
			d.says(n, c.Clause, "copy "+c.Type+" "+c.Holder)
		}),
		"signatures": r.list(func(n node) {
			s := grow(&d.Signatures)
			r.keys(n, map[string]func(node){"id": r.str(&s.ID), "position": r.str(&s.Position), "date": r.str(&s.Date), "clause": r.str(&s.Clause)})
			d.says(n, s.Clause, "signature "+s.ID)
		}),
		"history": r.list(func(n node) {
			h := grow(&d.History)
			r.keys(n, map[string]func(node){"revision": r.str(&h.Revision), "date": r.str(&h.Date), "clause": r.str(&h.Clause), "text": r.text(&h.Text)})
			d.says(n, h.Clause, "history "+h.Revision)
		}),
		"applications": r.list(func(n node) {
			a := grow(&d.Applications)
			a.at = n.place()
			r.keys(n, map[string]func(node){"id": r.str(&a.ID), "name": r.str(&a.Name), "clause": r.str(&a.Clause), "aliases": r.strs(&a.Aliases),
				"additional": r.yes(&a.Additional), "required_for": r.strs(&a.RequiredFor), "room": r.str(&a.Room), "label": r.text(&a.Label), "address": r.str(&a.Address)})
			d.says(n, a.Clause, "application "+a.ID)
			d.said[len(d.said)-1].aside = a.Additional
		}),
	})
	d.Revision, _ = strconv.Atoi(revision) // 0, refused by the checker, when it is no number
}

// says notes that a part of the document rests on its clause.
func (d *Document) says(n node, clause, what string) {
	d.said = append(d.said, saying{what: what, clause: clause, at: n.place()})
}

// titled reads a part of the title block: {text: ..., clause: ...}.
func (r *reader) titled(d *Document, what string, to *string) func(node) {
	return func(n node) {
		var clause string
		r.keys(n, map[string]func(node){"text": r.str(to), "clause": r.str(&clause)})
		d.says(n, clause, what)
	}
}

func (r *reader) items(d *Document, what string, to *[]Item) func(node) {
	return r.list(func(n node) {
		i := grow(to)
		r.keys(n, map[string]func(node){"id": r.str(&i.ID), "clause": r.str(&i.Clause), "text": r.text(&i.Text)})
		d.says(n, i.Clause, what+" "+i.ID)
	})
}

func (r *reader) list(item func(node)) func(node) {
	return func(n node) { r.each(n, item) }
}

// clauses reads the clauses with their Indonesian text and an English gloss.
func (r *reader) clauses(n node, b *Book) {
	r.each(n, func(n node) {
		c := grow(&b.Clauses)
		c.at = n.place()
		r.keys(n, map[string]func(node){"id": r.str(&c.ID), "text": r.str(&c.Text), "en": r.str(&c.Gloss), "parent": r.str(&c.Parent)})
	})
}

// gaps reads what the document leaves open and how it is resolved.
func (r *reader) gaps(n node, b *Book) {
	r.each(n, func(n node) {
		g := grow(&b.Gaps)
		g.at = n.place()
		r.keys(n, map[string]func(node){"id": r.str(&g.ID), "where": r.text(&g.Where), "problem": r.text(&g.Problem),
			"decision": r.text(&g.Decision), "clauses": r.strs(&g.Clauses)})
	})
}

// waiting reads the clauses that nothing carries yet.
func (r *reader) waiting(n node, b *Book) {
	r.each(n, func(n node) {
		o := grow(&b.Open)
		o.at = n.place()
		r.keys(n, map[string]func(node){"clause": r.str(&o.Clause), "reason": r.text(&o.Reason), "room": r.str(&o.Room), "issue": r.num(&o.Issue)})
	})
}
