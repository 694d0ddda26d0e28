package ticket_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
	"sapa/internal/phone"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

const (
	jakarta  = "Asia/Jakarta"
	makassar = "Asia/Makassar"

	ani  = db.ID(101)
	budi = db.ID(102)
	lia  = db.ID(900) // a leader
)

var rev2 = ticket.Pin{Code: "callback", Revision: 2, Hash: "two"}

// queue is a fresh store of tickets with the words the tests speak in. Its people are ids only: the queue knows no more.
type queue struct {
	*testing.T
	store *db.DB
	clock *dbtest.Clock
}

func onQueue(t *testing.T, f func(q *queue)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) { f(&queue{T: t, store: s, clock: c}) })
}

func actor(id db.ID) who.Actor { return who.Actor{ID: int64(id), Role: who.Agent, Via: who.Page} }

func (q *queue) try(act func(tx *db.Tx) error) error {
	return q.store.Write(context.Background(), act)
}

func (q *queue) do(act func(tx *db.Tx) error) {
	q.Helper()
	if err := q.try(act); err != nil {
		q.Fatal(err)
	}
}

// refused wants a fault of a kind and key.
func (q *queue) refused(err error, kind fault.Kind, key string) {
	q.Helper()
	if f := fault.Of(err); f == nil || f.Kind != kind || f.Key != key {
		q.Fatalf("got %v, want %s %s", err, kind, key)
	}
}

// customers numbers the invented customers: each ticket has one of its own unless the test says otherwise.
func (q *queue) number(i int) phone.Number { return phone.Number(fmt.Sprintf("+628999000%04d", i)) }

// open opens a callback that has waited for some minutes already.
func (q *queue) open(ref string, minutes int, change ...func(n *ticket.New)) ticket.Ticket {
	q.Helper()
	n := ticket.New{Campaign: "callback", Ref: ref, ServiceNo: "152999" + ref, ContactName: "Pelanggan " + ref, Note: "minta dipandu", Criterion: "a",
		Contacts: []ticket.Contact{{Phone: q.number(1)}}, Zone: jakarta, Source: "tier1", OpenedAt: q.clock.Now().Add(-time.Duration(minutes) * time.Minute)}
	for _, c := range change {
		c(&n)
	}
	var t ticket.Ticket
	q.do(func(tx *db.Tx) (err error) {
		t, _, err = ticket.Open(tx, actor(1), n)
		return err
	})
	return t
}

func customer(id db.ID) func(*ticket.New)      { return func(n *ticket.New) { n.Customer = id } }
func campaign(code string) func(*ticket.New)   { return func(n *ticket.New) { n.Campaign = code } }
func zone(name string) func(*ticket.New)       { return func(n *ticket.New) { n.Zone = name } }
func service(no string) func(*ticket.New)      { return func(n *ticket.New) { n.ServiceNo = no } }
func dealtTo(agent db.ID) func(*ticket.New)    { return func(n *ticket.New) { n.Owner = agent } }
func requested(at time.Time) func(*ticket.New) { return func(n *ticket.New) { n.RequestedAt = at } }
func contact(n phone.Number) func(*ticket.New) {
	return func(t *ticket.New) { t.Contacts[0].Phone = n }
}
func named(name string) func(*ticket.New) { return func(n *ticket.New) { n.ContactName = name } }
func also(n phone.Number) func(*ticket.New) {
	return func(t *ticket.New) { t.Contacts = append(t.Contacts, ticket.Contact{Phone: n}) }
}
func everywhere() []string {
	return []string{ticket.Pool("callback", jakarta), ticket.Pool("fresh-lapul", jakarta)}
}

// hand is what an agent has in it: a claimed ticket under a lease, and its turn.
type hand struct {
	ticket.Ticket
	agent db.ID
	token string
	until time.Time
	turn  ticket.Turn
}

func (q *queue) tryClaim(agent db.ID, pools ...string) (h hand, err error) {
	if len(pools) == 0 {
		pools = everywhere()
	}
	err = q.try(func(tx *db.Tx) error {
		t, lease, err := ticket.Claim(tx, agent, pools)
		if err != nil {
			return err
		}
		h = hand{Ticket: t, agent: agent, token: lease.Token, until: lease.Until}
		if h.turn, err = ticket.TurnOf(tx, t.ID); fault.Is(err, fault.Conflict) { // a fresh claim has none yet
			h.turn, err = ticket.BeginTurn(tx, t.ID, agent, rev2)
		}
		return err
	})
	return h, err
}

func (q *queue) claim(agent db.ID, pools ...string) hand {
	q.Helper()
	h, err := q.tryClaim(agent, pools...)
	if err != nil {
		q.Fatal(err)
	}
	return h
}

// next is the ref of the ticket an agent is handed, which they put back into nobody's hand: it closes. "" when none waits.
func (q *queue) next(agent db.ID, pools ...string) string {
	q.Helper()
	h, err := q.tryClaim(agent, pools...)
	if fault.Is(err, fault.Missing) {
		return ""
	}
	if err != nil {
		q.Fatal(err)
	}
	q.settle(h, closed)
	return h.Ref
}

// order closes one ticket after the other and gives their refs as they came.
func (q *queue) order(agent db.ID, pools ...string) string {
	q.Helper()
	all := ""
	for range 100 {
		ref := q.next(agent, pools...)
		if ref == "" {
			return all
		}
		if all != "" {
			all += " "
		}
		all += ref
	}
	q.Fatal("the queue never ends")
	return ""
}

var closed = ticket.Settlement{Outcome: "solved", Means: []string{"reached-decider"}, Close: "done"}

func (q *queue) trySettle(h hand, s ticket.Settlement) (t ticket.Ticket, err error) {
	err = q.try(func(tx *db.Tx) error {
		t, err = ticket.Settle(tx, actor(h.agent), h.ID, h.token, s)
		return err
	})
	return t, err
}

func (q *queue) settle(h hand, s ticket.Settlement) ticket.Ticket {
	q.Helper()
	t, err := q.trySettle(h, s)
	if err != nil {
		q.Fatal(err)
	}
	return t
}

func (q *queue) undo(h hand) (lease ticket.Lease, err error) {
	err = q.try(func(tx *db.Tx) error {
		lease, err = ticket.Unsettle(tx, actor(h.agent), h.turn.ID)
		return err
	})
	return lease, err
}

func (q *queue) release(h hand) error {
	return q.try(func(tx *db.Tx) error { return ticket.Release(tx, actor(h.agent), h.ID, h.token, "istirahat") })
}

func (q *queue) lapse(spare func(db.ID) bool) []ticket.Freed {
	q.Helper()
	var freed []ticket.Freed
	q.do(func(tx *db.Tx) (err error) {
		freed, err = ticket.Lapse(tx, spare)
		return err
	})
	return freed
}

func (q *queue) get(id db.ID) (t ticket.Ticket) {
	q.Helper()
	q.do(func(tx *db.Tx) (err error) {
		t, err = ticket.Get(tx, id)
		return err
	})
	return t
}

func (q *queue) want(got, want any, what string) {
	q.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		q.Errorf("%s: got %v, want %v", what, got, want)
	}
}
