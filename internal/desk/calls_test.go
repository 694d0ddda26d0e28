package desk_test

import (
	"context"
	"testing"
	"time"

	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/ticket"
)

func (f *floor) screen(agent int64) (heard func() string, done func()) {
	sub := f.hub.Subscribe("agent:" + db.ID(agent).String())
	return func() string { return f.heard(sub) }, sub.Close
}

// SOP 5.2.5.call: an exchange that cannot dial ends the attempt as failed; the agent dials again.
func TestAnExchangeThatCannotDial(t *testing.T) {
	each(t, func(f *floor) {
		f.line.name, f.line.refuse = "pbx", true
		f.open("callback", "CB-1", nil)
		turn := f.next(f.ani)
		f.read(f.ani, turn)
		heard, done := f.screen(f.ani.ID)
		defer done()
		f.dial(f.ani, turn)
		for _, want := range []string{"call", "call"} { // dialled, and failed
			if got := heard(); got != want {
				t.Errorf("the screen heard %s, want %s", got, want)
			}
		}
		now, _ := f.current(f.ani)
		if len(now.Attempts) != 1 || now.Attempts[0].Line != call.Failed || now.Live != nil {
			t.Errorf("attempts %+v", now.Attempts)
		}
		f.line.refuse = false
		f.dial(f.ani, turn)
		if now, _ := f.current(f.ani); now.Live == nil || f.line.dialled != 2 {
			t.Errorf("dialled %d times, live %v", f.line.dialled, now.Live)
		}
	})
}

// An exchange that was started again knows nothing of a call that goes on here: hanging up ends it all the same.
func TestHangingUpWhatTheExchangeForgot(t *testing.T) {
	each(t, func(f *floor) {
		f.line.name = "pbx"
		f.open("callback", "CB-1", nil)
		turn := f.next(f.ani)
		f.read(f.ani, turn)
		at := f.dial(f.ani, turn)
		hang := func(tx *db.Tx) error {
			_, err := f.seat.Hangup(tx, f.ani, turn.Ticket.ID, turn.Lease.Token)
			return err
		}
		f.do(hang)
		if now, _ := f.current(f.ani); now.Live == nil || f.line.hung != 1 {
			t.Errorf("the exchange tells the end itself: live %v, asked %d times", now.Live, f.line.hung)
		}
		f.line.forgot = true
		heard, done := f.screen(f.ani.ID)
		defer done()
		f.do(hang)
		heard()
		if now, _ := f.current(f.ani); now.Live != nil || now.Attempts[0].Line != call.Unknown {
			t.Errorf("still live: %+v", now.Attempts)
		}
		if err := f.seat.Heard(context.Background(), call.Signal{Attempt: at.ID, Kind: call.Picked}); err != nil {
			t.Errorf("a late signal: %v", err)
		}
		if err := f.seat.Heard(context.Background(), call.Signal{Attempt: 404, Kind: call.Ended}); !fault.Is(err, fault.Missing) {
			t.Errorf("a signal of no call: %v", err)
		}
	})
}

// SOP 5.2.11.b1.not-valid: a dead number is not dialled again, and a ticket with none left says so.
func TestDeadNumbersAreNotDialled(t *testing.T) {
	each(t, func(f *floor) {
		f.open("callback", "CB-1", func(n *ticket.New) { n.Contacts = []ticket.Contact{{Phone: cp1, Bad: true}, {Phone: cp2, Bad: true}} })
		turn := f.next(f.ani)
		f.read(f.ani, turn)
		f.refused(fault.Invalid, "call.no-number", "number", "5.2.5.call", func(tx *db.Tx) error {
			_, err := f.seat.Dial(tx, f.ani, turn.Ticket.ID, turn.Lease.Token, "")
			return err
		})
		f.refused(fault.Invalid, "call.no-number", "number", "5.2.5.call", func(tx *db.Tx) error {
			_, err := f.seat.Dial(tx, f.ani, turn.Ticket.ID, turn.Lease.Token, cp2)
			return err
		})
	})
}

// decisions.md 2: a lease does not lapse under a live call - but a call nobody ended in four hours is none any more, and its
// agent can work again.
func TestAForgottenCallDoesNotHoldItsTicketForEver(t *testing.T) {
	each(t, func(f *floor) {
		f.open("callback", "CB-1", nil)
		turn := f.next(f.ani)
		f.read(f.ani, turn)
		f.dial(f.ani, turn)
		heard, done := f.screen(f.ani.ID)
		defer done()
		sweep := func() { f.do(f.seat.Sweep) }
		f.c.Advance(4*time.Hour - time.Second)
		sweep()
		if _, holds := f.current(f.ani); !holds {
			t.Fatal("the lease lapsed under a live call")
		}
		f.c.Advance(time.Second)
		sweep()
		if _, holds := f.current(f.ani); holds {
			t.Fatal("a forgotten call holds its ticket")
		}
		if got := heard(); got != "lapsed" {
			t.Errorf("the screen heard %s", got)
		}
		again := f.next(f.ani)
		f.ring(f.ani, again)
		if r := f.finish(f.ani, again, rna); r.Outcome != "retry" {
			t.Errorf("outcome %s", r.Outcome)
		}
		f.do(func(tx *db.Tx) error {
			all, err := call.OfTurn(tx, turn.TurnID)
			if len(all) != 1 || all[0].Live() || all[0].Line != call.Unknown || all[0].TalkS != 0 {
				t.Errorf("the forgotten call: %+v", all)
			}
			return err
		})
	})
}

func TestSeatWithoutScreensStillWorks(t *testing.T) {
	each(t, func(f *floor) {
		f.seat.Hub = nil
		f.open("callback", "CB-1", nil)
		turn := f.next(f.ani)
		f.ring(f.ani, turn)
		f.finish(f.ani, turn, rna)
		if f.seat.Dialler() != call.Manual {
			t.Errorf("dialler %s", f.seat.Dialler())
		}
	})
}
