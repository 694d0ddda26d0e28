package desk

import (
	"sapa/internal/booking"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// Book confirms a held slot for a trouble ticket that is there already; its booking status and the last part of its Subject
// follow (SOP 5.2.10.s.ok, A-15). A number that only the other side knows is booked as well.
func (s *Seat) Book(tx *db.Tx, a who.Actor, hold db.ID, ref string) (booking.Booking, error) {
	if no, ok := trouble.Number(ref); ok {
		ref = no
	}
	t, err := trouble.ByNo(tx, ref)
	known := err == nil
	switch {
	case err != nil && !fault.Is(err, fault.Missing):
		return booking.Booking{}, err
	case known && !t.Open():
		return booking.Booking{}, fault.New(fault.Conflict, "trouble.done", "no", t.No, "state", string(t.State)).At("ref", "5.2.10.s.ok")
	}
	if known {
		o, err := outageOf(tx, t.ServiceNo)
		if err == nil {
			err = noBooking(o)
		}
		if err != nil {
			return booking.Booking{}, err
		}
	}
	b, err := booking.Confirm(tx, a, hold, ref)
	if err != nil || !known || t.Booking == b.ID {
		return b, err
	}
	_, c, err := trouble.Book(tx, a, t.ID, b.ID)
	if err != nil {
		return b, err
	}
	return b, s.follow(tx, a, c, s.talks(tx, a, t))
}

// Unbook lets a hold or a booking go; the trouble ticket it was for says so.
func (s *Seat) Unbook(tx *db.Tx, a who.Actor, id db.ID, reason string) error {
	b, err := booking.Get(tx, id)
	if err != nil {
		return err
	}
	if err := booking.Release(tx, a, id, reason); err != nil || b.Ref == "" {
		return err
	}
	t, err := trouble.ByNo(tx, b.Ref)
	if fault.Is(err, fault.Missing) || err == nil && t.Booking != id {
		return nil
	}
	if err != nil {
		return err
	}
	_, c, err := trouble.Book(tx, a, t.ID, 0)
	if err != nil {
		return err
	}
	return s.follow(tx, a, c, s.talks(tx, a, t))
}
