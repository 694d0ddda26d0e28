package api

import (
	"net/url"
	"slices"
	"strconv"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
)

func (a *API) ticket(tx *db.Tx, r seen) (any, error) {
	t, err := a.theirs(tx, r)
	if err != nil {
		return nil, err
	}
	return a.shape(tx, r, t)
}

type pageJSON struct {
	Tickets []ticketJSON `json:"tickets"`
	Next    *db.ID       `json:"next"` // null: this was the last page
}

func (a *API) tickets(tx *db.Tx, r seen) (any, error) {
	q, err := query(r, "campaign", "state", "after", "limit")
	if err != nil {
		return nil, err
	}
	f := ticket.Filter{Campaign: q.Get("campaign"), State: ticket.State(q.Get("state"))}
	if f.Campaign != "" {
		if _, err := a.Seat.Campaigns.Get(tx, f.Campaign); err != nil {
			return nil, err
		}
	}
	if f.State != "" && !slices.Contains(ticket.States, f.State) {
		return nil, badQuery("state")
	}
	if f.After, f.Limit, err = paging(q); err != nil {
		return nil, err
	}
	found, next, err := ticket.List(tx, staff.ScopeOf(r.by), f)
	if err != nil {
		return nil, err
	}
	page := pageJSON{}
	if next != 0 {
		page.Next = &next
	}
	page.Tickets, err = a.shapes(tx, r, found)
	return page, err
}

// Pages of a list.
const (
	pageSize = 50
	pageMost = 200
)

// query reads the parameters of the URL: the known ones, each once.
func query(r seen, known ...string) (url.Values, error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, badQuery("")
	}
	for name, values := range q {
		if !slices.Contains(known, name) || len(values) != 1 {
			return nil, badQuery(name)
		}
	}
	return q, nil
}

func badQuery(name string) error {
	return fault.New(fault.Invalid, "api.query", "name", name).At(name, "")
}

func paging(q url.Values) (after db.ID, limit int, err error) {
	limit = pageSize
	if s := q.Get("limit"); s != "" {
		if limit, err = strconv.Atoi(s); err != nil || limit < 1 || limit > pageMost {
			return 0, 0, badQuery("limit")
		}
	}
	if s := q.Get("after"); s != "" {
		id, ok := parseID(s)
		if !ok {
			return 0, 0, badQuery("after")
		}
		after = id
	}
	return after, limit, nil
}

// hitJSON is something that was found: a customer, a ticket of the queue, or a trouble ticket with the tickets of the queue that belong
// to it and that the caller may see.
type hitJSON struct {
	Kind     string         `json:"kind"`
	Customer *foundCustomer `json:"customer,omitempty"`
	Ticket   *ticketJSON    `json:"ticket,omitempty"`
	Trouble  *troubleJSON   `json:"trouble,omitempty"`
	Queue    []queueJSON    `json:"queue,omitempty"`

	Registration *registrationJSON `json:"registration,omitempty"`
}

type queueJSON struct {
	ID       db.ID        `json:"id"`
	Ref      string       `json:"ref"`
	Campaign string       `json:"campaign"`
	State    ticket.State `json:"state"`
}

type hitsJSON struct {
	Hits []hitJSON `json:"hits"`
}

// kinds is what can be looked for; more come with their rooms.
var kinds = []string{"customer", "registration", "ticket", "trouble"}

// search takes what is looked for in the body: numbers and names never travel in a URL.
func (a *API) search(r seen, f *form) func(tx *db.Tx) (any, error) {
	q := f.needed("q", 200)
	wanted := f.words("kinds", 10, longCode)
	return func(tx *db.Tx) (any, error) {
		for _, kind := range wanted {
			if !slices.Contains(kinds, kind) {
				return nil, fault.New(fault.Invalid, "api.kind", "kind", kind).At("kinds", "")
			}
		}
		wants := func(kind string) bool { return len(wanted) == 0 || slices.Contains(wanted, kind) }
		hits := hitsJSON{Hits: []hitJSON{}}
		found, err := desk.FindTickets(tx, r.by, q) // refuses what is too short to look for
		if err != nil {
			return nil, err
		}
		if wants("trouble") && staff.May(r.by, staff.ActReadTrouble) == nil {
			if hits.Hits, err = a.troubleHits(tx, r, q); err != nil {
				return nil, err
			}
		}
		if wants("registration") {
			asked, err := a.Seat.FindRegistrations(tx, r.by, q)
			if err != nil {
				return nil, err
			}
			var of []hitJSON
			for _, one := range asked {
				shaped, err := a.registration(tx, r, one, nil)
				if err != nil {
					return nil, err
				}
				of = append(of, hitJSON{Kind: "registration", Registration: &shaped})
			}
			hits.Hits = append(of, hits.Hits...)
		}
		if wants("customer") {
			of, err := a.customerHits(tx, r, q)
			if err != nil {
				return nil, err
			}
			hits.Hits = append(of, hits.Hits...)
		}
		if !wants("ticket") {
			return hits, nil
		}
		shaped, err := a.shapes(tx, r, found)
		for i := range shaped {
			hits.Hits = append(hits.Hits, hitJSON{Kind: "ticket", Ticket: &shaped[i]})
		}
		return hits, err
	}
}

func (a *API) troubleHits(tx *db.Tx, r seen, q string) ([]hitJSON, error) {
	found, err := trouble.Search(tx, q)
	hits := []hitJSON{}
	for _, t := range found {
		shaped, _, err := a.shapeTrouble(tx, r, t)
		if err != nil {
			return nil, err
		}
		one := hitJSON{Kind: "trouble", Trouble: &shaped}
		queue, err := a.Seat.QueueOf(tx, r.by, t)
		if err != nil {
			return nil, err
		}
		for _, row := range queue {
			one.Queue = append(one.Queue, queueJSON{row.ID, row.Ref, row.Campaign, row.State})
		}
		hits = append(hits, one)
	}
	return hits, err
}
