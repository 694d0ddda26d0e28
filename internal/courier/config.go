// Package courier brings promises out of the house: today letters, by SMTP. It takes them from outbox one by one, sends, and says
// there how it went. It decides nothing: what is promised and to whom was decided in the act that promised it.
package courier

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"
)

// Secret is a password that never shows itself.
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

// TLS says how a connection to the mail server is kept private.
type TLS string

const (
	StartTLS TLS = "starttls" // the server must offer it; nothing is said before
	Implicit TLS = "implicit" // TLS from the first byte (port 465)
	Plain    TLS = "none"     // to this machine only
)

// Config says which mail server takes the letters.
type Config struct {
	Addr     string // HOST:PORT
	TLS      TLS    // empty: StartTLS
	User     string
	Password Secret
	From     string         // address letters come from
	FromName string         // shown beside it
	Timeout  time.Duration  // longest wait for dialling with greeting and sign-in, and again for handing the letter over; 0: 30 s
	Roots    *x509.CertPool // who may sign the server's certificate; nil: whom this machine trusts
}

// Check refuses a configuration that cannot work or would send in the clear.
func (c Config) Check() error {
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil || host == "" {
		return fmt.Errorf("mail server %q: write HOST:PORT", c.Addr)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return fmt.Errorf("mail server %q: write HOST:PORT, the port as a number", c.Addr)
	}
	switch c.mode() {
	case StartTLS, Implicit:
	case Plain:
		if !onThisMachine(host) {
			return fmt.Errorf("mail server %s is not on this machine: letters go there with starttls or implicit TLS only", c.Addr)
		}
	default:
		return fmt.Errorf("TLS mode %q: write starttls, implicit or none", c.TLS)
	}
	if err := checkAddress(c.From); err != nil {
		return fmt.Errorf("letters come from %q: %w", c.From, err)
	}
	if err := checkHeader(c.FromName); err != nil {
		return fmt.Errorf("name of the sender: %w", err)
	}
	if c.Password != "" && c.User == "" {
		return errors.New("a mail password needs a mail user")
	}
	return nil
}

func (c Config) mode() TLS {
	if c.TLS == "" {
		return StartTLS
	}
	return c.TLS
}

func (c Config) timeout() time.Duration {
	if c.Timeout <= 0 {
		return 30 * time.Second
	}
	return c.Timeout
}

func onThisMachine(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// dialer dials the configured server and nothing else. In the clear it looks at the address that is really dialled, whatever a
// name resolves to (trust 1.10).
func (c Config) dialer() func(ctx context.Context, network, addr string) (net.Conn, error) {
	d := net.Dialer{Timeout: c.timeout()}
	if c.mode() == Plain {
		d.Control = func(_, address string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(address)
			if err != nil || !to.Addr().Unmap().IsLoopback() {
				return fmt.Errorf("%s is not on this machine, and nothing leaves it in the clear", address)
			}
			return nil
		}
	}
	if c.mode() != Implicit {
		return d.DialContext
	}
	t := tls.Dialer{NetDialer: &d, Config: c.tls()}
	return t.DialContext
}

func (c Config) tls() *tls.Config {
	host, _, _ := net.SplitHostPort(c.Addr)
	return &tls.Config{ServerName: host, RootCAs: c.Roots, MinVersion: tls.VersionTLS12}
}

var (
	errHeader  = errors.New("line breaks and control characters do not belong into a letter's head")
	errAddress = errors.New("that is not an e-mail address")
)

// checkHeader refuses what could begin another header (trust 1.11); the encoder would disarm it, a clear no is better.
func checkHeader(text string) error {
	if strings.ContainsFunc(text, unicode.IsControl) || strings.ContainsAny(text, "\u2028\u2029") {
		return errHeader
	}
	return nil
}

// checkAddress takes one bare address in ASCII: no name, no list, nothing that could be read as more than one.
func checkAddress(address string) error {
	if err := checkHeader(address); err != nil {
		return err
	}
	a, err := mail.ParseAddress(address)
	if err != nil || a.Address != address || len(address) > 254 || strings.ContainsAny(address, "\" ,;<>()") ||
		strings.ContainsFunc(address, func(r rune) bool { return r > unicode.MaxASCII }) {
		return errAddress
	}
	return nil
}
