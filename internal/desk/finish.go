package desk

import (
	"maps"
	"strings"
	"time"

	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/journal"
	"sapa/internal/phone"
	"sapa/internal/procedure"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// Receipt is what a finished turn did: stored here, promised outward.
type Receipt struct {
	Ticket    ticket.Ticket
	Outcome   string
	Title     procedure.Text
	Labels    []string
	Effects   []Done
	Due       time.Time // zero: the ticket does not come back by itself
	UndoUntil time.Time
	Along     []Receipt // of what was settled in the same call
}

// Done is one effect of a finish, as the receipt names it.
type Done struct {
	Do     string
	App    string // where it goes; "" is sapa itself
	Text   string
	Clause string
	State  string // stored | queued
}

// Finish decides the outcome of the turn from the draft and the last answers, and keeps everything in this one
// transaction: outcome, ticket state, promises outward (SOP 5.2.11.d, 5.7.10; A-23: one save for every system).
// It refuses what is missing, outside the tree, or against what the line said - field and clause with it.
func (s *Seat) Finish(tx *db.Tx, a who.Actor, id db.ID, token string, in map[string]string) (Receipt, error) {
	return s.FinishCall(tx, a, id, token, in, nil)
}

// decide gives what a turn comes to, and changes nothing.
func (s *Seat) decide(tx *db.Tx, b bench, in map[string]string) (procedure.Decision, error) {
	p := b.campaign.Procedure
	decision, err := p.Decide(b.facts, b.stored, plain(in, p, tx.Now, b.zone), checks(tx.Now, b))
	if err != nil {
		return decision, err
	}
	return decision, b.numberFits(tx, decision)
}

// settle keeps what a turn has come to; keep ends the ticket's own part.
func (s *Seat) settle(tx *db.Tx, a who.Actor, b bench, decision procedure.Decision, keep func(ticket.Settlement) (ticket.Ticket, error)) (Receipt, error) {
	act, err := s.settlement(tx, a, b, decision)
	if err != nil {
		return Receipt{}, err
	}
	settled, err := keep(act)
	if err != nil {
		return Receipt{}, err
	}
	receipt := Receipt{Ticket: settled, Outcome: decision.Outcome.ID, Title: decision.Outcome.Title,
		Labels: Labels(b.campaign.Procedure, decision.Answers), Due: Due(settled, b.zone), UndoUntil: tx.Now.Add(UndoFor)}
	if receipt.Effects, err = s.carryOut(tx, a, b, decision); err != nil {
		return Receipt{}, err
	}
	_, err = journal.Write(tx, journal.Entry{By: a, Act: "turn.finished", Kind: "turn", Ref: b.turn.ID, Ticket: b.ticket.ID,
		Data: map[string]string{"outcome": decision.Outcome.ID, "revision": b.campaign.Revision.Hash}})
	return receipt, err
}

// settlement turns the effects that concern the ticket itself into what the queue does with it.
func (s *Seat) settlement(tx *db.Tx, a who.Actor, b bench, d procedure.Decision) (ticket.Settlement, error) {
	act := ticket.Settlement{Outcome: d.Outcome.ID, Means: d.Means, Answers: d.Answers}
	if number, err := phone.Parse(d.Answers["other_contact"]); err == nil && number != dialled(b) { // SOP 5.2.7: where to call again
		act.NewContact = number
	}
	for _, e := range d.Effects {
		switch e.Do {
		case "close":
			act.Close = e.Reason
		case "flag-contact":
			act.FlagContact = dialled(b)
		case "call-again":
			if err := s.callAgain(tx, a, b, d, e, &act); err != nil {
				return act, err
			}
		}
	}
	// SOP 5.2.11.b1.not-valid: a dead number ends the ticket unless the customer has another one.
	if act.Close != "" && act.FlagContact != "" && (act.NewContact != "" || hasOther(b.ticket, act.FlagContact)) {
		act.Close = ""
		if err := s.retry(tx, b, &act); err != nil {
			return act, err
		}
	}
	return act, nil
}

// dialled is the number the result speaks about: the last one called, else the ticket's first.
func dialled(b bench) (number phone.Number) {
	number = b.ticket.Contact
	for _, at := range b.attempts {
		if at.Line != call.Failed && at.Line != call.Unknown {
			number = at.Number
		}
	}
	return number
}

func hasOther(t ticket.Ticket, dead phone.Number) bool {
	for _, c := range t.AllContacts() {
		if !c.Bad && c.Phone != dead {
			return true
		}
	}
	return false
}

// callAgain puts the next call on the ticket: a promise at an agreed time stays with the agent who made it; a retry
// follows the campaign's rule.
func (s *Seat) callAgain(tx *db.Tx, a who.Actor, b bench, d procedure.Decision, e procedure.Effect, act *ticket.Settlement) error {
	if e.At != "" {
		at, ok := parseMoment(d.Answers[e.At], tx.Now, b.zone)
		if ok {
			act.AgainAt, act.Promise = at, true
			act.Owner, act.OwnerUntil = db.ID(a.ID), at.Add(OwnedFor)
		}
		return nil
	}
	if e.NextDay {
		act.AgainAt = b.campaign.Hours.NextDay(tx.Now, b.zone)
		return nil
	}
	return s.retry(tx, b, act)
}

// retry follows A-38: a pause between attempts, so many a day, so many days, always within calling hours; when they are
// used up the leader decides.
func (s *Seat) retry(tx *db.Tx, b bench, act *ticket.Settlement) error {
	today, days, err := call.Days(tx, b.ticket.ID, b.zone)
	if err != nil {
		return err
	}
	c := b.campaign
	again := c.Hours.Next(tx.Now.Add(c.Pause), b.zone)
	sameDay := again.In(b.zone).YearDay() == tx.Now.In(b.zone).YearDay()
	switch {
	case today < c.PerDay && (sameDay || days < c.Days): // an evening's try may not slip into one day too many
		act.AgainAt = again
	case days < c.Days:
		act.AgainAt = c.Hours.NextDay(tx.Now, b.zone)
	default:
		act.LeaderOwns = true
	}
	return nil
}

// spell gives the words that templates may name: the answers as their labels, and what the desk knows.
func spell(a who.Actor, b bench, d procedure.Decision) map[string]string {
	values := map[string]string{}
	maps.Copy(values, d.Answers)
	for _, f := range b.campaign.Procedure.Fields {
		switch {
		case d.Answers[f.ID] == "":
		case f.Type == "choice" || f.Type == "check":
			var labels []string
			for _, part := range strings.Split(d.Answers[f.ID], ",") {
				for _, o := range f.Options {
					if o.ID == part {
						labels = append(labels, o.Label.In("id"))
						break
					}
				}
			}
			values[f.ID] = strings.Join(labels, ", ")
		case f.Type == "time":
			if at, ok := parseMoment(d.Answers[f.ID], b.turn.ClaimedAt, b.zone); ok {
				values[f.ID] = at.Format("02-01-2006 15.04") + " " + ZoneName(b.zone)
			}
		}
	}
	set := func(name, value string) {
		if values[name] == "" {
			values[name] = value
		}
	}
	set("service_no", b.ticket.ServiceNo)
	set("ticket_no", b.numberOf())
	set("ref", b.ticket.Ref)
	set("customer", b.ticket.ContactName)
	set("contact_name", b.ticket.ContactName)
	set("agent", a.Login)
	set("agent_name", a.Name)
	set("skill", a.Skill)
	set("phone", dialled(b).Print())
	set("note", b.ticket.Note)
	if n := len(b.attempts); n > 0 {
		last := b.attempts[n-1]
		set("call_at", last.DialledAt.In(b.zone).Format("02-01-2006 15.04")+" "+ZoneName(b.zone))
		set("line", string(last.Line))
	}
	return values
}
