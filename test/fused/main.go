// Command fused measures what "one customer, one call" is worth: how often a service is called again within 24 hours without
// having asked for it. The same invented customers with the same tickets of seven campaigns, the same seed, the same
// telephone and the same answers are worked through the real seats (claim, dial, answers, finish) three times:
//
//	naive  every campaign a queue of its own with its own agent: no hold on the customer, nothing goes along
//	held   all agents work all campaigns, one hold a customer, each ticket a call of its own
//	fused  the same, and what is open for the customer on the line goes along in the call
//
// The days pass on a clock of its own; nothing waits. Customers, arrivals and talk times are assumptions and are printed.
package main

import (
	"container/heap"
	"context"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/phone"
	"sapa/internal/practice"
	"sapa/internal/procedure"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
	"sapa/test/load/fill"
)

var campaigns = []string{"callback", "ivr-gamas", "c4-carring", "fresh-lapul", "nossa", "force-close", "ideas"}

// What is assumed, beside the fates of the practice telephone (practice.FateOf).
var (
	begin    = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC) // Monday, 08.00 WIB
	arriving = 9 * time.Hour                                 // half of the customers wait at 08.00, the others come evenly until 17.00
	together = 30 * time.Minute                              // a customer's tickets open within it: a call, its lapul, the backend's update
	horizon  = 60 * time.Hour                                // until Wednesday, 20.00
	shares   = []int{60, 25, 10, 5}                          // of a hundred customers: with one, two, three, four open tickets
	reading  = 20 * time.Second
	filing   = 20 * time.Second
	talk     = 180 * time.Second // with one ticket
	more     = 60 * time.Second  // each that goes along
)

type way struct {
	name           string
	queues, fusing bool
}

var ways = []way{{"naive", true, false}, {"held", false, false}, {"fused", false, true}}

// opening is one ticket of the population.
type opening struct {
	at       time.Time
	campaign string
	ref      string
	service  string
	number   phone.Number
}

func population(seed uint64, customers int) []opening {
	rnd := rand.New(rand.NewPCG(seed, 24))
	var all []opening
	for c := range customers {
		n, draw := 1, rnd.IntN(100)
		for i, share := range shares {
			if draw < share {
				n = i + 1
				break
			}
			draw -= share
		}
		of := rnd.Perm(len(campaigns))[:n]
		first := begin.Add(time.Duration(rnd.Int64N(int64(arriving))))
		if rnd.IntN(2) == 0 {
			first = begin
		}
		for k, i := range of {
			at := first
			if k > 0 {
				at = first.Add(time.Duration(rnd.Int64N(int64(together))))
			}
			all = append(all, opening{at: at, campaign: campaigns[i],
				ref: fmt.Sprintf("F%05d-%d", c, i), service: fmt.Sprintf("152999%06d", c), number: phone.Number(fmt.Sprintf("+62899900%05d", c))})
		}
	}
	slices.SortStableFunc(all, func(a, b opening) int { return a.at.Compare(b.at) })
	return all
}

// dial is one call of a run.
type dial struct {
	at      time.Time
	ticket  db.ID
	asked   bool // the customer agreed to this time
	reached bool
}

// count is what a run came to.
type count struct {
	dials, attempts, settled, along, left int
	stuck                                 int // no number left to call
	repeats, afterTalk, other             int // other: for a ticket that had not been called for yet
	services                              int // called again without asking
	outcomes                              int
}

// moment is when somebody acts next.
type moment struct {
	at time.Time
	no int // order among equals
	do func() error
}

type diary []moment

func (d diary) Len() int { return len(d) }
func (d diary) Less(i, j int) bool {
	return d[i].at.Before(d[j].at) || d[i].at.Equal(d[j].at) && d[i].no < d[j].no
}
func (d diary) Swap(i, j int) { d[i], d[j] = d[j], d[i] }
func (d *diary) Push(x any)   { *d = append(*d, x.(moment)) }
func (d *diary) Pop() any {
	old := *d
	last := old[len(old)-1]
	*d = old[:len(old)-1]
	return last
}

type run struct {
	way
	seed  uint64
	ctx   context.Context
	store *db.DB
	seat  *desk.Seat
	now   time.Time
	diary diary
	no    int
	tries map[string]int
	calls map[string][]dial // of a service
	count
}

func (r *run) later(at time.Time, do func() error) {
	r.no++
	heap.Push(&r.diary, moment{at, r.no, do})
}

func (r *run) act(do func(tx *db.Tx) error) error { return r.store.Write(r.ctx, do) }

func work(ctx context.Context, w way, seed uint64, all []opening) (count, error) {
	r := &run{way: w, seed: seed, ctx: ctx, now: begin, tries: map[string]int{}, calls: map[string][]dial{}}
	dir, err := os.MkdirTemp("", "sapa-fused-")
	if err != nil {
		return r.count, err
	}
	defer os.RemoveAll(dir)
	clock := func() time.Time { return r.now }
	if r.store, err = db.Open(ctx, "sqlite:"+filepath.Join(dir, "sapa.db"), db.Options{Clock: clock}); err != nil {
		return r.count, err
	}
	defer r.store.Close()
	built, err := fill.Campaigns(ctx, r.store)
	if err != nil {
		return r.count, err
	}
	if r.seat, err = fill.Seat(r.store, built, clock); err != nil {
		return r.count, err
	}
	for _, o := range all {
		r.later(o.at, func() error { return r.act(func(tx *db.Tx) error { return r.open(tx, o) }) })
	}
	for i := range campaigns {
		if err := r.hire(i); err != nil {
			return r.count, err
		}
	}
	for r.diary.Len() > 0 {
		m := heap.Pop(&r.diary).(moment)
		if m.at.After(begin.Add(horizon)) {
			break
		}
		r.now = m.at
		if err := m.do(); err != nil {
			return r.count, fmt.Errorf("%s, %s: %w", w.name, m.at.Format(time.DateTime), err)
		}
	}
	return r.count, r.tally()
}

func (r *run) open(tx *db.Tx, o opening) error {
	t, _, err := ticket.Open(tx, who.House, ticket.New{Campaign: o.campaign, Ref: o.ref, ServiceNo: o.service, Zone: phone.WIB, Source: "practice",
		ContactName: "Pelanggan Rekaan", Note: "Invented.", Contacts: []ticket.Contact{{Phone: o.number}}})
	if err == nil && r.queues { // a campaign that knows of no other: its own customer
		_, err = tx.Exec(`UPDATE ticket SET subject = $2 WHERE id = $1`, t.ID, o.campaign+" "+t.Subject)
	}
	return err
}

// hire puts an agent on the floor: of one campaign where each has a queue of its own.
func (r *run) hire(i int) error {
	var a who.Actor
	err := r.act(func(tx *db.Tx) error {
		p, err := staff.Add(tx, who.House, staff.Person{Login: fmt.Sprint(42147 + i), Name: "Agen Rekaan", Role: who.Agent})
		if err == nil && r.queues {
			err = staff.SetCampaigns(tx, who.House, p.ID, []string{campaigns[i]})
		}
		a = p.Actor(who.API)
		return err
	})
	r.later(begin.Add(time.Duration(i)*time.Second), func() error { return r.next(a) })
	return err
}

// next takes the ticket that has waited longest, reads it and dials.
func (r *run) next(a who.Actor) error {
	var turn desk.Turn
	err := r.act(func(tx *db.Tx) (err error) { turn, err = r.seat.Next(tx, a, nil); return err })
	if f := fault.Of(err); f != nil && f.Key == "ticket.nothing-waiting" {
		r.later(r.now.Add(2*time.Minute), func() error { return r.next(a) })
		return nil
	}
	if err != nil {
		return err
	}
	asked := turn.Ticket.Rank == ticket.RankPromise
	r.later(r.now.Add(reading), func() error {
		err := r.act(func(tx *db.Tx) error {
			if err := r.seat.Read(tx, a, turn.Ticket.ID, turn.Lease.Token); err != nil {
				return err
			}
			_, err := r.seat.Dial(tx, a, turn.Ticket.ID, turn.Lease.Token, "")
			return err
		})
		f := fault.Of(err)
		if f != nil && f.Key == "desk.outside-hours" { // the last minute of the day
			return errors.Join(r.act(func(tx *db.Tx) error { return r.seat.Release(tx, a, turn.Ticket.ID, turn.Lease.Token, "agent") }), r.rest(a))
		}
		if f != nil && f.Key == "call.no-number" { // every number is dead: a leader ends it
			r.stuck++
			return errors.Join(r.act(func(tx *db.Tx) error {
				if err := r.seat.Release(tx, a, turn.Ticket.ID, turn.Lease.Token, "agent"); err != nil {
					return err
				}
				_, err := ticket.GoneBySystem(tx, turn.Ticket.ID, "no-number")
				return err
			}), r.rest(a))
		}
		if err != nil {
			return err
		}
		number := turn.Ticket.Contact.Full()
		r.tries[number]++
		fate := practice.FateOf(r.seed, number, r.tries[number])
		r.calls[turn.Ticket.ServiceNo] = append(r.calls[turn.Ticket.ServiceNo], dial{r.now, turn.Ticket.ID, asked, fate.Line == call.Answered})
		r.dials++
		r.later(r.now.Add(fate.Ring), func() error { return r.heard(a, turn, fate) })
		return nil
	})
	return nil
}

func (r *run) rest(a who.Actor) error {
	r.later(r.now.Add(2*time.Minute), func() error { return r.next(a) })
	return nil
}

// heard is what the line has done: nobody, and the result is filed; or somebody, and they talk.
func (r *run) heard(a who.Actor, turn desk.Turn, fate practice.Fate) error {
	id, token := turn.Ticket.ID, turn.Lease.Token
	err := r.act(func(tx *db.Tx) error { _, err := r.seat.Said(tx, a, id, token, fate.Line); return err })
	if err != nil {
		return err
	}
	if fate.Line != call.Answered {
		r.later(r.now.Add(filing), func() error { return r.file(a, turn, nil) })
		return nil
	}
	var along []desk.Turn
	err = r.act(func(tx *db.Tx) error {
		if _, err := r.seat.Answer(tx, a, id, token, map[string]string{"receiver": "reporter"}, 0); err != nil || !r.fusing {
			return err
		}
		now, _, err := r.seat.Current(tx, a)
		if err != nil {
			return err
		}
		for _, o := range now.Others {
			if o.Taken || o.Why != nil {
				continue
			}
			one, err := r.seat.Along(tx, a, id, token, o.Ticket.ID)
			if err != nil {
				return err
			}
			along = append(along, one)
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.later(r.now.Add(talk+time.Duration(len(along))*more), func() error {
		if err := r.act(func(tx *db.Tx) error { _, err := r.seat.Hangup(tx, a, id, token); return err }); err != nil {
			return err
		}
		r.later(r.now.Add(filing*time.Duration(1+len(along))), func() error { return r.file(a, turn, along) })
		return nil
	})
	return nil
}

// file answers everything that is asked and saves the call in one.
func (r *run) file(a who.Actor, turn desk.Turn, along []desk.Turn) error {
	err := r.act(func(tx *db.Tx) error {
		for _, one := range append([]desk.Turn{turn}, along...) {
			if err := r.answer(tx, a, turn.Lease.Token, one.Ticket); err != nil {
				return fmt.Errorf("%s %s: %w", one.Ticket.Campaign, one.Ticket.Ref, err)
			}
		}
		receipt, err := r.seat.FinishCall(tx, a, turn.Ticket.ID, turn.Lease.Token, nil, nil)
		r.settled += 1 + len(receipt.Along)
		r.along += len(receipt.Along)
		return err
	})
	if err != nil {
		return err
	}
	r.later(r.now.Add(5*time.Second), func() error { return r.next(a) })
	return nil
}

// answer fills what a ticket asks, the same for the same ticket, try and line in every way of working.
func (r *run) answer(tx *db.Tx, a who.Actor, token string, t ticket.Ticket) error {
	for range 40 {
		turn, err := r.seat.Open(tx, a, t.ID, token)
		if err != nil {
			return err
		}
		if len(turn.View.Missing) == 0 {
			return nil
		}
		i := slices.IndexFunc(turn.View.Fields, func(f procedure.FieldView) bool { return f.ID == turn.View.Missing[0] })
		f := turn.View.Fields[i]
		if _, err := r.seat.Answer(tx, a, t.ID, token, map[string]string{f.ID: r.says(t, f)}, 0); err != nil {
			return err
		}
	}
	return fmt.Errorf("no end of questions")
}

// says gives an answer: by the ticket's own luck among what is on offer; what needs a trouble ticket that is not there is
// not chosen.
func (r *run) says(t ticket.Ticket, f procedure.FieldView) string {
	h := fnv.New64a()
	fmt.Fprint(h, r.seed, t.Ref, f.ID, t.Attempts)
	luck := int(h.Sum64() >> 33)
	switch f.Type {
	case "choice":
		var ids []string
		for _, o := range f.Offer {
			switch o.ID {
			case "eskalasi", "tidak-berhasil", "closed-by-tier1", "junk": // need a trouble ticket, or say that the call was for nothing
			default:
				ids = append(ids, o.ID)
			}
		}
		if len(ids) == 0 {
			return f.Offer[0].ID
		}
		return ids[luck%len(ids)]
	case "check":
		return f.Options[0].ID
	case "time": // the next day, within everybody's hours
		return r.now.In(time.FixedZone("WIB", 7*3600)).AddDate(0, 0, 1).Format(time.DateOnly) + fmt.Sprintf("T%02d:00", 9+luck%8)
	}
	if f.Check == "ticket-no" {
		return "IN99900001"
	}
	return "Rekaan."
}

// tally counts the repeats, and holds the run against its own store: attempts are counted once, outcomes for each ticket.
func (r *run) tally() error {
	for _, all := range r.calls {
		again := 0
		for i := 1; i < len(all); i++ {
			if all[i].asked || all[i].at.Sub(all[i-1].at) > 24*time.Hour {
				continue
			}
			again++
			if !slices.ContainsFunc(all[:i], func(d dial) bool { return d.ticket == all[i].ticket }) {
				r.other++
			}
			if slices.ContainsFunc(all[:i], func(d dial) bool { return d.reached && all[i].at.Sub(d.at) <= 24*time.Hour }) {
				r.afterTalk++
			}
		}
		r.repeats += again
		if again > 0 {
			r.services++
		}
	}
	err := r.store.Read(r.ctx, func(tx *db.Tx) error {
		if err := tx.Row(`SELECT count(*) FROM attempt`).Scan(&r.attempts); err != nil {
			return err
		}
		if err := tx.Row(`SELECT count(*) FROM ticket WHERE state <> 'closed'`).Scan(&r.left); err != nil {
			return err
		}
		return tx.Row(`SELECT count(*) FROM outcome WHERE undone_at = 0`).Scan(&r.outcomes)
	})
	if err == nil && (r.attempts != r.dials || r.outcomes != r.settled) {
		err = fmt.Errorf("%s: %d attempts of %d calls, %d outcomes of %d results", r.name, r.attempts, r.dials, r.outcomes, r.settled)
	}
	return err
}

func main() {
	seed := flag.Uint64("seed", 18, "of customers, telephone and answers")
	customers := flag.Int("customers", 300, "invented customers")
	only := flag.String("only", "", "one way of working: naive, held or fused")
	flag.Parse()
	if err := measure(*seed, *customers, *only); err != nil {
		fmt.Fprintln(os.Stderr, "fused:", err)
		os.Exit(1)
	}
}

func measure(seed uint64, customers int, only string) error {
	all := population(seed, customers)
	fmt.Printf("seed %d: %d invented customers, %d tickets of %d campaigns (%v of a hundred have 1, 2, 3, 4), %d agents, %s\n",
		seed, customers, len(all), len(campaigns), shares, len(campaigns), horizon)
	fmt.Println("repeats: calls to a service within 24 hours of one before, not agreed with the customer; of them after a talk; of them for another ticket than those called for before")
	fmt.Printf("%-6s %6s %8s %6s %6s %6s %8s %11s %15s %9s\n", "", "calls", "results", "along", "stuck", "open", "repeats", "after talk", "another ticket", "services")
	var base, best count
	for _, w := range ways {
		if only != "" && w.name != only {
			continue
		}
		c, err := work(context.Background(), w, seed, all)
		if err != nil {
			return err
		}
		fmt.Printf("%-6s %6d %8d %6d %6d %6d %8d %11d %15d %9d\n", w.name, c.dials, c.settled, c.along, c.stuck, c.left, c.repeats, c.afterTalk, c.other, c.services)
		switch w.name {
		case "naive":
			base = c
		case "fused":
			best = c
		}
	}
	if only != "" {
		return nil
	}
	for _, one := range []struct {
		what       string
		best, base int
	}{{"repeats", best.repeats, base.repeats}, {"after a talk", best.afterTalk, base.afterTalk}, {"for another ticket", best.other, base.other}, {"calls", best.dials, base.dials}} {
		fmt.Printf("fused against naive, %s: %d to %d, ratio %s\n", one.what, one.best, one.base, share(one.best, one.base))
	}
	return nil
}

func share(n, of int) string {
	if of == 0 {
		return "none to compare"
	}
	return fmt.Sprintf("%.2f", float64(n)/float64(of))
}
