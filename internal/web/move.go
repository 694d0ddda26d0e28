package web

import (
	"fmt"
	"net/http"
	"strconv"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/phrase"
	"sapa/internal/procedure"
)

func twoDigits(revision int) string { return fmt.Sprintf("%02d", revision) }

// askedInstead is the label of the field that is asked in the place of a dropped answer.
func askedInstead(l phrase.Lang, m desk.Moving, c procedure.Moved) string {
	if c.Ask == "" {
		return ""
	}
	if f := m.Procedure().Field(c.Ask); f != nil {
		return f.Label.In(string(l))
	}
	return ""
}

// moveOn moves the turn in hand to the revision in force, for the draft that was on screen.
func (s *Server) moveOn(w http.ResponseWriter, r *request) {
	s.held(w, r, func(tx *db.Tx, id db.ID, lease string) error {
		draft, err := strconv.ParseInt(r.PostFormValue("draft"), 10, 64)
		if err != nil {
			draft = -1 // nobody's
		}
		_, err = s.Seat.MoveOn(tx, r.by, id, lease, draft)
		return err
	})
}
