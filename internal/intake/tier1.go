// Package intake brings tickets in: the Tier-1 form, the API, files. Whatever the door, the same rules decide, and every
// refusal names its place. It does not hand tickets out.
package intake

import (
	"slices"
	"strings"
	"time"

	"sapa/internal/campaign"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/phone"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// Form is what somebody gives to open one ticket. Fields of the criteria are for Callback (SOP 5.2.1).
type Form struct {
	Campaign       string
	Ref            string
	ServiceNo      string
	ContactName    string
	Phone          string
	OtherPhone     string
	Note           string
	Criterion      string // a-g
	Application    string // c: which one is down
	Reason         string // e: why VVIP although the class says otherwise; g: the request
	CallS          int    // f: how long the call lasted, seconds
	Recommendation db.ID  // f: the leader's
	Zone           string
	RequestedAt    time.Time
	OpenedAt       time.Time
	Source         string
	Fields         map[string]string
	Quiet          bool
}

// Criteria of SOP 5.2.1.
var Criteria = []string{"a", "b", "c", "d", "e", "f", "g"}

// Desk opens tickets with the site's defaults.
type Desk struct {
	Campaigns *campaign.Campaigns
	Site      *time.Location
	Seat      *desk.Seat // lets the campaigns follow lists of incidents; nil where none come in
}

// Open checks a form and opens its ticket; the same campaign and ref again gives the ticket that is there. Evidence for
// the criteria is asked where a person fills the form (source tier1); a machine's criterion is taken as told.
func (d Desk) Open(tx *db.Tx, by who.Actor, f Form) (ticket.Ticket, bool, error) {
	n, err := d.check(tx, by, f)
	if err != nil {
		return ticket.Ticket{}, false, err
	}
	t, fresh, err := ticket.Open(tx, by, n)
	if err != nil || !fresh || f.Recommendation == 0 {
		return t, fresh, err
	}
	return t, fresh, ticket.UseRecommendation(tx, by, f.Recommendation, t.ID)
}

func (d Desk) check(tx *db.Tx, by who.Actor, f Form) (ticket.New, error) {
	if err := mayOpen(by, f, tx.Now); err != nil {
		return ticket.New{}, err
	}
	if _, err := d.Campaigns.Get(tx, f.Campaign); err != nil {
		return ticket.New{}, err
	}
	if isList(f.Campaign) { // it would be in no list, so nobody could deal it (5.8.1.distribute)
		return ticket.New{}, fault.New(fault.Invalid, "intake.list-only").At("campaign", "5.8.1.source")
	}
	n, err := f.read()
	if err != nil {
		return n, err
	}
	known, err := d.customer(tx, n)
	if err != nil {
		return n, err
	}
	err = d.fit(tx, by, f, &n, known)
	return n, err
}

// backdated is how far before now an opening time counts as in the past: clocks differ a little.
const backdated = time.Minute

// mayOpen: Tier 1, leaders, the administrator and feeds open tickets; only the last two give an opening time in the past
// (SOP 5.2.1, contract). The house itself - the practice floor, a command on the server - may both.
func mayOpen(by who.Actor, f Form, now time.Time) error {
	if by.Via == who.System {
		return nil
	}
	if err := staff.May(by, staff.ActOpenTicket); err != nil {
		return at(err, "", "5.2.1")
	}
	if f.OpenedAt.IsZero() || !f.OpenedAt.Before(now.Add(-backdated)) {
		return nil
	}
	return at(staff.May(by, staff.ActBackdate), "opened_at", "5.2.1")
}

// read brings what was given into stored form. It needs no store.
func (f Form) read() (ticket.New, error) {
	n := ticket.New{Campaign: f.Campaign, Ref: strings.TrimSpace(f.Ref), ContactName: strings.TrimSpace(f.ContactName), Note: strings.TrimSpace(f.Note),
		Criterion: f.Criterion, Source: f.Source, OpenedAt: f.OpenedAt, RequestedAt: f.RequestedAt, Fields: f.Fields, Quiet: f.Quiet}
	if n.Fields == nil {
		n.Fields = map[string]string{}
	}
	if f.ServiceNo != "" {
		service, _, err := phone.ParseService(f.ServiceNo)
		if err != nil {
			return n, at(err, "service_no", "5.2.10.d")
		}
		n.ServiceNo = string(service)
	}
	for _, typed := range []struct{ number, field string }{{f.Phone, "contact.phone"}, {f.OtherPhone, "other_phone"}} {
		if typed.number == "" && typed.field != "contact.phone" {
			continue
		}
		number, err := phone.Parse(typed.number)
		if err != nil {
			return n, at(err, typed.field, "5.2.1")
		}
		n.Contacts = append(n.Contacts, ticket.Contact{Phone: number})
	}
	return n, nil
}

// fit joins a form with what the house knows of its customer, and holds it against the campaign's rules.
func (d Desk) fit(tx *db.Tx, by who.Actor, f Form, n *ticket.New, known *customer.Customer) error {
	if known != nil {
		n.Customer = known.ID
		if n.ContactName == "" {
			n.ContactName = known.Name
		}
	}
	n.Zone = d.zone(f, *n, known)
	if f.Campaign == "callback" {
		return callback(tx, by, f, *n, known)
	}
	return nil
}

// at says which field and clause a refusal is about.
func at(err error, field, clause string) error {
	if f := fault.Of(err); f != nil {
		return f.At(field, clause)
	}
	return err
}

func (d Desk) customer(tx *db.Tx, n ticket.New) (*customer.Customer, error) {
	var c customer.Customer
	err := error(fault.New(fault.Missing, "db.no-row"))
	if n.ServiceNo != "" {
		c, err = customer.ByService(tx, n.ServiceNo)
	}
	if fault.Is(err, fault.Missing) {
		c, err = customer.ByPhone(tx, n.Contacts[0].Phone)
	}
	if fault.Is(err, fault.Missing) {
		return nil, nil
	}
	return &c, err
}

// zone is the customer's: given, else of the service address, else of a PSTN area code, else the site's (contract).
func (d Desk) zone(f Form, n ticket.New, known *customer.Customer) string {
	switch {
	case f.Zone != "":
		return f.Zone
	case known != nil && known.Zone != "":
		return known.Zone
	}
	for _, number := range []string{n.ServiceNo, n.Contacts[0].Phone.Full()} {
		if zone, ok := phone.ZoneOfArea(number); ok {
			return zone
		}
	}
	return d.Site.String()
}

// callback holds the criteria of 5.2.1 against their evidence.
func callback(tx *db.Tx, by who.Actor, f Form, n ticket.New, known *customer.Customer) error {
	person := f.Source == "tier1"
	clause := "5.2.1." + f.Criterion
	switch {
	case !slices.Contains(Criteria, f.Criterion) && (person || f.Criterion != ""):
		return fault.New(fault.Invalid, "intake.criterion").At("criterion", "5.2.1")
	case n.Note == "": // at every door: Tier 2 reads it before dialling (5.2.5.call)
		return fault.New(fault.Invalid, "intake.note").At("note", "5.2.1")
	case !person:
		return nil
	}
	reason := strings.TrimSpace(f.Reason)
	n.Fields["criterion_reason"] = reason
	switch f.Criterion {
	case "c":
		if f.Application == "" {
			return fault.New(fault.Invalid, "intake.application").At("application", clause)
		}
		n.Fields["application"] = f.Application
	case "e":
		if (known == nil || known.Class != customer.VVIP) && reason == "" {
			return fault.New(fault.Invalid, "intake.vvip").At("reason", clause)
		}
	case "f":
		return longCall(tx, by, f, clause)
	case "g":
		if reason == "" {
			return fault.New(fault.Invalid, "intake.request").At("reason", clause)
		}
	}
	return nil
}

// longCall: strictly more than 600 s, and a recommendation that was granted to this person and not used (SOP 5.2.1.f).
func longCall(tx *db.Tx, by who.Actor, f Form, clause string) error {
	if f.CallS <= ticket.LongCall {
		return fault.New(fault.Invalid, "intake.short-call", "seconds", f.CallS).At("call_s", clause)
	}
	r, err := ticket.GetRecommendation(tx, f.Recommendation)
	if fault.Is(err, fault.Missing) || err == nil && (r.State != "granted" || r.AskedBy != db.ID(by.ID)) {
		return fault.New(fault.Invalid, "ticket.recommendation-missing").At("recommendation", clause)
	}
	return err
}
