package courier

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"slices"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"sapa/internal/fault"
	"sapa/internal/outbox"
	"sapa/internal/phrase"
)

// Letter is what a promise of mail becomes: plain text with sheets beside it.
type Letter struct {
	To, ToName string
	Subject    string
	Text       string
	Files      []File
	Date       time.Time
}

// File is a sheet that goes with a letter.
type File struct {
	Name string // plain ASCII, e.g. ideas-42147-1.csv
	Type string // media type
	Body []byte
}

// check refuses a letter whose head could be read as more than it is.
func (l Letter) check() error {
	if l.To == "" {
		return fault.New(fault.Invalid, "courier.no-address", "name", l.ToName)
	}
	if checkAddress(l.To) != nil {
		return fault.New(fault.Invalid, "courier.address")
	}
	if checkHeader(l.ToName) != nil || checkHeader(l.Subject) != nil {
		return fault.New(fault.Invalid, "courier.header")
	}
	for _, f := range l.Files {
		if f.Name == "" || strings.Trim(f.Name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != "" {
			return fault.New(fault.Invalid, "courier.file-name")
		}
	}
	return nil
}

// MessageID is the same for every try of one promise, so that a receiver who knows it has the letter once.
func MessageID(p outbox.Promise, site string) string { return "sapa-" + p.ID.String() + "@" + site }

func (l Letter) message(c Config, id string) (*mail.Msg, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	m.FromMailAddress(&netmail.Address{Name: c.FromName, Address: c.From})
	m.ToMailAddress(&netmail.Address{Name: l.ToName, Address: l.To})
	m.Subject(l.Subject)
	m.SetMessageIDWithValue(id)
	m.SetDateWithValue(l.Date)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // nobody's absence answers it (RFC 3834)
	m.SetBodyString(mail.TypeTextPlain, l.Text)
	for _, f := range l.Files {
		if err := m.AttachReader(f.Name, bytes.NewReader(f.Body), mail.WithFileContentType(mail.ContentType(f.Type))); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// send hands one letter to the mail server over a connection of its own. Nil: the server has it.
func (c Config) send(ctx context.Context, m *mail.Msg) error {
	whole, cancel := context.WithTimeout(ctx, 2*c.timeout()) // both phases together
	defer cancel()
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return err
	}
	number, err := net.LookupPort("tcp", port)
	if err != nil {
		return err
	}
	var conn net.Conn
	stop := func() bool { return true }
	dial := c.dialer()
	options := []mail.Option{
		mail.WithPort(number), mail.WithTimeout(c.timeout()), mail.WithoutNoop(), mail.WithTLSConfig(c.tls()),
		mail.WithDialContextFunc(func(ctx context.Context, network, addr string) (net.Conn, error) {
			var err error
			if conn, err = dial(ctx, network, addr); err == nil { // a server that trickles does not hold us, nor does a stop
				stop = context.AfterFunc(whole, func() { _ = conn.Close() })
			}
			return conn, err
		}),
	}
	switch c.mode() {
	case Implicit: // the dialler has done it
		options = append(options, mail.WithSSL())
	case Plain:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if c.User != "" {
		options = append(options, mail.WithUsername(c.User), mail.WithPassword(string(c.Password)),
			mail.WithOpportunisticSMTPAuth(mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthPlain, mail.SMTPAuthLogin, mail.SMTPAuthCramMD5))
	}
	client, err := mail.NewClient(host, options...)
	if err != nil {
		return err
	}
	server, err := client.DialToSMTPClientWithContext(whole)
	if conn != nil {
		defer conn.Close() // whatever happens: a connection that is given up must not stay
	}
	defer stop()
	if err != nil {
		return fmt.Errorf("reach the mail server: %w", err)
	}
	err = client.SendWithSMTPClient(server, m)
	if m.IsDelivered() { // the server said yes; what it says to RSET and QUIT does not change that
		_ = client.CloseWithSMTPClient(server)
		return nil
	}
	return err
}

// ours are answers about us, not about the letter: no sign-in, no TLS, a policy of the moment. They pass when somebody puts
// the configuration right, and the letters shall be there then.
var ours = []int{502, 503, 530, 534, 535, 538}

// final tells whether there is no use in trying again: a letter that no server should see, or a 5xx to its MAIL, RCPT or DATA.
func final(err error) bool {
	if no := fault.Of(err); no != nil {
		return no.Kind != fault.Busy
	}
	var said *mail.SendError
	return errors.As(err, &said) && said.ErrorCode() >= 500 && said.ErrorCode() < 600 && !slices.Contains(ours, said.ErrorCode())
}

// why is what a leader reads: ours in their language, the mail server's words as it said them.
func why(l phrase.Lang, err error) string {
	var said *mail.SendError
	var network net.Error
	text := err.Error()
	switch {
	case fault.Of(err) != nil:
		return phrase.Fill(l, fault.Of(err).Key, fault.Of(err).Values)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout(), strings.Contains(text, "i/o timeout"):
		return phrase.Say(l, "courier.no-answer")
	case errors.As(err, &said):
		text, _, _ = strings.Cut(text, ", affected recipient(s): ")
		text, _, _ = strings.Cut(text, ", affected message ID: ")
		if said.ErrorCode() == 0 {
			return phrase.Say(l, "courier.cut", "said", text)
		}
		return phrase.Say(l, "courier.said", "said", text)
	}
	return phrase.Say(l, "courier.not-reached", "said", text)
}
