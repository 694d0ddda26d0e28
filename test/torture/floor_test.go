package torture

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// A floor small enough that everybody is in everybody's way.
const (
	agents    = 10
	clients   = 14 // four agents have two windows open
	customers = 30
	standing  = 70 // tickets at the start; each that closes is followed by a new one
)

var allPools = []string{ticket.Pool("callback", "Asia/Jakarta"), ticket.Pool("callback", "Asia/Makassar"), ticket.Pool("fresh-lapul", "Asia/Jakarta")}

// floor is a queue under many hands, all of whose doings are recorded.
type floor struct {
	*testing.T
	store   *db.DB
	h       *history
	claim   func(tx *db.Tx, agent db.ID, pools []string) (ticket.Ticket, ticket.Lease, error)
	refs    atomic.Int64
	crowded atomic.Int64 // claims told that many agents take at once
	left    atomic.Int64 // claims still to be recorded
}

func newFloor(t *testing.T, s *db.DB, c *dbtest.Clock) *floor {
	return &floor{T: t, store: s, h: &history{clock: c}, claim: ticket.Claim}
}

// run lets the clients loose until a number of claims is recorded, and gives their history.
func (f *floor) run(seed uint64, claims int) *history {
	f.left.Store(int64(claims))
	first := &client{floor: f, rnd: rand.New(rand.NewPCG(seed, 0))}
	for range standing {
		first.open()
	}
	var group sync.WaitGroup
	for i := range clients {
		c := &client{floor: f, id: i + 1, agent: db.ID(101 + i%agents), rnd: rand.New(rand.NewPCG(seed, uint64(i+1)))}
		group.Go(func() {
			for f.left.Load() > 0 && !f.Failed() {
				c.act()
			}
		})
	}
	group.Wait()
	f.h.advance(time.Hour)
	first.lapse(0)
	first.look()
	if f.Failed() {
		f.FailNow()
	}
	return f.h
}

// hand is what a client believes to hold.
type hand struct {
	ticket         db.ID
	token, subject string
}

type client struct {
	*floor
	id    int
	agent db.ID
	rnd   *rand.Rand
	hand  hand
	old   hand // one that is over
}

// act does one thing an agent, a leader or the house may do, weighed so that hands are mostly busy.
func (c *client) act() {
	n := c.rnd.IntN(100)
	switch {
	case n < 3:
		pause := time.Duration(c.rnd.IntN(240)) * time.Second
		if c.rnd.IntN(8) == 0 {
			pause = 11 * time.Minute // a break in which leases run out
		}
		c.h.advance(pause)
	case n < 6:
		c.lapse(c.rnd.IntN(3))
	case n < 7:
		c.look()
	case n < 12 && c.old.token != "":
		c.tell(c.old, c.rnd.IntN(3))
	case c.hand.token == "" || n < 22:
		c.next()
	case n < 24:
		c.old, c.hand = c.hand, hand{} // the laptop is closed
	case n < 34:
		c.tell(c.hand, 0)
	case n < 46:
		c.tell(c.hand, 1)
	default:
		c.tell(c.hand, 2)
	}
}

func (c *client) actor() who.Actor {
	return who.Actor{ID: int64(c.agent), Role: who.Agent, Via: who.API}
}

// record runs an act between two stamps. What it was refused for comes back as its fault's kind; "" when it was done.
func (c *client) record(o *op, act func(tx *db.Tx) error) fault.Kind {
	o.client, o.agent = c.id, c.agent
	o.call = c.h.stamp.Add(1)
	err := c.store.Write(context.Background(), func(tx *db.Tx) error {
		o.now, o.tries = db.Millis(tx.Now), tx.Try
		return act(tx)
	})
	o.late = db.Millis(c.h.clock.Now())
	o.ret = c.h.stamp.Add(1)
	if err == nil {
		return ""
	}
	f := fault.Of(err)
	if f == nil || (f.Kind == fault.Busy && f.Key != "ticket.crowded") {
		c.Errorf("%s: %v", o.kind, err)
		return "broken"
	}
	return f.Kind
}

func (c *client) open() {
	o := op{kind: opened, result: ok, pool: allPools[c.rnd.IntN(len(allPools))]}
	n := ticket.New{Campaign: "callback", Zone: "Asia/Jakarta", Ref: fmt.Sprint("R", c.refs.Add(1)), Customer: db.ID(1 + c.rnd.IntN(customers)),
		Contacts: []ticket.Contact{{Phone: "+628999000001"}}, Source: "api", Quiet: true}
	switch o.pool {
	case allPools[1]:
		n.Zone = "Asia/Makassar"
	case allPools[2]:
		n.Campaign = "fresh-lapul"
	}
	age := time.Duration(c.rnd.IntN(7200)) * time.Second
	kind := c.record(&o, func(tx *db.Tx) error {
		n.OpenedAt = tx.Now.Add(-age)
		t, _, err := ticket.Open(tx, who.House, n)
		o.ticket, o.subject, o.place = t.ID, t.Subject, stands(t)
		return err
	})
	if kind != "" {
		c.Errorf("open: %s", kind)
	}
	c.h.add(o)
}

func stands(t ticket.Ticket) place {
	return place{rank: t.Rank, order: db.Millis(t.OrderAt), wake: db.Millis(t.WakeAt), owner: t.Owner, ownerUntil: db.Millis(t.OwnerUntil)}
}

// next asks for the next ticket, mostly of all pools.
func (c *client) next() {
	o := op{kind: claim, result: got, pools: allPools}
	if c.rnd.IntN(4) == 0 {
		o.pools = allPools[c.rnd.IntN(len(allPools)):]
	}
	kind := c.record(&o, func(tx *db.Tx) error {
		t, lease, err := c.claim(tx, c.agent, o.pools)
		if err != nil {
			return err
		}
		o.ticket, o.subject, o.token, o.until = t.ID, t.Subject, lease.Token, db.Millis(lease.Until)
		_, err = ticket.BeginTurn(tx, t.ID, c.agent, ticket.Pin{Code: t.Campaign, Revision: 2, Hash: "two"})
		return err
	})
	switch kind {
	case "":
		if c.hand.token != "" && c.hand.token != o.token {
			c.old = c.hand
		}
		c.hand = hand{o.ticket, o.token, o.subject}
	case fault.Missing:
		o = op{client: o.client, agent: o.agent, kind: claim, result: nothing, pools: o.pools, now: o.now, late: o.late, call: o.call, ret: o.ret}
	case fault.Busy:
		c.crowded.Add(1) // it did nothing
		c.h.add(op{client: o.client, kind: crowded, tries: o.tries, call: o.call, ret: o.ret})
		return
	default:
		c.Errorf("claim: %s", kind)
		return
	}
	c.left.Add(-1)
	c.h.add(o)
}

// tell renews, releases or settles under a token that holds or not.
func (c *client) tell(h hand, what int) {
	o := op{kind: []string{renew, release, settle}[what], result: ok, ticket: h.ticket, subject: h.subject, token: h.token}
	s := c.settlement(what)
	kind := c.record(&o, func(tx *db.Tx) error {
		switch what {
		case 0:
			lease, err := ticket.Renew(tx, h.ticket, c.agent, h.token)
			o.until = db.Millis(lease.Until)
			return err
		case 1:
			return ticket.Release(tx, c.actor(), h.ticket, h.token, "istirahat")
		}
		if s.Close == "" {
			s.AgainAt = tx.Now.Add(time.Duration(1+c.id) * time.Minute)
			s.OwnerUntil = s.AgainAt.Add(15 * time.Minute)
		}
		t, err := ticket.Settle(tx, c.actor(), h.ticket, h.token, s)
		o.place, o.closed = stands(t), s.Close != ""
		return err
	})
	switch kind {
	case "":
	case fault.Conflict:
		o.result, o.place, o.closed = lost, place{}, false
	default:
		c.Errorf("%s: %s", o.kind, kind)
	}
	if h == c.hand && (what > 0 || o.result == lost) {
		c.old, c.hand = c.hand, hand{}
	}
	c.h.add(o)
	if o.closed {
		c.open()
	}
}

func (c *client) settlement(what int) ticket.Settlement {
	s := ticket.Settlement{Outcome: "x"}
	if what != 2 {
		return s
	}
	switch c.rnd.IntN(3) {
	case 0:
		s.Close = "done"
	case 1:
		s.Promise, s.Owner = true, c.agent
	}
	return s
}

// lapse frees what has run out, sparing every third agent as if in a call; 0 spares nobody.
func (c *client) lapse(spared int) {
	o := op{kind: lapse, result: ok}
	var freed []ticket.Freed
	if kind := c.record(&o, func(tx *db.Tx) (err error) {
		freed, err = ticket.Lapse(tx, func(agent db.ID) bool { return spared > 0 && int(agent)%3 == spared })
		return err
	}); kind != "" {
		c.Errorf("lapse: %s", kind)
	}
	for _, one := range freed {
		o.ticket, o.agent, o.token = one.Ticket, one.Agent, one.Token
		o.subject = c.subject(one.Ticket)
		c.h.add(o)
	}
}

func (c *client) subject(id db.ID) (subject string) {
	err := c.store.Read(context.Background(), func(tx *db.Tx) error {
		t, err := ticket.Get(tx, id)
		subject = t.Subject
		return err
	})
	if err != nil {
		c.Error(err)
	}
	return subject
}

// look wants every hold to have its claimed ticket and every claimed ticket its hold, in one snapshot.
func (c *client) look() {
	err := c.store.Read(context.Background(), func(tx *db.Tx) error {
		var alone, empty int
		err := tx.Row(`
			SELECT (SELECT count(*) FROM ticket t WHERE t.state = 'claimed' AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.ticket = t.id AND h.subject = t.subject)),
			       (SELECT count(*) FROM hold h WHERE NOT EXISTS (SELECT 1 FROM ticket t WHERE t.id = h.ticket AND t.state = 'claimed'))`).Scan(&alone, &empty)
		if alone+empty > 0 {
			c.Errorf("%d claimed tickets without a hold, %d holds without a claimed ticket", alone, empty)
		}
		return err
	})
	if err != nil {
		c.Error(err)
	}
}
