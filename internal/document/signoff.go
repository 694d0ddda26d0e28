package document

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/phrase"
	"sapa/internal/who"
)

// Signoff is one round of signatures over one content of a draft.
type Signoff struct {
	ID          db.ID
	Document    string
	Revision    int
	Hash        string // of the book
	Content     string // what each signs
	Version     int64  // of the draft
	EffectiveAt time.Time
	Signatures  []Signature // those given so far, in order
	EndedAt     time.Time   // zero: it stands
	EndedHow    string      // changed, withdrawn, returned, discarded
	Reason      string
}

// How a round ends without approval.
const (
	changed   = "changed"
	withdrawn = "withdrawn"
	returned  = "returned"
	discarded = "discarded"
)

const signoffColumns = `id, document, revision, hash, content, version, effective_at, prepared_by, prepared_name, prepared_role, prepared_at,
	reviewed_by, reviewed_name, reviewed_role, reviewed_at, approved_by, approved_name, approved_role, approved_at, ended_at, ended_how, reason`

func scanSignoff(s db.Scanner) (Signoff, error) {
	var o Signoff
	three := [3]struct {
		Signature
		role string
		at   int64
	}{}
	var effective, ended int64
	to := []any{&o.ID, &o.Document, &o.Revision, &o.Hash, &o.Content, &o.Version, &effective}
	for i := range three {
		to = append(to, &three[i].Person, &three[i].Name, &three[i].role, &three[i].at)
	}
	if err := s.Scan(append(to, &ended, &o.EndedHow, &o.Reason)...); err != nil {
		return o, err
	}
	for i, one := range three {
		if one.at != 0 {
			one.Part, one.Role, one.At = Parts[i], who.Role(one.role), db.Time(one.at)
			o.Signatures = append(o.Signatures, one.Signature)
		}
	}
	o.EffectiveAt, o.EndedAt = db.Time(effective), db.Time(ended)
	return o, nil
}

func signoffByID(tx *db.Tx, id db.ID) (Signoff, error) {
	return scanSignoff(tx.Row(`SELECT `+signoffColumns+` FROM signoff WHERE id = $1`, id))
}

// SignoffOf gives the round that stands over the document's draft; false when nobody has signed it as it is.
func SignoffOf(tx *db.Tx, document string) (Signoff, bool, error) {
	o, err := scanSignoff(tx.Row(`SELECT `+signoffColumns+` FROM signoff WHERE document = $1 AND ended_at = 0 AND approved_at = 0`, document))
	if fault.Is(err, fault.Missing) {
		return Signoff{}, false, nil
	}
	return o, err == nil, err
}

// Signoffs lists the rounds of a revision, the newest first: what was signed, and what became of it.
func Signoffs(tx *db.Tx, document string, revision int) (all []Signoff, err error) {
	err = tx.Each(`SELECT `+signoffColumns+` FROM signoff WHERE document = $1 AND revision = $2 ORDER BY id DESC LIMIT 100`, []any{document, revision}, func(s db.Scanner) error {
		o, err := scanSignoff(s)
		all = append(all, o)
		return err
	})
	return all, err
}

// sign adds somebody's part to the round over a content of the draft; the caller has seen who it is and that the draft may be signed.
func sign(tx *db.Tx, by who.Actor, d Draft, part Part, hash, content string) (Signoff, error) {
	o, there, err := SignoffOf(tx, d.Document)
	if err != nil {
		return o, err
	}
	if err := MaySign(o.Signatures, o.Content, by, part, content); err != nil {
		return o, err
	}
	n := int64(1)
	switch {
	case !there:
		o = Signoff{ID: tx.NewID(), Document: d.Document, Revision: d.Revision, Hash: hash, Content: content, Version: d.Version, EffectiveAt: d.EffectiveAt}
		n, err = tx.Exec(`
			INSERT INTO signoff(id, document, revision, hash, content, version, effective_at, prepared_by, prepared_name, prepared_role, prepared_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
			ON CONFLICT DO NOTHING`,
			o.ID, o.Document, o.Revision, o.Hash, o.Content, o.Version, db.Millis(o.EffectiveAt), by.ID, by.Name, string(by.Role), db.Millis(tx.Now))
	case part == Reviewed:
		n, err = tx.Exec(`
			UPDATE signoff SET reviewed_by = $2, reviewed_name = $3, reviewed_role = $4, reviewed_at = $5
			 WHERE id = $1 AND reviewed_at = 0 AND ended_at = 0`, o.ID, by.ID, by.Name, string(by.Role), db.Millis(tx.Now))
	case part == Approved:
		n, err = tx.Exec(`
			UPDATE signoff SET approved_by = $2, approved_name = $3, approved_role = $4, approved_at = $5
			 WHERE id = $1 AND approved_at = 0 AND ended_at = 0`, o.ID, by.ID, by.Name, string(by.Role), db.Millis(tx.Now))
	}
	if err == nil && n == 0 {
		err = db.Again(fault.New(fault.Conflict, "document.draft-stale", "document", d.Document))
	}
	if err != nil {
		return o, err
	}
	o.Signatures = append(o.Signatures, Signature{Part: part, Person: db.ID(by.ID), Name: by.Name, Role: by.Role, At: tx.Now})
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "draft.signed", Kind: "draft", Ref: o.ID, Data: map[string]string{
		"document": d.Document, "revision": strconv.Itoa(d.Revision), "part": string(part), "content": content}})
	return o, err
}

// reasonMax bounds a reason, in characters.
const reasonMax = 1000

func needReason(reason, clause string) (string, error) {
	reason = strings.TrimSpace(reason)
	switch {
	case reason == "":
		return "", fault.New(fault.Invalid, "document.reason").At("reason", clause)
	case utf8.RuneCountInString(reason) > reasonMax:
		return "", fault.New(fault.Invalid, "document.reason-long", "max", reasonMax).At("reason", clause)
	}
	return reason, nil
}

// TakeBack ends the round over the draft with a reason: who has signed withdraws, whose turn it is to sign gives it back. The next
// round begins with the first signature again.
func TakeBack(tx *db.Tx, by who.Actor, document, reason string) error {
	reason, err := needReason(reason, "fn.5")
	if err != nil {
		return err
	}
	if _, err := hold(tx, document); err != nil {
		return err
	}
	o, there, err := SignoffOf(tx, document)
	if err != nil {
		return err
	}
	if !there {
		return fault.New(fault.Missing, "document.not-signed", "document", document)
	}
	how := ""
	for _, s := range o.Signatures {
		if s.Person == db.ID(by.ID) {
			how = withdrawn
		}
	}
	if how == "" && MaySign(o.Signatures, o.Content, by, Parts[len(o.Signatures)], o.Content) == nil {
		how = returned
	}
	if how == "" {
		return fault.New(fault.Forbidden, "document.not-yours", "role", phrase.Of("web.role."+string(by.Role))).At("part", "fn.5")
	}
	return end(tx, by, document, how, reason)
}

// end takes the signatures over the draft away, if there are any, and says in the journal how that came.
func end(tx *db.Tx, by who.Actor, document, how, reason string) error {
	o, there, err := SignoffOf(tx, document)
	if err != nil || !there {
		return err
	}
	if _, err := tx.Exec(`
		UPDATE signoff SET ended_at = $2, ended_by = $3, ended_how = $4, reason = $5
		 WHERE id = $1 AND ended_at = 0 AND approved_at = 0`, o.ID, db.Millis(tx.Now), by.ID, how, reason); err != nil {
		return err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "draft.signatures-" + how, Kind: "draft", Ref: o.ID, Data: map[string]string{
		"document": document, "revision": strconv.Itoa(o.Revision), "signatures": strconv.Itoa(len(o.Signatures)), "content": o.Content}})
	return err
}

// hold reads the draft and keeps everybody else from changing it until the act ends.
func hold(tx *db.Tx, document string) (Draft, error) {
	n, err := tx.Exec(`UPDATE draft SET version = version WHERE document = $1`, document)
	if err == nil && n == 0 {
		err = fault.New(fault.Missing, "document.no-draft", "document", document)
	}
	if err != nil {
		return Draft{}, err
	}
	return DraftOf(tx, document)
}
