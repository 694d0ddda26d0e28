package api

import (
	"net/http"
	"time"

	"sapa/internal/booking"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
)

// mostSlots is how many slots one call may put.
const mostSlots = 1000

// freeSlots is the value of a refusal that carries the next slots with a place left.
const freeSlots = "free"

type slotJSON struct {
	ID        db.ID   `json:"id"`
	STO       string  `json:"sto"`
	From      *string `json:"from"`
	Until     *string `json:"until"`
	Zone      string  `json:"zone"`
	Capacity  int     `json:"capacity"`
	Taken     int     `json:"taken"`
	Remaining int     `json:"remaining"`
}

func (a *API) slot(s booking.Slot) slotJSON {
	zone := desk.Zone(s.Zone, a.Seat.Site)
	return slotJSON{s.ID, s.STO, stamp(s.From, zone), stamp(s.Until, zone), s.Zone, s.Capacity, s.Taken, s.Left()}
}

type slotsJSON struct {
	Slots []slotJSON `json:"slots"`
}

func (a *API) shapeSlots(all []booking.Slot) slotsJSON {
	j := slotsJSON{Slots: []slotJSON{}}
	for _, s := range all {
		j.Slots = append(j.Slots, a.slot(s))
	}
	return j
}

// slots is the technicians' schedule (SOP 5.2.10.s.schedule): of one STO, from now on for the days the desk shows, or as asked.
func (a *API) slots(tx *db.Tx, r seen) (any, error) {
	q, err := query(r, "sto", "from", "to")
	if err != nil {
		return nil, err
	}
	from, to := tx.Now, time.Time{}
	if s := q.Get("from"); s != "" {
		if from, err = a.day(s); err != nil {
			return nil, badQuery("from")
		}
	}
	if s := q.Get("to"); s == "" {
		to = from.AddDate(0, 0, desk.DaysAhead)
	} else if to, err = a.day(s); err != nil || !to.After(from) {
		return nil, badQuery("to")
	}
	found, err := booking.Slots(tx, q.Get("sto"), from, to)
	return a.shapeSlots(found), err
}

// day reads a time of a query: RFC 3339, or a date, which begins at the site's midnight.
func (a *API) day(s string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	return time.ParseInLocation(time.DateOnly, s, a.Seat.Site)
}

// putSlots keeps the schedule as those who plan it give it; the same window again changes its capacity.
func (a *API) putSlots(r seen, f *form) func(tx *db.Tx) (done, error) {
	var all []booking.Slot
	rows := f.list("slots", mostSlots)
	if rows == nil {
		f.fail(fault.New(fault.Invalid, "api.needed"), f.node, "slots")
	}
	for _, row := range rows {
		s := booking.Slot{STO: row.text("sto", longCode), From: row.moment("from"), Until: row.moment("until"), Zone: row.text("zone", longCode),
			Capacity: row.whole("capacity", 0, 1000)}
		row.unknown()
		if s.Zone == "" {
			s.Zone = a.Seat.Site.String()
		}
		all = append(all, s)
	}
	return func(tx *db.Tx) (done, error) {
		kept, err := booking.PutSlots(tx, r.by, all)
		return done{http.StatusOK, a.shapeSlots(kept)}, err
	}
}

type bookingJSON struct {
	ID    db.ID         `json:"id"`
	State booking.State `json:"state"`
	Ref   string        `json:"ref,omitempty"`   // trouble number; none while it is held
	Until *string       `json:"until,omitempty"` // how long the hold lasts
	Moves int           `json:"moves"`
	Slot  slotJSON      `json:"slot"`
}

func (a *API) booking(tx *db.Tx, b booking.Booking) (bookingJSON, error) {
	s, err := booking.SlotOf(tx, b.Slot)
	j := bookingJSON{ID: b.ID, State: b.State, Ref: b.Ref, Moves: b.Moves, Slot: a.slot(s)}
	if b.State == booking.Held {
		j.Until = stamp(b.Until, desk.Zone(s.Zone, a.Seat.Site))
	}
	return j, err
}

// full tells where there is room when a slot has none.
func (a *API) full(tx *db.Tx, slot db.ID, err error) error {
	f := fault.Of(err)
	if f == nil || f.Key != "booking.full" && f.Key != "booking.lapsed" {
		return err
	}
	s, look := booking.SlotOf(tx, slot)
	if look != nil {
		return look
	}
	next, look := booking.Next(tx, s.STO, 3)
	if look != nil {
		return look
	}
	f.Values[freeSlots] = a.shapeSlots(next).Slots
	return err
}

// hold keeps a place while the customer decides; one at a time for each person.
func (a *API) hold(r seen, _ *form) func(tx *db.Tx) (done, error) {
	return func(tx *db.Tx) (done, error) {
		id, ok := parseID(r.PathValue("id"))
		if !ok {
			return done{}, fault.New(fault.Missing, "api.no-slot")
		}
		b, err := booking.Hold(tx, r.by, id)
		if err != nil {
			return done{}, a.full(tx, id, instead(err, "api.no-slot"))
		}
		j, err := a.booking(tx, b)
		return done{http.StatusCreated, j}, err
	}
}

// held is the hold or booking of the path.
func (r seen) hold() (db.ID, error) {
	id, ok := parseID(r.PathValue("id"))
	if !ok {
		return 0, fault.New(fault.Missing, "api.no-hold")
	}
	return id, nil
}

func (a *API) confirm(r seen, f *form) func(tx *db.Tx) (done, error) {
	ref := f.needed("ref", longCode)
	return func(tx *db.Tx) (done, error) {
		id, err := r.hold()
		if err != nil {
			return done{}, err
		}
		b, err := a.Seat.Book(tx, r.by, id, ref)
		if err != nil {
			return done{}, a.full(tx, b.Slot, instead(err, "api.no-hold"))
		}
		j, err := a.booking(tx, b)
		return done{http.StatusOK, j}, err
	}
}

// letGo gives a place back; a confirmed one needs a reason.
func (a *API) letGo(r seen, f *form) func(tx *db.Tx) (done, error) {
	reason := f.text("reason", longReason)
	return func(tx *db.Tx) (done, error) {
		id, err := r.hold()
		if err != nil {
			return done{}, err
		}
		return done{}, instead(a.Seat.Unbook(tx, r.by, id, reason), "api.no-hold")
	}
}

// reschedule moves a confirmed booking to another slot of its STO, twice at most.
func (a *API) reschedule(r seen, f *form) func(tx *db.Tx) (done, error) {
	slot := f.id("slot")
	if slot == 0 {
		f.needed("slot", longCode)
	}
	return func(tx *db.Tx) (done, error) {
		id, err := r.hold()
		if err != nil {
			return done{}, err
		}
		if _, err := booking.Get(tx, id); err != nil {
			return done{}, instead(err, "api.no-hold")
		}
		if _, err := booking.SlotOf(tx, slot); err != nil {
			return done{}, instead(err, "api.no-slot")
		}
		b, err := booking.Reschedule(tx, r.by, id, slot)
		if err != nil {
			return done{}, a.full(tx, slot, instead(err, "api.no-hold"))
		}
		j, err := a.booking(tx, b)
		return done{http.StatusOK, j}, err
	}
}
