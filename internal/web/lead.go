package web

import (
	"net/http"
	"slices"
	"time"

	"sapa/internal/db"
	"sapa/internal/lead"
	"sapa/internal/procedure"
	"sapa/internal/report"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// leadData is the leader's seat: what needs a decision now, and who works what.
type leadData struct {
	frame
	lead.Attention
	NewForms  int   // Ideas forms that wait to be received
	After     db.ID // the recommendations begin after this one
	People    map[db.ID]staff.Person
	Tickets   map[db.ID]ticket.Ticket
	Agents    []staff.Person
	Mixes     map[db.ID][]string
	Campaigns []report.Line
	Titles    map[string]procedure.Text
	Ran       map[db.ID]int // turn -> the revision it ran under
	Today     report.Day
	Outages   []lead.OutageView // the newest ones
	Drafts    bool              // some may have been kept under an earlier revision
}

func (s *Server) leadPage(w http.ResponseWriter, r *request) {
	p := leadData{frame: s.frame(r, r.T("web.nav.lead")).on("lead"), People: map[db.ID]staff.Person{}, Tickets: map[db.ID]ticket.Ticket{},
		Mixes: map[db.ID][]string{}, Titles: map[string]procedure.Text{}}
	p.Said = s.heard(w, r)
	p.After, _ = db.ParseID(r.URL.Query().Get("after")) // what is no id begins at the oldest
	err := s.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
		p.Now = tx.Now.In(s.Site)
		if p.Attention, err = lead.Look(tx, r.by, p.After); err != nil {
			return err
		}
		if p.Outages, err = lead.LookOutages(tx, r.by, shownOutages); err != nil {
			return err
		}
		if p.NewForms, err = lead.FormsWaiting(tx, r.by); err != nil {
			return err
		}
		people, err := staff.All(tx)
		if err != nil {
			return err
		}
		scope := staff.ScopeOf(r.by)
		for _, one := range people {
			p.People[one.ID] = one
			if one.Role == who.Agent && (scope.All || int64(one.Team) == scope.Team) {
				p.Agents = append(p.Agents, one)
				if p.Mixes[one.ID], err = staff.CampaignsOf(tx, one.ID); err != nil {
					return err
				}
			}
		}
		for _, h := range p.Holds {
			if p.Tickets[h.Ticket], err = ticket.Get(tx, h.Ticket); err != nil {
				return err
			}
		}
		all, err := s.Campaigns.All(tx)
		if err != nil {
			return err
		}
		if p.Campaigns, err = report.Queue(tx, all); err != nil {
			return err
		}
		for _, c := range p.Campaigns {
			p.Titles[c.Code] = c.Title
		}
		if p.Ran, err = ranOf(tx, p.Alerts); err != nil {
			return err
		}
		if p.Drafts, err = s.newerRevisions(tx); err != nil {
			return err
		}
		p.Today, err = report.Today(tx, 0, midnight(p.Now), s.Site)
		return err
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if !p.Drafts {
		p.frame = p.without("page.kept.key.open")
	}
	s.show(w, r, http.StatusOK, leadScreen(p))
}

// named is an act of the leader on one thing of the path.
func (s *Server) named(w http.ResponseWriter, r *request, back string, do func(tx *db.Tx, id db.ID) error) {
	s.act(w, r, back, func(tx *db.Tx) (string, error) {
		id, err := pathID(r)
		if err != nil {
			return "", err
		}
		return back, do(tx, id)
	})
}

func (s *Server) decideRecommendation(w http.ResponseWriter, r *request) {
	s.named(w, r, "/lead", func(tx *db.Tx, id db.ID) error {
		_, err := lead.Decide(tx, r.by, s.Hub, id, r.PostFormValue("grant") == "yes", r.PostFormValue("why"))
		return err
	})
}

// raise is pressed among what was found; the leader's seat says that it is done, since what was looked for has no address.
func (s *Server) raise(w http.ResponseWriter, r *request) {
	if err := r.ParseForm(); err != nil {
		s.sorry(w, r, http.StatusBadRequest, "web.form")
		return
	}
	to, err := s.once(r, func(tx *db.Tx) (string, error) {
		id, err := pathID(r)
		if err == nil {
			_, err = lead.Raise(tx, r.by, id)
		}
		return "/lead", err
	})
	if err != nil {
		s.tell(w, r, "/lead", err)
		return
	}
	s.say(w, "done", r.T("page.lead.raised", "hours", int(lead.RaisedFor.Hours())))
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
}

func (s *Server) requeue(w http.ResponseWriter, r *request) {
	s.named(w, r, "/lead", func(tx *db.Tx, id db.ID) error { _, err := lead.Requeue(tx, r.by, id); return err })
}

func (s *Server) endTicket(w http.ResponseWriter, r *request) {
	s.named(w, r, "/lead", func(tx *db.Tx, id db.ID) error { _, err := lead.End(tx, r.by, id); return err })
}

func (s *Server) takeOver(w http.ResponseWriter, r *request) {
	s.named(w, r, "/lead", func(tx *db.Tx, id db.ID) error { return lead.TakeOver(tx, r.by, s.Hub, id) })
}

func (s *Server) mix(w http.ResponseWriter, r *request) {
	s.named(w, r, "/lead", func(tx *db.Tx, id db.ID) error {
		return lead.Mix(tx, r.by, s.Campaigns, id, r.PostForm["campaign"])
	})
}

func (p leadData) name(id db.ID) string { return p.People[id].Name }

func (p leadData) works(agent db.ID, code string) bool {
	return len(p.Mixes[agent]) == 0 || slices.Contains(p.Mixes[agent], code)
}

func (p leadData) calm() bool {
	return p.NewForms+len(p.Asked)+len(p.UsedUp)+len(p.Overdue)+len(p.Alerts) == 0
}

func secondsLong(s int) time.Duration { return time.Duration(s) * time.Second }
