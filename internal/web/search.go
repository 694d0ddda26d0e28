package web

import (
	"net/http"
	"slices"
	"strings"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/procedure"
	"sapa/internal/registration"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// searchData is what was found for what was typed.
type searchData struct {
	frame
	Query     string
	Found     []ticket.Ticket
	Faults    []faultFound
	Customers []customer.Customer
	Requests  []registration.Request
	Titles    map[string]procedure.Text
	Raises    bool // may put one before the others
	Marks     marks
}

func (p searchData) none() bool {
	return len(p.Found)+len(p.Faults)+len(p.Customers)+len(p.Requests) == 0
}

// marked reads what is held of what was found.
func (p searchData) marked(tx *db.Tx, by who.Actor) (marks, error) {
	var customers []db.ID
	for _, c := range p.Customers {
		customers = append(customers, c.ID)
	}
	var troubles []trouble.Ticket
	for _, one := range p.Faults {
		troubles = append(troubles, one.Ticket)
	}
	return marksOn(tx, by, customers, p.Found, troubles)
}

// faultFound is a trouble ticket that was found, with the tickets of the queue that belong to it. Hand is one of them that the
// reader has in hand: its desk shows the trouble ticket.
type faultFound struct {
	trouble.Ticket
	Queue []ticket.Ticket
	Hand  bool
}

// faults looks for trouble tickets, for who may see them.
func (s *Server) faults(tx *db.Tx, r *request, q string) ([]faultFound, error) {
	if staff.May(r.by, staff.ActReadTrouble) != nil {
		return nil, nil
	}
	found, err := trouble.Search(tx, q)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	held, _, holds, err := ticket.Held(tx, db.ID(r.by.ID))
	if err != nil {
		return nil, err
	}
	var all []faultFound
	for _, t := range found {
		queue, err := s.Seat.QueueOf(tx, r.by, t)
		if err != nil {
			return nil, err
		}
		masked, _, err := desk.MaskTrouble(tx, r.by, t)
		if err != nil {
			return nil, err
		}
		all = append(all, faultFound{masked, queue, holds && slices.ContainsFunc(queue, func(one ticket.Ticket) bool { return one.ID == held.ID })})
	}
	return all, nil
}

func (s *Server) search(w http.ResponseWriter, r *request) {
	p := searchData{frame: s.frame(r, r.T("web.search")).on("search"), Query: strings.TrimSpace(r.PostFormValue("q")), Titles: map[string]procedure.Text{},
		Raises: staff.May(r.by, staff.ActRaise) == nil}
	err := s.Store.Read(r.Context(), func(tx *db.Tx) error {
		p.Now = tx.Now.In(s.Site)
		all, err := s.Campaigns.All(tx)
		if err != nil {
			return err
		}
		for _, one := range all {
			p.Titles[one.Code] = one.Title
		}
		if p.Found, err = desk.FindTickets(tx, r.by, p.Query); err != nil {
			return err
		}
		if p.Faults, err = s.faults(tx, r, p.Query); err != nil {
			return err
		}
		if p.Customers, err = s.foundCustomers(tx, r, p.Query); err != nil {
			return err
		}
		if p.Requests, err = s.Seat.FindRegistrations(tx, r.by, p.Query); err != nil {
			return err
		}
		p.Marks, err = p.marked(tx, r.by)
		return err
	})
	if err != nil {
		_, text := s.explain(r, err)
		p.Said = &said{"refused", text}
	}
	s.show(w, r, http.StatusOK, searchScreen(p))
}
