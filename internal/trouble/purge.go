package trouble

import (
	"sapa/internal/db"
	"sapa/internal/fault"
)

// Purge removes a closed trouble ticket with its moves, worklog and marks (SOP 6), and gives its number. One that is not closed stays:
// gone is false.
func Purge(tx *db.Tx, id db.ID) (no string, gone bool, err error) {
	err = tx.Row(`SELECT no FROM trouble WHERE id = $1 AND state = 'CLOSED' /*pg: FOR UPDATE*/`, id).Scan(&no)
	if fault.Is(err, fault.Missing) {
		return "", false, nil
	}
	for _, statement := range []string{
		`DELETE FROM trouble_note WHERE trouble = $1`,
		`DELETE FROM trouble_mark WHERE trouble = $1`,
		`DELETE FROM trouble WHERE id = $1`,
		`DELETE FROM trouble_move WHERE trouble = $1`,
	} {
		if err == nil {
			_, err = tx.Exec(statement, id)
		}
	}
	return no, err == nil, err
}
