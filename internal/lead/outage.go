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
	"sapa/internal/staff"
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
	listAtOnce     = 500 // services of a list written down
)

// PlanOutage writes down what an outage shall be declared over and counts its services: a draft, which holds nobody. A long
// list of services is written in turns. The same Asked again gives the draft, or the outage, that is there.
func PlanOutage(ctx context.Context, store *db.DB, a who.Actor, n outage.New) (outage.Outage, error) {
	var o outage.Outage
	if err := staff.May(a, staff.ActOutage); err != nil {
		return o, err
	}
	var err error
	if n.Scope, err = n.Scope.Checked(); err != nil {
		return o, err
	}
	var lines int64
	err = store.Read(ctx, func(tx *db.Tx) (err error) {
		lines, err = n.Scope.Lines(tx)
		return err
	})
	if err == nil {
		err = store.Write(ctx, func(tx *db.Tx) (err error) {
			o, err = outage.Begin(tx, a, n, lines)
			return err
		})
	}
	for rest := n.Scope.Services; err == nil && o.State == outage.Draft && len(rest) > 0; {
		some := rest[:min(len(rest), listAtOnce)]
		rest = rest[len(some):]
		err = store.Write(ctx, func(tx *db.Tx) error { return outage.AddServices(tx, o.ID, some) })
	}
	return o, err
}

// DeclareOutage is the one act: from its commit on nobody is handed a ticket of the affected services, IVR Gamas apart; its
// trouble ticket stands, and a fault reported from now on becomes a child of it. The parking follows in turns (Settle).
func DeclareOutage(tx *db.Tx, a who.Actor, hub *live.Hub, id db.ID) (outage.Outage, error) {
	if err := staff.May(a, staff.ActOutage); err != nil {
		return outage.Outage{}, err
	}
	o, err := outage.Get(tx, id)
	if err != nil || o.State != outage.Draft {
		return o, err
	}
	scope, err := outage.ScopeOf(tx, id, outage.MostPlaces)
	if err != nil {
		return o, err
	}
	sto := ""
	if len(scope.STO) == 1 {
		sto = scope.STO[0]
	}
	parent, err := trouble.OpenGamas(tx, a, o.Reason, sto)
	if err != nil {
		return o, err
	}
	o, fresh, err := outage.Declare(tx, a, id, parent.ID)
	if err != nil {
		return o, err
	}
	if !fresh { // somebody else has declared it this moment
		return o, db.Again(fault.New(fault.Conflict, "outage.changed"))
	}
	return o, tellOutage(tx, hub, id)
}

// RecoverOutage ends an outage in one act: its trouble ticket is closed and nothing is parked any more. Its children, the
// release and the verification calls follow in turns (Settle). One that is over already stays as it is.
func RecoverOutage(tx *db.Tx, a who.Actor, hub *live.Hub, id db.ID) (outage.Outage, error) {
	if err := staff.May(a, staff.ActOutage); err != nil {
		return outage.Outage{}, err
	}
	if err := tellOutage(tx, hub, id); err != nil { // before: afterwards nobody's line is affected
		return outage.Outage{}, err
	}
	o, fresh, err := outage.Recover(tx, a, id)
	if err != nil || !fresh {
		return o, err
	}
	_, err = trouble.EndGamas(tx, a, o.Parent, trouble.ByGamas)
	return o, err
}

// SetOutageRule says whether who reported is called once an outage is over, and after how long an outage. version is the one
// that was read.
func SetOutageRule(tx *db.Tx, a who.Actor, r outage.Rule, version int64) (outage.Ruling, error) {
	if err := staff.May(a, staff.ActOutage); err != nil {
		return outage.Ruling{}, err
	}
	return outage.PutRule(tx, a, r, version)
}

// OutageView is an outage as the leader's list and the API show it.
type OutageView struct {
	outage.Outage
	Scope                  outage.Scope // at most some twenty parts of it
	ParentNo               string
	Parked                 int64
	Children, OpenChildren int
}

// LookOutage reads one.
func LookOutage(tx *db.Tx, a who.Actor, id db.ID) (v OutageView, err error) {
	if err = staff.May(a, staff.ActReadOutage); err != nil {
		return v, err
	}
	if v.Outage, err = outage.Get(tx, id); err != nil {
		return v, err
	}
	if v.State == outage.Draft {
		return v, fault.New(fault.Missing, "outage.missing")
	}
	return dress(tx, v.Outage)
}

// LookOutages lists the last ones, newest first, over or not.
func LookOutages(tx *db.Tx, a who.Actor, limit int) ([]OutageView, error) {
	if err := staff.May(a, staff.ActReadOutage); err != nil {
		return nil, err
	}
	found, err := outage.Recent(tx, limit)
	if err != nil {
		return nil, err
	}
	all := make([]OutageView, len(found))
	for i, o := range found {
		if all[i], err = dress(tx, o); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func dress(tx *db.Tx, o outage.Outage) (v OutageView, err error) {
	v.Outage = o
	if v.Scope, err = outage.ScopeOf(tx, o.ID, 20); err != nil {
		return v, err
	}
	if v.Parked, err = ticket.ParkedBy(tx, o.ID); err != nil {
		return v, err
	}
	parent, err := trouble.Get(tx, o.Parent)
	if err != nil {
		return v, err
	}
	v.ParentNo = parent.No
	v.Children, v.OpenChildren, err = trouble.Children(tx, o.Parent)
	return v, err
}

// tellOutage lets the boards and the screens of all who hold a ticket of an affected service look again.
func tellOutage(tx *db.Tx, hub *live.Hub, id db.ID) error {
	held, err := ticket.ServicesInHand(tx)
	if err != nil {
		return err
	}
	var told []string
	for _, h := range held {
		is, err := outage.Stands(tx, id, h.ServiceNo)
		if err != nil {
			return err
		}
		if is {
			told = append(told, "agent:"+h.Agent.String())
		}
	}
	tx.After(func() {
		hub.Publish("board", live.Event{Name: "outage", Data: id.String()})
		for _, topic := range told {
			hub.Publish(topic, live.Event{Name: "trouble", Data: id.String()})
		}
	})
	return nil
}

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
