package form

import "sapa/internal/db"

// Pulse tells whether this room can read and write report forms now (SOP 5.1).
func Pulse(tx *db.Tx) error { return tx.Pulse("form", "form_row") }
