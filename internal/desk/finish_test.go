package desk_test

import (
	"strings"
	"testing"
	"time"

	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/outbox"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// SOP 5.7.10, 5.7.9: the receipt names what is stored and what is on its way, with the text to bring over.
func TestTheReceiptSaysWhatHappened(t *testing.T) {
	each(t, func(f *floor) {
		f.open("fresh-lapul", "SP-1", func(n *ticket.New) {
			n.ContactName, n.Fields = "Ibu Rekaan", map[string]string{"ticket_no": "IN99000001"}
		})
		turn := f.next(f.ani)
		f.ring(f.ani, turn)
		at := f.c.Now()
		r := f.finish(f.ani, turn, map[string]string{"status": "not-contacted", "reason_1": "rna", "remarks": "Berdering {phone}"})
		if r.Outcome != "retry" || r.Title.In("id") == "" || !r.UndoUntil.Equal(at.Add(desk.UndoFor)) || strings.Join(r.Labels, "/") != "Not Contacted/RNA" || !r.Due.IsZero() {
			t.Errorf("receipt %+v", r)
		}
		if len(r.Effects) != 3 || r.Effects[0].State != "stored" || r.Effects[1].App != "nossa" || r.Effects[1].State != "queued" || r.Effects[1].Clause != "5.7.9" {
			t.Fatalf("effects %+v", r.Effects)
		}
		if note := r.Effects[1].Text; !strings.Contains(note, "IN99000001") || !strings.Contains(note, "23-11-2026 09.00 WIB") || !strings.HasSuffix(note, "Berdering {phone}") {
			t.Errorf("the worklog says %q", note)
		}
		f.refused(fault.Conflict, "ticket.lease-lost", "", "", func(tx *db.Tx) error {
			_, err := f.seat.Finish(tx, f.ani, turn.Ticket.ID, turn.Lease.Token, nil)
			return err
		})
	})
}

// decisions.md 6: an undone promise is nobody's again, the ticket as it was before, and the screen hears of it.
func TestUndoingGivesEverythingBack(t *testing.T) {
	each(t, func(f *floor) {
		before := f.open("callback", "CB-1", nil)
		turn := f.next(f.ani)
		f.read(f.ani, turn)
		f.dial(f.ani, turn)
		f.said(f.ani, turn, call.Answered)
		f.do(func(tx *db.Tx) error {
			_, err := f.seat.Hangup(tx, f.ani, turn.Ticket.ID, turn.Lease.Token)
			return err
		})
		r := f.finish(f.ani, turn, map[string]string{"receiver": "other", "call_again_at": "15:00", "other_contact": "0899-9000-1002", "remarks": "Anaknya"})
		if r.Ticket.Contact != cp2 || r.Ticket.Rank != ticket.RankPromise {
			t.Fatalf("settled %+v", r.Ticket)
		}
		heard, done := f.screen(f.ani.ID)
		defer done()
		undo := func(a who.Actor) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { return f.seat.Undo(tx, a, before.ID) }
		}
		f.refused(fault.Missing, "db.no-row", "", "", undo(f.budi))
		f.c.Advance(desk.UndoFor)
		// the last moment counts for the agent, not against: what was promised is still at home until it has passed
		f.refused(fault.Conflict, "outbox.has-left", "", "", undo(f.ani))
		f.c.Set(r.UndoUntil.Add(-time.Millisecond))
		f.do(undo(f.ani))
		if got := heard(); got != "undone" {
			t.Errorf("the screen heard %s", got)
		}
		again, holds := f.current(f.ani)
		if !holds || again.TurnID != turn.TurnID || again.Lease.Token == turn.Lease.Token || again.Answers["call_again_at"] == "" {
			t.Errorf("back in hand: %v %+v", holds, again.Answers)
		}
		got := again.Ticket
		if got.Contact != cp1 || len(got.Contacts) != 1 || got.Owner != 0 || !got.DueAt.IsZero() || got.Rank != ticket.RankRest || got.Attempts != 0 || got.State != ticket.Claimed {
			t.Errorf("the ticket is %+v", got)
		}
		f.refused(fault.Missing, "db.no-row", "", "", undo(f.ani)) // it is undone: there is no result to take back
		f.do(func(tx *db.Tx) error {
			all, err := outbox.OfTurn(tx, turn.TurnID)
			for _, p := range all {
				if p.State != outbox.Withdrawn {
					t.Errorf("%s to %s is %s", p.Kind, p.App, p.State)
				}
			}
			return err
		})
	})
}

func TestUndoingLate(t *testing.T) {
	each(t, func(f *floor) {
		one := f.open("callback", "CB-1", nil)
		turn := f.next(f.ani)
		f.ring(f.ani, turn)
		f.finish(f.ani, turn, rna)
		f.c.Advance(desk.UndoFor + time.Millisecond)
		f.refused(fault.Conflict, "desk.undo-late", "", "", func(tx *db.Tx) error { return f.seat.Undo(tx, f.ani, one.ID) })
	})
}

// tries used up go to the leader - and a promise made on the last day is kept all the same (SOP 5.2.7).
func TestUsedUpTriesAndAPromise(t *testing.T) {
	each(t, func(f *floor) {
		f.open("callback", "CB-1", nil)
		for day := range 3 {
			for try := range 3 {
				turn := f.next(f.ani)
				f.ring(f.ani, turn)
				r := f.finish(f.ani, turn, rna)
				if last := day == 2 && try == 2; r.Ticket.LeaderOwns != last {
					t.Fatalf("day %d try %d: leader %v", day+1, try+1, r.Ticket.LeaderOwns)
				}
				f.c.Advance(time.Hour)
			}
			f.c.Set(time.Date(2026, 11, 24+day, 2, 0, 0, 0, time.UTC))
		}
		f.open("callback", "CB-2", func(n *ticket.New) { n.ServiceNo = "152999000002" })
		for range 2 {
			turn := f.next(f.ani)
			f.ring(f.ani, turn)
			f.finish(f.ani, turn, rna)
			f.c.Advance(time.Hour)
		}
		turn := f.next(f.ani)
		f.read(f.ani, turn)
		f.dial(f.ani, turn)
		f.said(f.ani, turn, call.Answered)
		f.do(func(tx *db.Tx) error {
			_, err := f.seat.Hangup(tx, f.ani, turn.Ticket.ID, turn.Lease.Token)
			return err
		})
		r := f.finish(f.ani, turn, map[string]string{"receiver": "other", "call_again_at": "19:00", "remarks": "Anaknya"})
		if r.Due.Format("15:04") != "19:00" {
			t.Errorf("due %s", r.Due)
		}
	})
}

// A mix of campaigns that no revision knows any more leaves nothing to hand out; the shift still starts.
func TestReadinessOfAnAgentWithoutCampaigns(t *testing.T) {
	each(t, func(f *floor) {
		f.do(func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO mix(agent, campaign) VALUES ($1, 'gone')`, f.ani.ID)
			return err
		})
		f.do(func(tx *db.Tx) error {
			all, err := f.seat.Readiness(tx, f.ani)
			if len(all) < 13 {
				t.Errorf("%d applications", len(all))
			}
			return err
		})
	})
}
