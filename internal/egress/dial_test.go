package egress_test

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"sapa/internal/egress"
	"sapa/internal/fault"
)

func targets(t *testing.T, texts ...string) (all []egress.Target) {
	t.Helper()
	for _, text := range texts {
		one, err := egress.ParseTarget(text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	return all
}

func TestAnAllowListIsReadStrictly(t *testing.T) {
	for text, want := range map[string]string{
		"Nossa.Example:443": "nossa.example:443", "10.1.2.3:8080": "10.1.2.3:8080", "[2001:DB8::1]:443": "[2001:db8::1]:443",
		"[::ffff:10.1.2.3]:80": "10.1.2.3:80", "10.20.0.0/16:443": "10.20.0.0/16:443", "fd00:1::/32:443": "fd00:1::/32:443",
	} {
		if got, err := egress.ParseTarget(text); err != nil || got.String() != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "nossa", "nossa:", ":443", "nossa:0", "nossa:65536", "nossa:http", "nossa:0443", "no ssa:443", "http://nossa:443", "*:443", "*.example:443",
		"10.1.2.3/16:443", "0.0.0.0/0:443", "::/0:443", "2001:db8::1:443", "1.2.3:443", "0x7f.1:80x", "2130706433:80", "nossa:443/path"} {
		if got, err := egress.ParseTarget(text); fault.Of(err) == nil || fault.Of(err).Key != "egress.target" {
			t.Errorf("%q is taken as %v, %v", text, got, err)
		}
	}
}

// names is a DNS server for one address that can change its mind.
func names(t *testing.T) (*net.Resolver, *atomic.Value) {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	var says atomic.Value
	go func() {
		b := make([]byte, 512)
		for {
			n, from, err := server.ReadFrom(b)
			if err != nil {
				return
			}
			end := 12
			for b[end] != 0 {
				end += int(b[end]) + 1
			}
			end += 5 // the closing zero, type and class
			if n < end {
				continue
			}
			ip := says.Load().(netip.Addr)
			kind, body := byte(1), ip.AsSlice()
			if ip.Is6() {
				kind = 28
			}
			answer := append([]byte{b[0], b[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, b[12:end]...)
			if b[end-3] == kind {
				answer[7] = 1
				answer = append(answer, 0xc0, 12, 0, kind, 0, 1, 0, 0, 0, 0, 0, byte(len(body)))
				answer = append(answer, body...)
			}
			_, _ = server.WriteTo(answer, from) // a lost answer is asked again
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", server.LocalAddr().String())
	}}, &says
}

// listen takes connections and counts them.
func listen(t *testing.T) (port string, taken *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	taken = &atomic.Int32{}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			taken.Add(1)
			c.Close()
		}
	}()
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port, taken
}

// Trust 10: what counts is the address that is dialled, not the name it was asked by.
func TestANameLeadsNowhereInsideUnlessThatIsNamed(t *testing.T) {
	port, taken := listen(t)
	resolver, says := names(t)
	dial := func(address string, allow ...string) egress.Kind {
		c, err := egress.Dialer{Allow: targets(t, allow...), Resolve: resolver}.DialContext(t.Context(), "tcp", address)
		if err == nil {
			c.Close()
		}
		return egress.KindOf(err)
	}
	inside := []string{"127.0.0.1", "127.0.0.2", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "0.0.0.1", "224.0.0.1", "255.255.255.255",
		"::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1", "ff02::1", "192.0.2.1", "198.18.0.1"}
	for _, ip := range inside {
		says.Store(netip.MustParseAddr(ip))
		if got := dial("nossa.example:"+port, "nossa.example:"+port); got != egress.Forbidden {
			t.Errorf("a name that leads to %s: %q", ip, got)
		}
	}
	if taken.Load() != 0 {
		t.Fatal("somebody inside was reached")
	}
	says.Store(netip.MustParseAddr("127.0.0.1"))
	if got := dial("nossa.example:"+port, "nossa.example:"+port, "127.0.0.1:"+port); got != "" {
		t.Errorf("an address that is named: %q", got)
	}
	if got := dial("nossa.example:"+port, "nossa.example:"+port, "127.0.0.0/8:"+port); got != "" {
		t.Errorf("a network that is named: %q", got)
	}
	says.Store(netip.MustParseAddr("127.0.0.2")) // it changes its mind between two questions
	if got := dial("nossa.example:"+port, "nossa.example:"+port, "127.0.0.1:"+port); got != egress.Forbidden {
		t.Errorf("after the name moved: %q", got)
	}
	if got := dial("nossa.example:"+port, "nossa.example:"+port, "127.0.0.2:1"); got != egress.Forbidden {
		t.Errorf("an address named for another port: %q", got)
	}
	says.Store(netip.MustParseAddr("169.254.169.254"))
	if got := dial("nossa.example:"+port, "nossa.example:"+port, "169.254.0.0/16:"+port); got != egress.Forbidden {
		t.Errorf("a network never opens the metadata address: %q", got)
	}
	for address, want := range map[string]egress.Kind{"127.0.0.1:" + port: "", "localhost:" + port: egress.Forbidden, "127.0.0.1:1": egress.Forbidden, "[::ffff:127.0.0.1]:" + port: "",
		"127.0.0.1": egress.Forbidden, "2130706433:" + port: egress.Forbidden} {
		if got := dial(address, "127.0.0.1:"+port, "nossa.example:"+port); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
	if got := dial("localhost:"+port, "localhost:"+port); got != "" {
		t.Errorf("localhost by its name: %q", got)
	}
}

func TestTheDialerTakesNoOtherNetworks(t *testing.T) {
	d := egress.Dialer{Allow: targets(t, "127.0.0.1:161")}
	if _, err := d.DialContext(t.Context(), "unix", "127.0.0.1:161"); egress.KindOf(err) != egress.Forbidden {
		t.Error(err)
	}
	c, err := d.DialContext(t.Context(), "udp", "127.0.0.1:161")
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	if _, err := d.DialContext(t.Context(), "udp", "127.0.0.1:162"); egress.KindOf(err) != egress.Forbidden || strings.Contains(err.Error(), "127") {
		t.Error(err)
	}
}

// Trust 10: a library that dials by itself gets the same rule, for UDP too: what the list does not name gets no hook, and a name
// that leads inside is refused at the address.
func TestTheHookHoldsForWhatDialsByItself(t *testing.T) {
	d := egress.Dialer{Allow: targets(t, "olt.example:161", "10.20.0.0/16:161", "localhost:161")}
	for _, address := range []string{"olt.example:162", "lain.example:161", "10.21.0.1:161", "169.254.169.254:161", "127.0.0.1:161", "olt.example"} {
		if _, err := d.Control(address); egress.KindOf(err) != egress.Forbidden {
			t.Errorf("%s gets a hook: %v", address, err)
		}
	}
	for address, to := range map[string]map[string]bool{
		"olt.example:161":        {"8.8.8.8:161": true, "10.20.1.1:161": true, "10.21.0.1:161": false, "127.0.0.1:161": false, "169.254.169.254:161": false, "x": false},
		"OLT.example:161":        {"8.8.8.8:161": true},
		"10.20.0.1:161":          {"10.20.0.1:161": true},
		"[::ffff:10.20.0.1]:161": {"[::ffff:10.20.0.1]:161": true},
		"localhost:161":          {"127.0.0.1:161": true, "[::1]:161": true, "192.168.0.1:161": false},
	} {
		hook, err := d.Control(address)
		if err != nil {
			t.Fatalf("%s: %v", address, err)
		}
		for dialled, want := range to {
			if err := hook("udp4", dialled, nil); (err == nil) != want || err != nil && egress.KindOf(err) != egress.Forbidden {
				t.Errorf("%s at %s: %v, want %v", address, dialled, err, want)
			}
		}
	}
}
