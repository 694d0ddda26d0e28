package web

import (
	"net/http"
	"strconv"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/phone"
)

func complaintPath(id db.ID) string { return "/desk/" + id.String() + "/trouble" }

// complaintPage is the trouble ticket of 5.2.10, asked for the ticket in the agent's hand.
func (s *Server) complaintPage(w http.ResponseWriter, r *request) {
	p, err := s.complaintOf(r)
	if err != nil {
		s.leaveComplaint(w, r, err)
		return
	}
	p.Said = s.heard(w, r)
	s.showComplaint(w, r, http.StatusOK, p)
}

// showComplaint answers the whole page, or to the script only the part that changes.
func (s *Server) showComplaint(w http.ResponseWriter, r *request, status int, p complaintData) {
	if r.Header.Get("Sapa-Part") == "desk" {
		s.show(w, r, status, complaintPart(p))
		return
	}
	s.show(w, r, status, complaintScreen(p))
}

// leaveComplaint leads back to the desk, which says what has become of the ticket.
func (s *Server) leaveComplaint(w http.ResponseWriter, r *request, err error) {
	if f := fault.Of(err); f == nil || f.Kind == fault.SignedOut || f.Kind == fault.Busy {
		s.refuse(w, r, err)
		return
	}
	if had := r.URL.RawQuery; had != "" { // the page looks again by itself: the desk has the sentence
		http.Redirect(w, r.Request, "/desk?"+had, http.StatusSeeOther)
		return
	}
	s.tell(w, r, "/desk", err)
}

// complaintAnswers keeps the draft, field by field, and holds the slot that was chosen (SOP 5.2.10.s.schedule).
func (s *Server) complaintAnswers(w http.ResponseWriter, r *request) {
	if err := r.ParseForm(); err != nil {
		s.sorry(w, r, http.StatusBadRequest, "web.form")
		return
	}
	id, err := pathID(r)
	if err == nil {
		version, _ := strconv.ParseInt(r.PostFormValue("draft"), 10, 64) // absent or unreadable: any version
		err = s.Store.Write(r.Context(), func(tx *db.Tx) error {
			_, err := s.Seat.AnswerComplaint(tx, r.by, id, r.PostFormValue("lease"), given(r), version)
			return err
		})
	}
	if err != nil {
		s.refuseComplaint(w, r, err)
		return
	}
	p, err := s.complaintOf(r)
	if err != nil {
		s.leaveComplaint(w, r, err)
		return
	}
	s.showComplaint(w, r, http.StatusOK, p)
}

// openNo is the number of the report that is open, here or at the other side; "": none.
func openNo(c desk.Complaint) string {
	switch {
	case len(c.Reports) > 0:
		return c.Reports[0].No
	case len(c.Theirs) > 0:
		return c.Theirs[0].No
	}
	return ""
}

// complaintFile is Submit (SOP 5.2.10.t): one act, and the same form sent again is the same ticket.
func (s *Server) complaintFile(w http.ResponseWriter, r *request) {
	if err := r.ParseForm(); err != nil {
		s.sorry(w, r, http.StatusBadRequest, "web.form")
		return
	}
	id, err := pathID(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	in := given(r)
	if in["contact_mobile"] == "" { // the field stands empty while the number that is known stays (it is masked beside it)
		delete(in, "contact_mobile")
	}
	to, err := s.once(r, func(tx *db.Tx) (string, error) {
		c, err := s.Seat.Complaint(tx, r.by, id, r.PostFormValue("lease"))
		if err != nil {
			return "", err
		}
		if no := openNo(c); no != "" && in["customer_note"] == "" {
			return "", fault.New(fault.Invalid, "complaint.note-needed", "no", no).At("customer_note", "A-10")
		}
		_, err = s.Seat.File(tx, r.by, desk.Report{Source: id, Answers: in, Agreed: r.PostFormValue("agreed")})
		return "/desk", err // its number stands in the result there, the ticket itself beside the call
	})
	if err != nil {
		_ = s.Store.Write(r.Context(), func(tx *db.Tx) error { // what was typed stays; why it did not go is said below
			_, err := s.Seat.AnswerComplaint(tx, r.by, id, r.PostFormValue("lease"), in, 0)
			return err
		})
		s.refuseComplaint(w, r, err)
		return
	}
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
}

// refuseComplaint answers a refused form with the page, the refusal at its field.
func (s *Server) refuseComplaint(w http.ResponseWriter, r *request, err error) {
	if fault.Is(err, fault.SignedOut) {
		s.refuse(w, r, err)
		return
	}
	p, broken := s.complaintOf(r)
	if broken != nil {
		s.leaveComplaint(w, r, err)
		return
	}
	status, text := s.explain(r, err)
	p.Said = &said{"refused", text}
	if f := fault.Of(err); f != nil {
		p.Refused.Field = f.Field
	}
	s.showComplaint(w, r, status, p)
}

// complaintReveal answers the reporter's number itself, for 15 seconds on the screen; the journal keeps who looked.
func (s *Server) complaintReveal(w http.ResponseWriter, r *request) {
	id, err := pathID(r)
	var number phone.Number
	if err == nil {
		err = s.Store.Write(r.Context(), func(tx *db.Tx) (err error) {
			if number, err = s.Seat.Reveal(tx, r.by, id); err != nil {
				return err
			}
			c, err := s.Seat.Complaint(tx, r.by, id, r.PostFormValue("lease"))
			if err != nil {
				return err
			}
			if n, bad := phone.Parse(c.View.Answers["contact_mobile"]); bad == nil {
				number = n
			}
			return nil
		})
	}
	if err != nil {
		status, text := s.explain(r, err)
		http.Error(w, text, status)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(number.Print())) // the reader may be gone
}
