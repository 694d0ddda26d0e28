package web

import (
	"cmp"
	"maps"
	"slices"

	"sapa/internal/control"
	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// marks are the legal holds on what a page shows, for who may see the records register; nobody else gets any.
type marks struct {
	On map[db.ID][]control.Named // by the customer, ticket or trouble ticket they keep
	By map[db.ID]string          // who placed them
}

// marksOn reads what keeps these things.
func marksOn(tx *db.Tx, by who.Actor, customers []db.ID, tickets []ticket.Ticket, troubles []trouble.Ticket) (marks, error) {
	m := marks{On: map[db.ID][]control.Named{}}
	things := map[string][]db.ID{document.HoldCustomer: customers}
	for _, t := range tickets {
		things[document.HoldTicket] = append(things[document.HoldTicket], t.ID)
	}
	for _, t := range troubles {
		things[document.HoldTrouble] = append(things[document.HoldTrouble], t.ID)
	}
	for kind, ids := range things {
		on, err := control.HoldsOn(tx, by, kind, ids...)
		if err != nil {
			return m, err
		}
		maps.Copy(m.On, on)
	}
	var err error
	m.By, err = namesOf(tx, func(add func(db.ID)) {
		for _, h := range m.all() {
			add(h.PlacedBy)
		}
	})
	return m, err
}

// all lists the holds of a page once each, the oldest first.
func (m marks) all() []control.Named {
	var all []control.Named
	for _, on := range m.On {
		all = append(all, on...)
	}
	slices.SortFunc(all, func(a, b control.Named) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(all, func(a, b control.Named) bool { return a.ID == b.ID })
}
