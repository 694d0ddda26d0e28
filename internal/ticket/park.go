package ticket

import (
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
)

// Gamas is the campaign of an outage's own customers: the only one whose tickets are handed out while it lasts (SOP 5.4).
const Gamas = "ivr-gamas"

// standsIn is the declared outage that ticket t's service stands in, or NULL. It is five probes by the service number.
const standsIn = `(SELECT v.outage FROM outage_of v WHERE v.service_no = t.service_no LIMIT 1)`

// parksBy gives the outage that keeps a ticket of a campaign and service from being handed out; 0: none. Until the act is
// over that outage cannot be ended: what is parked by it is there when its release begins.
func parksBy(tx *db.Tx, campaign, serviceNo string) (outage db.ID, err error) {
	if campaign == Gamas || serviceNo == "" {
		return 0, nil
	}
	for err == nil {
		err = tx.Row(`SELECT v.outage FROM outage_of v WHERE v.service_no = $1 LIMIT 1`, serviceNo).Scan(&outage)
		if fault.Is(err, fault.Missing) {
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
		var declared bool
		if declared, err = stands(tx, outage); declared {
			return outage, err
		}
	}
	return 0, err
}

// stands tells whether an outage is declared, and keeps it so until the act is over.
func stands(tx *db.Tx, outage db.ID) (bool, error) {
	if !tx.Postgres() { // within the one writer nobody ends it meanwhile
		return true, nil
	}
	var there int
	err := tx.Row(`SELECT 1 FROM outage WHERE id = $1 AND state = 'declared' /*pg: FOR SHARE*/`, outage).Scan(&there)
	if fault.Is(err, fault.Missing) {
		return false, nil
	}
	return err == nil, err
}

// anyOutage tells whether one is declared at all: an import asks once, not for each row.
func anyOutage(tx *db.Tx) (is bool, err error) {
	err = tx.Row(`SELECT EXISTS (SELECT 1 FROM outage WHERE state = 'declared')`).Scan(&is)
	return is, err
}

// settleDown parks a ticket that is about to wait while an outage is declared over its service.
func (t *Ticket) settleDown(tx *db.Tx) error {
	if t.State != Waiting {
		return nil
	}
	outage, err := parksBy(tx, t.Campaign, t.ServiceNo)
	if err == nil && outage != 0 {
		t.park(outage)
	}
	return err
}

// park keeps what the ticket goes back to.
func (t *Ticket) park(outage db.ID) {
	t.State, t.Outage, t.ParkedWake, t.ParkedLeader = Parked, outage, t.WakeAt, t.LeaderOwns
	t.Awake, t.WakeAt, t.LeaderOwns = false, time.Time{}, false
}

const parkSet = `
	UPDATE ticket SET state = 'parked', outage = $2, parked_wake = wake_at, parked_leader = leader, awake = 0, wake_at = 0, leader = 0,
		version = version + 1, changed_at = $3`

// parkWaiting parks one ticket that waits, if its service stands in an outage.
func parkWaiting(tx *db.Tx, id db.ID, campaign, serviceNo string) error {
	outage, err := parksBy(tx, campaign, serviceNo)
	if err != nil || outage == 0 {
		return err
	}
	_, err = tx.Exec(parkSet+` WHERE id = $1 AND state = 'waiting'`, id, outage, db.Millis(tx.Now))
	return err
}

// Walk is a walk along everything that waits, all pools side by side from their heads on, in short looks. It parks nothing:
// what it finds of declared outages is for Park. The zero value begins at the beginning, with what is declared then.
type Walk struct {
	over  map[string]db.ID // the outage over a service
	pools []*stretch
	begun bool
	next  int
}

// stretch is how far one pool has been walked; the last two of a walk are the sleepers and what waits for the leader.
type stretch struct {
	query, pool  string
	rank, at, id int64
	ended        bool
}

// A walk knows the affected services and compares by itself, the awake ones by their index alone: asking outage_of row by row takes ten times
// as long.
const (
	walkAwake = `
	SELECT t.rank, t.order_at, t.id, t.service_no
	  FROM ticket t
	 WHERE t.pool = $1 AND t.awake = 1 AND (t.rank, t.order_at, t.id) > ($2, $3, $4)
	 ORDER BY t.rank, t.order_at, t.id
	 LIMIT $5`
	walkAsleep = `
	SELECT t.rank, t.wake_at, t.id, CASE WHEN t.campaign = 'ivr-gamas' THEN '' ELSE t.service_no END
	  FROM ticket t
	 WHERE $1 = '' AND t.wake_at > 0 AND (t.rank, t.wake_at, t.id) > ($2, $3, $4)
	 ORDER BY t.rank, t.wake_at, t.id
	 LIMIT $5`
	walkLeader = `
	SELECT $2 + 0, $3 + 0, t.id, CASE WHEN t.campaign = 'ivr-gamas' THEN '' ELSE t.service_no END
	  FROM ticket t
	 WHERE $1 = '' AND t.leader = 1 AND t.id > $4
	 ORDER BY t.id
	 LIMIT $5`
	declaredScopes = `
	SELECT DISTINCT s.outage, s.kind, CASE WHEN s.kind = 'service' THEN '' ELSE s.value END
	  FROM outage o JOIN outage_scope s ON s.outage = o.id
	 WHERE o.state = 'declared'`
)

// Look goes on by at most n tickets of one pool and gives those that stand in an outage, by outage. round: every pool has been
// looked at once more. over: the walk has ended.
func (w *Walk) Look(tx *db.Tx, n int) (found map[db.ID][]db.ID, round, over bool, err error) {
	if !w.begun {
		if err := w.begin(tx); err != nil {
			return nil, false, false, err
		}
	}
	found = map[db.ID][]db.ID{}
	for range w.pools {
		s := w.pools[w.next]
		w.next = (w.next + 1) % len(w.pools)
		round = round || w.next == 0
		if s.ended {
			continue
		}
		seen := 0
		err := tx.Each(s.query, []any{s.pool, s.rank, s.at, s.id, n}, func(row db.Scanner) error {
			seen++
			var service string
			err := row.Scan(&s.rank, &s.at, &s.id, &service)
			if outage := w.over[service]; outage != 0 {
				found[outage] = append(found[outage], db.ID(s.id))
			}
			return err
		})
		s.ended = seen < n
		return found, round, false, err
	}
	return found, true, true, nil
}

func (w *Walk) begin(tx *db.Tx) error {
	w.begun, w.over = true, map[string]db.ID{}
	type scope struct {
		outage      db.ID
		kind, value string
	}
	var scopes []scope
	err := tx.Each(declaredScopes, nil, func(row db.Scanner) error {
		var s scope
		err := row.Scan(&s.outage, &s.kind, &s.value)
		scopes = append(scopes, s)
		return err
	})
	if err != nil {
		return err
	}
	for _, s := range scopes {
		services, err := servicesOf(tx, s.outage, s.kind, s.value)
		if err != nil {
			return err
		}
		for _, service := range services {
			w.over[service] = s.outage
		}
	}
	err = tx.Each(`SELECT pool FROM pool WHERE campaign <> $1 ORDER BY pool`, []any{Gamas}, func(row db.Scanner) error {
		s := &stretch{query: walkAwake, rank: -1}
		w.pools = append(w.pools, s)
		return row.Scan(&s.pool)
	})
	w.pools = append(w.pools, &stretch{query: walkAsleep, rank: -1}, &stretch{query: walkLeader})
	return err
}

// linesAt are the services of one part of a scope - outage, or the place of the network where lines end - in one text: row by row a hundred thousand take half a second.
var linesAt = map[string]string{
	"service": `SELECT ` + oneText("s.value") + ` FROM outage_scope s WHERE s.outage = $1 AND s.kind = 'service' AND $2 = ''`,
	"sto":     `SELECT ` + oneText("l.service_no") + ` FROM line l WHERE CAST($1 AS BIGINT) > 0 AND l.sto = $2`,
	"odc":     `SELECT ` + oneText("l.service_no") + ` FROM line l WHERE CAST($1 AS BIGINT) > 0 AND l.odc = $2 AND l.odc <> ''`,
	"odp":     `SELECT ` + oneText("l.service_no") + ` FROM line l WHERE CAST($1 AS BIGINT) > 0 AND l.odp = $2 AND l.odp <> ''`,
	"olt":     `SELECT ` + oneText("l.service_no") + ` FROM line l WHERE CAST($1 AS BIGINT) > 0 AND l.olt = $2 AND l.olt <> ''`,
}

func oneText(column string) string {
	return `COALESCE(/*lite: group_concat(` + column + `, ' ')*/ /*pg: string_agg(` + column + `, ' ')*/, '')`
}

// servicesOf are the services that one part of an outage's scope stands for.
func servicesOf(tx *db.Tx, outage db.ID, kind, value string) ([]string, error) {
	var all string
	err := tx.Row(linesAt[kind], outage, value).Scan(&all)
	return strings.Fields(all), err
}

// Park takes tickets that wait out of the queue because their outage has been declared; what somebody holds, or is acting on
// this moment, stays. It gives how many it parked: none once the outage is over.
func Park(tx *db.Tx, outage db.ID, tickets []db.ID) (int64, error) {
	if is, err := stands(tx, outage); err != nil || !is {
		return 0, err
	}
	return tx.Exec(parkSet+`
		 WHERE id IN (/*lite: SELECT value FROM json_each($1)*/ /*pg: SELECT w.id FROM ticket w WHERE w.id = ANY($1::bigint[]) FOR UPDATE SKIP LOCKED*/)
		   AND state = 'waiting' AND campaign <> 'ivr-gamas' AND EXISTS (SELECT 1 FROM outage o WHERE o.id = $2 AND o.state = 'declared')`, idList(tx, tickets), outage, db.Millis(tx.Now))
}

// idList is ids as one argument: the databases read lists differently.
func idList(tx *db.Tx, ids []db.ID) string {
	var b strings.Builder
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(id.String())
	}
	if tx.Postgres() {
		return "{" + b.String() + "}"
	}
	return "[" + b.String() + "]"
}

// Unpark gives tickets of an outage that is over back to the queue, oldest first: asleep until their time, waiting for the
// leader, or awake. One whose service stands in another outage stays parked by that one. left: there are more.
func Unpark(tx *db.Tx, outage db.ID, n int) (released int64, left bool, err error) {
	elsewhere, err := anyOutage(tx)
	if err != nil {
		return 0, false, err
	}
	other := "0"
	if elsewhere {
		other = "COALESCE(" + standsIn + ", 0)"
	}
	var free []db.ID
	others := map[db.ID][]db.ID{}
	seen := 0
	err = tx.Each(`
		SELECT t.id, `+other+` FROM ticket t
		 WHERE t.outage = $1
		 ORDER BY t.opened_at, t.id
		 LIMIT $2 /*pg: FOR UPDATE OF t*/`, []any{outage, n}, func(row db.Scanner) error {
		seen++
		var id, other db.ID
		err := row.Scan(&id, &other)
		if other == 0 {
			free = append(free, id)
		} else {
			others[other] = append(others[other], id)
		}
		return err
	})
	if err != nil {
		return 0, false, err
	}
	for other, ids := range others {
		_, err := tx.Exec(`
			UPDATE ticket SET outage = $2, version = version + 1, changed_at = $3
			 WHERE id IN (/*lite: SELECT value FROM json_each($1)*/ /*pg: SELECT unnest($1::bigint[])*/)`, idList(tx, ids), other, db.Millis(tx.Now))
		if err != nil {
			return 0, false, err
		}
	}
	if len(free) > 0 {
		released, err = tx.Exec(`
			UPDATE ticket SET state = 'waiting', outage = NULL, leader = parked_leader,
				wake_at = CASE WHEN parked_wake > $2 THEN parked_wake ELSE 0 END,
				awake = CASE WHEN parked_leader = 1 OR parked_wake > $2 THEN 0 ELSE 1 END,
				parked_wake = 0, parked_leader = 0, version = version + 1, changed_at = $2
			 WHERE id IN (/*lite: SELECT value FROM json_each($1)*/ /*pg: SELECT unnest($1::bigint[])*/) AND state = 'parked'`,
			idList(tx, free), db.Millis(tx.Now))
	}
	return released, seen == n, err
}

// ParkedBy counts the tickets that an outage keeps parked.
func ParkedBy(tx *db.Tx, outage db.ID) (n int64, err error) {
	err = tx.Row(`SELECT count(*) FROM ticket WHERE outage = $1`, outage).Scan(&n)
	return n, err
}
