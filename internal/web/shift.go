package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

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
	Promises  []ticket.Ticket // of today and overdue, the earliest first
	Later     int             // promises of other days
	Posts     bool            // may post notices
	Titles    map[string]procedure.Text
	Greeting  string
	Dialler   string
	Works     bool // may take tickets
}

func (s *Server) shiftPage(w http.ResponseWriter, r *request) {
	p := shiftData{frame: s.frame(r, r.T("web.nav.shift")).on("shift"), Dialler: s.Seat.Dialler(), Titles: map[string]procedure.Text{}, Works: staff.May(r.by, staff.ActWork) == nil, Posts: staff.May(r.by, staff.ActNotice) == nil}
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
		promises, err := ticket.Promises(tx, db.ID(r.by.ID), mostPromises)
		if err != nil {
			return err
		}
		tomorrow := midnight(p.Now).AddDate(0, 0, 1)
		for _, t := range promises {
			if t.DueAt.Before(tomorrow) {
				p.Promises = append(p.Promises, t)
			} else {
				p.Later++
			}
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

// askAgain is R: the outside systems are asked at once, and the page shows by itself what has changed.
func (s *Server) askAgain(w http.ResponseWriter, r *request) {
	if err := s.Seat.AskAgain(r.by); err != nil {
		s.refuse(w, r, err)
		return
	}
	if s.Seat.Wake != nil {
		s.say(w, "done", r.T("page.asked-again"))
	}
	http.Redirect(w, r.Request, "/shift", http.StatusSeeOther)
}

// readiness says how it stands in a sentence.
func (p shiftData) readiness() string {
	switch ready := readyOf(p.Required); {
	case len(p.Required) == 0:
		return p.T("page.readiness-none")
	case ready == len(p.Required):
		return p.T("page.readiness-all")
	case !slices.ContainsFunc(p.Required, func(a desk.Application) bool { return a.State == desk.NotBuilt }):
		return p.T("page.readiness-some", "ready", ready, "required", len(p.Required))
	default:
		return p.T("page.readiness", "ready", ready, "required", len(p.Required))
	}
}

// amiss says in a sentence what is not as it should be, the first few by name.
func (p shiftData) amiss() string {
	var names []string
	for _, a := range slices.Concat(p.Required, p.Support) {
		if a.Amiss() {
			names = append(names, p.T("page.app-amiss", "name", a.Name, "state", lowerFirst(appState(p.frame, a))))
		}
	}
	if len(names) > namedAmiss {
		names = append(names[:namedAmiss], p.T("page.app-amiss-more", "n", len(names)-namedAmiss))
	}
	return strings.Join(names, " ")
}

const (
	namedAmiss   = 3
	mostPromises = 50
)

func lowerFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[size:]
}

// appState is an application's state as its tile says it.
func appState(f frame, a desk.Application) string {
	switch a.State {
	case desk.Ready:
		return fmt.Sprintf("%s · %d ms", f.T("page.app.ready"), milli(a.Latency))
	case desk.Slow:
		return f.T("page.app.slow", "time", phrase.Seconds(f.Lang, a.Latency))
	case desk.Down, desk.Wrong, desk.SignIn:
		state := f.T("page.app." + a.State)
		if a.Behind > 1 && a.Out > 0 {
			state = f.T("page.app-out", "state", state, "n", a.Out, "all", a.Behind)
		}
		if a.Since.IsZero() {
			return state
		}
		return f.T("page.app-since", "state", state, "clock", f.Clock(a.Since))
	}
	return f.T("page.app." + a.State)
}

// appWhy says what is wrong with an application and what goes on all the same.
func appWhy(f frame, a desk.Application) string {
	switch {
	case !a.Amiss():
		return ""
	case a.Connected && a.Why != "":
		return f.T("page.app-why", "name", a.Name, "why", f.T("egress.kind."+a.Why))
	case a.Connected:
		return f.T("page.app-goes-on")
	}
	return f.T("page.app-room")
}

// appIcon is the picture beside a state.
func appIcon(state string) string {
	switch state {
	case desk.Ready:
		return "check"
	case desk.Slow, desk.Down, desk.Wrong:
		return "triangle-alert"
	case desk.SignIn:
		return "log-in"
	case desk.Unasked:
		return "loader"
	}
	return "hourglass"
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
