package desk

import (
	"slices"
	"time"

	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// Longest is the queue in which somebody has waited longest.
type Longest struct {
	Campaign campaign.Campaign
	Waiting  int // how many wait in it
	Oldest   time.Time
	pools    []string
}

// Longest finds, outside the campaigns that the leader gave an agent, the queue to offer when nothing of their own may be
// called (ux.md 7); false when their own has something, or nothing waits elsewhere either.
func (s *Seat) Longest(tx *db.Tx, a who.Actor) (Longest, bool, error) {
	queues, err := s.elsewhere(tx, a)
	if err != nil || len(queues) == 0 {
		return Longest{}, false, err
	}
	own, err := s.pools(tx, a, nil)
	if err != nil {
		return Longest{}, false, err
	}
	oldest, err := ticket.Oldest(tx, db.ID(a.ID), own)
	if err != nil || !oldest.IsZero() {
		return Longest{}, false, err
	}
	counts, err := ticket.Counts(tx)
	first := queues[0]
	first.Waiting = max(counts[first.Campaign.Code].Waiting, 1)
	return first, err == nil, err
}

// Help hands the agent one ticket of the longest queue outside their campaigns; what comes after it is their own again. It
// is no way around the leader's mix: while anything of their own may be called, they get that. The journal keeps it, and
// the leader sees who works outside their mix.
func (s *Seat) Help(tx *db.Tx, a who.Actor) (Turn, error) {
	own, err := s.Next(tx, a, nil)
	if f := fault.Of(err); f == nil || f.Key != "ticket.nothing-waiting" {
		return own, err
	}
	queues, err := s.elsewhere(tx, a)
	if err != nil {
		return Turn{}, err
	}
	for _, q := range queues {
		t, lease, err := ticket.Claim(tx, db.ID(a.ID), q.pools)
		if fault.Is(err, fault.Missing) { // somebody took it since; the next queue may have one
			continue
		}
		if err != nil {
			return Turn{}, err
		}
		if t, _, err = s.begin(tx, a, t); err != nil {
			return Turn{}, err
		}
		if _, err := journal.Write(tx, journal.Entry{By: a, Act: "queue.helped", Kind: "ticket", Ref: t.ID, Ticket: t.ID, Data: map[string]string{"campaign": t.Campaign}}); err != nil {
			return Turn{}, err
		}
		s.tellBoard(tx)
		return s.show(tx, a, t, lease)
	}
	return Turn{}, fault.New(fault.Missing, "ticket.nothing-waiting")
}

// elsewhere lists the queues outside an agent's campaigns that have a ticket for them now, the longest waiting first. An
// agent without a mix works all campaigns: nothing is elsewhere.
func (s *Seat) elsewhere(tx *db.Tx, a who.Actor) ([]Longest, error) {
	mix, err := staff.CampaignsOf(tx, db.ID(a.ID))
	if err != nil || len(mix) == 0 {
		return nil, err
	}
	all, err := s.Campaigns.All(tx)
	if err != nil {
		return nil, err
	}
	var queues []Longest
	for _, c := range all {
		if !c.Built || slices.Contains(mix, c.Code) {
			continue
		}
		q := Longest{Campaign: c}
		zones, err := ticket.Zones(tx, c.Code)
		if err != nil {
			return nil, err
		}
		for _, zone := range zones {
			if c.Hours.Open(tx.Now, Zone(zone, s.Site)) {
				q.pools = append(q.pools, ticket.Pool(c.Code, zone))
			}
		}
		if q.Oldest, err = ticket.Oldest(tx, db.ID(a.ID), q.pools); err != nil {
			return nil, err
		}
		if !q.Oldest.IsZero() {
			queues = append(queues, q)
		}
	}
	slices.SortStableFunc(queues, func(a, b Longest) int { return a.Oldest.Compare(b.Oldest) })
	return queues, nil
}
