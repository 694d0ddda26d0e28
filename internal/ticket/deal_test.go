package ticket_test

import (
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/ticket"
)

// SOP 5.8.1.distribute: what the leader has not dealt yet is nobody's; what was dealt is that agent's alone, through retries and
// promises, until the leader deals it again.
func TestADealtTicketIsItsAgentsAlone(t *testing.T) {
	onQueue(t, func(q *queue) {
		one := q.open("1", 10, func(n *ticket.New) { n.Owner = lia })
		deal := func(to db.ID) error {
			return q.try(func(tx *db.Tx) error { _, err := ticket.Deal(tx, actor(lia), one.ID, to); return err })
		}
		gets := func(who db.ID) bool {
			q.Helper()
			got := false
			err := q.try(func(tx *db.Tx) error {
				t, lease, err := ticket.Claim(tx, who, []string{ticket.Pool("callback", jakarta)})
				if err != nil {
					return err
				}
				got = t.ID == one.ID
				return ticket.Release(tx, actor(who), t.ID, lease.Token, "agent")
			})
			if err != nil {
				q.refused(err, fault.Missing, "ticket.nothing-waiting")
			}
			return got
		}
		if gets(ani) || gets(budi) {
			t.Error("an undealt ticket was handed out")
		}
		if err := deal(ani); err != nil {
			t.Fatal(err)
		}
		if gets(budi) || !gets(ani) {
			t.Error("dealt to ani, and it is not hers alone")
		}
		q.settle(q.claim(ani), ticket.Settlement{Outcome: "retry", AgainAt: q.clock.Now().Add(time.Hour)})
		q.clock.Advance(time.Hour)
		if gets(budi) {
			t.Error("a retry went to another agent")
		}
		h := q.claim(ani)
		q.refused(deal(budi), fault.Conflict, "ticket.held")
		q.settle(h, ticket.Settlement{Outcome: "again", AgainAt: q.clock.Now().Add(time.Hour), Promise: true, Owner: ani, OwnerUntil: q.clock.Now().Add(time.Hour + 15*time.Minute)})
		q.clock.Advance(2 * time.Hour)
		if gets(budi) {
			t.Error("a late promise of a dealt ticket went to another agent")
		}
		for range 2 { // twice is once
			if err := deal(budi); err != nil {
				t.Fatal(err)
			}
		}
		if gets(ani) || !gets(budi) {
			t.Error("dealt again to budi, and it is not his")
		}
		q.settle(q.claim(budi), ticket.Settlement{Outcome: "fcr", Close: "done"})
		q.refused(deal(ani), fault.Conflict, "ticket.over")
	})
}

// An undo brings back whose it was.
func TestUndoKeepsTheDeal(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("1", 10, func(n *ticket.New) { n.Owner = ani })
		h := q.claim(ani)
		q.settle(h, ticket.Settlement{Outcome: "fcr", Close: "done"})
		var got ticket.Ticket
		q.do(func(tx *db.Tx) error {
			turn, err := ticket.LastFinished(tx, h.ID, ani)
			if err != nil {
				return err
			}
			if _, err := ticket.Unsettle(tx, actor(ani), turn.ID); err != nil {
				return err
			}
			got, err = ticket.Get(tx, h.ID)
			return err
		})
		if !got.Dealt() || got.Owner != ani {
			t.Errorf("owner %d until %v", got.Owner, got.OwnerUntil)
		}
	})
}
