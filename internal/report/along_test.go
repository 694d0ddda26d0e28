package report

import (
	"testing"
	"time"

	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/phone"
	"sapa/internal/ticket"
)

// SOP 5.2.11, 5.5.8: one call that settles two tickets is one dialled number and two results: attempts are counted once, outcomes
// for each ticket.
func TestACallForTwoIsCountedOnce(t *testing.T) {
	each(t, func(d *desk) {
		since := d.clock.Now().Add(-time.Hour)
		a := d.agents[0]
		number := phone.Number("+628999000999")
		pin := ticket.Pin{Code: "callback", Revision: 2}
		d.write(func(tx *db.Tx) error {
			var ids []db.ID
			for _, campaign := range []string{"callback", "c4-carring"} {
				one, _, err := ticket.Open(tx, a, ticket.New{Campaign: campaign, Contacts: []ticket.Contact{{Phone: number}}, Zone: "Asia/Jakarta", Source: "practice"})
				if err != nil {
					return err
				}
				ids = append(ids, one.ID)
			}
			held, lease, err := ticket.Claim(tx, db.ID(a.ID), []string{ticket.Pool("callback", "Asia/Jakarta")})
			if err != nil {
				return err
			}
			lead, err := ticket.BeginTurn(tx, held.ID, db.ID(a.ID), pin)
			if err != nil {
				return err
			}
			if _, err := call.Report(tx, lead.ID, held.ID, db.ID(a.ID), number, call.Reported{Line: call.Answered, TalkS: 60}); err != nil {
				return err
			}
			other, was, _, err := ticket.TakeAlong(tx, a, held, ids[1])
			if err != nil {
				return err
			}
			turn, err := ticket.BeginTurn(tx, other.ID, db.ID(a.ID), pin)
			if err != nil {
				return err
			}
			if err := ticket.GoAlong(tx, turn, lead, was); err != nil {
				return err
			}
			s := ticket.Settlement{Outcome: "x", Means: []string{"reached-decider"}, Close: "done"}
			if _, err := ticket.Settle(tx, a, held.ID, lease.Token, s); err != nil {
				return err
			}
			_, err = ticket.SettleAlong(tx, a, other.ID, s)
			return err
		})
		day := d.today(0, since)
		if day.Turns != 2 || day.Dialled != 1 || day.Reached != 1 || day.Decider != 2 || day.Solved != 2 {
			t.Errorf("the day is %+v", day)
		}
	})
}
