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
		case "/two":
			return []byte("a\nb\n"), nil
		}
		return nil, os.ErrNotExist
	},
	Env: func(name string) (string, bool) {
		return map[string]string{"SANDI": "kata-rahasia"}[name], name == "SANDI"
	},
	Applications: []string{"i-siska", "nossa", "acs"},
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

func TestAKindThatIsNotHTTP(t *testing.T) {
	all, said := read(`connectors: [{id: olt, application: acs, kind: snmp, base: "udp://10.0.0.1:161", allow: ["10.0.0.1:161"]}]`)
	if len(said) > 0 {
		t.Fatal(said)
	}
	if _, err := connector.Open(all, connector.Parts{Clock: time.Now}); fault.Of(err) == nil || fault.Of(err).Key != "connector.kind-later" {
		t.Errorf("without its room: %v", err)
	}
	answers := egress.Exchange{Took: time.Millisecond}
	set, err := connector.Open(all, connector.Parts{Clock: time.Now, Probes: map[string]func(context.Context, *connector.Connector) egress.Exchange{
		"snmp": func(_ context.Context, c *connector.Connector) egress.Exchange {
			if c.Client() != nil || !slices.Contains(c.Dialer().Allow, egress.Target{Host: "10.0.0.1", Port: "161"}) {
				t.Error("its dialer")
			}
			return answers
		}}})
	if err != nil {
		t.Fatal(err)
	}
	set.Ask(t.Context(), set.Of("snmp"))
	if got := set.Standings()[0]; got.State != connector.Ready {
		t.Errorf("%+v", got)
	}
	answers.Kind = egress.GivenUp
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
