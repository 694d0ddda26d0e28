package db

// Waiting is how many acts and how many chores wait for SQLite's writer.
func (d *DB) Waiting() (acts, chores int) { return len(d.queue), len(d.chores) }
