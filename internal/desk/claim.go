package desk

import (
	"slices"
	"time"

	"sapa/internal/booking"
	"sapa/internal/call"
	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// Next hands the agent the ticket that has waited longest in the campaigns they may work, due promises first
// (SOP 5.2.4, decisions.md 1). Who holds one already gets that one again. Missing "ticket.nothing-waiting" when nothing
// may be called now: nothing waits, it is promised for later, or its customer's calling hours are over. The turn has
// what a caller works with; what the screen shows beside it - customer, history, other tickets - is read afterwards
// (Current), for everybody waits for the one writer.
func (s *Seat) Next(tx *db.Tx, a who.Actor, campaigns []string) (Turn, error) {
	if err := staff.May(a, staff.ActWork); err != nil {
		return Turn{}, err
	}
	if t, lease, held, err := ticket.Held(tx, db.ID(a.ID)); err != nil {
		return Turn{}, err
	} else if held {
		return s.hand(tx, t, lease)
	}
	pools, err := s.pools(tx, a, campaigns)
	if err != nil {
		return Turn{}, err
	}
	if len(pools) == 0 {
		return Turn{}, fault.New(fault.Missing, "ticket.nothing-waiting")
	}
	t, lease, err := ticket.Claim(tx, db.ID(a.ID), pools)
	if err != nil {
		return Turn{}, err
	}
	if t, _, err = s.begin(tx, a, t); err != nil {
		return Turn{}, err
	}
	s.tellBoard(tx)
	return s.hand(tx, t, lease)
}

// begin starts the turn of a fresh claim, pinned to the revision in force; a draft that was left behind keeps its pin
// once (decisions.md 5). The ticket comes back with its customer's other numbers.
func (s *Seat) begin(tx *db.Tx, a who.Actor, t ticket.Ticket) (ticket.Ticket, ticket.Turn, error) {
	t, err := offer(tx, a, t)
	if err != nil {
		return t, ticket.Turn{}, err
	}
	c, err := s.Campaigns.Get(tx, t.Campaign)
	if err != nil {
		return t, ticket.Turn{}, err
	}
	turn, err := ticket.BeginTurn(tx, t.ID, db.ID(a.ID), ticket.Pin{Code: c.Code, Revision: c.Revision.Revision, Hash: c.Revision.Hash})
	if err != nil {
		return t, turn, err
	}
	if err := s.own(tx, a, t); err != nil {
		return t, turn, err
	}
	tx.After(func() { s.needs(t.Customer, t.ServiceNo, db.ID(a.ID)) })
	_, err = journal.Write(tx, journal.Entry{By: a, Act: "turn.begun", Kind: "turn", Ref: turn.ID, Ticket: t.ID})
	return t, turn, err
}

// own sets who has an incident of My Group's Incidents in hand (SOP 5.3.3).
func (s *Seat) own(tx *db.Tx, a who.Actor, t ticket.Ticket) error {
	no := t.Fields["ticket_no"]
	if t.Campaign != "nossa" || no == "" {
		return nil
	}
	about, err := trouble.ByNo(tx, no)
	if fault.Is(err, fault.Missing) || err == nil && (!about.Open() || about.Group != T2O) {
		return nil
	}
	if err == nil && about.Owner != 0 && about.Owner != db.ID(a.ID) { // who had it before has given the row back: one hold a subject
		_, err = trouble.Own(tx, a, about.ID, 0)
	}
	if err == nil {
		_, err = trouble.Own(tx, a, about.ID, db.ID(a.ID))
	}
	return err
}

// pools lists what this agent may be handed now: built campaigns of their mix, in zones whose calling hours are open.
func (s *Seat) pools(tx *db.Tx, a who.Actor, wanted []string) ([]string, error) {
	mine, err := s.CampaignsOf(tx, a)
	if err != nil {
		return nil, err
	}
	for _, code := range wanted {
		if _, err := s.Campaigns.Get(tx, code); err != nil {
			return nil, err
		}
	}
	var pools []string
	for _, c := range mine {
		if !c.Built || (len(wanted) > 0 && !slices.Contains(wanted, c.Code)) {
			continue
		}
		zones, err := ticket.Zones(tx, c.Code)
		if err != nil {
			return nil, err
		}
		for _, zone := range zones {
			if c.Hours.Open(tx.Now, Zone(zone, s.Site)) {
				pools = append(pools, ticket.Pool(c.Code, zone))
			}
		}
	}
	return pools, nil
}

// CampaignsOf lists the campaigns an agent works this shift: the leader's mix, or all when none is set (decisions.md 12).
func (s *Seat) CampaignsOf(tx *db.Tx, a who.Actor) ([]campaign.Campaign, error) {
	all, err := s.Campaigns.All(tx)
	if err != nil {
		return nil, err
	}
	mix, err := staff.CampaignsOf(tx, db.ID(a.ID))
	if err != nil || len(mix) == 0 {
		return all, err
	}
	return slices.DeleteFunc(all, func(c campaign.Campaign) bool { return !slices.Contains(mix, c.Code) }), nil
}

// Current gives the turn an agent is in; false when they hold no ticket.
func (s *Seat) Current(tx *db.Tx, a who.Actor) (Turn, bool, error) {
	t, lease, held, err := ticket.Held(tx, db.ID(a.ID))
	if err != nil || !held {
		return Turn{}, false, err
	}
	turn, err := s.show(tx, a, t, lease)
	return turn, err == nil, err
}

// Open gives the turn of a ticket in hand - held, or going along -; Conflict when the lease is lost.
func (s *Seat) Open(tx *db.Tx, a who.Actor, id db.ID, token string) (Turn, error) {
	t, err := ticket.Hand(tx, id, db.ID(a.ID), token)
	if err != nil {
		return Turn{}, err
	}
	lease, err := s.lease(tx, a)
	if err != nil {
		return Turn{}, err
	}
	return s.show(tx, a, t, lease)
}

func (s *Seat) lease(tx *db.Tx, a who.Actor) (ticket.Lease, error) {
	_, lease, held, err := ticket.Held(tx, db.ID(a.ID))
	if err == nil && !held {
		err = fault.New(fault.Conflict, "ticket.lease-lost")
	}
	return lease, err
}

// Renew keeps the lease for another ten minutes; the open screen does it (decisions.md 2).
func (s *Seat) Renew(tx *db.Tx, a who.Actor, id db.ID, token string) (ticket.Lease, error) {
	return ticket.Renew(tx, id, db.ID(a.ID), token)
}

// Release gives the ticket back unfinished, with its age, and all that was taken along with it; the drafts stay for whoever
// takes them next. A ticket that goes along is put back by itself, also during the call.
func (s *Seat) Release(tx *db.Tx, a who.Actor, id db.ID, token, reason string) error {
	if _, err := ticket.Hand(tx, id, db.ID(a.ID), token); err != nil {
		return err
	}
	turn, err := ticket.TurnOf(tx, id)
	if err == nil && turn.Lead != 0 {
		if err = ticket.PutDown(tx, a, id, token, reason); err == nil {
			s.tellBoard(tx)
			s.tellAfter(tx, db.ID(a.ID), "call", id)
		}
		return err
	}
	if err != nil && !fault.Is(err, fault.Conflict) { // a hold without a turn can still be given back
		return err
	}
	if err := s.notInCall(tx, a); err != nil {
		return err
	}
	if err := ticket.Release(tx, a, id, token, reason); err != nil {
		return err
	}
	s.tellBoard(tx)
	return nil
}

// Read keeps that the note was shown in full and read, which opens the dial key (SOP 5.2.4.note).
func (s *Seat) Read(tx *db.Tx, a who.Actor, id db.ID, token string) error {
	t, err := ticket.Hand(tx, id, db.ID(a.ID), token)
	if err != nil {
		return err
	}
	turn, err := ticket.TurnOf(tx, t.ID)
	if err != nil || !turn.ReadAt.IsZero() {
		return err
	}
	if err := ticket.MarkRead(tx, turn.ID); err != nil {
		return err
	}
	_, err = journal.Write(tx, journal.Entry{By: a, Act: "note.read", Kind: "turn", Ref: turn.ID, Ticket: t.ID})
	return err
}

// Sweep frees the tickets whose lease has lapsed, except those whose holder is in a call (decisions.md 2); a call that has
// gone on too long to be one ends with its lease, or its agent could never dial again. Technicians' slots that were held too long go back. The house's ticker calls it.
func (s *Seat) Sweep(tx *db.Tx) error {
	if _, err := booking.Lapse(tx); err != nil {
		return err
	}
	freed, err := ticket.Lapse(tx, func(agent db.ID) bool {
		_, live, err := inCall(tx, agent)
		return err == nil && live
	})
	if err != nil {
		return err
	}
	for _, f := range freed {
		if err := call.Forget(tx, f.Agent); err != nil {
			return err
		}
		s.tellAfter(tx, f.Agent, "lapsed", f.Ticket)
	}
	if len(freed) > 0 {
		s.tellBoard(tx)
	}
	return s.tellAlerts(tx)
}

// Due is when the ticket's promise is, in the customer's zone; zero when it has none.
func Due(t ticket.Ticket, zone *time.Location) time.Time {
	if t.DueAt.IsZero() {
		return time.Time{}
	}
	return t.DueAt.In(zone)
}
