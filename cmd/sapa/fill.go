package main

import (
	"context"
	"time"

	"sapa/internal/ticket"
)

const (
	fillEvery  = 250 * time.Millisecond
	fillAtOnce = 200 // tickets a turn
	fillRest   = 3   // times as long as a full turn took
	fillPause  = time.Second
)

// fillSearch makes findable what was opened since, by this server or by an import beside it: an import leaves it to the
// server, for nobody searches without one. Behind a long import it goes on in turns short enough for agents, with rests;
// while more keep coming it takes a turn a second, for two that write the same file wait for each other longer than they
// write.
func (h *house) fillSearch(ctx context.Context) error {
	for {
		began := time.Now()
		n, err := ticket.Fill(ctx, h.store, fillAtOnce)
		if err != nil || n < fillAtOnce {
			return err
		}
		last, err := ticket.LastToFill(ctx, h.store)
		if err != nil {
			return err
		}
		if !pause(ctx, fillRest*time.Since(began)) {
			return nil
		}
		now, err := ticket.LastToFill(ctx, h.store)
		if err != nil || now != last && !pause(ctx, fillPause) {
			return err
		}
	}
}

// pause waits a while; false when the house closes meanwhile.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
