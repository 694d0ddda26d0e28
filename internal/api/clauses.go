package api

import (
	"strconv"
	"time"

	"sapa/internal/db"
	"sapa/internal/procedure"
	"sapa/internal/staff"
	"sapa/internal/trace"
)

// tracedJSON is a clause of one revision with what belongs to it and what rests on it. What is none is empty, never null.
type tracedJSON struct {
	ID         string        `json:"id"`
	Document   string        `json:"document"`
	Revision   int           `json:"revision"`
	Hash       string        `json:"hash"`
	Effective  *string       `json:"effective_at"`
	Stands     string        `json:"stands"`
	Text       string        `json:"text"`
	Gloss      string        `json:"gloss"`
	Ours       bool          `json:"ours"` // a decision of sapa, not the document's own text
	Parents    []string      `json:"parents"`
	Children   []string      `json:"children"`
	Signatures []signerJSON  `json:"signatures"`
	Gaps       []gapJSON     `json:"gaps"`
	CarriedBy  []partJSON    `json:"carried_by"`
	Tests      []string      `json:"tests"`
	Revisions  []otherJSON   `json:"revisions"`
	Turns      []handledJSON `json:"turns"`
	Next       *db.ID        `json:"next"`
}

type signerJSON struct {
	Role     string  `json:"role"`
	Position string  `json:"position"`
	Name     string  `json:"name"` // empty: on paper, where names stay
	Day      string  `json:"day"`  // on paper
	At       *string `json:"at"`   // in sapa
}

type gapJSON struct {
	ID       string `json:"id"`
	Problem  string `json:"problem"`
	Decision string `json:"decision"`
}

type partJSON struct {
	Campaign string `json:"campaign"`
	Kind     string `json:"kind"`
	ID       string `json:"id"`
	Of       string `json:"of"` // the option of a field, what an effect does
	Label    string `json:"label"`
}

type otherJSON struct {
	Revision  int     `json:"revision"`
	Effective *string `json:"effective_at"`
	There     bool    `json:"there"`
	Same      bool    `json:"same"`
	Text      string  `json:"text"`
}

type handledJSON struct {
	Ticket   db.ID      `json:"ticket"`
	Ref      string     `json:"ref"`
	Campaign string     `json:"campaign"`
	Revision int        `json:"revision"`
	Agent    db.ID      `json:"agent"`
	At       *string    `json:"at"`
	Outcome  string     `json:"outcome"`
	By       []partJSON `json:"by"`
}

// clause reads one clause, of the revision in force or of the one asked for; who may read tickets also gets the turns handled
// under it, within their scope, by pages.
func (a *API) clause(tx *db.Tx, r seen) (any, error) {
	q, err := query(r, "revision", "after", "limit")
	if err != nil {
		return nil, err
	}
	before, limit, err := paging(q)
	if err != nil {
		return nil, err
	}
	revision := 0
	if v := q.Get("revision"); v != "" {
		if revision, err = strconv.Atoi(v); err != nil || revision < 1 {
			return nil, badQuery("revision")
		}
	}
	of, err := a.Seat.Campaigns.Revision(tx, revision)
	if err != nil {
		return nil, err
	}
	all, err := a.Seat.Campaigns.Revisions(tx)
	if err != nil {
		return nil, err
	}
	c, err := trace.Of(tx, of, all, r.PathValue("id"), a.Tests)
	if err != nil {
		return nil, err
	}
	j := a.shapeClause(c, r)
	if staff.May(r.by, staff.ActReadTicket) != nil {
		return j, nil
	}
	turns, next, err := trace.Under(tx, staff.ScopeOf(r.by), all, c.ID, before, limit)
	if err != nil {
		return nil, err
	}
	lang := string(r.lang())
	for _, h := range turns {
		j.Turns = append(j.Turns, handledJSON{h.Ticket, h.Ref, h.Campaign, h.Revision, h.Agent, stamp(h.At, a.Seat.Site), h.Outcome.In(lang), partsJSON(h.By, lang)})
	}
	if next != 0 {
		j.Next = &next
	}
	return j, nil
}

func (a *API) shapeClause(c trace.Clause, r seen) tracedJSON {
	lang, zone := string(r.lang()), a.Seat.Site
	j := tracedJSON{ID: c.ID, Document: c.Revision.Document, Revision: c.Revision.Revision, Hash: c.Revision.Hash, Effective: stamp(c.Revision.EffectiveAt, zone),
		Stands: c.Stands, Text: c.Text, Gloss: c.Gloss, Ours: c.Gap != nil, Parents: idsOf(c.Parents), Children: idsOf(c.Children), Signatures: []signerJSON{},
		Gaps: []gapJSON{}, CarriedBy: partsJSON(c.Parts, lang), Tests: append([]string{}, c.Tests...), Revisions: []otherJSON{}, Turns: []handledJSON{}}
	for _, s := range c.Signature {
		one := signerJSON{Role: s.Role, Position: s.Position, Name: s.Name}
		if s.Paper {
			one.Day = s.At.Format(time.DateOnly)
		} else {
			one.At = stamp(s.At, zone)
		}
		j.Signatures = append(j.Signatures, one)
	}
	for _, g := range c.Gaps {
		j.Gaps = append(j.Gaps, gapJSON{g.ID, g.Problem.In(lang), g.Decision.In(lang)})
	}
	for _, o := range c.Others {
		there, _ := o.Revision.Book.Clause(c.ID)
		j.Revisions = append(j.Revisions, otherJSON{o.Revision.Revision, stamp(o.Revision.EffectiveAt, zone), o.There, o.Same, there.Text})
	}
	return j
}

func idsOf(clauses []procedure.Clause) []string {
	ids := make([]string, len(clauses))
	for i, c := range clauses {
		ids[i] = c.ID
	}
	return ids
}

func partsJSON(parts []trace.Part, lang string) []partJSON {
	all := make([]partJSON, len(parts))
	for i, p := range parts {
		all[i] = partJSON{p.Campaign, p.Kind, p.ID, p.Of, p.Label.In(lang)}
	}
	return all
}
