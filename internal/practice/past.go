package practice

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/outbox"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
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
	meant    map[db.ID]int
	allDay   bool // the practice floor's own hours are set
}

// past lives through the last week up to now: the days before under the document's calling hours, today under the floor's.
func (f *floor) past(tx *db.Tx) error {
	here := f.now.In(f.Site)
	w := &week{floor: f, free: make([]time.Time, len(f.people)), meant: map[db.ID]int{},
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
	codes := m.codes
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
		id, err := w.comes(tx, code, m.at.Add(-waited))
		if err != nil {
			return err
		}
		tx.Now = m.at
		codes, w.meant[id] = []string{code}, m.meant
	}
	_, err := w.work(tx, m, codes)
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
	for i := range w.people {
		if n := 1 + (first+i-1)%(len(w.people)-1); !w.free[n].After(at) {
			return n
		}
	}
	return first
}

// turn works one claimed ticket from reading to saving.
func (w *week) turn(tx *db.Tx, m moment, t desk.Turn) error {
	a, id, lease := w.people[m.agent].Actor(who.System), t.Ticket.ID, t.Lease.Token
	meant, known := w.meant[id]
	if !known {
		meant = freely
	}
	reported, err := openReport(tx, t.Ticket)
	if err != nil {
		return err
	}
	e := w.ending(t.Ticket, meant, reported != "")
	if err := w.Seat.Read(tx, a, id, lease); err != nil {
		return err
	}
	said := w.said(e)
	if spare := int(w.now.Sub(m.at)/time.Second) - said.RingS - wrapUp; said.TalkS > spare {
		said.TalkS = spare
	}
	tx.Now = m.at.Add(time.Duration(said.RingS+said.TalkS) * time.Second)
	if _, err := w.Seat.Report(tx, a, id, lease, said); err != nil {
		return err
	}
	tx.Now = tx.Now.Add(wrapUp * time.Second)
	if tx.Now.Before(w.midnight) && w.midnight.Sub(m.at) <= lastTurn { // begun before midnight, saved after it
		tx.Now = w.midnight.UTC()
	}
	w.free[m.agent] = tx.Now
	answers, err := w.answers(tx, e, meant, t, reported)
	if err != nil {
		return err
	}
	if files(t.Ticket.Campaign, answers) {
		no, err := w.file(tx, a, t.Ticket, lease, answers)
		if err != nil {
			return fmt.Errorf("a past turn of %s that opens a trouble ticket: %w", t.Ticket.Campaign, err)
		}
		if t.Ticket.Campaign == "ideas" {
			answers["ticket_no"] = no
		}
	}
	done, err := w.Seat.Finish(tx, a, id, lease, answers)
	if err != nil {
		return fmt.Errorf("a past turn of %s that ends %v: %w", t.Ticket.Campaign, answers, err)
	}
	again := done.Ticket
	if err := w.after(tx, again); err != nil {
		return err
	}
	switch {
	case meant >= 0: // agreed for now or later: it stays
		delete(w.meant, id)
		if promised[meant].due < 0 { // or this agent would be handed it at once
			w.free[m.agent] = w.now
		}
	case again.State != ticket.Waiting || again.WakeAt.IsZero():
	case again.Owner != 0:
		w.plan(moment{again.WakeAt.Add(time.Second), m.agent, false, freely, nil, nil})
	default:
		w.plan(moment{again.WakeAt.Add(time.Minute), anybody, false, freely, nil, nil})
	}
	return nil
}

const wrapUp = 20 // seconds between hanging up and saving

// said is what the line did, as long as such calls usually take.
func (w *week) said(e ending) call.Reported {
	r := call.Reported{Line: e.line, RingS: 4 + w.rnd.IntN(16)}
	switch e.line {
	case call.NoAnswer:
		r.RingS = 28 + w.rnd.IntN(8)
	case call.Answered:
		r.TalkS = 45 + min(int(w.rnd.ExpFloat64()*170), 560)
		if who := e.answers["receiver"]; who != "reporter" && who != "decider" {
			r.TalkS = 5 + w.rnd.IntN(40)
		}
	case call.Machine, call.Silence:
		r.TalkS = 6 + w.rnd.IntN(9)
	}
	return r
}

// openReport is the trouble ticket that is open for the service of a Callback ticket; "" none.
func openReport(tx *db.Tx, t ticket.Ticket) (string, error) {
	if t.Campaign != "callback" {
		return "", nil
	}
	open, err := trouble.OpenOfService(tx, t.ServiceNo)
	if err != nil || len(open) == 0 {
		return "", err
	}
	return open[0].No, nil
}

// ending chooses how a turn goes: of first calls about half reach somebody, of second ones most, a third one always -
// together the contact rate of a usual outbound desk, 62 to 68 of a hundred.
func (w *week) ending(t ticket.Ticket, meant int, reported bool) ending {
	all := endings[t.Campaign]
	reached := w.rnd.IntN(100) < []int{reachedFirst, reachedSecond, 100}[min(t.Attempts, 2)]
	fits := func(e ending) bool {
		switch {
		case meant == never:
			return e.line == call.NoAnswer
		case meant >= 0:
			return e.promise
		case t.Attempts >= 2 && e.open:
			return false
		case e.answers["status"] == "closed-by-tier1" && !reported: // only where one is open
			return false
		}
		return (e.line == call.Answered) == reached && (e.topics == "" || slices.Contains(strings.Fields(e.topics), w.topics[t.ID]))
	}
	total := 0
	for _, e := range all {
		if fits(e) {
			total += e.weight
		}
	}
	n := w.rnd.IntN(total)
	i := slices.IndexFunc(all, func(e ending) bool {
		if fits(e) {
			n -= e.weight
		}
		return n < 0
	})
	return all[i]
}

// answers writes down what an ending says, with the time agreed on the customer's own clock.
func (w *week) answers(tx *db.Tx, e ending, meant int, t desk.Turn, reported string) (map[string]string, error) {
	at := t.Now.Add(time.Duration(40+w.rnd.IntN(50)) * time.Minute).Truncate(5 * time.Minute)
	switch {
	case meant >= 0:
		at = w.now.Add(promised[meant].due).Truncate(time.Minute)
	case !t.Campaign.Hours.Open(at, t.Zone):
		at = t.Campaign.Hours.NextDay(at, t.Zone).Add(time.Hour)
	}
	at = at.In(t.Zone)
	class, unit := "", ""
	if e.answers["classification"] != "" {
		about, err := trouble.ByNo(tx, t.Ticket.Fields["ticket_no"])
		if err != nil {
			return nil, err
		}
		class, unit = dispatch(about.Classification)
	}
	fill := strings.NewReplacer("{topik}", w.topics[t.Ticket.ID], "{jam}", at.Format("15.04"), "{tiket}", reported, "{kelas}", class, "{unit}", unit)
	answers := maps.Clone(e.answers)
	for k, v := range answers {
		answers[k] = fill.Replace(v)
		if v == "{jam}" {
			answers[k] = at.Format(time.RFC3339)
		}
	}
	words := "remarks"
	if r := answers["result"]; r == "solve" || r == "eskalasi" { // SOP 5.3.7.a.note, 5.3.7.b.note
		words = "note"
	}
	answers[words] = fill.Replace(e.remarks[w.rnd.IntN(len(e.remarks))])
	return answers, nil
}

// settleOutbox brings over what the week promised to the outside, as the agents did at the time; only the last half hour
// is still to do, and the leader's last alert.
func (w *week) settleOutbox(tx *db.Tx) error {
	by := map[db.ID]who.Actor{}
	for _, p := range append(slices.Clone(w.people), w.leaders...) {
		by[p.ID] = p.Actor(who.System)
	}
	var after db.ID
	for {
		tx.Now = w.now
		page, err := outbox.List(tx, outbox.Filter{State: outbox.Open, After: after, Limit: 200})
		if err != nil || len(page) == 0 {
			return err
		}
		for _, p := range page {
			after = p.ID
			late := 3 * time.Hour // what a leader looks at waits longer than what an agent pastes
			if p.App != "leader" {
				late = 30 * time.Minute
			}
			if p.MadeAt.After(w.now.Add(-late)) {
				continue
			}
			actor := by[p.MadeBy]
			if p.App == "leader" {
				actor = w.leaders[0].Actor(who.System)
			}
			tx.Now = p.MadeAt.Add(time.Minute + time.Duration(w.rnd.IntN(240))*time.Second)
			if _, err := outbox.MarkDone(tx, actor, p.ID, ""); err != nil {
				return err
			}
		}
	}
}
