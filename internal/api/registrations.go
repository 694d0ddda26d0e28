package api

import (
	"net/http"
	"slices"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/registration"
)

// Most rows of one call that brings the network's distribution points or the packages in.
const (
	mostODPs     = 2000
	mostPackages = 200
)

type registrationJSON struct {
	No       string             `json:"no"`
	State    string             `json:"state"`
	Moves    []string           `json:"moves"`
	Customer *db.ID             `json:"customer"` // null: a prospect
	Ticket   *db.ID             `json:"source_ticket"`
	Name     string             `json:"name"`
	Phone    string             `json:"phone"` // masked
	Address  string             `json:"address"`
	City     string             `json:"city"`
	Outside  string             `json:"outside_no,omitempty"` // an outside order system's number of it
	Package  string             `json:"package"`
	Price    int64              `json:"price"` // rupiah a month, as it was told
	STO      string             `json:"sto"`
	ODP      string             `json:"odp"` // whose port is kept or in use
	Note     string             `json:"note"`
	MadeAt   *string            `json:"made_at"`
	Version  int64              `json:"version"`
	History  []registrationMove `json:"history,omitempty"`
}

type registrationMove struct {
	Move   string  `json:"move"`
	Became string  `json:"became"`
	Note   string  `json:"note"`
	At     *string `json:"at"`
}

// registration is a request, with what became of it where that is told, as its reader may see it: one policy for pages and machines.
func (a *API) registration(tx *db.Tx, r seen, of registration.Request, history []registration.Moved) (registrationJSON, error) {
	of, err := desk.MaskRegistration(tx, r.by, of, history)
	j := registrationJSON{No: of.No, State: of.State, Moves: append([]string{}, of.Moves()...), Name: of.Name, Phone: of.Phone.Masked(), Address: of.Address, City: of.City, Outside: of.Outside,
		Package: of.Package, Price: of.Price, STO: of.STO, ODP: of.ODP, Note: of.Note, MadeAt: stamp(of.MadeAt, a.Seat.Site), Version: of.Version}
	if of.Customer != 0 {
		j.Customer = &of.Customer
	}
	if of.Ticket != 0 {
		j.Ticket = &of.Ticket
	}
	for _, m := range history {
		j.History = append(j.History, registrationMove{m.Move, m.Became, m.Note, stamp(m.At, a.Seat.Site)})
	}
	return j, err
}

// register opens a request to register for a product (SOP 2.c, A-05).
func (a *API) register(r seen, f *form) func(tx *db.Tx) (done, error) {
	n := registration.New{Ticket: f.id("source_ticket"), Name: f.needed("name", longReason), Phone: f.needed("phone", longCode), Email: f.text("email", longReason),
		Address: f.needed("address", longReason), City: f.text("city", longReason), Package: f.needed("package", longCode), STO: f.needed("sto", longCode),
		ODP: f.text("odp", longCode), Note: f.text("note", longAnswer)}
	return func(tx *db.Tx) (done, error) {
		made, err := a.Seat.Register(tx, r.by, n)
		if err != nil {
			return done{}, err
		}
		j, err := a.registration(tx, r, made, nil)
		return done{http.StatusCreated, j}, err
	}
}

// moveRegistration orders what waited, says that it is installed, or cancels.
func (a *API) moveRegistration(r seen, f *form) func(tx *db.Tx) (done, error) {
	move, note, version := f.needed("move", longCode), f.text("note", longAnswer), f.version("version")
	return func(tx *db.Tx) (done, error) {
		moved, err := a.Seat.MoveRegistration(tx, r.by, r.PathValue("no"), move, note, version)
		if err != nil {
			return done{}, err
		}
		j, err := a.registration(tx, r, moved, nil)
		return done{http.StatusOK, j}, err
	}
}

type registrationsJSON struct {
	Registrations []registrationJSON `json:"registrations"`
	Next          *db.ID             `json:"next"` // after the last one; null: no more
}

func (a *API) registrations(tx *db.Tx, r seen) (any, error) {
	q, err := query(r, "state", "after", "limit")
	if err != nil {
		return nil, err
	}
	after, limit, err := paging(q)
	if err != nil {
		return nil, err
	}
	state := q.Get("state")
	if state != "" && !slices.Contains(registration.States, state) {
		return nil, badQuery("state")
	}
	found, err := registration.List(tx, state, after, limit)
	j := registrationsJSON{Registrations: []registrationJSON{}}
	if err != nil {
		return nil, err
	}
	for _, one := range found {
		shaped, err := a.registration(tx, r, one, nil)
		if err != nil {
			return nil, err
		}
		j.Registrations = append(j.Registrations, shaped)
	}
	if len(found) == limit {
		j.Next = &found[limit-1].ID
	}
	return j, nil
}

func (a *API) oneRegistration(tx *db.Tx, r seen) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	found, err := registration.ByNo(tx, r.PathValue("no"))
	if err != nil {
		return nil, err
	}
	history, err := registration.History(tx, found.ID)
	if err != nil {
		return nil, err
	}
	return a.registration(tx, r, found, history)
}

type coverageJSON struct {
	STO   string    `json:"sto"`
	Known bool      `json:"known"` // the network's data has it
	Free  int64     `json:"free"`  // ports
	ODPs  []odpJSON `json:"odps"`  // those with most free ports
}

type odpJSON struct {
	ODP   string `json:"odp"`
	Ports int64  `json:"ports"`
	Used  int64  `json:"used"`
	Kept  int64  `json:"kept"`
	Free  int64  `json:"free"`
}

// coverage tells whether a port is free: of an exchange or of one distribution point.
func (a *API) coverage(tx *db.Tx, r seen) (any, error) {
	q, err := query(r, "sto", "odp")
	if err != nil {
		return nil, err
	}
	if q.Get("sto") == "" && q.Get("odp") == "" {
		return nil, badQuery("sto")
	}
	c, err := registration.Cover(tx, q.Get("sto"), q.Get("odp"))
	j := coverageJSON{STO: c.STO, Known: c.Known, Free: c.Free, ODPs: []odpJSON{}}
	for _, o := range c.ODPs {
		j.ODPs = append(j.ODPs, odpJSON{o.Name, o.Ports, o.Used, o.Kept, o.Free()})
	}
	return j, err
}

func (a *API) putCoverage(r seen, f *form) func(tx *db.Tx) (done, error) {
	var odps []registration.ODP
	for _, one := range f.list("odps", mostODPs) {
		odps = append(odps, registration.ODP{Name: one.needed("odp", longCode), STO: one.text("sto", longCode), Ports: int64(one.whole("ports", 1, 512)), Used: int64(one.whole("used", 0, 512))})
	}
	return func(tx *db.Tx) (done, error) {
		err := registration.PutODPs(tx, r.by, odps)
		return done{http.StatusOK, map[string]int{"odps": len(odps)}}, err
	}
}

type packageJSON struct {
	Code    string `json:"code"`
	Name    string `json:"name"`
	Price   int64  `json:"price"` // rupiah a month
	Offered bool   `json:"offered"`
}

type packagesJSON struct {
	Packages []packageJSON `json:"packages"`
}

func shapePackages(tx *db.Tx) (packagesJSON, error) {
	all, err := registration.Packages(tx)
	j := packagesJSON{Packages: []packageJSON{}}
	for _, p := range all {
		j.Packages = append(j.Packages, packageJSON{p.Code, p.Name, p.Price, p.Offered})
	}
	return j, err
}

func (a *API) packages(tx *db.Tx, r seen) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	return shapePackages(tx)
}

func (a *API) putPackages(r seen, f *form) func(tx *db.Tx) (done, error) {
	var all []registration.Package
	for _, one := range f.list("packages", mostPackages) {
		p := registration.Package{Code: one.needed("code", longCode), Name: one.needed("name", longReason), Price: int64(one.whole("price", 0, 1_000_000_000))}
		switch one.yesNo("offered") {
		case "no":
		case "yes", "":
			p.Offered = true
		}
		all = append(all, p)
	}
	return func(tx *db.Tx) (done, error) {
		if err := registration.PutPackages(tx, r.by, all); err != nil {
			return done{}, err
		}
		j, err := shapePackages(tx)
		return done{http.StatusOK, j}, err
	}
}
