package db

// Waiting is how many acts wait for SQLite's writer.
func (d *DB) Waiting() int { return len(d.queue) }
