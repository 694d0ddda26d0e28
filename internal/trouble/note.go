package trouble

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/who"
)

// Types of a worklog entry (domain 2.8).
const (
	ClientNote = "CLIENTNOTE" // the customer's own words: counts as lapul
	AgentNote  = "AGENTNOTE"
	UpdateInfo = "UPDATEINFO"
)

var noteTypes = []string{ClientNote, AgentNote, UpdateInfo}

// Note is one row of the worklog: nothing is ever changed in it.
type Note struct {
	ID, Trouble     db.ID
	Type            string
	Summary, Detail string // a summary that is not given is the detail's first line
	Group           string // the owner group at that time
	Ref             string // the other side's key: the same one again is the entry that is there
	Turn            db.ID  // the turn whose finish wrote it; 0: none
	By              db.ID
	At              time.Time
	StruckAt        time.Time // taken back with its turn: it counts no more
	Clause          string    // what it rests on; "": a result wrote it before lines kept theirs
	Revision        int       // it was written under; 0: the one in force at its moment
}

const (
	longSummary = 200
	longDetail  = 8000
)

// AddNote writes a row into the worklog. A CLIENTNOTE is a lapul, and on a ticket in MEDIACARE or SALAMSIM it reopens it
// (domain 3.6); when the service has another open report by then, it is refused and names that one. Without a clause of its own it is
// a new row by hand (SOP 5.5.9).
func AddNote(tx *db.Tx, by who.Actor, id db.ID, n Note) (Ticket, Change, error) {
	before, err := locked(tx, id)
	if err != nil {
		return before, Change{}, err
	}
	t := before
	c := Change{Before: before}
	if n.Clause == "" {
		n.Clause = theTable.worklog.row
	}
	fresh := false
	if c.Note, fresh, err = write(tx, by, &t, n); err != nil {
		return before, Change{}, err
	}
	if !fresh {
		c.After = before
		return before, c, nil
	}
	if n.Type == ClientNote && (t.State == MediaCare || t.State == SalamSim) {
		if err := reopen(tx, by, &t, c.Note.Summary, n.Turn); err != nil {
			return before, Change{}, err
		}
		if err := again(tx, before, &t); err != nil {
			return before, Change{}, err
		}
		c.Move = "reopen"
	}
	if err := save(tx, &t); err != nil {
		return before, Change{}, err
	}
	c.After = t
	return t, c, nil
}

// Repeat adds the customer's own words to the report that is there (SOP 5.2.10.check, A-10): a lapul, under the revision of the turn in
// whose call they were said; 0: none.
func Repeat(tx *db.Tx, by who.Actor, id db.ID, words string, revision int) (Ticket, Change, error) {
	return AddNote(tx, by, id, Note{Type: ClientNote, Detail: words, Clause: theTable.worklog.again, Revision: revision})
}

// reopen is the house's own: the rule asks for it, whoever wrote the note.
func reopen(tx *db.Tx, by who.Actor, t *Ticket, reason string, turn db.ID) error {
	r, err := allowed(*t, "reopen", System)
	if err != nil {
		return err
	}
	return advance(tx, by, t, r, Step{Move: "reopen", Reason: reason, Turn: turn})
}

// write stores the entry and counts it in the ticket, which the caller saves. It is not fresh when its ref was there.
func write(tx *db.Tx, by who.Actor, t *Ticket, n Note) (note *Note, isNew bool, err error) {
	n.Summary, n.Detail = strings.TrimSpace(n.Summary), strings.TrimSpace(n.Detail)
	if n.Summary == "" {
		n.Summary = firstLine(n.Detail)
	}
	switch {
	case !slices.Contains(noteTypes, n.Type):
		return nil, false, fault.New(fault.Invalid, "trouble.note-type", "value", n.Type).At("type", "5.5.9")
	case n.Summary == "":
		return nil, false, fault.New(fault.Invalid, "trouble.note-empty").At("summary", "5.3.7.a.note")
	case utf8.RuneCountInString(n.Summary) > longSummary:
		return nil, false, fault.New(fault.Invalid, "trouble.note-long", "max", longSummary).At("summary", "")
	case utf8.RuneCountInString(n.Detail) > longDetail:
		return nil, false, fault.New(fault.Invalid, "trouble.note-long", "max", longDetail).At("detail", "")
	case n.Clause == "":
		return nil, false, fmt.Errorf("trouble %s: a line of the worklog without its clause", t.No)
	}
	n.ID, n.Trouble, n.Group, n.By = tx.NewID(), t.ID, t.Group, db.ID(by.ID)
	if n.At.IsZero() || n.At.After(tx.Now) {
		n.At = tx.Now
	}
	fresh, err := tx.Exec(`
		INSERT INTO trouble_note(id, trouble, type, summary, detail, owner_group, ref, turn, by_id, at, clause, revision)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT DO NOTHING`,
		n.ID, n.Trouble, n.Type, n.Summary, n.Detail, n.Group, n.Ref, n.Turn, n.By, db.Millis(n.At), n.Clause, n.Revision)
	if err != nil {
		return nil, false, err
	}
	if fresh == 0 {
		there, err := scanNote(tx.Row(`SELECT `+noteColumns+` FROM trouble_note WHERE trouble = $1 AND ref = $2`, t.ID, n.Ref))
		return &there, false, err
	}
	t.Noted = true
	if n.At.After(t.NotedAt) {
		t.NotedAt = n.At
	}
	if n.Type == ClientNote {
		t.Lapul++
	}
	return &n, true, nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	if r := []rune(strings.TrimSpace(line)); len(r) > longSummary {
		return string(r[:longSummary-1]) + "…"
	}
	return strings.TrimSpace(line)
}

const noteColumns = `id, trouble, type, summary, detail, owner_group, ref, turn, by_id, at, struck_at, clause, revision`

func scanNote(s db.Scanner) (Note, error) {
	var n Note
	var at, struck int64
	err := s.Scan(&n.ID, &n.Trouble, &n.Type, &n.Summary, &n.Detail, &n.Group, &n.Ref, &n.Turn, &n.By, &at, &struck, &n.Clause, &n.Revision)
	n.At, n.StruckAt = db.Time(at), db.Time(struck)
	return n, err
}

// CountNotes counts a ticket's entries of a type, struck ones too, so that it only ever rises.
func CountNotes(tx *db.Tx, id db.ID, kind string) (n int, err error) {
	err = tx.Row(`SELECT count(*) FROM trouble_note WHERE trouble = $1 AND type = $2`, id, kind).Scan(&n)
	return n, err
}

// Worklog lists a ticket's entries, oldest first.
func Worklog(tx *db.Tx, id db.ID) ([]Note, error) {
	var all []Note
	err := tx.Each(`SELECT `+noteColumns+` FROM trouble_note WHERE trouble = $1 ORDER BY at, id`, []any{id}, func(s db.Scanner) error {
		n, err := scanNote(s)
		all = append(all, n)
		return err
	})
	return all, err
}
