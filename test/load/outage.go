package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"sapa/internal/db"
	"sapa/test/load/fill"
)

// measureOutage declares a mass outage over 100,000 services, each with a ticket that waits, while agents work at a turn a
// pace each, and ends it again. It prints how long the parking and the release took and how finish fared meanwhile beside
// the quiet floor just before: once with those tickets among everybody else's, once with all of them in front.
func (b *bench) measureOutage(ctx context.Context) error {
	for _, sto := range []string{fill.Among, fill.InLead} {
		if err := b.outage(ctx, sto); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) outage(ctx context.Context, sto string) error {
	store, err := db.Open(ctx, "sqlite:"+filepath.Join(b.dir, "sapa.db"), db.Options{Clock: time.Now, Exclusive: true})
	if err != nil {
		return err
	}
	leader, err := fill.Outage(ctx, store, sto, b.services)
	if err := errors.Join(err, store.Close()); err != nil {
		return err
	}
	s, err := b.start(ctx)
	if err != nil {
		return err
	}
	where := map[string]string{fill.Among: "among everybody else's", fill.InLead: "in front of everybody else's"}[sto]
	fmt.Printf("an outage over %d services, their tickets %s, %d agents, a turn every %v each\n", b.services, where, b.agents, b.pace)
	c := &client{s.base, newHTTP(4)}
	f := b.floor(s.base)
	quiet, err := f.quiet(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("  quiet              next %s   finish %s\n", quiet.next, quiet.finish)
	var o struct {
		ID, Phase                  string
		Services, Parked, Released int
	}
	for _, act := range []struct {
		name, path string
		body       any
	}{
		{"declared and parked", "/api/v1/outages", map[string]any{"scope": map[string]string{"sto": sto}, "reason": "Kabel laut putus (rekaan)"}},
		{"ended and released ", "", map[string]any{}},
	} {
		if act.path == "" {
			act.path = "/api/v1/outages/" + o.ID + "/recover"
		}
		used := s.used()
		seen, took, refused, err := f.meanwhile(ctx, func() error { return c.post(ctx, leader, act.path, act.body, &o) })
		if err != nil {
			return err
		}
		fmt.Printf("  %s  %.2f s (%d services, %d parked now, %d released, %s), %.2f s of the server's processor time\n", act.name, took.Seconds(), o.Services, o.Parked, o.Released, o.Phase,
			(s.used() - used).Seconds())
		fmt.Printf("    meanwhile        next %s   finish %s   finish p99 x%s of the quiet floor (%d of %d; %d times told to ask again)\n", seen.next, seen.finish,
			ratio(seen.finish.percentile(0.99), quiet.finish.percentile(0.99)), len(seen.finish.all), len(quiet.finish.all), refused)
	}
	return errors.Join(f.goHome(ctx), s.stop())
}
