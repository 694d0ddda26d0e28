package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/phone"
	"sapa/internal/phrase"
	"sapa/internal/registration"
	"sapa/internal/staff"
)

const registrationsPath = "/registrations"

// listedRegistrations is how many stand on one page of the list.
const listedRegistrations = 50

// registrationsData is the list of requests to register (SOP 2.c).
type registrationsData struct {
	frame
	State    string // "": all
	Requests []registration.Request
	Names    map[string]string // of packages
	Next     string            // where the older ones stand; "": nowhere
	MayOpen  bool
	Offers   bool // may change the packages
}

func (s *Server) registrationsPage(w http.ResponseWriter, r *request) {
	p := registrationsData{frame: s.frame(r, r.T("registration.title")).on("registrations"), Names: map[string]string{}, MayOpen: staff.May(r.by, staff.ActRegister) == nil,
		Offers: staff.May(r.by, staff.ActPackages) == nil}
	p.Clause = "IN.OCC.TELK.W-18 · 2.c"
	p.Said = s.heard(w, r)
	if state := r.URL.Query().Get("state"); slices.Contains(registration.States, state) {
		p.State = state
	}
	after, _ := db.ParseID(r.URL.Query().Get("after")) // what is no id begins at the beginning
	err := s.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
		p.Now = tx.Now.In(s.Site)
		if p.Requests, err = registration.List(tx, p.State, after, listedRegistrations); err != nil {
			return err
		}
		for i := range p.Requests {
			if p.Requests[i], err = desk.MaskRegistration(tx, r.by, p.Requests[i], nil); err != nil {
				return err
			}
		}
		p.Names, err = packageNames(tx)
		return err
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if len(p.Requests) == listedRegistrations {
		q := url.Values{"after": {p.Requests[listedRegistrations-1].ID.String()}}
		if p.State != "" {
			q.Set("state", p.State)
		}
		p.Next = registrationsPath + "?" + q.Encode()
	}
	s.show(w, r, http.StatusOK, registrationsScreen(p))
}

func packageNames(tx *db.Tx) (map[string]string, error) {
	all, err := registration.Packages(tx)
	names := map[string]string{}
	for _, p := range all {
		names[p.Code] = p.Name
	}
	return names, err
}

// registerData is the form of a request; it keeps what was typed when it was refused.
type registerData struct {
	frame
	desk.Registering
	Typed    registration.New
	Coverage *registration.Coverage // of the exchange; nil: none asked about
	Wrong    string                 // field that was refused
	Why      string
}

func (s *Server) registerPage(w http.ResponseWriter, r *request) {
	p, err := s.registering(r, nil)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, registerScreen(p))
}

// registering reads the form's surroundings; typed nil takes what the ticket in hand says.
func (s *Server) registering(r *request, typed *registration.New) (registerData, error) {
	p := registerData{frame: s.frame(r, r.T("registration.new")).on("register")}
	p.Clause = "IN.OCC.TELK.W-18 · 2.c"
	err := s.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
		p.Now = tx.Now.In(s.Site)
		if p.Registering, err = s.Seat.Registering(tx, r.by); err != nil {
			return err
		}
		if p.Typed = p.New; typed != nil {
			p.Typed = *typed
		}
		if p.Typed.STO == "" && p.Typed.ODP == "" {
			return nil
		}
		c, err := registration.Cover(tx, p.Typed.STO, p.Typed.ODP)
		if fault.Is(err, fault.Invalid) {
			return nil // it is said when the form is sent
		}
		p.Coverage = &c
		return err
	})
	return p, err
}

// registerForm reads what was typed.
func registerForm(r *request) (registration.New, error) {
	n := registration.New{Name: r.PostFormValue("name"), Phone: r.PostFormValue("phone"), Email: r.PostFormValue("email"), Address: r.PostFormValue("address"),
		City: r.PostFormValue("city"), Package: r.PostFormValue("package"), STO: r.PostFormValue("sto"), ODP: r.PostFormValue("odp"), Note: r.PostFormValue("note")}
	if v := r.PostFormValue("ticket"); v != "" {
		id, err := db.ParseID(v)
		if err != nil {
			return n, fault.New(fault.Conflict, "ticket.lease-lost")
		}
		n.Ticket = id
	}
	return n, nil
}

// registerCheck shows the form again with what the network has left; it keeps nothing.
func (s *Server) registerCheck(w http.ResponseWriter, r *request) {
	if !s.readable(w, r) {
		return
	}
	n, err := registerForm(r)
	var p registerData
	if err == nil {
		p, err = s.registering(r, &n)
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, registerScreen(p))
}

// register keeps a request. The form sent twice is one request; refused, the form comes back as it was typed.
func (s *Server) register(w http.ResponseWriter, r *request) {
	if !s.readable(w, r) {
		return
	}
	n, err := registerForm(r)
	var to string
	if err == nil {
		to, err = s.once(r, func(tx *db.Tx) (string, error) {
			made, err := s.Seat.Register(tx, r.by, n)
			return registrationsPath + "/" + made.No, err
		})
	}
	if err == nil {
		http.Redirect(w, r.Request, to, http.StatusSeeOther)
		return
	}
	p, broken := s.registering(r, &n)
	if f := fault.Of(err); f == nil || broken != nil || (f.Kind != fault.Invalid && f.Kind != fault.Conflict) {
		s.refuse(w, r, err)
		return
	}
	status, why := s.explain(r, err)
	p.Wrong, p.Why = fault.Of(err).Field, why
	p.frame.Said = &said{"refused", why}
	s.show(w, r, status, registerScreen(p))
}

// registrationData is one request.
type registrationData struct {
	frame
	registration.Request
	PackageName string
	History     []registration.Moved
	By          map[db.ID]string
	Ref         string // of the ticket in whose call it was asked
	Held        bool   // that ticket, or another one, is in the agent's hand: there is a desk to go back to
	Moves       []string
}

func (s *Server) registrationPage(w http.ResponseWriter, r *request) {
	p := registrationData{By: map[db.ID]string{}}
	err := s.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
		if p.Request, err = registration.ByNo(tx, r.PathValue("no")); err != nil {
			return err
		}
		p.frame = s.frame(r, p.No).on("registration")
		p.Now = tx.Now.In(s.Site)
		if p.History, err = registration.History(tx, p.ID); err != nil {
			return err
		}
		for _, m := range p.History {
			by, err := staff.Get(tx, m.By)
			if err != nil && !fault.Is(err, fault.Missing) {
				return err
			}
			p.By[m.By] = by.Name
		}
		names, err := packageNames(tx)
		if err != nil {
			return err
		}
		p.PackageName = names[p.Package]
		if p.Ref, p.Held, err = s.Seat.RegisteredFor(tx, r.by, p.Request); err != nil {
			return err
		}
		p.Request, err = desk.MaskRegistration(tx, r.by, p.Request, p.History)
		return err
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	for _, move := range p.Request.Moves() {
		act := staff.ActMoveRegistration
		if move == registration.MoveCancel {
			act = staff.ActCancelRegistration
		}
		if staff.May(r.by, act) == nil {
			p.Moves = append(p.Moves, move)
		}
	}
	p.Clause = "IN.OCC.TELK.W-18 · 2.c"
	p.Said = s.heard(w, r)
	s.show(w, r, http.StatusOK, registrationScreen(p))
}

func (s *Server) moveRegistration(w http.ResponseWriter, r *request) {
	no := r.PathValue("no")
	at := registrationsPath + "/" + url.PathEscape(no)
	s.act(w, r, at, func(tx *db.Tx) (string, error) {
		version, err := db.ParseID(r.PostFormValue("version"))
		if err != nil {
			return "", fault.New(fault.Conflict, "registration.changed", "no", no)
		}
		moved, err := s.Seat.MoveRegistration(tx, r.by, no, r.PostFormValue("move"), r.PostFormValue("note"), int64(version))
		return registrationsPath + "/" + moved.No, err
	})
}

// said is what the agent tells the customer once it is kept.
func (p registrationData) say() string {
	switch p.State {
	case registration.Ordered:
		return p.T("registration.say-ordered", "no", p.No)
	case registration.Waiting:
		return p.T("registration.say-waiting", "no", p.No)
	}
	return ""
}

// covered says what the network has left.
func (p registerData) covered() string {
	c := p.Coverage
	switch {
	case !c.Known && c.STO == "":
		return p.T("registration.odp", "odp", p.Typed.ODP)
	case !c.Known:
		return p.T("registration.unknown-sto", "sto", c.STO)
	case c.Free == 0:
		return p.T("registration.full", "sto", c.STO)
	}
	return p.T("registration.covered", "free", phrase.Number(p.Lang, int(c.Free)), "sto", c.STO, "odp", c.ODPs[0].Name)
}

// perMonth prints a package's price.
func perMonth(f frame, price int64) string {
	return f.T("registration.price-month", "price", "Rp "+phrase.Number(f.Lang, int(price)))
}

// masked prints a telephone number as lists show it.
func masked(n phone.Number) string { return strings.TrimSpace(n.Masked()) }
