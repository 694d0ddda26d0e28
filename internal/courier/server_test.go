package courier_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// server is a mail server that is nobody's but the test's: go-smtp on loopback, which knows nothing of our courier.
type server struct {
	addr string
	mu   sync.Mutex
	got  [][]byte // letters that were taken, in order
	said []string // commands that came to a session
	rcpt func(to string) error
	data func(c *smtp.Conn, letter []byte) error
	past func(c *smtp.Conn) // after the answer to DATA
}

type session struct {
	s      *server
	c      *smtp.Conn
	loaded bool
}

func (s *session) note(what string) {
	s.s.mu.Lock()
	defer s.s.mu.Unlock()
	s.s.said = append(s.s.said, what)
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		s.note("auth " + user + "/" + password)
		if password != "rahasia" {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error { s.note("from " + from); return nil }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.note("to " + to)
	if s.s.rcpt != nil {
		return s.s.rcpt(to)
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	letter, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.s.mu.Lock()
	s.s.got = append(s.s.got, letter)
	s.s.mu.Unlock()
	s.loaded = true
	if s.s.data != nil {
		return s.s.data(s.c, letter)
	}
	return nil
}

func (s *session) Reset() {
	if s.loaded && s.s.past != nil {
		s.s.past(s.c)
	}
}

func (s *session) Logout() error { return nil }

func (s *server) letters() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([][]byte(nil), s.got...)
}

func (s *server) heard() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.said, "; ")
}

// serve starts the server on loopback; with a certificate it offers STARTTLS, implicit makes TLS the first thing.
func (s *server) serve(t *testing.T, config *tls.Config, implicit bool) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = l.Addr().String()
	if implicit {
		l = tls.NewListener(l, config)
	}
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{s: s, c: c}, nil }))
	server.Domain, server.TLSConfig, server.ErrorLog = "rekaan.example", config, quiet{}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close(); <-ended })
	return s
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// certificate is for 127.0.0.1, signed by itself.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

// letter is one as a receiver reads it.
type letter struct {
	mail.Header
	text  string
	files map[string][]byte
}

func (l letter) subject(t *testing.T) string {
	t.Helper()
	s, err := new(mime.WordDecoder).DecodeHeader(l.Get("Subject"))
	if err != nil {
		t.Error(err)
	}
	return s
}

func read(t *testing.T, raw []byte) letter {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
	l := letter{Header: m.Header, files: map[string][]byte{}}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		l.text = lf(body(t, m.Header.Get("Content-Transfer-Encoding"), m.Body))
		return l
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		p, err := parts.NextPart() // quoted-printable is undone here
		if err == io.EOF {
			return l
		}
		if err != nil {
			t.Fatal(err)
		}
		text := body(t, p.Header.Get("Content-Transfer-Encoding"), p)
		if name := p.FileName(); name != "" {
			l.files[name] = []byte(text)
		} else {
			l.text = lf(text)
		}
	}
}

func body(t *testing.T, encoding string, r io.Reader) string {
	t.Helper()
	switch encoding {
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, r)
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func lf(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
