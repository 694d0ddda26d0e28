// Package booking keeps the technicians' slots of each exchange (STO) and who has a place in them: hold, confirm, move,
// release, lapse (SOP 5.2.10.s). It does not know trouble tickets, only the number a place is booked for, and it sends
// nobody anywhere.
package booking

import (
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
)

const (
	HoldFor  = 5 * time.Minute // how long a place is kept while the customer decides
	MaxMoves = 2               // reschedules of one booking (domain 3.8)
)

// State of a booking.
type State string

const (
	Held      State = "held"      // while the customer decides
	Confirmed State = "confirmed" // for a trouble number
	Released  State = "released"  // let go by somebody
	Lapsed    State = "lapsed"    // the hold's time went by
)

// Slot is a window of one exchange in which so many technicians can come.
type Slot struct {
	ID              db.ID
	STO             string
	From, Until     time.Time
	Zone            string // IANA, of the exchange
	Capacity, Taken int    // Taken counts what is held and confirmed
}

// Left is how many places are free.
func (s Slot) Left() int { return s.Capacity - s.Taken }

// Booking is one place in a slot.
type Booking struct {
	ID            db.ID
	Slot          db.ID
	Ref           string // trouble number; "" until confirmed
	By            db.ID  // who made the hold
	MadeAt        time.Time
	State         State
	Until         time.Time // of the hold
	Moves         int
	Crew          string
	SecondContact string // a number beside the reporter's
	Reason        string // why it was let go
	ChangedAt     time.Time
}

// Active tells whether the booking has a place in its slot. A hold whose time has gone by has one until somebody needs it.
func (b Booking) Active() bool { return b.State == Held || b.State == Confirmed }

const columns = `id, slot, ref, made_by, made_at, state, until, moves, crew, second_contact, reason, changed_at`

func scan(s db.Scanner) (Booking, error) {
	var b Booking
	var state string
	var made, until, changed int64
	err := s.Scan(&b.ID, &b.Slot, &b.Ref, &b.By, &made, &state, &until, &b.Moves, &b.Crew, &b.SecondContact, &b.Reason, &changed)
	b.State, b.MadeAt, b.Until, b.ChangedAt = State(state), db.Time(made), db.Time(until), db.Time(changed)
	return b, err
}

// Get reads one booking.
func Get(tx *db.Tx, id db.ID) (Booking, error) {
	return scan(tx.Row(`SELECT `+columns+` FROM booking WHERE id = $1`, id))
}

// OfRef finds the confirmed booking of a trouble number; Missing when there is none.
func OfRef(tx *db.Tx, ref string) (Booking, error) {
	return scan(tx.Row(`SELECT `+columns+` FROM booking WHERE ref = $1 AND state = 'confirmed'`, ref))
}

// HeldBy finds what a person holds and has not confirmed yet; Missing when there is nothing, or its time has gone by.
func HeldBy(tx *db.Tx, person db.ID) (Booking, error) {
	return scan(tx.Row(`SELECT `+columns+` FROM booking WHERE made_by = $1 AND state = 'held' AND until > $2`, person, db.Millis(tx.Now)))
}

// set writes what an act changed, and only if the booking still is what the act read. What has changed meanwhile makes
// the whole act run again.
func set(tx *db.Tx, was, b Booking) (Booking, error) {
	b.ChangedAt = tx.Now
	n, err := tx.Exec(`
		UPDATE booking SET slot = $2, ref = $3, state = $4, moves = $5, crew = $6, second_contact = $7, reason = $8, changed_at = $9
		 WHERE id = $1 AND state = $10 AND slot = $11 AND moves = $12`,
		b.ID, b.Slot, b.Ref, string(b.State), b.Moves, b.Crew, b.SecondContact, b.Reason, db.Millis(b.ChangedAt),
		string(was.State), was.Slot, was.Moves)
	if err == nil && n == 0 {
		err = db.Again(fault.New(fault.Conflict, "booking.changed"))
	}
	return b, err
}
