package web

import (
	"net/http"
	"time"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/staff"
)

// noticesData is where required reading is posted and who has read it is seen (SOP 5.1).
type noticesData struct {
	frame
	Up      []postedNotice
	Typed   document.Notice // of a refused form
	Until   string          // as typed
	Refused refusal
}

type postedNotice struct {
	document.Notice
	By      string
	Readers []desk.Reader // those who have not are first
	Unread  int
}

// usualNotice is how long a notice stays up unless somebody says otherwise.
const usualNotice = 24 * time.Hour

const minuteInput = "2006-01-02T15:04" // of a datetime-local field

func (s *Server) noticesPage(w http.ResponseWriter, r *request) {
	p := noticesData{frame: s.frame(r, r.T("page.notice.title")).on("notices")}
	p.Until = p.Now.Add(usualNotice).Format(minuteInput)
	p.Said = s.heard(w, r)
	s.showNotices(w, r, http.StatusOK, p)
}

func (s *Server) showNotices(w http.ResponseWriter, r *request, status int, p noticesData) {
	err := s.Store.Read(r.Context(), func(tx *db.Tx) error {
		p.Now = tx.Now.In(s.Site)
		all, err := document.Notices(tx, db.ID(r.by.ID))
		if err != nil {
			return err
		}
		for _, n := range all {
			by, err := staff.Get(tx, n.PostedBy)
			if err != nil && !fault.Is(err, fault.Missing) { // the console posts for nobody
				return err
			}
			one := postedNotice{Notice: n, By: by.Name}
			if one.Readers, one.Unread, err = s.Seat.NoticeReaders(tx, r.by, n.ID); err != nil {
				return err
			}
			p.Up = append(p.Up, one)
		}
		return nil
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.show(w, r, status, noticesScreen(p))
}

// noticePost puts one up; a refused form comes back as it was typed.
func (s *Server) noticePost(w http.ResponseWriter, r *request) {
	if err := r.ParseForm(); err != nil {
		s.sorry(w, r, http.StatusBadRequest, "web.form")
		return
	}
	typed := document.Notice{Title: r.PostFormValue("title"), Body: r.PostFormValue("body"), Clause: r.PostFormValue("clause")}
	typed.Until, _ = time.ParseInLocation(minuteInput, r.PostFormValue("until"), s.Site) // no time is none in the future
	to, err := s.once(r, func(tx *db.Tx) (string, error) {
		_, err := s.Seat.PostNotice(tx, r.by, typed)
		return "/notices", err
	})
	f := fault.Of(err)
	if err == nil || f == nil || f.Kind != fault.Invalid {
		if err != nil {
			s.tell(w, r, "/notices", err)
			return
		}
		http.Redirect(w, r.Request, to, http.StatusSeeOther)
		return
	}
	status, text := s.explain(r, err)
	p := noticesData{frame: s.frame(r, r.T("page.notice.title")).on("notices"), Typed: typed, Until: r.PostFormValue("until")}
	p.Said, p.Refused.Field = &said{"refused", text}, f.Field
	s.showNotices(w, r, status, p)
}

func (s *Server) noticeWithdraw(w http.ResponseWriter, r *request) {
	s.named(w, r, "/notices", func(tx *db.Tx, id db.ID) error { return s.Seat.WithdrawNotice(tx, r.by, id) })
}

func (s *Server) noticeRead(w http.ResponseWriter, r *request) {
	s.named(w, r, "/shift", func(tx *db.Tx, id db.ID) error { return s.Seat.ReadNotice(tx, r.by, id) })
}

// until prints when a notice ends.
func (p noticesData) until(n postedNotice) string {
	return phrase.Day(p.Lang, n.Until.In(p.Now.Location())) + " " + p.Clock(n.Until)
}
