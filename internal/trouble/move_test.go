package trouble_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

func names(moves []trouble.Move) string {
	var all []string
	for _, m := range moves {
		all = append(all, m.Name)
	}
	return strings.Join(all, ", ")
}

// SOP 5.3.7.a.route: Route Workflow shows what the state allows. SOP 5.3.7.b.route: and nothing else.
func TestRouteWorkflowShowsOnlyLegalMoves(t *testing.T) {
	for _, c := range []struct{ state, role, want string }{
		{"ANALYSIS", "agent", "hold, dispatch, final-check, resolve"},
		{"BACKEND", "agent", "analyse, hold, dispatch, final-check, resolve"},
		{"RESOLVED", "agent", "close, reopen"},
		{"RESOLVED", "leader", "media-care, salam-sim, close, reopen"},
		{"CLOSED", "agent", "reopen"},
		{"PENDING", "agent", "resume, dispatch, resolve"},
		{"NEW", "tier1", "submit"},
		{"ANALYSIS", "quality", ""},
		{"CLOSED", "feed", ""},
	} {
		got := names(trouble.Moves(trouble.Ticket{State: trouble.State(c.state), Booking: 0}, c.role))
		got = strings.ReplaceAll(got, "visit, ", "")
		if got != c.want {
			t.Errorf("%s %s: %q, want %q", c.state, c.role, got, c.want)
		}
	}
}

// SOP 5.3.7.a.note: without a worklog entry no Resolve. SOP 5.3.7.a.resolve: who and when, and the clock stands.
func TestResolveNeedsANote(t *testing.T) {
	onStore(t, func(w *world) {
		got := w.open(booked)
		w.later(90 * time.Minute)
		_, err := w.apply(ani, got.ID, trouble.Step{Move: "resolve"})
		f := w.refused(err, fault.Invalid, "trouble.note-needed")
		w.want(f.Field+" "+f.Clause, "note 5.3.7.a.note", "names")
		got, err = w.apply(ani, got.ID, trouble.Step{Move: "resolve", Note: "Pelanggan: sudah normal."})
		w.want(err, nil, "with a note in the same act")
		w.want([]any{got.State, got.ResolvedAt, got.ResolvedBy, got.TTRSeconds}, []any{trouble.Resolved, w.clock.Now(), db.ID(11), int64(5400)}, "resolved")
		log := w.worklog(got.ID)
		w.want([]string{log[0].Type, log[0].Detail, log[0].Group}, []string{"AGENTNOTE", "Pelanggan: sudah normal.", "teknisi-mlg"}, "worklog")

		other := w.open(of("152999000110"))
		w.note(other.ID, trouble.AgentNote, "Sudah normal.")
		_, err = w.apply(ani, other.ID, trouble.Step{Move: "resolve"})
		w.want(err, nil, "with a note since the last move")
		other, _ = w.apply(ani, other.ID, trouble.Step{Move: "reopen", Reason: "belum normal"})
		_, err = w.apply(ani, other.ID, trouble.Step{Move: "resolve"})
		w.refused(err, fault.Invalid, "trouble.note-needed") // that note was of before
	})
}

// SOP 5.3.7.b.submit: to the other group's backend, old and new group kept. SOP 5.3.7.b.note: with a note.
// SOP 5.3.7.b.classification: from the tree. SOP 5.3.7.b.dispatch: to a unit that takes the fault there.
func TestDispatchMovesToTheOtherGroup(t *testing.T) {
	onStore(t, func(w *world) {
		got := w.open()
		w.do(func(tx *db.Tx) error { _, err := trouble.Own(tx, ani, got.ID, 11); return err })
		for _, c := range []struct {
			step             trouble.Step
			key, field, says string
		}{
			{trouble.Step{Classification: "internet-los", Group: "teknisi"}, "trouble.note-needed", "note", "5.3.7.b.note"},
			{trouble.Step{Note: "x", Group: "teknisi"}, "trouble.classification", "classification", "5.3.7.b.classification"},
			{trouble.Step{Note: "x", Classification: "no-such", Group: "teknisi"}, "trouble.classification", "classification", "5.3.7.b.classification"},
			{trouble.Step{Note: "x", Classification: "internet-los"}, "trouble.group", "group", "5.3.7.b.dispatch"},
			{trouble.Step{Note: "x", Classification: "internet-los", Group: "logic"}, "trouble.group", "group", "5.3.7.b.dispatch"},
			{trouble.Step{Note: "x", Classification: "internet-los", Group: "teknisi-btu"}, "trouble.group", "group", "5.3.7.b.dispatch"}, // another exchange's
		} {
			c.step.Move = "dispatch"
			_, err := w.apply(ani, got.ID, c.step)
			f := w.refused(err, fault.Invalid, c.key)
			w.want(f.Field+" "+f.Clause, c.field+" "+c.says, c.key)
		}
		w.want(len(w.worklog(got.ID)), 0, "a refused act leaves no note")
		got, err := w.apply(ani, got.ID, trouble.Step{Move: "dispatch", Note: "Pelanggan minta dieskalasi.", Classification: "A_INTERNET_001_002_001", Group: "teknisi"})
		w.want(err, nil, "dispatch")
		w.want([]any{got.State, got.Group, got.Classification, got.Owner}, []any{trouble.Backend, "teknisi", "internet-los", db.ID(0)}, "where it is")
		w.do(func(tx *db.Tx) error {
			all, err := trouble.History(tx, got.ID)
			last := all[len(all)-1]
			w.want([]any{last.Was, last.OldGroup, last.NewGroup, last.Classification, last.By}, []any{trouble.Analysis, "logic", "teknisi", "internet-los", db.ID(11)}, "history")
			return err
		})
	})
}

// SOP 5.6.2.b.reopen: keeps the number, counts, and the reason stands; the clock of the repair runs again.
func TestReopenKeepsTheNumber(t *testing.T) {
	onStore(t, func(w *world) {
		closed, _, _ := w.take(trouble.Incoming{No: "IN223344", ServiceNo: service, State: trouble.Closed, ClosingReason: trouble.CloseByDitcons,
			OpenedAt: w.clock.Now().Add(-2 * time.Hour), ResolvedAt: w.clock.Now().Add(-time.Hour)})
		w.want([]any{closed.TTRSeconds, closed.TMF()}, []any{int64(3600), "resolved"}, "an hour's repair, and the customer has not accepted it")
		w.later(time.Hour)
		_, err := w.apply(ani, closed.ID, trouble.Step{Move: "reopen", Reason: " "})
		f := w.refused(err, fault.Invalid, "trouble.reason")
		w.want(f.Field+" "+f.Clause, "reason 5.6.2.b.reopen", "names")
		got, err := w.apply(ani, closed.ID, trouble.Step{Move: "reopen", Reason: "belum normal", Turn: 9})
		w.want(err, nil, "reopen")
		w.want([]any{got.No, got.State, got.Reopens, got.ClosingReason, got.ResolvedAt.IsZero(), got.TTRSince}, []any{"IN223344", trouble.Analysis, 1, "", true, w.clock.Now()}, "open again")
		w.later(30 * time.Minute)
		w.want(got.TTR(w.clock.Now()), 90*time.Minute, "the clock runs on from where it stood")
		w.do(func(tx *db.Tx) error {
			all, err := trouble.History(tx, got.ID)
			w.want(all[1].Reason, "belum normal", "reason")
			return err
		})
	})
}

// A ticket is not opened again beside the report that has come since.
func TestReopenYieldsToTheOpenReport(t *testing.T) {
	onStore(t, func(w *world) {
		old := w.open(solved)
		now := w.open()
		_, err := w.apply(ani, old.ID, trouble.Step{Move: "reopen", Reason: "belum normal"})
		w.want(w.refused(err, fault.Conflict, "trouble.already-open").Values["no"], now.No, "the open one")
	})
}

// A move the state does not offer is a conflict that names those it does; one that is another role's is forbidden.
func TestAnIllegalMoveNamesTheLegalOnes(t *testing.T) {
	onStore(t, func(w *world) {
		got := w.open(solved)
		_, err := w.apply(ani, got.ID, trouble.Step{Move: "final-check"})
		f := w.refused(err, fault.Conflict, "trouble.move")
		w.want([]any{f.Values["state"], f.Values["move"], f.Values["legal"]}, []any{"RESOLVED", "final-check", "close, reopen"}, "values")
		_, err = w.apply(ani, got.ID, trouble.Step{Move: "media-care"})
		w.refused(err, fault.Forbidden, "trouble.move-role")
		for _, hidden := range []string{"follow", "undo", "open", "arrive", ""} {
			_, err = w.apply(lina, got.ID, trouble.Step{Move: hidden})
			w.refused(err, fault.Conflict, "trouble.move")
		}
		_, err = w.apply(ani, got.ID, trouble.Step{Move: "close", Reason: "pelanggan setuju", Version: got.Version + 1})
		w.refused(err, fault.Conflict, "trouble.changed")
		got, err = w.apply(ani, got.ID, trouble.Step{Move: "close", Reason: "pelanggan setuju", Version: got.Version})
		w.want(err, nil, "close")
		w.want([]any{got.ClosedAt, got.ClosingReason, got.TMF()}, []any{w.clock.Now(), "pelanggan setuju", "closed"}, "closed")
		w.do(func(tx *db.Tx) error {
			_, err := trouble.Get(tx, 4711)
			w.refused(err, fault.Missing, "trouble.missing")
			return nil
		})
	})
}

// Whatever is asked of a ticket, it stays on the table: each step of its history is one that the state before it offers, the
// chain has no gap, lapul is the count of the customer's notes, and the clock runs exactly while it is open.
func TestRandomMovesNeverLeaveTheTable(t *testing.T) {
	onStore(t, func(w *world) {
		serial := 200
		rapid.Check(t, func(r *rapid.T) {
			serial++
			got := w.open(of("152999000" + string(rune('0'+serial/100)) + string(rune('0'+serial/10%10)) + string(rune('0'+serial%10))))
			told := []string{"submit", "analyse", "hold", "resume", "visit", "dispatch", "final-check", "resolve", "media-care", "salam-sim", "close", "reopen", "follow", "undo"}
			clients := 0
			for range rapid.IntRange(1, 12).Draw(r, "acts") {
				w.later(time.Minute)
				before := w.get(got.ID)
				switch rapid.IntRange(0, 5).Draw(r, "act") {
				case 0:
					kind := rapid.SampledFrom([]string{trouble.ClientNote, trouble.AgentNote, trouble.UpdateInfo}).Draw(r, "type")
					w.note(got.ID, kind, "isi")
					if kind == trouble.ClientNote {
						clients++
					}
				case 1:
					state := rapid.SampledFrom([]trouble.State{trouble.Backend, trouble.Pending, trouble.Queued, trouble.MediaCare, trouble.SalamSim, trouble.Closed}).Draw(r, "told")
					w.take(trouble.Incoming{No: before.No, State: state})
				default:
					move := rapid.SampledFrom(told).Draw(r, "move")
					by := rapid.SampledFrom([]who.Actor{ani, lina, who.House, nossa}).Draw(r, "who")
					_, err := w.apply(by, got.ID, trouble.Step{Move: move, Reason: "alasan", Note: "isi", Classification: "internet-los", Group: "teknisi"})
					role := string(by.Role)
					if by.Via == who.System {
						role = trouble.System
					}
					legal := slices.Contains(strings.Split(names(trouble.Moves(before, role)), ", "), move)
					if (err == nil) != legal && !(legal && move == "visit") { // a visit also needs its booking
						r.Fatalf("%s by %s in %s: %v, legal %v", move, role, before.State, err, legal)
					}
				}
				now := w.get(got.ID)
				if now.Lapul != clients || now.Open() == now.TTRSince.IsZero() || now.Open() != now.ResolvedAt.IsZero() {
					r.Fatalf("lapul %d of %d, open %v, since %v, resolved %v", now.Lapul, clients, now.Open(), now.TTRSince, now.ResolvedAt)
				}
			}
			w.do(func(tx *db.Tx) error {
				all, err := trouble.History(tx, got.ID)
				for i := 1; i < len(all); i++ {
					if all[i].Was != all[i-1].Became || all[i].Seq != i+1 {
						r.Fatalf("step %d goes from %s, the one before led to %s", i+1, all[i].Was, all[i-1].Became)
					}
				}
				if last := w.getIn(tx, got.ID); len(all) != last.Steps || all[len(all)-1].Became != last.State {
					r.Fatalf("stands on step %d in %s, history %d", last.Steps, last.State, len(all))
				}
				return err
			})
			if last := w.get(got.ID); last.Open() { // leave the number free
				_, _ = w.apply(lina, got.ID, trouble.Step{Move: "resolve", Note: "selesai"})
			}
		})
	})
}

func (w *world) getIn(tx *db.Tx, id db.ID) trouble.Ticket {
	t, err := trouble.Get(tx, id)
	if err != nil {
		w.t.Error(err)
	}
	return t
}
