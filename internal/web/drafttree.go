package web

import (
	"strings"

	"github.com/a-h/templ"

	"sapa/internal/procedure"
)

// treeNode is one line of the clause tree.
type treeNode struct {
	ID      string
	Title   string
	Level   int // 1: a section or campaign, 2: below it
	Notes   int // open findings and mistakes at it and below
	Changes int
	Remarks int // open comments
	On      bool
}

// section is the part of the document a clause belongs to: 5.7.8.b is of 5.7, A-38 of A, doc.code of doc.
func section(id string) string {
	if strings.HasPrefix(id, "A-") {
		return "A"
	}
	parts := strings.Split(id, ".")
	if parts[0] == "5" && len(parts) > 1 {
		return "5." + parts[1]
	}
	return parts[0]
}

// node is the line of the tree a clause is shown at: 5.7.8.b at 5.7.8, 5.7 and doc.code at their section.
func node(id string) string {
	if parts := strings.Split(id, "."); parts[0] == "5" && len(parts) > 2 {
		return strings.Join(parts[:3], ".")
	}
	return section(id)
}

// tree lists the sections, and the clauses of the one that is open. Clauses that the draft has no more stand where they stood.
func (p draftData) tree() (nodes []treeNode) {
	var ids []string
	seen := map[string]bool{}
	add := func(id string) {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for _, c := range p.clauses() {
		add(section(c))
		if section(c) == section(p.At) {
			add(node(c))
		}
	}
	add("A")
	for _, id := range ids {
		n := treeNode{ID: id, Level: 1, On: id == node(p.At), Title: p.nodeTitle(id)}
		if id != section(id) {
			n.Level = 2
		}
		mine := func(clause string) bool {
			return clause != "" && (n.Level == 1 && section(clause) == id || node(clause) == id)
		}
		for _, c := range p.B.Changes {
			if mine(c.Clause) {
				n.Changes++
			}
		}
		for _, f := range p.B.Notes {
			if f.open() && mine(f.Clause) {
				n.Notes++
			}
		}
		for _, one := range p.B.Problems {
			if mine(one.Clause) {
				n.Notes++
			}
		}
		for _, c := range p.Comments {
			if c.SettledBy == 0 && mine(c.Clause) {
				n.Remarks++
			}
		}
		nodes = append(nodes, n)
	}
	return nodes
}

// clauses lists the ids of both revisions in the document's order; one that is gone follows what it followed.
func (p draftData) clauses() []string {
	var all []string
	there := map[string]bool{}
	for _, c := range p.B.Book.Clauses {
		there[c.ID] = true
	}
	was := p.B.Force.Book.Clauses
	gone := map[string][]string{} // after which clause
	last := ""
	for _, c := range was {
		if !there[c.ID] {
			gone[last] = append(gone[last], c.ID)
			continue
		}
		last = c.ID
	}
	all = append(all, gone[""]...)
	for _, c := range p.B.Book.Clauses {
		all = append(all, c.ID)
		all = append(all, gone[c.ID]...)
	}
	return all
}

// nodeTitle is what the tree calls a clause: the campaign, the step that works it, else its own words.
func (p draftData) nodeTitle(id string) string {
	switch id {
	case "doc", "1", "2", "3", "4", "6", "7", "fn", "A":
		return p.T("draft.section." + id)
	}
	for _, book := range []*procedure.Book{p.B.Book, p.B.Force.Book} {
		for _, one := range book.Procedures {
			if one.Clause == id {
				return one.Title.In(string(p.Lang))
			}
		}
		for _, one := range book.Procedures {
			if section(one.Clause) != section(id) {
				continue
			}
			for _, s := range one.Steps {
				for _, c := range s.Clauses {
					if c == id || node(c) == id {
						return s.Title.In(string(p.Lang))
					}
				}
			}
		}
		for _, c := range book.Clauses {
			if c.ID == id || node(c.ID) == id {
				return capital(strings.TrimRight(strings.TrimPrefix(c.Text, "Agent "), " :."))
			}
		}
	}
	return id
}

// stepKey gives the nodes around the open one the keys J and K.
func stepKey(nodes []treeNode, i int) templ.Attributes {
	switch {
	case i > 0 && nodes[i-1].On:
		return templ.Attributes{"data-key": "j"}
	case i+1 < len(nodes) && nodes[i+1].On:
		return templ.Attributes{"data-key": "k"}
	}
	return nil
}

// mark is what the tree prints before a node's title.
func (n treeNode) mark() string {
	switch n.ID {
	case "doc", "fn", "A":
		return ""
	}
	return n.ID
}
