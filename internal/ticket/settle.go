package ticket

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phone"
	"sapa/internal/who"
)

// Settlement is what a finished turn means for its ticket. Exactly one of Close, AgainAt and LeaderOwns is set.
type Settlement struct {
	Outcome string // the procedure's
	Means   []string
	Answers map[string]string

	Close      string    // done, junk or ended-by-system
	AgainAt    time.Time // the next call
	Promise    bool      // AgainAt was agreed with the customer
	Owner      db.ID     // whose promise it is
	OwnerUntil time.Time // past that the pool may take it (decisions.md 3)
	LeaderOwns bool      // tries used up: the leader decides

	FlagContact phone.Number // found dead; "" none
	NewContact  phone.Number // another number the customer can be reached at (SOP 5.2.7); "" none
}

func (s Settlement) follow() (string, error) {
	ways := 0
	follow := ""
	for way, set := range map[string]bool{"closed": s.Close != "", "again": !s.AgainAt.IsZero(), "leader": s.LeaderOwns} {
		if set {
			ways++
			follow = way
		}
	}
	if ways != 1 {
		return "", fmt.Errorf("settlement of outcome %q goes %d ways", s.Outcome, ways)
	}
	return follow, nil
}

// Settle keeps a turn's result: the hold goes first (not theirs any more: the lease was lost, Conflict), then the ticket moves,
// the outcome is kept as a fact and the turn is finished.
func Settle(tx *db.Tx, by who.Actor, id db.ID, token string, s Settlement) (Ticket, error) {
	follow, err := s.follow()
	if err != nil {
		return Ticket{}, err
	}
	t, err := Fence(tx, id, db.ID(by.ID), token)
	if err != nil {
		return Ticket{}, err
	}
	if _, err := boundTo(tx, id); err != nil {
		return Ticket{}, err
	}
	if _, err := tx.Exec(`DELETE FROM hold WHERE ticket = $1`, id); err != nil {
		return Ticket{}, err
	}
	turn, err := TurnOf(tx, id)
	if err != nil {
		return Ticket{}, err
	}
	return t, t.keep(tx, by, turn, s, follow)
}

// keep moves the ticket as its result says and keeps the outcome as a fact; the turn is finished.
func (t *Ticket) keep(tx *db.Tx, by who.Actor, turn Turn, s Settlement, follow string) error {
	before, err := jsonText(t)
	if err != nil {
		return err
	}
	was := t.Contact
	t.move(tx.Now, s)
	if err := t.settleDown(tx); err != nil {
		return err
	}
	if err := t.store(tx, was); err != nil {
		return err
	}
	answers, err := jsonText(s.Answers)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO outcome(id, turn, ticket, agent, campaign, code, means, at, follow, closed_reason, again_at, before, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		tx.NewID(), turn.ID, t.ID, by.ID, t.Campaign, s.Outcome, strings.Join(s.Means, " "), db.Millis(tx.Now), follow, s.Close,
		db.Millis(s.AgainAt), before, t.Version)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE turn SET finished_at = $2, answers = $3 WHERE id = $1`, turn.ID, db.Millis(tx.Now), answers)
	return err
}

// move changes the ticket as the settlement says. A retry keeps the ticket's age; a promise is ordered by its time. A ticket
// that was dealt stays with its person (decisions.md 3).
func (t *Ticket) move(now time.Time, s Settlement) {
	t.Attempts++
	t.Version++
	t.Outcome = s.Outcome
	t.Awake, t.WakeAt, t.DueAt, t.RaisedUntil, t.LeaderOwns = false, time.Time{}, time.Time{}, time.Time{}, false
	dealt := t.Dealt()
	if !dealt {
		t.Owner, t.OwnerUntil = 0, time.Time{}
	}
	t.Rank, t.OrderAt = RankRest, t.OpenedAt
	if s.FlagContact != "" {
		t.flag(s.FlagContact)
	}
	if s.NewContact != "" {
		t.meet(s.NewContact)
	}
	switch {
	case s.Close != "":
		t.State, t.ClosedReason, t.ClosedAt = Closed, s.Close, now
	case s.LeaderOwns:
		t.State, t.LeaderOwns = Waiting, true
	default:
		t.State = Waiting
		t.WakeAt = s.AgainAt.UTC().Truncate(time.Millisecond)
		if s.Promise {
			t.DueAt = t.WakeAt
			t.Rank, t.OrderAt = RankPromise, t.DueAt
			if !dealt {
				t.Owner, t.OwnerUntil = s.Owner, s.OwnerUntil.UTC().Truncate(time.Millisecond)
			}
		}
	}
}

// flag marks a number dead and puts the next good one first.
func (t *Ticket) flag(dead phone.Number) {
	var good, bad []Contact
	for _, c := range t.Contacts {
		if c.Phone == dead {
			c.Bad = true
		}
		if c.Bad {
			bad = append(bad, c)
		} else {
			good = append(good, c)
		}
	}
	t.Contacts = append(good, bad...)
	if len(t.Contacts) > 0 {
		t.Contact = t.Contacts[0].Phone
	}
}

// Meet puts a number first that the customer's side gave during the call (SOP 5.2.7).
func Meet(tx *db.Tx, by who.Actor, id db.ID, number phone.Number) error {
	_, err := change(tx, by, id, "contact.added", func(t *Ticket) error {
		t.meet(number)
		return nil
	})
	return err
}

// meet puts a number first that was given during the call; one that was there before is good again.
func (t *Ticket) meet(number phone.Number) {
	others := slices.DeleteFunc(slices.Clone(t.Contacts), func(c Contact) bool { return c.Phone == number })
	t.Contacts = append([]Contact{{Phone: number}}, others...)
	t.Contact = number
}

// Numbers puts the numbers a ticket's customer is known to have into the order they are to be called in; dead ones stand last and
// are not called. Nothing is written when it says what is there.
func Numbers(tx *db.Tx, by who.Actor, t Ticket, contacts []Contact) (Ticket, error) {
	if len(contacts) == 0 || slices.Equal(contacts, t.Contacts) {
		return t, nil
	}
	return change(tx, by, t.ID, "contacts.known", func(t *Ticket) error {
		t.Contacts, t.Contact = contacts, contacts[0].Phone
		return nil
	})
}

// store writes every column that can change after a ticket was opened; was is the number to call first before.
func (t Ticket) store(tx *db.Tx, was phone.Number) error {
	contacts, err := jsonText(t.Contacts)
	if err != nil {
		return err
	}
	fields, err := jsonText(t.Fields)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`
		UPDATE ticket SET state = $2, contact = $3, contacts = $4, fields = $5, rank = $6, order_at = $7, awake = $8, wake_at = $9,
			due_at = $10, raised_until = $11, owner = $12, owner_until = $13, leader = $14, attempts = $15, outcome = $16, closed_reason = $17,
			closed_at = $18, version = $19, changed_at = $20, outage = $21, parked_wake = $22, parked_leader = $23
		 WHERE id = $1 AND version = $19 - 1`,
		t.ID, string(t.State), t.Contact.Full(), contacts, fields, t.Rank, db.Millis(t.OrderAt), bit(t.Awake),
		db.Millis(t.WakeAt), db.Millis(t.DueAt), db.Millis(t.RaisedUntil), t.Owner, db.Millis(t.OwnerUntil), bit(t.LeaderOwns), t.Attempts,
		t.Outcome, t.ClosedReason, db.Millis(t.ClosedAt), t.Version, db.Millis(tx.Now), t.outage(), db.Millis(t.ParkedWake), bit(t.ParkedLeader))
	if err == nil && n == 0 {
		err = lost()
	}
	if err != nil || t.Contact == was {
		return err
	}
	return toSearchAgain(tx, t.ID, was)
}

// Unsettle takes a call's results back, all or none: the ticket is the agent's again under a fresh lease, with the draft, and
// so is what was settled along with it. turn is the call's own. Conflict when one of the tickets has moved since or
// somebody else holds their customer (decisions.md 6). The caller has looked at the clock.
func Unsettle(tx *db.Tx, by who.Actor, turn db.ID) (Lease, error) {
	first, err := settledBy(tx, by, turn)
	if err != nil {
		return Lease{}, err
	}
	all := []settled{first}
	along, err := AlongOf(tx, turn)
	if err != nil {
		return Lease{}, err
	}
	for _, t := range along { // all are locked before the hold is there: a claim locks a ticket and then asks for its hold
		one, err := settledBy(tx, by, t.ID)
		if err != nil {
			return Lease{}, err
		}
		all = append(all, one)
	}
	lease := newLease(tx)
	held, err := tx.Exec(`INSERT INTO hold(subject, ticket, agent, token, until) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		first.before.Subject, first.before.ID, by.ID, lease.Token, db.Millis(lease.Until))
	if err != nil {
		return Lease{}, err
	}
	if held == 0 {
		return Lease{}, fault.New(fault.Conflict, "ticket.held-by-other")
	}
	for _, one := range all {
		if err := one.back(tx); err != nil {
			return Lease{}, err
		}
	}
	return lease, nil
}

// settled is a result that stands: its ticket as it was before and as it is now.
type settled struct {
	outcome, turn db.ID
	before, now   Ticket
}

func settledBy(tx *db.Tx, by who.Actor, turn db.ID) (settled, error) {
	s := settled{turn: turn}
	var id db.ID
	var version int64
	var before string
	err := tx.Row(`SELECT id, ticket, version, before FROM outcome WHERE turn = $1 AND agent = $2 AND undone_at = 0`, turn, by.ID).Scan(&s.outcome, &id, &version, &before)
	if err != nil {
		return s, err
	}
	if s.now, err = locked(tx, id); err != nil {
		return s, err
	}
	if s.now.Version != version && (s.now.State != Parked || s.now.Version != version+1) { // that an outage has parked it since builds on nothing
		return s, fault.New(fault.Conflict, "ticket.built-on")
	}
	if err := json.Unmarshal([]byte(before), &s.before); err != nil {
		return s, fmt.Errorf("undo turn %d: %w", turn, err)
	}
	return s, nil
}

func (s settled) back(tx *db.Tx) error {
	t := s.before
	t.Version = s.now.Version + 1
	if err := t.store(tx, s.now.Contact); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE outcome SET undone_at = $2 WHERE id = $1`, s.outcome, db.Millis(tx.Now)); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE turn SET finished_at = 0 WHERE id = $1`, s.turn)
	return err
}

func splitMeans(s string) []string { return strings.Fields(s) }
