// Package outbox keeps the promises to the outside world: what a finished turn still has to bring into another system,
// in order per ticket, visible until it is done. It never sends anything: a courier or a person does, and says so here.
package outbox

import (
	"time"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// State of a promise.
type State string

const (
	Open      State = "open"      // to be done, from NotBefore on
	Done      State = "done"      // brought over; Reference is the number the outside gave
	Failed    State = "failed"    // tried and refused; a leader retries or waives
	Waived    State = "waived"    // a leader lets it go, with a reason
	Withdrawn State = "withdrawn" // the turn was undone before it left
)

// Promise is one thing a turn promised to one outside application.
type Promise struct {
	ID, Ticket, Turn db.ID
	Seq              int
	App              string // application id of the document, e.g. sephia
	Kind             string // the effect: note, outside, form-row, mark
	Text             string // complete text to bring over, in the outside application's own order
	Clause           string
	State            State
	MadeBy           db.ID
	MadeAt           time.Time
	NotBefore        time.Time // 8 s after the finish: until then it can be undone (decisions.md 6)
	Attempts         int
	LastError        string
	Reference        string
	SettledBy        db.ID
	SettledAt        time.Time

	// What a courier needs; empty for a task that a person brings over.
	To      string // address
	Payload string // what it is made from, e.g. the id of a form
	Lang    string // the receiver's; empty: Bahasa Indonesia
	Key     string // without a ticket: promises of one application and key leave in order
	NextAt  time.Time
	// LeasedUntil is until when a courier has it; a lease is fenced by Attempts.
	LeasedUntil time.Time
	TriesFrom   int // attempts made before a leader let it be tried anew
}

// Mail is the application whose promises the courier takes, and the kinds of letter it knows. Payload is the form's id, the
// batch's id. Any other kind is a letter with the promise's own text.
const (
	Mail       = "mail"
	FormLetter = "form-letter" // an agent's form for the leader (SOP 5.8.6)
	DealLetter = "deal-letter" // an agent's list of a batch (SOP 5.8.1.distribute)
)

// Held tells whether the promise still waits for the time in which its turn can be undone.
func (p Promise) Held(now time.Time) bool { return p.State == Open && now.Before(p.NotBefore) }

const columns = `id, ticket, turn, seq, app, kind, text, clause, state, made_by, made_at, not_before, attempts, last_error, reference, settled_by, settled_at,
	to_address, payload, lang, order_key, leased_until, next_at, tries_from`

func scan(s db.Scanner) (Promise, error) {
	var p Promise
	var state string
	var made, before, settled, leased, next int64
	err := s.Scan(&p.ID, &p.Ticket, &p.Turn, &p.Seq, &p.App, &p.Kind, &p.Text, &p.Clause, &state, &p.MadeBy, &made, &before,
		&p.Attempts, &p.LastError, &p.Reference, &p.SettledBy, &settled, &p.To, &p.Payload, &p.Lang, &p.Key, &leased, &next, &p.TriesFrom)
	p.State, p.MadeAt, p.NotBefore, p.SettledAt = State(state), db.Time(made), db.Time(before), db.Time(settled)
	p.LeasedUntil, p.NextAt = db.Time(leased), db.Time(next)
	return p, err
}

// Leased tells whether a courier is bringing it over just now.
func (p Promise) Leased(now time.Time) bool { return p.State == Open && now.Before(p.LeasedUntil) }

// Add keeps promises in the act that makes them. Seq is given here: their order within the turn. A turn that was undone
// and is finished again goes on counting after what it withdrew. A promise without a turn is a turn of its own.
func Add(tx *db.Tx, by who.Actor, promises []Promise) ([]Promise, error) {
	for i := range promises {
		p := &promises[i]
		p.ID = tx.NewID()
		if p.Turn == 0 {
			p.Turn = p.ID
		}
		if p.Ticket != 0 {
			p.Key = "" // the ticket is the order
		} else if p.Key == "" {
			p.Key = p.To
		}
		var last int
		if err := tx.Row(`SELECT coalesce(max(seq), 0) FROM promise WHERE turn = $1`, p.Turn).Scan(&last); err != nil {
			return nil, err
		}
		p.Seq, p.State, p.MadeBy, p.MadeAt = last+1, Open, db.ID(by.ID), tx.Now
		if p.NotBefore.IsZero() {
			p.NotBefore = tx.Now
		}
		_, err := tx.Exec(`
			INSERT INTO promise(id, ticket, turn, seq, app, kind, text, clause, state, made_by, made_at, not_before, to_address, payload, lang, order_key)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
			p.ID, p.Ticket, p.Turn, p.Seq, p.App, p.Kind, p.Text, p.Clause, string(p.State), p.MadeBy, db.Millis(p.MadeAt), db.Millis(p.NotBefore),
			p.To, p.Payload, p.Lang, p.Key)
		if err != nil {
			return nil, err
		}
	}
	return promises, nil
}

// Withdraw takes back everything a turn promised. Conflict "outbox.has-left" when something has been done already; what an
// earlier undo of the same turn withdrew is not in the way.
func Withdraw(tx *db.Tx, by who.Actor, turn db.ID) error {
	all, err := OfTurn(tx, turn)
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.State != Withdrawn && !p.Held(tx.Now) {
			return fault.New(fault.Conflict, "outbox.has-left", "app", p.App)
		}
	}
	_, err = tx.Exec(`
		UPDATE promise SET state = 'withdrawn', settled_by = $2, settled_at = $3
		 WHERE turn = $1 AND state = 'open'`, turn, by.ID, db.Millis(tx.Now))
	return err
}

// OfTurn lists what a turn promised, in order.
func OfTurn(tx *db.Tx, turn db.ID) ([]Promise, error) {
	return list(tx, `SELECT `+columns+` FROM promise WHERE turn = $1 ORDER BY seq`, turn)
}

// Get reads one promise.
func Get(tx *db.Tx, id db.ID) (Promise, error) {
	return scan(tx.Row(`SELECT `+columns+` FROM promise WHERE id = $1`, id))
}

// locked reads a promise that no courier and nobody else may settle until the act is over.
func locked(tx *db.Tx, id db.ID) (Promise, error) {
	return scan(tx.Row(`SELECT `+columns+` FROM promise WHERE id = $1 /*pg: FOR UPDATE*/`, id))
}

// Filter narrows a list; zero fields do not.
type Filter struct {
	State  State
	App    string
	Ticket db.ID
	MadeBy db.ID
	After  db.ID
	Limit  int // 1 to 200; 0 means 50
}

// List gives promises oldest first. Held ones are left out: nobody shall bring over what can still be undone.
func List(tx *db.Tx, f Filter) ([]Promise, error) {
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	return list(tx, `
		SELECT `+columns+` FROM promise
		 WHERE ($1 = '' OR state = $1)
		   AND (CAST($2 AS BIGINT) = 0 OR ticket = CAST($2 AS BIGINT))
		   AND (CAST($3 AS BIGINT) = 0 OR made_by = CAST($3 AS BIGINT))
		   AND id > $4
		   AND (state <> 'open' OR not_before <= $5)
		   AND ($6 = '' OR app = $6)
		 ORDER BY id
		 LIMIT $7`,
		string(f.State), f.Ticket, f.MadeBy, f.After, db.Millis(tx.Now), f.App, f.Limit)
}

// Waiting counts what a maker has still to bring over: held ones and the applications that are brought to by themselves are left out.
func Waiting(tx *db.Tx, maker db.ID, brought func(app string) bool) (n int, err error) {
	err = tx.Each(`SELECT app, count(*) FROM promise WHERE made_by = $1 AND state = 'open' AND not_before <= $2 GROUP BY app`, []any{maker, db.Millis(tx.Now)}, func(s db.Scanner) error {
		var app string
		var some int
		err := s.Scan(&app, &some)
		if !brought(app) {
			n += some
		}
		return err
	})
	return n, err
}

func list(tx *db.Tx, query string, args ...any) ([]Promise, error) {
	var all []Promise
	err := tx.Each(query, args, func(s db.Scanner) error {
		p, err := scan(s)
		all = append(all, p)
		return err
	})
	return all, err
}

// MarkDone keeps that a promise was brought over, with the number the outside gave (may be empty). Twice with the same
// reference is once. Per ticket the order holds: Conflict "outbox.earlier-first" while an earlier one to the same
// application is not settled.
func MarkDone(tx *db.Tx, by who.Actor, id db.ID, reference string) (Promise, error) {
	p, err := locked(tx, id)
	if err != nil {
		return p, err
	}
	switch {
	case utf8.RuneCountInString(reference) > 200:
		return p, fault.New(fault.Invalid, "outbox.reference-long").At("reference", p.Clause)
	case p.State == Done && p.Reference == reference:
		return p, nil
	case p.State != Open && p.State != Failed:
		return p, fault.New(fault.Conflict, "outbox.settled", "state", string(p.State))
	case p.Held(tx.Now):
		return p, fault.New(fault.Conflict, "outbox.held")
	case p.Leased(tx.Now):
		return p, fault.New(fault.Conflict, "outbox.sending")
	}
	var earlier int
	err = tx.Row(`
		SELECT count(*) FROM promise
		 WHERE ticket = $1 AND app = $2 AND order_key = $4 AND id < $3 AND state IN ('open', 'failed')`, p.Ticket, p.App, p.ID, p.Key).Scan(&earlier)
	if err != nil {
		return p, err
	}
	if earlier > 0 {
		return p, fault.New(fault.Conflict, "outbox.earlier-first", "count", earlier)
	}
	p.State, p.Reference, p.SettledBy, p.SettledAt = Done, reference, db.ID(by.ID), tx.Now
	p.Attempts++
	return p, settle(tx, by, p, "outbox.done")
}

// Waive lets a promise go, with a reason of 3 to 500 characters.
func Waive(tx *db.Tx, by who.Actor, id db.ID, reason string) (Promise, error) {
	p, err := locked(tx, id)
	if err != nil {
		return p, err
	}
	switch n := utf8.RuneCountInString(reason); {
	case n < 3 || n > 500:
		return p, fault.New(fault.Invalid, "outbox.reason").At("reason", p.Clause)
	case p.State != Open && p.State != Failed:
		return p, fault.New(fault.Conflict, "outbox.settled", "state", string(p.State))
	case p.Held(tx.Now): // letting it go now would stand in the way of an undo
		return p, fault.New(fault.Conflict, "outbox.held")
	case p.Leased(tx.Now):
		return p, fault.New(fault.Conflict, "outbox.sending")
	}
	p.State, p.LastError, p.SettledBy, p.SettledAt = Waived, reason, db.ID(by.ID), tx.Now
	return p, settle(tx, by, p, "outbox.waived")
}

// Fail keeps that bringing it over was tried and did not work; a leader may retry.
func Fail(tx *db.Tx, by who.Actor, id db.ID, why string) (Promise, error) {
	p, err := locked(tx, id)
	if err != nil {
		return p, err
	}
	switch {
	case p.State != Open:
		return p, fault.New(fault.Conflict, "outbox.settled", "state", string(p.State))
	case p.Leased(tx.Now):
		return p, fault.New(fault.Conflict, "outbox.sending")
	}
	p.State, p.LastError = Failed, why
	p.Attempts++
	return p, settle(tx, by, p, "outbox.failed")
}

// Retry opens a failed promise again; a courier begins to count its tries anew.
func Retry(tx *db.Tx, by who.Actor, id db.ID) (Promise, error) {
	p, err := locked(tx, id)
	if err != nil {
		return p, err
	}
	if p.State != Failed {
		return p, fault.New(fault.Conflict, "outbox.not-failed", "state", string(p.State))
	}
	p.State, p.TriesFrom, p.NextAt = Open, p.Attempts, time.Time{}
	return p, settle(tx, by, p, "outbox.retried")
}

func settle(tx *db.Tx, by who.Actor, p Promise, act string) error {
	_, err := tx.Exec(`
		UPDATE promise SET state = $2, attempts = $3, last_error = $4, reference = $5, settled_by = $6, settled_at = $7,
		       leased_until = 0, next_at = $8, tries_from = $9
		 WHERE id = $1`,
		p.ID, string(p.State), p.Attempts, p.LastError, p.Reference, p.SettledBy, db.Millis(p.SettledAt), db.Millis(p.NextAt), p.TriesFrom)
	if err != nil {
		return err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: act, Kind: "promise", Ref: p.ID, Ticket: p.Ticket})
	return err
}
