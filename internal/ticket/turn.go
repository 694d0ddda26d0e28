package ticket

import (
	"encoding/json"
	"fmt"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
)

// Pin is the revision a turn runs under from claim to finish (decisions.md 5).
type Pin struct {
	Code     string // of the procedure, which is the campaign's
	Revision int    // of the document
	Hash     string
}

// Turn is one agent's go at one ticket, claim to finish. It owns attempts, answers and outcome.
type Turn struct {
	Pin
	ID         db.ID
	Ticket     db.ID
	Subject    string
	Ref        string
	Agent      db.ID
	ClaimedAt  time.Time
	ReadAt     time.Time // the note was read (SOP 5.2.4.note)
	FinishedAt time.Time // zero: no outcome
	EndedAt    time.Time // given back without one
	Answers    map[string]string
	Draft      int64  // version of the answers
	Carried    bool   // draft and revision were taken over from a turn that was given back
	Lead       db.ID  // the turn whose call this one shares; 0: it has its own
	Outcome    string // of a finished turn
	Means      []string
}

const turnColumns = `t.id, t.ticket, t.subject, t.ref, t.agent, t.code, t.revision, t.hash, t.claimed_at, t.read_at, t.finished_at, t.ended_at, t.answers, t.draft, t.carried,
	COALESCE((SELECT g.lead FROM along g WHERE g.turn = t.id), 0)`

func scanTurn(s db.Scanner, more ...any) (Turn, error) {
	var t Turn
	var claimed, read, finished, ended int64
	var answers string
	var carried int
	err := s.Scan(append([]any{&t.ID, &t.Ticket, &t.Subject, &t.Ref, &t.Agent, &t.Code, &t.Revision, &t.Hash, &claimed, &read, &finished, &ended, &answers, &t.Draft, &carried, &t.Lead}, more...)...)
	if err != nil {
		return t, err
	}
	t.ClaimedAt, t.ReadAt, t.FinishedAt, t.EndedAt = db.Time(claimed), db.Time(read), db.Time(finished), db.Time(ended)
	t.Carried = carried == 1
	if err := json.Unmarshal([]byte(answers), &t.Answers); err != nil {
		return t, fmt.Errorf("turn %d: answers: %w", t.ID, err)
	}
	return t, nil
}

// BeginTurn starts the turn of a claimed ticket. A draft that an unfinished turn left behind goes on, and once under the
// revision it was written for: handed on again it comes under the one given, or an old revision would never end. A retry
// starts without a draft, and a revision that was recalled is begun under by nobody (decisions.md 5). A claim asked for twice at once is one turn: the second gets the first's.
func BeginTurn(tx *db.Tx, ticket, agent db.ID, pin Pin) (Turn, error) {
	of, err := Get(tx, ticket)
	if err != nil {
		return Turn{}, err
	}
	t := Turn{Pin: pin, ID: tx.NewID(), Ticket: ticket, Subject: of.Subject, Ref: of.Ref, Agent: agent, ClaimedAt: tx.Now, Answers: map[string]string{}, Draft: 1}
	left, there, err := LastTurn(tx, ticket)
	if err != nil {
		return Turn{}, err
	}
	if there && left.FinishedAt.IsZero() && left.EndedAt.IsZero() && left.Agent == agent {
		return left, nil
	}
	if there && left.FinishedAt.IsZero() && len(left.Answers) > 0 {
		t.Answers = left.Answers
		keeps := !left.Carried
		if keeps && left.Pin != pin { // nobody begins under what was recalled
			if keeps, err = standing(tx, left.Pin); err != nil {
				return Turn{}, err
			}
		}
		if keeps {
			t.Pin, t.Carried = left.Pin, true
		}
	}
	answers, err := jsonText(t.Answers)
	if err != nil {
		return Turn{}, err
	}
	_, err = tx.Exec(`
		INSERT INTO turn(id, ticket, subject, ref, agent, code, revision, hash, claimed_at, answers, carried)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		t.ID, t.Ticket, t.Subject, t.Ref, t.Agent, t.Code, t.Revision, t.Hash, db.Millis(t.ClaimedAt), answers, bit(t.Carried))
	return t, err
}

// standing tells whether the revision of a pin was not recalled.
func standing(tx *db.Tx, p Pin) (bool, error) {
	var recalled int
	err := tx.Row(`SELECT count(*) FROM revision WHERE revision = $1 AND hash = $2 AND recalled_at > 0`, p.Revision, p.Hash).Scan(&recalled)
	return recalled == 0, err
}

// TurnOf gives the turn a held ticket is in.
func TurnOf(tx *db.Tx, ticket db.ID) (Turn, error) {
	t, err := scanTurn(tx.Row(`SELECT `+turnColumns+` FROM turn t WHERE t.ticket = $1 AND t.finished_at = 0 AND t.ended_at = 0 ORDER BY t.id DESC LIMIT 1`, ticket))
	if fault.Is(err, fault.Missing) {
		err = lost()
	}
	return t, err
}

// OpenUnderOther counts the turns in hand that run under another revision than one: they end under their own (decisions.md 5).
func OpenUnderOther(tx *db.Tx, revision int) (n int, err error) {
	err = tx.Row(`
		SELECT count(*) FROM hold h
		  JOIN turn t ON t.ticket = h.ticket AND t.finished_at = 0 AND t.ended_at = 0
		 WHERE t.revision <> $1`, revision).Scan(&n)
	return n, err
}

// MarkRead keeps that the note was read.
func MarkRead(tx *db.Tx, turn db.ID) error {
	_, err := tx.Exec(`UPDATE turn SET read_at = $2 WHERE id = $1 AND read_at = 0`, turn, db.Millis(tx.Now))
	return err
}

// KeepDraft keeps the answers given so far and gives the draft's new version; Conflict when another window kept some
// since that version, or the turn is over.
func KeepDraft(tx *db.Tx, turn db.ID, version int64, answers map[string]string) (int64, error) {
	text, err := jsonText(answers)
	if err != nil {
		return 0, err
	}
	n, err := tx.Exec(`UPDATE turn SET answers = $3, draft = draft + 1 WHERE id = $1 AND draft = $2 AND finished_at = 0 AND ended_at = 0`, turn, version, text)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "ticket.draft-stale")
	}
	return version + 1, err
}

// TurnsOfSubject lists a subject's finished turns, newest first, in every campaign.
func TurnsOfSubject(tx *db.Tx, subject string, limit int) ([]Turn, error) {
	return turns(tx, `
		SELECT `+turnColumns+`, o.code, o.means FROM turn t
		  JOIN outcome o ON o.turn = t.id AND o.undone_at = 0
		 WHERE t.subject = $1 AND t.finished_at > 0
		 ORDER BY t.finished_at DESC, t.id DESC
		 LIMIT $2`, subject, limit)
}

// FinishedBy lists the turns an agent finished since a moment, newest first.
func FinishedBy(tx *db.Tx, agent db.ID, since time.Time, limit int) ([]Turn, error) {
	return turns(tx, `
		SELECT `+turnColumns+`, o.code, o.means FROM turn t
		  JOIN outcome o ON o.turn = t.id AND o.undone_at = 0
		 WHERE t.agent = $1 AND t.finished_at >= $2 AND t.finished_at > 0
		 ORDER BY t.finished_at DESC, t.id DESC
		 LIMIT $3`, agent, db.Millis(since), limit)
}

func turns(tx *db.Tx, query string, args ...any) ([]Turn, error) {
	var all []Turn
	err := tx.Each(query, args, func(s db.Scanner) error {
		var outcome, means string
		t, err := scanTurn(s, &outcome, &means)
		if err != nil {
			return err
		}
		t.Outcome, t.Means = outcome, splitMeans(means)
		all = append(all, t)
		return nil
	})
	return all, err
}

// LastFinished gives the turn by which an agent last settled a ticket; Missing when they did not.
func LastFinished(tx *db.Tx, ticket, agent db.ID) (Turn, error) {
	return scanTurn(tx.Row(`
		SELECT `+turnColumns+` FROM turn t
		 WHERE t.ticket = $1 AND t.agent = $2 AND t.finished_at > 0
		 ORDER BY t.finished_at DESC, t.id DESC
		 LIMIT 1`, ticket, agent))
}

// SettledSince tells whether a ticket has had a result since a moment (SOP 5.5.8.a.follow-up: the same day).
func SettledSince(tx *db.Tx, ticket db.ID, since time.Time) (bool, error) {
	var n int
	err := tx.Row(`SELECT count(*) FROM outcome WHERE ticket = $1 AND at >= $2 AND undone_at = 0`, ticket, db.Millis(since)).Scan(&n)
	return n > 0, err
}
