package desk_test

import (
	"testing"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// SOP 5.3.3: who takes an incident of My Group's Incidents has it in hand, and who takes it after them too.
func TestTakingAnIncidentSetsItsOwner(t *testing.T) {
	each(t, func(f *floor) {
		f.do(func(tx *db.Tx) error {
			_, c, _, err := trouble.Take(tx, who.House, trouble.Incoming{No: "IN48120001", ServiceNo: "152999000001", Service: "internet", State: trouble.FinalCheck, Group: desk.T2O, ContactMobile: cp1})
			if err != nil {
				return err
			}
			return f.seat.Follow(tx, who.House, c)
		})
		owner := func() (owner db.ID) {
			f.do(func(tx *db.Tx) error {
				t, err := trouble.ByNo(tx, "IN48120001")
				owner = t.Owner
				return err
			})
			return owner
		}
		turn := f.next(f.ani)
		if turn.Ticket.Campaign != "nossa" || owner() != db.ID(f.ani.ID) {
			t.Fatalf("%s, owner %v", turn.Ticket.Campaign, owner())
		}
		f.do(func(tx *db.Tx) error { return ticket.Release(tx, f.ani, turn.Ticket.ID, turn.Lease.Token, "istirahat") })
		f.next(f.budi)
		if owner() != db.ID(f.budi.ID) {
			t.Errorf("owner %v", owner())
		}
	})
}
