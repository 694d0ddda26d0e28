package trouble

import (
	"fmt"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/who"
)

// ByGamas is what stands in the worklog of a ticket that ended with its outage (domain 2.8).
const ByGamas = "Change of Status by Gamas"

// CompleteChildren ends the open tickets of an outage that is over: each gets the worklog entry, is resolved and closed by the
// house (domain 7.6). A parent that is still open is Conflict "trouble.parent-open"; what has ended already is left alone, so
// that calling it again does nothing.
func CompleteChildren(tx *db.Tx, by who.Actor, parent db.ID) ([]Change, error) {
	return CompleteSome(tx, by, parent, 1_000_000)
}

// CompleteSome is CompleteChildren for at most limit of them, the oldest first: an outage of thousands ends in turns.
func CompleteSome(tx *db.Tx, by who.Actor, parent db.ID, limit int) ([]Change, error) {
	p, err := Get(tx, parent)
	if err != nil {
		return nil, err
	}
	if p.Open() {
		return nil, fault.New(fault.Conflict, "trouble.parent-open", "no", p.No, "state", string(p.State))
	}
	children, err := list(tx, `SELECT `+columns+` FROM trouble WHERE parent = $1 AND parent > 0 AND open = 1 ORDER BY id LIMIT $2 /*pg: FOR UPDATE*/`, parent, limit)
	if err != nil {
		return nil, err
	}
	system := who.House
	system.ID = by.ID // the journal keeps whose act set it off; the right is the house's
	changes := make([]Change, 0, len(children))
	for _, before := range children {
		t := before
		c := Change{Before: before, Move: "close"}
		if c.Note, _, err = write(tx, system, &t, Note{Type: UpdateInfo, Clause: theTable.worklog.gamas, Summary: ByGamas, Ref: fmt.Sprintf("gamas-%s-%d", p.No, t.Steps)}); err != nil {
			return nil, err
		}
		for _, move := range []string{"resolve", "close"} {
			r, err := allowed(t, move, System)
			if err != nil {
				return nil, err
			}
			if err := advance(tx, system, &t, r, Step{Reason: ByGamas}); err != nil {
				return nil, err
			}
		}
		if err := save(tx, &t); err != nil {
			return nil, err
		}
		c.After = t
		changes = append(changes, c)
	}
	return changes, nil
}

// Children counts the tickets of an outage: all of them, and those that are still open.
func Children(tx *db.Tx, parent db.ID) (all, open int, err error) {
	err = tx.Row(`SELECT count(*), coalesce(sum(open), 0) FROM trouble WHERE parent = $1 AND parent > 0`, parent).Scan(&all, &open)
	return all, open, err
}

// gamasGroup works the outages themselves.
const gamasGroup = "gamas"

// OpenGamas opens the trouble ticket of a mass outage (induk gamas): it has no service and no contact, its children do.
func OpenGamas(tx *db.Tx, by who.Actor, description, sto string) (Ticket, error) {
	no, err := nextNumber(tx)
	if err != nil {
		return Ticket{}, err
	}
	t, err := take(tx, by, Incoming{No: no, State: Backend, Group: gamasGroup, Source: Gamas, Classification: "gamas-akses", Description: description, STO: sto})
	if err != nil {
		return t, err
	}
	return t, adopt(tx, t)
}

// EndGamas resolves and closes the trouble ticket of an outage that is over, by the house, with why in its worklog. One that
// has ended already is left alone. Its children follow by CompleteChildren or CompleteSome.
func EndGamas(tx *db.Tx, by who.Actor, id db.ID, why string) (Change, error) {
	before, err := locked(tx, id)
	if err != nil || !before.Open() {
		return Change{Before: before, After: before}, err
	}
	t, c := before, Change{Before: before, Move: "close"}
	system := who.House
	system.ID = by.ID
	if c.Note, _, err = write(tx, system, &t, Note{Type: UpdateInfo, Clause: theTable.worklog.gamas, Summary: why}); err != nil {
		return Change{}, err
	}
	for _, move := range []string{"resolve", "close"} {
		r, err := allowed(t, move, System)
		if err != nil {
			return Change{}, err
		}
		if err := advance(tx, system, &t, r, Step{Reason: why}); err != nil {
			return Change{}, err
		}
	}
	if err := save(tx, &t); err != nil {
		return Change{}, err
	}
	c.After = t
	return c, nil
}

// CompletedByGamas lists the children that ended with their outage, from after an id on, oldest first.
func CompletedByGamas(tx *db.Tx, parent, after db.ID, limit int) ([]Ticket, error) {
	return list(tx, `
		SELECT `+columns+` FROM trouble
		 WHERE parent = $1 AND parent > 0 AND id > $2 AND closing_reason = $3
		 ORDER BY id
		 LIMIT $4`, parent, after, ByGamas, limit)
}
