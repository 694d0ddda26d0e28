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
	Renamed   []renamed
}

// renamed is a name that results carry and that the draft changes or takes away.
type renamed struct{ Campaign, Field, Option, Was, Is, Clause string }

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
	touched := b.touched()
	for _, one := range b.Book.Procedures {
		if touched[one.Code] {
			i.Campaigns = append(i.Campaigns, one.Title)
			i.Waiting += counts[one.Code].Waiting
		}
	}
	i.Renamed = b.renamed()
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
		code, _, _ := strings.Cut(c.ID, "/")
		switch c.Kind {
		case "campaign", "step", "field", "option", "outcome":
			all[code] = true
		}
	}
	return all
}

// renamed lists options whose name is another one or is gone: old results keep the name they were made with.
func (b *draftBook) renamed() (all []renamed) {
	for _, was := range b.Force.Book.Procedures {
		is := b.Book.Procedure(was.Code)
		for _, f := range was.Fields {
			for _, o := range f.Options {
				one := renamed{was.Code, f.ID, o.ID, o.Label.ID, "", o.Clause()}
				if is != nil && is.Field(f.ID) != nil {
					options := is.Field(f.ID).Options
					if at := slices.IndexFunc(options, func(x procedure.Option) bool { return x.ID == o.ID }); at >= 0 {
						one.Is = options[at].Label.ID
					}
				}
				if one.Is != one.Was {
					all = append(all, one)
				}
			}
		}
	}
	return all
}
