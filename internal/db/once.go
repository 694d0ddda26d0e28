package db

import (
	"bytes"
	"context"
	"crypto/sha256"
	"time"

	"sapa/internal/fault"
)

// KeepAnswers is how long the answer to a key is kept (trust 1.1).
const KeepAnswers = 7 * 24 * time.Hour

// Ask names one unsafe request so that sending it again does not do it again.
type Ask struct {
	Actor ID
	Key   string // Idempotency-Key, 1 to 200 characters
	Route string // method and path
	Body  []byte
}

// Answer is what was answered, kept in the transaction of the act itself.
type Answer struct {
	Status int
	Body   []byte
	Again  bool // the stored answer to an earlier ask
}

// Once runs an act the first time a key is seen and keeps its answer with it; the same key and body get that answer, also
// in parallel and after a restart. The same key with another body is Invalid "db.key-reused". Refusals are not kept: the
// caller may put things right and ask with the same key again.
func (d *DB) Once(ctx context.Context, ask Ask, act func(tx *Tx) (Answer, error)) (Answer, error) {
	if ask.Key == "" || len(ask.Key) > 200 {
		return Answer{}, fault.New(fault.Invalid, "db.key-form").At("Idempotency-Key", "")
	}
	sum := sha256.New()
	sum.Write([]byte(ask.Route))
	sum.Write([]byte{0})
	sum.Write(ask.Body)
	digest := sum.Sum(nil)
	var answer Answer
	err := d.Write(ctx, func(tx *Tx) error {
		fresh, err := tx.Exec(`
			INSERT INTO answered(actor, key, digest, status, body, at) VALUES ($1, $2, $3, 0, $4, $5)
			ON CONFLICT DO NOTHING`, ask.Actor, ask.Key, digest, []byte{}, Millis(tx.Now))
		if err != nil {
			return err
		}
		if fresh == 0 {
			answer, err = stored(tx, ask, digest)
			return err
		}
		if answer, err = act(tx); err != nil {
			return err
		}
		if answer.Body == nil {
			answer.Body = []byte{} // a nil would be no answer at all
		}
		_, err = tx.Exec(`UPDATE answered SET status = $3, body = $4 WHERE actor = $1 AND key = $2`,
			ask.Actor, ask.Key, answer.Status, answer.Body)
		return err
	})
	if err != nil {
		return Answer{}, err
	}
	return answer, nil
}

func stored(tx *Tx, ask Ask, digest []byte) (Answer, error) {
	a := Answer{Again: true}
	var before []byte
	err := tx.Row(`SELECT digest, status, body FROM answered WHERE actor = $1 AND key = $2`, ask.Actor, ask.Key).Scan(&before, &a.Status, &a.Body)
	if err == nil && !bytes.Equal(before, digest) {
		err = fault.New(fault.Invalid, "db.key-reused").At("Idempotency-Key", "")
	}
	return a, err
}

// ForgetAnswers drops answers older than KeepAnswers.
func (d *DB) ForgetAnswers(ctx context.Context) error {
	return d.Write(ctx, func(tx *Tx) error {
		_, err := tx.Exec(`DELETE FROM answered WHERE at < $1`, Millis(tx.Now.Add(-KeepAnswers)))
		return err
	})
}

// Known tells whether an ask has been answered already, whatever its body: then nothing long needs to be done before Once.
func (d *DB) Known(ctx context.Context, ask Ask) (is bool, err error) {
	err = d.Read(ctx, func(tx *Tx) error {
		return tx.Row(`SELECT EXISTS (SELECT 1 FROM answered WHERE actor = $1 AND key = $2)`, ask.Actor, ask.Key).Scan(&is)
	})
	return is, err
}
