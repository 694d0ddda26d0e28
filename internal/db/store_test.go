package db_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
)

// batched runs acts so that they wait for the writer together: the first one holds it until all have been handed over.
func batched(t *testing.T, s *db.DB, acts []func(tx *db.Tx) error, ctxs []context.Context) []error {
	t.Helper()
	begun, goOn := make(chan bool), make(chan bool)
	var group sync.WaitGroup
	group.Go(func() {
		_ = s.Write(context.Background(), func(*db.Tx) error { close(begun); <-goOn; return nil })
	})
	<-begun
	errs := make([]error, len(acts))
	var handed sync.WaitGroup
	for i, act := range acts {
		handed.Add(1)
		group.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					errs[i] = errors.New("panic")
				}
			}()
			handed.Done()
			errs[i] = s.Write(ctxs[i], act)
		})
	}
	handed.Wait()
	close(goOn)
	group.Wait()
	return errs
}

func TestWhatGoesWrongInABatchHarmsNobodyElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		gone, cancel := context.WithCancel(context.Background())
		cancel()
		var acts []func(tx *db.Tx) error
		var ctxs []context.Context
		for i := range 40 {
			ctx := context.Background()
			act := func(tx *db.Tx) error { return beat(tx, i+1) }
			switch i % 5 {
			case 1:
				act = func(tx *db.Tx) error { return errors.Join(beat(tx, i+1), errors.New("no")) }
			case 2:
				act = func(tx *db.Tx) error { _ = beat(tx, i+1); panic("oops") }
			case 3:
				ctx = gone
			case 4:
				act = func(tx *db.Tx) error { _, err := tx.Exec(`INSERT INTO no_such_table VALUES (1)`); return err }
			}
			acts, ctxs = append(acts, act), append(ctxs, ctx)
		}
		for i, err := range batched(t, s, acts, ctxs) {
			if (i%5 == 0) != (err == nil) {
				t.Errorf("act %d: %v", i, err)
			}
			if i%5 == 3 && !errors.Is(err, context.Canceled) {
				t.Errorf("act %d, whose caller had gone: %v", i, err)
			}
		}
		if n := pulses(t, s); n != 8 {
			t.Errorf("%d acts are stored, want the 8 good ones", n)
		}
	})
}

// Store.md g: without FULL a power cut loses what was acknowledged since the last checkpoint.
func TestEveryCommitReachesTheDisk(t *testing.T) {
	s, _ := dbtest.SQLite(t)
	err := s.Write(context.Background(), func(tx *db.Tx) error {
		for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1", "wal_autocheckpoint": "14000", "journal_size_limit": "67108864"} {
			var got string
			if err := tx.Row(`PRAGMA ` + pragma).Scan(&got); err != nil {
				return err
			}
			if got != want {
				t.Errorf("%s is %s, want %s", pragma, got, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestASecondServerOnOneFileIsRefusedAndACommandBesideItIsNot(t *testing.T) {
	ctx := context.Background()
	where, clock := "sqlite:"+filepath.Join(t.TempDir(), "sapa.db"), dbtest.NewClock()
	first, err := db.Open(ctx, where, db.Options{Clock: clock.Now, Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	if second, err := db.Open(ctx, where, db.Options{Clock: clock.Now, Exclusive: true}); err == nil || !strings.Contains(err.Error(), "another sapa") {
		t.Errorf("a second server: %v %v", second, err)
	}
	beside, err := db.Open(ctx, where, db.Options{Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range []*db.DB{first, beside, first} {
		if err := s.Write(ctx, func(tx *db.Tx) error { return beat(tx, i+1) }); err != nil {
			t.Errorf("write %d: %v", i, err)
		}
	}
	if n := pulses(t, first); n != 3 {
		t.Errorf("%d acts are stored", n)
	}
	if !first.Served() || !beside.Served() {
		t.Error("the command does not know that a server is beside it")
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if beside.Served() {
		t.Error("the command takes a server that has ended for one that is there")
	}
	asked, stop := make(chan struct{}), make(chan struct{}) // asking all the time refuses no server
	go func() {
		defer close(asked)
		for {
			select {
			case <-stop:
				return
			default:
				beside.Served()
			}
		}
	}()
	for range 20 {
		again, err := db.Open(ctx, where, db.Options{Clock: clock.Now, Exclusive: true})
		if err != nil {
			t.Fatalf("beside a command that asks: %v", err)
		}
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	<-asked
	if err := beside.Close(); err != nil {
		t.Fatal(err)
	}
	third, err := db.Open(ctx, where, db.Options{Clock: clock.Now, Exclusive: true})
	if err != nil {
		t.Fatalf("after the first has ended: %v", err)
	}
	if err := third.Close(); err != nil {
		t.Error(err)
	}
}

func readOnly(t *testing.T, what string, err error) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Kind != fault.Busy || f.Key != "db.read-only" {
		t.Errorf("%s: %v, want busy, read only", what, err)
	}
}

// Trust 1.4: what cannot be stored is refused as busy, readiness says so, and reading goes on.
func TestAStoreThatCannotBeWrittenSaysSoAndCanBeRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		ctx := context.Background()
		err := s.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(`/*lite:PRAGMA query_only = 1*//*pg:SELECT 1*/`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if s.Postgres() {
			s.Raw().SetMaxOpenConns(1)
			if _, err := s.Raw().Exec(`SET default_transaction_read_only = on`); err != nil {
				t.Fatal(err)
			}
		}
		readOnly(t, "act", s.Write(ctx, func(tx *db.Tx) error { return beat(tx, 8) }))
		readOnly(t, "readiness", s.Ready(ctx))
		if n := pulses(t, s); n != 0 {
			t.Errorf("%d acts are there to be read", n)
		}
	})
}

func TestAFullDiskIsToldToEveryActOfTheBatchAndHeals(t *testing.T) {
	s, _ := dbtest.SQLite(t)
	ctx := context.Background()
	most := func(pages string) {
		t.Helper()
		err := s.Write(ctx, func(tx *db.Tx) error { var n int; return tx.Row(`PRAGMA max_page_count = ` + pages).Scan(&n) })
		if err != nil {
			t.Fatal(err)
		}
	}
	big := func(tx *db.Tx) error {
		for i := range 3000 {
			if err := beat(tx, 1000+i); err != nil {
				return err
			}
		}
		return nil
	}
	most("1") // no page more than there are
	readOnly(t, "a big act", s.Write(ctx, big))
	if n := pulses(t, s); n != 0 {
		t.Errorf("%d rows of it are stored", n)
	}
	if err := s.Write(ctx, func(tx *db.Tx) error { return beat(tx, 1) }); err != nil {
		t.Errorf("what still fits: %v", err)
	}
	most("1000000")
	if err := s.Write(ctx, big); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if n := pulses(t, s); n != 3001 {
		t.Errorf("%d rows are stored", n)
	}
}

func TestAnswersAreForgottenAfterAWeek(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		ctx := context.Background()
		acted := 0
		once := func(key string) bool {
			t.Helper()
			a, err := s.Once(ctx, db.Ask{Actor: 1, Key: key, Route: "POST /x"}, func(*db.Tx) (db.Answer, error) { acted++; return db.Answer{Status: 200}, nil })
			if err != nil {
				t.Fatal(err)
			}
			return a.Again
		}
		once("old")
		c.Advance(db.KeepAnswers - time.Minute)
		once("young")
		c.Advance(time.Minute)
		if err := s.ForgetAnswers(ctx); err != nil {
			t.Fatal(err)
		}
		if !once("old") || !once("young") {
			t.Error("forgotten within the week")
		}
		c.Advance(time.Millisecond)
		if err := s.ForgetAnswers(ctx); err != nil {
			t.Fatal(err)
		}
		if once("old") || !once("young") || acted != 3 {
			t.Errorf("after the week acted %d times", acted)
		}
	})
}

// One key belongs to one person and one route.
func TestAKeyIsOnesOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		act := func(*db.Tx) (db.Answer, error) { return db.Answer{Status: 200}, nil }
		for _, c := range []struct {
			ask   db.Ask
			again bool
			kind  fault.Kind
		}{
			{db.Ask{Actor: 1, Key: "k", Route: "POST /a"}, false, ""},
			{db.Ask{Actor: 2, Key: "k", Route: "POST /a"}, false, ""},
			{db.Ask{Actor: 1, Key: "k", Route: "POST /a"}, true, ""},
			{db.Ask{Actor: 1, Key: "k", Route: "POST /b"}, false, fault.Invalid},
			{db.Ask{Actor: 1, Key: "", Route: "POST /a"}, false, fault.Invalid},
			{db.Ask{Actor: 1, Key: strings.Repeat("k", 200), Route: "POST /a"}, false, ""},
			{db.Ask{Actor: 1, Key: strings.Repeat("k", 201), Route: "POST /a"}, false, fault.Invalid},
		} {
			a, err := s.Once(context.Background(), c.ask, act)
			if a.Again != c.again || (err != nil) != (c.kind != "") || (c.kind != "" && !fault.Is(err, c.kind)) {
				t.Errorf("%d %.3s %s: %v %v", c.ask.Actor, c.ask.Key, c.ask.Route, a, err)
			}
		}
	})
}

// An act that another one came between runs again from nothing, a few times, and then its caller is told.
func TestAnActThatAsksToRunsAgain(t *testing.T) {
	dbtest.EachPlan(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		var tries []int
		err := s.Write(context.Background(), func(tx *db.Tx) error {
			tries = append(tries, tx.Try)
			if err := beat(tx, 1); err != nil || tx.Try == 3 {
				return err
			}
			return db.Again(fault.New(fault.Busy, "db.busy"))
		})
		if n := pulses(t, s); err != nil || len(tries) != 3 || n != 1 {
			t.Errorf("%v, tries %v, %d stored", err, tries, n)
		}
		tries = nil
		err = s.Write(context.Background(), func(tx *db.Tx) error {
			tries = append(tries, tx.Try)
			return db.Again(fault.New(fault.Busy, "db.busy"))
		})
		if !fault.Is(err, fault.Busy) || len(tries) < 2 || len(tries) > 10 {
			t.Errorf("%v after %d tries", err, len(tries))
		}
	}, "")
}

// A migration never changes once it has shipped: sites that ran it would have another schema. A new file is listed here
// with `(cd migrations && sha256sum *.sql) > shipped.sum`; one that shipped is never edited, a later file changes what it made.
func TestShippedMigrationsNeverChange(t *testing.T) {
	list, err := os.ReadFile("shipped.sum")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(list)), "\n") {
		sum, name, _ := strings.Cut(line, "  ")
		listed[name] = sum
	}
	files, err := filepath.Glob("migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(text)
		name := filepath.Base(file)
		if listed[name] != hex.EncodeToString(sum[:]) {
			t.Errorf("%s is not what shipped.sum says: if it has shipped, undo the change and write a new file; if not, list it", name)
		}
		delete(listed, name)
	}
	for name := range listed {
		t.Errorf("%s has shipped and is gone", name)
	}
}
