package booking_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sapa/internal/booking"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/who"
)

var (
	ani  = who.Actor{ID: 7, Login: "ani", Role: who.Agent, Via: who.Page}
	budi = who.Actor{ID: 8, Login: "budi", Role: who.Agent, Via: who.Page}
	cici = who.Actor{ID: 9, Login: "cici", Role: who.Agent, Via: who.Page}
	tuti = who.Actor{ID: 10, Login: "tuti", Role: who.Leader, Via: who.Page}
)

// reporter is what a test and a round of a property test have in common.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Fatal(args ...any)
}

type shop struct {
	t reporter
	s *db.DB
	c *dbtest.Clock
}

func each(t *testing.T, f func(b shop)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) { f(shop{t, s, c}) })
}

func (b shop) write(act func(tx *db.Tx) error) error { return b.s.Write(context.Background(), act) }

func (b shop) do(act func(tx *db.Tx) error) {
	b.t.Helper()
	if err := b.s.Write(context.Background(), act); err != nil {
		b.t.Fatal(err)
	}
}

func (b shop) refused(kind fault.Kind, key string, act func(tx *db.Tx) error) *fault.Error {
	b.t.Helper()
	err := b.s.Write(context.Background(), act)
	e := fault.Of(err)
	if e == nil || e.Kind != kind || e.Key != key {
		b.t.Fatalf("%v, want %s %s", err, kind, key)
	}
	if said := phrase.Fill(phrase.ID, e.Key, e.Values); said == e.Key || strings.ContainsAny(said, "{}") {
		b.t.Errorf("nobody can read %q", said)
	}
	return e
}

// slots puts one slot an hour from the clock's next hour on, of one STO, with the capacities given.
func (b shop) slots(sto string, capacity ...int) (put []booking.Slot) {
	b.t.Helper()
	start := b.c.Now().Truncate(time.Hour).Add(time.Hour)
	var all []booking.Slot
	for i, n := range capacity {
		from := start.Add(time.Duration(i) * time.Hour)
		all = append(all, booking.Slot{STO: sto, From: from, Until: from.Add(time.Hour), Zone: "Asia/Jakarta", Capacity: n})
	}
	b.do(func(tx *db.Tx) (err error) {
		put, err = booking.PutSlots(tx, tuti, all)
		return err
	})
	return put
}

func (b shop) hold(by who.Actor, slot booking.Slot) (made booking.Booking) {
	b.t.Helper()
	b.do(func(tx *db.Tx) (err error) {
		made, err = booking.Hold(tx, by, slot.ID)
		return err
	})
	return made
}

func (b shop) confirm(by who.Actor, id db.ID, ref string) (made booking.Booking) {
	b.t.Helper()
	b.do(confirm(by, id, ref, &made))
	return made
}

func (b shop) get(id db.ID) (got booking.Booking) {
	b.t.Helper()
	b.do(func(tx *db.Tx) (err error) {
		got, err = booking.Get(tx, id)
		return err
	})
	return got
}

func (b shop) lapse() (n int) {
	b.t.Helper()
	b.do(func(tx *db.Tx) (err error) {
		n, err = booking.Lapse(tx)
		return err
	})
	return n
}

func hold(by who.Actor, slot db.ID) func(tx *db.Tx) error {
	return func(tx *db.Tx) error { _, err := booking.Hold(tx, by, slot); return err }
}

func confirm(by who.Actor, id db.ID, ref string, to ...*booking.Booking) func(tx *db.Tx) error {
	return func(tx *db.Tx) error {
		b, err := booking.Confirm(tx, by, id, ref)
		for _, p := range to {
			*p = b
		}
		return err
	}
}

func move(by who.Actor, id, slot db.ID) func(tx *db.Tx) error {
	return func(tx *db.Tx) error { _, err := booking.Reschedule(tx, by, id, slot); return err }
}

func release(by who.Actor, id db.ID, why string) func(tx *db.Tx) error {
	return func(tx *db.Tx) error { return booking.Release(tx, by, id, why) }
}

// offered is what a page shows of an STO: "taken/capacity" of each slot to come. It only reads.
func (b shop) offered(sto string) string {
	b.t.Helper()
	var said []string
	err := b.s.Read(context.Background(), func(tx *db.Tx) error {
		all, err := booking.Slots(tx, sto, tx.Now.Add(-24*time.Hour), tx.Now.Add(48*time.Hour))
		for _, s := range all {
			said = append(said, fmt.Sprintf("%d/%d", s.Taken, s.Capacity))
		}
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return strings.Join(said, " ")
}

// sound checks what must hold after every act: taken is the number of bookings that have a place, no slot is overbooked,
// nobody holds two and no number is booked twice.
func (b shop) sound() {
	b.t.Helper()
	for what, query := range map[string]string{
		"slots whose count is wrong": `SELECT count(*) FROM slot s WHERE taken <> (SELECT count(*) FROM booking k WHERE k.slot = s.id AND k.state IN ('held', 'confirmed'))`,
		"slots overbooked":           `SELECT count(*) FROM slot WHERE taken > capacity OR taken < 0`,
		"people with two holds":      `SELECT count(*) FROM (SELECT made_by FROM booking WHERE state = 'held' GROUP BY made_by HAVING count(*) > 1) AS two`,
		"numbers booked twice":       `SELECT count(*) FROM (SELECT ref FROM booking WHERE state = 'confirmed' GROUP BY ref HAVING count(*) > 1) AS two`,
	} {
		if n := b.count(query); n != 0 {
			b.t.Fatalf("%d %s", n, what)
		}
	}
}

func (b shop) count(query string, args ...any) (n int) {
	b.t.Helper()
	err := b.s.Read(context.Background(), func(tx *db.Tx) error { return tx.Row(query, args...).Scan(&n) })
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

// SOP 5.2.10.s.schedule: slots of the line's STO by date and window, with what is left of them.
func TestSlotsOfferWhatIsLeftAndToCome(t *testing.T) {
	each(t, func(b shop) {
		mlg := b.slots("MLG", 2, 1, 3)
		b.slots("BTU", 9)
		b.hold(ani, mlg[0])
		if got := b.offered("MLG"); got != "1/2 0/1 0/3" {
			t.Errorf("MLG %s", got)
		}
		b.c.Set(mlg[1].From)
		if got := b.offered("MLG"); got != "0/3" {
			t.Errorf("what has begun is on offer: %s", got)
		}
		b.refused(fault.Conflict, "booking.past", hold(ani, mlg[1].ID))
		b.refused(fault.Missing, "db.no-row", hold(ani, 99))
		b.refused(fault.Invalid, "booking.sto", func(tx *db.Tx) error {
			_, err := booking.Slots(tx, "malang", tx.Now, tx.Now)
			return err
		})
		b.sound()
	})
}

func TestAHoldLastsFiveMinutesAndNotBeyondTheSlotsBeginning(t *testing.T) {
	each(t, func(b shop) {
		slot := b.slots("MLG", 1)[0]
		made := b.hold(ani, slot)
		if !made.Until.Equal(b.c.Now().Add(5*time.Minute)) || made.State != booking.Held || made.Ref != "" || made.By != 7 {
			t.Errorf("held %+v", made)
		}
		b.c.Advance(5*time.Minute - time.Millisecond)
		if got := b.offered("MLG"); got != "1/1" || b.lapse() != 0 {
			t.Errorf("lapsed too early: %s", got)
		}
		b.c.Advance(time.Millisecond)
		if got := b.offered("MLG"); got != "0/1" {
			t.Errorf("a lapsed hold counts: %s", got)
		}
		b.sound()
		if n := b.lapse(); n != 1 || b.lapse() != 0 || b.get(made.ID).State != booking.Lapsed {
			t.Errorf("%d lapsed, now %s", n, b.get(made.ID).State)
		}
		b.c.Set(slot.From.Add(-time.Minute))
		if late := b.hold(ani, slot); !late.Until.Equal(slot.From) {
			t.Errorf("held until %s, the slot begins %s", late.Until, slot.From)
		}
		b.sound()
	})
}

// SOP 5.2.10.s.schedule: a full slot says which are free.
func TestAFullSlotNamesTheNextFreeOnes(t *testing.T) {
	each(t, func(b shop) {
		slots := b.slots("MLG", 1, 0, 1, 2, 1, 1)
		b.slots("BTU", 5)
		b.hold(ani, slots[0])
		e := b.refused(fault.Conflict, "booking.full", hold(budi, slots[0].ID))
		if next := fmt.Sprint(e.Values["next"]); next != "23/11 12.00-13.00, 23/11 13.00-14.00, 23/11 14.00-15.00" {
			t.Errorf("next %s", next)
		}
		b.refused(fault.Conflict, "booking.full", hold(budi, slots[1].ID))
		b.c.Advance(5 * time.Minute) // nobody ran Lapse: the next who comes frees what has lapsed
		b.hold(budi, slots[0])
		b.sound()
	})
}

func TestAPersonHoldsOnePlaceAtATime(t *testing.T) {
	each(t, func(b shop) {
		slots := b.slots("MLG", 1, 1)
		first := b.hold(ani, slots[0])
		if again := b.hold(ani, slots[0]); again.ID != first.ID || !again.Until.Equal(first.Until) {
			t.Errorf("holding what one holds made %+v", again)
		}
		b.hold(budi, slots[1])
		b.refused(fault.Conflict, "booking.full", hold(ani, slots[1].ID))
		if b.get(first.ID).State != booking.Held {
			t.Error("a refused second hold cost the first")
		}
		b.do(release(budi, b.held(budi).ID, ""))
		b.hold(ani, slots[1])
		if got := b.get(first.ID).State; got != booking.Released || b.offered("MLG") != "0/1 1/1" {
			t.Errorf("first %s, %s", got, b.offered("MLG"))
		}
		b.sound()
	})
}

// A refused hold leaves the first one even when its caller goes on and stores the rest of the act.
func TestARefusedHoldChangesNothingInTheActAroundIt(t *testing.T) {
	each(t, func(b shop) {
		slots := b.slots("MLG", 1, 1)
		first := b.hold(ani, slots[0])
		b.hold(budi, slots[1])
		b.do(func(tx *db.Tx) error {
			if _, err := booking.Hold(tx, ani, slots[1].ID); !fault.Is(err, fault.Conflict) {
				t.Errorf("%v", err)
			}
			return nil
		})
		if b.get(first.ID).State != booking.Held || b.offered("MLG") != "1/1 1/1" {
			t.Errorf("first %s, %s", b.get(first.ID).State, b.offered("MLG"))
		}
		b.sound()
	})
}

func (b shop) held(by who.Actor) (got booking.Booking) {
	b.t.Helper()
	b.do(func(tx *db.Tx) (err error) {
		got, err = booking.HeldBy(tx, db.ID(by.ID))
		return err
	})
	return got
}

// SOP 5.2.10.s.ok: OK confirms the slot, and twice is once.
func TestConfirmingTwiceIsOnce(t *testing.T) {
	each(t, func(b shop) {
		slots := b.slots("MLG", 2, 2)
		held := b.hold(ani, slots[0])
		b.refused(fault.Missing, "db.no-row", confirm(budi, held.ID, "IN00000001"))
		b.refused(fault.Invalid, "booking.ref", confirm(ani, held.ID, "  "))
		b.refused(fault.Invalid, "booking.ref", confirm(ani, held.ID, strings.Repeat("9", 41)))
		one := b.confirm(ani, held.ID, "IN00000001")
		two := b.confirm(ani, held.ID, "IN00000001")
		if one != two || one.State != booking.Confirmed || one.Ref != "IN00000001" {
			t.Errorf("%+v and %+v", one, two)
		}
		b.refused(fault.Conflict, "booking.confirmed", confirm(ani, held.ID, "IN00000002"))
		other := b.hold(budi, slots[1])
		b.refused(fault.Conflict, "booking.ref-booked", confirm(budi, other.ID, "IN00000001"))
		b.do(func(tx *db.Tx) error {
			got, err := booking.OfRef(tx, "IN00000001")
			if got != one {
				t.Errorf("of the number: %+v", got)
			}
			return err
		})
		b.c.Advance(time.Hour)
		if b.lapse() != 1 || b.get(held.ID).State != booking.Confirmed {
			t.Error("a confirmed booking lapsed")
		}
		b.sound()
	})
}

func TestALateConfirmGetsThePlaceWhileThereIsOne(t *testing.T) {
	each(t, func(b shop) {
		slots := b.slots("MLG", 1, 1)
		first := b.hold(ani, slots[0])
		b.c.Advance(5 * time.Minute)
		if got := b.confirm(ani, first.ID, "IN00000001"); got.State != booking.Confirmed { // nobody has freed it
			t.Errorf("%+v", got)
		}
		second := b.hold(ani, slots[1])
		b.c.Advance(5 * time.Minute)
		b.lapse()
		b.confirm(ani, second.ID, "IN00000002") // freed, and still there
		b.sound()

		third := b.slots("BTU", 1)[0]
		lost := b.hold(ani, third)
		b.c.Advance(5 * time.Minute)
		b.hold(budi, third)
		e := b.refused(fault.Conflict, "booking.lapsed", confirm(ani, lost.ID, "IN00000003"))
		if e.Values["next"] != "-" {
			t.Errorf("next %v", e.Values["next"])
		}
		b.do(release(ani, lost.ID, "")) // the customer does not want it any more
		b.refused(fault.Conflict, "booking.released", confirm(ani, lost.ID, "IN00000003"))
		b.c.Set(third.From)
		b.refused(fault.Conflict, "booking.past", confirm(budi, b.heldRow(third), "IN00000003"))
		b.sound()
	})
}

// heldRow is the hold in a slot, lapsed by now or not.
func (b shop) heldRow(s booking.Slot) (id db.ID) {
	b.t.Helper()
	b.do(func(tx *db.Tx) error {
		return tx.Row(`SELECT id FROM booking WHERE slot = $1 AND state = 'held'`, s.ID).Scan(&id)
	})
	return id
}

func TestABookingMovesTwice(t *testing.T) {
	each(t, func(b shop) {
		slots := b.slots("MLG", 1, 1, 1, 1)
		elsewhere := b.slots("BTU", 1)[0]
		held := b.hold(ani, slots[0])
		b.refused(fault.Conflict, "booking.not-confirmed", move(ani, held.ID, slots[1].ID))
		b.confirm(ani, held.ID, "IN00000001")
		b.hold(budi, slots[3])
		b.refused(fault.Conflict, "booking.full", move(ani, held.ID, slots[3].ID))
		b.refused(fault.Invalid, "booking.other-sto", move(ani, held.ID, elsewhere.ID))
		b.do(move(ani, held.ID, slots[0].ID)) // where it is: no move
		if got := b.get(held.ID); got.Moves != 0 || got.Slot != slots[0].ID {
			t.Errorf("refused moves left %+v", got)
		}
		b.do(move(ani, held.ID, slots[1].ID))
		b.do(move(cici, held.ID, slots[0].ID)) // the customer may reach another agent
		if got := b.get(held.ID); got.Moves != 2 || got.Slot != slots[0].ID || b.offered("MLG") != "1/1 0/1 0/1 1/1" {
			t.Errorf("moved to %+v, %s", got, b.offered("MLG"))
		}
		b.refused(fault.Conflict, "booking.moved-twice", move(ani, held.ID, slots[2].ID))
		b.do(release(tuti, held.ID, "Pelanggan batal"))
		b.do(release(tuti, held.ID, "Pelanggan batal"))
		b.refused(fault.Conflict, "booking.not-confirmed", func(tx *db.Tx) error {
			_, err := booking.Reschedule(tx, ani, held.ID, slots[2].ID)
			return err
		})
		b.sound()
	})
}

func TestMovingToAPastSlotIsRefused(t *testing.T) {
	each(t, func(b shop) {
		slots := b.slots("MLG", 1, 1)
		held := b.hold(ani, slots[1])
		b.confirm(ani, held.ID, "IN00000001")
		b.c.Set(slots[0].From)
		b.refused(fault.Conflict, "booking.past", move(ani, held.ID, slots[0].ID))
		b.sound()
	})
}

func TestReleaseGivesThePlaceBackOnce(t *testing.T) {
	each(t, func(b shop) {
		slot := b.slots("MLG", 2)[0]
		held := b.hold(ani, slot)
		b.refused(fault.Missing, "db.no-row", release(budi, held.ID, ""))
		b.confirm(ani, held.ID, "IN00000001")
		b.refused(fault.Invalid, "booking.reason", release(ani, held.ID, "no"))
		b.refused(fault.Invalid, "booking.reason", release(ani, held.ID, strings.Repeat("a", 501)))
		b.do(release(ani, held.ID, " Sudah normal "))
		b.do(release(ani, held.ID, "Sudah normal"))
		got := b.get(held.ID)
		if got.State != booking.Released || got.Reason != "Sudah normal" || got.Ref != "IN00000001" || b.offered("MLG") != "0/2" {
			t.Errorf("released %+v, %s", got, b.offered("MLG"))
		}
		again := b.hold(budi, slot) // its number may be booked anew
		b.confirm(budi, again.ID, "IN00000001")
		b.sound()
	})
}

func TestDetailsOfABooking(t *testing.T) {
	each(t, func(b shop) {
		slot := b.slots("MLG", 1)[0]
		held := b.hold(ani, slot)
		b.do(func(tx *db.Tx) error {
			got, err := booking.Detail(tx, ani, held.ID, " Regu Rekaan 3 ", "0899 9000 1234")
			if got.Crew != "Regu Rekaan 3" || got.SecondContact != "+6289990001234" {
				t.Errorf("%+v", got)
			}
			return err
		})
		b.refused(fault.Invalid, "phone.form", func(tx *db.Tx) error {
			_, err := booking.Detail(tx, ani, held.ID, "", "besok saja")
			return err
		})
		b.refused(fault.Invalid, "booking.crew", func(tx *db.Tx) error {
			_, err := booking.Detail(tx, ani, held.ID, strings.Repeat("a", 81), "")
			return err
		})
		b.do(release(ani, held.ID, ""))
		b.refused(fault.Conflict, "booking.released", func(tx *db.Tx) error {
			_, err := booking.Detail(tx, ani, held.ID, "Regu", "")
			return err
		})
	})
}

func TestSlotsArePutOnceAndNeverBelowWhatIsTaken(t *testing.T) {
	each(t, func(b shop) {
		slots := b.slots("MLG", 2)
		b.hold(ani, slots[0])
		b.hold(budi, slots[0])
		put := func(change func(s *booking.Slot)) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				s := slots[0]
				change(&s)
				_, err := booking.PutSlots(tx, tuti, []booking.Slot{s})
				return err
			}
		}
		if again := b.slots("MLG", 3); again[0].ID != slots[0].ID || again[0].Capacity != 3 || again[0].Taken != 2 {
			t.Errorf("put again: %+v", again[0])
		}
		b.refused(fault.Conflict, "booking.capacity-taken", put(func(s *booking.Slot) { s.Capacity = 1 }))
		b.refused(fault.Invalid, "booking.sto", put(func(s *booking.Slot) { s.STO = "mlg" }))
		b.refused(fault.Invalid, "booking.capacity", put(func(s *booking.Slot) { s.Capacity = -1 }))
		b.refused(fault.Invalid, "booking.window", put(func(s *booking.Slot) { s.Until = s.From }))
		b.refused(fault.Invalid, "booking.window", put(func(s *booking.Slot) { s.Until = s.From.Add(25 * time.Hour) }))
		b.refused(fault.Invalid, "booking.zone", put(func(s *booking.Slot) { s.Zone = "WIB" }))
		b.sound()
	})
}

// The store itself refuses what no code of ours should ask.
func TestTheStoreRefusesOverbooking(t *testing.T) {
	each(t, func(b shop) {
		slot := b.slots("MLG", 1)[0]
		held := b.hold(ani, slot)
		for what, query := range map[string]string{
			"more than there are":         `UPDATE slot SET taken = 2`,
			"fewer than none":             `UPDATE slot SET taken = -1`,
			"a third move":                `UPDATE booking SET moves = 3, ref = 'IN00000001', state = 'confirmed'`,
			"confirmed without a number":  `UPDATE booking SET state = 'confirmed'`,
			"a number on what is not yet": `UPDATE booking SET ref = 'IN00000001'`,
			"a place in no slot":          `UPDATE booking SET slot = 1`,
		} {
			err := b.s.Write(context.Background(), func(tx *db.Tx) error { _, err := tx.Exec(query); return err })
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", what, err)
			}
		}
		for what, query := range map[string]string{
			"two holds of one person": `INSERT INTO booking(id, slot, made_by, made_at, state, until, changed_at) SELECT 1, slot, made_by, 0, 'held', 1, 0 FROM booking`,
		} {
			err := b.s.Write(context.Background(), func(tx *db.Tx) error { _, err := tx.Exec(query); return err })
			if !fault.Is(err, fault.Conflict) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if b.get(held.ID) != held {
			t.Error("a refusal changed something")
		}
	})
}
