package customer

import (
	"regexp"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// Bill is what a customer owes for one period (E-payment, domain 2.2), in rupiah.
type Bill struct {
	ID        db.ID
	ServiceNo string
	Period    string // 2026-11
	Amount    int64
	Paid      int64     // of it
	DueAt     time.Time // until when it is to be paid
	PaidAt    time.Time // when nothing was left of it; zero: not yet
	Payments  []Payment // newest first; only Bills reads them
}

// Left is what is still to be paid.
func (b Bill) Left() int64 { return b.Amount - b.Paid }

// Payment is one payment of a bill, whole or a part.
type Payment struct {
	Ref    string
	Amount int64
	At     time.Time
	Place  string
}

var periodForm = regexp.MustCompile(`^20\d\d-(0[1-9]|1[0-2])$`)

// PutBill keeps a bill; the same customer, service and period again changes nothing, and another amount is Conflict: what was
// billed is not changed behind the customer's back. False: it was there.
func PutBill(tx *db.Tx, id db.ID, b Bill) (Bill, bool, error) {
	switch {
	case !periodForm.MatchString(b.Period):
		return b, false, fault.New(fault.Invalid, "customer.period", "value", b.Period).At("period", "5.1.2")
	case b.Amount <= 0:
		return b, false, fault.New(fault.Invalid, "customer.amount").At("amount", "5.1.2")
	case b.DueAt.IsZero():
		return b, false, fault.New(fault.Invalid, "customer.due").At("due_at", "5.1.2")
	}
	b.ID = tx.NewID()
	n, err := tx.Exec(`
		INSERT INTO bill(id, customer, service_no, period, amount, due_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (customer, service_no, period) DO NOTHING`, b.ID, id, b.ServiceNo, b.Period, b.Amount, db.Millis(b.DueAt))
	if err != nil || n == 1 {
		return b, err == nil, err
	}
	is, err := BillOf(tx, id, b.ServiceNo, b.Period)
	if err == nil && is.Amount != b.Amount {
		err = fault.New(fault.Conflict, "customer.billed", "period", b.Period, "amount", is.Amount).At("amount", "5.1.2")
	}
	return is, false, err
}

const billColumns = `b.id, b.service_no, b.period, b.amount, b.paid, b.due_at, b.paid_at`

func scanBill(s db.Scanner) (b Bill, err error) {
	var due, paid int64
	err = s.Scan(&b.ID, &b.ServiceNo, &b.Period, &b.Amount, &b.Paid, &due, &paid)
	b.DueAt, b.PaidAt = db.Time(due), db.Time(paid)
	return b, err
}

// BillOf reads the bill of a service and period.
func BillOf(tx *db.Tx, id db.ID, serviceNo, period string) (Bill, error) {
	return scanBill(tx.Row(`SELECT `+billColumns+` FROM bill b WHERE b.customer = $1 AND b.service_no = $2 AND b.period = $3`, id, serviceNo, period))
}

// Pay keeps a payment of a bill; the same ref again changes nothing. More than is left, or a payment still to come, is Invalid.
// False: it was there.
func Pay(tx *db.Tx, bill db.ID, p Payment) (bool, error) {
	b, err := scanBill(tx.Row(`SELECT `+billColumns+` FROM bill b WHERE b.id = $1 /*pg: FOR UPDATE */`, bill))
	if err != nil {
		return false, err
	}
	var known int
	if err := tx.Row(`SELECT count(*) FROM payment WHERE bill = $1 AND ref = $2`, bill, p.Ref).Scan(&known); err != nil || known > 0 {
		return false, err
	}
	switch {
	case p.Ref == "":
		return false, fault.New(fault.Invalid, "customer.payment-ref").At("payment_ref", "5.1.2")
	case p.Amount <= 0:
		return false, fault.New(fault.Invalid, "customer.amount").At("paid", "5.1.2")
	case p.Amount > b.Left():
		return false, fault.New(fault.Invalid, "customer.overpaid", "left", b.Left()).At("paid", "5.1.2")
	case p.At.IsZero() || p.At.After(tx.Now):
		return false, fault.New(fault.Invalid, "customer.paid-at").At("paid_at", "5.1.2")
	}
	if _, err := tx.Exec(`INSERT INTO payment(bill, ref, amount, paid_at, place) VALUES ($1, $2, $3, $4, $5)`, bill, p.Ref, p.Amount, db.Millis(p.At), p.Place); err != nil {
		return false, err
	}
	whole := int64(0)
	if p.Amount == b.Left() {
		whole = db.Millis(p.At)
	}
	_, err = tx.Exec(`UPDATE bill SET paid = paid + $2, paid_at = $3 WHERE id = $1`, bill, p.Amount, whole)
	return err == nil, err
}

// Bills lists a customer's bills with their payments, the newest period first, at most limit.
func Bills(tx *db.Tx, id db.ID, limit int) ([]Bill, error) {
	var all []Bill
	at := map[db.ID]int{}
	err := tx.Each(`SELECT `+billColumns+` FROM bill b WHERE b.customer = $1 ORDER BY b.period DESC, b.service_no LIMIT $2`, []any{id, limit}, func(s db.Scanner) error {
		b, err := scanBill(s)
		at[b.ID] = len(all)
		all = append(all, b)
		return err
	})
	if err != nil || len(all) == 0 {
		return all, err
	}
	err = tx.Each(`
		SELECT p.bill, p.ref, p.amount, p.paid_at, p.place FROM payment p JOIN bill b ON b.id = p.bill
		 WHERE b.customer = $1 ORDER BY p.paid_at DESC, p.ref`, []any{id}, func(s db.Scanner) error {
		var bill db.ID
		var p Payment
		var ms int64
		err := s.Scan(&bill, &p.Ref, &p.Amount, &ms, &p.Place)
		p.At = db.Time(ms)
		if i, ok := at[bill]; ok {
			all[i].Payments = append(all[i].Payments, p)
		}
		return err
	})
	return all, err
}

// What isolir comes to.
const (
	Clear   = "clear"   // billing says not blocked, or nothing is overdue
	Warning = "warning" // a bill is overdue beyond the rule; nobody has said that the service is blocked
	Blocked = "blocked" // billing says so
)

// Isolir is whether a customer is blocked for arrears, as far as it is known (domain 2.2). What billing told wins over what
// the bills look like.
type Isolir struct {
	State   string
	ToldAt  time.Time // when billing said so; zero: it is read from the bills
	Since   time.Time // of a warning: the oldest overdue bill's due date
	Overdue int64     // rupiah of all bills past their date
	Bills   int       // how many those are
}

// IsolirOf derives it.
func IsolirOf(tx *db.Tx, c Customer) (Isolir, error) {
	rule, err := ReadRule(tx)
	if err != nil {
		return Isolir{}, err
	}
	i := Isolir{State: Clear, ToldAt: c.ToldAt}
	var oldest int64
	err = tx.Row(`SELECT count(*), COALESCE(sum(amount - paid), 0), COALESCE(min(due_at), 0) FROM bill WHERE customer = $1 AND paid_at = 0 AND due_at < $2`,
		c.ID, db.Millis(tx.Now)).Scan(&i.Bills, &i.Overdue, &oldest)
	i.Since = db.Time(oldest)
	switch {
	case err != nil:
	case !c.ToldAt.IsZero() && c.Blocked:
		i.State = Blocked
	case !c.ToldAt.IsZero():
	case i.Bills > 0 && !tx.Now.Before(i.Since.AddDate(0, 0, rule.GraceDays)):
		i.State = Warning
	}
	return i, err
}

// Tell keeps what billing says: blocked or not. An older word does not win over a newer one.
func Tell(tx *db.Tx, by who.Actor, id db.ID, blocked bool, at time.Time) error {
	b := 0
	if blocked {
		b = 1
	}
	if at.IsZero() || at.After(tx.Now) {
		return fault.New(fault.Invalid, "customer.told-at").At("isolir_at", "5.1.2")
	}
	n, err := tx.Exec(`UPDATE customer SET isolir = $2, isolir_at = $3 WHERE id = $1 AND isolir_at < $3`, id, b, db.Millis(at))
	if err != nil || n == 0 {
		return err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "isolir.told", Kind: "customer", Ref: id})
	return err
}
