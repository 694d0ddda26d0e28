package tmf

import (
	"slices"
	"strings"
	"time"

	"sapa/internal/customer"
	"sapa/internal/phone"
	"sapa/internal/registration"
	"sapa/internal/trouble"
)

// What an outside knows, as the house's own values. All of this is pure: what cannot be read is left empty and named as a doubt, so that
// a mirror keeps what is known here rather than overwrite it with less.

// Doubts of a mirrored customer.
const (
	NoName  = "name"
	NoClass = "class"
	NoPhone = "phone"
	NoZone  = "zone"
)

// CustomerOf is a customer with their services as the house keeps them. The person, when the master keeps one, fills what the customer's
// own record leaves open. Services that have ended, or whose number or kind cannot be read, are left out.
func CustomerOf(c Customer, person Individual, services []Service, now time.Time) (customer.Customer, []customer.Service, []string) {
	var doubts []string
	own := customer.Customer{Name: first(c.Name, person.Name(), c.EngagedParty.Name), NCLI: c.NCLI(), Class: customer.Class(c.Class()), Segment: c.Segment()}
	if own.Name == "" {
		doubts = append(doubts, NoName)
	}
	if own.Class == "" {
		own.Class = customer.Regular
		doubts = append(doubts, NoClass)
	}
	media := append(slices.Clone(c.ContactMedium), person.ContactMedium...)
	if numbers := Numbers(media, now); len(numbers) > 0 {
		own.Phone = numbers[0]
	} else {
		doubts = append(doubts, NoPhone)
	}
	for _, m := range usable(media, now) {
		if at := m.Characteristic; own.Address == "" && at.Street1 != "" {
			own.Address, own.City = strings.TrimSpace(at.Street1+" "+at.Street2), at.City
		}
	}
	var all []customer.Service
	for _, s := range services {
		no, _, err := phone.ParseService(s.No())
		if err != nil || s.Kind() == "" || s.State == "terminated" {
			continue
		}
		all = append(all, customer.Service{No: string(no), Kind: s.Kind(), Package: s.Package()})
		if zone, ok := phone.ZoneOfArea(string(no)); ok && own.Zone == "" { // a fixed line says where it is; an internet number does not
			own.Zone = zone
		}
		for _, p := range s.Place {
			if own.Address == "" {
				own.Address = p.Name
			}
		}
	}
	for _, n := range Numbers(media, now) {
		if zone, ok := phone.ZoneOfArea(n.Full()); ok && own.Zone == "" {
			own.Zone = zone
		}
	}
	if own.Zone == "" {
		doubts = append(doubts, NoZone)
	}
	return own, all, doubts
}

// Numbers gives the telephone numbers that are in use, the preferred ones first, each once.
func Numbers(media []Medium, now time.Time) (all []phone.Number) {
	for _, m := range usable(media, now) {
		if n, err := phone.Parse(m.Characteristic.PhoneNumber); err == nil && !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}

// usable leaves the media that are valid now, the preferred ones first.
func usable(media []Medium, now time.Time) []Medium {
	all := slices.DeleteFunc(slices.Clone(media), func(m Medium) bool {
		return !m.ValidFor.End.IsZero() && m.ValidFor.End.Before(now) || m.ValidFor.Start.After(now)
	})
	slices.SortStableFunc(all, func(a, b Medium) int {
		switch {
		case a.Preferred == b.Preferred:
			return 0
		case a.Preferred:
			return -1
		}
		return 1
	})
	return all
}

func first(all ...string) string {
	for _, s := range all {
		if s = strings.TrimSpace(s); s != "" {
			return s
		}
	}
	return ""
}

// Due is a bill as I-Siska and E-payment show it (domain 2.1, 2.2): whole rupiah only.
type Due struct {
	No           string
	Rupiah, Left int64
	Billed, By   time.Time
	State        string
	Paid         bool
}

// Overdue tells whether something is owed beyond the day it was due.
func (d Due) Overdue(now time.Time) bool {
	return !d.Paid && d.Left > 0 && !d.By.IsZero() && now.After(d.By)
}

// DueOf is a bill; ok is whether its amounts are whole rupiah. What has been paid is what the other side calls settled: an amount
// that is left out is not an amount of nothing.
func DueOf(b Bill) (d Due, ok bool) {
	whole, fine := b.AmountDue.Rupiah()
	left, fine2 := b.RemainingAmount.Rupiah()
	d = Due{No: b.No(), Rupiah: whole, Left: left, Billed: b.BillDate.Time, By: b.PaymentDueDate.Time, State: b.State, Paid: b.State == "settled"}
	if !d.Paid && b.RemainingAmount == (Money{}) {
		d.Left = whole
	}
	return d, fine && fine2
}

// BillOf is a bill as the house keeps it; ok is whether it can be kept: whole rupiah, something owed, a day it is due. Its period is the
// month it was billed in at the site. What was paid of it comes with the payments.
func BillOf(b Bill, serviceNo string, site *time.Location) (customer.Bill, bool) {
	d, ok := DueOf(b)
	return customer.Bill{ServiceNo: serviceNo, Period: d.Billed.In(site).Format("2006-01"), Amount: d.Rupiah, DueAt: d.By},
		ok && d.Rupiah > 0 && !d.By.IsZero() && !d.Billed.IsZero()
}

// PaymentOf is a payment as the house keeps it; ok is whether it can be kept: whole rupiah that have been paid.
func PaymentOf(p Payment) (customer.Payment, bool) {
	amount := p.TotalAmount
	if amount == (Money{}) {
		amount = p.Amount
	}
	n, ok := amount.Rupiah()
	said := strings.ToLower(p.Status)
	paid := said == "" || slices.Contains([]string{"done", "accepted", "completed", "paid", "settled"}, said)
	return customer.Payment{Ref: p.key(), Amount: n, At: p.PaymentDate.Time, Place: p.Method.Name}, ok && paid && n > 0 && !p.PaymentDate.IsZero()
}

// orderStates are the house's states of TMF622's.
var orderStates = map[string]string{
	"acknowledged": "open", "pending": "open", "held": "open", "inProgress": "progress", "partial": "progress", "assessingCancellation": "progress",
	"pendingCancellation": "progress", "completed": "done", "cancelled": "cancelled", "rejected": "cancelled", "failed": "cancelled",
}

// OrderOf is an order as the house keeps it; ok is whether its state, its kind and its dates can be read. A new installation adds a
// product, a change modifies one, and what calls itself a move (PDA) is one.
func OrderOf(o Order) (x customer.Order, ok bool) {
	x = customer.Order{No: o.SC(), State: orderStates[o.State], OrderedAt: o.OrderDate.Time}
	for _, i := range o.ProductOrderItem {
		switch category := strings.ToLower(o.Category); {
		case x.Kind != "":
		case category == customer.Move, strings.Contains(category, "move"), strings.Contains(category, "pindah"):
			x.Kind = customer.Move
		case i.Action == "add":
			x.Kind = customer.Install
		case i.Action == "modify":
			x.Kind = customer.Modify
		}
		if i.ProductOffering != nil && x.Package == "" {
			x.Package = i.ProductOffering.Name
		}
		if i.Product != nil && x.ServiceNo == "" {
			x.ServiceNo = trait(i.Product.Characteristic, "jastel", "serviceNumber")
		}
	}
	over := x.State == "done" || x.State == "cancelled"
	if over {
		x.EndedAt = o.CompletionDate.Time
		if x.EndedAt.IsZero() {
			x.EndedAt = o.CancellationDate.Time
		}
	}
	return x, x.State != "" && x.Kind != "" && !x.OrderedAt.IsZero() && (!over || !x.EndedAt.Before(x.OrderedAt))
}

// RegistrationOf is a request for a new installation as TMF622 has it (2.c, A-05), to be ordered outside under an external id.
func RegistrationOf(r registration.Request, external string) Order {
	item := OrderItem{ID: "1", Action: "add", Quantity: 1, ProductOffering: &Offering{ID: r.Package, Name: r.Package}, Product: &Product{
		Place: []Place{{Name: strings.TrimSpace(r.Address + ", " + r.City), Role: "installationAddress"}}}}
	for _, t := range []struct{ name, value string }{{"sto", r.STO}, {"odp", r.ODP}} {
		if t.value != "" {
			item.Product.Characteristic = append(item.Product.Characteristic, Say(t.name, t.value))
		}
	}
	o := Order{ExternalID: external, Category: customer.Install, Description: r.No, NotificationContact: r.Phone.Full(), ProductOrderItem: []OrderItem{item}, Type: "ProductOrder"}
	if r.Note != "" {
		o.Note = []Note{{Text: r.Note, Date: At(r.MadeAt)}}
	}
	return o
}

// Report is a trouble ticket of the other side as the check for existing reports needs it (SOP 5.2.10.check).
type Report struct {
	No, ServiceNo string
	Open          bool
	State         trouble.State // the nearest one of the house
	Said          Status        // what the other side calls it
	Subject       string
	OpenedAt      time.Time
	Notes         int
}

// states are the nearest states of the house to TMF621's (domain 2.8). That the other side resolved it is not that the customer
// accepted it (SOP 5.6). Rejected and cancelled ones are over.
var states = map[Status]trouble.State{
	Acknowledged: trouble.Fresh, InProgress: trouble.Backend, Held: trouble.SLAHold, Pending: trouble.Pending,
	Resolved: trouble.Resolved, Closed: trouble.Closed, Cancelled: trouble.Closed, Rejected: trouble.Closed,
}

// ReportOf is a trouble ticket of the other side. A status that nobody knows counts as open: a second report would be the worse mistake.
func ReportOf(t Ticket) Report {
	state, known := states[t.Status]
	if !known {
		state = trouble.Queued
	}
	return Report{No: t.key(), ServiceNo: t.ServiceNo(), State: state, Said: t.Status, Subject: first(t.Name, t.Description), OpenedAt: t.CreationDate.Time, Notes: len(t.Note),
		Open: !slices.Contains([]trouble.State{trouble.Resolved, trouble.Closed}, state)}
}

// TicketOf is a trouble ticket of the house as TMF621 has it (TM Forum mapping of the complaint form, SOP 5.2.10), to be opened outside
// under an external id. The contact's telephone stays here: what needs it has the customer's record.
func TicketOf(t trouble.Ticket, external string) Ticket {
	x := Ticket{ExternalID: external, Name: t.Subject.String(), Description: t.Description, TicketType: t.Service, Severity: severity(t.Urgency), Priority: t.Priority,
		Type: "TroubleTicket"}
	if t.ServiceNo != "" {
		x.RelatedEntity = []Entity{Affects(t.ServiceNo)}
	}
	if t.ParentNo != "" {
		x.RelatedEntity = append(x.RelatedEntity, Entity{ID: t.ParentNo, Role: "parent", ReferredType: "ServiceProblem"})
	}
	return x
}

// SlotOf is the time of a slot as the house's booking has it.
func SlotOf(s Slot) (from, to time.Time) { return s.ValidFor.Start.Time, s.ValidFor.End.Time }
