package knowledge

import "sapa/internal/db"

// Pulse tells whether this room can read and write articles and their use now (SOP 5.1).
func Pulse(tx *db.Tx) error { return tx.Pulse("knowledge_article", "knowledge_use") }
