package lead

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/live"
	"sapa/internal/outage"
	"sapa/internal/phone"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// Turns of what follows an outage, in rows: so short that a result saved meanwhile hardly waits.
const (
	headsAtOnce    = 100                   // tickets of each queue looked at on a reader first
	lookAtOnce     = 1_000                 // and then
	turnLite       = 100                   // tickets parked or released by one act: everybody waits for all of it
	turnPostgres   = 400                   // nobody waits: a claim passes over what another act is changing
	aTicket        = 35 * time.Microsecond // parked or released no faster: 100,000 in 3.5 s
	completeAtOnce = 4
	verifyAtOnce   = 20
)

// Follower lets the campaigns follow a trouble ticket's change; the desk does.
type Follower interface {
	Follow(tx *db.Tx, a who.Actor, c trouble.Change) error
}

// Settler does in turns what a declared or recovered outage leaves to be done. Whatever stops it, it goes on from what the
// store says; two of them at once do no harm.
type Settler struct {
	Store  *db.DB
	Follow Follower
	Hub    *live.Hub
	Site   *time.Location
	Ticker func(time.Duration) (<-chan time.Time, func()) // the beat of turns over tickets; nil: nobody rests
	one    sync.Mutex
	walked time.Time // when it last looked for what slipped through
}

// walkEvery is how often a declared outage's queues are walked again.
const walkEvery = time.Minute

// Settle does all that is left: parks what waits for declared outages, heads of the queues first; then, of those that are
// over, completes children, opens verification calls, and releases what was parked, oldest first. The house's ticker calls
// it, and whoever wants to tell the counts.
func (s *Settler) Settle(ctx context.Context) error {
	s.one.Lock()
	defer s.one.Unlock()
	var parking, releasing []outage.Outage
	var due bool
	err := s.Store.Read(ctx, func(tx *db.Tx) (err error) {
		active, err := outage.Active(tx)
		if err != nil {
			return err
		}
		due = len(active) > 0 && !tx.Now.Before(s.walked.Add(walkEvery))
		if due || len(active) == 0 {
			s.walked = tx.Now
		}
		if parking, err = outage.Unsettled(tx, outage.Parking); err == nil {
			releasing, err = outage.Unsettled(tx, outage.Releasing)
		}
		return err
	})
	switch {
	case err != nil:
	case len(parking) > 0:
		err = s.park(ctx, parking)
	case due:
		err = s.walk(ctx)
	}
	for _, o := range releasing {
		if err == nil {
			err = s.release(ctx, o)
		}
	}
	return err
}

// park parks all that waits and says that it is done. What is put back or opened meanwhile parks itself; what slips through -
// a sleeper that wakes behind the walk - every claim passes over, and the next walk parks it.
func (s *Settler) park(ctx context.Context, parking []outage.Outage) error {
	if err := s.walk(ctx); err != nil {
		return err
	}
	parked := make([]int64, len(parking))
	err := s.Store.Read(ctx, func(tx *db.Tx) (err error) { // not within the act: it takes 17 ms for a hundred thousand
		for i, o := range parking {
			if err == nil {
				parked[i], err = ticket.ParkedBy(tx, o.ID)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.Store.Write(ctx, func(tx *db.Tx) error {
		for i, o := range parking {
			if err := outage.Done(tx, o.ID, outage.Parking, parked[i]); err != nil {
				return err
			}
		}
		tx.After(func() { s.Hub.Publish("board", live.Event{Name: "outage"}) })
		return nil
	})
}

// walk parks what it meets round by round, the heads of all queues first and a few at once, so that nobody waits for the rest. It
// looks on while what it has found is being parked, each round's tickets in the order in which they came, which is how they lie in the
// store: that writes each page of it once.
func (s *Settler) walk(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	batches := make(chan batch)
	var parker sync.WaitGroup
	parker.Go(func() {
		chore, rested := s.chores()
		defer rested()
		for b := range batches {
			err := chore(ctx, func(tx *db.Tx) error {
				_, err := ticket.Park(tx, b.outage, b.tickets)
				return err
			})
			if err != nil {
				stop(err)
			}
		}
	})
	err := s.look(ctx, batches)
	close(batches)
	parker.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// chores gives how turns over tickets are done, and how to stop it: what takes less time than it may leaves the writer and the disk to people's
// acts, what takes longer does not rest.
func (s *Settler) chores() (do func(context.Context, func(tx *db.Tx) error) error, stop func()) {
	if s.Ticker == nil {
		return s.Store.Chore, func() {}
	}
	tick, stop := s.Ticker(time.Duration(s.turn()) * aTicket)
	return func(ctx context.Context, act func(tx *db.Tx) error) error {
		if err := s.Store.Chore(ctx, act); err != nil {
			return err
		}
		select {
		case <-tick:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}, stop
}

// turn is how many tickets one act parks or releases.
func (s *Settler) turn() int {
	if s.Store.Postgres() {
		return turnPostgres
	}
	return turnLite
}

// batch is tickets of one outage that one act parks.
type batch struct {
	outage  db.ID
	tickets []db.ID
}

// look walks along the queues and hands on what stands in an outage.
func (s *Settler) look(ctx context.Context, batches chan<- batch) error {
	var w ticket.Walk
	found, atOnce := map[db.ID][]db.ID{}, headsAtOnce
	for over := false; !over; {
		var round bool
		err := s.Store.Read(ctx, func(tx *db.Tx) (err error) {
			var some map[db.ID][]db.ID
			some, round, over, err = w.Look(tx, atOnce)
			for id, tickets := range some {
				found[id] = append(found[id], tickets...)
			}
			return err
		})
		if err != nil {
			return err
		}
		if !round {
			continue
		}
		for id, tickets := range found {
			slices.Sort(tickets)
			for some := range slices.Chunk(tickets, s.turn()) {
				select {
				case batches <- batch{id, some}:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}
		clear(found)
		atOnce = lookAtOnce
	}
	return nil
}

func (s *Settler) release(ctx context.Context, o outage.Outage) error {
	left := true
	for left { // children first: rows that wait for them leave the work list before anything is handed out again
		err := s.Store.Write(ctx, func(tx *db.Tx) error {
			changes, err := trouble.CompleteSome(tx, who.House, o.Parent, completeAtOnce)
			if err != nil {
				return err
			}
			for _, c := range changes {
				if err := s.Follow.Follow(tx, who.House, c); err != nil {
					return err
				}
			}
			left = len(changes) == completeAtOnce
			return outage.Count(tx, o.ID, 0, int64(len(changes)), 0)
		})
		if err != nil {
			return err
		}
	}
	if o.Verify {
		if err := s.verify(ctx, o); err != nil {
			return err
		}
	}
	chore, stop := s.chores()
	defer stop()
	for left = true; left; {
		err := chore(ctx, func(tx *db.Tx) error {
			released, more, err := ticket.Unpark(tx, o.ID, s.turn())
			if err != nil {
				return err
			}
			if left = more; !more {
				o, err := outage.Get(tx, o.ID)
				if err != nil {
					return err
				}
				if err := outage.Done(tx, o.ID, outage.Releasing, o.Released+released); err != nil {
					return err
				}
				tx.After(func() { s.Hub.Publish("board", live.Event{Name: "outage"}) })
			}
			return outage.Count(tx, o.ID, released, 0, 0)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// verify opens a call to each customer whose report ended with the outage: is it mended for them too? It is an IVR Gamas
// ticket of its own, once for each report.
func (s *Settler) verify(ctx context.Context, o outage.Outage) error {
	after := db.ID(0)
	for {
		var children []trouble.Ticket
		err := s.Store.Write(ctx, func(tx *db.Tx) (err error) {
			if children, err = trouble.CompletedByGamas(tx, o.Parent, after, verifyAtOnce); err != nil {
				return err
			}
			opened := int64(0)
			for _, child := range children {
				fresh, err := s.call(tx, o, child)
				if err != nil {
					return err
				}
				if fresh {
					opened++
				}
			}
			return outage.Count(tx, o.ID, 0, 0, opened)
		})
		if err != nil {
			return err
		}
		if len(children) < verifyAtOnce {
			return nil
		}
		after = children[len(children)-1].ID
	}
}

// call opens one verification call. A report without a number to call cannot have one: the journal says so.
func (s *Settler) call(tx *db.Tx, o outage.Outage, child trouble.Ticket) (bool, error) {
	n := ticket.New{Campaign: ticket.Gamas, Ref: fmt.Sprintf("GV-%s-%s", o.ID, child.No), ServiceNo: child.ServiceNo, Customer: child.Customer,
		ContactName: child.ContactName, Source: "outage", Zone: s.Site.String(), Fields: map[string]string{"verifies": child.No},
		Note: strings.TrimSpace("Verifikasi setelah gamas pulih: pastikan layanan sudah normal (" + child.No + ").\n\n" + o.Reason)}
	c, _, err := customer.OfTicket(tx, child.Customer, child.ServiceNo)
	switch {
	case err == nil:
		n.Customer, n.Zone = c.ID, c.Zone
		if n.ContactName == "" {
			n.ContactName = c.Name
		}
	case !fault.Is(err, fault.Missing):
		return false, err
	default:
		if zone, ok := phone.ZoneOfArea(child.ServiceNo); ok {
			n.Zone = zone
		}
	}
	for _, number := range []phone.Number{child.ContactMobile, c.Phone} {
		if number != "" && (len(n.Contacts) == 0 || n.Contacts[0].Phone != number) {
			n.Contacts = append(n.Contacts, ticket.Contact{Phone: number})
		}
	}
	if len(n.Contacts) == 0 {
		_, err := journal.Write(tx, journal.Entry{By: who.House, Act: "feed.no-contact", Kind: "trouble", Ref: child.ID, Data: map[string]string{"campaign": ticket.Gamas}})
		return false, err
	}
	_, fresh, err := ticket.Open(tx, who.House, n)
	return fresh, err
}
