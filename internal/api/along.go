package api

import (
	"net/http"

	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/ticket"
)

// mostAlong is how many tickets one call settles at most beside its own: a customer has no more open ones than are listed.
const mostAlong = 20

type besideJSON struct {
	ID       db.ID        `json:"id"`
	Campaign string       `json:"campaign"`
	Title    string       `json:"title"`
	Clause   string       `json:"clause"` // of the campaign
	Ref      string       `json:"ref"`
	State    ticket.State `json:"state"`
	OpenedAt *string      `json:"opened_at"`
	DueAt    *string      `json:"due_at"`
	Service  string       `json:"service_no"`
	Note     string       `json:"note"`
	Taken    bool         `json:"taken"`         // it goes along with this call
	Why      string       `json:"why,omitempty"` // it cannot be taken along now
}

type allBesideJSON struct {
	Open  []besideJSON `json:"open"`
	Along []turnJSON   `json:"along"` // the turns of those that are taken
}

// beside lists everything else that is open for the customer of the ticket in the caller's hand, in every campaign.
func (a *API) beside(tx *db.Tx, r seen) (any, error) {
	t, err := a.theirs(tx, r)
	if err != nil {
		return nil, err
	}
	turn, held, err := a.Seat.Current(tx, r.by)
	if err != nil {
		return nil, err
	}
	if !held || turn.Ticket.ID != t.ID {
		return nil, fault.New(fault.Conflict, "ticket.lease-lost")
	}
	j := allBesideJSON{Open: []besideJSON{}, Along: []turnJSON{}}
	for _, o := range turn.Others {
		one, err := a.besideOf(tx, r, o)
		if err != nil {
			return nil, err
		}
		j.Open = append(j.Open, one)
	}
	j.Along, err = a.goingAlong(tx, r, turn)
	return j, err
}

func (a *API) besideOf(tx *db.Tx, r seen, o desk.Other) (besideJSON, error) {
	t, err := desk.MaskTicket(tx, r.by, o.Ticket)
	zone := desk.Zone(t.Zone, a.Seat.Site)
	j := besideJSON{ID: t.ID, Campaign: t.Campaign, Title: titleOf(o.Campaign, r.lang()), Clause: o.Campaign.Procedure.Clause, Ref: t.Ref, State: t.State,
		OpenedAt: stamp(t.OpenedAt, zone), DueAt: stamp(t.DueAt, zone), Service: t.ServiceNo, Note: t.Note, Taken: o.Taken}
	if o.Why != nil {
		j.Why = phrase.Fill(r.lang(), o.Why.Key, o.Why.Values)
	}
	return j, err
}

func titleOf(c campaign.Campaign, lang phrase.Lang) string { return c.Procedure.Title.In(string(lang)) }

func (a *API) goingAlong(tx *db.Tx, r seen, t desk.Turn) ([]turnJSON, error) {
	all := []turnJSON{}
	for _, one := range t.Along {
		j, err := a.turn(tx, r, one)
		if err != nil {
			return nil, err
		}
		all = append(all, j)
	}
	return all, nil
}

// along takes another open ticket of the customer on the line into this call: one customer, one call.
func (a *API) along(r seen, f *form) func(tx *db.Tx) (done, error) {
	other := f.id("ticket")
	f.needed("ticket", longCode)
	return a.held(r, f, func(tx *db.Tx, t ticket.Ticket, lease string) (done, error) {
		turn, err := a.Seat.Along(tx, r.by, t.ID, lease, other)
		if err != nil {
			return done{}, err
		}
		body, err := a.turn(tx, r, turn)
		return done{http.StatusOK, body}, err
	})
}

// alongOf takes the answers of each ticket that is settled in the same call.
func alongOf(f *form) map[db.ID]map[string]string {
	in := f.inner("along")
	if len(in.node.keys) > mostAlong {
		f.fail(fault.New(fault.Invalid, "api.too-many", "max", mostAlong), in.node, in.path)
		return nil
	}
	all := map[db.ID]map[string]string{}
	for _, key := range in.node.keys {
		id, ok := parseID(key)
		if !ok {
			f.fail(fault.New(fault.Invalid, "api.id"), in.node.members[key], join(in.path, key))
		}
		all[id] = in.texts(key, mostFields, longAnswer)
	}
	return all
}

func (a *API) receipt(tx *db.Tx, r seen, got desk.Receipt) (receiptJSON, error) {
	zone := desk.Zone(got.Ticket.Zone, a.Seat.Site)
	j := receiptJSON{Outcome: got.Outcome, Title: got.Title.In(string(r.lang())), Effects: []effectJSON{},
		Due: stamp(got.Due, zone), UndoUntil: stamp(got.UndoUntil, zone)}
	for _, e := range got.Effects {
		j.Effects = append(j.Effects, effectJSON{e.Do, e.App, e.Text, e.Clause, e.State})
	}
	var err error
	if j.Ticket, err = a.shape(tx, r, got.Ticket); err != nil {
		return j, err
	}
	for _, one := range got.Along {
		of, err := a.receipt(tx, r, one)
		if err != nil {
			return j, err
		}
		j.Along = append(j.Along, of)
	}
	return j, nil
}
