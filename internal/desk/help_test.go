package desk_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

func (f *floor) mix(agent who.Actor, codes ...string) {
	f.t.Helper()
	f.do(func(tx *db.Tx) error { return staff.SetCampaigns(tx, f.tuti, db.ID(agent.ID), codes) })
}

func (f *floor) help(a who.Actor) (turn desk.Turn, err error) {
	err = f.s.Write(context.Background(), func(tx *db.Tx) (err error) {
		turn, err = f.seat.Help(tx, a)
		return err
	})
	return turn, err
}

func (f *floor) longest(a who.Actor) (at desk.Longest, offered bool) {
	f.t.Helper()
	f.do(func(tx *db.Tx) (err error) {
		at, offered, err = f.seat.Longest(tx, a)
		return err
	})
	return at, offered
}

// SOP 5.2.4.longest: whose own queue is empty may help the longest one, a ticket at a time; the journal
// keeps it, and what comes after it is their own again.
func TestAnEmptyQueueHelpsTheLongestOne(t *testing.T) {
	each(t, func(f *floor) {
		f.mix(f.ani, "callback")
		if _, offered := f.longest(f.ani); offered {
			t.Error("help was offered to a floor without a ticket")
		}
		now := f.c.Now()
		f.open("fresh-lapul", "SP-1", func(n *ticket.New) { n.OpenedAt = now.Add(-time.Hour) })
		f.open("fresh-lapul", "SP-2", func(n *ticket.New) { n.OpenedAt = now.Add(-2 * time.Hour); n.ServiceNo = "152999000902" })
		at, offered := f.longest(f.ani)
		if !offered || at.Campaign.Code != "fresh-lapul" || at.Waiting != 2 || !at.Oldest.Equal(now.Add(-2*time.Hour)) {
			t.Errorf("offered %v: %s, %d waiting since %s", offered, at.Campaign.Code, at.Waiting, at.Oldest)
		}
		if _, offered := f.longest(f.budi); offered {
			t.Error("help was offered to somebody who works everything")
		}
		turn, err := f.help(f.ani)
		if err != nil || turn.Ticket.Ref != "SP-2" {
			t.Fatalf("helped with %q: %v", turn.Ticket.Ref, err)
		}
		f.do(func(tx *db.Tx) error {
			kept, err := journal.Of(tx, turn.Ticket.ID)
			if !slices.ContainsFunc(kept, func(e journal.Entry) bool {
				return e.Act == "queue.helped" && e.By.ID == f.ani.ID && e.Data["campaign"] == "fresh-lapul"
			}) {
				t.Errorf("the journal keeps %+v", kept)
			}
			return err
		})
		if again, err := f.help(f.ani); err != nil || again.Ticket.ID != turn.Ticket.ID {
			t.Errorf("a second press gave %q: %v", again.Ticket.Ref, err)
		}
		f.do(func(tx *db.Tx) error { return f.seat.Release(tx, f.ani, turn.Ticket.ID, turn.Lease.Token, "agent") })
		f.refused(fault.Missing, "ticket.nothing-waiting", "", "", func(tx *db.Tx) error { _, err := f.seat.Next(tx, f.ani, nil); return err })
	})
}

// decisions.md 12: help is no way around the leader's mix.
func TestOnesOwnQueueComesBeforeHelping(t *testing.T) {
	each(t, func(f *floor) {
		f.mix(f.ani, "callback")
		f.open("fresh-lapul", "SP-1", nil)
		f.open("callback", "CB-1", func(n *ticket.New) { n.ServiceNo = "152999000903" })
		if at, offered := f.longest(f.ani); offered {
			t.Errorf("%s was offered while the own queue has a ticket", at.Campaign.Code)
		}
		if turn, err := f.help(f.ani); err != nil || turn.Ticket.Ref != "CB-1" {
			t.Errorf("got %q: %v", turn.Ticket.Ref, err)
		}
	})
}

// nobody is offered a queue whose customers may not be called now, nor one whose customers are all in other hands.
func TestHelpIsOfferedOnlyWhereThereIsATicket(t *testing.T) {
	each(t, func(f *floor) {
		f.mix(f.ani, "callback")
		f.open("fresh-lapul", "SP-1", nil)
		f.mix(f.budi, "fresh-lapul")
		held := f.next(f.budi)
		if at, offered := f.longest(f.ani); offered {
			t.Errorf("%s was offered, whose only ticket is in a hand", at.Campaign.Code)
		}
		if _, err := f.help(f.ani); fault.Of(err) == nil || fault.Of(err).Key != "ticket.nothing-waiting" {
			t.Errorf("helped: %v", err)
		}
		f.do(func(tx *db.Tx) error { return f.seat.Release(tx, f.budi, held.Ticket.ID, held.Lease.Token, "agent") })
		if _, offered := f.longest(f.ani); !offered {
			t.Error("nothing was offered by day")
		}
		f.c.Set(time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)) // midnight at the site
		if at, offered := f.longest(f.ani); offered {
			t.Errorf("%s was offered at night", at.Campaign.Code)
		}
		f.refused(fault.Forbidden, "staff.may-not", "", "", func(tx *db.Tx) error { _, err := f.seat.Help(tx, f.rina); return err })
	})
}
