package mirror_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/internal/connector/tmf"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/egress"
	"sapa/internal/live"
	"sapa/internal/mirror"
	"sapa/internal/phone"
	"sapa/internal/trouble"
	"sapa/internal/who"
	"sapa/test/tmfsim/sim"
)

var ctx = context.Background()

// kinds are the outside systems of the tests, with what must be known to ask each.
var kinds = []struct {
	kind, app, resource string
	needs               mirror.Need
	with                []string
	payments            bool
}{{"tmf629", "i-siska", "customer", mirror.NCLI, nil, false}, {"tmf632", "i-siska", "individual", mirror.Person, []string{"tmf629"}, false},
	{"tmf638", "i-siska", "service", mirror.Either, nil, false}, {"tmf678", "e-payment", "customerBill", mirror.NCLI, []string{"tmf676"}, false},
	{"tmf676", "e-payment", "payment", mirror.NCLI, []string{"tmf678"}, true}, {"tmf622", "starclick", "productOrder", mirror.NCLI, nil, false},
	{"tmf621", "nossa", "troubleTicket", mirror.Number, nil, false}}

// site is a house whose outside systems are simulated.
type site struct {
	t     *testing.T
	s     *db.DB
	c     *dbtest.Clock
	sim   *sim.Sim
	where string
	hub   *live.Hub
	wait  time.Duration
	r     *mirror.Reader
}

func connected(t *testing.T, f func(w *site)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		w := &site{t: t, s: s, c: c, hub: live.NewHub(), wait: 5 * time.Second}
		var err error
		if w.sim, err = sim.New(); err != nil {
			t.Fatal(err)
		}
		w.sim.Fill(12)
		w.where = w.sim.Serve(t)
		w.open()
		f(w)
	})
}

// open makes a reader with clients of its own, as a start of the server does.
func (w *site) open(but ...string) {
	w.t.Helper()
	jakarta, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		w.t.Fatal(err)
	}
	target, err := egress.ParseTarget(strings.TrimPrefix(w.where, "http://"))
	if err != nil {
		w.t.Fatal(err)
	}
	p := mirror.Parts{Store: w.s, Hub: w.hub, Site: jakarta, Log: slog.New(slog.DiscardHandler)}
	for _, k := range kinds {
		if slices.Contains(but, k.kind) {
			continue
		}
		base := w.where + w.sim.Mount(k.resource)
		client, err := egress.New(egress.Settings{Base: base, Allow: []egress.Target{target}, Whole: w.wait, Answer: w.wait, Failures: 3, Open: time.Hour, Clock: w.c.Now})
		if err != nil {
			w.t.Fatal(err)
		}
		w.t.Cleanup(client.Close)
		api, err := tmf.Open(tmf.Parts{HTTP: client.HTTP(), Root: base, Wait: w.wait, Clock: w.c.Now})
		if err != nil {
			w.t.Fatal(err)
		}
		asker, ok := tmf.AskOf(k.kind, api, jakarta)
		if !ok {
			w.t.Fatalf("%s answers nothing", k.kind)
		}
		p.Sources = append(p.Sources, mirror.Source{Asker: asker, ID: k.kind, Application: k.app, Needs: k.needs, With: k.with, Payments: k.payments, Within: 2 * w.wait})
	}
	w.r = mirror.New(p)
}

func (w *site) do(act func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.s.Write(ctx, act); err != nil {
		w.t.Fatal(err)
	}
}

// own is a customer of the house with the number of the simulator's customer n, and nothing else that the outside knows.
func (w *site) own(n int) (c customer.Customer) {
	w.t.Helper()
	w.do(func(tx *db.Tx) (err error) {
		c, err = customer.Put(tx, customer.Customer{Name: "Nama Lama", Class: customer.Gold, Address: "Jl. Lama 1", City: "Malang", Zone: "Asia/Jakarta", Phone: phone.Number("+6281299990001")},
			[]customer.Service{{No: sim.Jastel(n), Kind: customer.Internet}})
		return err
	})
	return c
}

// read reads a customer at once.
func (w *site) read(id db.ID, no string, want bool) {
	w.t.Helper()
	heard, err := w.r.Now(ctx, id, no)
	if err != nil || heard != want {
		w.t.Fatalf("heard %t (%v), want %t", heard, err, want)
	}
}

// kept is what the house knows of a customer.
type kept struct {
	customer.Customer
	services []customer.Service
	contacts []customer.Contact
	bills    []customer.Bill
	orders   []customer.Order
	reports  []customer.Report
	readings map[string]customer.Reading
	isolir   customer.Isolir
	learned  int // entries of the journal
}

func (w *site) kept(id db.ID) (k kept) {
	w.t.Helper()
	err := w.s.Read(ctx, func(tx *db.Tx) (err error) {
		if k.Customer, err = customer.Get(tx, id); err != nil {
			return err
		}
		if k.services, err = customer.Services(tx, id); err != nil {
			return err
		}
		if k.contacts, err = customer.Contacts(tx, id); err != nil {
			return err
		}
		if k.bills, err = customer.Bills(tx, id, 24); err != nil {
			return err
		}
		if k.orders, err = customer.Orders(tx, id, 24); err != nil {
			return err
		}
		for _, s := range k.services {
			more, err := customer.OpenReports(tx, s.No)
			if err != nil {
				return err
			}
			k.reports = append(k.reports, more...)
		}
		if k.isolir, err = customer.IsolirOf(tx, k.Customer); err != nil {
			return err
		}
		k.readings = w.readings(tx, customer.SubjectOf(id, ""))
		return tx.Row(`SELECT count(*) FROM journal WHERE act = 'customer.learned' AND ref = $1`, id).Scan(&k.learned)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return k
}

func (w *site) readings(tx *db.Tx, subject string) map[string]customer.Reading {
	w.t.Helper()
	all, err := customer.Readings(tx, subject)
	if err != nil {
		w.t.Fatal(err)
	}
	of := map[string]customer.Reading{}
	for _, r := range all {
		of[r.Source] = r
	}
	return of
}

// outcomes prints how each source stands, in the order of the kinds.
func (k kept) outcomes() string {
	var all []string
	for _, one := range kinds {
		if r, there := k.readings[one.kind]; there {
			all = append(all, strings.TrimPrefix(one.kind, "tmf")+" "+r.Outcome)
		}
	}
	return strings.Join(all, ", ")
}

const allRead = "629 read, 632 read, 638 read, 678 read, 676 read, 622 read, 621 read"

// SOP 5.1.1, 5.1.2, 5.1.3, 5.2.4.analyse: of a customer that the house knows by number only, I-Siska, E-payment, Starclick and Nossa say the rest;
// while that is fresh nobody is asked again, afterwards everybody is, and nothing is kept twice.
func TestACustomerIsReadWhenNeeded(t *testing.T) {
	connected(t, func(w *site) {
		w.sim.TicketsOf(1, func(int) string { return sim.Jastel(3) })
		id := w.own(3).ID
		w.read(id, "", true)
		k := w.kept(id)
		if k.Name != sim.Name(3) || k.NCLI != sim.NCLI(3) || k.Class != customer.VVIP || k.Address != "Jalan Rekaan 3" || k.City != "Surabaya" || k.Zone != "Asia/Jakarta" || k.Phone != "+6281299990001" {
			t.Errorf("%+v", k.Customer)
		}
		if len(k.contacts) != 2 || k.contacts[1].Phone.Full() != sim.Phone(3) || len(k.services) != 1 || k.services[0].Package != "IndiHome 200 Mbps" {
			t.Errorf("%+v %+v", k.contacts, k.services)
		}
		if len(k.bills) != 3 || k.bills[0].Period != "2026-11" || k.bills[0].Left() != 515_000 || k.bills[1].Left() != 0 || len(k.bills[1].Payments) != 1 || k.bills[1].Payments[0].Place != "Virtual account" || k.isolir.State != customer.Warning {
			t.Errorf("%+v %+v", k.bills, k.isolir)
		}
		if len(k.reports) != 1 || k.reports[0].No != "IN60000001" || k.reports[0].State != "inProgress" || k.reports[0].Application != "nossa" {
			t.Errorf("%+v", k.reports)
		}
		if k.outcomes() != allRead || k.learned != 1 {
			t.Errorf("%s, %d entries", k.outcomes(), k.learned)
		}
		asked := w.sim.Requests("", "")
		w.c.Advance(14 * time.Minute)
		if w.read(id, "", false); w.sim.Requests("", "") != asked {
			t.Error("somebody was asked although all of it is fresh")
		}
		w.c.Advance(2 * time.Minute)
		w.read(id, "", true)
		if now := w.kept(id); w.sim.Requests("", "") != 2*asked || now.learned != 1 || len(now.bills) != 3 || !now.readings["tmf629"].ReadAt.Equal(w.c.Now()) {
			t.Errorf("%d entries, %+v", now.learned, now.readings["tmf629"])
		}
	})
}

// SOP 5.1.1: of a service number that nobody here knows, the outside says whose it is.
func TestAnUnknownNumberBecomesACustomer(t *testing.T) {
	connected(t, func(w *site) {
		w.read(0, sim.Jastel(12), true)
		var id db.ID
		w.do(func(tx *db.Tx) error {
			c, err := customer.ByService(tx, sim.Jastel(12))
			id = c.ID
			return err
		})
		if k := w.kept(id); k.Name != sim.Name(12) || k.NCLI != sim.NCLI(12) || k.outcomes() != allRead || len(k.bills) != 3 {
			t.Errorf("%+v, %s", k.Customer, k.outcomes())
		}
		w.read(0, "152999000077", true)
		w.do(func(tx *db.Tx) error {
			if got := w.readings(tx, customer.SubjectOf(0, "152999000077")); got["tmf638"].Outcome != customer.Nobody {
				t.Errorf("%+v", got)
			}
			return nil
		})
	})
}

// An outside that is away, slow or wrong takes nothing away: what is kept stays with its age, the others are heard, and it is left
// alone for a minute.
func TestWhatIsAwayTakesNothingAway(t *testing.T) {
	connected(t, func(w *site) {
		id := w.own(3).ID
		w.read(id, "", true)
		was, at := w.kept(id), w.c.Now()
		w.c.Advance(20 * time.Minute)
		w.sim.Down(true)
		w.read(id, "", true)
		k := w.kept(id)
		if fmt.Sprintf("%+v %+v %+v", k.Customer, k.services, k.bills) != fmt.Sprintf("%+v %+v %+v", was.Customer, was.services, was.bills) {
			t.Errorf("%+v", k)
		}
		if r := k.readings["tmf629"]; !r.Failed() || !r.ReadAt.Equal(at) || !r.AskedAt.Equal(w.c.Now()) {
			t.Errorf("%+v", r)
		}
		w.sim.Down(false)
		w.c.Advance(30 * time.Second)
		w.read(id, "", false)
		w.c.Advance(31 * time.Second)
		w.read(id, "", true)
		if k = w.kept(id); k.outcomes() != allRead {
			t.Error(k.outcomes())
		}
	})
}

// One that hangs or talks nonsense does not keep the others from being heard.
func TestOneThatFailsHoldsUpNoOther(t *testing.T) {
	connected(t, func(w *site) {
		w.wait = 300 * time.Millisecond
		w.open()
		w.sim.Fail(sim.Fault{Kind: sim.Hang, Resource: "productOrder", Times: 9}, sim.Fault{Kind: sim.WrongType, Resource: "customerBill", Times: 9},
			sim.Fault{Kind: sim.Refuse, Status: 403, Resource: "troubleTicket", Times: 9}, sim.Fault{Kind: sim.Refuse, Status: 500, Resource: "individual", Times: 9})
		id := w.own(3).ID
		w.read(id, "", true)
		k := w.kept(id)
		if want := "629 read, 632 broken, 638 read, 678 nonsense, 676 read, 622 late, 621 sign-in"; k.outcomes() != want || k.Name != sim.Name(3) || len(k.bills) != 0 {
			t.Errorf("%s, %+v", k.outcomes(), k.Customer)
		}
		w.c.Advance(2 * time.Minute)
		read := w.sim.Requests("", "service")
		w.read(id, "", true)
		if w.sim.Requests("", "service") != read {
			t.Error("what was read well a moment ago was asked again")
		}
	})
}

// An outside that fails again and again is not asked any more for a while.
func TestTheBreakerIsAskedFirst(t *testing.T) {
	connected(t, func(w *site) {
		id := w.own(3).ID
		w.sim.Fail(sim.Fault{Kind: sim.Refuse, Status: 503, Resource: "service", Times: 99})
		for range 5 {
			w.read(id, "", true)
			w.c.Advance(2 * time.Minute)
		}
		if n, k := w.sim.Requests("", "service"), w.kept(id); n != 3 || k.readings["tmf638"].Outcome != string(egress.Resting) {
			t.Errorf("%d questions, %s", n, k.outcomes())
		}
	})
}

// What is wrong or doubtful overwrites nothing: another customer's answer, a class nobody knows, a bill in dollars, an order that does
// not fit, a number that was found dead.
func TestDoubtsOverwriteNothing(t *testing.T) {
	connected(t, func(w *site) {
		c := w.own(3)
		w.do(func(tx *db.Tx) error {
			_, err := customer.Died(tx, who.House, c.ID, phone.Number(sim.Phone(3)), customer.Death{How: customer.Told})
			return err
		})
		w.sim.Change("customer", sim.NCLI(3), func(o map[string]any) {
			o["characteristic"] = []any{map[string]any{"name": "segment", "value": "EMAS"}}
		})
		w.sim.Change("customerBill", "T"+sim.NCLI(3)+"-3", func(o map[string]any) { o["amountDue"] = map[string]any{"unit": "USD", "value": 40} })
		w.read(c.ID, "", true)
		k := w.kept(c.ID)
		if k.Class != customer.Gold || len(k.bills) != 2 || k.readings["tmf678"].Doubts != 1 {
			t.Errorf("%s, %d bills, %+v", k.Class, len(k.bills), k.readings["tmf678"])
		}
		if i := slices.IndexFunc(k.contacts, func(one customer.Contact) bool { return one.Phone.Full() == sim.Phone(3) }); i < 0 || k.contacts[i].Dead == nil {
			t.Errorf("%+v", k.contacts)
		}
		w.sim.Twist = func(resource string, answer any) any {
			if o, ok := answer.(map[string]any); ok && resource == "customer" {
				o["id"], o["name"] = sim.NCLI(4), "Orang Lain"
			}
			return answer
		}
		w.c.Advance(20 * time.Minute)
		w.read(c.ID, "", true)
		if k = w.kept(c.ID); k.Name != sim.Name(3) || k.readings["tmf629"].Outcome != string(egress.Nonsense) {
			t.Errorf("%+v, %s", k.Customer, k.outcomes())
		}
	})
}

// A number that is another customer's there changes nobody here, and the page can say so.
func TestAnotherCustomersNumberChangesNobody(t *testing.T) {
	connected(t, func(w *site) {
		c, other := w.own(3), customer.Customer{Name: "Pemilik NCLI", Class: customer.Regular, Zone: "Asia/Jakarta", NCLI: sim.NCLI(3)}
		w.do(func(tx *db.Tx) (err error) { other, err = customer.Put(tx, other, nil); return err })
		w.read(c.ID, "", true)
		if k := w.kept(c.ID); k.Name != "Nama Lama" || k.NCLI != "" || k.readings["tmf638"].Outcome != customer.Other || len(k.bills) != 0 {
			t.Errorf("%+v, %s", k.Customer, k.outcomes())
		}
		if k := w.kept(other.ID); k.Name != "Pemilik NCLI" || len(k.services) != 0 {
			t.Errorf("%+v", k)
		}
	})
}

// A service that has ended there is marked and stays; one that is merely not told of stays as it is; one that is in use again is so.
func TestNothingIsTakenAwayBecauseNobodySpeaksOfIt(t *testing.T) {
	connected(t, func(w *site) {
		c := w.own(3)
		w.do(func(tx *db.Tx) error {
			_, err := customer.AddService(tx, customer.Service{No: "131000009999", Kind: customer.Internet, Customer: c.ID, Package: "lama"})
			return err
		})
		w.sim.Change("service", sim.Jastel(3)+"-internet", func(o map[string]any) { o["state"] = "terminated" })
		w.read(c.ID, "", true)
		k := w.kept(c.ID)
		if len(k.services) != 2 || k.services[0].No != "131000009999" || !k.services[0].EndedAt.IsZero() || !k.services[1].EndedAt.Equal(w.c.Now()) {
			t.Errorf("%+v", k.services)
		}
		w.do(func(tx *db.Tx) error {
			_, inUse, err := customer.OfTicket(tx, c.ID, "")
			if len(inUse) != 1 || inUse[0].No != "131000009999" {
				t.Errorf("in use: %+v", inUse)
			}
			return err
		})
		w.c.Advance(time.Hour)
		w.sim.Change("service", sim.Jastel(3)+"-internet", func(o map[string]any) { o["state"] = "active" })
		w.read(c.ID, "", true)
		if k = w.kept(c.ID); !k.services[0].EndedAt.IsZero() || !k.services[1].EndedAt.IsZero() {
			t.Errorf("%+v", k.services)
		}
	})
}

// flying runs the reader until it is stopped.
func (w *site) flying() (stop func()) {
	within, cut := context.WithCancel(ctx)
	var all sync.WaitGroup
	all.Go(func() { w.r.Run(within) })
	return func() { cut(); all.Wait() }
}

func (w *site) hears(sub *live.Sub) {
	w.t.Helper()
	late, done := context.WithTimeout(ctx, 20*time.Second)
	defer done()
	select {
	case e := <-sub.C:
		if e.Name != "customer" {
			w.t.Fatalf("%+v", e)
		}
	case <-late.Done():
		w.t.Fatal("no news")
	}
}

// SOP 5.2.4.analyse: two agents who need one customer at once, one by number and one by name, wait for nobody and are told both; the outside is
// asked once.
func TestOneCustomerIsAskedOnceForTwo(t *testing.T) {
	connected(t, func(w *site) {
		id := w.own(3).ID
		w.sim.Fail(sim.Fault{Kind: sim.Slow, Wait: 200 * time.Millisecond, Resource: "service"})
		ani, budi, cici := w.hub.Subscribe("agent:7"), w.hub.Subscribe("agent:8"), w.hub.Subscribe("agent:9")
		defer w.flying()()
		w.r.Need(id, "", 7)
		w.r.Need(0, sim.Jastel(3), 8)
		w.r.Need(id, sim.Jastel(3), 9)
		w.hears(ani)
		w.hears(budi)
		w.hears(cici)
		for _, k := range kinds {
			if n := w.sim.Requests("", k.resource); n != 1 {
				t.Errorf("%s was asked %d times", k.resource, n)
			}
		}
		if k := w.kept(id); k.outcomes() != allRead {
			t.Error(k.outcomes())
		}
	})
}

// A house that is stopped in the middle of a reading keeps nothing of it and lost nothing: the next start reads it when it is needed.
func TestAReadingThatIsCutIsReadAgain(t *testing.T) {
	connected(t, func(w *site) {
		id := w.own(3).ID
		w.sim.Fail(sim.Fault{Kind: sim.Hang, Resource: "payment"})
		stop := w.flying()
		w.r.Need(id, "", 7)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for w.sim.Requests("", "payment") == 0 {
			<-tick.C
		}
		stop()
		if k := w.kept(id); k.Name != "Nama Lama" || len(k.readings) != 0 || len(k.bills) != 0 {
			t.Errorf("half of it was kept: %+v", k)
		}
		w.open()
		defer w.flying()()
		ani := w.hub.Subscribe("agent:7")
		w.r.Need(id, "", 7)
		w.hears(ani)
		if k := w.kept(id); k.outcomes() != allRead || len(k.bills) != 3 {
			t.Error(k.outcomes())
		}
	})
}

// Where nobody tells of payments, what a bill says is paid of it counts.
func TestABillSaysItselfWhatIsPaid(t *testing.T) {
	connected(t, func(w *site) {
		w.open("tmf676")
		id := w.own(3).ID
		w.read(id, "", true)
		if k := w.kept(id); len(k.bills) != 3 || k.bills[0].Left() != 515_000 || k.bills[1].Left() != 0 || k.isolir.Bills != 1 {
			t.Errorf("%+v %+v", k.bills, k.isolir)
		}
	})
}

// Orders that say which service they change are kept; the others are left.
func TestOrdersAreKept(t *testing.T) {
	connected(t, func(w *site) {
		id := w.own(12).ID
		w.read(id, "", true)
		if k := w.kept(id); len(k.orders) != 0 || k.outcomes() != allRead {
			t.Errorf("%+v", k.orders)
		}
		w.sim.Change("productOrder", "SC400000012", func(o map[string]any) {
			item := o["productOrderItem"].([]any)[0].(map[string]any)
			item["product"] = map[string]any{"productCharacteristic": []any{map[string]any{"name": "jastel", "value": sim.Jastel(12)}}}
		})
		w.c.Advance(time.Hour)
		w.read(id, "", true)
		if k := w.kept(id); len(k.orders) != 1 || k.orders[0].State != "progress" || k.orders[0].ServiceNo != sim.Jastel(12) {
			t.Errorf("%+v", k.orders)
		}
	})
}

// SOP 5.2.10.check: what was opened there from here, and what is kept here under its number, is no report of the other side; what the other
// side calls over is not open.
func TestOwnReportsAreNotTheirs(t *testing.T) {
	connected(t, func(w *site) {
		w.sim.TicketsOf(3, func(int) string { return sim.Jastel(3) })
		c := w.own(3)
		w.do(func(tx *db.Tx) error {
			own, _, err := trouble.Open(tx, who.Actor{ID: 7, Login: "42147", Role: who.Agent, Via: who.Page}, trouble.New{ServiceNo: sim.Jastel(3), Service: "internet", CustomerName: "Suwarni Rekaan",
				CustomerClass: "REGULER", Symptom: "tbc", Verdict: "SPEC", ContactName: "Suwarni", ContactMobile: "08999000 1234", HardComplaint: "ramah", Urgency: "normal", FCR: "no",
				Description: "Tidak bisa connect sejak pagi (rekaan).", STO: "MLG", Witel: "MALANG"})
			w.sim.Change("troubleTicket", "IN60000002", func(o map[string]any) { o["externalId"] = "sapa:malang:" + own.No })
			return err
		})
		w.sim.Change("troubleTicket", "IN60000003", func(o map[string]any) { o["status"] = "resolved" })
		w.read(c.ID, "", true)
		if k := w.kept(c.ID); len(k.reports) != 1 || k.reports[0].No != "IN60000001" {
			t.Errorf("%+v", k.reports)
		}
		w.sim.Change("troubleTicket", "IN60000001", func(o map[string]any) { o["status"] = "resolved" })
		w.c.Advance(time.Hour)
		w.read(c.ID, "", true)
		if k := w.kept(c.ID); len(k.reports) != 0 {
			t.Errorf("%+v", k.reports)
		}
	})
}

// Whatever stands in an answer - a zero byte, a page of text, a year that cannot be - is kept as far as it can be, and the rest is left; it
// keeps nothing else from being kept.
func TestNoAnswerIsTooStrange(t *testing.T) {
	connected(t, func(w *site) {
		w.sim.TicketsOf(1, func(int) string { return sim.Jastel(3) })
		strange := "Siti\x00 \u202e Rekaan\n" + strings.Repeat("panjang ", 400)
		w.sim.Twist = func(resource string, answer any) any {
			rows, _ := answer.([]any)
			for _, row := range append(rows, answer) {
				o, ok := row.(map[string]any)
				if !ok {
					continue
				}
				switch resource {
				case "customer":
					o["name"] = strange
				case "customerBill":
					o["paymentDueDate"] = "0001-01-02T00:00:00Z"
				case "payment":
					o["paymentDate"] = "1969-01-02T00:00:00Z"
				case "troubleTicket":
					o["name"], o["creationDate"] = strange, "1001-01-01T00:00:00Z"
				}
			}
			return answer
		}
		c := w.own(3)
		w.read(c.ID, "", true)
		k := w.kept(c.ID)
		if k.outcomes() != allRead || len(k.bills) != 0 || len(k.reports) != 1 || !k.reports[0].OpenedAt.IsZero() {
			t.Errorf("%s, %d bills, %+v", k.outcomes(), len(k.bills), k.reports)
		}
		if n := len([]rune(k.Name)); !strings.HasPrefix(k.Name, "Siti ") || n != 200 || strings.ContainsAny(k.Name, "\x00\n\u202e") {
			t.Errorf("%d %q", n, k.Name)
		}
	})
}
