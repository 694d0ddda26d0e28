package ticket

import (
	"time"

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
		t.Awake, t.WakeAt, t.RaisedUntil = false, time.Time{}, time.Time{}
		t.Outage, t.ParkedWake, t.ParkedLeader = 0, time.Time{}, false
		t.State, t.ClosedReason, t.ClosedAt, t.LeaderOwns, t.Outcome = Closed, "ended-by-system", tx.Now, false, outcome
		return nil
	})
}

// BackBySystem brings rows back that left work because a trouble ticket had ended, when that is taken back (decisions.md 6).
func BackBySystem(tx *db.Tx, subject, no, outcome string, since time.Time) error {
	gone, err := list(tx, `
		SELECT `+columns+` FROM ticket
		 WHERE subject = $1 AND state = 'closed' AND closed_reason = 'ended-by-system' AND outcome = $2 AND closed_at >= $3`,
		subject, outcome, db.Millis(since))
	if err != nil {
		return err
	}
	for _, t := range gone {
		if t.Fields["ticket_no"] != no {
			continue
		}
		_, err := change(tx, who.House, t.ID, "ticket.back", func(t *Ticket) error {
			t.State, t.ClosedReason, t.ClosedAt, t.Outcome = Waiting, "", time.Time{}, ""
			t.Awake = true
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
