// Package dbtest gives tests real databases, each test its own, with a clock that the test moves. It is for tests only.
package dbtest

import (
	"context"
	"sync"
	"testing"
	"time"

	"sapa/internal/db"
)

// Clock is the tests' idea of the time. It starts on Monday 23 November 2026, 09.00 WIB.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock makes a clock at the start.
func NewClock() *Clock { return &Clock{at: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)} }

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Set moves the clock to a moment.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = t.UTC()
}

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) { c.Set(c.Now().Add(d)) }

// Each runs a test on SQLite and on PostgreSQL. PostgreSQL is where SAPA_TEST_POSTGRES says; in CI it must be there.
func Each(t *testing.T, f func(t *testing.T, s *db.DB, c *Clock)) {
	t.Helper()
	empty.Each(t, f)
}

// EachPlan runs a test on PostgreSQL once for each setting of its sessions, such as "enable_seqscan=off"; "" is none.
func EachPlan(t *testing.T, f func(t *testing.T, s *db.DB, c *Clock), settings ...string) {
	t.Helper()
	empty.eachPlan(t, f, settings...)
}

// SQLite opens a fresh SQLite store in the test's own folder.
func SQLite(t testing.TB) (*db.DB, *Clock) {
	t.Helper()
	return empty.SQLite(t)
}

// Postgres opens a store in a fresh database of the test cluster and drops it afterwards. Its commits do not wait for the
// disk: only the torture tests ask what is left after a crash, and they ask the built binary.
func Postgres(t testing.TB) (*db.DB, *Clock) {
	t.Helper()
	return empty.postgres(t, "")
}

func open(t testing.TB, where string, clock func() time.Time) *db.DB {
	t.Helper()
	s, err := db.Open(context.Background(), where, db.Options{Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	return s
}
