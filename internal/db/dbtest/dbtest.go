// Package dbtest gives tests real databases, each test its own, with a clock that the test moves. It is for tests only.
package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
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
	t.Run("sqlite", func(t *testing.T) {
		s, c := SQLite(t)
		f(t, s, c)
	})
	EachPlan(t, f, "")
}

// EachPlan runs a test on PostgreSQL once for each setting of its sessions, such as "enable_seqscan=off"; "" is none.
func EachPlan(t *testing.T, f func(t *testing.T, s *db.DB, c *Clock), settings ...string) {
	t.Helper()
	if os.Getenv("SAPA_TEST_POSTGRES") == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("SAPA_TEST_POSTGRES is not set: in CI every test runs on PostgreSQL too (./verify starts one)")
		}
		t.Log("PostgreSQL not asked: set SAPA_TEST_POSTGRES, or run ./verify")
		return
	}
	for _, o := range settings {
		t.Run(strings.TrimSpace("postgres "+o), func(t *testing.T) {
			c := NewClock()
			where := PostgresURL(t)
			if o != "" {
				where += "&" + o
			}
			f(t, open(t, where, c.Now), c)
		})
	}
}

// SQLite opens a fresh SQLite store in the test's own folder.
func SQLite(t testing.TB) (*db.DB, *Clock) {
	t.Helper()
	c := NewClock()
	return open(t, "sqlite:"+filepath.Join(t.TempDir(), "sapa.db"), c.Now), c
}

var schemas atomic.Int64

// Postgres opens a store in a fresh schema of the test cluster and drops it afterwards.
func Postgres(t testing.TB) (*db.DB, *Clock) {
	t.Helper()
	c := NewClock()
	return open(t, PostgresURL(t), c.Now), c
}

// PostgresURL makes a fresh schema and gives the address that uses it. Its commits do not wait for the disk: only the
// torture tests ask what is left after a crash, and they ask the built binary.
func PostgresURL(t testing.TB) string {
	t.Helper()
	where := os.Getenv("SAPA_TEST_POSTGRES")
	if where == "" {
		t.Fatal("SAPA_TEST_POSTGRES is not set")
	}
	admin, err := sql.Open("pgx", where)
	if err != nil {
		t.Fatal(err)
	}
	schema := fmt.Sprintf("t%d_%d", os.Getpid(), schemas.Add(1))
	admin.SetMaxOpenConns(1)
	if _, err := admin.Exec("SET synchronous_commit = off"); err != nil {
		t.Fatalf("test cluster: %v", err)
	}
	if _, err := admin.Exec("CREATE SCHEMA " + schema); err != nil {
		t.Fatalf("schema: %v", err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec("DROP SCHEMA " + schema + " CASCADE"); err != nil && !strings.Contains(err.Error(), "does not exist") {
			t.Errorf("drop schema: %v", err)
		}
		_ = admin.Close()
	})
	u, err := url.Parse(where)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	q.Set("synchronous_commit", "off")
	u.RawQuery = q.Encode()
	return u.String()
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
