package knowledge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// State of a revision: written, given to somebody else to look at, in force, replaced or taken away.
type State string

const (
	Draft  State = "draft"
	Review State = "review"
	Force  State = "force"
	Past   State = "past"
)

// Moves of a revision.
const (
	Submit  = "submit"  // by its author: somebody else shall look at it
	Approve = "approve" // by another person: it is in force, the one before is past
	Return  = "return"  // by another person, with a reason: it is a draft again
	Retire  = "retire"  // of one in force, with a reason: the article is off the shelf
)

// Moves lists them, in the order of a revision's life.
var Moves = []string{Submit, Approve, Return, Retire}

// Revision is an article as it was written once.
type Revision struct {
	Code       string
	Revision   int
	State      State
	Text       string
	Hash       string
	Author     db.ID // 0: the house
	WrittenAt  time.Time
	Reviewer   db.ID
	ReviewedAt time.Time
	Reason     string
}

const revisionColumns = `code, revision, state, text, hash, author, written_at, reviewer, reviewed_at, reason`

func scanRevision(s db.Scanner) (Revision, error) {
	var r Revision
	var state string
	var written, reviewed int64
	err := s.Scan(&r.Code, &r.Revision, &state, &r.Text, &r.Hash, &r.Author, &written, &r.Reviewer, &reviewed, &r.Reason)
	r.State, r.WrittenAt, r.ReviewedAt = State(state), db.Time(written), db.Time(reviewed)
	return r, err
}

// Article reads what a kept revision says. It was checked when it was kept, against the symptoms of that day, so no symptom
// is refused here.
func (r Revision) Article() (Article, error) {
	a, err := Read(r.Code+".yaml", []byte(r.Text), nil)
	for _, f := range Mistakes(err) {
		if f.Key != "knowledge.file.value" || f.Values["what"] != "symptom" {
			return a, fmt.Errorf("article %s revision %d: %w", r.Code, r.Revision, err)
		}
	}
	return a, nil
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// InForce reads an article's revision in force; Missing when it is not on the shelf.
func InForce(tx *db.Tx, code string) (Revision, error) {
	r, err := scanRevision(tx.Row(`SELECT `+revisionColumns+` FROM knowledge_revision WHERE code = $1 AND state = 'force'`, code))
	return r, none(err, code)
}

// Kept reads one revision, in force or not: a turn goes on with the one it was shown.
func Kept(tx *db.Tx, code string, revision int) (Revision, error) {
	r, err := scanRevision(tx.Row(`SELECT `+revisionColumns+` FROM knowledge_revision WHERE code = $1 AND revision = $2`, code, revision))
	return r, none(err, code)
}

// Revisions lists an article's revisions, newest first.
func Revisions(tx *db.Tx, code string) ([]Revision, error) {
	var all []Revision
	err := tx.Each(`SELECT `+revisionColumns+` FROM knowledge_revision WHERE code = $1 ORDER BY revision DESC`, []any{code}, func(s db.Scanner) error {
		r, err := scanRevision(s)
		all = append(all, r)
		return err
	})
	if err == nil && len(all) == 0 {
		err = none(fault.New(fault.Missing, "db.no-row"), code)
	}
	return all, err
}

func none(err error, code string) error {
	if fault.Is(err, fault.Missing) {
		return fault.New(fault.Missing, "knowledge.none", "code", firstOf(code, 40)).At("code", "5.2.9")
	}
	return err
}

// Write keeps a text as the article's draft: a new revision, or the author's own draft anew. While somebody looks at one, or
// another person's draft is there, it is Conflict.
func Write(tx *db.Tx, by who.Actor, code, text string, symptoms []Symptom) (Revision, error) {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return Revision{}, fault.New(fault.Invalid, "knowledge.text").At("text", "")
	}
	a, err := Read(code+".yaml", []byte(text), symptoms)
	if all := Mistakes(err); len(all) > 0 {
		return Revision{}, all[0] // the first is enough to go on; the rest is found when it is mended
	}
	if err != nil {
		return Revision{}, err
	}
	if a.Code != code {
		return Revision{}, fault.New(fault.Invalid, "knowledge.file.name", "file", code+".yaml", "value", a.Code).At("text", "")
	}
	r := Revision{Code: code, Revision: 1, State: Draft, Text: text, Hash: hash(text), Author: db.ID(by.ID), WrittenAt: tx.Now}
	all, err := Revisions(tx, code)
	switch {
	case fault.Is(err, fault.Missing):
	case err != nil:
		return r, err
	case all[0].State == Review, all[0].State == Draft && all[0].Author != r.Author:
		return r, fault.New(fault.Conflict, "knowledge.on-its-way", "code", code, "revision", all[0].Revision, "state", string(all[0].State)).At("code", "")
	case all[0].State == Draft:
		r.Revision = all[0].Revision
		_, err := tx.Exec(`
			UPDATE knowledge_revision SET text = $3, hash = $4, written_at = $5
			 WHERE code = $1 AND revision = $2 AND state = 'draft'`, code, r.Revision, text, r.Hash, db.Millis(tx.Now))
		if err != nil {
			return r, err
		}
		return r, note(tx, by, "knowledge.written", r)
	default:
		r.Revision = all[0].Revision + 1
	}
	if err := insert(tx, r); err != nil {
		return r, err
	}
	return r, note(tx, by, "knowledge.written", r)
}

func insert(tx *db.Tx, r Revision) error {
	n, err := tx.Exec(`
		INSERT INTO knowledge_revision(code, revision, state, text, hash, author, written_at, reviewer, reviewed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT DO NOTHING`,
		r.Code, r.Revision, string(r.State), r.Text, r.Hash, r.Author, db.Millis(r.WrittenAt), r.Reviewer, db.Millis(r.ReviewedAt))
	if err == nil && n == 0 {
		err = db.Again(fault.New(fault.Conflict, "knowledge.changed", "code", r.Code))
	}
	return err
}

func note(tx *db.Tx, by who.Actor, act string, r Revision) error {
	_, err := journal.Write(tx, journal.Entry{By: by, Act: act, Kind: "article",
		Data: map[string]string{"code": r.Code, "revision": strconv.Itoa(r.Revision), "state": string(r.State), "hash": r.Hash}})
	return err
}

// Move takes a revision one step of its life on. Who approves or returns is not who wrote it; returning and retiring say why.
func Move(tx *db.Tx, by who.Actor, code string, revision int, move, reason string) (Revision, error) {
	r, err := Kept(tx, code, revision)
	if err != nil {
		return r, err
	}
	from := map[string]State{Submit: Draft, Approve: Review, Return: Review, Retire: Force}[move]
	own := by.ID != 0 && r.Author == db.ID(by.ID)
	reason = strings.TrimSpace(reason)
	switch {
	case from == "":
		return r, fault.New(fault.Invalid, "knowledge.move", "value", firstOf(move, 40), "known", strings.Join(Moves, ", ")).At("move", "")
	case r.State != from:
		return r, fault.New(fault.Conflict, "knowledge.state", "move", move, "state", string(r.State), "needed", string(from)).At("move", "")
	case move == Submit && !own:
		return r, fault.New(fault.Forbidden, "knowledge.not-author").At("move", "")
	case (move == Approve || move == Return) && own:
		return r, fault.New(fault.Forbidden, "knowledge.own-review").At("move", "")
	case (move == Return || move == Retire) && reason == "":
		return r, fault.New(fault.Invalid, "knowledge.reason").At("reason", "")
	case utf8.RuneCountInString(reason) > maxText:
		return r, fault.New(fault.Invalid, "knowledge.reason-long", "max", maxText).At("reason", "")
	}
	switch move {
	case Submit:
		err = r.become(tx, Review, 0, "")
	case Return:
		err = r.become(tx, Draft, 0, reason)
	case Retire:
		if err = takeDown(tx, code); err == nil {
			err = r.become(tx, Past, r.Reviewer, reason)
		}
	case Approve:
		err = approve(tx, &r, db.ID(by.ID))
	}
	if err != nil {
		return r, err
	}
	return r, note(tx, by, "knowledge."+move, r)
}

// approve puts a revision in force and on the shelf, in place of the one before.
func approve(tx *db.Tx, r *Revision, reviewer db.ID) error {
	before, err := InForce(tx, r.Code)
	if err == nil {
		if err = takeDown(tx, r.Code); err == nil {
			err = before.become(tx, Past, before.Reviewer, before.Reason)
		}
	}
	if err != nil && !fault.Is(err, fault.Missing) {
		return err
	}
	if err := r.become(tx, Force, reviewer, ""); err != nil {
		return err
	}
	a, err := r.Article()
	if err != nil {
		return err
	}
	return putUp(tx, a, r.Revision)
}

// become writes a revision's new state, and only if it still is what the act read.
func (r *Revision) become(tx *db.Tx, state State, reviewer db.ID, reason string) error {
	was := r.State
	r.State, r.Reviewer, r.Reason = state, reviewer, reason
	if state == Force {
		r.ReviewedAt = tx.Now
	}
	n, err := tx.Exec(`
		UPDATE knowledge_revision SET state = $4, reviewer = $5, reviewed_at = $6, reason = $7
		 WHERE code = $1 AND revision = $2 AND state = $3`,
		r.Code, r.Revision, string(was), string(state), reviewer, db.Millis(r.ReviewedAt), reason)
	if err == nil && n == 0 {
		err = db.Again(fault.New(fault.Conflict, "knowledge.changed", "code", r.Code))
	}
	return err
}

// Seed keeps and puts up the articles of a set that the store has never had. What it has, or had, stays as it is: the set
// seeds once, then the store is the truth (decisions.md, House).
func Seed(ctx context.Context, store *db.DB, fsys fs.FS, symptoms []Symptom) error {
	all, err := readAll(fsys, symptoms)
	if err != nil {
		return fmt.Errorf("seed articles: %w", err)
	}
	there := map[string]bool{}
	err = store.Read(ctx, func(tx *db.Tx) error {
		return tx.Each(`SELECT DISTINCT code FROM knowledge_revision`, nil, func(s db.Scanner) error {
			var code string
			err := s.Scan(&code)
			there[code] = true
			return err
		})
	})
	if err != nil {
		return fmt.Errorf("seed articles: %w", err)
	}
	var fresh []text
	for _, a := range all {
		if !there[a.Code] {
			fresh = append(fresh, a)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	err = store.Write(ctx, func(tx *db.Tx) error {
		for _, a := range fresh {
			r := Revision{Code: a.Code, Revision: 1, State: Force, Text: a.text, Hash: hash(a.text), WrittenAt: tx.Now, ReviewedAt: tx.Now}
			if err := insert(tx, r); err != nil {
				return err
			}
			if err := putUp(tx, a.Article, 1); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("seed articles: %w", err)
	}
	return nil
}

// putUp puts an article on the shelf and into the search.
func putUp(tx *db.Tx, a Article, revision int) error {
	services, err := json.Marshal(a.Services)
	if err != nil {
		return err
	}
	symptoms, err := json.Marshal(a.Symptoms)
	if err != nil {
		return err
	}
	verdicts, err := json.Marshal(a.Verdicts)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO knowledge_article(code, revision, title_id, title_en, about_id, about_en, services, symptoms, verdicts)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		a.Code, revision, a.Title.ID, a.Title.EN, a.About.ID, a.About.EN, string(services), string(symptoms), string(verdicts))
	if err != nil {
		return err
	}
	return index(tx, a)
}

// takeDown takes an article off the shelf and out of the search.
func takeDown(tx *db.Tx, code string) error {
	if err := unindex(tx, code); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM knowledge_article WHERE code = $1`, code)
	return err
}
