package document

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// States of a purge.
const (
	PurgeDrawing   = "drawing"   // its dry list is being counted
	PurgeListed    = "listed"    // the dry list is there
	PurgeAsked     = "asked"     // one person asks for it
	PurgeRunning   = "running"   // another has confirmed it; it goes on in small turns
	PurgeDone      = "done"      // nothing that was on the list and is not held is left
	PurgeWithdrawn = "withdrawn" // nobody confirms it any more
	PurgeStopped   = "stopped"   // while it ran: by a person, or because the register changed
)

// ListLasts is how long a dry list may be asked for and confirmed.
const ListLasts = 7 * 24 * time.Hour

// Purge is a dry list and what became of it.
type Purge struct {
	ID          db.ID
	State       string
	Register    int64 // the register's version it was drawn under
	MadeBy      db.ID
	MadeAt      time.Time
	ListedAt    time.Time
	Digest      string // over criteria, moment, counts and every id on the list
	AskedBy     db.ID
	AskedAt     time.Time
	ConfirmedBy db.ID
	ConfirmedAt time.Time
	EndedAt     time.Time
	EndedBy     db.ID
	Steps       []PurgeStep // in the order they are gone through
}

// PurgeStep is one kind of a purge.
type PurgeStep struct {
	Purge       db.ID
	Drawn       time.Time // when the list was
	Place       int
	Kind        string
	Rule        db.ID // 0: the register has no row of this kind, nothing of it goes
	RuleVersion int64
	Cutoff      time.Time // zero: nothing of it goes
	Ended       bool      // only where the service has ended before Cutoff
	Due, Kept   int64     // on the list; old enough and held back
	DueDigest   string
	Cursor      db.ID
	Over        bool
	Removed     int64
	GoneDigest  string // equals DueDigest when exactly the list has gone
}

const purgeColumns = `id, state, register, made_by, made_at, listed_at, digest, asked_by, asked_at, confirmed_by, confirmed_at, ended_at, ended_by`

func scanPurge(s db.Scanner) (p Purge, err error) {
	var made, listed, asked, confirmed, ended int64
	err = s.Scan(&p.ID, &p.State, &p.Register, &p.MadeBy, &made, &listed, &p.Digest, &p.AskedBy, &asked, &p.ConfirmedBy, &confirmed, &ended, &p.EndedBy)
	p.MadeAt, p.ListedAt, p.AskedAt, p.ConfirmedAt, p.EndedAt = db.Time(made), db.Time(listed), db.Time(asked), db.Time(confirmed), db.Time(ended)
	return p, err
}

// DrawPurge begins a dry list by the register as it is. Conflict "records.drawing" while another is being counted, "records.empty" when the
// register has no row that lets anything go.
func DrawPurge(tx *db.Tx, by who.Actor, site *time.Location) (Purge, error) {
	if err := passGate(tx, false); err != nil {
		return Purge{}, err
	}
	rules, err := RecordsRegister(tx)
	if err != nil {
		return Purge{}, err
	}
	p := Purge{ID: tx.NewID(), State: PurgeDrawing, MadeBy: db.ID(by.ID), MadeAt: tx.Now}
	any := false
	for i, kind := range RemovedKinds {
		s := PurgeStep{Purge: p.ID, Drawn: tx.Now, Place: i, Kind: kind}
		for _, r := range rules {
			if r.Kind == kind {
				s.Rule, s.RuleVersion, s.Cutoff, s.Ended = r.ID, r.Version, r.Cutoff(tx.Now, site), r.Basis == FromEnd
			}
		}
		any = any || !s.Cutoff.IsZero()
		p.Steps = append(p.Steps, s)
	}
	if !any {
		return p, fault.New(fault.Conflict, "records.empty").At("", ruleClause)
	}
	if p.Register, err = recordsVersion(tx); err != nil {
		return p, err
	}
	n, err := tx.Exec(`INSERT INTO purge(id, state, register, made_by, made_at) VALUES ($1, 'drawing', $2, $3, $4) ON CONFLICT DO NOTHING`, p.ID, p.Register, p.MadeBy, db.Millis(p.MadeAt))
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "records.drawing").At("", ruleClause)
	}
	if err != nil {
		return p, err
	}
	for _, s := range p.Steps {
		_, err := tx.Exec(`
			INSERT INTO purge_step(purge, place, kind, rule, rule_version, cutoff, ended) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			s.Purge, s.Place, s.Kind, s.Rule, s.RuleVersion, db.Millis(s.Cutoff), smallint(s.Ended))
		if err != nil {
			return p, err
		}
	}
	return p, nil
}

// PurgeCounted adds one page to the dry list: the ids that are due, how many are held back, up to where it was looked.
func PurgeCounted(tx *db.Tx, s PurgeStep, due []db.ID, kept int64, upTo db.ID, over bool) error {
	n, err := tx.Exec(`
		UPDATE purge_step SET due = due + $3, kept = kept + $4, due_digest = $5, cursor = $6, over = $7
		 WHERE purge = $1 AND kind = $2 AND cursor = $8 AND over = 0
		   AND EXISTS (SELECT 1 FROM purge p WHERE p.id = purge_step.purge AND p.state = 'drawing')`,
		s.Purge, s.Kind, len(due), kept, idChain(s.DueDigest, due), upTo, smallint(over), s.Cursor)
	return movedOn(n, err)
}

// PurgeListing ends the count: the dry list has its digest, and may be asked for.
func PurgeListing(tx *db.Tx, id db.ID) error {
	p, err := PurgeOf(tx, id)
	if err != nil {
		return err
	}
	criteria := struct {
		Purge, Made, Register int64
		Steps                 [][]any
	}{int64(p.ID), db.Millis(p.MadeAt), p.Register, nil}
	counts := map[string]string{}
	for _, s := range p.Steps {
		criteria.Steps = append(criteria.Steps, []any{s.Kind, int64(s.Rule), s.RuleVersion, db.Millis(s.Cutoff), s.Ended, s.Due, s.Kept, s.DueDigest})
		counts[s.Kind] = fmt.Sprint(s.Due)
	}
	text, err := json.Marshal(criteria)
	if err != nil {
		return fmt.Errorf("digest of purge %s: %w", p.ID, err)
	}
	sum := sha256.Sum256(text)
	counts["digest"] = hex.EncodeToString(sum[:])
	n, err := tx.Exec(`UPDATE purge SET state = 'listed', digest = $2, listed_at = $3 WHERE id = $1 AND state = 'drawing'`, id, counts["digest"], db.Millis(tx.Now))
	if err := movedOn(n, err); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE purge_step SET cursor = 0, over = 0 WHERE purge = $1`, id); err != nil {
		return err
	}
	_, err = journal.Write(tx, journal.Entry{By: who.Actor{ID: int64(p.MadeBy), Via: who.System}, Act: "purge.listed", Kind: "purge", Ref: id, Data: counts})
	return err
}

// AskPurge asks for the purge of a dry list, named by its digest. Conflict "records.stale" when the register has changed since, another purge
// has run, or the list is older than ListLasts.
func AskPurge(tx *db.Tx, by who.Actor, id db.ID, digest string) (Purge, error) {
	p, err := freshPurge(tx, id, digest)
	if err != nil {
		return p, err
	}
	if by.ID == 0 {
		return p, fault.New(fault.Forbidden, "records.by-people").At("", ruleClause)
	}
	n, err := tx.Exec(`UPDATE purge SET state = 'asked', asked_by = $2, asked_at = $3 WHERE id = $1 AND state = 'listed'`, id, by.ID, db.Millis(tx.Now))
	return p.moved(tx, by, n, err, "purge.asked")
}

// ConfirmPurge lets a purge run that another person has asked for: Forbidden "records.two-people" for the one who asked.
func ConfirmPurge(tx *db.Tx, by who.Actor, id db.ID, digest string) (Purge, error) {
	p, err := freshPurge(tx, id, digest)
	switch {
	case err != nil:
		return p, err
	case by.ID == 0:
		return p, fault.New(fault.Forbidden, "records.by-people").At("", ruleClause)
	case p.AskedBy == db.ID(by.ID):
		return p, fault.New(fault.Forbidden, "records.two-people").At("", ruleClause)
	}
	n, err := tx.Exec(`UPDATE purge SET state = 'running', confirmed_by = $2, confirmed_at = $3 WHERE id = $1 AND state = 'asked'`, id, by.ID, db.Millis(tx.Now))
	if fault.Is(err, fault.Conflict) { // another one runs
		err = fault.New(fault.Conflict, "records.running").At("", ruleClause)
	}
	return p.moved(tx, by, n, err, "purge.confirmed")
}

// StopPurge lets a dry list go that has not been confirmed, and stops a purge that runs: what has gone is gone, the rest stays.
func StopPurge(tx *db.Tx, by who.Actor, id db.ID) (Purge, error) {
	if err := passGate(tx, false); err != nil {
		return Purge{}, err
	}
	p, err := PurgeOf(tx, id)
	if err != nil {
		return p, err
	}
	n, err := tx.Exec(`
		UPDATE purge SET state = CASE WHEN state = 'running' THEN 'stopped' ELSE 'withdrawn' END, ended_at = $3, ended_by = $2
		 WHERE id = $1 AND state IN ('drawing', 'listed', 'asked', 'running')`, id, by.ID, db.Millis(tx.Now))
	return p.moved(tx, by, n, err, "purge.withdrawn")
}

// freshPurge takes the gate and reads a purge whose dry list may still be acted on.
func freshPurge(tx *db.Tx, id db.ID, digest string) (Purge, error) {
	if err := passGate(tx, false); err != nil {
		return Purge{}, err
	}
	p, err := PurgeOf(tx, id)
	if err != nil {
		return p, err
	}
	version, err := recordsVersion(tx)
	if err != nil {
		return p, err
	}
	later := false
	if err := tx.Row(`SELECT EXISTS (SELECT 1 FROM purge WHERE confirmed_at >= $2 AND confirmed_at > 0 AND id <> $1)`, id, db.Millis(p.MadeAt)).Scan(&later); err != nil {
		return p, err
	}
	if digest != p.Digest || p.Digest == "" || version != p.Register || later || tx.Now.After(p.MadeAt.Add(ListLasts)) {
		return p, fault.New(fault.Conflict, "records.stale").At("digest", ruleClause)
	}
	return p, nil
}

func (p Purge) moved(tx *db.Tx, by who.Actor, n int64, err error, act string) (Purge, error) {
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "records.moved-on").At("", ruleClause)
	}
	if err != nil {
		return p, err
	}
	if _, err := journal.Write(tx, journal.Entry{By: by, Act: act, Kind: "purge", Ref: p.ID, Data: map[string]string{"digest": p.Digest}}); err != nil {
		return p, err
	}
	return PurgeOf(tx, p.ID)
}

// EnterPurge takes the gate for one turn of a running purge. runs is false when it runs no more: it was stopped, or the register has changed
// since, and then it is stopped here.
func EnterPurge(tx *db.Tx, id db.ID) (runs bool, err error) {
	if err := passGate(tx, false); err != nil {
		return false, err
	}
	p, err := PurgeOf(tx, id)
	if err != nil || p.State != PurgeRunning {
		return false, err
	}
	version, err := recordsVersion(tx)
	if err != nil || version == p.Register {
		return err == nil, err
	}
	n, err := tx.Exec(`UPDATE purge SET state = 'stopped', ended_at = $2 WHERE id = $1 AND state = 'running'`, id, db.Millis(tx.Now))
	_, err = p.moved(tx, who.House, n, err, "purge.stopped")
	return false, err
}

// PurgeGone keeps what one turn removed, in its own act, and how far the walk has come.
func PurgeGone(tx *db.Tx, s PurgeStep, removed []db.ID, upTo db.ID, over bool) error {
	n, err := tx.Exec(`
		UPDATE purge_step SET removed = removed + $3, gone_digest = $4, cursor = $5, over = $6
		 WHERE purge = $1 AND kind = $2 AND cursor = $7 AND removed = $8 AND over = 0`,
		s.Purge, s.Kind, len(removed), idChain(s.GoneDigest, removed), upTo, smallint(over), s.Cursor, s.Removed)
	return movedOn(n, err)
}

// PurgeFinished ends a purge all of whose steps are over, with what it did in the journal.
func PurgeFinished(tx *db.Tx, id db.ID) error {
	p, err := PurgeOf(tx, id)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`
		UPDATE purge SET state = 'done', ended_at = $2
		 WHERE id = $1 AND state = 'running' AND NOT EXISTS (SELECT 1 FROM purge_step s WHERE s.purge = purge.id AND s.over = 0)`, id, db.Millis(tx.Now))
	if err := movedOn(n, err); err != nil {
		return err
	}
	said := map[string]string{"digest": p.Digest, "asked_by": p.AskedBy.String(), "confirmed_by": p.ConfirmedBy.String()}
	for _, s := range p.Steps {
		if !s.Cutoff.IsZero() {
			said[s.Kind], said[s.Kind+".before"], said[s.Kind+".digest"] = fmt.Sprint(s.Removed), s.Cutoff.Format(time.RFC3339), s.GoneDigest
		}
	}
	_, err = journal.Write(tx, journal.Entry{By: who.House, Act: "purge.done", Kind: "purge", Ref: id, Data: said})
	return err
}

// movedOn: another process has made this step; the act is read and made again.
func movedOn(n int64, err error) error {
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "records.moved-on")
	}
	return err
}

// idChain goes on with a digest over ids, one by one, so that it does not matter how they were cut into turns.
func idChain(digest string, ids []db.ID) string {
	for _, id := range ids {
		sum := sha256.Sum256([]byte(digest + "/" + id.String()))
		digest = hex.EncodeToString(sum[:])
	}
	return digest
}

// PurgeOf reads a purge with its steps; Missing "records.no-purge".
func PurgeOf(tx *db.Tx, id db.ID) (Purge, error) {
	p, err := scanPurge(tx.Row(`SELECT `+purgeColumns+` FROM purge WHERE id = $1`, id))
	if fault.Is(err, fault.Missing) {
		return p, fault.New(fault.Missing, "records.no-purge")
	}
	if err != nil {
		return p, err
	}
	err = tx.Each(`
		SELECT purge, place, kind, rule, rule_version, cutoff, ended, due, kept, due_digest, cursor, over, removed, gone_digest
		  FROM purge_step WHERE purge = $1 ORDER BY place`, []any{id}, func(s db.Scanner) error {
		var one PurgeStep
		var cutoff int64
		var ended, over int
		err := s.Scan(&one.Purge, &one.Place, &one.Kind, &one.Rule, &one.RuleVersion, &cutoff, &ended, &one.Due, &one.Kept, &one.DueDigest, &one.Cursor, &over, &one.Removed, &one.GoneDigest)
		one.Drawn, one.Cutoff, one.Ended, one.Over = p.MadeAt, db.Time(cutoff), ended == 1, over == 1
		p.Steps = append(p.Steps, one)
		return err
	})
	return p, err
}

// Purges lists the last ones, newest first.
func Purges(tx *db.Tx, limit int) ([]Purge, error) {
	var ids []db.ID
	err := tx.Each(`SELECT id FROM purge ORDER BY id DESC LIMIT $1`, []any{limit}, func(s db.Scanner) error {
		var id db.ID
		err := s.Scan(&id)
		ids = append(ids, id)
		return err
	})
	all := make([]Purge, len(ids))
	for i := range ids {
		if err == nil {
			all[i], err = PurgeOf(tx, ids[i])
		}
	}
	return all, err
}

// PurgeToDo gives the purge that has turns left, one that runs before one that is counted; false when none has.
func PurgeToDo(tx *db.Tx) (p Purge, is bool, err error) {
	var id db.ID
	err = tx.Row(`SELECT id FROM purge WHERE state = 'running' OR state = 'drawing' ORDER BY CASE WHEN state = 'running' THEN 0 ELSE 1 END LIMIT 1`).Scan(&id)
	if fault.Is(err, fault.Missing) {
		return p, false, nil
	}
	if err == nil {
		p, err = PurgeOf(tx, id)
	}
	return p, err == nil, err
}
