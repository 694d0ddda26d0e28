package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"sapa/internal/db"
)

// Mould is what the stores of many tests begin with. It is filled once a process for each database, at the first need, a
// minute before the tests' clock starts; every test gets a copy of its own, which costs a tenth of filling one.
type Mould struct {
	lite  func() ([]byte, error)
	named func() (string, error)
}

var empty = NewMould(func(context.Context, *db.DB) error { return nil })

// NewMould makes a mould of the shipped schema and what fill adds to it. It belongs in a package variable.
func NewMould(fill func(ctx context.Context, s *db.DB) error) *Mould {
	at := func(where string) error {
		c := NewClock()
		c.Advance(-time.Minute)
		ctx := context.Background()
		s, err := db.Open(ctx, where, db.Options{Clock: c.Now})
		if err != nil {
			return err
		}
		return errors.Join(fill(ctx, s), s.Close())
	}
	return &Mould{
		lite: sync.OnceValues(func() ([]byte, error) {
			dir, err := os.MkdirTemp("", "sapa-mould-")
			if err != nil {
				return nil, err
			}
			defer os.RemoveAll(dir)
			path := filepath.Join(dir, "sapa.db")
			if err := at("sqlite:" + path); err != nil {
				return nil, err
			}
			return os.ReadFile(path) // closed: nothing is left in the log beside it
		}),
		named: sync.OnceValues(func() (string, error) {
			if err := sweep(); err != nil {
				return "", err
			}
			name := nextName()
			if err := asAdmin("CREATE DATABASE " + name); err != nil {
				return "", err
			}
			return name, at(address(name))
		}),
	}
}

// Each runs a test on a copy in SQLite and on one in PostgreSQL.
func (m *Mould) Each(t *testing.T, f func(t *testing.T, s *db.DB, c *Clock)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		s, c := m.SQLite(t)
		f(t, s, c)
	})
	m.eachPlan(t, f, "")
}

// SQLite opens a copy in SQLite, in the test's own folder.
func (m *Mould) SQLite(t testing.TB) (*db.DB, *Clock) {
	t.Helper()
	poured, err := m.lite()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "sapa.db")
	if err := os.WriteFile(path, poured, 0o600); err != nil {
		t.Fatal(err)
	}
	c := NewClock()
	return open(t, "sqlite:"+path, c.Now), c
}

// Postgres is a store of the mould in a fresh database of the test cluster.
func (m *Mould) Postgres(t testing.TB) (*db.DB, *Clock) {
	t.Helper()
	return m.postgres(t, "")
}

func (m *Mould) eachPlan(t *testing.T, f func(t *testing.T, s *db.DB, c *Clock), settings ...string) {
	t.Helper()
	if os.Getenv(variable) == "" {
		if os.Getenv("CI") != "" {
			t.Fatal(variable + " is not set: in CI every test runs on PostgreSQL too (./verify starts one)")
		}
		t.Log("PostgreSQL not asked: set " + variable + ", or run ./verify")
		return
	}
	for _, o := range settings {
		t.Run(strings.TrimSpace("postgres "+o), func(t *testing.T) {
			s, c := m.postgres(t, o)
			f(t, s, c)
		})
	}
}

func (m *Mould) postgres(t testing.TB, setting string) (*db.DB, *Clock) {
	t.Helper()
	if os.Getenv(variable) == "" {
		t.Fatal(variable + " is not set")
	}
	mould, err := m.named()
	if err != nil {
		t.Fatalf("test cluster: %v", err)
	}
	name := nextName()
	if err := asAdmin("CREATE DATABASE " + name + " TEMPLATE " + mould); err != nil {
		t.Fatalf("test cluster: %v", err)
	}
	t.Cleanup(func() {
		if err := asAdmin("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("test cluster: %v", err)
		}
	})
	c := NewClock()
	return open(t, address(name)+"&"+setting, c.Now), c
}

// variable names where the test cluster is: an address whose person may create databases.
const variable = "SAPA_TEST_POSTGRES"

var databases atomic.Int64

// nextName is a database's name that tells whose it is.
func nextName() string { return fmt.Sprintf("sapa_t%d_%d", os.Getpid(), databases.Add(1)) }

// address is that of a database in the test cluster.
func address(name string) string {
	u, err := url.Parse(os.Getenv(variable))
	if err != nil {
		return "postgres://" // asAdmin has failed on it before
	}
	u.Path = "/" + name
	q := u.Query()
	q.Set("synchronous_commit", "off")
	u.RawQuery = q.Encode()
	return u.String()
}

var admin = sync.OnceValues(func() (*sql.DB, error) {
	s, err := sql.Open("pgx", os.Getenv(variable))
	if err == nil {
		s.SetMaxOpenConns(1)
	}
	return s, err
})

func asAdmin(statement string) error {
	s, err := admin()
	if err != nil {
		return err
	}
	if _, err := s.Exec(statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

// sweep drops what test processes that are no more have left: their moulds, and all if they were killed.
func sweep() error {
	s, err := admin()
	if err != nil {
		return err
	}
	rows, err := s.Query(`SELECT datname FROM pg_database WHERE datname LIKE 'sapa\_t%'`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var left []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		whose, _, _ := strings.Cut(strings.TrimPrefix(name, "sapa_t"), "_")
		if pid, err := strconv.Atoi(whose); err == nil && syscall.Kill(pid, 0) != nil {
			left = append(left, name)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, name := range left {
		if err := asAdmin("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			return err
		}
	}
	return nil
}
