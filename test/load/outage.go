package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sapa/test/load/fill"
)

// measureOutage declares a mass outage over 100,000 services, each with a ticket that waits, while agents work at a turn a
// pace each, and ends it again. It prints how long the parking and the release took and how finish fared meanwhile beside
// the quiet floor just before - several times, for one has few turns -: once with those tickets among everybody else's, once with all of them in front.
func (b *bench) measureOutage(ctx context.Context) error {
	for _, sto := range []string{fill.Among, fill.InLead} {
		if err := b.outage(ctx, sto); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) outage(ctx context.Context, sto string) error {
	store, err := b.open(ctx)
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
	acts := []*outageAct{{name: "declared and parked"}, {name: "ended and released "}}
	for range b.times {
		var o declared
		for i, act := range acts {
			path, body := "/api/v1/outages", map[string]any{"scope": map[string]string{"sto": sto}, "reason": "Kabel laut putus (rekaan)"}
			if i > 0 {
				path, body = path+"/"+o.ID+"/recover", map[string]any{}
			}
			if err := act.once(ctx, f, func() error { return c.post(ctx, leader, path, body, &o) }); err != nil {
				return err
			}
			act.said = append(act.said, o)
		}
	}
	for _, act := range acts {
		act.print(quiet)
	}
	return errors.Join(f.goHome(ctx), s.stop())
}

// declared is what the API says of an outage.
type declared struct {
	ID, Phase                  string
	Services, Parked, Released int
}

// outageAct is one of the two acts, as often as it was done: the floor's turns of all times together, for one time has few.
type outageAct struct {
	name    string
	took    []time.Duration
	said    []declared
	seen    figures
	refused int
}

func (a *outageAct) once(ctx context.Context, f *floor, act func() error) error {
	seen, took, refused, err := f.meanwhile(ctx, act)
	if err != nil {
		return err
	}
	a.took = append(a.took, took)
	a.refused += refused
	a.seen.next.all = append(a.seen.next.all, seen.next.all...)
	a.seen.finish.all = append(a.seen.finish.all, seen.finish.all...)
	return nil
}

func (a *outageAct) print(quiet *figures) {
	for i, o := range a.said {
		fmt.Printf("  %s  %.2f s (%d services, %d parked now, %d released, %s)\n", a.name, a.took[i].Seconds(), o.Services, o.Parked, o.Released, o.Phase)
	}
	fmt.Printf("    meanwhile        next %s   finish %s   finish p99 x%s of the quiet floor (%d of %d; %d times told to ask again)\n", a.seen.next, a.seen.finish,
		ratio(a.seen.finish.percentile(0.99), quiet.finish.percentile(0.99)), len(a.seen.finish.all), len(quiet.finish.all), a.refused)
}
