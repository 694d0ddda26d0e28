package customer

import (
	"regexp"
	"slices"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
)

// Kinds of order (Starclick, domain 2.3).
const (
	Install = "psb"
	Modify  = "mo"
	Move    = "pda"
)

// OrderKinds and OrderStates list what an order can be.
var (
	OrderKinds  = []string{Install, Modify, Move}
	OrderStates = []string{"open", "progress", "done", "cancelled"}
)

// Order is one order of a customer.
type Order struct {
	No        string // SC and 8 or 9 digits
	Customer  db.ID
	ServiceNo string // "" of a new installation that has none yet
	Kind      string
	Package   string
	State     string
	OrderedAt time.Time
	EndedAt   time.Time // done or cancelled; zero: not yet
}

var orderForm = regexp.MustCompile(`^SC\d{8,9}$`)

func (o Order) check() error {
	ended := o.State == "done" || o.State == "cancelled"
	switch {
	case !orderForm.MatchString(o.No):
		return fault.New(fault.Invalid, "customer.order-no", "value", o.No).At("order_no", "5.1.3")
	case !slices.Contains(OrderKinds, o.Kind):
		return fault.New(fault.Invalid, "customer.order-kind", "value", o.Kind).At("order_kind", "5.1.3")
	case !slices.Contains(OrderStates, o.State):
		return fault.New(fault.Invalid, "customer.order-state", "value", o.State).At("order_state", "5.1.3")
	case o.Kind != Install && o.ServiceNo == "":
		return fault.New(fault.Invalid, "customer.order-service").At("service_no", "5.1.3")
	case o.OrderedAt.IsZero() || ended != !o.EndedAt.IsZero() || ended && o.EndedAt.Before(o.OrderedAt):
		return fault.New(fault.Invalid, "customer.order-dates").At("ended_at", "5.1.3")
	}
	return nil
}

// PutOrder keeps an order; the same number again moves it. An order of somebody else under that number is Conflict.
func PutOrder(tx *db.Tx, o Order) error {
	if err := o.check(); err != nil {
		return err
	}
	n, err := tx.Exec(`
		INSERT INTO sales_order(no, customer, service_no, kind, package, state, ordered_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (no) DO UPDATE SET service_no = excluded.service_no, package = excluded.package, state = excluded.state, ended_at = excluded.ended_at
		 WHERE sales_order.customer = excluded.customer AND sales_order.kind = excluded.kind`,
		o.No, o.Customer, o.ServiceNo, o.Kind, o.Package, o.State, db.Millis(o.OrderedAt), db.Millis(o.EndedAt))
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "customer.order-taken", "no", o.No).At("order_no", "5.1.3")
	}
	return err
}

// Orders lists a customer's orders, newest first, at most limit.
func Orders(tx *db.Tx, id db.ID, limit int) ([]Order, error) {
	var all []Order
	err := tx.Each(`SELECT no, customer, service_no, kind, package, state, ordered_at, ended_at FROM sales_order WHERE customer = $1 ORDER BY ordered_at DESC, no LIMIT $2`,
		[]any{id, limit}, func(s db.Scanner) error {
			var o Order
			var from, to int64
			err := s.Scan(&o.No, &o.Customer, &o.ServiceNo, &o.Kind, &o.Package, &o.State, &from, &to)
			o.OrderedAt, o.EndedAt = db.Time(from), db.Time(to)
			all = append(all, o)
			return err
		})
	return all, err
}

// SelfCare is a ticket the customer opened in the app (Dashboard My Indihome, domain 2.13).
type SelfCare struct {
	No        string // MYINX- and 13 digits
	Customer  db.ID
	ServiceNo string
	Kind      string // admin, logic, fisik
	State     string // pending, open, progress, reopen, close
	TroubleNo string // the trouble ticket it became; "": none yet
	OpenedAt  time.Time
	ClosedAt  time.Time
}

// SelfCareKinds and SelfCareStates list what one can be.
var (
	SelfCareKinds  = []string{"admin", "logic", "fisik"}
	SelfCareStates = []string{"pending", "open", "progress", "reopen", "close"}
)

var selfCareForm = regexp.MustCompile(`^MYINX-\d{13}$`)

func (s SelfCare) check() error {
	switch {
	case !selfCareForm.MatchString(s.No):
		return fault.New(fault.Invalid, "customer.self-care-no", "value", s.No).At("no", "5.1.13")
	case !slices.Contains(SelfCareKinds, s.Kind):
		return fault.New(fault.Invalid, "customer.self-care-kind", "value", s.Kind).At("kind", "5.1.13")
	case !slices.Contains(SelfCareStates, s.State):
		return fault.New(fault.Invalid, "customer.self-care-state", "value", s.State).At("state", "5.1.13")
	case s.ServiceNo == "" || s.OpenedAt.IsZero() || (s.State == "close") != !s.ClosedAt.IsZero() || s.State == "close" && s.ClosedAt.Before(s.OpenedAt):
		return fault.New(fault.Invalid, "customer.self-care-dates").At("closed_at", "5.1.13")
	}
	return nil
}

// PutSelfCare keeps a self-care ticket; the same number again moves it. A second open one of the same kind on a number is
// Conflict (domain 2.13).
func PutSelfCare(tx *db.Tx, s SelfCare) error {
	if err := s.check(); err != nil {
		return err
	}
	var other int
	if s.ClosedAt.IsZero() {
		err := tx.Row(`SELECT count(*) FROM self_care WHERE service_no = $1 AND kind = $2 AND closed_at = 0 AND no <> $3`, s.ServiceNo, s.Kind, s.No).Scan(&other)
		if err != nil {
			return err
		}
	}
	if other > 0 {
		return fault.New(fault.Conflict, "customer.self-care-open", "kind", s.Kind).At("service_no", "5.1.13")
	}
	n, err := tx.Exec(`
		INSERT INTO self_care(no, customer, service_no, kind, state, trouble_no, opened_at, closed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (no) DO UPDATE SET state = excluded.state, trouble_no = excluded.trouble_no, closed_at = excluded.closed_at
		 WHERE self_care.customer = excluded.customer AND self_care.kind = excluded.kind AND self_care.service_no = excluded.service_no`,
		s.No, s.Customer, s.ServiceNo, s.Kind, s.State, s.TroubleNo, db.Millis(s.OpenedAt), db.Millis(s.ClosedAt))
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "customer.self-care-taken", "no", s.No).At("no", "5.1.13")
	}
	return err
}

// SelfCares lists a customer's self-care tickets, newest first, at most limit.
func SelfCares(tx *db.Tx, id db.ID, limit int) ([]SelfCare, error) {
	var all []SelfCare
	err := tx.Each(`SELECT no, customer, service_no, kind, state, trouble_no, opened_at, closed_at FROM self_care WHERE customer = $1 ORDER BY opened_at DESC, no LIMIT $2`,
		[]any{id, limit}, func(s db.Scanner) error {
			var one SelfCare
			var from, to int64
			err := s.Scan(&one.No, &one.Customer, &one.ServiceNo, &one.Kind, &one.State, &one.TroubleNo, &from, &to)
			one.OpenedAt, one.ClosedAt = db.Time(from), db.Time(to)
			all = append(all, one)
			return err
		})
	return all, err
}
