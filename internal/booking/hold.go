package booking

import (
	"strings"
	"time"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/phone"
	"sapa/internal/who"
)

// Hold keeps a place for five minutes while the customer decides, and never beyond the slot's beginning. A person holds
// one place at a time: a second hold lets the first go. Conflict "booking.full" names the next free slots.
//
// SOP 5.2.10.s.schedule: holding a slot is atomic.
func Hold(tx *db.Tx, by who.Actor, slot db.ID) (Booking, error) {
	before, has, err := holding(tx, by)
	if err != nil {
		return Booking{}, err
	}
	if has && before.Slot == slot && before.Until.After(tx.Now) {
		return before, nil
	}
	s, err := lock(tx, slot, before.Slot)
	if err != nil {
		return Booking{}, err
	}
	if err := s.begun(tx.Now); err != nil {
		return Booking{}, err
	}
	if err := take(tx, s); fault.Is(err, fault.Conflict) {
		if now, _, look := holding(tx, by); look != nil {
			return Booking{}, look
		} else if now.ID != before.ID { // their own second tab came between, and may be what fills it
			return Booking{}, db.Again(fault.New(fault.Conflict, "booking.changed"))
		}
		return Booking{}, err
	} else if err != nil {
		return Booking{}, err
	}
	if has {
		if err := letGo(tx, before); err != nil {
			return Booking{}, err
		}
	}
	b := Booking{ID: tx.NewID(), Slot: slot, By: db.ID(by.ID), MadeAt: tx.Now, State: Held, Until: tx.Now.Add(HoldFor), ChangedAt: tx.Now}
	if s.From.Before(b.Until) {
		b.Until = s.From
	}
	n, err := tx.Exec(`
		INSERT INTO booking(id, slot, made_by, made_at, state, until, changed_at) VALUES ($1, $2, $3, $4, 'held', $5, $4)
		ON CONFLICT DO NOTHING`, b.ID, b.Slot, b.By, db.Millis(b.MadeAt), db.Millis(b.Until))
	if err == nil && n == 0 { // the same person held another in a second tab, just now
		err = db.Again(fault.New(fault.Conflict, "booking.changed"))
	}
	if err != nil {
		return Booking{}, err
	}
	return b, note(tx, by, b, "booking.held")
}

// holding finds a person's hold, lapsed by now or not.
func holding(tx *db.Tx, by who.Actor) (Booking, bool, error) {
	b, err := scan(tx.Row(`SELECT `+columns+` FROM booking WHERE made_by = $1 AND state = 'held'`, by.ID))
	if fault.Is(err, fault.Missing) {
		return Booking{}, false, nil
	}
	return b, err == nil, err
}

// letGo gives a person's earlier hold back; one that has lapsed or gone meanwhile has given its place back itself.
func letGo(tx *db.Tx, b Booking) error {
	state := Released
	if !b.Until.After(tx.Now) {
		state = Lapsed
	}
	n, err := tx.Exec(`UPDATE booking SET state = $2, changed_at = $3 WHERE id = $1 AND state = 'held'`, b.ID, string(state), db.Millis(tx.Now))
	if err != nil || n == 0 {
		return err
	}
	return giveBack(tx, b.Slot, 1)
}

// Confirm books a held place for a trouble number. Twice for the same number is once. A hold whose time has gone by still
// becomes a booking while a place is left; Conflict "booking.lapsed" when there is none.
//
// SOP 5.2.10.s.ok: OK confirms the slot.
func Confirm(tx *db.Tx, by who.Actor, id db.ID, ref string) (Booking, error) {
	ref = strings.TrimSpace(ref)
	if n := utf8.RuneCountInString(ref); n == 0 || n > 40 {
		return Booking{}, fault.New(fault.Invalid, "booking.ref").At("ref", "5.2.10.s.ok")
	}
	b, err := mine(tx, by, id)
	if err != nil {
		return b, err
	}
	s, err := lock(tx, b.Slot, 0)
	if err != nil {
		return b, err
	}
	if b, err = Get(tx, id); err != nil { // as it is under the lock
		return b, err
	}
	switch {
	case b.State == Confirmed && b.Ref == ref:
		return b, nil
	case b.State == Confirmed:
		return b, fault.New(fault.Conflict, "booking.confirmed", "ref", b.Ref)
	case b.State == Released:
		return b, fault.New(fault.Conflict, "booking.released")
	}
	if err := s.begun(tx.Now); err != nil {
		return b, err
	}
	if other, err := OfRef(tx, ref); err == nil {
		return b, fault.New(fault.Conflict, "booking.ref-booked", "ref", other.Ref).At("ref", "5.2.10.s.ok")
	} else if !fault.Is(err, fault.Missing) {
		return b, err
	}
	was := b
	if b.State == Lapsed {
		if err := take(tx, s); fault.Is(err, fault.Conflict) {
			return b, fault.New(fault.Conflict, "booking.lapsed", "next", fault.Of(err).Values["next"]).At("slot", "5.2.10.s.ok")
		} else if err != nil {
			return b, err
		}
	}
	b.State, b.Ref = Confirmed, ref
	if b, err = set(tx, was, b); fault.Is(err, fault.Conflict) && fault.Of(err).Key == "db.exists" { // two holds, one number, at once
		return b, fault.New(fault.Conflict, "booking.ref-booked", "ref", ref).At("ref", "5.2.10.s.ok")
	} else if err != nil {
		return b, err
	}
	return b, note(tx, by, b, "booking.confirmed")
}

// mine reads a booking. Until it has a number it is its holder's own affair and nobody else's to see; the house acts for
// everybody.
func mine(tx *db.Tx, by who.Actor, id db.ID) (Booking, error) {
	b, err := Get(tx, id)
	if err == nil && b.Ref == "" && b.By != db.ID(by.ID) && by.ID != who.House.ID {
		return Booking{}, fault.New(fault.Missing, "db.no-row")
	}
	return b, err
}

// Reschedule moves a confirmed booking to another slot of the same exchange: at most twice (domain 3.8), Conflict
// "booking.moved-twice" after that. The new place is taken first, then the old one given back; a full one changes nothing.
func Reschedule(tx *db.Tx, by who.Actor, id, slot db.ID) (Booking, error) {
	b, err := mine(tx, by, id)
	if err != nil {
		return b, err
	}
	s, err := lock(tx, slot, b.Slot)
	if err != nil {
		return b, err
	}
	was := b
	if b, err = Get(tx, id); err != nil {
		return b, err
	}
	switch {
	case b.Slot != was.Slot: // moved before we had the lock, to a slot we did not lock
		return b, db.Again(fault.New(fault.Conflict, "booking.changed"))
	case b.State != Confirmed:
		return b, fault.New(fault.Conflict, "booking.not-confirmed")
	case b.Slot == slot:
		return b, nil
	case b.Moves >= MaxMoves:
		return b, fault.New(fault.Conflict, "booking.moved-twice", "ref", b.Ref)
	}
	old, err := SlotOf(tx, b.Slot)
	if err != nil {
		return b, err
	}
	if old.STO != s.STO {
		return b, fault.New(fault.Invalid, "booking.other-sto", "sto", old.STO).At("slot", "5.2.10.s.schedule")
	}
	if err := s.begun(tx.Now); err != nil {
		return b, err
	}
	if err := take(tx, s); err != nil {
		return b, err
	}
	if err := giveBack(tx, old.ID, 1); err != nil {
		return b, err
	}
	was = b
	b.Slot, b.Moves = slot, b.Moves+1
	if b, err = set(tx, was, b); err != nil {
		return b, err
	}
	return b, note(tx, by, b, "booking.moved")
}

// Release gives a place back. A hold needs no reason, a confirmed booking 3 to 500 characters. Twice is once; one that has
// lapsed has given its place back itself, and cannot be confirmed late any more.
func Release(tx *db.Tx, by who.Actor, id db.ID, reason string) error {
	b, err := mine(tx, by, id)
	if err != nil {
		return err
	}
	if _, err := lock(tx, b.Slot, 0); err != nil {
		return err
	}
	was := b
	if b, err = Get(tx, id); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	switch n := utf8.RuneCountInString(reason); {
	case b.State == Released:
		return nil
	case b.Slot != was.Slot:
		return db.Again(fault.New(fault.Conflict, "booking.changed"))
	case n > 500, n < 3 && b.State == Confirmed:
		return fault.New(fault.Invalid, "booking.reason").At("reason", "5.2.10.s.schedule")
	}
	was = b
	b.State, b.Reason = Released, reason
	if b, err = set(tx, was, b); err != nil {
		return err
	}
	if was.Active() {
		if err := giveBack(tx, b.Slot, 1); err != nil {
			return err
		}
	}
	return note(tx, by, b, "booking.released")
}

// Detail keeps who comes and a second number to call, of a booking that has its place.
func Detail(tx *db.Tx, by who.Actor, id db.ID, crew, secondContact string) (Booking, error) {
	b, err := mine(tx, by, id)
	if err != nil {
		return b, err
	}
	crew, secondContact = strings.TrimSpace(crew), strings.TrimSpace(secondContact)
	switch {
	case !b.Active():
		return b, fault.New(fault.Conflict, "booking.released")
	case utf8.RuneCountInString(crew) > 80:
		return b, fault.New(fault.Invalid, "booking.crew").At("crew", "")
	}
	was := b
	if secondContact != "" {
		n, err := phone.Parse(secondContact)
		if err != nil {
			return b, err
		}
		secondContact = n.Full()
	}
	b.Crew, b.SecondContact = crew, secondContact
	if b, err = set(tx, was, b); err != nil {
		return b, err
	}
	return b, note(tx, by, b, "booking.detailed")
}

// Lapse gives back the places of all holds whose time has gone by, and tells how many. The house's ticker calls it; nothing
// is wrong before it has run.
func Lapse(tx *db.Tx) (int, error) {
	var due []db.ID
	err := tx.Each(`SELECT DISTINCT slot FROM booking WHERE state = 'held' AND until <= $1 ORDER BY slot`, []any{db.Millis(tx.Now)}, func(s db.Scanner) error {
		var id db.ID
		err := s.Scan(&id)
		due = append(due, id)
		return err
	})
	if err != nil {
		return 0, err
	}
	all := 0
	for _, id := range due { // in order of id, as everybody locks them
		if _, err := lock(tx, id, 0); err != nil {
			return all, err
		}
		n, err := lapse(tx, id)
		if err != nil {
			return all, err
		}
		all += n
	}
	return all, nil
}

// lapse gives back what has lapsed in one locked slot.
func lapse(tx *db.Tx, slot db.ID) (int, error) {
	n, err := tx.Exec(`UPDATE booking SET state = 'lapsed', changed_at = $2 WHERE slot = $1 AND state = 'held' AND until <= $2`, slot, db.Millis(tx.Now))
	if err != nil || n == 0 {
		return 0, err
	}
	return int(n), giveBack(tx, slot, int(n))
}

// lock reads a slot, and keeps it and the other one of the act from everybody else until the act is stored, always in the
// order of their ids so that two agents who change places do not wait for each other. Bookings change under this lock
// only. SQLite has one writer and needs none.
func lock(tx *db.Tx, slot, other db.ID) (Slot, error) {
	var s Slot
	found := false
	err := tx.Each(`SELECT `+slotColumns+` FROM slot WHERE id = $1 OR id = $2 ORDER BY id /*pg: FOR UPDATE*/`, []any{slot, other}, func(row db.Scanner) error {
		v, err := scanSlot(row)
		if v.ID == slot {
			s, found = v, true
		}
		return err
	})
	if err == nil && !found {
		err = fault.New(fault.Missing, "db.no-row")
	}
	return s, err
}

func (s Slot) begun(now time.Time) error {
	if !s.From.After(now) {
		return fault.New(fault.Conflict, "booking.past").At("slot", "5.2.10.s.schedule")
	}
	return nil
}

// take takes one place of a locked slot: by a guarded update, never by a number read before. A full one first gives back
// what has lapsed in it.
func take(tx *db.Tx, s Slot) error {
	const one = `UPDATE slot SET taken = taken + 1 WHERE id = $1 AND taken < capacity`
	n, err := tx.Exec(one, s.ID)
	if err != nil || n == 1 {
		return err
	}
	if freed, err := lapse(tx, s.ID); err != nil {
		return err
	} else if freed > 0 {
		if n, err = tx.Exec(one, s.ID); err != nil || n == 1 {
			return err
		}
	}
	next, err := Next(tx, s.STO, 3)
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "booking.full", "next", windows(next)).At("slot", "5.2.10.s.schedule")
}

func giveBack(tx *db.Tx, slot db.ID, n int) error {
	_, err := tx.Exec(`UPDATE slot SET taken = taken - $2 WHERE id = $1`, slot, n)
	return err
}

// windows writes slots for a refusal, in the exchange's own time: "24/11 08.00-10.00". The language does not matter.
func windows(all []Slot) string {
	if len(all) == 0 {
		return "-"
	}
	out := make([]string, len(all))
	for i, s := range all {
		zone, err := time.LoadLocation(s.Zone)
		if err != nil {
			zone = time.UTC
		}
		out[i] = s.From.In(zone).Format("02/01 15.04") + "-" + s.Until.In(zone).Format("15.04")
	}
	return strings.Join(out, ", ")
}

func note(tx *db.Tx, by who.Actor, b Booking, act string) error {
	_, err := journal.Write(tx, journal.Entry{By: by, Act: act, Kind: "booking", Ref: b.ID, Data: map[string]string{"slot": b.Slot.String()}})
	return err
}
