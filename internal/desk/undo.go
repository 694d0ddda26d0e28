package desk

import (
	"slices"

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

// Undo takes a finish back within 8 s, the whole call's or nothing, whichever of its tickets is named: the ticket is the agent's again with its answers, and nothing has left the house
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
	call := []ticket.Turn{turn}
	if turn.Lead != 0 {
		if call[0], err = ticket.TurnByID(tx, turn.Lead); err != nil {
			return err
		}
	}
	along, err := ticket.AlongOf(tx, call[0].ID)
	if err != nil {
		return err
	}
	call = append(call, along...)
	if err := s.putDownNext(tx, a, call[0].Ticket); err != nil {
		return err
	}
	for _, t := range call {
		if err := outbox.Withdraw(tx, a, t.ID); err != nil {
			return err
		}
	}
	// The tickets are back in hand before rows that left with a trouble ticket are looked for: none of these is one.
	if _, err := ticket.Unsettle(tx, a, call[0].ID); err != nil {
		return err
	}
	for _, t := range slices.Backward(call) {
		if err := s.withdraw(tx, a, t); err != nil {
			return err
		}
		if err := form.Unfile(tx, a, t.ID); err != nil {
			return err
		}
		if err := unlearn(tx, a, t); err != nil {
			return err
		}
		if _, err := journal.Write(tx, journal.Entry{By: a, Act: "turn.undone", Kind: "turn", Ref: t.ID, Ticket: t.Ticket}); err != nil {
			return err
		}
	}
	s.tellAfter(tx, db.ID(a.ID), "undone", call[0].Ticket)
	s.tellBoard(tx)
	return nil
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
