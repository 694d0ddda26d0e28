// Package mirror asks the outside systems about a customer when somebody needs to know, and keeps what they say through the customer's
// own doors. Nobody waits for it: what is kept is shown with its age, and open screens are told when there is more. It asks nothing
// that is fresh, one customer once at a time, and speaks no language of an outside system itself.
package mirror

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/egress"
	"sapa/internal/fault"
	"sapa/internal/live"
)

const (
	usualFresh  = 15 * time.Minute
	usualRetry  = time.Minute      // how long an outside that did not answer is left alone about one customer
	usualWithin = 20 * time.Second // longest time for all that one outside is asked at once
	workers     = 8                // customers that are read at the same time
	waiting     = 512              // customers that wait to be read; more are asked about when they are needed again
	mostNumbers = 10               // service numbers of one customer that are asked about
	keeping     = 10 * time.Second // longest time for keeping what was heard
	rounds      = 4                // each round may learn what the next one needs: a number's owner, the owner's person
)

// Need is what must be known of somebody before an outside can be asked about them.
type Need int

// What an outside needs to be asked.
const (
	Either Need = iota // the NCLI or a service number
	NCLI
	Number
	Person // the outside's own name of the person, which the customer's record says
)

// Asker is an outside system: it answers about one customer. What it does not know is Missing.
type Asker interface {
	Ask(ctx context.Context, a customer.Asked) (customer.Word, error)
}

// Source is one outside system with its terms.
type Source struct {
	Asker
	ID, Application string
	Needs           Need
	With            []string      // sources without whose word its own is not understood: they are asked along
	Payments        bool          // it tells what was paid
	Fresh           time.Duration // how long its answer is good; 0: 15 min
	Within          time.Duration // longest time for one customer; 0: 20 s
}

func (s Source) can(a customer.Asked) bool {
	switch s.Needs {
	case NCLI:
		return a.NCLI != ""
	case Number:
		return len(a.Numbers) > 0
	case Person:
		return a.Person != ""
	}
	return a.NCLI != "" || len(a.Numbers) > 0
}

// Parts is what a Reader is made of.
type Parts struct {
	Store   *db.DB
	Sources []Source // in the order in which their word counts
	Hub     *live.Hub
	Site    *time.Location
	Retry   time.Duration // 0: a minute
	Log     *slog.Logger
}

// Reader reads customers that are needed.
type Reader struct {
	Parts
	queue  chan *flight
	mu     sync.Mutex
	flying map[string]*flight // by subject
}

// flight is one customer being read, or waiting to be.
type flight struct {
	subject   string
	customer  db.ID
	serviceNo string
	askers    []db.ID // who is told
}

// New makes a Reader.
func New(p Parts) *Reader {
	if p.Retry <= 0 {
		p.Retry = usualRetry
	}
	for i := range p.Sources {
		s := &p.Sources[i]
		if s.Fresh <= 0 {
			s.Fresh = usualFresh
		}
		if s.Within <= 0 {
			s.Within = usualWithin
		}
	}
	return &Reader{Parts: p, queue: make(chan *flight, waiting), flying: map[string]*flight{}}
}

// Need says that somebody needs to know of a customer, or of a service number whose customer nobody here knows. It never waits; whoever
// asks while that customer is being read is told with the others.
func (r *Reader) Need(id db.ID, serviceNo string, by db.ID) {
	if id == 0 && serviceNo == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	f := &flight{subject: customer.SubjectOf(id, serviceNo), customer: id, serviceNo: serviceNo, askers: []db.ID{by}}
	if going := r.flying[f.subject]; going != nil {
		going.join(by)
		return
	}
	select {
	case r.queue <- f:
		r.flying[f.subject] = f
	default:
		r.Log.Warn("too many customers wait to be read outside", "waiting", waiting)
	}
}

func (f *flight) join(by ...db.ID) {
	for _, one := range by {
		if !slices.Contains(f.askers, one) {
			f.askers = append(f.askers, one)
		}
	}
}

// Run reads what is needed until the context ends; what was not kept by then is needed again another time.
func (r *Reader) Run(ctx context.Context) {
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case f := <-r.queue:
					r.fly(ctx, f)
				}
			}
		})
	}
	all.Wait()
}

// fly reads one customer and tells who asked, if there is news.
func (r *Reader) fly(ctx context.Context, f *flight) {
	heard, err := r.read(ctx, f)
	r.mu.Lock()
	if r.flying[f.subject] == f {
		delete(r.flying, f.subject)
	}
	askers := f.askers
	r.mu.Unlock()
	if err != nil && ctx.Err() == nil {
		r.Log.Warn("what outside systems said is not kept", "err", err)
	}
	if !heard || r.Hub == nil {
		return
	}
	for _, by := range askers {
		r.Hub.Publish("agent:"+by.String(), live.Event{Name: "customer"})
	}
}

// read asks what is due; heard is whether anything was asked and kept.
func (r *Reader) read(ctx context.Context, f *flight) (heard bool, err error) {
	known, due, err := r.due(ctx, f)
	if err != nil || len(due) == 0 {
		return false, err
	}
	if !r.takeOver(f, known) {
		return false, nil
	}
	said, asked := r.ask(ctx, known, due)
	if ctx.Err() != nil || len(asked) == 0 { // the house closes: a question that was cut short says nothing of the outside
		return false, nil
	}
	hold, done := context.WithTimeout(context.WithoutCancel(ctx), keeping)
	defer done()
	err = r.Store.Write(hold, func(tx *db.Tx) error { return r.keep(tx, f, said, asked) })
	if err == nil {
		return true, nil
	}
	for i := range asked { // what cannot be kept is no answer: it must not be asked for again and again, nor look fresh
		if asked[i].outcome == customer.Read {
			asked[i].outcome, asked[i].told = string(egress.Nonsense), customer.Word{}
		}
	}
	again := r.Store.Write(hold, func(tx *db.Tx) error { return r.keep(tx, f, customer.Word{}, asked) })
	return again == nil, fmt.Errorf("keep: %w", errors.Join(err, again))
}

// takeOver gives a flight the name of its customer once that is known; false when that customer is being read already, who then tells both.
func (r *Reader) takeOver(f *flight, known customer.Asked) bool {
	subject := customer.SubjectOf(f.customer, f.serviceNo)
	r.mu.Lock()
	defer r.mu.Unlock()
	going := r.flying[subject]
	switch {
	case going == f:
		return true
	case going != nil:
		going.join(f.askers...)
		f.askers = nil
		return false
	}
	if r.flying[f.subject] == f {
		delete(r.flying, f.subject)
	}
	f.subject = subject
	r.flying[subject] = f
	return true
}

// due reads what is known of a customer, and which sources are due.
func (r *Reader) due(ctx context.Context, f *flight) (known customer.Asked, due []Source, err error) {
	err = r.Store.Read(ctx, func(tx *db.Tx) error {
		c, services, err := customer.OfTicket(tx, f.customer, f.serviceNo)
		if err != nil && !fault.Is(err, fault.Missing) {
			return err
		}
		if err == nil {
			f.customer, known.NCLI = c.ID, c.NCLI
		}
		if f.serviceNo != "" {
			known.Numbers = append(known.Numbers, f.serviceNo)
		}
		for _, s := range services {
			if !slices.Contains(known.Numbers, s.No) && len(known.Numbers) < mostNumbers {
				known.Numbers = append(known.Numbers, s.No)
			}
		}
		had, err := customer.Readings(tx, customer.SubjectOf(f.customer, f.serviceNo))
		if err != nil {
			return err
		}
		due = r.chosen(had, tx.Now)
		return nil
	})
	return known, due, err
}

// chosen are the sources to be asked now: those that are due, with those without whose word theirs is not understood. One whose companion has
// just failed waits for it.
func (r *Reader) chosen(had []customer.Reading, now time.Time) []Source {
	due, rests := map[string]bool{}, map[string]bool{}
	for _, s := range r.Sources {
		i := slices.IndexFunc(had, func(one customer.Reading) bool { return one.Source == s.ID })
		due[s.ID] = i < 0 || had[i].Due(now, s.Fresh, r.Retry)
		rests[s.ID] = !due[s.ID] && had[i].Failed()
	}
	wanted := map[string]bool{}
	for _, s := range r.Sources {
		if !due[s.ID] || slices.ContainsFunc(s.With, func(id string) bool { return rests[id] }) {
			continue
		}
		for _, id := range append([]string{s.ID}, s.With...) {
			wanted[id] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(r.Sources), func(s Source) bool { return !wanted[s.ID] })
}

// answer is what one source said.
type answer struct {
	Source
	told    customer.Word
	outcome string
}

// ask asks the sources side by side, in rounds: what one says may be what another needs.
func (r *Reader) ask(ctx context.Context, known customer.Asked, due []Source) (said customer.Word, asked []answer) {
	for range rounds {
		var now []Source
		due = slices.DeleteFunc(slices.Clone(due), func(s Source) bool {
			can := s.can(known)
			if can {
				now = append(now, s)
			}
			return can
		})
		if len(now) == 0 {
			break
		}
		got := make([]answer, len(now))
		var all sync.WaitGroup
		for i, s := range now {
			all.Go(func() { got[i] = r.one(ctx, s, known) })
		}
		all.Wait()
		for _, a := range got {
			if known.NCLI == "" {
				known.NCLI = a.told.NCLI
			}
			if known.Person == "" {
				known.Person = a.told.Person
			}
			for _, s := range a.told.Services {
				if !slices.Contains(known.Numbers, s.No) && len(known.Numbers) < mostNumbers {
					known.Numbers = append(known.Numbers, s.No)
				}
			}
		}
		asked = append(asked, got...)
	}
	for _, s := range r.Sources { // the site's order, not that of the answers, says whose word counts
		for _, a := range asked {
			if a.ID == s.ID && a.outcome == customer.Read {
				said.Join(a.told)
			}
		}
	}
	if said.NCLI == "" {
		said.NCLI = known.NCLI
	}
	return said, asked
}

// one asks one source. A panic of what speaks its language does not take the house along.
func (r *Reader) one(ctx context.Context, s Source, known customer.Asked) (a answer) {
	a.Source = s
	within, done := context.WithTimeout(ctx, s.Within)
	defer done()
	defer func() {
		if p := recover(); p != nil {
			r.Log.Error("an outside system's answer was too much", "source", s.ID, "panic", fmt.Sprint(p))
			a.told, a.outcome = customer.Word{}, string(egress.Nonsense)
		}
	}()
	told, err := s.Ask(within, known)
	a.outcome = outcome(err)
	if err == nil {
		a.told = told
		for i := range a.told.Reports {
			a.told.Reports[i].Source, a.told.Reports[i].Application = s.ID, s.Application
		}
	}
	return a
}

// outcome names how a question went: as the customer's room does when it was answered, as egress does otherwise.
func outcome(err error) string {
	var way *egress.Error
	no := fault.Of(err)
	switch {
	case err == nil:
		return customer.Read
	case fault.Is(err, fault.Missing):
		return customer.Nobody
	case errors.As(err, &way):
		return string(way.Kind)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return string(egress.Late)
	case no == nil:
		return string(egress.Nonsense)
	}
	if kind, named := outcomes[no.Key]; named {
		return string(kind)
	}
	return string(egress.Nonsense)
}

var outcomes = map[string]egress.Kind{"tmf.no-answer": egress.Late, "tmf.not-reached": egress.Unreached, "tmf.busy": egress.Broken, "tmf.sign-in": egress.SignIn, "tmf.forbidden": egress.SignIn}

// keep is the one short write of a customer: what was said, and how each question went.
func (r *Reader) keep(tx *db.Tx, f *flight, said customer.Word, asked []answer) error {
	l := customer.Learning{Customer: f.customer, Zone: r.Site.String(), Paid: r.paid(asked)}
	answered := false
	for _, a := range asked {
		if a.outcome == customer.Read {
			l.Sources, answered = append(l.Sources, a.ID), true
		}
	}
	var learned customer.Learned
	if answered {
		var err error
		if learned, err = customer.Learn(tx, said, l); err != nil {
			return err
		}
	}
	id := f.customer
	if learned.Customer != 0 {
		id = learned.Customer
	}
	var all []customer.Reading
	for _, a := range asked {
		one := customer.Reading{Source: a.ID, Application: a.Application, Outcome: a.outcome, Doubts: a.told.Doubts}
		if learned.Other && a.outcome == customer.Read {
			one.Outcome = customer.Other
		}
		all = append(all, one)
	}
	if learned.Refused > 0 {
		tx.After(func() { r.Log.Info("what does not fit was left", "customer", id.String(), "things", learned.Refused) })
	}
	return customer.PutReadings(tx, customer.SubjectOf(id, f.serviceNo), all)
}

// paid tells whether what a bill says is paid of it can be believed without its payments: nobody else tells of them, or whoever does has
// just answered.
func (r *Reader) paid(asked []answer) bool {
	return !slices.ContainsFunc(r.Sources, func(s Source) bool {
		return s.Payments && !slices.ContainsFunc(asked, func(a answer) bool { return a.ID == s.ID && a.outcome == customer.Read })
	})
}
