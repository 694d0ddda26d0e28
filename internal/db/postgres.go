package db

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib" // PostgreSQL through database/sql: one transaction type for both databases
)

const (
	pool     = 16 // more connections made claims slower (store.md b.1)
	attempts = 6  // tries of an act that another one made impossible to serialise
)

func openPostgres(ctx context.Context, where string, o Options) (*DB, error) {
	config, err := pgx.ParseConfig(where)
	if err != nil {
		return nil, errors.New("open postgres: the address cannot be read") // the driver's text would repeat a password
	}
	for name, value := range map[string]string{
		"statement_timeout": "5s", "lock_timeout": "2s", "idle_in_transaction_session_timeout": "30s",
		"synchronous_commit": "on", "timezone": "UTC",
		"jit": "off", // it compiles what is estimated dear: 90 ms for a claim of 3 ms
	} {
		if _, set := config.RuntimeParams[name]; !set {
			config.RuntimeParams[name] = value
		}
	}
	open := func(size int) *sql.DB {
		s := stdlib.OpenDB(*config)
		s.SetMaxOpenConns(size)
		s.SetMaxIdleConns(size)
		return s
	}
	d := &DB{opt: o, postgres: true, write: open(pool), read: open(pool / 2), unlock: func() error { return nil }}
	if err := d.migrate(ctx); err != nil {
		return nil, errors.Join(err, d.write.Close(), d.read.Close())
	}
	return d, nil
}

func (d *DB) writePostgres(ctx context.Context, synced bool, act func(*Tx) error) error {
	for try := 1; ; try++ {
		tx, err := d.oncePostgres(ctx, synced, try, act)
		if err == nil {
			for _, f := range tx.after {
				f()
			}
			return nil
		}
		var again againError
		if try == attempts || !(retryable(err) || errors.As(err, &again)) || ctx.Err() != nil {
			return d.explain(err)
		}
		pause := time.NewTimer(time.Duration(1+rand.IntN(10*try)) * time.Millisecond)
		select {
		case <-ctx.Done():
			pause.Stop()
			return ctx.Err()
		case <-pause.C:
		}
	}
}

func (d *DB) oncePostgres(ctx context.Context, synced bool, try int, act func(*Tx) error) (*Tx, error) {
	t, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer t.Rollback() // after a commit it does nothing; after a panic it frees the connection
	if !synced {
		if _, err := t.ExecContext(ctx, `SET LOCAL synchronous_commit = off`); err != nil {
			return nil, err
		}
	}
	tx := &Tx{Try: try, db: d, run: t, ctx: ctx}
	if tx.Now, err = d.databaseNow(ctx, t); err != nil {
		return nil, err
	}
	if err := act(tx); err != nil {
		return nil, err
	}
	return tx, t.Commit()
}

// databaseNow is the one clock that several servers share.
func (d *DB) databaseNow(ctx context.Context, run runner) (time.Time, error) {
	if d.opt.Clock != nil {
		return d.now(), nil
	}
	rows, err := run.QueryContext(ctx, `SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)`)
	if err != nil {
		return time.Time{}, err
	}
	defer rows.Close()
	var ms int64
	if rows.Next() {
		err = rows.Scan(&ms)
	}
	return Time(ms), errors.Join(err, rows.Err())
}
