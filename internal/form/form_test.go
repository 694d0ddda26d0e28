package form_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
	"sapa/internal/form"
	"sapa/internal/journal"
	"sapa/internal/who"
)

var (
	ani  = who.Actor{ID: 7, Login: "ani", Role: who.Agent, Via: who.Page}
	budi = who.Actor{ID: 9, Login: "budi", Role: who.Agent, Via: who.Page}
	tuti = who.Actor{ID: 8, Login: "tuti", Role: who.Leader, Via: who.Page}
)

type desk struct {
	t     *testing.T
	s     *db.DB
	c     *dbtest.Clock
	batch db.ID
}

func each(t *testing.T, f func(d desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		d := desk{t: t, s: s, c: c}
		d.do(func(tx *db.Tx) error {
			b, _, err := form.NewBatch(tx, tuti, form.Batch{Kind: form.Ideas, Name: "Ideas pagi", Digest: "d1", Rows: 3})
			d.batch = b.ID
			return err
		})
		f(d)
	})
}

func (d desk) do(act func(tx *db.Tx) error) {
	d.t.Helper()
	if err := d.s.Write(context.Background(), act); err != nil {
		d.t.Fatal(err)
	}
}

func (d desk) refused(kind fault.Kind, key string, act func(tx *db.Tx) error) {
	d.t.Helper()
	if e := fault.Of(d.s.Write(context.Background(), act)); e == nil || e.Kind != kind || e.Key != key {
		d.t.Errorf("%v, want %s %s", e, kind, key)
	}
}

func fcr(ticket, turn db.ID) form.Row {
	return form.Row{Ticket: ticket, Turn: turn, Ref: fmt.Sprintf("ID-%d", ticket), ServiceNo: "152401234567", Status: form.Contacted, Reason: form.FCR, Remarks: "Sudah normal setelah restart ONT"}
}

func rna(ticket, turn db.ID) form.Row {
	r := fcr(ticket, turn)
	r.Status, r.Reason, r.Remarks = form.NotContacted, form.RNA, "Tidak diangkat"
	return r
}

func (d desk) file(by who.Actor, r form.Row) (kept form.Row) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) { kept, err = form.File(tx, by, form.Ideas, d.batch, r); return err })
	return kept
}

func (d desk) filing(by who.Actor, r form.Row) func(tx *db.Tx) error {
	return func(tx *db.Tx) error { _, err := form.File(tx, by, form.Ideas, d.batch, r); return err }
}

func (d desk) send(by who.Actor, id db.ID) (f form.Form) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) { f, err = form.Send(tx, by, id); return err })
	return f
}

func (d desk) unfile(turn db.ID) func(tx *db.Tx) error {
	return func(tx *db.Tx) error { return form.Unfile(tx, ani, turn) }
}

// rows writes a form as seq/ticket/turn/reason.
func (d desk) rows(id db.ID) string {
	d.t.Helper()
	var said []string
	d.do(func(tx *db.Tx) error {
		all, err := form.Rows(tx, id)
		for _, r := range all {
			said = append(said, fmt.Sprintf("%d:%d/%d/%s", r.Seq, r.Ticket, r.Turn, r.Reason))
		}
		return err
	})
	return strings.Join(said, " ")
}

// SOP 5.8.5.status.contacted, 5.8.5.status.not-contacted, 5.8.5.reason.fcr, 5.8.5.reason.eskalasi, 5.8.5.reason.rna, 5.8.5.tiket,
// 5.8.5.keterangan: what an Ideas row may say, refused in words here and once more by the store itself.
func TestAnIdeasRowSaysOnlyWhatTheInstructionAllows(t *testing.T) {
	each(t, func(d desk) {
		good := []form.Row{fcr(1, 11), rna(2, 12), {Ticket: 3, Turn: 13, Status: form.Contacted, Reason: form.Eskalasi, TicketNo: "IN12345678", Remarks: "Perlu teknisi"}}
		for _, r := range good {
			d.file(ani, r)
		}
		for _, c := range []struct {
			status, reason, no, remarks string
			key                         string
		}{
			{form.Contacted, form.FCR, "IN12345678", "x", "form.fcr-no-ticket"},
			{form.NotContacted, form.FCR, "", "x", "form.rna-only"},
			{form.Contacted, form.Eskalasi, "", "x", "form.eskalasi-ticket"},
			{form.Contacted, form.Eskalasi, "  ", "x", "form.eskalasi-ticket"},
			{form.NotContacted, form.Eskalasi, "IN12345678", "x", "form.rna-only"},
			{form.Contacted, form.RNA, "", "x", "form.rna-not-contacted"},
			{form.NotContacted, form.RNA, "IN12345678", "x", "form.ticket-only-eskalasi"},
			{form.NotContacted, "", "", "x", "form.rna-only"},
			{form.Contacted, "", "", "x", "form.reason"},
			{form.Contacted, "sibuk", "", "x", "form.reason"},
			{"", form.FCR, "", "x", "form.status"},
			{form.Close, "", "", "x", "form.status"},
			{form.Contacted, form.FCR, "", " \n", "form.remarks"},
			{form.Contacted, form.FCR, "", strings.Repeat("é", 2001), "form.remarks-long"},
		} {
			r := form.Row{Ticket: 4, Turn: 14, Status: c.status, Reason: c.reason, TicketNo: c.no, Remarks: c.remarks}
			d.refused(fault.Invalid, c.key, d.filing(ani, r))
			if c.key == "form.remarks-long" {
				continue
			}
			d.refused(fault.Invalid, "db.rule", func(tx *db.Tx) error { // past the room's own words
				_, err := tx.Exec(`UPDATE form_row SET status = $1, reason = $2, ticket_no = $3, remarks = $4 WHERE turn = 11`,
					c.status, c.reason, strings.TrimSpace(c.no), strings.TrimSpace(c.remarks))
				return err
			})
		}
		d.file(ani, form.Row{Ticket: 4, Turn: 14, Status: form.Contacted, Reason: form.FCR, Remarks: strings.Repeat("é", 2000)})
		d.refused(fault.Invalid, "form.no-turn", d.filing(ani, fcr(5, 0)))
		d.refused(fault.Missing, "form.no-batch", func(tx *db.Tx) error { _, err := form.File(tx, ani, form.Ideas, 404, fcr(5, 15)); return err })
		d.refused(fault.Invalid, "form.kind", func(tx *db.Tx) error { _, err := form.File(tx, ani, form.Ideas, 0, fcr(5, 15)); return err })
		d.refused(fault.Invalid, "form.kind", func(tx *db.Tx) error { _, err := form.File(tx, ani, "lain", d.batch, fcr(5, 15)); return err })
	})
}

// SOP 5.6.2.a, 5.6.2.b.form: the Force Close form's keterangan is one of three and each call files a row of its own.
func TestAForceCloseRowIsOneOfThreeAndEachCallHasOne(t *testing.T) {
	each(t, func(d desk) {
		began := d.c.Now()
		file := func(r form.Row) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { _, err := form.File(tx, ani, form.ForceClose, 0, r); return err }
		}
		row := func(turn db.ID, status string) form.Row {
			return form.Row{Ticket: 1, Turn: turn, ServiceNo: "152401234567", TicketNo: "IN12345678", Status: status, CalledAt: began}
		}
		d.do(file(row(11, form.NotContacted)))
		d.c.Advance(time.Hour)
		d.do(file(row(12, form.ContactOpen)))
		d.c.Advance(time.Hour)
		d.do(file(row(13, form.Close)))
		d.refused(fault.Invalid, "form.force-close", file(row(14, form.Contacted)))
		d.refused(fault.Invalid, "form.force-close", file(row(14, "")))
		withReason, noTicket := row(14, form.Close), row(14, form.Close)
		withReason.Reason, noTicket.TicketNo = form.FCR, ""
		d.refused(fault.Invalid, "form.force-close-reason", file(withReason))
		d.refused(fault.Invalid, "form.force-close-ticket", file(noTicket))
		for _, change := range []string{"status = 'contacted'", "reason = 'fcr'", "ticket_no = ''"} {
			d.refused(fault.Invalid, "db.rule", func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE form_row SET ` + change + ` WHERE turn = 13`)
				return err
			})
		}
		page := func(from, until time.Time, after db.ID, limit int) (said string, last db.ID) {
			d.do(func(tx *db.Tx) error {
				said = ""
				all, err := form.ForceCloseRows(tx, from, until, after, limit)
				for _, r := range all {
					said, last = said+r.Status+" ", r.ID
				}
				return err
			})
			return said, last
		}
		first, last := page(began, began.Add(24*time.Hour), 0, 2)
		second, _ := page(began, began.Add(24*time.Hour), last, 2)
		if first != "not-contacted contacted-open " || second != "close " {
			t := d.t
			t.Errorf("pages %q and %q", first, second)
		}
		if got, _ := page(began.Add(time.Hour), began.Add(2*time.Hour), 0, 0); got != "contacted-open " {
			d.t.Errorf("the second hour has %q", got)
		}
	})
}

// SOP 5.8.5: one row a ticket. A correction replaces, a later call of the same ticket replaces, and undoing it brings the row
// back that stood before.
func TestOneRowATicketAndUndoBringsTheEarlierBack(t *testing.T) {
	each(t, func(d desk) {
		id := d.file(ani, rna(1, 11)).Form
		d.file(ani, fcr(2, 12))
		d.file(ani, fcr(1, 13)) // called again, reached
		if got := d.rows(id); got != "2:2/12/fcr 3:1/13/fcr" {
			t.Errorf("rows %s", got)
		}
		again := fcr(1, 13)
		again.Status, again.Reason, again.TicketNo = form.Contacted, form.Eskalasi, "IN12345678"
		d.file(ani, again) // the same turn says it better
		if got := d.rows(id); got != "2:2/12/fcr 3:1/13/eskalasi" {
			t.Errorf("corrected %s", got)
		}
		d.file(ani, rna(1, 11)) // an older turn corrected stays behind the newer one
		if got := d.rows(id); got != "2:2/12/fcr 3:1/13/eskalasi" {
			t.Errorf("older corrected %s", got)
		}
		d.do(d.unfile(13))
		if got := d.rows(id); got != "2:2/12/fcr 4:1/11/rna" {
			t.Errorf("undone %s", got)
		}
		d.do(d.unfile(13)) // nothing left of it: no fault
		d.do(d.unfile(11))
		d.do(d.unfile(12))
		if got := d.rows(id); got != "" {
			t.Errorf("all undone %s", got)
		}
	})
}

// SOP 5.8.6: sending freezes; late rows need a new version; the digest shows that nothing was changed.
func TestASentFormIsFrozen(t *testing.T) {
	each(t, func(d desk) {
		one := d.file(ani, fcr(1, 11)).Form
		d.refused(fault.Missing, "form.none", func(tx *db.Tx) error { _, err := form.Send(tx, budi, one); return err })
		sent := d.send(ani, one)
		d.c.Advance(time.Minute)
		if again := d.send(ani, one); again != sent || sent.State != form.Sent || sent.Version != 1 || sent.Digest == "" {
			t.Errorf("sent %+v, again %+v", sent, again)
		}
		d.refused(fault.Conflict, "form.frozen", d.unfile(11))
		// Past the room: the store itself takes no new row on it, and none under another state.
		for _, state := range []string{"open", "received"} {
			d.refused(fault.Invalid, "db.rule", func(tx *db.Tx) error {
				_, err := tx.Exec(`
					INSERT INTO form_row(id, form, kind, form_state, seq, ticket, turn, ref, service_no, ticket_no, status, reason, remarks, called_at, at, by_id)
					VALUES (1, $1, 'ideas', '`+state+`', 9, 9, 9, '', '', '', 'contacted', 'fcr', 'x', 0, 1, 7)`, one)
				return err
			})
		}
		d.do(func(tx *db.Tx) error { return form.Check(tx, one) })

		late := fcr(1, 11)
		late.Remarks = "Koreksi: pelanggan menelepon lagi"
		two := d.file(ani, late) // a correction after sending
		d.file(ani, rna(2, 12))
		if two.Form == one || d.rows(two.Form) != "1:1/11/fcr 2:2/12/rna" || d.rows(one) != "1:1/11/fcr" {
			t.Errorf("late rows went to %d: %s | %s", two.Form, d.rows(two.Form), d.rows(one))
		}
		if f := d.send(ani, two.Form); f.Version != 2 || f.Digest == sent.Digest {
			t.Errorf("second version %+v", f)
		}
		d.refused(fault.Conflict, "form.altered", func(tx *db.Tx) error {
			if _, err := tx.Exec(`UPDATE form_row SET remarks = 'lain' WHERE form = $1 AND turn = 12`, two.Form); err != nil {
				return err
			}
			return form.Check(tx, two.Form)
		})
	})
}

func TestAnEmptyFormIsNotSent(t *testing.T) {
	each(t, func(d desk) {
		id := d.file(ani, fcr(1, 11)).Form
		d.do(d.unfile(11))
		d.refused(fault.Conflict, "form.empty", func(tx *db.Tx) error { _, err := form.Send(tx, ani, id); return err })
		d.refused(fault.Missing, "form.none", func(tx *db.Tx) error { _, err := form.Send(tx, ani, 404); return err })
	})
}

// SOP 5.8.6: the leader receives what was sent, once; which letter carried it is kept.
func TestTheLeaderReceivesOnce(t *testing.T) {
	each(t, func(d desk) {
		id := d.file(ani, fcr(1, 11)).Form
		receive := func(by who.Actor) (f form.Form) {
			d.do(func(tx *db.Tx) (err error) { f, err = form.Receive(tx, by, id); return err })
			return f
		}
		d.refused(fault.Conflict, "form.not-sent", func(tx *db.Tx) error { _, err := form.Receive(tx, tuti, id); return err })
		d.refused(fault.Conflict, "form.not-sent", func(tx *db.Tx) error { return form.Mailed(tx, id, "<a@b>") })
		d.send(ani, id)
		d.do(func(tx *db.Tx) error { return form.Mailed(tx, id, "<sapa-1@malang>") })
		d.c.Advance(time.Minute)
		first := receive(tuti)
		d.c.Advance(time.Minute)
		again := receive(who.Actor{ID: 99, Role: who.Leader})
		if first != again || again.ReceivedBy != 8 || again.MessageID != "<sapa-1@malang>" || again.State != form.Received {
			t.Errorf("received %+v, again %+v", first, again)
		}
		d.do(func(tx *db.Tx) error { return form.Check(tx, id) })
		d.do(func(tx *db.Tx) error {
			for f, want := range map[form.Filter]int{{}: 1, {Kind: form.Ideas, State: form.Received, Batch: d.batch, Agent: 7}: 1,
				{State: form.Open}: 0, {Agent: 9}: 0, {Batch: 404}: 0, {Kind: form.ForceClose}: 0, {After: id}: 0} {
				if all, err := form.List(tx, f); err != nil || len(all) != want {
					t.Errorf("%+v gives %d (%v), want %d", f, len(all), err, want)
				}
			}
			return nil
		})
		d.refused(fault.Missing, "form.none", func(tx *db.Tx) error { _, err := form.OpenOf(tx, form.Ideas, d.batch, 7); return err })
	})
}

// SOP 5.8.1.source: the same file again is the same batch.
func TestTheSameFileIsTheSameBatch(t *testing.T) {
	each(t, func(d desk) {
		keep := func(b form.Batch) (kept form.Batch, fresh bool) {
			d.do(func(tx *db.Tx) (err error) { kept, fresh, err = form.NewBatch(tx, tuti, b); return err })
			return kept, fresh
		}
		if b, fresh := keep(form.Batch{Kind: form.Ideas, Name: "lain", Digest: "d1", Rows: 9}); fresh || b.ID != d.batch || b.Name != "Ideas pagi" || b.Rows != 3 {
			t.Errorf("kept %+v, fresh %t", b, fresh)
		}
		if b, fresh := keep(form.Batch{Kind: form.Ideas, Name: " Siang ", Digest: "d2", Rows: 1, DueAt: d.c.Now().Add(time.Hour)}); !fresh || b.Name != "Siang" || b.Leader != 8 {
			t.Errorf("kept %+v, fresh %t", b, fresh)
		}
		d.refused(fault.Invalid, "form.batch-name", func(tx *db.Tx) error {
			_, _, err := form.NewBatch(tx, tuti, form.Batch{Kind: form.Ideas, Name: "Ideas\r\nBcc: x", Digest: "d3", Rows: 1})
			return err
		})
		for key, b := range map[string]form.Batch{
			"form.batch-name":  {Kind: form.Ideas, Digest: "d3", Rows: 1},
			"form.batch-empty": {Kind: form.Ideas, Name: "x", Digest: "d3"},
			"form.due-past":    {Kind: form.Ideas, Name: "x", Digest: "d3", Rows: 1, DueAt: d.c.Now()},
		} {
			d.refused(fault.Invalid, key, func(tx *db.Tx) error { _, _, err := form.NewBatch(tx, tuti, b); return err })
		}
		due := d.c.Now().Add(8 * time.Hour)
		d.do(func(tx *db.Tx) error { return form.SetDue(tx, tuti, d.batch, due) })
		d.refused(fault.Invalid, "form.due-past", func(tx *db.Tx) error { return form.SetDue(tx, tuti, d.batch, d.c.Now()) })
		d.refused(fault.Missing, "form.no-batch", func(tx *db.Tx) error { return form.SetDue(tx, tuti, 404, due) })
		d.do(func(tx *db.Tx) error {
			all, err := form.Batches(tx, 0, 0)
			if len(all) != 2 || all[0].Name != "Siang" || !all[1].DueAt.Equal(due) {
				t.Errorf("batches %+v", all)
			}
			before, _ := form.Batches(tx, all[0].ID, 1)
			if len(before) != 1 || before[0].ID != d.batch {
				t.Errorf("before the newest: %+v", before)
			}
			return err
		})
	})
}

// SOP 5.8.1.distribute: who got what and when; dealing again moves it and the past is kept.
func TestDealingAgainMovesATicketAndKeepsItsPast(t *testing.T) {
	each(t, func(d desk) {
		deal := func(ticket, agent db.ID) {
			d.do(func(tx *db.Tx) error {
				return form.Deal(tx, tuti, d.batch, ticket, agent, fmt.Sprintf("ID-%d", ticket))
			})
		}
		deal(1, 7)
		deal(2, 7)
		deal(3, 9)
		d.c.Advance(time.Minute)
		deal(1, 7) // the same again
		deal(2, 9)
		d.do(func(tx *db.Tx) error {
			mine, err := form.DealtTo(tx, d.batch, 7)
			if len(mine) != 1 || mine[0].Ticket != 1 || mine[0].No != "ID-1" || mine[0].By != 8 || !mine[0].At.Before(tx.Now) {
				t.Errorf("ani has %+v", mine)
			}
			all, err2 := form.DealtTo(tx, d.batch, 0)
			past, err3 := form.History(tx, 2)
			if len(all) != 3 || len(past) != 2 || past[0].Agent != 7 || !past[0].MovedAt.Equal(tx.Now) || past[1].Agent != 9 || !past[1].MovedAt.IsZero() {
				t.Errorf("all %d, past %+v", len(all), past)
			}
			now, err4 := form.DealOf(tx, 2)
			if now.Agent != 9 || now.Batch != d.batch {
				t.Errorf("2 is with %+v", now)
			}
			for _, err := range []error{err, err2, err3, err4} {
				if err != nil {
					return err
				}
			}
			return nil
		})
		d.refused(fault.Missing, "form.not-dealt", func(tx *db.Tx) error { _, err := form.DealOf(tx, 404); return err })
		d.refused(fault.Missing, "form.no-batch", func(tx *db.Tx) error { return form.Deal(tx, tuti, 404, 1, 7, "") })

		d.file(budi, rna(2, 12))
		d.send(budi, d.file(budi, fcr(3, 13)).Form)
		d.file(budi, fcr(2, 14)) // late: in the next version
		d.file(ani, fcr(1, 11))
		d.do(func(tx *db.Tx) error {
			got, err := form.Shares(tx, d.batch)
			if fmt.Sprint(got) != "[{7 1 1 0} {9 2 2 2}]" {
				t.Errorf("shares %v", got)
			}
			return err
		})
	})
}

// Two tabs, a retry and a send at once: every row is on exactly one form, no form is sent with a row its digest does not know.
func TestFilingAndSendingAtOnceLosesNothing(t *testing.T) {
	each(t, func(d desk) {
		first := d.file(ani, fcr(1000, 1000)).Form
		var wg sync.WaitGroup
		errs := make(chan error, 64) // one an act
		for i := range 24 {
			wg.Go(func() {
				errs <- d.s.Write(context.Background(), d.filing(ani, fcr(db.ID(1+i%12), db.ID(2000+i))))
			})
		}
		for range 4 {
			wg.Go(func() {
				errs <- d.s.Write(context.Background(), func(tx *db.Tx) error { _, err := form.Send(tx, ani, first); return err })
			})
		}
		wg.Wait()
		close(errs)
		for err := range errs {
			if err != nil {
				d.t.Fatal(err)
			}
		}
		d.do(func(tx *db.Tx) error {
			forms, err := form.List(tx, form.Filter{})
			if err != nil || len(forms) > 2 {
				return fmt.Errorf("%d forms: %w", len(forms), err)
			}
			tickets, rows := map[db.ID]bool{}, 0
			for i, f := range forms {
				if f.Version != i+1 {
					t.Errorf("version %d in place %d", f.Version, i+1)
				}
				if err := form.Check(tx, f.ID); err != nil {
					t.Error(err)
				}
				all, err := form.Rows(tx, f.ID)
				if err != nil {
					return err
				}
				here := map[db.ID]bool{}
				for _, r := range all {
					if here[r.Ticket] {
						t.Errorf("ticket %d stands twice on version %d", r.Ticket, f.Version)
					}
					here[r.Ticket], tickets[r.Ticket] = true, true
				}
			}
			err = tx.Row(`SELECT count(*) FROM form_row`).Scan(&rows)
			if rows != 25 || len(tickets) != 13 {
				t.Errorf("%d rows of %d tickets, want 25 of 13", rows, len(tickets))
			}
			return err
		})
	})
}

// trust: the journal holds ids and words of ours, never a remark or a number of a customer.
func TestTheJournalHoldsNoTextOfAForm(t *testing.T) {
	each(t, func(d desk) {
		d.do(func(tx *db.Tx) error { return form.Deal(tx, tuti, d.batch, 1, 7, "ID-1") })
		id := d.file(ani, fcr(1, 11)).Form
		d.send(ani, id)
		d.do(func(tx *db.Tx) error { _, err := form.Receive(tx, tuti, id); return err })
		d.do(func(tx *db.Tx) error {
			all, err := journal.Tail(tx, 0, 100)
			acts := ""
			for _, e := range all {
				acts += e.Act + " "
				for _, v := range e.Data {
					if strings.Contains(v, "normal") || strings.Contains(v, "152401234567") {
						t.Errorf("%s holds %q", e.Act, v)
					}
				}
			}
			if acts != "form.batch form.dealt form.filed form.sent form.received " {
				t.Errorf("journal: %s", acts)
			}
			return err
		})
	})
}
