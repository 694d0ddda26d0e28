package staff

import (
	"context"
	"math"
	"net/netip"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/who"
)

// placeOf turns an address into the place that is counted. Of IPv6 the first 64 bits: the rest is the caller's to choose.
func placeOf(from string) string {
	addr, err := netip.ParseAddr(from)
	if err != nil {
		if port, err := netip.ParseAddrPort(from); err == nil {
			addr = port.Addr()
		} else {
			return from
		}
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is6() && !addr.IsLoopback() {
		if net, err := addr.Prefix(64); err == nil {
			return net.String()
		}
	}
	return addr.String()
}

// attempt is one try to sign in, after it was counted.
type attempt struct {
	person Person // zero when nobody has that login
	place  string
	login  string // digest
	known  bool
	left   time.Duration // still to wait
	tries  int64         // in a row, this one included
}

// SignIn opens a session with a password. from is the address of whoever asks. It answers alike, and as late, for a wrong
// password and a login nobody has. SignedOut "staff.wrong"; Busy "staff.slow-down" with the seconds to wait; Forbidden
// "staff.suspended" to somebody who knows the password.
func (s *Staff) SignIn(ctx context.Context, login, password, from string) (token string, a who.Actor, err error) {
	try, err := s.try(ctx, login, password, from)
	if err != nil {
		return "", who.Actor{}, err
	}
	return s.welcome(ctx, try)
}

// try looks at a password, with the brakes on: SignedOut "staff.wrong", Busy "staff.slow-down".
func (s *Staff) try(ctx context.Context, login, password, from string) (try attempt, err error) {
	err = s.store.Write(ctx, func(tx *db.Tx) (err error) {
		try, err = count(tx, foldLogin(login), placeOf(from))
		return err
	})
	if err != nil {
		return try, err
	}
	if try.left > 0 && (!try.known || try.tries > knownTries) {
		return try, slowDown(try.left)
	}
	right, err := s.check(ctx, try.person, password)
	switch {
	case err != nil:
		return try, err
	case !right && try.left > 0:
		return try, slowDown(try.left)
	case !right:
		return try, fault.New(fault.SignedOut, "staff.wrong")
	}
	return try, nil
}

func slowDown(left time.Duration) error {
	return fault.New(fault.Busy, "staff.slow-down", "seconds", int(math.Ceil(left.Seconds())))
}

// check looks at the password inside the gate, against nobody's when there is no such person or it is a machine.
func (s *Staff) check(ctx context.Context, p Person, password string) (bool, error) {
	if err := s.gate.enter(ctx); err != nil {
		return false, err
	}
	defer s.gate.leave()
	secret, real := p.Secret, p.ID != 0 && p.Role != who.Feed && !p.Secret.Empty()
	if !real {
		secret = nobodys
	}
	if len(password) > maxPasswordBytes {
		password, real = "", false
	}
	return secret.matches(password) && real, nil
}

// count finds the person and presses the brakes that hold for this place.
func count(tx *db.Tx, login, place string) (attempt, error) {
	try := attempt{place: place, login: digest(login)}
	p, err := ByLogin(tx, login)
	if err != nil && !fault.Is(err, fault.Missing) {
		return try, err
	}
	if err == nil {
		try.person = p
		if try.known, err = knows(tx, p.ID, place); err != nil {
			return try, err
		}
	}
	if try.known {
		try.tries, try.left, err = knownBrake.press(tx, try.login, place)
		return try, err
	}
	if try.tries, try.left, err = pairBrake.press(tx, try.login, place); err != nil {
		return try, err
	}
	for _, wide := range []struct {
		brake
		login, place string
	}{{loginBrake, try.login, anywhere}, {placeBrake, anywhere, place}} {
		_, left, err := wide.press(tx, wide.login, wide.place)
		if err != nil {
			return try, err
		}
		try.left = max(try.left, left)
	}
	return try, nil
}

// welcome opens the session, unless the person was suspended or got another password while this one was being checked.
func (s *Staff) welcome(ctx context.Context, try attempt) (token string, a who.Actor, err error) {
	err = s.store.Write(ctx, func(tx *db.Tx) error {
		p, err := Get(tx, try.person.ID)
		if err != nil {
			return err
		}
		if p.Secret != try.person.Secret {
			return fault.New(fault.SignedOut, "staff.wrong")
		}
		if err := forgive(tx, try); err != nil {
			return err
		}
		if p.Suspended() {
			// The right password is no secret to its owner: say what is the matter. Nothing is opened.
			return nil
		}
		a = p.Actor(who.Page)
		token, err = openSession(tx, p.ID, try.place)
		if err != nil {
			return err
		}
		return note(tx, a, "staff.signed-in", p.ID)
	})
	if err == nil && token == "" {
		err = fault.New(fault.Forbidden, "staff.suspended")
	}
	if err != nil {
		return "", who.Actor{}, err
	}
	return token, a, nil
}

// forgive takes the counts of this place back and remembers it.
func forgive(tx *db.Tx, try attempt) error {
	if _, err := tx.Exec(`DELETE FROM brake WHERE login = $1 AND source = $2`, try.login, try.place); err != nil {
		return err
	}
	if !try.known {
		for _, k := range [][2]string{{try.login, anywhere}, {anywhere, try.place}} {
			if err := release(tx, k[0], k[1]); err != nil {
				return err
			}
		}
	}
	_, err := tx.Exec(`
		INSERT INTO known_source(person, source, at)
		VALUES ($1, $2, $3)
		ON CONFLICT (person, source) DO UPDATE
		SET at = excluded.at`, try.person.ID, try.place, db.Millis(tx.Now))
	return err
}

// SetPassword gives a person a new password; every session and token of theirs ends. One's own, or ActStaff.
func SetPassword(tx *db.Tx, by who.Actor, id db.ID, secret Secret) error {
	if by.ID != int64(id) || by.ID == 0 {
		if err := May(by, ActStaff); err != nil {
			return err
		}
	}
	p, err := Get(tx, id)
	if err != nil {
		return err
	}
	if p.Role == who.Feed {
		return fault.New(fault.Invalid, "staff.feed-password").At("password", "")
	}
	if _, err := tx.Exec(`UPDATE person SET secret = $2 WHERE id = $1`, id, secret.hash); err != nil {
		return err
	}
	if err := endAll(tx, id); err != nil {
		return err
	}
	return note(tx, by, "staff.password-set", id)
}
