package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/line"
	"sapa/internal/staff"
	"sapa/internal/who"
	"sapa/test/oltsim"
)

// oltSite is a house with a file of one SNMP connector over several OLTs: one that is well, one that says nothing, one whose answers
// are held back until the test ends.
func oltSite(t *testing.T, more string) (h *house, ani staff.Person) {
	t.Helper()
	well, _ := oltsim.Start(t, []oltsim.ONT{
		{Index: "1.1", Key: "FTTH_152999000001_RUMAH", Rx: "integer -2130", State: "integer 1"},
		{Index: "1.2", Key: "152999000002", Rx: "integer 90000", State: "integer 1"}, // +900 dBm
		{Index: "1.3", Key: "152999000003", Rx: "integer -1500", State: "integer 1"},
		{Index: "1.4", Key: "152999000003", Rx: "integer -2900", State: "integer 1"}, // the same number twice
	}, 0)
	silent, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	hold := make(chan struct{})
	t.Cleanup(func() { close(hold) })
	slow := oltsim.Between(t, well, hold)
	key := filepath.Join(t.TempDir(), "olt.community")
	if err := os.WriteFile(key, []byte(oltsim.Community+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "outside.yaml")
	text := fmt.Sprintf(`connectors:
  - id: olt-malang
    application: ibooster
    kind: snmp
    allow: [%q, %q, %q]
    probe: {every: 20ms}
    timeouts: {answer: 100ms, whole: 2s}
    breaker: {failures: 3, open: 1h}
    slow_after: 1s
    snmp:
      auth: {community_file: %q}
      models:
        rekaan: {key: %[5]s1, rx: %[5]s2, tx: %[5]s3, state: %[5]s5, states: {1: online}}
      olts:
        GPON01-D5-MLG-1: {address: %[1]q, model: rekaan}
        GPON02-D5-MLG-1: {address: %[2]q, model: rekaan}
        GPON03-D5-MLG-1: {address: %[3]q, model: rekaan}
%[6]s`, well, silent.LocalAddr(), slow, key, oltsim.Root, more)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	configs, err := readConnectors(file)
	if err != nil {
		t.Fatal(err)
	}
	if h, err = (place{data: t.TempDir(), zone: "Asia/Jakarta"}).open(t.Context(), true, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.close(); err != nil {
			t.Error(err)
		}
	})
	if err := h.connect(configs); err != nil {
		t.Fatal(err)
	}
	err = h.store.Write(t.Context(), func(tx *db.Tx) (err error) {
		ani, err = staff.Add(tx, staff.Console, staff.Person{Login: "42147", Name: "Ani Rekaan", Role: who.Agent})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return h, ani
}

// SOP 5.1.4, 5.2.10.j: a site that names its OLTs has its lines measured there. A slow, a silent or an unknown OLT costs a moment: what
// the recorded table has of the line is taken in its place, and the measurement says so; what the OLT says of a line stands, and its
// lies are left out by name. An OLT that says nothing again and again is left alone, and the others are measured all the same.
func TestLinesAreMeasuredAtTheOLT(t *testing.T) {
	h, ani := oltSite(t, "")
	measure := func(no, olt string, recorded bool) line.Measurement {
		t.Helper()
		err := h.store.Write(t.Context(), func(tx *db.Tx) error {
			if recorded {
				rx := -19.0
				if err := line.PutRecorded(tx, no, line.Reading{OnuRxPwr: &rx}); err != nil {
					return err
				}
			}
			return line.PutLine(tx, line.Line{ServiceNo: no, STO: "MLG", OLT: olt, Technology: line.Fibre})
		})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		m, err := h.meter.Measure(t.Context(), ani.Actor(who.Page), no)
		if took := time.Since(began); err != nil || took > 4*time.Second {
			t.Errorf("%s: %v after %s", no, err, took)
		}
		return m
	}
	for _, c := range []struct {
		no, olt                         string
		recorded                        bool
		verdict, source, failure, doubt string
		passed                          string
	}{
		{"152999000001", "GPON01-D5-MLG-1", true, line.Spec, "olt-malang", "", "", "[]"},
		{"152999000002", "GPON01-D5-MLG-1", true, line.Unspec, "olt-malang", "", "onu_rx_pwr", "[]"},
		{"152999000003", "GPON01-D5-MLG-1", true, line.Failed, "olt-malang", "refused", "", "[]"},
		{"152999000004", "GPON01-D5-MLG-1", true, line.Failed, "olt-malang", "refused", "", "[]"}, // no ONT carries it
		{"152999000005", "GPON02-D5-MLG-1", true, line.Spec, "ibooster-rekaman", "", "", "[{olt-malang timeout}]"},
		{"152999000006", "GPON02-D5-MLG-1", false, line.Failed, "olt-malang", "timeout", "", "[]"},
		{"152999000001", "GPON03-D5-MLG-1", true, line.Spec, "ibooster-rekaman", "", "", "[{olt-malang timeout}]"},
		{"152999000007", "GPON09-D5-MLG-1", true, line.Spec, "ibooster-rekaman", "", "", "[{olt-malang elsewhere}]"},
		{"152999000008", "", false, line.Failed, "olt-malang", "elsewhere", "", "[]"},
		{"152999000009", "GPON02-D5-MLG-1", false, line.Failed, "olt-malang", "timeout", "", "[]"},
		{"152999000005", "GPON02-D5-MLG-1", true, line.Spec, "ibooster-rekaman", "", "", "[{olt-malang resting}]"}, // the fourth time
		{"152999000001", "GPON01-D5-MLG-1", true, line.Spec, "olt-malang", "", "", "[]"},
	} {
		m := measure(c.no, c.olt, c.recorded)
		if m.Verdict != c.verdict || m.Source != c.source || m.Failure != c.failure || m.Doubt != c.doubt || fmt.Sprint(m.Passed) != c.passed ||
			c.verdict == line.Spec && *m.OnuRxPwr != map[string]float64{"olt-malang": -21.3, "ibooster-rekaman": -19}[c.source] {
			t.Errorf("%s at %q: %+v", c.no, c.olt, m)
		}
		err := h.store.Read(t.Context(), func(tx *db.Tx) error {
			kept, err := line.Get(tx, m.ID)
			if kept.Source != m.Source || fmt.Sprint(kept.Passed) != c.passed {
				t.Errorf("kept %+v", kept)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// SOP 5.1.4: the tile of the OLTs says how many of them do not answer, and whoever asks again wakes the probes.
func TestTheTileOfTheOLTsCountsThem(t *testing.T) {
	h, ani := oltSite(t, "")
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); h.connectors.Run(ctx) }()
	late, stopLate := after(20 * time.Second)
	defer stopLate()
	tick, stopTick := ticker(10 * time.Millisecond)
	defer stopTick()
	for {
		s := h.seat.Outside()[0]
		if s.State == desk.Down && s.Behind == 3 && s.Out == 2 && s.Why == "late" && s.Latency > 0 {
			break
		}
		select {
		case <-tick:
		case <-late:
			t.Fatalf("%+v", s)
		}
	}
	if err := h.seat.AskAgain(ani.Actor(who.Page)); err != nil || h.seat.Wake == nil {
		t.Errorf("asked again: %v", err)
	}
	stop()
	<-ended
}

// SOP 5.2.10.j: of two sources the first that can say is heard: an OLT that is not in the file leaves the line to the other one.
func TestOneSourceLeavesALineToTheNext(t *testing.T) {
	other, _ := oltsim.Start(t, []oltsim.ONT{{Index: "1.1", Key: "152999000011", Rx: "integer -1800", State: "integer 1"}}, 0)
	key := filepath.Join(t.TempDir(), "olt.community")
	if err := os.WriteFile(key, []byte(oltsim.Community), 0o600); err != nil {
		t.Fatal(err)
	}
	h, ani := oltSite(t, fmt.Sprintf(`  - id: olt-batu
    application: ibooster
    kind: snmp
    allow: [%[1]q]
    snmp: {models: {rekaan: {key: %[2]s1, rx: %[2]s2}}, olts: {GPON01-D5-BTU-1: {address: %[1]q, model: rekaan, community_file: %[3]q}}}
`, other, oltsim.Root, key))
	err := h.store.Write(t.Context(), func(tx *db.Tx) error {
		return line.PutLine(tx, line.Line{ServiceNo: "152999000011", STO: "BTU", OLT: "GPON01-D5-BTU-1", Technology: line.Fibre})
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := h.meter.Measure(t.Context(), ani.Actor(who.Page), "152999000011")
	if err != nil || m.Source != "olt-batu" || m.Verdict != line.Spec || fmt.Sprint(m.Passed) != "[{olt-malang elsewhere}]" {
		t.Errorf("%+v %v", m, err)
	}
}

// `sapa connectors check` says what is wrong with OLTs, in the reader's language, and asks none of them.
func TestConnectorsCheckReadsOLTs(t *testing.T) {
	key := filepath.Join(t.TempDir(), "olt.community")
	if err := os.WriteFile(key, []byte("rahasia-rekaan"), 0o600); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(`connectors:
  - id: olt
    application: ibooster
    kind: snmp
    allow: ["10.0.0.0/24:161"]
    snmp:
      models: {rekaan: {key: 1.3.6.1.4.1.99999.1.1, rx: 1.3.6.1.4.1.99999.1.2}}
      olts:
        GPON03-D5-SMP-2: {address: "10.0.0.1:161", model: rekaan, community_file: %q}
`, key)
	check := checkFile(t)
	t.Setenv("SAPA_LANG", "en")
	if code, out, bad := check(text); code != done || out != "1 connectors, all written properly.\n" || bad != "" {
		t.Errorf("%d %s%s", code, out, bad)
	}
	text = strings.NewReplacer("10.0.0.1:161", "10.0.1.1:161", "    kind: snmp", "    kind: snmp\n    base: https://10.0.0.1").Replace(text)
	for lang, want := range map[string]string{"en": "FILE, line 5: base is not known. Known are: ", "id": "FILE, baris 5: base tidak dikenal."} {
		t.Setenv("SAPA_LANG", lang)
		if code, _, bad := check(text); code != refused || !strings.Contains(bad, want) || strings.Contains(bad, "rahasia") {
			t.Errorf("%d %s", code, bad)
		}
	}
	t.Setenv("SAPA_LANG", "en")
	if code, _, bad := check(strings.Replace(text, "    base: https://10.0.0.1\n", "", 1)); code != refused || bad != "FILE, line 9: 10.0.1.1:161 is not in allow; write there what may be reached.\n" {
		t.Errorf("%d %s", code, bad)
	}
}
