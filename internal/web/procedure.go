package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"sapa/internal/control"
	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/procedure"
	"sapa/internal/staff"
	"sapa/internal/ticket"
)

const procedurePath = "/procedure"

// procedureData is how the controlled document stands (SOP fn.5, doc.*): revisions, what is on its way, who holds it, who has read it.
type procedureData struct {
	frame
	control.Overview
	Sign       signOffData
	Drafts     bool // may begin a draft
	Recalls    bool
	Copying    bool // may change the distribution list
	Answers    bool // may answer for a copy's holder
	Reads      []reading
	UnderOther int // turns that are open under another revision than the one in force
}

// reading is how far a revision's required reading has come.
type reading struct{ Revision, Read, All int }

// signOffData is the card of who has signed the draft and who does next; the editor shows it, too.
type signOffData struct {
	frame
	Document string
	Draft    *control.Draft // nil: none
	Drafts   bool           // may change it
	Copies   []document.Copy
}

func (s *Server) procedurePage(w http.ResponseWriter, r *request) {
	p := procedureData{frame: s.frame(r, r.T("control.nav")).on("procedure")}
	may := func(act staff.Act) bool { return staff.May(r.by, act) == nil }
	p.Drafts, p.Recalls, p.Copying, p.Answers = may(staff.ActDraft), may(staff.ActRecall), may(staff.ActCopies), may(staff.ActAcknowledge)
	if !may(staff.ActSign) {
		p.frame = p.without("control.key.sign")
	}
	p.Said = s.heard(w, r)
	err := s.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
		p.Now = tx.Now.In(s.Site)
		if p.Overview, err = s.Control.Look(tx, r.by); err != nil {
			return err
		}
		if p.UnderOther, err = ticket.OpenUnderOther(tx, p.InForce.Revision); err != nil {
			return err
		}
		for _, one := range p.Standings {
			if !may(staff.ActNotice) || one.Paper || one.Stands != document.InForce && one.Stands != document.Coming {
				continue
			}
			all, unread, err := s.Control.Readers(tx, r.by, one.Revision)
			if err != nil {
				return err
			}
			p.Reads = append(p.Reads, reading{one.Revision, len(all) - unread, len(all)})
		}
		return nil
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	p.Clause = citation(p.InForce, "doc.revision")
	p.Sign = signOffData{frame: p.frame, Document: p.Document, Draft: p.Draft, Drafts: p.Drafts, Copies: p.Copies}
	s.show(w, r, http.StatusOK, procedureScreen(p))
}

// backTo is the page within the procedure's that a form came from.
func backTo(r *request) string {
	if back := r.PostFormValue("back"); strings.HasPrefix(back, procedurePath+"/") && !strings.Contains(back, "//") {
		return back
	}
	return procedurePath
}

// control frames an act of the controller's seat: back to the page, which says what was done or why not.
func (s *Server) control(w http.ResponseWriter, r *request, done string, do func(tx *db.Tx) error) {
	if err := r.ParseForm(); err != nil {
		s.sorry(w, r, http.StatusBadRequest, "web.form")
		return
	}
	to, err := s.once(r, func(tx *db.Tx) (string, error) { return backTo(r), do(tx) })
	if err != nil {
		s.tell(w, r, backTo(r), err)
		return
	}
	s.say(w, "done", r.T(done))
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
}

func (s *Server) draftBegin(w http.ResponseWriter, r *request) {
	s.control(w, r, "control.begun", func(tx *db.Tx) error { _, err := s.Control.Begin(tx, r.by, 0); return err })
}

// version is the draft's as the form saw it; what is none is of no draft.
func version(r *request) int64 {
	n, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	return n
}

func (s *Server) draftDiscard(w http.ResponseWriter, r *request) {
	s.control(w, r, "control.discarded", func(tx *db.Tx) error { return s.Control.Discard(tx, r.by, version(r)) })
}

func (s *Server) draftSchedule(w http.ResponseWriter, r *request) {
	s.control(w, r, "control.scheduled", func(tx *db.Tx) error {
		var effective time.Time
		if typed := r.PostFormValue("effective"); typed != "" {
			var err error
			if effective, err = time.ParseInLocation(minuteInput, typed, s.Site); err != nil {
				return fault.New(fault.Invalid, "control.moment").At("effective_at", "doc.effective")
			}
		}
		_, err := s.Control.Schedule(tx, r.by, version(r), effective, procedure.Text{ID: r.PostFormValue("summary"), EN: r.PostFormValue("summary_en")})
		return err
	})
}

// draftSign asks for the password first, outside the act; it goes nowhere but there, not even into the digest of what was sent.
func (s *Server) draftSign(w http.ResponseWriter, r *request) {
	if err := r.ParseForm(); err != nil {
		s.sorry(w, r, http.StatusBadRequest, "web.form")
		return
	}
	password := r.PostForm.Get("password")
	r.PostForm.Del("password")
	confirmed, err := s.Staff.Confirm(r.Context(), r.by, password, s.from(r))
	if err != nil {
		s.tell(w, r, backTo(r), err)
		return
	}
	done := "control.signed"
	to, err := s.once(r, func(tx *db.Tx) (string, error) {
		_, published, err := s.Control.Sign(tx, r.by, confirmed, r.PostForm.Get("content"))
		if published != nil {
			done = "control.published"
			return procedurePath, err // the draft, and with it its page, is gone
		}
		return backTo(r), err
	})
	if err != nil {
		s.tell(w, r, backTo(r), err)
		return
	}
	s.say(w, "done", r.T(done))
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
}

func (s *Server) draftReturn(w http.ResponseWriter, r *request) {
	s.control(w, r, "control.taken-back", func(tx *db.Tx) error { return s.Control.TakeBack(tx, r.by, r.PostFormValue("reason")) })
}

// revisionNo is the revision of the path; what is no number is no revision.
func (s *Server) revisionNo(r *request) int {
	n, _ := strconv.Atoi(r.PathValue("revision"))
	return n
}

func (s *Server) revisionRecall(w http.ResponseWriter, r *request) {
	s.control(w, r, "control.recalled", func(tx *db.Tx) error {
		_, err := s.Control.Recall(tx, r.by, s.revisionNo(r), r.PostFormValue("reason"))
		return err
	})
}

func (s *Server) copyAdd(w http.ResponseWriter, r *request) {
	s.control(w, r, "control.copy-added", func(tx *db.Tx) error {
		_, err := s.Control.AddCopy(tx, r.by, r.PostFormValue("type"), r.PostFormValue("holder"))
		return err
	})
}

func (s *Server) copyAct(w http.ResponseWriter, r *request, done string, do func(tx *db.Tx, id db.ID) error) {
	s.control(w, r, done, func(tx *db.Tx) error {
		id, err := pathID(r)
		if err != nil {
			return err
		}
		return do(tx, id)
	})
}

func (s *Server) copyEnd(w http.ResponseWriter, r *request) {
	s.copyAct(w, r, "control.copy-ended", func(tx *db.Tx, id db.ID) error { return s.Control.EndCopy(tx, r.by, id) })
}

func (s *Server) copyRead(w http.ResponseWriter, r *request) {
	s.copyAct(w, r, "control.copy-read", func(tx *db.Tx, id db.ID) error {
		n, _ := strconv.Atoi(r.PostFormValue("revision"))
		return s.Control.Acknowledge(tx, r.by, id, n)
	})
}

// readersData is who has read a revision and who has not.
type readersData struct {
	frame
	Revision document.Revision
	Readers  []control.Reader
	Unread   int
}

func (s *Server) readersPage(w http.ResponseWriter, r *request) {
	p := readersData{frame: s.frame(r, r.T("control.readers")).on("readers")}
	err := s.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
		p.Now = tx.Now.In(s.Site)
		if p.Readers, p.Unread, err = s.Control.Readers(tx, r.by, s.revisionNo(r)); err != nil {
			return err
		}
		p.Revision, err = s.Campaigns.Library().Kept(tx, s.Campaigns.Document(), s.revisionNo(r))
		return err
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, readersScreen(p))
}

// when prints a moment of the site: 24 Nov 2026 06.00.
func (f frame) when(t time.Time) string {
	return phrase.Date(f.Lang, t.In(f.Now.Location())) + " " + f.Clock(t)
}

// signedAt prints when somebody signed: on paper a day, in sapa a moment.
func (f frame) signedAt(one document.Signature) string {
	switch {
	case one.At.IsZero():
		return f.T("control.waits")
	case one.Person == 0:
		return phrase.Date(f.Lang, one.At)
	}
	return f.when(one.At)
}

// digest shortens a hash for people: its beginning and end.
func shortDigest(hash string) string {
	if len(hash) < 12 {
		return hash
	}
	return hash[:4] + "…" + hash[len(hash)-4:]
}

// reasons are why the draft can't be signed, in the reader's language.
func (p signOffData) reasons() (all []string) {
	for _, err := range p.Draft.Lacks {
		if f := fault.Of(err); f != nil {
			all = append(all, phrase.Fill(p.Lang, f.Key, f.Values))
		}
	}
	return all
}

// moment is the draft's, for the field of the form; "" as soon as approved.
func (p signOffData) moment() string {
	if p.Draft.EffectiveAt.IsZero() {
		return ""
	}
	return p.Draft.EffectiveAt.In(p.Now.Location()).Format(minuteInput)
}

// told is what the draft's own history says of it.
func (p signOffData) told() (t procedure.Text) {
	if p.Draft.Book != nil {
		if all := document.Summary(p.Draft.Book); len(all) > 0 {
			t = all[0]
		}
	}
	return t
}

// holders names who holds a copy, once each.
func (p signOffData) holders() string {
	var all []string
	for _, c := range p.Copies {
		if !slices.Contains(all, c.Holder) {
			all = append(all, c.Holder)
		}
	}
	return strings.Join(all, ", ")
}

// stands is the colour of how a revision stands.
func stands(how string) string {
	return map[string]string{document.InForce: "daun", document.Coming: "nila", document.Recalled: "saga"}[how]
}
