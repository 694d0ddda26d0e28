package courier

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/outbox"
	"sapa/internal/phrase"
	"sapa/internal/registration"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

const usualErrand = 45 * time.Second // one errand is up to a handful of calls

// Carrier brings an errand into an outside ticket system. It may be called again for the same errand, after any error and after a
// crash; what carries the errand's mark or external id there has been brought already and is not brought again. The reference is the ticket's number
// there. A fault that is Busy or Forbidden passes by itself or when somebody puts sapa's account right; any other one is for good.
type Carrier interface {
	Carry(ctx context.Context, e outbox.Errand) (reference string, err error)
}

// ErrandParts is what an Errands is made of.
type ErrandParts struct {
	Store    *db.DB
	Carriers map[string]Carrier // by application: my-cx, nossa
	Errand   func(tx *db.Tx, p outbox.Promise) (outbox.Errand, error)
	Arrived  func(tx *db.Tx, p outbox.Promise, reference string) error // in the act that keeps the delivery; nil: nothing more to keep
	After    func(error) time.Duration                                 // how long the outside asks to be left alone; nil: it is never asked
	Within   time.Duration                                             // longest time for one errand; 0: 45 s
	Ticker   func(time.Duration) (<-chan time.Time, func())
	Log      *slog.Logger
}

// Errands brings promises into outside ticket systems until it is told to stop, in order per care ticket.
type Errands struct {
	ErrandParts
	*rounds
}

// NewErrands makes an Errands of its parts. Applications without a carrier stay tasks for people.
func NewErrands(p ErrandParts) *Errands {
	if p.Within <= 0 {
		p.Within = usualErrand
	}
	e := &Errands{ErrandParts: p}
	apps := make([]string, 0, len(p.Carriers))
	for app := range p.Carriers {
		apps = append(apps, app)
	}
	e.rounds = &rounds{store: p.Store, apps: apps, lease: 2 * p.Within, ticker: p.Ticker, log: p.Log, what: "errands", bring: e.bring, wake: make(chan struct{}, 1)}
	return e
}

func (e *Errands) bring(ctx context.Context, p outbox.Promise) error {
	reference, brought := e.try(ctx, p)
	if brought != nil && fault.Of(brought) == nil {
		e.Log.Warn("errand waits", "promise", p.ID.String(), "err", brought)
	}
	return e.Store.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		var err error
		switch {
		case brought == nil:
			if _, err = outbox.Delivered(tx, p, reference); err == nil && e.Arrived != nil {
				err = e.Arrived(tx, p, reference)
			}
		case forGood(brought):
			_, err = outbox.Refused(tx, p, said(brought))
		default:
			var least time.Duration
			if e.After != nil {
				least = e.After(brought)
			}
			_, err = outbox.DeferredFor(tx, p, said(brought), least)
		}
		if fault.Is(err, fault.Conflict) { // somebody else has it by now, and finds the mark
			e.Log.Warn("errand settled by another", "promise", p.ID.String(), "brought", brought == nil)
			return nil
		}
		return err
	})
}

func (e *Errands) try(ctx context.Context, p outbox.Promise) (string, error) {
	var one outbox.Errand
	if err := e.Store.Read(ctx, func(tx *db.Tx) (err error) { one, err = e.Errand(tx, p); return err }); err != nil {
		return "", err
	}
	within, done := context.WithTimeout(ctx, e.Within)
	defer done()
	return e.Carriers[p.App].Carry(within, one)
}

// forGood tells whether there is no use in trying again without a person.
func forGood(err error) bool {
	no := fault.Of(err)
	return no != nil && no.Kind != fault.Busy && no.Kind != fault.Forbidden
}

// said is what a leader reads. Only faults are shown: any other error may hold an address.
func said(err error) string {
	switch no := fault.Of(err); {
	case no != nil:
		return phrase.Fill(phrase.ID, no.Key, no.Values)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return phrase.Say(phrase.ID, "courier.errand-late")
	}
	return phrase.Say(phrase.ID, "courier.errand-failed")
}

// orderOf makes the errand of a request to register (SOP 2.c): what is to be ordered is read now, not when it was promised. A request that
// was cancelled meanwhile is not ordered any more.
func orderOf(tx *db.Tx, p outbox.Promise, site string) (e outbox.Errand, err error) {
	r, err := registration.ByNo(tx, p.Payload)
	switch {
	case err != nil:
		return e, err
	case p.Kind == outbox.CancelOrder:
		return e, fault.New(fault.Conflict, "courier.order-cancel", "no", r.No, "outside", r.Outside)
	case r.State == registration.Cancelled:
		return e, fault.New(fault.Conflict, "courier.order-cancelled", "no", r.No)
	}
	return outbox.Errand{Mark: "sapa-" + p.ID.String() + "@" + site, External: "sapa:" + site + ":" + r.No, At: p.MadeAt, Order: &outbox.Ordering{No: r.No, Package: r.Package,
		Address: r.Address, City: r.City, STO: r.STO, ODP: r.ODP, Note: r.Note, Phone: r.Phone, At: r.MadeAt}}, nil
}

// ArrivedOutside keeps with a request to register the number that the outside gave to its order. One that was cancelled while the order
// was on its way leaves a task: to take it back there.
func ArrivedOutside(tx *db.Tx, p outbox.Promise, reference string) error {
	if p.Kind != outbox.OrderProduct {
		return nil
	}
	if err := registration.OrderedOutside(tx, p.Payload, reference); err != nil {
		return err
	}
	r, err := registration.ByNo(tx, p.Payload)
	if err != nil || r.State != registration.Cancelled {
		return err
	}
	_, err = outbox.Add(tx, who.Actor{ID: int64(p.MadeBy), Via: who.System}, []outbox.Promise{{App: p.App, Kind: outbox.CancelOrder, Payload: r.No, Key: r.No, Clause: p.Clause,
		Text: "Batalkan order " + r.Outside + " (registrasi " + r.No + ")"}})
	return err
}

// ErrandOf makes the errand of a promise: which ticket it is about, who says it and what. Site, from outbox.MarkName, keeps the marks of several houses apart.
func ErrandOf(site string) func(tx *db.Tx, p outbox.Promise) (outbox.Errand, error) {
	return func(tx *db.Tx, p outbox.Promise) (e outbox.Errand, err error) {
		if p.Kind == outbox.OrderProduct || p.Kind == outbox.CancelOrder {
			return orderOf(tx, p, site)
		}
		o, err := p.Outside()
		if err != nil {
			return e, err
		}
		var care ticket.Ticket
		if p.Ticket != 0 {
			if care, err = ticket.Get(tx, p.Ticket); err != nil {
				return e, err
			}
		}
		by, err := staff.Get(tx, p.MadeBy)
		if err != nil {
			return e, err
		}
		e = outbox.Errand{Mark: "sapa-" + p.ID.String() + "@" + site, ServiceNo: care.ServiceNo, Open: o.Open, Text: p.Text, Author: by.Login,
			At: p.MadeAt, State: o.State, Reason: o.Reason}
		if p.Kind == "trouble" && e.State == "" && e.Open == nil { // a state told as a remark only would look done and be not
			return e, fault.New(fault.Invalid, "courier.no-state")
		}
		if o.Theirs {
			e.Number = o.Number
			return e, nil
		}
		no, ok := trouble.Number(o.Number)
		if !ok {
			no, ok = trouble.Number(care.Fields["ticket_no"])
		}
		if !ok {
			no, ok = trouble.Number(care.Ref)
		}
		if !ok {
			return e, fault.New(fault.Invalid, "courier.no-number")
		}
		// A number issued here may be another ticket's there: a ticket opened here is known there by an id that cannot be anybody else's.
		known, err := trouble.ByNo(tx, no)
		switch {
		case err != nil && !fault.Is(err, fault.Missing):
			return e, err
		case e.Open != nil, err == nil && known.Source == trouble.MyCX:
			e.External = "sapa:" + site + ":" + no
		default:
			e.Number = no
		}
		if err == nil && known.ServiceNo != "" {
			e.ServiceNo = known.ServiceNo
		}
		return e, nil
	}
}
