package booking_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sapa/internal/booking"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
)

// BenchmarkHold measures holds a second of one agent and of 64 - each takes a place and lets the agent's earlier one go -
// beside the smallest transaction of the same store: one row changed by its key.
//
//	go test ./internal/booking -run xxx -bench Hold
func BenchmarkHold(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchHold(b, dbtest.SQLite) })
	if os.Getenv("SAPA_TEST_POSTGRES") != "" {
		b.Run("postgres", func(b *testing.B) { benchHold(b, dbtest.Postgres) })
	}
}

func benchHold(b *testing.B, open func(testing.TB) (*db.DB, *dbtest.Clock)) {
	for _, workers := range []int{1, 64} {
		b.Run(fmt.Sprintf("%d agents", workers), func(b *testing.B) {
			s, c := open(b)
			many := make([]int, 40)
			for i := range many {
				many[i] = 100
			}
			slots := shop{b, s, c}.slots("MLG", many...)
			pick := func() db.ID { return slots[rand.IntN(len(slots))].ID }
			b.ResetTimer()
			ours := spread(b, workers, func(ctx context.Context, n int) error {
				return s.Write(ctx, func(tx *db.Tx) error { _, err := booking.Hold(tx, agent(n), pick()); return err })
			})
			least := spread(b, workers, func(ctx context.Context, _ int) error {
				return s.Write(ctx, func(tx *db.Tx) error {
					_, err := tx.Exec(`UPDATE slot SET zone = $2 WHERE id = $1`, pick(), tx.NewID().String()) // the same again would write nothing
					return err
				})
			})
			b.StopTimer()
			b.ReportMetric(float64(b.N)/ours.Seconds(), "holds/s")
			b.ReportMetric(float64(b.N)/least.Seconds(), "least/s")
			b.ReportMetric(least.Seconds()/ours.Seconds(), "ratio")
			b.ReportMetric(0, "ns/op")
			shop{b, s, c}.sound()
		})
	}
}

// spread does an act b.N times among so many workers and tells how long that took.
func spread(b *testing.B, workers int, act func(ctx context.Context, worker int) error) time.Duration {
	began := time.Now()
	var left atomic.Int64
	left.Store(int64(b.N))
	var all sync.WaitGroup
	for n := range workers {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				if err := act(context.Background(), n); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	return time.Since(began)
}
