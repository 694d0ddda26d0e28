package stories

import (
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/lead"
	"sapa/internal/outbox"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// leader is a team leader (TL): leader LOGIN recommends|refuses|looks|raises REF|mixes LOGIN CAMPAIGN...|requeues REF|ends REF|
// takes over REF|waives APP of REF WHY|retries APP of REF|declares sto=.. reason=.. [until=15:00]|recovers
func (f *floor) leader(ts *testscript.TestScript, args []string) (string, error) {
	a, err := f.person(args[0], who.Leader)
	if err != nil {
		return "", err
	}
	rest := args[2:]
	switch args[1] {
	case "recommends", "refuses":
		return f.decides(a, args[1] == "recommends", strings.Join(rest, " "))
	case "looks":
		return f.looks(a)
	case "raises":
		return f.onTicket(rest[0], func(tx *db.Tx, id db.ID) error { _, err := lead.Raise(tx, a, id); return err })
	case "requeues":
		return f.onTicket(rest[0], func(tx *db.Tx, id db.ID) error { _, err := lead.Requeue(tx, a, id); return err })
	case "ends":
		return f.onTicket(rest[0], func(tx *db.Tx, id db.ID) error { _, err := lead.End(tx, a, id); return err })
	case "takes":
		return f.onTicket(rest[1], func(tx *db.Tx, id db.ID) error { return lead.TakeOver(tx, a, f.hub, id) })
	case "mixes":
		agent, err := f.person(rest[0], who.Agent)
		if err != nil {
			return "", err
		}
		return "", f.act(func(tx *db.Tx) error { return lead.Mix(tx, a, f.campaigns, db.ID(agent.ID), rest[1:]) })
	case "waives":
		return f.waives(ts, a, rest)
	case "declares":
		return f.declares(ts, a, pairs(ts, rest))
	case "closes": // the parent: its trouble ticket is resolved like any other
		return f.closesParent(a)
	case "recovers":
		return f.recovers(a)
	case "retries":
		return f.onPromise(a, staff.ActSettleOutbox, first, rest, func(tx *db.Tx, id db.ID) error {
			_, err := outbox.Retry(tx, a, id)
			return err
		})
	}
	ts.Fatalf("a leader cannot %s", args[1])
	return "", nil
}

// decides grants or refuses the oldest recommendation asked for.
func (f *floor) decides(a who.Actor, grant bool, why string) (out string, err error) {
	err = f.act(func(tx *db.Tx) error {
		asked, _, err := ticket.Recommendations(tx, "asked", 0, 1)
		if err != nil {
			return err
		}
		if len(asked) == 0 {
			return fmt.Errorf("nobody asked for a recommendation")
		}
		r, err := lead.Decide(tx, a, f.hub, asked[0].ID, grant, why)
		out = "recommendation " + strings.TrimSuffix(r.State+": "+r.Why, ": ") + "\n"
		return err
	})
	return out, err
}

// looks prints what waits for the leader's decision.
func (f *floor) looks(a who.Actor) (string, error) {
	var out strings.Builder
	err := f.act(func(tx *db.Tx) error {
		n, err := lead.Look(tx, a, 0)
		for _, r := range n.Asked {
			fmt.Fprintf(&out, "asked %s %d s: %s\n", r.ServiceNo, r.CallS, r.Reason)
		}
		for _, t := range n.UsedUp {
			fmt.Fprintf(&out, "used up %s\n", t.Ref)
		}
		for _, t := range n.Overdue {
			zone := desk.Zone(t.Zone, site)
			fmt.Fprintf(&out, "overdue %s since %s %s\n", t.Ref, t.DueAt.In(zone).Format("2006-01-02 15.04"), desk.ZoneName(zone))
		}
		for _, p := range n.Alerts {
			fmt.Fprintf(&out, "alert %s\n", p.Text)
		}
		for _, h := range n.Holds {
			t, err := ticket.Get(tx, h.Ticket)
			if err != nil {
				return err
			}
			fmt.Fprintf(&out, "holds %s%s\n", t.Ref, map[bool]string{true: ", helping"}[n.Helping[h.Ticket]])
		}
		return err
	})
	return out.String(), err
}

func (f *floor) onTicket(ref string, do func(tx *db.Tx, id db.ID) error) (out string, err error) {
	err = f.act(func(tx *db.Tx) error {
		t, err := f.find(tx, ref)
		if err != nil {
			return err
		}
		if err := do(tx, t.ID); err != nil {
			return err
		}
		t, err = ticket.Get(tx, t.ID)
		out = f.state(t)
		return err
	})
	return out, err
}

func (f *floor) waives(_ *testscript.TestScript, a who.Actor, rest []string) (string, error) {
	why := strings.Join(rest[3:], " ")
	f.secret(why)
	return f.onPromise(a, staff.ActSettleOutbox, first, rest, func(tx *db.Tx, id db.ID) error {
		_, err := outbox.Waive(tx, a, id, why)
		return err
	})
}

// first picks the oldest promise that is not settled, else the newest of all; last always the newest.
func first(all []outbox.Promise) outbox.Promise {
	for _, p := range all {
		if p.State == outbox.Open || p.State == outbox.Failed {
			return p
		}
	}
	return last(all)
}

func last(all []outbox.Promise) outbox.Promise { return all[len(all)-1] }

// onPromise acts on one promise of a ticket to an application: words are APP of REF.
func (f *floor) onPromise(a who.Actor, act staff.Act, pick func([]outbox.Promise) outbox.Promise, words []string, do func(tx *db.Tx, id db.ID) error) (out string, err error) {
	app, ref := words[0], words[2]
	err = f.act(func(tx *db.Tx) error {
		if err := staff.May(a, act); err != nil {
			return err
		}
		t, err := f.find(tx, ref)
		if err != nil {
			return err
		}
		all, err := owed(tx, t, app)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return fmt.Errorf("%s owes %s nothing", ref, app)
		}
		p := pick(all)
		if err := do(tx, p.ID); err != nil {
			return err
		}
		p, err = outbox.Get(tx, p.ID)
		out = fmt.Sprintf("promise %s %s %s\n", p.App, p.State, p.Reference)
		return err
	})
	return out, err
}

// owed lists a ticket's promises to an application, oldest first, those that are still held too.
func owed(tx *db.Tx, t ticket.Ticket, app string) (all []outbox.Promise, err error) {
	turns, err := ticket.TurnsOfSubject(tx, t.Subject, 20)
	for i := len(turns) - 1; i >= 0 && err == nil; i-- {
		var some []outbox.Promise
		some, err = outbox.OfTurn(tx, turns[i].ID)
		for _, p := range some {
			if p.Ticket == t.ID && p.App == app {
				all = append(all, p)
			}
		}
	}
	return all, err
}
