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
	"sapa/internal/outbox"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

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
	taken, err := reopensNothing(tx, t.Ticket)
	if err != nil {
		return err
	}
	e := w.ending(t.Ticket, meant, reported != "", taken)
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
			w.away[m.agent] = true
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

// reopensNothing tells that a Force Close cannot reopen its trouble ticket: another report is open for the service by now.
func reopensNothing(tx *db.Tx, t ticket.Ticket) (bool, error) {
	if t.Campaign != "force-close" || t.ServiceNo == "" {
		return false, nil
	}
	open, err := trouble.OpenOfService(tx, t.ServiceNo)
	return len(open) > 0, err
}

// ending chooses how a turn goes: of first calls about half reach somebody, of second ones most, a third one always -
// together the contact rate of a usual outbound desk, 62 to 68 of a hundred.
func (w *week) ending(t ticket.Ticket, meant int, reported, taken bool) ending {
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
		case e.answers["report"] == "belum-normal" && taken: // SOP 5.6: reopening would make a second report
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
