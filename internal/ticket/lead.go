package ticket

import (
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// Raisable tells whether raising would do anything: it waits, may be called, and is no promise, which goes first anyway.
func (t Ticket) Raisable() bool { return t.State == Waiting && t.Awake && t.Rank != RankPromise }

// Raise puts a waiting ticket before the others until a moment (decisions.md 1: rank 1).
func Raise(tx *db.Tx, by who.Actor, id db.ID, until time.Time) (Ticket, error) {
	return change(tx, by, id, "ticket.raised", func(t *Ticket) error {
		if !t.Raisable() {
			return fault.New(fault.Conflict, "ticket.not-waiting")
		}
		t.Rank, t.OrderAt, t.RaisedUntil = RankRaised, t.OpenedAt, until.UTC()
		return nil
	})
}

// Requeue brings a ticket whose tries are used up back into the queue for another round, as the leader decided.
func Requeue(tx *db.Tx, by who.Actor, id db.ID) (Ticket, error) {
	return change(tx, by, id, "ticket.requeued", func(t *Ticket) error {
		if !t.LeaderOwns {
			return fault.New(fault.Conflict, "ticket.not-leaders")
		}
		t.LeaderOwns, t.Awake = false, true
		return nil
	})
}

// End closes a waiting ticket by a leader's decision.
func End(tx *db.Tx, by who.Actor, id db.ID, reason string) (Ticket, error) {
	return change(tx, by, id, "ticket.ended", func(t *Ticket) error {
		if t.State != Waiting || !t.LeaderOwns {
			return fault.New(fault.Conflict, "ticket.not-leaders")
		}
		t.State, t.ClosedReason, t.ClosedAt, t.LeaderOwns = Closed, reason, tx.Now, false
		return nil
	})
}

// TakeOver ends somebody's hold: the ticket is back in the queue, its late holder gets a Conflict (field A).
func TakeOver(tx *db.Tx, by who.Actor, id db.ID) error {
	var holder db.ID
	err := tx.Row(`SELECT agent FROM hold WHERE ticket = $1 /*pg: FOR UPDATE*/`, id).Scan(&holder)
	if fault.Is(err, fault.Missing) {
		return fault.New(fault.Conflict, "ticket.not-held")
	}
	if err != nil {
		return err
	}
	if _, err := locked(tx, id); err != nil { // in Fence's order
		return err
	}
	if err := putBack(tx, id); err != nil {
		return err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "ticket.taken-over", Kind: "ticket", Ref: id, Ticket: id, Data: map[string]string{"agent": holder.String()}})
	return err
}

func change(tx *db.Tx, by who.Actor, id db.ID, act string, f func(*Ticket) error) (Ticket, error) {
	t, err := Get(tx, id)
	if err != nil {
		return t, err
	}
	was := t.Contact
	if err := f(&t); err != nil {
		return t, err
	}
	if err := t.settleDown(tx); err != nil {
		return t, err
	}
	t.Version++
	if err := t.store(tx, was); err != nil {
		return t, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: act, Kind: "ticket", Ref: id, Ticket: id})
	return t, err
}

// Holding is who holds what, for the leader's list.
type Holding struct {
	Ticket, Agent db.ID
	Until         time.Time
}

// Holds lists holds for the leader's list, the one that lapses first in front, at most 500.
func Holds(tx *db.Tx) ([]Holding, error) {
	var all []Holding
	err := tx.Each(`SELECT ticket, agent, until FROM hold ORDER BY until LIMIT 500`, nil, func(s db.Scanner) error {
		var h Holding
		var until int64
		err := s.Scan(&h.Ticket, &h.Agent, &until)
		h.Until = db.Time(until)
		all = append(all, h)
		return err
	})
	return all, err
}

// HolderOf gives who holds a ticket; false when nobody does.
func HolderOf(tx *db.Tx, ticket db.ID) (agent db.ID, held bool, err error) {
	err = tx.Row(`SELECT agent FROM hold WHERE ticket = $1`, ticket).Scan(&agent)
	if fault.Is(err, fault.Missing) {
		return 0, false, nil
	}
	return agent, err == nil, err
}

// InHand is a service somebody has a ticket of in hand.
type InHand struct {
	Agent     db.ID
	ServiceNo string
}

// servicesInHand asks ticket by ticket: joined, SQLite would first make a filter of all tickets, a third of a second at 300,000, because
// it takes holds, of which there were none when it counted, for many.
const servicesInHand = `
	SELECT h.agent, COALESCE((SELECT t.service_no FROM ticket t WHERE t.id = h.ticket), '') FROM hold h ORDER BY h.agent`

// ServicesInHand lists them all, however many agents there are; tickets without a service are none.
func ServicesInHand(tx *db.Tx) ([]InHand, error) {
	var all []InHand
	err := tx.Each(servicesInHand, nil, func(s db.Scanner) error {
		var one InHand
		err := s.Scan(&one.Agent, &one.ServiceNo)
		if one.ServiceNo != "" {
			all = append(all, one)
		}
		return err
	})
	return all, err
}
