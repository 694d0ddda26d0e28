// Package desk is the agent's seat: claim, read, dial, answer, finish, undo - each act one transaction over the nouns
// below. It knows no page and no request; web and api own the transaction and bring the one who acts.
package desk

import (
	"context"
	"sync/atomic"
	"time"

	"sapa/internal/call"
	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/live"
)

// UndoFor is how long a finished turn can be undone, and how long what it promised outward stays at home (decisions.md 6).
const UndoFor = 8 * time.Second

// OwnedFor is how long past its time a promise stays with the agent who made it before the pool may take it (decisions.md 3).
const OwnedFor = 15 * time.Minute

// Parts is what a seat is made of.
type Parts struct {
	Store     *db.DB
	Campaigns *campaign.Campaigns
	Dialer    call.Dialer
	Hub       *live.Hub
	Site      *time.Location   // the site's zone: same day, follow-up
	Clock     func() time.Time // for measuring how long a probe took; never for deciding
	Mail      bool             // a courier brings letters to a mail server; without one a person does
	Carried   map[string]bool  // applications outside that a connector brings promises to
}

// Seat is where agents act.
type Seat struct {
	Parts
	Outside func() []Source // how the outside systems stand; nil: there are none
	Wake    func()          // has them asked at once; it waits for nobody
	// Need is told whom somebody works for or looks at, so that what outside systems know of them is read. It does not wait; nil: there
	// is nobody to ask.
	Need func(customer db.ID, serviceNo string, by db.ID)
	// Orders is the application whose outside takes orders (SOP 2.c), e.g. starclick; "": people bring them over.
	Orders  string
	heart   heart
	alerted atomic.Int64 // until when the leaders' screens have been told of what is for them
}

// New makes a seat.
func New(p Parts) *Seat { return &Seat{Parts: p} }

// Dialler is the name of the dialler in use: "manual" hears nothing, so the agent says what the line did.
func (s *Seat) Dialler() string { return s.Dialer.Name() }

// Heard keeps what the dialler heard and tells the agent's open screens. It is the diallers' way back into the house.
func (s *Seat) Heard(ctx context.Context, signal call.Signal) error {
	return s.Store.Write(ctx, func(tx *db.Tx) error {
		a, err := call.Hear(tx, signal)
		if err != nil {
			return err
		}
		s.tellAfter(tx, a.Agent, "call", a.Ticket)
		return nil
	})
}

// needs says that an agent needs to know of a customer, or of whoever has a service number (SOP 5.2.4.analyse).
func (s *Seat) needs(customer db.ID, serviceNo string, by db.ID) {
	if s.Need != nil {
		s.Need(customer, serviceNo, by)
	}
}

// tellAfter sends news to an agent's open screens once the act is stored.
func (s *Seat) tellAfter(tx *db.Tx, agent db.ID, name string, ticket db.ID) {
	if s.Hub == nil {
		return
	}
	tx.After(func() {
		s.Hub.Publish("agent:"+agent.String(), live.Event{Name: name, Data: ticket.String()})
	})
}

// tellBoard says that the queue has changed.
func (s *Seat) tellBoard(tx *db.Tx) {
	if s.Hub == nil {
		return
	}
	tx.After(func() { s.Hub.Soon("board", "queue") })
}
