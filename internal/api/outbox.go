package api

import (
	"net/http"
	"slices"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/outbox"
	"sapa/internal/staff"
	"sapa/internal/who"
)

type promiseJSON struct {
	ID        db.ID        `json:"id"`
	Ticket    db.ID        `json:"ticket"`
	App       string       `json:"app"`
	Kind      string       `json:"kind"`
	Text      string       `json:"text"`
	Clause    string       `json:"clause"`
	State     outbox.State `json:"state"`
	MadeAt    *string      `json:"made_at"`
	Attempts  int          `json:"attempts"`
	LastError string       `json:"last_error,omitempty"`
	Reference string       `json:"reference,omitempty"`
}

func (a *API) promise(p outbox.Promise) promiseJSON {
	return promiseJSON{p.ID, p.Ticket, p.App, p.Kind, p.Text, p.Clause, p.State, stamp(p.MadeAt, desk.Zone("", a.Seat.Site)),
		p.Attempts, p.LastError, p.Reference}
}

type promisesJSON struct {
	Promises []promiseJSON `json:"promises"`
	Next     *db.ID        `json:"next"`
}

var promiseStates = []outbox.State{outbox.Open, outbox.Done, outbox.Failed, outbox.Waived, outbox.Withdrawn}

// promises lists what is owed to outside applications: one's own, a leader's team's, or the site's. A page of a leader
// may be shorter than its limit, since other teams' promises are left out of it; next still leads on.
func (a *API) promises(tx *db.Tx, r seen) (any, error) {
	q, err := query(r, "state", "ticket", "after", "limit")
	if err != nil {
		return nil, err
	}
	f := outbox.Filter{State: outbox.State(q.Get("state"))}
	if f.State != "" && !slices.Contains(promiseStates, f.State) {
		return nil, badQuery("state")
	}
	if s := q.Get("ticket"); s != "" {
		id, ok := parseID(s)
		if !ok {
			return nil, badQuery("ticket")
		}
		f.Ticket = id
	}
	if f.After, f.Limit, err = paging(q); err != nil {
		return nil, err
	}
	scope := staff.ScopeOf(r.by)
	if !scope.All && scope.Team == 0 {
		f.MadeBy = db.ID(scope.Self)
	}
	found, err := outbox.List(tx, f)
	if err != nil {
		return nil, err
	}
	page := promisesJSON{Promises: []promiseJSON{}}
	if len(found) == f.Limit {
		page.Next = &found[len(found)-1].ID
	}
	for _, p := range found {
		switch err := theirPromise(tx, scope, p); {
		case err == nil:
			page.Promises = append(page.Promises, a.promise(p))
		case !fault.Is(err, fault.Missing):
			return nil, err
		}
	}
	return page, nil
}

// theirPromise is nil when a promise was made by somebody the scope covers, else Missing.
func theirPromise(tx *db.Tx, scope who.Scope, p outbox.Promise) error {
	if scope.All || (scope.Self != 0 && p.MadeBy == db.ID(scope.Self)) {
		return nil
	}
	if scope.Team != 0 {
		maker, err := staff.Get(tx, p.MadeBy)
		if err != nil || int64(maker.Team) == scope.Team {
			return err
		}
	}
	return fault.New(fault.Missing, "api.no-promise")
}

// settled is the frame of every act on a promise.
func (a *API) settled(r seen, do func(tx *db.Tx, id db.ID) (outbox.Promise, error)) func(tx *db.Tx) (done, error) {
	return func(tx *db.Tx) (done, error) {
		id, ok := parseID(r.PathValue("id"))
		if !ok {
			return done{}, fault.New(fault.Missing, "api.no-promise")
		}
		p, err := outbox.Get(tx, id)
		if fault.Is(err, fault.Missing) {
			err = fault.New(fault.Missing, "api.no-promise")
		}
		if err == nil {
			err = theirPromise(tx, staff.ScopeOf(r.by), p)
		}
		if err != nil {
			return done{}, err
		}
		p, err = do(tx, id)
		return done{http.StatusOK, a.promise(p)}, err
	}
}

func (a *API) promiseDone(r seen, f *form) func(tx *db.Tx) (done, error) {
	reference := f.text("reference", longReason)
	return a.settled(r, func(tx *db.Tx, id db.ID) (outbox.Promise, error) { return a.Seat.PromiseDone(tx, r.by, id, reference) })
}

func (a *API) promiseRetry(r seen, _ *form) func(tx *db.Tx) (done, error) {
	return a.settled(r, func(tx *db.Tx, id db.ID) (outbox.Promise, error) { return outbox.Retry(tx, r.by, id) })
}

func (a *API) promiseWaive(r seen, f *form) func(tx *db.Tx) (done, error) {
	reason := f.needed("reason", longReason)
	return a.settled(r, func(tx *db.Tx, id db.ID) (outbox.Promise, error) { return outbox.Waive(tx, r.by, id, reason) })
}
