package booking

import (
	"regexp"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

const slotColumns = `id, sto, from_at, until_at, zone, capacity, taken`

func scanSlot(s db.Scanner) (Slot, error) {
	var v Slot
	var from, until int64
	err := s.Scan(&v.ID, &v.STO, &from, &until, &v.Zone, &v.Capacity, &v.Taken)
	v.From, v.Until = db.Time(from), db.Time(until)
	return v, err
}

// SlotOf reads one slot.
func SlotOf(tx *db.Tx, id db.ID) (Slot, error) {
	return scanSlot(tx.Row(`SELECT `+slotColumns+` FROM slot WHERE id = $1`, id))
}

var stoForm = regexp.MustCompile(`^[A-Z]{3}$`)

func (s Slot) check() error {
	switch {
	case !stoForm.MatchString(s.STO):
		return fault.New(fault.Invalid, "booking.sto", "sto", s.STO).At("sto", "5.2.10.s.schedule")
	case s.Capacity < 0 || s.Capacity > 1000:
		return fault.New(fault.Invalid, "booking.capacity").At("capacity", "5.2.10.s.schedule")
	case !s.Until.After(s.From) || s.Until.Sub(s.From) > 24*time.Hour:
		return fault.New(fault.Invalid, "booking.window").At("until", "5.2.10.s.schedule")
	}
	if _, err := time.LoadLocation(s.Zone); err != nil || s.Zone == "" || s.Zone == "Local" {
		return fault.New(fault.Invalid, "booking.zone", "zone", s.Zone).At("zone", "5.2.10.s.schedule")
	}
	return nil
}

// PutSlots keeps slots and gives them with their ids and what is taken of them. The same STO and window again changes
// its capacity, never below what is taken already: Conflict "booking.capacity-taken".
func PutSlots(tx *db.Tx, by who.Actor, slots []Slot) ([]Slot, error) {
	kept := make([]Slot, 0, len(slots))
	for _, s := range slots {
		if err := s.check(); err != nil {
			return nil, err
		}
		n, err := tx.Exec(`
			INSERT INTO slot(id, sto, from_at, until_at, zone, capacity) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (sto, from_at, until_at) DO UPDATE SET capacity = excluded.capacity, zone = excluded.zone
			 WHERE slot.taken <= excluded.capacity`,
			tx.NewID(), s.STO, db.Millis(s.From), db.Millis(s.Until), s.Zone, s.Capacity)
		if err != nil {
			return nil, err
		}
		v, err := scanSlot(tx.Row(`SELECT `+slotColumns+` FROM slot WHERE sto = $1 AND from_at = $2 AND until_at = $3`,
			s.STO, db.Millis(s.From), db.Millis(s.Until)))
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return nil, fault.New(fault.Conflict, "booking.capacity-taken", "sto", s.STO, "taken", v.Taken).At("capacity", "5.2.10.s.schedule")
		}
		kept = append(kept, v)
	}
	_, err := journal.Write(tx, journal.Entry{By: by, Act: "booking.slots-put", Kind: "slot"})
	return kept, err
}

// free is a slot's row with what has lapsed by now left out of taken, whether or not somebody has freed it yet.
const free = `
	SELECT id, sto, from_at, until_at, zone, capacity,
	       taken - (SELECT count(*) FROM booking b WHERE b.slot = slot.id AND b.state = 'held' AND b.until <= $1) AS taken
	  FROM slot`

// Slots lists the slots of one STO that begin in [from, until) and have not begun yet, earliest first, full ones too. A
// lapsed hold never counts. It only reads, so a page may ask it.
//
// SOP 5.2.10.s.schedule: by STO, date and window, with what is left.
func Slots(tx *db.Tx, sto string, from, until time.Time) ([]Slot, error) {
	if !stoForm.MatchString(sto) {
		return nil, fault.New(fault.Invalid, "booking.sto", "sto", sto).At("sto", "5.2.10.s.schedule")
	}
	return slots(tx, free+`
		 WHERE sto = $2 AND from_at >= $3 AND from_at < $4 AND from_at > $1
		 ORDER BY from_at, until_at LIMIT 500`, db.Millis(tx.Now), sto, db.Millis(from), db.Millis(until))
}

// Available adds up what is left in a list of slots.
func Available(slots []Slot) (n int) {
	for _, s := range slots {
		n += s.Left()
	}
	return n
}

func slots(tx *db.Tx, query string, args ...any) ([]Slot, error) {
	var all []Slot
	err := tx.Each(query, args, func(s db.Scanner) error {
		v, err := scanSlot(s)
		all = append(all, v)
		return err
	})
	return all, err
}

// Next names the next slots of an exchange with a place left, at most n.
func Next(tx *db.Tx, sto string, n int) ([]Slot, error) {
	return slots(tx, `SELECT * FROM (`+free+` WHERE sto = $2 AND from_at > $1) AS s
		 WHERE taken < capacity ORDER BY from_at, until_at LIMIT $3`, db.Millis(tx.Now), sto, n)
}
