package api

import (
	"net/http"
	"slices"

	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/phone"
	"sapa/internal/phrase"
	"sapa/internal/staff"
	"sapa/internal/ticket"
)

// Longest texts a body may carry, in characters, and most entries of its lists and maps.
const (
	longCode   = 60
	longLease  = 200
	longAnswer = 8000
	longReason = 500
	mostFields = 100
)

func (r seen) lang() phrase.Lang { return phrase.Pick(r.Header.Get("Accept-Language")) }

// id reads the id of the path. What is none is nobody's ticket.
func (r seen) id() (db.ID, error) {
	id, ok := parseID(r.PathValue("id"))
	if !ok {
		return 0, fault.New(fault.Missing, "api.no-ticket")
	}
	return id, nil
}

// theirs reads the ticket of the path when the caller may see it; what is not theirs is not there.
func (a *API) theirs(tx *db.Tx, r seen) (ticket.Ticket, error) {
	id, err := r.id()
	if err != nil {
		return ticket.Ticket{}, err
	}
	t, err := ticket.Seen(tx, staff.ScopeOf(r.by), id)
	if fault.Is(err, fault.Missing) {
		err = fault.New(fault.Missing, "api.no-ticket")
	}
	return t, err
}

// next hands out the ticket that has waited longest (SOP 5.2.4). 204 when there is none: an answer like any other, kept
// with its key, since the same key must not say "nothing" to one caller and hand a ticket to the next.
func (a *API) next(r seen, f *form) func(tx *db.Tx) (done, error) {
	codes := f.words("campaigns", mostFields, longCode)
	return func(tx *db.Tx) (done, error) {
		t, err := a.Seat.Next(tx, r.by, codes)
		if f := fault.Of(err); f != nil && f.Key == "ticket.nothing-waiting" {
			return done{}, nil
		}
		if err != nil {
			return done{}, err
		}
		body, err := a.turn(tx, r, t)
		return done{http.StatusOK, body}, err
	}
}

// help hands out one ticket of the longest queue outside the caller's mix, when nothing of their own may be called.
func (a *API) help(r seen, _ *form) func(tx *db.Tx) (done, error) {
	return func(tx *db.Tx) (done, error) {
		t, err := a.Seat.Help(tx, r.by)
		if f := fault.Of(err); f != nil && f.Key == "ticket.nothing-waiting" {
			return done{}, nil
		}
		if err != nil {
			return done{}, err
		}
		body, err := a.turn(tx, r, t)
		return done{http.StatusOK, body}, err
	}
}

// held is the frame of every act on a ticket in the caller's hand.
func (a *API) held(r seen, f *form, do func(tx *db.Tx, t ticket.Ticket, lease string) (done, error)) func(tx *db.Tx) (done, error) {
	lease := f.needed("lease", longLease)
	return func(tx *db.Tx) (done, error) {
		t, err := a.theirs(tx, r)
		if err != nil {
			return done{}, err
		}
		return do(tx, t, lease)
	}
}

func (a *API) renew(r seen, f *form) func(tx *db.Tx) (done, error) {
	return a.held(r, f, func(tx *db.Tx, t ticket.Ticket, lease string) (done, error) {
		l, err := a.Seat.Renew(tx, r.by, t.ID, lease)
		until := stamp(l.Until, desk.Zone(t.Zone, a.Seat.Site))
		return done{http.StatusOK, struct {
			Lease leaseJSON `json:"lease"`
		}{leaseJSON{l.Token, until}}}, err
	})
}

func (a *API) release(r seen, f *form) func(tx *db.Tx) (done, error) {
	reason := f.text("reason", longReason)
	return a.held(r, f, func(tx *db.Tx, t ticket.Ticket, lease string) (done, error) {
		if err := a.Seat.Release(tx, r.by, t.ID, lease, reason); err != nil {
			return done{}, err
		}
		return a.only(tx, r, t.ID)
	})
}

// only answers with the ticket as it is now.
func (a *API) only(tx *db.Tx, r seen, id db.ID) (done, error) {
	t, err := ticket.Get(tx, id)
	if err != nil {
		return done{}, err
	}
	shaped, err := a.shape(tx, r, t)
	return done{http.StatusOK, turnJSON{Ticket: shaped}}, err
}

// read keeps that the note was read, which opens dialling (SOP 5.2.4.note).
func (a *API) read(r seen, f *form) func(tx *db.Tx) (done, error) {
	return a.held(r, f, func(tx *db.Tx, t ticket.Ticket, lease string) (done, error) {
		return done{}, a.Seat.Read(tx, r.by, t.ID, lease)
	})
}

// dialled is the answer to /dial: the one place where a number travels whole, to the one who calls it.
type dialled struct {
	Attempt attemptJSON `json:"attempt"`
	Number  string      `json:"number"`
}

func (a *API) dial(r seen, f *form) func(tx *db.Tx) (done, error) {
	wanted := f.text("number", longCode)
	return a.held(r, f, func(tx *db.Tx, t ticket.Ticket, lease string) (done, error) {
		var number phone.Number
		if wanted != "" {
			var err error
			if number, err = phone.Parse(wanted); err != nil {
				return done{}, at(err, "number")
			}
		}
		attempt, err := a.Seat.Dial(tx, r.by, t.ID, lease, number)
		zone := desk.Zone(t.Zone, a.Seat.Site)
		return done{http.StatusCreated, dialled{attemptOf(attempt, zone), attempt.Number.Full()}}, err
	})
}

// at gives a fault its field when it has none.
func at(err error, field string) error {
	if f := fault.Of(err); f != nil && f.Field == "" {
		f.Field = field
	}
	return err
}

// reported is the answer to /attempts: the fact as it is kept, and what the procedure asks now that the line has spoken.
type reported struct {
	Attempt attemptJSON `json:"attempt"`
	View    viewJSON    `json:"view"`
}

func (a *API) attempts(r seen, f *form) func(tx *db.Tx) (done, error) {
	said := call.Reported{
		Line:      call.Line(f.needed("line", longCode)),
		RingS:     f.whole("ring_s", 0, 86_400),
		TalkS:     f.whole("talk_s", 0, 86_400),
		StartedAt: f.moment("started_at"),
	}
	return a.held(r, f, func(tx *db.Tx, t ticket.Ticket, lease string) (done, error) {
		attempt, err := a.Seat.Report(tx, r.by, t.ID, lease, said)
		if err != nil {
			return done{}, err
		}
		turn, err := a.Seat.Open(tx, r.by, t.ID, lease)
		return done{http.StatusCreated, reported{attemptOf(attempt, turn.Zone), viewOf(turn.View, r.lang())}}, err
	})
}

// draftJSON is a view with the version of the answers it shows.
type draftJSON struct {
	viewJSON
	Draft int64 `json:"draft"`
}

func (a *API) answers(r seen, f *form) func(tx *db.Tx) (done, error) {
	given, version := f.texts("answers", mostFields, longAnswer), f.version("draft")
	return a.held(r, f, func(tx *db.Tx, t ticket.Ticket, lease string) (done, error) {
		turn, err := a.Seat.Answer(tx, r.by, t.ID, lease, given, version)
		return done{http.StatusOK, draftJSON{viewOf(turn.View, r.lang()), turn.Draft}}, err
	})
}

type effectJSON struct {
	Do     string `json:"do"`
	App    string `json:"app,omitempty"`
	Text   string `json:"text,omitempty"`
	Clause string `json:"clause"`
	State  string `json:"state"` // stored, or queued as a promise to the outside
}

type receiptJSON struct {
	Outcome   string        `json:"outcome"`
	Title     string        `json:"title"`
	Effects   []effectJSON  `json:"effects"`
	Due       *string       `json:"due,omitempty"`
	UndoUntil *string       `json:"undo_until"`
	Ticket    ticketJSON    `json:"ticket"`
	Along     []receiptJSON `json:"along,omitempty"` // of what was settled in the same call
}

// finish keeps the result of the held ticket and, in the same transaction, of all that goes along with its call.
func (a *API) finish(r seen, f *form) func(tx *db.Tx) (done, error) {
	given, along := f.texts("answers", mostFields, longAnswer), alongOf(f)
	return a.held(r, f, func(tx *db.Tx, t ticket.Ticket, lease string) (done, error) {
		receipt, err := a.Seat.FinishCall(tx, r.by, t.ID, lease, given, along)
		if err != nil {
			return done{}, err
		}
		j, err := a.receipt(tx, r, receipt)
		return done{http.StatusOK, j}, err
	})
}

// undo takes a finish back within its 8 seconds (decisions.md 6) and gives the turn that goes on.
func (a *API) undo(r seen, _ *form) func(tx *db.Tx) (done, error) {
	return func(tx *db.Tx) (done, error) {
		t, err := a.theirs(tx, r)
		if err != nil {
			return done{}, err
		}
		err = a.Seat.Undo(tx, r.by, t.ID)
		if fault.Is(err, fault.Missing) {
			err = fault.New(fault.Conflict, "api.nothing-to-undo")
		}
		if err != nil {
			return done{}, err
		}
		turn, held, err := a.Seat.Current(tx, r.by)
		if err != nil {
			return done{}, err
		}
		if !held || turn.Ticket.ID != t.ID && !slices.ContainsFunc(turn.Along, func(one desk.Turn) bool { return one.Ticket.ID == t.ID }) {
			return a.only(tx, r, t.ID)
		}
		body, err := a.turn(tx, r, turn)
		return done{http.StatusOK, body}, err
	}
}
