package staff_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
	"sapa/internal/staff"
	"sapa/internal/who"
)

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
			{staff.Person{Login: "1", Name: "A", Role: who.Agent, Email: "a@b"}, fault.Invalid, "staff.email"},
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

func TestAnAddressIsOnePlainAddress(t *testing.T) {
	onFloor(t, func(f *floor) {
		set := func(email string) error {
			return f.write(func(tx *db.Tx) error { return staff.SetEmail(tx, staff.Console, f.agent.ID, email) })
		}
		local64, label63 := strings.Repeat("a", 64), strings.Repeat("b", 63)
		for _, good := range []string{"ani@rekaan.example", " Ani.Rekaan+ideas@mail.rekaan.example ", local64 + "@" + label63 + ".id", ""} {
			if err := set(good); err != nil {
				t.Errorf("%q: %v", good, err)
			}
			f.must(func(tx *db.Tx) error {
				p, err := staff.Get(tx, f.agent.ID)
				if p.Email != strings.TrimSpace(good) {
					t.Errorf("%q kept as %q", good, p.Email)
				}
				return err
			})
		}
		for _, bad := range []string{"ani", "ani@", "@rekaan.example", "ani@rekaan", "a b@rekaan.example", "ani@rekaan.example,budi@rekaan.example",
			"Ani <ani@rekaan.example>", "ani@rekaan.example\r\nBcc: x@y.example", "ani\x00@rekaan.example", "\"a b\"@rekaan.example", "ani@-rekaan.example",
			"ani..b@rekaan.example", ".ani@rekaan.example", "ani@rekaan..example", "anï@rekaan.example", local64 + "a@rekaan.example",
			"a@" + label63 + "b.id", "a@" + strings.Repeat("bb.", 90) + "id", "ani@rekaan.example\n"} {
			if err := set(bad); strings.TrimSpace(bad) == bad {
				f.wants(err, fault.Invalid, "staff.email")
			} else if err != nil { // what a line read from somewhere ends with is not part of it
				t.Errorf("%q: %v", bad, err)
			}
		}
		f.wants(f.write(func(tx *db.Tx) error { return staff.SetEmail(tx, f.agent.Actor(who.Page), f.agent.ID, "a@b.id") }), fault.Forbidden, "staff.may-not")
		f.wants(f.write(func(tx *db.Tx) error { return staff.SetEmail(tx, staff.Console, 404, "a@b.id") }), fault.Missing, "staff.nobody")
		f.must(func(tx *db.Tx) error {
			p, err := staff.Add(tx, staff.Console, staff.Person{Login: "77", Name: "Rekaan", Role: who.Leader, Email: "tl@rekaan.example"})
			if p.Email != "tl@rekaan.example" {
				t.Errorf("added %+v", p)
			}
			return err
		})
	})
}
