package form

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// Batch is a list a leader brought in to deal out (SOP 5.8.1). The same file is the same batch.
type Batch struct {
	ID         db.ID
	Kind       string // Ideas
	Name       string
	Digest     string // of the file
	Leader     db.ID  // who gets the forms back
	ImportedAt time.Time
	DueAt      time.Time // when the leader wants them; zero: not said
	Rows       int       // tickets in it
}

// Dealt is who got which ticket of a batch, and when.
type Dealt struct {
	Batch, Ticket, Agent db.ID
	No                   string // the ticket's number in the list
	At                   time.Time
	By                   db.ID
	MovedAt              time.Time // when it was dealt to somebody else; zero: it is theirs
}

// NewBatch keeps a list; fresh is false when the same file is there already, and then that batch is the answer.
func NewBatch(tx *db.Tx, by who.Actor, b Batch) (kept Batch, fresh bool, err error) {
	b.Name = strings.TrimSpace(b.Name)
	switch n := utf8.RuneCountInString(b.Name); {
	case n == 0 || n > 200 || strings.ContainsFunc(b.Name, unicode.IsControl): // it becomes the subject of letters
		return b, false, fault.New(fault.Invalid, "form.batch-name").At("name", "5.8.1.source")
	case b.Rows <= 0:
		return b, false, fault.New(fault.Invalid, "form.batch-empty").At("file", "5.8.1.source")
	case !b.DueAt.IsZero() && !b.DueAt.After(tx.Now):
		return b, false, fault.New(fault.Invalid, "form.due-past").At("due_at", "5.8.6")
	}
	b.ID, b.ImportedAt = tx.NewID(), tx.Now
	if b.Leader == 0 {
		b.Leader = db.ID(by.ID)
	}
	n, err := tx.Exec(`
		INSERT INTO form_batch(id, kind, name, digest, leader, imported_at, due_at, tickets)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (kind, digest) DO NOTHING`,
		b.ID, b.Kind, b.Name, b.Digest, b.Leader, db.Millis(b.ImportedAt), db.Millis(b.DueAt), b.Rows)
	if err != nil {
		return b, false, err
	}
	if n == 0 {
		kept, err = scanBatch(tx.Row(`SELECT `+batchColumns+` FROM form_batch WHERE kind = $1 AND digest = $2`, b.Kind, b.Digest))
		return kept, false, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "form.batch", Kind: "form-batch", Ref: b.ID, Data: map[string]string{"digest": b.Digest}})
	return b, true, err
}

const batchColumns = `id, kind, name, digest, leader, imported_at, due_at, tickets`

func scanBatch(s db.Scanner) (Batch, error) {
	var b Batch
	var imported, due int64
	err := s.Scan(&b.ID, &b.Kind, &b.Name, &b.Digest, &b.Leader, &imported, &due, &b.Rows)
	b.ImportedAt, b.DueAt = db.Time(imported), db.Time(due)
	if fault.Is(err, fault.Missing) {
		err = fault.New(fault.Missing, "form.no-batch")
	}
	return b, err
}

// GetBatch reads one batch.
func GetBatch(tx *db.Tx, id db.ID) (Batch, error) {
	return scanBatch(tx.Row(`SELECT `+batchColumns+` FROM form_batch WHERE id = $1`, id))
}

// Batches lists batches newest first, before an id (0: from the newest).
func Batches(tx *db.Tx, before db.ID, limit int) ([]Batch, error) {
	if limit <= 0 || limit > 200 {
		limit = 50
	}
	var all []Batch
	err := tx.Each(`
		SELECT `+batchColumns+` FROM form_batch
		 WHERE CAST($1 AS BIGINT) = 0 OR id < CAST($1 AS BIGINT)
		 ORDER BY id DESC
		 LIMIT $2`, []any{before, limit}, func(s db.Scanner) error {
		b, err := scanBatch(s)
		all = append(all, b)
		return err
	})
	return all, err
}

// SetDue says when the leader wants the forms of a batch.
func SetDue(tx *db.Tx, by who.Actor, batch db.ID, due time.Time) error {
	if !due.After(tx.Now) {
		return fault.New(fault.Invalid, "form.due-past").At("due_at", "5.8.6")
	}
	n, err := tx.Exec(`UPDATE form_batch SET due_at = $2 WHERE id = $1`, batch, db.Millis(due))
	if err == nil && n == 0 {
		err = fault.New(fault.Missing, "form.no-batch")
	}
	if err != nil {
		return err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "form.due-set", Kind: "form-batch", Ref: batch})
	return err
}

// Deal gives a ticket of a batch to an agent. Dealing it to somebody else moves it and keeps that it was the other's; to the
// same agent again changes nothing (SOP 5.8.1.distribute).
func Deal(tx *db.Tx, by who.Actor, batch, ticket, agent db.ID, no string) error {
	if _, err := scanBatch(tx.Row(`SELECT `+batchColumns+` FROM form_batch WHERE id = $1 /*pg: FOR UPDATE*/`, batch)); err != nil {
		return err
	}
	moved, err := tx.Exec(`
		UPDATE form_deal SET moved_at = $4
		 WHERE batch = $1 AND ticket = $2 AND moved_at = 0 AND agent <> $3`, batch, ticket, agent, db.Millis(tx.Now))
	if err != nil {
		return err
	}
	n, err := tx.Exec(`
		INSERT INTO form_deal(id, batch, ticket, agent, no, at, by_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (batch, ticket) WHERE moved_at = 0 DO NOTHING`, tx.NewID(), batch, ticket, agent, no, db.Millis(tx.Now), by.ID)
	if err != nil || n == 0 {
		return err
	}
	act := "form.dealt"
	if moved > 0 {
		act = "form.dealt-again"
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: act, Kind: "form-batch", Ref: batch, Ticket: ticket, Data: map[string]string{"agent": agent.String()}})
	return err
}

const dealColumns = `batch, ticket, agent, no, at, by_id, moved_at`

func deals(tx *db.Tx, query string, args ...any) ([]Dealt, error) {
	var all []Dealt
	err := tx.Each(query, args, func(s db.Scanner) error {
		d, err := scanDeal(s)
		all = append(all, d)
		return err
	})
	return all, err
}

func scanDeal(s db.Scanner) (Dealt, error) {
	var d Dealt
	var at, moved int64
	err := s.Scan(&d.Batch, &d.Ticket, &d.Agent, &d.No, &at, &d.By, &moved)
	d.At, d.MovedAt = db.Time(at), db.Time(moved)
	return d, err
}

// DealtTo lists what an agent has of a batch now, in the list's order of dealing; agent 0 gives everybody's.
func DealtTo(tx *db.Tx, batch, agent db.ID) ([]Dealt, error) {
	return deals(tx, `
		SELECT `+dealColumns+` FROM form_deal
		 WHERE batch = $1 AND moved_at = 0 AND (CAST($2 AS BIGINT) = 0 OR agent = CAST($2 AS BIGINT))
		 ORDER BY id`, batch, agent)
}

// DealOf gives who has a ticket now and of which batch: Missing "form.not-dealt" when nobody has.
func DealOf(tx *db.Tx, ticket db.ID) (Dealt, error) {
	d, err := scanDeal(tx.Row(`SELECT `+dealColumns+` FROM form_deal WHERE ticket = $1 AND moved_at = 0 ORDER BY id DESC LIMIT 1`, ticket))
	if fault.Is(err, fault.Missing) {
		err = fault.New(fault.Missing, "form.not-dealt")
	}
	return d, err
}

// History lists everybody who was dealt a ticket, oldest first.
func History(tx *db.Tx, ticket db.ID) ([]Dealt, error) {
	return deals(tx, `SELECT `+dealColumns+` FROM form_deal WHERE ticket = $1 ORDER BY id`, ticket)
}

// Share is how far one agent is with a batch: of the tickets that are theirs now, how many have a row, and how many of those
// were sent.
type Share struct {
	Agent              db.ID
	Dealt, Filed, Sent int
}

// Shares counts a batch by agent.
func Shares(tx *db.Tx, batch db.ID) ([]Share, error) {
	var all []Share
	err := tx.Each(`
		SELECT d.agent, count(*),
		       sum(CASE WHEN EXISTS (SELECT 1 FROM form_row r JOIN form f ON f.id = r.form
		                              WHERE r.ticket = d.ticket AND r.replaced_by = 0 AND f.batch = d.batch) THEN 1 ELSE 0 END),
		       sum(CASE WHEN EXISTS (SELECT 1 FROM form_row r JOIN form f ON f.id = r.form
		                              WHERE r.ticket = d.ticket AND r.replaced_by = 0 AND f.batch = d.batch AND f.state <> 'open') THEN 1 ELSE 0 END)
		  FROM form_deal d
		 WHERE d.batch = $1 AND d.moved_at = 0
		 GROUP BY d.agent
		 ORDER BY d.agent`, []any{batch}, func(s db.Scanner) error {
		var one Share
		err := s.Scan(&one.Agent, &one.Dealt, &one.Filed, &one.Sent)
		all = append(all, one)
		return err
	})
	return all, err
}
