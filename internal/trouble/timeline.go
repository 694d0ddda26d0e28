package trouble

import (
	"time"

	"sapa/internal/db"
)

// Happened is one thing in the life of a service's trouble tickets: a move, or a row of the worklog.
type Happened struct {
	Line
	Ticket  db.ID
	No      string
	ID      db.ID  // of a note; of a move its number in the ticket
	Move    string // "": a note
	Was     State
	Became  State
	Summary string // of a note
	By      db.ID
}

// Line is what leads a line of the worklog, or a move, to its clause.
type Line struct {
	Type     string // of a note; "": a move
	Clause   string // "": a result wrote the note before notes kept theirs
	Revision int    // 0: that of its turn, else the one in force at its moment
	Turn     db.ID
	At       time.Time
}

// Line is what leads the note to its clause.
func (n Note) Line() Line { return Line{n.Type, n.Clause, n.Revision, n.Turn, n.At} }

// Line is what leads the move to its clause.
func (m Moved) Line() Line { return Line{Clause: m.Clause, Turn: m.Turn, At: m.At} }

// Timeline lists what happened until a moment with the trouble tickets of a service, the newest first.
func Timeline(tx *db.Tx, serviceNo string, until time.Time, limit int) ([]Happened, error) {
	var all []Happened
	err := tx.Each(`
		SELECT m.at, t.id, t.no, m.seq, m.move, m.was, m.became, m.by_id, m.turn
		  FROM trouble t JOIN trouble_move m ON m.trouble = t.id
		 WHERE t.service_no = $1 AND m.at <= $2
		 ORDER BY m.at DESC, m.trouble DESC, m.seq DESC
		 LIMIT $3`, []any{serviceNo, db.Millis(until), limit}, func(s db.Scanner) error {
		var h Happened
		var at int64
		var was, became string
		err := s.Scan(&at, &h.Ticket, &h.No, &h.ID, &h.Move, &was, &became, &h.By, &h.Turn)
		h.At, h.Was, h.Became = db.Time(at), State(was), State(became)
		h.Clause = theTable.clause(h.Was, h.Move, h.Became)
		all = append(all, h)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = tx.Each(`
		SELECT n.at, t.id, t.no, n.id, n.type, n.summary, n.by_id, n.clause, n.revision, n.turn
		  FROM trouble t JOIN trouble_note n ON n.trouble = t.id
		 WHERE t.service_no = $1 AND n.at <= $2 AND n.struck_at = 0
		 ORDER BY n.at DESC, n.id DESC
		 LIMIT $3`, []any{serviceNo, db.Millis(until), limit}, func(s db.Scanner) error {
		var h Happened
		var at int64
		err := s.Scan(&at, &h.Ticket, &h.No, &h.ID, &h.Type, &h.Summary, &h.By, &h.Clause, &h.Revision, &h.Turn)
		h.At = db.Time(at)
		all = append(all, h)
		return err
	})
	return all, err
}
