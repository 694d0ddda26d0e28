package trouble

import (
	"strings"
	"time"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// Move is one line of Route Workflow as a state offers it (SOP 5.3.7.a.route). Its label is the phrase "trouble.move.NAME".
type Move struct {
	Name    string
	Becomes State
	Needs   []string // note, classification, group, reason, booking
	Clause  string
}

// Step is a move somebody makes.
type Step struct {
	Move                  string
	Classification, Group string // of a dispatch: ids of the tree
	Reason                string // of hold, close, reopen
	Note                  string // a worklog entry in the same act
	Turn                  db.ID  // the turn whose finish makes it; 0: none
	Version               int64  // the version the person saw; 0: whatever is there
}

// Moved is one move of a ticket's history.
type Moved struct {
	Seq                int
	Was                State
	Move               string
	Became             State
	OldGroup, NewGroup string
	Classification     string
	Reason             string
	By, Turn           db.ID
	At                 time.Time
	Clause             string
}

// Moves lists what a role may do with a ticket now, as Route Workflow shows it.
func Moves(t Ticket, role string) []Move {
	var all []Move
	for _, r := range theTable.rows {
		if r.was == t.State && !r.hidden && r.may(role) {
			all = append(all, Move{Name: r.move, Becomes: r.became, Needs: r.needs(), Clause: r.clause})
		}
	}
	return all
}

// Apply makes a move. One that the state does not offer is Conflict "trouble.move" and names those it does; what the move
// needs and was not given is Invalid with its field and clause.
func Apply(tx *db.Tx, by who.Actor, id db.ID, s Step) (Ticket, Change, error) {
	before, err := locked(tx, id)
	if err != nil {
		return before, Change{}, err
	}
	if s.Version != 0 && s.Version != before.Version {
		return before, Change{}, changed()
	}
	r, err := allowed(before, s.Move, role(by))
	if err != nil {
		return before, Change{}, err
	}
	s.Classification = leafID(s.Classification)
	if err := r.guard(before, s); err != nil {
		return before, Change{}, err
	}
	t, c := before, Change{Before: before, Move: s.Move}
	if strings.TrimSpace(s.Note) != "" {
		if c.Note, _, err = write(tx, by, &t, Note{Type: AgentNote, Detail: s.Note, Turn: s.Turn, Clause: r.noted()}); err != nil {
			return before, Change{}, err
		}
	}
	if err := advance(tx, by, &t, r, s); err != nil {
		return before, Change{}, err
	}
	if err := again(tx, before, &t); err != nil {
		return before, Change{}, err
	}
	if err := save(tx, &t); err != nil {
		return before, Change{}, err
	}
	c.After = t
	return t, c, nil
}

// allowed finds the row of the table.
func allowed(t Ticket, move, role string) (row, error) {
	names := []string{}
	for _, m := range Moves(t, role) {
		names = append(names, m.Name)
	}
	for _, r := range theTable.rows {
		if r.was != t.State || r.move != move || r.hidden {
			continue
		}
		if !r.may(role) {
			return r, fault.New(fault.Forbidden, "trouble.move-role", "move", move, "role", role, "legal", strings.Join(names, ", ")).At("move", "5.3.7.a.route")
		}
		return r, nil
	}
	return row{}, fault.New(fault.Conflict, "trouble.move", "no", t.No, "state", string(t.State), "move", move, "legal", strings.Join(names, ", ")).
		At("move", "5.3.7.a.route")
}

// guard refuses a move that lacks what it needs.
func (r row) guard(t Ticket, s Step) error {
	for _, g := range r.guards {
		switch g.needs {
		case "note": // SOP 5.3.7.a.note: in the same act, or written since the last move
			if strings.TrimSpace(s.Note) == "" && !t.Noted {
				return fault.New(fault.Invalid, "trouble.note-needed", "move", r.move).At("note", g.clause)
			}
		case "classification":
			if _, known := theTree.leaves[s.Classification]; !known {
				return fault.New(fault.Invalid, "trouble.classification", "value", s.Classification).At("classification", g.clause)
			}
		case "group":
			if !takes(s.Classification, t.STO, s.Group) {
				return fault.New(fault.Invalid, "trouble.group", "value", s.Group).At("group", g.clause)
			}
		case "reason":
			if n := utf8.RuneCountInString(strings.TrimSpace(s.Reason)); n < 3 || n > 500 {
				return fault.New(fault.Invalid, "trouble.reason").At("reason", g.clause)
			}
		case "booking":
			if t.Booking == 0 {
				return fault.New(fault.Invalid, "trouble.booking-needed").At("slot", g.clause)
			}
		}
	}
	return nil
}

// advance makes the step that was found legal: the history first, because the store lets a ticket be only where its history
// has led it. What it does to the clock of the repair follows from the two states.
func advance(tx *db.Tx, by who.Actor, t *Ticket, r row, s Step) error {
	wasOpen, oldGroup := t.Steps > 0 && t.Open(), t.Group
	snapshot := ""
	if s.Turn != 0 {
		var err error
		if snapshot, err = t.snapshot(); err != nil {
			return err
		}
	}
	if s.Group != "" {
		t.Group = s.Group
	}
	if s.Classification != "" {
		t.Classification = s.Classification
	}
	if t.Group != oldGroup {
		t.Owner = 0 // another group's: nobody there has it in hand yet
	}
	var prev any
	if t.Steps > 0 {
		prev = t.Steps
	}
	_, err := tx.Exec(`
		INSERT INTO trouble_move(trouble, seq, prev, was, move, became, old_group, new_group, classification, reason, by_id, turn, at, before)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		t.ID, t.Steps+1, prev, string(r.was), r.move, string(r.became), oldGroup, t.Group, t.Classification, strings.TrimSpace(s.Reason),
		by.ID, s.Turn, db.Millis(tx.Now), snapshot)
	if err != nil {
		return err
	}
	first := t.Steps == 0
	t.Steps, t.State, t.StateAt, t.Noted = t.Steps+1, r.became, tx.Now, false
	t.clocks(tx.Now, first, wasOpen, by, s)
	if first {
		return nil // the act that opens it keeps its own entry
	}
	data := map[string]string{"was": string(r.was), "state": string(t.State)}
	if _, known := GroupOf(t.Group); known { // a list's own name of a group is free text
		data["group"] = t.Group
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "trouble." + r.move, Kind: "trouble", Ref: t.ID, Ticket: t.SourceTicket, Data: data})
	return err
}

// again refuses to open a ticket again while its service has another open report: that one is the report now.
func again(tx *db.Tx, before Ticket, t *Ticket) error {
	if before.Open() || !t.Open() {
		return nil
	}
	t.Beside = false
	return alone(tx, *t)
}

// clocks keeps resolved, closed, reopens and the time to repair in step with the state.
func (t *Ticket) clocks(now time.Time, first, wasOpen bool, by who.Actor, s Step) {
	switch {
	case t.Open() && first:
		t.TTRSince = t.OpenedAt
	case t.Open() && !wasOpen: // keeps the number, counts
		t.Reopens++
		t.TTRSince, t.ResolvedAt, t.ResolvedBy, t.ClosedAt, t.ClosingReason = now, time.Time{}, 0, time.Time{}, ""
	case !t.Open() && (wasOpen || first): // SOP 5.3.7.a.resolve: who and when, the clock stands
		since := t.TTRSince
		if first {
			since = t.OpenedAt
		}
		if now.After(since) {
			t.TTRSeconds += int64(now.Sub(since) / time.Second)
		}
		t.TTRSince, t.ResolvedAt, t.ResolvedBy, t.Owner = time.Time{}, now, db.ID(by.ID), 0
	}
	if t.ClosedAt = (time.Time{}); t.State == Closed {
		t.ClosedAt = now
		if s.Reason != "" {
			t.ClosingReason = strings.TrimSpace(s.Reason)
		}
	}
}

// History lists a ticket's moves, oldest first.
func History(tx *db.Tx, id db.ID) ([]Moved, error) {
	var all []Moved
	err := tx.Each(`
		SELECT seq, was, move, became, old_group, new_group, classification, reason, by_id, turn, at
		  FROM trouble_move WHERE trouble = $1 ORDER BY seq`, []any{id}, func(r db.Scanner) error {
		var m Moved
		var was, became string
		var at int64
		err := r.Scan(&m.Seq, &was, &m.Move, &became, &m.OldGroup, &m.NewGroup, &m.Classification, &m.Reason, &m.By, &m.Turn, &at)
		m.Was, m.Became, m.At = State(was), State(became), db.Time(at)
		m.Clause = theTable.clause(m.Was, m.Move, m.Became)
		all = append(all, m)
		return err
	})
	return all, err
}

func changed() error { return fault.New(fault.Conflict, "trouble.changed") }
