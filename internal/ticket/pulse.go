package ticket

import "sapa/internal/db"

// Pulse tells whether this room can read and write the queue and what agents hold now (SOP 5.1).
func Pulse(tx *db.Tx) error { return tx.Pulse("ticket", "pool", "hold", "turn") }
