package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
)

func pulses(t *testing.T, s *db.DB) (n int) {
	t.Helper()
	err := s.Read(context.Background(), func(tx *db.Tx) error { return tx.Row(`SELECT count(*) FROM pulse`).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func beat(tx *db.Tx, id int) error {
	_, err := tx.Exec(`INSERT INTO pulse(id, at) VALUES ($1, $2)`, id, db.Millis(tx.Now))
	return err
}

func TestAFailedActLeavesNothingAndItsNeighboursStay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		wrong := errors.New("wrong")
		var group sync.WaitGroup
		for i := 1; i <= 60; i++ {
			group.Go(func() {
				err := s.Write(context.Background(), func(tx *db.Tx) error {
					if err := beat(tx, i); err != nil {
						return err
					}
					if i%3 == 0 {
						return wrong
					}
					return nil
				})
				if (i%3 == 0) != errors.Is(err, wrong) {
					t.Errorf("act %d: %v", i, err)
				}
			})
		}
		group.Wait()
		if n := pulses(t, s); n != 40 {
			t.Errorf("%d acts are stored, want 40", n)
		}
	})
}

func TestAPanicRollsBackItsActAloneAndReachesItsCaller(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		func() {
			defer func() {
				if r := recover(); r != "oops" {
					t.Errorf("recovered %v, want the act's own panic", r)
				}
			}()
			_ = s.Write(context.Background(), func(tx *db.Tx) error {
				if err := beat(tx, 1); err != nil {
					return err
				}
				panic("oops")
			})
		}()
		if err := s.Write(context.Background(), func(tx *db.Tx) error { return beat(tx, 2) }); err != nil {
			t.Fatal(err)
		}
		if n := pulses(t, s); n != 1 {
			t.Errorf("%d acts are stored, want 1", n)
		}
	})
}

func TestAfterRunsOnlyWhenTheActIsStored(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		var told atomic.Int32
		for i, fail := range []error{nil, errors.New("no")} {
			_ = s.Write(context.Background(), func(tx *db.Tx) error {
				tx.After(func() { told.Add(1) })
				if err := beat(tx, i); err != nil {
					return err
				}
				return fail
			})
		}
		if told.Load() != 1 {
			t.Errorf("told %d times, want 1", told.Load())
		}
	})
}

func TestDriverErrorsBecomeFaults(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		if err := s.Write(context.Background(), func(tx *db.Tx) error { return beat(tx, 7) }); err != nil {
			t.Fatal(err)
		}
		err := s.Write(context.Background(), func(tx *db.Tx) error { return beat(tx, 7) })
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("the same key twice: %v, want a conflict", err)
		}
		err = s.Read(context.Background(), func(tx *db.Tx) error {
			var at int64
			return tx.Row(`SELECT at FROM pulse WHERE id = $1`, 8).Scan(&at)
		})
		if !fault.Is(err, fault.Missing) {
			t.Errorf("no row: %v, want missing", err)
		}
		if s.Ready(context.Background()) != nil {
			t.Error("a store that can be written says it cannot")
		}
	})
}

func TestReadersCannotWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		err := s.Read(context.Background(), func(tx *db.Tx) error { return beat(tx, 1) })
		if err == nil {
			t.Fatal("a look wrote something")
		}
		if n := pulses(t, s); n != 0 {
			t.Errorf("%d rows are stored", n)
		}
	})
}

// PostgreSQL estimates a claim dear, and would compile it for longer than it runs (decision 0023).
func TestPostgresCompilesNoStatement(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		jit := ""
		err := s.Read(context.Background(), func(tx *db.Tx) error {
			return tx.Row(`/*lite: SELECT 'off'*/ /*pg: SHOW jit*/`).Scan(&jit)
		})
		if err != nil || jit != "off" {
			t.Errorf("jit is %q, %v", jit, err)
		}
	})
}

func TestIdsSortByTimeAndNeverMeet(t *testing.T) {
	s, clock := dbtest.SQLite(t)
	seen := map[db.ID]bool{}
	last := db.ID(0)
	for range 5 {
		err := s.Write(context.Background(), func(tx *db.Tx) error {
			for range 10_000 {
				id := tx.NewID()
				if id <= last || seen[id] {
					return fmt.Errorf("id %d after %d", id, last)
				}
				seen[id], last = true, id
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		clock.Advance(-1) // a clock that goes back must not bring old ids again
	}
}

func TestOnceAnswersTheSameToTheSameAskFiftyTimesInParallel(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		var acted atomic.Int32
		ask := db.Ask{Actor: 1, Key: "k1", Route: "POST /x", Body: []byte(`{"a":1}`)}
		act := func(tx *db.Tx) (db.Answer, error) {
			n := acted.Add(1)
			return db.Answer{Status: 200, Body: fmt.Appendf(nil, "answer %d", n)}, beat(tx, 1)
		}
		bodies := make([]string, 50)
		var group sync.WaitGroup
		for i := range bodies {
			group.Go(func() {
				answer, err := s.Once(context.Background(), ask, act)
				if err != nil {
					t.Errorf("ask %d: %v", i, err)
				}
				bodies[i] = fmt.Sprint(answer.Status, " ", string(answer.Body))
			})
		}
		group.Wait()
		for i, b := range bodies {
			if b != bodies[0] {
				t.Errorf("answer %d is %q, the first was %q", i, b, bodies[0])
			}
		}
		if n := pulses(t, s); n != 1 {
			t.Errorf("acted %d times", n)
		}
		ask.Body = []byte(`{"a":2}`)
		if _, err := s.Once(context.Background(), ask, act); !fault.Is(err, fault.Invalid) {
			t.Errorf("same key, other body: %v, want invalid", err)
		}
		ask.Key = "k2"
		refuse := func(*db.Tx) (db.Answer, error) { return db.Answer{}, fault.New(fault.Conflict, "x") }
		if _, err := s.Once(context.Background(), ask, refuse); !fault.Is(err, fault.Conflict) {
			t.Errorf("refusal: %v", err)
		}
		ok := func(*db.Tx) (db.Answer, error) { return db.Answer{Status: 201}, nil }
		if a, err := s.Once(context.Background(), ask, ok); err != nil || a.Again || a.Status != 201 {
			t.Errorf("after a refusal the key is free: %v %v", a, err)
		}
	})
}

func TestRewriteKnowsBothDatabases(t *testing.T) {
	for _, c := range []struct{ in, lite, pg string }{
		{`a = $1 AND b = $12`, `a = ?1 AND b = ?12`, `a = $1 AND b = $12`},
		{`x /*pg: FOR UPDATE*/ y /*lite: LITE*/`, `x  y  LITE`, `x  FOR UPDATE y `},
		{"a -- it's $1\nb /*lite: LITE*/ $2", "a -- it's $1\nb  LITE ?2", "a -- it's $1\nb  $2"},
		{"a -- the end's", "a -- the end's", "a -- the end's"},
		{`s = 'costs $1' OR t = $2`, `s = 'costs $1' OR t = ?2`, `s = 'costs $1' OR t = $2`},
	} {
		if got := db.Rewrite(c.in, false); got != c.lite {
			t.Errorf("lite: %q", got)
		}
		if got := db.Rewrite(c.in, true); got != c.pg {
			t.Errorf("postgres: %q", got)
		}
	}
}
