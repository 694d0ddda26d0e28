package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
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
	quiet, _, err := b.paced(ctx, s.base, b.agents)
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
		f, took, refused, err := b.meanwhile(ctx, s.base, func() error { return c.post(ctx, leader, act.path, act.body, &o) })
		if err != nil {
			return err
		}
		fmt.Printf("  %s  %.2f s (%d services, %d parked now, %d released, %s), %.2f s of the server's processor time\n", act.name, took.Seconds(), o.Services, o.Parked, o.Released, o.Phase,
			(s.used() - used).Seconds())
		fmt.Printf("    meanwhile        next %s   finish %s   finish p99 x%s of the quiet floor (%d turns; %d times told to ask again)\n", f.next, f.finish,
			ratio(f.finish.percentile(0.99), quiet.finish.percentile(0.99)), len(f.finish.all), refused)
	}
	return s.stop()
}

// meanwhile lets agents work, each a turn a pace, for as long as an act takes and no longer: only those turns count.
func (b *bench) meanwhile(ctx context.Context, base string, act func() error) (f *figures, took time.Duration, refused int, err error) {
	c, f := &client{base, newHTTP(b.agents)}, &figures{}
	over := make(chan error, 1) // the one act's answer
	began := time.Now()
	go func() {
		err := act()
		took = time.Since(began)
		over <- err
	}()
	var mu sync.Mutex
	var group sync.WaitGroup
	ended := make(chan struct{})
	for i := range b.agents {
		group.Go(func() {
			next := time.NewTimer(time.Duration(i) * b.pace / time.Duration(b.agents))
			defer next.Stop()
			for {
				select {
				case <-ended:
					return
				case <-next.C:
				}
				next.Reset(b.pace)
				e := c.cycle(ctx, b.tokens[i], f)
				mu.Lock()
				switch {
				case e != nil && strings.Contains(e.Error(), "503"):
					refused++
				case e != nil:
					err = e
				}
				mu.Unlock()
			}
		})
	}
	acted := <-over
	close(ended)
	group.Wait()
	return f, took, refused, errors.Join(acted, err)
}
