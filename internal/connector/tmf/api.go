// Package tmf speaks the TM Forum Open APIs of outside systems: whose customer it is, what they have, owe and ordered, when a
// technician can come, and the trouble tickets of the other side. It keeps nothing and decides nothing; the local record wins.
//
// The client of internal/egress comes in with its allow-list, its sign-in and its breaker. What an outside says is not trusted:
// bounded in size and time, held against the filter that was asked for, and never shown with an address or a secret in it.
package tmf

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"sapa/internal/fault"
)

const (
	usualWait  = 10 * time.Second
	mostBytes  = 8 << 20
	mostReason = 200            // characters of what the other side says
	mostAfter  = 24 * time.Hour // a Retry-After beyond is not believed
)

// Media types of TMF630 part 1, 5.
const (
	plainJSON = "application/json"
	jsonPatch = "application/json-patch+json"
)

// Parts is what an API is made of.
type Parts struct {
	HTTP  *http.Client
	Root  string           // of one API, e.g. https://nossa.example/tmf-api/troubleTicket/v4
	Wait  time.Duration    // longest wait for one whole answer; 0: 10 s
	Clock func() time.Time // for a Retry-After that names a moment
}

// API is one TM Forum API of one outside system.
type API struct {
	Parts
	root    string
	noPatch atomic.Bool // it has said that it takes no JSON Patch
}

// Open takes the parts of an API. A sign-in does not belong into the address: it would be in every error.
func Open(p Parts) (*API, error) {
	u, err := url.Parse(p.Root)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return nil, errors.New("address of a TM Forum API: write https://HOST/tmf-api/NAME/v4")
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		return nil, errors.New("address of a TM Forum API: no sign-in, query or fragment in it")
	case p.HTTP == nil || p.Clock == nil:
		return nil, errors.New("a TM Forum API needs a client and a clock")
	}
	if p.Wait <= 0 {
		p.Wait = usualWait
	}
	return &API{Parts: p, root: strings.TrimRight(p.Root, "/")}, nil
}

// call is one request.
type call struct {
	method string
	path   []string // resource, id
	query  url.Values
	mime   string
	body   any
	header map[string]string
}

// do makes one call and reads its answer into to. Each error is a fault, or the context's own.
func (a *API) do(ctx context.Context, c call, to any) (http.Header, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	where, err := a.address(c)
	if err != nil {
		return nil, err
	}
	var body io.Reader
	if c.body != nil {
		text, err := json.Marshal(c.body)
		if err != nil {
			return nil, fmt.Errorf("write the request: %w", err)
		}
		body = bytes.NewReader(text)
	}
	within, done := context.WithTimeout(ctx, a.Wait)
	defer done()
	r, err := http.NewRequestWithContext(within, c.method, where, body)
	if err != nil {
		return nil, errors.New("a TM Forum API's address cannot be asked") // the cause would quote it
	}
	if c.method != http.MethodGet {
		r.GetBody = nil // net/http would send it again by itself when a kept connection breaks: whether it was done is ours to find out
	}
	r.Header.Set("Accept", plainJSON)
	if body != nil {
		r.Header.Set("Content-Type", c.mime)
	}
	for k, v := range c.header {
		r.Header.Set(k, v)
	}
	answer, err := a.HTTP.Do(r)
	if err != nil {
		return nil, broken(ctx, within, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, mostBytes+1))
	switch {
	case err != nil:
		return nil, broken(ctx, within, err)
	case len(text) > mostBytes:
		return nil, fault.New(fault.Busy, "tmf.nonsense").Because(fmt.Errorf("an answer of more than %d bytes", mostBytes))
	case answer.StatusCode < 200 || answer.StatusCode > 299:
		return nil, a.refusal(answer, text)
	case to == nil:
		return answer.Header, nil
	}
	if kind, _, err := mime.ParseMediaType(answer.Header.Get("Content-Type")); err != nil || kind != plainJSON && !strings.HasSuffix(kind, "+json") {
		return nil, fault.New(fault.Busy, "tmf.nonsense").Because(errors.New("an answer that does not call itself JSON"))
	}
	if err := json.Unmarshal(text, to); err != nil {
		return nil, fault.New(fault.Busy, "tmf.nonsense").Because(shapeless(err))
	}
	return answer.Header, nil
}

func (a *API) address(c call) (string, error) {
	where := a.root
	for _, p := range c.path {
		if p == "" || p == "." || p == ".." || len(p) > 200 || strings.ContainsAny(p, `/\`) || strings.ContainsFunc(p, unicode.IsControl) { // a proxy may undo %2F
			return "", fault.New(fault.Missing, "tmf.missing")
		}
		where += "/" + url.PathEscape(p)
	}
	if len(c.query) > 0 {
		where += "?" + c.query.Encode()
	}
	return where, nil
}

// broken is an exchange that came to no end. The address stays out of it: a query holds numbers and names.
func broken(ctx, within context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if no := fault.Of(err); no != nil { // of the way out: not allowed, breaker open
		return no
	}
	if within.Err() != nil {
		return fault.New(fault.Busy, "tmf.no-answer")
	}
	var u *url.Error
	for errors.As(err, &u) {
		if u.Timeout() {
			return fault.New(fault.Busy, "tmf.no-answer")
		}
		err = u.Err
	}
	return fault.New(fault.Busy, "tmf.not-reached").Because(err)
}

// shapeless says where an answer is not what the API promises, without quoting it.
func shapeless(err error) error {
	var kind *json.UnmarshalTypeError
	var at *json.SyntaxError
	switch {
	case errors.As(err, &kind):
		return fmt.Errorf("%s holds %s", kind.Field, kind.Value)
	case errors.As(err, &at):
		return fmt.Errorf("not JSON at byte %d", at.Offset)
	case errors.Is(err, errShape):
		return err
	}
	return errShape
}

var errShape = errors.New("a value that has not the form it should have")

// refusal is what an answer outside of 2xx comes to (TMF630 part 1, 3.4).
func (a *API) refusal(answer *http.Response, text []byte) error {
	var said struct{ Code, Reason, Message loose }
	_ = json.Unmarshal(text, &said) // an error that is not JSON says nothing
	reason := string(said.Reason)
	if reason == "" {
		reason = string(said.Message)
	}
	no := func(kind fault.Kind, key string, more ...any) error {
		return fault.New(kind, key, append([]any{"status", answer.StatusCode, "code", clean(string(said.Code)), "reason", clean(reason)}, more...)...)
	}
	switch s := answer.StatusCode; {
	case s == 401:
		return no(fault.Forbidden, "tmf.sign-in")
	case s == 403:
		return no(fault.Forbidden, "tmf.forbidden")
	case s == 404, s == 410:
		return no(fault.Missing, "tmf.missing")
	case s == 409, s == 412:
		return no(fault.Conflict, "tmf.conflict")
	case s == 408, s == 425, s == 429, s >= 500 && s != 501:
		return no(fault.Busy, "tmf.busy", "after", a.after(answer.Header.Get("Retry-After")))
	case s >= 400:
		return no(fault.Invalid, "tmf.refused")
	}
	return no(fault.Busy, "tmf.nonsense")
}

// after is how many seconds a Retry-After asks us to wait; 0: it does not say.
func (a *API) after(said string) int {
	if n, err := strconv.Atoi(said); err == nil {
		return min(max(n, 0), int(mostAfter/time.Second))
	}
	if at, err := http.ParseTime(said); err == nil {
		return int(min(max(at.Sub(a.Clock()), 0), mostAfter).Round(time.Second) / time.Second)
	}
	return 0
}

// After is how long an outside that is busy asks us to wait; 0: it does not say.
func After(err error) time.Duration {
	if no := fault.Of(err); no != nil {
		if n, ok := no.Values["after"].(int); ok {
			return time.Duration(n) * time.Second
		}
	}
	return 0
}

var (
	longNumber = regexp.MustCompile(`\d{7,}(\d{3})`)
	credential = regexp.MustCompile(`(?i)\b(bearer|basic|token|key|password|secret)\b[\s:="']+\S+`)
)

// clean makes what the other side says fit to be kept: one short line without long numbers (a telephone, a jastel) and
// without what looks like a sign-in.
func clean(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == unicode.ReplacementChar
	}), " ")
	s = credential.ReplaceAllString(s, "$1 ***")
	s = longNumber.ReplaceAllString(s, "***$1")
	if r := []rune(s); len(r) > mostReason {
		return string(r[:mostReason-1]) + "…"
	}
	return s
}
