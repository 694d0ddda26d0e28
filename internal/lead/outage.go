package lead

import (
	"context"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/live"
	"sapa/internal/outage"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

const listAtOnce = 500 // services of a list written down by one act

// PlanOutage writes down what an outage shall be declared over and counts its services: a draft, which holds nobody. A long
// list of services is written in turns. The same Asked again gives the draft, or the outage, that is there.
func PlanOutage(ctx context.Context, store *db.DB, a who.Actor, n outage.New) (outage.Outage, error) {
	var o outage.Outage
	if err := staff.May(a, staff.ActOutage); err != nil {
		return o, err
	}
	var err error
	if n.Scope, err = n.Scope.Checked(); err != nil {
		return o, err
	}
	var lines int64
	err = store.Read(ctx, func(tx *db.Tx) (err error) {
		lines, err = n.Scope.Lines(tx)
		return err
	})
	if err == nil {
		err = store.Write(ctx, func(tx *db.Tx) (err error) {
			o, err = outage.Begin(tx, a, n, lines)
			return err
		})
	}
	for rest := n.Scope.Services; err == nil && o.State == outage.Draft && len(rest) > 0; {
		some := rest[:min(len(rest), listAtOnce)]
		rest = rest[len(some):]
		err = store.Write(ctx, func(tx *db.Tx) error { return outage.AddServices(tx, o.ID, some) })
	}
	return o, err
}

// DeclareOutage is the one act: from its commit on nobody is handed a ticket of the affected services, IVR Gamas apart; its
// trouble ticket stands, and a fault reported from now on becomes a child of it. The parking follows in turns (Settle).
func DeclareOutage(tx *db.Tx, a who.Actor, hub *live.Hub, id db.ID) (outage.Outage, error) {
	if err := staff.May(a, staff.ActOutage); err != nil {
		return outage.Outage{}, err
	}
	o, err := outage.Get(tx, id)
	if err != nil || o.State != outage.Draft {
		return o, err
	}
	scope, err := outage.ScopeOf(tx, id, outage.MostPlaces)
	if err != nil {
		return o, err
	}
	sto := ""
	if len(scope.STO) == 1 {
		sto = scope.STO[0]
	}
	parent, err := trouble.OpenGamas(tx, a, o.Reason, sto)
	if err != nil {
		return o, err
	}
	o, fresh, err := outage.Declare(tx, a, id, parent.ID)
	if err != nil {
		return o, err
	}
	if !fresh { // somebody else has declared it this moment
		return o, db.Again(fault.New(fault.Conflict, "outage.changed"))
	}
	return o, tellOutage(tx, hub, id)
}

// RecoverOutage ends an outage in one act: its trouble ticket is closed and nothing is parked any more. Its children, the
// release and the verification calls follow in turns (Settle). One that is over already stays as it is.
func RecoverOutage(tx *db.Tx, a who.Actor, hub *live.Hub, id db.ID) (outage.Outage, error) {
	if err := staff.May(a, staff.ActOutage); err != nil {
		return outage.Outage{}, err
	}
	if err := tellOutage(tx, hub, id); err != nil { // before: afterwards nobody's line is affected
		return outage.Outage{}, err
	}
	o, fresh, err := outage.Recover(tx, a, id)
	if err != nil || !fresh {
		return o, err
	}
	_, err = trouble.EndGamas(tx, a, o.Parent, trouble.ByGamas)
	return o, err
}

// SetOutageRule says whether who reported is called once an outage is over, and after how long an outage. version is the one
// that was read.
func SetOutageRule(tx *db.Tx, a who.Actor, r outage.Rule, version int64) (outage.Ruling, error) {
	if err := staff.May(a, staff.ActOutage); err != nil {
		return outage.Ruling{}, err
	}
	return outage.PutRule(tx, a, r, version)
}

// OutageView is an outage as the leader's list and the API show it.
type OutageView struct {
	outage.Outage
	Scope                  outage.Scope // at most some twenty parts of it
	ParentNo               string
	Parked                 int64
	Children, OpenChildren int
}

// LookOutage reads one.
func LookOutage(tx *db.Tx, a who.Actor, id db.ID) (v OutageView, err error) {
	if err = staff.May(a, staff.ActReadOutage); err != nil {
		return v, err
	}
	if v.Outage, err = outage.Get(tx, id); err != nil {
		return v, err
	}
	if v.State == outage.Draft {
		return v, fault.New(fault.Missing, "outage.missing")
	}
	return dress(tx, v.Outage)
}

// LookOutages lists the last ones, newest first, over or not.
func LookOutages(tx *db.Tx, a who.Actor, limit int) ([]OutageView, error) {
	if err := staff.May(a, staff.ActReadOutage); err != nil {
		return nil, err
	}
	found, err := outage.Recent(tx, limit)
	if err != nil {
		return nil, err
	}
	all := make([]OutageView, len(found))
	for i, o := range found {
		if all[i], err = dress(tx, o); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func dress(tx *db.Tx, o outage.Outage) (v OutageView, err error) {
	v.Outage = o
	if v.Scope, err = outage.ScopeOf(tx, o.ID, 20); err != nil {
		return v, err
	}
	if v.Parked, err = ticket.ParkedBy(tx, o.ID); err != nil {
		return v, err
	}
	parent, err := trouble.Get(tx, o.Parent)
	if err != nil {
		return v, err
	}
	v.ParentNo = parent.No
	v.Children, v.OpenChildren, err = trouble.Children(tx, o.Parent)
	return v, err
}

// tellOutage lets the boards and the screens of all who hold a ticket of an affected service look again.
func tellOutage(tx *db.Tx, hub *live.Hub, id db.ID) error {
	held, err := ticket.ServicesInHand(tx)
	if err != nil {
		return err
	}
	var told []string
	for _, h := range held {
		is, err := outage.Stands(tx, id, h.ServiceNo)
		if err != nil {
			return err
		}
		if is {
			told = append(told, "agent:"+h.Agent.String())
		}
	}
	tx.After(func() {
		hub.Publish("board", live.Event{Name: "outage", Data: id.String()})
		for _, topic := range told {
			hub.Publish(topic, live.Event{Name: "trouble", Data: id.String()})
		}
	})
	return nil
}
