package intake

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/phone"
	"sapa/internal/staff"
)

// customerParts are the headings of a file of customers. A row is a customer with what else it says: one service, a second
// contact, one bill, one order. A customer with several of them has several rows with the same NCLI or number.
var customerParts = []string{"ncli", "name", "class", "segment", "address", "city", "zone", "phone", "other_phone", "other_name", "relation",
	"service_no", "kind", "package", "period", "amount", "due_at", "paid", "paid_at", "payment_ref", "isolir", "isolir_at",
	"order_no", "order_kind", "order_state", "ordered_at", "ended_at"}

// customerLayouts are how a file may write a day.
var customerLayouts = []string{time.RFC3339, "2006-01-02 15:04", "2006-01-02", "02/01/2006 15:04", "02/01/2006"}

// Customers brings a file's customers in (SOP 5.1.1: I-Siska's, E-payment's and Starclick's lists), as Import brings tickets in: the file
// is read whole first, then row by row in acts of 500; each row is opened, there already or refused by itself, and the same file
// again adds nothing.
func (d Desk) Customers(ctx context.Context, store *db.DB, j Job) (Report, error) {
	if err := staff.May(j.By, staff.ActImport); err != nil {
		return Report{}, err
	}
	f := file{desk: d, job: j}
	_, header, err := f.open()
	if err != nil {
		return f.report, err
	}
	j.Map = &Map{}
	for _, name := range header {
		if !slices.Contains(customerParts, name) {
			return f.report, fault.New(fault.Invalid, "intake.no-map", "column", name, "known", strings.Join(customerParts, ", ")).At(name, "")
		}
		j.Map.parts = append(j.Map.parts, part{name: name, columns: []column{{name: name}}, join: " "})
	}
	f.job = j
	if err := f.look(ctx); err != nil {
		return f.report, err
	}
	t, _, err := f.open()
	if err != nil {
		return f.report, err
	}
	var batch []row
	for {
		r, err := t.next()
		if err != nil && err != io.EOF {
			return f.report, err
		}
		if len(batch) == turn || err == io.EOF && len(batch) > 0 {
			if err := f.keep(ctx, store, batch); err != nil {
				return f.report, err
			}
			batch = batch[:0]
		}
		if err == io.EOF {
			return f.report, nil
		}
		if !r.blank() {
			batch = append(batch, row{line: r.line, cells: slices.Clone(r.cells), kinds: slices.Clone(r.kinds)})
		}
	}
}

// keep stores a batch in one act. A refused row may have written half of what it says, so a batch with one is stored row by row.
func (f *file) keep(ctx context.Context, store *db.DB, batch []row) error {
	errRefused := fmt.Errorf("a row was refused")
	var opened, already int
	one := func(tx *db.Tx, r row) (place string, err error) {
		fresh, place, err := f.customer(tx, r)
		switch {
		case err != nil:
		case fresh:
			opened++
		default:
			already++
		}
		return place, err
	}
	told := func(tx *db.Tx) error {
		if opened == 0 {
			return nil
		}
		_, err := journal.Write(tx, journal.Entry{By: f.job.By, Act: "customers.imported", Kind: "import",
			Data: map[string]string{"opened": strconv.Itoa(opened), "file": f.report.Digest}})
		return err
	}
	err := store.Write(ctx, func(tx *db.Tx) error {
		opened, already = 0, 0
		for _, r := range batch {
			switch _, err := one(tx, r); {
			case fault.Of(err) != nil && !fault.Is(err, fault.Busy):
				return errRefused
			case err != nil:
				return err
			}
		}
		return told(tx)
	})
	if err == nil {
		f.report.Opened, f.report.Already = f.report.Opened+opened, f.report.Already+already
	}
	if err != errRefused {
		return err
	}
	for _, r := range batch {
		place := ""
		err := store.Write(ctx, func(tx *db.Tx) (err error) {
			opened, already = 0, 0
			if place, err = one(tx, r); err != nil {
				return err
			}
			return told(tx)
		})
		switch {
		case err == nil:
			f.report.Opened, f.report.Already = f.report.Opened+opened, f.report.Already+already
		case fault.Of(err) != nil && !fault.Is(err, fault.Busy):
			f.report.Refused++
			if f.job.Refused != nil {
				f.job.Refused(*f.read.refusal(r.line, place, err))
			}
		default:
			return err
		}
	}
	return nil
}

// cells reads a row's cells by the names of its headings, and remembers which one was read last.
type cells struct {
	file *file
	row  row
	last string
}

func (c *cells) text(name string) string {
	i, there := c.file.read.places[column{name: name}]
	if !there || i >= len(c.row.cells) {
		return ""
	}
	c.last = name
	return strings.TrimSpace(c.row.cells[i])
}

// moment reads a day or a time; zero when the cell is empty.
func (c *cells) moment(name string, zone *time.Location) (time.Time, error) {
	s := c.text(name)
	if s == "" {
		return time.Time{}, nil
	}
	if i := c.file.read.places[column{name: name}]; c.file.read.sheet && c.row.kind(i) == isNumber {
		return serial([]string{s}, c.file.read.since1904, zone)
	}
	return moment(s, customerLayouts, zone)
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

// customer stores what a row says; true when anything of it is new. place is the column a refusal is about.
func (f *file) customer(tx *db.Tx, r row) (fresh bool, place string, err error) {
	r, err = f.read.fill(r)
	if err != nil {
		return false, "", err
	}
	c := &cells{file: f, row: r}
	fresh, err = f.said(tx, c)
	if err == nil {
		return fresh, "", nil
	}
	if e := fault.Of(err); e != nil && slices.Contains(customerParts, e.Field) {
		if _, there := f.read.places[column{name: e.Field}]; there {
			c.last = e.Field
		}
	}
	if c.last != "" {
		place = f.read.name(f.read.places[column{name: c.last}])
	}
	return false, place, err
}

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

func zoneOf(c customer.Customer, site *time.Location) *time.Location {
	if z, err := time.LoadLocation(c.Zone); err == nil && c.Zone != "" {
		return z
	}
	return site
}
