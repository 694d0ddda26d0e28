package trouble_test

import (
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/trouble"
)

// domain 3.6: lapul is the count of CLIENTNOTE entries, and no other entry counts.
// SOP 5.5.9: new row adds a line. SOP 5.7.9: of each of the types.
func TestLapulCountsTheCustomersNotes(t *testing.T) {
	onStore(t, func(w *world) {
		got := w.open()
		for i, kind := range []string{trouble.ClientNote, trouble.AgentNote, trouble.ClientNote, trouble.UpdateInfo} {
			w.later(time.Second)
			after, c := w.note(got.ID, kind, "Baris pertama\nbaris kedua")
			w.want(c.Lapul(), map[string]int{trouble.ClientNote: 1}[kind], "rise")
			w.want(c.Note.Summary, "Baris pertama", "summary")
			w.want(after.NotedAt, w.clock.Now(), "noted")
			w.want(after.Version, got.Version+int64(i)+1, "version")
		}
		got = w.get(got.ID)
		w.want([]any{got.Lapul, got.Noted}, []any{2, true}, "lapul")
		log := w.worklog(got.ID)
		w.want([]any{len(log), log[0].Type, log[0].By, log[0].Group, log[0].Detail}, []any{4, "CLIENTNOTE", db.ID(11), "logic", "Baris pertama\nbaris kedua"}, "worklog")
	})
}

// domain 3.6: the customer's note on MEDIACARE or SALAMSIM reopens the ticket; elsewhere, and of another type, it does not.
func TestAClientNoteReopens(t *testing.T) {
	onStore(t, func(w *world) {
		for i, c := range []struct {
			state  trouble.State
			kind   string
			reopen bool
		}{
			{trouble.MediaCare, trouble.ClientNote, true}, {trouble.SalamSim, trouble.ClientNote, true}, {trouble.MediaCare, trouble.AgentNote, false},
			{trouble.Resolved, trouble.ClientNote, false}, {trouble.Closed, trouble.ClientNote, false}, {trouble.Backend, trouble.ClientNote, false},
		} {
			at, _, _ := w.take(trouble.Incoming{No: "IN50000" + string(rune('0'+i)), ServiceNo: "15299900030" + string(rune('0'+i)), State: c.state})
			got, change := w.note(at.ID, c.kind, "Masih putus")
			want := c.state
			if c.reopen {
				want = trouble.Analysis
				w.want([]any{change.Move, got.Reopens, got.Open()}, []any{"reopen", 1, true}, "reopened")
			}
			w.want(got.State, want, string(c.state)+" "+c.kind)
		}
	})
}

// A note that would reopen a ticket while another report is open belongs on that one.
func TestAClientNoteYieldsToTheOpenReport(t *testing.T) {
	onStore(t, func(w *world) {
		old, _, _ := w.take(trouble.Incoming{No: "IN600001", ServiceNo: service, State: trouble.MediaCare})
		now := w.open()
		err := w.try(func(tx *db.Tx) error {
			_, _, err := trouble.AddNote(tx, ani, old.ID, trouble.Note{Type: trouble.ClientNote, Summary: "Masih putus"})
			return err
		})
		w.want(w.refused(err, fault.Conflict, "trouble.already-open").Values["no"], now.No, "the open one")
		w.want(w.get(old.ID).Lapul, 0, "nothing was written")
	})
}

func TestANoteIsWhole(t *testing.T) {
	onStore(t, func(w *world) {
		got := w.open()
		for key, n := range map[string]trouble.Note{
			"trouble.note-type":  {Type: "MEMO", Summary: "a"},
			"trouble.note-empty": {Type: trouble.AgentNote, Detail: " \n"},
			"trouble.note-long":  {Type: trouble.AgentNote, Summary: strings.Repeat("a", 201)},
		} {
			w.refused(w.try(func(tx *db.Tx) error { _, _, err := trouble.AddNote(tx, ani, got.ID, n); return err }), fault.Invalid, key)
		}
		long := trouble.Note{Type: trouble.AgentNote, Detail: strings.Repeat("é", 8001)}
		w.refused(w.try(func(tx *db.Tx) error { _, _, err := trouble.AddNote(tx, ani, got.ID, long); return err }), fault.Invalid, "trouble.note-long")
		for range 2 { // the same key again is the entry that is there
			w.do(func(tx *db.Tx) error {
				after, c, err := trouble.AddNote(tx, ani, got.ID, trouble.Note{Type: trouble.ClientNote, Summary: "Putus", Ref: "wl-1"})
				w.want([]any{after.Lapul, c.Note.Summary}, []any{1, "Putus"}, "once")
				return err
			})
		}
	})
}

// SOP 5.7.8.c.sukses.slg, 5.7.8.c.sukses.percepatan: marks are rows that count, once for each turn.
func TestAMarkCountsOncePerTurn(t *testing.T) {
	onStore(t, func(w *world) {
		got := w.open()
		mark := func(mark string, turn db.ID) error {
			return w.try(func(tx *db.Tx) error { return trouble.Mark(tx, ani, got.ID, mark, turn) })
		}
		for _, turn := range []db.ID{7, 7, 8} {
			w.want(mark("slg", turn), nil, "mark")
		}
		w.want(mark("expedite", 8), nil, "another")
		w.refused(mark("gold", 8), fault.Invalid, "trouble.mark")
		w.want(w.get(got.ID).Marks, []string{"expedite", "slg"}, "marks")
		w.do(func(tx *db.Tx) error {
			all, err := trouble.MarksOf(tx, got.ID)
			w.want(len(all), 3, "rows")
			return err
		})
	})
}

// What a finish did is taken back whole within its eight seconds (decisions.md 6).
func TestAFinishIsTakenBack(t *testing.T) {
	onStore(t, func(w *world) {
		for _, c := range []struct {
			name  string
			start func() trouble.Ticket
			step  trouble.Step
		}{
			{"resolve", func() trouble.Ticket { return w.open(booked) }, trouble.Step{Move: "resolve", Note: "Sudah normal."}},
			{"dispatch", func() trouble.Ticket { return w.open(of("152999000402")) },
				trouble.Step{Move: "dispatch", Note: "Eskalasi.", Classification: "internet-los", Group: "teknisi"}},
			{"reopen", func() trouble.Ticket {
				got, _, _ := w.take(trouble.Incoming{No: "IN700001", ServiceNo: "152999000403", State: trouble.Closed, ClosingReason: trouble.CloseByDitcons})
				return got
			}, trouble.Step{Move: "reopen", Reason: "belum normal"}},
		} {
			before := c.start()
			w.later(time.Minute)
			c.step.Turn = 31
			_, err := w.apply(ani, before.ID, c.step)
			w.want(err, nil, c.name)
			w.do(func(tx *db.Tx) error {
				if _, _, err := trouble.AddNote(tx, ani, before.ID, trouble.Note{Type: trouble.ClientNote, Summary: "Lagi", Turn: 31}); err != nil {
					return err
				}
				return trouble.Mark(tx, ani, before.ID, "slg", 31)
			})
			w.later(3 * time.Second)
			for range 2 { // twice is once
				w.do(func(tx *db.Tx) error { _, err := trouble.Withdraw(tx, ani, 31); return err })
			}
			after := w.get(before.ID)
			after.StateAt, after.Steps, after.Version = before.StateAt, before.Steps, before.Version
			w.want(after, before, c.name+" taken back")
			w.want(w.worklog(before.ID)[0].StruckAt.IsZero(), false, "struck, not gone")
			w.do(func(tx *db.Tx) error { // and done again by the same turn, finished anew
				_, _, err := trouble.Apply(tx, ani, before.ID, c.step)
				return err
			})
			w.do(func(tx *db.Tx) error { _, err := trouble.Withdraw(tx, ani, 31); return err })
			w.want(w.get(before.ID).State, before.State, c.name+" taken back again")
		}
		got := w.open(of("152999000404"))
		_, _ = w.apply(ani, got.ID, trouble.Step{Move: "resolve", Note: "Sudah normal.", Turn: 32})
		_, _ = w.apply(lina, got.ID, trouble.Step{Move: "media-care"})
		w.refused(w.try(func(tx *db.Tx) error { _, err := trouble.Withdraw(tx, ani, 32); return err }), fault.Conflict, "trouble.moved-on")
		w.want(w.get(got.ID).State, trouble.MediaCare, "stays")
	})
}
