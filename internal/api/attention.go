package api

import (
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/lead"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

type holdingJSON struct {
	Ticket   db.ID   `json:"ticket"`
	Ref      string  `json:"ref"`
	Campaign string  `json:"campaign"`
	Agent    db.ID   `json:"agent"`
	Until    *string `json:"until"`
	Helping  bool    `json:"helping"`
}

// attentionJSON is the leader's seat: what needs a decision now, and who works what.
type attentionJSON struct {
	Asked    []recommendationJSON `json:"asked"`      // the oldest
	More     *db.ID               `json:"asked_next"` // the rest: GET /recommendations?after=
	UsedUp   []ticketJSON         `json:"used_up"`
	Overdue  []ticketJSON         `json:"overdue"`
	Alerts   []promiseJSON        `json:"alerts"`
	Holdings []holdingJSON        `json:"holdings"`
	Agents   []mixJSON            `json:"agents"`
	People   map[string]string    `json:"people"` // names by id, of whoever is spoken of
}

func (a *API) attention(tx *db.Tx, r seen) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	n, err := lead.Look(tx, r.by, 0)
	if err != nil {
		return nil, err
	}
	j := attentionJSON{Asked: []recommendationJSON{}, Alerts: []promiseJSON{}, Holdings: []holdingJSON{}, Agents: []mixJSON{}, People: map[string]string{}}
	if j.UsedUp, err = a.shapes(tx, r, n.UsedUp); err != nil {
		return nil, err
	}
	if j.Overdue, err = a.shapes(tx, r, n.Overdue); err != nil {
		return nil, err
	}
	if n.More != 0 {
		j.More = &n.More
	}
	spoken := map[db.ID]bool{}
	for _, one := range n.Asked {
		j.Asked, spoken[one.AskedBy] = append(j.Asked, a.recommendation(one)), true
	}
	for _, t := range n.Overdue {
		spoken[t.Owner] = true
	}
	for _, p := range n.Alerts {
		j.Alerts = append(j.Alerts, a.promise(p))
	}
	for _, h := range n.Holds {
		t, err := ticket.Get(tx, h.Ticket)
		if err != nil {
			return nil, err
		}
		j.Holdings = append(j.Holdings, holdingJSON{h.Ticket, t.Ref, t.Campaign, h.Agent, stamp(h.Until, desk.Zone("", a.Seat.Site)), n.Helping[h.Ticket]})
		spoken[h.Agent] = true
	}
	people, err := staff.All(tx)
	if err != nil {
		return nil, err
	}
	scope := staff.ScopeOf(r.by)
	for _, p := range people {
		if spoken[p.ID] {
			j.People[p.ID.String()] = p.Name
		}
		if p.Role == who.Agent && (scope.All || int64(p.Team) == scope.Team) {
			mixed, err := mixOf(tx, p)
			if err != nil {
				return nil, err
			}
			j.Agents = append(j.Agents, mixed)
		}
	}
	return j, nil
}

func (a *API) shapes(tx *db.Tx, r seen, some []ticket.Ticket) ([]ticketJSON, error) {
	all := make([]ticketJSON, 0, len(some))
	for _, t := range some {
		shaped, err := a.shape(tx, r, t)
		if err != nil {
			return nil, err
		}
		all = append(all, shaped)
	}
	return all, nil
}
