package api

import (
	"context"
	"net/http"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/lead"
	"sapa/internal/outage"
)

// mostNumbers is how many service numbers one call may name; a body of 1 MB holds no more. A larger outage names its places.
const mostNumbers = 60_000

// listedOutages is how many are listed, the newest ones.
const listedOutages = 100

type outageJSON struct {
	ID          db.ID       `json:"id"`
	State       string      `json:"state"`
	Phase       string      `json:"phase"`
	Reason      string      `json:"reason"`
	Estimate    *string     `json:"estimate"` // null: nobody knows yet
	Scope       outageScope `json:"scope"`    // the first parts of it
	Services    int64       `json:"services"`
	Parent      string      `json:"parent"` // number of its trouble ticket
	Parked      int64       `json:"parked"`
	Released    int64       `json:"released"`
	Children    int         `json:"children"`
	Completed   int64       `json:"completed"`
	Verifying   int64       `json:"verifying"` // verification calls opened
	DeclaredAt  *string     `json:"declared_at"`
	RecoveredAt *string     `json:"recovered_at"`
}

type outageScope struct {
	Services []string `json:"services,omitempty"`
	ODP      []string `json:"odp,omitempty"`
	ODC      []string `json:"odc,omitempty"`
	OLT      []string `json:"olt,omitempty"`
	STO      []string `json:"sto,omitempty"`
}

func (a *API) outage(v lead.OutageView) outageJSON {
	zone := a.Seat.Site
	return outageJSON{ID: v.ID, State: v.State, Phase: v.Phase, Reason: v.Reason, Estimate: stamp(v.Estimate, zone),
		Scope: outageScope{v.Scope.Services, v.Scope.ODP, v.Scope.ODC, v.Scope.OLT, v.Scope.STO}, Services: v.Services, Parent: v.ParentNo,
		Parked: v.Parked, Released: v.Outage.Released, Children: v.Children, Completed: v.Completed, Verifying: v.Verifying,
		DeclaredAt: stamp(v.DeclaredAt, zone), RecoveredAt: stamp(v.RecoveredAt, zone)}
}

// some takes a list of texts, or one text alone.
func (f *form) some(key string, mostItems, mostText int) []string {
	if n := f.node.members[key]; n != nil && n.kind == "text" {
		return []string{f.text(key, mostText)}
	}
	return f.words(key, mostItems, mostText)
}

// asked names who asks with which key.
func (r seen) asked() string {
	return db.ID(r.by.ID).String() + ":" + r.Header.Get("Idempotency-Key")
}

// unlessKnown does what comes before an act only while its key has not been answered.
func (a *API) unlessKnown(r seen, before prepare) prepare {
	return func(ctx context.Context) error {
		known, err := a.Store.Known(ctx, db.Ask{Actor: db.ID(r.by.ID), Key: r.Header.Get("Idempotency-Key")})
		if err != nil || known {
			return err
		}
		return before(ctx)
	}
}

// settling bounds how long an answer waits for the counts; what is left then goes on in turns.
const settling = 8 * time.Second

// counted waits until an outage's tickets have been seen to and reads its counts. Not within the act that keeps the answer: counting
// a hundred thousand takes 17 ms, and everybody would wait for them.
func (a *API) counted(ctx context.Context, r seen, id db.ID) (v lead.OutageView, err error) {
	while, end := context.WithTimeout(ctx, settling)
	defer end()
	if err = a.Outages.Settle(while); err != nil && while.Err() == nil {
		return v, err
	}
	err = a.Store.Read(ctx, func(tx *db.Tx) (err error) {
		v, err = lead.LookOutage(tx, r.by, id)
		return err
	})
	return v, err
}

// declare declares a mass outage in one act that claims respect at once, waits until what stands in the queues has been
// parked, and answers with the counts. The outage remembers the key it was asked with: a call that was cut off in between
// finds it there.
func (a *API) declare(r seen, f *form) (prepare, func(tx *db.Tx) (done, error)) {
	in := f.inner("scope")
	n := outage.New{Reason: f.text("reason", longReason), Estimate: f.moment("estimate"), Asked: r.asked(), Scope: outage.Scope{
		Services: in.some("services", mostNumbers, longCode), ODP: in.some("odp", outage.MostPlaces, longCode), ODC: in.some("odc", outage.MostPlaces, longCode),
		OLT: in.some("olt", outage.MostPlaces, longCode), STO: in.some("sto", outage.MostPlaces, longCode)}}
	in.unknown()
	var v lead.OutageView
	return a.unlessKnown(r, func(ctx context.Context) error {
			o, err := lead.PlanOutage(ctx, a.Store, r.by, n)
			if err != nil {
				return err
			}
			err = a.Store.Write(ctx, func(tx *db.Tx) error {
				_, err := lead.DeclareOutage(tx, r.by, a.Seat.Hub, o.ID)
				return err
			})
			if err == nil {
				v, err = a.counted(ctx, r, o.ID)
			}
			return err
		}), func(*db.Tx) (done, error) {
			return a.outageDone(http.StatusCreated, v)
		}
}

// recovered ends one, waits for what follows and answers with the counts.
func (a *API) recovered(r seen, _ *form) (prepare, func(tx *db.Tx) (done, error)) {
	id, ok := parseID(r.PathValue("id"))
	var v lead.OutageView
	return a.unlessKnown(r, func(ctx context.Context) error {
			if !ok {
				return fault.New(fault.Missing, "outage.missing")
			}
			err := a.Store.Write(ctx, func(tx *db.Tx) error {
				_, err := lead.RecoverOutage(tx, r.by, a.Seat.Hub, id)
				return err
			})
			if err == nil {
				v, err = a.counted(ctx, r, id)
			}
			return err
		}), func(*db.Tx) (done, error) {
			return a.outageDone(http.StatusOK, v)
		}
}

// outageDone says what was counted; nothing was for a key that had been answered, and is forgotten by now.
func (a *API) outageDone(status int, v lead.OutageView) (done, error) {
	if v.ID == 0 {
		return done{}, fault.New(fault.Missing, "outage.missing")
	}
	return done{status, a.outage(v)}, nil
}

type outagesJSON struct {
	Outages []outageJSON `json:"outages"`
}

func (a *API) outages(tx *db.Tx, r seen) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	found, err := lead.LookOutages(tx, r.by, listedOutages)
	j := outagesJSON{Outages: []outageJSON{}}
	for _, v := range found {
		j.Outages = append(j.Outages, a.outage(v))
	}
	return j, err
}

func (a *API) oneOutage(tx *db.Tx, r seen) (any, error) {
	id, ok := parseID(r.PathValue("id"))
	if !ok {
		return nil, fault.New(fault.Missing, "outage.missing")
	}
	v, err := lead.LookOutage(tx, r.by, id)
	return a.outage(v), err
}

// parkedJSON says by which outage a ticket is parked, and why.
type parkedJSON struct {
	Outage   db.ID   `json:"outage"`
	Reason   string  `json:"reason"`
	Estimate *string `json:"estimate"`
}

func parkedBy(tx *db.Tx, id db.ID, zone *time.Location) (*parkedJSON, error) {
	if id == 0 {
		return nil, nil
	}
	o, err := outage.Get(tx, id)
	return &parkedJSON{id, o.Reason, stamp(o.Estimate, zone)}, err
}
