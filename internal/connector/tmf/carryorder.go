package tmf

import (
	"context"

	"sapa/internal/fault"
	"sapa/internal/outbox"
	"sapa/internal/registration"
)

// OrderCarrier brings requests to register into an outside order system by TMF622: it is a courier.Carrier.
type OrderCarrier struct{ Orders }

// Carry orders exactly once: the external id is looked up first, so that after any error it may be called again. The reference is the
// order's number there.
func (c OrderCarrier) Carry(ctx context.Context, e outbox.Errand) (string, error) {
	if e.Order == nil {
		return "", fault.New(fault.Invalid, "courier.no-order")
	}
	o := e.Order
	made, err := c.Register(ctx, RegistrationOf(registration.Request{No: o.No, Package: o.Package, Address: o.Address, City: o.City, STO: o.STO, ODP: o.ODP, Note: o.Note,
		Phone: o.Phone, MadeAt: o.At}, e.External))
	return made.SC(), again(err)
}
