// Package db opens the store, runs acts in transactions and brings the schema up. It is the only room that knows which
// database it is: SQLite with one writer and group commit, or PostgreSQL. It knows no table but its own.
package db

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"sapa/internal/fault"
)

// ID names a row. Ids are made by the app, sort by time, and are strings in JSON (2^53 is too small for them).
type ID int64

// String prints the id in decimal.
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// MarshalJSON writes the id as a string.
func (id ID) MarshalJSON() ([]byte, error) { return []byte(`"` + id.String() + `"`), nil }

// UnmarshalJSON reads the id from a string.
func (id *ID) UnmarshalJSON(b []byte) error {
	s, err := strconv.Unquote(string(b))
	if err != nil {
		return fmt.Errorf("id: %w", err)
	}
	if s == "0" { // none: what MarshalJSON writes for it
		*id = 0
		return nil
	}
	*id, err = ParseID(s)
	return err
}

// ParseID reads an id a person or a machine sends. What is none is Missing: there is no such thing.
func ParseID(s string) (ID, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || strings.HasPrefix(s, "+") {
		return 0, fault.New(fault.Missing, "db.no-row")
	}
	return ID(n), nil
}

// Options of Open.
type Options struct {
	Clock     func() time.Time // SQLite needs one; PostgreSQL without one asks the database (tests bring theirs)
	Exclusive bool             // refuse a second server on one SQLite file
}

// DB is an open store.
type DB struct {
	opt      Options
	postgres bool
	path     string // SQLite: of the file
	write    *sql.DB
	read     *sql.DB
	readers  reading     // SQLite: read's connections with their statements
	queue    chan *job   // SQLite: acts waiting for the writer
	chores   chan *job   // SQLite: chores waiting for it
	shut     atomic.Bool // Close was called
	log      *copier     // SQLite: copies the log into the file
	closing  chan struct{}
	writer   chan struct{} // closed when the writer has ended
	unlock   func() error
	ids      ids
	broken   atomic.Pointer[string] // why writes are refused
}

// Millis gives the stored form of a moment: Unix milliseconds UTC, 0 for the zero time.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Time is the moment of a stored value; 0 is the zero time.
func Time(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// Open opens the store at "sqlite:PATH" or "postgres://..." and brings its schema up.
func Open(ctx context.Context, where string, o Options) (*DB, error) {
	if path, ok := strings.CutPrefix(where, "sqlite:"); ok {
		return openLite(ctx, path, o)
	}
	if strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://") {
		return openPostgres(ctx, where, o)
	}
	return nil, fmt.Errorf("open store: %q is neither sqlite:PATH nor postgres://", where)
}
