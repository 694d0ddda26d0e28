package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/outbox"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/trace"
	"sapa/internal/who"
)

// outboxData is the tasks that bring results over to applications outside.
type outboxData struct {
	frame
	Tasks   []outbox.Promise
	Tickets map[db.ID]ticket.Ticket
	Ran     map[db.ID]int // turn -> the revision it ran under
	Names   map[string]string
	Apps    []string              // that the reader has tasks for
	App     string                // the one looked at; "" for all
	Past    bool                  // what is settled, not what is to do
	Settles bool                  // may retry and waive
	Keeps   bool                  // may say that one was brought over
	Brings  func(app string) bool // sapa does it itself
}

func (s *Server) outboxPage(w http.ResponseWriter, r *request) {
	p := outboxData{frame: s.frame(r, r.T("web.nav.outbox")).on("outbox"), Tickets: map[db.ID]ticket.Ticket{}, Names: map[string]string{"leader": "TL", outbox.Mail: "E-mail"},
		App: r.URL.Query().Get("app"), Past: r.URL.Query().Get("state") == "done",
		Settles: staff.May(r.by, staff.ActSettleOutbox) == nil, Keeps: staff.May(r.by, staff.ActKeepPromise) == nil, Brings: s.Seat.Brings}
	p.Said = s.heard(w, r)
	err := s.Store.Read(r.Context(), func(tx *db.Tx) error {
		p.Now = tx.Now.In(s.Site)
		all, err := s.Campaigns.All(tx)
		if err != nil {
			return err
		}
		for _, a := range all[0].Revision.Book.Document.Applications {
			p.Names[a.ID] = a.Name
		}
		return p.gather(tx, r.by)
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, outboxScreen(p))
}

// gather reads the tasks: one's own, or everybody's for who settles them. What is settled comes newest first.
func (p *outboxData) gather(tx *db.Tx, by who.Actor) error {
	maker := db.ID(by.ID)
	if p.Settles || by.Role == who.Admin {
		maker = 0
	}
	states := []outbox.State{outbox.Failed, outbox.Open}
	if p.Past {
		states = []outbox.State{outbox.Done, outbox.Waived}
	}
	for _, state := range states {
		some, err := outbox.List(tx, outbox.Filter{State: state, MadeBy: maker, Limit: 200})
		if err != nil {
			return err
		}
		for _, one := range some {
			if !slices.Contains(p.Apps, one.App) {
				p.Apps = append(p.Apps, one.App)
			}
			if p.App == "" || p.App == one.App {
				p.Tasks = append(p.Tasks, one)
			}
		}
	}
	if p.Past {
		slices.SortStableFunc(p.Tasks, func(a, b outbox.Promise) int { return b.SettledAt.Compare(a.SettledAt) })
	}
	for _, t := range p.Tasks {
		if _, ok := p.Tickets[t.Ticket]; ok || t.Ticket == 0 { // a letter is about no ticket
			continue
		}
		of, err := ticket.Get(tx, t.Ticket)
		if err != nil {
			return err
		}
		p.Tickets[t.Ticket] = of
	}
	slices.Sort(p.Apps)
	var err error
	p.Ran, err = ranOf(tx, p.Tasks)
	return err
}

func (p outboxData) state() string {
	if p.Past {
		return "done"
	}
	return ""
}

// link is this list, narrowed otherwise.
func (p outboxData) link(state, app string) templ.SafeURL {
	q := url.Values{}
	if state != "" {
		q.Set("state", state)
	}
	if app != "" {
		q.Set("app", app)
	}
	if len(q) == 0 {
		return "/outbox"
	}
	return templ.SafeURL("/outbox?" + q.Encode())
}

func (p outboxData) here() string { return string(p.link(p.state(), p.App)) }

// theirTask refuses a promise that is neither the person's own nor within a leader's or administrator's reach.
func theirTask(tx *db.Tx, by who.Actor, id db.ID) error {
	p, err := outbox.Get(tx, id)
	if err != nil || p.MadeBy == db.ID(by.ID) {
		return err
	}
	scope := staff.ScopeOf(by)
	if p.Ticket != 0 {
		_, err = ticket.Seen(tx, scope, p.Ticket)
		return err
	}
	if scope.All {
		return nil
	}
	maker, err := staff.Get(tx, p.MadeBy) // a letter is about no ticket: it is its maker's, and their leader's
	if err == nil && (scope.Team == 0 || int64(maker.Team) != scope.Team) {
		err = fault.New(fault.Missing, "db.no-row")
	}
	return err
}

func (s *Server) promise(w http.ResponseWriter, r *request, do func(tx *db.Tx, id db.ID) (outbox.Promise, error)) {
	back := "/outbox" // or the list it was pressed in
	if to := r.PostFormValue("back"); to == "/lead" || strings.HasPrefix(to, "/outbox?") {
		back = to
	}
	s.named(w, r, back, func(tx *db.Tx, id db.ID) error {
		if err := theirTask(tx, r.by, id); err != nil {
			return err
		}
		_, err := do(tx, id)
		return err
	})
}

func (s *Server) promiseDone(w http.ResponseWriter, r *request) {
	s.promise(w, r, func(tx *db.Tx, id db.ID) (outbox.Promise, error) {
		return s.Seat.PromiseDone(tx, r.by, id, r.PostFormValue("reference"))
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

// ranOf says under which revisions the turns ran that made promises.
func ranOf(tx *db.Tx, all []outbox.Promise) (map[db.ID]int, error) {
	turns := make([]db.ID, len(all))
	for i, one := range all {
		turns[i] = one.Turn
	}
	return trace.Revisions(tx, turns)
}
