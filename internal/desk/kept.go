package desk

import (
	"fmt"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// mostDrafts is how many kept drafts of a campaign are listed, and how many one act moves.
const mostDrafts = 200

// KeptDraft is what a given-back ticket keeps, answered under an earlier revision than the one in force.
type KeptDraft struct {
	Ticket ticket.Ticket
	Turn   ticket.Turn
	Moving Moving // what moving it does; only From and To when it cannot be moved
	Why    error  // why it cannot; nil when it can
}

// KeptDrafts lists the kept drafts that are an actor's to move, campaign by campaign, the longest left first; more: there are others.
// One from a later revision than the one in force is not among them: its revision was recalled, and nobody begins under that.
func (s *Seat) KeptDrafts(tx *db.Tx, a who.Actor) (all []KeptDraft, more bool, err error) {
	if err := staff.May(a, staff.ActMoveDrafts); err != nil {
		return nil, false, err
	}
	campaigns, err := s.Campaigns.All(tx)
	if err != nil {
		return nil, false, err
	}
	for _, now := range campaigns {
		turns, err := ticket.KeptDrafts(tx, now.Code, now.Revision.Revision, mostDrafts+1)
		if err != nil {
			return nil, false, err
		}
		more = more || len(turns) > mostDrafts
		for _, t := range turns[:min(len(turns), mostDrafts)] {
			if t.Revision > now.Revision.Revision {
				continue
			}
			k, theirs, err := s.kept(tx, a, t)
			if err != nil {
				return nil, false, err
			}
			if theirs {
				k.Moving.To = now.Revision.Revision
				all = append(all, k)
			}
		}
	}
	return all, more, nil
}

// kept works out what moving a kept draft does; false when its ticket is not the actor's to see.
func (s *Seat) kept(tx *db.Tx, a who.Actor, t ticket.Turn) (k KeptDraft, theirs bool, err error) {
	k.Turn = t
	if k.Ticket, err = ticket.Seen(tx, staff.ScopeOf(a), t.Ticket); err != nil {
		if fault.Is(err, fault.Missing) {
			err = nil
		}
		return k, false, err
	}
	b, err := s.layTurn(tx, k.Ticket, t) // there is no call, only what was answered
	if err != nil {
		return k, true, err
	}
	m, err := s.moving(tx, b)
	if f := fault.Of(err); f != nil && f.Kind == fault.Conflict {
		k.Moving, k.Why = Moving{From: t.Revision, Draft: t.Draft}, err
		return k, true, nil
	}
	k.Moving = m
	return k, true, err
}

// MoveDraft moves what one given-back ticket keeps to the revision in force, as it was shown: Conflict "desk.kept-changed" when the
// draft is another version than the one given, or another revision than to is in force; "desk.kept-gone" when nothing is kept any more.
func (s *Seat) MoveDraft(tx *db.Tx, a who.Actor, id db.ID, draft int64, to int) (KeptDraft, error) {
	if err := staff.May(a, staff.ActMoveDrafts); err != nil {
		return KeptDraft{}, err
	}
	of, err := ticket.Seen(tx, staff.ScopeOf(a), id)
	if err != nil {
		return KeptDraft{}, err
	}
	now, err := s.Campaigns.Get(tx, of.Campaign)
	if err != nil {
		return KeptDraft{}, err
	}
	t, err := ticket.KeptDraft(tx, id, now.Revision.Revision)
	if fault.Is(err, fault.Missing) {
		err = fault.New(fault.Conflict, "desk.kept-gone", "ref", of.Ref).At("draft", now.Procedure.Clause)
	}
	if err != nil {
		return KeptDraft{}, err
	}
	if t.Draft != draft || now.Revision.Revision != to {
		return KeptDraft{}, fault.New(fault.Conflict, "desk.kept-changed", "ref", of.Ref, "to", fmt.Sprintf("%02d", now.Revision.Revision)).At("draft", now.Procedure.Clause)
	}
	k, _, err := s.kept(tx, a, t)
	if err == nil {
		err = k.Why
	}
	if err != nil {
		return k, err
	}
	return k, ticket.MoveTurn(tx, a, t, k.Moving.pin(), k.Moving.Answers)
}

// MovedDrafts is what became of a campaign's kept drafts.
type MovedDrafts struct {
	To    int // the revision in force
	Moved []db.ID
	Left  map[string]int // why some were left where they are, by phrase key
	More  bool           // there are more than one act moves
}

// MoveDrafts moves the answers that given-back tickets of a campaign keep to the revision in force, each by the mapping. What
// no mapping covers stays on its revision and is counted.
func (s *Seat) MoveDrafts(tx *db.Tx, a who.Actor, code string) (MovedDrafts, error) {
	out := MovedDrafts{Moved: []db.ID{}, Left: map[string]int{}}
	if err := staff.May(a, staff.ActMoveDrafts); err != nil {
		return out, err
	}
	now, err := s.Campaigns.Get(tx, code)
	if err != nil {
		return out, err
	}
	out.To = now.Revision.Revision
	turns, err := ticket.KeptDrafts(tx, code, out.To, mostDrafts+1)
	if err != nil {
		return out, err
	}
	out.More = len(turns) > mostDrafts
	for _, t := range turns[:min(len(turns), mostDrafts)] {
		k, theirs, err := s.kept(tx, a, t)
		if err != nil {
			return out, err
		}
		if !theirs {
			continue
		}
		if f := fault.Of(k.Why); f != nil {
			out.Left[f.Key]++
			continue
		}
		if err := ticket.MoveTurn(tx, a, t, k.Moving.pin(), k.Moving.Answers); err != nil {
			return out, err
		}
		out.Moved = append(out.Moved, t.Ticket)
	}
	return out, nil
}
