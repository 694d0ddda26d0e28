package ticket

import (
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// Fence gives the ticket when the agent's lease on it still holds; Conflict "ticket.lease-lost" when it lapsed or was
// taken over. Every act on a held ticket begins with it. The hold stays locked until the act is over.
func Fence(tx *db.Tx, id, agent db.ID, token string) (Ticket, error) {
	var there int
	err := tx.Row(`
		SELECT 1 FROM hold WHERE ticket = $1 AND agent = $2 AND token = $3 /*pg: FOR UPDATE*/`, id, agent, token).Scan(&there)
	if fault.Is(err, fault.Missing) {
		if _, err := Get(tx, id); err != nil {
			return Ticket{}, err
		}
		return Ticket{}, lost()
	}
	if err != nil {
		return Ticket{}, err
	}
	return Get(tx, id)
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
	n, err := tx.Exec(`DELETE FROM hold WHERE ticket = $1 AND agent = $2 AND token = $3`, id, by.ID, token)
	if err != nil {
		return err
	}
	if n == 0 {
		return lost()
	}
	if err := putBack(tx, id); err != nil {
		return err
	}
	if len(reason) > 100 {
		reason = reason[:100]
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "ticket.released", Kind: "ticket", Ref: id, Ticket: id, Data: map[string]string{"why": code(reason)}})
	return err
}

// code keeps a reason out of the journal unless it is one word of ours: free text may hold personal data.
func code(reason string) string {
	for _, r := range reason {
		if (r < 'a' || r > 'z') && r != '-' {
			return "said"
		}
	}
	return reason
}

// putBack returns a ticket whose hold is gone to its place in the queue and ends its turn.
func putBack(tx *db.Tx, id db.ID) error {
	_, err := tx.Exec(`
		UPDATE ticket SET state = 'waiting', awake = 1, version = version + 1, changed_at = $2
		 WHERE id = $1 AND state = 'claimed'`, id, db.Millis(tx.Now))
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE turn SET ended_at = $2 WHERE ticket = $1 AND finished_at = 0 AND ended_at = 0`, id, db.Millis(tx.Now))
	return err
}

// Freed is a ticket whose lease lapsed, and who held it.
type Freed struct{ Ticket, Agent db.ID }

const lapseAtOnce = 100

// Lapse ends what time has ended: it frees tickets whose lease has run out, except those whose holder spare says is in a
// call, and puts what was raised for a while back to its age.
func Lapse(tx *db.Tx, spare func(agent db.ID) bool) ([]Freed, error) {
	if err := unraise(tx); err != nil {
		return nil, err
	}
	var due []Freed
	err := tx.Each(`SELECT ticket, agent FROM hold WHERE until <= $1 ORDER BY until LIMIT $2`, []any{db.Millis(tx.Now), lapseAtOnce}, func(s db.Scanner) error {
		var f Freed
		err := s.Scan(&f.Ticket, &f.Agent)
		due = append(due, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	var freed []Freed
	for _, f := range due {
		if spare != nil && spare(f.Agent) {
			continue
		}
		n, err := tx.Exec(`DELETE FROM hold WHERE ticket = $1 AND agent = $2 AND until <= $3`, f.Ticket, f.Agent, db.Millis(tx.Now))
		if err != nil {
			return nil, err
		}
		if n == 0 {
			continue // renewed or freed meanwhile
		}
		if err := putBack(tx, f.Ticket); err != nil {
			return nil, err
		}
		if _, err := journal.Write(tx, journal.Entry{By: who.House, Act: "ticket.lapsed", Kind: "ticket", Ref: f.Ticket, Ticket: f.Ticket, Data: map[string]string{"agent": f.Agent.String()}}); err != nil {
			return nil, err
		}
		freed = append(freed, f)
	}
	return freed, nil
}
