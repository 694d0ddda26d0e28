package stories

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"sapa/internal/booking"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/form"
	"sapa/internal/line"
	"sapa/internal/phone"
	"sapa/internal/staff"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// network puts a line and what its measurement will answer on record: network SERVICE sto=MLG rx=-22.8 | fails
func (f *floor) network(ts *testscript.TestScript, args []string) (string, error) {
	in := pairs(ts, args[1:])
	if in["sto"] == "" {
		in["sto"] = "MLG"
	}
	return "", f.act(func(tx *db.Tx) error {
		if err := line.PutLine(tx, line.Line{ServiceNo: args[0], STO: in["sto"], Technology: line.Fibre}); err != nil {
			return err
		}
		r := line.Reading{OperStatus: "online"}
		if in["rx"] != "" {
			rx, err := strconv.ParseFloat(in["rx"], 64)
			ts.Check(err)
			r.OnuRxPwr = &rx
		}
		if in["message"] != "" {
			r = line.Reading{Message: in["message"]}
		}
		return line.PutRecorded(tx, args[0], r)
	})
}

// slots puts technicians' slots: slots STO DATE 10:00-12:00 capacity=1
func (f *floor) slots(ts *testscript.TestScript, args []string) (string, error) {
	in := pairs(ts, args[3:])
	from, until, _ := strings.Cut(args[2], "-")
	at := func(clock string) time.Time {
		t, err := time.ParseInLocation("2006-01-02 15:04", args[1]+" "+clock, site)
		ts.Check(err)
		return t
	}
	return "", f.act(func(tx *db.Tx) error {
		_, err := booking.PutSlots(tx, staff.Console, []booking.Slot{{STO: args[0], From: at(from), Until: at(until), Zone: site.String(), Capacity: number(ts, in["capacity"])}})
		return err
	})
}

// nossa brings one incident of the other side's list: nossa NO k=v ... (service_no, service, state, group, phone, name, reason, parent, lapul, update)
func (f *floor) nossa(ts *testscript.TestScript, args []string) (out string, err error) {
	in := pairs(ts, args[1:])
	f.secret(in["name"], in["phone"], in["update"], in["lapul"])
	feed, err := f.person("feed", who.Feed)
	if err != nil {
		return "", err
	}
	err = f.act(func(tx *db.Tx) error {
		row := trouble.Incoming{No: args[0], ServiceNo: in["service_no"], Service: in["service"], State: trouble.State(in["state"]), Group: in["group"],
			ContactName: in["name"], ContactMobile: mobile(ts, in["phone"]), ClosingReason: in["reason"], Parent: in["parent"], Description: in["description"], Source: in["source"]}
		for i, text := range strings.Split(in["lapul"], "|") {
			if text != "" {
				row.Notes = append(row.Notes, trouble.Note{Type: trouble.ClientNote, Ref: fmt.Sprint("L", i), Detail: text})
			}
		}
		for i, text := range strings.Split(in["update"], "|") {
			if text != "" {
				row.Notes = append(row.Notes, trouble.Note{Type: trouble.UpdateInfo, Ref: fmt.Sprint("U", i), Detail: text})
			}
		}
		t, c, _, err := trouble.Take(tx, feed, row)
		if err != nil {
			return err
		}
		out = f.stands(t)
		return f.seat.Follow(tx, feed, c)
	})
	return out, err
}

func (f *floor) stands(t trouble.Ticket) string {
	var b strings.Builder
	fmt.Fprintf(&b, "trouble %s is %s group %s lapul %d gaul %d reopened %d\n", t.No, t.State, t.Group, t.Lapul, t.Gaul, t.Reopens)
	if t.Subject != (trouble.Subject{}) {
		fmt.Fprintf(&b, "subject %s\n", t.Subject)
	}
	if t.BookingStatus != "" {
		fmt.Fprintf(&b, "booking %s fcr %v measured %v\n", t.BookingStatus, t.FCR, t.Measurement != 0)
	}
	if len(t.Marks) > 0 {
		fmt.Fprintf(&b, "marks %s\n", strings.Join(t.Marks, " "))
	}
	return b.String()
}

// trouble prints how a trouble ticket stands: trouble NO | trouble of SERVICE | trouble moved NO (its workflow so far) | trouble worklog NO
func (f *floor) trouble(_ *testscript.TestScript, args []string) (string, error) {
	var out strings.Builder
	err := f.act(func(tx *db.Tx) error {
		if args[0] == "of" {
			all, err := trouble.OfService(tx, args[1], 20)
			for _, t := range all {
				out.WriteString(f.stands(t))
			}
			fmt.Fprintf(&out, "%d tickets\n", len(all))
			return err
		}
		t, err := trouble.ByNo(tx, args[len(args)-1])
		if err != nil {
			return err
		}
		switch args[0] {
		case "moved":
			moves, err := trouble.History(tx, t.ID)
			for _, m := range moves {
				fmt.Fprintf(&out, "%s %s %s group %s to %s\n", m.Was, m.Move, m.Became, m.OldGroup, m.NewGroup)
			}
			return err
		case "worklog":
			notes, err := trouble.Worklog(tx, t.ID)
			for _, n := range notes {
				fmt.Fprintf(&out, "%s %s: %s\n", n.Type, n.Summary, strings.ReplaceAll(n.Detail, "\n", " / "))
			}
			return err
		}
		out.WriteString(f.stands(t))
		return nil
	})
	return out.String(), err
}

// measures asks the recorded table, as the desk does when it dials (SOP 5.2.10.j).
func (f *floor) measures(a who.Actor, service string) (string, error) {
	m := line.NewMeter(f.store, line.Recorded{Store: f.store}, "rekaman")
	defer m.Close(context.Background())
	got, err := m.Measure(context.Background(), a, service)
	return fmt.Sprintf("measured %s %s %s\n", got.Verdict, got.Class, got.Failure), err
}

// complains keeps answers of 5.2.10 and prints what is asked and on offer.
func (f *floor) complains(ts *testscript.TestScript, a who.Actor, args []string) (string, error) {
	var out strings.Builder
	err := f.held(a, func(tx *db.Tx, h hand) error {
		c, err := f.seat.Complaint(tx, a, h.ticket, h.token)
		if err != nil {
			return err
		}
		if len(args) > 0 {
			if c, err = f.seat.AnswerComplaint(tx, a, h.ticket, h.token, f.chosen(ts, tx, a, c, pairs(ts, args)), c.Version); err != nil {
				return err
			}
		}
		for _, r := range c.Reports {
			fmt.Fprintf(&out, "reported %s %s\n", r.No, r.State)
		}
		for _, fv := range c.View.Fields {
			fmt.Fprintf(&out, "asks %s", fv.ID)
			if fv.Value != "" && fv.Type == "choice" {
				fmt.Fprintf(&out, " = %s", fv.Value)
			}
			for _, o := range fv.Offer {
				fmt.Fprintf(&out, " %s", o.ID)
			}
			out.WriteString("\n")
		}
		fmt.Fprintf(&out, "subject %s\n", c.Subject)
		for _, v := range c.Slots {
			fmt.Fprintf(&out, "slot %s left %d\n", v.From.In(site).Format("2006-01-02 15:04"), v.Left())
		}
		if c.Hold != nil {
			out.WriteString("holds a slot\n")
		}
		return nil
	})
	return out.String(), err
}

// chosen turns slot=10:00 or slot=first into the slot's id.
func (f *floor) chosen(ts *testscript.TestScript, tx *db.Tx, a who.Actor, c desk.Complaint, in map[string]string) map[string]string {
	f.secret(in["description"], in["customer_note"], in["contact_email"])
	want, given := in["slot"]
	if !given || want == "" {
		return in
	}
	for _, v := range c.Slots {
		if want == "first" && v.Left() > 0 || v.From.In(site).Format("15:04") == want || v.From.In(site).Format("2006-01-02 15:04") == want {
			in["slot"] = v.ID.String()
			return in
		}
	}
	return in
}

// submits presses Submit of 5.2.10.
func (f *floor) submits(ts *testscript.TestScript, a who.Actor, args []string) (string, error) {
	out := ""
	err := f.held(a, func(tx *db.Tx, h hand) error {
		c, err := f.seat.Complaint(tx, a, h.ticket, h.token)
		if err != nil {
			return err
		}
		in := f.chosen(ts, tx, a, c, pairs(ts, args))
		agreed := in["agreed"] // what the customer says to the slot; yes, when the story does not say
		delete(in, "agreed")
		r := desk.Report{Source: h.ticket, Answers: in}
		if agreed != "no" {
			if r.Agreed = in["slot"]; r.Agreed == "" {
				r.Agreed = c.View.Answers["slot"]
			}
		}
		filed, err := f.seat.File(tx, a, r)
		if err != nil {
			return err
		}
		out = "outcome " + filed.Outcome + "\n" + f.stands(filed.Trouble)
		if filed.Slot != nil {
			out += fmt.Sprintf("slot %s left %d\n", filed.Slot.From.In(site).Format("2006-01-02 15:04"), filed.Slot.Left())
		}
		return nil
	})
	return out, err
}

// moves makes a move of the workflow: moves LOGIN NO MOVE k=v ... (classification, group, reason, note)
func (f *floor) moves(ts *testscript.TestScript, args []string) (out string, err error) {
	a, err := f.person(args[0], roleOf(args[0]))
	if err != nil {
		return "", err
	}
	in := pairs(ts, args[3:])
	err = f.act(func(tx *db.Tx) error {
		t, err := f.seat.Move(tx, a, args[1], trouble.Step{Move: args[2], Classification: in["classification"], Group: in["group"], Reason: in["reason"], Note: in["note"]})
		if err == nil {
			out = f.stands(t)
		}
		return err
	})
	return out, err
}

// writes puts a new row into a worklog: writes LOGIN NO TYPE TEXT
func (f *floor) writes(_ *testscript.TestScript, args []string) (out string, err error) {
	a, err := f.person(args[0], roleOf(args[0]))
	if err != nil {
		return "", err
	}
	f.secret(args[3])
	err = f.act(func(tx *db.Tx) error {
		t, err := f.seat.Note(tx, a, args[1], trouble.Note{Type: args[2], Detail: args[3]})
		if err == nil {
			out = f.stands(t)
		}
		return err
	})
	return out, err
}

func mobile(ts *testscript.TestScript, s string) phone.Number {
	if s == "" {
		return ""
	}
	n, err := phone.Parse(s)
	ts.Check(err)
	return n
}

// roleOf: people of these stories bear their role in their login.
func roleOf(login string) who.Role {
	for prefix, role := range map[string]who.Role{"tl": who.Leader, "feed": who.Feed, "tier1": who.Tier1, "admin": who.Admin} {
		if strings.HasPrefix(login, prefix) {
			return role
		}
	}
	return who.Agent
}

// rows prints the report forms: rows force-close | rows ideas LOGIN
func (f *floor) rows(_ *testscript.TestScript, args []string) (string, error) {
	var out strings.Builder
	err := f.act(func(tx *db.Tx) error {
		all, err := form.ForceCloseRows(tx, time.Time{}, f.clock.Now().Add(time.Hour), 0, 200)
		for _, r := range all {
			fmt.Fprintf(&out, "row %s %s %s %s\n", r.TicketNo, r.ServiceNo, r.Status, r.Remarks)
		}
		fmt.Fprintf(&out, "%d rows\n", len(all))
		return err
	})
	return out.String(), err
}
