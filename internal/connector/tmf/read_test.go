package tmf_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"sapa/internal/connector/tmf"
	"sapa/internal/fault"
	"sapa/test/tmfsim/sim"
)

// A customer with all that is theirs, and nothing of anybody else's - also when the other side ignores what it was asked for.
func TestACustomerWithAllThatIsTheirs(t *testing.T) {
	for _, ignores := range []bool{false, true} {
		w := simulated(t)
		w.Fill(9)
		w.NoFilter = ignores
		id := sim.NCLI(5)
		c, err := tmf.Customers{API: w.api("customer")}.Get(ctx, id)
		if err != nil || c.NCLI() != id || c.Name != sim.Name(5) || c.Class() != "HVC_SILVER" || c.EngagedParty.ID != "P"+id || len(c.ContactMedium) != 3 ||
			c.ContactMedium[0].Characteristic.PhoneNumber != sim.Phone(5) {
			t.Fatalf("%+v (%v)", c, err)
		}
		p, err := tmf.Individuals{API: w.api("individual")}.Get(ctx, c.EngagedParty.ID)
		if err != nil || p.Name() != sim.Name(5) {
			t.Errorf("%+v (%v)", p, err)
		}
		byPhone, more, err := tmf.Customers{API: w.api("customer")}.ByPhone(ctx, sim.Phone(5), 5)
		if err != nil || more || len(byPhone) != 1 || byPhone[0].NCLI() != id {
			t.Errorf("by phone %+v, %t (%v)", byPhone, more, err)
		}
		people, _, err := tmf.Individuals{API: w.api("individual")}.ByPhone(ctx, sim.Phone(5), 5)
		if err != nil || len(people) != 1 || people[0].ID != "P"+id {
			t.Errorf("people %+v (%v)", people, err)
		}
		byName, _, err := tmf.Customers{API: w.api("customer")}.ByName(ctx, sim.Name(5), 5)
		if err != nil || len(byName) != 1 || byName[0].NCLI() != id {
			t.Errorf("by name %+v (%v)", byName, err)
		}
		services, more, err := tmf.Services{API: w.api("service")}.OfCustomer(ctx, id, 20)
		if err != nil || more || len(services) != 3 {
			t.Fatalf("services %+v (%v)", services, err)
		}
		if s := services[1]; s.No() != sim.Jastel(5) || s.Kind() != "iptv" || s.Package() != "IndiHome 100 Mbps" || s.STO() != "PNK" || s.ODP() != "ODP-PNK-F06/02" || s.Place[0].Role == "" {
			t.Errorf("service %+v: %s %s %s %s", s, s.No(), s.Kind(), s.Package(), s.ODP())
		}
		byNo, err := tmf.Services{API: w.api("service")}.ByNo(ctx, sim.Jastel(5))
		if err != nil || len(byNo) != 3 {
			t.Errorf("by number %+v (%v)", byNo, err)
		}
		bills, _, err := tmf.Bills{API: w.api("customerBill")}.OfCustomer(ctx, id, 20)
		if err != nil || len(bills) != 3 {
			t.Fatalf("bills %+v (%v)", bills, err)
		}
		last := bills[2]
		due, whole := last.AmountDue.Rupiah()
		left, _ := last.RemainingAmount.Rupiah()
		if last.State != "sent" || due != 405000 || left != 405000 || !whole || last.PaymentDueDate.Format(time.RFC3339) != "2026-11-20T00:00:00+07:00" || last.No() == "" {
			t.Errorf("bill %+v", last)
		}
		paid, _, err := tmf.Payments{API: w.api("payment")}.OfCustomer(ctx, id, 20)
		if err != nil || len(paid) != 2 || paid[0].Pays()[0] != bills[0].No() || paid[0].Amount != tmf.Rupiah(405000) || paid[0].Method.Name != "Virtual account" {
			t.Errorf("payments %+v (%v)", paid, err)
		}
		orders, _, err := tmf.Orders{API: w.api("productOrder")}.OfCustomer(ctx, sim.NCLI(4), 20)
		if err != nil || len(orders) != 1 || orders[0].SC() != "SC400000004" || orders[0].State != "inProgress" || orders[0].ProductOrderItem[0].ProductOffering.Name == "" {
			t.Errorf("orders %+v (%v)", orders, err)
		}
		if none, _, err := (tmf.Bills{API: w.api("customerBill")}).OfCustomer(ctx, "51999999", 20); err != nil || len(none) != 0 {
			t.Errorf("somebody else's: %+v (%v)", none, err)
		}
		if _, err := (tmf.Customers{API: w.api("customer")}).Get(ctx, "51999999"); !fault.Is(err, fault.Missing) {
			t.Errorf("%v", err)
		}
		for _, id := range []string{"", ".", "..", "../party/v4/individual", "a/b?c=d#e", `a\b`, "a\nb", "a?b=c#d", strings.Repeat("9", 300)} {
			if _, err := (tmf.Customers{API: w.api("customer")}).Get(ctx, id); !fault.Is(err, fault.Missing) {
				t.Errorf("%q: %v", id, err)
			}
		}
	}
}

// 2.c, A-05: a registration is ordered once, gets its SC number, and its state is read later.
func TestARegistrationIsOrderedOnce(t *testing.T) {
	w := simulated(t)
	w.wait = 200 * time.Millisecond
	orders := tmf.Orders{API: w.api("productOrder")}
	n := tmf.Order{ExternalID: "sapa:malang:R1", Category: "registration", Description: "Pasang baru (rekaan)", NotificationContact: "+6281100000001", RequestedStartDate: tmf.At(at(10, 0)),
		RelatedParty: []tmf.Party{{ID: sim.NCLI(1), Role: "customer", ReferredType: "Customer"}}, Note: []tmf.Note{{Text: "Rumah pagar hijau (rekaan)", Date: tmf.At(at(9, 0))}},
		ProductOrderItem: []tmf.OrderItem{{ID: "1", Action: "add", Quantity: 1, ProductOffering: &tmf.Offering{ID: "OF-1", Name: "IndiHome 50 Mbps"},
			Product: &tmf.Product{Name: "internet", Characteristic: []tmf.Trait{tmf.Say("sto", "MLG")}, Place: []tmf.Place{{Name: "Jalan Rekaan 1", Role: "installationAddress"}}}}}}
	for _, k := range []sim.Kind{sim.CutAfter, sim.Late, sim.Hang} {
		w.Fail(sim.Fault{Kind: k, Method: "POST"})
		if _, err := orders.Register(ctx, n); err != nil && !fault.Is(err, fault.Busy) { // after the first one it may be found
			t.Errorf("%s: %v", k, err)
		}
	}
	orders.Wait = 10 * time.Second
	made, err := orders.Register(ctx, n)
	if err != nil || !strings.HasPrefix(made.SC(), "SC") || len(w.All("productOrder")) != 1 {
		t.Fatalf("%+v, %d there (%v)", made, len(w.All("productOrder")), err)
	}
	w.Change("productOrder", made.SC(), func(o map[string]any) { o["state"] = "completed" })
	if now, err := orders.Get(ctx, made.SC()); err != nil || now.State != "completed" || now.ProductOrderItem[0].Product.Place[0].Name != "Jalan Rekaan 1" {
		t.Errorf("%+v (%v)", now, err)
	}
	if _, err := orders.Register(ctx, tmf.Order{ExternalID: "x"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("an order of nothing: %v", err)
	}
}

// SOP 5.2.10.s.ok, 5.2.10.i.bok, 5.2.10.i.bpn: slots are looked for, one is booked once, moved and called off; none is left when the crew is out.
func TestASlotIsBookedOnce(t *testing.T) {
	w := simulated(t)
	w.Crew = 1
	visits := tmf.Appointments{API: w.api("appointment")}
	day := tmf.Period{Start: tmf.At(at(8, 0)), End: tmf.At(at(18, 0))}
	free, err := visits.Search(ctx, "MLG", day)
	if err != nil || len(free) != 5 || !free[0].ValidFor.Start.Equal(at(8, 0)) {
		t.Fatalf("%+v (%v)", free, err)
	}
	n := tmf.Appointment{ExternalID: "sapa:malang:B1", Category: "repair", ValidFor: free[1].ValidFor, Description: "LOS merah (rekaan)",
		RelatedEntity: []tmf.Entity{{ID: "IN60000001", Role: "troubleTicket", ReferredType: "TroubleTicket"}}, RelatedPlace: &tmf.Place{Name: "MLG", Role: "serviceArea"}}
	w.Fail(sim.Fault{Kind: sim.CutAfter, Method: "POST", Resource: "appointment"})
	if _, err := visits.Book(ctx, n); !fault.Is(err, fault.Busy) {
		t.Errorf("cut: %v", err)
	}
	made, err := visits.Book(ctx, n)
	if err != nil || made.Status != "initialized" || len(w.All("appointment")) != 1 {
		t.Fatalf("%+v (%v)", made, err)
	}
	for range 2 {
		if made, err = visits.Confirm(ctx, made.ID); err != nil || made.Status != "confirmed" {
			t.Errorf("%+v (%v)", made, err)
		}
	}
	other := n
	other.ExternalID = "sapa:malang:B2"
	if _, err := visits.Book(ctx, other); !fault.Is(err, fault.Conflict) {
		t.Errorf("a slot that has gone: %v", err)
	}
	if made, err = visits.Move(ctx, made.ID, free[3].ValidFor); err != nil || !made.ValidFor.Start.Equal(free[3].ValidFor.Start.Time) {
		t.Errorf("%+v (%v)", made, err)
	}
	of, _, err := visits.OfTicket(ctx, "IN60000001", 5)
	if err != nil || len(of) != 1 {
		t.Errorf("%+v (%v)", of, err)
	}
	if free, err = visits.Search(ctx, "MLG", tmf.Period{Start: free[3].ValidFor.Start, End: free[3].ValidFor.End}); err != nil || len(free) != 0 {
		t.Errorf("%+v (%v)", free, err)
	}
	for range 2 {
		if made, err = visits.Cancel(ctx, made.ID); err != nil || made.Status != "cancelled" {
			t.Errorf("%+v (%v)", made, err)
		}
	}
	if free, err = visits.Search(ctx, "MLG", day); err != nil || len(free) != 5 {
		t.Errorf("%+v (%v)", free, err)
	}
	if _, err := visits.Search(ctx, "MLG", tmf.Period{Start: day.End, End: tmf.At(at(18, 0).AddDate(1, 0, 0))}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a year: %v", err)
	}
}

// 2,500 rows come page by page, each once, whatever the other side tells about its pages.
func TestManyRowsComePageByPage(t *testing.T) {
	for name, set := range map[string]func(s *sim.Sim){
		"totals and links": func(*sim.Sim) {}, "small pages, nothing told": func(s *sim.Sim) { s.Page, s.NoTotal = 37, true },
	} {
		w := simulated(t)
		w.TicketsOf(2500, func(int) string { return sim.Jastel(1) })
		set(w.Sim)
		all, more, err := w.tickets().OfService(ctx, sim.Jastel(1), 3000)
		if err != nil || more || len(all) != 2500 {
			t.Fatalf("%s: %d, %t (%v)", name, len(all), more, err)
		}
		for i, x := range all {
			if x.ID != fmt.Sprintf("IN%08d", 60000001+i) {
				t.Fatalf("%s: row %d is %s", name, i, x.ID)
			}
		}
		if some, more, err := w.tickets().OfService(ctx, sim.Jastel(1), 300); err != nil || !more || len(some) != 300 {
			t.Errorf("%s: %d, %t (%v)", name, len(some), more, err)
		}
	}
}

// pages serves lists that the simulator would never give.
func pages(t *testing.T, f func(w http.ResponseWriter, r *http.Request)) *tmf.API {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		f(w, r)
	}))
	t.Cleanup(s.Close)
	return openAPI(t, s.URL+"/v4/", 5*time.Second)
}

func row(i int) string {
	return fmt.Sprintf(`{"href":"/x/customer/%d?v=1","name":"Rekaan","note":null,"contactMedium":null,"validFor":{"startDateTime":null},"engagedParty":{"id":"1"}}`, i)
}

// Lists that never end, that know no offset, that go on by a cursor, that repeat rows, and that point elsewhere.
func TestListsOfStrangeSystems(t *testing.T) {
	asked := 0
	for name, c := range map[string]struct {
		serve func(w http.ResponseWriter, r *http.Request)
		want  int
		more  bool
		calls int
	}{
		"knows no offset": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, "[%s,%s]", row(1), row(2)) }, 2, false, 2},
		"never ends": {func(w http.ResponseWriter, r *http.Request) {
			n, _ := strconv.Atoi(r.URL.Query().Get("offset"))
			fmt.Fprintf(w, "[%s]", row(n))
		}, 300, true, 300},
		"null":     {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "null") }, 0, false, 1},
		"a cursor": {cursor, 3, false, 3},
		"rows again, because one was put before": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Total-Count", "4")
			n, _ := strconv.Atoi(r.URL.Query().Get("offset"))
			fmt.Fprintf(w, "[%s,%s]", row(n), row(max(n-1, 0)))
		}, 3, false, 2},
	} {
		asked = 0
		api := pages(t, func(w http.ResponseWriter, r *http.Request) { asked++; c.serve(w, r) })
		all, more, err := tmf.Customers{API: api}.ByName(ctx, "REKAAN", 1000)
		if err != nil || len(all) != c.want || more != c.more || asked != c.calls {
			t.Errorf("%s: %d, %t, %d calls (%v)", name, len(all), more, asked, err)
		}
		if len(all) > 0 && all[0].NCLI() == "" {
			t.Errorf("%s: %+v", name, all[0])
		}
	}
}

func cursor(w http.ResponseWriter, r *http.Request) {
	at, _ := strconv.Atoi(r.URL.Query().Get("after"))
	if at > 0 && (r.URL.Query().Get("offset") != "" || r.URL.Path != "/v4/customer") {
		http.Error(w, "no", http.StatusBadRequest)
		return
	}
	if at < 2 {
		w.Header().Set("Link", fmt.Sprintf(`<https://elsewhere.example/evil?after=0>; rel="first", <https://elsewhere.example/evil?after=%d&limit=1>; rel="next"`, at+1))
	} else {
		w.Header().Set("Link", `</v4/customer?after=0>; rel=first`)
	}
	fmt.Fprintf(w, "[%s]", row(at))
}
