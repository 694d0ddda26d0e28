package desk

import (
	"sapa/internal/db"
	"sapa/internal/device"
	"sapa/internal/fault"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// AskDevice asks something of a customer's device: an agent during a call with that customer, a leader at any time. What is
// asked cuts the customer off, so nobody does it to a number at random.
func AskDevice(tx *db.Tx, devices *device.Operator, a who.Actor, o device.Order) (device.Action, error) {
	inHand, err := mayDevice(tx, a, o.ServiceNo)
	if err != nil {
		return device.Action{}, err
	}
	o.Ticket = inHand
	return devices.Ask(tx, a, o)
}

// SettleDevice keeps the word of who carried an action out by hand. The call may be over by then: whoever may ask may say.
func SettleDevice(tx *db.Tx, a who.Actor, serviceNo string, id db.ID, done bool, why string) (device.Action, error) {
	if err := staff.May(a, staff.ActDevice); err != nil {
		return device.Action{}, err
	}
	return device.Settle(tx, a, serviceNo, id, done, why)
}

// mayDevice gives the ticket in an agent's hand when it is of that service; 0 for a leader without one.
func mayDevice(tx *db.Tx, a who.Actor, serviceNo string) (db.ID, error) {
	if err := staff.May(a, staff.ActDevice); err != nil {
		return 0, err
	}
	t, _, held, err := ticket.Held(tx, db.ID(a.ID))
	switch {
	case err != nil:
		return 0, err
	case held && t.ServiceNo == serviceNo:
		return t.ID, nil
	case a.Role == who.Leader:
		return 0, nil
	}
	return 0, fault.New(fault.Conflict, "device.not-in-hand").At("service_no", "5.1.12")
}
