package ticket

import (
	"crypto/rand"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
)

// LeaseFor is how long a lease lasts without being renewed (decisions.md 2).
const LeaseFor = 10 * time.Minute

// heads is how many tickets of each pool a claim looks at on PostgreSQL, where others may be just taking the first ones.
// Each try looks at twice as many.
const heads = 4

// parksAtMost bounds what one claim parks by itself of an outage that was declared this moment. The parking begins with the
// queues' heads, so meeting more means that all of a queue's front is affected: the agent is told to ask again in a second
// rather than let everybody's results wait for the search.
const parksAtMost = 12

// Lease is the right to a ticket for a while; every later write is fenced by its token.
type Lease struct {
	Token string
	Until time.Time
}

// Claim hands an agent the first ticket of the pools: due promises by their time - the agent's own before the pool's
// (decisions.md 3), for nobody else may keep those yet -, then raised ones, then by age (SOP 5.2.4.longest, decisions.md 1).
// It never gives a ticket whose customer somebody else holds, nor a promise that is still its owner's, nor - IVR Gamas apart - one of a
// service that stands in a declared outage. Who holds one already gets that one again. Missing "ticket.nothing-waiting" when there is none.
func Claim(tx *db.Tx, agent db.ID, pools []string) (Ticket, Lease, error) {
	if err := wake(tx); err != nil {
		return Ticket{}, Lease{}, err
	}
	if t, lease, held, err := Held(tx, agent); err != nil || held {
		return t, lease, err
	}
	lease := newLease(tx)
	for range parksAtMost {
		id, lostRace, err := take(tx, agent, pools, lease)
		switch {
		case err != nil:
			return Ticket{}, Lease{}, err
		case lostRace:
			return Ticket{}, Lease{}, db.Again(fault.New(fault.Busy, "ticket.crowded"))
		case id == 0:
			return Ticket{}, Lease{}, fault.New(fault.Missing, "ticket.nothing-waiting")
		}
		t, err := Get(tx, id)
		if err != nil {
			return Ticket{}, Lease{}, err
		}
		outage, err := parksBy(tx, t.Campaign, t.ServiceNo)
		if err != nil || outage == 0 {
			return t, lease, err
		}
		if err := parkTaken(tx, t, outage); err != nil { // declared, but its turn to be parked has not come yet
			return Ticket{}, Lease{}, err
		}
	}
	return Ticket{}, Lease{}, fault.New(fault.Busy, "ticket.parking")
}

func take(tx *db.Tx, agent db.ID, pools []string, lease Lease) (id db.ID, lostRace bool, err error) {
	if tx.Postgres() {
		return takePostgres(tx, agent, pools, lease)
	}
	return takeLite(tx, agent, pools, lease)
}

// takeLite runs within the one writer, so nobody can come between its statements: one index probe a pool and rank.
func takeLite(tx *db.Tx, agent db.ID, pools []string, lease Lease) (db.ID, bool, error) {
	list, err := jsonText(pools)
	if err != nil {
		return 0, false, err
	}
	var id db.ID
	var subject string
	err = tx.Row(headLite, list, agent, db.Millis(tx.Now)).Scan(&id, &subject)
	if fault.Is(err, fault.Missing) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	held, err := tx.Exec(`
		INSERT INTO hold(subject, ticket, agent, token, until) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`, subject, id, agent, lease.Token, db.Millis(lease.Until))
	if err != nil || held == 0 {
		return 0, true, err
	}
	return id, false, markClaimed(tx, id)
}

func markClaimed(tx *db.Tx, id db.ID) error {
	n, err := tx.Exec(`
		UPDATE ticket SET state = 'claimed', awake = 0, wake_at = 0, leader = 0, version = version + 1, changed_at = $2
		 WHERE id = $1 AND state = 'waiting'`, id, db.Millis(tx.Now))
	if err == nil && n == 0 {
		err = lost()
	}
	return err
}

// takePostgres asks step by step - own promises, promises, raised, the rest -: a few heads of each pool, the first that
// nobody is locking, its hold, its state - one statement. The hold is probed row by row, never joined (store.md b.3, trap 1).
func takePostgres(tx *db.Tx, agent db.ID, pools []string, lease Lease) (id db.ID, lostRace bool, err error) {
	for _, step := range []struct{ rank, own int }{{RankPromise, 1}, {RankPromise, 0}, {RankRaised, 0}, {RankRest, 0}} {
		var seen int
		err = tx.Row(claimPostgres,
			strings.Join(pools, "\n"), step.rank, agent, db.Millis(tx.Now), lease.Token, db.Millis(lease.Until), step.own, heads<<min(tx.Try-1, 4)).Scan(&id, &seen)
		if err != nil || id != 0 {
			return id, false, err
		}
		if seen > 0 { // somebody was faster: begin again without their tickets locked; a later rank must wait for these
			return 0, true, nil
		}
	}
	return 0, false, nil
}

// Held gives the ticket an agent holds and its lease; false when none.
func Held(tx *db.Tx, agent db.ID) (Ticket, Lease, bool, error) {
	var id db.ID
	var lease Lease
	var until int64
	err := tx.Row(`SELECT ticket, token, until FROM hold WHERE agent = $1`, agent).Scan(&id, &lease.Token, &until)
	if fault.Is(err, fault.Missing) {
		return Ticket{}, Lease{}, false, nil
	}
	if err != nil {
		return Ticket{}, Lease{}, false, err
	}
	lease.Until = db.Time(until)
	t, err := Get(tx, id)
	return t, lease, err == nil, err
}

func newLease(tx *db.Tx) Lease { return Lease{Token: rand.Text(), Until: tx.Now.Add(LeaseFor)} }

// headLite finds the first ticket of the pools: one index probe a pool and step.
const headLite = `
	SELECT c.id, c.subject
	  FROM json_each($1) p
	  JOIN (SELECT 0 AS r, 1 AS own UNION ALL SELECT 0, 0 UNION ALL SELECT 1, 0 UNION ALL SELECT 2, 0) k
	  JOIN ticket c ON c.id = (
		SELECT t.id FROM ticket t
		 WHERE t.pool = p.value AND t.rank = k.r AND t.awake = 1
		   AND (t.owner = $2 OR (k.own = 0 AND (t.owner = 0 OR t.owner_until <= $3)))
		   AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.subject = t.subject)
		 ORDER BY t.order_at, t.id
		 LIMIT 1)
	 ORDER BY k.r, k.own DESC, c.order_at, c.id
	 LIMIT 1`

// claimPostgres is one step of a claim: find, lock, hold, move.
const claimPostgres = `
	WITH heads AS MATERIALIZED (
		SELECT c.id, c.order_at FROM unnest(string_to_array($1, E'\n')) p(pool) CROSS JOIN LATERAL (
			SELECT t.id, t.order_at FROM ticket t
			 WHERE t.pool = p.pool AND t.rank = $2 AND t.awake = 1
			   AND (t.owner = $3 OR ($7 = 0 AND (t.owner = 0 OR t.owner_until <= $4)))
			   AND (SELECT 1 FROM hold h WHERE h.subject = t.subject LIMIT 1) IS NULL
			 ORDER BY t.order_at, t.id LIMIT $8) c
		 ORDER BY c.order_at, c.id),
	pick AS MATERIALIZED (
		SELECT l.id, l.subject FROM (SELECT id FROM heads ORDER BY order_at, id) cand
		CROSS JOIN LATERAL (SELECT t.id, t.subject FROM ticket t WHERE t.id = cand.id AND t.awake = 1 FOR UPDATE SKIP LOCKED) l
		LIMIT 1),
	h AS (
		INSERT INTO hold(subject, ticket, agent, token, until) SELECT subject, id, $3, $5, $6 FROM pick
		ON CONFLICT DO NOTHING RETURNING ticket),
	u AS (
		UPDATE ticket SET state = 'claimed', awake = 0, wake_at = 0, leader = 0, version = version + 1, changed_at = $4
		 WHERE id = (SELECT ticket FROM h) RETURNING id)
	SELECT COALESCE((SELECT id FROM u), 0), (SELECT count(*) FROM heads)`
