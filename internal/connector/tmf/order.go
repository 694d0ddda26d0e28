package tmf

import (
	"context"
	"net/url"

	"sapa/internal/fault"
)

// Order is an order of a customer (TMF622, Starclick): its id is the SC number.
type Order struct {
	ID                     string      `json:"id,omitempty"`
	Href                   string      `json:"href,omitempty"`
	ExternalID             string      `json:"externalId,omitempty"`
	Category               string      `json:"category,omitempty"`
	Description            string      `json:"description,omitempty"`
	State                  string      `json:"state,omitempty"`
	OrderDate              Time        `json:"orderDate,omitzero"`
	CompletionDate         Time        `json:"completionDate,omitzero"`
	CancellationDate       Time        `json:"cancellationDate,omitzero"`
	ExpectedCompletionDate Time        `json:"expectedCompletionDate,omitzero"`
	RequestedStartDate     Time        `json:"requestedStartDate,omitzero"`
	NotificationContact    string      `json:"notificationContact,omitempty"`
	Note                   []Note      `json:"note,omitempty"`
	ProductOrderItem       []OrderItem `json:"productOrderItem"`
	RelatedParty           []Party     `json:"relatedParty,omitempty"`
	Type                   string      `json:"@type,omitempty"`
}

// OrderItem is one product that is added, changed or taken away.
type OrderItem struct {
	ID              string    `json:"id"`
	Action          string    `json:"action"` // add, modify, delete, noChange
	Quantity        int       `json:"quantity,omitempty"`
	ProductOffering *Offering `json:"productOffering,omitempty"`
	Product         *Product  `json:"product,omitempty"`
}

// Offering points to what is sold.
type Offering struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// Product is what is ordered, as far as it is known: where, with which characteristics.
type Product struct {
	Name           string  `json:"name,omitempty"`
	Characteristic []Trait `json:"productCharacteristic,omitempty"`
	Place          []Place `json:"place,omitempty"`
}

// Place is where.
type Place struct {
	Name string `json:"name,omitempty"`
	Role string `json:"role"`
}

func (o Order) key() string { return named(o.ID, o.Href) }

// SC is the order's number.
func (o Order) SC() string { return o.key() }

// Orders are the orders of an outside system (TMF622).
type Orders struct{ *API }

// Get reads an order by its SC number.
func (o Orders) Get(ctx context.Context, sc string) (Order, error) {
	return get[Order](ctx, o.API, "productOrder", sc)
}

// OfCustomer gives up to most orders of a customer.
func (o Orders) OfCustomer(ctx context.Context, ncli string, most int) ([]Order, bool, error) {
	return list(ctx, o.API, "productOrder", url.Values{"relatedParty.id": {ncli}}, most, func(x Order) bool { return anyPoints(x.RelatedParty, ncli) })
}

// ByExternal finds an order by the id that we gave it; Missing only when it is sure that there is none.
func (o Orders) ByExternal(ctx context.Context, external string) (Order, error) {
	return theOne(ctx, o.API, "productOrder", external, func(x Order) string { return x.ExternalID }, func(x Order) Time { return x.OrderDate })
}

// Register orders exactly once (2.c, A-05: a product registration): its ExternalID is looked up first, so a call whose answer was lost
// may be made again.
func (o Orders) Register(ctx context.Context, n Order) (Order, error) {
	if n.ExternalID == "" || len(n.ProductOrderItem) == 0 {
		return Order{}, fault.New(fault.Invalid, "tmf.incomplete")
	}
	return once(ctx, o.API, "productOrder", n.ExternalID, n, o.ByExternal)
}
