package desk

import (
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/line"
	"sapa/internal/outbox"
	"sapa/internal/registration"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// Registering is what the registration page begins with: what the ticket in hand already says.
type Registering struct {
	New      registration.New
	Ticket   *ticket.Ticket // in the agent's hand; nil: none
	Packages []registration.Package
	STOs     []string
}

// Registering fills the form in from the ticket in the agent's hand, as far as it tells (SOP 2.c, A-05). It only reads.
func (s *Seat) Registering(tx *db.Tx, a who.Actor) (r Registering, err error) {
	if err = staff.May(a, staff.ActRegister); err != nil {
		return r, err
	}
	if r.Packages, err = registration.Packages(tx); err != nil {
		return r, err
	}
	if r.STOs, err = registration.STOs(tx); err != nil {
		return r, err
	}
	t, _, held, err := ticket.Held(tx, db.ID(a.ID))
	if err != nil || !held {
		return r, err
	}
	r.Ticket = &t
	r.New = registration.New{Name: t.ContactName}
	if t.Contact != "" {
		r.New.Phone = t.Contact.Full()
	}
	c, _, err := customer.OfTicket(tx, t.Customer, t.ServiceNo)
	switch {
	case err == nil:
		r.New.Customer, r.New.Address, r.New.City = c.ID, c.Address, c.City
		if r.New.Name == "" {
			r.New.Name = c.Name
		}
	case !fault.Is(err, fault.Missing):
		return r, err
	}
	l, err := line.LineOf(tx, t.ServiceNo)
	if fault.Is(err, fault.Missing) {
		return r, nil
	}
	r.New.STO, r.New.ODP = l.STO, registration.Box(l.ODP)
	return r, err
}

// Register opens a request. With a ticket it is asked during that ticket's call: an agent must hold it, and the customer is
// the ticket's.
func (s *Seat) Register(tx *db.Tx, a who.Actor, n registration.New) (registration.Request, error) {
	if err := staff.May(a, staff.ActRegister); err != nil {
		return registration.Request{}, err
	}
	n.Customer = 0
	if n.Ticket != 0 {
		t, _, held, err := ticket.Held(tx, db.ID(a.ID))
		if err != nil {
			return registration.Request{}, err
		}
		if !held || t.ID != n.Ticket {
			return registration.Request{}, fault.New(fault.Conflict, "ticket.lease-lost").At("source_ticket", "2.c")
		}
		c, _, err := customer.OfTicket(tx, t.Customer, t.ServiceNo)
		if err != nil && !fault.Is(err, fault.Missing) {
			return registration.Request{}, err
		}
		if err == nil {
			n.Customer = c.ID
		}
	}
	r, err := registration.Open(tx, a, n)
	if err != nil {
		return r, err
	}
	return r, s.orderOutside(tx, a, registration.Request{}, r)
}

// orderOutside promises what an outside order system must be told of a request that has moved: that it is ordered, once; and that what
// was ordered there is not wanted any more. What waits for the network is not ordered yet.
func (s *Seat) orderOutside(tx *db.Tx, a who.Actor, was, r registration.Request) error {
	kind, text := "", ""
	switch {
	case s.Orders == "" || was.State == r.State:
	case r.State == registration.Ordered:
		kind, text = outbox.OrderProduct, "Order registrasi "+r.No+": "+r.Package+", STO "+r.STO+", "+r.ODP
	case r.State == registration.Cancelled && r.Outside != "":
		kind, text = outbox.CancelOrder, "Batalkan order "+r.Outside+" (registrasi "+r.No+")"
	}
	if kind == "" {
		return nil
	}
	_, err := outbox.Add(tx, a, []outbox.Promise{{App: s.Orders, Kind: kind, Text: text, Payload: r.No, Key: r.No, Clause: "2.c"}})
	return err
}

// MoveRegistration makes a move. Agents may cancel, for it is them the customer asks; that a port has come free or that it is
// installed leaders and feeds say.
func (s *Seat) MoveRegistration(tx *db.Tx, a who.Actor, no, move, note string, version int64) (registration.Request, error) {
	act := staff.ActMoveRegistration
	if move == registration.MoveCancel {
		act = staff.ActCancelRegistration
	}
	if err := staff.May(a, act); err != nil {
		return registration.Request{}, err
	}
	was, err := registration.ByNo(tx, no)
	if err != nil {
		return was, err
	}
	r, err := registration.Apply(tx, a, no, move, note, version)
	if err != nil {
		return r, err
	}
	return r, s.orderOutside(tx, a, was, r)
}

// RegisteredFor names the ticket in whose call a request was asked, if the actor may read it, and tells whether they hold a
// ticket now.
func (s *Seat) RegisteredFor(tx *db.Tx, a who.Actor, r registration.Request) (ref string, held bool, err error) {
	if staff.May(a, staff.ActWork) == nil {
		if _, _, held, err = ticket.Held(tx, db.ID(a.ID)); err != nil {
			return "", false, err
		}
	}
	if r.Ticket == 0 || staff.May(a, staff.ActReadTicket) != nil {
		return "", held, nil
	}
	t, err := ticket.Get(tx, r.Ticket)
	if fault.Is(err, fault.Missing) {
		return "", held, nil
	}
	return t.Ref, held, err
}
