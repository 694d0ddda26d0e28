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

// Notice is something people must have read before they begin a shift.
type Notice struct {
	ID          db.ID
	Title, Body string
	Clause      string // the clause it explains, if one
	PostedBy    db.ID
	PostedAt    time.Time
	Until       time.Time // after that nobody needs to read it
	ReadAt      time.Time // by the reader asked for; zero: not yet
	Document    string    // of the revision it speaks of; "" none
	Revision    int
}

// Post puts a notice up until a moment.
func Post(tx *db.Tx, by who.Actor, n Notice) (Notice, error) {
	n.Title = strings.TrimSpace(n.Title)
	switch {
	case n.Title == "" || utf8.RuneCountInString(n.Title) > 200:
		return n, fault.New(fault.Invalid, "document.notice-title").At("title", "")
	case utf8.RuneCountInString(n.Body) > 4000:
		return n, fault.New(fault.Invalid, "document.notice-body").At("body", "")
	case !n.Until.After(tx.Now):
		return n, fault.New(fault.Invalid, "document.notice-until").At("until", "")
	}
	n.ID, n.PostedBy, n.PostedAt = tx.NewID(), db.ID(by.ID), tx.Now
	_, err := tx.Exec(`
		INSERT INTO notice(id, title, body, clause, posted_by, posted_at, until, document, revision)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		n.ID, n.Title, n.Body, n.Clause, n.PostedBy, db.Millis(n.PostedAt), db.Millis(n.Until), n.Document, n.Revision)
	if err != nil {
		return n, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "notice.posted", Kind: "notice", Ref: n.ID})
	return n, err
}

// Notices lists what a person must have read now, with the time they read it: the unread first, the newest of them first.
func Notices(tx *db.Tx, person db.ID) ([]Notice, error) {
	var all []Notice
	err := tx.Each(`
		SELECT n.id, n.title, n.body, n.clause, n.posted_by, n.posted_at, n.until, COALESCE(r.read_at, 0), n.document, n.revision
		  FROM notice n
		  LEFT JOIN receipt r ON r.notice = n.id AND r.person = $1
		 WHERE n.until > $2
		 ORDER BY CASE WHEN r.read_at IS NULL THEN 0 ELSE 1 END, n.id DESC
		 LIMIT 20`, []any{person, db.Millis(tx.Now)}, func(s db.Scanner) error {
		var n Notice
		var posted, until, read int64
		err := s.Scan(&n.ID, &n.Title, &n.Body, &n.Clause, &n.PostedBy, &posted, &until, &read, &n.Document, &n.Revision)
		n.PostedAt, n.Until, n.ReadAt = db.Time(posted), db.Time(until), db.Time(read)
		all = append(all, n)
		return err
	})
	return all, err
}

// MarkRead keeps that a person has read a notice; the first time counts.
func MarkRead(tx *db.Tx, by who.Actor, notice db.ID) error {
	var there int
	if err := tx.Row(`SELECT count(*) FROM notice WHERE id = $1`, notice).Scan(&there); err != nil {
		return err
	}
	if there == 0 {
		return fault.New(fault.Missing, "document.no-notice")
	}
	n, err := tx.Exec(`INSERT INTO receipt(notice, person, read_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, notice, by.ID, db.Millis(tx.Now))
	if err != nil || n == 0 {
		return err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "notice.read", Kind: "notice", Ref: notice})
	return err
}

// NoticesOf lists the notices about a revision that are up, the newest first.
func NoticesOf(tx *db.Tx, document string, revision int) (all []db.ID, err error) {
	err = tx.Each(`SELECT id FROM notice WHERE document = $1 AND revision = $2 AND revision > 0 AND until > $3 ORDER BY id DESC`,
		[]any{document, revision, db.Millis(tx.Now)}, func(s db.Scanner) error {
			var id db.ID
			err := s.Scan(&id)
			all = append(all, id)
			return err
		})
	return all, err
}

// Readings says who has read a revision's notice and when: the first time each.
func Readings(tx *db.Tx, document string, revision int) (map[db.ID]time.Time, error) {
	all := map[db.ID]time.Time{}
	err := tx.Each(`
		SELECT r.person, min(r.read_at) FROM notice n
		  JOIN receipt r ON r.notice = n.id
		 WHERE n.document = $1 AND n.revision = $2 AND n.revision > 0
		 GROUP BY r.person`, []any{document, revision}, func(s db.Scanner) error {
		var person db.ID
		var at int64
		err := s.Scan(&person, &at)
		all[person] = db.Time(at)
		return err
	})
	return all, err
}

// Withdraw ends a notice now: nobody needs to read it any more. Who has read it stays known.
func Withdraw(tx *db.Tx, by who.Actor, notice db.ID) error {
	n, err := tx.Exec(`UPDATE notice SET until = $2 WHERE id = $1 AND until > $2`, notice, db.Millis(tx.Now))
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Missing, "document.no-notice")
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "notice.withdrawn", Kind: "notice", Ref: notice})
	return err
}

// Receipt says when somebody read a notice.
type Receipt struct {
	Person db.ID
	ReadAt time.Time
}

// Receipts lists who has read a notice, the first first.
func Receipts(tx *db.Tx, notice db.ID) ([]Receipt, error) {
	var there int
	if err := tx.Row(`SELECT count(*) FROM notice WHERE id = $1`, notice).Scan(&there); err != nil {
		return nil, err
	}
	if there == 0 {
		return nil, fault.New(fault.Missing, "document.no-notice")
	}
	var all []Receipt
	err := tx.Each(`SELECT person, read_at FROM receipt WHERE notice = $1 ORDER BY read_at, person`, []any{notice}, func(s db.Scanner) error {
		var r Receipt
		var at int64
		err := s.Scan(&r.Person, &at)
		r.ReadAt = db.Time(at)
		all = append(all, r)
		return err
	})
	return all, err
}
