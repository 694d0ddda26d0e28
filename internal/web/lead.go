package web

import (
	"net/http"
	"slices"
	"time"

	"sapa/internal/db"
	"sapa/internal/lead"
	"sapa/internal/outbox"
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
	People    map[db.ID]staff.Person
	Tickets   map[db.ID]ticket.Ticket
	Agents    []staff.Person
	Mixes     map[db.ID][]string
	Campaigns []report.Line
	Titles    map[string]procedure.Text
	Today     report.Day
}

func (s *Server) leadPage(w http.ResponseWriter, r *request) {
	p := leadData{frame: s.frame(r, r.T("web.nav.lead")).on("lead"), People: map[db.ID]staff.Person{}, Tickets: map[db.ID]ticket.Ticket{},
		Mixes: map[db.ID][]string{}, Titles: map[string]procedure.Text{}}
	p.Said = s.heard(w, r)
	err := s.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
		p.Now = tx.Now.In(s.Site)
		if p.Attention, err = lead.Look(tx, r.by); err != nil {
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
		p.Today, err = report.Today(tx, 0, midnight(p.Now), s.Site)
		return err
	})
	if err != nil {
		s.refuse(w, r, err)
		return
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
		_, err := lead.Decide(tx, r.by, s.Hub, id, r.PostFormValue("grant") == "yes")
		return err
	})
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
	return len(p.Asked)+len(p.UsedUp)+len(p.Overdue)+len(p.Alerts) == 0
}

// outboxData is the tasks that bring results over to applications outside.
type outboxData struct {
	frame
	Tasks   []outbox.Promise
	Tickets map[db.ID]ticket.Ticket
	Names   map[string]string
	Settles bool
}

func (s *Server) outboxPage(w http.ResponseWriter, r *request) {
	p := outboxData{frame: s.frame(r, r.T("web.nav.outbox")).on("outbox"), Tickets: map[db.ID]ticket.Ticket{}, Names: map[string]string{"leader": "TL"}, Settles: staff.May(r.by, staff.ActSettleOutbox) == nil}
	p.Said = s.heard(w, r)
	err := s.Store.Read(r.Context(), func(tx *db.Tx) error {
		p.Now = tx.Now.In(s.Site)
		maker := db.ID(r.by.ID)
		if p.Settles || r.by.Role == who.Admin {
			maker = 0
		}
		for _, state := range []outbox.State{outbox.Failed, outbox.Open} {
			some, err := outbox.List(tx, outbox.Filter{State: state, MadeBy: maker, Limit: 100})
			if err != nil {
				return err
			}
			p.Tasks = append(p.Tasks, some...)
		}
		for _, t := range p.Tasks {
			if _, ok := p.Tickets[t.Ticket]; !ok {
				of, err := ticket.Get(tx, t.Ticket)
				if err != nil {
					return err
				}
				p.Tickets[t.Ticket] = of
			}
		}
		all, err := s.Campaigns.All(tx)
		if err != nil {
			return err
		}
		for _, a := range all[0].Revision.Book.Document.Applications {
			p.Names[a.ID] = a.Name
		}
		return nil
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, outboxScreen(p))
}

// theirTask refuses a promise that is neither the person's own nor within a leader's or administrator's reach.
func theirTask(tx *db.Tx, by who.Actor, id db.ID) error {
	p, err := outbox.Get(tx, id)
	if err != nil || p.MadeBy == db.ID(by.ID) {
		return err
	}
	_, err = ticket.Seen(tx, staff.ScopeOf(by), p.Ticket)
	return err
}

func (s *Server) promise(w http.ResponseWriter, r *request, do func(tx *db.Tx, id db.ID) (outbox.Promise, error)) {
	s.named(w, r, "/outbox", func(tx *db.Tx, id db.ID) error {
		if err := theirTask(tx, r.by, id); err != nil {
			return err
		}
		_, err := do(tx, id)
		return err
	})
}

func (s *Server) promiseDone(w http.ResponseWriter, r *request) {
	s.promise(w, r, func(tx *db.Tx, id db.ID) (outbox.Promise, error) {
		return outbox.MarkDone(tx, r.by, id, r.PostFormValue("reference"))
	})
}

func (s *Server) promiseRetry(w http.ResponseWriter, r *request) {
	s.promise(w, r, func(tx *db.Tx, id db.ID) (outbox.Promise, error) { return outbox.Retry(tx, r.by, id) })
}

func (s *Server) promiseWaive(w http.ResponseWriter, r *request) {
	s.promise(w, r, func(tx *db.Tx, id db.ID) (outbox.Promise, error) {
		return outbox.Waive(tx, r.by, id, r.PostFormValue("reason"))
	})
}

// searchData is what was found for what was typed.
type searchData struct {
	frame
	Query string
	Found []ticket.Ticket
}

func (s *Server) search(w http.ResponseWriter, r *request) {
	p := searchData{frame: s.frame(r, r.T("web.search")).on("search"), Query: r.PostFormValue("q")}
	err := s.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
		p.Now = tx.Now.In(s.Site)
		p.Found, err = ticket.Search(tx, staff.ScopeOf(r.by), p.Query)
		return err
	})
	if err != nil {
		_, text := s.explain(r, err)
		p.Said = &said{"refused", text}
	}
	s.show(w, r, http.StatusOK, searchScreen(p))
}

func secondsLong(s int) time.Duration { return time.Duration(s) * time.Second }
