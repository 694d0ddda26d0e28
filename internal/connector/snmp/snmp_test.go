package snmp_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"sapa/internal/connector/snmp"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/egress"
	"sapa/internal/line"
	"sapa/internal/who"
	"sapa/test/oltsim"
)

const root = oltsim.Root

var model = snmp.Model{Key: root + "1", Rx: root + "2", Tx: root + "3", OltRx: root + "4", State: root + "5", Scale: 0.01,
	Dark: []int64{2147483647}, States: map[int64]string{1: "online", 2: "LOS"}}

var onts = []oltsim.ONT{
	{Index: "4194304.1", Key: "FTTH_152999000001_RUMAH", Rx: "integer -2130", State: "integer 1"},
	{Index: "4194304.2", Key: "152999000002", Rx: "integer -2760", State: "integer 1"},
	{Index: "4194304.3", Key: "152999000003", Rx: "integer 2147483647", State: "integer 2"}, // dark
	{Index: "4194304.4", Key: "152999000004", Rx: "integer 90000", State: "integer 1"},      // +900 dBm
	{Index: "4194304.5", Key: "152999000005", Rx: `octet_str "terang sekali"`, State: "integer 1"},
	{Index: "4194304.6", Key: "152999000006", Rx: `octet_str "-19.25 dBm"`, State: "integer 9"},
	{Index: "4194304.7", Key: "152999000007", Rx: "", State: "integer 1"}, // no power at all
	{Index: "4194304.8", Key: "152999000008", Rx: "integer -2000", State: "integer 1"},
	{Index: "4194304.9", Key: "152999000008", Rx: "integer -3000", State: "integer 1"}, // the same number twice
}

func at(no string) line.Line { return line.Line{ServiceNo: no, OLT: "GPON03-D5-MLG-2"} }

// way allows one address and waits for no answer for long.
func way(t *testing.T, addresses ...string) snmp.Way {
	t.Helper()
	w := snmp.Way{Failures: 1000}
	for _, a := range addresses {
		to, err := egress.ParseTarget(a)
		if err != nil {
			t.Fatal(err)
		}
		w.Allow = append(w.Allow, to)
	}
	return w
}

// source is one over the invented OLT; change may change how it is asked.
func source(t *testing.T, address string, change func(o *snmp.OLT, m *snmp.Model)) *snmp.Source {
	t.Helper()
	o, m := snmp.OLT{Address: address, Model: "rekaan", Community: "rahasia-uji"}, model
	if change != nil {
		change(&o, &m)
	}
	s, err := snmp.New(snmp.Config{OLTs: map[string]snmp.OLT{"GPON03-D5-MLG-2": o}, Models: map[string]snmp.Model{"rekaan": m}}, way(t, address))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func v3(auth, privacy egress.Secret) func(*snmp.OLT, *snmp.Model) {
	return func(o *snmp.OLT, _ *snmp.Model) { o.Community, o.User, o.Auth, o.Privacy = "", "sapa", auth, privacy }
}

// SOP 5.2.10.j: an OLT is measured over SNMP, in the clear and encrypted, and what it says is judged and kept as of any other
// source: in spec, out of it, dark; lies are left out by name, a number that nobody or two have is a failure with its reason.
func TestAnOLTIsMeasured(t *testing.T) {
	address, _ := oltsim.Start(t, onts, 0)
	for version, s := range map[string]*snmp.Source{"v2c": source(t, address, nil), "v3": source(t, address, v3("kata-sandi-uji", "kata-rahasia-uji"))} {
		t.Run(version, func(t *testing.T) {
			store, _ := dbtest.SQLite(t)
			meter := line.NewMeter(store, s, "snmp")
			for _, c := range []struct {
				no, verdict, failure, doubt, state, message string
				rx                                          float64
			}{
				{"152999000001", line.Spec, "", "", "online", "", -21.3},
				{"152999000002", line.Unspec, "", "", "online", "", -27.6},
				{"152999000003", line.Unspec, "", "", "LOS", "", 0},
				{"152999000004", line.Unspec, "", "onu_rx_pwr", "online", "", 0},
				{"152999000005", line.Unspec, "", "onu_rx_pwr", "online", "", 0},
				{"152999000006", line.Spec, "", "", "9", "", -19.25},
				{"152999000007", line.Unspec, "", "", "online", "", 0},
				{"152999000008", line.Failed, "refused", "", "", "two ONTs carry this number", 0},
				{"152999000099", line.Failed, "refused", "", "", "no ONT carries this number", 0},
			} {
				l := at(c.no)
				l.STO, l.Technology = "MLG", line.Fibre
				if err := store.Write(t.Context(), func(tx *db.Tx) error { return line.PutLine(tx, l) }); err != nil {
					t.Fatal(err)
				}
				m, err := meter.Measure(t.Context(), who.Actor{ID: 7, Role: who.Agent}, c.no)
				if err != nil || m.Verdict != c.verdict || m.Failure != c.failure || m.Doubt != c.doubt || m.OperStatus != c.state || m.Message != c.message ||
					(m.OnuRxPwr == nil) != (c.rx == 0) || m.OnuRxPwr != nil && *m.OnuRxPwr != c.rx || m.Verdict != line.Failed && (m.OnuTxPwr == nil || *m.OnuTxPwr != 2.5) {
					t.Errorf("%s: %v %+v", c.no, err, m)
				}
			}
		})
	}
}

// Another ONT stands where this one was: the row is not believed, the table is read again, and the line's own row is found.
func TestARowOfAnotherONTIsNotBelieved(t *testing.T) {
	port := oltsim.Free(t)
	address, stop := oltsim.Start(t, onts, port)
	s := source(t, address, nil)
	if r, err := s.Measure(t.Context(), at("152999000002")); err != nil || *r.OnuRxPwr != -27.6 {
		t.Fatalf("%+v %v", r, err)
	}
	stop()
	oltsim.Start(t, []oltsim.ONT{{Index: "4194304.1", Key: "152999000001", Rx: "integer -2130", State: "integer 1"}, {Index: "4194304.2", Key: "152999000055", Rx: "integer -1500", State: "integer 1"},
		{Index: "4194304.3", Key: "152999000002", Rx: "integer -2200", State: "integer 1"}}, port)
	if r, err := s.Measure(t.Context(), at("152999000002")); err != nil || r.OnuRxPwr == nil || *r.OnuRxPwr != -22 {
		t.Errorf("moved: %+v %v", r, err)
	}
	if r, err := s.Measure(t.Context(), at("152999000003")); err != nil || r.OnuRxPwr != nil || r.Message == "" {
		t.Errorf("gone: %+v %v", r, err)
	}
}

// Wrong secrets, an address that is not allowed, an OLT nobody configured, one that says nothing: an error or a reason, soon.
func TestAnOLTThatDoesNotAnswerIsAnError(t *testing.T) {
	address, _ := oltsim.Start(t, onts, 0)
	quick := func(s *snmp.Source, no string) (line.Reading, error) {
		ctx, cancel := context.WithTimeout(t.Context(), 400*time.Millisecond)
		defer cancel()
		return s.Measure(ctx, at(no))
	}
	silent, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	port := address[strings.LastIndexByte(address, ':'):]
	namesLeadHere(t)
	byName, err := snmp.New(snmp.Config{OLTs: map[string]snmp.OLT{"GPON03-D5-MLG-2": {Address: "olt.example" + port, Model: "rekaan", Community: "rahasia-uji"}},
		Models: map[string]snmp.Model{"rekaan": model}}, way(t, "olt.example"+port)) // a name that is allowed, and leads inside
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		s    *snmp.Source
		kind egress.Kind
	}{
		"community": {source(t, address, func(o *snmp.OLT, _ *snmp.Model) { o.Community = "salah-semua" }), egress.Late},
		"auth":      {source(t, address, v3("kata-sandi-salah", "kata-rahasia-uji")), egress.SignIn},
		"privacy":   {source(t, address, v3("kata-sandi-uji", "kata-rahasia-salah")), egress.Late}, // it answers who it is, and nothing more
		"silent":    {source(t, silent.LocalAddr().String(), nil), egress.Late},
		"nobody":    {source(t, fmt.Sprintf("127.0.0.1:%d", oltsim.Free(t)), nil), egress.Unreached},
		"forbidden": {byName, egress.Forbidden},
	} {
		r, err := quick(c.s, "152999000001")
		if err == nil || r != (line.Reading{}) || egress.KindOf(err) != c.kind {
			t.Errorf("%s: %+v %v, want %s", name, r, err, c.kind)
		}
		if err != nil && (strings.Contains(err.Error(), "kata-") || strings.Contains(err.Error(), "salah-semua")) {
			t.Errorf("%s: the error tells a secret: %v", name, err)
		}
	}
	other := at("152999000001")
	other.OLT = "GPON09-D1-MLG-1"
	if r, err := source(t, address, nil).Measure(t.Context(), other); !errors.Is(err, line.ErrElsewhere) || r != (line.Reading{}) {
		t.Errorf("%+v %v", r, err)
	}
}

// SOP 5.2.10.j: a table that takes longer than a measurement may is read by several: each goes on where the last one was cut.
func TestALongTableIsReadInTurns(t *testing.T) {
	var rows []oltsim.ONT
	for i := range 300 {
		rows = append(rows, oltsim.ONT{Index: fmt.Sprintf("1.%d", i+1), Key: fmt.Sprintf("1529990%05d", i), Rx: "integer -2000", State: "integer 1"})
	}
	address, _ := oltsim.Start(t, rows, 0)
	tokens := make(chan struct{}, 100) // each lets one answer pass
	s := source(t, oltsim.Between(t, address, tokens), nil)
	failed := 0
	for range 20 {
		for range 4 {
			tokens <- struct{}{}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		r, err := s.Measure(ctx, at("152999000299"))
		cancel()
		if err == nil {
			if r.OnuRxPwr == nil || *r.OnuRxPwr != -20 || failed < 2 {
				t.Errorf("%+v after %d cuts", r, failed)
			}
			return
		}
		if failed++; egress.KindOf(err) != egress.Late {
			t.Fatal(err)
		}
	}
	t.Error("the end of the table is never reached")
}

// namesLeadHere has every name lead to this machine, as somebody who answers for a name could.
func namesLeadHere(t *testing.T) {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	was := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
	t.Cleanup(func() { net.DefaultResolver = was; server.Close() })
	go func() {
		b := make([]byte, 512)
		for {
			n, from, err := server.ReadFrom(b)
			if err != nil {
				return
			}
			end := 12
			for end < n && b[end] != 0 {
				end += int(b[end]) + 1
			}
			if end += 5; end > n { // the closing zero, type and class
				continue
			}
			answer := append([]byte{b[0], b[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, b[12:end]...)
			if b[end-3] == 1 { // A
				answer[7] = 1
				answer = append(answer, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1)
			}
			_, _ = server.WriteTo(answer, from) // a lost answer is asked again
		}
	}()
}

// SOP 5.2.10.j: an OLT whose answers come too late costs the meter's patience and no more; the failure is kept.
func TestASlowOLTIsNotWaitedFor(t *testing.T) {
	address, _ := oltsim.Start(t, onts, 0)
	late := make(chan struct{})
	defer close(late)
	slow := oltsim.Between(t, address, late)
	s := source(t, slow, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	began := time.Now()
	r, err := s.Measure(ctx, at("152999000001"))
	if took := time.Since(began); err == nil || r != (line.Reading{}) || took > 2*time.Second {
		t.Errorf("%+v %v after %s", r, err, took)
	}
}

func TestAConfigurationIsCheckedAtOnce(t *testing.T) {
	good := snmp.OLT{Address: "127.0.0.1:161", Model: "rekaan", Community: "rahasia-uji"}
	for name, change := range map[string]func(o *snmp.OLT, m *snmp.Model){
		"no port":        func(o *snmp.OLT, _ *snmp.Model) { o.Address = "127.0.0.1" },
		"no model":       func(o *snmp.OLT, _ *snmp.Model) { o.Model = "lain" },
		"no key":         func(_ *snmp.OLT, m *snmp.Model) { m.Key = "" },
		"no secret":      func(o *snmp.OLT, _ *snmp.Model) { o.Community = "" },
		"not allowed":    func(o *snmp.OLT, _ *snmp.Model) { o.Address = "127.0.0.1:162" },
		"a short secret": func(o *snmp.OLT, _ *snmp.Model) { o.User, o.Auth, o.Privacy = "sapa", "pendek", "kata-rahasia-uji" },
	} {
		o, m := good, model
		change(&o, &m)
		if _, err := snmp.New(snmp.Config{OLTs: map[string]snmp.OLT{"A": o}, Models: map[string]snmp.Model{"rekaan": m}}, way(t, "127.0.0.1:161")); err == nil {
			t.Errorf("%s is fine", name)
		}
	}
	if said := fmt.Sprintf("%v %+v %#v", good, good, good); strings.Contains(said, "rahasia-uji") {
		t.Errorf("a secret is printed: %s", said)
	}
}
