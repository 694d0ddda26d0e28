package ticket

import (
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/who"
)

// Dealt tells whether a ticket was given to a person (Ideas, decisions.md 3): nobody else is handed it, whatever time passes
// and however often it is called, until the leader deals it again.
func (t Ticket) Dealt() bool { return t.Owner != 0 && t.OwnerUntil.Equal(forGood) }

// Deal gives a ticket that waits to a person. What an agent holds stays in their hand: Conflict "ticket.held"; what has ended
// is not dealt any more: Conflict "ticket.over". To the one who has it already changes nothing (SOP 5.8.1.distribute).
func Deal(tx *db.Tx, by who.Actor, id, person db.ID) (Ticket, error) {
	t, err := locked(tx, id)
	if err != nil || t.Dealt() && t.Owner == person {
		return t, err
	}
	return change(tx, by, id, "ticket.dealt", func(t *Ticket) error {
		switch t.State {
		case Claimed:
			return fault.New(fault.Conflict, "ticket.held")
		case Closed, Void:
			return fault.New(fault.Conflict, "ticket.over")
		}
		t.Owner, t.OwnerUntil = person, forGood
		return nil
	})
}
