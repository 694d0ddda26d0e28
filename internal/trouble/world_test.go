package trouble_test

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// world is a store with a clock and the people of these tests, who are invented.
type world struct {
	t     *testing.T
	s     *db.DB
	clock *dbtest.Clock
}

func onStore(t *testing.T, f func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) { f(&world{t, s, c}) })
}

var (
	ani   = who.Actor{ID: 11, Login: "42147", Name: "Ani", Role: who.Agent, Skill: "T2O", Via: who.Page}
	budi  = who.Actor{ID: 12, Login: "42148", Name: "Budi", Role: who.Agent, Skill: "T2O", Via: who.Page}
	lina  = who.Actor{ID: 13, Login: "42001", Name: "Lina", Role: who.Leader, Via: who.Page}
	nossa = who.Actor{ID: 14, Login: "nossa", Name: "Nossa", Role: who.Feed, Via: who.API}
)

const service = "152999000101"

func (w *world) try(act func(tx *db.Tx) error) error {
	w.t.Helper()
	return w.s.Write(context.Background(), act)
}

func (w *world) do(act func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.try(act); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) want(got, want any, what string) {
	w.t.Helper()
	if !reflect.DeepEqual(got, want) {
		w.t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// refused wants a fault of that kind and key that a person can read.
func (w *world) refused(err error, kind fault.Kind, key string) *fault.Error {
	w.t.Helper()
	f := fault.Of(err)
	if f == nil || f.Kind != kind || f.Key != key {
		w.t.Fatalf("got %v, want %s %s", err, kind, key)
	}
	for _, l := range []phrase.Lang{phrase.ID, phrase.EN} {
		if said := phrase.Fill(l, f.Key, f.Values); said == key || strings.Contains(said, "{") {
			w.t.Fatalf("%s is said as %q", key, said)
		}
	}
	return f
}

// complaint is a whole complaint; change makes it another.
func complaint(change ...func(*trouble.New)) trouble.New {
	n := trouble.New{ServiceNo: service, Service: "internet", Customer: 5, CustomerName: "Suwarni Contoh", CustomerClass: "REGULER", Symptom: "tbc",
		Verdict: "SPEC", ContactName: "Suwarni", ContactEmail: "suwarni@contoh.example", ContactMobile: "08999000 1234", HardComplaint: "ramah",
		Urgency: "normal", FCR: "no", Description: "Tidak bisa connect sejak pagi.", STO: "MLG", Witel: "MALANG"}
	for _, c := range change {
		c(&n)
	}
	return n
}

func solved(n *trouble.New)           { n.FCR, n.Guidance = "yes", "berhasil" }
func booked(n *trouble.New)           { n.Verdict, n.Offered, n.Booking = "UNSPEC", true, 77 }
func unplanned(n *trouble.New)        { n.Verdict, n.Offered = "UNSPEC", true }
func of(no string) func(*trouble.New) { return func(n *trouble.New) { n.ServiceNo = no } }

func (w *world) open(change ...func(*trouble.New)) (t trouble.Ticket) {
	w.t.Helper()
	w.do(func(tx *db.Tx) (err error) {
		t, _, err = trouble.Open(tx, ani, complaint(change...))
		return err
	})
	return t
}

func (w *world) apply(by who.Actor, id db.ID, s trouble.Step) (t trouble.Ticket, err error) {
	w.t.Helper()
	err = w.try(func(tx *db.Tx) error {
		t, _, err = trouble.Apply(tx, by, id, s)
		return err
	})
	return t, err
}

func (w *world) note(id db.ID, kind, text string) (t trouble.Ticket, c trouble.Change) {
	w.t.Helper()
	w.do(func(tx *db.Tx) (err error) {
		t, c, err = trouble.AddNote(tx, ani, id, trouble.Note{Type: kind, Detail: text})
		return err
	})
	return t, c
}

func (w *world) take(in trouble.Incoming) (t trouble.Ticket, c trouble.Change, fresh bool) {
	w.t.Helper()
	w.do(func(tx *db.Tx) (err error) {
		t, c, fresh, err = trouble.Take(tx, nossa, in)
		return err
	})
	return t, c, fresh
}

func (w *world) get(id db.ID) (t trouble.Ticket) {
	w.t.Helper()
	w.do(func(tx *db.Tx) (err error) {
		t, err = trouble.Get(tx, id)
		return err
	})
	return t
}

func (w *world) worklog(id db.ID) (all []trouble.Note) {
	w.t.Helper()
	w.do(func(tx *db.Tx) (err error) {
		all, err = trouble.Worklog(tx, id)
		return err
	})
	return all
}

func (w *world) moves(id db.ID) string {
	w.t.Helper()
	var names []string
	w.do(func(tx *db.Tx) error {
		all, err := trouble.History(tx, id)
		for _, m := range all {
			names = append(names, m.Move+" "+string(m.Became))
		}
		return err
	})
	return strings.Join(names, ", ")
}

func (w *world) later(d time.Duration) { w.clock.Advance(d) }

// set changes a setting as who has just read it.
func (w *world) set(name, text string) error {
	w.t.Helper()
	return w.try(func(tx *db.Tx) error {
		s, err := trouble.ReadSetting(tx, name)
		if err == nil {
			_, err = trouble.Set(tx, lina, name, text, s.Version)
		}
		return err
	})
}
