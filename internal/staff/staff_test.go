package staff_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
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

func TestFirstAdministrator(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		ctx := context.Background()
		f := &floor{Staff: staff.New(s, staff.Options{}), t: t, store: s, clock: c}
		link, err := f.FirstAdminLink(ctx, "http://127.0.0.1:8080")
		secret, ok := strings.CutPrefix(link, "http://127.0.0.1:8080"+staff.FirstPath)
		if err != nil || !ok || len(secret) < 43 {
			t.Fatalf("link %q, %v", link, err)
		}
		for _, from := range []string{"10.0.0.1", "", "example.org", "::ffff:10.0.0.1", "10.0.0.1:80"} {
			_, _, err := f.FirstAdmin(ctx, secret, "admin", "Admin", good, from)
			f.wants(err, fault.Missing, "staff.no-link")
		}
		_, _, err = f.FirstAdmin(ctx, secret+"x", "admin", "Admin", good, "127.0.0.1")
		f.wants(err, fault.Missing, "staff.no-link")
		_, _, err = f.FirstAdmin(ctx, "", "admin", "Admin", good, "127.0.0.1")
		f.wants(err, fault.Missing, "staff.no-link")
		_, _, err = f.FirstAdmin(ctx, secret, "admin", "Admin", "pendek", "127.0.0.1")
		f.wants(err, fault.Invalid, "staff.password-short")

		// Two windows at once: one administrator.
		var mu sync.Mutex
		var made int
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				token, a, err := f.FirstAdmin(ctx, secret, fmt.Sprintf("admin%d", i), "Admin", good, "[::1]:4711")
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					made++
					if _, _, err := f.BySession(ctx, token); err != nil || a.Role != who.Admin {
						t.Errorf("%+v, %v", a, err)
					}
				} else if !fault.Is(err, fault.Missing) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if made != 1 {
			t.Fatalf("%d administrators", made)
		}
		if link, err := f.FirstAdminLink(ctx, ""); err != nil || link != "" {
			t.Fatalf("link %q, %v", link, err)
		}
	})
}

func TestLastAdministratorStays(t *testing.T) {
	onFloor(t, func(f *floor) {
		admin := f.add("admin", who.Admin)
		err := f.write(func(tx *db.Tx) error { return staff.Suspend(tx, staff.Console, admin.ID) })
		f.wants(err, fault.Conflict, "staff.last-admin")
		err = f.write(func(tx *db.Tx) error { return staff.SetRole(tx, staff.Console, admin.ID, who.Agent) })
		f.wants(err, fault.Conflict, "staff.last-admin")
		f.add("admin2", who.Admin)
		f.must(func(tx *db.Tx) error { return staff.Suspend(tx, staff.Console, admin.ID) })
	})
}

func TestTwoAdministratorsCannotRemoveEachOther(t *testing.T) {
	onFloor(t, func(f *floor) {
		a, b := f.add("admin1", who.Admin), f.add("admin2", who.Admin)
		var all sync.WaitGroup
		errs := make([]error, 2)
		for i, pair := range [][2]staff.Person{{a, b}, {b, a}} {
			all.Go(func() {
				errs[i] = f.write(func(tx *db.Tx) error { return staff.Suspend(tx, pair[0].Actor(who.Page), pair[1].ID) })
			})
		}
		all.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			f.t.Fatalf("got %v and %v", errs[0], errs[1])
		}
	})
}

func TestAddRefuses(t *testing.T) {
	onFloor(t, func(f *floor) {
		secret := f.agent.Secret
		for _, c := range []struct {
			p    staff.Person
			kind fault.Kind
			key  string
		}{
			{staff.Person{Login: "", Name: "A", Role: who.Agent}, fault.Invalid, "staff.login"},
			{staff.Person{Login: "a b", Name: "A", Role: who.Agent}, fault.Invalid, "staff.login"},
			{staff.Person{Login: strings.Repeat("9", 33), Name: "A", Role: who.Agent}, fault.Invalid, "staff.login"},
			{staff.Person{Login: "1", Name: " ", Role: who.Agent}, fault.Invalid, "staff.name"},
			{staff.Person{Login: "1", Name: "A\x00B", Role: who.Agent}, fault.Invalid, "staff.name"},
			{staff.Person{Login: "1", Name: strings.Repeat("a", 101), Role: who.Agent}, fault.Invalid, "staff.name"},
			{staff.Person{Login: "1", Name: "A", Role: "root"}, fault.Invalid, "staff.role"},
			{staff.Person{Login: "1", Name: "A", Role: who.Agent, Skill: "T2O;"}, fault.Invalid, "staff.skill"},
			{staff.Person{Login: "1", Name: "A", Role: who.Feed, Secret: secret}, fault.Invalid, "staff.feed-password"},
			{staff.Person{Login: "1", Name: "A", Role: who.Agent, Team: 99}, fault.Missing, "staff.no-team"},
			{staff.Person{Login: "42147", Name: "A", Role: who.Agent}, fault.Conflict, "staff.login-taken"},
		} {
			err := f.write(func(tx *db.Tx) error {
				_, err := staff.Add(tx, staff.Console, c.p)
				return err
			})
			f.wants(err, c.kind, c.key)
		}
		err := f.write(func(tx *db.Tx) error {
			_, err := staff.Add(tx, f.agent.Actor(who.Page), staff.Person{Login: "1", Name: "A", Role: who.Admin})
			return err
		})
		f.wants(err, fault.Forbidden, "staff.may-not")
	})
}

func TestPasswords(t *testing.T) {
	s, _ := dbtest.SQLite(t)
	door := staff.New(s, staff.Options{})
	for password, key := range map[string]string{
		"pendek1":                 "staff.password-short",
		"Password123":             "staff.password-common",
		"zzzzzzzzzzzz":            "staff.password-common",
		"login-panjang":           "staff.password-common",
		"a\x00bcdefgh":            "staff.password-text",
		"abcdefg\xff":             "staff.password-text",
		strings.Repeat("ab", 200): "staff.password-long",
	} {
		_, err := door.HashPassword(context.Background(), password, "login-panjang")
		if e := fault.Of(err); e == nil || e.Key != key {
			t.Errorf("%q: want %s, got %v", password, key, err)
		}
	}
	secret, err := door.HashPassword(context.Background(), "sandi panjang sekali", "x")
	if err != nil || secret.Empty() {
		t.Fatal(err)
	}
	if printed := fmt.Sprintf("%v %s %#v %+v", secret, secret, secret, staff.Person{Secret: secret}); strings.Contains(printed, "argon") {
		t.Errorf("a secret printed itself: %s", printed)
	}
}

func TestMix(t *testing.T) {
	onFloor(t, func(f *floor) {
		leader := f.add("tl1", who.Leader)
		var team db.ID
		f.must(func(tx *db.Tx) (err error) {
			if team, err = staff.TeamNamed(tx, staff.Console, " Malang  A "); err != nil {
				return err
			}
			if again, err := staff.TeamNamed(tx, staff.Console, "Malang A"); err != nil || again != team {
				return fmt.Errorf("team %d and %d, %w", team, again, err)
			}
			return staff.SetTeam(tx, staff.Console, f.agent.ID, team)
		})
		set := func(a who.Actor, codes ...string) error {
			return f.write(func(tx *db.Tx) error { return staff.SetCampaigns(tx, a, f.agent.ID, codes) })
		}
		leads := leader.Actor(who.Page)
		leads.Team = int64(team)
		if err := set(leads, "fresh-lapul", "callback", "callback"); err != nil {
			f.t.Fatal(err)
		}
		f.must(func(tx *db.Tx) error {
			codes, err := staff.CampaignsOf(tx, f.agent.ID)
			if err != nil || strings.Join(codes, " ") != "callback fresh-lapul" {
				f.t.Errorf("got %v, %v", codes, err)
			}
			return nil
		})
		other := leads
		other.Team = int64(team) + 1
		f.wants(set(other, "callback"), fault.Missing, "staff.nobody")
		f.wants(set(f.agent.Actor(who.Page), "callback"), fault.Forbidden, "staff.may-not")
		if err := set(leads); err != nil {
			f.t.Fatal(err)
		}
	})
}

func TestPresence(t *testing.T) {
	onFloor(t, func(f *floor) {
		state := func() string {
			var got string
			f.must(func(tx *db.Tx) error {
				all, err := staff.Present(tx, 0)
				if err == nil && len(all) == 1 {
					got = all[0].State
				}
				return err
			})
			return got
		}
		if s := state(); s != "out" {
			f.t.Fatal(s)
		}
		if _, err := f.signIn("42147", good, "10.1.1.1"); err != nil {
			f.t.Fatal(err)
		}
		if s := state(); s != "ready" {
			f.t.Fatal(s)
		}
		f.must(func(tx *db.Tx) error { return staff.SetPresence(tx, f.agent.Actor(who.Page), "prayer") })
		if s := state(); s != "prayer" {
			f.t.Fatal(s)
		}
		err := f.write(func(tx *db.Tx) error { return staff.SetPresence(tx, f.agent.Actor(who.Page), "gone") })
		f.wants(err, fault.Invalid, "staff.presence")
		f.clock.Advance(staff.Idle)
		if s := state(); s != "out" {
			f.t.Fatal(s)
		}
	})
}
