package connector_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"sapa/internal/connector"
	"sapa/internal/db/dbtest"
	"sapa/internal/egress"
	"sapa/internal/fault"
	"sapa/internal/phrase"
)

var world = connector.World{
	File: func(name string) ([]byte, error) {
		switch name {
		case "/key":
			return []byte("kunci-rahasia\n"), nil
		case "/short":
			return []byte("pendek"), nil
		case "/two":
			return []byte("a\nb\n"), nil
		}
		return nil, os.ErrNotExist
	},
	Env: func(name string) (string, bool) {
		return map[string]string{"SANDI": "kata-rahasia"}[name], name == "SANDI"
	},
	Applications: []string{"i-siska", "nossa", "acs", "ibooster"},
}

func read(text string) ([]connector.Config, []string) {
	all, err := connector.Read("outside.yaml", []byte(text), world)
	var said []string
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range joined.Unwrap() {
			f := fault.Of(one)
			said = append(said, fmt.Sprintf("%v %s", f.Values["line"], f.Key))
		}
	}
	return all, said
}

const whole = `connectors:
  - id: nossa-pusat
    application: nossa
    kind: tmf621
    base: https://nossa.example/tmf-api/troubleTicket/v4
    allow: [nossa.example:443, 10.20.0.0/16:443]
    timeouts: {dial: 1s, tls: 1s, answer: 2s, whole: 4s}
    breaker: {failures: 3, open: 500ms}
    probe: {method: GET, path: "/troubleTicket?limit=1", every: 5s}
    auth: {bearer_file: /key}
    slow_after: 1s
    answer_max: 65536
  - {id: acs, application: acs, kind: genieacs, base: "http://127.0.0.1:7557", allow: ["127.0.0.1:7557"], auth: {user: sapa, password_env: SANDI}, probe: {path: "/devices?limit=1"}}
`

func TestAFileIsReadInFull(t *testing.T) {
	all, said := read(whole)
	if len(said) > 0 || len(all) != 2 {
		t.Fatal(said)
	}
	c := all[0]
	if c.ID != "nossa-pusat" || c.Application != "nossa" || c.Kind != "tmf621" || c.Every != 5*time.Second || c.SlowAfter != time.Second || c.Probe.Path != "/troubleTicket?limit=1" || c.Probe.Wants != "application/json" {
		t.Errorf("%+v", c)
	}
	if s := c.Settings; s.Bearer != "kunci-rahasia" || len(s.Allow) != 2 || s.Dial != time.Second || s.TLS != time.Second || s.Answer != 2*time.Second || s.Whole != 4*time.Second || s.Failures != 3 || s.Open != 500*time.Millisecond || s.SizeMax != 65536 {
		t.Errorf("%+v", s)
	}
	if s := all[1].Settings; s.User != "sapa" || s.Password != "kata-rahasia" {
		t.Errorf("%+v", s)
	}
	if shown := fmt.Sprintf("%+v %#v", all, all); strings.Contains(shown, "rahasia") {
		t.Error("a secret shows")
	}
	if all, said := read("connectors: []\n"); len(all)+len(said) != 0 {
		t.Error(said)
	}
}

func TestMistakesInAFileHaveTheirLine(t *testing.T) {
	one := func(changes string) string {
		base := map[string]string{"id": "a", "application": "nossa", "kind": "tmf621", "base": "https://nossa.example", "allow": `["nossa.example:443"]`}
		order := []string{"id", "application", "kind", "base", "allow"}
		for _, line := range strings.Split(changes, "\n") {
			k, v, _ := strings.Cut(line, ": ")
			if _, there := base[k]; !there && k != "" {
				order = append(order, k)
			}
			base[k] = v
		}
		text := "connectors:\n  -\n"
		for _, k := range order {
			if base[k] != "-" {
				text += "    " + k + ": " + base[k] + "\n"
			}
		}
		return text
	}
	if _, said := read(one("")); len(said) > 0 {
		t.Fatal(said)
	}
	for text, want := range map[string]string{
		"":                                     "1 connector.file.yaml",
		"- a":                                  "1 connector.file.kind",
		"a: 1":                                 "1 connector.file.unknown-key",
		"connectors: {}":                       "1 connector.file.kind",
		"connectors: [1]":                      "1 connector.file.kind",
		"a: &x 1\nb: *x":                       "1 connector.file.alias,2 connector.file.alias",
		"connectors: []\nconnectors: []":       "2 connector.file.double-key",
		strings.Repeat("#", 300<<10):           "1 connector.file.size",
		one("id: -"):                           "3 connector.file.missing",
		one("id: Big One"):                     "3 connector.file.kind",
		one("kind: soap"):                      "3 connector.file.kind-unknown",
		one("application: ideas"):              "3 connector.file.application",
		one("base: nossa.example"):             "3 egress.base",
		one("base: https://a:b@nossa.example"): "3 egress.base-secret",
		one("base: https://10.0.0.1"):          "3 egress.not-allowed",
		one("allow: [nossa.example]"):          "7 egress.target",
		one("allow: -"):                        "3 egress.not-allowed",
		one("password: geheim"):                "8 connector.file.unknown-key",
		one("slow_after: 1m"):                  "3 connector.file.slow",
		one("slow_after: soon"):                "8 connector.file.kind",
		one("timeouts: {dial: 0s}"):            "8 connector.file.kind",
		one("breaker: {failures: 0}"):          "8 connector.file.kind",
		one("probe: {method: POST}"):           "3 connector.file.method",
		one("ca_file: /none"):                  "3 connector.file.ca",
		one("ca_file: /key"):                   "3 connector.file.ca",
		one("auth: {bearer_file: /none}"):      "3 connector.file.secret-file",
		one("auth: {bearer_env: NONE}"):        "3 connector.file.secret-env",
		one("auth: {bearer_file: /two}"):       "3 connector.file.secret-text",
		one("auth: {bearer_file: /key, bearer_env: SANDI}"):              "3 connector.file.secret-twice",
		one("auth: {bearer_file: /key, user: a}"):                        "3 egress.sign-in",
		one("base: http://nossa.example:443\nauth: {bearer_env: SANDI}"): "3 egress.clear",
		one("") + strings.TrimPrefix(one(""), "connectors:\n"):           "9 connector.file.twice",
	} {
		if _, said := read(text); strings.Join(said, ",") != want {
			t.Errorf("%.200q:\n%v, want %s", text, said, want)
		}
	}
}

func TestEverythingHereHasItsSentence(t *testing.T) {
	text, err := os.ReadFile("read.go")
	if err != nil {
		t.Fatal(err)
	}
	more, err := os.ReadFile("olt.go")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, more...)
	keys := []string{"connector.file.size", "connector.file.yaml", "connector.file.second-document", "connector.file.nodes", "connector.file.alias", "connector.file.double-key", "connector.kind-later"}
	for _, m := range regexp.MustCompile(`"(connector\.[a-z.-]+[a-z])"`).FindAllStringSubmatch(string(text), -1) {
		keys = append(keys, m[1])
	}
	for _, k := range egress.Kinds {
		keys = append(keys, "egress.kind."+string(k))
	}
	for _, k := range keys {
		if !phrase.Known(k) {
			t.Errorf("no sentence for %s", k)
		}
	}
}

// source is an outside system that can be well, slow, down, wrong or shut.
type source struct {
	*httptest.Server
	mood atomic.Value
}

func outside(t *testing.T) *source {
	s := &source{}
	s.mood.Store("well")
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch s.mood.Load() {
		case "well", "slow":
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, "[]")
		case "hangs":
			<-r.Context().Done()
		case "wrong":
			io.WriteString(w, "<html>It works!</html>")
		case "shut":
			w.WriteHeader(http.StatusUnauthorized)
		case "failed":
			w.WriteHeader(http.StatusBadGateway)
		case "cut":
			if c, _, err := w.(http.Hijacker).Hijack(); err == nil {
				c.Close()
			}
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func configs(t *testing.T, base, breaker string) []connector.Config {
	t.Helper()
	_, host, _ := strings.Cut(base, "://")
	all, err := connector.Read("outside.yaml", fmt.Appendf(nil, `connectors: [{id: nossa-pusat, application: nossa, kind: tmf621, base: %q, allow: [%q], breaker: %s, timeouts: {whole: 400ms}, slow_after: 100ms}]`, base, host, breaker), world)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// SOP 5.1: a connected tile tells the truth when its source is slow, down, wrong, shut or cut, and since when.
func TestStandings(t *testing.T) {
	s := outside(t)
	clock := dbtest.NewClock()
	told := 0
	pause := time.Duration(0) // what the clock moves on while a question is under way
	asked := 0
	set, err := connector.Open(configs(t, s.URL, "{failures: 100}"), connector.Parts{Tell: func() { told++ }, Clock: func() time.Time {
		if asked++; asked%2 == 0 {
			clock.Advance(pause)
		}
		return clock.Now()
	}})
	if err != nil {
		t.Fatal(err)
	}
	c := set.Of("tmf621")
	if got := c.Standing(); got.State != connector.Unasked || got.Application != "nossa" {
		t.Errorf("%+v", got)
	}
	if set.Of("snmp") != nil || (*connector.Set)(nil).Of("snmp") != nil || c.Client() == nil {
		t.Error("of a kind")
	}
	since := clock.Now()
	for i, step := range []struct {
		mood string
		want connector.State
		why  egress.Kind
	}{
		{"well", connector.Ready, ""}, {"well", connector.Ready, ""}, {"slow", connector.Slow, ""}, {"well", connector.Ready, ""}, {"hangs", connector.Down, egress.Late}, {"cut", connector.Down, egress.Cut},
		{"failed", connector.Down, egress.Broken}, {"wrong", connector.Wrong, egress.Nonsense}, {"shut", connector.SignIn, egress.SignIn}, {"well", connector.Ready, ""},
	} {
		if pause = 0; step.mood == "slow" {
			pause = time.Second
		}
		was := c.Standing().State
		clock.Advance(time.Minute)
		s.mood.Store(step.mood)
		set.Ask(t.Context(), c)
		if was != step.want {
			since = c.Standing().At
		}
		got := set.Standings()[0]
		if got.State != step.want || got.Why != step.why || !got.Since.Equal(since) || got.At.IsZero() {
			t.Errorf("%d %s: %+v, since %v", i, step.mood, got, since)
		}
		if step.mood == "slow" && got.Latency < time.Second {
			t.Errorf("slow: %v", got.Latency)
		}
	}
	if told != 9 { // every change of state or reason, and nothing else
		t.Errorf("told %d times", told)
	}
}

// Done-when: while a source is cut nobody is asked, and it is used again soon after it is back (the back-off is a setting).
func TestACutSourceComesBack(t *testing.T) {
	s := outside(t)
	changed := make(chan struct{}, 100)
	tick := make(chan time.Time)
	set, err := connector.Open(configs(t, s.URL, "{failures: 2, open: 20ms}"), connector.Parts{Clock: time.Now, Tell: func() { changed <- struct{}{} },
		Ticker: func(time.Duration) (<-chan time.Time, func()) { return tick, func() {} }})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); set.Run(ctx) }()
	c := set.Of("tmf621")
	until := func(want connector.State) {
		t.Helper()
		late := time.After(20 * time.Second)
		for c.Standing().State != want {
			select {
			case <-changed:
			case tick <- time.Time{}:
			case <-late:
				t.Fatalf("it stays %+v", c.Standing())
			}
		}
	}
	until(connector.Ready)
	s.mood.Store("cut")
	s.CloseClientConnections()
	until(connector.Down)
	for range 5 {
		tick <- time.Time{}
	}
	if got := c.Standing(); got.State != connector.Down || got.Why != egress.Cut {
		t.Errorf("%+v", got)
	}
	s.mood.Store("well")
	until(connector.Ready)
	stop()
	<-ended
	(*connector.Set)(nil).Run(ctx)
}

// What agents' own questions meet counts at once: nobody waits for the next probe to know that a source is gone.
func TestTheBreakerShowsAtOnce(t *testing.T) {
	s := outside(t)
	set, err := connector.Open(configs(t, s.URL, "{failures: 2, open: 1h}"), connector.Parts{Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	c := set.Of("tmf621")
	set.Ask(t.Context(), c)
	s.mood.Store("failed")
	for range 2 {
		answer, err := c.Client().HTTP().Get(s.URL + "/troubleTicket")
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
	}
	if got := c.Standing(); got.State != connector.Down || got.Why != egress.Broken || got.Breaker != "open" {
		t.Errorf("%+v", got)
	}
	set.Ask(t.Context(), c)
	if got := c.Standing(); got.State != connector.Down || got.Why != egress.Broken {
		t.Errorf("after a probe that was not let out: %+v", got)
	}
}

const olts = `connectors:
  - id: olt
    application: ibooster
    kind: snmp
    allow: [10.0.0.0/24:161, olt.example:1161]
    probe: {every: 30s}
    timeouts: {answer: 700ms, whole: 6s}
    breaker: {failures: 2, open: 10s}
    snmp:
      auth: {community_file: /key}
      models:
        zte-c300: {key: 1.3.6.1.4.1.3902.1, rx: .1.3.6.1.4.1.3902.2, tx: 1.3.6.1.4.1.3902.3, olt_rx: 1.3.6.1.4.1.3902.4, state: 1.3.6.1.4.1.3902.5, scale: 0.002, offset: -30, dark: [65535, -1], states: {1: online, 2: LOS}}
        lain: {key: 1.3.6.1.4.1.9.1, rx: 1.3.6.1.4.1.9.2}
      olts:
        GPON03-D5-SMP-2: {address: 10.0.0.1:161, model: zte-c300}
        GPON04-D5-SMP-1: {address: olt.example:1161, model: lain, user: sapa, auth_env: SANDI, privacy_file: /key}
        GPON05-D5-SMP-1:
          address: 10.0.0.2:161
          model: lain
          community_env: SANDI
`

// SOP 5.1.4: one SNMP connector names many OLTs and makes of them, with one sign-in for all or one of their own.
func TestOLTsAreReadInFull(t *testing.T) {
	all, said := read(olts)
	if len(said) > 0 || len(all) != 1 {
		t.Fatal(said)
	}
	c := all[0]
	if c.Every != 30*time.Second || c.Settings.Answer != 700*time.Millisecond || c.Settings.Whole != 6*time.Second || c.Settings.Failures != 2 || c.Settings.Open != 10*time.Second || len(c.Settings.Allow) != 2 {
		t.Errorf("%+v", c)
	}
	m := c.SNMP.Models["zte-c300"]
	if m.Key != "1.3.6.1.4.1.3902.1" || m.Rx != ".1.3.6.1.4.1.3902.2" || m.Tx == "" || m.OltRx == "" || m.State == "" || m.Scale != 0.002 || m.Offset != -30 || !slices.Equal(m.Dark, []int64{65535, -1}) || m.States[2] != "LOS" {
		t.Errorf("%+v", m)
	}
	for name, want := range map[string]connector.OLT{
		"GPON03-D5-SMP-2": {Address: "10.0.0.1:161", Model: "zte-c300", Community: "kunci-rahasia"},
		"GPON04-D5-SMP-1": {Address: "olt.example:1161", Model: "lain", User: "sapa", Auth: "kata-rahasia", Privacy: "kunci-rahasia"},
		"GPON05-D5-SMP-1": {Address: "10.0.0.2:161", Model: "lain", Community: "kata-rahasia"},
	} {
		o := c.SNMP.OLTs[name]
		if o.Address != want.Address || o.Model != want.Model || o.User != want.User || o.Community != want.Community || o.Auth != want.Auth || o.Privacy != want.Privacy {
			t.Errorf("%s: %+v", name, o)
		}
	}
	if shown := fmt.Sprintf("%+v %#v", all, all); strings.Contains(shown, "rahasia") {
		t.Error("a secret shows")
	}
}

// Trust 10: what an SNMP connector may not say is refused with its line: what belongs to HTTP, secrets in the file, an OLT that allow
// does not name.
func TestMistakesOfOLTsHaveTheirLine(t *testing.T) {
	for change, want := range map[string]string{
		"kind: snmp>kind: snmp\n    base: https://10.0.0.1":                               "5 connector.file.unknown-key",
		"probe: {every: 30s}>probe: {every: 30s, path: /}":                                "6 connector.file.unknown-key",
		"answer: 700ms>tls: 700ms":                                                        "7 connector.file.unknown-key",
		"    snmp:>    auth: {bearer_file: /key}\n    snmp:":                              "9 connector.file.unknown-key",
		"kind: snmp>kind: tmf621\n    base: https://olt.example:1161":                     "10 connector.file.unknown-key",
		"{community_file: /key}>{community: rahasia}":                                     "10 connector.file.unknown-key,15 connector.file.olt-sign-in",
		"{community_file: /key}>{community_file: /none}":                                  "10 connector.file.secret-file",
		"{community_file: /key}>{community_file: /key, auth_file: /key}":                  "10 connector.file.olt-sign-in",
		"{community_file: /key}>{}":                                                       "10 connector.file.olt-sign-in",
		"      auth: {community_file: /key}\n>":                                           "14 connector.file.olt-sign-in",
		"key: 1.3.6.1.4.1.3902.1,>":                                                       "12 connector.file.missing",
		"key: 1.3.6.1.4.1.3902.1,>key: 1.3.6.x,":                                          "12 connector.file.kind",
		"scale: 0.002>scale: kecil":                                                       "12 connector.file.kind",
		"scale: 0.002>scale: .nan":                                                        "12 connector.file.kind",
		"dark: [65535, -1]>dark: [gelap]":                                                 "12 connector.file.kind",
		"{1: online, 2: LOS}>{satu: online}":                                              "12 connector.file.kind",
		"rx: 1.3.6.1.4.1.9.2}>rx: 1.3.6.1.4.1.9.2, colour: red}":                          "13 connector.file.unknown-key",
		"GPON03-D5-SMP-2:>OLT-SATU:":                                                      "15 connector.file.olt-name",
		"address: 10.0.0.1:161>address: 10.0.1.1:161":                                     "15 egress.not-allowed",
		"address: 10.0.0.1:161>address: 169.254.169.254:161":                              "15 egress.not-allowed",
		"address: 10.0.0.1:161>address: 10.0.0.1:162":                                     "15 egress.not-allowed",
		"address: 10.0.0.1:161>address: 10.0.0.1":                                         "15 connector.file.olt-address",
		"address: 10.0.0.1:161>address: 10.0.0.0/24:161":                                  "15 connector.file.olt-address",
		"address: 10.0.0.1:161, model: zte-c300>model: zte-c300":                          "15 connector.file.missing",
		"{address: 10.0.0.1:161, model: zte-c300}>{address: 10.1.0.1:161, model: huawei}": "15 connector.file.olt-model,15 egress.not-allowed",
		"olt.example:1161]>olt.example]":                                                  "5 egress.target",
		"model: zte-c300}>model: huawei}":                                                 "15 connector.file.olt-model",
		"auth_env: SANDI>auth_env: NONE":                                                  "16 connector.file.secret-env",
		"auth_env: SANDI>auth_env: SANDI, auth_file: /key":                                "16 connector.file.secret-twice",
		"auth_env: SANDI, >":                                                              "16 connector.file.olt-sign-in",
		"auth_env: SANDI>auth_file: /short":                                               "16 connector.file.olt-short",
		"user: sapa>user: sapa, community_file: /key":                                     "16 connector.file.olt-sign-in",
		"          community_env: SANDI>          community_env: SANDI\n          x: 1":   "21 connector.file.unknown-key",
		"timeouts: {answer: 700ms, whole: 6s}>timeouts: {whole: 1s}":                      "2 connector.file.slow",
		"application: ibooster>application: ideas":                                        "2 connector.file.application",
	} {
		was, is, _ := strings.Cut(change, ">")
		text := strings.Replace(olts, was, is, 1)
		if text == olts {
			t.Fatalf("%q changes nothing", change)
		}
		if _, said := read(text); strings.Join(said, ",") != want {
			t.Errorf("%s:\n%v, want %s", change, said, want)
		}
	}
	head, _, _ := strings.Cut(olts, "    snmp:\n")
	for text, want := range map[string]string{
		head:                            "2 connector.file.missing",
		head + "    snmp: {}\n":         "9 connector.file.missing",
		head + "    snmp: 1\n":          "9 connector.file.kind",
		head + "    snmp: {olts: []}\n": "9 connector.file.kind",
		head + "    snmp: {olts: {GPON03-D5-SMP-2: 1}}\n": "9 connector.file.kind",
	} {
		if _, said := read(text); strings.Join(said, ",") != want {
			t.Errorf("%s:\n%v, want %s", strings.TrimPrefix(text, head), said, want)
		}
	}
}

func TestAKindThatIsNotHTTP(t *testing.T) {
	all, said := read(olts)
	if len(said) > 0 {
		t.Fatal(said)
	}
	if _, err := connector.Open(all, connector.Parts{Clock: time.Now}); fault.Of(err) == nil || fault.Of(err).Key != "connector.kind-later" {
		t.Errorf("without its room: %v", err)
	}
	told := 0
	answers := connector.Found{Exchange: egress.Exchange{Took: time.Millisecond}, Behind: 3}
	set, err := connector.Open(all, connector.Parts{Clock: time.Now, Tell: func() { told++ }, Probes: map[string]func(context.Context, *connector.Connector) connector.Found{
		"snmp": func(_ context.Context, c *connector.Connector) connector.Found {
			if c.Client() != nil {
				t.Error("it has a client of HTTP")
			}
			return answers
		}}})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(found connector.Found, want connector.State, times int) {
		t.Helper()
		answers = found
		set.Ask(t.Context(), set.Of("snmp"))
		if got := set.Standings()[0]; got.State != want || got.Behind != 3 || got.Out != found.Out || told != times {
			t.Errorf("%+v, told %d times", got, told)
		}
	}
	ask(answers, connector.Ready, 1)
	out := func(kind egress.Kind, n int) connector.Found {
		return connector.Found{Exchange: egress.Exchange{Kind: kind}, Behind: 3, Out: n}
	}
	ask(out(egress.Late, 1), connector.Down, 2)
	ask(out(egress.Late, 2), connector.Down, 3) // one more is news
	ask(out(egress.Late, 2), connector.Down, 3)
	ask(out(egress.SignIn, 1), connector.SignIn, 4)
	ask(out("", 0), connector.Ready, 5)
	answers = out(egress.GivenUp, 3)
	set.Ask(t.Context(), set.Of("snmp"))
	if got := set.Standings()[0]; got.State != connector.Ready {
		t.Errorf("%+v", got)
	}
	if (*connector.Set)(nil).Standings() != nil {
		t.Error("of nothing")
	}
}

// How long an answer about a customer is good is a quarter of an hour, or what the file says.
func TestHowLongAnAnswerIsGood(t *testing.T) {
	w := connector.World{Applications: []string{"i-siska"}}
	for options, want := range map[string]time.Duration{"{}": 15 * time.Minute, "{fresh: 90s}": 90 * time.Second} {
		all, err := connector.Read("f", []byte(`connectors: [{id: x, application: i-siska, kind: tmf629, base: "https://isiska.example", allow: ["isiska.example:443"], options: `+options+`}]`), w)
		if err != nil || len(all) != 1 || all[0].Options.Fresh != want {
			t.Errorf("%s: %+v %v", options, all, err)
		}
	}
	if _, err := connector.Read("f", []byte(`connectors: [{id: x, application: i-siska, kind: tmf629, base: "https://isiska.example", allow: ["isiska.example:443"], options: {fresh: 2h}}]`), w); err == nil {
		t.Error("two hours are too long")
	}
}

// "Check again" has every connector asked at once, and none of them twice within five seconds however often it is pressed.
func TestWakingAsksAtOnceButNotTwice(t *testing.T) {
	all, said := read(olts)
	if len(said) > 0 {
		t.Fatal(said)
	}
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		hold := make(chan struct{})
		close(hold)
		set, err := connector.Open(all, connector.Parts{Clock: time.Now,
			Ticker: func(d time.Duration) (<-chan time.Time, func()) { k := time.NewTicker(d); return k.C, k.Stop },
			Probes: map[string]func(context.Context, *connector.Connector) connector.Found{"snmp": func(context.Context, *connector.Connector) connector.Found {
				asked++
				<-hold
				return connector.Found{}
			}}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); set.Run(ctx) }()
		wake := func(pause time.Duration, want int) {
			t.Helper()
			<-time.After(pause)
			for range 10 {
				set.Wake()
			}
			synctest.Wait()
			if asked != want {
				t.Errorf("asked %d times, want %d", asked, want)
			}
		}
		wake(0, 1) // it has been asked just now
		wake(4999*time.Millisecond, 1)
		wake(time.Millisecond, 2)
		wake(time.Second, 2)
		wake(5*time.Second, 3)
		hold = make(chan struct{}) // one that hangs holds up nobody who presses
		wake(6*time.Second, 4)
		wake(6*time.Second, 4)
		close(hold)
		synctest.Wait()
		if asked != 5 { // who wished for it meanwhile is heard: it was asked six seconds ago
			t.Errorf("asked %d times", asked)
		}
		stop()
		<-ended
		(*connector.Set)(nil).Wake()
	})
}
