// Package lead is the leader's seat: recommend long calls, see what needs a decision, take over, mix campaigns. Each act
// is one transaction over the nouns below; it knows no page.
package lead

import (
	"slices"
	"time"

	"sapa/internal/call"
	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/live"
	"sapa/internal/outbox"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// Ask asks the leaders to recommend a long call for callback (SOP 5.2.1.f).
func Ask(tx *db.Tx, a who.Actor, hub *live.Hub, serviceNo string, callS int, reason string) (ticket.Recommendation, error) {
	if err := staff.May(a, staff.ActAskRecommend); err != nil {
		return ticket.Recommendation{}, err
	}
	r, err := ticket.AskRecommendation(tx, a, serviceNo, callS, reason)
	tx.After(func() { hub.Publish("board", live.Event{Name: "recommendation", Data: r.ID.String()}) })
	return r, err
}

// Decide grants or refuses a recommendation; the one who asked sees it at once, with what the leader said.
func Decide(tx *db.Tx, a who.Actor, hub *live.Hub, id db.ID, grant bool, why string) (ticket.Recommendation, error) {
	if err := staff.May(a, staff.ActRecommend); err != nil {
		return ticket.Recommendation{}, err
	}
	r, err := ticket.DecideRecommendation(tx, a, id, grant, why)
	if err != nil {
		return r, err
	}
	tx.After(func() {
		hub.Publish("agent:"+r.AskedBy.String(), live.Event{Name: "recommendation", Data: r.ID.String()})
	})
	return r, nil
}

// Attention is what waits for a leader's decision.
type Attention struct {
	Asked   []ticket.Recommendation // a page of them, oldest first
	More    db.ID                   // the next page of Asked begins after this one; zero: there is none
	UsedUp  []ticket.Ticket         // tries used up
	Overdue []ticket.Ticket         // promises past their owner's time (decisions.md 3)
	Alerts  []outbox.Promise
	Holds   []ticket.Holding
	Helping map[db.ID]bool // by ticket: its holder helps a queue outside the campaigns they were given
}

// AskedAtOnce is how many recommendations are shown at once.
const AskedAtOnce = 50

// Look gathers it; recommendations asked for from after an id on.
func Look(tx *db.Tx, a who.Actor, after db.ID) (Attention, error) {
	var n Attention
	err := staff.May(a, staff.ActAttention)
	if err == nil {
		n.Asked, n.More, err = ticket.Recommendations(tx, "asked", after, AskedAtOnce)
	}
	if err == nil {
		n.UsedUp, err = ticket.ForLeader(tx, 50)
	}
	if err == nil {
		n.Overdue, err = ticket.Overdue(tx, 50)
	}
	if err == nil {
		n.Holds, err = ticket.Holds(tx)
	}
	if err != nil {
		return n, err
	}
	if n.Alerts, err = outbox.List(tx, outbox.Filter{State: outbox.Open, App: "leader", Limit: 200}); err != nil {
		return n, err
	}
	if err := n.narrow(tx, a); err != nil {
		return n, err
	}
	return n, n.helpers(tx)
}

// helpers finds who works outside the campaigns that a leader gave them (decisions.md 12).
func (n *Attention) helpers(tx *db.Tx) error {
	n.Helping = map[db.ID]bool{}
	for _, h := range n.Holds {
		mix, err := staff.CampaignsOf(tx, h.Agent)
		if err != nil {
			return err
		}
		if len(mix) == 0 {
			continue
		}
		t, err := ticket.Get(tx, h.Ticket)
		if err != nil {
			return err
		}
		n.Helping[h.Ticket] = !slices.Contains(mix, t.Campaign)
	}
	return nil
}

// narrow leaves a leader what is theirs to see: tickets nobody or somebody of their team has worked, and what their team holds.
func (n *Attention) narrow(tx *db.Tx, a who.Actor) error {
	scope := staff.ScopeOf(a)
	if scope.All {
		return nil
	}
	seen := map[db.ID]bool{}
	see := func(id db.ID) (bool, error) {
		if is, asked := seen[id]; asked {
			return is, nil
		}
		_, err := ticket.Seen(tx, scope, id)
		if err != nil && !fault.Is(err, fault.Missing) {
			return false, err
		}
		seen[id] = err == nil
		return err == nil, nil
	}
	var err error
	if n.UsedUp, err = kept(n.UsedUp, func(t ticket.Ticket) (bool, error) { return see(t.ID) }); err != nil {
		return err
	}
	if n.Overdue, err = kept(n.Overdue, func(t ticket.Ticket) (bool, error) { return see(t.ID) }); err != nil {
		return err
	}
	if n.Alerts, err = kept(n.Alerts, func(p outbox.Promise) (bool, error) { return see(p.Ticket) }); err != nil {
		return err
	}
	n.Holds, err = kept(n.Holds, func(h ticket.Holding) (bool, error) { return see(h.Ticket) })
	return err
}

func kept[T any](all []T, is func(T) (bool, error)) ([]T, error) {
	var some []T
	for _, one := range all {
		yes, err := is(one)
		if err != nil {
			return nil, err
		}
		if yes {
			some = append(some, one)
		}
	}
	return some, nil
}

// may lets a leader act on a ticket that is theirs to see; another one is not there (contract: what is not yours is 404).
func may(tx *db.Tx, a who.Actor, act staff.Act, id db.ID) error {
	if err := staff.May(a, act); err != nil {
		return err
	}
	_, err := ticket.Seen(tx, staff.ScopeOf(a), id)
	return err
}

// RaisedFor is how long a raised ticket goes before the others; after that its age counts again (decisions.md 1).
const RaisedFor = 2 * time.Hour

// Raise puts a waiting ticket before the others for a while; due promises still go first.
func Raise(tx *db.Tx, a who.Actor, id db.ID) (ticket.Ticket, error) {
	if err := may(tx, a, staff.ActRaise, id); err != nil {
		return ticket.Ticket{}, err
	}
	return ticket.Raise(tx, a, id, tx.Now.Add(RaisedFor))
}

// Requeue gives a ticket whose tries are used up another round.
func Requeue(tx *db.Tx, a who.Actor, id db.ID) (ticket.Ticket, error) {
	if err := may(tx, a, staff.ActTakeOver, id); err != nil {
		return ticket.Ticket{}, err
	}
	return ticket.Requeue(tx, a, id)
}

// End closes a ticket whose tries are used up.
func End(tx *db.Tx, a who.Actor, id db.ID) (ticket.Ticket, error) {
	if err := may(tx, a, staff.ActTakeOver, id); err != nil {
		return ticket.Ticket{}, err
	}
	return ticket.End(tx, a, id, "done")
}

// TakeOver frees a ticket from somebody's hand, unless that somebody is talking to the customer.
func TakeOver(tx *db.Tx, a who.Actor, hub *live.Hub, id db.ID) error {
	if err := may(tx, a, staff.ActTakeOver, id); err != nil {
		return err
	}
	holder, held, err := ticket.HolderOf(tx, id)
	if err != nil {
		return err
	}
	if held {
		if _, talking, err := call.Live(tx, holder); err != nil {
			return err
		} else if talking {
			return errTalking()
		}
		tx.After(func() { hub.Publish("agent:"+holder.String(), live.Event{Name: "lapsed", Data: id.String()}) })
	}
	return ticket.TakeOver(tx, a, id)
}

// Mix sets the campaigns an agent works this shift; none means all (decisions.md 12). A campaign that does not exist is
// refused: nobody would ever be handed anything from it.
func Mix(tx *db.Tx, a who.Actor, campaigns *campaign.Campaigns, agent db.ID, codes []string) error {
	if err := staff.May(a, staff.ActMix); err != nil {
		return err
	}
	for _, code := range codes {
		if _, err := campaigns.Get(tx, code); err != nil {
			return err
		}
	}
	return staff.SetCampaigns(tx, a, agent, codes)
}
