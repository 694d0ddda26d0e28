package desk_test

import (
	"sync"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/form"
	"sapa/internal/live"
	"sapa/internal/outbox"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// batch deals two tickets of a list of tuti's to ani.
func (f *floor) batch() (b form.Batch, tickets [2]ticket.Ticket) {
	f.t.Helper()
	f.do(func(tx *db.Tx) (err error) {
		if b, _, err = form.NewBatch(tx, f.tuti, form.Batch{Kind: form.Ideas, Name: "Pagi", Digest: "d", Rows: 2}); err != nil {
			return err
		}
		for i, ref := range []string{"ID-1", "ID-2"} {
			tickets[i], _, err = ticket.Open(tx, f.tuti, ticket.New{Campaign: "ideas", Ref: ref, Zone: "Asia/Jakarta", Source: "import", Owner: db.ID(f.ani.ID),
				Contacts: []ticket.Contact{{Phone: cp1}}})
			if err == nil {
				err = form.Deal(tx, f.tuti, b.ID, tickets[i].ID, db.ID(f.ani.ID), ref)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return b, tickets
}

func (f *floor) file(b form.Batch, of ticket.Ticket, turn db.ID) (r form.Row) {
	f.t.Helper()
	f.do(func(tx *db.Tx) (err error) {
		r, err = form.File(tx, f.ani, form.Ideas, b.ID, form.Row{Ticket: of.ID, Turn: turn, Ref: of.Ref, Status: form.Contacted, Reason: form.FCR, Remarks: "normal"})
		return err
	})
	return r
}

func (f *floor) sheet(a who.Actor) (one desk.Sheet) {
	f.t.Helper()
	f.do(func(tx *db.Tx) error {
		all, err := f.seat.Forms(tx, a)
		if len(all) > 0 {
			one = all[0]
		}
		return err
	})
	return one
}

func (f *floor) send(a who.Actor, id db.ID) (sent desk.SentForm, err error) {
	err = f.s.Write(f.t.Context(), func(tx *db.Tx) (err error) { sent, err = f.seat.SendForm(tx, a, id); return err })
	return sent, err
}

func (f *floor) letters() (all []outbox.Promise) {
	f.t.Helper()
	f.do(func(tx *db.Tx) (err error) { all, err = outbox.List(tx, outbox.Filter{App: outbox.Mail}); return err })
	return all
}

// SOP 5.8.6: the form is frozen and goes to the leader, in the house and by mail, once; a late row begins version 2.
func TestAFormGoesToTheLeaderOnce(t *testing.T) {
	each(t, func(f *floor) {
		b, tickets := f.batch()
		if s := f.sheet(f.ani); s.Open != nil || len(s.Left) != 2 {
			t.Fatalf("before the first call: %+v", s)
		}
		r := f.file(b, tickets[0], 1)
		if s := f.sheet(f.ani); s.Open == nil || len(s.Rows) != 1 || len(s.Left) != 1 || s.Left[0].No != "ID-2" {
			t.Errorf("after one call: %+v", s)
		}
		screen := f.hub.Subscribe("agent:" + db.ID(f.tuti.ID).String())
		for try := range 2 {
			sent, err := f.send(f.ani, r.Form)
			if err != nil || sent.Mailed || sent.Fresh != (try == 0) || sent.Form.State != form.Sent || sent.Leader.ID != db.ID(f.tuti.ID) {
				t.Errorf("without an address, try %d: %+v %v", try, sent, err)
			}
		}
		if len(f.letters()) != 0 {
			t.Error("a letter for a leader without an address")
		}
		if e := <-screen.C; e != (live.Event{ID: e.ID, Name: "form", Data: r.Form.String()}) {
			t.Errorf("tuti hears %+v", e)
		}
		f.do(func(tx *db.Tx) error {
			return staff.SetEmail(tx, staff.Console, db.ID(f.tuti.ID), "tuti@rekaan.example")
		})
		late := f.file(b, tickets[1], 2)
		if s := f.sheet(f.ani); s.Open == nil || s.Open.Version != 2 || len(s.Rows) != 1 || len(s.Left) != 0 || len(s.Sent) != 1 {
			t.Errorf("after the late row: %+v", s)
		}
		for range 2 {
			if sent, err := f.send(f.ani, late.Form); err != nil || !sent.Mailed {
				t.Errorf("%+v %v", sent, err)
			}
		}
		if all := f.letters(); len(all) != 1 || all[0].Kind != outbox.FormLetter || all[0].Payload != late.Form.String() || all[0].Text == "" {
			t.Errorf("letters %+v", all)
		}
	})
}

func TestAFormPressedInTwoWindowsIsOneLetter(t *testing.T) {
	each(t, func(f *floor) {
		f.do(func(tx *db.Tx) error {
			return staff.SetEmail(tx, staff.Console, db.ID(f.tuti.ID), "tuti@rekaan.example")
		})
		b, tickets := f.batch()
		r := f.file(b, tickets[0], 1)
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, err := f.send(f.ani, r.Form); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := len(f.letters()); n != 1 {
			t.Errorf("%d letters", n)
		}
	})
}

func TestOnlyWhoFilledAFormSendsIt(t *testing.T) {
	each(t, func(f *floor) {
		b, tickets := f.batch()
		r := f.file(b, tickets[0], 1)
		for a, key := range map[who.Actor]string{f.budi: "form.none", f.tuti: "staff.may-not"} {
			if _, err := f.send(a, r.Form); fault.Of(err) == nil || fault.Of(err).Key != key {
				t.Errorf("%s: %v", a.Login, err)
			}
		}
		var other form.Row
		f.do(func(tx *db.Tx) (err error) {
			other, err = form.File(tx, f.ani, form.ForceClose, 0, form.Row{Ticket: 9, Turn: 9, TicketNo: "IN00000009", Status: form.Close})
			return err
		})
		if _, err := f.send(f.ani, other.Form); !fault.Is(err, fault.Missing) {
			t.Errorf("a Force Close form was sent: %v", err)
		}
	})
}

// SOP 5.7.8.c.menolak.hc-buzzer: the leaders' screens hear of an alert when the 8 s for undoing are over, once.
func TestAnAlertIsToldAfterTheUndoWindow(t *testing.T) {
	each(t, func(f *floor) {
		board := f.hub.Subscribe("board")
		heard := func() (n int) {
			f.do(f.seat.Sweep)
			for {
				select {
				case e := <-board.C:
					if e.Name == "alert" {
						n++
					}
				default:
					return n
				}
			}
		}
		f.do(func(tx *db.Tx) error {
			_, err := outbox.Add(tx, f.ani, []outbox.Promise{{App: "leader", Kind: "alert-leader", Text: "HC - Buzzer", NotBefore: tx.Now.Add(desk.UndoFor)}})
			return err
		})
		if n := heard(); n != 0 {
			t.Errorf("told %d times while it can be undone", n)
		}
		f.c.Advance(desk.UndoFor + time.Second)
		if n := heard(); n != 1 {
			t.Errorf("told %d times once it cannot", n)
		}
		f.c.Advance(time.Second)
		if n := heard(); n != 0 {
			t.Errorf("told again, %d times", n)
		}
	})
}
