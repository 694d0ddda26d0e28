package trouble

import (
	"slices"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// Kinds of mark (SOP 5.7.8.c): what a call found out that reports count and others act on.
var MarkKinds = []string{"slg", "expedite", "disputed", "hard-complaint"}

// Marked is one mark of a ticket.
type Marked struct {
	Trouble, Turn, By db.ID
	Mark              string
	At                time.Time
}

// Mark puts a mark on a ticket, once for each turn and mark.
func Mark(tx *db.Tx, by who.Actor, id db.ID, mark string, turn db.ID) error {
	if !slices.Contains(MarkKinds, mark) {
		return fault.New(fault.Invalid, "trouble.mark", "value", mark).At("mark", "")
	}
	t, err := locked(tx, id)
	if err != nil {
		return err
	}
	fresh, err := tx.Exec(`
		INSERT INTO trouble_mark(trouble, mark, turn, by_id, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`, id, mark, turn, by.ID, db.Millis(tx.Now))
	if err != nil || fresh == 0 {
		return err
	}
	if !slices.Contains(t.Marks, mark) {
		t.Marks = append(t.Marks, mark)
		slices.Sort(t.Marks)
		if err := save(tx, &t); err != nil {
			return err
		}
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "trouble.marked", Kind: "trouble", Ref: id, Ticket: t.SourceTicket,
		Data: map[string]string{"mark": mark}})
	return err
}

// MarksOf lists a ticket's marks, oldest first.
func MarksOf(tx *db.Tx, id db.ID) ([]Marked, error) {
	var all []Marked
	err := tx.Each(`SELECT trouble, mark, turn, by_id, at FROM trouble_mark WHERE trouble = $1 ORDER BY at, mark, turn`, []any{id}, func(s db.Scanner) error {
		var m Marked
		var at int64
		err := s.Scan(&m.Trouble, &m.Mark, &m.Turn, &m.By, &at)
		m.At = db.Time(at)
		all = append(all, m)
		return err
	})
	return all, err
}
