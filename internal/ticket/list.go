package ticket

import (
	"encoding/json"
	"maps"
	"strings"
	"sync"
	"time"

	"sapa/internal/db"
	"sapa/internal/who"
)

// visible is the one condition by which a scope narrows tickets: list, search and single reads all use it, with the
// scope's values as the first three arguments (trust 1.5).
const visible = `(
	CAST($1 AS BIGINT) = 1
	OR (CAST($2 AS BIGINT) > 0 AND (
		opened_by = CAST($2 AS BIGINT) OR owner = CAST($2 AS BIGINT)
		OR EXISTS (SELECT 1 FROM turn v WHERE v.ticket = ticket.id AND v.agent = CAST($2 AS BIGINT))))
	OR (CAST($3 AS BIGINT) > 0 AND (
		NOT EXISTS (SELECT 1 FROM turn v WHERE v.ticket = ticket.id)
		OR EXISTS (SELECT 1 FROM turn v JOIN person p ON p.id = v.agent WHERE v.ticket = ticket.id AND p.team = CAST($3 AS BIGINT)))))`

func scopeArgs(s who.Scope) []any { return []any{bit(s.All), s.Self, s.Team} }

// Seen reads a ticket for somebody; what is not theirs to see is Missing.
func Seen(tx *db.Tx, scope who.Scope, id db.ID) (Ticket, error) {
	return scan(tx.Row(`SELECT `+columns+` FROM ticket WHERE id = $4 AND `+visible, append(scopeArgs(scope), id)...))
}

// Filter narrows a list; zero fields do not.
type Filter struct {
	Campaign string
	State    State
	After    db.ID // the last id of the page before
	Limit    int   // 1 to 200; 0 means 50
}

// List gives a page of what a scope may see, oldest id first, and the id to go on after; 0 when this was the last page.
func List(tx *db.Tx, scope who.Scope, f Filter) (page []Ticket, next db.ID, err error) {
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	page, err = list(tx, `
		SELECT `+columns+` FROM ticket
		 WHERE id > $4 AND ($5 = '' OR campaign = $5) AND ($6 = '' OR state = $6) AND `+visible+`
		 ORDER BY id
		 LIMIT $7`, append(scopeArgs(scope), f.After, f.Campaign, string(f.State), f.Limit+1)...)
	if len(page) > f.Limit {
		page = page[:f.Limit]
		next = page[f.Limit-1].ID
	}
	return page, next, err
}

// Count is how a campaign's queue stands.
type Count struct {
	Campaign string
	Waiting  int       // awake
	Sleeping int       // promised or paused
	Oldest   time.Time // of those awake; zero: none
}

// Pages ask for the counts all the time, so they come out of the claim's own index, without a look at the tickets. There
// the time of a promise stands instead of its age: the few that are due are asked for by themselves.
const (
	countAwake = `
		SELECT pool, count(*), COALESCE(min(CASE WHEN rank > 0 THEN order_at END), 0)
		  FROM ticket
		 WHERE awake = 1
		 GROUP BY pool`
	countDue = `
		SELECT p.pool, COALESCE((SELECT min(t.opened_at) FROM ticket t WHERE t.pool = p.pool AND t.rank = 0 AND t.awake = 1), 0)
		  FROM pool p`
	countAsleep = `SELECT pool, count(*) FROM ticket WHERE wake_at > 0 GROUP BY pool`
)

// counted is the last count of a store with a long queue.
type counted struct {
	at  time.Time
	all map[string]Count
}

var lastCounts sync.Map // *db.DB -> counted: of stores whose queue is long

// A long queue takes milliseconds to count, and every page asks: there a count a second old is near enough. A short one
// is always counted.
const (
	longQueue  = 2000
	nearEnough = time.Second
)

// Counts tells how each campaign's queue stands.
func Counts(tx *db.Tx) (map[string]Count, error) {
	if last, ok := lastCounts.Load(tx.Store()); ok {
		if c := last.(counted); !tx.Now.Before(c.at) && tx.Now.Sub(c.at) < nearEnough {
			return maps.Clone(c.all), nil
		}
	}
	all, err := count(tx)
	waiting := 0
	for _, c := range all {
		waiting += c.Waiting
	}
	switch {
	case err != nil:
	case waiting >= longQueue:
		lastCounts.Store(tx.Store(), counted{tx.Now, maps.Clone(all)})
	default:
		lastCounts.Delete(tx.Store())
	}
	return all, err
}

// What waits with somebody who does not call is no queue yet: a leader's list before it is dealt (SOP 5.8.1.distribute).
const (
	undealt = `
		SELECT campaign, count(*) FROM ticket
		 WHERE owner = $1 AND owner > 0 AND owner_until = $2 AND awake = 1
		 GROUP BY campaign`
	oldestDealt = `
		SELECT COALESCE(min(t.opened_at), 0)
		  FROM pool p JOIN ticket t ON t.pool = p.pool
		 WHERE p.campaign = $1 AND t.awake = 1 AND t.owner NOT IN (SELECT CAST(value AS BIGINT) FROM ` + listedSecond + `)`
	listedSecond = `/*lite: json_each($2)*/ /*pg: jsonb_array_elements_text(CAST($2 AS jsonb)) e(value)*/`
)

// Undealt takes out of counts what waits with people who deal and do not call.
func Undealt(tx *db.Tx, counts map[string]Count, leaders []db.ID) error {
	held := map[string]int{}
	for _, leader := range leaders {
		err := tx.Each(undealt, []any{leader, db.Millis(forGood)}, func(s db.Scanner) error {
			var campaign string
			var n int
			err := s.Scan(&campaign, &n)
			held[campaign] += n
			return err
		})
		if err != nil {
			return err
		}
	}
	for campaign, n := range held {
		c := counts[campaign]
		c.Waiting = max(0, c.Waiting-n) // a long queue's count may be a second old
		if c.Waiting == 0 && c.Sleeping == 0 {
			delete(counts, campaign)
			continue
		}
		ids := make([]string, len(leaders))
		for i, id := range leaders {
			ids[i] = id.String()
		}
		list, err := json.Marshal(ids)
		if err != nil {
			return err
		}
		var at int64
		if err := tx.Row(oldestDealt, campaign, string(list)).Scan(&at); err != nil {
			return err
		}
		if c.Oldest = db.Time(at); at == 0 {
			c.Oldest = time.Time{}
		}
		counts[campaign] = c
	}
	return nil
}

func count(tx *db.Tx) (map[string]Count, error) {
	all := map[string]Count{}
	add := func(pool string, waiting, sleeping int, oldest int64) {
		campaign, _, _ := strings.Cut(pool, "@")
		c := all[campaign]
		c.Campaign, c.Waiting, c.Sleeping = campaign, c.Waiting+waiting, c.Sleeping+sleeping
		if at := db.Time(oldest); oldest > 0 && (c.Oldest.IsZero() || at.Before(c.Oldest)) {
			c.Oldest = at
		}
		all[campaign] = c
	}
	err := tx.Each(countAwake, nil, func(s db.Scanner) error {
		var pool string
		var n int
		var oldest int64
		err := s.Scan(&pool, &n, &oldest)
		add(pool, n, 0, oldest)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = tx.Each(countDue, nil, func(s db.Scanner) error {
		var pool string
		var oldest int64
		err := s.Scan(&pool, &oldest)
		if oldest > 0 {
			add(pool, 0, 0, oldest)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	err = tx.Each(countAsleep, nil, func(s db.Scanner) error {
		var pool string
		var n int
		err := s.Scan(&pool, &n)
		add(pool, 0, n, 0)
		return err
	})
	return all, err
}

// Promises lists what an agent has agreed with customers and not yet kept, next first.
func Promises(tx *db.Tx, owner db.ID, limit int) ([]Ticket, error) {
	return list(tx, `
		SELECT `+columns+` FROM ticket
		 WHERE owner = $1 AND owner > 0 AND due_at > 0 AND state = 'waiting'
		 ORDER BY due_at, id
		 LIMIT $2`, owner, limit)
}

// Overdue lists promises of anybody that are past their owner's time: the leader sees them (decisions.md 3).
func Overdue(tx *db.Tx, limit int) ([]Ticket, error) {
	return list(tx, `
		SELECT `+columns+` FROM ticket
		 WHERE owner > 0 AND due_at > 0 AND owner_until <= $1 AND state = 'waiting'
		 ORDER BY due_at, id
		 LIMIT $2`, db.Millis(tx.Now), limit)
}

// ForLeader lists tickets whose tries are used up.
func ForLeader(tx *db.Tx, limit int) ([]Ticket, error) {
	return list(tx, `SELECT `+columns+` FROM ticket WHERE leader = 1 ORDER BY id LIMIT $1`, limit)
}

// OpenedBy lists what a person opened since a moment, newest first.
func OpenedBy(tx *db.Tx, person db.ID, since time.Time, limit int) ([]Ticket, error) {
	return list(tx, `
		SELECT `+columns+` FROM ticket
		 WHERE opened_by = $1 AND opened_by > 0 AND opened_at >= $2
		 ORDER BY opened_at DESC, id DESC
		 LIMIT $3`, person, db.Millis(since), limit)
}
