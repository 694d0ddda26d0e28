package intake

import (
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phone"
)

// selfCareParts are the headings of a list of the tickets that customers opened in the app (Dashboard My Indihome, SOP 5.1.13).
var selfCareParts = []string{"no", "service_no", "kind", "state", "trouble_no", "opened_at", "closed_at"}

// cared stores a row's self-care ticket with the customer whose service it is about; one that is known moves.
func (f *file) cared(tx *db.Tx, c *cells) (bool, error) {
	one := customer.SelfCare{No: c.text("no"), Kind: c.text("kind"), State: c.text("state"), TroubleNo: c.text("trouble_no")}
	no, _, err := phone.ParseService(c.text("service_no"))
	if err != nil {
		return false, at(err, "service_no", "5.1.13")
	}
	whose, err := customer.ByService(tx, string(no))
	if fault.Is(err, fault.Missing) {
		return false, fault.New(fault.Invalid, "customer.self-care-whose", "no", string(no)).At("service_no", "5.1.13")
	}
	if err != nil {
		return false, err
	}
	one.ServiceNo, one.Customer = string(no), whose.ID
	zone := zoneOf(whose, f.desk.Site)
	if one.OpenedAt, err = c.moment("opened_at", zone); err != nil {
		return false, at(err, "opened_at", "5.1.13")
	}
	if one.ClosedAt, err = c.moment("closed_at", zone); err != nil {
		return false, at(err, "closed_at", "5.1.13")
	}
	is, err := customer.SelfCareOf(tx, one.No)
	if err == nil && is.Same(one) {
		return false, nil
	}
	if err != nil && !fault.Is(err, fault.Missing) {
		return false, err
	}
	return true, customer.PutSelfCare(tx, one)
}
