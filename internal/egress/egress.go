// Package egress is the one way out of the house: an HTTP client for one outside system, and the dialer for what is not HTTP.
// It dials only what its allow-list names, looks at the address that is really dialled, waits no longer than it was told and
// stops asking a system that fails. It knows no application and understands no answer.
package egress

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"

	"sapa/internal/fault"
)

// Secret is a password or key that never shows itself.
type Secret string

const hidden = "***"

// String hides the secret from %s and %v.
func (Secret) String() string { return hidden }

// GoString hides the secret from %#v.
func (Secret) GoString() string { return hidden }

// MarshalText hides the secret from JSON and everything that writes text.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// LogValue hides the secret from logs.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// Settings says how to speak to one outside system. A zero time or size takes its default.
type Settings struct {
	Base   string         // http:// or https:// address every request begins with
	Allow  []Target       // what may be dialled; nothing else is
	Roots  *x509.CertPool // who may sign its certificate; nil: whom this machine trusts
	Bearer Secret
	User   string // with Password: basic sign-in
	// Password goes with User.
	Password Secret

	Dial, TLS, Answer, Whole time.Duration // longest wait for the line, for TLS, for the answer's head, for everything
	SizeMax                  int64         // bytes of an answer

	Failures uint32        // so many in a row open the breaker
	Open     time.Duration // how long it stays open before one request may try

	Clock func() time.Time
}

// Defaults of Settings.
const (
	DialTime   = 3 * time.Second
	TLSTime    = 3 * time.Second
	AnswerTime = 5 * time.Second
	WholeTime  = 10 * time.Second
	SizeMax    = 4 << 20
	Failures   = 5
	OpenTime   = 30 * time.Second
)

const (
	headMax = 64 << 10 // bytes of an answer's head
	atOnce  = 8        // connections to one system
)

func (s Settings) filled() Settings {
	s.Dial, s.TLS, s.Answer, s.Whole = or(s.Dial, DialTime), or(s.TLS, TLSTime), or(s.Answer, AnswerTime), or(s.Whole, WholeTime)
	s.SizeMax, s.Failures, s.Open = or(s.SizeMax, SizeMax), or(s.Failures, Failures), or(s.Open, OpenTime)
	return s
}

func or[T int64 | uint32 | time.Duration](v, otherwise T) T {
	if v <= 0 {
		return otherwise
	}
	return v
}

// Client speaks to one outside system.
type Client struct {
	set     Settings
	base    *url.URL
	http    *http.Client
	inner   http.RoundTripper
	breaker *gobreaker.CircuitBreaker[*http.Response]
	last    atomic.Pointer[Exchange]
}

// Exchange is how the last question to the system went. Reading it waits for nobody.
type Exchange struct {
	At      time.Time     // when it ended; zero: nothing was asked yet
	Took    time.Duration // until the last byte of the answer
	Status  int           // 0: no answer
	Kind    Kind          // empty: it answered
	Breaker string        // closed, half-open, open - now
}

// New makes a client; settings that cannot work or would send a secret in the clear are refused.
func New(s Settings) (*Client, error) {
	s = s.filled()
	base, err := url.Parse(s.Base)
	switch {
	case err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https":
		return nil, fault.New(fault.Invalid, "egress.base").At("base", "")
	case base.User != nil || base.RawQuery != "" || base.Fragment != "":
		return nil, fault.New(fault.Invalid, "egress.base-secret").At("base", "")
	case s.Bearer != "" && s.User != "" || s.Password != "" && s.User == "":
		return nil, fault.New(fault.Invalid, "egress.sign-in").At("auth", "")
	case base.Scheme == "http" && (s.Bearer != "" || s.User != "") && !here(base.Hostname()):
		return nil, fault.New(fault.Invalid, "egress.clear").At("base", "")
	}
	asked := Target{Host: strings.ToLower(base.Hostname()), Port: port(base)}
	if !List(s.Allow).names(asked) {
		return nil, fault.New(fault.Invalid, "egress.not-allowed", "target", asked.String()).At("allow", "")
	}
	if s.Clock == nil {
		return nil, errors.New("egress: no clock")
	}
	c := &Client{set: s, base: base}
	c.inner = &http.Transport{ // no proxy: a variable of the machine must not send our questions elsewhere
		DialContext:         Dialer{Allow: s.Allow, Timeout: s.Dial}.DialContext,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: s.Roots},
		TLSHandshakeTimeout: s.TLS, ResponseHeaderTimeout: s.Answer, MaxResponseHeaderBytes: headMax,
		MaxConnsPerHost: atOnce, MaxIdleConnsPerHost: atOnce, IdleConnTimeout: time.Minute,
	}
	c.breaker = gobreaker.NewCircuitBreaker[*http.Response](gobreaker.Settings{
		Timeout:     s.Open,
		ReadyToTrip: func(n gobreaker.Counts) bool { return n.ConsecutiveFailures >= s.Failures },
		IsExcluded:  func(err error) bool { return KindOf(err) == GivenUp }, // whoever asked went away: says nothing of the system
	})
	c.http = &http.Client{Transport: c, Timeout: s.Whole, CheckRedirect: func(*http.Request, []*http.Request) error {
		return &Error{Kind: Redirected}
	}}
	c.last.Store(&Exchange{})
	return c, nil
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}

// Base is the address every request begins with.
func (c *Client) Base() *url.URL { u := *c.base; return &u }

// HTTP is the client for rooms that know the system's language. Its errors carry an Error; print that, not what net/http wraps
// around it, for that holds the whole address.
func (c *Client) HTTP() *http.Client { return c.http }

// Last says how the last question went and how the breaker stands, without waiting for anything.
func (c *Client) Last() Exchange {
	e := *c.last.Load()
	e.Breaker = c.breaker.State().String()
	return e
}

// Close lets go of idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// RoundTrip asks once. The answer is here in full when it returns, so that a cut or endless one counts as a failure too.
func (c *Client) RoundTrip(r *http.Request) (*http.Response, error) {
	if !c.ours(r.URL) {
		if r.Body != nil {
			_ = r.Body.Close() // a RoundTripper must, also when it refuses
		}
		return nil, &Error{Kind: Forbidden}
	}
	r = r.Clone(r.Context())
	switch {
	case c.set.Bearer != "":
		r.Header.Set("Authorization", "Bearer "+string(c.set.Bearer))
	case c.set.User != "":
		r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(c.set.User+":"+string(c.set.Password))))
	}
	began := c.set.Clock()
	var failed error // also when the breaker is told of a status
	answer, err := c.breaker.Execute(func() (*http.Response, error) {
		answer, err := c.ask(r)
		failed = err
		if err == nil && (answer.StatusCode >= 500 || answer.StatusCode == http.StatusTooManyRequests) {
			return answer, &Error{Kind: Broken, Status: answer.StatusCode}
		}
		return answer, err
	})
	if answer == nil && failed == nil && err != nil { // the breaker did not let it out
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, &Error{Kind: Resting}
	}
	now := c.set.Clock()
	e := Exchange{At: now, Took: now.Sub(began), Kind: KindOf(err)}
	if answer != nil {
		e.Status = answer.StatusCode
		if e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden {
			e.Kind = SignIn
		}
		if answer.StatusCode >= 300 && answer.StatusCode < 400 && answer.Header.Get("Location") != "" {
			e.Kind = Redirected
		}
	}
	if e.Kind != GivenUp {
		c.last.Store(&e)
	}
	if failed != nil {
		return nil, failed
	}
	return answer, nil
}

// ours tells whether an address begins with the base's scheme, host and port: the sign-in goes nowhere else.
func (c *Client) ours(u *url.URL) bool {
	return u.Scheme == c.base.Scheme && strings.EqualFold(u.Hostname(), c.base.Hostname()) && port(u) == port(c.base)
}

func (c *Client) ask(r *http.Request) (*http.Response, error) {
	answer, err := c.inner.RoundTrip(r)
	if err != nil {
		return nil, wrap(err)
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, c.set.SizeMax+1))
	_ = answer.Body.Close() // what was read is all we want of it
	switch {
	case err != nil:
		return nil, wrap(err)
	case int64(len(text)) > c.set.SizeMax:
		return nil, &Error{Kind: TooLarge}
	}
	answer.Body = io.NopCloser(bytes.NewReader(text))
	if r.Method != http.MethodHead {
		answer.ContentLength = int64(len(text))
	}
	return answer, nil
}

// Probe is one cheap question that shows whether the system answers.
type Probe struct {
	Method string // GET or HEAD
	Path   string // under the base, with its query if it has one
	Wants  string // content type the answer must have, like application/json; empty: any
}

// Ask probes the system. It takes no longer than Settings.Whole; never call it while somebody waits or a transaction is open.
func (c *Client) Ask(ctx context.Context, p Probe) Exchange {
	r, err := http.NewRequestWithContext(ctx, p.Method, strings.TrimSuffix(c.base.String(), "/")+"/"+strings.TrimPrefix(p.Path, "/"), nil)
	if err != nil {
		return Exchange{At: c.set.Clock(), Kind: Nonsense}
	}
	if p.Wants != "" {
		r.Header.Set("Accept", p.Wants)
	}
	began := c.set.Clock()
	answer, err := c.http.Do(r)
	now := c.set.Clock()
	e := Exchange{At: now, Took: now.Sub(began), Kind: KindOf(err), Breaker: c.breaker.State().String()}
	if answer == nil {
		return e
	}
	defer answer.Body.Close()
	if e.Status = answer.StatusCode; err != nil {
		return e
	}
	text, err := io.ReadAll(answer.Body)
	switch {
	case e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden:
		e.Kind = SignIn
	case e.Status >= 500 || e.Status == http.StatusTooManyRequests:
		e.Kind = Broken
	case e.Status < 200 || e.Status > 299 || err != nil || !speaks(answer, text, p):
		e.Kind = Nonsense
	}
	return e
}

// here tells whether a host name is this machine whatever a resolver says.
func here(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
