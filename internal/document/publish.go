package document

import (
	"fmt"
	"path"
	"strconv"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/procedure"
	"sapa/internal/who"
)

// Signing is a draft as somebody is about to sign it.
type Signing struct {
	Draft
	Book    *procedure.Book // as read; nil while it has problems
	Content string          // what is signed; "" while the book has problems
	Lacks   []error         // why it can't be signed as it is, each a fault; empty: it can
}

// Examine reads a draft as one that is to be signed: it must load without problems, its form must leave no finding undecided - by
// the decisions given or by the draft's own decided.txt -, and its title block must say what would be published. at is now, site the
// document's zone.
func (d Draft) Examine(decided []procedure.Resolution, at time.Time, site *time.Location) Signing {
	s := Signing{Draft: d}
	book, problems := d.Book()
	if len(problems) > 0 {
		s.Lacks = append(s.Lacks, fault.New(fault.Invalid, "document.sign-problems", "n", len(problems), "first", problems[0].Error()).At("files", "fn.5"))
		return s
	}
	s.Book, s.Content = book, Content(book.Hash, d.Document, d.Revision, d.EffectiveAt)
	if open := d.Undecided(book, decided); len(open) > 0 {
		s.Lacks = append(s.Lacks, fault.New(fault.Invalid, "document.sign-findings", "n", len(open), "clause", open[0].Clause, "class", open[0].Class, "where", open[0].Where()).At("files", open[0].Clause))
	}
	if err := d.titled(book, at, site); err != nil {
		s.Lacks = append(s.Lacks, err)
	}
	return s
}

// DecidedFile is where a draft may say which decision of its own answers what the linter finds.
const DecidedFile = "decided.txt"

// Undecided lists what the linter finds in the draft's form that no decision answers.
func (d Draft) Undecided(book *procedure.Book, decided []procedure.Resolution) (open []procedure.Finding) {
	own, _ := procedure.Resolutions(DecidedFile, d.Files[DecidedFile]) // a line that is none answers nothing
	findings := book.Lint()
	book.Resolve(findings, append(own, decided...))
	for _, f := range findings {
		if f.ResolvedBy == "" {
			open = append(open, f)
		}
	}
	return open
}

// Sign adds somebody's signature over the content they have seen. The third publishes in the same act: the draft becomes a revision,
// which is given back; before, it is nil. decided and site as in Examine.
func Sign(tx *db.Tx, by who.Actor, document string, part Part, content string, decided []procedure.Resolution, site *time.Location) (Signoff, *Revision, error) {
	d, err := hold(tx, document)
	if err != nil {
		return Signoff{}, nil, err
	}
	if o, there, err := SignoffOf(tx, document); err != nil || !there && part != Prepared {
		if err == nil {
			err = MaySign(nil, "", by, part, content)
		}
		return o, nil, err
	}
	if part == Approved {
		if err := tx.Alone("revision"); err != nil { // no claim may straddle the moment
			return Signoff{}, nil, err
		}
	}
	s := d.Examine(decided, tx.Now, site)
	if len(s.Lacks) > 0 {
		return Signoff{}, nil, s.Lacks[0]
	}
	if s.Content != content {
		return Signoff{}, nil, fault.New(fault.Conflict, "document.sign-content").At("content", part.Clause())
	}
	o, err := sign(tx, by, d, part, s.Book.Hash, content)
	if err != nil || part != Approved {
		if err == nil {
			err = d.couldPublish(tx)
		}
		return o, nil, err
	}
	r, err := publish(tx, by, s, o)
	return o, &r, err
}

// couldPublish refuses early what the approver could not publish.
func (d Draft) couldPublish(tx *db.Tx) error {
	states, err := States(tx, d.Document)
	if err == nil {
		_, err = MayPublish(states, d.Revision, d.EffectiveAt, tx.Now)
	}
	return err
}

// publish makes the draft a revision over its approved round.
func publish(tx *db.Tx, by who.Actor, s Signing, o Signoff) (Revision, error) {
	r := Revision{Document: s.Document, Revision: s.Revision, Hash: s.Book.Hash, Book: s.Book}
	states, err := States(tx, s.Document)
	if err != nil {
		return r, err
	}
	if r.EffectiveAt, err = MayPublish(states, s.Revision, s.EffectiveAt, tx.Now); err != nil {
		return r, err
	}
	kept := make(map[string]string, len(s.Files))
	for name, text := range s.Files {
		kept[path.Join(folder(s.Document, s.Revision), name)] = text
	}
	files, err := packed(kept)
	if err != nil {
		return r, err
	}
	_, err = tx.Exec(`
		INSERT INTO revision(document, revision, hash, effective_at, files, kept_at, origin, signoff, approved_at)
		VALUES ($1, $2, $3, $4, $5, $6, 'signed', $7, $6)`,
		r.Document, r.Revision, r.Hash, db.Millis(r.EffectiveAt), files, db.Millis(tx.Now), o.ID)
	if err != nil {
		return r, err
	}
	n, err := tx.Exec(`DELETE FROM draft WHERE document = $1 AND version = $2`, s.Document, s.Version)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "document.draft-stale", "document", s.Document)
	}
	if err != nil {
		return r, err
	}
	r.Signatures = onPaper(s.Book)
	for i, one := range o.Signatures {
		one.Position = r.Signatures[i].Position
		r.Signatures[i] = one
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "revision.published", Kind: "revision", Ref: o.ID, Data: map[string]string{
		"document": r.Document, "revision": strconv.Itoa(r.Revision), "hash": r.Hash, "effective_at": r.EffectiveAt.UTC().Format(time.RFC3339)}})
	return r, err
}

// Recall takes a revision out of force at once and for ever, or keeps it from coming into force; the one before comes back. It gives
// what is in force then. Open turns finish under the one they began with.
func Recall(tx *db.Tx, by who.Actor, document string, revision int, reason string) (State, error) {
	reason, err := needReason(reason, "doc.effective")
	if err != nil {
		return State{}, err
	}
	if by.ID == 0 {
		return State{}, fault.New(fault.Forbidden, "document.recall-person").At("revision", "doc.effective")
	}
	if err := tx.Alone("revision"); err != nil { // no claim may straddle the moment
		return State{}, err
	}
	states, err := States(tx, document)
	if err != nil {
		return State{}, err
	}
	if err := MayRecall(states, revision, tx.Now); err != nil {
		return State{}, err
	}
	_, err = tx.Exec(`
		UPDATE revision SET recalled_at = $3, recalled_by = $4, recalled_name = $5, recall_reason = $6
		 WHERE document = $1 AND revision = $2 AND recalled_at = 0`, document, revision, db.Millis(tx.Now), by.ID, by.Name, reason)
	if err != nil {
		return State{}, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "revision.recalled", Kind: "revision", Data: map[string]string{
		"document": document, "revision": strconv.Itoa(revision)}})
	if err != nil {
		return State{}, err
	}
	if states, err = States(tx, document); err != nil {
		return State{}, err
	}
	now, ok := Pick(states, tx.Now)
	if !ok {
		return State{}, fmt.Errorf("recall of %s revision %02d leaves none in force", document, revision)
	}
	return now, nil
}

// Standing is a revision as lists show it.
type Standing struct {
	State
	Document     string
	KeptAt       time.Time
	Stands       string // force, coming, superseded, recalled
	RecalledBy   string
	RecallReason string
}

// How a revision stands.
const (
	InForce    = "force"
	Coming     = "coming"
	Superseded = "superseded"
	Recalled   = "recalled"
)

// Standings lists a document's revisions, the newest first.
func Standings(tx *db.Tx, document string) (all []Standing, err error) {
	var states []State
	const query = `
		SELECT revision, hash, CASE origin WHEN 'paper' THEN 1 ELSE 0 END, COALESCE(approved_at, 0), effective_at, recalled_at, kept_at, recalled_name, recall_reason
		  FROM revision WHERE document = $1 ORDER BY revision DESC`
	err = tx.Each(query, []any{document}, func(s db.Scanner) error {
		one := Standing{Document: document}
		var kept int64
		var err error
		one.State, err = ScanState(s, &kept, &one.RecalledBy, &one.RecallReason)
		one.KeptAt = db.Time(kept)
		all, states = append(all, one), append(states, one.State)
		return err
	})
	now, ok := Pick(states, tx.Now)
	for i := range all {
		switch one := &all[i]; {
		case !one.RecalledAt.IsZero():
			one.Stands = Recalled
		case ok && one.Revision == now.Revision:
			one.Stands = InForce
		case one.EffectiveAt.After(tx.Now):
			one.Stands = Coming
		default:
			one.Stands = Superseded
		}
	}
	return all, err
}
