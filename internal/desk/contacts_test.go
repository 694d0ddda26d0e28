package desk_test

import (
	"testing"
	"time"

	"sapa/internal/call"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/phone"
	"sapa/internal/ticket"
)

const cp3 = phone.Number("+6289990001003")

var dead = map[string]string{"status": "not-valid", "reason_call": "tulalit", "remarks": "Tulalit"}

func (f *floor) contacts(id db.ID) (all []customer.Contact) {
	f.t.Helper()
	f.do(func(tx *db.Tx) (err error) { all, err = customer.Contacts(tx, id); return err })
	return all
}

// SOP 5.2.11.b1.not-valid: a number found dead in one campaign's call is not the one the next campaign's ticket begins with;
// the customer's other number is, and it can be called although the ticket came without it.
func TestADeadNumberIsKnownToTheNextTicket(t *testing.T) {
	each(t, func(f *floor) {
		c := f.customer("Sekar (data uji)", customer.Gold)
		f.open("callback", "CB-1", func(n *ticket.New) { n.Customer = c.ID })
		turn := f.next(f.ani)
		f.read(f.ani, turn)
		f.dial(f.ani, turn)
		f.said(f.ani, turn, call.BadNumber)
		f.finish(f.ani, turn, dead)
		all := f.contacts(c.ID)
		if len(all) != 1 || all[0].Dead == nil || all[0].Dead.How != customer.Unreachable || all[0].Dead.Ticket != turn.Ticket.ID || all[0].Dead.Attempt == 0 || all[0].Dead.By != db.ID(f.ani.ID) {
			t.Fatalf("%+v", all)
		}
		f.do(func(tx *db.Tx) error { return f.seat.Undo(tx, f.ani, turn.Ticket.ID) })
		if all = f.contacts(c.ID); all[0].Dead != nil {
			t.Fatalf("after the undo: %+v", all)
		}
		again, _ := f.current(f.ani)
		f.finish(f.ani, again, dead)
		if all = f.contacts(c.ID); all[0].Dead == nil {
			t.Fatalf("finished again: %+v", all)
		}
		f.c.Advance(time.Minute)

		f.do(func(tx *db.Tx) error {
			return customer.PutContact(tx, c.ID, customer.Contact{Phone: cp2, Name: "Tirta", Relation: "suami"})
		})
		imported := ticket.New{Campaign: "callback", Ref: "CB-2", ServiceNo: "152999000001", Customer: c.ID, Zone: "Asia/Jakarta", Source: "import", Note: "Internet mati",
			OpenedAt: f.c.Now().Add(-time.Hour), Contacts: []ticket.Contact{{Phone: cp1}}, Quiet: true}
		f.do(func(tx *db.Tx) error { _, _, err := ticket.Open(tx, f.rina, imported); return err })
		turn = f.next(f.ani)
		if turn.Ticket.Contact != cp2 || len(turn.Ticket.Contacts) != 2 || turn.Ticket.Contacts[0].Note != "Tirta (suami)" || !turn.Ticket.Contacts[1].Bad {
			t.Fatalf("offered: %+v", turn.Ticket.Contacts)
		}
		f.read(f.ani, turn)
		if at := f.dial(f.ani, turn); at.Number != cp2 {
			t.Errorf("dialled %s", at.Number)
		}
		f.said(f.ani, turn, call.NoAnswer)
		f.finish(f.ani, turn, rna)
	})
}

// SOP 5.2.1, 5.2.11.b1.not-valid: what Tier 1 has just heard from the customer is newer than what a call learned before; the last number there is
// stays one to try; and a number that was given on the way is the customer's from now on.
func TestTheNewerWordWins(t *testing.T) {
	each(t, func(f *floor) {
		c := f.customer("Sekar (data uji)", customer.Gold)
		f.do(func(tx *db.Tx) error {
			_, err := customer.Died(tx, f.ani, c.ID, cp1, customer.Death{How: customer.Told})
			return err
		})
		f.c.Advance(time.Minute)
		f.do(func(tx *db.Tx) error { return customer.PutContact(tx, c.ID, customer.Contact{Phone: cp2}) })
		f.open("callback", "CB-1", func(n *ticket.New) { n.Customer = c.ID })
		turn := f.next(f.ani)
		if turn.Ticket.Contact != cp1 || len(turn.Ticket.Contacts) != 2 || turn.Ticket.Contacts[0].Bad {
			t.Fatalf("Tier 1's word: %+v", turn.Ticket.Contacts)
		}
		f.read(f.ani, turn)
		f.dial(f.ani, turn)
		f.said(f.ani, turn, call.Answered)
		f.do(func(tx *db.Tx) error {
			_, err := f.seat.Hangup(tx, f.ani, turn.Ticket.ID, turn.Lease.Token)
			return err
		})
		f.finish(f.ani, turn, map[string]string{"receiver": "other", "other_contact": string(cp3), "call_again_at": "2026-11-24 10:00", "remarks": "Yang mengangkat memberi nomor lain"})
		if all := f.contacts(c.ID); len(all) != 3 || all[0].Phone != cp3 {
			t.Errorf("given during the call: %+v", all)
		}
	})
}
