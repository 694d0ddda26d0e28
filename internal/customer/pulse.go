package customer

import "sapa/internal/db"

// Pulse tells whether this room can be read and written now (SOP 5.1).
func Pulse(tx *db.Tx) error {
	return tx.Pulse("customer", "customer_contact", "bill", "payment", "sales_order", "self_care", "reading", "outside_report")
}
