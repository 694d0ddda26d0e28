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
)

// fillSearch makes findable what was opened since, by this server or by an import beside it: an import leaves it to the
// server, for nobody searches without one. Behind a long import it goes on in turns short enough for agents, with rests.
func (h *house) fillSearch(ctx context.Context) error {
	for {
		began := time.Now()
		n, err := ticket.Fill(ctx, h.store, fillAtOnce)
		if err != nil || n < fillAtOnce {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(fillRest * time.Since(began)):
		}
	}
}
