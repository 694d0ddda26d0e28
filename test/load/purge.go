package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"sapa/test/load/fill"
)

// purged is what the API says of a purge.
type purged struct {
	ID, State, Digest string
	Steps             []struct {
		Kind         string
		Due, Removed int
	}
}

func (p purged) sum() (due, gone int) {
	for _, s := range p.Steps {
		due, gone = due+s.Due, gone+s.Removed
	}
	return due, gone
}

// measurePurge lets everything older than thirty days be listed and removed while agents work at a turn a pace each. It prints how long
// both took and how finish fared meanwhile beside the quiet floor just before and just after.
func (b *bench) measurePurge(ctx context.Context) error {
	store, err := b.open(ctx)
	if err != nil {
		return err
	}
	asks, confirms, err := fill.Register(ctx, store)
	if err := errors.Join(err, store.Close()); err != nil {
		return err
	}
	s, err := b.start(ctx)
	if err != nil {
		return err
	}
	c := &client{s.base, newHTTP(4)}
	f := b.floor(s.base)
	quiet, err := f.quiet(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("a purge of what is older than thirty days, %d agents, a turn every %v each\n  quiet              next %s   finish %s\n", b.agents, b.pace, quiet.next, quiet.finish)
	const purges = "/api/v1/records/purges"
	var p purged
	until := func(state string) error {
		for p.State != state {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(250 * time.Millisecond):
			}
			if err := c.get(ctx, asks, purges+"/"+p.ID, &p); err != nil {
				return err
			}
		}
		return nil
	}
	for _, act := range []struct {
		name string
		do   func() error
	}{
		{"listed ", func() error { return errors.Join(c.post(ctx, asks, purges, map[string]any{}, &p), until("listed")) }},
		{"removed", func() error {
			named := map[string]string{"digest": p.Digest}
			return errors.Join(c.post(ctx, asks, purges+"/"+p.ID+"/ask", named, &p), c.post(ctx, confirms, purges+"/"+p.ID+"/confirm", named, &p), until("done"))
		}},
	} {
		used := s.used()
		seen, took, refused, err := f.meanwhile(ctx, act.do)
		if err != nil {
			return err
		}
		due, gone := p.sum()
		fmt.Printf("  %s            %.1f s (%d on the list, %d removed: %v), %.1f s of the server's processor time\n", act.name, took.Seconds(), due, gone, p.Steps, (s.used() - used).Seconds())
		fmt.Printf("    meanwhile        next %s   finish %s   finish p99 x%s of the quiet floor (%d of %d; %d times told to ask again)\n", seen.next, seen.finish,
			ratio(seen.finish.percentile(0.99), quiet.finish.percentile(0.99)), len(seen.finish.all), len(quiet.finish.all), refused)
	}
	after, err := f.quiet(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("  quiet afterwards   next %s   finish %s\n", after.next, after.finish)
	return errors.Join(f.goHome(ctx), s.stop())
}

// get asks for what changes nothing.
func (c *client) get(ctx context.Context, token, path string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s", path, answer.Status)
	}
	return json.NewDecoder(answer.Body).Decode(into)
}
