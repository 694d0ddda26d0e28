package courier

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/outbox"
	"sapa/internal/phrase"
)

const (
	lookEvery = 2 * time.Second // how soon a letter leaves that nobody woke us for
	atOnce    = 4               // letters on their way at the same time
	lastWords = 5 * time.Second // what a stop leaves to a letter that is on its way
)

// Parts is what a post is made of.
type Parts struct {
	Store *db.DB
	Mail  Config
	// Letter makes the letter of a promise. A fault of it is for good, unless it is Busy.
	Letter func(tx *db.Tx, p outbox.Promise) (Letter, error)
	// Arrived is told, in the act that keeps it, that the mail server has a letter, and under which Message-ID. May be nil.
	Arrived func(tx *db.Tx, p outbox.Promise, messageID string) error
	Site    string // right half of Message-IDs: a domain
	Ticker  func(time.Duration) (<-chan time.Time, func())
	Log     *slog.Logger
}

// Post brings letters to a mail server until it is told to stop.
type Post struct {
	Parts
	wake chan struct{} // one place: waking somebody who is about to wake adds nothing
}

// New makes a post of its parts; the configuration must have passed its Check.
func New(p Parts) *Post { return &Post{p, make(chan struct{}, 1)} }

// Wake makes Run look now.
func (p *Post) Wake() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// Run brings letters until the context ends, then waits a few seconds for those on their way.
func (p *Post) Run(ctx context.Context) {
	tick, stop := p.Ticker(lookEvery)
	defer stop()
	for {
		n, err := p.Round(ctx)
		if err != nil && ctx.Err() == nil {
			p.Log.Warn("letters wait", "err", err)
		}
		if n == atOnce && err == nil && ctx.Err() == nil { // there may be more
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-tick:
		case <-p.wake:
		}
	}
}

// Round takes what is due, up to a handful, brings it over side by side, and gives how many it took. A letter that hangs
// holds up this round only, and no longer than the time-outs.
func (p *Post) Round(ctx context.Context) (int, error) {
	var taken []outbox.Promise
	err := p.Store.Write(ctx, func(tx *db.Tx) (err error) {
		taken, err = outbox.Take(tx, []string{outbox.Mail}, atOnce, 4*p.Mail.timeout()) // twice what sending can take
		return err
	})
	if err != nil {
		return 0, err
	}
	sending, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	stop := context.AfterFunc(ctx, func() { // a letter on its way is not torn up at once: it would go out twice
		grace, done := context.WithTimeout(sending, lastWords)
		defer done()
		<-grace.Done()
		cut()
	})
	defer stop()
	var all sync.WaitGroup
	errs := make([]error, len(taken))
	for i, promise := range taken {
		all.Go(func() { errs[i] = p.bring(sending, promise) })
	}
	all.Wait()
	return len(taken), errors.Join(errs...)
}

// bring sends one letter and keeps how it went. An error means that this could not be kept: the lease runs out and the letter
// goes out again under the same Message-ID.
func (p *Post) bring(ctx context.Context, promise outbox.Promise) error {
	id := MessageID(promise, p.Site)
	sent := p.try(ctx, promise, id)
	return p.Store.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		var err error
		switch {
		case sent == nil:
			if _, err = outbox.Delivered(tx, promise, "<"+id+">"); err == nil && p.Arrived != nil {
				err = p.Arrived(tx, promise, "<"+id+">")
			}
		case final(sent):
			_, err = outbox.Refused(tx, promise, why(phrase.ID, sent))
		default:
			_, err = outbox.Deferred(tx, promise, why(phrase.ID, sent))
		}
		if fault.Is(err, fault.Conflict) { // somebody else has it by now; the log is all that is left to tell
			p.Log.Warn("letter settled by another", "promise", promise.ID.String(), "sent", sent == nil)
			return nil
		}
		return err
	})
}

func (p *Post) try(ctx context.Context, promise outbox.Promise, id string) error {
	var l Letter
	err := p.Store.Read(ctx, func(tx *db.Tx) (err error) { l, err = p.Letter(tx, promise); return err })
	if err != nil {
		return err
	}
	l.Date = promise.MadeAt // the same for every try
	m, err := l.message(p.Mail, id)
	if err != nil {
		return err
	}
	return p.Mail.send(ctx, m)
}
