package customer_test

import (
	"testing"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/phone"
)

// SOP 5.1.1, 5.1.2, 5.1.3: what outside systems say comes in by the checks of a list: the same again changes nothing, what contradicts what is
// known here is left and counted, and nobody loses a service to somebody else.
func TestWhatIsToldIsHeldAgainstWhatIsKnown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		const no, theirs = "152999000001", "152999000002"
		var one, other customer.Customer
		act(t, s, func(tx *db.Tx) (err error) {
			one, err = customer.Put(tx, customer.Customer{Name: "Sekar (data uji)", Class: customer.Gold, Zone: "Asia/Jakarta", NCLI: "53000001", Phone: first}, []customer.Service{{No: no, Kind: customer.Internet, Package: "50 Mbps"}})
			if err != nil {
				return err
			}
			if other, err = customer.Put(tx, customer.Customer{Name: "Tirta (data uji)", Class: customer.Regular, Zone: "Asia/Jakarta"}, []customer.Service{{No: theirs, Kind: customer.Internet}}); err != nil {
				return err
			}
			if _, _, err = customer.PutBill(tx, one.ID, customer.Bill{ServiceNo: no, Period: "2026-10", Amount: 385_000, DueAt: tx.Now}); err != nil {
				return err
			}
			return customer.PutOrder(tx, customer.Order{No: "SC12345678", Customer: one.ID, Kind: customer.Modify, ServiceNo: no, Package: "100 Mbps", State: "open", OrderedAt: tx.Now.Add(-time.Hour)})
		})
		due := c.Now()
		word := customer.Word{NCLI: "53000001", Numbers: []phone.Number{first, second},
			Services: []customer.Service{{No: no, Kind: customer.Internet}, {No: theirs, Kind: customer.Internet}, {No: no, Kind: customer.Voice}},
			Bills: []customer.ToldBill{
				{Bill: customer.Bill{Period: "2026-10", Amount: 385_000, DueAt: due}, Names: []string{"T1", "K1"}, Left: 85_000},
				{Bill: customer.Bill{ServiceNo: no, Period: "2026-10", Amount: 400_000, DueAt: due}, Names: []string{"T2"}, Left: 400_000}},
			Payments: []customer.ToldPayment{
				{Payment: customer.Payment{Ref: "P1", Amount: 300_000, At: c.Now().Add(-time.Minute)}, Of: []string{"K1"}},
				{Payment: customer.Payment{Ref: "P2", Amount: 5_000, At: c.Now().Add(-time.Minute)}, Of: []string{"K1", "T9"}},
				{Payment: customer.Payment{Ref: "P3", Amount: 5_000, At: c.Now().Add(-time.Minute)}, Of: []string{"T9"}}},
			Orders: []customer.Order{{No: "SC12345678", Kind: customer.Modify, State: "done", OrderedAt: c.Now().Add(-time.Hour), EndedAt: c.Now()}, {No: "12345678", Kind: customer.Install, State: "open", OrderedAt: c.Now()}}}
		learn := func(w customer.Word, l customer.Learning) (got customer.Learned) {
			t.Helper()
			act(t, s, func(tx *db.Tx) (err error) { got, err = customer.Learn(tx, w, l); return err })
			return got
		}
		for run, changed := range []bool{true, false} {
			// left: the other's service, a voice service on an internet number, a bill of another amount, a payment of two bills, a number that is no order's
			if got := learn(word, customer.Learning{Customer: one.ID, Paid: true}); got != (customer.Learned{Customer: one.ID, Changed: changed, Refused: 5}) {
				t.Errorf("run %d: %+v", run, got)
			}
		}
		act(t, s, func(tx *db.Tx) error {
			bills, err := customer.Bills(tx, one.ID, 9)
			if err != nil {
				return err
			}
			orders, err := customer.Orders(tx, one.ID, 9)
			if err != nil {
				return err
			}
			if len(bills) != 1 || bills[0].Left() != 85_000 || len(orders) != 1 || orders[0].State != "done" || orders[0].ServiceNo != no || orders[0].Package != "100 Mbps" {
				t.Errorf("%+v %+v", bills, orders)
			}
			owner, err := customer.ByService(tx, theirs)
			if owner.ID != other.ID {
				t.Errorf("%s has become %s's", theirs, owner.Name)
			}
			return err
		})
		if all := contacts(t, s, one.ID); len(all) != 2 || all[0].Phone != first {
			t.Errorf("%+v", all)
		}
		if got := learn(customer.Word{NCLI: "53000009", Record: customer.Customer{Name: "Salah"}}, customer.Learning{Customer: one.ID}); !got.Other || got.Changed {
			t.Errorf("another NCLI: %+v", got)
		}
		if got := learn(customer.Word{NCLI: "53000009", Services: []customer.Service{{No: no, Kind: customer.Internet}}}, customer.Learning{}); !got.Other {
			t.Errorf("another NCLI for a number that is known: %+v", got)
		}
		if got := learn(customer.Word{NCLI: "5", Record: customer.Customer{Name: "Calon (data uji)"}}, customer.Learning{Zone: "Asia/Jakarta"}); got.Customer != 0 || got.Refused != 1 {
			t.Errorf("somebody new whose NCLI is none: %+v", got)
		}
		if got := learn(customer.Word{NCLI: "53000009"}, customer.Learning{Zone: "Asia/Jakarta"}); got != (customer.Learned{}) {
			t.Errorf("somebody without a name: %+v", got)
		}
	})
}

// An answer is good for a while and its moment stays while later questions fail; a failure is left alone for less long.
func TestHowLongAReadingIsGood(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		const subject = "s152999000001"
		put := func(outcome string) (r customer.Reading) {
			t.Helper()
			act(t, s, func(tx *db.Tx) error {
				if err := customer.PutReadings(tx, subject, []customer.Reading{{Source: "isiska", Application: "i-siska", Outcome: outcome, Doubts: 2}}); err != nil {
					return err
				}
				all, err := customer.Readings(tx, subject)
				r = all[0]
				return err
			})
			return r
		}
		at := c.Now()
		r := put(customer.Read)
		if r.Due(at.Add(14*time.Minute), 15*time.Minute, time.Minute) || !r.Due(at.Add(15*time.Minute), 15*time.Minute, time.Minute) {
			t.Errorf("%+v", r)
		}
		c.Advance(20 * time.Minute)
		r = put("late")
		if !r.Failed() || !r.ReadAt.Equal(at) || r.Doubts != 2 || r.Due(c.Now().Add(59*time.Second), 15*time.Minute, time.Minute) || !r.Due(c.Now().Add(time.Minute), 15*time.Minute, time.Minute) {
			t.Errorf("%+v", r)
		}
		if r = put(customer.Nobody); r.Failed() || !r.ReadAt.Equal(c.Now()) {
			t.Errorf("%+v", r)
		}
	})
}
