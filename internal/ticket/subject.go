package ticket

import (
	"time"

	"sapa/internal/db"
	"sapa/internal/who"
)

// SubjectsOf are the subjects under which tickets about a customer stand: the customer, and each service number from the time
// before the house knew whose it is.
func SubjectsOf(customer db.ID, serviceNos []string) []string {
	all := []string{Subject(customer, "", "")}
	for _, no := range serviceNos {
		all = append(all, Subject(0, no, ""))
	}
	return all
}

// SeesSubject tells whether a scope may see any ticket of a subject.
func SeesSubject(tx *db.Tx, scope who.Scope, subject string) (sees bool, err error) {
	err = tx.Row(`SELECT EXISTS (SELECT 1 FROM ticket WHERE subject = $4 AND `+visible+`)`, append(scopeArgs(scope), subject)...).Scan(&sees)
	return sees, err
}

// OpenedBefore lists a subject's tickets that were opened until a moment, the newest first, whatever became of them.
func OpenedBefore(tx *db.Tx, subject string, until time.Time, limit int) ([]Ticket, error) {
	return list(tx, `SELECT `+columns+` FROM ticket WHERE subject = $1 AND opened_at <= $2 ORDER BY opened_at DESC, id DESC LIMIT $3`, subject, db.Millis(until), limit)
}

// TurnsBefore lists a subject's turns that were finished until a moment, the newest first, in every campaign.
func TurnsBefore(tx *db.Tx, subject string, until time.Time, limit int) ([]Turn, error) {
	return turns(tx, `
		SELECT `+turnColumns+`, o.code, o.means FROM turn t
		  JOIN outcome o ON o.turn = t.id AND o.undone_at = 0
		 WHERE t.subject = $1 AND t.finished_at > 0 AND t.finished_at <= $2
		 ORDER BY t.finished_at DESC, t.id DESC
		 LIMIT $3`, subject, db.Millis(until), limit)
}

// GivenBack lists a subject's turns that ended without an outcome until a moment, the newest first.
func GivenBack(tx *db.Tx, subject string, until time.Time, limit int) ([]Turn, error) {
	var all []Turn
	err := tx.Each(`
		SELECT `+turnColumns+` FROM turn t
		 WHERE t.subject = $1 AND t.finished_at = 0 AND t.ended_at > 0 AND t.ended_at <= $2
		 ORDER BY t.ended_at DESC, t.id DESC
		 LIMIT $3`, []any{subject, db.Millis(until), limit}, func(s db.Scanner) error {
		t, err := scanTurn(s)
		all = append(all, t)
		return err
	})
	return all, err
}
