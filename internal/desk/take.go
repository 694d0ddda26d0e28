package desk

import (
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/staff"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// Taken is what a row of the other side's list came to.
type Taken string

const (
	Opened    Taken = "opened"
	Followed  Taken = "followed"
	Unchanged Taken = "unchanged"
)

// Take brings a row of the other side's list in and lets the campaigns follow it (SOP 5.3.3, 5.5.6, 5.6.1.filter, 5.7). A row
// that is refused leaves nothing of itself behind, and the rows around it in the same act stay.
func (s *Seat) Take(tx *db.Tx, a who.Actor, in trouble.Incoming) (what Taken, err error) {
	if err := staff.May(a, staff.ActFeedTrouble); err != nil {
		return "", err
	}
	if _, err := tx.Exec(`SAVEPOINT incident`); err != nil {
		return "", err
	}
	t, c, fresh, err := trouble.Take(tx, a, in)
	what = Unchanged
	switch {
	case err != nil:
	case fresh:
		what = Opened
	case t.Version != c.Before.Version, c.Note != nil: // a new row of the worklog may change nothing else (5.5.6)
		what = Followed
	}
	if err == nil && what != Unchanged {
		err = s.Follow(tx, a, c)
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Missing) || fault.Is(err, fault.Forbidden) {
		if _, undo := tx.Exec(`ROLLBACK TO SAVEPOINT incident`); undo != nil {
			return "", undo
		}
	} else if err != nil {
		return "", err // what came between runs the whole act again
	}
	if _, release := tx.Exec(`RELEASE SAVEPOINT incident`); release != nil {
		return "", release
	}
	return what, err
}
