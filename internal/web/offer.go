package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/intake"
	"sapa/internal/phrase"
	"sapa/internal/registration"
	"sapa/internal/staff"
)

const (
	offerPath  = registrationsPath + "/offer"
	listedODPs = 100 // on one page
)

// offerData is what can be registered for and where (SOP 2.c): the packages, and the ports of the exchanges' distribution points.
type offerData struct {
	frame
	Packages  []registration.Package
	New       registration.Package // as it was typed; empty otherwise
	Exchanges []registration.Exchange
	STO       string // whose distribution points are listed; "": there are none
	ODPs      []registration.ODP
	Next      string            // where the further ones stand; "": nowhere
	Prices    map[string]string // typed and refused, by code; "" is the new one's
	Wrong     string            // code of the package that was refused
	Refused   bool
	Field     string // of it
	Typed     string // what the second of two people typed, to be taken up again
	Loads     bool   // may bring a list in
}

func (s *Server) offerPage(w http.ResponseWriter, r *request) {
	p, err := s.offer(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	p.frame.Said = s.heard(w, r)
	s.show(w, r, http.StatusOK, offerScreen(p))
}

// offer reads the packages as they stand and the distribution points of the exchange asked for, else of the first.
func (s *Server) offer(r *request) (offerData, error) {
	p := offerData{frame: s.frame(r, r.T("offer.title")).on("offer"), Prices: map[string]string{}, Loads: staff.May(r.by, staff.ActCoverage) == nil && staff.May(r.by, staff.ActImport) == nil}
	p.Clause = "IN.OCC.TELK.W-18 · 2.c"
	q := r.URL.Query()
	err := s.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
		p.Now = tx.Now.In(s.Site)
		if p.Packages, err = registration.Packages(tx); err != nil {
			return err
		}
		if p.Exchanges, err = registration.Exchanges(tx); err != nil || len(p.Exchanges) == 0 {
			return err
		}
		p.STO = p.Exchanges[0].STO
		for _, e := range p.Exchanges {
			if e.STO == q.Get("sto") {
				p.STO = e.STO
			}
		}
		p.ODPs, err = registration.ODPs(tx, p.STO, q.Get("after"), listedODPs)
		return err
	})
	if len(p.ODPs) == listedODPs {
		p.Next = offerPath + "?" + url.Values{"sto": {p.STO}, "after": {p.ODPs[listedODPs-1].Name}}.Encode() + "#odps"
	}
	return p, err
}

// rows are the packages with an empty one to add; its version is 0.
func (p offerData) rows() []registration.Package {
	return append(p.Packages[:len(p.Packages):len(p.Packages)], p.New)
}

// price is a package's as it stands in the field.
func (p offerData) price(one registration.Package) string {
	if typed, refused := p.Prices[codeOf(one)]; refused {
		return typed
	}
	if one.Version == 0 {
		return ""
	}
	return fmt.Sprint(one.Price)
}

// codeOf names a row: the empty one has none.
func codeOf(p registration.Package) string {
	if p.Version == 0 {
		return ""
	}
	return p.Code
}

// wrong tells whether a field of a row is the one that was refused.
func (p offerData) wrong(one registration.Package, field string) bool {
	return p.Refused && p.Wrong == codeOf(one) && p.Field == field
}

// exchange is the one whose distribution points are listed.
func (p offerData) exchange() (e registration.Exchange) {
	for _, one := range p.Exchanges {
		if one.STO == p.STO {
			e = one
		}
	}
	return e
}

// packageSave changes a package, adds one, retires one or offers it again. What is refused is shown with what was typed; who
// comes second sees what stands now, with what they typed beside it.
func (s *Server) packageSave(w http.ResponseWriter, r *request) {
	if !s.readable(w, r) {
		return
	}
	version, err := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	if err != nil {
		s.sorry(w, r, http.StatusBadRequest, "web.form")
		return
	}
	price := r.PostForm.Get("price")
	one := registration.Package{Code: r.PostForm.Get("code"), Name: r.PostForm.Get("name"), Price: int64(whole(price)), Offered: r.PostForm.Get("offered") == "yes", Version: version}
	_, err = s.once(r, func(tx *db.Tx) (string, error) { return offerPath, registration.PutPackage(tx, r.by, one) })
	if err == nil {
		s.say(w, "done", r.T("offer.saved", "name", strings.TrimSpace(one.Name)))
		http.Redirect(w, r.Request, offerPath, http.StatusSeeOther)
		return
	}
	f := fault.Of(err)
	p, other := s.offer(r)
	if f == nil || other != nil {
		s.refuse(w, r, err)
		return
	}
	p.Refused, p.Wrong, p.Field = true, codeOf(one), f.Field
	if f.Kind == fault.Conflict && version != 0 {
		p.Typed = strings.Join([]string{one.Code, one.Name, price}, " | ")
	} else {
		p.Prices[codeOf(one)] = price
		for i := range p.Packages {
			if version != 0 && p.Packages[i].Code == one.Code {
				p.Packages[i].Name = one.Name
			}
		}
		if version == 0 {
			p.New = one
		}
	}
	status, sentence := s.explain(r, err)
	p.frame.Said = &said{"refused", sentence}
	s.show(w, r, status, offerScreen(p))
}

// listsData is where a leader brings lists in, beside the tickets of campaigns: customers, what they opened in the app, the
// network's distribution points.
type listsData struct {
	frame
	Kinds    []string
	Kind     string
	Brought  *intake.Report // what a file that was just uploaded came to
	Refusals []string
	More     int // refusals beyond those shown
}

const listsPath = "/intake/lists"

func (s *Server) lists(r *request, kind string) listsData {
	p := listsData{frame: s.frame(r, r.T("lists.title")).on("lists"), Kind: kind}
	for _, one := range intake.Lists {
		if act, known := intake.ListAct(one); known && staff.May(r.by, act) == nil {
			p.Kinds = append(p.Kinds, one)
		}
	}
	if _, known := intake.ListAct(kind); !known && len(p.Kinds) > 0 {
		p.Kind = p.Kinds[0]
	}
	return p
}

func (s *Server) listsPage(w http.ResponseWriter, r *request) {
	p := s.lists(r, r.URL.Query().Get("kind"))
	p.Said = s.heard(w, r)
	s.show(w, r, http.StatusOK, listsScreen(p))
}

// headings of a kind, as the file has them.
func (p listsData) headings(kind string) string { return strings.Join(intake.Headings(kind), ", ") }

// listUpload brings a list in and answers with the page itself: which rows were refused has to be read beside the file, and the
// same file again adds nothing.
func (s *Server) listUpload(w http.ResponseWriter, r *request) {
	file, head, done, ok := s.uploaded(w, r, listsPath)
	if !ok {
		return
	}
	defer done()
	kind := r.FormValue("kind")
	p := s.lists(r, kind)
	var refused []intake.Refusal
	job := intake.Job{By: r.by, File: file, Size: head.Size, Name: head.Filename, Refused: func(one intake.Refusal) { refused = append(refused, one) }}
	brought, err := s.desk().Load(r.Context(), s.Store, kind, job)
	if err != nil {
		status, sentence := s.explain(r, err)
		p.Said = &said{"refused", sentence}
		s.show(w, r, status, listsScreen(p))
		return
	}
	p.Brought = &brought
	p.Refusals, p.More = sentences(r, refused)
	s.show(w, r, http.StatusOK, listsScreen(p))
}

// sentences puts refusals into words, as many as are shown; more counts the others.
func sentences(r *request, refused []intake.Refusal) (all []string, more int) {
	for i, one := range refused {
		if i == mostRefusals {
			return all, len(refused) - i
		}
		why := r.T("web.broken")
		if f := fault.Of(one.Err); f != nil {
			why = phrase.Fill(r.lang, f.Key, f.Values)
		}
		if one.Column == "" {
			all = append(all, r.T("intake.refused-line", "line", one.Line, "reason", why))
		} else {
			all = append(all, r.T("intake.refused-row", "line", one.Line, "column", one.Column, "reason", why))
		}
	}
	return all, 0
}
