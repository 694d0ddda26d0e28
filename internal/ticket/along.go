package ticket

import (
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// One customer, one call: a ticket that goes along is claimed without a hold of its own. It hangs on the hold of its
// subject, which nobody else can get, and on the turn of the held ticket, whose call is its call.

// Was is what a ticket that is taken along goes back to when it is put back: its sleep, or that the leader decides.
type Was struct {
	WakeAt time.Time
	Leader bool
}

// TakeAlong takes another open ticket of a held ticket's customer into the same call: it leaves the queue. lead has been
// fenced. Missing "ticket.along-none" when the customer has no such ticket, Conflict when it is closed, kept back by an
// outage, or another agent's for now. had: it goes along already.
func TakeAlong(tx *db.Tx, by who.Actor, lead Ticket, id db.ID) (t Ticket, was Was, had bool, err error) {
	t, err = locked(tx, id)
	if fault.Is(err, fault.Missing) || err == nil && (t.Subject != lead.Subject || t.State == Void) {
		return t, was, false, fault.New(fault.Missing, "ticket.along-none").At("ticket", "")
	}
	if err != nil {
		return t, was, false, err
	}
	if t.State == Claimed && id != lead.ID { // nobody else can have it: the hold is on its customer
		return t, was, true, nil
	}
	if err := t.MayGoAlong(tx, by, lead.ID); err != nil {
		return t, was, false, err
	}
	was = Was{WakeAt: t.WakeAt, Leader: t.LeaderOwns}
	if err := markClaimed(tx, id); err != nil {
		return t, was, false, err
	}
	if _, err := journal.Write(tx, journal.Entry{By: by, Act: "ticket.taken-along", Kind: "ticket", Ref: id, Ticket: id, Data: map[string]string{"lead": lead.ID.String()}}); err != nil {
		return t, was, false, err
	}
	t, err = Get(tx, id)
	return t, was, false, err
}

// MayGoAlong says why an open ticket of the customer cannot be taken along with a held one: it is that one, it is closed, kept
// back by an outage, or another agent's promise for now.
func (t Ticket) MayGoAlong(tx *db.Tx, by who.Actor, lead db.ID) error {
	why := func(key string) error { return fault.New(fault.Conflict, key, "ref", t.Ref).At("ticket", "") }
	switch {
	case t.ID == lead:
		return why("ticket.along-itself")
	case t.State == Closed:
		return why("ticket.along-closed")
	case t.State == Parked:
		return why("ticket.along-parked")
	case t.Owner != 0 && t.Owner != db.ID(by.ID) && t.OwnerUntil.After(tx.Now): // decisions.md 3
		return why("ticket.along-owned")
	}
	outage, err := parksBy(tx, t.Campaign, t.ServiceNo)
	if err == nil && outage != 0 { // declared, but its turn to be parked has not come yet
		err = why("ticket.along-parked")
	}
	return err
}

// GoAlong ties the turn of a ticket that was taken along to the turn whose call it shares.
func GoAlong(tx *db.Tx, turn, lead Turn, was Was) error {
	_, err := tx.Exec(`INSERT INTO along(turn, lead, ticket, wake_at, leader) VALUES ($1, $2, $3, $4, $5)`,
		turn.ID, lead.ID, turn.Ticket, db.Millis(was.WakeAt), bit(was.Leader))
	return err
}

// AlongOf lists the turns that share a turn's call, in the order they were taken: the open ones of an open turn, those that
// were finished with a finished one.
func AlongOf(tx *db.Tx, lead db.ID) ([]Turn, error) {
	var all []Turn
	err := tx.Each(`SELECT `+turnColumns+` FROM along g JOIN turn t ON t.id = g.turn WHERE g.lead = $1 ORDER BY g.turn`, []any{lead}, func(s db.Scanner) error {
		t, err := scanTurn(s)
		all = append(all, t)
		return err
	})
	return all, err
}

// TurnByID reads a turn, whatever became of it.
func TurnByID(tx *db.Tx, id db.ID) (Turn, error) {
	return scanTurn(tx.Row(`SELECT `+turnColumns+` FROM turn t WHERE t.id = $1`, id))
}

// Call is the turn that owns the attempts of this one: itself, or the one it goes along with.
func (t Turn) Call() db.ID {
	if t.Lead != 0 {
		return t.Lead
	}
	return t.ID
}

// Hand is Fence, and lets a ticket through that goes along with the held one: the same lease is good for it. Acts that are
// the call's own - dial, say the line, finish - take Fence.
func Hand(tx *db.Tx, id, agent db.ID, token string) (Ticket, error) {
	var held db.ID
	err := tx.Row(`SELECT ticket FROM hold WHERE agent = $1 AND token = $2 /*pg: FOR UPDATE*/`, agent, token).Scan(&held)
	if fault.Is(err, fault.Missing) || err == nil && held == id {
		return Fence(tx, id, agent, token)
	}
	if err != nil {
		return Ticket{}, err
	}
	if lead, err := leadOf(tx, id); err != nil || lead != held {
		if err == nil {
			_, err = Fence(tx, id, agent, token)
		}
		return Ticket{}, err
	}
	return locked(tx, id)
}

// leadOf gives the held ticket that a ticket goes along with now; 0: none.
func leadOf(tx *db.Tx, id db.ID) (lead db.ID, err error) {
	err = tx.Row(`
		SELECT l.ticket FROM along g JOIN turn t ON t.id = g.turn JOIN turn l ON l.id = g.lead
		 WHERE g.ticket = $1 AND t.finished_at = 0 AND t.ended_at = 0`, id).Scan(&lead)
	if fault.Is(err, fault.Missing) {
		return 0, nil
	}
	return lead, err
}

// bound is a ticket that goes along, with what it goes back to.
type bound struct {
	ticket, turn db.ID
	wakeAt       int64
	leader       int
}

// boundTo lists and locks what goes along with a held ticket. Whoever ends a hold does so before the hold is deleted (Fence).
func boundTo(tx *db.Tx, held db.ID) ([]bound, error) {
	var all []bound
	err := tx.Each(`
		SELECT g.ticket, g.turn, g.wake_at, g.leader
		  FROM turn l JOIN along g ON g.lead = l.id
		 WHERE l.ticket = $1 AND l.finished_at = 0 AND l.ended_at = 0
		 ORDER BY g.ticket`, []any{held}, func(s db.Scanner) error {
		var b bound
		err := s.Scan(&b.ticket, &b.turn, &b.wakeAt, &b.leader)
		all = append(all, b)
		return err
	})
	for _, b := range all {
		if err == nil {
			_, err = locked(tx, b.ticket)
		}
	}
	return all, err
}

// putBack returns a ticket that went along to its place in the queue - or to its sleep, or to the leader -; its turn is over
// and no longer this call's.
func (b bound) putBack(tx *db.Tx) error {
	now := db.Millis(tx.Now)
	if b.wakeAt <= now { // its time came while it was in hand
		b.wakeAt = 0
	}
	awake := bit(b.wakeAt == 0 && b.leader == 0)
	var campaign, serviceNo string
	err := tx.Row(`
		UPDATE ticket SET state = 'waiting', wake_at = $3, leader = $4, awake = $5, version = version + 1, changed_at = $2
		 WHERE id = $1 AND state = 'claimed' RETURNING campaign, service_no`, b.ticket, now, b.wakeAt, b.leader, awake).Scan(&campaign, &serviceNo)
	if err == nil {
		err = parkWaiting(tx, b.ticket, campaign, serviceNo)
	}
	if err != nil && !fault.Is(err, fault.Missing) {
		return err
	}
	if _, err := tx.Exec(`UPDATE turn SET ended_at = $2 WHERE id = $1 AND finished_at = 0 AND ended_at = 0`, b.turn, now); err != nil {
		return err
	}
	_, err = tx.Exec(`DELETE FROM along WHERE turn = $1`, b.turn)
	return err
}

// PutDown puts one ticket that goes along back by itself; the held one stays. Its draft stays with it.
func PutDown(tx *db.Tx, by who.Actor, id db.ID, token, reason string) error {
	if _, err := Hand(tx, id, db.ID(by.ID), token); err != nil {
		return err
	}
	lead, err := leadOf(tx, id)
	if err != nil {
		return err
	}
	all, err := boundTo(tx, lead)
	if err != nil {
		return err
	}
	for _, b := range all {
		if b.ticket != id {
			continue
		}
		if err := b.putBack(tx); err != nil {
			return err
		}
		_, err := journal.Write(tx, journal.Entry{By: by, Act: "ticket.released", Kind: "ticket", Ref: id, Ticket: id, Data: map[string]string{"why": code(reason)}})
		return err
	}
	return lost()
}

// SettleAlong keeps the result of a ticket that goes along, in the act that settles the held one: Settle has ended the hold.
func SettleAlong(tx *db.Tx, by who.Actor, id db.ID, s Settlement) (Ticket, error) {
	follow, err := s.follow()
	if err != nil {
		return Ticket{}, err
	}
	t, err := locked(tx, id)
	if err != nil {
		return Ticket{}, err
	}
	turn, err := TurnOf(tx, id)
	if err != nil {
		return Ticket{}, err
	}
	if t.State != Claimed || turn.Lead == 0 || turn.Agent != db.ID(by.ID) {
		return Ticket{}, lost()
	}
	return t, t.keep(tx, by, turn, s, follow)
}
