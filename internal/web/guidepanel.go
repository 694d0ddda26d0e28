package web

import (
	"net/http"
	"strings"

	"sapa/internal/db"
	"sapa/internal/knowledge"
)

// guideKeys open the guides beside the call; as many are shown.
var guideKeys = []string{"Alt+1", "Alt+2", "Alt+3"}

// guideQuery is what the agent looks for; the words are of a fault, never of a person.
func guideQuery(r *request) string {
	q := []rune(strings.TrimSpace(r.URL.Query().Get("q")))
	return string(q[:min(len(q), 200)])
}

// guideShow opens an article beside the call (SOP 5.2.9).
func (s *Server) guideShow(w http.ResponseWriter, r *request) {
	s.held(w, r, func(tx *db.Tx, id db.ID, lease string) error {
		_, err := s.Seat.ShowGuide(tx, r.by, id, lease, r.PostFormValue("code"))
		return err
	})
}

// guideStep keeps what the customer answered to the step on the screen.
func (s *Server) guideStep(w http.ResponseWriter, r *request) {
	s.held(w, r, func(tx *db.Tx, id db.ID, lease string) error {
		d := knowledge.Done{Step: r.PostFormValue("step"), Yes: r.PostFormValue("yes") == "yes"}
		_, err := s.Seat.GuideStep(tx, r.by, id, lease, r.PostFormValue("code"), d)
		return err
	})
}

func (s *Server) guideBack(w http.ResponseWriter, r *request) {
	s.held(w, r, func(tx *db.Tx, id db.ID, lease string) error {
		_, err := s.Seat.GuideBack(tx, r.by, id, lease, r.PostFormValue("code"))
		return err
	})
}

func (s *Server) guideAway(w http.ResponseWriter, r *request) {
	s.held(w, r, func(tx *db.Tx, id db.ID, lease string) error { return s.Seat.PutGuideAway(tx, r.by, id, lease) })
}

// whyText says why a guide is on the list, and how often it worked.
func (p deskData) whyText(h knowledge.Hit) string {
	var why []string
	for _, w := range h.Why {
		if w == "text" && p.Guides.Query.Guess {
			w = "note"
		}
		why = append(why, p.T("knowledge.why."+w))
	}
	var all []string
	if len(why) > 0 {
		all = append(all, p.T("knowledge.why", "what", strings.Join(why, " + ")))
	}
	if h.Ended > 0 {
		all = append(all, p.T("knowledge.rate", "worked", h.Worked, "ended", h.Ended))
	}
	if len(all) == 0 {
		return h.About.In(string(p.Lang))
	}
	return strings.Join(all, " · ")
}

// guidedLabel is an answer of 5.2.9 as the procedure calls it; "" where this step does not ask for it.
func (p deskData) guidedLabel(answer string) string {
	for _, f := range p.Turn.View.Fields {
		if f.ID != "guided" {
			continue
		}
		for _, o := range f.Offer {
			if o.ID == answer {
				return o.Label.In(string(p.Lang))
			}
		}
	}
	return ""
}

// walked are the steps that were done, with what the customer answered.
func (p deskData) walked() []string {
	var all []string
	g := p.Guides.Open
	for _, d := range g.Path {
		answer := "knowledge.no"
		if d.Yes {
			answer = "knowledge.yes"
		}
		s, _ := g.Article.Step(d.Step)
		all = append(all, s.Ask.In(string(p.Lang))+" – "+p.T(answer))
	}
	return all
}

// guideTyped is what stands in the search field: what the agent asked, never the note.
func guideTyped(p deskData) string {
	if p.Guides.Query.Guess {
		return ""
	}
	return p.Guides.Query.Text
}
