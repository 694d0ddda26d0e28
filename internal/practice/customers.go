package practice

import (
	"fmt"
	"math/rand/v2"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/phone"
	"sapa/internal/who"
)

// account invents what I-Siska, E-payment, Starclick and the app know of a customer: a second contact for some, two bills with what was
// paid of them, an order for some, a self-care ticket for some. It draws from a source of its own, so that the tickets of
// the floor stay what they are.
func account(tx *db.Tx, i int, c customer.Customer, serviceNo, pack string) error {
	rnd := rand.New(rand.NewPCG(20261123, uint64(i)))
	if i%4 == 1 {
		k := customer.Contact{Phone: phone.Number(fmt.Sprintf("+628999000%04d", 5000+i)), Name: nameIn(900+i, last), Relation: []string{"suami", "istri", "anak", "orang tua"}[rnd.IntN(4)]}
		if err := customer.PutContact(tx, c.ID, k); err != nil {
			return err
		}
		if i%16 == 5 { // a list said so: the other one is dead
			if _, err := customer.Died(tx, who.House, c.ID, k.Phone, customer.Death{How: customer.Told}); err != nil {
				return err
			}
		}
	}
	month := time.Date(tx.Now.Year(), tx.Now.Month(), 1, 0, 0, 0, 0, time.UTC)
	amount := int64(215_000 + 5_000*rnd.IntN(80))
	for back := range 2 {
		at := month.AddDate(0, -back, 0)
		b, _, err := customer.PutBill(tx, c.ID, customer.Bill{ServiceNo: serviceNo, Period: at.Format("2006-01"), Amount: amount, DueAt: at.AddDate(0, 0, 19)})
		if err != nil {
			return err
		}
		paid := at.AddDate(0, 0, 3+rnd.IntN(16)).Add(time.Duration(8+rnd.IntN(12)) * time.Hour)
		late := i%13 == 7 // owes since last month
		if late && back == 1 && i%2 == 0 {
			amount /= 2 // half of it came
			late = false
		}
		if late || !paid.Before(tx.Now) {
			continue
		}
		place := []string{"Minimarket rekaan", "Bank rekaan", "Aplikasi rekaan"}[rnd.IntN(3)]
		if _, err := customer.Pay(tx, b.ID, customer.Payment{Ref: fmt.Sprintf("PAY-%s-%04d", b.Period, i), Amount: amount, At: paid, Place: place}); err != nil {
			return err
		}
	}
	if i%39 == 7 { // billing has told what is done about it
		if err := customer.Tell(tx, who.House, c.ID, true, tx.Now.Add(-48*time.Hour)); err != nil {
			return err
		}
	}
	if i%5 == 2 {
		o := customer.Order{No: fmt.Sprintf("SC5%08d", i), Customer: c.ID, ServiceNo: serviceNo, Kind: customer.OrderKinds[rnd.IntN(3)], Package: pack, State: customer.OrderStates[rnd.IntN(4)],
			OrderedAt: tx.Now.Add(-time.Duration(2+rnd.IntN(40)) * 24 * time.Hour)}
		if o.State == "done" || o.State == "cancelled" {
			o.EndedAt = o.OrderedAt.Add(time.Duration(4+rnd.IntN(40)) * time.Hour)
		}
		if err := customer.PutOrder(tx, o); err != nil {
			return err
		}
	}
	if i%7 == 3 {
		s := customer.SelfCare{No: fmt.Sprintf("MYINX-%013d", 1764000000000+i), Customer: c.ID, ServiceNo: serviceNo, Kind: customer.SelfCareKinds[rnd.IntN(3)], State: "open",
			OpenedAt: tx.Now.Add(-time.Duration(3+rnd.IntN(200)) * time.Hour)}
		if i%2 == 0 {
			s.State, s.ClosedAt = "close", s.OpenedAt.Add(2*time.Hour)
		}
		return customer.PutSelfCare(tx, s)
	}
	return nil
}
