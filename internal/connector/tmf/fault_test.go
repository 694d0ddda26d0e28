package tmf_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sapa/internal/connector/tmf"
	"sapa/internal/fault"
	"sapa/internal/outbox"
	"sapa/internal/phrase"
	"sapa/test/tmfsim/sim"
)

// asks are one read of each API.
func asks(w *world) map[string]func() error {
	return map[string]func() error{
		"customer": func() error { _, err := tmf.Customers{API: w.api("customer")}.Get(ctx, sim.NCLI(1)); return err },
		"individual": func() error {
			_, err := tmf.Individuals{API: w.api("individual")}.Get(ctx, "P"+sim.NCLI(1))
			return err
		},
		"service": func() error { _, err := tmf.Services{API: w.api("service")}.ByNo(ctx, sim.Jastel(1)); return err },
		"customerBill": func() error {
			_, _, err := tmf.Bills{API: w.api("customerBill")}.OfCustomer(ctx, sim.NCLI(1), 9)
			return err
		},
		"payment": func() error {
			_, _, err := tmf.Payments{API: w.api("payment")}.OfCustomer(ctx, sim.NCLI(1), 9)
			return err
		},
		"productOrder": func() error {
			_, _, err := tmf.Orders{API: w.api("productOrder")}.OfCustomer(ctx, sim.NCLI(4), 9)
			return err
		},
		"troubleTicket": func() error { _, err := w.tickets().Get(ctx, "IN60000001"); return err },
		"searchTimeSlot": func() error {
			_, err := tmf.Appointments{API: w.api("appointment")}.Search(ctx, "MLG", tmf.Period{Start: tmf.At(at(8, 0)), End: tmf.At(at(18, 0))})
			return err
		},
	}
}

// Each fault of the other side is told by its kind, with each API, and no call lasts longer than its time-out.
func TestEveryFaultIsToldByItsKind(t *testing.T) {
	w := simulated(t)
	w.Fill(4)
	w.Tickets(1)
	for name, c := range map[string]struct {
		fault sim.Fault
		kind  fault.Kind
		key   string
		after time.Duration
	}{
		"slow":             {sim.Fault{Kind: sim.Slow, Wait: 50 * time.Millisecond}, "", "", 0},
		"too slow":         {sim.Fault{Kind: sim.Slow, Wait: time.Minute}, fault.Busy, "tmf.no-answer", 0},
		"hangs":            {sim.Fault{Kind: sim.Hang}, fault.Busy, "tmf.no-answer", 0},
		"cut":              {sim.Fault{Kind: sim.CutBefore}, fault.Busy, "tmf.not-reached", 0},
		"cut mid-body":     {sim.Fault{Kind: sim.CutAfter}, fault.Busy, "tmf.not-reached", 0},
		"half of a JSON":   {sim.Fault{Kind: sim.Nonsense}, fault.Busy, "tmf.nonsense", 0},
		"a page":           {sim.Fault{Kind: sim.WrongType}, fault.Busy, "tmf.nonsense", 0},
		"without end":      {sim.Fault{Kind: sim.Huge}, fault.Busy, "tmf.nonsense", 0},
		"nulls and extras": {sim.Fault{Kind: sim.Nulls}, "", "", 0},
		"400":              {sim.Fault{Kind: sim.Refuse, Status: 400}, fault.Invalid, "tmf.refused", 0},
		"401":              {sim.Fault{Kind: sim.Refuse, Status: 401}, fault.Forbidden, "tmf.sign-in", 0},
		"403":              {sim.Fault{Kind: sim.Refuse, Status: 403}, fault.Forbidden, "tmf.forbidden", 0},
		"404":              {sim.Fault{Kind: sim.Refuse, Status: 404}, fault.Missing, "tmf.missing", 0},
		"409":              {sim.Fault{Kind: sim.Refuse, Status: 409}, fault.Conflict, "tmf.conflict", 0},
		"429":              {sim.Fault{Kind: sim.Refuse, Status: 429, After: "7"}, fault.Busy, "tmf.busy", 7 * time.Second},
		"503 until":        {sim.Fault{Kind: sim.Refuse, Status: 503, After: at(9, 1).UTC().Format(http.TimeFormat)}, fault.Busy, "tmf.busy", time.Minute},
		"503 for years":    {sim.Fault{Kind: sim.Refuse, Status: 503, After: "99999999"}, fault.Busy, "tmf.busy", 24 * time.Hour},
		"500":              {sim.Fault{Kind: sim.Refuse, Status: 500, After: "bald"}, fault.Busy, "tmf.busy", 0},
	} {
		for resource, ask := range asks(w) {
			if resource == "searchTimeSlot" && (c.fault.Status == 404) { // the specification lists no such answer
				continue
			}
			w.wait = 5 * time.Second
			if strings.HasPrefix(c.key, "tmf.no-answer") {
				w.wait = 60 * time.Millisecond
			}
			w.Fail(c.fault)
			began := time.Now()
			err := ask()
			if took := time.Since(began); took > w.wait+2*time.Second {
				t.Errorf("%s of %s: %v", name, resource, took)
			}
			if c.kind == "" {
				if err != nil {
					t.Errorf("%s of %s: %v", name, resource, err)
				}
				continue
			}
			if no := fault.Of(err); no == nil || no.Kind != c.kind || no.Key != c.key || tmf.After(err) != c.after {
				t.Errorf("%s of %s: %v, after %v", name, resource, err, tmf.After(err))
				continue
			}
			for _, l := range []phrase.Lang{phrase.ID, phrase.EN} {
				if text := phrase.Fill(l, fault.Of(err).Key, fault.Of(err).Values); strings.Contains(text, "{") || strings.HasPrefix(text, "tmf.") {
					t.Errorf("%s of %s is said %q", name, resource, text)
				}
			}
			if text := err.Error(); strings.Contains(text, "http://") || strings.Contains(text, sim.NCLI(1)) || strings.Contains(text, sim.Jastel(1)) {
				t.Errorf("%s of %s shows what was asked: %v", name, resource, err)
			}
		}
	}
	w.wait = 5 * time.Second
	w.Token = "rahasia" // 401 of the other side's own
	if err := asks(w)["customer"](); !fault.Is(err, fault.Forbidden) {
		t.Errorf("%v", err)
	}
}

// A call that is given up by its caller ends with the caller's own word, at once.
func TestACallEndsWithItsCaller(t *testing.T) {
	w := simulated(t)
	w.Tickets(1)
	w.Fail(sim.Fault{Kind: sim.Hang})
	gone, leave := context.WithCancel(ctx)
	time.AfterFunc(50*time.Millisecond, leave)
	if _, err := w.tickets().Get(gone, "IN60000001"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, err := w.tickets().Get(gone, "IN60000001"); !errors.Is(err, context.Canceled) || w.Requests("", "") != 1 {
		t.Errorf("%v, %d requests", err, w.Requests("", ""))
	}
}

// The longest wait is one of the whole answer, ten seconds when nothing else is said, also when an answer trickles in.
func TestTheLongestWaitIsOfTheWholeAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			defer far.Close()
			buffer := make([]byte, 4096)
			_, _ = far.Read(buffer)
			_, _ = fmt.Fprint(far, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
			tick := time.NewTicker(time.Second)
			defer tick.Stop()
			for {
				if _, err := far.Write([]byte(" ")); err != nil {
					return
				}
				<-tick.C
			}
		}()
		way := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return near, nil }}
		api, err := tmf.Open(tmf.Parts{HTTP: &http.Client{Transport: way}, Root: "http://nossa.example/v4", Clock: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if _, err := (tmf.Tickets{API: api}).Get(t.Context(), "IN1"); fault.Of(err) == nil || fault.Of(err).Key != "tmf.no-answer" {
			t.Errorf("%v", err)
		}
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("took %v", took)
		}
		way.CloseIdleConnections()
		<-ended
	})
}

// What a way out refuses - an address that is not allowed, a breaker that is open - stays the fault that it is.
func TestTheWayOutsOwnFaultStays(t *testing.T) {
	way := roundTrip(func(*http.Request) (*http.Response, error) {
		return nil, fault.New(fault.Busy, "egress.open", "after", 30)
	})
	api, err := tmf.Open(tmf.Parts{HTTP: &http.Client{Transport: way}, Root: "https://nossa.example/v4", Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	_, err = tmf.Tickets{API: api}.Get(ctx, "IN1")
	if no := fault.Of(err); no == nil || no.Key != "egress.open" || tmf.After(err) != 30*time.Second || strings.Contains(err.Error(), "nossa.example") {
		t.Errorf("%v", err)
	}
}

// An address that is not allowed is the site's to put right: the errand waits, it is not a leader's dead letter.
func TestAWayThatIsNotAllowedLosesNoErrand(t *testing.T) {
	way := roundTrip(func(*http.Request) (*http.Response, error) {
		return nil, fault.New(fault.Invalid, "egress.not-allowed", "target", "x")
	})
	api, err := tmf.Open(tmf.Parts{HTTP: &http.Client{Transport: way}, Root: "https://nossa.example/v4", Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	_, err = tmf.NewCarrier(tmf.Tickets{API: api}).Carry(ctx, outbox.Errand{Number: "IN60000001", Mark: "sapa-1@malang", Text: "x"})
	if no := fault.Of(err); no == nil || no.Kind != fault.Forbidden || no.Key != "egress.not-allowed" {
		t.Errorf("%v", err)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestAnAddressHoldsNoSignIn(t *testing.T) {
	for _, root := range []string{"", "nossa.example", "ftp://nossa.example", "https://", "https://sapa:rahasia@nossa.example/v4", "https://nossa.example/v4?key=rahasia", "https://nossa.example/%zz"} {
		if _, err := tmf.Open(tmf.Parts{HTTP: http.DefaultClient, Root: root, Clock: time.Now}); err == nil || strings.Contains(err.Error(), "rahasia") {
			t.Errorf("%q: %v", root, err)
		}
	}
	if _, err := tmf.Open(tmf.Parts{Root: "https://nossa.example/v4"}); err == nil {
		t.Error("taken without a client")
	}
}

// Money is read from the text of the number: no cent is lost on the way.
func TestMoneyIsExact(t *testing.T) {
	for text, want := range map[string]string{
		`{"unit":"IDR","value":315000}`:               `{"unit":"IDR","value":315000}`,
		`{"unit":"IDR","value":315000.00}`:            `{"unit":"IDR","value":315000}`,
		`{"unit":"IDR","value":3.15e5}`:               `{"unit":"IDR","value":315000}`,
		`{"unit":"IDR","value":"315000.5"}`:           `{"unit":"IDR","value":315000.50}`,
		`{"unit":"IDR","value":90071992547409.93}`:    `{"unit":"IDR","value":90071992547409.93}`,
		`{"unit":"IDR","value":-0.01}`:                `{"unit":"IDR","value":-0.01}`,
		`{"unit":null,"value":null}`:                  `{"unit":"","value":0}`,
		`null`:                                        `{"unit":"","value":0}`,
		`{"value":-92233720368547758.08}`:             `{"unit":"","value":-92233720368547758.08}`,
		`{"unit":"IDR","value":0.001}`:                "",
		`{"unit":"IDR","value":1e300}`:                "",
		`{"unit":"IDR","value":1e999999999}`:          "",
		`{"unit":"IDR","value":92233720368547758.08}`: "",
		`{"unit":"IDR","value":"tiga ratus"}`:         "",
		`{"unit":"IDR","value":"1/3"}`:                "",
		`{"unit":"IDR","value":"0x10"}`:               "",
		`315000`:                                      "",
	} {
		var m tmf.Money
		err := json.Unmarshal([]byte(text), &m)
		if want == "" {
			if err == nil {
				t.Errorf("%s is %+v", text, m)
			}
			continue
		}
		got, err2 := json.Marshal(m)
		if err != nil || err2 != nil || string(got) != want {
			t.Errorf("%s is %s (%v)", text, got, err)
		}
	}
	for m, want := range map[tmf.Money]bool{tmf.Rupiah(5): true, {Unit: "Rp", Hundredths: 500}: true, {Unit: "USD", Hundredths: 500}: false, {Unit: "IDR", Hundredths: 550}: false} {
		if n, ok := m.Rupiah(); ok != want || n != 5 {
			t.Errorf("%+v: %d %t", m, n, ok)
		}
	}
}

// A moment is read with its zone; one without is not guessed.
func TestAMomentHasItsZone(t *testing.T) {
	for text, want := range map[string]string{
		`"2026-11-23T09:00:00+07:00"`: "2026-11-23T02:00:00Z", `"2026-11-23T02:00:00.250Z"`: "2026-11-23T02:00:00.25Z", `"2026-11-23T09:00:00.000+0700"`: "2026-11-23T02:00:00Z",
		`"2026-11-23T09:00+07:00"`: "2026-11-23T02:00:00Z", `null`: "0001-01-01T00:00:00Z", `""`: "0001-01-01T00:00:00Z",
		`"2026-11-23T09:00:00"`: "", `"2026-11-23"`: "", `"besok"`: "", `1795572000`: "", `{}`: "",
	} {
		var at tmf.Time
		err := json.Unmarshal([]byte(text), &at)
		if got := at.UTC().Format(time.RFC3339Nano); (err == nil) != (want != "") || err == nil && got != want {
			t.Errorf("%s is %s (%v)", text, got, err)
		}
	}
}

// Whatever comes, decoding never panics, never hangs, and what is taken can be written and read again.
func FuzzAnswer(f *testing.F) {
	for _, s := range []string{
		`{"id":"IN1","status":"resolved","note":[{"text":"x","date":"2026-11-23T09:00:00+07:00"}],"relatedEntity":null}`, `{"id":1}`, `[]`, `null`, `{"id":"1","note":{}}`,
		`{"href":"/a/b/IN9","creationDate":""}`, `{"id":"B1","amountDue":{"unit":"IDR","value":1e20}}`, `{"id":"B1","amountDue":{"unit":"IDR","value":315000.00},"billingPeriod":null}`,
		`{"id":"S1","serviceCharacteristic":[{"name":"STO","value":["MLG"]},{"name":"sto","value":{"a":1}},{"name":"odp","value":7}]}`, "{\"id\":\"\xff\"}", `{"id":"x","ID":"y"}`,
		`{"id":"A1","validFor":{"startDateTime":"2026-11-23T09:00:00+07:00"}}`, `{"id":"C","contactMedium":[{"characteristic":{"phoneNumber":"0811-0000-1"}}]}`, strings.Repeat("[", 20000),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		api, err := tmf.Open(tmf.Parts{Root: "https://nossa.example/v4", Clock: time.Now, HTTP: &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			return answer(text), nil
		})}})
		if err != nil {
			t.Fatal(err)
		}
		check := func(err error) {
			if err != nil && fault.Of(err) == nil {
				t.Errorf("%q: %v", text, err)
			}
		}
		x, err := tmf.Tickets{API: api}.Get(ctx, "IN1")
		check(err)
		if err == nil {
			_ = x.ServiceNo()
			again, err := json.Marshal(x)
			if err != nil {
				t.Errorf("%q: %v", text, err)
			}
			var same tmf.Ticket
			if err := json.Unmarshal(again, &same); err != nil || same.ExternalID != x.ExternalID || len(same.Note) != len(x.Note) {
				t.Errorf("%q becomes %s (%v)", text, again, err)
			}
		}
		c, err := tmf.Customers{API: api}.Get(ctx, "1")
		check(err)
		_ = c.Class()
		_, err = tmf.Individuals{API: api}.Get(ctx, "1")
		check(err)
		_, err = tmf.Appointments{API: api}.Get(ctx, "1")
		check(err)
		_, err = tmf.Orders{API: api}.Get(ctx, "1")
		check(err)
		services, _, err := tmf.Services{API: api}.OfCustomer(ctx, "1", 5)
		check(err)
		for _, s := range services {
			_ = s.No() + s.Kind() + s.ODP()
		}
		_, _, err = tmf.Bills{API: api}.OfCustomer(ctx, "1", 5)
		check(err)
		_, _, err = tmf.Payments{API: api}.OfCustomer(ctx, "1", 5)
		check(err)
	})
}
