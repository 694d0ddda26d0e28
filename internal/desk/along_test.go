package desk_test

import (
	"fmt"
	"testing"
	"time"

	"sapa/internal/call"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/staff"
	"sapa/internal/ticket"
)

var (
	solvedCallback = map[string]string{"receiver": "reporter", "data_check": "nama", "guided": "berhasil", "status": "contacted",
		"reason_call": "internet-lambat", "solution": "selesai-dipandu", "remarks": "Normal setelah dipandu"}
	solvedC4    = map[string]string{"status": "contacted", "reason_1": "close", "remarks": "Sudah normal"}
	solvedLapul = map[string]string{"status": "contacted", "reason_1": "sukses", "reason_2": "paham", "remarks": "Paham, sudah normal"}
)

// talking opens a callback and, for the same invented customer, tickets of other campaigns; Ani has the customer on the line.
func (f *floor) talking(others ...string) (turn desk.Turn, open []ticket.Ticket) {
	f.t.Helper()
	f.customer("Ibu Rekaan", customer.Regular)
	f.open("callback", "CB-1", nil)
	for i, campaign := range others {
		open = append(open, f.open(campaign, fmt.Sprintf("X-%d", i+1), nil))
	}
	turn = f.next(f.ani)
	f.read(f.ani, turn)
	f.dial(f.ani, turn)
	f.said(f.ani, turn, call.Answered)
	f.answer(turn, turn.Ticket.ID, map[string]string{"receiver": "reporter"})
	return turn, open
}

func (f *floor) answer(turn desk.Turn, id db.ID, in map[string]string) (after desk.Turn) {
	f.t.Helper()
	f.do(func(tx *db.Tx) (err error) {
		after, err = f.seat.Answer(tx, f.ani, id, turn.Lease.Token, in, 0)
		return err
	})
	return after
}

func (f *floor) along(turn desk.Turn, id db.ID) (after desk.Turn) {
	f.t.Helper()
	f.do(func(tx *db.Tx) (err error) {
		after, err = f.seat.Along(tx, f.ani, turn.Ticket.ID, turn.Lease.Token, id)
		return err
	})
	return after
}

func (f *floor) hangup(turn desk.Turn) {
	f.t.Helper()
	f.do(func(tx *db.Tx) error {
		_, err := f.seat.Hangup(tx, f.ani, turn.Ticket.ID, turn.Lease.Token)
		return err
	})
}

func (f *floor) ticketNow(id db.ID) (t ticket.Ticket) {
	f.t.Helper()
	f.do(func(tx *db.Tx) (err error) { t, err = ticket.Get(tx, id); return err })
	return t
}

func (f *floor) count(query string) (n int) {
	f.t.Helper()
	f.do(func(tx *db.Tx) error { return tx.Row(query).Scan(&n) })
	return n
}

// SOP 5.2.11, 5.5.8, 5.7.8: one call settles three tickets of one customer, each under its own campaign's procedure, in one
// save; the call is dialled and counted once, and the undo takes all of it back.
func TestOneCallSettlesAllThatIsOpen(t *testing.T) {
	each(t, func(f *floor) {
		turn, others := f.talking("c4-carring", "fresh-lapul")
		c4 := f.along(turn, others[0].ID)
		if c4.Campaign.Code != "c4-carring" || c4.Answers["receiver"] != "reporter" || c4.Given["receiver"] != "reporter" || c4.ReadAt.IsZero() ||
			len(c4.Attempts) != 1 || c4.Lead != turn.TurnID {
			t.Errorf("taken along: %+v", c4)
		}
		if again := f.along(turn, others[0].ID); again.TurnID != c4.TurnID {
			t.Errorf("twice is once: %d, then %d", c4.TurnID, again.TurnID)
		}
		f.along(turn, others[1].ID)
		f.answer(turn, others[0].ID, solvedC4)
		f.refused(fault.Missing, "ticket.nothing-waiting", "", "", func(tx *db.Tx) error { _, err := f.seat.Next(tx, f.budi, nil); return err })
		now, _ := f.current(f.ani)
		if len(now.Along) != 2 || len(now.Others) != 2 || !now.Others[0].Taken || now.Along[0].Answers["remarks"] != "Sudah normal" {
			t.Errorf("the screen shows %+v", now.Along)
		}
		f.hangup(turn)
		save := func(lapul map[string]string) (r desk.Receipt, err error) {
			err = f.s.Write(t.Context(), func(tx *db.Tx) (err error) {
				r, err = f.seat.FinishCall(tx, f.ani, turn.Ticket.ID, turn.Lease.Token, solvedCallback, map[db.ID]map[string]string{others[1].ID: lapul})
				return err
			})
			return r, err
		}
		_, err := save(map[string]string{"status": "contacted", "remarks": "x"})
		if e := fault.Of(err); e == nil || e.Field != "reason_1" || e.Clause != "5.7.8.b" || e.Values[desk.InTicket] != others[1].ID.String() {
			t.Errorf("a refusal names ticket, field and clause: %v", err)
		}
		if n := f.count(`SELECT count(*) FROM outcome`); n != 0 || f.ticketNow(others[0].ID).State != ticket.Claimed {
			t.Errorf("%d outcomes of a refused save", n)
		}
		receipt, err := save(solvedLapul)
		if err != nil {
			t.Fatal(err)
		}
		if len(receipt.Along) != 2 || receipt.Ticket.State != ticket.Closed || receipt.Along[0].Outcome != "solved" || receipt.Along[1].Ticket.State != ticket.Closed {
			t.Errorf("receipt %+v", receipt)
		}
		if n := f.count(`SELECT count(*) FROM attempt`); n != 1 {
			t.Errorf("%d attempts of one call", n)
		}
		if n := f.count(`SELECT count(*) FROM outcome WHERE undone_at = 0`); n != 3 {
			t.Errorf("%d outcomes of three tickets", n)
		}
		f.do(func(tx *db.Tx) error {
			made, err := call.OfTicket(tx, others[0].ID, 5)
			if len(made) != 1 {
				t.Errorf("the ticket's customer was called %d times", len(made))
			}
			return err
		})
		f.do(func(tx *db.Tx) error { return f.seat.Undo(tx, f.ani, others[1].ID) }) // whichever is named
		now, holds := f.current(f.ani)
		if !holds || now.Ticket.ID != turn.Ticket.ID || len(now.Along) != 2 || now.Along[1].Answers["remarks"] != "Paham, sudah normal" {
			t.Errorf("undone: %+v", now)
		}
		if n := f.count(`SELECT count(*) FROM outcome WHERE undone_at = 0`); n != 0 {
			t.Errorf("%d outcomes after the undo", n)
		}
		f.do(func(tx *db.Tx) error {
			_, err := f.seat.FinishCall(tx, f.ani, now.Ticket.ID, now.Lease.Token, nil, nil)
			return err
		})
		f.c.Advance(9 * time.Second)
		f.refused(fault.Conflict, "desk.undo-late", "", "", func(tx *db.Tx) error { return f.seat.Undo(tx, f.ani, others[0].ID) })
	})
}

// SOP 5.2.8.who: tickets go along once somebody who decides is on the line; other people's, parked and closed ones do not.
func TestWhatMayGoAlong(t *testing.T) {
	each(t, func(f *floor) {
		f.customer("Ibu Rekaan", customer.Regular)
		f.open("callback", "CB-1", nil)
		c4 := f.open("c4-carring", "X-1", nil)
		stranger := f.open("callback", "CB-9", func(n *ticket.New) { n.ServiceNo, n.Contacts = "152999000009", []ticket.Contact{{Phone: cp2}} })
		owned := f.open("fresh-lapul", "X-2", nil)
		at := f.c.Now().Add(time.Hour)
		f.do(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE ticket SET owner = $2, owner_until = $3 WHERE id = $1`, owned.ID, f.budi.ID, db.Millis(at))
			return err
		})
		turn := f.next(f.ani)
		try := func(id db.ID) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := f.seat.Along(tx, f.ani, turn.Ticket.ID, turn.Lease.Token, id)
				return err
			}
		}
		f.refused(fault.Conflict, "desk.along-first", "receiver", "5.2.8.who", try(c4.ID))
		f.read(f.ani, turn)
		f.dial(f.ani, turn)
		f.said(f.ani, turn, call.Answered)
		f.answer(turn, turn.Ticket.ID, map[string]string{"receiver": "other"})
		f.refused(fault.Conflict, "desk.along-first", "receiver", "5.2.8.who", try(c4.ID))
		f.answer(turn, turn.Ticket.ID, map[string]string{"receiver": "reporter"})
		f.refused(fault.Missing, "ticket.along-none", "ticket", "", try(stranger.ID))
		f.refused(fault.Missing, "ticket.along-none", "ticket", "", try(404))
		f.refused(fault.Conflict, "ticket.along-itself", "ticket", "", try(turn.Ticket.ID))
		f.refused(fault.Conflict, "ticket.along-owned", "ticket", "", try(owned.ID))
		f.refused(fault.Forbidden, "staff.may-not", "", "", func(tx *db.Tx) error {
			_, err := f.seat.Along(tx, f.rina, turn.Ticket.ID, turn.Lease.Token, c4.ID)
			return err
		})
		f.refused(fault.Conflict, "ticket.lease-lost", "", "", func(tx *db.Tx) error {
			_, err := f.seat.Along(tx, f.budi, turn.Ticket.ID, turn.Lease.Token, c4.ID)
			return err
		})
		f.do(func(tx *db.Tx) error { _, err := ticket.GoneBySystem(tx, owned.ID, "tiket-sudah-close"); return err })
		f.refused(fault.Conflict, "ticket.along-closed", "ticket", "", try(owned.ID))
		f.do(func(tx *db.Tx) error { return staff.SetCampaigns(tx, f.tuti, db.ID(f.ani.ID), []string{"callback"}) })
		f.do(try(c4.ID)) // the mix says whom she is handed

		same := func(act string, do func(tx *db.Tx) error) {
			t.Helper()
			f.refused(fault.Conflict, "ticket.goes-along", "", "", do)
		}
		token := turn.Lease.Token
		same("dial", func(tx *db.Tx) error { _, err := f.seat.Dial(tx, f.ani, c4.ID, token, ""); return err })
		same("finish", func(tx *db.Tx) error { _, err := f.seat.Finish(tx, f.ani, c4.ID, token, solvedC4); return err })
		same("report", func(tx *db.Tx) error {
			_, err := f.seat.Report(tx, f.ani, c4.ID, token, call.Reported{Line: call.Busy})
			return err
		})
		f.refused(fault.Invalid, "desk.along-differs", "receiver", "5.5.7", func(tx *db.Tx) error {
			_, err := f.seat.Answer(tx, f.ani, c4.ID, token, map[string]string{"receiver": "other"}, 0)
			return err
		})
		f.refused(fault.Conflict, "ticket.lease-lost", "", "", func(tx *db.Tx) error {
			_, err := f.seat.Answer(tx, f.budi, c4.ID, token, solvedC4, 0)
			return err
		})
		f.hangup(turn)
		f.refused(fault.Conflict, "desk.not-along", "along", "", func(tx *db.Tx) error {
			_, err := f.seat.FinishCall(tx, f.ani, turn.Ticket.ID, token, solvedCallback, map[db.ID]map[string]string{stranger.ID: nil})
			return err
		})
		f.refused(fault.Conflict, "desk.along-not-decider", "receiver", "5.2.8.who", func(tx *db.Tx) error {
			_, err := f.seat.Finish(tx, f.ani, turn.Ticket.ID, token, map[string]string{"receiver": "other", "call_again_at": "15:00", "remarks": "Ibu di kantor"})
			return err
		})
	})
}

// field C: what is put back goes to where it was, with what was typed; a lost lease puts all of it back.
func TestWhatGoesAlongIsPutBack(t *testing.T) {
	each(t, func(f *floor) {
		turn, others := f.talking("c4-carring", "fresh-lapul")
		asleep := f.c.Now().Add(time.Hour).Truncate(time.Millisecond)
		f.do(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE ticket SET awake = 0, wake_at = $2 WHERE id = $1`, others[0].ID, db.Millis(asleep))
			return err
		})
		f.along(turn, others[0].ID)
		f.along(turn, others[1].ID)
		f.answer(turn, others[0].ID, solvedC4)
		release := func(id db.ID) {
			t.Helper()
			f.do(func(tx *db.Tx) error { return f.seat.Release(tx, f.ani, id, turn.Lease.Token, "agent") })
		}
		release(others[0].ID) // also while they talk
		if back := f.ticketNow(others[0].ID); back.State != ticket.Waiting || back.Awake || !back.WakeAt.Equal(asleep) {
			t.Errorf("put back: %+v", back)
		}
		if now, _ := f.current(f.ani); len(now.Along) != 1 || now.Ticket.ID != turn.Ticket.ID {
			t.Errorf("in hand: %+v", now.Along)
		}
		if again := f.along(turn, others[0].ID); again.Answers["remarks"] != "Sudah normal" {
			t.Errorf("what was typed: %v", again.Answers)
		}
		f.hangup(turn)
		release(turn.Ticket.ID)
		for _, id := range []db.ID{turn.Ticket.ID, others[0].ID, others[1].ID} {
			if back := f.ticketNow(id); back.State != ticket.Waiting {
				t.Errorf("given back: %+v", back)
			}
		}
		if n := f.count(`SELECT count(*) FROM along`); n != 0 {
			t.Errorf("%d still go along", n)
		}
		next := f.next(f.budi)
		if next.Ticket.ID != turn.Ticket.ID {
			t.Errorf("the queue gives %s", next.Ticket.Ref)
		}
	})
}

func TestALostLeaseFreesWhatGoesAlong(t *testing.T) {
	each(t, func(f *floor) {
		turn, others := f.talking("c4-carring")
		f.along(turn, others[0].ID)
		f.hangup(turn)
		f.c.Advance(ticket.LeaseFor + time.Second)
		f.do(f.seat.Sweep)
		if back := f.ticketNow(others[0].ID); back.State != ticket.Waiting || !back.Awake {
			t.Errorf("lapsed: %+v", back)
		}
		f.refused(fault.Conflict, "ticket.lease-lost", "", "", func(tx *db.Tx) error {
			_, err := f.seat.Answer(tx, f.ani, others[0].ID, turn.Lease.Token, solvedC4, 0)
			return err
		})
		turn = f.next(f.ani)
		f.read(f.ani, turn)
		f.dial(f.ani, turn)
		f.said(f.ani, turn, call.Answered)
		f.answer(turn, turn.Ticket.ID, map[string]string{"receiver": "reporter"})
		f.along(turn, others[0].ID)
		f.hangup(turn)
		f.do(func(tx *db.Tx) error { return ticket.TakeOver(tx, f.tuti, turn.Ticket.ID) })
		if back := f.ticketNow(others[0].ID); back.State != ticket.Waiting {
			t.Errorf("taken over: %+v", back)
		}
	})
}
