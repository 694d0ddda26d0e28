package customer_test

import (
	"context"
	"testing"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
	"sapa/internal/phone"
	"sapa/internal/who"
)

func act(t *testing.T, s *db.DB, f func(tx *db.Tx) error) {
	t.Helper()
	if err := s.Write(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, s *db.DB, kind fault.Kind, key string, f func(tx *db.Tx) error) {
	t.Helper()
	err := s.Write(context.Background(), f)
	if e := fault.Of(err); e == nil || e.Kind != kind || e.Key != key {
		t.Errorf("%v, want %s %s", err, kind, key)
	}
}

const (
	first  = phone.Number("+6289990001111")
	second = phone.Number("+6289990002222")
	third  = phone.Number("+6289990003333")
)

func contacts(t *testing.T, s *db.DB, id db.ID) (all []customer.Contact) {
	t.Helper()
	act(t, s, func(tx *db.Tx) (err error) { all, err = customer.Contacts(tx, id); return err })
	return all
}

// SOP 5.2.11.b1.not-valid: a dead number is kept with how and where it was learned, and is offered last; a number that was
// reached since lives again.
func TestANumberDiesAndLivesAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		by := who.Actor{ID: 7, Via: who.Page}
		var one customer.Customer
		act(t, s, func(tx *db.Tx) error {
			one = put(t, tx, "Sekar (data uji)", first)
			return customer.PutContact(tx, one.ID, customer.Contact{Phone: second, Name: "Tirta", Relation: "suami"})
		})
		died := c.Now()
		act(t, s, func(tx *db.Tx) error {
			fresh, err := customer.Died(tx, by, one.ID, first, customer.Death{How: customer.Unreachable, Ticket: 11, Attempt: 12})
			if !fresh {
				t.Error("it lived until now")
			}
			return err
		})
		c.Advance(time.Hour)
		act(t, s, func(tx *db.Tx) error {
			fresh, err := customer.Died(tx, by, one.ID, first, customer.Death{How: customer.WrongNumber, Ticket: 13, Attempt: 14})
			if fresh {
				t.Error("a dead number died again")
			}
			return err
		})
		all := contacts(t, s, one.ID)
		if len(all) != 2 || all[0].Phone != second || all[0].Relation != "suami" || all[1].Dead == nil || *all[1].Dead != (customer.Death{At: died, How: customer.Unreachable, By: 7, Ticket: 11, Attempt: 12}) {
			t.Fatalf("%+v", all)
		}
		act(t, s, func(tx *db.Tx) error { return customer.Undied(tx, by, one.ID, 11, died.Add(time.Millisecond)) })
		if all = contacts(t, s, one.ID); all[1].Dead == nil {
			t.Error("undone by another turn")
		}
		act(t, s, func(tx *db.Tx) error { return customer.Undied(tx, by, one.ID, 11, died) })
		if all = contacts(t, s, one.ID); all[0].Phone != first || all[0].Dead != nil {
			t.Errorf("after the undo: %+v", all)
		}
		act(t, s, func(tx *db.Tx) error {
			if _, err := customer.Died(tx, by, one.ID, first, customer.Death{How: customer.WrongNumber}); err != nil {
				return err
			}
			if _, err := customer.ByPhone(tx, first); !fault.Is(err, fault.Missing) {
				t.Errorf("a wrong number is nobody's: %v", err)
			}
			_, err := customer.Lives(tx, by, one.ID, customer.Contact{Phone: third, Name: "Wulan"}, 15)
			return err
		})
		if all = contacts(t, s, one.ID); len(all) != 3 || all[0].Phone != third || all[2].Phone != first {
			t.Errorf("a number that was given comes first: %+v", all)
		}
		act(t, s, func(tx *db.Tx) error {
			if got, err := customer.ByPhone(tx, second); err != nil || got.ID != one.ID {
				t.Errorf("by another contact: %+v, %v", got, err)
			}
			again, err := customer.Lives(tx, by, one.ID, customer.Contact{Phone: third}, 15)
			if again {
				t.Error("it was first already")
			}
			return err
		})
		refused(t, s, fault.Invalid, "customer.how", func(tx *db.Tx) error {
			_, err := customer.Died(tx, by, one.ID, first, customer.Death{How: "maybe"})
			return err
		})
	})
}

// SOP 5.1.2: bills are paid in parts or at once, never above what is left; what is overdue beyond the rule is a warning, and
// what billing tells wins over what the bills look like.
func TestBillsAndIsolir(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		by := who.Actor{ID: 7, Via: who.Page}
		var one customer.Customer
		act(t, s, func(tx *db.Tx) error { one = put(t, tx, "Sekar (data uji)", first, "152999000001"); return nil })
		is := func(want string, bills int, overdue int64) {
			t.Helper()
			act(t, s, func(tx *db.Tx) error {
				got, err := customer.Get(tx, one.ID)
				if err != nil {
					return err
				}
				i, err := customer.IsolirOf(tx, got)
				if i.State != want || i.Bills != bills || i.Overdue != overdue {
					t.Errorf("%+v, want %s, %d bills, %d", i, want, bills, overdue)
				}
				return err
			})
		}
		is(customer.Clear, 0, 0)
		bill := customer.Bill{ServiceNo: "152999000001", Period: "2026-11", Amount: 385_000, DueAt: c.Now().Add(24 * time.Hour)}
		act(t, s, func(tx *db.Tx) error {
			var fresh bool
			var err error
			if bill, fresh, err = customer.PutBill(tx, one.ID, bill); !fresh || err != nil {
				t.Errorf("%v, %v", fresh, err)
			}
			again, fresh, err := customer.PutBill(tx, one.ID, bill)
			if fresh || again.ID != bill.ID {
				t.Errorf("twice: %v %+v", fresh, again)
			}
			return err
		})
		refused(t, s, fault.Conflict, "customer.billed", func(tx *db.Tx) error {
			more := bill
			more.Amount++
			_, _, err := customer.PutBill(tx, one.ID, more)
			return err
		})
		c.Advance(24*time.Hour + time.Second)
		is(customer.Clear, 1, 385_000)
		c.Advance(3*24*time.Hour - 2*time.Second)
		is(customer.Clear, 1, 385_000)
		c.Advance(time.Second)
		is(customer.Warning, 1, 385_000)
		pay := func(ref string, amount int64) error {
			return s.Write(context.Background(), func(tx *db.Tx) error {
				_, err := customer.Pay(tx, bill.ID, customer.Payment{Ref: ref, Amount: amount, At: tx.Now, Place: "Alfamart rekaan"})
				return err
			})
		}
		if err := pay("P1", 385_001); fault.Of(err) == nil || fault.Of(err).Key != "customer.overpaid" {
			t.Errorf("overpaid: %v", err)
		}
		for range 2 { // the same payment told twice is one
			if err := pay("P1", 85_000); err != nil {
				t.Fatal(err)
			}
		}
		is(customer.Warning, 1, 300_000)
		act(t, s, func(tx *db.Tx) error { return customer.Tell(tx, by, one.ID, true, tx.Now) })
		is(customer.Blocked, 1, 300_000)
		c.Advance(time.Minute)
		act(t, s, func(tx *db.Tx) error { return customer.Tell(tx, by, one.ID, false, tx.Now) })
		is(customer.Clear, 1, 300_000)
		act(t, s, func(tx *db.Tx) error { return customer.Tell(tx, by, one.ID, true, tx.Now.Add(-30*time.Second)) }) // older news
		is(customer.Clear, 1, 300_000)
		if err := pay("P2", 300_000); err != nil {
			t.Fatal(err)
		}
		act(t, s, func(tx *db.Tx) error {
			all, err := customer.Bills(tx, one.ID, 10)
			if len(all) != 1 || all[0].Left() != 0 || !all[0].PaidAt.Equal(c.Now()) || len(all[0].Payments) != 2 || all[0].Payments[0].Ref != "P2" {
				t.Errorf("%+v", all)
			}
			return err
		})
	})
}

// SOP 5.1.2: how long an unpaid bill may stand is the site's to say; what was in force stays to be read, and of two who change
// it at once the second is told.
func TestTheIsolirRuleHasVersions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		by := who.Actor{ID: 7, Via: who.Page}
		var one customer.Customer
		act(t, s, func(tx *db.Tx) error {
			one = put(t, tx, "Sekar (data uji)", first, "152999000001")
			_, _, err := customer.PutBill(tx, one.ID, customer.Bill{Period: "2026-11", Amount: 385_000, DueAt: c.Now()})
			return err
		})
		is := func(want string) {
			t.Helper()
			act(t, s, func(tx *db.Tx) error {
				i, err := customer.IsolirOf(tx, one)
				if i.State != want {
					t.Errorf("%+v, want %s", i, want)
				}
				return err
			})
		}
		set := func(days int, version int64) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { _, err := customer.PutRule(tx, by, days, version); return err }
		}
		c.Advance(24*time.Hour + time.Second)
		is(customer.Clear)
		act(t, s, set(1, 0))
		is(customer.Warning)
		act(t, s, set(1, 1)) // the same again
		refused(t, s, fault.Conflict, "customer.rule-changed", set(5, 0))
		refused(t, s, fault.Invalid, "customer.grace", set(-1, 1))
		refused(t, s, fault.Invalid, "customer.grace", set(366, 1))
		act(t, s, func(tx *db.Tx) error {
			now, err := customer.ReadRule(tx)
			if err != nil || now.GraceDays != 1 || now.Version != 1 || now.By != 7 || !now.At.Equal(c.Now()) {
				t.Errorf("%+v", now)
			}
			past, err := customer.PastRules(tx)
			if len(past) != 2 || past[0] != now || past[1].GraceDays != 3 || past[1].Version != 0 || !past[1].At.IsZero() {
				t.Errorf("%+v", past)
			}
			return err
		})
	})
}

// SOP 5.1.3, 5.1.13: orders and self-care tickets move under their own number, and their dates fit their states.
func TestOrdersAndSelfCare(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		var one, other customer.Customer
		act(t, s, func(tx *db.Tx) error {
			one, other = put(t, tx, "Sekar (data uji)", first, "152999000001"), put(t, tx, "Tirta (data uji)", second)
			return nil
		})
		order := customer.Order{No: "SC12345678", Customer: one.ID, Kind: customer.Install, State: "open", Package: "50 Mbps", OrderedAt: c.Now()}
		app := customer.SelfCare{No: "MYINX-1764000000001", Customer: one.ID, ServiceNo: "152999000001", Kind: "logic", State: "open", OpenedAt: c.Now()}
		act(t, s, func(tx *db.Tx) error {
			if err := customer.PutOrder(tx, order); err != nil {
				return err
			}
			return customer.PutSelfCare(tx, app)
		})
		put := func(change func(o *customer.Order)) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				o := order
				change(&o)
				return customer.PutOrder(tx, o)
			}
		}
		for key, change := range map[string]func(o *customer.Order){
			"customer.order-no":      func(o *customer.Order) { o.No = "SC1" },
			"customer.order-kind":    func(o *customer.Order) { o.Kind = "buy" },
			"customer.order-state":   func(o *customer.Order) { o.State = "lost" },
			"customer.order-service": func(o *customer.Order) { o.Kind = customer.Move },
			"customer.order-dates":   func(o *customer.Order) { o.State = "done" },
		} {
			refused(t, s, fault.Invalid, key, put(change))
		}
		refused(t, s, fault.Conflict, "customer.order-taken", put(func(o *customer.Order) { o.Customer = other.ID }))
		care := func(change func(a *customer.SelfCare)) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				a := app
				change(&a)
				return customer.PutSelfCare(tx, a)
			}
		}
		for key, change := range map[string]func(a *customer.SelfCare){
			"customer.self-care-no":    func(a *customer.SelfCare) { a.No = "MYINX-1" },
			"customer.self-care-kind":  func(a *customer.SelfCare) { a.Kind = "other" },
			"customer.self-care-state": func(a *customer.SelfCare) { a.State = "lost" },
			"customer.self-care-dates": func(a *customer.SelfCare) { a.State = "close" },
		} {
			refused(t, s, fault.Invalid, key, care(change))
		}
		refused(t, s, fault.Conflict, "customer.self-care-open", care(func(a *customer.SelfCare) { a.No = "MYINX-1764000000002" }))
		refused(t, s, fault.Conflict, "customer.self-care-taken", care(func(a *customer.SelfCare) { a.Customer = other.ID }))
		c.Advance(time.Hour)
		act(t, s, put(func(o *customer.Order) { o.State, o.EndedAt, o.ServiceNo = "done", c.Now(), "152999000001" }))
		act(t, s, care(func(a *customer.SelfCare) { a.State, a.ClosedAt = "close", c.Now() }))
		act(t, s, care(func(a *customer.SelfCare) { a.No = "MYINX-1764000000002" })) // the first is closed
		act(t, s, func(tx *db.Tx) error {
			orders, err := customer.Orders(tx, one.ID, 10)
			if err != nil {
				return err
			}
			cares, err := customer.SelfCares(tx, one.ID, 10)
			if len(orders) != 1 || orders[0].State != "done" || !orders[0].EndedAt.Equal(c.Now()) || len(cares) != 2 {
				t.Errorf("%+v, %+v", orders, cares)
			}
			return err
		})
	})
}

// The store itself refuses what cannot be, whatever program writes it.
func TestTheStoreRefusesIllegalCombinations(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		var one customer.Customer
		act(t, s, func(tx *db.Tx) error { one = put(t, tx, "Sekar (data uji)", first, "152999000001"); return nil })
		for _, query := range []string{
			`UPDATE customer SET isolir = 1 WHERE id = $1`, // blocked, and nobody said so
			`UPDATE customer SET segment = 'XYZ' WHERE id = $1`,
			`UPDATE customer_contact SET dead_at = 5 WHERE customer = $1`,                                                                          // dead, and not how
			`UPDATE customer_contact SET dead_at = 5, dead_how = 'unreachable', dead_attempt = 4 WHERE customer = $1`,                              // an attempt of no ticket
			`UPDATE customer_contact SET dead_at = 5, dead_how = 'told', dead_ticket = 3, dead_attempt = 4 WHERE customer = $1`,                    // told and tried
			`UPDATE customer_contact SET dead_by = 3 WHERE customer = $1`,                                                                          // alive, and somebody says not
			`INSERT INTO bill(id, customer, service_no, period, amount, paid, due_at) VALUES (1, $1, '', '2026-11', 10, 11, 5)`,                    // paid more
			`INSERT INTO bill(id, customer, service_no, period, amount, paid, due_at) VALUES (1, $1, '', '2026-11', 10, 10, 5)`,                    // paid, never
			`INSERT INTO bill(id, customer, service_no, period, amount, due_at, paid_at) VALUES (1, $1, '', '2026-11', 10, 5, 6)`,                  // paid, nothing
			`INSERT INTO bill(id, customer, service_no, period, amount, due_at) VALUES (1, CAST($1 AS BIGINT) + 1, '', '2026-11', 10, 5)`,          // nobody's
			`INSERT INTO sales_order(no, customer, kind, state, ordered_at) VALUES ('SC12345678', $1, 'psb', 'done', 5)`,                           // done, never
			`INSERT INTO sales_order(no, customer, kind, state, ordered_at) VALUES ('SC12345678', $1, 'mo', 'open', 5)`,                            // a change of nothing
			`INSERT INTO self_care(no, customer, service_no, kind, state, opened_at) VALUES ('MYINX-1764000000001', $1, '1', 'logic', 'close', 5)`, // closed, never
		} {
			if err := s.Write(context.Background(), func(tx *db.Tx) error { _, err := tx.Exec(query, one.ID); return err }); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", query, err)
			}
		}
		refused(t, s, fault.Conflict, "customer.ncli-taken", func(tx *db.Tx) error {
			for _, id := range []db.ID{one.ID, 0} {
				c := customer.Customer{ID: id, Name: "Sekar (data uji)", Class: customer.Regular, Zone: "Asia/Jakarta", NCLI: "53000001", Invented: true}
				if _, err := customer.Put(tx, c, nil); err != nil {
					return err
				}
			}
			return nil
		})
	})
}
