package desk

import (
	"context"
	"maps"

	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/phone"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// longestLive is how long an attempt without an end still counts as a call: after that its dialler has died on us.
const longestLive = 4 * 60 * 60 * 1000 // ms

func inCall(tx *db.Tx, agent db.ID) (call.Attempt, bool, error) {
	a, live, err := call.Live(tx, agent)
	return a, live && db.Millis(tx.Now)-db.Millis(a.DialledAt) < longestLive, err
}

func (s *Seat) notInCall(tx *db.Tx, a who.Actor) error {
	_, live, err := call.Live(tx, db.ID(a.ID))
	if err == nil && live {
		return fault.New(fault.Conflict, "desk.in-call").At("", "5.2.5.call")
	}
	return err
}

// Dial begins to call a contact of the held ticket; the zero number means its first good one (SOP 5.2.5.call). The note
// must have been read (5.2.4.note) and it must be a time at which the customer may be called. Dialling shows the
// number to the one who dials and is itself the reason in the journal (decisions.md, Data and pictures).
func (s *Seat) Dial(tx *db.Tx, a who.Actor, id db.ID, token string, number phone.Number) (call.Attempt, error) {
	t, err := ticket.Fence(tx, id, db.ID(a.ID), token)
	if err != nil {
		return call.Attempt{}, err
	}
	b, err := s.lay(tx, t)
	if err != nil {
		return call.Attempt{}, err
	}
	switch {
	case b.turn.ReadAt.IsZero():
		return call.Attempt{}, fault.New(fault.Conflict, "desk.read-first").At("note", b.clauseOf("read"))
	case b.facts["hours"] == "out":
		return call.Attempt{}, fault.New(fault.Conflict, "desk.outside-hours", "hours", b.campaign.Hours.String(), "zone", ZoneName(b.zone)).At("", "A-38")
	}
	if number, err = s.choose(tx, a, b, number); err != nil {
		return call.Attempt{}, err
	}
	if err := askAgain(tx, b); err != nil {
		return call.Attempt{}, err
	}
	attempt, err := call.Begin(tx, call.Attempt{Turn: b.turn.ID, Ticket: t.ID, Agent: db.ID(a.ID), Number: number, Dialler: s.Dialer.Name()})
	if err != nil {
		return attempt, err
	}
	if _, err := journal.Write(tx, journal.Entry{By: a, Act: "dialled", Kind: "attempt", Ref: attempt.ID, Ticket: t.ID}); err != nil {
		return attempt, err
	}
	tx.After(func() { s.ring(attempt) })
	s.tellAfter(tx, attempt.Agent, "call", t.ID)
	return attempt, nil
}

// ring asks the dialler to begin. When it cannot, the attempt ends as failed: that supports no outcome, only dialling again.
func (s *Seat) ring(a call.Attempt) {
	if err := s.Dialer.Dial(context.Background(), a); err == nil {
		return
	}
	go func() { // not within the writer's turn
		_ = s.Heard(context.Background(), call.Signal{Attempt: a.ID, Kind: call.Ended, Line: call.Failed})
	}()
}

// choose is pick, and takes the number that was given during this turn's call into the ticket: it can be dialled at once
// (SOP 5.2.7, decisions.md 11).
func (s *Seat) choose(tx *db.Tx, a who.Actor, b bench, wanted phone.Number) (phone.Number, error) {
	given, err := phone.Parse(b.stored["other_contact"])
	if err != nil || wanted == "" || wanted != given {
		return pick(b, wanted)
	}
	return given, ticket.Meet(tx, a, b.ticket.ID, given)
}

// askAgain takes out of the draft who answered the call before: the next one has a receiver of its own (SOP 5.2.6). What
// hung on that answer is dropped with the next look; everything else stays.
func askAgain(tx *db.Tx, b bench) error {
	if len(b.attempts) == 0 || b.turn.Answers["receiver"] == "" {
		return nil
	}
	kept := maps.Clone(b.turn.Answers)
	delete(kept, "receiver")
	_, err := ticket.KeepDraft(tx, b.turn.ID, b.turn.Draft, kept)
	return err
}

// pick chooses the number to dial: it must be one of the ticket's contacts and not known to be dead.
func pick(b bench, wanted phone.Number) (phone.Number, error) {
	for _, c := range b.ticket.AllContacts() {
		if !c.Bad && (wanted == "" || c.Phone == wanted) {
			return c.Phone, nil
		}
	}
	return "", fault.New(fault.Invalid, "call.no-number").At("number", b.clauseOf("call"))
}

// clauseOf is the campaign's own clause for a kind of step: 5.2.4.note for reading a callback, 5.7.6 for a Fresh Lapul.
func (b bench) clauseOf(kind string) string {
	for _, s := range b.campaign.Procedure.Steps {
		if s.Kind == kind {
			return s.Clause()
		}
	}
	return b.campaign.Procedure.Clause
}

// Said keeps what the agent says the line does while a dialler that hears nothing is used: answered starts the talk
// timer, every other word ends the attempt.
func (s *Seat) Said(tx *db.Tx, a who.Actor, id db.ID, token string, line call.Line) (call.Attempt, error) {
	t, err := ticket.Fence(tx, id, db.ID(a.ID), token)
	if err != nil {
		return call.Attempt{}, err
	}
	live, isLive, err := call.Live(tx, db.ID(a.ID))
	switch {
	case err != nil:
		return live, err
	case !isLive:
		return live, fault.New(fault.Conflict, "call.hangup-none")
	case live.Reports():
		return live, fault.New(fault.Conflict, "call.line-reported").At("line", "5.2.5.call")
	}
	s.tellAfter(tx, live.Agent, "call", t.ID)
	if line == call.Answered {
		return call.Answer(tx, live.ID)
	}
	return call.Report(tx, live.Turn, live.Ticket, live.Agent, live.Number, call.Reported{Line: line})
}

// Hangup ends the live call. A dialler that hears nothing needs the agent's word first when nobody was said to have
// picked up; the others are asked to hang up and signal the end themselves.
func (s *Seat) Hangup(tx *db.Tx, a who.Actor, id db.ID, token string) (call.Attempt, error) {
	t, err := ticket.Fence(tx, id, db.ID(a.ID), token)
	if err != nil {
		return call.Attempt{}, err
	}
	live, isLive, err := call.Live(tx, db.ID(a.ID))
	switch {
	case err != nil:
		return live, err
	case !isLive:
		return live, fault.New(fault.Conflict, "call.hangup-none")
	case live.Reports():
		tx.After(func() { s.hang(live) })
		return live, nil
	case live.AnsweredAt.IsZero():
		return live, fault.New(fault.Conflict, "desk.say-line").At("line", "5.2.5.call")
	}
	s.tellAfter(tx, live.Agent, "call", t.ID)
	return call.Hear(tx, call.Signal{Attempt: live.ID, Kind: call.Ended, Line: call.Answered, At: tx.Now})
}

// hang asks the dialler to hang up; a call it no longer knows (it was started again meanwhile) ends as unknown.
func (s *Seat) hang(a call.Attempt) {
	if err := s.Dialer.Hangup(context.Background(), a.ID); err == nil {
		return
	}
	go func() {
		_ = s.Heard(context.Background(), call.Signal{Attempt: a.ID, Kind: call.Ended, Line: call.Unknown})
	}()
}

// Report keeps an attempt that somebody made outside sapa and tells about (contract: POST /tickets/{id}/attempts).
func (s *Seat) Report(tx *db.Tx, a who.Actor, id db.ID, token string, r call.Reported) (call.Attempt, error) {
	t, err := ticket.Fence(tx, id, db.ID(a.ID), token)
	if err != nil {
		return call.Attempt{}, err
	}
	turn, err := ticket.TurnOf(tx, t.ID)
	if err != nil {
		return call.Attempt{}, err
	}
	attempt, err := call.Report(tx, turn.ID, t.ID, db.ID(a.ID), t.Contact, r)
	if err != nil {
		return attempt, err
	}
	_, err = journal.Write(tx, journal.Entry{By: a, Act: "attempt.reported", Kind: "attempt", Ref: attempt.ID, Ticket: t.ID, Data: map[string]string{"line": string(attempt.Line)}})
	s.tellAfter(tx, attempt.Agent, "call", t.ID)
	return attempt, err
}

// ManualDialler hands the number to the agent's own telephone through a tel: or sip: link on the page. It hears nothing.
type ManualDialler struct{}

// Name is call.Manual.
func (ManualDialler) Name() string { return call.Manual }

// Dial does nothing: the page's link does.
func (ManualDialler) Dial(context.Context, call.Attempt) error { return nil }

// Hangup does nothing: the agent hangs up the telephone.
func (ManualDialler) Hangup(context.Context, db.ID) error { return nil }
