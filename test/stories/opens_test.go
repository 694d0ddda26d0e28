package stories

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/intake"
	"sapa/internal/lead"
	"sapa/internal/phone"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// customer puts a customer on record: customer 'Nama Rekaan' service_no=.. phone=.. class=.. zone=..
func (f *floor) customer(ts *testscript.TestScript, args []string) (string, error) {
	in := pairs(ts, args[1:])
	f.secret(args[0], in["phone"])
	return "", f.act(func(tx *db.Tx) error {
		c := customer.Customer{Name: args[0], Class: customer.Class(in["class"]), Zone: in["zone"], Invented: true}
		if in["phone"] != "" {
			var err error
			if c.Phone, err = phone.Parse(in["phone"]); err != nil {
				return err
			}
		}
		_, err := customer.Put(tx, c, []customer.Service{{No: in["service_no"], Kind: "internet"}})
		return err
	})
}

// form reads the fields of one ticket to be opened.
func (f *floor) form(ts *testscript.TestScript, campaign, ref string, in map[string]string) intake.Form {
	f.secret(in["contact_name"], in["phone"], in["other_phone"], in["note"], in["reason"])
	form := intake.Form{Campaign: campaign, Ref: ref, ServiceNo: in["service_no"], ContactName: in["contact_name"], Phone: in["phone"],
		OtherPhone: in["other_phone"], Note: in["note"], Criterion: in["criterion"], Application: in["application"], Reason: in["reason"],
		CallS: number(ts, in["call_s"]), Zone: in["zone"], Fields: map[string]string{}}
	if in["ticket_no"] != "" {
		form.Fields["ticket_no"] = in["ticket_no"]
	}
	form.OpenedAt, form.RequestedAt = f.moment(ts, in["opened_at"]), f.moment(ts, in["requested_at"])
	return form
}

func (f *floor) moment(ts *testscript.TestScript, s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	if len(s) == len("15:04") {
		s = f.clock.Now().In(site).Format("2006-01-02 ") + s
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", s, site)
	ts.Check(err)
	return at
}

// tier1 is a Tier 1 agent: tier1 LOGIN opens REF k=v ..., tier1 LOGIN asks service_no=.. call_s=.. reason=..
func (f *floor) tier1(ts *testscript.TestScript, args []string) (out string, err error) {
	a, err := f.person(args[0], who.Tier1)
	if err != nil {
		return "", err
	}
	switch args[1] {
	case "opens":
		return f.opens(ts, a, args[2], pairs(ts, args[3:]))
	case "asks":
		in := pairs(ts, args[2:])
		f.secret(in["reason"])
		err = f.act(func(tx *db.Tx) error {
			r, err := lead.Ask(tx, a, f.hub, in["service_no"], number(ts, in["call_s"]), in["reason"])
			out = "recommendation " + r.State + "\n"
			return err
		})
		return out, err
	}
	ts.Fatalf("tier1 cannot %s", args[1])
	return "", nil
}

func (f *floor) opens(ts *testscript.TestScript, a who.Actor, ref string, in map[string]string) (out string, err error) {
	form := f.form(ts, cmp.Or(in["campaign"], "callback"), ref, in)
	form.Source = "tier1"
	err = f.act(func(tx *db.Tx) error {
		if err := staff.May(a, staff.ActOpenTicket); err != nil {
			return err
		}
		if form.Criterion == "f" { // the form offers the one that was granted to this person
			mine, _, err := ticket.MyRecommendations(tx, db.ID(a.ID), f.clock.Now().Add(-12*time.Hour), 0, 50)
			if err != nil {
				return err
			}
			for _, r := range mine {
				if form.Recommendation == 0 || r.State == "granted" {
					form.Recommendation = r.ID
				}
			}
		}
		t, fresh, err := f.door.Open(tx, a, form)
		if err == nil {
			out = f.opened(t, fresh)
		}
		return err
	})
	return out, err
}

func (f *floor) opened(t ticket.Ticket, fresh bool) string {
	state := "opened"
	if !fresh {
		state = "already there"
	}
	return fmt.Sprintf("ticket %s %s zone %s\n", t.Ref, state, t.Zone)
}

// intake brings a campaign's tickets in from a file of the story: ref,service_no,contact_name,phone,other_phone,note,zone,opened_at,ticket_no
func (f *floor) intake(ts *testscript.TestScript, args []string) (string, error) {
	feed, err := f.person("umpan", who.Feed)
	if err != nil {
		return "", err
	}
	rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(args[1]))).ReadAll()
	ts.Check(err)
	var out strings.Builder
	for _, row := range rows[1:] {
		in := map[string]string{}
		for i, name := range rows[0] {
			in[name] = row[i]
		}
		form := f.form(ts, args[0], in["ref"], in)
		form.Source = "feed"
		err := f.act(func(tx *db.Tx) error {
			if err := staff.May(feed, staff.ActOpenTicket); err != nil {
				return err
			}
			t, fresh, err := f.door.Open(tx, feed, form)
			if err == nil {
				out.WriteString(f.opened(t, fresh))
			}
			return err
		})
		if err != nil {
			return out.String(), err
		}
	}
	return out.String(), nil
}
