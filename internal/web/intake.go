package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/intake"
	"sapa/internal/lead"
	"sapa/internal/phone"
	"sapa/internal/phrase"
	"sapa/internal/procedure"
	"sapa/internal/staff"
	"sapa/internal/ticket"
)

// intakeData is the Tier-1 form (screen 03, SOP 5.2.1).
type intakeData struct {
	frame
	Form            intake.Form
	Requested       string            // as soon as possible, or a time
	Kept            map[string]string // what was typed and is no part of the form that was read
	Field           string            // the one refused
	Wrong           *said             // why
	Mine            []ticket.Ticket
	Recommendations []ticket.Recommendation
	Customer        *customer.Customer
	Services        []customer.Service
	Open            []ticket.Ticket // of the same customer
	Criteria        []criterion
	Clauses         []clauseOf // 5.2.1 and its criteria
	Titles          map[string]procedure.Text
	Document        string
	Revision        int
	Effective       time.Time
	Waiting         int
	Oldest          time.Time
	Opened          *ticket.Ticket // just now
	Zone            *time.Location
	Apps            []desk.Application // for c
	Hours           string
	Lists           bool // may bring lists in
}

// criterion is one of a-g with what the house knows for or against it.
type criterion struct {
	Letter   string
	Text     string
	Evidence string
	Tone     string // for, against, warn, ""
	On       bool
}

// clauseOf is the clause of a criterion; "" is 5.2.1 itself.
type clauseOf struct {
	Letter string
	Clause procedure.Clause
}

func (s *Server) intakePage(w http.ResponseWriter, r *request) {
	s.showIntake(w, r, http.StatusOK, intake.Form{}, "", nil)
}

// formOf reads the posted form.
func formOf(r *request) intake.Form {
	minutes, _ := strconv.Atoi(strings.TrimSpace(r.PostFormValue("call_min"))) // what is no number is no length
	seconds, _ := strconv.Atoi(strings.TrimSpace(r.PostFormValue("call_sec")))
	f := intake.Form{Campaign: "callback", Source: "tier1", ServiceNo: r.PostFormValue("service_no"), ContactName: r.PostFormValue("name"),
		Phone: r.PostFormValue("phone"), Note: r.PostFormValue("note"), Criterion: r.PostFormValue("criterion"), Application: r.PostFormValue("application"),
		CallS: minutes*60 + seconds}
	f.Reason = r.PostFormValue("reason." + f.Criterion)
	f.Recommendation, _ = db.ParseID(r.PostFormValue("recommendation")) // none is said by the rule for f
	return f
}

func (s *Server) intake(w http.ResponseWriter, r *request) {
	if err := r.ParseForm(); err != nil {
		s.sorry(w, r, http.StatusBadRequest, "web.form")
		return
	}
	f := formOf(r)
	requested := r.PostFormValue("requested")
	if r.PostFormValue("look") != "" { // look the customer up, nothing is sent yet
		s.showIntake(w, r, http.StatusOK, f, "", nil)
		return
	}
	to, err := s.once(r, func(tx *db.Tx) (string, error) {
		var err error
		if f.RequestedAt, err = s.requested(tx, f, requested, r.PostFormValue("at")); err != nil {
			return "", err
		}
		t, _, err := s.desk().Open(tx, r.by, f)
		return "/intake?opened=" + t.ID.String(), err
	})
	if err != nil {
		s.refuseIntake(w, r, f, err)
		return
	}
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
}

// refuseIntake gives the form back as it was typed, with the field named.
func (s *Server) refuseIntake(w http.ResponseWriter, r *request, f intake.Form, err error) {
	field := ""
	if e := fault.Of(err); e != nil {
		field = e.Field
	}
	status, text := s.explain(r, err)
	s.showIntake(w, r, status, f, field, &said{"refused", text})
}

func (s *Server) desk() intake.Desk { return intake.Desk{Campaigns: s.Campaigns, Site: s.Site} }

// requested turns the choice of a time into a promise on the customer's clock; as soon as possible is none.
func (s *Server) requested(tx *db.Tx, f intake.Form, choice, at string) (time.Time, error) {
	zone := s.zoneOf(tx, f)
	now := tx.Now.In(zone)
	hour := map[string]int{"noon": 13, "afternoon": 16}[choice]
	switch choice {
	case "", "asap":
		return time.Time{}, nil
	case "at":
		t, err := time.ParseInLocation("2006-01-02T15:04", at, zone)
		if err != nil {
			return t, fault.New(fault.Invalid, "page.intake.at").At("requested_at", "5.2.1")
		}
		return t, nil
	}
	t := time.Date(now.Year(), now.Month(), now.Day(), hour, 0, 0, 0, zone)
	if !t.After(now) {
		t = t.AddDate(0, 0, 1)
	}
	return t, nil
}

func (s *Server) zoneOf(tx *db.Tx, f intake.Form) *time.Location {
	if c, err := customer.ByService(tx, strings.TrimSpace(f.ServiceNo)); err == nil {
		return desk.Zone(c.Zone, s.Site)
	}
	if zone, ok := phone.ZoneOfArea(f.ServiceNo); ok {
		return desk.Zone(zone, s.Site)
	}
	return s.Site
}

func (s *Server) showIntake(w http.ResponseWriter, r *request, status int, f intake.Form, field string, refused *said) {
	p := intakeData{frame: s.frame(r, r.T("page.intake.title")).on("intake"), Form: f, Requested: r.PostFormValue("requested"), Field: field, Wrong: refused,
		Kept: map[string]string{}, Zone: s.Site, Titles: map[string]procedure.Text{}, Lists: staff.May(r.by, staff.ActImport) == nil}
	for _, name := range []string{"reason.e", "reason.g", "call_min", "call_sec", "at"} {
		p.Kept[name] = r.PostFormValue(name)
	}
	err := s.Store.Read(r.Context(), func(tx *db.Tx) error {
		p.Now = tx.Now.In(s.Site)
		if err := s.lookUp(tx, r, &p); err != nil {
			return err
		}
		if id, err := db.ParseID(r.URL.Query().Get("opened")); err == nil {
			if t, err := ticket.Seen(tx, staff.ScopeOf(r.by), id); err == nil {
				p.Opened = &t
			}
		}
		return nil
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.show(w, r, status, intakeScreen(p))
}

// lookUp gathers what the house knows: the customer, their open callbacks, the queue, the leader's word.
func (s *Server) lookUp(tx *db.Tx, r *request, p *intakeData) error {
	c, err := s.Campaigns.Get(tx, "callback")
	if err != nil {
		return err
	}
	p.Document, p.Revision, p.Effective, p.Hours = c.Revision.Document, c.Revision.Revision, c.Revision.EffectiveAt, c.Hours.String()
	own, _ := c.Revision.Book.Clause("5.2.1")
	p.Clauses = []clauseOf{{"", own}}
	for _, letter := range intake.Criteria {
		one, _ := c.Revision.Book.Clause("5.2.1." + letter)
		p.Clauses = append(p.Clauses, clauseOf{letter, one})
	}
	all, err := s.Campaigns.All(tx)
	if err != nil {
		return err
	}
	for _, one := range all {
		p.Titles[one.Code] = one.Title
	}
	if p.Mine, err = ticket.OpenedBy(tx, db.ID(r.by.ID), midnight(p.Now), 12); err != nil {
		return err
	}
	if p.Recommendations, _, err = ticket.MyRecommendations(tx, db.ID(r.by.ID), tx.Now.Add(-2*time.Hour), 0, 20); err != nil {
		return err
	}
	counts, err := ticket.Counts(tx)
	if err != nil {
		return err
	}
	p.Waiting, p.Oldest = counts["callback"].Waiting, counts["callback"].Oldest
	if service := strings.TrimSpace(p.Form.ServiceNo); service != "" {
		known, services, err := customer.OfTicket(tx, 0, service)
		if err == nil {
			p.Customer, p.Services = &known, services
			p.Zone = desk.Zone(known.Zone, s.Site)
			if p.Form.ContactName == "" {
				p.Form.ContactName = known.Name
			}
			if p.Form.Phone == "" {
				p.Form.Phone = known.Phone.Print()
			}
			if p.Open, err = ticket.OpenOfSubject(tx, ticket.Subject(known.ID, service, known.Phone), 0); err != nil {
				return err
			}
		} else if !fault.Is(err, fault.Missing) {
			return err
		}
	}
	apps, err := s.Seat.Readiness(tx, r.by)
	for _, a := range apps {
		if !a.Additional {
			p.Apps = append(p.Apps, a)
		}
	}
	p.Criteria = criteria(p)
	return err
}

// criteria lists a-g with the evidence that the rooms that exist can give; the others are left to the person.
func criteria(p *intakeData) []criterion {
	var all []criterion
	for _, letter := range intake.Criteria {
		c := criterion{Letter: letter, Text: p.T("page.intake.criterion." + letter), On: p.Form.Criterion == letter}
		switch letter {
		case "a":
			c.Evidence = p.T("page.intake.waiting", "count", phrase.Number(p.Lang, p.Waiting))
		case "e":
			switch {
			case p.Customer == nil:
				c.Evidence = p.T("page.intake.class-unknown")
			case p.Customer.Class == customer.VVIP:
				c.Evidence, c.Tone = p.T("page.intake.vvip"), "for"
			default:
				c.Evidence, c.Tone = p.T("page.intake.not-vvip", "class", string(p.Customer.Class)), "against"
			}
		case "f":
			c.Evidence, c.Tone = p.T("page.intake.long-needed"), ""
			for _, rec := range p.Recommendations {
				switch rec.State {
				case "granted":
					c.Evidence, c.Tone = p.T("page.intake.granted", "clock", p.Clock(rec.DecidedAt)), "for"
				case "asked":
					if c.Tone == "" {
						c.Evidence, c.Tone = p.T("page.intake.asked", "clock", p.Clock(rec.AskedAt)), "warn"
					}
				}
			}
		default:
			c.Evidence = p.T("page.intake.evidence." + letter)
		}
		all = append(all, c)
	}
	return all
}

// askRecommendation asks the leaders (SOP 5.2.1.f). The form comes back as it was typed: the ticket is not sent yet.
func (s *Server) askRecommendation(w http.ResponseWriter, r *request) {
	if err := r.ParseForm(); err != nil {
		s.sorry(w, r, http.StatusBadRequest, "web.form")
		return
	}
	f := formOf(r)
	f.Criterion = "f"
	_, err := s.once(r, func(tx *db.Tx) (string, error) {
		_, err := lead.Ask(tx, r.by, s.Hub, strings.TrimSpace(f.ServiceNo), f.CallS, "")
		return "/intake", err
	})
	if err != nil {
		s.refuseIntake(w, r, f, err)
		return
	}
	s.showIntake(w, r, http.StatusOK, f, "", nil)
}

// granted is the recommendation that may be used for f.
func (p intakeData) granted() *ticket.Recommendation {
	for i := range p.Recommendations {
		if p.Recommendations[i].State == "granted" {
			return &p.Recommendations[i]
		}
	}
	return nil
}

func (p intakeData) asked() bool {
	for _, r := range p.Recommendations {
		if r.State == "asked" {
			return true
		}
	}
	return false
}

// refused is the leader's last word when it was no and nothing has been asked since.
func (p intakeData) refused() *ticket.Recommendation {
	for i := range p.Recommendations {
		if p.Recommendations[i].State == "refused" {
			return &p.Recommendations[i]
		}
	}
	return nil
}

// noWord is the leader's no, with its reason. One that was given before reasons were kept has none.
func (p intakeData) noWord(no *ticket.Recommendation) string {
	if no.Why == "" {
		return p.T("page.intake.refused", "clock", p.frame.Clock(no.DecidedAt))
	}
	return p.T("page.intake.refused-why", "clock", p.frame.Clock(no.DecidedAt), "why", no.Why)
}

func (p intakeData) title(campaign string) string { return p.Titles[campaign].In(string(p.Lang)) }
