package trouble

import "sapa/internal/db"

// Pulse tells whether this room can read and write trouble tickets, their moves and worklog now (SOP 5.1).
func Pulse(tx *db.Tx) error { return tx.Pulse("trouble", "trouble_move", "trouble_note") }
