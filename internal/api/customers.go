package api

import (
	"encoding/json"
	"net/http"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/staff"
	"sapa/internal/ticket"
)

// foundCustomer is a customer as a search shows them: enough to choose, and the id that leads to the rest.
type foundCustomer struct {
	ID    db.ID  `json:"id"`
	Name  string `json:"name"`
	Class string `json:"class"`
	City  string `json:"city"`
	Phone string `json:"phone"` // masked
}

func (a *API) customerHits(tx *db.Tx, r seen, q string) ([]hitJSON, error) {
	found, err := a.Seat.FindCustomers(tx, r.by, q)
	hits := []hitJSON{}
	for _, c := range found {
		hits = append(hits, hitJSON{Kind: "customer", Customer: &foundCustomer{c.ID, c.Name, string(c.Class), c.City, c.Phone.Masked()}})
	}
	return hits, err
}

// customerJSON is a customer with all that belongs to them, masked for whoever asks.
type customerJSON struct {
	ID       db.ID             `json:"id"`
	Name     string            `json:"name"`
	Class    string            `json:"class"`
	Segment  string            `json:"segment"`
	NCLI     string            `json:"ncli"`
	Address  string            `json:"address"`
	City     string            `json:"city"`
	Zone     string            `json:"zone"`
	Prospect bool              `json:"prospect"`
	Masked   []staff.Field     `json:"masked"`
	Services []servedJSON      `json:"services"`
	Contacts []reachedJSON     `json:"contacts"`
	Isolir   isolirJSON        `json:"isolir"`
	Bills    []billJSON        `json:"bills"`
	Orders   []orderJSON       `json:"orders"`
	Cares    []careJSON        `json:"self_care"`
	Tickets  []openTicketJSON  `json:"tickets"`
	Troubles []openTroubleJSON `json:"trouble"`
	Reports  []reportedJSON    `json:"outside_reports"`
	Readings []readingJSON     `json:"outside"`
	Timeline []happenedJSON    `json:"timeline"`
	Next     *string           `json:"next"` // null: the timeline's last page
}

type servedJSON struct {
	No      string  `json:"service_no"`
	Kind    string  `json:"kind"`
	Package string  `json:"package"`
	STO     string  `json:"sto,omitempty"`
	ODP     string  `json:"odp,omitempty"`
	EndedAt *string `json:"ended_at,omitempty"` // since when its outside is known to say so
}

// readingJSON is what one outside system was asked about the customer.
type readingJSON struct {
	Source      string  `json:"source"`
	Application string  `json:"application"`
	AskedAt     *string `json:"asked_at"`
	ReadAt      *string `json:"read_at"` // null: it has never answered
	Outcome     string  `json:"outcome"`
	Doubts      int     `json:"doubts"`
}

// reportedJSON is a trouble ticket of the other side that is not kept here.
type reportedJSON struct {
	No          string  `json:"no"`
	Application string  `json:"application"`
	ServiceNo   string  `json:"service_no"`
	State       string  `json:"state"` // in the other side's word
	OpenedAt    *string `json:"opened_at"`
	SeenAt      *string `json:"seen_at"`
}

type reachedJSON struct {
	ID       db.ID      `json:"id"`
	Phone    string     `json:"phone"` // masked
	Name     string     `json:"name"`
	Relation string     `json:"relation"`
	Valid    bool       `json:"valid"`
	Dead     *deathJSON `json:"dead,omitempty"`
}

type deathJSON struct {
	Since  *string `json:"since"`
	How    string  `json:"how"`
	By     *db.ID  `json:"by,omitempty"`
	Ticket *db.ID  `json:"ticket,omitempty"`
}

type isolirJSON struct {
	State   string  `json:"state"`
	ToldAt  *string `json:"told_at"` // null: read from the bills
	Since   *string `json:"since"`   // the oldest overdue bill's date
	Overdue *int64  `json:"overdue"` // rupiah; null: masked
	Bills   int     `json:"bills"`
}

type billJSON struct {
	Period   string     `json:"period"`
	No       string     `json:"service_no"`
	Amount   *int64     `json:"amount"` // null: masked
	Paid     *int64     `json:"paid"`
	DueAt    *string    `json:"due_at"`
	PaidAt   *string    `json:"paid_at"` // null: not whole yet
	Payments []paidJSON `json:"payments"`
}

type paidJSON struct {
	Amount int64   `json:"amount"`
	At     *string `json:"at"`
	Place  string  `json:"place"`
}

type orderJSON struct {
	No        string  `json:"no"`
	Kind      string  `json:"kind"`
	State     string  `json:"state"`
	ServiceNo string  `json:"service_no"`
	Package   string  `json:"package"`
	OrderedAt *string `json:"ordered_at"`
	EndedAt   *string `json:"ended_at"`
}

type careJSON struct {
	No        string  `json:"no"`
	Kind      string  `json:"kind"`
	State     string  `json:"state"`
	ServiceNo string  `json:"service_no"`
	TroubleNo string  `json:"trouble_no,omitempty"`
	OpenedAt  *string `json:"opened_at"`
	ClosedAt  *string `json:"closed_at"`
}

type openTicketJSON struct {
	ID       db.ID        `json:"id"`
	Ref      string       `json:"ref"`
	Campaign string       `json:"campaign"`
	State    ticket.State `json:"state"`
	OpenedAt *string      `json:"opened_at"`
	DueAt    *string      `json:"due_at"`
}

type openTroubleJSON struct {
	No        string  `json:"no"`
	State     string  `json:"state"`
	Open      bool    `json:"open"`
	ServiceNo string  `json:"service_no"`
	Service   string  `json:"service"`
	Symptom   string  `json:"symptom"`
	Lapul     int     `json:"lapul"`
	Gaul      int     `json:"gaul"`
	OpenedAt  *string `json:"opened_at"`
}

type happenedJSON struct {
	At       *string  `json:"at"`
	Kind     string   `json:"kind"`
	Ref      string   `json:"ref"`
	Campaign string   `json:"campaign,omitempty"`
	Title    string   `json:"title,omitempty"`
	Labels   []string `json:"labels,omitempty"`
	Remarks  string   `json:"remarks,omitempty"`
	Text     string   `json:"text,omitempty"`
	Type     string   `json:"type,omitempty"`
	State    string   `json:"state,omitempty"`
	Move     string   `json:"move,omitempty"`
	Line     string   `json:"line,omitempty"`
	Attempts int      `json:"attempts,omitempty"`
	TalkS    int      `json:"talk_s,omitempty"`
	Amount   *int64   `json:"amount,omitempty"`
	By       *db.ID   `json:"by,omitempty"`
	restsJSON
}

// customer reads a customer (SOP 5.1.1-5.1.3, 5.1.13): everything the house knows, the timeline by pages.
func (a *API) customer(tx *db.Tx, r seen) (any, error) {
	q, err := query(r, "after", "limit")
	if err != nil {
		return nil, err
	}
	after := q.Get("after")
	q.Del("after") // its place is not an id
	_, limit, err := paging(q)
	if err != nil {
		return nil, err
	}
	id, ok := parseID(r.PathValue("id"))
	if !ok {
		return nil, fault.New(fault.Missing, "db.no-row")
	}
	w, err := a.Seat.About(tx, r.by, id, after, min(limit, 100))
	if err != nil {
		return nil, err
	}
	return a.shapeCustomer(w, r), nil
}

func (a *API) shapeCustomer(w desk.Whole, r seen) customerJSON {
	c, zone := w.Customer, w.Zone
	money := func(n int64) *int64 {
		if w.Hides(staff.FieldAmount) {
			return nil
		}
		return &n
	}
	some := func(id db.ID) *db.ID {
		if id == 0 {
			return nil
		}
		return &id
	}
	j := customerJSON{ID: c.ID, Name: c.Name, Class: string(c.Class), Segment: c.Segment, NCLI: c.NCLI, Address: c.Address, City: c.City, Zone: c.Zone,
		Prospect: w.Prospect(), Masked: w.Hidden, Services: []servedJSON{}, Contacts: []reachedJSON{}, Bills: []billJSON{}, Orders: []orderJSON{},
		Cares: []careJSON{}, Tickets: []openTicketJSON{}, Troubles: []openTroubleJSON{}, Reports: []reportedJSON{}, Readings: []readingJSON{}, Timeline: []happenedJSON{},
		Isolir: isolirJSON{w.Isolir.State, stamp(w.Isolir.ToldAt, zone), stamp(w.Isolir.Since, zone), money(w.Isolir.Overdue), w.Isolir.Bills}}
	for _, one := range w.Services {
		s := servedJSON{No: one.No, Kind: one.Kind, Package: one.Package, EndedAt: stamp(one.EndedAt, zone)}
		if one.Line != nil {
			s.STO, s.ODP = one.Line.STO, one.Line.ODP
		}
		j.Services = append(j.Services, s)
	}
	for _, one := range w.Contacts {
		k := reachedJSON{ID: one.ID, Phone: one.Phone.Masked(), Name: one.Name, Relation: one.Relation, Valid: one.Dead == nil}
		if d := one.Dead; d != nil {
			k.Dead = &deathJSON{stamp(d.At, zone), d.How, some(d.By), some(d.Ticket)}
		}
		j.Contacts = append(j.Contacts, k)
	}
	for _, b := range w.Bills {
		one := billJSON{Period: b.Period, No: b.ServiceNo, Amount: money(b.Amount), Paid: money(b.Paid), DueAt: stamp(b.DueAt, zone), PaidAt: stamp(b.PaidAt, zone), Payments: []paidJSON{}}
		for _, p := range b.Payments {
			one.Payments = append(one.Payments, paidJSON{p.Amount, stamp(p.At, zone), p.Place})
		}
		j.Bills = append(j.Bills, one)
	}
	for _, o := range w.Orders {
		j.Orders = append(j.Orders, orderJSON{o.No, o.Kind, o.State, o.ServiceNo, o.Package, stamp(o.OrderedAt, zone), stamp(o.EndedAt, zone)})
	}
	for _, s := range w.Cares {
		j.Cares = append(j.Cares, careJSON{s.No, s.Kind, s.State, s.ServiceNo, s.TroubleNo, stamp(s.OpenedAt, zone), stamp(s.ClosedAt, zone)})
	}
	for _, t := range w.Tickets {
		j.Tickets = append(j.Tickets, openTicketJSON{t.ID, t.Ref, t.Campaign, t.State, stamp(t.OpenedAt, zone), stamp(t.DueAt, zone)})
	}
	for _, t := range w.Troubles {
		j.Troubles = append(j.Troubles, openTroubleJSON{t.No, string(t.State), t.Open(), t.ServiceNo, t.Service, t.Symptom, t.Lapul, t.Gaul, stamp(t.OpenedAt, zone)})
	}
	for _, r := range w.Reports {
		j.Reports = append(j.Reports, reportedJSON{r.No, r.Application, r.ServiceNo, r.State, stamp(r.OpenedAt, zone), stamp(r.SeenAt, zone)})
	}
	for _, r := range w.Readings {
		j.Readings = append(j.Readings, readingJSON{r.Source, r.Application, stamp(r.AskedAt, zone), stamp(r.ReadAt, zone), r.Outcome, r.Doubts})
	}
	for _, h := range w.Timeline {
		one := happenedJSON{At: stamp(h.At, zone), Kind: h.Kind, Ref: h.Ref, Campaign: h.Campaign, Title: h.Title.In(string(r.lang())), Labels: h.Labels, Remarks: h.Remarks,
			Text: h.Text, Type: h.Type, State: h.State, Move: h.Move, Line: string(h.Line), Attempts: h.Attempts, TalkS: h.TalkS, By: some(h.By), restsJSON: restsJSON{h.Clause, h.Revision}}
		if h.Kind == desk.Paid {
			one.Amount = money(h.Amount)
		}
		j.Timeline = append(j.Timeline, one)
	}
	if w.Next != "" {
		j.Next = &w.Next
	}
	return j
}

// revealed is a masked value in full, for as long as it may stand on a screen.
type revealed struct {
	Field string  `json:"field"`
	Value string  `json:"value"`
	Until *string `json:"until"`
}

// lookJSON is what is kept of a reveal for its key: which look it was. The value is read for the answer and kept nowhere.
type lookJSON struct {
	Look db.ID `json:"look"`
}

// reveal shows what is masked. The same key and body are the same look, with the same answer while its 15 seconds last.
func (a *API) reveal(pattern string) route {
	return route{staff.Route{Method: http.MethodPost, Pattern: pattern, Act: staff.ActReveal}, func(w http.ResponseWriter, r *http.Request) {
		by, f, key, err := a.enterToAct(w, r, staff.ActReveal)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		ask := customer.Reveal{Field: f.needed("field", 20), Reason: f.needed("reason", 20), Note: f.text("note", 1200), Contact: f.id("contact")}
		if err := f.done(); err != nil {
			a.refuse(w, r, err)
			return
		}
		kept, err := a.once(r.Context(), key, func(tx *db.Tx) (done, error) {
			id, ok := parseID(r.PathValue("id"))
			if !ok {
				return done{}, fault.New(fault.Missing, "db.no-row")
			}
			look, err := a.Seat.RevealOf(tx, by, id, ask)
			return done{http.StatusOK, lookJSON{look}}, err
		})
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		var look lookJSON
		if err := json.Unmarshal(kept.Body, &look); err != nil {
			a.refuse(w, r, err)
			return
		}
		out := revealed{Field: ask.Field}
		err = a.Store.Read(r.Context(), func(tx *db.Tx) error {
			value, until, err := customer.Shown(tx, by, look.Look)
			out.Value, out.Until = value, stamp(until, a.Seat.Site)
			return err
		})
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		a.answer(w, r, http.StatusOK, out)
	}}
}
