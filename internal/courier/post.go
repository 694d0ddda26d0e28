package courier

import (
	"context"
	"log/slog"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/outbox"
	"sapa/internal/phrase"
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
	*rounds
}

// New makes a post of its parts; the configuration must have passed its Check.
func New(p Parts) *Post {
	post := &Post{Parts: p}
	post.rounds = &rounds{store: p.Store, apps: []string{outbox.Mail}, lease: 4 * p.Mail.timeout(), // twice what sending can take
		ticker: p.Ticker, log: p.Log, what: "letters", bring: post.bring, wake: make(chan struct{}, 1)}
	return post
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
