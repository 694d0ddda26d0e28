package db_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
)

// Statements that were planned by samples are planned anew at every call. Statistics there shall be, samples never: neither those
// an administrator's own ANALYZE has left in the file nor any of the house's.
func TestStatisticsHoldNoSamples(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "sapa.db")
	open := func() *db.DB {
		s, err := db.Open(ctx, "sqlite:"+path, db.Options{Clock: dbtest.NewClock().Now})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	drawn := func(table string) (n int) {
		outside, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		defer outside.Close()
		if err := outside.QueryRow(`SELECT count(*) FROM ` + table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}

	s := open()
	for i := range 50 {
		if err := s.Write(ctx, func(tx *db.Tx) error { return beat(tx, i+1) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	outside, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range []string{`CREATE INDEX pulse_at ON pulse(at)`, `ANALYZE`} {
		if _, err := outside.Exec(act); err != nil {
			t.Fatal(err)
		}
	}
	if err := outside.Close(); err != nil {
		t.Fatal(err)
	}
	if drawn("sqlite_stat4") == 0 {
		t.Fatal("an ANALYZE from outside drew no samples: this test shows nothing")
	}

	s = open()
	defer s.Close()
	if n := drawn("sqlite_stat4"); n != 0 {
		t.Errorf("%d samples are left after opening", n)
	}
	if err := s.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec(`ANALYZE`); return err }); err != nil {
		t.Fatal(err)
	}
	if n := drawn("sqlite_stat4"); n != 0 {
		t.Errorf("the house drew %d samples itself", n)
	}
	if drawn("sqlite_stat1") == 0 {
		t.Error("no statistics at all")
	}
}
