package registration_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/registration"
	"sapa/internal/who"
)

var (
	ani  = who.Actor{ID: 7, Login: "ani", Role: who.Agent, Via: who.Page}
	tuti = who.Actor{ID: 10, Login: "tuti", Role: who.Leader, Via: who.Page}
)

type office struct {
	t *testing.T
	s *db.DB
}

func (o office) do(act func(tx *db.Tx) error) {
	o.t.Helper()
	if err := o.s.Write(context.Background(), act); err != nil {
		o.t.Fatal(err)
	}
}

// opened is an office with two packages and the distribution points of MLG.
func opened(t *testing.T, s *db.DB, ports ...int64) office {
	o := office{t, s}
	o.do(func(tx *db.Tx) error {
		if err := registration.PutPackages(tx, tuti, []registration.Package{{Code: "inet-50", Name: "Internet 50 Mbps", Price: 315_000, Offered: true}, {Code: "old", Name: "Internet 10 Mbps", Price: 200_000}}); err != nil {
			return err
		}
		var odps []registration.ODP
		for i, n := range ports {
			odps = append(odps, registration.ODP{Name: fmt.Sprintf("ODP-MLG-FA/%02d", i+1), Ports: 8, Used: 8 - n})
		}
		return registration.PutODPs(tx, tuti, odps)
	})
	return o
}

func request(n int) registration.New {
	return registration.New{Name: "Calon " + fmt.Sprint(n), Phone: fmt.Sprintf("0812 0000 %04d", n), Address: fmt.Sprintf("Jl. Kawi %d", n), City: "Malang", Package: "inet-50", STO: "mlg"}
}

func (o office) open(n registration.New) (r registration.Request, err error) {
	err = o.s.Write(context.Background(), func(tx *db.Tx) (err error) {
		r, err = registration.Open(tx, ani, n)
		return err
	})
	return r, err
}

func (o office) move(no, move, note string) (r registration.Request, err error) {
	err = o.s.Write(context.Background(), func(tx *db.Tx) (err error) {
		r, err = registration.Apply(tx, tuti, no, move, note, 0)
		return err
	})
	return r, err
}

func (o office) free() (n int64) {
	o.t.Helper()
	err := o.s.Read(context.Background(), func(tx *db.Tx) error {
		c, err := registration.Cover(tx, "MLG", "")
		n = c.Free
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

func (o office) refused(err error, kind fault.Kind, key, field string) {
	o.t.Helper()
	f := fault.Of(err)
	if f == nil || f.Kind != kind || f.Key != key || f.Field != field {
		o.t.Errorf("got %v, want %s %s at %q", err, kind, key, field)
		return
	}
	for _, lang := range []phrase.Lang{phrase.ID, phrase.EN} {
		if said := phrase.Fill(lang, f.Key, f.Values); said == "" || strings.Contains(said, "{") || said == f.Key {
			o.t.Errorf("%s says %q", key, said)
		}
	}
}

// SOP 2.c, A-05: a prospect without a service number is registered, gets an order number and a port; the request is
// installed, and the port is in use then.
func TestAProspectIsRegistered(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		o := opened(t, s, 1, 3)
		r, err := o.open(request(1))
		if err != nil {
			t.Fatal(err)
		}
		if r.State != registration.Ordered || !strings.HasPrefix(r.No, "SC1") || len(r.No) != 11 || r.ODP != "ODP-MLG-FA/02" || r.Price != 315_000 || r.Customer != 0 || o.free() != 3 {
			t.Errorf("%+v, %d ports left", r, o.free())
		}
		_, err = o.open(request(1))
		o.refused(err, fault.Conflict, "registration.open", "package")
		if r, err = o.move(r.No, registration.MoveInstall, ""); err != nil || r.State != registration.Installed || r.ODP == "" {
			t.Errorf("%+v %v", r, err)
		}
		_, err = o.move(r.No, registration.MoveCancel, "berubah pikiran")
		o.refused(err, fault.Conflict, "registration.move", "move")
		if _, err := o.open(request(1)); err != nil {
			t.Errorf("another one after the first is installed: %v", err)
		}
		o.do(func(tx *db.Tx) error {
			h, err := registration.History(tx, r.ID)
			if len(h) != 2 || h[0].Move != registration.MoveRequest || h[1].Became != registration.Installed || h[1].By != db.ID(tuti.ID) {
				t.Errorf("history %+v", h)
			}
			c, err2 := registration.Cover(tx, "", "ODP-MLG-FA/02 FA/D01/02.01")
			if err2 != nil || len(c.ODPs) != 1 || c.ODPs[0].Used != 6 || c.STO != "MLG" {
				t.Errorf("%+v %v", c, err2)
			}
			return err
		})
	})
}

// Without a free port a request waits; a port that a cancelled order gives back serves it.
func TestARequestWaitsForTheNetwork(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		o := opened(t, s, 1)
		first, err := o.open(request(1))
		if err != nil {
			t.Fatal(err)
		}
		second, err := o.open(request(2))
		if err != nil || second.State != registration.Waiting || second.ODP != "" {
			t.Fatalf("%+v %v", second, err)
		}
		_, err = o.move(second.No, registration.MoveOrder, "")
		o.refused(err, fault.Conflict, "registration.no-port", "move")
		_, err = o.move(first.No, registration.MoveCancel, " ")
		o.refused(err, fault.Invalid, "registration.why", "note")
		if o.free() != 0 {
			t.Errorf("a refused move gave a port back: %d", o.free())
		}
		if c, err := o.move(first.No, registration.MoveCancel, "pindah rumah"); err != nil || c.State != registration.Cancelled || c.ODP != "" || o.free() != 1 {
			t.Errorf("%+v %v", c, err)
		}
		if r, err := o.move(second.No, registration.MoveOrder, ""); err != nil || r.State != registration.Ordered || o.free() != 0 {
			t.Errorf("%+v %v", r, err)
		}
		elsewhere := request(3)
		elsewhere.STO = "ABC"
		if r, err := o.open(elsewhere); err != nil || r.State != registration.Waiting {
			t.Errorf("an exchange nobody knows: %+v %v", r, err)
		}
		o.do(func(tx *db.Tx) error {
			waiting, err := registration.List(tx, registration.Waiting, 0, 10)
			if len(waiting) != 1 || waiting[0].STO != "ABC" {
				t.Errorf("%+v", waiting)
			}
			page, err2 := registration.List(tx, "", waiting[0].ID, 10)
			if err2 != nil || len(page) != 2 {
				t.Errorf("%d %v", len(page), err2)
			}
			return err
		})
	})
}

// A hundred agents at once over ten ports: ten orders, none twice, ninety wait.
func TestAPortIsKeptOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		o := opened(t, s, 4, 6)
		var group sync.WaitGroup
		var mu sync.Mutex
		states, numbers := map[string]int{}, map[string]bool{}
		for i := range 100 {
			group.Go(func() {
				r, err := o.open(request(i))
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				states[r.State]++
				numbers[r.No] = true
			})
		}
		group.Wait()
		if states[registration.Ordered] != 10 || states[registration.Waiting] != 90 || len(numbers) != 100 || o.free() != 0 {
			t.Errorf("%v, %d numbers, %d ports left", states, len(numbers), o.free())
		}
	})
}

// What is wrong is said with its field; nothing of it is kept.
func TestARegistrationIsChecked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		o := opened(t, s, 2)
		for _, w := range []struct {
			change     func(n *registration.New)
			kind       fault.Kind
			key, field string
		}{
			{func(n *registration.New) { n.Name = " " }, fault.Invalid, "registration.needed", "name"},
			{func(n *registration.New) { n.Address = "" }, fault.Invalid, "registration.needed", "address"},
			{func(n *registration.New) { n.Note = strings.Repeat("a", 1001) }, fault.Invalid, "registration.long", "note"},
			{func(n *registration.New) { n.Email = "bukan email" }, fault.Invalid, "registration.email", "email"},
			{func(n *registration.New) { n.STO = "MALANG" }, fault.Invalid, "registration.sto", "sto"},
			{func(n *registration.New) { n.ODP = "ODP-MLG-FA/99" }, fault.Invalid, "registration.odp", "odp"},
			{func(n *registration.New) { n.STO, n.ODP = "BTU", "ODP-MLG-FA/01" }, fault.Invalid, "registration.odp-elsewhere", "odp"},
			{func(n *registration.New) { n.Package = "none" }, fault.Invalid, "registration.package", "package"},
			{func(n *registration.New) { n.Package = "old" }, fault.Conflict, "registration.package-gone", "package"},
		} {
			n := request(1)
			w.change(&n)
			_, err := o.open(n)
			o.refused(err, w.kind, w.key, w.field)
		}
		n := request(1)
		n.Phone = "12"
		if _, err := o.open(n); fault.Of(err) == nil || fault.Of(err).Field != "phone" {
			t.Errorf("got %v", err)
		}
		if o.free() != 2 {
			t.Errorf("%d ports left", o.free())
		}
		for _, w := range []struct {
			odp        registration.ODP
			key, field string
		}{
			{registration.ODP{Name: "MLG/1", Ports: 8}, "registration.odp-form", "odp"},
			{registration.ODP{Name: "ODP-MLG-FA/01", STO: "X", Ports: 8}, "registration.sto", "sto"},
			{registration.ODP{Name: "ODP-MLG-FA/01", Ports: 8, Used: 9}, "registration.ports-form", "ports"},
		} {
			o.refused(s.Write(context.Background(), func(tx *db.Tx) error { return registration.PutODPs(tx, tuti, []registration.ODP{w.odp}) }), fault.Invalid, w.key, w.field)
		}
		if _, err := o.open(request(1)); err != nil {
			t.Fatal(err)
		}
		less := s.Write(context.Background(), func(tx *db.Tx) error {
			return registration.PutODPs(tx, tuti, []registration.ODP{{Name: "ODP-MLG-FA/01", Ports: 8, Used: 8}})
		})
		o.refused(less, fault.Conflict, "registration.ports", "ports")
		for key, p := range map[string]registration.Package{"registration.package-code": {Name: "x"}, "registration.package-name": {Code: "x"}, "registration.price": {Code: "x", Name: "x", Price: -1}} {
			err := s.Write(context.Background(), func(tx *db.Tx) error { return registration.PutPackages(tx, tuti, []registration.Package{p}) })
			if f := fault.Of(err); f == nil || f.Key != key {
				t.Errorf("got %v, want %s", err, key)
			}
		}
		o.do(func(tx *db.Tx) error {
			if _, err := registration.ByNo(tx, "SC1"); !fault.Is(err, fault.Missing) {
				t.Errorf("got %v", err)
			}
			if _, err := registration.Apply(tx, tuti, "SC1", registration.MoveCancel, "x", 0); !fault.Is(err, fault.Missing) {
				t.Errorf("got %v", err)
			}
			return nil
		})
	})
}

// Illegal combinations are impossible in the store, whoever writes: more kept than there is, an order without a port, a move
// that the table does not have.
func TestTheStoreRefusesWhatCannotBe(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		o := opened(t, s, 1)
		r, err := o.open(request(1))
		if err != nil {
			t.Fatal(err)
		}
		for _, act := range []string{
			`UPDATE odp SET kept = 2`, `UPDATE odp SET used = 9`, `UPDATE registration SET odp = NULL`, `UPDATE registration SET state = 'waiting'`, `UPDATE registration SET state = 'done'`,
			`INSERT INTO registration_move(registration, seq, was, move, became, by_id, at) SELECT id, 9, 'installed', 'cancel', 'cancelled', 1, 1 FROM registration`,
		} {
			if err := s.Write(context.Background(), func(tx *db.Tx) error { _, err := tx.Exec(act); return err }); err == nil {
				t.Errorf("the store took %s", act)
			}
		}
		if r.Moves()[0] != registration.MoveInstall {
			t.Errorf("%v", r.Moves())
		}
	})
}

// SOP 2.c: one package is changed as it stood when it was read: who comes second is told, a code is given once, and the same
// again is no new version.
func TestAPackageIsChangedAsItWasRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		put := func(p registration.Package, kind fault.Kind, key string) {
			t.Helper()
			err := s.Write(context.Background(), func(tx *db.Tx) error { return registration.PutPackage(tx, tuti, p) })
			if key == "" && err != nil || key != "" && (!fault.Is(err, kind) || fault.Of(err).Key != key) {
				t.Errorf("%+v: %v, want %q", p, err, key)
			}
		}
		one := registration.Package{Code: "inet-50", Name: "Internet 50 Mbps", Price: 315_000, Offered: true}
		put(one, fault.Conflict, "")
		put(one, fault.Conflict, "registration.package-there")
		put(registration.Package{Code: "inet-9", Name: "x", Version: 1}, fault.Missing, "registration.package")
		one.Version, one.Price = 1, 325_000
		put(one, fault.Conflict, "")
		put(one, fault.Conflict, "registration.package-changed")
		one.Version = 2
		put(one, fault.Conflict, "") // the same again
		one.Offered = false
		put(one, fault.Conflict, "")
		err := s.Read(context.Background(), func(tx *db.Tx) error {
			all, err := registration.Packages(tx)
			if one.Version = 3; len(all) != 1 || all[0] != one {
				t.Errorf("%+v", all)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
