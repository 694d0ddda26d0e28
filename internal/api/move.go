package api

import (
	"net/http"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/phrase"
	"sapa/internal/ticket"
)

type movingJSON struct {
	From    int           `json:"from"` // revisions of the document
	To      int           `json:"to"`
	Draft   int64         `json:"draft"`
	Changes []carriedJSON `json:"changes"`
}

type carriedJSON struct {
	Field   string `json:"field"`
	Label   string `json:"label"`
	Value   string `json:"value"`
	Was     string `json:"was"` // the value's label, as it was
	To      string `json:"to"`  // the field it is now, "" when dropped
	ToValue string `json:"to_value"`
	Is      string `json:"is"`
	What    string `json:"what"`
	Ask     string `json:"ask,omitempty"`
	Clause  string `json:"clause"`
}

func movingOf(m desk.Moving, lang phrase.Lang) movingJSON {
	j := movingJSON{From: m.From, To: m.To, Draft: m.Draft, Changes: []carriedJSON{}}
	for _, c := range m.Changes {
		j.Changes = append(j.Changes, carriedJSON{c.Field, c.Label.In(string(lang)), c.Value, c.Was.In(string(lang)), c.To, c.ToValue, c.Is.In(string(lang)), c.What, c.Ask, c.Clause})
	}
	return j
}

// moving says what moving the caller's turn to the revision in force would do (decisions.md 5).
func (a *API) moving(tx *db.Tx, r seen) (any, error) {
	t, err := a.theirs(tx, r)
	if err != nil {
		return nil, err
	}
	m, err := a.Seat.Moving(tx, r.by, t.ID)
	if err != nil {
		return nil, err
	}
	return movingOf(m, r.lang()), nil
}

// move does it, for the draft that the caller has seen.
func (a *API) move(r seen, f *form) func(tx *db.Tx) (done, error) {
	draft := f.version("draft")
	return a.held(r, f, func(tx *db.Tx, t ticket.Ticket, lease string) (done, error) {
		turn, err := a.Seat.MoveOn(tx, r.by, t.ID, lease, draft)
		if err != nil {
			return done{}, err
		}
		body, err := a.turn(tx, r, turn)
		return done{http.StatusOK, body}, err
	})
}

// moveDrafts moves what given-back tickets of a campaign keep.
func (a *API) moveDrafts(r seen, f *form) func(tx *db.Tx) (done, error) {
	code := f.needed("campaign", longCode)
	return func(tx *db.Tx) (done, error) {
		m, err := a.Seat.MoveDrafts(tx, r.by, code)
		return done{http.StatusOK, struct {
			To    int            `json:"to"`
			Moved []db.ID        `json:"moved"`
			Left  map[string]int `json:"left"`
			More  bool           `json:"more"`
		}{m.To, m.Moved, m.Left, m.More}}, err
	}
}
