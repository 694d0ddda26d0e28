package main

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"
)

// floor is agents with a ticket in hand for as long as a turn lasts, as people have one: at each beat an agent files what it holds and takes
// the next.
type floor struct {
	*bench
	base  string
	hands []hand
}

func (b *bench) floor(base string) *floor {
	return &floor{bench: b, base: base, hands: make([]hand, b.agents)}
}

// quiet is the floor with nothing else going on; it begins when everybody has a ticket.
func (f *floor) quiet(ctx context.Context) (*figures, error) {
	if _, _, _, err := f.meanwhile(ctx, func() error { time.Sleep(f.pace); return nil }); err != nil {
		return nil, err
	}
	seen, _, _, err := f.meanwhile(ctx, func() error { time.Sleep(f.seconds); return nil })
	return seen, err
}

// meanwhile lets the floor work, each a turn a pace, for as long as an act takes and no longer: only what is done then counts. refused are
// claims told to ask again.
func (f *floor) meanwhile(ctx context.Context, act func() error) (seen *figures, took time.Duration, refused int, err error) {
	c, seen := &client{f.base, newHTTP(f.agents)}, &figures{}
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
	for i := range f.agents {
		group.Go(func() {
			next := time.NewTimer(time.Duration(i) * f.pace / time.Duration(f.agents))
			defer next.Stop()
			for {
				select {
				case <-ended:
					return
				case <-next.C:
				}
				next.Reset(f.pace)
				e := f.beat(ctx, c, i, seen)
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
	return seen, took, refused, errors.Join(acted, err)
}

// beat files what an agent holds and takes the next.
func (f *floor) beat(ctx context.Context, c *client, agent int, seen *figures) (err error) {
	if err = f.empty(ctx, c, agent, seen); err == nil {
		f.hands[agent], err = c.take(ctx, f.tokens[agent], seen)
	}
	return err
}

func (f *floor) empty(ctx context.Context, c *client, agent int, seen *figures) error {
	h := f.hands[agent]
	if h.Ticket.ID == "" {
		return nil
	}
	f.hands[agent] = hand{}
	return c.file(ctx, f.tokens[agent], h, seen)
}

// goHome files what is left in the hands.
func (f *floor) goHome(ctx context.Context) error {
	c, all := &client{f.base, newHTTP(1)}, error(nil)
	for i := range f.hands {
		all = errors.Join(all, f.empty(ctx, c, i, &figures{}))
	}
	return all
}
