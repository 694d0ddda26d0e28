package control

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"sapa/internal/booking"
	"sapa/internal/call"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/form"
	"sapa/internal/knowledge"
	"sapa/internal/outbox"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
)

// How much one turn looks at and removes: a look is a short read, a removal one act among the floor's (store.md: bulk beside agents).
const (
	lookAtOnce   = 250
	looksAtMost  = 10
	removeAtOnce = 20
)

// Purger counts dry lists and carries out purges that two people have approved. Whatever stops it, it goes on from what the store says;
// two of them at once do no harm.
type Purger struct {
	Store *db.DB
	one   sync.Mutex
	page  page
}

// page is what a look found and has not removed yet. It is lost with the process and found again.
type page struct {
	purge db.ID
	kind  string
	due   []db.ID
	upTo  db.ID
	over  bool
}

// Turn does the next small piece of work; false when there is none.
func (p *Purger) Turn(ctx context.Context) (worked bool, err error) {
	p.one.Lock()
	defer p.one.Unlock()
	var todo document.Purge
	var is bool
	err = p.Store.Read(ctx, func(tx *db.Tx) (err error) {
		todo, is, err = document.PurgeToDo(tx)
		return err
	})
	if err != nil || !is {
		p.page = page{}
		return false, err
	}
	step, left := next(todo)
	switch {
	case todo.State == document.PurgeDrawing && !left:
		err = p.Store.Write(ctx, func(tx *db.Tx) error { return document.PurgeListing(tx, todo.ID) })
	case todo.State == document.PurgeDrawing:
		err = p.count(ctx, todo, step)
	case !left:
		err = p.Store.Write(ctx, func(tx *db.Tx) error { return document.PurgeFinished(tx, todo.ID) })
	default:
		err = p.remove(ctx, todo, step)
	}
	if f := fault.Of(err); f != nil && f.Key == "records.moved-on" { // another process has done this turn
		p.page, err = page{}, nil
	}
	return true, err
}

// next is the first step that is not over.
func next(p document.Purge) (document.PurgeStep, bool) {
	for _, s := range p.Steps {
		if !s.Over {
			return s, true
		}
	}
	return document.PurgeStep{}, false
}

// count adds the next page to a dry list.
func (p *Purger) count(ctx context.Context, todo document.Purge, s document.PurgeStep) error {
	found, upTo, over, err := p.walk(ctx, todo, s)
	if err != nil {
		return err
	}
	due := goes(found)
	return p.Store.Write(ctx, func(tx *db.Tx) error {
		return document.PurgeCounted(tx, s, due, int64(len(found)-len(due)), upTo, over)
	})
}

// walk looks on until something is old enough, a few short reads at most.
func (p *Purger) walk(ctx context.Context, todo document.Purge, s document.PurgeStep) (found []Item, upTo db.ID, over bool, err error) {
	for range looksAtMost {
		err = p.Store.Read(ctx, func(tx *db.Tx) (err error) {
			if upTo, over, err = reach(tx, s); err == nil && upTo > s.Cursor {
				found, err = look(tx, todo, s.Kind, s.Cursor, upTo)
			}
			return err
		})
		if err != nil || over || len(found) > 0 {
			break
		}
		s.Cursor = upTo
	}
	return found, upTo, over, err
}

// remove takes the next few of what a look has found, or looks on.
func (p *Purger) remove(ctx context.Context, todo document.Purge, s document.PurgeStep) error {
	if p.page.purge != s.Purge || p.page.kind != s.Kind || len(p.page.due) > 0 && p.page.due[0] <= s.Cursor {
		p.page = page{}
	}
	if p.page.purge == 0 {
		found, upTo, over, err := p.walk(ctx, todo, s)
		if err != nil {
			return err
		}
		p.page = page{purge: s.Purge, kind: s.Kind, due: goes(found), upTo: upTo, over: over}
	}
	some := p.page.due[:min(removeAtOnce, len(p.page.due))]
	upTo, over := p.page.upTo, p.page.over
	if len(some) < len(p.page.due) {
		upTo, over = some[len(some)-1], false
	}
	err := p.Store.Write(ctx, func(tx *db.Tx) error {
		runs, err := document.EnterPurge(tx, s.Purge)
		if err != nil || !runs {
			return err
		}
		gone, err := take(tx, todo, s, some)
		if err != nil {
			return err
		}
		return document.PurgeGone(tx, s, gone, upTo, over)
	})
	if err != nil {
		p.page = page{}
		return err
	}
	if p.page.due = p.page.due[len(some):]; len(p.page.due) == 0 {
		p.page = page{}
	}
	return nil
}

// take removes what of some is due now that nobody else can change it.
func take(tx *db.Tx, todo document.Purge, s document.PurgeStep, some []db.ID) (gone []db.ID, err error) {
	if len(some) == 0 {
		return nil, nil
	}
	if s.Kind == document.KindResults || s.Kind == document.KindTickets {
		for _, id := range some {
			if _, err := ticket.LockOver(tx, id); err != nil {
				return nil, err
			}
		}
	}
	found, err := look(tx, todo, s.Kind, some[0]-1, some[len(some)-1]) // again: a hold may have come, and it has passed the gate
	if err != nil {
		return nil, err
	}
	for _, id := range goes(found) {
		went, err := purge(tx, s, id)
		if err != nil {
			return nil, fmt.Errorf("purge %s %s: %w", s.Kind, id, err)
		}
		if went {
			gone = append(gone, id)
		}
	}
	return gone, nil
}

// purge lets each room remove its own.
func purge(tx *db.Tx, s document.PurgeStep, id db.ID) (gone bool, err error) {
	switch s.Kind {
	case document.KindLetters:
		return outbox.Purge(tx, id)
	case document.KindForms:
		return form.Purge(tx, id)
	case document.KindTroubles:
		no, gone, err := trouble.Purge(tx, id)
		if err != nil || !gone {
			return gone, err
		}
		return true, booking.Forget(tx, no)
	case document.KindResults:
		return true, errors.Join(call.Purge(tx, id), knowledge.Purge(tx, id), ticket.PurgeResults(tx, id))
	case document.KindTickets:
		if gone, err := ticket.Purge(tx, id); err != nil || !gone {
			return gone, err
		}
		return true, form.PurgeDeals(tx, id)
	default:
		n, err := customer.PurgeDead(tx, id, s.Cutoff)
		return n > 0, err
	}
}

// Item is one line of a dry list.
type Item struct {
	Kind  string
	ID    db.ID
	At    time.Time // last touched
	Label string    // number or name, nothing about a person
	Why   string    // why it stays; "": it goes
}

func goes(found []Item) (due []db.ID) {
	for _, i := range found {
		if i.Why == "" {
			due = append(due, i.ID)
		}
	}
	return due
}

// reach says up to which id the next look goes, and whether it is the last. Ids sort by the time they were made: what came after the list
// was drawn is not on it.
func reach(tx *db.Tx, s document.PurgeStep) (upTo db.ID, over bool, err error) {
	if s.Cutoff.IsZero() {
		return s.Cursor, true, nil
	}
	end := tx.Earliest(tx.Now.Sub(s.Drawn) - time.Millisecond)
	var n int
	err = tx.Row(`SELECT COALESCE(max(q.id), 0), count(*) FROM (SELECT id FROM `+tables[s.Kind]+` WHERE id > $1 AND id < $2 ORDER BY id LIMIT $3) q`,
		s.Cursor, end, lookAtOnce).Scan(&upTo, &n)
	return max(upTo, s.Cursor), n < lookAtOnce, err
}

// patience lets PostgreSQL take its time over a look, which nobody waits for: planning it costs more than asking. Every row it looks for
// has an index; figures from before the tables were full must not talk it out of them.
var patience = []string{`SET LOCAL statement_timeout = '60s'`, `SET LOCAL jit = off`, `SET LOCAL enable_seqscan = off`}

// look lists what of a kind is old enough between two ids.
func look(tx *db.Tx, p document.Purge, kind string, after, upTo db.ID) ([]Item, error) {
	var all []Item
	q := looks[kind]
	if tx.Postgres() {
		for _, setting := range patience {
			if _, err := tx.Exec(setting); err != nil {
				return nil, err
			}
		}
	}
	err := tx.Each(q.text, q.values(p, after, upTo), func(s db.Scanner) error {
		i := Item{Kind: kind}
		var at int64
		err := s.Scan(&i.ID, &at, &i.Label, &i.Why)
		i.At = db.Time(at)
		all = append(all, i)
		return err
	})
	if err != nil {
		err = fmt.Errorf("look for %s: %w", kind, err)
	}
	return all, err
}

// DryList gives a page of a dry list: what goes and what is held back, with why; where the next page begins, and whether there is one.
func DryList(tx *db.Tx, purge db.ID, kind string, after db.ID) (found []Item, next db.ID, more bool, err error) {
	p, err := document.PurgeOf(tx, purge)
	if err != nil {
		return nil, 0, false, err
	}
	for _, s := range p.Steps {
		if s.Kind != kind {
			continue
		}
		s.Cursor = after
		upTo, over, err := reach(tx, s)
		if err != nil || upTo == after {
			return nil, after, false, err
		}
		found, err = look(tx, p, kind, after, upTo)
		return found, upTo, !over, err
	}
	return nil, 0, false, fault.New(fault.Missing, "records.no-purge")
}
