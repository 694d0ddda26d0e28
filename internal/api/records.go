package api

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"sapa/internal/control"
	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/staff"
)

// recordRuleJSON is one row of the records register (SOP 6).
type recordRuleJSON struct {
	ID        db.ID   `json:"id"`
	Kind      string  `json:"kind"`
	Name      string  `json:"name"`
	Basis     string  `json:"basis"`
	Amount    int     `json:"amount"`
	Unit      string  `json:"unit"`
	Position  string  `json:"position"`
	SMM       bool    `json:"smm"`
	Clause    string  `json:"clause"`
	Invented  bool    `json:"invented"`
	Version   int64   `json:"version"`
	ChangedBy string  `json:"changed_by"`
	ChangedAt *string `json:"changed_at"`
}

type registerJSON struct {
	Rules   []recordRuleJSON `json:"rules"`
	Missing []string         `json:"missing"` // kinds that need a row before production use
}

// login is who did something; "" for the house and for whoever is not known any more.
func (a *API) login(tx *db.Tx, id db.ID) (string, error) {
	if id == 0 {
		return "", nil
	}
	p, err := staff.Get(tx, id)
	if fault.Is(err, fault.Missing) {
		return "", nil
	}
	return p.Login, err
}

func (a *API) readRegister(tx *db.Tx) (j registerJSON, err error) {
	all, err := document.RecordsRegister(tx)
	if err != nil {
		return j, err
	}
	j.Rules = []recordRuleJSON{}
	for _, r := range all {
		by, err := a.login(tx, r.ChangedBy)
		if err != nil {
			return j, err
		}
		j.Rules = append(j.Rules, recordRuleJSON{r.ID, r.Kind, r.Name, r.Basis, r.Amount, r.Unit, r.Position, r.SMM, r.Clause, r.Invented, r.Version, by, stamp(r.ChangedAt, a.Seat.Site)})
	}
	if j.Missing, err = document.RecordsUnfilled(tx); j.Missing == nil {
		j.Missing = []string{}
	}
	return j, err
}

func (a *API) recordsRegister(tx *db.Tx, r seen) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	return a.readRegister(tx)
}

// putRule writes a row: a new one with version 0, a change with the version that was read.
func (a *API) putRule(r seen, f *form) func(tx *db.Tx) (done, error) {
	rule := document.RecordRule{ID: f.id("id"), Kind: f.needed("kind", longCode), Name: f.needed("name", longReason), Basis: f.needed("basis", longCode), Amount: f.whole("amount", 0, 100_000),
		Unit: f.text("unit", longCode), Position: f.needed("position", longReason), SMM: f.yesNo("smm") == "yes", Clause: f.text("clause", longCode), Version: f.neededVersion("version")}
	return func(tx *db.Tx) (done, error) {
		if _, err := document.PutRecordRule(tx, r.by, rule); err != nil {
			return done{}, err
		}
		kept, err := a.readRegister(tx)
		return done{http.StatusOK, kept}, err
	}
}

type legalHoldJSON struct {
	ID        db.ID   `json:"id"`
	Kind      string  `json:"kind"`
	Of        *db.ID  `json:"of"` // of a customer, ticket or trouble ticket
	Label     string  `json:"label"`
	Reason    string  `json:"reason"`
	PlacedBy  string  `json:"placed_by"`
	PlacedAt  *string `json:"placed_at"`
	LiftedBy  string  `json:"lifted_by"`
	LiftedAt  *string `json:"lifted_at"`
	LiftedWhy string  `json:"lifted_why"`
}

type legalHoldsJSON struct {
	Holds []legalHoldJSON `json:"holds"`
}

func (a *API) readHolds(tx *db.Tx) (j legalHoldsJSON, err error) {
	all, err := control.Holds(tx, 500)
	if err != nil {
		return j, err
	}
	j.Holds = []legalHoldJSON{}
	for _, h := range all {
		one := legalHoldJSON{ID: h.ID, Kind: h.Kind, Label: h.Label, Reason: h.Reason, PlacedAt: stamp(h.PlacedAt, a.Seat.Site), LiftedAt: stamp(h.LiftedAt, a.Seat.Site), LiftedWhy: h.LiftedWhy}
		if h.Ref != 0 {
			one.Of = &h.Ref
		}
		if one.PlacedBy, err = a.login(tx, h.PlacedBy); err != nil {
			return j, err
		}
		if one.LiftedBy, err = a.login(tx, h.LiftedBy); err != nil {
			return j, err
		}
		j.Holds = append(j.Holds, one)
	}
	return j, nil
}

func (a *API) legalHolds(tx *db.Tx, r seen) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	return a.readHolds(tx)
}

// placeHold holds what is named by its own number.
func (a *API) placeHold(r seen, f *form) func(tx *db.Tx) (done, error) {
	kind, named, reason := f.needed("kind", longCode), f.needed("ref", longCode), f.needed("reason", longReason)
	return func(tx *db.Tx) (done, error) {
		if _, err := control.Hold(tx, r.by, kind, named, reason); err != nil {
			return done{}, err
		}
		all, err := a.readHolds(tx)
		return done{http.StatusCreated, all}, err
	}
}

func (a *API) liftHold(r seen, f *form) func(tx *db.Tx) (done, error) {
	why := f.needed("reason", longReason)
	return func(tx *db.Tx) (done, error) {
		id, ok := parseID(r.PathValue("id"))
		if !ok {
			return done{}, fault.New(fault.Missing, "records.no-hold")
		}
		if _, err := document.LiftHold(tx, r.by, id, why); err != nil {
			return done{}, err
		}
		all, err := a.readHolds(tx)
		return done{http.StatusOK, all}, err
	}
}

type purgeStepJSON struct {
	Kind    string  `json:"kind"`
	Before  *string `json:"before"` // last touched before this; null: nothing of the kind goes
	Due     int64   `json:"due"`
	Kept    int64   `json:"kept"`
	Removed int64   `json:"removed"`
	Digest  string  `json:"digest"` // over the ids that went
}

type purgeJSON struct {
	ID          db.ID           `json:"id"`
	State       string          `json:"state"`
	MadeBy      string          `json:"made_by"`
	MadeAt      *string         `json:"made_at"`
	Digest      string          `json:"digest"`
	AskedBy     string          `json:"asked_by"`
	AskedAt     *string         `json:"asked_at"`
	ConfirmedBy string          `json:"confirmed_by"`
	ConfirmedAt *string         `json:"confirmed_at"`
	EndedAt     *string         `json:"ended_at"`
	Steps       []purgeStepJSON `json:"steps"`
}

func (a *API) purge(tx *db.Tx, p document.Purge) (j purgeJSON, err error) {
	at := func(t time.Time) *string { return stamp(t, a.Seat.Site) }
	j = purgeJSON{ID: p.ID, State: p.State, MadeAt: at(p.MadeAt), Digest: p.Digest, AskedAt: at(p.AskedAt), ConfirmedAt: at(p.ConfirmedAt), EndedAt: at(p.EndedAt), Steps: []purgeStepJSON{}}
	for _, s := range p.Steps {
		j.Steps = append(j.Steps, purgeStepJSON{s.Kind, at(s.Cutoff), s.Due, s.Kept, s.Removed, s.GoneDigest})
	}
	for id, to := range map[db.ID][]*string{p.MadeBy: {&j.MadeBy}, p.AskedBy: {&j.AskedBy}, p.ConfirmedBy: {&j.ConfirmedBy}} {
		if *to[0], err = a.login(tx, id); err != nil {
			return j, err
		}
	}
	return j, nil
}

func (a *API) purges(tx *db.Tx, r seen) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	all, err := document.Purges(tx, 50)
	j := struct {
		Purges []purgeJSON `json:"purges"`
	}{[]purgeJSON{}}
	for _, p := range all {
		one, err := a.purge(tx, p)
		if err != nil {
			return nil, err
		}
		j.Purges = append(j.Purges, one)
	}
	return j, err
}

func (a *API) onePurge(tx *db.Tx, r seen) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	id, ok := parseID(r.PathValue("id"))
	if !ok {
		return nil, fault.New(fault.Missing, "records.no-purge")
	}
	p, err := document.PurgeOf(tx, id)
	if err != nil {
		return nil, err
	}
	return a.purge(tx, p)
}

// drawPurge begins a dry list; the server counts it in turns.
func (a *API) drawPurge(r seen, _ *form) func(tx *db.Tx) (done, error) {
	return func(tx *db.Tx) (done, error) {
		p, err := document.DrawPurge(tx, r.by, a.Seat.Site)
		if err != nil {
			return done{}, err
		}
		j, err := a.purge(tx, p)
		return done{http.StatusCreated, j}, err
	}
}

// purgeAct frames an act on one purge; digest is that of the dry list which was read.
func (a *API) purgeAct(needs bool, do func(tx *db.Tx, r seen, id db.ID, digest string) (document.Purge, error)) func(r seen, f *form) func(tx *db.Tx) (done, error) {
	return func(r seen, f *form) func(tx *db.Tx) (done, error) {
		digest := ""
		if needs {
			digest = f.needed("digest", longReason)
		}
		return func(tx *db.Tx) (done, error) {
			id, ok := parseID(r.PathValue("id"))
			if !ok {
				return done{}, fault.New(fault.Missing, "records.no-purge")
			}
			p, err := do(tx, r, id, digest)
			if err != nil {
				return done{}, err
			}
			j, err := a.purge(tx, p)
			return done{http.StatusOK, j}, err
		}
	}
}

func (a *API) askPurge() func(r seen, f *form) func(tx *db.Tx) (done, error) {
	return a.purgeAct(true, func(tx *db.Tx, r seen, id db.ID, digest string) (document.Purge, error) {
		return document.AskPurge(tx, r.by, id, digest)
	})
}

func (a *API) confirmPurge() func(r seen, f *form) func(tx *db.Tx) (done, error) {
	return a.purgeAct(true, func(tx *db.Tx, r seen, id db.ID, digest string) (document.Purge, error) {
		return document.ConfirmPurge(tx, r.by, id, digest)
	})
}

func (a *API) stopPurge() func(r seen, f *form) func(tx *db.Tx) (done, error) {
	return a.purgeAct(false, func(tx *db.Tx, r seen, id db.ID, _ string) (document.Purge, error) {
		return document.StopPurge(tx, r.by, id)
	})
}

type dryItemJSON struct {
	ID    db.ID   `json:"id"`
	At    *string `json:"at"` // last touched; null: never settled
	Label string  `json:"label"`
	Why   string  `json:"why"` // why it stays; "": it goes
}

// dryList gives a page of a dry list, one kind of it.
func (a *API) dryList(tx *db.Tx, r seen) (any, error) {
	q, err := query(r, "kind", "after")
	if err != nil {
		return nil, err
	}
	id, ok := parseID(r.PathValue("id"))
	if !ok {
		return nil, fault.New(fault.Missing, "records.no-purge")
	}
	if !slices.Contains(document.RemovedKinds, q.Get("kind")) {
		return nil, badQuery("kind")
	}
	after, ok := parseID(q.Get("after"))
	if !ok && strings.TrimSpace(q.Get("after")) != "" {
		return nil, badQuery("after")
	}
	found, next, more, err := control.DryList(tx, id, q.Get("kind"), after)
	j := struct {
		Items []dryItemJSON `json:"items"`
		Next  *db.ID        `json:"next"`
	}{[]dryItemJSON{}, nil}
	for _, i := range found {
		j.Items = append(j.Items, dryItemJSON{i.ID, stamp(i.At, a.Seat.Site), i.Label, i.Why})
	}
	if more {
		j.Next = &next
	}
	return j, err
}
