package desk

import (
	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/form"
	"sapa/internal/journal"
	"sapa/internal/outbox"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// Undo takes a finish back within 8 s: the ticket is the agent's again with its answers, and nothing has left the house
// (decisions.md 6). Once the next call is dialled, somebody else holds the customer, or something was built on it, it is
// Conflict: then it is a correction with a reason.
func (s *Seat) Undo(tx *db.Tx, a who.Actor, id db.ID) error {
	turn, err := ticket.LastFinished(tx, id, db.ID(a.ID))
	if err != nil {
		return err
	}
	if tx.Now.After(turn.FinishedAt.Add(UndoFor)) {
		return fault.New(fault.Conflict, "desk.undo-late")
	}
	if err := s.putDownNext(tx, a, id); err != nil {
		return err
	}
	if err := outbox.Withdraw(tx, a, turn.ID); err != nil {
		return err
	}
	if err := s.withdraw(tx, a, turn); err != nil {
		return err
	}
	if err := form.Unfile(tx, a, turn.ID); err != nil {
		return err
	}
	if _, err := ticket.Unsettle(tx, a, turn.ID); err != nil {
		return err
	}
	if err := unlearn(tx, a, turn); err != nil {
		return err
	}
	_, err = journal.Write(tx, journal.Entry{By: a, Act: "turn.undone", Kind: "turn", Ref: turn.ID, Ticket: id})
	s.tellAfter(tx, db.ID(a.ID), "undone", id)
	s.tellBoard(tx)
	return err
}

// withdraw takes back what the finish did to trouble tickets; rows that left work because one had ended come back.
func (s *Seat) withdraw(tx *db.Tx, a who.Actor, turn ticket.Turn) error {
	changes, err := trouble.Withdraw(tx, a, turn.ID)
	if err != nil {
		return err
	}
	for _, c := range changes {
		if c.Before.Open() || !c.After.Open() {
			continue
		}
		subjects, err := s.subjectsOf(tx, c.After)
		if err != nil {
			return err
		}
		for subject := range subjects {
			if err := ticket.BackBySystem(tx, subject, c.After.No, ended, turn.FinishedAt); err != nil {
				return err
			}
		}
	}
	return nil
}

// putDownNext gives back the ticket that save-and-next has claimed meanwhile, unless its call has been dialled.
func (s *Seat) putDownNext(tx *db.Tx, a who.Actor, undone db.ID) error {
	next, lease, held, err := ticket.Held(tx, db.ID(a.ID))
	if err != nil || !held || next.ID == undone {
		return err
	}
	turn, err := ticket.TurnOf(tx, next.ID)
	if err != nil {
		return err
	}
	attempts, err := call.OfTurn(tx, turn.ID)
	if err != nil {
		return err
	}
	if len(attempts) > 0 {
		return fault.New(fault.Conflict, "desk.undo-dialled")
	}
	return ticket.Release(tx, a, next.ID, lease.Token, "undo")
}
