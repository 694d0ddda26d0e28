package desk

import (
	"fmt"
	"slices"

	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/procedure"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// Moving is what moving open work to the revision in force would do, or has done.
type Moving struct {
	From, To int // revisions of the document
	Changes  []procedure.Moved
	Answers  map[string]string // as they are under To
	Draft    int64             // the version of the draft it was worked out for
	to       campaign.Campaign
}

// Lost tells how many answers are dropped.
func (m Moving) Lost() (n int) {
	for _, c := range m.Changes {
		if c.What == "dropped" {
			n++
		}
	}
	return n
}

// Procedure is the campaign's under the revision in force.
func (m Moving) Procedure() *procedure.Procedure { return m.to.Procedure }

// Moving works out what becomes of the answers of the turn in hand when it moves from its revision to the one in force
// (decisions.md 5: open work stays where it began and moves only on purpose). Nothing is changed.
func (s *Seat) Moving(tx *db.Tx, a who.Actor, id db.ID) (Moving, error) {
	t, _, held, err := ticket.Held(tx, db.ID(a.ID))
	if err == nil && (!held || t.ID != id) {
		err = fault.New(fault.Conflict, "ticket.lease-lost")
	}
	if err != nil {
		return Moving{}, err
	}
	b, err := s.lay(tx, t)
	if err != nil {
		return Moving{}, err
	}
	return s.moving(tx, b)
}

// MoveOn does it: the turn is pinned to the revision in force with the answers that fit there; its old pin and answers are kept.
func (s *Seat) MoveOn(tx *db.Tx, a who.Actor, id db.ID, token string, draft int64) (Turn, error) {
	t, err := ticket.Hand(tx, id, db.ID(a.ID), token)
	if err != nil {
		return Turn{}, err
	}
	b, err := s.lay(tx, t)
	if err != nil {
		return Turn{}, err
	}
	m, err := s.moving(tx, b)
	if err != nil {
		return Turn{}, err
	}
	if draft != 0 && draft != m.Draft {
		return Turn{}, fault.New(fault.Conflict, "desk.draft-stale")
	}
	if err := ticket.MoveTurn(tx, a, b.turn, m.pin(), m.Answers); err != nil {
		return Turn{}, err
	}
	lease, err := s.lease(tx, a)
	if err != nil {
		return Turn{}, err
	}
	return s.show(tx, a, b.ticket, lease)
}

func (m Moving) pin() ticket.Pin {
	return ticket.Pin{Code: m.to.Code, Revision: m.to.Revision.Revision, Hash: m.to.Revision.Hash}
}

// moving follows the mappings from the turn's revision to the one in force, and settles what they leave under its facts.
func (s *Seat) moving(tx *db.Tx, b bench) (Moving, error) {
	m := Moving{From: b.turn.Revision, Draft: b.turn.Draft, Answers: b.turn.Answers}
	along, err := ticket.AlongOf(tx, b.turn.ID)
	switch {
	case err != nil:
		return m, err
	case b.turn.Lead != 0 || len(along) > 0: // their answers are one call's
		return m, fault.New(fault.Conflict, "desk.move-along")
	}
	way, err := s.way(tx, b.turn.Code, b.turn.Revision)
	if err != nil {
		return m, err
	}
	m.to = way[len(way)-1]
	m.To = m.to.Revision.Revision
	b.campaign = m.to
	if b.facts, err = s.facts(tx, b); err != nil {
		return m, err
	}
	m.follow(way)
	view := m.to.Procedure.View(b.facts, m.Answers)
	for i, c := range m.Changes {
		if c.To != "" && view.Answers[c.To] == "" { // not asked any more after the choices before it
			m.Changes[i].What, m.Changes[i].To, m.Changes[i].ToValue = "dropped", "", ""
			delete(m.Answers, c.To)
		}
	}
	return m, nil
}

// way gives a campaign under each revision from the one given to the one in force; Conflict where no mapping leads on.
func (s *Seat) way(tx *db.Tx, code string, from int) ([]campaign.Campaign, error) {
	now, err := s.Campaigns.Get(tx, code)
	if err != nil {
		return nil, err
	}
	none := func() error {
		return fault.New(fault.Conflict, "desk.no-mapping", "from", fmt.Sprintf("%02d", from), "to", fmt.Sprintf("%02d", now.Revision.Revision)).At("", now.Procedure.Clause)
	}
	if now.Revision.Revision <= from {
		return nil, fault.New(fault.Conflict, "ticket.moved-already", "revision", fmt.Sprintf("%02d", from))
	}
	way := []campaign.Campaign{now}
	for way[0].Revision.Revision > from {
		m := way[0].Revision.Book.Mapping
		if m == nil || m.From < from {
			return nil, none()
		}
		before, err := s.Campaigns.Pinned(tx, code, m.From)
		if err != nil || len(procedure.CheckMapping(before.Revision.Book, way[0].Revision.Book)) > 0 {
			return nil, none()
		}
		way = slices.Insert(way, 0, before)
	}
	return way, nil
}

// follow moves the answers from each revision of the way to the next; what a change comes to in the end is one change.
func (m *Moving) follow(way []campaign.Campaign) {
	for i := 1; i < len(way); i++ {
		answers, moved := way[i].Revision.Book.Mapping.Move(way[i-1].Procedure, way[i].Procedure, m.Answers)
		m.Answers = answers
		if i == 1 {
			m.Changes = moved
			continue
		}
		for _, next := range moved {
			for j, c := range m.Changes {
				if c.To != next.Field || c.What == "dropped" {
					continue
				}
				m.Changes[j].To, m.Changes[j].ToValue, m.Changes[j].Is, m.Changes[j].Ask = next.To, next.ToValue, next.Is, next.Ask
				if next.What != "kept" {
					m.Changes[j].What, m.Changes[j].Clause = next.What, next.Clause
				}
			}
		}
	}
}

// newer gives the revision in force when the turn in hand can be moved to it, and what that would do; false when it runs under
// it, or no mapping leads there.
func (s *Seat) newer(tx *db.Tx, b bench) (*Moving, error) {
	if now, err := s.Campaigns.Get(tx, b.turn.Code); err == nil && now.Revision.Revision <= b.turn.Revision {
		return nil, nil
	}
	m, err := s.moving(tx, b)
	if f := fault.Of(err); f != nil && f.Kind == fault.Conflict || fault.Is(err, fault.Invalid) { // Invalid: the campaign has gone
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &m, nil
}
