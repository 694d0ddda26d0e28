package courier_test

import (
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
	"sapa/internal/desk"
	"sapa/internal/outbox"
	"sapa/internal/registration"
	"sapa/internal/staff"
	"sapa/internal/who"
	"sapa/test/tmfsim/sim"
)

// ordering lets the site's requests to register be ordered at the simulator too.
func (o *outpost) ordering() *desk.Seat {
	o.t.Helper()
	where := o.sim.Serve(o.t)
	for i := range o.each {
		way := &http.Transport{DialContext: (&net.Dialer{}).DialContext}
		o.t.Cleanup(way.CloseIdleConnections)
		api, err := tmf.Open(tmf.Parts{HTTP: &http.Client{Transport: way}, Root: where + o.sim.Mount("productOrder"), Wait: o.wait, Clock: o.c.Now})
		if err != nil {
			o.t.Fatal(err)
		}
		o.each[i] = courier.NewErrands(courier.ErrandParts{Store: o.s, Carriers: map[string]courier.Carrier{"starclick": tmf.OrderCarrier{Orders: tmf.Orders{API: api}}},
			Errand: courier.ErrandOf("malang"), Arrived: courier.ArrivedOutside, After: tmf.After, Log: slog.New(slog.NewTextHandler(&o.log, nil))})
	}
	o.do(func(tx *db.Tx) error {
		if err := registration.PutODPs(tx, who.House, []registration.ODP{{Name: "ODP-MLG-FA/01", Ports: 8, Used: 7}}); err != nil {
			return err
		}
		return registration.PutPackages(tx, who.House, []registration.Package{{Code: "inet-50", Name: "Internet 50 Mbps", Price: 290_000, Offered: true}})
	})
	seat := desk.New(desk.Parts{Store: o.s})
	seat.Orders = "starclick"
	return seat
}

func (o *outpost) request(no string) (r registration.Request) {
	o.t.Helper()
	o.do(func(tx *db.Tx) (err error) { r, err = registration.ByNo(tx, no); return err })
	return r
}

func (o *outpost) promisesOf(app string) (all []outbox.Promise) {
	o.t.Helper()
	o.do(func(tx *db.Tx) (err error) { all, err = outbox.List(tx, outbox.Filter{App: app}); return err })
	return all
}

// SOP 2.c, A-05: a request with a port is ordered outside exactly once, whatever becomes of the answers, and keeps the number it has there
// beside its own; one that waits for the network is ordered when a port has come free; what is cancelled afterwards is a person's task.
func TestARequestIsOrderedOutsideOnce(t *testing.T) {
	connected(t, func(o *outpost) {
		seat, ani := o.ordering(), o.ani.Actor(who.Page)
		ask := func(address string) (r registration.Request) {
			o.t.Helper()
			o.do(func(tx *db.Tx) (err error) {
				r, err = seat.Register(tx, ani, registration.New{Name: "Calon Rekaan", Phone: "0811 0000 0001", Address: address, City: "Malang", Package: "inet-50", STO: "MLG"})
				return err
			})
			return r
		}
		move := func(no, move, note string) {
			o.t.Helper()
			o.do(func(tx *db.Tx) error {
				_, err := seat.MoveRegistration(tx, staff.Console, no, move, note, 0)
				return err
			})
		}
		o.sim.Fail(sim.Fault{Kind: sim.CutBefore, Resource: "productOrder"}, sim.Fault{Kind: sim.CutAfter, Method: "POST", Resource: "productOrder"},
			sim.Fault{Kind: sim.Refuse, Status: 503, Resource: "productOrder"}, sim.Fault{Kind: sim.Refuse, Status: 401, Resource: "productOrder"})
		first, second := ask("Jalan Rekaan 1"), ask("Jalan Rekaan 2")
		if first.State != registration.Ordered || second.State != registration.Waiting {
			t.Fatalf("%s %s", first.State, second.State)
		}
		o.pass(10 * time.Minute)
		all := o.sim.All("productOrder")
		if len(all) != 1 || all[0]["externalId"] != "sapa:malang:"+first.No || all[0]["description"] != first.No {
			t.Fatalf("%v\n%s", all, o.log.String())
		}
		if r := o.request(first.No); r.Outside != all[0]["id"] {
			t.Errorf("%+v", r)
		}
		if p := o.promisesOf("starclick"); len(p) != 1 || p[0].State != outbox.Done || p[0].Reference != all[0]["id"] || strings.Contains(p[0].Text, "Rekaan") {
			t.Errorf("%+v", p)
		}
		move(first.No, registration.MoveCancel, "pindah rumah")
		move(second.No, registration.MoveOrder, "")
		o.pass(time.Minute)
		if all = o.sim.All("productOrder"); len(all) != 2 || o.request(second.No).Outside != all[1]["id"] {
			t.Errorf("%v", all)
		}
		if p := o.promisesOf("starclick"); len(p) != 3 || p[1].State != outbox.Failed || !strings.Contains(p[1].LastError, first.No) {
			t.Errorf("%+v", p)
		}
		o.sim.Down(true) // a request that is cancelled before it could leave is not ordered at all
		o.do(func(tx *db.Tx) error {
			return registration.PutODPs(tx, who.House, []registration.ODP{{Name: "ODP-MLG-FA/01", Ports: 16, Used: 7}})
		})
		third := ask("Jalan Rekaan 3")
		o.pass(20 * time.Second)
		move(third.No, registration.MoveCancel, "berubah pikiran")
		o.sim.Down(false)
		o.pass(10 * time.Minute)
		if n := len(o.sim.All("productOrder")); n != 2 || o.request(third.No).Outside != "" {
			t.Errorf("%d orders", n)
		}
	})
}

// the customer's words go to the ticket that the other side keeps, by its number there, whatever is called so here; once, also when no
// ticket of ours is about it.
func TestWordsReachTheReportOfTheOtherSide(t *testing.T) {
	connected(t, func(o *outpost) {
		care := o.care("CB-9", sim.Jastel(2))
		for i, of := range []db.ID{care.ID, 0} {
			o.do(func(tx *db.Tx) error {
				_, err := outbox.Add(tx, o.ani.Actor(who.Page), []outbox.Promise{{Ticket: of, App: "nossa", Kind: "note", Text: []string{"Masih mati (rekaan)", "Kapan datang (rekaan)"}[i], Clause: "A-10",
					Key: "IN60000001", Payload: outbox.Outside{Number: "IN60000001", Theirs: true}.Payload()}})
				return err
			})
		}
		o.sim.Fail(sim.Fault{Kind: sim.CutAfter, Method: "PATCH"})
		o.pass(2 * time.Minute)
		_, worklog, _ := o.there(id("IN60000001"))
		slices.Sort(worklog)
		if strings.Join(worklog, "; ") != "Kapan datang (rekaan); Masih mati (rekaan); Teknisi dijadwalkan (rekaan)" {
			t.Errorf("%q\n%s", worklog, o.log.String())
		}
	})
}
