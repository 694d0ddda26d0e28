package web

import (
	"fmt"
	"net/http"
	"time"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/document"
	"sapa/internal/phrase"
	"sapa/internal/procedure"
	"sapa/internal/report"
	"sapa/internal/staff"
	"sapa/internal/ticket"
)

// shiftData is the start of a shift (screen 06, SOP 5.1).
type shiftData struct {
	frame
	Required  []desk.Application
	Support   []desk.Application
	More      []desk.Application // used by the document without being listed in 5.1
	Ready     int
	Listed    int
	Notices   []document.Notice
	Campaigns []report.Line
	Promises  []ticket.Ticket
	Titles    map[string]procedure.Text
	Greeting  string
	Dialler   string
	Works     bool // may take tickets
}

func (s *Server) shiftPage(w http.ResponseWriter, r *request) {
	p := shiftData{frame: s.frame(r, r.T("web.nav.shift")).on("shift"), Dialler: s.Seat.Dialler(), Titles: map[string]procedure.Text{}, Works: staff.May(r.by, staff.ActWork) == nil}
	if !p.Works {
		p.frame = p.without("web.key.start")
	}
	p.Greeting = desk.Greeting(p.Now, s.Site)
	p.Said = s.heard(w, r)
	err := s.Store.Read(r.Context(), func(tx *db.Tx) error {
		apps, err := s.Seat.Readiness(tx, r.by)
		if err != nil {
			return err
		}
		for _, a := range apps {
			switch {
			case a.Additional:
				p.More = append(p.More, a)
				continue
			case a.Required:
				p.Required = append(p.Required, a)
			default:
				p.Support = append(p.Support, a)
			}
			p.Listed++
			if a.State == "ready" {
				p.Ready++
			}
		}
		mine, err := s.Seat.CampaignsOf(tx, r.by)
		if err != nil {
			return err
		}
		if p.Campaigns, err = report.Queue(tx, mine); err != nil {
			return err
		}
		for _, c := range p.Campaigns {
			p.Titles[c.Code] = c.Title
		}
		if p.Promises, err = ticket.Promises(tx, db.ID(r.by.ID), 5); err != nil {
			return err
		}
		p.Clause = citation(mine[0].Revision, "5.1")
		p.Notices, err = document.Notices(tx, db.ID(r.by.ID))
		return err
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, shiftScreen(p))
}

func (s *Server) noticeRead(w http.ResponseWriter, r *request) {
	s.act(w, r, "/shift", func(tx *db.Tx) (string, error) {
		id, err := pathID(r)
		if err != nil {
			return "", err
		}
		return "/shift", document.MarkRead(tx, r.by, id)
	})
}

// readiness says how it stands in a sentence.
func (p shiftData) readiness() string {
	switch ready := readyOf(p.Required); {
	case len(p.Required) == 0:
		return p.T("page.readiness-none")
	case ready == len(p.Required):
		return p.T("page.readiness-all")
	default:
		return p.T("page.readiness", "ready", ready, "required", len(p.Required))
	}
}

func (p shiftData) loginLine() string {
	if p.By.Skill == "" {
		return p.T("page.login-only", "login", p.By.Login)
	}
	return p.T("page.login-skill", "login", p.By.Login, "skill", p.By.Skill)
}

// citation is what the footer says of the document: IN.OCC.TELK.W-18 · Rev 02 · § 5.1.
func citation(r document.Revision, clause string) string {
	return fmt.Sprintf("%s · Rev %02d · § %s", r.Document, r.Revision, clause)
}

// readyOf counts what is ready.
func readyOf(apps []desk.Application) int {
	n := 0
	for _, a := range apps {
		if a.State == "ready" {
			n++
		}
	}
	return n
}

func (p shiftData) unread() int {
	n := 0
	for _, one := range p.Notices {
		if one.ReadAt.IsZero() {
			n++
		}
	}
	return n
}

// oldest is the campaign whose ticket will come first, and how long it has waited.
func (p shiftData) oldest() (string, string, bool) {
	var best report.Line
	found := false
	for _, c := range p.Campaigns {
		if c.Built && c.Waiting > 0 && (!found || c.Oldest.Before(best.Oldest)) {
			best, found = c, true
		}
	}
	return best.Title.In(string(p.Lang)), phrase.Age(p.Lang, p.Now.Sub(best.Oldest)), found
}

// milli prints a latency: what was measured, not less than one.
func milli(d time.Duration) int { return max(1, int(d.Round(time.Millisecond)/time.Millisecond)) }

// clauseData is one clause in full ('.').
type clauseData struct {
	frame
	Clause   procedure.Clause
	Parent   procedure.Clause
	Children []procedure.Clause
	Revision document.Revision
	Back     string // where the reader came from, within the house
}

// signed prints the day a position signed; the names stay on paper.
func (p clauseData) signed(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return phrase.Date(p.Lang, at)
}

func (s *Server) clausePage(w http.ResponseWriter, r *request) {
	id := r.PathValue("id")
	p := clauseData{frame: s.frame(r, "§ "+id).on("clause"), Back: within(r)}
	found := false
	err := s.Store.Read(r.Context(), func(tx *db.Tx) error {
		all, err := s.Campaigns.All(tx)
		if err != nil {
			return err
		}
		p.Revision = all[0].Revision
		p.Clause, found = p.Revision.Book.Clause(id)
		p.Parent, _ = p.Revision.Book.Clause(p.Clause.Parent)
		for _, c := range p.Revision.Book.Clauses {
			if c.Parent == id && id != "" {
				p.Children = append(p.Children, c)
			}
		}
		return nil
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if !found {
		s.sorry(w, r, http.StatusNotFound, "web.no-clause")
		return
	}
	s.show(w, r, http.StatusOK, clauseScreen(p))
}

func (p shiftData) firstUnread() int {
	for i, n := range p.Notices {
		if n.ReadAt.IsZero() {
			return i
		}
	}
	return -1
}

// firstOnly gives a key to one of several buttons: a key acts once.
func firstOnly(i, first int, key string) string {
	if i == first {
		return key
	}
	return ""
}
