package ticket

import (
	"slices"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// Fence gives the ticket when the agent's lease on it still holds; Conflict "ticket.lease-lost" when it lapsed or was
// taken over. Every act on a held ticket begins with it. Hold and ticket stay locked until the act is over.
//
// Whoever ends a hold locks in this order: the hold, its ticket, and only then deletes the hold. A claim locks tickets and
// then waits for a hold that is just being deleted; it may keep a lock on a ticket that was claimed while it looked. In
// any other order the two wait for each other (PostgreSQL).
func Fence(tx *db.Tx, id, agent db.ID, token string) (Ticket, error) {
	var there int
	err := tx.Row(`
		SELECT 1 FROM hold WHERE ticket = $1 AND agent = $2 AND token = $3 /*pg: FOR UPDATE*/`, id, agent, token).Scan(&there)
	if fault.Is(err, fault.Missing) {
		t, err := Get(tx, id)
		if err != nil {
			return Ticket{}, err
		}
		return Ticket{}, notHeld(tx, t, agent, token)
	}
	if err != nil {
		return Ticket{}, err
	}
	return locked(tx, id)
}

// notHeld says why an act on a ticket is refused: it goes along with the one that is held, or the lease is lost.
func notHeld(tx *db.Tx, t Ticket, agent db.ID, token string) error {
	if t.State != Claimed {
		return lost()
	}
	var ref string
	err := tx.Row(`
		SELECT l.ref FROM along g JOIN turn l ON l.id = g.lead JOIN hold h ON h.ticket = l.ticket
		 WHERE g.ticket = $1 AND l.finished_at = 0 AND l.ended_at = 0 AND h.agent = $2 AND h.token = $3`, t.ID, agent, token).Scan(&ref)
	switch {
	case fault.Is(err, fault.Missing):
		return lost()
	case err != nil:
		return err
	}
	return fault.New(fault.Conflict, "ticket.goes-along", "ref", ref)
}

// locked reads a ticket that nobody may change until the act is over.
func locked(tx *db.Tx, id db.ID) (Ticket, error) {
	return scan(tx.Row(`SELECT `+columns+` FROM ticket WHERE id = $1 /*pg: FOR UPDATE*/`, id))
}

// Renew keeps the lease for another LeaseFor. It touches only the hold.
func Renew(tx *db.Tx, id, agent db.ID, token string) (Lease, error) {
	lease := Lease{Token: token, Until: tx.Now.Add(LeaseFor)}
	n, err := tx.Exec(`UPDATE hold SET until = $4 WHERE ticket = $1 AND agent = $2 AND token = $3`, id, agent, token, db.Millis(lease.Until))
	if err == nil && n == 0 {
		if _, err := Get(tx, id); err != nil {
			return Lease{}, err
		}
		err = lost()
	}
	return lease, err
}

// Release gives a ticket back with its age; its draft stays (field C: nothing typed is lost).
func Release(tx *db.Tx, by who.Actor, id db.ID, token, reason string) error {
	if _, err := Fence(tx, id, db.ID(by.ID), token); err != nil {
		return err
	}
	if err := putBack(tx, id); err != nil {
		return err
	}
	_, err := journal.Write(tx, journal.Entry{By: by, Act: "ticket.released", Kind: "ticket", Ref: id, Ticket: id, Data: map[string]string{"why": code(reason)}})
	return err
}

// code keeps a reason out of the journal unless it is one word of ours: what people type may hold personal data.
func code(reason string) string {
	if slices.Contains([]string{"agent", "undo", "practice"}, reason) {
		return reason
	}
	return "said"
}

// putBack ends a hold that is locked: its ticket returns to its place in the queue and its turn is over, and so it goes with
// all that was taken along.
func putBack(tx *db.Tx, id db.ID) error {
	along, err := boundTo(tx, id)
	if err != nil {
		return err
	}
	for _, b := range along {
		if err := b.putBack(tx); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(`DELETE FROM hold WHERE ticket = $1`, id); err != nil {
		return err
	}
	var campaign, serviceNo string
	err = tx.Row(`
		UPDATE ticket SET state = 'waiting', awake = 1, version = version + 1, changed_at = $2
		 WHERE id = $1 AND state = 'claimed' RETURNING campaign, service_no`, id, db.Millis(tx.Now)).Scan(&campaign, &serviceNo)
	if err == nil {
		err = parkWaiting(tx, id, campaign, serviceNo)
	}
	if err != nil && !fault.Is(err, fault.Missing) {
		return err
	}
	_, err = tx.Exec(`UPDATE turn SET ended_at = $2 WHERE ticket = $1 AND finished_at = 0 AND ended_at = 0`, id, db.Millis(tx.Now))
	return err
}

// Freed is a ticket whose lease lapsed, who held it, and under which token.
type Freed struct {
	Ticket, Agent db.ID
	Token         string
}

// A sweep frees at most lapseAtOnce tickets, for it holds the writer's turn; it looks at more, since those it spares stay
// in front of the others for as long as their calls go on.
const (
	lapseAtOnce = 100
	lapseLooks  = 2_000
)

// Lapse ends what time has ended: it frees tickets whose lease has run out, except those whose holder spare says is in a
// call, and puts what was raised for a while back to its age.
func Lapse(tx *db.Tx, spare func(agent db.ID) bool) ([]Freed, error) {
	if err := unraise(tx); err != nil {
		return nil, err
	}
	var freed []Freed
	after := mark{}
	for looked := 0; looked < lapseLooks; looked += lapseAtOnce {
		due, last, err := runOut(tx, after)
		if err != nil {
			return nil, err
		}
		for _, f := range due {
			if spare != nil && spare(f.Agent) {
				continue
			}
			free, err := lapse(tx, f)
			if err != nil {
				return nil, err
			}
			if free {
				freed = append(freed, f)
			}
			if len(freed) == lapseAtOnce {
				return freed, nil
			}
		}
		if len(due) < lapseAtOnce {
			break
		}
		after = last
	}
	return freed, nil
}

// lapse frees one ticket, unless somebody is acting on it this moment.
func lapse(tx *db.Tx, f Freed) (bool, error) {
	free, err := idle(tx, f)
	if err != nil || !free {
		return false, err
	}
	if err := putBack(tx, f.Ticket); err != nil {
		return false, err
	}
	_, err = journal.Write(tx, journal.Entry{By: who.House, Act: "ticket.lapsed", Kind: "ticket", Ref: f.Ticket, Ticket: f.Ticket, Data: map[string]string{"agent": f.Agent.String()}})
	return err == nil, err
}

// mark is a place in the order in which holds run out.
type mark struct {
	until   int64
	subject string
}

// runOut lists holds that have run out, from after a mark on, and the mark of the last one.
func runOut(tx *db.Tx, after mark) (due []Freed, last mark, err error) {
	err = tx.Each(`
		SELECT ticket, agent, token, until, subject FROM hold
		 WHERE until <= $1 AND (until, subject) > ($2, $3)
		 ORDER BY until, subject
		 LIMIT $4`, []any{db.Millis(tx.Now), after.until, after.subject, lapseAtOnce}, func(s db.Scanner) error {
		var f Freed
		err := s.Scan(&f.Ticket, &f.Agent, &f.Token, &last.until, &last.subject)
		due = append(due, f)
		return err
	})
	return due, last, err
}

// idle locks a hold that has run out and its ticket, without ever waiting: whoever has one of them locked is acting on it
// this very moment, and the next sweep is seconds away.
func idle(tx *db.Tx, f Freed) (bool, error) {
	var there int
	err := tx.Row(`
		SELECT 1 FROM hold WHERE ticket = $1 AND token = $2 AND until <= $3 /*pg: FOR UPDATE SKIP LOCKED*/`, f.Ticket, f.Token, db.Millis(tx.Now)).Scan(&there)
	if err == nil {
		err = tx.Row(`SELECT 1 FROM ticket WHERE id = $1 /*pg: FOR UPDATE SKIP LOCKED*/`, f.Ticket).Scan(&there)
	}
	if fault.Is(err, fault.Missing) {
		return false, nil
	}
	return err == nil, err
}
