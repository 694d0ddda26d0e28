package staff

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/who"
)

// How long a session lasts: without an act, and at all (one shift).
const (
	Idle  = 15 * time.Minute
	Shift = 12 * time.Hour

	// touchEvery keeps a busy person from writing a row with every click; the idle limit may come this much early.
	touchEvery = 30 * time.Second
)

// Session is one sign-in at one browser.
type Session struct {
	Hash   string // digest of the token; the token itself is only in the browser
	Person db.ID
	Place  string
	MadeAt time.Time
	SeenAt time.Time // last act, or talk
	Until  time.Time // absolute end
}

// newToken makes 256 random bits that fit a header or a cookie.
func newToken() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}

// openSession always makes a new token: one that was there before the sign-in never becomes a signed-in one.
func openSession(tx *db.Tx, person db.ID, place string) (string, error) {
	token := newToken()
	_, err := tx.Exec(`
		INSERT INTO session(hash, person, source, made_at, seen_at, until)
		VALUES ($1, $2, $3, $4, $4, $5)`, digest(token), person, place, db.Millis(tx.Now), db.Millis(tx.Now.Add(Shift)))
	return token, err
}

// BySession says who a session token belongs to, as they are now: role, team and suspension count from the next request
// on. It counts as an act of the person; use Peek for what the browser does by itself. SignedOut "staff.signed-out", or
// "staff.idle" when nobody acted or talked for too long.
func (s *Staff) BySession(ctx context.Context, token string) (who.Actor, Session, error) {
	return s.session(ctx, token, true)
}

// Peek is BySession without counting as an act: streams, heartbeats and renewals of an open screen keep nobody signed in.
func (s *Staff) Peek(ctx context.Context, token string) (who.Actor, Session, error) {
	return s.session(ctx, token, false)
}

func (s *Staff) session(ctx context.Context, token string, act bool) (who.Actor, Session, error) {
	var p Person
	var session Session
	var stale bool
	err := s.store.Read(ctx, func(tx *db.Tx) (err error) {
		session, err = readSession(tx, digest(token))
		if err != nil {
			return err
		}
		p, err = Get(tx, session.Person)
		stale = act && tx.Now.Sub(session.SeenAt) >= touchEvery
		return err
	})
	switch {
	case fault.Is(err, fault.Missing) || err == nil && p.Suspended():
		return who.Actor{}, Session{}, fault.New(fault.SignedOut, "staff.signed-out")
	case err != nil:
		return who.Actor{}, Session{}, err
	}
	if stale {
		// A store that cannot write right now still lets people read; the session then ends at its idle limit.
		_ = s.store.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE session SET seen_at = $2 WHERE hash = $1 AND seen_at < $2`, session.Hash, db.Millis(tx.Now))
			return err
		})
	}
	return p.Actor(who.Page), session, nil
}

// readSession reads a session that still lives.
func readSession(tx *db.Tx, hash string) (Session, error) {
	s := Session{Hash: hash}
	var made, seen, until int64
	err := tx.Row(`SELECT person, source, made_at, seen_at, until FROM session WHERE hash = $1`, hash).
		Scan(&s.Person, &s.Place, &made, &seen, &until)
	if err != nil {
		return s, err
	}
	s.MadeAt, s.SeenAt, s.Until = db.Time(made), db.Time(seen), db.Time(until)
	if !tx.Now.Before(s.Until) {
		return s, fault.New(fault.SignedOut, "staff.signed-out")
	}
	if tx.Now.Sub(s.SeenAt) < Idle {
		return s, nil
	}
	talked, err := lastTalk(tx, s.Person)
	if err != nil {
		return s, err
	}
	if tx.Now.Sub(talked) >= Idle {
		return s, fault.New(fault.SignedOut, "staff.idle")
	}
	s.SeenAt = talked
	return s, nil
}

// lastTalk is when the person last was in a call: now, when one is on. Talking counts as activity: who guides a customer
// for half an hour does not touch the screen. Zero when there was no call this shift.
func lastTalk(tx *db.Tx, person db.ID) (time.Time, error) {
	var last int64
	err := tx.Row(`
		SELECT coalesce(max(CASE WHEN ended_at = 0 THEN CAST($2 AS BIGINT) ELSE ended_at END), 0)
		  FROM attempt
		 WHERE agent = $1
		   AND dialled_at > CAST($3 AS BIGINT)`, person, db.Millis(tx.Now), db.Millis(tx.Now.Add(-Shift))).Scan(&last)
	return db.Time(last), err
}

// SignOut ends one session. A token that opens nothing is signed out already.
func (s *Staff) SignOut(ctx context.Context, token string) error {
	return s.store.Write(ctx, func(tx *db.Tx) error {
		var person db.ID
		hash := digest(token)
		err := tx.Row(`SELECT person FROM session WHERE hash = $1`, hash).Scan(&person)
		if fault.Is(err, fault.Missing) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM session WHERE hash = $1`, hash); err != nil {
			return err
		}
		return note(tx, who.Actor{ID: int64(person), Via: who.Page}, "staff.signed-out", person)
	})
}

// SignOutEverywhere ends every session and every API token of a person: one's own, or another's with ActStaff.
func SignOutEverywhere(tx *db.Tx, by who.Actor, person db.ID) error {
	if by.ID != int64(person) || by.ID == 0 {
		if err := May(by, ActStaff); err != nil {
			return err
		}
	}
	if _, err := Get(tx, person); err != nil {
		return err
	}
	if err := endAll(tx, person); err != nil {
		return err
	}
	return note(tx, by, "staff.signed-out-everywhere", person)
}

// endAll takes every key of a person away.
func endAll(tx *db.Tx, person db.ID) error {
	if _, err := tx.Exec(`DELETE FROM session WHERE person = $1`, person); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM token WHERE person = $1`, person)
	return err
}

// Tidy clears away what opens no door any more and counts that are forgotten; serve calls it now and then.
func (s *Staff) Tidy(ctx context.Context) error {
	return s.store.Write(ctx, func(tx *db.Tx) error {
		for _, sweep := range []struct {
			query  string
			before time.Time
		}{
			{`DELETE FROM session WHERE until <= $1`, tx.Now},
			{`DELETE FROM token WHERE until <= $1`, tx.Now},
			{`DELETE FROM brake WHERE at < $1`, tx.Now.Add(-brakeMemory)},
			{`DELETE FROM known_source WHERE at < $1`, tx.Now.Add(-knownMemory)},
		} {
			if _, err := tx.Exec(sweep.query, db.Millis(sweep.before)); err != nil {
				return err
			}
		}
		return nil
	})
}
