package control

import (
	"strings"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/staff"
	"sapa/internal/who"
)

// onThing is for each kind of thing that may be held: the hold l keeps the thing x. It is the purge's own condition, asked of one hold, so
// that a mark never says anything else than the purge does.
var onThing = map[string]string{
	document.HoldTicket:  `ticket x ON ` + oneHold(heldTicket("x")),
	document.HoldTrouble: `trouble x ON ` + oneHold(heldTrouble("x")),
	document.HoldCustomer: `customer x ON (l.kind = 'customer' AND l.ref = x.id
		OR l.kind = 'service' AND EXISTS (SELECT 1 FROM service xs WHERE xs.customer = x.id AND xs.no = l.service_no))`,
}

func oneHold(condition string) string { return strings.ReplaceAll(condition, holds, `h.id = l.id`) }

// HoldsOn lists the holds that keep each of some things of a kind (HoldCustomer, HoldTicket, HoldTrouble) out of every purge now, the
// oldest first. Who may not see the register sees none: whether something is held is not for everybody.
func HoldsOn(tx *db.Tx, by who.Actor, kind string, things ...db.ID) (map[db.ID][]Named, error) {
	on := map[db.ID][]Named{}
	if staff.May(by, staff.ActReadRecords) != nil {
		return on, nil
	}
	query, known := onThing[kind]
	if !known {
		return nil, fault.New(fault.Invalid, "records.hold-what").At("kind", "6")
	}
	for _, thing := range things {
		var ids []db.ID
		err := tx.Each(`SELECT l.id FROM legal_hold l JOIN `+query+` WHERE x.id = $1 AND l.lifted_at = 0 ORDER BY l.id`, []any{thing}, func(s db.Scanner) error {
			var id db.ID
			err := s.Scan(&id)
			ids = append(ids, id)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			h, err := document.LegalHoldOf(tx, id)
			if err != nil {
				return nil, err
			}
			n, err := named(tx, h)
			if err != nil {
				return nil, err
			}
			on[thing] = append(on[thing], n)
		}
	}
	return on, nil
}
