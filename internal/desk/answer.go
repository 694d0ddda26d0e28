package desk

import (
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// Answer keeps answers in the draft as they are given, field by field, and returns what is asked now. Values outside the
// tree, or against what the line said, are refused with field and clause; answers that a changed parent made stale are
// dropped. version is the draft's version the page has seen, 0 to accept any; an older one is Conflict "desk.draft-stale".
func (s *Seat) Answer(tx *db.Tx, a who.Actor, id db.ID, token string, in map[string]string, version int64) (Turn, error) {
	t, err := ticket.Hand(tx, id, db.ID(a.ID), token)
	if err != nil {
		return Turn{}, err
	}
	b, err := s.lay(tx, t)
	if err != nil {
		return Turn{}, err
	}
	if version != 0 && version != b.turn.Draft {
		return Turn{}, fault.New(fault.Conflict, "desk.draft-stale")
	}
	if err := b.fits(in); err != nil && b.given != nil {
		return Turn{}, err
	}
	p := b.campaign.Procedure
	settled, view, err := p.Put(b.facts, b.stored, plain(in, p, tx.Now, b.zone), checks(tx.Now, b))
	if err != nil {
		return Turn{}, err
	}
	keep := settled
	if b.turn.Lead != 0 {
		keep = own(settled)
	}
	if b.turn.Draft, err = ticket.KeepDraft(tx, b.turn.ID, b.turn.Draft, keep); err != nil {
		return Turn{}, err
	}
	b.turn.Answers = settled
	lease, err := s.lease(tx, a)
	if err != nil {
		return Turn{}, err
	}
	return s.dress(tx, a, b, lease, view)
}
