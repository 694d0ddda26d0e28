package outbox

import "sapa/internal/db"

// MarkName is what the house is called in the marks it leaves outside: the name it had first, whatever it is called now.
func MarkName(tx *db.Tx, now string) (name string, err error) {
	if _, err := tx.Exec(`INSERT INTO mark_name(id, name) VALUES (1, $1) ON CONFLICT (id) DO NOTHING`, now); err != nil {
		return "", err
	}
	err = tx.Row(`SELECT name FROM mark_name WHERE id = 1`).Scan(&name)
	return name, err
}
