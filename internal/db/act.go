package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Write runs one act in a transaction: all of it is stored when Write returns nil, nothing of it otherwise. On
// PostgreSQL an act may run again when another one came between, so it must not touch anything but the transaction.
func (d *DB) Write(ctx context.Context, act func(tx *Tx) error) error {
	if d.postgres {
		return d.writePostgres(ctx, true, act)
	}
	return d.writeLite(ctx, d.queue, act)
}

// Chore is Write for work that nobody waits for: acts go first, and the disk need not have it yet when it returns. A power failure may
// take it back, never without all that was stored after it. So it is only for what the store itself still asks for then, and
// for nothing that another system is told.
func (d *DB) Chore(ctx context.Context, act func(tx *Tx) error) error {
	if d.postgres {
		return d.writePostgres(ctx, false, act)
	}
	return d.writeLite(ctx, d.chores, act)
}

// Read runs a look at one consistent state. It must be short: a long one stops SQLite's checkpoints (store.md a).
func (d *DB) Read(ctx context.Context, look func(tx *Tx) error) error {
	if d.shut.Load() {
		return closed()
	}
	if !d.postgres {
		return d.readLite(ctx, look)
	}
	t, err := d.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return d.explain(err)
	}
	defer t.Rollback() // nothing was written
	tx := &Tx{db: d, run: t, ctx: ctx}
	if tx.Now, err = d.databaseNow(ctx, t); err != nil {
		return d.explain(err)
	}
	return look(tx)
}

// Postgres tells which database this is.
func (d *DB) Postgres() bool { return d.postgres }

// Ready tells whether acts can be stored now: nil, or why not.
func (d *DB) Ready(ctx context.Context) error {
	return d.Write(ctx, func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO pulse(id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at`, Millis(tx.Now))
		return err
	})
}

// Close waits for the act being stored and closes the store; closing it again is nothing. Who comes later is told that the
// house is stopping.
func (d *DB) Close() error {
	if d.shut.Swap(true) {
		return nil
	}
	if !d.postgres {
		close(d.closing)
		<-d.writer
		d.log.ended.Wait()
		d.readers.close()
	}
	err := errors.Join(d.read.Close(), d.write.Close())
	if !d.postgres {
		err = errors.Join(err, d.log.close())
	}
	return errors.Join(err, d.unlock())
}

// Stats says how many connections are in use, for metrics.
func (d *DB) Stats() (writing, reading int) {
	if d.postgres {
		return d.write.Stats().InUse, d.read.Stats().InUse
	}
	return d.write.Stats().InUse, d.readers.inUse()
}

// Raw gives the driver's own handle to benches and tests that compare with it. No room uses it.
func (d *DB) Raw() *sql.DB { return d.write }

// Vacuum is the daily care of a SQLite file; PostgreSQL cares for itself.
func (d *DB) Vacuum(ctx context.Context) error {
	if d.postgres {
		return nil
	}
	return d.Write(ctx, func(tx *Tx) error {
		_, err := tx.Exec(`PRAGMA optimize`)
		if err != nil {
			return fmt.Errorf("optimize: %w", err)
		}
		return nil
	})
}
