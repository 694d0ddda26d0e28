package trouble

import (
	"time"

	"sapa/internal/db"
)

// Happened is one thing in the life of a service's trouble tickets: a move, or a row of the worklog.
type Happened struct {
	At      time.Time
	Ticket  db.ID
	No      string
	ID      db.ID  // of a note; of a move its number in the ticket
	Move    string // "": a note
	Was     State
	Became  State
	Type    string // of a note
	Summary string
	By      db.ID
}

// Timeline lists what happened until a moment with the trouble tickets of a service, the newest first.
func Timeline(tx *db.Tx, serviceNo string, until time.Time, limit int) ([]Happened, error) {
	var all []Happened
	err := tx.Each(`
		SELECT m.at, t.id, t.no, m.seq, m.move, m.was, m.became, m.by_id
		  FROM trouble t JOIN trouble_move m ON m.trouble = t.id
		 WHERE t.service_no = $1 AND m.at <= $2
		 ORDER BY m.at DESC, m.trouble DESC, m.seq DESC
		 LIMIT $3`, []any{serviceNo, db.Millis(until), limit}, func(s db.Scanner) error {
		var h Happened
		var at int64
		var was, became string
		err := s.Scan(&at, &h.Ticket, &h.No, &h.ID, &h.Move, &was, &became, &h.By)
		h.At, h.Was, h.Became = db.Time(at), State(was), State(became)
		all = append(all, h)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = tx.Each(`
		SELECT n.at, t.id, t.no, n.id, n.type, n.summary, n.by_id
		  FROM trouble t JOIN trouble_note n ON n.trouble = t.id
		 WHERE t.service_no = $1 AND n.at <= $2 AND n.struck_at = 0
		 ORDER BY n.at DESC, n.id DESC
		 LIMIT $3`, []any{serviceNo, db.Millis(until), limit}, func(s db.Scanner) error {
		var h Happened
		var at int64
		err := s.Scan(&at, &h.Ticket, &h.No, &h.ID, &h.Type, &h.Summary, &h.By)
		h.At = db.Time(at)
		all = append(all, h)
		return err
	})
	return all, err
}
