package egress

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"strings"

	"github.com/sony/gobreaker/v2"
)

// Kind is what went wrong, as short as a person at a desk needs it. Each has a sentence in phrase: egress.kind.<kind>.
type Kind string

const (
	Forbidden  Kind = "forbidden"  // the address is not on the allow-list
	Unknown    Kind = "unknown"    // no such name
	Unreached  Kind = "unreached"  // nobody takes the line
	Late       Kind = "late"       // no answer in time
	NoTrust    Kind = "no-trust"   // its certificate is not one we trust, or TLS fails
	Cut        Kind = "cut"        // the line broke in the middle of the answer
	TooLarge   Kind = "too-large"  // the answer does not end where it should
	Redirected Kind = "redirected" // it sends us elsewhere
	Broken     Kind = "broken"     // it says that it has failed: 5xx, 429
	SignIn     Kind = "sign-in"    // it does not take our sign-in: 401, 403
	Nonsense   Kind = "nonsense"   // it answers something else than what it is for
	Resting    Kind = "resting"    // not asked: it has failed again and again, the breaker is open
	GivenUp    Kind = "given-up"   // whoever asked did not wait for the answer
)

// Kinds are all of them.
var Kinds = []Kind{Forbidden, Unknown, Unreached, Late, NoTrust, Cut, TooLarge, Redirected, Broken, SignIn, Nonsense, Resting, GivenUp}

// Error is a question that got no answer. It names no address, for an address may hold a customer's number.
type Error struct {
	Kind   Kind
	Status int
	err    error
}

func (e *Error) Error() string {
	if e.Status != 0 {
		return fmt.Sprintf("egress: %s (%d)", e.Kind, e.Status)
	}
	return "egress: " + string(e.Kind)
}

func (e *Error) Unwrap() error { return e.err }

// Failed is an error of a kind, for a room that asks by itself and knows what the other side meant.
func Failed(kind Kind, err error) *Error { return &Error{Kind: kind, err: err} }

// KindOf gives what went wrong; empty for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return wrap(err).Kind
}

// wrap finds the kind of an error of net and net/http.
func wrap(err error) *Error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	e := &Error{Kind: Cut, err: err}
	var name *net.DNSError
	var op *net.OpError
	var timeout net.Error
	switch {
	case errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests):
		e.Kind = Resting
	case errors.Is(err, context.Canceled):
		e.Kind = GivenUp
	case errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout():
		e.Kind = Late
	case errors.As(err, &name):
		e.Kind = Unknown
	case untrusted(err):
		e.Kind = NoTrust
	case errors.As(err, &op) && op.Op == "dial":
		e.Kind = Unreached
	}
	return e
}

func untrusted(err error) bool {
	var verify *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	return errors.As(err, &verify) || errors.As(err, &authority) || errors.As(err, &host) || errors.As(err, &record) || errors.As(err, &alert) ||
		strings.Contains(err.Error(), "tls: ") || strings.Contains(err.Error(), "HTTP response to HTTPS client")
}

// speaks tells whether an answer is of the type the probe wants, and JSON where it says so.
func speaks(answer *http.Response, text []byte, p Probe) bool {
	if p.Wants == "" {
		return true
	}
	kind, _, err := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if err != nil || kind != p.Wants && !(p.Wants == jsonType && strings.HasSuffix(kind, "+json")) {
		return false
	}
	return p.Method == http.MethodHead || p.Wants != jsonType || json.Valid(text)
}

const jsonType = "application/json"
