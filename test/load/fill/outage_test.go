package fill

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/lead"
	"sapa/internal/live"
	"sapa/internal/outage"
	"sapa/internal/who"
)

// BenchmarkOutage parks and releases the waiting tickets of 20,000 services, alone in a store: what each ticket costs, of the
// act's own time.
func BenchmarkOutage(b *testing.B) {
	const services = 20_000
	ctx := context.Background()
	store, err := db.Open(ctx, "sqlite:"+filepath.Join(b.TempDir(), "sapa.db"), db.Options{Clock: time.Now, Exclusive: true})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	if _, err := Outage(ctx, store, InLead, services); err != nil {
		b.Fatal(err)
	}
	hub := live.NewHub()
	settler := &lead.Settler{Store: store, Hub: hub, Site: time.UTC}
	leader := who.Actor{ID: 1, Role: who.Leader}
	var parking, releasing time.Duration
	for i := 0; b.Loop(); i++ {
		o, err := lead.PlanOutage(ctx, store, leader, outage.New{Scope: outage.Scope{STO: []string{InLead}}, Reason: "Kabel laut putus (rekaan)", Asked: "bench " + time.Now().String()})
		if err != nil {
			b.Fatal(err)
		}
		if err := store.Write(ctx, func(tx *db.Tx) error { _, err := lead.DeclareOutage(tx, leader, hub, o.ID); return err }); err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		if err := settler.Settle(ctx); err != nil {
			b.Fatal(err)
		}
		parking += time.Since(began)
		if err := store.Write(ctx, func(tx *db.Tx) error { _, err := lead.RecoverOutage(tx, leader, hub, o.ID); return err }); err != nil {
			b.Fatal(err)
		}
		began = time.Now()
		if err := settler.Settle(ctx); err != nil {
			b.Fatal(err)
		}
		releasing += time.Since(began)
	}
	b.ReportMetric(float64(parking.Microseconds())/float64(b.N*services), "µs/parked")
	b.ReportMetric(float64(releasing.Microseconds())/float64(b.N*services), "µs/released")
}
