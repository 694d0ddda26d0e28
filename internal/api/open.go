package api

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/intake"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// backdated is how far before now an opening time counts as in the past: clocks differ a little.
const backdated = time.Minute

// proofs are the fields in which a caller brings the evidence of a criterion (SOP 5.2.1.c, e, f, g).
var proofs = []string{"application", "reason", "call_s", "recommendation"}

// openTicket puts a ticket in (SOP 5.2.1): 201, or 200 with the one that is there under the same campaign and ref.
func (a *API) openTicket(r seen, f *form) func(tx *db.Tx) (done, error) {
	n := intake.Form{
		Campaign:    f.needed("campaign", longCode),
		Ref:         f.needed("ref", 100),
		ServiceNo:   f.text("service_no", 40),
		Note:        f.text("note", 8000),
		Criterion:   f.text("criterion", 1),
		Zone:        f.text("zone", longCode),
		RequestedAt: f.moment("requested_at"),
		OpenedAt:    f.moment("opened_at"),
		Fields:      f.texts("fields", mostFields, 2000),
	}
	contact := f.inner("contact")
	n.ContactName, n.Phone = contact.text("name", 200), contact.needed("phone", 40)
	contact.unknown()
	n.Source = source(r.by, n.Criterion)
	n.Application, n.Reason = n.Fields["application"], n.Fields["reason"]
	if n.Criterion == "g" && n.Reason == "" {
		n.Reason = n.Note // the special request in the caller's own words (5.2.1.g)
	}
	n.CallS, _ = strconv.Atoi(n.Fields["call_s"]) // what is no number is no long call
	n.Recommendation, _ = parseID(n.Fields["recommendation"])

	return func(tx *db.Tx) (done, error) {
		if !n.OpenedAt.IsZero() && n.OpenedAt.Before(tx.Now.Add(-backdated)) {
			if err := staff.May(r.by, staff.ActBackdate); err != nil {
				return done{}, fault.Of(err).At("opened_at", "")
			}
		}
		t, fresh, err := intake.Desk{Campaigns: a.Seat.Campaigns, Site: a.Seat.Site}.Open(tx, r.by, n)
		if err != nil {
			return done{}, inFields(err)
		}
		status := http.StatusCreated
		if !fresh {
			status = http.StatusOK
			// The ref may be of somebody else's ticket, which must not be shown to whoever guesses refs.
			if _, err := ticket.Seen(tx, staff.ScopeOf(r.by), t.ID); err != nil {
				return done{}, fault.New(fault.Conflict, "api.ref-taken").At("ref", "")
			}
		}
		shaped, err := a.shape(tx, r, t)
		return done{status, shaped}, err
	}
}

// source says through whom a ticket came. A person who names a criterion brings its evidence like on the form (the rules
// are the same at every door); a feed's or an administrator's criterion was checked where it comes from.
func source(by who.Actor, criterion string) string {
	switch {
	case by.Role == who.Feed:
		return "feed"
	case by.Is(who.Tier1, who.Leader) && criterion != "":
		return "tier1"
	}
	return "api"
}

// inFields says where in this body the evidence stands that intake asks for.
func inFields(err error) error {
	if f := fault.Of(err); f != nil && slices.Contains(proofs, f.Field) {
		f.Field = "fields." + f.Field
	}
	return err
}
