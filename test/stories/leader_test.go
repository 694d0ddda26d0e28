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
// takes over REF|waives APP of REF WHY|retries APP of REF
func (f *floor) leader(ts *testscript.TestScript, args []string) (string, error) {
	a, err := f.person(args[0], who.Leader)
	if err != nil {
		return "", err
	}
	rest := args[2:]
	switch args[1] {
	case "recommends", "refuses":
		return f.decides(a, args[1] == "recommends")
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
		f.secret(rest[3:]...)
		return f.onPromise(ts, a, staff.ActSettleOutbox, rest[0], rest[2], func(tx *db.Tx, id db.ID) error {
			_, err := outbox.Waive(tx, a, id, strings.Join(rest[3:], " "))
			return err
		})
	case "retries":
		return f.onPromise(ts, a, staff.ActSettleOutbox, rest[0], rest[2], func(tx *db.Tx, id db.ID) error {
			_, err := outbox.Retry(tx, a, id)
			return err
		})
	}
	ts.Fatalf("a leader cannot %s", args[1])
	return "", nil
}

// decides grants or refuses the oldest recommendation asked for.
func (f *floor) decides(a who.Actor, grant bool) (out string, err error) {
	err = f.act(func(tx *db.Tx) error {
		asked, err := ticket.Recommendations(tx, "asked")
		if err != nil {
			return err
		}
		if len(asked) == 0 {
			return fmt.Errorf("nobody asked for a recommendation")
		}
		r, err := lead.Decide(tx, a, f.hub, asked[0].ID, grant)
		out = "recommendation " + r.State + "\n"
		return err
	})
	return out, err
}

// looks prints what waits for the leader's decision.
func (f *floor) looks(a who.Actor) (string, error) {
	var out strings.Builder
	err := f.act(func(tx *db.Tx) error {
		n, err := lead.Look(tx, a)
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
			fmt.Fprintf(&out, "holds %s\n", t.Ref)
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

// onPromise acts on the first promise of a ticket to an application that is not settled, else on its last one.
func (f *floor) onPromise(ts *testscript.TestScript, a who.Actor, act staff.Act, app, ref string, do func(tx *db.Tx, id db.ID) error) (out string, err error) {
	err = f.act(func(tx *db.Tx) error {
		if err := staff.May(a, act); err != nil {
			return err
		}
		t, err := f.find(tx, ref)
		if err != nil {
			return err
		}
		var id db.ID
		turns, err := ticket.TurnsOfSubject(tx, t.Subject, 20)
		if err != nil {
			return err
		}
		for _, turn := range turns {
			owed, err := outbox.OfTurn(tx, turn.ID)
			if err != nil {
				return err
			}
			for _, p := range owed {
				open := p.State == outbox.Open || p.State == outbox.Failed
				if p.Ticket == t.ID && p.App == app && (id == 0 || open && p.ID < id) {
					id = p.ID
				}
			}
		}
		if id == 0 {
			return fmt.Errorf("%s owes %s nothing", ref, app)
		}
		if err := do(tx, id); err != nil {
			return err
		}
		p, err := outbox.Get(tx, id)
		out = fmt.Sprintf("promise %s %s %s\n", p.App, p.State, p.Reference)
		return err
	})
	return out, err
}

func done(tx *db.Tx, a who.Actor, id db.ID, reference string) error {
	_, err := outbox.MarkDone(tx, a, id, reference)
	return err
}
