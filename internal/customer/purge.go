package customer

import (
	"time"

	"sapa/internal/db"
)

// PurgeDead removes a customer's numbers that were found dead before a moment (SOP 6), and tells how many. The number of the customer's
// own record stays.
func PurgeDead(tx *db.Tx, id db.ID, before time.Time) (int64, error) {
	return tx.Exec(`
		DELETE FROM customer_contact
		 WHERE customer = $1 AND dead_at > 0 AND dead_at < $2
		   AND phone <> (SELECT c.phone FROM customer c WHERE c.id = customer_contact.customer)`, id, db.Millis(before))
}
