package trouble_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/trouble"
)

func row(w *world) trouble.Incoming {
	return trouble.Incoming{No: "in12345678", ServiceNo: "152999000501", Service: "INTERNET", CustomerName: "Wahyu Contoh", CustomerClass: "HVC_GOLD",
		State: "backend", Group: "Teknisi lapangan", Symptom: "TBC", Classification: "A_INTERNET_001_001_002", ContactName: "Wahyu",
		ContactMobile: "+6289990001235", HardComplaint: "marah", Description: "Mati sejak semalam.", STO: "MLG", Witel: "MALANG", Lapul: 2,
		OpenedAt: w.clock.Now().Add(-5 * time.Hour), At: w.clock.Now(),
		Notes: []trouble.Note{{Type: trouble.ClientNote, Summary: "Kapan selesai?", Ref: "wl-1"}, {Type: trouble.UpdateInfo, Summary: "Teknisi jalan", Ref: "wl-2"}}}
}

// SOP 5.3.3: tickets that came in. The same row again changes nothing at all.
func TestTheSameRowAgainChangesNothing(t *testing.T) {
	onStore(t, func(w *world) {
		got, c, fresh := w.take(row(w))
		w.want([]any{fresh, c.Move, c.Before.ID}, []any{true, "arrive", db.ID(0)}, "fresh")
		w.want([]any{got.No, got.State, got.Group, got.Symptom, got.Classification, got.Lapul, got.Priority, got.Source, got.Service},
			[]any{"IN12345678", trouble.Backend, "teknisi", "tbc", "internet-mati", 2, "very-high", "nossa", "internet"}, "taken")
		w.want(got.TTR(w.clock.Now()), 5*time.Hour, "its clock runs since it was opened there")
		w.want(w.get(got.ID), got, "read back")
		w.later(time.Minute)
		again, c, fresh := w.take(row(w))
		w.want([]any{fresh, again.Lapul, len(w.worklog(got.ID)), c.Lapul(), c.Move}, []any{false, 2, 3, 0, ""}, "again")
		same := row(w)
		same.At = got.FedAt
		again, c, _ = w.take(same)
		w.want(c.Before, c.After, "nothing changed")
		w.want(again.Version, w.get(got.ID).Version, "nor was anything written")
	})
}

// SOP 5.7.1: the list's lapul rises: entries for what it did not bring, so that lapul stays the count of entries.
func TestAListsLapulRises(t *testing.T) {
	onStore(t, func(w *world) {
		got, _, _ := w.take(row(w))
		w.note(got.ID, trouble.ClientNote, "Belum ada teknisi") // a third one, ours; the list counts it too by now
		_, c, _ := w.take(trouble.Incoming{No: got.No, Lapul: 3})
		w.want(c.Lapul(), 0, "already counted")
		_, c, _ = w.take(trouble.Incoming{No: got.No, Lapul: 5})
		w.want([]any{c.Lapul(), c.After.Lapul, c.Note.Type}, []any{2, 5, "CLIENTNOTE"}, "two more")
		clients := 0
		for _, n := range w.worklog(got.ID) {
			if n.Type == trouble.ClientNote {
				clients++
			}
		}
		w.want(clients, 5, "entries")
	})
}

// A list that still says the old state does not undo what was done here since; a new one moves the ticket.
func TestAnOldListUndoesNothing(t *testing.T) {
	onStore(t, func(w *world) {
		got, _, _ := w.take(row(w))
		_, err := w.apply(ani, got.ID, trouble.Step{Move: "resolve", Note: "Sudah normal."})
		w.want(err, nil, "resolve")
		after, c, _ := w.take(row(w))
		w.want([]any{after.State, c.Move}, []any{trouble.Resolved, ""}, "the same list")

		w.later(time.Hour)
		closed := trouble.Incoming{No: got.No, State: trouble.Closed, ClosingReason: "Close by ditcons request", At: w.clock.Now()}
		after, c, _ = w.take(closed)
		w.want([]any{after.State, c.Move, after.ClosingReason, c.Left()}, []any{trouble.Closed, "follow", "Close by ditcons request", false}, "a new state")
		older := trouble.Incoming{No: got.No, State: trouble.Backend, At: w.clock.Now().Add(-time.Minute)}
		after, _, _ = w.take(older)
		w.want(after.State, trouble.Closed, "an older row")
		w.later(time.Hour)
		after, c, _ = w.take(trouble.Incoming{No: got.No, State: trouble.Queued, At: w.clock.Now()})
		w.want([]any{after.State, c.Move, after.Reopens, after.ClosingReason}, []any{trouble.Queued, "reopen", 1, ""}, "opened again there")
		page, _, err := w.list(trouble.Filter{ClosingReason: trouble.CloseByDitcons})
		w.want([]any{len(page), err}, []any{0, nil}, "Force Close finds it no more")
	})
}

// SOP 5.3.7.b.submit: a group that changed there is kept with the old one.
func TestAListsGroupIsFollowed(t *testing.T) {
	onStore(t, func(w *world) {
		got := w.open()
		after, c, _ := w.take(trouble.Incoming{No: got.No, Group: "BACKEND JATIM", CustomerName: "Orang lain", Description: "x"})
		w.want([]any{after.Group, c.Move, after.CustomerName, after.State}, []any{"BACKEND JATIM", "follow", "Suwarni Contoh", trouble.Analysis}, "our complaint keeps its own")
		w.do(func(tx *db.Tx) error {
			all, err := trouble.History(tx, got.ID)
			w.want([]string{all[2].OldGroup, all[2].NewGroup}, []string{"logic", "BACKEND JATIM"}, "history")
			return err
		})
		_, err := w.apply(ani, got.ID, trouble.Step{Move: "dispatch", Note: "x", Classification: "internet-mati", Group: "logic"})
		w.want(err, nil, "dispatch")
		after, _, _ = w.take(trouble.Incoming{No: got.No, Group: "BACKEND JATIM"})
		w.want(after.Group, "logic", "the old list does not move it back")
	})
}

func (w *world) list(f trouble.Filter) (page []trouble.Ticket, next db.ID, err error) {
	err = w.try(func(tx *db.Tx) error {
		page, next, err = trouble.List(tx, f)
		return err
	})
	return page, next, err
}

// A list may bring what we would not open: a second open incident of a service stands beside the first.
func TestAListsSecondIncidentStandsBeside(t *testing.T) {
	onStore(t, func(w *world) {
		first := w.open()
		second, _, _ := w.take(trouble.Incoming{No: "IN777777", ServiceNo: service, State: trouble.Backend})
		w.want([]bool{first.Beside, second.Beside}, []bool{false, true}, "beside")
		_, err := w.apply(ani, first.ID, trouble.Step{Move: "hold", Reason: "menunggu"})
		w.want(err, nil, "the first goes on")
		_, err = w.apply(ani, first.ID, trouble.Step{Move: "resolve", Note: "normal"})
		w.want(err, nil, "and ends")
		err = w.try(func(tx *db.Tx) error { _, _, err := trouble.Open(tx, ani, complaint()); return err })
		w.want(w.refused(err, fault.Conflict, "trouble.already-open").Values["no"], "IN777777", "the second is the report now")
	})
}

func TestARowThatCannotBe(t *testing.T) {
	onStore(t, func(w *world) {
		for key, in := range map[string]trouble.Incoming{
			"trouble.number":     {No: "INX1"},
			"trouble.state":      {No: "IN123456", State: "MAYBE"},
			"trouble.source":     {No: "IN123456", Source: "mail"},
			"phone.service-form": {No: "IN123456", ServiceNo: "12"},
			"trouble.service":    {No: "IN123456", Service: "fax"},
			"trouble.parent":     {No: "IN123456", Parent: "IN123456"},
			"trouble.count":      {No: "IN123456", Lapul: 201},
			"trouble.text-long":  {No: "IN123456", Group: strings.Repeat("x", 301)},
			"trouble.note-ref":   {No: "IN123456", Notes: []trouble.Note{{Type: trouble.ClientNote, Summary: "a"}}},
		} {
			w.refused(w.try(func(tx *db.Tx) error { _, _, _, err := trouble.Take(tx, nossa, in); return err }), fault.Invalid, key)
		}
		page, _, err := w.list(trouble.Filter{})
		w.want([]any{len(page), err}, []any{0, nil}, "nothing was stored")
	})
}

// Twenty couriers bring the same row at once: one ticket, each lapul once.
func TestTheSameRowTwentyTimesAtOnce(t *testing.T) {
	onStore(t, func(w *world) {
		in := row(w)
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				if err := w.s.Write(t.Context(), func(tx *db.Tx) error { _, _, _, err := trouble.Take(tx, nossa, in); return err }); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		page, _, _ := w.list(trouble.Filter{})
		w.want(len(page), 1, "tickets")
		w.want([]any{page[0].Lapul, len(w.worklog(page[0].ID))}, []any{2, 3}, "lapul and entries")
	})
}

// domain 7.6: the outage ends, and its open children with it; the ones that came before their parent too.
// SOP 5.4: children are found by their parent.
func TestChildrenEndWithTheirOutage(t *testing.T) {
	onStore(t, func(w *world) {
		for i := range 3 {
			w.take(trouble.Incoming{No: fmt.Sprintf("IN80000%d", i), ServiceNo: fmt.Sprintf("15299900080%d", i), State: trouble.Queued, Parent: "IN900000"})
		}
		parent, _, _ := w.take(trouble.Incoming{No: "IN900000", Source: trouble.Gamas, State: trouble.Backend})
		late, _, _ := w.take(trouble.Incoming{No: "IN800009", ServiceNo: "152999000809", State: trouble.Backend, Parent: "IN900000"})
		w.want(late.Parent, parent.ID, "parent")
		done, _, _ := w.take(trouble.Incoming{No: "IN800008", ServiceNo: "152999000808", State: trouble.MediaCare, Parent: "IN900000"})
		complete := func() (all []trouble.Change, err error) {
			err = w.try(func(tx *db.Tx) error { all, err = trouble.CompleteChildren(tx, lina, parent.ID); return err })
			return all, err
		}
		_, err := complete()
		w.refused(err, fault.Conflict, "trouble.parent-open")
		w.later(time.Hour)
		w.take(trouble.Incoming{No: "IN900000", State: trouble.Closed, ClosingReason: "Jaringan pulih"})
		all, err := complete()
		w.want([]any{len(all), err}, []any{4, nil}, "changes")
		for _, c := range all {
			w.want([]any{c.Before.Open(), c.After.State, c.Left(), c.Note.Summary, c.After.ClosingReason}, []any{true, trouble.Closed, true, trouble.ByGamas, trouble.ByGamas}, c.After.No)
		}
		w.want(w.moves(late.ID), "arrive BACKEND, resolve RESOLVED, close CLOSED", "its way")
		w.want(w.get(done.ID).State, trouble.MediaCare, "what had ended is left alone")
		page, _, _ := w.list(trouble.Filter{Parent: parent.ID})
		w.want(len(page), 5, "all are its children")
		all, err = complete()
		w.want([]any{len(all), err}, []any{0, nil}, "again")
	})
}

// SOP 5.3.3: My Group's Incidents are those of the groups one belongs to. SOP 5.6.1.filter: the closing reason is a filter.
func TestMyGroupsIncidents(t *testing.T) {
	onStore(t, func(w *world) {
		a := w.open(of("152999000601"))
		w.open(booked, of("152999000602"))
		w.take(trouble.Incoming{No: "IN900001", State: trouble.Backend, Group: "BACKEND JATIM"})
		closed, _, _ := w.take(trouble.Incoming{No: "IN900002", State: trouble.Closed, ClosingReason: "CLOSE BY DITCONS REQUEST", Group: "logic"})
		var groups []string
		w.do(func(tx *db.Tx) (err error) {
			for _, g := range []string{"logic", "logic", "BACKEND JATIM", "Backend logic"} {
				if err := trouble.Join(tx, lina, 11, g); err != nil {
					return err
				}
			}
			groups, err = trouble.GroupsOf(tx, 11)
			return err
		})
		w.want(groups, []string{"BACKEND JATIM", "logic"}, "groups")
		w.refused(w.try(func(tx *db.Tx) error { return trouble.Join(tx, lina, 11, "TIDAK ADA") }), fault.Invalid, "trouble.group")
		page, next, err := w.list(trouble.Filter{Groups: groups, Open: true, Limit: 1})
		w.want([]any{len(page), page[0].No, next, err}, []any{1, a.No, a.ID, error(nil)}, "first page")
		page, next, _ = w.list(trouble.Filter{Groups: groups, Open: true, Limit: 1, After: next})
		w.want([]any{page[0].No, next}, []any{"IN900001", db.ID(0)}, "last page")
		page, _, _ = w.list(trouble.Filter{ClosingReason: trouble.CloseByDitcons, State: trouble.Closed, Source: trouble.Nossa})
		w.want([]any{len(page), page[0].No}, []any{1, closed.No}, "Force Close")

		w.do(func(tx *db.Tx) error { _, err := trouble.Own(tx, ani, a.ID, 11); return err })
		w.refused(w.try(func(tx *db.Tx) error { _, err := trouble.Own(tx, budi, a.ID, 12); return err }), fault.Conflict, "trouble.owned")
		w.refused(w.try(func(tx *db.Tx) error { _, err := trouble.Own(tx, budi, closed.ID, 12); return err }), fault.Conflict, "trouble.done")
		w.do(func(tx *db.Tx) error {
			if _, err := trouble.Own(tx, ani, a.ID, 0); err != nil {
				return err
			}
			_, err := trouble.Own(tx, budi, a.ID, 12)
			return err
		})
		w.do(func(tx *db.Tx) error {
			if err := trouble.Leave(tx, lina, 11, "logic"); err != nil {
				return err
			}
			members, err := trouble.Members(tx, "logic")
			w.want(len(members), 0, "members")
			return err
		})
	})
}
