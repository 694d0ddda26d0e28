package snmp_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sapa/internal/connector/snmp"
	"sapa/internal/egress"
	"sapa/test/oltsim"
)

// site is a source over several OLTs, by name.
func site(t *testing.T, w snmp.Way, olts map[string]snmp.OLT) *snmp.Source {
	t.Helper()
	var addresses []string
	for name, o := range olts {
		o.Model = "rekaan"
		olts[name] = o
		addresses = append(addresses, o.Address)
	}
	w.Allow = way(t, addresses...).Allow
	s, err := snmp.New(snmp.Config{OLTs: olts, Models: map[string]snmp.Model{"rekaan": model}}, w)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// deaf takes every packet and answers none, or something that is no SNMP; asked counts them.
func deaf(t *testing.T, says string) (address string, asked *atomic.Int32) {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	asked = &atomic.Int32{}
	go func() {
		packet := make([]byte, 2048)
		for {
			_, from, err := c.ReadFrom(packet)
			if err != nil {
				return
			}
			asked.Add(1)
			if says != "" {
				_, _ = c.WriteTo([]byte(says), from)
			}
		}
	}()
	return c.LocalAddr().String(), asked
}

// SOP 5.1.4: a tile of OLTs hears them one after the other: all well, how many say nothing, who does not take the sign-in, and a
// stranger that answers something else.
func TestOLTsAreHeard(t *testing.T) {
	address, _ := oltsim.Start(t, onts, 0)
	silent, _ := deaf(t, "")
	stranger, _ := deaf(t, "halo")
	well := snmp.OLT{Address: address, Community: "rahasia-uji"}
	safe := snmp.OLT{Address: address, User: "sapa", Auth: "kata-sandi-uji", Privacy: "kata-rahasia-uji"}
	shut := snmp.OLT{Address: address, User: "sapa", Auth: "kata-sandi-salah", Privacy: "kata-rahasia-uji"}
	gone := snmp.OLT{Address: fmt.Sprintf("127.0.0.1:%d", oltsim.Free(t)), Community: "rahasia-uji"}
	mute := snmp.OLT{Address: silent, Community: "rahasia-uji"}
	other := snmp.OLT{Address: stranger, Community: "rahasia-uji"}
	for name, c := range map[string]struct {
		olts  []snmp.OLT
		kinds string
		out   int
	}{
		"well":     {[]snmp.OLT{well, safe}, "", 0},
		"one mute": {[]snmp.OLT{well, mute, safe}, "late", 1},
		"two away": {[]snmp.OLT{mute, well, gone}, "late unreached", 2},
		"shut":     {[]snmp.OLT{well, shut, shut}, "sign-in", 2},
		"worst":    {[]snmp.OLT{shut, mute, shut}, "late", 1},
		"stranger": {[]snmp.OLT{other}, "nonsense", 1},
	} {
		olts := map[string]snmp.OLT{}
		for i, o := range c.olts {
			olts[fmt.Sprintf("GPON0%d-D5-MLG-2", i)] = o
		}
		h := site(t, snmp.Way{Answer: 150 * time.Millisecond}, olts).Hear(t.Context(), time.Now)
		if !strings.Contains(c.kinds, string(h.Kind)) || (h.Kind == "") != (c.kinds == "") || h.Out != c.out || h.OLTs != len(olts) || (h.Took == 0) != (c.kinds != "" && (name == "worst" || name == "stranger")) && name != "shut" {
			t.Errorf("%s: %+v", name, h)
		}
	}
}

// A round takes no longer than it may, however many say nothing; the next one goes on where it ended, and what rests is not asked.
func TestARoundOfHearingIsBounded(t *testing.T) {
	address, _ := oltsim.Start(t, onts, 0)
	olts := map[string]snmp.OLT{"GPON09-D5-MLG-2": {Address: address, Community: "rahasia-uji"}}
	var asked []*atomic.Int32
	for i := range 6 {
		at, n := deaf(t, "")
		asked = append(asked, n)
		olts[fmt.Sprintf("GPON0%d-D5-MLG-2", i)] = snmp.OLT{Address: at, Community: "rahasia-uji"}
	}
	s := site(t, snmp.Way{Answer: 100 * time.Millisecond, Whole: 500 * time.Millisecond, Failures: 1, Open: time.Hour}, olts)
	for round := range 4 {
		began := time.Now()
		h := s.Hear(t.Context(), time.Now)
		if took := time.Since(began); took > 3*time.Second || h.Kind != egress.Late || h.OLTs != 7 || h.Out < 1 || round == 0 && h.Out > 3 {
			t.Errorf("round %d: %+v after %s", round, h, took)
		}
	}
	if h := s.Hear(t.Context(), time.Now); h.Out != 6 || h.Took == 0 {
		t.Errorf("at last: %+v", h)
	}
	var before []int32
	for _, n := range asked {
		before = append(before, n.Load())
	}
	began := time.Now()
	if h := s.Hear(t.Context(), time.Now); h.Out != 6 || time.Since(began) > time.Second {
		t.Errorf("at rest: %+v after %s", h, time.Since(began))
	}
	for i, n := range asked {
		if n.Load() != before[i] || before[i] == 0 {
			t.Errorf("OLT %d was asked %d times, then %d", i, before[i], n.Load())
		}
	}
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if h := s.Hear(ctx, time.Now); h.Kind != egress.GivenUp {
		t.Errorf("the house closes: %+v", h)
	}
}

// SOP 5.2.10.j: an OLT that has said nothing again and again is left alone for a while and asked again after that; another one of the
// same site is measured all the same, and one that answers, whatever it says, is never left alone.
func TestAMuteOLTRestsAndComesBack(t *testing.T) {
	port := oltsim.Free(t)
	well, _ := oltsim.Start(t, onts, 0)
	s := site(t, snmp.Way{Answer: 100 * time.Millisecond, Failures: 2, Open: 300 * time.Millisecond}, map[string]snmp.OLT{
		"GPON03-D5-MLG-2": {Address: fmt.Sprintf("127.0.0.1:%d", port), Community: "rahasia-uji"},
		"GPON04-D5-MLG-2": {Address: well, Community: "rahasia-uji"},
	})
	measure := func(olt, no string) egress.Kind {
		l := at(no)
		l.OLT = olt
		_, err := s.Measure(t.Context(), l)
		return egress.KindOf(err)
	}
	for n, want := range []egress.Kind{egress.Unreached, egress.Unreached, egress.Resting} {
		if got := measure("GPON03-D5-MLG-2", "152999000001"); got != want {
			t.Fatalf("question %d: %q", n, got)
		}
	}
	for range 5 {
		if got := measure("GPON04-D5-MLG-2", "152999000099"); got != "" { // it has no such ONT, and says so
			t.Errorf("the other: %q", got)
		}
	}
	oltsim.Start(t, onts, port)
	late := time.After(20 * time.Second)
	for measure("GPON03-D5-MLG-2", "152999000001") != "" {
		select {
		case <-time.After(50 * time.Millisecond):
		case <-late:
			t.Fatal("it stays at rest")
		}
	}
}
