package document

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/procedure"
	"sapa/internal/who"
)

// Copy is a controlled copy of a document and who holds it (SOP doc.copy.controlled-malang).
type Copy struct {
	ID       db.ID
	Document string
	Type     string // MASTER, one at most; CONTROLLED
	Holder   string
	Read     Acknowledgement // of the revision asked for
}

// Acknowledgement says who answered for a holder that a revision has arrived and was read; a zero time: nobody yet.
type Acknowledgement struct {
	Person db.ID
	Name   string
	At     time.Time
}

// Copies lists the distribution of a document with what each holder said of a revision, the master first.
func Copies(tx *db.Tx, document string, revision int) (all []Copy, err error) {
	err = tx.Each(`
		SELECT c.id, c.type, c.holder, COALESCE(a.person, 0), COALESCE(a.name, ''), COALESCE(a.at, 0)
		  FROM controlled_copy c
		  LEFT JOIN acknowledgement a ON a.copy = c.id AND a.revision = $2
		 WHERE c.document = $1 AND c.ended_at = 0
		 ORDER BY c.type DESC, c.holder`, []any{document, revision}, func(s db.Scanner) error {
		c := Copy{Document: document}
		var at int64
		err := s.Scan(&c.ID, &c.Type, &c.Holder, &c.Read.Person, &c.Read.Name, &at)
		c.Read.At = db.Time(at)
		all = append(all, c)
		return err
	})
	return all, err
}

// AddCopy puts a holder on the distribution list; Conflict when they are there, or there is a master.
func AddCopy(tx *db.Tx, by who.Actor, document, kind, holder string) (Copy, error) {
	c := Copy{ID: tx.NewID(), Document: document, Type: strings.ToUpper(strings.TrimSpace(kind)), Holder: strings.Join(strings.Fields(holder), " ")}
	switch {
	case c.Type != "MASTER" && c.Type != "CONTROLLED":
		return c, fault.New(fault.Invalid, "document.copy-type").At("type", "doc.copy.master-pusat")
	case c.Holder == "" || utf8.RuneCountInString(c.Holder) > 60:
		return c, fault.New(fault.Invalid, "document.copy-holder").At("holder", "doc.copy.controlled-malang")
	}
	n, err := tx.Exec(`
		INSERT INTO controlled_copy(id, document, type, holder, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT DO NOTHING`, c.ID, document, c.Type, c.Holder, db.Millis(tx.Now), by.ID)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "document.copy-there", "type", c.Type, "holder", c.Holder).At("holder", "doc.copy.master-pusat")
	}
	if err != nil {
		return c, err
	}
	return c, noteCopy(tx, by, "copy.added", c, 0)
}

// EndCopy takes a copy back. What its holder has acknowledged stays known.
func EndCopy(tx *db.Tx, by who.Actor, document string, id db.ID) error {
	n, err := tx.Exec(`UPDATE controlled_copy SET ended_at = $3, ended_by = $4 WHERE id = $1 AND document = $2 AND ended_at = 0`, id, document, db.Millis(tx.Now), by.ID)
	if err == nil && n == 0 {
		err = fault.New(fault.Missing, "document.copy-none")
	}
	if err != nil {
		return err
	}
	return noteCopy(tx, by, "copy.ended", Copy{ID: id, Document: document}, 0)
}

// Acknowledge keeps that somebody answers for a holder: the revision has arrived and was read. The first time counts.
func Acknowledge(tx *db.Tx, by who.Actor, document string, id db.ID, revision int) error {
	var there int
	if err := tx.Row(`SELECT count(*) FROM controlled_copy WHERE id = $1 AND document = $2 AND ended_at = 0`, id, document).Scan(&there); err != nil {
		return err
	}
	if there == 0 {
		return fault.New(fault.Missing, "document.copy-none")
	}
	if err := tx.Row(`SELECT count(*) FROM revision WHERE document = $1 AND revision = $2`, document, revision).Scan(&there); err != nil {
		return err
	}
	if there == 0 {
		return fault.New(fault.Missing, "document.no-revision", "document", document, "revision", fmt.Sprintf("%02d", revision))
	}
	n, err := tx.Exec(`
		INSERT INTO acknowledgement(copy, document, revision, person, name, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT DO NOTHING`, id, document, revision, by.ID, by.Name, db.Millis(tx.Now))
	if err != nil || n == 0 {
		return err
	}
	return noteCopy(tx, by, "copy.acknowledged", Copy{ID: id, Document: document}, revision)
}

func noteCopy(tx *db.Tx, by who.Actor, act string, c Copy, revision int) error {
	data := map[string]string{"document": c.Document}
	if c.Type != "" {
		data["type"] = c.Type
	}
	if revision > 0 {
		data["revision"] = strconv.Itoa(revision)
	}
	_, err := journal.Write(tx, journal.Entry{By: by, Act: act, Kind: "copy", Ref: c.ID, Data: data})
	return err
}

// seedCopies begins the distribution list with the copies that a document's own title page names, once.
func seedCopies(tx *db.Tx, b *procedure.Book) error {
	var there int
	if err := tx.Row(`SELECT count(*) FROM controlled_copy WHERE document = $1`, b.Document.Code).Scan(&there); err != nil || there > 0 {
		return err
	}
	for _, c := range b.Document.Copies {
		_, err := tx.Exec(`
			INSERT INTO controlled_copy(id, document, type, holder, made_at, made_by) VALUES ($1, $2, $3, $4, $5, 0)
			ON CONFLICT DO NOTHING`, tx.NewID(), b.Document.Code, c.Type, c.Holder, db.Millis(tx.Now))
		if err != nil {
			return err
		}
	}
	return nil
}
