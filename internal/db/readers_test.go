package db_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
)

// A reader whose look was cut short, failed or panicked is as good as before for the next one.
func TestReadersGoOnAfterAnything(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		ctx := context.Background()
		if err := s.Ready(ctx); err != nil {
			t.Fatal(err)
		}
		count := func(tx *db.Tx) error {
			var n int
			err := tx.Row(`SELECT count(*) FROM pulse`).Scan(&n)
			if err == nil && n != 1 {
				t.Errorf("%d pulses", n)
			}
			return err
		}
		gone, give := context.WithCancel(ctx)
		defer give()
		broken := errors.New("the look failed")
		for range 20 { // more than there are readers
			if err := s.Read(ctx, func(tx *db.Tx) error { return errors.Join(count(tx), broken) }); !errors.Is(err, broken) {
				t.Fatal(err)
			}
			if err := s.Read(ctx, func(tx *db.Tx) error { return tx.Row(`SELECT nothing FROM nowhere`).Scan(new(int)) }); err == nil {
				t.Fatal("a table that is not there was read")
			}
			func() {
				defer func() { _ = recover() }()
				_ = s.Read(ctx, func(*db.Tx) error { panic("a defect") })
			}()
			_ = s.Read(gone, func(tx *db.Tx) error { give(); return count(tx) })
		}
		if err := s.Read(gone, count); !errors.Is(err, context.Canceled) {
			t.Errorf("who has gone got %v", err)
		}
		if _, reading := s.Stats(); reading != 0 {
			t.Errorf("%d readers are still in use", reading)
		}
		if err := s.Read(ctx, count); err != nil {
			t.Error(err)
		}
	})
}

// One look sees one state, whatever is stored meanwhile; the next look sees it all.
func TestALookSeesOneState(t *testing.T) {
	s, _ := dbtest.SQLite(t)
	ctx := context.Background()
	at := func(tx *db.Tx) (n int64) {
		if err := tx.Row(`SELECT COALESCE(max(at), 0) FROM pulse`).Scan(&n); err != nil {
			t.Error(err)
		}
		return n
	}
	for i := range 5 {
		err := s.Read(ctx, func(tx *db.Tx) error {
			before := at(tx)
			if err := s.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(`INSERT INTO pulse(id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at`, i+1)
				return err
			}); err != nil {
				return err
			}
			if after := at(tx); after != before {
				t.Errorf("the state changed within a look: %d, then %d", before, after)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Read(ctx, func(tx *db.Tx) error {
			if n := at(tx); n != int64(i+1) {
				t.Errorf("the next look sees %d", n)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestManyReadersAtOnceAndAClose(t *testing.T) {
	s, _ := dbtest.SQLite(t)
	ctx := context.Background()
	var group sync.WaitGroup
	for range 40 {
		group.Go(func() {
			for range 50 {
				err := s.Read(ctx, func(tx *db.Tx) error { return tx.Row(`SELECT count(*) FROM pulse`).Scan(new(int)) })
				if e := fault.Of(err); err != nil && (e == nil || e.Key != "db.closed") {
					t.Errorf("a reader got %v", err)
					return
				}
			}
		})
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	group.Wait()
	if err := s.Read(ctx, func(*db.Tx) error { return nil }); fault.Of(err) == nil {
		t.Errorf("after the close: %v", err)
	}
}
