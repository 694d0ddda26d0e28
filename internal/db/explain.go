package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"sapa/internal/fault"
)

func noRow() error { return fault.New(fault.Missing, "db.no-row") }

func closed() error { return fault.New(fault.Busy, "db.closed") }

// explain makes faults of what drivers say, here and nowhere else. What is a defect of ours stays as it is.
func (d *DB) explain(err error) error {
	var lite *sqlite.Error
	var pg *pgconn.PgError
	var connect *pgconn.ConnectError
	var network net.Error
	switch {
	case err == nil, fault.Of(err) != nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, sql.ErrNoRows):
		return noRow()
	case errors.As(err, &lite):
		return d.explainLite(lite)
	case errors.As(err, &pg):
		return d.explainPostgres(pg)
	case errors.As(err, &connect), errors.As(err, &network), errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone):
		return d.refuse("db.unreachable", err)
	case d.shut.Load(): // database/sql has no error of its own for it
		return closed()
	}
	return err
}

func (d *DB) explainLite(err *sqlite.Error) error {
	switch code := err.Code(); code & 0xff {
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return fault.New(fault.Busy, "db.busy").Because(err)
	case lib.SQLITE_FULL, lib.SQLITE_IOERR, lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN, lib.SQLITE_CORRUPT:
		return d.refuse("db.read-only", err)
	case lib.SQLITE_CONSTRAINT:
		if code == lib.SQLITE_CONSTRAINT_UNIQUE || code == lib.SQLITE_CONSTRAINT_PRIMARYKEY {
			return fault.New(fault.Conflict, "db.exists").Because(err)
		}
		return fault.New(fault.Invalid, "db.rule").Because(err)
	}
	return err
}

func (d *DB) explainPostgres(err *pgconn.PgError) error {
	switch {
	case err.Code == "23505":
		return fault.New(fault.Conflict, "db.exists").Because(err)
	case err.Code[:2] == "23":
		return fault.New(fault.Invalid, "db.rule").Because(err)
	case err.Code == "40001", err.Code == "40P01", err.Code == "55P03", err.Code == "57014", err.Code == "53300":
		return fault.New(fault.Busy, "db.busy").Because(err)
	case err.Code[:2] == "53", err.Code == "25006":
		return d.refuse("db.read-only", err)
	case err.Code[:2] == "57", err.Code[:2] == "08":
		return d.refuse("db.unreachable", err)
	}
	return err
}

// refuse remembers why nothing can be stored until something can.
func (d *DB) refuse(key string, err error) error {
	why := err.Error()
	d.broken.Store(&why)
	return fault.New(fault.Busy, key).Because(err)
}

func retryable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}
