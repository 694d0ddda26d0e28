package customer

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/phone"
	"sapa/internal/who"
)

// Asked is whom an outside is asked about, as far as it is known.
type Asked struct {
	NCLI    string
	Numbers []string // of services
	Person  string   // the outside's own name of the person behind the customer
}

// Word is what outside systems say of one customer. What is empty was not said, or not in a way that can be believed: it stays as it is here.
type Word struct {
	NCLI     string // whose it is
	Person   string // the outside's own name of the person behind the customer
	Record   Customer
	Guess    Customer // address, city and zone that only fill what is empty here
	Numbers  []phone.Number
	Services []Service
	Ended    []Service
	Bills    []ToldBill
	Payments []ToldPayment
	Orders   []Order
	Reports  []Report
	Doubts   int // things that could not be read
}

// ToldBill is a bill and how much of it is left as its outside says; Names are what payments call it.
type ToldBill struct {
	Bill
	Names []string
	Left  int64
}

// ToldPayment is a payment and the bills it is for.
type ToldPayment struct {
	Payment
	Of []string
}

// Join adds what another outside says; of the customer's own record the first word stands.
func (t *Word) Join(o Word) {
	first := func(to *string, v string) {
		if *to == "" {
			*to = v
		}
	}
	first(&t.NCLI, o.NCLI)
	first(&t.Person, o.Person)
	first((*string)(&t.Record.Class), string(o.Record.Class))
	for _, f := range []struct {
		to *Customer
		v  Customer
	}{{&t.Record, o.Record}, {&t.Guess, o.Guess}} {
		first(&f.to.Name, f.v.Name)
		first(&f.to.Segment, f.v.Segment)
		first(&f.to.Zone, f.v.Zone)
		if f.to.Address == "" {
			f.to.Address, f.to.City = f.v.Address, f.v.City
		}
	}
	t.Numbers = append(t.Numbers, o.Numbers...)
	t.Services, t.Ended = append(t.Services, o.Services...), append(t.Ended, o.Ended...)
	t.Bills, t.Payments = append(t.Bills, o.Bills...), append(t.Payments, o.Payments...)
	t.Orders, t.Reports = append(t.Orders, o.Orders...), append(t.Reports, o.Reports...)
	t.Doubts += o.Doubts
}

// Longest texts of what was told that are kept, in characters.
const (
	longText    = 200
	longAddress = 300
)

// oldest is before anything that a customer still asks about: an earlier moment is a mistake there.
var oldest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// tidy makes what was told fit to be kept: texts of one bounded line, moments that can be.
func (t Word) tidy() Word {
	for _, c := range []*Customer{&t.Record, &t.Guess} {
		c.Name, c.City, c.Address = line(c.Name, longText), line(c.City, longText), line(c.Address, longAddress)
	}
	all := slices.Clone(t.Services)
	for i := range all {
		all[i].Package = line(all[i].Package, longText)
	}
	t.Services = all
	bills := t.Bills[:0:0]
	for _, b := range t.Bills {
		if b.DueAt.Before(oldest) {
			t.Doubts++
			continue
		}
		bills = append(bills, b)
	}
	payments := t.Payments[:0:0]
	for _, p := range t.Payments {
		p.Ref, p.Place = line(p.Ref, longText), line(p.Place, longText)
		if p.At.Before(oldest) {
			t.Doubts++
			continue
		}
		payments = append(payments, p)
	}
	orders := t.Orders[:0:0]
	for _, o := range t.Orders {
		o.Package, o.ServiceNo = line(o.Package, longText), line(o.ServiceNo, longText)
		if o.OrderedAt.Before(oldest) {
			t.Doubts++
			continue
		}
		orders = append(orders, o)
	}
	reports := t.Reports[:0:0]
	for _, r := range t.Reports {
		r.No, r.State, r.Subject, r.OwnNo = line(r.No, longText), line(r.State, longText), line(r.Subject, longText), line(r.OwnNo, longText)
		if r.OpenedAt.Before(oldest) {
			r.OpenedAt = time.Time{}
		}
		reports = append(reports, r)
	}
	t.Bills, t.Payments, t.Orders, t.Reports = bills, payments, orders, reports
	return t
}

// line is a text as one line of what can be printed, cut to so many characters.
func line(s string, most int) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, " "), func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// Learning says how what was told is kept.
type Learning struct {
	Customer db.ID    // whom it was asked about; 0: nobody who is known here
	Zone     string   // of somebody new whose zone nobody knows
	Sources  []string // who told it, for the journal
	// Paid: no payment is on its way from elsewhere, so what a bill says is paid of it counts although no payment is known.
	Paid bool
}

// Learned is what became of it.
type Learned struct {
	Customer db.ID // 0: nobody
	Changed  bool
	Refused  int  // things that do not fit what is known here, and were left
	Other    bool // it is another customer's: nothing was kept
}

// mostNumbers of one telling are kept: a customer is not reached at more.
const mostNumbers = 20

// Learn keeps what was told of a customer, through the doors that a list comes in by and with their checks: what does not fit is left and
// counted, nothing is taken away, nobody's service becomes somebody else's (SOP 5.1.1, 5.1.2, 5.1.3). Somebody new is kept when
// their number and name were told.
func Learn(tx *db.Tx, t Word, l Learning) (Learned, error) {
	t = t.tidy()
	one, err := whose(tx, t, l)
	switch {
	case fault.Is(err, fault.Conflict):
		return Learned{Customer: l.Customer, Other: true}, reports(tx, t)
	case fault.Is(err, fault.Missing):
		return Learned{}, reports(tx, t)
	case err != nil:
		return Learned{}, err
	}
	out := Learned{Customer: one.ID}
	keep := func(changed bool, err error) error {
		switch {
		case fault.Is(err, fault.Invalid), fault.Is(err, fault.Conflict):
			out.Refused++
			return nil
		case err == nil:
			out.Changed = out.Changed || changed
		}
		return err
	}
	if one, err = record(tx, one, t, keep); err != nil || one.ID == 0 {
		return Learned{Refused: out.Refused}, err
	}
	out.Customer = one.ID
	for _, step := range []func(*db.Tx, Customer, Word, Learning, func(bool, error) error) error{reached, served, owed, ordered, reported} {
		if err := step(tx, one, t, l, keep); err != nil {
			return out, err
		}
	}
	if !out.Changed {
		return out, nil
	}
	_, err = journal.Write(tx, journal.Entry{By: who.House, Act: "customer.learned", Kind: "customer", Ref: one.ID, Data: map[string]string{"sources": strings.Join(l.Sources, " "), "left": strconv.Itoa(out.Refused)}})
	return out, err
}

// whose finds whom it is about. Conflict: the outside means somebody else than the house does. Missing: nobody, and not enough to begin with.
func whose(tx *db.Tx, t Word, l Learning) (Customer, error) {
	other := fault.New(fault.Conflict, "customer.other", "ncli", t.NCLI).At("ncli", "5.1.1")
	named, err := ByNCLI(tx, t.NCLI)
	found := err == nil
	if err != nil && !fault.Is(err, fault.Missing) {
		return named, err
	}
	if l.Customer != 0 {
		one, err := Get(tx, l.Customer)
		switch {
		case err != nil:
			return one, err
		case found && named.ID != one.ID, t.NCLI != "" && one.NCLI != "" && one.NCLI != t.NCLI:
			return one, other
		}
		return one, nil
	}
	if found {
		return named, nil
	}
	for _, s := range t.Services {
		one, err := ByService(tx, s.No)
		switch {
		case err == nil && one.NCLI != "" && t.NCLI != "":
			return one, other
		case err == nil:
			return one, nil
		case !fault.Is(err, fault.Missing):
			return one, err
		}
	}
	if t.NCLI == "" || t.Record.Name == "" {
		return Customer{}, fault.New(fault.Missing, "db.no-row")
	}
	zone := t.Guess.Zone
	if zone == "" {
		zone = l.Zone
	}
	return Customer{Class: Regular, Segment: Consumer, Zone: zone}, nil
}

// record keeps the customer's own data; the id is 0 when somebody new cannot be kept.
func record(tx *db.Tx, one Customer, t Word, keep func(bool, error) error) (Customer, error) {
	now := one
	set := func(to *string, v string) {
		if v != "" {
			*to = v
		}
	}
	if now.NCLI == "" {
		now.NCLI = t.NCLI
	}
	set(&now.Name, t.Record.Name)
	set((*string)(&now.Class), string(t.Record.Class))
	set(&now.Segment, t.Record.Segment)
	if t.Record.Address != "" {
		now.Address, now.City = t.Record.Address, t.Record.City
	} else if now.Address == "" {
		now.Address, now.City = t.Guess.Address, t.Guess.City
	}
	if now.Zone == "" {
		now.Zone = t.Guess.Zone
	}
	if now.Phone == "" && len(t.Numbers) > 0 {
		now.Phone = t.Numbers[0]
	}
	if now == one {
		return one, nil
	}
	kept, err := Put(tx, now, nil)
	if fault.Is(err, fault.Invalid) {
		return one, keep(false, err)
	}
	return kept, keep(true, err)
}

// reached adds numbers that are not there yet; one that was found dead stays dead.
func reached(tx *db.Tx, one Customer, t Word, _ Learning, keep func(bool, error) error) error {
	for i, n := range t.Numbers {
		if i == mostNumbers {
			return nil
		}
		has, err := HasContact(tx, one.ID, n)
		if err != nil {
			return err
		}
		if has {
			continue
		}
		if err := keep(true, PutContact(tx, one.ID, Contact{Phone: n})); err != nil {
			return err
		}
	}
	return nil
}

// served adds services and marks those that have ended. One that is in use again is so.
func served(tx *db.Tx, one Customer, t Word, _ Learning, keep func(bool, error) error) error {
	for _, s := range t.Services {
		s.Customer = one.ID
		added, err := AddService(tx, s)
		if err == nil {
			var again int64
			again, err = tx.Exec(`UPDATE service SET ended_at = 0 WHERE no = $1 AND kind = $2 AND customer = $3 AND ended_at > 0`, s.No, s.Kind, one.ID)
			added = added || again > 0
		}
		if err := keep(added, err); err != nil {
			return err
		}
	}
	for _, s := range t.Ended {
		if slices.ContainsFunc(t.Services, func(o Service) bool { return o.No == s.No && o.Kind == s.Kind }) {
			continue
		}
		n, err := tx.Exec(`UPDATE service SET ended_at = $4 WHERE no = $1 AND kind = $2 AND customer = $3 AND ended_at = 0`, s.No, s.Kind, one.ID, db.Millis(tx.Now))
		if err := keep(n > 0, err); err != nil {
			return err
		}
	}
	return nil
}

// owed keeps bills and what was paid of them. A bill that is there under any of the customer's numbers is the same one.
func owed(tx *db.Tx, one Customer, t Word, l Learning, keep func(bool, error) error) error {
	number, err := onlyNumber(tx, one.ID)
	if err != nil {
		return err
	}
	called := map[string]db.ID{}
	for _, b := range t.Bills {
		if b.ServiceNo == "" {
			b.ServiceNo = number
		}
		is, fresh, err := putToldBill(tx, one.ID, b.Bill)
		if err := keep(fresh, err); err != nil {
			return err
		}
		if err != nil {
			continue
		}
		for _, name := range b.Names {
			called[name] = is.ID
		}
	}
	for _, p := range t.Payments {
		if len(p.Of) != 1 { // of several bills at once: nobody says how much of which
			if err := keep(false, fault.New(fault.Invalid, "customer.payment-ref")); err != nil {
				return err
			}
			continue
		}
		bill, known := called[p.Of[0]]
		if !known {
			continue // its bill was not told this time
		}
		if err := keep(Pay(tx, bill, p.Payment)); err != nil {
			return err
		}
	}
	if !l.Paid {
		return nil
	}
	for _, b := range t.Bills {
		if len(b.Names) == 0 || called[b.Names[0]] == 0 {
			continue
		}
		is, err := scanBill(tx.Row(`SELECT `+billColumns+` FROM bill b WHERE b.id = $1`, called[b.Names[0]]))
		if err != nil {
			return err
		}
		if paid := is.Left() - b.Left; paid > 0 { // the bill says so, no payment does
			if err := keep(Pay(tx, is.ID, Payment{Ref: "tagihan-" + b.Names[0] + "-" + strconv.FormatInt(b.Left, 10), Amount: paid, At: tx.Now})); err != nil {
				return err
			}
		}
	}
	return nil
}

func putToldBill(tx *db.Tx, id db.ID, b Bill) (Bill, bool, error) {
	var no string
	err := tx.Row(`SELECT service_no FROM bill WHERE customer = $1 AND period = $2 AND amount = $3 ORDER BY CASE WHEN service_no = $4 THEN 0 ELSE 1 END, service_no LIMIT 1`,
		id, b.Period, b.Amount, b.ServiceNo).Scan(&no)
	switch {
	case err == nil:
		b.ServiceNo = no
	case !fault.Is(err, fault.Missing):
		return b, false, err
	}
	return PutBill(tx, id, b)
}

// onlyNumber is a customer's service number when there is one only.
func onlyNumber(tx *db.Tx, id db.ID) (string, error) {
	all, err := Services(tx, id)
	if err != nil || len(all) == 0 {
		return "", err
	}
	if slices.ContainsFunc(all, func(s Service) bool { return s.No != all[0].No }) {
		return "", nil
	}
	return all[0].No, nil
}

func ordered(tx *db.Tx, one Customer, t Word, _ Learning, keep func(bool, error) error) error {
	for _, o := range t.Orders {
		o.Customer = one.ID
		o.OrderedAt, o.EndedAt = o.OrderedAt.UTC().Truncate(time.Millisecond), o.EndedAt.UTC().Truncate(time.Millisecond)
		is, err := OrderOf(tx, o.No)
		if err != nil && !fault.Is(err, fault.Missing) {
			return err
		}
		if err == nil && is.Customer == o.Customer {
			if o.ServiceNo == "" {
				o.ServiceNo = is.ServiceNo
			}
			if o.Package == "" {
				o.Package = is.Package
			}
			if is.Kind == o.Kind && is.State == o.State && is.Package == o.Package && is.ServiceNo == o.ServiceNo && is.EndedAt.Equal(o.EndedAt) {
				continue
			}
		}
		if err := keep(true, PutOrder(tx, o)); err != nil {
			return err
		}
	}
	return nil
}

func reported(tx *db.Tx, _ Customer, t Word, _ Learning, keep func(bool, error) error) error {
	for _, r := range t.Reports {
		if err := keep(putReport(tx, r)); err != nil {
			return err
		}
	}
	return nil
}

// reports keeps the reports of a number, whosever it is.
func reports(tx *db.Tx, t Word) error {
	for _, r := range t.Reports {
		if _, err := putReport(tx, r); err != nil {
			return err
		}
	}
	return nil
}
