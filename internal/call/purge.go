package call

import "sapa/internal/db"

// Purge removes a ticket's attempts, all of which are over, with the results they led to (SOP 6).
func Purge(tx *db.Tx, ticket db.ID) error {
	_, err := tx.Exec(`DELETE FROM attempt WHERE ticket = $1 AND ended_at > 0`, ticket)
	return err
}
