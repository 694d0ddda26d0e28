package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"sapa/internal/db"
	"sapa/internal/form"
	"sapa/internal/outbox"
	"sapa/internal/staff"
	"sapa/internal/who"
)

// inbox is a mail server of the test that hands on what it gets.
type inbox chan []byte

func (i inbox) NewSession(*smtp.Conn) (smtp.Session, error) { return i, nil }
func (inbox) Mail(string, *smtp.MailOptions) error          { return nil }
func (inbox) Rcpt(string, *smtp.RcptOptions) error          { return nil }
func (inbox) Reset()                                        {}
func (inbox) Logout() error                                 { return nil }

func (i inbox) Data(r io.Reader) error {
	letter, err := io.ReadAll(r)
	i <- letter
	return err
}

// SOP 5.8.6: a form that was sent leaves a running server as a real letter, with the form as CSV and XLSX.
func TestServeBringsAFormByMail(t *testing.T) {
	letters := make(inbox, 1) // one letter
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	post := smtp.NewServer(letters)
	ended := make(chan struct{})
	go func() { defer close(ended); _ = post.Serve(l) }()
	t.Cleanup(func() { _ = post.Close(); <-ended })

	data := t.TempDir()
	s, err := db.Open(context.Background(), "sqlite:"+filepath.Join(data, "sapa.db"), db.Options{Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Write(context.Background(), func(tx *db.Tx) error {
		agent, err := staff.Add(tx, staff.Console, staff.Person{Login: "42147", Name: "Ani Rekaan", Role: who.Agent})
		if err != nil {
			return err
		}
		leader, err := staff.Add(tx, staff.Console, staff.Person{Login: "31001", Name: "Tuti Rekaan", Role: who.Leader, Email: "tuti@rekaan.example"})
		if err != nil {
			return err
		}
		by := agent.Actor(who.Page)
		b, _, err := form.NewBatch(tx, leader.Actor(who.Page), form.Batch{Kind: form.Ideas, Name: "Pagi", Digest: "d", Rows: 1})
		if err != nil {
			return err
		}
		row, err := form.File(tx, by, form.Ideas, b.ID, form.Row{Ticket: 1, Turn: 1, Status: form.Contacted, Reason: form.FCR, Remarks: "normal"})
		if err != nil {
			return err
		}
		if _, err := form.Send(tx, by, row.Form); err != nil {
			return err
		}
		_, err = outbox.Add(tx, by, []outbox.Promise{{App: outbox.Mail, Kind: outbox.FormLetter, Payload: row.Form.String(), Clause: "5.8.6"}})
		return err
	})
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	p := begin(t, "sapa http", "serve", "--data", data, "--addr", "127.0.0.1:0", "--site", "Malang",
		"--smtp-addr", l.Addr().String(), "--smtp-tls", "none", "--smtp-from", "sapa@rekaan.example")
	m, err := mail.ReadMessage(bytes.NewReader(<-letters))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		t.Fatal(err)
	}
	if m.Header.Get("To") != `"Tuti Rekaan" <tuti@rekaan.example>` || m.Header.Get("From") != `"sapa Malang" <sapa@rekaan.example>` ||
		!strings.HasSuffix(m.Header.Get("Message-Id"), "@rekaan.example>") {
		t.Errorf("head %v", m.Header)
	}
	for _, want := range []string{"ideas-42147-v1.csv", "ideas-42147-v1.xlsx"} {
		if !bytes.Contains(body, []byte(want)) {
			t.Errorf("%s is not in the letter", want)
		}
	}
	p.stop()
	if strings.Contains(p.stderr.String(), "rekaan.example") {
		t.Errorf("the log names an address: %s", p.stderr)
	}
}

func TestTheMailPasswordComesFromAFileOrAVariable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("dari berkas \r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := post{addr: "mail.rekaan.example:587", user: "sapa", from: "sapa@rekaan.example", tls: "starttls"}
	t.Setenv("SAPA_SMTP_PASSWORD", "dari variabel")
	for from, want := range map[string]string{"": "dari variabel", file: "dari berkas "} {
		p.passwordFile = from
		c, err := p.config("")
		if err != nil {
			t.Fatal(err)
		}
		if string(c.Password) != want {
			t.Errorf("from %q: %q", from, string(c.Password))
		}
	}
}
