// Package ticket is the care ticket and its queue: open, claim under a lease, promise, retry, settle, undo. It keeps who
// holds what so that one ticket has one agent and one customer one call. It knows no procedure and no telephone: what a
// result means for the ticket comes in as a Settlement.
package ticket

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phone"
)

// State of a ticket (decisions.md 4).
type State string

const (
	Waiting State = "waiting"
	Claimed State = "claimed"
	Parked  State = "parked"
	Closed  State = "closed"
	Void    State = "void"
)

// States lists them all.
var States = []State{Waiting, Claimed, Parked, Closed, Void}

// Ranks of the queue (SOP 5.2.4, decisions.md 1): VVIP is highlighted, never ranked.
const (
	RankPromise = 0 // an agreed time that has come, ordered by it
	RankRaised  = 1 // raised by a leader for a while
	RankRest    = 2 // by age
)

// Contact is a number of the ticket's customer (CP).
type Contact struct {
	Phone phone.Number `json:"phone"`
	Note  string       `json:"note,omitempty"` // whose it is, e.g. istri
	Bad   bool         `json:"bad,omitempty"`  // found dead: not offered any more (SOP 5.2.11.b1.not-valid)
}

// Ticket is one row of one campaign.
type Ticket struct {
	ID           db.ID
	Campaign     string
	Ref          string // unique in its campaign
	State        State
	Subject      string // customer:ID | service:NO | phone:NO
	Customer     db.ID
	ServiceNo    string
	ContactName  string
	Contact      phone.Number // the number to call first
	Contacts     []Contact    // all of them, that one first
	Note         string
	Criterion    string
	Zone         string // IANA
	Source       string
	Fields       map[string]string
	OpenedAt     time.Time
	OpenedBy     db.ID
	DueAt        time.Time // of a promise
	WakeAt       time.Time // asleep until then; zero: awake
	Rank         int
	OrderAt      time.Time
	Awake        bool
	RaisedUntil  time.Time
	Owner        db.ID // whose promise it is
	OwnerUntil   time.Time
	LeaderOwns   bool      // tries used up
	Outage       db.ID     // that has parked it (SOP 5.4)
	ParkedWake   time.Time // of a parked one: asleep until then
	ParkedLeader bool      // of a parked one: its tries are used up
	Attempts     int       // settled turns
	Outcome      string
	ClosedReason string
	ClosedAt     time.Time
	Version      int64
}

// AllContacts lists the numbers that can be offered, the first one first.
func (t Ticket) AllContacts() []Contact { return t.Contacts }

// Pool is where a ticket waits: its campaign in its customer's zone, so that calling hours can be asked per zone.
func Pool(campaign, zone string) string { return campaign + "@" + zone }

var number = regexp.MustCompile(`^INC?\d{6,9}$`)

// Number tells whether a text has the form of a trouble ticket's number (domain 3.2).
func Number(s string) bool { return number.MatchString(s) }

const columns = `id, campaign, ref, state, subject, customer, service_no, contact_name, contact, contacts, note, criterion, zone, source, fields,
	opened_at, opened_by, rank, order_at, awake, wake_at, due_at, raised_until, owner, owner_until, leader, attempts, outcome, closed_reason, closed_at, version,
	COALESCE(outage, 0), parked_wake, parked_leader`

func scan(s db.Scanner) (Ticket, error) {
	var t Ticket
	var state, contact, contacts, fields string
	var opened, order, wake, due, raised, ownerUntil, closed, parkedWake int64
	var awake, leader, parkedLeader int
	err := s.Scan(&t.ID, &t.Campaign, &t.Ref, &state, &t.Subject, &t.Customer, &t.ServiceNo, &t.ContactName, &contact, &contacts, &t.Note,
		&t.Criterion, &t.Zone, &t.Source, &fields, &opened, &t.OpenedBy, &t.Rank, &order, &awake, &wake, &due, &raised, &t.Owner, &ownerUntil,
		&leader, &t.Attempts, &t.Outcome, &t.ClosedReason, &closed, &t.Version,
		&t.Outage, &parkedWake, &parkedLeader)
	if err != nil {
		return t, err
	}
	t.State, t.Contact = State(state), phone.Number(contact)
	t.OpenedAt, t.OrderAt, t.WakeAt, t.DueAt = db.Time(opened), db.Time(order), db.Time(wake), db.Time(due)
	t.RaisedUntil, t.OwnerUntil, t.ClosedAt = db.Time(raised), db.Time(ownerUntil), db.Time(closed)
	t.ParkedWake = db.Time(parkedWake)
	t.Awake, t.LeaderOwns, t.ParkedLeader = awake == 1, leader == 1, parkedLeader == 1
	if err := json.Unmarshal([]byte(contacts), &t.Contacts); err != nil {
		return t, fmt.Errorf("ticket %d: contacts: %w", t.ID, err)
	}
	if err := json.Unmarshal([]byte(fields), &t.Fields); err != nil {
		return t, fmt.Errorf("ticket %d: fields: %w", t.ID, err)
	}
	return t, nil
}

// Get reads a ticket whoever asks; Seen asks for somebody.
func Get(tx *db.Tx, id db.ID) (Ticket, error) {
	return scan(tx.Row(`SELECT `+columns+` FROM ticket WHERE id = $1`, id))
}

// ByRef reads a ticket by the number it came with.
func ByRef(tx *db.Tx, campaign, ref string) (Ticket, error) {
	return scan(tx.Row(`SELECT `+columns+` FROM ticket WHERE campaign = $1 AND ref = $2`, campaign, ref))
}

func list(tx *db.Tx, query string, args ...any) ([]Ticket, error) {
	var all []Ticket
	err := tx.Each(query, args, func(s db.Scanner) error {
		t, err := scan(s)
		all = append(all, t)
		return err
	})
	return all, err
}

// OpenOfSubject lists the other tickets of a subject that are still to be worked, oldest first: one customer, one call.
func OpenOfSubject(tx *db.Tx, subject string, except db.ID) ([]Ticket, error) {
	return list(tx, `
		SELECT `+columns+` FROM ticket
		 WHERE subject = $1 AND id <> $2 AND state IN ('waiting', 'parked', 'claimed')
		 ORDER BY id
		 LIMIT 20`, subject, except)
}

func reversed(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

func jsonText(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func lost() error { return fault.New(fault.Conflict, "ticket.lease-lost") }

func words(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
