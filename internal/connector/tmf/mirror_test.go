package tmf_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"sapa/internal/connector/tmf"
	"sapa/internal/customer"
	"sapa/internal/registration"
	"sapa/internal/trouble"
	"sapa/test/tmfsim/sim"
)

func decoded[T any](t *testing.T, text string) (one T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &one); err != nil {
		t.Fatal(err)
	}
	return one
}

// A customer of the master becomes the house's own, from whatever of it can be read.
func TestACustomerBecomesTheHousesOwn(t *testing.T) {
	person := decoded[tmf.Individual](t, `{"id":"P1","givenName":"Budi","familyName":"Rekaan","contactMedium":[
		{"mediumType":"phone","characteristic":{"phoneNumber":"0341 999 123"}},{"mediumType":"mobile","preferred":true,"characteristic":{"phoneNumber":"0811-0000-0001"}},
		{"mediumType":"mobile","preferred":true,"characteristic":{"phoneNumber":"0811-0000-0009"},"validFor":{"endDateTime":"2020-01-01T00:00:00Z"}},
		{"mediumType":"mobile","characteristic":{"phoneNumber":"bukan nomor"}}, {"mediumType":"mobile","characteristic":{"phoneNumber":"+62811 0000 0001"}},
		{"mediumType":"postalAddress","characteristic":{"street1":"Jalan Rekaan 1","city":"Malang"}}]}`)
	services := decoded[[]tmf.Service](t, `[
		{"id":"1","name":"141000000001","category":"Internet","state":"active","serviceCharacteristic":[{"name":"Package","value":"IndiHome 50 Mbps"}]},
		{"id":"2","name":"141000000001","category":"UseeTV","state":"active"}, {"id":"3","name":"0341999123","serviceType":"voice","state":"active"},
		{"id":"4","name":"141000000002","category":"Internet","state":"terminated"}, {"id":"5","name":"141000000003","category":"CCTV?","state":"active"},
		{"id":"6","name":"rekaan","category":"Internet","state":"active"}]`)
	c := decoded[tmf.Customer](t, `{"id":"51000001","engagedParty":{"id":"P1"},"characteristic":[{"name":"kode","value":7},{"name":"Segment","value":"dcs"},{"name":"Kelas","value":"hvc_vvip"}]}`)
	own, all, doubts := tmf.CustomerOf(c, person, services, at(9, 0))
	if own.Name != "Budi Rekaan" || own.NCLI != "51000001" || own.Segment != customer.Consumer || own.Class != customer.VVIP || own.Phone.Full() != "+6281100000001" || own.Address != "Jalan Rekaan 1" || own.City != "Malang" || own.Zone != "Asia/Jakarta" ||
		len(doubts) != 0 {
		t.Errorf("%+v, doubts %v", own, doubts)
	}
	kinds := ""
	for _, s := range all {
		kinds += s.Kind + ":" + s.No + ":" + s.Package + " "
	}
	if len(all) != 3 || !strings.HasPrefix(kinds, "internet:141000000001:IndiHome 50 Mbps iptv:141000000001: voice:") {
		t.Errorf("services %s", kinds)
	}
	own, all, doubts = tmf.CustomerOf(tmf.Customer{}, tmf.Individual{}, nil, at(9, 0))
	if own.Class != customer.Regular || len(all) != 0 || !slices.Equal(doubts, []string{tmf.NoName, tmf.NoClass, tmf.NoPhone, tmf.NoZone}) {
		t.Errorf("%+v, doubts %v", own, doubts)
	}
}

// The whole way: what the simulator says of a customer, as the house's own.
func TestTheMastersRecordBecomesTheHousesOwn(t *testing.T) {
	w := simulated(t)
	w.Fill(5)
	c, err := tmf.Customers{API: w.api("customer")}.Get(ctx, sim.NCLI(5))
	if err != nil {
		t.Fatal(err)
	}
	services, _, err := tmf.Services{API: w.api("service")}.OfCustomer(ctx, c.NCLI(), 20)
	if err != nil {
		t.Fatal(err)
	}
	own, all, doubts := tmf.CustomerOf(c, tmf.Individual{}, services, at(9, 0))
	if own.Name != sim.Name(5) || own.Class != customer.Silver || own.Phone.Full() != sim.Phone(5) || own.City != "Makassar" || len(all) != 3 || !slices.Equal(doubts, []string{tmf.NoZone}) {
		t.Errorf("%+v %+v, doubts %v", own, all, doubts)
	}
}

// What is owed is whole rupiah, and an amount that is left out is not an amount of nothing.
func TestWhatIsOwed(t *testing.T) {
	for text, want := range map[string]struct {
		due  tmf.Due
		ok   bool
		late bool
	}{
		`{"id":"T1","state":"sent","amountDue":{"unit":"IDR","value":405000.00},"paymentDueDate":"2026-11-20T00:00:00+07:00"}`:                                                     {tmf.Due{No: "T1", Rupiah: 405000, Left: 405000}, true, true},
		`{"id":"T1","state":"partiallyPaid","amountDue":{"unit":"IDR","value":405000},"remainingAmount":{"unit":"IDR","value":5000},"paymentDueDate":"2026-11-30T00:00:00+07:00"}`: {tmf.Due{No: "T1", Rupiah: 405000, Left: 5000}, true, false},
		`{"id":"T1","billNo":"N1","state":"settled","amountDue":{"unit":"IDR","value":405000},"paymentDueDate":"2026-11-20T00:00:00+07:00"}`:                                       {tmf.Due{No: "N1", Rupiah: 405000, Paid: true}, true, false},
		`{"id":"T1","state":"sent","amountDue":{"unit":"USD","value":40}}`:                                                                                                         {tmf.Due{No: "T1", Rupiah: 40, Left: 40}, false, false},
	} {
		d, ok := tmf.DueOf(decoded[tmf.Bill](t, text))
		late := d.Overdue(at(9, 0))
		if d.By, d.State = (time.Time{}), ""; d != want.due || ok != want.ok || late != want.late {
			t.Errorf("%s: %+v %t %t", text, d, ok, late)
		}
	}
}

// SOP 5.2.10.check: a report of the other side counts as open until it is resolved there, and when nobody knows its status.
func TestAReportOfTheOtherSide(t *testing.T) {
	for status, want := range map[string]struct {
		state trouble.State
		open  bool
	}{
		"acknowledged": {trouble.Fresh, true}, "inProgress": {trouble.Backend, true}, "pending": {trouble.Pending, true}, "held": {trouble.SLAHold, true},
		"resolved": {trouble.Resolved, false}, "closed": {trouble.Closed, false}, "cancelled": {trouble.Closed, false}, "rejected": {trouble.Closed, false},
		"menunggu": {trouble.Queued, true}, "": {trouble.Queued, true},
	} {
		x := decoded[tmf.Ticket](t, `{"id":"IN60000001","status":"`+status+`","description":"LOS (rekaan)","relatedEntity":[{"id":"1","role":"parent","@referredType":"ServiceProblem"},
			{"href":"/service/141000000001","role":"affectedService","@referredType":"Service"}],"note":[{"text":"x"}]}`)
		r := tmf.ReportOf(x)
		if r.State != want.state || r.Open != want.open || r.No != "IN60000001" || r.ServiceNo != "141000000001" || r.Subject != "LOS (rekaan)" || r.Notes != 1 {
			t.Errorf("%q: %+v", status, r)
		}
	}
}

// The complaint form as TMF621 has it is what the specification takes, and it does not carry the contact's telephone.
func TestAComplaintGoesOutWithoutTheContact(t *testing.T) {
	w := simulated(t)
	own := trouble.Ticket{No: "IN10000001", ServiceNo: "141000000001", Service: "internet", Urgency: "emergency", Description: "LOS (rekaan)", ParentNo: "IN10000009", Priority: "1",
		ContactName: "Suwarni Rekaan", ContactMobile: "+6281100000001", ContactEmail: "suwarni@rekaan.example"}
	made, err := w.tickets().Open(ctx, tmf.TicketOf(own, "sapa:malang:IN10000001"))
	if err != nil || made.Severity != "Emergency" || made.ServiceNo() != "141000000001" || len(made.RelatedEntity) != 2 {
		t.Fatalf("%+v (%v)", made, err)
	}
	text, err := json.Marshal(w.All("troubleTicket"))
	if err != nil || strings.Contains(string(text), "Suwarni") || strings.Contains(string(text), "62811") || strings.Contains(string(text), "rekaan.example\"") {
		t.Errorf("%s (%v)", text, err)
	}
}

// Bills, payments and orders of the simulator are what the house can keep; what cannot be kept says so.
func TestBillsPaymentsAndOrdersBecomeTheHousesOwn(t *testing.T) {
	w := simulated(t)
	w.Fill(5)
	bills, _, err := tmf.Bills{API: w.api("customerBill")}.OfCustomer(ctx, sim.NCLI(5), 9)
	if err != nil {
		t.Fatal(err)
	}
	own, ok := tmf.BillOf(bills[2], sim.Jastel(5), at(0, 0).Location())
	if !ok || own.Period != "2026-11" || own.Amount != 405000 || own.ServiceNo != sim.Jastel(5) || own.DueAt.IsZero() {
		t.Errorf("%+v %t", own, ok)
	}
	paid, _, err := tmf.Payments{API: w.api("payment")}.OfCustomer(ctx, sim.NCLI(5), 9)
	if err != nil {
		t.Fatal(err)
	}
	if p, ok := tmf.PaymentOf(paid[0]); !ok || p.Amount != 405000 || p.Place != "Virtual account" || p.Ref == "" || p.At.IsZero() {
		t.Errorf("%+v %t", p, ok)
	}
	orders, _, err := tmf.Orders{API: w.api("productOrder")}.OfCustomer(ctx, sim.NCLI(4), 9)
	if err != nil {
		t.Fatal(err)
	}
	if o, ok := tmf.OrderOf(orders[0]); !ok || o.No != "SC400000004" || o.Kind != customer.Modify || o.State != "progress" || o.Package == "" {
		t.Errorf("%+v %t", o, ok)
	}
	for text, want := range map[string]bool{
		`{"id":"SC1","state":"completed","orderDate":"2026-11-01T00:00:00Z","completionDate":"2026-11-03T00:00:00Z","productOrderItem":[{"action":"add"}]}`:   true,
		`{"id":"SC1","state":"completed","orderDate":"2026-11-01T00:00:00Z","productOrderItem":[{"action":"add"}]}`:                                           false,
		`{"id":"SC1","state":"cancelled","orderDate":"2026-11-01T00:00:00Z","cancellationDate":"2026-11-03T00:00:00Z","productOrderItem":[{"action":"add"}]}`: true,
		`{"id":"SC1","state":"baru","orderDate":"2026-11-01T00:00:00Z","productOrderItem":[{"action":"add"}]}`:                                                false,
		`{"id":"SC1","state":"held","orderDate":"2026-11-01T00:00:00Z","productOrderItem":[]}`:                                                                false,
		`{"id":"SC1","state":"held","category":"PDA","orderDate":"2026-11-01T00:00:00Z","productOrderItem":[{"action":"modify"}]}`:                            true,
	} {
		if o, ok := tmf.OrderOf(decoded[tmf.Order](t, text)); ok != want {
			t.Errorf("%s: %+v %t", text, o, ok)
		}
	}
	for text, want := range map[string]bool{
		`{"id":"B1","amount":{"unit":"IDR","value":5000},"paymentDate":"2026-11-01T00:00:00Z","status":"Accepted"}`: true,
		`{"id":"B1","amount":{"unit":"IDR","value":5000},"paymentDate":"2026-11-01T00:00:00Z","status":"denied"}`:   false,
		`{"id":"B1","amount":{"unit":"IDR","value":50.5},"paymentDate":"2026-11-01T00:00:00Z"}`:                     false,
	} {
		if p, ok := tmf.PaymentOf(decoded[tmf.Payment](t, text)); ok != want {
			t.Errorf("%s: %+v %t", text, p, ok)
		}
	}
}

// 2.c, A-05: a request for a new installation is an order that the specification takes.
func TestARequestBecomesAnOrder(t *testing.T) {
	w := simulated(t)
	r := registration.Request{No: "SC100000001", Name: "Siti Rekaan", Phone: "+6281100000001", Address: "Jalan Rekaan 1", City: "Malang", Package: "INET-50", STO: "MLG", ODP: "ODP-MLG-F01/01",
		Note: "Rumah pagar hijau (rekaan)", MadeAt: at(9, 0)}
	made, err := tmf.Orders{API: w.api("productOrder")}.Register(ctx, tmf.RegistrationOf(r, "sapa:malang:SC100000001"))
	if err != nil || made.SC() == "" || made.State != "acknowledged" || made.ProductOrderItem[0].Product.Place[0].Name != "Jalan Rekaan 1, Malang" || len(made.ProductOrderItem[0].Product.Characteristic) != 2 {
		t.Errorf("%+v (%v)", made, err)
	}
}
