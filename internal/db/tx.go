package db

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Tx is one act's transaction. It must not leave the function it was given to.
type Tx struct {
	Now   time.Time // UTC, to the millisecond: the act's one idea of the time
	Try   int       // 1; more when another act came between and this one runs again (PostgreSQL)
	db    *DB
	run   runner
	ctx   context.Context
	after []func()
}

// runner is what both a transaction and the writer's connection offer.
type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Scanner reads one row's columns.
type Scanner interface{ Scan(to ...any) error }

// Exec runs a statement and gives how many rows it touched.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	result, err := tx.run.ExecContext(tx.ctx, tx.db.text(query), args...)
	if err != nil {
		return 0, tx.db.explain(err)
	}
	n, err := result.RowsAffected()
	return n, tx.db.explain(err)
}

// Row is the answer of a query for one row.
type Row struct {
	rows *sql.Rows
	err  error
	db   *DB
}

// Row asks for one row; what Scan finds missing is Missing "db.no-row".
func (tx *Tx) Row(query string, args ...any) *Row {
	rows, err := tx.run.QueryContext(tx.ctx, tx.db.text(query), args...)
	return &Row{rows: rows, err: err, db: tx.db}
}

// Scan reads the row.
func (r *Row) Scan(to ...any) error {
	if r.err != nil {
		return r.db.explain(r.err)
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return r.db.explain(err)
		}
		return noRow()
	}
	if err := r.rows.Scan(to...); err != nil {
		return fmt.Errorf("scan: %w", err)
	}
	return r.db.explain(r.rows.Close())
}

// Each calls scan for every row. It must not use the same transaction: collect first, then act.
func (tx *Tx) Each(query string, args []any, scan func(s Scanner) error) error {
	rows, err := tx.run.QueryContext(tx.ctx, tx.db.text(query), args...)
	if err != nil {
		return tx.db.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return tx.db.explain(rows.Err())
}

// NewID makes a fresh id.
func (tx *Tx) NewID() ID { return tx.db.ids.next(tx.Now) }

// Again marks an error after which the whole act should run again, from nothing and with all its locks gone, because
// another act came between. When it has run often enough its caller gets err itself.
func Again(err error) error { return againError{err} }

type againError struct{ error }

func (e againError) Unwrap() error { return e.error }

// After runs f once the act is stored, and not at all when it is not. It must be short and must not use the transaction.
func (tx *Tx) After(f func()) { tx.after = append(tx.after, f) }

// Postgres tells which database this is, for the few acts that need a text of their own.
func (tx *Tx) Postgres() bool { return tx.db.postgres }

// Store is the store the transaction belongs to, as a key for what is remembered per store.
func (tx *Tx) Store() *DB { return tx.db }

// Context is the act's context, for what must stop with it.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Alone waits until no other act has a table open, read or written, and keeps it so to its own end. The act's time begins anew then:
// whatever others did there is before it. For rare acts that nobody's look may straddle; SQLite's writer is alone anyway.
func (tx *Tx) Alone(table string) error {
	if !tx.Postgres() {
		return nil
	}
	_, err := tx.Exec(`LOCK TABLE ` + table + ` IN ACCESS EXCLUSIVE MODE`)
	if err == nil {
		tx.Now, err = tx.db.databaseNow(tx.ctx, tx.run)
	}
	return tx.db.explain(err)
}
