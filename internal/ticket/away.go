package ticket

import (
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/who"
)

// GoneBySystem takes a waiting ticket out of work because what it is about has ended elsewhere: its trouble ticket was
// closed meanwhile (5.7.8.b.junk.tiket-sudah-close). A ticket that somebody holds stays theirs: Conflict "ticket.held".
func GoneBySystem(tx *db.Tx, id db.ID, outcome string) (Ticket, error) {
	return change(tx, who.House, id, "ticket.ended", func(t *Ticket) error {
		if t.State != Waiting && t.State != Parked {
			return fault.New(fault.Conflict, "ticket.held")
		}
		t.State, t.ClosedReason, t.ClosedAt, t.LeaderOwns, t.Outcome = Closed, "ended-by-system", tx.Now, false, outcome
		return nil
	})
}
