package desk

import (
	"maps"
	"slices"

	"sapa/internal/call"
	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/procedure"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// One customer, one call (decision 0010): while the agent speaks with somebody who decides, other open tickets of the same
// customer may be taken along. Each is a turn of its own under its own campaign's procedure; the call is the leading turn's.

// ofTheCall are the answers that one call has once: who answered, and who decides. A turn that goes along has the leading
// turn's, and nobody is asked again.
var ofTheCall = []string{"receiver", "decider_name", "decider_relation", "other_contact"}

// learned are the answers that speak for every ticket of the same customer until somebody says otherwise: the agreed time,
// and for the same service the details that were confirmed (SOP 5.2.8.data).
var learned = []string{"call_again_at"}
var learnedOfService = []string{"data_check"}

// share puts the call's own answers into the bench of a turn that goes along, and lays what was learned under its draft.
func (b *bench) share(lead procedure.Answers, sameService bool) {
	p := b.campaign.Procedure
	b.given = procedure.Answers{}
	for _, id := range ofTheCall {
		delete(b.stored, id)
		if p.Field(id) != nil && lead[id] != "" {
			b.stored[id], b.given[id] = lead[id], lead[id]
		}
	}
	lend := learned
	if sameService {
		lend = slices.Concat(learned, learnedOfService)
	}
	for _, id := range lend {
		if p.Field(id) != nil && b.stored[id] == "" && lead[id] != "" {
			b.stored[id] = lead[id]
		}
	}
}

// own takes out of answers what is the call's and not this turn's.
func own(answers procedure.Answers) procedure.Answers {
	mine := answers.Copy()
	for _, id := range ofTheCall {
		delete(mine, id)
	}
	return mine
}

// fits refuses answers of a turn that goes along which say of the call what the leading turn says otherwise.
func (b bench) fits(in map[string]string) error {
	for _, id := range ofTheCall {
		f := b.campaign.Procedure.Field(id)
		if f != nil && in[id] != "" && in[id] != b.given[id] {
			return fault.New(fault.Invalid, "desk.along-differs", "label", f.Label).At(id, f.Clause())
		}
	}
	return nil
}

// reached tells whether the call has reached somebody who decides (SOP 5.2.8.who).
func reached(line, receiver string) bool {
	return procedure.Meaning(line, receiver) == "reached-decider"
}

// Along takes another open ticket of the customer on the line into this call and gives its turn. Its note counts as read:
// it is shown in full when it is taken. Twice is once.
func (s *Seat) Along(tx *db.Tx, a who.Actor, id db.ID, token string, other db.ID) (Turn, error) {
	if err := staff.May(a, staff.ActWork); err != nil {
		return Turn{}, err
	}
	held, err := ticket.Fence(tx, id, db.ID(a.ID), token)
	if err != nil {
		return Turn{}, err
	}
	lead, err := s.lay(tx, held)
	if err != nil {
		return Turn{}, err
	}
	if !reached(lead.facts["last_line"], lead.stored["receiver"]) {
		return Turn{}, fault.New(fault.Conflict, "desk.along-first").At("receiver", "5.2.8.who")
	}
	t, was, had, err := ticket.TakeAlong(tx, a, held, other)
	if err != nil {
		return Turn{}, err
	}
	if !had {
		if err := s.mayGoAlong(tx, t); err != nil {
			return Turn{}, err
		}
		_, turn, err := s.begin(tx, a, t)
		if err != nil {
			return Turn{}, err
		}
		if err := ticket.GoAlong(tx, turn, lead.turn, was); err != nil {
			return Turn{}, err
		}
		if err := s.Read(tx, a, t.ID, token); err != nil {
			return Turn{}, err
		}
		s.tellBoard(tx)
		s.tellAfter(tx, db.ID(a.ID), "call", id)
	}
	lease, err := s.lease(tx, a)
	if err != nil {
		return Turn{}, err
	}
	return s.hand(tx, t, lease)
}

// mayGoAlong holds a ticket against the rules that a site sets for its campaign: it is worked here, and its customers may be
// called at this hour. The leader's mix is no wall: it says whom an agent is handed, not what the customer on the
// line may bring up.
func (s *Seat) mayGoAlong(tx *db.Tx, t ticket.Ticket) error {
	c, err := s.Campaigns.Get(tx, t.Campaign)
	switch {
	case err != nil:
		return err
	case !c.Built:
		return fault.New(fault.Conflict, "desk.along-not-built", "ref", t.Ref).At("ticket", c.Procedure.Clause)
	case !c.Hours.Open(tx.Now, Zone(t.Zone, s.Site)):
		return fault.New(fault.Conflict, "desk.along-hours", "ref", t.Ref, "hours", c.Hours.String()).At("ticket", "A-38")
	}
	return nil
}

// alongs reads the benches of the turns that go along with a call; lead is what the leading turn answers.
func (s *Seat) alongs(tx *db.Tx, lead bench, answers procedure.Answers) ([]bench, error) {
	turns, err := ticket.AlongOf(tx, lead.turn.ID)
	if err != nil {
		return nil, err
	}
	var all []bench
	for _, turn := range turns {
		t, err := ticket.Get(tx, turn.Ticket)
		if err != nil {
			return nil, err
		}
		b, err := s.layWith(tx, t, lead.ticket, answers)
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, nil
}

// Other is another open ticket of the customer in hand.
type Other struct {
	Ticket   ticket.Ticket
	Campaign campaign.Campaign
	Taken    bool         // it goes along with this call
	Why      *fault.Error // it cannot be taken along; nil: it can, or is
}

// Others lists everything else that is open for the customer of a held ticket, in every campaign, and what may be taken along.
func (s *Seat) Others(tx *db.Tx, a who.Actor, held ticket.Ticket, open []ticket.Ticket) ([]Other, error) {
	var all []Other
	for _, t := range open {
		o := Other{Ticket: t, Taken: t.State == ticket.Claimed}
		var err error
		if o.Campaign, err = s.Campaigns.Lately(tx, t.Campaign); err != nil {
			return nil, err
		}
		if !o.Taken {
			if err = t.MayGoAlong(tx, a, held.ID); err == nil {
				err = s.mayGoAlong(tx, t)
			}
			if o.Why = fault.Of(err); err != nil && o.Why == nil {
				return nil, err
			}
		}
		all = append(all, o)
	}
	return all, nil
}

// ofTicket says which ticket of a call a refusal is about.
func ofTicket(err error, t ticket.Ticket) error {
	f := fault.Of(err)
	if f == nil {
		return err
	}
	named := *f
	named.Values = maps.Clone(f.Values)
	if named.Values == nil {
		named.Values = map[string]any{}
	}
	named.Values[InTicket] = t.ID.String()
	return &named
}

// InThe says which ticket of a call a refusal is about, by its id.
func InThe(err error, id db.ID) error { return ofTicket(err, ticket.Ticket{ID: id}) }

// Reached tells whether the call has reached somebody who decides, so that other tickets may go along.
func (t Turn) Reached() bool { return reached(t.facts["last_line"], t.Answers["receiver"]) }

// InTicket names, in the values of a refusal, the ticket of the call that it is about.
const InTicket = "in_ticket"

// FinishCall is Finish for a whole call: the held ticket and all that was taken along are decided together and stored in
// this one transaction, all or none. A refusal names the ticket, the field and the clause. along has the last answers of
// each ticket that goes along; one that is not named is decided from its draft.
func (s *Seat) FinishCall(tx *db.Tx, a who.Actor, id db.ID, token string, in map[string]string, along map[db.ID]map[string]string) (Receipt, error) {
	t, err := ticket.Fence(tx, id, db.ID(a.ID), token)
	if err != nil {
		return Receipt{}, err
	}
	if err := s.notInCall(tx, a); err != nil {
		return Receipt{}, err
	}
	lead, err := s.lay(tx, t)
	if err != nil {
		return Receipt{}, err
	}
	first, err := s.decide(tx, lead, in)
	if err != nil {
		return Receipt{}, err
	}
	others, err := s.alongs(tx, lead, first.Answers)
	if err != nil {
		return Receipt{}, err
	}
	left := maps.Clone(along)
	for _, b := range others {
		delete(left, b.ticket.ID)
	}
	for stray := range left {
		return Receipt{}, fault.New(fault.Conflict, "desk.not-along", InTicket, stray.String()).At("along", "")
	}
	if len(others) > 0 && !slices.Contains(first.Means, "reached-decider") {
		return Receipt{}, ofTicket(fault.New(fault.Conflict, "desk.along-not-decider", "n", len(others)).At("receiver", "5.2.8.who"), t)
	}
	decisions := make([]procedure.Decision, len(others))
	for i, b := range others {
		if err := b.fits(along[b.ticket.ID]); err != nil {
			return Receipt{}, ofTicket(err, b.ticket)
		}
		if decisions[i], err = s.decide(tx, b, along[b.ticket.ID]); err != nil {
			return Receipt{}, ofTicket(err, b.ticket)
		}
	}
	receipt, err := s.settle(tx, a, lead, first, func(act ticket.Settlement) (ticket.Ticket, error) { return ticket.Settle(tx, a, id, token, act) })
	if err != nil {
		return Receipt{}, err
	}
	for i, b := range others { // one after the other: what the first ends is not taken from the others, they are in hand
		one, err := s.settle(tx, a, b, decisions[i], func(act ticket.Settlement) (ticket.Ticket, error) {
			return ticket.SettleAlong(tx, a, b.ticket.ID, act)
		})
		if err != nil {
			return Receipt{}, ofTicket(err, b.ticket)
		}
		receipt.Along = append(receipt.Along, one)
	}
	s.tellBoard(tx)
	return receipt, nil
}

// called gives the attempts of a turn's call: its own, or those of the turn it goes along with.
func called(tx *db.Tx, turn ticket.Turn) ([]call.Attempt, error) { return call.OfTurn(tx, turn.Call()) }
