package outbox

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
	"unicode"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// How a courier tries again. Twenty tries are about six hours: an evening's outage delivers by itself, a day's is a leader's.
const (
	MaxTries   = 20
	firstPause = 5 * time.Second
	longPause  = 20 * time.Minute // and half as much again at most
	longWhy    = 500              // characters of an error that are kept
)

// Take gives a courier up to limit promises of its applications whose time has come, each leased for a while: until then
// nobody else gets it. Per ticket and application - without a ticket: per key - only the first one that is not settled is
// given, so a failed one holds back what comes after it until a leader retries or waives it.
//
// A lease is fenced by Attempts. When a courier dies between sending and Delivered, the lease runs out and the promise is
// given again: outside it may arrive twice, under the same id.
func Take(tx *db.Tx, apps []string, limit int, lease time.Duration) ([]Promise, error) {
	if len(apps) == 0 || limit <= 0 {
		return nil, nil
	}
	args := []any{db.Millis(tx.Now), limit}
	places := make([]string, len(apps))
	for i, app := range apps {
		args = append(args, app)
		places[i] = fmt.Sprintf("$%d", len(args))
	}
	// PostgreSQL: lock and limit stand at the top of one statement, over an order that never changes, so a row that another
	// courier leased meanwhile is looked at again and left out (store.md, trap of SKIP LOCKED in a subquery).
	found, err := list(tx, `
		SELECT `+columns+` FROM promise p
		 WHERE p.app IN (`+strings.Join(places, ", ")+`) AND p.state = 'open'
		   AND p.next_at <= $1 AND p.not_before <= $1 AND p.leased_until <= $1
		   AND NOT EXISTS (SELECT 1 FROM promise e
		                    WHERE e.app = p.app AND e.ticket = p.ticket AND e.order_key = p.order_key AND e.id < p.id
		                      AND e.state IN ('open', 'failed'))
		 ORDER BY p.id
		 LIMIT $2 /*pg: FOR UPDATE OF p SKIP LOCKED*/`, args...)
	if err != nil {
		return nil, err
	}
	for i := range found {
		p := &found[i]
		p.Attempts++
		p.LeasedUntil = tx.Now.Add(lease)
		if _, err := tx.Exec(`UPDATE promise SET attempts = $2, leased_until = $3 WHERE id = $1`, p.ID, p.Attempts, db.Millis(p.LeasedUntil)); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// Delivered keeps that a courier brought a promise over, with the outside's reference. Conflict "outbox.lease-lost" when
// somebody else has it by now.
func Delivered(tx *db.Tx, p Promise, reference string) (Promise, error) {
	was, err := fence(tx, p)
	if err != nil {
		return was, err
	}
	was.State, was.Reference, was.LastError, was.SettledAt = Done, shorten(reference, 200), "", tx.Now
	return was, settle(tx, who.House, was, "outbox.done")
}

// Deferred keeps that it did not work this time: it is tried again after a pause that doubles from 5 s to 30 min, and after
// MaxTries it fails.
func Deferred(tx *db.Tx, p Promise, why string) (Promise, error) { return DeferredFor(tx, p, why, 0) }

// DeferredFor is Deferred when the outside said how long it wants to be left alone; more than a day is not believed.
func DeferredFor(tx *db.Tx, p Promise, why string, least time.Duration) (Promise, error) {
	was, err := fence(tx, p)
	if err != nil {
		return was, err
	}
	tries := was.Attempts - was.TriesFrom
	if tries >= MaxTries {
		return failed(tx, was, why)
	}
	was.LastError, was.NextAt = shorten(why, longWhy), tx.Now.Add(max(pause(tries), min(least, 24*time.Hour)))
	_, err = tx.Exec(`UPDATE promise SET last_error = $2, next_at = $3, leased_until = 0 WHERE id = $1`, was.ID, was.LastError, db.Millis(was.NextAt))
	if err != nil {
		return was, err
	}
	_, err = journal.Write(tx, journal.Entry{By: who.House, Act: "outbox.deferred", Kind: "promise", Ref: was.ID, Ticket: was.Ticket,
		Data: map[string]string{"attempt": fmt.Sprint(was.Attempts)}})
	return was, err
}

// Refused keeps that the outside said no for good: a leader retries it, when the cause is gone, or waives it.
func Refused(tx *db.Tx, p Promise, why string) (Promise, error) {
	was, err := fence(tx, p)
	if err != nil {
		return was, err
	}
	return failed(tx, was, why)
}

func failed(tx *db.Tx, p Promise, why string) (Promise, error) {
	p.State, p.LastError = Failed, shorten(why, longWhy)
	return p, settle(tx, who.House, p, "outbox.failed")
}

// fence gives the promise as it stands when the courier's lease on it is still the last one.
func fence(tx *db.Tx, p Promise) (Promise, error) {
	was, err := locked(tx, p.ID)
	if err == nil && (was.State != Open || was.Attempts != p.Attempts || was.LeasedUntil.IsZero()) {
		err = fault.New(fault.Conflict, "outbox.lease-lost")
	}
	return was, err
}

// pause is how long the next try waits: doubling, spread over half as much again so that many do not come back at once.
func pause(tries int) time.Duration {
	d := min(firstPause<<min(max(tries-1, 0), 12), longPause)
	return d + rand.N(d/2)
}

// shorten keeps what an outside system says to one line of bounded length.
func shorten(s string, most int) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == unicode.ReplacementChar }), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// Stuck tells whether something waits that the outside has not taken three times in a row.
func Stuck(tx *db.Tx, app string) (bool, error) {
	var n int
	err := tx.Row(`SELECT count(*) FROM promise WHERE app = $1 AND state = 'open' AND next_at > 0 AND attempts - tries_from >= 3`, app).Scan(&n)
	return n > 0, err
}

// Letters counts what waits for the courier of an application and what has failed, for readiness and boards.
func Letters(tx *db.Tx, app string) (waiting, failed int, err error) {
	err = tx.Row(`
		SELECT coalesce(sum(CASE WHEN state = 'open' THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN state = 'failed' THEN 1 ELSE 0 END), 0)
		  FROM promise WHERE app = $1 AND state IN ('open', 'failed')`, app).Scan(&waiting, &failed)
	return waiting, failed, err
}
