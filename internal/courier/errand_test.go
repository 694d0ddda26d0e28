package courier_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/internal/connector/tmf"
	"sapa/internal/courier"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/outbox"
	"sapa/internal/phone"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
	"sapa/test/tmfsim/sim"
)

// outpost is a site whose Nossa and My CX are connected to a simulator.
type outpost struct {
	t    *testing.T
	s    *db.DB
	c    *dbtest.Clock
	sim  *sim.Sim
	ani  staff.Person
	wait time.Duration
	each [2]*courier.Errands // two nodes
	log  bytes.Buffer
}

// systems are how outside systems differ.
var systems = map[string]func(s *sim.Sim){
	"adds to lists, has versions": func(s *sim.Sim) { s.Versions, s.Unique = true, true },
	"replaces lists":              func(s *sim.Sim) { s.NoPatch, s.OwnNotes, s.Page = true, true, 3 },
}

func connected(t *testing.T, f func(o *outpost)) {
	t.Helper()
	for name, set := range systems {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
				o := &outpost{t: t, s: s, c: c, wait: time.Second}
				var err error
				if o.sim, err = sim.New(); err != nil {
					t.Fatal(err)
				}
				set(o.sim)
				o.sim.Tickets(6)
				o.open()
				f(o)
			})
		})
	}
}

func (o *outpost) open() {
	o.t.Helper()
	where := o.sim.Serve(o.t)
	for i := range o.each {
		way := &http.Transport{DialContext: (&net.Dialer{}).DialContext}
		o.t.Cleanup(way.CloseIdleConnections)
		api, err := tmf.Open(tmf.Parts{HTTP: &http.Client{Transport: way}, Root: where + o.sim.Mount("troubleTicket"), Wait: o.wait, Clock: o.c.Now})
		if err != nil {
			o.t.Fatal(err)
		}
		to := tmf.NewCarrier(tmf.Tickets{API: api})
		o.each[i] = courier.NewErrands(courier.ErrandParts{Store: o.s, Carriers: map[string]courier.Carrier{"nossa": to, "my-cx": to},
			Errand: courier.ErrandOf("malang"), After: tmf.After, Log: slog.New(slog.NewTextHandler(&o.log, nil))})
	}
	o.do(func(tx *db.Tx) (err error) {
		o.ani, err = staff.Add(tx, staff.Console, staff.Person{Login: "42147", Name: "Ani Rekaan", Role: who.Agent})
		return err
	})
}

func (o *outpost) do(act func(tx *db.Tx) error) {
	o.t.Helper()
	if err := o.s.Write(context.Background(), act); err != nil {
		o.t.Fatal(err)
	}
}

// care opens a care ticket about a trouble ticket.
func (o *outpost) care(no, serviceNo string) (t ticket.Ticket) {
	o.t.Helper()
	o.do(func(tx *db.Tx) (err error) {
		t, _, err = ticket.Open(tx, who.House, ticket.New{Campaign: "c4-carring", Ref: "C4-" + no, ServiceNo: serviceNo, ContactName: "Ibu Rekaan", Zone: "Asia/Jakarta",
			Contacts: []ticket.Contact{{Phone: phone.Number("+6281100000001")}}, Source: "feed", Fields: map[string]string{"ticket_no": no}})
		return err
	})
	return t
}

// report opens a trouble ticket here, whose number may be anybody's there.
func (o *outpost) report(serviceNo string) (t trouble.Ticket) {
	o.t.Helper()
	o.do(func(tx *db.Tx) (err error) {
		t, _, err = trouble.Open(tx, o.ani.Actor(who.Page), trouble.New{ServiceNo: serviceNo, Service: "internet", CustomerName: "Suwarni Rekaan", CustomerClass: "REGULER",
			Symptom: "tbc", Verdict: "SPEC", ContactName: "Suwarni", ContactEmail: "suwarni@rekaan.example", ContactMobile: "08999000 1234", HardComplaint: "ramah",
			Urgency: "normal", FCR: "no", Description: "Tidak bisa connect sejak pagi (rekaan).", STO: "MLG", Witel: "MALANG"})
		return err
	})
	return t
}

func (o *outpost) promise(t ticket.Ticket, app, kind, text string, out outbox.Outside) (p outbox.Promise) {
	o.t.Helper()
	o.do(func(tx *db.Tx) error {
		made, err := outbox.Add(tx, o.ani.Actor(who.Page), []outbox.Promise{{Ticket: t.ID, App: app, Kind: kind, Text: text, Payload: out.Payload(), Clause: "5.5.9"}})
		p = made[0]
		return err
	})
	return p
}

// round lets both nodes work at once.
func (o *outpost) round() {
	o.t.Helper()
	var all sync.WaitGroup
	errs := make([]error, len(o.each))
	for i, e := range o.each {
		all.Go(func() { _, errs[i] = e.Round(context.Background()) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		o.t.Fatal(err)
	}
}

// pass lets time pass with a round every two seconds.
func (o *outpost) pass(d time.Duration) {
	for ; d > 0; d -= 2 * time.Second {
		o.c.Advance(2 * time.Second)
		o.round()
	}
}

func (o *outpost) states() map[outbox.State]int {
	n := map[outbox.State]int{}
	o.do(func(tx *db.Tx) error {
		return tx.Each(`SELECT state, count(*) FROM promise GROUP BY state`, nil, func(s db.Scanner) error {
			var state string
			var count int
			err := s.Scan(&state, &count)
			n[outbox.State(state)] = count
			return err
		})
	})
	return n
}

// there gives the worklog of a ticket of the other side, one line for each entry without its mark.
func (o *outpost) there(match func(t map[string]any) bool) (status string, worklog []string, tickets int) {
	for _, t := range o.sim.All("troubleTicket") {
		if !match(t) {
			continue
		}
		tickets++
		status, _ = t["status"].(string)
		notes, _ := t["note"].([]any)
		for _, n := range notes {
			text, _, _ := strings.Cut(n.(map[string]any)["text"].(string), "\n[sapa-")
			worklog = append(worklog, text)
		}
	}
	return status, worklog, tickets
}

func id(no string) func(map[string]any) bool {
	return func(t map[string]any) bool { return t["id"] == no }
}

// SOP 5.5.9, 5.5.10, 5.6.2.b.reopen: the other side is away for a minute, in the middle of what we tell it, and comes back in a bad
// mood. Afterwards everything has arrived, once, in order per ticket - with two nodes at work.
func TestAMinuteWithoutTheOtherSideLosesNothing(t *testing.T) {
	connected(t, func(o *outpost) {
		var cares []ticket.Ticket
		want := map[string][]string{}
		for i := range 4 {
			no := fmt.Sprintf("IN6000000%d", i+1)
			cares = append(cares, o.care(no, sim.Jastel(i+2)))
			want[no] = []string{"Teknisi dijadwalkan (rekaan)"}
		}
		here := o.report(sim.Jastel(9))
		cares = append(cares, o.care(here.No, sim.Jastel(9)))
		tell := func(round string) {
			for _, c := range cares {
				no := c.Fields["ticket_no"]
				text := "C4 Carring " + round + " (rekaan)"
				o.promise(c, "nossa", "note", text, outbox.Outside{})
				want[no] = append(want[no], text)
			}
		}
		o.promise(cares[4], "nossa", "trouble", "Dibuka dari sapa (rekaan)", outbox.Outside{Open: &outbox.Opening{Subject: here.Subject.String(), Description: here.Description,
			Service: here.Service, ServiceNo: here.ServiceNo, Urgency: here.Urgency}})
		want[here.No] = append(want[here.No], "Dibuka dari sapa (rekaan)")
		tell("pertama")
		o.sim.Fail(sim.Fault{Kind: sim.CutAfter, Method: "PATCH", Times: 2}, sim.Fault{Kind: sim.CutAfter, Method: "POST"}) // done there, and we do not hear of it
		o.round()
		o.sim.Down(true)
		for i := range 6 {
			tell(fmt.Sprintf("putus %d", i+1))
			o.pass(10 * time.Second)
		}
		if n := o.states(); n[outbox.Open] < 30 || n[outbox.Failed] != 0 {
			t := o.t
			t.Errorf("after the minute %v", n)
		}
		o.sim.Down(false)
		o.sim.Fail(sim.Fault{Kind: sim.Refuse, Status: 503}, sim.Fault{Kind: sim.Refuse, Status: 429, After: "9", Method: "GET"}, sim.Fault{Kind: sim.Late, Method: "PATCH"},
			sim.Fault{Kind: sim.CutAfter, Method: "PATCH"}, sim.Fault{Kind: sim.Twice, Method: "PATCH", Times: 3}, sim.Fault{Kind: sim.Nonsense, Method: "GET"},
			sim.Fault{Kind: sim.Refuse, Status: 401}, sim.Fault{Kind: sim.WrongType, Method: "PATCH"})
		for i, c := range cares {
			no, state, kind := c.Fields["ticket_no"], "resolved", "trouble"
			text := "Route Workflow: Resolve (rekaan)"
			if i == 3 { // SOP 5.7: the customer notes only
				state, kind, text = "", "outside", "Minta percepatan (rekaan)"
			}
			o.promise(c, "nossa", kind, text, outbox.Outside{State: state, Reason: "solve"})
			want[no] = append(want[no], text)
		}
		back := o.c.Now()
		for len(o.states()) != 1 || o.states()[outbox.Done] == 0 {
			o.pass(2 * time.Second)
			if o.c.Now().Sub(back) > 10*time.Minute {
				o.t.Fatalf("after ten minutes %v\n%s", o.states(), o.log.String())
			}
		}
		o.t.Logf("everything there %v after the other side came back", o.c.Now().Sub(back))
		for no, w := range want {
			match, status := id(no), "resolved"
			if no == here.No {
				match = func(t map[string]any) bool { return t["externalId"] == "sapa:malang:"+no }
			}
			if no == "IN60000004" {
				status = "inProgress"
			}
			got, worklog, n := o.there(match)
			if got != status || n != 1 || !slices.Equal(worklog, w) {
				o.t.Errorf("%s: %d tickets, %s, worklog\n %q, want\n %q", no, n, got, worklog, w)
			}
		}
		if n := len(o.sim.All("troubleTicket")); n != 7 {
			o.t.Errorf("%d tickets there, want 7", n)
		}
		if strings.Contains(o.log.String(), sim.Jastel(9)) {
			o.t.Errorf("the log holds a number: %s", o.log.String())
		}
	})
}

// What the other side refuses for good, or what a promise does not say, is a leader's: it holds back what comes after it on the same
// ticket, and nothing else.
func TestAnErrandRefusedIsALeaders(t *testing.T) {
	connected(t, func(o *outpost) {
		for no, c := range map[string]struct {
			kind string
			out  outbox.Outside
			fail sim.Fault
			set  func(t map[string]any)
			want string
		}{
			"IN60000001": {"note", outbox.Outside{}, sim.Fault{}, func(t map[string]any) { t["relatedEntity"].([]any)[0].(map[string]any)["id"] = "152000000009" }, "milik layanan lain"},
			"IN60000002": {"trouble", outbox.Outside{State: "resolved"}, sim.Fault{}, func(t map[string]any) { t["status"] = "closed" }, "closed, jadi tidak bisa menjadi resolved"},
			"IN60000003": {"trouble", outbox.Outside{}, sim.Fault{}, nil, "tidak menyebut status"},
			"IN99999999": {"note", outbox.Outside{}, sim.Fault{}, nil, "tidak mengenalnya"},
			"IN60000005": {"note", outbox.Outside{}, sim.Fault{Kind: sim.Refuse, Status: 400, Said: "untuk 6281100000001, token=abcdef"}, nil, "menolak (400): untuk ***001, token ***"},
		} {
			if c.set != nil {
				o.sim.Change("troubleTicket", no, c.set)
			}
			if c.fail.Kind != "" {
				o.sim.Fail(c.fail)
			}
			care := o.care(no, sim.Jastel(int(no[len(no)-1]-'0')+1))
			first := o.promise(care, "nossa", c.kind, "satu (rekaan)", c.out)
			second := o.promise(care, "nossa", "note", "dua (rekaan)", outbox.Outside{})
			o.pass(4 * time.Second)
			o.do(func(tx *db.Tx) (err error) {
				if first, err = outbox.Get(tx, first.ID); err == nil {
					second, err = outbox.Get(tx, second.ID)
				}
				return err
			})
			if first.State != outbox.Failed || !strings.Contains(first.LastError, c.want) || second.State != outbox.Open || second.Attempts != 0 {
				o.t.Errorf("%s: %s %q, then %s after %d tries", no, first.State, first.LastError, second.State, second.Attempts)
			}
		}
		other := o.care("IN60000006", sim.Jastel(7))
		p := o.promise(other, "nossa", "note", "lain (rekaan)", outbox.Outside{})
		o.promise(other, "sephia", "outside", "belum ada penghubungnya (rekaan)", outbox.Outside{})
		o.pass(2 * time.Second)
		if n := o.states(); n[outbox.Done] != 1 || n[outbox.Failed] != 5 {
			o.t.Errorf("%v", n)
		}
		o.do(func(tx *db.Tx) (err error) {
			if p, err = outbox.Get(tx, p.ID); p.Reference != "IN60000006" {
				o.t.Errorf("%+v", p)
			}
			return err
		})
	})
}

// trust: one act, one effect. A site that is renamed leaves its marks under the name it had: it knows them again.
func TestAMarkKeepsTheFirstName(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		for _, now := range []string{"malang", "malang-2", "surabaya"} {
			if name, err := courier.MarkName(t.Context(), s, now); err != nil || name != "malang" {
				t.Errorf("%s: %q, %v", now, name, err)
			}
		}
	})
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		chance, err := courier.MarkName(t.Context(), s, "")
		if again, err2 := courier.MarkName(t.Context(), s, "malang"); err != nil || err2 != nil || len(chance) != 10 || again != chance {
			t.Errorf("without a name: %q, then %q, %v, %v", chance, again, err, err2)
		}
	})
}
