package desk

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/line"
	"sapa/internal/registration"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// How much of a customer is shown at once; the timeline goes on by pages.
const (
	shownBills    = 24 // two years of months
	shownOrders   = 50
	shownCares    = 50
	shownServices = 20
	pageMost      = 100
)

// Whole is everything the house knows of one customer: what I-Siska, E-payment, Starclick, My CX, Nossa and the app say, side by
// side (SOP 5.1.1-5.1.3, 5.1.13). Numbers in it mask themselves; what else is masked for whom is staff.Plain's.
type Whole struct {
	Customer customer.Customer
	Services []Serviced
	Contacts []customer.Contact
	Isolir   customer.Isolir
	Bills    []customer.Bill
	Orders   []customer.Order
	Cares    []customer.SelfCare
	Tickets  []ticket.Ticket    // to be worked, of all campaigns, oldest first
	Troubles []trouble.Ticket   // of all services, the open ones first, then the newest
	Reports  []customer.Report  // of the other side, open, of all services
	Readings []customer.Reading // what outside systems were asked, and how it went
	Timeline []Happened         // newest first
	Next     string             // asks for the page after; "": this was the last
	Zone     *time.Location     // the customer's
	Hidden   []staff.Field      // masked for whoever asked
	Reveals  bool               // may have something shown for 15 seconds
}

// Hides tells whether a field is masked.
func (w Whole) Hides(f staff.Field) bool { return slices.Contains(w.Hidden, f) }

// Prospect: somebody without a service yet (calon pelanggan).
func (w Whole) Prospect() bool { return len(w.Services) == 0 }

// Serviced is a service and where its number ends in the network; nil when the network data do not say.
type Serviced struct {
	customer.Service
	Line *line.Line
}

// MayReadCustomer asks whether somebody may read a customer: anybody who answers for all of them, or an agent one of whose
// tickets is about this one. What is not theirs is Missing.
func (s *Seat) MayReadCustomer(tx *db.Tx, a who.Actor, c customer.Customer, services []customer.Service) error {
	if err := staff.May(a, staff.ActReadCustomer); err != nil {
		return err
	}
	if staff.Whose(a) {
		return nil
	}
	for _, subject := range subjects(c.ID, services) {
		if sees, err := ticket.SeesSubject(tx, staff.ScopeOf(a), subject); err != nil || sees {
			return err
		}
	}
	return fault.New(fault.Missing, "db.no-row")
}

// FindCustomers looks for whose exact number was typed, and for words of a name; only those that somebody may read, with the name masked
// for who need not read it.
func (s *Seat) FindCustomers(tx *db.Tx, a who.Actor, q string) ([]customer.Customer, error) {
	if staff.May(a, staff.ActReadCustomer) != nil {
		return nil, nil
	}
	found, err := customer.Find(tx, q)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 && !strings.ContainsAny(q, "0123456789") && staff.Plain(a, staff.FieldName) { // a masked name is not to be found out by guessing
		if found, err = customer.Named(tx, q); fault.Is(err, fault.Invalid) {
			return nil, nil
		}
	}
	var mine []customer.Customer
	for _, c := range found {
		services, err := customer.Services(tx, c.ID)
		if err != nil {
			return nil, err
		}
		switch err := s.MayReadCustomer(tx, a, c, services); {
		case err == nil:
			if !staff.Plain(a, staff.FieldName) {
				c.Name = customer.MaskWords(c.Name)
			}
			mine = append(mine, c)
		case !fault.Is(err, fault.Missing):
			return nil, err
		}
	}
	return mine, err
}

// FindRegistrations looks for requests to register by their number or the whole telephone, for whoever may read them; name
// and address are masked as a customer's are, numbers in the note as in the timeline.
func (s *Seat) FindRegistrations(tx *db.Tx, a who.Actor, q string) ([]registration.Request, error) {
	if staff.May(a, staff.ActReadRegistration) != nil {
		return nil, nil
	}
	found, err := registration.Find(tx, q)
	for i := range found {
		if found[i], err = MaskRegistration(tx, a, found[i], nil); err != nil {
			return nil, err
		}
	}
	return found, err
}

// About reads a customer, with a page of the timeline: after is what the page before said comes next, limit 1 to 100, 0 is 25. It shows what
// is kept; what outside systems know of the customer is read beside it, when that is older than it may be.
func (s *Seat) About(tx *db.Tx, a who.Actor, id db.ID, after string, limit int) (Whole, error) {
	var w Whole
	c, err := customer.Get(tx, id)
	if err != nil {
		return w, err
	}
	services, err := customer.Services(tx, id)
	if err != nil {
		return w, err
	}
	if err := s.MayReadCustomer(tx, a, c, services); err != nil {
		return w, err
	}
	w.Customer, w.Zone = c, Zone(c.Zone, s.Site)
	if w.Services, err = wired(tx, services); err != nil {
		return w, err
	}
	if w.Contacts, err = customer.Contacts(tx, id); err != nil {
		return w, err
	}
	if w.Isolir, err = customer.IsolirOf(tx, c); err != nil {
		return w, err
	}
	if w.Bills, err = customer.Bills(tx, id, shownBills); err != nil {
		return w, err
	}
	if w.Orders, err = customer.Orders(tx, id, shownOrders); err != nil {
		return w, err
	}
	if w.Cares, err = customer.SelfCares(tx, id, shownCares); err != nil {
		return w, err
	}
	if err := w.open(tx, services); err != nil {
		return w, err
	}
	if w.Readings, err = customer.Readings(tx, customer.SubjectOf(id, "")); err != nil {
		return w, err
	}
	w.Timeline, w.Next, err = s.timeline(tx, w, services, after, limit)
	w.mask(a)
	s.needs(id, "", db.ID(a.ID))
	return w, err
}

// RevealOf lets somebody who may, and says why, look at something of a customer that is masked; customer.Shown has the value.
func (s *Seat) RevealOf(tx *db.Tx, a who.Actor, id db.ID, r customer.Reveal) (look db.ID, err error) {
	if err := staff.May(a, staff.ActReveal); err != nil {
		return 0, err
	}
	c, err := customer.Get(tx, id)
	if err != nil {
		return 0, err
	}
	services, err := customer.Services(tx, id)
	if err != nil {
		return 0, err
	}
	if err := s.MayReadCustomer(tx, a, c, services); err != nil {
		return 0, err
	}
	return customer.Show(tx, a, id, r)
}

// numbers are the service numbers, each once.
func numbers(services []customer.Service) []string {
	var all []string
	for _, one := range services {
		if !slices.Contains(all, one.No) && len(all) < shownServices {
			all = append(all, one.No)
		}
	}
	return all
}

func subjects(id db.ID, services []customer.Service) []string {
	return ticket.SubjectsOf(id, numbers(services))
}

func wired(tx *db.Tx, services []customer.Service) ([]Serviced, error) {
	var all []Serviced
	for _, one := range services {
		l, err := line.LineOf(tx, one.No)
		switch {
		case err == nil:
			all = append(all, Serviced{one, &l})
		case fault.Is(err, fault.Missing):
			all = append(all, Serviced{one, nil})
		default:
			return nil, err
		}
	}
	return all, nil
}

// open reads what is still to be done for the customer, in every campaign, and the trouble tickets.
func (w *Whole) open(tx *db.Tx, services []customer.Service) error {
	for _, subject := range subjects(w.Customer.ID, services) {
		more, err := ticket.OpenOfSubject(tx, subject, 0)
		if err != nil {
			return err
		}
		w.Tickets = append(w.Tickets, more...)
	}
	for _, no := range numbers(services) {
		more, err := trouble.OfService(tx, no, 20)
		if err != nil {
			return err
		}
		w.Troubles = append(w.Troubles, more...)
		theirs, err := customer.OpenReports(tx, no)
		if err != nil {
			return err
		}
		w.Reports = append(w.Reports, theirs...)
	}
	slices.SortStableFunc(w.Troubles, func(a, b trouble.Ticket) int {
		if a.Open() != b.Open() {
			return cmp.Compare(bit(b.Open()), bit(a.Open()))
		}
		return b.OpenedAt.Compare(a.OpenedAt)
	})
	return nil
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
