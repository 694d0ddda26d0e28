package tmf

import (
	"context"
	"slices"
	"strings"
	"time"

	"sapa/internal/customer"
	"sapa/internal/fault"
	"sapa/internal/phone"
)

// What is read of one customer at once; who has more is a company whose record is read elsewhere.
const (
	mostServices = 100
	mostBills    = 60
	mostPayments = 120
	mostOrders   = 100
	mostReports  = 50
	mostLines    = 10 // service numbers that tickets are asked for
)

// Asked answers what is asked about one customer; each kind of outside system is one.
type Asked interface {
	Ask(ctx context.Context, a customer.Asked) (customer.Word, error)
}

// AskOf gives what a kind of connector answers about a customer; false for a kind that answers nothing. The site's zone decides which
// month a bill is of.
func AskOf(kind string, a *API, site *time.Location) (Asked, bool) {
	switch kind {
	case "tmf629":
		return askCustomer{Customers{a}}, true
	case "tmf632":
		return askPerson{Individuals{a}}, true
	case "tmf638":
		return askServices{Services{a}}, true
	case "tmf678":
		return askBills{Bills{a}, site}, true
	case "tmf676":
		return askPayments{Payments{a}}, true
	case "tmf622":
		return askOrders{Orders{a}}, true
	case "tmf621":
		return askReports{Tickets{a}}, true
	}
	return nil, false
}

type (
	askCustomer struct{ Customers }
	askPerson   struct{ Individuals }
	askServices struct{ Services }
	askBills    struct {
		Bills
		site *time.Location
	}
	askPayments struct{ Payments }
	askOrders   struct{ Orders }
	askReports  struct{ Tickets }
)

// certain is a record without what was doubted.
func certain(own customer.Customer, doubts []string) customer.Customer {
	if slices.Contains(doubts, NoClass) {
		own.Class = ""
	}
	return own
}

// Ask reads the customer's own record (I-Siska): name, class, segment, address, numbers.
func (q askCustomer) Ask(ctx context.Context, a customer.Asked) (customer.Word, error) {
	c, err := q.Get(ctx, a.NCLI)
	if err != nil {
		return customer.Word{}, err
	}
	if c.NCLI() != a.NCLI {
		return customer.Word{}, fault.New(fault.Busy, "tmf.nonsense").Because(errShape)
	}
	own, _, doubts := CustomerOf(c, Individual{}, nil, q.Clock())
	t := customer.Word{NCLI: c.NCLI(), Record: certain(own, doubts), Guess: customer.Customer{Zone: own.Zone}, Numbers: Numbers(c.ContactMedium, q.Clock())}
	t.Record.Zone, t.Record.NCLI, t.Record.Phone = "", "", ""
	if kind := c.EngagedParty.ReferredType; kind == "" || strings.EqualFold(kind, "Individual") {
		t.Person = named(c.EngagedParty.ID, c.EngagedParty.Href)
	}
	return t, nil
}

// Ask reads the person behind a customer: what the customer's own record leaves open.
func (q askPerson) Ask(ctx context.Context, a customer.Asked) (customer.Word, error) {
	p, err := q.Get(ctx, a.Person)
	if err != nil {
		return customer.Word{}, err
	}
	if p.key() != a.Person {
		return customer.Word{}, fault.New(fault.Busy, "tmf.nonsense").Because(errShape)
	}
	own, _, _ := CustomerOf(Customer{}, p, nil, q.Clock())
	return customer.Word{Record: customer.Customer{Name: own.Name, Address: own.Address, City: own.City}, Guess: customer.Customer{Zone: own.Zone}, Numbers: Numbers(p.ContactMedium, q.Clock())}, nil
}

// Ask reads the services of a customer or, while nobody knows whose it is, of a number: then it says whose.
func (q askServices) Ask(ctx context.Context, a customer.Asked) (t customer.Word, err error) {
	var found []Service
	if a.NCLI != "" {
		found, _, err = q.OfCustomer(ctx, a.NCLI, mostServices)
	} else {
		for _, no := range a.Numbers {
			if found, err = q.ByNo(ctx, no); err != nil || len(found) > 0 {
				break
			}
		}
		if err == nil && len(found) == 0 {
			err = fault.New(fault.Missing, "tmf.missing")
		}
		t.NCLI = ownerOf(found)
	}
	if err != nil {
		return customer.Word{}, err
	}
	own, services, _ := CustomerOf(Customer{}, Individual{}, found, q.Clock())
	t.Guess, t.Services = customer.Customer{Address: own.Address, Zone: own.Zone}, services
	for _, s := range found {
		no, _, err := phone.ParseService(s.No())
		switch {
		case err != nil || s.Kind() == "":
			t.Doubts++
		case s.State == "terminated":
			t.Ended = append(t.Ended, customer.Service{No: string(no), Kind: s.Kind()})
		}
	}
	return t, nil
}

// ownerOf is whose services are, when all of them say the same customer.
func ownerOf(all []Service) (ncli string) {
	for _, s := range all {
		for _, p := range s.RelatedParty {
			if !strings.EqualFold(p.Role, "customer") && !strings.EqualFold(p.ReferredType, "Customer") {
				continue
			}
			id := named(p.ID, p.Href)
			if ncli != "" && id != ncli {
				return ""
			}
			ncli = id
		}
	}
	return ncli
}

// Ask reads the customer's bills, and how much of each is left.
func (q askBills) Ask(ctx context.Context, a customer.Asked) (t customer.Word, err error) {
	all, _, err := q.OfCustomer(ctx, a.NCLI, mostBills)
	for _, b := range all {
		own, ok := BillOf(b, "", q.site)
		d, fine := DueOf(b)
		if !ok || !fine || d.Left < 0 || d.Left > own.Amount {
			t.Doubts++
			continue
		}
		if d.Paid {
			d.Left = 0
		}
		names := []string{b.No()}
		if b.key() != b.No() {
			names = append(names, b.key())
		}
		t.Bills = append(t.Bills, customer.ToldBill{Bill: own, Names: names, Left: d.Left})
	}
	return t, err
}

// Ask reads what the customer has paid.
func (q askPayments) Ask(ctx context.Context, a customer.Asked) (t customer.Word, err error) {
	all, _, err := q.OfCustomer(ctx, a.NCLI, mostPayments)
	for _, p := range all {
		own, ok := PaymentOf(p)
		if !ok {
			t.Doubts++
			continue
		}
		t.Payments = append(t.Payments, customer.ToldPayment{Payment: own, Of: p.Pays()})
	}
	return t, err
}

// Ask reads what the customer has ordered.
func (q askOrders) Ask(ctx context.Context, a customer.Asked) (t customer.Word, err error) {
	all, _, err := q.OfCustomer(ctx, a.NCLI, mostOrders)
	for _, o := range all {
		own, ok := OrderOf(o)
		if !ok {
			t.Doubts++
			continue
		}
		if no, _, err := phone.ParseService(own.ServiceNo); err == nil {
			own.ServiceNo = string(no)
		}
		t.Orders = append(t.Orders, own)
	}
	return t, err
}

// Ask reads the trouble tickets of the customer's numbers (SOP 5.2.10.check).
func (q askReports) Ask(ctx context.Context, a customer.Asked) (t customer.Word, err error) {
	for i, no := range a.Numbers {
		if i == mostLines {
			break
		}
		all, _, err := q.OfService(ctx, no, mostReports)
		if err != nil {
			return t, err
		}
		for _, x := range all {
			r, own := ReportOf(x), ""
			if strings.HasPrefix(x.ExternalID, "sapa:") {
				own = x.ExternalID[strings.LastIndexByte(x.ExternalID, ':')+1:]
			}
			t.Reports = append(t.Reports, customer.Report{No: r.No, ServiceNo: no, State: string(r.Said), Open: r.Open, Subject: r.Subject, OwnNo: own, OpenedAt: r.OpenedAt})
		}
	}
	return t, nil
}
