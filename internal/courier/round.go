package courier

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"sapa/internal/db"
	"sapa/internal/outbox"
)

const (
	lookEvery = 2 * time.Second // how soon a promise leaves that nobody woke us for
	atOnce    = 4               // promises on their way at the same time
	lastWords = 5 * time.Second // what a stop leaves to a promise that is on its way
)

// rounds takes promises of some applications from outbox, round by round, and has each brought over.
type rounds struct {
	store  *db.DB
	apps   []string
	lease  time.Duration
	ticker func(time.Duration) (<-chan time.Time, func())
	log    *slog.Logger
	what   string // letters, errands
	// bring brings one promise over and keeps how it went; an error means that this could not be kept.
	bring func(ctx context.Context, p outbox.Promise) error
	wake  chan struct{} // one place: waking somebody who is about to wake adds nothing
}

// Wake makes Run look now.
func (r *rounds) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run brings promises until the context ends, then waits a few seconds for those on their way.
func (r *rounds) Run(ctx context.Context) {
	tick, stop := r.ticker(lookEvery)
	defer stop()
	for {
		n, err := r.Round(ctx)
		if err != nil && ctx.Err() == nil {
			r.log.Warn(r.what+" wait", "err", err)
		}
		if n == atOnce && err == nil && ctx.Err() == nil { // there may be more
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-tick:
		case <-r.wake:
		}
	}
}

// Round takes what is due, up to a handful, brings it over side by side, and gives how many it took. A promise that hangs
// holds up this round only, and no longer than the time-outs.
func (r *rounds) Round(ctx context.Context) (int, error) {
	var taken []outbox.Promise
	err := r.store.Write(ctx, func(tx *db.Tx) (err error) {
		taken, err = outbox.Take(tx, r.apps, atOnce, r.lease)
		return err
	})
	if err != nil {
		return 0, err
	}
	sending, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	stop := context.AfterFunc(ctx, func() { // what is on its way is not torn up at once: it would go out twice
		grace, done := context.WithTimeout(sending, lastWords)
		defer done()
		<-grace.Done()
		cut()
	})
	defer stop()
	var all sync.WaitGroup
	errs := make([]error, len(taken))
	for i, promise := range taken {
		all.Go(func() { errs[i] = r.bring(sending, promise) })
	}
	all.Wait()
	return len(taken), errors.Join(errs...)
}
