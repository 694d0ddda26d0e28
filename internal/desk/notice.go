package desk

import (
	"time"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/staff"
	"sapa/internal/who"
)

// PostNotice puts up what people must read before they begin (SOP 5.1), and tells their open screens.
func (s *Seat) PostNotice(tx *db.Tx, a who.Actor, n document.Notice) (document.Notice, error) {
	if err := staff.May(a, staff.ActNotice); err != nil {
		return n, err
	}
	s.tellNotice(tx)
	return document.Post(tx, a, n)
}

// WithdrawNotice ends one before its time.
func (s *Seat) WithdrawNotice(tx *db.Tx, a who.Actor, notice db.ID) error {
	if err := staff.May(a, staff.ActNotice); err != nil {
		return err
	}
	s.tellNotice(tx)
	return document.Withdraw(tx, a, notice)
}

// ReadNotice keeps that somebody has read one; the leader's open page sees it.
func (s *Seat) ReadNotice(tx *db.Tx, a who.Actor, notice db.ID) error {
	if err := staff.May(a, staff.ActReadDocument); err != nil {
		return err
	}
	s.tellNotice(tx)
	return document.MarkRead(tx, a, notice)
}

func (s *Seat) tellNotice(tx *db.Tx) {
	if s.Hub != nil {
		tx.After(func() { s.Hub.Soon("board", "notice") })
	}
}

// Reader is somebody who must read a notice, and when they did; zero: not yet.
type Reader struct {
	Person staff.Person
	ReadAt time.Time
}

// NoticeReaders lists who must read a notice: a leader's own team, for others everybody; those who have not are first.
func (s *Seat) NoticeReaders(tx *db.Tx, a who.Actor, notice db.ID) (all []Reader, unread int, err error) {
	if err := staff.May(a, staff.ActNotice); err != nil {
		return nil, 0, err
	}
	receipts, err := document.Receipts(tx, notice)
	if err != nil {
		return nil, 0, err
	}
	at := map[db.ID]time.Time{}
	for _, r := range receipts {
		at[r.Person] = r.ReadAt
	}
	var people []staff.Person
	if a.Role == who.Leader && a.Team != 0 {
		people, err = staff.Team(tx, db.ID(a.Team))
	} else {
		people, err = staff.All(tx)
	}
	var read []Reader
	for _, p := range people {
		switch {
		case !at[p.ID].IsZero():
			read = append(read, Reader{p, at[p.ID]})
		case !p.Suspended() && p.Role != who.Feed:
			all = append(all, Reader{Person: p})
		}
	}
	return append(all, read...), len(all), err
}
