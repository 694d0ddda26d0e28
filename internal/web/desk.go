package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/phone"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// deskPage shows the turn the agent is in, or what waits for them. The script names the ticket it had on screen, so that
// one that has gone is not gone without a word.
func (s *Server) deskPage(w http.ResponseWriter, r *request) {
	p, err := s.deskView(r, nil)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	p.Said = s.heard(w, r)
	p.Refused.Field = r.URL.Query().Get("field")
	if had := r.URL.Query().Get("had"); had != "" && p.Said == nil && (p.Turn == nil || p.Turn.Ticket.Ref != had) {
		p.Said = &said{"refused", r.T("seat.gone", "ref", had)}
	}
	s.showDesk(w, r, http.StatusOK, p)
}

// showDesk answers the whole page, or to the script only the part that changes.
func (s *Server) showDesk(w http.ResponseWriter, r *request, status int, p deskData) {
	if r.Header.Get("Sapa-Part") == "desk" {
		s.show(w, r, status, deskPart(p))
		return
	}
	s.show(w, r, status, deskScreen(p))
}

// sayAtField answers a refused form with the page as it was typed, the refusal at its field; nothing typed is lost. When
// the ticket or its draft is no longer the one on screen, the page comes back as it is now.
func (s *Server) sayAtField(w http.ResponseWriter, r *request, err error, typed map[string]string) {
	if fault.Is(err, fault.SignedOut) {
		s.refuse(w, r, err)
		return
	}
	status, text := s.explain(r, err)
	if status == http.StatusConflict {
		typed = nil
	}
	p, broken := s.deskView(r, typed)
	if broken != nil {
		s.refuse(w, r, broken)
		return
	}
	p.Said = &said{"refused", text}
	if f := fault.Of(err); f != nil {
		p.refuseAt(f)
		for _, name := range []string{"first", "second"} {
			value, _ := f.Values[name].(string)
			if at, err := time.Parse(time.RFC3339, value); err == nil && p.Turn != nil {
				p.Refused.Times = append(p.Refused.Times, at.In(p.Turn.Zone))
			}
		}
	}
	for i := range p.Along { // each part says what is its own
		p.Along[i].Said, p.Along[i].Refused = p.Said, p.Refused
	}
	s.showDesk(w, r, status, p)
}

// refuseAt notes the field of a refusal, and the ticket when it is one that goes along.
func (p *deskData) refuseAt(f *fault.Error) {
	p.Refused.Field = f.Field
	of, _ := f.Values[desk.InTicket].(string)
	for _, one := range p.Along {
		if one.In == of {
			p.Refused.Ticket = of
		}
	}
}

// held frames an act on the ticket in the agent's hand: id of the path, lease of the form.
func (s *Server) held(w http.ResponseWriter, r *request, do func(tx *db.Tx, id db.ID, lease string) error) {
	s.act(w, r, "/desk", func(tx *db.Tx) (string, error) {
		id, err := pathID(r)
		if err != nil {
			return "", err
		}
		to := "/desk"
		if r.PostFormValue("to") == "trouble" { // pressed on the trouble ticket's page: stay there
			to = complaintPath(id)
		}
		return to, do(tx, id, r.PostFormValue("lease"))
	})
}

// next takes the ticket that has waited longest (SOP 5.2.4).
func (s *Server) next(w http.ResponseWriter, r *request) {
	s.act(w, r, "/desk", func(tx *db.Tx) (string, error) {
		_, err := s.Seat.Next(tx, r.by, nil)
		return "/desk", err
	})
}

// help takes one ticket of the longest queue outside the agent's campaigns (ux.md 7).
func (s *Server) help(w http.ResponseWriter, r *request) {
	s.act(w, r, "/desk", func(tx *db.Tx) (string, error) {
		_, err := s.Seat.Help(tx, r.by)
		return "/desk", err
	})
}

// renew is what the open page does by itself; it answers without a page.
func (s *Server) renew(w http.ResponseWriter, r *request) {
	id, err := pathID(r)
	if err == nil {
		err = s.Store.Write(r.Context(), func(tx *db.Tx) error {
			_, err := s.Seat.Renew(tx, r.by, id, r.PostFormValue("lease"))
			return err
		})
	}
	if err != nil {
		status, text := s.explain(r, err)
		http.Error(w, text, status)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) release(w http.ResponseWriter, r *request) {
	s.held(w, r, func(tx *db.Tx, id db.ID, lease string) error {
		return s.Seat.Release(tx, r.by, id, lease, "agent")
	})
}

// read keeps that the note has been read (SOP 5.2.4.note).
func (s *Server) read(w http.ResponseWriter, r *request) {
	s.held(w, r, func(tx *db.Tx, id db.ID, lease string) error { return s.Seat.Read(tx, r.by, id, lease) })
}

// dial reads the note and dials in one key: the note has been on screen in full since the claim.
func (s *Server) dial(w http.ResponseWriter, r *request) {
	s.held(w, r, func(tx *db.Tx, id db.ID, lease string) error {
		var number phone.Number
		if typed := r.PostFormValue("number"); typed != "" {
			var err error
			if number, err = phone.Parse(typed); err != nil {
				return err
			}
		}
		_, err := s.Seat.Dial(tx, r.by, id, lease, number)
		tx.After(func() { s.measureOnDial(r.by, id) })
		return err
	})
}

// line keeps what the agent says the line did, where the telephone does not say it itself.
func (s *Server) line(w http.ResponseWriter, r *request) {
	s.held(w, r, func(tx *db.Tx, id db.ID, lease string) error {
		_, err := s.Seat.Said(tx, r.by, id, lease, call.Line(r.PostFormValue("line")))
		return err
	})
}

func (s *Server) hangUp(w http.ResponseWriter, r *request) {
	s.held(w, r, func(tx *db.Tx, id db.ID, lease string) error {
		_, err := s.Seat.Hangup(tx, r.by, id, lease)
		return err
	})
}

// given collects the answers of a form: fields are named a.ID so that they cannot be mistaken for the form's own.
func given(r *request) map[string]string {
	answers := map[string]string{}
	for name, values := range r.PostForm {
		if id, ok := strings.CutPrefix(name, "a."); ok {
			answers[id] = strings.Join(values, ",")
		}
	}
	for name := range answers { // date and hour are two inputs of one moment
		if day, ok := strings.CutSuffix(name, ".day"); ok {
			at := answers[day+".hour"]
			delete(answers, name)
			delete(answers, day+".hour")
			if answers[day] == "" && at != "" {
				answers[day] = strings.TrimSpace(r.PostFormValue("a."+day+".day")) + "T" + hourOf(at)
			}
		}
	}
	return answers
}

// hourOf reads an hour as people type one: 15.00, 15:00, 1500, 15, 9. What is none of these is left as it is, to be refused.
func hourOf(typed string) string {
	digits := strings.NewReplacer(".", "", ":", "", " ", "").Replace(typed)
	if _, err := strconv.ParseUint(digits, 10, 16); err != nil || len(digits) > 4 {
		return typed
	}
	if len(digits) <= 2 {
		digits += "00"
	}
	for len(digits) < 4 {
		digits = "0" + digits
	}
	return digits[:2] + ":" + digits[2:]
}

// answers keeps the draft, field by field, and answers the page as it stands then. A refusal comes back at its field.
func (s *Server) answers(w http.ResponseWriter, r *request) {
	if err := r.ParseForm(); err != nil {
		s.sorry(w, r, http.StatusBadRequest, "web.form")
		return
	}
	id, err := pathID(r)
	if err == nil {
		version, _ := strconv.ParseInt(r.PostFormValue("draft"), 10, 64) // absent or unreadable: any version
		own, along := split(given(r))
		err = s.Store.Write(r.Context(), func(tx *db.Tx) error {
			if len(own) > 0 || len(along) == 0 {
				if _, err := s.Seat.Answer(tx, r.by, id, r.PostFormValue("lease"), own, version); err != nil {
					return err
				}
			}
			for other, answers := range along { // whatever was typed beside it meanwhile: a field is one field
				if _, err := s.Seat.Answer(tx, r.by, other, r.PostFormValue("lease"), answers, 0); err != nil {
					return desk.InThe(err, other)
				}
			}
			return nil
		})
	}
	var p deskData
	if err == nil {
		p, err = s.deskView(r, nil)
	}
	if err != nil {
		s.sayAtField(w, r, err, given(r))
		return
	}
	s.showDesk(w, r, http.StatusOK, p)
}

// finish saves the result; "next" takes the following ticket in the same breath (Ctrl+Enter).
func (s *Server) finish(w http.ResponseWriter, r *request) {
	if err := r.ParseForm(); err != nil {
		s.sorry(w, r, http.StatusBadRequest, "web.form")
		return
	}
	id, err := pathID(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	to, err := s.once(r, func(tx *db.Tx) (string, error) {
		own, along := split(given(r))
		if _, err := s.Seat.FinishCall(tx, r.by, id, r.PostFormValue("lease"), own, along); err != nil {
			return "", err
		}
		if r.PostFormValue("then") != "next" {
			return "/desk", nil
		}
		_, err := s.Seat.Next(tx, r.by, nil)
		if f := fault.Of(err); f != nil && f.Key == "ticket.nothing-waiting" {
			err = nil
		}
		return "/desk", err
	})
	if err != nil {
		s.sayAtField(w, r, err, given(r))
		return
	}
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
}

// undo takes back the last result within its 8 seconds.
func (s *Server) undo(w http.ResponseWriter, r *request) {
	s.act(w, r, "/desk", func(tx *db.Tx) (string, error) {
		id, err := pathID(r)
		if err != nil {
			return "", err
		}
		return "/desk", s.Seat.Undo(tx, r.by, id)
	})
}

// reveal answers the number itself, for 15 seconds on the screen; the journal keeps who looked.
func (s *Server) reveal(w http.ResponseWriter, r *request) {
	id, err := pathID(r)
	var number phone.Number
	if err == nil {
		err = s.Store.Write(r.Context(), func(tx *db.Tx) (err error) {
			number, err = s.Seat.Reveal(tx, r.by, id)
			return err
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

// lastSaved is what the agent finished last, and whether it can still be undone.
type lastSaved struct {
	Ticket ticket.Ticket
	Title  string
	Labels []string
	At     time.Time
	Undo   int // seconds left; 0: no more
	More   int // tickets settled in the same call
}

func (s *Server) last(tx *db.Tx, by who.Actor, lang string) (*lastSaved, error) {
	turns, err := ticket.FinishedBy(tx, db.ID(by.ID), tx.Now.Add(-staff.Shift), 1)
	if err != nil || len(turns) == 0 {
		return nil, err
	}
	t := turns[0]
	if t.Lead != 0 { // one call saved them together; its own ticket speaks for it
		if turns, err = ticket.FinishedBy(tx, db.ID(by.ID), t.FinishedAt, mostAlong); err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(turns, func(one ticket.Turn) bool { return one.ID == t.Lead }); i >= 0 {
			t = turns[i]
		}
	}
	along, err := ticket.AlongOf(tx, t.ID)
	if err != nil {
		return nil, err
	}
	of, err := ticket.Get(tx, t.Ticket)
	if err != nil {
		return nil, err
	}
	one := &lastSaved{Ticket: of, At: t.FinishedAt, More: len(along)}
	if c, err := s.Campaigns.Pinned(tx, t.Code, t.Revision); err == nil {
		one.Title = c.Title.In(lang)
		one.Labels = desk.Labels(c.Procedure, t.Answers)
		for _, o := range c.Procedure.Outcomes {
			if len(one.Labels) == 0 && o.ID == t.Outcome {
				one.Labels = []string{o.Title.In(lang)}
			}
		}
	}
	if left := t.FinishedAt.Add(desk.UndoFor).Sub(tx.Now); left > 0 {
		one.Undo = int((left + time.Second - 1) / time.Second)
	}
	return one, nil
}
