package document

import (
	"strings"
	"time"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// Comment is what somebody says about a clause of a draft.
type Comment struct {
	ID        db.ID
	Clause    string
	Text      string
	By        db.ID
	At        time.Time
	SettledBy db.ID // 0: it is open
	SettledAt time.Time
}

const commentMax = 2000 // characters

// Remark keeps a comment on a clause of the draft.
func Remark(tx *db.Tx, by who.Actor, d Draft, clause, text string) (Comment, error) {
	c := Comment{Clause: clause, Text: strings.TrimSpace(text), By: db.ID(by.ID), At: tx.Now}
	switch {
	case c.Text == "" || utf8.RuneCountInString(c.Text) > commentMax || !utf8.ValidString(c.Text) || strings.ContainsRune(c.Text, 0):
		return c, fault.New(fault.Invalid, "document.comment", "max", commentMax).At("text", clause)
	case clause == "" || utf8.RuneCountInString(clause) > 80:
		return c, fault.New(fault.Invalid, "document.comment-clause").At("clause", "")
	}
	c.ID = tx.NewID()
	_, err := tx.Exec(`
		INSERT INTO draft_comment(id, document, draft_at, clause, text, said_by, said_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		c.ID, d.Document, db.Millis(d.BegunAt), c.Clause, c.Text, c.By, db.Millis(c.At))
	if err != nil {
		return c, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "draft.comment", Kind: "comment", Ref: c.ID, Data: map[string]string{"document": d.Document, "clause": clause}})
	return c, err
}

// Settle closes a comment on the draft; Conflict when somebody has, Missing when the draft has no such comment.
func Settle(tx *db.Tx, by who.Actor, d Draft, id db.ID) error {
	n, err := tx.Exec(`
		UPDATE draft_comment SET settled_by = $4, settled_at = $5
		 WHERE id = $1 AND document = $2 AND draft_at = $3 AND settled_at = 0`,
		id, d.Document, db.Millis(d.BegunAt), by.ID, db.Millis(tx.Now))
	if err != nil {
		return err
	}
	if n == 0 {
		var there int
		if err := tx.Row(`SELECT count(*) FROM draft_comment WHERE id = $1 AND document = $2 AND draft_at = $3`, id, d.Document, db.Millis(d.BegunAt)).Scan(&there); err != nil {
			return err
		}
		if there == 0 {
			return fault.New(fault.Missing, "document.no-comment")
		}
		return fault.New(fault.Conflict, "document.comment-settled")
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "draft.comment-settled", Kind: "comment", Ref: id, Data: map[string]string{"document": d.Document}})
	return err
}

// Comments lists what was said about the draft, the oldest first.
func Comments(tx *db.Tx, d Draft) ([]Comment, error) {
	var all []Comment
	err := tx.Each(`
		SELECT id, clause, text, said_by, said_at, settled_by, settled_at
		  FROM draft_comment WHERE document = $1 AND draft_at = $2 ORDER BY id`, []any{d.Document, db.Millis(d.BegunAt)}, func(s db.Scanner) error {
		var c Comment
		var said, settled int64
		err := s.Scan(&c.ID, &c.Clause, &c.Text, &c.By, &said, &c.SettledBy, &settled)
		c.At, c.SettledAt = db.Time(said), db.Time(settled)
		all = append(all, c)
		return err
	})
	return all, err
}
