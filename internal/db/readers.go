package db

import (
	"context"
	"database/sql"
)

// reading is the readers of a SQLite store. Each keeps the statements it has seen, as the writer does: a page asks fifteen
// times, and parsing took as long as the answers.
type reading struct{ free chan *prepared } // size: readers; nil stands for one that has not been opened yet

func newReading() reading {
	r := reading{free: make(chan *prepared, readers)}
	for range readers {
		r.free <- nil
	}
	return r
}

// readLite runs a look on a reader of its own.
func (d *DB) readLite(ctx context.Context, look func(*Tx) error) error {
	var r *prepared
	select {
	case r = <-d.readers.free:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() {
		if r != nil && d.shut.Load() { // the store was closed meanwhile
			r.close()
			r = nil
		}
		d.readers.free <- r
	}()
	if err := ctx.Err(); err != nil {
		return err
	}
	background := context.Background() // a begin or an end cut short would leave the reader in between
	if r == nil {
		conn, err := d.read.Conn(ctx)
		if err != nil {
			return d.explain(err)
		}
		r = &prepared{conn: conn, known: map[string]*sql.Stmt{}}
	}
	drop := func() {
		r.close()
		r = nil // the next one opens it anew
	}
	if _, err := r.ExecContext(background, "BEGIN"); err != nil {
		drop()
		return d.explain(err)
	}
	defer func() {
		if _, err := r.ExecContext(background, "ROLLBACK"); err != nil { // nothing was written
			drop()
		}
	}()
	return look(&Tx{Now: d.now(), db: d, run: r, ctx: ctx})
}

// close gives up the readers that nobody uses; one that is in use ends with its look.
func (r reading) close() {
	for range readers {
		select {
		case one := <-r.free:
			if one != nil {
				one.close()
			}
			r.free <- nil
		default:
		}
	}
}

func (r reading) inUse() int { return readers - len(r.free) }
