package customer

import (
	"slices"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phone"
)

// ByNCLI finds whose NCLI it is.
func ByNCLI(tx *db.Tx, ncli string) (Customer, error) {
	return scan(tx.Row(`SELECT `+columns+` FROM customer c WHERE c.ncli = $1 AND c.ncli <> ''`, ncli))
}

// AddService keeps a service of a customer; one that is somebody else's is Conflict. False: nothing was new about it.
func AddService(tx *db.Tx, s Service) (bool, error) {
	if !slices.Contains(Kinds, s.Kind) {
		return false, fault.New(fault.Invalid, "customer.kind", "value", s.Kind).At("kind", "5.1.1")
	}
	if no, _, err := phone.ParseService(s.No); err != nil {
		return false, err
	} else if s.Kind == Voice == no.Internet() {
		return false, fault.New(fault.Invalid, "customer.kind-number", "kind", s.Kind, "no", s.No).At("kind", "5.1.1")
	}
	owner, err := ByService(tx, s.No)
	switch {
	case err == nil && owner.ID != s.Customer:
		return false, fault.New(fault.Conflict, "customer.service-taken", "no", s.No).At("service_no", "5.1.1")
	case err != nil && !fault.Is(err, fault.Missing):
		return false, err
	}
	n, err := tx.Exec(`
		INSERT INTO service(no, kind, customer, package) VALUES ($1, $2, $3, $4)
		ON CONFLICT (no, kind) DO UPDATE SET package = excluded.package WHERE excluded.package <> '' AND service.package <> excluded.package`, s.No, s.Kind, s.Customer, s.Package)
	return n > 0, err
}

// HasContact tells whether a number is among a customer's, dead or alive.
func HasContact(tx *db.Tx, id db.ID, n phone.Number) (has bool, err error) {
	err = tx.Row(`SELECT EXISTS (SELECT 1 FROM customer_contact WHERE phone = $1 AND customer = $2)`, n.Full(), id).Scan(&has)
	return has, err
}

// OrderOf reads an order.
func OrderOf(tx *db.Tx, no string) (Order, error) {
	var o Order
	var from, to int64
	err := tx.Row(`SELECT no, customer, service_no, kind, package, state, ordered_at, ended_at FROM sales_order WHERE no = $1`, no).
		Scan(&o.No, &o.Customer, &o.ServiceNo, &o.Kind, &o.Package, &o.State, &from, &to)
	o.OrderedAt, o.EndedAt = db.Time(from), db.Time(to)
	return o, err
}

// SelfCareOf reads a self-care ticket.
func SelfCareOf(tx *db.Tx, no string) (SelfCare, error) {
	var s SelfCare
	var from, to int64
	err := tx.Row(`SELECT no, customer, service_no, kind, state, trouble_no, opened_at, closed_at FROM self_care WHERE no = $1`, no).
		Scan(&s.No, &s.Customer, &s.ServiceNo, &s.Kind, &s.State, &s.TroubleNo, &from, &to)
	s.OpenedAt, s.ClosedAt = db.Time(from), db.Time(to)
	return s, err
}

// Same tells whether two say the same of a self-care ticket. When it was opened is kept once and not compared.
func (s SelfCare) Same(o SelfCare) bool {
	return s.No == o.No && s.Customer == o.Customer && s.ServiceNo == o.ServiceNo && s.Kind == o.Kind && s.State == o.State && s.TroubleNo == o.TroubleNo && s.ClosedAt.Equal(o.ClosedAt)
}
