package desk_test

import (
	"context"
	"testing"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// drafts are the kept drafts that somebody may move.
func (f *floor) drafts(a who.Actor) (all []desk.KeptDraft) {
	f.t.Helper()
	err := f.s.Read(context.Background(), func(tx *db.Tx) (err error) {
		all, _, err = f.seat.KeptDrafts(tx, a)
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return all
}

// leave is a half-filled Fresh Lapul turn that is given back.
func (f *floor) leave(ref string) ticket.Ticket {
	f.t.Helper()
	turn := f.half(ref)
	f.do(func(tx *db.Tx) error { return f.seat.Release(tx, f.ani, turn.Ticket.ID, turn.Lease.Token, "") })
	return turn.Ticket
}

// decisions.md 5: a leader sees which drafts stay under an earlier revision and what moving each would do, and moves one as it was shown.
func TestALeaderMovesOneKeptDraft(t *testing.T) {
	onRevisions(t, mapped, func(f *floor) {
		t := f.t
		left := f.leave("SP-1")
		move := func(a who.Actor, draft int64, to int) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := f.seat.MoveDraft(tx, a, left.ID, draft, to)
				return err
			}
		}
		if all := f.drafts(f.tuti); len(all) != 0 {
			t.Errorf("before another revision is in force: %+v", all)
		}
		f.midnight()
		f.refused(fault.Forbidden, "staff.may-not", "", "", func(tx *db.Tx) error {
			_, _, err := f.seat.KeptDrafts(tx, f.ani)
			return err
		})
		all := f.drafts(f.tuti)
		if len(all) != 1 || all[0].Ticket.ID != left.ID || all[0].Turn.Agent != db.ID(f.ani.ID) || all[0].Why != nil || all[0].Moving.From != 2 || all[0].Moving.To != 3 || len(all[0].Moving.Changes) != 4 {
			t.Fatalf("%+v", all)
		}
		draft := all[0].Moving.Draft
		f.refused(fault.Forbidden, "staff.may-not", "", "", move(f.ani, draft, 3))
		f.refused(fault.Conflict, "desk.kept-changed", "draft", "5.7", move(f.tuti, draft+1, 3))
		f.refused(fault.Conflict, "desk.kept-changed", "draft", "5.7", move(f.tuti, draft, 2))
		another := f.tuti
		another.Team = 77
		if all := f.drafts(another); len(all) != 0 {
			t.Errorf("another team's leader sees %+v", all)
		}
		f.refused(fault.Missing, "db.no-row", "", "", move(another, draft, 3))
		f.do(move(f.tuti, draft, 3))
		f.refused(fault.Conflict, "desk.kept-gone", "draft", "5.7", move(f.tuti, draft, 3))
		if all := f.drafts(f.tuti); len(all) != 0 {
			t.Errorf("still listed: %+v", all)
		}
		next := f.next(f.budi)
		if next.Ticket.Ref != "SP-1" || next.Campaign.Revision.Revision != 3 || next.Answers["catatan"] != "Berdering" {
			t.Errorf("%s under %d: %v", next.Ticket.Ref, next.Campaign.Revision.Revision, next.Answers)
		}
	})
}

// Without a mapping a draft is listed with what stands in the way, and stays; in an agent's hand it is not the leader's to move.
func TestAKeptDraftThatCannotMoveSaysWhy(t *testing.T) {
	onRevisions(t, tomorrow, func(f *floor) {
		left := f.leave("SP-1")
		f.midnight()
		all := f.drafts(f.tuti)
		if len(all) != 1 || all[0].Moving.From != 2 || all[0].Moving.To != 3 || fault.Of(all[0].Why) == nil || fault.Of(all[0].Why).Key != "desk.no-mapping" {
			f.t.Fatalf("%+v", all)
		}
		move := func(tx *db.Tx) error {
			_, err := f.seat.MoveDraft(tx, f.tuti, left.ID, all[0].Moving.Draft, 3)
			return err
		}
		f.refused(fault.Conflict, "desk.no-mapping", "", "5.7", move)
		if next := f.next(f.budi); next.Campaign.Revision.Revision != 2 {
			f.t.Errorf("it goes on under %d", next.Campaign.Revision.Revision)
		}
		f.refused(fault.Conflict, "desk.kept-gone", "draft", "5.7", move)
		if all := f.drafts(f.tuti); len(all) != 0 {
			f.t.Errorf("what is in a hand is listed: %+v", all)
		}
	})
}

// A draft of a revision that was recalled is begun under by nobody: there is nothing to move it to.
func TestADraftOfARecalledRevisionIsNotListed(t *testing.T) {
	onRevisions(t, mapped, func(f *floor) {
		f.midnight()
		f.open("fresh-lapul", "SP-1", func(n *ticket.New) { n.Fields = map[string]string{"ticket_no": "IN48120009"} })
		turn := f.next(f.ani)
		f.do(func(tx *db.Tx) (err error) {
			turn, err = f.seat.Answer(tx, f.ani, turn.Ticket.ID, turn.Lease.Token, map[string]string{"catatan": "Berdering"}, 0)
			return err
		})
		f.do(func(tx *db.Tx) error { return f.seat.Release(tx, f.ani, turn.Ticket.ID, turn.Lease.Token, "") })
		controller := f.person("cici", who.Controller)
		f.do(func(tx *db.Tx) error {
			_, err := document.Recall(tx, controller, "IN.OCC.TELK.W-18", 3, "Salah cetak")
			return err
		})
		var kept []ticket.Turn
		f.do(func(tx *db.Tx) (err error) { kept, err = ticket.KeptDrafts(tx, "fresh-lapul", 2, 5); return err })
		if all := f.drafts(f.tuti); len(all) != 0 || len(kept) != 1 || kept[0].Revision != 3 {
			f.t.Errorf("%+v of %+v", all, kept)
		}
	})
}
