package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/procedure"
	"sapa/internal/staff"
	"sapa/internal/ticket"
)

// customerData is the page of one customer (SOP 5.1.1-5.1.3, 5.1.13). A ticket in hand stays in hand: the page goes back to it.
type customerData struct {
	frame
	desk.Whole
	After  string
	Titles map[string]procedure.Text // of campaigns
	Held   db.ID                     // the ticket in hand; 0: none
	Lease  string
	Names  map[string]string // of applications
	Marks  marks
}

// ages says how old what is shown of each outside system is.
func (p customerData) ages() []outsideLine { return outsideLines(p.frame, p.Readings, p.Names) }

// app is the name of an application.
func (p customerData) app(id string) string {
	if n := p.Names[id]; n != "" {
		return n
	}
	return id
}

func (s *Server) customerPage(w http.ResponseWriter, r *request) {
	p := customerData{frame: s.frame(r, r.T("customer.page.title")).on("customer"), After: r.URL.Query().Get("after"), Titles: map[string]procedure.Text{}}
	err := s.Store.Read(r.Context(), func(tx *db.Tx) error {
		p.Now = tx.Now.In(s.Site)
		id, err := pathID(r)
		if err != nil {
			return err
		}
		all, err := s.Campaigns.All(tx)
		if err != nil {
			return err
		}
		for _, one := range all {
			p.Titles[one.Code] = one.Title
		}
		p.Names = appNames(all)
		held, lease, holds, err := ticket.Held(tx, db.ID(r.by.ID))
		if err != nil {
			return err
		}
		if holds {
			p.Held, p.Lease = held.ID, lease.Token
		}
		if p.Whole, err = s.Seat.About(tx, r.by, id, p.After, 25); err != nil {
			return err
		}
		p.Marks, err = marksOn(tx, r.by, []db.ID{id}, p.Tickets, p.Troubles)
		return err
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if !p.Reveals {
		p.frame = p.frame.without("web.key.reveal")
	}
	s.show(w, r, http.StatusOK, customerScreen(p))
}

// customerReveal answers the value itself; the page's script shows it for 15 seconds. Nothing keeps it: not the page, not a
// stored answer.
func (s *Server) customerReveal(w http.ResponseWriter, r *request) {
	id, err := pathID(r)
	field, contact, _ := strings.Cut(r.PostFormValue("what"), ":")
	ask := customer.Reveal{Field: field, Reason: r.PostFormValue("reason"), Note: r.PostFormValue("note")}
	if err == nil && contact != "" {
		ask.Contact, err = db.ParseID(contact)
	}
	var value string
	if err == nil {
		err = s.Store.Write(r.Context(), func(tx *db.Tx) error {
			look, err := s.Seat.RevealOf(tx, r.by, id, ask)
			if err != nil {
				return err
			}
			value, _, err = customer.Shown(tx, r.by, look)
			return err
		})
	}
	if err != nil {
		status, text := s.explain(r, err)
		http.Error(w, text, status)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(value)) // the reader may be gone
}

// found looks for customers, for the search page. What is too short for a name is no fault of the whole search.
func (s *Server) foundCustomers(tx *db.Tx, r *request, q string) ([]customer.Customer, error) {
	all, err := s.Seat.FindCustomers(tx, r.by, q)
	if fault.Is(err, fault.Invalid) {
		return nil, nil
	}
	return all, err
}

// back is where the page came from: the desk for who has a ticket in hand, else the page that person begins with.
func (p customerData) back() string {
	if p.Held != 0 {
		return "/desk"
	}
	return "/"
}

func (p customerData) path(rest string) string { return "/customers/" + p.Customer.ID.String() + rest }

func (p customerData) more() string { return p.path("?after="+url.QueryEscape(p.Next)) + "#timeline" }

func (p customerData) class() string { return strings.TrimPrefix(string(p.Customer.Class), "HVC_") }

// rupiah prints an amount, or dots for whom it is masked.
func (p customerData) rupiah(n int64) string {
	if p.Hides(staff.FieldAmount) {
		return "Rp •••"
	}
	return "Rp " + phrase.Number(p.Lang, int(n))
}

// day prints a date by the customer's own calendar.
func (p customerData) day(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return phrase.Date(p.Lang, t.In(p.Zone))
}

func (p customerData) moment(t time.Time) string {
	at := t.In(p.Zone)
	return phrase.Date(p.Lang, at) + " " + phrase.Clock(p.Lang, at)
}

// isolir is the warning's own sentence; "" when there is nothing to warn of.
func (p customerData) isolir() string {
	i := p.Isolir
	switch i.State {
	case customer.Blocked:
		return p.T("customer.isolir.blocked", "since", p.moment(i.ToldAt))
	case customer.Warning:
		return p.T("customer.isolir.warning", "n", i.Bills, "amount", p.rupiah(i.Overdue), "since", p.day(i.Since))
	}
	return ""
}

// validity says whether a number is offered, and if not since when and how that was learned.
func (p customerData) validity(c customer.Contact) string {
	if c.Dead == nil {
		return p.T("customer.valid")
	}
	return p.T("customer.dead", "how", p.T("customer.dead."+c.Dead.How), "since", p.moment(c.Dead.At))
}

func whoseNumber(c customer.Contact) string {
	if c.Relation != "" && c.Name != "" {
		return c.Name + " (" + c.Relation + ")"
	}
	return c.Name + c.Relation
}

// what says what happened, in one line.
func (p customerData) what(h desk.Happened) string {
	title := p.Titles[h.Campaign].In(string(p.Lang))
	switch h.Kind {
	case desk.CameIn:
		return p.T("customer.happened.ticket", "campaign", title)
	case desk.Called:
		return title + " · " + h.Title.In(string(p.Lang))
	case desk.GaveBack:
		return p.T("customer.happened.given-back", "campaign", title)
	case desk.Moved:
		return p.T("customer.happened.trouble", "state", h.State)
	case desk.Noted:
		return p.T("customer.happened.note", "type", h.Type)
	case desk.Paid:
		return p.T("customer.happened.payment", "amount", p.rupiah(h.Amount))
	case desk.Asked:
		return p.T("registration.happened", "move", p.T("registration.move."+h.Move), "state", p.T("registration.state."+h.State))
	case desk.Ordered, desk.OrderEnd:
		state := "open"
		if h.State != "" {
			state = h.State
		}
		return p.T("customer.order."+h.Type) + " · " + p.T("customer.order.state."+state)
	}
	state := "open"
	if h.State != "" {
		state = h.State
	}
	return p.T("customer.happened.self-care", "kind", h.Type) + " · " + p.T("customer.care.state."+state)
}

func happenedIcon(kind string) string {
	switch kind {
	case desk.CameIn:
		return "inbox"
	case desk.Moved, desk.Noted:
		return "wrench"
	case desk.Paid:
		return "circle-check"
	case desk.Ordered, desk.OrderEnd, desk.Asked:
		return "file-text"
	case desk.CareIn, desk.CareClose:
		return "users"
	}
	return "phone-outgoing"
}

// dash stands where nothing is known.
func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
