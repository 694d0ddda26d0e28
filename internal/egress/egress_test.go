package egress_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sapa/internal/egress"
	"sapa/internal/fault"
)

const short = 150 * time.Millisecond

func client(t *testing.T, s egress.Settings) *egress.Client {
	t.Helper()
	s.Clock = time.Now
	if s.Allow == nil {
		_, host, _ := strings.Cut(s.Base, "://")
		host, _, _ = strings.Cut(host, "/")
		s.Allow = targets(t, host)
	}
	c, err := egress.New(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func get(t *testing.T, c *egress.Client, path string) (int, string, error) {
	t.Helper()
	a, err := c.HTTP().Get(c.Base().String() + path)
	if err != nil {
		return 0, "", err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	return a.StatusCode, string(b), err
}

// cut answers by hand and then hangs up.
func cut(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			io.WriteString(c, text)
			c.Close()
		}
	}
}

// Done-when: a source that is slow, down or wrong is told from one that is well, and nobody waits longer than the time-outs.
func TestWhatCanGoWrong(t *testing.T) {
	hang := func(r *http.Request) { <-r.Context().Done() } // until the client has gone
	well := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		io.WriteString(w, `{"ok":true}`)
	}
	status := func(n int) http.HandlerFunc { return func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(n) } }
	for name, c := range map[string]struct {
		h      http.HandlerFunc
		want   egress.Kind
		status int
	}{
		"well":         {well, "", 200},
		"hangs before": {func(_ http.ResponseWriter, r *http.Request) { hang(r) }, egress.Late, 0},
		"hangs in the body": {func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "{")
			w.(http.Flusher).Flush()
			hang(r)
		}, egress.Late, 0},
		"drips":              {drip, egress.Late, 0},
		"hangs up at once":   {cut(""), egress.Cut, 0},
		"cut in the body":    {cut("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"), egress.Cut, 0},
		"cut in the head":    {cut("HTTP/1.1 200 OK\r\nContent-"), egress.Cut, 0},
		"speaks no HTTP":     {cut("SSH-2.0-OpenSSH\r\n"), egress.Cut, 0},
		"a head without end": {cut("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("a", 1<<20)), egress.Cut, 0},
		"too large":          {func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, strings.Repeat(" ", 5000)) }, egress.TooLarge, 0},
		"unpacks too large":  {gzipBomb(t), egress.TooLarge, 0},
		"lies in its type": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, `{}`)
		}, egress.Nonsense, 200},
		"lies in its text": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `<html>`)
		}, egress.Nonsense, 200},
		"nothing there":      {status(404), egress.Nonsense, 404},
		"no sign-in":         {status(401), egress.SignIn, 401},
		"not allowed in":     {status(403), egress.SignIn, 403},
		"has failed":         {status(503), egress.Broken, 503},
		"too many questions": {status(429), egress.Broken, 429},
	} {
		t.Run(name, func(t *testing.T) {
			c2 := client(t, egress.Settings{Base: serve(t, c.h), SizeMax: 4096, Answer: short, Whole: 2 * short})
			began := time.Now()
			got := c2.Ask(t.Context(), egress.Probe{Method: "GET", Path: "/ok", Wants: "application/json"})
			if got.Kind != c.want || got.Status != c.status {
				t.Errorf("%+v", got)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
			if got.At.IsZero() || got.Took <= 0 || got.Breaker != "closed" {
				t.Errorf("%+v", got)
			}
		})
	}
}

func drip(w http.ResponseWriter, r *http.Request) {
	for {
		select {
		case <-r.Context().Done():
			return
		case <-time.After(short / 10):
			io.WriteString(w, " ")
			w.(http.Flusher).Flush()
		}
	}
}

func TestNobodyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	c := client(t, egress.Settings{Base: "http://" + l.Addr().String()})
	if got := c.Ask(t.Context(), egress.Probe{Method: "HEAD"}); got.Kind != egress.Unreached {
		t.Errorf("%+v", got)
	}
	c = client(t, egress.Settings{Base: "http://no-such-name.invalid", Allow: targets(t, "no-such-name.invalid:80")})
	if got := c.Ask(t.Context(), egress.Probe{Method: "HEAD"}); got.Kind != egress.Unknown && got.Kind != egress.Late {
		t.Errorf("%+v", got)
	}
}

func TestItFollowsNobodyElsewhere(t *testing.T) {
	var reached atomic.Int32
	other := serve(t, func(w http.ResponseWriter, r *http.Request) { reached.Add(1) })
	var where atomic.Value
	c := client(t, egress.Settings{Base: serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, where.Load().(string), http.StatusTemporaryRedirect)
	}), Bearer: "kunci-rahasia"})
	for _, to := range []string{other, "http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "/elsewhere"} {
		where.Store(to)
		if got := c.Ask(t.Context(), egress.Probe{Method: "GET", Path: "/"}); got.Kind != egress.Redirected || got.Status != 307 {
			t.Errorf("%s: %+v", to, got)
		}
		if got := c.Last(); got.Kind != egress.Redirected {
			t.Errorf("%s: %+v", to, got)
		}
	}
	if _, err := c.HTTP().Get(other); egress.KindOf(err) != egress.Forbidden { // nor when our own code asks
		t.Errorf("another address: %v", err)
	}
	if _, err := c.HTTP().Post(other, "text/plain", strings.NewReader("x")); egress.KindOf(err) != egress.Forbidden {
		t.Errorf("another address: %v", err)
	}
	if reached.Load() != 0 {
		t.Error("another server was reached")
	}
}

func TestNoProxyOfTheMachineIsUsed(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	t.Setenv("http_proxy", "http://127.0.0.1:1")
	t.Setenv("NO_PROXY", "")
	c := client(t, egress.Settings{Base: serve(t, func(http.ResponseWriter, *http.Request) {})})
	if got := c.Ask(t.Context(), egress.Probe{Method: "GET"}); got.Kind != "" {
		t.Errorf("%+v", got)
	}
}

func TestTLS(t *testing.T) {
	secure := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}))
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	secure.StartTLS()
	defer secure.Close()
	if got := client(t, egress.Settings{Base: secure.URL}).Ask(t.Context(), egress.Probe{Method: "GET"}); got.Kind != egress.NoTrust {
		t.Errorf("a certificate nobody signed: %+v", got)
	}
	roots := x509.NewCertPool()
	roots.AddCert(secure.Certificate())
	if got := client(t, egress.Settings{Base: secure.URL, Roots: roots}).Ask(t.Context(), egress.Probe{Method: "GET"}); got.Kind != "" {
		t.Errorf("a certificate of our own authority: %+v", got)
	}
	old := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}))
	old.Config.ErrorLog = secure.Config.ErrorLog
	old.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	old.StartTLS()
	defer old.Close()
	roots.AddCert(old.Certificate())
	if got := client(t, egress.Settings{Base: old.URL, Roots: roots}).Ask(t.Context(), egress.Probe{Method: "GET"}); got.Kind != egress.NoTrust {
		t.Errorf("TLS 1.1: %+v", got)
	}
	plain := serve(t, func(http.ResponseWriter, *http.Request) {})
	if got := client(t, egress.Settings{Base: strings.Replace(plain, "http:", "https:", 1)}).Ask(t.Context(), egress.Probe{Method: "GET"}); got.Kind != egress.NoTrust {
		t.Errorf("no TLS at all: %+v", got)
	}
}

func TestSignInsStaySecret(t *testing.T) {
	var seen atomic.Value
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen.Store(r.Header.Get("Authorization"))
		w.WriteHeader(500)
	})
	get(t, client(t, egress.Settings{Base: base, Bearer: "kunci-rahasia"}), "/x")
	if seen.Load() != "Bearer kunci-rahasia" {
		t.Errorf("bearer: %v", seen.Load())
	}
	get(t, client(t, egress.Settings{Base: base, User: "sapa", Password: "kata-rahasia"}), "/x")
	if seen.Load() != "Basic c2FwYTprYXRhLXJhaGFzaWE=" {
		t.Errorf("basic: %v", seen.Load())
	}
	s := egress.Settings{Bearer: "kunci-rahasia", Password: "kata-rahasia"}
	j, _ := json.Marshal(s.Bearer)
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "s", s.Bearer)
	if said := fmt.Sprintf("%v %+v %#v %s %s", s, s, s, j, log.String()); strings.Contains(said, "rahasia") {
		t.Errorf("a secret shows: %s", said)
	}
	c := client(t, egress.Settings{Base: "http://127.0.0.1:1", Bearer: "kunci-rahasia"})
	_, _, err := get(t, c, "/customer?number=0341555001")
	var e *egress.Error
	if !errors.As(err, &e) || strings.Contains(e.Error(), "0341") {
		t.Errorf("%v", e)
	}
}

func TestSettingsThatCannotWork(t *testing.T) {
	all := targets(t, "nossa.example:443", "nossa.example:80", "127.0.0.1:80", "localhost:80")
	for _, c := range []struct {
		s          egress.Settings
		key, field string
	}{
		{egress.Settings{Base: ""}, "egress.base", "base"},
		{egress.Settings{Base: "nossa.example"}, "egress.base", "base"},
		{egress.Settings{Base: "ftp://nossa.example"}, "egress.base", "base"},
		{egress.Settings{Base: "https://"}, "egress.base", "base"},
		{egress.Settings{Base: "https://a:b@nossa.example"}, "egress.base-secret", "base"},
		{egress.Settings{Base: "https://nossa.example/?key=1"}, "egress.base-secret", "base"},
		{egress.Settings{Base: "https://nossa.example", Bearer: "x", User: "y"}, "egress.sign-in", "auth"},
		{egress.Settings{Base: "https://nossa.example", Password: "x"}, "egress.sign-in", "auth"},
		{egress.Settings{Base: "http://nossa.example", Bearer: "x"}, "egress.clear", "base"},
		{egress.Settings{Base: "http://nossa.example", User: "x"}, "egress.clear", "base"},
		{egress.Settings{Base: "https://other.example"}, "egress.not-allowed", "allow"},
		{egress.Settings{Base: "https://nossa.example:8443"}, "egress.not-allowed", "allow"},
	} {
		c.s.Allow, c.s.Clock = all, time.Now
		_, err := egress.New(c.s)
		if f := fault.Of(err); f == nil || f.Key != c.key || f.Field != c.field {
			t.Errorf("%s: %v", c.s.Base, err)
		}
	}
	for _, base := range []string{"http://localhost", "http://127.0.0.1"} {
		if _, err := egress.New(egress.Settings{Base: base, Bearer: "x", Allow: all, Clock: time.Now}); err != nil {
			t.Error(err)
		}
	}
	if _, err := egress.New(egress.Settings{Base: "https://nossa.example", Allow: all}); err == nil {
		t.Error("without a clock")
	}
}

func TestWhoeverGivesUpHarmsNobody(t *testing.T) {
	began := make(chan struct{}, 10)
	c := client(t, egress.Settings{Base: serve(t, func(_ http.ResponseWriter, r *http.Request) { began <- struct{}{}; <-r.Context().Done() }), Failures: 1})
	ctx, stop := context.WithCancel(t.Context())
	go func() { <-began; stop() }()
	if got := c.Ask(ctx, egress.Probe{Method: "GET"}); got.Kind != egress.GivenUp || got.Breaker != "closed" {
		t.Errorf("%+v", got)
	}
	if got := c.Last(); !got.At.IsZero() {
		t.Errorf("it counts as an answer: %+v", got)
	}
}

func TestLastWaitsForNobody(t *testing.T) {
	began, hang := make(chan struct{}, 1), make(chan struct{})
	c := client(t, egress.Settings{Base: serve(t, func(http.ResponseWriter, *http.Request) { began <- struct{}{}; <-hang }), Answer: time.Minute, Whole: time.Minute})
	done := make(chan egress.Exchange)
	go func() { done <- c.Ask(context.Background(), egress.Probe{Method: "GET"}) }()
	<-began
	if got := c.Last(); got.Breaker != "closed" || !got.At.IsZero() {
		t.Errorf("%+v", got)
	}
	close(hang)
	if got := <-done; got.Kind != "" || c.Last().Status != 200 {
		t.Errorf("%+v", got)
	}
}

func gzipBomb(*testing.T) http.HandlerFunc {
	bomb := egress.GzipBomb()
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(bomb)
	}
}
