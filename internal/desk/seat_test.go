package desk_test

import (
	"testing"
	"time"

	"sapa/internal/call"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/phone"
	"sapa/internal/staff"
	"sapa/internal/ticket"
)

// SOP 5.2.3.menu, 5.7.4: work is handed to agents only, from campaigns that exist, that are theirs and whose desk is built.
func TestWhoIsHandedWhat(t *testing.T) {
	each(t, func(f *floor) {
		f.refused(fault.Forbidden, "staff.may-not", "", "", func(tx *db.Tx) error { _, err := f.seat.Next(tx, f.rina, nil); return err })
		f.refused(fault.Missing, "ticket.nothing-waiting", "", "", func(tx *db.Tx) error { _, err := f.seat.Next(tx, f.ani, nil); return err })
		f.refused(fault.Invalid, "campaign.unknown", "campaign", "", func(tx *db.Tx) error {
			_, err := f.seat.Next(tx, f.ani, []string{"callback", "callbak"})
			return err
		})
		f.open("callback", "CB-1", func(n *ticket.New) { n.ServiceNo = "152999000002" })
		f.do(func(tx *db.Tx) error { return staff.SetCampaigns(tx, f.tuti, db.ID(f.ani.ID), []string{"fresh-lapul"}) })
		f.refused(fault.Missing, "ticket.nothing-waiting", "", "", func(tx *db.Tx) error {
			_, err := f.seat.Next(tx, f.ani, []string{"callback"})
			return err
		})
		if turn := f.next(f.budi); turn.Ticket.Ref != "CB-1" {
			t.Errorf("Budi got %s", turn.Ticket.Ref)
		}
	})
}

func TestAScreenOpensWhatItHoldsAndNothingElse(t *testing.T) {
	each(t, func(f *floor) {
		if _, holds := f.current(f.ani); holds {
			t.Error("Ani holds something before she took it")
		}
		f.customer("Ibu Rekaan", customer.VVIP)
		f.open("callback", "CB-1", func(n *ticket.New) {
			n.ContactName, n.Contacts = "Ibu Rekaan", []ticket.Contact{{Phone: cp1}, {Phone: cp2, Note: "kantor"}}
		})
		turn := f.next(f.ani)
		open := func(token string) func(tx *db.Tx) error {
			return func(tx *db.Tx) (err error) {
				again, err := f.seat.Open(tx, f.ani, turn.Ticket.ID, token)
				if err == nil && (again.TurnID != turn.TurnID || again.Lease != turn.Lease || again.Draft != turn.Draft) {
					t.Errorf("opened %+v", again)
				}
				return err
			}
		}
		f.do(open(turn.Lease.Token))
		f.refused(fault.Conflict, "ticket.lease-lost", "", "", open("forged"))
		f.refused(fault.Missing, "db.no-row", "", "", func(tx *db.Tx) error { _, err := f.seat.Open(tx, f.ani, 404, turn.Lease.Token); return err })
		if turn.Customer != nil || turn.History != nil {
			t.Errorf("the act of claiming reads the screen: %+v", turn)
		}
		turn, _ = f.current(f.ani)
		if turn.Customer == nil || turn.Customer.Class != customer.VVIP || len(turn.Services) != 1 || len(turn.Ticket.Contacts) != 2 || turn.Greeting != "pagi" ||
			!turn.HoursOpen || turn.Live != nil || !turn.ReadAt.IsZero() || turn.Campaign.Code != "callback" {
			t.Errorf("the screen shows %+v", turn)
		}
		f.c.Advance(time.Minute)
		f.read(f.ani, turn)
		first, _ := f.current(f.ani)
		f.c.Advance(time.Minute)
		f.read(f.ani, turn)
		if again, _ := f.current(f.ani); again.ReadAt.IsZero() || !again.ReadAt.Equal(first.ReadAt) {
			t.Errorf("read at %s, then at %s", first.ReadAt, again.ReadAt)
		}
	})
}

// field C: two windows of one agent do not overwrite each other's answers, and what a window typed is never lost silently.
func TestADraftHasAVersion(t *testing.T) {
	each(t, func(f *floor) {
		f.open("callback", "CB-1", nil)
		turn := f.next(f.ani)
		answer := func(version int64, in map[string]string) (after desk.Turn, err error) {
			f.t.Helper()
			f.do(func(tx *db.Tx) error {
				after, err = f.seat.Answer(tx, f.ani, turn.Ticket.ID, turn.Lease.Token, in, version)
				if fault.Of(err) != nil {
					return nil
				}
				return err
			})
			return after, err
		}
		one, err := answer(turn.Draft, map[string]string{"analysis": "Cek modem"})
		if err != nil || one.Draft != turn.Draft+1 {
			t.Fatalf("draft %d, then %d: %v", turn.Draft, one.Draft, err)
		}
		if _, err := answer(turn.Draft, map[string]string{"analysis": "Lain"}); !fault.Is(err, fault.Conflict) || fault.Of(err).Key != "desk.draft-stale" {
			t.Errorf("a stale window: %v", err)
		}
		if two, err := answer(0, map[string]string{"remarks": "x"}); err != nil || two.Answers["analysis"] != "Cek modem" {
			t.Errorf("a version of 0 accepts any: %v %v", two.Answers, err)
		}
		if three, err := answer(0, map[string]string{"analysis": ""}); err != nil || three.Answers["analysis"] != "" || three.Answers["remarks"] != "x" {
			t.Errorf("an empty value clears its field only: %v %v", three.Answers, err)
		}
		for _, bad := range []struct{ field, value, key string }{
			{"umur", "40", "procedure.unknown-field"},
			{"remarks", "a\x00b", "procedure.unreadable"},
			{"remarks", "\xff", "procedure.unreadable"},
			{"analysis", long(2001), "procedure.long"},
		} {
			if _, err := answer(0, map[string]string{bad.field: bad.value}); fault.Of(err) == nil || fault.Of(err).Key != bad.key || fault.Of(err).Field != bad.field {
				t.Errorf("%s: %v, want %s", bad.field, err, bad.key)
			}
		}
		if now, _ := f.current(f.ani); now.Answers["remarks"] != "x" {
			t.Errorf("a refused answer changed the draft: %v", now.Answers)
		}
	})
}

func long(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = 'a'
	}
	return string(b)
}

// SOP 5.7.8.d: a time that was good when it was typed is judged again when the result is saved.
func TestAnAgreedTimeMayPassWhileTyping(t *testing.T) {
	each(t, func(f *floor) {
		f.open("callback", "CB-1", nil)
		turn := f.next(f.ani)
		f.read(f.ani, turn)
		f.dial(f.ani, turn)
		f.said(f.ani, turn, call.Answered)
		f.do(func(tx *db.Tx) error {
			_, err := f.seat.Hangup(tx, f.ani, turn.Ticket.ID, turn.Lease.Token)
			return err
		})
		f.do(func(tx *db.Tx) error {
			_, err := f.seat.Answer(tx, f.ani, turn.Ticket.ID, turn.Lease.Token, map[string]string{"receiver": "other", "call_again_at": "09:05"}, 0)
			return err
		})
		f.c.Advance(5 * time.Minute)
		e := f.refused(fault.Invalid, "desk.time-past", "call_again_at", "5.2.7", func(tx *db.Tx) error {
			_, err := f.seat.Finish(tx, f.ani, turn.Ticket.ID, turn.Lease.Token, map[string]string{"remarks": "Anaknya"})
			return err
		})
		if e != nil && e.Values["time"] != "09.05" {
			t.Errorf("it names %v", e.Values["time"])
		}
		r := f.finish(f.ani, turn, map[string]string{"remarks": "Anaknya", "call_again_at": "09.06"})
		if r.Due.Format("15:04 MST") != "09:06 WIB" || r.Ticket.Owner != db.ID(f.ani.ID) {
			t.Errorf("due %s, of %d", r.Due, r.Ticket.Owner)
		}
	})
}

// trust: a number is shown in full only to who may see it and works with it; looking is kept.
func TestRevealingANumber(t *testing.T) {
	each(t, func(f *floor) {
		one := f.open("callback", "CB-1", nil)
		reveal := func(tx *db.Tx) (phone.Number, error) { return f.seat.Reveal(tx, f.rina, one.ID) }
		f.refused(fault.Forbidden, "staff.may-not", "", "", func(tx *db.Tx) error { _, err := reveal(tx); return err })
		f.refused(fault.Missing, "db.no-row", "", "", func(tx *db.Tx) error { _, err := f.seat.Reveal(tx, f.ani, one.ID); return err })
		f.next(f.ani)
		f.do(func(tx *db.Tx) error {
			n, err := f.seat.Reveal(tx, f.ani, one.ID)
			if n != cp1 {
				t.Errorf("revealed %s", n)
			}
			return err
		})
	})
}

// when nobody may be called now, the desk says from when on.
func TestTheDeskSaysWhenCallingOpens(t *testing.T) {
	each(t, func(f *floor) {
		opening := func() (open bool, first time.Time) {
			f.t.Helper()
			f.do(func(tx *db.Tx) (err error) {
				open, first, err = f.seat.Opening(tx, f.ani)
				return err
			})
			return open, first
		}
		if open, first := opening(); !open || !first.IsZero() {
			t.Errorf("without a ticket: %v %s", open, first)
		}
		f.open("callback", "CB-1", nil)
		f.open("fresh-lapul", "SP-1", func(n *ticket.New) { n.Zone = "Asia/Makassar" })
		if open, _ := opening(); !open {
			t.Error("closed at nine in the morning")
		}
		f.c.Set(time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC)) // 20.00 WIB, 21.00 WITA
		open, first := opening()
		if want := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC); open || !first.Equal(want) { // 08.00 WITA
			t.Errorf("open %v, first %s, want %s", open, first, want)
		}
	})
}

// never ask for what a system knows: what the line proves is filled in on the page, level by level, and nothing is stored.
func TestTheDeskLeansOnTheLine(t *testing.T) {
	each(t, func(f *floor) {
		f.open("fresh-lapul", "SP-1", nil)
		turn := f.next(f.ani)
		f.read(f.ani, turn)
		f.dial(f.ani, turn)
		f.said(f.ani, turn, call.Machine)
		turn, _ = f.current(f.ani)
		v := turn.Lean(map[string]string{"remarks": "Kotak suara"})
		if v.Answers["receiver"] != "nobody" || v.Answers["status"] != "not-contacted" || v.Answers["reason_1"] != "mailbox" || !v.Complete {
			t.Errorf("leans to %v", v.Answers)
		}
		if again, _ := f.current(f.ani); again.Answers["status"] != "" || again.Answers["remarks"] != "" {
			t.Errorf("it was stored: %v", again.Answers)
		}
	})
}
