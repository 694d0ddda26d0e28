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

// passAtMost is how many tickets a claim looks at before it says that a queue's front is being parked. Parking begins with the
// queues' heads: who meets so many of them is told to ask again in a moment rather than let everybody's results wait for the search.
const passAtMost = 24

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
	id, err := take(tx, agent, pools, lease)
	if err != nil {
		return Ticket{}, Lease{}, err
	}
	t, err := Get(tx, id)
	return t, lease, err
}

func take(tx *db.Tx, agent db.ID, pools []string, lease Lease) (db.ID, error) {
	if tx.Postgres() {
		return takePostgres(tx, agent, pools, lease)
	}
	return takeLite(tx, agent, pools, lease)
}

func crowded() error { return db.Again(fault.New(fault.Busy, "ticket.crowded")) }

// takeLite runs within the one writer, so nobody can come between its statements: one index probe a pool and rank.
func takeLite(tx *db.Tx, agent db.ID, pools []string, lease Lease) (db.ID, error) {
	list, err := jsonText(pools)
	if err != nil {
		return 0, err
	}
	id, subject, err := freeHead(tx, agent, list)
	if err != nil {
		return 0, err
	}
	return id, holdHead(tx, agent, id, subject, lease)
}

// holdHead moves a queue's head into an agent's hands.
func holdHead(tx *db.Tx, agent, id db.ID, subject string, lease Lease) error {
	held, err := tx.Exec(`
		INSERT INTO hold(subject, ticket, agent, token, until) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`, subject, id, agent, lease.Token, db.Millis(lease.Until))
	if err == nil && held == 0 {
		err = crowded()
	}
	if err != nil {
		return err
	}
	return markClaimed(tx, id)
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

// freeHead is the first ticket of the pools whose service stands in no outage. Nearly always that is the very first; those an outage
// was declared over this moment, but whose turn to be parked has not come yet, are passed over.
func freeHead(tx *db.Tx, agent db.ID, pools string) (id db.ID, subject string, err error) {
	for _, most := range []int{1, passAtMost} {
		var seen []head
		err = tx.Each(headsLite, []any{pools, agent, db.Millis(tx.Now), most}, func(row db.Scanner) error {
			var h head
			err := row.Scan(&h.id, &h.subject, &h.campaign, &h.serviceNo)
			seen = append(seen, h)
			return err
		})
		if err != nil {
			return 0, "", err
		}
		for _, h := range seen {
			if outage, err := parksBy(tx, h.campaign, h.serviceNo); err != nil || outage == 0 {
				return h.id, h.subject, err
			}
		}
		if len(seen) < most {
			return 0, "", fault.New(fault.Missing, "ticket.nothing-waiting")
		}
	}
	return 0, "", fault.New(fault.Busy, "ticket.parking")
}

type head struct {
	id                           db.ID
	subject, campaign, serviceNo string
}

// takePostgres asks step by step - own promises, promises, raised, the rest -: a few heads of each pool, the first that
// nobody is locking, its hold, its state - one statement. The hold is probed row by row, never joined (store.md b.3, trap 1).
// While an outage is declared that statement takes nothing, and the heads are looked at first.
func takePostgres(tx *db.Tx, agent db.ID, pools []string, lease Lease) (id db.ID, err error) {
	token, until := lease.Token, db.Millis(lease.Until)
	outages := false // one is declared
	for _, step := range []struct{ rank, own int }{{RankPromise, 1}, {RankPromise, 0}, {RankRaised, 0}, {RankRest, 0}} {
		look := []any{strings.Join(pools, "\n"), step.rank, agent, db.Millis(tx.Now), step.own}
		if !outages {
			var seen int
			err = tx.Row(claimPostgres, append(look, heads<<min(tx.Try-1, 4), token, until)...).Scan(&id, &seen, &outages)
			if err != nil || id != 0 {
				return id, err
			}
			if seen > 0 { // somebody was faster: begin again without their tickets locked; a later rank must wait for these
				return 0, crowded()
			}
		}
		if outages {
			free, err := freeHeads(tx, look)
			if err != nil {
				return 0, err
			}
			if len(free) > 0 {
				var subject string
				if err = tx.Row(lockFirst, idList(tx, free)).Scan(&id, &subject); fault.Is(err, fault.Missing) {
					return 0, crowded()
				}
				if err != nil {
					return 0, err
				}
				return id, holdHead(tx, agent, id, subject, lease)
			}
		}
	}
	return 0, fault.New(fault.Missing, "ticket.nothing-waiting")
}

// freeHeads are those of a step's first tickets that no outage parks.
func freeHeads(tx *db.Tx, look []any) (free []db.ID, err error) {
	for _, most := range []int{heads << min(tx.Try-1, 4), passAtMost} {
		seen := 0
		err = tx.Each(freePostgres, append(look, most), func(row db.Scanner) error {
			var id db.ID
			var parked bool
			err := row.Scan(&id, &parked)
			if seen++; !parked {
				free = append(free, id)
			}
			return err
		})
		if err != nil || len(free) > 0 || seen < most {
			return free, err
		}
	}
	return nil, fault.New(fault.Busy, "ticket.parking")
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

// headsLite finds the first tickets of the pools: one index probe a pool and step, and each step's first $4.
const headsLite = `
	SELECT c.id, c.subject, c.campaign, c.service_no
	  FROM json_each($1) p
	  JOIN (SELECT 0 AS r, 1 AS own UNION ALL SELECT 0, 0 UNION ALL SELECT 1, 0 UNION ALL SELECT 2, 0) k
	  JOIN ticket c ON c.id IN (
		SELECT t.id FROM ticket t
		 WHERE t.pool = p.value AND t.rank = k.r AND t.awake = 1
		   AND (t.owner = $2 OR (k.own = 0 AND (t.owner = 0 OR t.owner_until <= $3)))
		   AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.subject = t.subject)
		 ORDER BY t.order_at, t.id
		 LIMIT $4)
	 ORDER BY k.r, k.own DESC, c.order_at, c.id
	 LIMIT $4`

// headsPostgres are the first tickets of the pools at one step of a claim, $6 of each.
const headsPostgres = `
		SELECT c.* FROM unnest(string_to_array($1, E'\n')) p(pool) CROSS JOIN LATERAL (
			SELECT t.id, t.order_at, t.campaign, t.service_no FROM ticket t
			 WHERE t.pool = p.pool AND t.rank = $2 AND t.awake = 1
			   AND (t.owner = $3 OR ($5 = 0 AND (t.owner = 0 OR t.owner_until <= $4)))
			   AND (SELECT 1 FROM hold h WHERE h.subject = t.subject LIMIT 1) IS NULL
			 ORDER BY t.order_at, t.id LIMIT $6) c`

// claimPostgres is one step of a claim while no outage is declared: find, lock, hold, move.
const claimPostgres = `
	WITH declared AS MATERIALIZED (SELECT EXISTS (SELECT 1 FROM outage WHERE state = 'declared') AS stands),
	heads AS MATERIALIZED (` + headsPostgres + ` WHERE NOT (SELECT stands FROM declared)),
	pick AS MATERIALIZED (
		SELECT l.id, l.subject FROM (SELECT id FROM heads ORDER BY order_at, id) cand
		CROSS JOIN LATERAL (SELECT t.id, t.subject FROM ticket t WHERE t.id = cand.id AND t.awake = 1 FOR UPDATE SKIP LOCKED) l
		LIMIT 1),
	h AS (
		INSERT INTO hold(subject, ticket, agent, token, until) SELECT subject, id, $3, $7, $8 FROM pick
		ON CONFLICT DO NOTHING RETURNING ticket),
	u AS (
		UPDATE ticket SET state = 'claimed', awake = 0, wake_at = 0, leader = 0, version = version + 1, changed_at = $4
		 WHERE id = (SELECT ticket FROM h) RETURNING id)
	SELECT COALESCE((SELECT id FROM u), 0), (SELECT count(*) FROM heads), (SELECT stands FROM declared)`

// freePostgres says of a step's first tickets, in the queue's order, which of them an outage parks: $6 of all pools, for behind
// the last of one pool another of it may hide.
const freePostgres = `
	SELECT t.id, t.campaign <> 'ivr-gamas' AND ` + standsIn + ` IS NOT NULL
	  FROM (SELECT * FROM (` + headsPostgres + `) c ORDER BY order_at, id LIMIT $6) t
	 ORDER BY t.order_at, t.id`

// lockFirst takes the first of some tickets that nobody is locking.
const lockFirst = `
	SELECT l.id, l.subject FROM (SELECT f.id FROM unnest($1::bigint[]) WITH ORDINALITY f(id, n) ORDER BY f.n) cand
	 CROSS JOIN LATERAL (SELECT t.id, t.subject FROM ticket t WHERE t.id = cand.id AND t.awake = 1 FOR UPDATE SKIP LOCKED) l
	 LIMIT 1`
