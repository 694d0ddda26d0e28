package desk_test

import (
	"maps"
	"testing"
	"time"

	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/desk"
	"sapa/internal/document/documenttest"
	"sapa/internal/fault"
	"sapa/internal/procedure"
	"sapa/internal/revise"
	"sapa/internal/staff"
	"sapa/internal/ticket"
)

// tomorrow is a revision 03, in force from the next midnight: fresh-lapul calls things otherwise and asks less.
var tomorrow = []revise.Edit{
	{Do: "set", File: "campaigns/fresh-lapul.yaml", At: "fields/status/options/not-contacted", Put: []revise.Put{{Key: "label", Value: "Tidak terhubung", EN: "Not reached"}}},
	{Do: "rename", File: "campaigns/fresh-lapul.yaml", At: "fields/reason_1/options/rna", Put: []revise.Put{{Key: "id", Value: "tidak-diangkat"}}},
	{Do: "rename", File: "campaigns/fresh-lapul.yaml", At: "fields/remarks", Put: []revise.Put{{Key: "id", Value: "catatan"}}},
}

func row(puts ...string) revise.Edit {
	e := revise.Edit{Do: "add", File: "mapping.yaml", At: "moves"}
	for i := 0; i < len(puts); i += 2 {
		e.Put = append(e.Put, revise.Put{Key: puts[i], Value: puts[i+1]})
	}
	return e
}

var mapped = append(tomorrow[:len(tomorrow):len(tomorrow)], row("campaign", "fresh-lapul", "field", "reason_1", "option", "rna", "to", "tidak-diangkat"),
	row("campaign", "fresh-lapul", "field", "remarks", "to", "catatan"))

func onRevisions(t *testing.T, edits []revise.Edit, do func(f *floor)) {
	t.Helper()
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		do(floorWith(t, s, c, documenttest.Revise(t, s, documenttest.Site, 3, "2026-11-24", edits...)))
	})
}

// half claims a Fresh Lapul ticket that nobody answers and leaves a draft.
func (f *floor) half(ref string) (turn desk.Turn) {
	f.open("fresh-lapul", ref, func(n *ticket.New) { n.Fields = map[string]string{"ticket_no": "IN48120009"} })
	turn = f.next(f.ani)
	f.read(f.ani, turn)
	f.dial(f.ani, turn)
	f.said(f.ani, turn, call.NoAnswer)
	f.do(func(tx *db.Tx) (err error) {
		turn, err = f.seat.Answer(tx, f.ani, turn.Ticket.ID, turn.Lease.Token, map[string]string{"status": "not-contacted", "reason_1": "rna", "remarks": "Berdering"}, 0)
		return err
	})
	return turn
}

func (f *floor) midnight() { f.c.Set(time.Date(2026, 11, 24, 8, 30, 0, 0, documenttest.Site)) }

// decisions.md 5: open work stays where it began and moves only on purpose, by the mapping; what it was is kept.
func TestOpenWorkMovesToARevisionOnPurpose(t *testing.T) {
	onRevisions(t, mapped, func(f *floor) {
		t := f.t
		turn := f.half("SP-1")
		if turn.Newer != nil || turn.Campaign.Revision.Revision != 2 {
			t.Fatalf("before midnight: %+v", turn.Newer)
		}
		f.refused(fault.Conflict, "ticket.moved-already", "", "", func(tx *db.Tx) error {
			_, err := f.seat.Moving(tx, f.ani, turn.Ticket.ID)
			return err
		})
		f.c.Set(time.Date(2026, 11, 24, 0, 0, 1, 0, documenttest.Site))
		turn, _ = f.current(f.ani)
		if turn.Newer == nil || turn.Newer.To != 3 || turn.Campaign.Revision.Revision != 2 || turn.Answers["reason_1"] != "rna" {
			t.Fatalf("after midnight the turn stays on 02 and may move: %+v", turn.Newer)
		}
		said := map[string]procedure.Moved{}
		for _, c := range turn.Newer.Changes {
			said[c.Field] = c
		}
		if c := said["status"]; c.What != "kept" || c.Was.ID != "Not Contacted" || c.Is.ID != "Tidak terhubung" || c.Clause != "5.7.8.a" {
			t.Errorf("%+v", c)
		}
		if c := said["remarks"]; c.What != "renamed" || c.To != "catatan" {
			t.Errorf("%+v", c)
		}
		f.refused(fault.Conflict, "desk.draft-stale", "", "", func(tx *db.Tx) error {
			_, err := f.seat.MoveOn(tx, f.ani, turn.Ticket.ID, turn.Lease.Token, turn.Draft+7)
			return err
		})
		f.refused(fault.Conflict, "ticket.lease-lost", "", "", func(tx *db.Tx) error {
			_, err := f.seat.MoveOn(tx, f.budi, turn.Ticket.ID, turn.Lease.Token, 0)
			return err
		})
		was := maps.Clone(turn.Answers)
		f.do(func(tx *db.Tx) (err error) {
			turn, err = f.seat.MoveOn(tx, f.ani, turn.Ticket.ID, turn.Lease.Token, turn.Draft)
			return err
		})
		if turn.Campaign.Revision.Revision != 3 || turn.Newer != nil || turn.Answers["reason_1"] != "tidak-diangkat" || turn.Answers["catatan"] != "Berdering" {
			t.Fatalf("moved to %d: %v", turn.Campaign.Revision.Revision, turn.Answers)
		}
		f.do(func(tx *db.Tx) error {
			moves, err := ticket.MovesOf(tx, turn.TurnID)
			if len(moves) != 1 || moves[0].From.Revision != 2 || moves[0].To.Revision != 3 || !maps.Equal(moves[0].Answers, was) || moves[0].By != db.ID(f.ani.ID) || moves[0].At.IsZero() {
				t.Errorf("kept %+v", moves)
			}
			var told int
			if err := tx.Row(`SELECT count(*) FROM journal WHERE act = 'turn.moved' AND ref = $1`, turn.TurnID).Scan(&told); err != nil || told != 1 {
				t.Errorf("the journal tells it %d times, %v", told, err)
			}
			return err
		})
		if r := f.finish(f.ani, turn, nil); r.Outcome == "" {
			t.Errorf("%+v", r)
		}
	})
}

// What no mapping covers stays where it is, and says so.
func TestWithoutAMappingOpenWorkStays(t *testing.T) {
	onRevisions(t, tomorrow, func(f *floor) {
		turn := f.half("SP-1")
		f.c.Set(time.Date(2026, 11, 24, 0, 0, 1, 0, documenttest.Site))
		f.refused(fault.Conflict, "desk.no-mapping", "", "5.7", func(tx *db.Tx) error {
			_, err := f.seat.MoveOn(tx, f.ani, turn.Ticket.ID, turn.Lease.Token, 0)
			return err
		})
		if turn, _ = f.current(f.ani); turn.Newer != nil || turn.Campaign.Revision.Revision != 2 {
			f.t.Errorf("%+v", turn.Newer)
		}
		f.finish(f.ani, turn, nil)
	})
}

// A leader moves the answers that given-back tickets of a campaign keep; nobody else may.
func TestALeaderMovesKeptDrafts(t *testing.T) {
	onRevisions(t, mapped, func(f *floor) {
		t := f.t
		turn := f.half("SP-1")
		f.do(func(tx *db.Tx) error { return f.seat.Release(tx, f.ani, turn.Ticket.ID, turn.Lease.Token, "") })
		f.midnight()
		f.refused(fault.Forbidden, "staff.may-not", "", "", func(tx *db.Tx) error {
			_, err := f.seat.MoveDrafts(tx, f.ani, "fresh-lapul")
			return err
		})
		var moved desk.MovedDrafts
		move := func() {
			f.do(func(tx *db.Tx) (err error) {
				moved, err = f.seat.MoveDrafts(tx, f.tuti, "fresh-lapul")
				return err
			})
		}
		if move(); moved.To != 3 || len(moved.Moved) != 1 || len(moved.Left) != 0 {
			t.Errorf("%+v", moved)
		}
		if move(); len(moved.Moved) != 0 {
			t.Errorf("twice: %+v", moved)
		}
		next := f.next(f.budi)
		if next.Ticket.Ref != "SP-1" || next.Campaign.Revision.Revision != 3 || next.Answers["reason_1"] != "" && next.Answers["reason_1"] != "tidak-diangkat" {
			t.Errorf("%s under %d: %v", next.Ticket.Ref, next.Campaign.Revision.Revision, next.Answers)
		}
	})
}

// SOP fn.5: a campaign that the revision in force has no more hands nothing out; the turn under way is finished, and its other tickets are
// still shown.
func TestACampaignThatHasGoneIsStillShown(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		documenttest.Revise(t, s, documenttest.Site, 3, "2026-11-20", documenttest.Eighth)
		f := floorWith(t, s, c, documenttest.Revise(t, s, documenttest.Site, 4, "2026-11-24"))
		f.half("SP-1")
		f.open("survei", "SV-1", nil)
		f.c.Set(time.Date(2026, 11, 24, 0, 0, 1, 0, documenttest.Site))
		turn, _ := f.current(f.ani)
		if len(turn.Others) != 1 || turn.Others[0].Campaign.Title.ID != "Survei Puas" || turn.Others[0].Why == nil {
			t.Errorf("beside it stand %+v", turn.Others)
		}
		f.finish(f.ani, turn, nil)
		f.midnight()
		f.refused(fault.Invalid, "campaign.unknown", "campaign", "", func(tx *db.Tx) error {
			_, err := f.seat.Next(tx, f.budi, []string{"survei"})
			return err
		})
	})
}

// Issue 5, item 4: an old record keeps showing its own labels for ever.
func TestAnOldRecordKeepsItsOwnLabels(t *testing.T) {
	onRevisions(t, mapped, func(f *floor) {
		t := f.t
		f.finish(f.ani, f.half("SP-1"), nil)
		f.midnight()
		f.do(func(tx *db.Tx) error { return staff.SetCampaigns(tx, f.tuti, db.ID(f.budi.ID), []string{"callback"}) })
		f.open("callback", "CB-1", func(n *ticket.New) { n.Fields = nil })
		f.next(f.budi)
		turn, _ := f.current(f.budi)
		if len(turn.History) != 1 || len(turn.History[0].Labels) < 2 || turn.History[0].Labels[0] != "Not Contacted" || turn.History[0].Labels[1] != "RNA" || turn.History[0].Remarks != "Berdering" {
			t.Errorf("history %+v", turn.History)
		}
	})
}
