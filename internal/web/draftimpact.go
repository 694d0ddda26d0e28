package web

import (
	"slices"
	"strings"

	"sapa/internal/db"
	"sapa/internal/procedure"
	"sapa/internal/ticket"
)

// draftImpact is whom and what a draft touches.
type draftImpact struct {
	Agents    int // who must read it
	Campaigns []procedure.Text
	Waiting   int // tickets in the queues of the campaigns it changes
	Turns     int // begun under the revision in force and not finished: they end under it
	Kept      int // given back with answers under it, and to go on once under it
	Renamed   []renamed
	Old       oldNames
	Mapping   draftMapping
}

// impact counts. Who reads it is every agent: the document is one.
func (s *Server) impact(tx *db.Tx, b *draftBook) (draftImpact, error) {
	var i draftImpact
	if err := tx.Row(`SELECT count(*) FROM person WHERE role = 'agent' AND suspended_at = 0`).Scan(&i.Agents); err != nil {
		return i, err
	}
	counts, err := ticket.Counts(tx)
	if err != nil {
		return i, err
	}
	i.Renamed, i.Mapping = b.renamed(), b.mapping()
	if i.Old, err = s.drafts.old.of(tx, b, i.Renamed); err != nil {
		return i, err
	}
	touched := b.touched()
	for _, one := range b.Book.Procedures {
		if touched[one.Code] {
			i.Campaigns = append(i.Campaigns, one.Title)
			i.Waiting += counts[one.Code].Waiting
		}
	}
	for code, n := range i.Old.Kept {
		if touched[code] {
			i.Kept += n
		}
	}
	err = tx.Each(`
		SELECT t.code, count(*) FROM hold h JOIN turn t ON t.ticket = h.ticket
		 WHERE t.finished_at = 0 AND t.ended_at = 0 AND t.revision = $1 GROUP BY t.code`, []any{b.Force.Revision}, func(sc db.Scanner) error {
		var code string
		var n int
		err := sc.Scan(&code, &n)
		if touched[code] {
			i.Turns += n
		}
		return err
	})
	return i, err
}

// touched are the campaigns that run otherwise under the draft.
func (b *draftBook) touched() map[string]bool {
	all := map[string]bool{}
	for _, c := range b.Changes {
		switch c.Kind {
		case "campaign", "step", "field", "option", "outcome":
			code, _, _ := strings.Cut(c.ID, "/")
			all[code] = true
		}
	}
	return all
}

// What becomes of an open answer that bears a name which the draft changes.
const (
	fateSame   = "same"   // it is the same field or option under another label: it goes along
	fateMapped = "mapped" // the mapping names what it is now
	fateGone   = "gone"   // the mapping says that it is dropped
	fateOpen   = "open"   // it has gone, and no mapping speaks of it
	fateStays  = "stays"  // its campaign has gone: open work stays where it is
)

// renamed is a name that results carry and that the draft changes or takes away.
type renamed struct {
	Campaign, Field, Option string // Option "": the field itself; Field "": the campaign
	Was, Is                 string // Is "": taken away
	Clause                  string
	Fate                    string
	of                      []string // clauses of the field: shared ones are one field in several campaigns
}

// renamed lists fields and options whose name is another one or is gone, those first that the mapping leaves open. Old results keep the
// name they were made with.
func (b *draftBook) renamed() (all []renamed) {
	for _, was := range b.Force.Book.Procedures {
		is := b.Book.Procedure(was.Code)
		if is == nil {
			all = append(all, renamed{Campaign: was.Code, Was: was.Title.ID, Clause: was.Clause, Fate: fateStays})
			continue
		}
		for i := range was.Fields {
			all = append(all, b.renamedIn(was.Code, &was.Fields[i], is)...)
		}
	}
	slices.SortStableFunc(all, func(x, y renamed) int {
		switch {
		case (x.Fate == fateOpen) == (y.Fate == fateOpen):
			return 0
		case x.Fate == fateOpen:
			return -1
		}
		return 1
	})
	return all
}

func (b *draftBook) renamedIn(code string, f *procedure.Field, is *procedure.Procedure) (all []renamed) {
	of := renamed{Campaign: code, Field: f.ID, Was: f.Label.ID, Clause: f.Clause(), Fate: fateSame, of: f.Clauses}
	now, row := is.Field(f.ID), b.row(code, f.ID, "")
	if row != nil {
		now = is.Field(row.To)
	}
	if now == nil {
		of.Fate = fateOf(row)
		return []renamed{of}
	}
	if of.Is = now.Label.ID; of.Is != of.Was || row != nil {
		if row != nil {
			of.Fate = fateMapped
		}
		all = append(all, of)
	}
	for _, o := range f.Options {
		one := renamed{code, f.ID, o.ID, o.Label.ID, "", o.Clause(), fateSame, f.Clauses}
		id, row := o.ID, b.row(code, f.ID, o.ID)
		if row != nil {
			id = row.To
		}
		at := slices.IndexFunc(now.Options, func(x procedure.Option) bool { return x.ID == id })
		if at >= 0 {
			one.Is = now.Options[at].Label.ID
		}
		switch {
		case row != nil || at < 0:
			one.Fate = fateOf(row)
		case one.Is == one.Was:
			continue
		}
		all = append(all, one)
	}
	return all
}

// row is what the draft's mapping says of a name of the revision in force.
func (b *draftBook) row(campaign, field, option string) *procedure.MappingRow {
	if m := b.Book.Mapping; m != nil && m.From == b.Force.Revision {
		return m.Row(campaign, field, option)
	}
	return nil
}

func fateOf(row *procedure.MappingRow) string {
	switch {
	case row == nil:
		return fateOpen
	case row.Gone:
		return fateGone
	}
	return fateMapped
}

// draftMapping is how the draft's mapping stands to the revision in force.
type draftMapping struct {
	There bool
	From  int                    // the revision it maps from
	Open  []procedure.MappingRow // what it does not answer, of campaigns and of acts
	Wrong []draftProblem         // rows that name what never was
}

func (b *draftBook) mapping() draftMapping {
	m := draftMapping{There: b.Book.Mapping != nil, Open: procedure.Unmapped(b.Force.Book, b.Book)}
	if !m.There {
		return m
	}
	m.From = b.Book.Mapping.From
	for _, p := range procedure.CheckMapping(b.Force.Book, b.Book) {
		if p.Key == "mapping-was" {
			m.Wrong = append(m.Wrong, draftProblem{Problem: p, File: mappingFile})
		}
	}
	return m
}

// state is its sentence's key: none, other (of another revision), open, wrong, full.
func (m draftMapping) state(force int) string {
	switch {
	case !m.There:
		return "none"
	case m.From != force:
		return "other"
	case len(m.Open) > 0:
		return "open"
	case len(m.Wrong) > 0:
		return "wrong"
	}
	return "full"
}
