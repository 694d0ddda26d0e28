package outbox

import "sapa/internal/db"

// Purge removes a promise whose time is over (SOP 6). One that is not settled stays: gone is false.
func Purge(tx *db.Tx, id db.ID) (gone bool, err error) {
	n, err := tx.Exec(`DELETE FROM promise WHERE id = $1 AND state IN ('done', 'waived', 'withdrawn')`, id)
	return n > 0, err
}
