package staff

import (
	"context"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/who"
)

// Confirmed is that somebody who is signed in has just entered their password again. Only Confirm makes one.
type Confirmed struct {
	person db.ID
	secret Secret
	at     time.Time
}

// confirmedFor is how long an entered password counts.
const confirmedFor = time.Minute

// Confirm looks at the password of somebody who is signed in, with the same brakes as a sign-in; from is their address. A wrong one is
// Invalid "staff.confirm-wrong" at the field password, and in the journal; Busy "staff.slow-down" with the seconds to wait.
func (s *Staff) Confirm(ctx context.Context, a who.Actor, password, from string) (Confirmed, error) {
	if a.ID == 0 {
		return Confirmed{}, fault.New(fault.Forbidden, "staff.confirm-person").At("password", "")
	}
	try, wrong := s.try(ctx, a.Login, password, from)
	if wrong == nil && try.person.ID != db.ID(a.ID) {
		wrong = fault.New(fault.SignedOut, "staff.wrong")
	}
	if wrong != nil && !fault.Is(wrong, fault.SignedOut) && !fault.Is(wrong, fault.Busy) {
		return Confirmed{}, wrong
	}
	var at time.Time
	err := s.store.Write(ctx, func(tx *db.Tx) error {
		if at = tx.Now; wrong != nil {
			return note(tx, a, "staff.confirm-refused", db.ID(a.ID))
		}
		return forgive(tx, try)
	})
	switch {
	case err != nil:
		return Confirmed{}, err
	case fault.Is(wrong, fault.SignedOut): // nobody is signed out by it
		return Confirmed{}, fault.New(fault.Invalid, "staff.confirm-wrong").At("password", "")
	case wrong != nil:
		return Confirmed{}, wrong
	}
	return Confirmed{person: try.person.ID, secret: try.person.Secret, at: at}, nil
}

// By tells whether it was this actor, a moment ago, and gives them as they are now: with the name and role they have in this transaction.
// Whoever was suspended or got another password meanwhile has not confirmed.
func (c Confirmed) By(tx *db.Tx, a who.Actor) (who.Actor, error) {
	stale := fault.New(fault.Invalid, "staff.confirm-again").At("password", "")
	if c.person == 0 || c.person != db.ID(a.ID) || tx.Now.Sub(c.at) > confirmedFor {
		return a, stale
	}
	p, err := Get(tx, c.person)
	if err != nil {
		return a, err
	}
	if p.Secret != c.secret || p.Suspended() {
		return a, stale
	}
	return p.Actor(a.Via), nil
}
