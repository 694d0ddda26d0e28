package db_test

import (
	"context"
	"errors"
	"testing"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
)

// An act that has the transaction to itself is as whole as one among others: refused it leaves nothing, and the next one
// finds a clean writer.
func TestAnActAloneLeavesNothingWhenItFails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		wrong := errors.New("wrong")
		for i := 1; i <= 6; i++ {
			after := false
			err := s.Write(context.Background(), func(tx *db.Tx) error {
				tx.After(func() { after = true })
				if err := beat(tx, i); err != nil {
					return err
				}
				if i%2 == 0 {
					return wrong
				}
				return nil
			})
			if errors.Is(err, wrong) != (i%2 == 0) || after != (i%2 == 1) {
				t.Errorf("act %d: %v, after %v", i, err, after)
			}
			if n := pulses(t, s); n != (i+1)/2 {
				t.Errorf("after act %d: %d acts are stored", i, n)
			}
		}
	})
}

// A bench or a test gets the driver's own handle beside the writer; it must not wait for ever.
func TestRawWorksBesideTheWriter(t *testing.T) {
	s, _ := dbtest.SQLite(t)
	if err := s.Write(context.Background(), func(tx *db.Tx) error { return beat(tx, 1) }); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Raw().ExecContext(context.Background(), `INSERT INTO pulse(id, at) VALUES (2, 0)`); err != nil {
		t.Fatal(err)
	}
	if n := pulses(t, s); n != 2 {
		t.Errorf("%d", n)
	}
}
