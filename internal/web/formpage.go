package web

import (
	"fmt"
	"net/http"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/form"
)

// formsData is an agent's Ideas forms: what is filed, what is still to be called, what was sent (SOP 5.8.5, 5.8.6).
type formsData struct {
	frame
	Sheets []desk.Sheet
}

func (s *Server) formsPage(w http.ResponseWriter, r *request) {
	p := formsData{frame: s.frame(r, r.T("ideas.forms")).on("forms")}
	p.Clause = "IN.OCC.TELK.W-18 · 5.8.5"
	p.Said = s.heard(w, r)
	err := s.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
		p.Now = tx.Now.In(s.Site)
		p.Sheets, err = s.Seat.Forms(tx, r.by)
		return err
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if len(p.Sheets) == 0 || p.Sheets[0].Open == nil { // the key sends the first list's form
		p.frame = p.without("ideas.key.send")
	}
	s.show(w, r, http.StatusOK, formsScreen(p))
}

// formSend sends a form to the leader and says which ways it went.
func (s *Server) formSend(w http.ResponseWriter, r *request) {
	if err := r.ParseForm(); err != nil {
		s.sorry(w, r, http.StatusBadRequest, "web.form")
		return
	}
	said := ""
	to, err := s.once(r, func(tx *db.Tx) (string, error) {
		id, err := pathID(r)
		if err != nil {
			return "", err
		}
		sent, err := s.Seat.SendForm(tx, r.by, id)
		if err != nil {
			return "", err
		}
		key := "ideas.sent-here"
		switch {
		case sent.Mailed && s.Seat.Mail:
			key = "ideas.sent-mail"
		case sent.Mailed:
			key = "ideas.sent-task"
		}
		said = r.T(key, "name", sent.Leader.Name, "version", sent.Form.Version)
		return "/forms", nil
	})
	if err != nil {
		s.tell(w, r, "/forms", err)
		return
	}
	if said != "" {
		s.say(w, "done", said)
	}
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
}

// statusWord and reasonWord are the instruction's own words, the same in both languages (SOP 5.8.5).
func statusWord(r form.Row) string {
	return map[string]string{form.Contacted: "Contacted", form.NotContacted: "Not Contacted"}[r.Status]
}

func reasonWord(r form.Row) string {
	return map[string]string{form.FCR: "FCR", form.Eskalasi: "Eskalasi", form.RNA: "RNA"}[r.Reason]
}

// percent is a part of a bar that is a hundred long.
func percent(n, of int) string { return fmt.Sprintf("%.2f", 100*float64(n)/float64(of)) }
