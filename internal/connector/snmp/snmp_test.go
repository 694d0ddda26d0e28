package snmp_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sapa/internal/connector/snmp"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/line"
	"sapa/internal/who"
)

// root of the invented OLT's ONT table.
const root = ".1.3.6.1.4.1.99999.1."

var model = snmp.Model{Key: root + "1", Rx: root + "2", Tx: root + "3", OltRx: root + "4", State: root + "5", Scale: 0.01,
	Dark: []int64{2147483647}, States: map[int64]string{1: "online", 2: "LOS"}}

// ont is a row of the table as snmpd's configuration writes it; a value that is no number is told by its type.
type ont struct{ index, key, rx, state string }

var onts = []ont{
	{"4194304.1", "FTTH_152999000001_RUMAH", "integer -2130", "integer 1"},
	{"4194304.2", "152999000002", "integer -2760", "integer 1"},
	{"4194304.3", "152999000003", "integer 2147483647", "integer 2"}, // dark
	{"4194304.4", "152999000004", "integer 90000", "integer 1"},      // +900 dBm
	{"4194304.5", "152999000005", `octet_str "terang sekali"`, "integer 1"},
	{"4194304.6", "152999000006", `octet_str "-19.25 dBm"`, "integer 9"},
	{"4194304.7", "152999000007", "", "integer 1"}, // no power at all
	{"4194304.8", "152999000008", "integer -2000", "integer 1"},
	{"4194304.9", "152999000008", "integer -3000", "integer 1"}, // the same number twice
}

// agent starts Debian's snmpd with an ONT table on a free port of this machine; stop ends it.
func agent(t *testing.T, rows []ont, port int) (address string, stop func()) {
	t.Helper()
	program, err := exec.LookPath("snmpd")
	if err != nil {
		if _, err = os.Stat("/usr/sbin/snmpd"); err != nil {
			t.Fatal("no snmpd: run ./verify as root, which installs it, or apt-get install snmpd")
		}
		program = "/usr/sbin/snmpd"
	}
	if port == 0 {
		port = free(t)
	}
	dir, address := t.TempDir(), fmt.Sprintf("127.0.0.1:%d", port)
	var conf strings.Builder
	conf.WriteString("rocommunity rahasia-uji 127.0.0.1\ncreateUser sapa SHA-256 \"kata-sandi-uji\" AES \"kata-rahasia-uji\"\nrouser sapa authPriv\n")
	for _, r := range rows {
		fmt.Fprintf(&conf, "override %s1.%s octet_str \"%s\"\n", root, r.index, r.key)
		for column, value := range map[string]string{"2": r.rx, "3": "integer 250", "5": r.state} {
			if value != "" {
				fmt.Fprintf(&conf, "override %s%s.%s %s\n", root, column, r.index, value)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "snmpd.conf"), []byte(conf.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	run := exec.Command(program, "-f", "-Lo", "-C", "-c", filepath.Join(dir, "snmpd.conf"), "-p", filepath.Join(dir, "pid"), "udp:"+address)
	run.Env = append(os.Environ(), "SNMP_PERSISTENT_DIR="+dir, "MIBS=")
	run.Stdout, run.Stderr = log, log
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			_ = run.Process.Signal(syscall.SIGTERM)
			_ = run.Wait()
			_ = log.Close()
		}
	}
	t.Cleanup(stop)
	s := source(t, address, nil)
	for range 20 { // each try waits for itself
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		_, err = s.Measure(ctx, at("152999000001"))
		cancel()
		if err == nil {
			return address, stop
		}
		<-time.After(100 * time.Millisecond)
	}
	said, _ := os.ReadFile(log.Name())
	t.Fatalf("snmpd does not answer: %v\n%s", err, said)
	return "", nil
}

func free(t *testing.T) int {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.LocalAddr().(*net.UDPAddr).Port
}

func at(no string) line.Line { return line.Line{ServiceNo: no, OLT: "GPON03-D5-MLG-2"} }

// source is one over the invented OLT; change may change how it is asked.
func source(t *testing.T, address string, change func(o *snmp.OLT, m *snmp.Model)) *snmp.Source {
	t.Helper()
	o, m := snmp.OLT{Address: address, Model: "rekaan", Community: "rahasia-uji"}, model
	if change != nil {
		change(&o, &m)
	}
	s, err := snmp.New(snmp.Config{OLTs: map[string]snmp.OLT{"GPON03-D5-MLG-2": o}, Models: map[string]snmp.Model{"rekaan": m}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func v3(auth, privacy snmp.Secret) func(*snmp.OLT, *snmp.Model) {
	return func(o *snmp.OLT, _ *snmp.Model) { o.Community, o.User, o.Auth, o.Privacy = "", "sapa", auth, privacy }
}

// SOP 5.2.10.j: an OLT is measured over SNMP, in the clear and encrypted, and what it says is judged and kept as of any other
// source: in spec, out of it, dark; lies are left out by name, a number that nobody or two have is a failure with its reason.
func TestAnOLTIsMeasured(t *testing.T) {
	address, _ := agent(t, onts, 0)
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
	port := free(t)
	address, stop := agent(t, onts, port)
	s := source(t, address, nil)
	if r, err := s.Measure(t.Context(), at("152999000002")); err != nil || *r.OnuRxPwr != -27.6 {
		t.Fatalf("%+v %v", r, err)
	}
	stop()
	agent(t, []ont{{"4194304.1", "152999000001", "integer -2130", "integer 1"}, {"4194304.2", "152999000055", "integer -1500", "integer 1"},
		{"4194304.3", "152999000002", "integer -2200", "integer 1"}}, port)
	if r, err := s.Measure(t.Context(), at("152999000002")); err != nil || r.OnuRxPwr == nil || *r.OnuRxPwr != -22 {
		t.Errorf("moved: %+v %v", r, err)
	}
	if r, err := s.Measure(t.Context(), at("152999000003")); err != nil || r.OnuRxPwr != nil || r.Message == "" {
		t.Errorf("gone: %+v %v", r, err)
	}
}

// Wrong secrets, an address that is not allowed, an OLT nobody configured, one that says nothing: an error or a reason, soon.
func TestAnOLTThatDoesNotAnswerIsAnError(t *testing.T) {
	address, _ := agent(t, onts, 0)
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
	forbidden := source(t, address, nil)
	refusal := errors.New("not on the list")
	forbidden.Control = func(_, dialled string, _ syscall.RawConn) error {
		if dialled != address {
			t.Errorf("dialled %s", dialled)
		}
		return refusal
	}
	for name, s := range map[string]*snmp.Source{
		"community": source(t, address, func(o *snmp.OLT, _ *snmp.Model) { o.Community = "salah-semua" }),
		"auth":      source(t, address, v3("kata-sandi-salah", "kata-rahasia-uji")),
		"privacy":   source(t, address, v3("kata-sandi-uji", "kata-rahasia-salah")),
		"silent":    source(t, silent.LocalAddr().String(), nil),
		"forbidden": forbidden,
	} {
		r, err := quick(s, "152999000001")
		if err == nil || r != (line.Reading{}) {
			t.Errorf("%s: %+v %v", name, r, err)
		}
		if err != nil && (strings.Contains(err.Error(), "kata-") || strings.Contains(err.Error(), "salah-semua")) {
			t.Errorf("%s: the error tells a secret: %v", name, err)
		}
		if name == "forbidden" && !errors.Is(err, refusal) {
			t.Errorf("forbidden: %v", err)
		}
	}
	other := at("152999000001")
	other.OLT = "GPON09-D1-MLG-1"
	if r, err := source(t, address, nil).Measure(t.Context(), other); err != nil || !strings.Contains(r.Message, "not configured") {
		t.Errorf("%+v %v", r, err)
	}
}

// SOP 5.2.10.j: an OLT whose answers come too late costs the meter's patience and no more; the failure is kept.
func TestASlowOLTIsNotWaitedFor(t *testing.T) {
	address, _ := agent(t, onts, 0)
	late := make(chan struct{})
	defer close(late)
	slow := between(t, address, late)
	s := source(t, slow, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	began := time.Now()
	r, err := s.Measure(ctx, at("152999000001"))
	if took := time.Since(began); err == nil || r != (line.Reading{}) || took > 2*time.Second {
		t.Errorf("%+v %v after %s", r, err, took)
	}
}

// between passes packets to an agent and holds its answers back until the channel closes.
func between(t *testing.T, to string, hold <-chan struct{}) string {
	t.Helper()
	front, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	back, err := net.Dial("udp", to)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { front.Close(); back.Close() })
	go func() {
		packet := make([]byte, 65536)
		for {
			n, from, err := front.ReadFrom(packet)
			if err != nil {
				return
			}
			if _, err := back.Write(packet[:n]); err != nil {
				return
			}
			if n, err = back.Read(packet); err != nil {
				return
			}
			<-hold
			_, _ = front.WriteTo(packet[:n], from)
		}
	}()
	return front.LocalAddr().String()
}

func TestAConfigurationIsCheckedAtOnce(t *testing.T) {
	good := snmp.OLT{Address: "127.0.0.1:161", Model: "rekaan", Community: "rahasia-uji"}
	for name, change := range map[string]func(o *snmp.OLT, m *snmp.Model){
		"no port":        func(o *snmp.OLT, _ *snmp.Model) { o.Address = "127.0.0.1" },
		"no model":       func(o *snmp.OLT, _ *snmp.Model) { o.Model = "lain" },
		"no key":         func(_ *snmp.OLT, m *snmp.Model) { m.Key = "" },
		"no secret":      func(o *snmp.OLT, _ *snmp.Model) { o.Community = "" },
		"a short secret": func(o *snmp.OLT, _ *snmp.Model) { o.User, o.Auth, o.Privacy = "sapa", "pendek", "kata-rahasia-uji" },
	} {
		o, m := good, model
		change(&o, &m)
		if _, err := snmp.New(snmp.Config{OLTs: map[string]snmp.OLT{"A": o}, Models: map[string]snmp.Model{"rekaan": m}}); err == nil {
			t.Errorf("%s is fine", name)
		}
	}
	if said := fmt.Sprintf("%v %+v %#v", good, good, good); strings.Contains(said, "rahasia-uji") {
		t.Errorf("a secret is printed: %s", said)
	}
}
