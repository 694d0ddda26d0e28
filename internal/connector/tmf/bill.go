package tmf

import (
	"context"
	"net/url"
)

// Bill is a bill of a customer (TMF678).
type Bill struct {
	ID              string  `json:"id"`
	Href            string  `json:"href"`
	BillNo          string  `json:"billNo"`
	State           string  `json:"state"` // new, onHold, validated, sent, partiallyPaid, settled
	BillDate        Time    `json:"billDate"`
	PaymentDueDate  Time    `json:"paymentDueDate"`
	AmountDue       Money   `json:"amountDue"`
	RemainingAmount Money   `json:"remainingAmount"`
	BillingPeriod   Period  `json:"billingPeriod"`
	BillingAccount  Party   `json:"billingAccount"`
	RelatedParty    []Party `json:"relatedParty"`
}

func (b Bill) key() string { return named(b.ID, b.Href) }

// No is the bill's number.
func (b Bill) No() string {
	if b.BillNo != "" {
		return b.BillNo
	}
	return b.key()
}

// Payment is a payment of a customer (TMF676).
type Payment struct {
	ID          string `json:"id"`
	Href        string `json:"href"`
	Status      string `json:"status"`
	PaymentDate Time   `json:"paymentDate"`
	Amount      Money  `json:"amount"`
	TotalAmount Money  `json:"totalAmount"`
	Payer       Party  `json:"payer"`
	Account     Party  `json:"account"`
	Method      struct {
		Name string `json:"name"`
		Type string `json:"@type"`
	} `json:"paymentMethod"`
	PaymentItem []struct {
		Item Entity `json:"item"`
	} `json:"paymentItem"`
}

func (p Payment) key() string { return named(p.ID, p.Href) }

// Pays lists the bills it is for.
func (p Payment) Pays() (bills []string) {
	for _, i := range p.PaymentItem {
		if b := named(i.Item.ID, i.Item.Href); b != "" {
			bills = append(bills, b)
		}
	}
	return bills
}

// Bills are the bills of an outside system (TMF678, I-Siska).
type Bills struct{ *API }

// OfCustomer gives up to most bills of a customer.
func (b Bills) OfCustomer(ctx context.Context, ncli string, most int) ([]Bill, bool, error) {
	return list(ctx, b.API, "customerBill", url.Values{"relatedParty.id": {ncli}}, most, func(x Bill) bool { return anyPoints(x.RelatedParty, ncli) })
}

// Payments are the payments of an outside system (TMF676, E-payment).
type Payments struct{ *API }

// OfCustomer gives up to most payments of a customer.
func (p Payments) OfCustomer(ctx context.Context, ncli string, most int) ([]Payment, bool, error) {
	return list(ctx, p.API, "payment", url.Values{"payer.id": {ncli}}, most, func(x Payment) bool { return x.Payer.points(ncli) })
}
