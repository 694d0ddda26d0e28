package stories

import (
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/journal"
	"sapa/internal/outbox"
	"sapa/internal/phrase"
	"sapa/internal/report"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// ticket prints how a ticket stands: ticket REF
func (f *floor) ticket(_ *testscript.TestScript, args []string) (out string, err error) {
	err = f.act(func(tx *db.Tx) error {
		t, err := f.find(tx, args[0])
		out = f.state(t)
		return err
	})
	return out, err
}

func (f *floor) state(t ticket.Ticket) string {
	var out strings.Builder
	zone := desk.Zone(t.Zone, site)
	fmt.Fprintf(&out, "ticket %s is %s\n", t.Ref, strings.TrimSpace(string(t.State)+" "+t.ClosedReason))
	if !t.DueAt.IsZero() {
		fmt.Fprintf(&out, "due %s %s\n", t.DueAt.In(zone).Format("2006-01-02 15.04"), desk.ZoneName(zone))
	}
	if !t.WakeAt.IsZero() {
		fmt.Fprintf(&out, "sleeps until %s %s\n", t.WakeAt.In(zone).Format("2006-01-02 15.04"), desk.ZoneName(zone))
	}
	for login, a := range f.people {
		if t.Owner != 0 && t.Owner == db.ID(a.ID) {
			fmt.Fprintf(&out, "promised by %s\n", login)
		}
	}
	if t.LeaderOwns {
		out.WriteString("waits for the leader\n")
	}
	for _, c := range t.Contacts {
		bad := ""
		if c.Bad {
			bad = " bad"
		}
		fmt.Fprintf(&out, "contact %s%s\n", c.Phone.Print(), bad)
	}
	fmt.Fprintf(&out, "settled %d times\n", t.Attempts)
	return out.String()
}

// outbox prints the promises outward that can be seen now: outbox [STATE] [of REF]
func (f *floor) outbox(ts *testscript.TestScript, args []string) (string, error) {
	var out strings.Builder
	err := f.act(func(tx *db.Tx) error {
		filter := outbox.Filter{Limit: 200}
		if len(args) > 0 && args[0] != "of" {
			filter.State, args = outbox.State(args[0]), args[1:]
		}
		if len(args) == 2 {
			t, err := f.find(tx, args[1])
			if err != nil {
				return err
			}
			filter.Ticket = t.ID
		}
		all, err := outbox.List(tx, filter)
		for _, p := range all {
			fmt.Fprintf(&out, "%s %s %s clause %s\n%s\n", p.State, p.App, p.Kind, p.Clause, indent(p.Text))
			if p.LastError != "" {
				fmt.Fprintf(&out, "  because %s\n", p.LastError)
			}
		}
		if len(all) == 0 {
			out.WriteString("outbox is empty\n")
		}
		return err
	})
	return out.String(), err
}

func indent(s string) string { return "  " + strings.ReplaceAll(s, "\n", "\n  ") }

// seen asks whether a ticket is somebody's to see: seen by LOGIN REF
func (f *floor) seen(ts *testscript.TestScript, args []string) (out string, err error) {
	a, err := f.person(args[1], who.Agent)
	if err != nil {
		return "", err
	}
	err = f.act(func(tx *db.Tx) error {
		t, err := f.find(tx, args[2])
		if err != nil {
			return err
		}
		t, err = ticket.Seen(tx, staff.ScopeOf(a), t.ID)
		out = "sees " + t.Ref + "\n"
		return err
	})
	return out, err
}

// journal prints what was done with a ticket, oldest first: journal REF
func (f *floor) journal(_ *testscript.TestScript, args []string) (string, error) {
	var out strings.Builder
	err := f.act(func(tx *db.Tx) error {
		t, err := f.find(tx, args[0])
		if err != nil {
			return err
		}
		all, err := journal.Of(tx, t.ID)
		for _, e := range all {
			by := "sapa"
			for login, a := range f.people {
				if a.ID == e.By.ID {
					by = login
				}
			}
			fmt.Fprintf(&out, "%s by %s", e.Act, by)
			for _, name := range sortedKeys(e.Data) {
				fmt.Fprintf(&out, " %s=%s", name, e.Data[name])
			}
			out.WriteByte('\n')
		}
		return err
	})
	return out.String(), err
}

// queue prints how many tickets wait for a call now and how long the oldest has waited: queue
func (f *floor) queue(*testscript.TestScript, []string) (string, error) {
	var out strings.Builder
	err := f.act(func(tx *db.Tx) error {
		campaigns, err := f.campaigns.All(tx)
		if err != nil {
			return err
		}
		lines, err := report.Queue(tx, campaigns)
		for _, c := range lines {
			fmt.Fprintf(&out, "queue %s waiting %d sleeping %d", c.Code, c.Waiting, c.Sleeping)
			if c.Waiting > 0 {
				fmt.Fprintf(&out, " oldest %s", phrase.Age(phrase.ID, tx.Now.Sub(c.Oldest)))
			}
			out.WriteByte('\n')
		}
		return err
	})
	return out.String(), err
}
