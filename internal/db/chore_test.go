package db_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
)

// Trust.md G1: an act is answered when the disk has it. A chore need not wait for that, and the acts after it do again.
func TestOnlyAChoreDoesNotWaitForTheDisk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		off, on := "1", "2" // SQLite's NORMAL and FULL
		if s.Postgres() {
			off, on = "off", "on"
			err := s.Write(context.Background(), func(tx *db.Tx) error { // tests run without; acts one after the other share the connection
				_, err := tx.Exec(`SET SESSION synchronous_commit = on`)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for i, one := range []struct {
			run  func(context.Context, func(*db.Tx) error) error
			want string
		}{{s.Write, on}, {s.Chore, off}, {s.Chore, off}, {s.Write, on}, {s.Chore, off}, {s.Write, on}} {
			var got string
			err := one.run(context.Background(), func(tx *db.Tx) error { // SQLite reads the pragma with the statement: each is a new one
				return errors.Join(beat(tx, i+1), tx.Row(fmt.Sprintf(`/*lite: PRAGMA synchronous -- %d*/ /*pg: SHOW synchronous_commit */`, i)).Scan(&got))
			})
			if err != nil || got != one.want {
				t.Errorf("step %d runs with %s, %v; want %s", i, got, err, one.want)
			}
		}
		if n := pulses(t, s); n != 6 {
			t.Errorf("%d of 6 are stored", n)
		}
	})
}

func TestAFailedChoreLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		wrong := errors.New("wrong")
		if err := s.Chore(context.Background(), func(tx *db.Tx) error { return errors.Join(beat(tx, 1), wrong) }); !errors.Is(err, wrong) {
			t.Errorf("the chore ended with %v", err)
		}
		told := false
		if err := s.Chore(context.Background(), func(tx *db.Tx) error { tx.After(func() { told = true }); return beat(tx, 2) }); err != nil || !told {
			t.Errorf("told after it: %v, %v", told, err)
		}
		if n := pulses(t, s); n != 1 {
			t.Errorf("%d are stored, want 1", n)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := s.Chore(context.Background(), func(tx *db.Tx) error { return nil }); err == nil {
			t.Error("a chore ran in a closed store")
		}
	})
}

// On SQLite acts that wait go between two chores, and however many come, each chore has its turn.
func TestActsAndChoresTakeTurns(t *testing.T) {
	s, _ := dbtest.SQLite(t)
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	begun, goOn := make(chan bool), make(chan bool)
	ended := make(chan error)
	var order []string
	note := func(what string) func(*db.Tx) error {
		return func(*db.Tx) error { order = append(order, what); return nil } // the one writer runs them one by one
	}
	go func() {
		ended <- s.Write(ctx, func(*db.Tx) error { close(begun); <-goOn; return nil })
	}()
	<-begun
	chore := make(chan error)
	for range 2 {
		go func() { chore <- s.Chore(ctx, note("chore")) }()
	}
	for i := range 3 {
		go func() {
			for range 200 { // each is followed by another: there is always an act that waits
				if err := s.Write(ctx, note("act")); err != nil {
					t.Error(i, err)
				}
			}
			ended <- nil
		}()
	}
	for acts, chores := s.Waiting(); acts < 3 || chores < 2; acts, chores = s.Waiting() {
		runtime.Gosched()
	}
	close(goOn)
	for range 2 {
		if err := <-chore; err != nil {
			t.Fatal(err)
		}
	}
	for range 4 {
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	}
	if len(order) != 602 || !slices.Equal(order[:5], []string{"chore", "act", "act", "act", "chore"}) {
		t.Errorf("%d turns, the first: %v", len(order), order[:min(len(order), 9)])
	}
}
