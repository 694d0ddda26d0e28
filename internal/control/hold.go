package control

import (
	"strings"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/phone"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// Hold puts a legal hold on what somebody names by its own number: a customer by NCLI, service number or id, a service by its number, a
// ticket by ref or id, a trouble ticket by number (SOP 6). It is never guessed: several that fit are refused.
func Hold(tx *db.Tx, by who.Actor, kind, named, reason string) (document.LegalHold, error) {
	h := document.LegalHold{Kind: kind, Reason: reason}
	named = strings.TrimSpace(named)
	bad := func(key string) error {
		return fault.New(fault.Invalid, key, "value", named).At("ref", "6")
	}
	var found []db.ID
	var err error
	switch kind {
	case document.HoldCustomer:
		found, err = customers(tx, named)
	case document.HoldTicket:
		found, err = tickets(tx, named)
	case document.HoldTrouble:
		var t trouble.Ticket
		if t, err = trouble.ByNo(tx, strings.ToUpper(named)); err == nil {
			found = []db.ID{t.ID}
		}
	case document.HoldService:
		no, _, wrong := phone.ParseService(named)
		if wrong != nil {
			return h, bad("records.hold-none")
		}
		h.ServiceNo = string(no)
		return document.PlaceHold(tx, by, h)
	default:
		return h, fault.New(fault.Invalid, "records.hold-what").At("kind", "6")
	}
	switch {
	case err != nil && !fault.Is(err, fault.Missing):
		return h, err
	case len(found) == 0:
		return h, bad("records.hold-none")
	case len(found) > 1:
		return h, bad("records.hold-several")
	}
	h.Ref = found[0]
	return document.PlaceHold(tx, by, h)
}

func customers(tx *db.Tx, named string) (ids []db.ID, err error) {
	all, err := customer.Find(tx, named)
	for _, c := range all {
		ids = append(ids, c.ID)
	}
	if id, wrong := db.ParseID(named); err == nil && len(ids) == 0 && wrong == nil {
		c, err := customer.Get(tx, id)
		return []db.ID{c.ID}, err
	}
	return ids, err
}

func tickets(tx *db.Tx, named string) (ids []db.ID, err error) {
	err = tx.Each(`SELECT t.id FROM pool p JOIN ticket t ON t.campaign = p.campaign AND t.ref = $1 GROUP BY t.id`, []any{named}, func(s db.Scanner) error {
		var id db.ID
		err := s.Scan(&id)
		ids = append(ids, id)
		return err
	})
	if id, wrong := db.ParseID(named); err == nil && len(ids) == 0 && wrong == nil {
		t, err := ticket.Get(tx, id)
		return []db.ID{t.ID}, err
	}
	return ids, err
}

// Named is a hold as people see it.
type Named struct {
	document.LegalHold
	Label string // number of what is held, the customer's id; nothing about a person
}

// Holds lists holds with what they hold, those that hold first.
func Holds(tx *db.Tx, limit int) ([]Named, error) {
	all, err := document.LegalHolds(tx, limit)
	if err != nil {
		return nil, err
	}
	list := make([]Named, len(all))
	for i, h := range all {
		if list[i], err = named(tx, h); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// named finds the number of what a hold holds.
func named(tx *db.Tx, h document.LegalHold) (Named, error) {
	n := Named{h, h.Ref.String()}
	var missing error
	switch h.Kind {
	case document.HoldService:
		n.Label = h.ServiceNo
	case document.HoldTicket:
		var t ticket.Ticket
		if t, missing = ticket.Get(tx, h.Ref); missing == nil {
			n.Label = t.Ref
		}
	case document.HoldTrouble:
		var t trouble.Ticket
		if t, missing = trouble.Get(tx, h.Ref); missing == nil {
			n.Label = t.No
		}
	case document.HoldCustomer:
		var c customer.Customer
		if c, missing = customer.Get(tx, h.Ref); missing == nil && c.NCLI != "" {
			n.Label = "NCLI " + customer.MaskDigits(c.NCLI)
		}
	}
	return n, except(missing)
}

// except: what is held may have gone before it was.
func except(err error) error {
	if fault.Is(err, fault.Missing) {
		return nil
	}
	return err
}
