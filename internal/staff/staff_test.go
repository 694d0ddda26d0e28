package staff_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
	"sapa/internal/staff"
	"sapa/internal/who"
)

const good = "kopi tubruk pagi"

// floor is a store with a doorkeeper and one agent, 42147.
type floor struct {
	*staff.Staff
	t     *testing.T
	store *db.DB
	clock *dbtest.Clock
	agent staff.Person
}

func onFloor(t *testing.T, f func(f *floor)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		fl := &floor{Staff: staff.New(s, staff.Options{}), t: t, store: s, clock: c}
		fl.agent = fl.add("42147", who.Agent)
		f(fl)
	})
}

func (f *floor) write(act func(tx *db.Tx) error) error {
	return f.store.Write(context.Background(), act)
}

func (f *floor) must(act func(tx *db.Tx) error) {
	f.t.Helper()
	if err := f.write(act); err != nil {
		f.t.Fatal(err)
	}
}

func (f *floor) add(login string, role who.Role) staff.Person {
	f.t.Helper()
	p := staff.Person{Login: login, Name: "Orang " + login, Role: role}
	if role != who.Feed {
		secret, err := f.HashPassword(context.Background(), good, login)
		if err != nil {
			f.t.Fatal(err)
		}
		p.Secret = secret
	}
	f.must(func(tx *db.Tx) (err error) {
		p, err = staff.Add(tx, staff.Console, p)
		return err
	})
	return p
}

func (f *floor) signIn(login, password, from string) (string, error) {
	token, _, err := f.SignIn(context.Background(), login, password, from)
	return token, err
}

func (f *floor) token(login string) string {
	f.t.Helper()
	var token string
	f.must(func(tx *db.Tx) (err error) {
		token, err = staff.CreateToken(tx, staff.Console, login, 24*time.Hour)
		return err
	})
	return token
}

func (f *floor) wants(err error, kind fault.Kind, key string) {
	f.t.Helper()
	if e := fault.Of(err); e == nil || e.Kind != kind || e.Key != key {
		f.t.Fatalf("want %s %s, got %v", kind, key, err)
	}
}

func TestSignInOpensAFreshSession(t *testing.T) {
	onFloor(t, func(f *floor) {
		ctx := context.Background()
		first, a, err := f.SignIn(ctx, " 42147 ", good, "10.1.1.1")
		if err != nil || a.Login != "42147" || a.Role != who.Agent || a.Via != who.Page {
			f.t.Fatalf("got %+v, %v", a, err)
		}
		second, err := f.signIn("42147", good, "10.1.1.1")
		if err != nil || first == second || len(first) < 43 {
			f.t.Fatalf("tokens %q and %q, %v", first, second, err)
		}
		for _, token := range []string{first, second} {
			if a, s, err := f.BySession(ctx, token); err != nil || a.ID != int64(f.agent.ID) || s.Hash == token {
				f.t.Fatalf("got %+v, %+v, %v", a, s, err)
			}
		}
		if err := f.SignOut(ctx, first); err != nil {
			f.t.Fatal(err)
		}
		_, _, err = f.BySession(ctx, first)
		f.wants(err, fault.SignedOut, "staff.signed-out")
		if _, _, err := f.BySession(ctx, second); err != nil {
			f.t.Fatalf("the other session: %v", err)
		}
		_, _, err = f.BySession(ctx, "")
		f.wants(err, fault.SignedOut, "staff.signed-out")
	})
}

func TestIdleSessionEndsUnlessThePersonActsOrTalks(t *testing.T) {
	onFloor(t, func(f *floor) {
		ctx := context.Background()
		token, err := f.signIn("42147", good, "10.1.1.1")
		if err != nil {
			f.t.Fatal(err)
		}
		for range 6 { // an hour of acts
			f.clock.Advance(10 * time.Minute)
			if _, _, err := f.BySession(ctx, token); err != nil {
				f.t.Fatal(err)
			}
		}
		f.clock.Advance(14 * time.Minute)
		if _, _, err := f.Peek(ctx, token); err != nil { // a stream is no act
			f.t.Fatal(err)
		}
		f.clock.Advance(time.Minute)
		_, _, err = f.Peek(ctx, token)
		f.wants(err, fault.SignedOut, "staff.idle")

		// SOP 5.2.9: guiding a customer takes longer than fifteen minutes, and nobody touches the screen meanwhile.
		f.must(func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO attempt(id, turn, ticket, agent, number, dialler, line, dialled_at, answered_at)
				VALUES ($1, 1, 1, $2, '+6281200000000', 'practice', '', $3, $3)`, tx.NewID(), f.agent.ID, db.Millis(tx.Now))
			return err
		})
		f.clock.Advance(40 * time.Minute)
		if _, _, err := f.BySession(ctx, token); err != nil {
			f.t.Fatalf("in a call: %v", err)
		}
		f.clock.Advance(time.Second)
		f.must(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE attempt SET ended_at = $1, line = 'answered'`, db.Millis(tx.Now))
			return err
		})
		f.clock.Advance(15 * time.Minute)
		_, _, err = f.BySession(ctx, token)
		f.wants(err, fault.SignedOut, "staff.idle")
	})
}

func TestSessionEndsWithTheShift(t *testing.T) {
	onFloor(t, func(f *floor) {
		ctx := context.Background()
		token, err := f.signIn("42147", good, "10.1.1.1")
		if err != nil {
			f.t.Fatal(err)
		}
		for range 71 {
			f.clock.Advance(10 * time.Minute)
			if _, _, err := f.BySession(ctx, token); err != nil {
				f.t.Fatalf("after %s: %v", f.clock.Now(), err)
			}
		}
		f.clock.Advance(10 * time.Minute)
		_, _, err = f.BySession(ctx, token)
		f.wants(err, fault.SignedOut, "staff.signed-out")
		if err := f.Tidy(ctx); err != nil {
			f.t.Fatal(err)
		}
	})
}

func TestAuthorityEndsAtOnce(t *testing.T) {
	ends := map[string]func(f *floor, tx *db.Tx) error{
		"suspended":             func(f *floor, tx *db.Tx) error { return staff.Suspend(tx, staff.Console, f.agent.ID) },
		"signed out everywhere": func(f *floor, tx *db.Tx) error { return staff.SignOutEverywhere(tx, staff.Console, f.agent.ID) },
		"new password": func(f *floor, tx *db.Tx) error {
			return staff.SetPassword(tx, staff.Console, f.agent.ID, f.agent.Secret)
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			onFloor(t, func(f *floor) {
				ctx := context.Background()
				session, err := f.signIn("42147", good, "10.1.1.1")
				if err != nil {
					f.t.Fatal(err)
				}
				token := f.token("42147")
				if a, err := f.ByToken(ctx, token); err != nil || a.Via != who.API {
					f.t.Fatalf("%+v, %v", a, err)
				}
				f.must(func(tx *db.Tx) error { return end(f, tx) })
				_, _, err = f.BySession(ctx, session)
				f.wants(err, fault.SignedOut, "staff.signed-out")
				_, err = f.ByToken(ctx, token)
				f.wants(err, fault.SignedOut, "staff.token")
			})
		})
	}
}

func TestRoleCountsFromTheNextRequest(t *testing.T) {
	onFloor(t, func(f *floor) {
		ctx := context.Background()
		session, _ := f.signIn("42147", good, "10.1.1.1")
		token := f.token("42147")
		f.must(func(tx *db.Tx) error { return staff.SetRole(tx, staff.Console, f.agent.ID, who.Checker) })
		a, _, err := f.BySession(ctx, session)
		if err != nil || a.Role != who.Checker {
			f.t.Fatalf("%+v, %v", a, err)
		}
		if a, err = f.ByToken(ctx, token); err != nil || a.Role != who.Checker || staff.May(a, staff.ActWork) == nil {
			f.t.Fatalf("%+v, %v", a, err)
		}
	})
}

func TestSuspendedPersonWithTheRightPasswordIsToldSo(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.must(func(tx *db.Tx) error { return staff.Suspend(tx, staff.Console, f.agent.ID) })
		_, err := f.signIn("42147", good, "10.1.1.1")
		f.wants(err, fault.Forbidden, "staff.suspended")
		_, err = f.signIn("42147", "salah semua", "10.1.1.1")
		f.wants(err, fault.SignedOut, "staff.wrong")
		f.must(func(tx *db.Tx) error { return staff.Resume(tx, staff.Console, f.agent.ID) })
		if _, err := f.signIn("42147", good, "10.1.1.1"); err != nil {
			f.t.Fatal(err)
		}
	})
}

func TestTokenEnds(t *testing.T) {
	onFloor(t, func(f *floor) {
		ctx := context.Background()
		token := f.token("42147")
		if !strings.HasPrefix(token, "sapa_") || strings.Contains(fmt.Sprint(f.agent), token) {
			f.t.Fatalf("token %q", token)
		}
		f.clock.Advance(24*time.Hour - time.Second)
		if _, err := f.ByToken(ctx, token); err != nil {
			f.t.Fatal(err)
		}
		f.clock.Advance(time.Second)
		_, err := f.ByToken(ctx, token)
		f.wants(err, fault.SignedOut, "staff.token")
		for _, bad := range []string{"", "sapa_", "sapa_x", token + "x", strings.ToUpper(token), strings.Repeat("sapa_", 1000)} {
			_, err := f.ByToken(ctx, bad)
			f.wants(err, fault.SignedOut, "staff.token")
		}
		err = f.write(func(tx *db.Tx) error {
			_, err := staff.CreateToken(tx, staff.Console, "42147", 0)
			return err
		})
		f.wants(err, fault.Invalid, "staff.ttl")
		err = f.write(func(tx *db.Tx) error {
			_, err := staff.CreateToken(tx, f.agent.Actor(who.Page), "42147", time.Hour)
			return err
		})
		f.wants(err, fault.Forbidden, "staff.may-not")
	})
}

func TestFeedComesInByTokenOnly(t *testing.T) {
	onFloor(t, func(f *floor) {
		feed := f.add("ovr", who.Feed)
		_, err := f.signIn("ovr", "", "10.1.1.1")
		f.wants(err, fault.SignedOut, "staff.wrong")
		err = f.write(func(tx *db.Tx) error { return staff.SetPassword(tx, staff.Console, feed.ID, f.agent.Secret) })
		f.wants(err, fault.Invalid, "staff.feed-password")
		if a, err := f.ByToken(context.Background(), f.token("ovr")); err != nil || a.Role != who.Feed {
			f.t.Fatalf("%+v, %v", a, err)
		}
		// A person who had a password and became a feed does not keep the way in.
		f.must(func(tx *db.Tx) error { return staff.SetRole(tx, staff.Console, f.agent.ID, who.Feed) })
		_, err = f.signIn("42147", good, "10.1.1.1")
		f.wants(err, fault.SignedOut, "staff.wrong")
	})
}
