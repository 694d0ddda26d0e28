package practice

import (
	"slices"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/who"
)

// Shape of the past.
const (
	pastDays  = 7
	dayTurns  = 24               // new tickets worked on a day before today; what comes back adds to them
	agentPace = 15 * time.Minute // between two new tickets of the floor's first agent today
	youngest  = 5 * time.Minute  // a past ticket had waited so long, at least, and
	oldest    = 45 * time.Minute // at most: with two retries an hour apart nothing left over is older than three hours
	todayMost = 18               // new tickets of the first agent today
	lastTurn  = 4 * time.Minute  // the last past turn begins so long before now: it is over by now

	reachedFirst, reachedSecond = 60, 84 // of a hundred calls
)

// moment is something of the past week that is still to happen.
type moment struct {
	at    time.Time
	agent int  // who works it; anybody: whoever is free
	fresh bool // a new ticket comes first
	meant int  // how that ticket has to end: freely, never, or with a promise - its place in promised
	codes []string
	act   func(*db.Tx) error // something else than a turn
}

const (
	anybody = -1
	freely  = -1
	never   = -2 // nobody ever answers
)

// week is the past while it is lived through: real acts in the order of their time, so that what an agent promised on
// Monday at three is what somebody does on Monday at three, and nothing of it is left lying.
type week struct {
	*floor
	midnight time.Time // today's first moment at the site
	next     []moment  // by time
	free     []time.Time
	away     map[int]bool // agents with a promise that is left lying: nothing more is handed to them
	meant    map[db.ID]int
	allDay   bool // the practice floor's own hours are set
}

// past lives through the last week up to now: the days before under the document's calling hours, today under the floor's.
func (f *floor) past(tx *db.Tx) error {
	here := f.now.In(f.Site)
	w := &week{floor: f, free: make([]time.Time, len(f.people)), away: map[int]bool{}, meant: map[db.ID]int{},
		midnight: time.Date(here.Year(), here.Month(), here.Day(), 0, 0, 0, 0, f.Site)}
	for day := pastDays; day > 0; day-- {
		open, turns := w.midnight.AddDate(0, 0, -day).Add(8*time.Hour), dayTurns-5+f.rnd.IntN(11)
		for i := range turns {
			w.plan(moment{open.Add(9 * time.Hour * time.Duration(i) / time.Duration(turns)), anybody, true, freely, nil, nil})
		}
	}
	w.planOutage()
	w.planIdeas()
	w.today()
	for len(w.next) > 0 && !w.next[0].at.After(f.now.Add(-lastTurn)) {
		m := w.next[0]
		w.next = w.next[1:]
		if err := w.live(tx, m); err != nil {
			return err
		}
	}
	if err := w.openAllDay(tx); err != nil {
		return err
	}
	err := w.settleOutbox(tx)
	tx.Now = f.now
	return err
}

// openAllDay sets the floor's own calling hours: one can practise at any hour. A notice says so.
func (w *week) openAllDay(tx *db.Tx) error {
	if w.allDay {
		return nil
	}
	w.allDay = true
	all, err := w.Campaigns.All(tx)
	for _, c := range all {
		if err := w.Campaigns.SetHours(tx, who.House, c.Code, "00:00-24:00"); err != nil {
			return err
		}
	}
	return err
}

// plan keeps the moments in order; of two at the same time the one planned first comes first.
func (w *week) plan(m moment) {
	m.at = m.at.UTC().Truncate(time.Millisecond)
	i, _ := slices.BinarySearchFunc(w.next, m, func(a, b moment) int {
		if a.at.After(b.at) {
			return 1
		}
		return -1
	})
	w.next = slices.Insert(w.next, i, m)
}

// do plans something else than a turn.
func (w *week) do(at time.Time, act func(*db.Tx) error) {
	w.plan(moment{at: at, agent: anybody, meant: freely, act: act})
}

// shares are how many of a hundred new tickets are of which campaign; IVR Gamas and Ideas come in lists.
var shares = []struct {
	code string
	part int
}{{"callback", 46}, {"fresh-lapul", 30}, {"nossa", 9}, {"c4-carring", 9}, {"force-close", 6}}

// campaign draws what comes next; what has to end in one way is of the two that talk most.
func (w *week) campaign(meant int) string {
	if meant != freely {
		return shares[w.rnd.IntN(2)].code
	}
	n := w.rnd.IntN(100)
	i := 0
	for n >= shares[i].part {
		n -= shares[i].part
		i++
	}
	return shares[i].code
}

// promised is what today's turns leave agreed: whose promise, how long from now (overdue ones below zero), and when the
// talk was. The floor's first agent has one that is due and two that come; one of another has lapsed to the pool.
var promised = []struct {
	agent      int
	due, spoke time.Duration
}{
	{0, -3 * time.Minute, -55 * time.Minute}, {0, 25 * time.Minute, -40 * time.Minute}, {0, 130 * time.Minute, -20 * time.Minute},
	{3, -17 * time.Minute, -80 * time.Minute}, {5, 10 * time.Minute, -50 * time.Minute}, {8, 50 * time.Minute, -35 * time.Minute},
	{11, 3 * time.Hour, -25 * time.Minute}, {14, 80 * time.Minute, -60 * time.Minute},
}

// today plans the day so far, whatever the hour: from the morning, or from midnight on when it is night.
func (w *week) today() {
	began := w.midnight.Add(7*time.Hour + 30*time.Minute)
	if early := w.now.Add(-4 * time.Hour); early.Before(began) {
		began = early
	}
	if began.Before(w.midnight) {
		began = w.midnight
	}
	end := w.now.Add(-lastTurn)
	own := min(max(int(end.Sub(began)/agentPace), 1), todayMost)
	for i := range own {
		at := end.Add(-max(end.Sub(began), 0) * time.Duration(i) / time.Duration(own))
		w.plan(moment{at, 0, true, freely, nil, nil})
		for range 3 {
			w.plan(moment{at.Add(-time.Duration(w.rnd.Int64N(int64(agentPace)))), anybody, true, freely, nil, nil})
		}
	}
	for i, p := range promised {
		w.plan(moment{w.now.Add(p.spoke), p.agent, true, i, nil, nil})
	}
	// somebody who never answers: three tries on each of three days, then the leader decides
	w.plan(moment{w.midnight.AddDate(0, 0, -3).Add(9*time.Hour + 7*time.Minute), anybody, true, never, nil, nil})
}

// live lets one moment happen.
func (w *week) live(tx *db.Tx, m moment) error {
	if m.at.After(w.midnight) || m.at.After(w.now.Add(-2*time.Hour)) {
		if err := w.openAllDay(tx); err != nil {
			return err
		}
	}
	tx.Now = m.at
	if m.act != nil {
		return m.act(tx)
	}
	codes, id := m.codes, db.ID(0)
	if m.fresh {
		code := w.campaign(m.meant)
		for m.meant != freely { // it must be this agent who gets it: whoever waits before it comes first
			if worked, err := w.work(tx, moment{at: m.at, agent: anybody}, []string{code}); err != nil || !worked {
				if err != nil {
					return err
				}
				break
			}
		}
		waited := youngest + time.Duration(w.rnd.Int64N(int64(oldest-youngest)))
		var err error
		if id, err = w.comes(tx, code, m.at.Add(-waited)); err != nil {
			return err
		}
		tx.Now = m.at
		codes, w.meant[id] = []string{code}, m.meant
	}
	_, err := w.work(tx, m, codes)
	for range 3 { // an earlier promise of this agent's own came first
		if _, left := w.meant[id]; err != nil || !left || m.meant < 0 {
			break
		}
		m.at = w.free[m.agent]
		tx.Now = m.at
		_, err = w.work(tx, m, codes)
	}
	return err
}

// comes puts a new ticket of a campaign in, as if at a moment.
func (w *week) comes(tx *db.Tx, code string, at time.Time) (db.ID, error) {
	stories, known := followed[code]
	if !known {
		return w.open(tx, w.somebody(), at, time.Time{})
	}
	s := stories[w.rnd.IntN(len(stories))]
	c := w.somebody()
	for !s.fits(c) || w.reports[c.ID] != "" { // one fault at a time
		c = w.somebody()
	}
	in, err := w.row(tx, code, s, c, at)
	if err != nil {
		return 0, err
	}
	return rowOf(tx, code, c, in.No)
}

// somebody picks a customer, some of them more often than others.
func (w *week) somebody() invented {
	return w.customers[min(w.rnd.IntN(len(w.customers)), w.rnd.IntN(len(w.customers)))]
}

// work claims the next ticket for an agent and carries the turn to its end; false when nothing may be called.
func (w *week) work(tx *db.Tx, m moment, codes []string) (bool, error) {
	if m.agent == anybody {
		m.agent = w.whoIsFree(m.at)
	}
	turn, err := w.Seat.Next(tx, w.people[m.agent].Actor(who.System), codes)
	if fault.Is(err, fault.Missing) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, w.turn(tx, m, turn)
}

// whoIsFree picks an agent who is not on the telephone; the first one has a day of their own.
func (w *week) whoIsFree(at time.Time) int {
	first := 1 + w.rnd.IntN(len(w.people)-1)
	someone := first
	for i := range w.people {
		n := 1 + (first+i-1)%(len(w.people)-1)
		switch {
		case w.away[n]:
		case !w.free[n].After(at):
			return n
		case w.away[someone]:
			someone = n
		}
	}
	return someone
}
