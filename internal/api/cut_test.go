package api_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sapa/internal/connector/tmf"
	"sapa/internal/courier"
	"sapa/internal/db"
	"sapa/internal/document/documenttest"
	"sapa/internal/procedure"
	"sapa/internal/who"
	"sapa/test/tmfsim/sim"
)

// told is a promise to an outside ticket system.
type told struct {
	id, ticket db.ID
	app, state string
}

// SOP 5.2, 5.3, 5.4, 5.5, 5.6, 5.7, 5.8: while every outside ticket system is away for a minute, each campaign is worked to its
// endings through the API and no turn waits; afterwards what the outside must be told has arrived there, each entry once and in
// order per ticket.
func TestSevenCampaignsWhileEveryConnectorIsCut(t *testing.T) {
	b := documenttest.Book(t)
	onFloor(t, func(f *floor) {
		outside, err := sim.New()
		if err != nil {
			t.Fatal(err)
		}
		const most = 200
		outside.TicketsOf(most, func(i int) string { return fmt.Sprintf("152999%06d", i) })
		where := outside.Serve(f.t)
		way := &http.Transport{DialContext: (&net.Dialer{}).DialContext}
		defer way.CloseIdleConnections()
		tickets, err := tmf.Open(tmf.Parts{HTTP: &http.Client{Transport: way}, Root: where + outside.Mount("troubleTicket"), Wait: time.Second, Clock: f.clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		to := tmf.NewCarrier(tmf.Tickets{API: tickets})
		errands := courier.NewErrands(courier.ErrandParts{Store: f.store, Carriers: map[string]courier.Carrier{"nossa": to, "my-cx": to},
			Errand: courier.ErrandOf("malang"), After: tmf.After, Log: slog.New(slog.DiscardHandler)})
		round := func() {
			f.t.Helper()
			f.clock.Advance(2 * time.Second)
			if _, err := errands.Round(context.Background()); err != nil {
				f.t.Fatal(err)
			}
		}

		outside.Down(true)
		n := 0
		for _, p := range b.Procedures {
			ended := map[string]bool{}
			p.Walk(func(facts procedure.Facts, answers procedure.Answers, v procedure.View) {
				known := facts["open_report"] == "yes" || facts["same_today"] == "yes" || facts["ticket_state"] == "closed" || answers["reason"] == "eskalasi"
				if !v.Complete || known || ended[v.Outcome.ID] || n == most || f.t.Failed() {
					return
				}
				n++
				ended[v.Outcome.ID] = true
				f.elsewhere(p, n, facts, answers)
				round()
			})
			if len(ended) < 2 {
				f.t.Errorf("%s: %d endings while the other side was away", p.Code, len(ended))
			}
		}
		for range 30 { // a minute and more
			round()
		}
		owed := f.promises()
		for _, p := range owed {
			if p.state == "done" {
				f.t.Errorf("promise %s to %s is done, and nobody was there", p.id, p.app)
			}
		}
		if len(owed) < 15 {
			f.t.Errorf("only %d promises to outside ticket systems", len(owed))
		}

		outside.Down(false)
		settled := func() bool {
			return !slices.ContainsFunc(f.promises(), func(p told) bool { return p.state == "open" })
		}
		for i := 0; i < 1000 && !settled(); i++ {
			round()
		}
		want := map[db.ID][]string{}
		for _, p := range f.promises() {
			if p.state != "done" {
				f.t.Errorf("promise %s to %s is %s", p.id, p.app, p.state)
			}
			want[p.ticket] = append(want[p.ticket], "[sapa-"+p.id.String()+"@malang]")
		}
		there := map[string][]string{}
		for _, one := range outside.All("troubleTicket") {
			notes, _ := one["note"].([]any)
			for _, note := range notes {
				text, _ := note.(map[string]any)["text"].(string)
				if i := strings.LastIndex(text, "[sapa-"); i >= 0 {
					there[one["id"].(string)] = append(there[one["id"].(string)], text[i:])
				}
			}
		}
		var told, arrived []string
		for _, marks := range want {
			told = append(told, strings.Join(marks, " "))
		}
		for _, marks := range there {
			arrived = append(arrived, strings.Join(marks, " "))
		}
		slices.Sort(told)
		slices.Sort(arrived)
		if !slices.Equal(told, arrived) {
			f.t.Errorf("told, ticket by ticket:\n%s\narrived:\n%s", strings.Join(told, "\n"), strings.Join(arrived, "\n"))
		}
		for _, p := range outside.Problems() {
			f.t.Error(p)
		}
		f.t.Logf("%d turns ended while nobody was there, %d promises", n, len(owed))
	})
}

// promises lists those to outside ticket systems, in the order in which they were made.
func (f *floor) promises() (all []told) {
	f.t.Helper()
	f.write(func(tx *db.Tx) error {
		return tx.Each(`SELECT id, ticket, app, state FROM promise WHERE app = 'nossa' OR app = 'my-cx' ORDER BY id`, nil, func(s db.Scanner) error {
			var p told
			err := s.Scan(&p.id, &p.ticket, &p.app, &p.state)
			all = append(all, p)
			return err
		})
	})
	return all
}

// elsewhere works one ticket to its end whose trouble ticket only the other side has.
func (f *floor) elsewhere(p *procedure.Procedure, n int, facts procedure.Facts, answers procedure.Answers) {
	f.t.Helper()
	f.withinHours()
	service, number, no := fmt.Sprintf("152999%06d", n), fmt.Sprintf("08999%07d", n), fmt.Sprintf("IN%08d", 60000000+n)
	var id string
	if p.Code == "ideas" {
		id = f.onList(n, service, number, no, true)
	} else {
		id = f.ok(http.StatusCreated, who.Feed, "POST", "/tickets", fmt.Sprintf(`{"campaign":%q,"ref":"E-%d","service_no":%q,"contact":{"name":"Rekaan %d","phone":%q},"note":"rekaan","criterion":%q,"fields":{"ticket_no":%q}}`,
			p.Code, n, service, n, number, map[string]string{"callback": "a"}[p.Code], no)).json["id"].(string)
	}
	path, lease := f.taken(p.Code, id)
	f.line(path, lease, facts["last_line"])
	f.ok(http.StatusOK, who.Agent, "POST", path+"/finish", sent(lease, f.filled(p, answers, service, no)))
	f.clock.Advance(9 * time.Second)
}
