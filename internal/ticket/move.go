package ticket

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// TurnMove is what a turn was before it was moved to a later revision.
type TurnMove struct {
	From, To Pin
	Answers  map[string]string
	By       db.ID
	At       time.Time
}

// MoveTurn pins a turn without an outcome to a later revision, with its answers as they are there; the pin and the answers it
// had are kept. t is the turn as it was read: Conflict "ticket.draft-stale" when it has changed since.
func MoveTurn(tx *db.Tx, by who.Actor, t Turn, to Pin, answers map[string]string) error {
	if to.Code != t.Code || to.Revision <= t.Revision {
		return fault.New(fault.Conflict, "ticket.moved-already", "revision", fmt.Sprintf("%02d", t.Revision))
	}
	was, err := jsonText(t.Answers)
	if err != nil {
		return err
	}
	is, err := jsonText(answers)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`
		UPDATE turn SET revision = $3, hash = $4, answers = $5, draft = draft + 1
		 WHERE id = $1 AND draft = $2 AND revision = $6 AND finished_at = 0`, t.ID, t.Draft, to.Revision, to.Hash, is, t.Revision)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "ticket.draft-stale")
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO turn_move(id, turn, from_revision, from_hash, to_revision, to_hash, answers, by_id, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		tx.NewID(), t.ID, t.Revision, t.Hash, to.Revision, to.Hash, was, by.ID, db.Millis(tx.Now))
	if err != nil {
		return err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "turn.moved", Kind: "turn", Ref: t.ID, Ticket: t.Ticket,
		Data: map[string]string{"from": strconv.Itoa(t.Revision), "to": strconv.Itoa(to.Revision)}})
	return err
}

// MovesOf lists what a turn was before, the oldest first.
func MovesOf(tx *db.Tx, turn db.ID) ([]TurnMove, error) {
	var all []TurnMove
	err := tx.Each(`
		SELECT t.code, m.from_revision, m.from_hash, m.to_revision, m.to_hash, m.answers, m.by_id, m.at
		  FROM turn_move m JOIN turn t ON t.id = m.turn
		 WHERE m.turn = $1
		 ORDER BY m.from_revision`, []any{turn}, func(s db.Scanner) error {
		var m TurnMove
		var answers string
		var at int64
		if err := s.Scan(&m.From.Code, &m.From.Revision, &m.From.Hash, &m.To.Revision, &m.To.Hash, &answers, &m.By, &at); err != nil {
			return err
		}
		m.To.Code, m.At = m.From.Code, db.Time(at)
		err := json.Unmarshal([]byte(answers), &m.Answers)
		all = append(all, m)
		return err
	})
	return all, err
}

// isKept is a ticket k that waits, and whose last turn t was given back with answers under another revision than $2.
const isKept = `k.state IN ('waiting', 'parked')
		   AND t.finished_at = 0 AND t.ended_at > 0 AND t.answers <> '{}' AND t.revision <> $2`

const lastOf = `ticket k JOIN turn t ON t.id = (SELECT max(l.id) FROM turn l WHERE l.ticket = k.id)`

// KeptDraft gives the turn whose draft one ticket keeps from another revision than the one given; Missing when it keeps none.
func KeptDraft(tx *db.Tx, ticket db.ID, revision int) (Turn, error) {
	return scanTurn(tx.Row(`SELECT `+turnColumns+` FROM `+lastOf+` WHERE k.id = $1 AND `+isKept, ticket, revision))
}

// KeptDrafts lists the last turns of a campaign's waiting tickets that were given back with answers under another revision
// than the one given, the oldest first.
func KeptDrafts(tx *db.Tx, campaign string, revision, limit int) ([]Turn, error) {
	var all []Turn
	err := tx.Each(`
		SELECT `+turnColumns+` FROM `+lastOf+`
		 WHERE k.campaign = $1 AND `+isKept+`
		 ORDER BY t.id
		 LIMIT $3`, []any{campaign, revision, limit}, func(s db.Scanner) error {
		t, err := scanTurn(s)
		all = append(all, t)
		return err
	})
	return all, err
}
