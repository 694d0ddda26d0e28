package desk

import (
	"cmp"
	"slices"
	"sync"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/knowledge"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// Symptoms are those of 5.2.10.k, for the articles that name them.
var Symptoms = sync.OnceValue(func() []knowledge.Symptom {
	var all []knowledge.Symptom
	for _, service := range trouble.Services {
		for _, s := range trouble.Symptoms(service, "") {
			if !slices.ContainsFunc(all, func(k knowledge.Symptom) bool { return k.ID == s.ID }) {
				all = append(all, knowledge.Symptom{ID: s.ID, Services: s.Services})
			}
		}
	}
	return all
})

// Guide is an article as it stands in a turn: what was done of it, and what comes next.
type Guide struct {
	knowledge.Use
	Article knowledge.Article
	At      knowledge.Place
}

// Guides is My Kiss beside a call.
type Guides struct {
	Query knowledge.Query
	Hits  []knowledge.Hit
	Open  *Guide          // the one on the screen
	Uses  []knowledge.Use // of this turn, the last first
}

// Guided is how guiding ended by the guide that was walked last; "" when none came to an end. It is a proposal for the answer
// of 5.2.9, which the agent gives.
func (g Guides) Guided() string {
	for _, u := range g.Uses {
		if u.Ended != "" {
			return u.Guided()
		}
	}
	return ""
}

// Guides finds what fits the call: by what the agent asks, else by the note, and by the symptom and the line as they are known
// (SOP 5.2.9). It only reads.
func (s *Seat) Guides(tx *db.Tx, t Turn, text string, limit int) (Guides, error) {
	var g Guides
	var err error
	if g.Query, err = s.about(tx, t.Ticket, t.TurnID); err != nil {
		return g, err
	}
	g.Query.Text, g.Query.Limit = text, limit
	if text == "" {
		g.Query.Text, g.Query.Guess = t.Ticket.Note, true
	}
	if g.Uses, err = knowledge.OfTurn(tx, t.TurnID); err != nil {
		return g, err
	}
	for _, u := range g.Uses {
		if !u.Away {
			open, err := guide(tx, u)
			if err != nil {
				return g, err
			}
			g.Open = &open
			return g, nil // a guide under way has the place of the list
		}
	}
	g.Hits, err = knowledge.Search(tx, g.Query)
	return g, err
}

// Walked are the guides of which a step was answered during a turn, in the order in which they were opened.
func (s *Seat) Walked(tx *db.Tx, turn db.ID) ([]Guide, error) {
	uses, err := knowledge.OfTurn(tx, turn)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(uses, func(a, b knowledge.Use) int { return cmp.Or(a.ShownAt.Compare(b.ShownAt), cmp.Compare(a.ID, b.ID)) })
	var all []Guide
	for _, u := range uses {
		if len(u.Path) == 0 {
			continue
		}
		g, err := guide(tx, u)
		if err != nil {
			return nil, err
		}
		all = append(all, g)
	}
	return all, nil
}

// about is what the house knows of the fault: the symptom and service of the draft of 5.2.10, and the line's verdict.
func (s *Seat) about(tx *db.Tx, t ticket.Ticket, turn db.ID) (knowledge.Query, error) {
	var q knowledge.Query
	draft, _, err := ticket.ActDraft(tx, turn, TroubleAct)
	if err != nil {
		return q, err
	}
	q.Symptom, q.Service = draft["symptom"], draft["service"]
	if q.Verdict, _, err = verdict(tx, t.ServiceNo); q.Verdict == "none" {
		q.Verdict = ""
	}
	return q, err
}

func guide(tx *db.Tx, u knowledge.Use) (Guide, error) {
	g := Guide{Use: u}
	r, err := knowledge.Kept(tx, u.Code, u.Revision)
	if err == nil {
		g.Article, err = r.Article()
	}
	if err == nil {
		g.At, err = g.Article.Walk(u.Path)
	}
	return g, err
}

// ShowGuide opens an article beside the call and keeps that it was shown.
func (s *Seat) ShowGuide(tx *db.Tx, a who.Actor, id db.ID, token, code string) (Guide, error) {
	t, err := ticket.Fence(tx, id, db.ID(a.ID), token)
	if err != nil {
		return Guide{}, err
	}
	turn, err := ticket.TurnOf(tx, t.ID)
	if err != nil {
		return Guide{}, err
	}
	q, err := s.about(tx, t, turn.ID)
	if err != nil {
		return Guide{}, err
	}
	u, err := knowledge.Show(tx, a, knowledge.Use{Turn: turn.ID, Ticket: t.ID, Code: code, Symptom: q.Symptom, Verdict: q.Verdict})
	if err != nil {
		return Guide{}, err
	}
	return guide(tx, u)
}

// Guide keeps which steps of an article were done with the customer, from the first (SOP 5.2.9). One that was not shown yet
// is shown by it.
func (s *Seat) Guide(tx *db.Tx, a who.Actor, id db.ID, token, code string, path []knowledge.Done) (Guide, error) {
	g, err := s.ShowGuide(tx, a, id, token, code)
	if err != nil {
		return g, err
	}
	g.Use, g.At, err = knowledge.Walked(tx, a, g.Turn, code, path)
	return g, err
}

// GuideStep answers the step that the agent sees. One answered twice - a second press, a page that is behind - is refused,
// so that no answer lands on the step after it.
func (s *Seat) GuideStep(tx *db.Tx, a who.Actor, id db.ID, token, code string, d knowledge.Done) (Guide, error) {
	g, err := s.ShowGuide(tx, a, id, token, code)
	if err != nil {
		return g, err
	}
	if g.At.Step == nil || g.At.Step.ID != d.Step {
		return g, fault.New(fault.Conflict, "knowledge.moved-on").At("steps", "5.2.9")
	}
	g.Use, g.At, err = knowledge.Walked(tx, a, g.Turn, code, append(slices.Clone(g.Path), d))
	return g, err
}

// GuideBack takes the last answer back.
func (s *Seat) GuideBack(tx *db.Tx, a who.Actor, id db.ID, token, code string) (Guide, error) {
	g, err := s.ShowGuide(tx, a, id, token, code)
	if err != nil || len(g.Path) == 0 {
		return g, err
	}
	g.Use, g.At, err = knowledge.Walked(tx, a, g.Turn, code, g.Path[:len(g.Path)-1])
	return g, err
}

// PutGuideAway takes the guide off the screen; what was done stays recorded.
func (s *Seat) PutGuideAway(tx *db.Tx, a who.Actor, id db.ID, token string) error {
	t, err := ticket.Fence(tx, id, db.ID(a.ID), token)
	if err != nil {
		return err
	}
	turn, err := ticket.TurnOf(tx, t.ID)
	if err != nil {
		return err
	}
	return knowledge.PutAway(tx, turn.ID)
}
