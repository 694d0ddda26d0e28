package db_test

import (
	"context"
	"testing"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
)

// A request that comes while the house stops is told so and may come again; it is no defect.
func TestAClosedStoreSaysSo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		ctx := context.Background()
		for range 2 {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		nothing := func(*db.Tx) error { return nil }
		for name, err := range map[string]error{"read": s.Read(ctx, nothing), "write": s.Write(ctx, nothing), "ready": s.Ready(ctx)} {
			if e := fault.Of(err); e == nil || e.Kind != fault.Busy || e.Key != "db.closed" {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
