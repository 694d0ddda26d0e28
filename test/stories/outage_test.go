package stories

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"sapa/internal/db"
	"sapa/internal/lead"
	"sapa/internal/outage"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

func (f *floor) settler() *lead.Settler {
	return &lead.Settler{Store: f.store, Follow: f.seat, Hub: f.hub, Site: site}
}

// declares is the leader's act; the parking comes with the house: leader LOGIN declares sto=MLG|odp=..|services=A,B reason=.. [until=15:00]
func (f *floor) declares(ts *testscript.TestScript, a who.Actor, in map[string]string) (string, error) {
	list := func(kind string) []string {
		if in[kind] == "" {
			return nil
		}
		return strings.Split(in[kind], ",")
	}
	f.secret(list("services")...)
	n := outage.New{Scope: outage.Scope{Services: list("services"), ODP: list("odp"), ODC: list("odc"), OLT: list("olt"), STO: list("sto")},
		Reason: in["reason"], Asked: fmt.Sprint(a.ID, f.clock.Now().UnixMilli())}
	if in["until"] != "" {
		now := f.clock.Now().In(site)
		at, err := time.ParseInLocation("2006-01-02 15:04", now.Format("2006-01-02 ")+in["until"], site)
		ts.Check(err)
		n.Estimate = at
	}
	o, err := lead.PlanOutage(context.Background(), f.store, a, n)
	if err != nil {
		return "", err
	}
	err = f.act(func(tx *db.Tx) (err error) {
		o, err = lead.DeclareOutage(tx, a, f.hub, o.ID)
		return err
	})
	return fmt.Sprintf("outage %s over %d services\n", o.State, o.Services), err
}

// recovers ends the oldest outage that is declared.
func (f *floor) recovers(a who.Actor) (string, error) {
	err := f.act(func(tx *db.Tx) error {
		all, err := outage.Active(tx)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return fmt.Errorf("no outage is declared")
		}
		_, err = lead.RecoverOutage(tx, a, f.hub, all[0].ID)
		return err
	})
	return "", err
}

// closesParent resolves the trouble ticket of the oldest outage that is declared, by the workflow.
func (f *floor) closesParent(a who.Actor) (string, error) {
	return "", f.act(func(tx *db.Tx) error {
		all, err := outage.Active(tx)
		if err != nil || len(all) == 0 {
			return fmt.Errorf("no outage is declared: %w", err)
		}
		parent, err := trouble.Get(tx, all[0].Parent)
		if err == nil {
			_, err = f.seat.Move(tx, a, parent.No, trouble.Step{Move: "resolve", Note: "Daya kembali"})
		}
		return err
	})
}

// outages prints how the outages stand, newest first.
func (f *floor) outages(_ *testscript.TestScript, _ []string) (string, error) {
	var out strings.Builder
	err := f.act(func(tx *db.Tx) error {
		all, err := lead.LookOutages(tx, who.House, 10)
		for _, o := range all {
			fmt.Fprintf(&out, "outage %s %s parked %d released %d children %d completed %d calls %d\n", o.State, o.Phase, o.Parked, o.Outage.Released, o.Children, o.Completed, o.Verifying)
		}
		return err
	})
	return out.String(), err
}
