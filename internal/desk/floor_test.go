package desk_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"sapa/internal/call"
	"sapa/internal/campaign"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/desk"
	"sapa/internal/document/documenttest"
	"sapa/internal/fault"
	"sapa/internal/live"
	"sapa/internal/phone"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

const (
	cp1 = phone.Number("+6289990001001")
	cp2 = phone.Number("+6289990001002")
)

// floor is a desk with two agents, a Tier 1 agent and a leader, all invented.
type floor struct {
	t                     *testing.T
	s                     *db.DB
	c                     *dbtest.Clock
	hub                   *live.Hub
	seat                  *desk.Seat
	line                  *wire
	ani, budi, rina, tuti who.Actor
}

// wire is a telephone exchange that does as it is told.
type wire struct {
	name          string
	refuse        bool // cannot dial
	forgot        bool // knows no call to hang up
	dialled, hung int
	mu            sync.Mutex
}

func (w *wire) Name() string { return w.name }

func (w *wire) Dial(context.Context, call.Attempt) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dialled++
	if w.refuse {
		return fmt.Errorf("no trunk")
	}
	return nil
}

func (w *wire) Hangup(context.Context, db.ID) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hung++
	if w.forgot {
		return fmt.Errorf("no such call")
	}
	return nil
}

func each(t *testing.T, f func(f *floor)) {
	t.Helper()
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) { f(newFloor(t, s, c)) })
}

func newFloor(t *testing.T, s *db.DB, c *dbtest.Clock) *floor {
	t.Helper()
	l, site := documenttest.Library(t), documenttest.Site
	f := &floor{t: t, s: s, c: c, hub: live.NewHub(), line: &wire{name: call.Manual}}
	f.seat = desk.New(desk.Parts{Store: s, Campaigns: campaign.New(l, "IN.OCC.TELK.W-18"), Dialer: f.line, Hub: f.hub, Site: site, Clock: c.Now})
	f.ani, f.budi, f.rina, f.tuti = f.person("ani", who.Agent), f.person("budi", who.Agent), f.person("rina", who.Tier1), f.person("tuti", who.Leader)
	return f
}

func (f *floor) person(login string, role who.Role) who.Actor {
	f.t.Helper()
	var p staff.Person
	f.do(func(tx *db.Tx) (err error) {
		p, err = staff.Add(tx, staff.Console, staff.Person{Login: login, Name: login + " rekaan", Role: role})
		return err
	})
	return p.Actor(who.Page)
}

func (f *floor) do(act func(tx *db.Tx) error) {
	f.t.Helper()
	if err := f.s.Write(context.Background(), act); err != nil {
		f.t.Fatal(err)
	}
}

func (f *floor) refused(kind fault.Kind, key, field, clause string, act func(tx *db.Tx) error) *fault.Error {
	f.t.Helper()
	err := f.s.Write(context.Background(), act)
	e := fault.Of(err)
	if e == nil || e.Kind != kind || e.Key != key || e.Field != field || e.Clause != clause {
		f.t.Errorf("%v, want %s %s at %q by %s", err, kind, key, field, clause)
	}
	return e
}

// open puts a ticket in; change may alter it before.
func (f *floor) open(campaign, ref string, change func(n *ticket.New)) (t ticket.Ticket) {
	f.t.Helper()
	n := ticket.New{Campaign: campaign, Ref: ref, ServiceNo: "152999000001", Zone: "Asia/Jakarta", Source: "tier1", Note: "Internet mati",
		Contacts: []ticket.Contact{{Phone: cp1}}}
	if change != nil {
		change(&n)
	}
	f.do(func(tx *db.Tx) (err error) {
		t, _, err = ticket.Open(tx, f.rina, n)
		return err
	})
	return t
}

// next claims for an agent.
func (f *floor) next(a who.Actor) (turn desk.Turn) {
	f.t.Helper()
	f.do(func(tx *db.Tx) (err error) {
		turn, err = f.seat.Next(tx, a, nil)
		return err
	})
	return turn
}

func (f *floor) current(a who.Actor) (turn desk.Turn, holds bool) {
	f.t.Helper()
	f.do(func(tx *db.Tx) (err error) {
		turn, holds, err = f.seat.Current(tx, a)
		return err
	})
	return turn, holds
}

func (f *floor) read(a who.Actor, turn desk.Turn) {
	f.t.Helper()
	f.do(func(tx *db.Tx) error { return f.seat.Read(tx, a, turn.Ticket.ID, turn.Lease.Token) })
}

func (f *floor) dial(a who.Actor, turn desk.Turn) (at call.Attempt) {
	f.t.Helper()
	f.do(func(tx *db.Tx) (err error) {
		at, err = f.seat.Dial(tx, a, turn.Ticket.ID, turn.Lease.Token, "")
		return err
	})
	return at
}

func (f *floor) said(a who.Actor, turn desk.Turn, line call.Line) {
	f.t.Helper()
	f.do(func(tx *db.Tx) error {
		_, err := f.seat.Said(tx, a, turn.Ticket.ID, turn.Lease.Token, line)
		return err
	})
}

func (f *floor) finish(a who.Actor, turn desk.Turn, in map[string]string) (r desk.Receipt) {
	f.t.Helper()
	f.do(func(tx *db.Tx) (err error) {
		r, err = f.seat.Finish(tx, a, turn.Ticket.ID, turn.Lease.Token, in)
		return err
	})
	return r
}

// ring lets an agent's call end without an answer.
func (f *floor) ring(a who.Actor, turn desk.Turn) {
	f.t.Helper()
	f.read(a, turn)
	f.dial(a, turn)
	f.said(a, turn, call.NoAnswer)
}

var rna = map[string]string{"status": "rna", "reason_call": "tidak-diangkat", "remarks": "Berdering"}

// heard waits for the next news of a screen: it comes after the act, and from beside it.
func (f *floor) heard(sub *live.Sub) string {
	f.t.Helper()
	select {
	case e := <-sub.C:
		return e.Name
	case <-time.After(30 * time.Second):
		f.t.Fatal("no news")
		return ""
	}
}

func (f *floor) customer(name string, class customer.Class) (c customer.Customer) {
	f.t.Helper()
	f.do(func(tx *db.Tx) (err error) {
		c, err = customer.Put(tx, customer.Customer{Name: name, Class: class, Phone: cp1, Invented: true}, []customer.Service{{No: "152999000001", Kind: "internet", Package: "50 Mbps"}})
		return err
	})
	return c
}
