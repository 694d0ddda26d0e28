package api

import (
	"net/http"
	"strconv"
	"time"

	"sapa/internal/campaign"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phone"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// backdated is how far before now an opening time counts as in the past: clocks differ a little.
const backdated = time.Minute

// openTicket puts a ticket in (SOP 5.2.1): 201, or 200 with the one that is there under the same campaign and ref.
func (a *API) openTicket(r seen, f *form) func(tx *db.Tx) (done, error) {
	n := ticket.New{
		Campaign:    f.needed("campaign", longCode),
		Ref:         f.needed("ref", 100),
		ServiceNo:   f.text("service_no", 40),
		Note:        f.text("note", 8000),
		Criterion:   f.text("criterion", 1),
		Zone:        f.text("zone", longCode),
		RequestedAt: f.moment("requested_at"),
		OpenedAt:    f.moment("opened_at"),
		Fields:      f.texts("fields", mostFields, 2000),
		Source:      source(r.by),
	}
	contact := f.inner("contact")
	n.ContactName = contact.text("name", 200)
	number := contact.needed("phone", 40)
	contact.unknown()
	return func(tx *db.Tx) (done, error) {
		if err := a.prepare(tx, r.by, &n, number); err != nil {
			return done{}, err
		}
		t, fresh, err := ticket.Open(tx, r.by, n)
		if err != nil {
			return done{}, err
		}
		if !fresh {
			// The ref may be somebody else's ticket; what is not the caller's to see must not be shown by guessing refs.
			if _, err := ticket.Seen(tx, staff.ScopeOf(r.by), t.ID); err != nil {
				return done{}, fault.New(fault.Conflict, "api.ref-taken").At("ref", "")
			}
		}
		status := http.StatusOK
		if fresh {
			status = http.StatusCreated
			if n.Criterion == "f" {
				if err := useRecommendation(tx, r.by, n.Fields, t.ID); err != nil {
					return done{}, err
				}
			}
		}
		shaped, err := a.shape(tx, t)
		return done{status, shaped}, err
	}
}

func source(by who.Actor) string {
	if by.Role == who.Feed {
		return "feed"
	}
	return "api"
}

// prepare reads numbers, finds the customer and the zone, and holds the ticket against the rules of its campaign.
func (a *API) prepare(tx *db.Tx, by who.Actor, n *ticket.New, number string) error {
	c, err := a.Seat.Campaigns.Get(tx, n.Campaign)
	if err != nil {
		return err
	}
	parsed, err := phone.Parse(number)
	if err != nil {
		return at(err, "contact.phone")
	}
	n.Contacts = []ticket.Contact{{Phone: parsed}}
	if n.ServiceNo != "" {
		service, _, err := phone.ParseService(n.ServiceNo)
		if err != nil {
			return at(err, "service_no")
		}
		n.ServiceNo = string(service)
	}
	if !n.OpenedAt.IsZero() && n.OpenedAt.Before(tx.Now.Add(-backdated)) {
		if err := staff.May(by, staff.ActBackdate); err != nil {
			return at(err, "opened_at")
		}
	}
	known, err := a.customer(tx, n, parsed)
	if err != nil {
		return err
	}
	if n.Zone == "" {
		n.Zone = a.Seat.Site.String()
	}
	return evidence(n, c, known)
}

// customer finds whose ticket it is, by service number and else by telephone, and takes the customer's zone unless one
// was given (contract: given > service area > PSTN code > site).
func (a *API) customer(tx *db.Tx, n *ticket.New, number phone.Number) (customer.Customer, error) {
	c, err := customer.Customer{}, error(fault.New(fault.Missing, "db.no-row"))
	if n.ServiceNo != "" {
		c, err = customer.ByService(tx, n.ServiceNo)
	}
	if fault.Is(err, fault.Missing) {
		c, err = customer.ByPhone(tx, number)
	}
	if fault.Is(err, fault.Missing) {
		return customer.Customer{}, nil
	}
	n.Customer = c.ID
	if n.Zone == "" {
		n.Zone = c.Zone
	}
	return c, err
}

// evidence holds a callback against the criteria of SOP 5.2.1 a to g and what each has to bring.
func evidence(n *ticket.New, c campaign.Campaign, known customer.Customer) error {
	if n.Criterion == "" {
		return nil
	}
	clause := "5.2.1." + n.Criterion
	switch {
	case c.Code != "callback":
		return fault.New(fault.Invalid, "api.criterion-callback").At("criterion", "5.2.1")
	case n.Criterion < "a" || n.Criterion > "g":
		return fault.New(fault.Invalid, "api.criterion").At("criterion", "5.2.1")
	case n.Criterion == "e" && known.Class != "HVC_VVIP" && n.Fields["reason"] == "":
		return fault.New(fault.Invalid, "api.criterion-vvip").At("fields.reason", clause)
	case n.Criterion == "g" && n.Note == "" && n.Fields["reason"] == "":
		return fault.New(fault.Invalid, "api.criterion-request").At("fields.reason", clause)
	case n.Criterion == "f":
		if s, err := strconv.Atoi(n.Fields["call_s"]); err != nil || s <= ticket.LongCall {
			return fault.New(fault.Invalid, "api.criterion-long", "seconds", ticket.LongCall).At("fields.call_s", clause)
		}
		if _, ok := parseID(n.Fields["recommendation"]); !ok {
			return fault.New(fault.Invalid, "api.criterion-recommended").At("fields.recommendation", clause)
		}
	}
	return nil
}

// useRecommendation ties the leader's recommendation to the ticket it was given for (SOP 5.2.1.f). A leader who opens the
// ticket recommends it by doing so.
func useRecommendation(tx *db.Tx, by who.Actor, fields map[string]string, id db.ID) error {
	recommendation, _ := parseID(fields["recommendation"])
	return at(ticket.UseRecommendation(tx, by, recommendation, id), "fields.recommendation")
}
