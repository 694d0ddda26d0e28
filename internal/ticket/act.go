package ticket

import (
	"encoding/json"

	"sapa/internal/db"
	"sapa/internal/fault"
)

// ActDraft gives the answers kept so far for an act of a turn (5.2.10: the trouble ticket), and their version; 0: none yet.
func ActDraft(tx *db.Tx, turn db.ID, act string) (answers map[string]string, version int64, err error) {
	var text string
	err = tx.Row(`SELECT answers, version FROM act_draft WHERE turn = $1 AND act = $2`, turn, act).Scan(&text, &version)
	if fault.Is(err, fault.Missing) {
		return map[string]string{}, 0, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &answers)
	}
	return answers, version, err
}

// KeepActDraft keeps the answers of an act and gives their new version; Conflict when another window kept some since.
func KeepActDraft(tx *db.Tx, turn db.ID, act string, version int64, answers map[string]string) (int64, error) {
	text, err := jsonText(answers)
	if err != nil {
		return 0, err
	}
	n, err := tx.Exec(`
		INSERT INTO act_draft(turn, act, answers, version) VALUES ($1, $2, $3, $4)
		ON CONFLICT (turn, act) DO UPDATE SET answers = excluded.answers, version = excluded.version WHERE act_draft.version = $4 - 1`,
		turn, act, text, version+1)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "ticket.draft-stale")
	}
	return version + 1, err
}
