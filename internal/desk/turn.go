package desk

import (
	"slices"
	"time"

	"sapa/internal/call"
	"sapa/internal/campaign"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/phone"
	"sapa/internal/procedure"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// Turn is all one screen needs from claim to finish.
type Turn struct {
	Ticket    ticket.Ticket
	Lease     ticket.Lease
	TurnID    db.ID
	Campaign  campaign.Campaign // with the pinned procedure and its revision
	View      procedure.View
	Answers   map[string]string // the settled draft
	Draft     int64             // its version
	Attempts  []call.Attempt    // of this turn, oldest first
	Live      *call.Attempt     // the call going on, if one is
	Customer  *customer.Customer
	Services  []customer.Service
	Readings  []customer.Reading // what outside systems were asked about the customer, and how it went
	History   []Event            // of this subject in every campaign, newest first
	Siblings  []ticket.Ticket    // its other open tickets: one customer, one call
	Others    []Other            // the same, with what may be taken along
	ReadAt    time.Time          // zero: the note has not been read, nobody may dial
	Zone      *time.Location     // the customer's
	Greeting  string             // pagi, siang, sore, malam there
	HoursOpen bool               // the customer may be called now
	Now       time.Time
	RetryAt   time.Time         // when the queue would call again after a call that reached nobody; zero: the leader decides
	Outage    *Outage           // the mass outage the customer's service stands in; nil: none
	Lead      db.ID             // the turn whose call this one shares; 0: it has its own
	Given     map[string]string // of one that goes along: what its call says already, so that nobody asks
	Newer     *Moving           // a later revision is in force, and what moving to it would do; nil: none, or no mapping leads there
	Along     []Turn            // the turns that go along with this one's call, as they were taken
	facts     procedure.Facts
	known     procedure.Answers // what the desk has without asking
}

// Event is one thing that happened with a subject before.
type Event struct {
	At       time.Time
	Kind     string // turn
	Campaign string
	Ref      string
	Outcome  procedure.Text // its title under the revision it was made with
	Clause   string         // the outcome's, in that revision
	Revision int
	Labels   []string // the levels chosen, as the campaign calls them
	Remarks  string
	Agent    db.ID
	Line     call.Line
	TalkS    int
}

func (s *Seat) show(tx *db.Tx, a who.Actor, t ticket.Ticket, lease ticket.Lease) (Turn, error) {
	b, err := s.lay(tx, t)
	if err != nil {
		return Turn{}, err
	}
	return s.dress(tx, a, b, lease, b.campaign.Procedure.View(b.facts, b.stored))
}

// hand gives a turn without what the screen shows beside it.
func (s *Seat) hand(tx *db.Tx, t ticket.Ticket, lease ticket.Lease) (Turn, error) {
	b, err := s.lay(tx, t)
	if err != nil {
		return Turn{}, err
	}
	return bare(tx, b, lease, b.campaign.Procedure.View(b.facts, b.stored)), nil
}

// bare is a bench with its procedure.
func bare(tx *db.Tx, b bench, lease ticket.Lease, view procedure.View) Turn {
	turn := Turn{Ticket: b.ticket, Lease: lease, TurnID: b.turn.ID, Campaign: b.campaign, View: view, Answers: view.Answers,
		Draft: b.turn.Draft, Attempts: b.attempts, ReadAt: b.turn.ReadAt, Zone: b.zone,
		Greeting: Greeting(tx.Now, b.zone), HoursOpen: b.facts["hours"] == "in", Now: tx.Now, Outage: b.outage, facts: b.facts,
		known: known(b.campaign.Procedure, b), Lead: b.turn.Lead, Given: b.given}
	if i := slices.IndexFunc(b.attempts, call.Attempt.Live); i >= 0 {
		turn.Live = &b.attempts[i]
	}
	return turn
}

// dress adds to a bench what the screen shows beside the procedure.
func (s *Seat) dress(tx *db.Tx, a who.Actor, b bench, lease ticket.Lease, view procedure.View) (Turn, error) {
	turn := bare(tx, b, lease, view)
	along, err := s.alongs(tx, b, b.stored)
	if err != nil {
		return turn, err
	}
	for _, one := range along {
		turn.Along = append(turn.Along, bare(tx, one, lease, one.campaign.Procedure.View(one.facts, one.stored)))
	}
	if c, services, err := customer.OfTicket(tx, b.ticket.Customer, b.ticket.ServiceNo); err == nil {
		turn.Customer, turn.Services = &c, services
	} else if !fault.Is(err, fault.Missing) {
		return turn, err
	}
	var whose db.ID
	if turn.Customer != nil {
		whose = turn.Customer.ID
	}
	if turn.Readings, err = customer.Readings(tx, customer.SubjectOf(whose, b.ticket.ServiceNo)); err != nil {
		return turn, err
	}
	var again ticket.Settlement
	if err = s.retry(tx, b, &again); err != nil {
		return turn, err
	}
	turn.RetryAt = again.AgainAt
	if turn.Siblings, err = ticket.OpenOfSubject(tx, b.ticket.Subject, b.ticket.ID); err != nil {
		return turn, err
	}
	if turn.Newer, err = s.newer(tx, b); err != nil {
		return turn, err
	}
	if turn.Others, err = s.Others(tx, a, b.ticket, turn.Siblings); err != nil {
		return turn, err
	}
	turn.History, err = s.history(tx, b.ticket.Subject)
	return turn, err
}

// history lists the last finished turns of a subject, in every campaign.
func (s *Seat) history(tx *db.Tx, subject string) ([]Event, error) {
	turns, err := ticket.TurnsOfSubject(tx, subject, 12)
	if err != nil {
		return nil, err
	}
	events := make([]Event, 0, len(turns))
	for _, past := range turns {
		e := Event{At: past.FinishedAt, Kind: "turn", Campaign: past.Code, Ref: past.Ref, Agent: past.Agent}
		if c, err := s.Campaigns.Pinned(tx, past.Code, past.Revision); err == nil {
			e.Remarks = c.Procedure.Remarks(past.Answers)
			e.Outcome, e.Clause, e.Revision = outcomeTitle(c.Procedure, past.Outcome), outcomeClause(c.Procedure, past.Outcome), past.Revision
			e.Labels = Labels(c.Procedure, past.Answers)
		}
		attempts, err := called(tx, past)
		if err != nil {
			return nil, err
		}
		for _, at := range attempts {
			e.Line, e.TalkS = at.Line, e.TalkS+at.TalkS
		}
		events = append(events, e)
	}
	return events, nil
}

func outcomeTitle(p *procedure.Procedure, id string) procedure.Text {
	for _, o := range p.Outcomes {
		if o.ID == id {
			return o.Title
		}
	}
	return procedure.Text{ID: id, EN: id}
}

func outcomeClause(p *procedure.Procedure, id string) string {
	for _, o := range p.Outcomes {
		if o.ID == id {
			return o.Clause()
		}
	}
	return ""
}

// Labels gives the chosen options of the choice fields of the result, in order, as the campaign calls them.
func Labels(p *procedure.Procedure, answers map[string]string) []string {
	var labels []string
	for _, f := range p.Fields {
		if f.Type != "choice" || f.ID == "receiver" || answers[f.ID] == "" {
			continue
		}
		for _, o := range f.Options {
			if o.ID == answers[f.ID] {
				labels = append(labels, o.Label.In("id"))
				break
			}
		}
	}
	return labels
}

// Reveal shows a masked number for 15 seconds to somebody who may see it, and keeps that they looked (trust: access log).
func (s *Seat) Reveal(tx *db.Tx, a who.Actor, id db.ID) (phone.Number, error) {
	if err := staff.May(a, staff.ActReveal); err != nil {
		return "", err
	}
	t, err := ticket.Seen(tx, staff.ScopeOf(a), id)
	if err != nil {
		return "", err
	}
	_, err = journal.Write(tx, journal.Entry{By: a, Act: "number.revealed", Kind: "ticket", Ref: t.ID, Ticket: t.ID})
	return t.Contact, err
}
