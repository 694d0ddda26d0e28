package knowledge

import "sapa/internal/db"

// Purge removes which articles were walked in a ticket's turns (SOP 6), while those turns are still there. How often each helped stays
// counted.
func Purge(tx *db.Tx, ticket db.ID) error {
	_, err := tx.Exec(`DELETE FROM knowledge_use WHERE turn IN (SELECT id FROM turn WHERE ticket = $1)`, ticket)
	return err
}
