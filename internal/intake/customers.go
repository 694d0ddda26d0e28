package intake

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phone"
)

// customerParts are the headings of a file of customers. A row is a customer with what else it says: one service, a second
// contact, one bill, one order. A customer with several of them has several rows with the same NCLI or number.
var customerParts = []string{"ncli", "name", "class", "segment", "address", "city", "zone", "phone", "other_phone", "other_name", "relation",
	"service_no", "kind", "package", "period", "amount", "due_at", "paid", "paid_at", "payment_ref", "isolir", "isolir_at",
	"order_no", "order_kind", "order_state", "ordered_at", "ended_at"}

// Customers brings a file's customers in (SOP 5.1.1: I-Siska's, E-payment's and Starclick's lists), row by row as Load does.
func (d Desk) Customers(ctx context.Context, store *db.DB, j Job) (Report, error) {
	return d.Load(ctx, store, ListCustomers, j)
}

// said stores what a row says of a customer; true when anything of it is new.
func (f *file) said(tx *db.Tx, c *cells) (bool, error) {
	one, fresh, err := f.known(tx, c)
	if err != nil {
		return false, err
	}
	steps := []func(tx *db.Tx, c *cells, one customer.Customer) (bool, error){f.served, f.reached, f.billed, f.blocked, f.ordered}
	for _, step := range steps {
		more, err := step(tx, c, one)
		if err != nil {
			return false, err
		}
		fresh = fresh || more
	}
	return fresh, nil
}

// known finds whose row it is - by NCLI, else service number, else telephone - and keeps what it says of the customer. What a row leaves
// empty stays as it is.
func (f *file) known(tx *db.Tx, c *cells) (one customer.Customer, fresh bool, err error) {
	ncli, no := c.text("ncli"), ""
	if s := c.text("service_no"); s != "" {
		n, _, err := phone.ParseService(s)
		if err != nil {
			return one, false, at(err, "service_no", "5.1.1")
		}
		no = string(n)
	}
	var number phone.Number
	if s := c.text("phone"); s != "" {
		if number, err = phone.Parse(s); err != nil {
			return one, false, at(err, "phone", "5.1.1")
		}
	}
	err = fault.New(fault.Missing, "db.no-row")
	if ncli != "" {
		one, err = customer.ByNCLI(tx, ncli)
	}
	if fault.Is(err, fault.Missing) && no != "" {
		if one, err = customer.ByService(tx, no); err == nil && ncli != "" && one.NCLI != "" {
			return one, false, fault.New(fault.Conflict, "customer.other", "ncli", ncli).At("ncli", "5.1.1")
		}
	}
	if fault.Is(err, fault.Missing) && ncli == "" && no == "" && number != "" {
		one, err = customer.ByPhone(tx, number)
	}
	switch {
	case err != nil && !fault.Is(err, fault.Missing):
		return one, false, err
	case err != nil && ncli == "" && no == "" && number == "":
		return one, false, fault.New(fault.Invalid, "customer.who").At("ncli", "5.1.1")
	case err != nil:
		one = customer.Customer{Class: customer.Regular, Segment: customer.Consumer, Zone: f.desk.Site.String()}
	}
	was := one
	set := func(to *string, name string) {
		if v := c.text(name); v != "" {
			*to = v
		}
	}
	class := string(one.Class)
	set(&one.NCLI, "ncli")
	set(&one.Name, "name")
	set(&class, "class")
	set(&one.Segment, "segment")
	set(&one.Address, "address")
	set(&one.City, "city")
	set(&one.Zone, "zone")
	one.Class = customer.Class(class)
	if number != "" && one.Phone == "" {
		one.Phone = number
	}
	if loaded, err := time.LoadLocation(one.Zone); err != nil || one.Zone == "" || loaded == time.Local {
		return one, false, fault.New(fault.Invalid, "customer.zone", "value", one.Zone).At("zone", "")
	}
	if one != was {
		if one, err = customer.Put(tx, one, nil); err != nil {
			return one, false, err
		}
		fresh = true
	}
	if number != "" && number != one.Phone {
		more, err := f.contact(tx, one.ID, customer.Contact{Phone: number})
		return one, fresh || more, err
	}
	return one, fresh, nil
}

func (f *file) contact(tx *db.Tx, id db.ID, k customer.Contact) (bool, error) {
	has, err := customer.HasContact(tx, id, k.Phone)
	if err != nil || has {
		return false, err
	}
	return true, customer.PutContact(tx, id, k)
}

// served is the row's service.
func (f *file) served(tx *db.Tx, c *cells, one customer.Customer) (bool, error) {
	s := c.text("service_no")
	if s == "" {
		return false, nil
	}
	no, _, err := phone.ParseService(s)
	if err != nil {
		return false, at(err, "service_no", "5.1.1")
	}
	kind := c.text("kind")
	switch {
	case kind != "":
	case no.Internet():
		kind = customer.Internet
	default:
		kind = customer.Voice
	}
	return customer.AddService(tx, customer.Service{No: string(no), Kind: kind, Customer: one.ID, Package: c.text("package")})
}

// reached is the row's other contact.
func (f *file) reached(tx *db.Tx, c *cells, one customer.Customer) (bool, error) {
	s := c.text("other_phone")
	if s == "" {
		return false, nil
	}
	n, err := phone.Parse(s)
	if err != nil {
		return false, at(err, "other_phone", "5.1.1")
	}
	return f.contact(tx, one.ID, customer.Contact{Phone: n, Name: c.text("other_name"), Relation: c.text("relation")})
}

// billed is the row's bill, and what was paid of it.
func (f *file) billed(tx *db.Tx, c *cells, one customer.Customer) (bool, error) {
	b := customer.Bill{ServiceNo: c.text("service_no"), Period: c.text("period")}
	if b.Period == "" {
		return false, nil
	}
	if no, _, err := phone.ParseService(b.ServiceNo); err == nil {
		b.ServiceNo = string(no)
	}
	zone := zoneOf(one, f.desk.Site)
	var err error
	if b.DueAt, err = c.moment("due_at", zone); err != nil {
		return false, at(err, "due_at", "5.1.2")
	}
	if b.Amount, err = c.rupiah("amount"); err != nil {
		return false, err
	}
	b, fresh, err := customer.PutBill(tx, one.ID, b)
	if err != nil {
		return false, err
	}
	p := customer.Payment{Ref: c.text("payment_ref")}
	if p.Amount, err = c.rupiah("paid"); err != nil || p.Amount == 0 {
		return fresh, err
	}
	if p.At, err = c.moment("paid_at", zone); err != nil {
		return false, at(err, "paid_at", "5.1.2")
	}
	if p.Ref == "" { // a list that numbers no payments has one a bill and moment
		p.Ref = fmt.Sprint("daftar-", p.At.UnixMilli())
	}
	paid, err := customer.Pay(tx, b.ID, p)
	return fresh || paid, err
}

// blocked is what the row says of isolir.
func (f *file) blocked(tx *db.Tx, c *cells, one customer.Customer) (bool, error) {
	word := strings.ToLower(c.text("isolir"))
	if word == "" {
		return false, nil
	}
	yes := slices.Contains([]string{"ya", "yes", "1"}, word)
	if !yes && !slices.Contains([]string{"tidak", "no", "0"}, word) {
		return false, fault.New(fault.Invalid, "customer.isolir-word", "value", word).At("isolir", "5.1.2")
	}
	told, err := c.moment("isolir_at", zoneOf(one, f.desk.Site))
	if err != nil {
		return false, at(err, "isolir_at", "5.1.2")
	}
	if !told.IsZero() && !told.After(one.ToldAt) {
		return false, nil
	}
	return true, customer.Tell(tx, f.job.By, one.ID, yes, told)
}

// ordered is the row's order.
func (f *file) ordered(tx *db.Tx, c *cells, one customer.Customer) (bool, error) {
	o := customer.Order{No: c.text("order_no"), Customer: one.ID, Kind: c.text("order_kind"), State: c.text("order_state"), Package: c.text("package"), ServiceNo: c.text("service_no")}
	if o.No == "" {
		return false, nil
	}
	if no, _, err := phone.ParseService(o.ServiceNo); err == nil {
		o.ServiceNo = string(no)
	}
	zone := zoneOf(one, f.desk.Site)
	var err error
	if o.OrderedAt, err = c.moment("ordered_at", zone); err != nil {
		return false, at(err, "ordered_at", "5.1.3")
	}
	if o.EndedAt, err = c.moment("ended_at", zone); err != nil {
		return false, at(err, "ended_at", "5.1.3")
	}
	o.OrderedAt, o.EndedAt = o.OrderedAt.UTC(), o.EndedAt.UTC()
	is, err := customer.OrderOf(tx, o.No)
	if err == nil && is.Customer == o.Customer && is.Kind == o.Kind && is.State == o.State && is.Package == o.Package && is.ServiceNo == o.ServiceNo && is.EndedAt.Equal(o.EndedAt) {
		return false, nil
	}
	if err != nil && !fault.Is(err, fault.Missing) {
		return false, err
	}
	return true, customer.PutOrder(tx, o)
}

func (c *cells) rupiah(name string) (int64, error) {
	s := c.text(name)
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, fault.New(fault.Invalid, "customer.rupiah", "value", s).At(name, "5.1.2")
	}
	return n, nil
}

func zoneOf(c customer.Customer, site *time.Location) *time.Location {
	if z, err := time.LoadLocation(c.Zone); err == nil && c.Zone != "" {
		return z
	}
	return site
}
