package stories

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/form"
	"sapa/internal/intake"
	"sapa/internal/lead"
	"sapa/internal/outbox"
	"sapa/internal/phrase"
	"sapa/internal/report"
	"sapa/internal/staff"
	"sapa/internal/who"
)

// ideas is a leader with the Ideas lists: ideas LEADER brings FILE [name=..] [due=16:00] | proposes evenly|load | deals AGENT=N ... |
// board | receives AGENT | sees (every alert) | exports DATE
func (f *floor) ideas(ts *testscript.TestScript, args []string) (string, error) {
	a, err := f.person(args[0], who.Leader)
	if err != nil {
		return "", err
	}
	switch args[1] {
	case "brings":
		return f.bringsList(ts, a, args[2], pairs(ts, args[3:]))
	case "proposes":
		return f.proposes(a, lead.Rule(args[2]))
	case "deals":
		return f.deals(ts, a, args[2:])
	case "board":
		return f.board(a)
	case "receives":
		return f.receives(a, args[2])
	case "sees":
		return f.seesAlerts(a)
	case "exports":
		return f.exports(ts, args[2])
	}
	ts.Fatalf("ideas cannot %s", args[1])
	return "", nil
}

func (f *floor) bringsList(ts *testscript.TestScript, a who.Actor, file string, in map[string]string) (string, error) {
	text := ts.ReadFile(file)
	var out strings.Builder
	job := intake.Job{By: a, Campaign: "ideas", Name: file, File: strings.NewReader(text), Size: int64(len(text)),
		List: intake.List{Name: in["name"], DueAt: f.moment(ts, in["due"])}}
	job.Refused = func(r intake.Refusal) {
		why := fault.Of(r.Err)
		fmt.Fprintf(&out, "line %d column %s: %s\n", r.Line, r.Column, phrase.Fill(phrase.ID, why.Key, why.Values))
	}
	got, err := f.door.Import(context.Background(), f.store, job)
	fmt.Fprintf(&out, "opened %d, already there %d, refused %d\n", got.Opened, got.Already, got.Refused)
	if got.Batch.ID != 0 {
		fmt.Fprintf(&out, "list %s of %d\n", got.Batch.Name, got.Batch.Rows)
	}
	return out.String(), err
}

// newest gives the leader's board and the newest list on it.
func (f *floor) newest(a who.Actor) (b lead.Ideas, l lead.List, err error) {
	err = f.act(func(tx *db.Tx) (err error) {
		b, err = lead.LookIdeas(tx, a, f.midnight())
		return err
	})
	if err == nil && len(b.Lists) > 0 {
		l = b.Lists[0]
	}
	return b, l, err
}

func (f *floor) midnight() time.Time {
	now := f.clock.Now().In(site)
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, site)
}

func (f *floor) proposes(a who.Actor, rule lead.Rule) (string, error) {
	b, l, err := f.newest(a)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for i, n := range lead.Propose(rule, b.Loads, l.Left) {
		fmt.Fprintf(&out, "%s +%d\n", b.Agents[i].Login, n)
	}
	return out.String(), nil
}

func (f *floor) deals(ts *testscript.TestScript, a who.Actor, args []string) (string, error) {
	_, l, err := f.newest(a)
	if err != nil {
		return "", err
	}
	var shares []lead.Share
	for _, arg := range args {
		login, n, _ := strings.Cut(arg, "=")
		agent, err := f.person(login, who.Agent)
		if err != nil {
			return "", err
		}
		shares = append(shares, lead.Share{Agent: db.ID(agent.ID), N: number(ts, n)})
	}
	var out strings.Builder
	err = f.act(func(tx *db.Tx) error {
		dealt, err := lead.Deal(tx, a, f.hub, l.ID, shares, f.midnight())
		for _, d := range dealt {
			fmt.Fprintf(&out, "%s gets %d mailed %v\n", d.Agent.Login, d.N, d.Mailed)
		}
		return err
	})
	return out.String(), err
}

func (f *floor) board(a who.Actor) (string, error) {
	b, _, err := f.newest(a)
	if err != nil {
		return "", err
	}
	logins := map[db.ID]string{}
	var out strings.Builder
	for i, p := range b.Agents {
		logins[p.ID] = p.Login
		fmt.Fprintf(&out, "%s done %d in work %d waiting %d\n", p.Login, b.Loads[i].Done, b.Loads[i].InWork, b.Loads[i].Waiting)
	}
	for _, l := range b.Lists {
		fmt.Fprintf(&out, "list %s left %d\n", l.Name, l.Left)
		for _, s := range l.Shares {
			fmt.Fprintf(&out, "  %s dealt %d filed %d sent %d\n", logins[s.Agent], s.Dealt, s.Filed, s.Sent)
		}
	}
	for _, one := range b.Forms {
		fmt.Fprintf(&out, "form %s version %d %s\n", logins[one.Agent], one.Version, one.State)
	}
	return out.String(), nil
}

func (f *floor) receives(a who.Actor, login string) (string, error) {
	b, _, err := f.newest(a)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = f.act(func(tx *db.Tx) error {
		for _, one := range b.Forms {
			if one.State != form.Sent || one.Agent != db.ID(f.people[login].ID) {
				continue
			}
			_, _, rows, err := lead.OpenForm(tx, a, one.ID)
			if err == nil {
				_, err = lead.ReceiveForm(tx, a, f.hub, one.ID)
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(&out, "received version %d\n", one.Version)
			for _, r := range rows {
				out.WriteString(rowSaid(r))
			}
		}
		return nil
	})
	return out.String(), err
}

func rowSaid(r form.Row) string {
	return fmt.Sprintf("row %d %s %s %s %s %s | %s\n", r.Seq, r.Ref, r.ServiceNo, r.Status, r.Reason, r.TicketNo, r.Remarks)
}

func (f *floor) seesAlerts(a who.Actor) (string, error) {
	n := 0
	err := f.act(func(tx *db.Tx) error {
		look, err := lead.Look(tx, a, 0)
		for _, p := range look.Alerts {
			if err == nil {
				_, err = outbox.MarkDone(tx, a, p.ID, "")
				n++
			}
		}
		return err
	})
	return fmt.Sprintf("saw %d\n", n), err
}

// exports prints the Force Close form of a day as its file.
func (f *floor) exports(ts *testscript.TestScript, day string) (string, error) {
	from, err := time.ParseInLocation("2006-01-02", day, site)
	ts.Check(err)
	var out strings.Builder
	login := func(id db.ID) string {
		for login, a := range f.people {
			if a.ID == int64(id) {
				return login
			}
		}
		return ""
	}
	err = report.ForceCloseCSV(&out, report.ForceCloseRows(context.Background(), f.store, from, from.AddDate(0, 0, 1)), login, site, phrase.ID)
	return out.String(), err
}

// forms is an agent with the form the leader gave: forms AGENT shows | sends
func (f *floor) forms(ts *testscript.TestScript, args []string) (string, error) {
	a, err := f.person(args[0], who.Agent)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = f.act(func(tx *db.Tx) error {
		sheets, err := f.seat.Forms(tx, a)
		if err != nil {
			return err
		}
		for _, s := range sheets {
			switch {
			case args[1] == "shows":
				fmt.Fprintf(&out, "list %s\n", s.Batch.Name)
				if s.Open != nil {
					fmt.Fprintf(&out, "filling version %d\n", s.Open.Version)
				}
				for _, r := range s.Rows {
					out.WriteString(rowSaid(r))
				}
				for _, c := range s.Left {
					fmt.Fprintf(&out, "to call %s\n", c.No)
				}
				for _, one := range s.Sent {
					fmt.Fprintf(&out, "sent version %d %s\n", one.Version, one.State)
				}
			case s.Open == nil:
				return fault.New(fault.Missing, "form.none")
			default:
				sent, err := f.seat.SendForm(tx, a, s.Open.ID)
				if err != nil {
					return err
				}
				fmt.Fprintf(&out, "sent version %d to %s mailed %v\n", sent.Form.Version, sent.Leader.Login, sent.Mailed)
			}
		}
		return nil
	})
	return out.String(), err
}

// email puts an address on record: email LOGIN ADDRESS
func (f *floor) email(_ *testscript.TestScript, args []string) (string, error) {
	f.secret(args[1])
	a, err := f.person(args[0], roleOf(args[0]))
	if err != nil {
		return "", err
	}
	return "", f.act(func(tx *db.Tx) error { return staff.SetEmail(tx, staff.Console, db.ID(a.ID), args[1]) })
}
