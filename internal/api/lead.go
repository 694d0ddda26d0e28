package api

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/lead"
	"sapa/internal/staff"
	"sapa/internal/ticket"
)

// recentlyAsked is how long one's own questions are listed, as on the form.
const recentlyAsked = 2 * time.Hour

// recommendationStates is what becomes of a question, in order.
var recommendationStates = []string{"asked", "granted", "refused", "used"}

type recommendationJSON struct {
	ID        db.ID   `json:"id"`
	State     string  `json:"state"`
	ServiceNo string  `json:"service_no"`
	CallS     int     `json:"call_s"`
	Reason    string  `json:"reason"`
	AskedBy   db.ID   `json:"asked_by"`
	AskedAt   *string `json:"asked_at"`
	Leader    *db.ID  `json:"leader,omitempty"`
	DecidedAt *string `json:"decided_at,omitempty"`
	Why       string  `json:"why,omitempty"`    // what the leader said with it
	Ticket    *db.ID  `json:"ticket,omitempty"` // the one it was used for
}

func (a *API) recommendation(r ticket.Recommendation) recommendationJSON {
	j := recommendationJSON{ID: r.ID, State: r.State, ServiceNo: r.ServiceNo, CallS: r.CallS, Reason: r.Reason, AskedBy: r.AskedBy,
		AskedAt: stamp(r.AskedAt, desk.Zone("", a.Seat.Site)), DecidedAt: stamp(r.DecidedAt, desk.Zone("", a.Seat.Site)), Why: r.Why}
	if r.Leader != 0 {
		j.Leader = &r.Leader
	}
	if r.Ticket != 0 {
		j.Ticket = &r.Ticket
	}
	return j
}

type recommendationsJSON struct {
	Recommendations []recommendationJSON `json:"recommendations"`
	Next            *db.ID               `json:"next"`
}

// recommendations lists what was asked: all of it in one state for who decides, else one's own of the last two hours. A
// page of one's own may be shorter than its limit, since other states are left out of it; next still leads on.
func (a *API) recommendations(tx *db.Tx, r seen) (any, error) {
	q, err := query(r, "state", "after", "limit")
	if err != nil {
		return nil, err
	}
	state := q.Get("state")
	if state != "" && !slices.Contains(recommendationStates, state) {
		return nil, badQuery("state")
	}
	after, limit, err := paging(q)
	if err != nil {
		return nil, err
	}
	var found []ticket.Recommendation
	var next db.ID
	if staff.May(r.by, staff.ActRecommend) == nil {
		if state == "" {
			state = "asked"
		}
		found, next, err = ticket.Recommendations(tx, state, after, limit)
	} else {
		found, next, err = ticket.MyRecommendations(tx, db.ID(r.by.ID), tx.Now.Add(-recentlyAsked), after, limit)
	}
	if err != nil {
		return nil, err
	}
	j := recommendationsJSON{Recommendations: []recommendationJSON{}}
	if next != 0 {
		j.Next = &next
	}
	for _, one := range found {
		if state == "" || one.State == state {
			j.Recommendations = append(j.Recommendations, a.recommendation(one))
		}
	}
	return j, nil
}

// askRecommendation asks the leaders for their word on a long call (SOP 5.2.1.f).
func (a *API) askRecommendation(r seen, f *form) func(tx *db.Tx) (done, error) {
	service, length, reason := f.text("service_no", 40), f.whole("call_s", 0, 86_400), f.text("reason", longReason)
	return func(tx *db.Tx) (done, error) {
		asked, err := lead.Ask(tx, r.by, a.Seat.Hub, strings.TrimSpace(service), length, reason)
		return done{http.StatusCreated, a.recommendation(asked)}, err
	}
}

// decideRecommendation is the leader's word, given once.
func (a *API) decideRecommendation(r seen, f *form) func(tx *db.Tx) (done, error) {
	decision, why := f.needed("decision", longCode), f.text("why", longReason)
	return func(tx *db.Tx) (done, error) {
		if decision != "granted" && decision != "refused" {
			return done{}, fault.New(fault.Invalid, "api.decision").At("decision", "5.2.1.f")
		}
		id, ok := parseID(r.PathValue("id"))
		if !ok {
			return done{}, fault.New(fault.Missing, "api.no-recommendation")
		}
		decided, err := lead.Decide(tx, r.by, a.Seat.Hub, id, decision == "granted", why)
		return done{http.StatusOK, a.recommendation(decided)}, instead(err, "api.no-recommendation")
	}
}

// instead says what exactly is not there.
func instead(err error, key string) error {
	if fault.Is(err, fault.Missing) {
		return fault.New(fault.Missing, key)
	}
	return err
}

// led is the frame of a leader's act on a ticket; it answers with the ticket as it is now.
func (a *API) led(r seen, do func(tx *db.Tx, id db.ID) error) func(tx *db.Tx) (done, error) {
	return func(tx *db.Tx) (done, error) {
		id, err := r.id()
		if err != nil {
			return done{}, err
		}
		t, err := ticket.Get(tx, id)
		if err == nil {
			err = do(tx, id)
		}
		if err == nil {
			t, err = ticket.Get(tx, id)
		}
		if err != nil {
			return done{}, instead(err, "api.no-ticket")
		}
		shaped, err := a.shape(tx, r, t)
		return done{http.StatusOK, shaped}, err
	}
}

func (a *API) raise(r seen, _ *form) func(tx *db.Tx) (done, error) {
	return a.led(r, func(tx *db.Tx, id db.ID) error { _, err := lead.Raise(tx, r.by, id); return err })
}

func (a *API) requeue(r seen, _ *form) func(tx *db.Tx) (done, error) {
	return a.led(r, func(tx *db.Tx, id db.ID) error { _, err := lead.Requeue(tx, r.by, id); return err })
}

func (a *API) end(r seen, _ *form) func(tx *db.Tx) (done, error) {
	return a.led(r, func(tx *db.Tx, id db.ID) error { _, err := lead.End(tx, r.by, id); return err })
}

func (a *API) takeOver(r seen, _ *form) func(tx *db.Tx) (done, error) {
	return a.led(r, func(tx *db.Tx, id db.ID) error { return lead.TakeOver(tx, r.by, a.Seat.Hub, id) })
}

type mixJSON struct {
	Agent     db.ID    `json:"agent"`
	Name      string   `json:"name"`
	Campaigns []string `json:"campaigns"` // empty: all
}

func mixOf(tx *db.Tx, p staff.Person) (mixJSON, error) {
	codes, err := staff.CampaignsOf(tx, p.ID)
	return mixJSON{p.ID, p.Name, append([]string{}, codes...)}, err
}

// mix sets the campaigns an agent works (decisions.md 12). The list has to be there: leaving it out would mean all.
func (a *API) mix(r seen, f *form) func(tx *db.Tx) (done, error) {
	codes := f.words("campaigns", mostFields, longCode)
	if codes == nil {
		f.fail(fault.New(fault.Invalid, "api.needed"), f.node, "campaigns")
	}
	return func(tx *db.Tx) (done, error) {
		id, ok := parseID(r.PathValue("id"))
		if !ok {
			return done{}, fault.New(fault.Missing, "api.no-agent")
		}
		if err := lead.Mix(tx, r.by, a.Seat.Campaigns, id, codes); err != nil {
			return done{}, instead(err, "api.no-agent")
		}
		p, err := staff.Get(tx, id)
		if err != nil {
			return done{}, err
		}
		mixed, err := mixOf(tx, p)
		return done{http.StatusOK, mixed}, err
	}
}
