package stories

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"sapa/internal/call"
	"sapa/internal/courier"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/desk"
	"sapa/internal/document/documenttest"
	"sapa/internal/form"
	"sapa/internal/intake"
	"sapa/internal/lead"
	"sapa/internal/line"
	"sapa/internal/phrase"
	"sapa/internal/report"
	"sapa/internal/staff"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// mailbox is a mail server of the test that hands on what it gets.
type mailbox chan []byte

func (m mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return m, nil }
func (mailbox) Mail(string, *smtp.MailOptions) error          { return nil }
func (mailbox) Rcpt(string, *smtp.RcptOptions) error          { return nil }
func (mailbox) Reset()                                        {}
func (mailbox) Logout() error                                 { return nil }

func (m mailbox) Data(r io.Reader) error {
	letter, err := io.ReadAll(r)
	m <- letter
	return err
}

// open starts the server and a courier that brings letters to it.
func (m mailbox) open(t *testing.T, f *floor) *courier.Post {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(m)
	ended := make(chan struct{})
	go func() { defer close(ended); _ = server.Serve(l) }() // it ends when the test closes it
	t.Cleanup(func() { _ = server.Close(); <-ended })
	c := courier.Config{Addr: l.Addr().String(), TLS: courier.Plain, From: "sapa@rekaan.example"}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	return courier.New(courier.Parts{Store: f.store, Mail: c, Arrived: courier.Arrived, Site: "rekaan.example", Log: slog.New(slog.DiscardHandler),
		Letter: courier.Writer{Sheets: sheets, Zone: site, Site: "Malang rekaan"}.Letter})
}

func sheets(_ form.Batch, f form.Form, rows []form.Row, agent staff.Person, l phrase.Lang) ([]courier.File, error) {
	var text, book bytes.Buffer
	if err := report.FormCSV(&text, rows, site, l); err != nil {
		return nil, err
	}
	if err := report.FormXLSX(&book, rows, site, l); err != nil {
		return nil, err
	}
	name := fmt.Sprintf("ideas-%s-v%d", agent.Login, f.Version)
	return []courier.File{{Name: name + ".csv", Type: "text/csv; charset=utf-8", Body: text.Bytes()},
		{Name: name + ".xlsx", Type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Body: book.Bytes()}}, nil
}

// letter is what somebody reads in their mailbox.
type letter struct {
	id, to, subject string
	files           map[string][]byte
}

func readLetter(t *testing.T, raw []byte) letter {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	one := letter{id: m.Header.Get("Message-Id"), to: m.Header.Get("To"), subject: subject, files: map[string][]byte{}}
	kind, how, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if kind != "multipart/mixed" {
		return one
	}
	parts := multipart.NewReader(m.Body, how["boundary"])
	for {
		p, err := parts.NextPart()
		if err == io.EOF {
			return one
		}
		if err != nil {
			t.Fatal(err)
		}
		if p.FileName() != "" {
			if one.files[p.FileName()], err = io.ReadAll(base64.NewDecoder(base64.StdEncoding, p)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// morning is a floor on the morning of an Ideas list, with its people.
type morning struct {
	*floor
	t         *testing.T
	tuti, ani who.Actor
	list      form.Batch
	letters   mailbox
	post      *courier.Post
	troubleNo string
}

func (m *morning) do(act func(tx *db.Tx) error) {
	m.t.Helper()
	if err := m.act(act); err != nil {
		m.t.Fatal(err)
	}
}

// arrives brings what is due to the mail server and reads the letter that came.
func (m *morning) arrives() letter {
	m.t.Helper()
	if n, err := m.post.Round(context.Background()); n != 1 || err != nil {
		m.t.Fatalf("%d letters left, %v", n, err)
	}
	return readLetter(m.t, <-m.letters)
}

// call takes the next ticket, reads, dials, says what the line did and gives the hand.
func (m *morning) call(ref string, word string) hand {
	m.t.Helper()
	var turn desk.Turn
	m.do(func(tx *db.Tx) (err error) { turn, err = m.seat.Next(tx, m.ani, nil); return err })
	if turn.Ticket.Ref != ref {
		m.t.Fatalf("ani gets %s, want %s", turn.Ticket.Ref, ref)
	}
	h := hand{turn.Ticket.ID, turn.Lease.Token, turn.Draft}
	m.do(func(tx *db.Tx) error { return m.seat.Read(tx, m.ani, h.ticket, h.token) })
	m.do(func(tx *db.Tx) error { _, err := m.seat.Dial(tx, m.ani, h.ticket, h.token, ""); return err })
	m.clock.Advance(20 * time.Second)
	m.do(func(tx *db.Tx) error {
		_, err := m.seat.Said(tx, m.ani, h.ticket, h.token, call.Line(word))
		return err
	})
	if word == "answered" {
		m.clock.Advance(time.Minute)
		m.do(func(tx *db.Tx) error { _, err := m.seat.Hangup(tx, m.ani, h.ticket, h.token); return err })
	}
	return h
}

func (m *morning) finish(h hand, in map[string]string) {
	m.t.Helper()
	m.do(func(tx *db.Tx) error { _, err := m.seat.Finish(tx, m.ani, h.ticket, h.token, in); return err })
}

const morningList = "ref;service_no;contact_name;phone;note;opened_at;fields.list_no\n" +
	"ID-1;152999100001;Rekaan Satu;089990001001;Kuota cepat habis;2026-11-23T06:00:00+07:00;1\n" +
	"ID-2;152999100002;Rekaan Dua;089990001002;Internet mati;2026-11-23T06:10:00+07:00;2\n" +
	"ID-3;152999100003;Rekaan Tiga;089990001003;Lambat malam hari;2026-11-23T06:20:00+07:00;3\n"

// SOP 5.8, 5.8.1.source, 5.8.1.distribute, 5.8.2, 5.8.5, 5.8.6: an Ideas morning from the leader's file to the leader's mailbox.
// The agent solves one, escalates one with a trouble ticket that is there, does not reach one, and sends the form.
func TestAnIdeasMorning(t *testing.T) {
	library := documenttest.Library(t)
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		m := &morning{floor: newFloor(s, c, library), t: t, letters: make(mailbox, 1)} // one letter at a time
		m.post = m.letters.open(t, m.floor)
		m.people = map[string]who.Actor{}
		m.hire()
		m.bring()
		m.work()
		m.send()
		m.keepsSecrets(t)
	})
}

func (m *morning) hire() {
	var err error
	if m.tuti, err = m.person("tuti", who.Leader); err != nil {
		m.t.Fatal(err)
	}
	if m.ani, err = m.person("ani", who.Agent); err != nil {
		m.t.Fatal(err)
	}
	m.secret("tuti@rekaan.example", "ani@rekaan.example", "Rekaan Dua")
	m.do(func(tx *db.Tx) error {
		if err := staff.SetEmail(tx, staff.Console, db.ID(m.tuti.ID), "tuti@rekaan.example"); err != nil {
			return err
		}
		return staff.SetEmail(tx, staff.Console, db.ID(m.ani.ID), "ani@rekaan.example")
	})
	m.do(func(tx *db.Tx) error {
		rx := -27.1
		_, err := customer.Put(tx, customer.Customer{Name: "Rekaan Dua", Class: customer.Regular, Zone: "Asia/Jakarta", Phone: "+6289990001002", Invented: true},
			[]customer.Service{{No: "152999100002", Kind: "internet"}})
		if err != nil {
			return err
		}
		if err := line.PutLine(tx, line.Line{ServiceNo: "152999100002", STO: "MLG", Technology: line.Fibre}); err != nil {
			return err
		}
		return line.PutRecorded(tx, "152999100002", line.Reading{OperStatus: "online", OnuRxPwr: &rx})
	})
}

// bring: the leader brings the list in and deals it; the agent's letter says what is theirs.
func (m *morning) bring() {
	got, err := m.door.Import(context.Background(), m.store, intake.Job{By: m.tuti, Campaign: "ideas", Name: "ideas_new.csv", File: strings.NewReader(morningList), Size: int64(len(morningList))})
	if err != nil || got.Opened != 3 || got.Batch.Rows != 3 {
		m.t.Fatalf("%+v %v", got, err)
	}
	m.list = got.Batch
	m.do(func(tx *db.Tx) error {
		_, err := lead.Deal(tx, m.tuti, m.hub, m.list.ID, []lead.Share{{Agent: db.ID(m.ani.ID), N: 3}}, m.midnight())
		return err
	})
	if l := m.arrives(); !strings.Contains(l.to, "ani@rekaan.example") || !strings.Contains(l.subject, "ideas_new") {
		m.t.Errorf("ani's letter %+v", l)
	}
}

// work: FCR, Eskalasi with a real trouble ticket, RNA.
func (m *morning) work() {
	m.finish(m.call("ID-1", "answered"), map[string]string{"receiver": "reporter", "data_check": "nama", "guided": "berhasil", "status": "contacted", "reason": "fcr", "remarks": "Kuota dijelaskan"})

	if _, err := m.measures(m.ani, "152999100002"); err != nil {
		m.t.Fatal(err)
	}
	h := m.call("ID-2", "answered")
	m.do(func(tx *db.Tx) error {
		_, err := m.seat.Answer(tx, m.ani, h.ticket, h.token, map[string]string{"receiver": "reporter", "data_check": "nama", "guided": "tidak-berhasil"}, h.draft)
		return err
	})
	m.do(func(tx *db.Tx) error {
		filed, err := m.seat.File(tx, m.ani, desk.Report{Source: h.ticket, Answers: map[string]string{"symptom": "los", "hard_complaint": "ramah", "urgency": "normal"}})
		m.troubleNo = filed.Trouble.No
		return err
	})
	m.finish(h, map[string]string{"status": "contacted", "reason": "eskalasi", "ticket_no": m.troubleNo, "remarks": "Perlu teknisi"})
	m.do(func(tx *db.Tx) error {
		t, err := trouble.ByNo(tx, m.troubleNo)
		if err == nil && (!t.Open() || t.ServiceNo != "152999100002") {
			m.t.Errorf("the ticket of the escalation: %s of %s", t.State, t.ServiceNo)
		}
		return err
	})

	m.finish(m.call("ID-3", "no-answer"), map[string]string{"status": "not-contacted", "reason": "rna", "remarks": "Tidak diangkat"})
}

// send: Kirim ke TL, the letter with the form as CSV and XLSX under a Message-ID of its own, and the leader receives.
func (m *morning) send() {
	var f form.Form
	m.do(func(tx *db.Tx) (err error) {
		f, err = form.OpenOf(tx, form.Ideas, m.list.ID, db.ID(m.ani.ID))
		return err
	})
	for range 2 { // pressed twice, sent once
		m.do(func(tx *db.Tx) error { _, err := m.seat.SendForm(tx, m.ani, f.ID); return err })
	}
	l := m.arrives()
	if !strings.Contains(l.to, "tuti@rekaan.example") || !strings.HasSuffix(l.id, "@rekaan.example>") {
		m.t.Errorf("the leader's letter %s to %s", l.id, l.to)
	}
	sheet := string(l.files["ideas-ani-v1.csv"])
	for _, want := range []string{"152999100001", ";Contacted;FCR;;Kuota dijelaskan\r\n", ";Contacted;Eskalasi;" + m.troubleNo + ";Perlu teknisi\r\n", ";Not Contacted;RNA;;Tidak diangkat\r\n"} {
		if !strings.Contains(sheet, want) {
			m.t.Errorf("%q is not in\n%s", want, sheet)
		}
	}
	if !bytes.HasPrefix(l.files["ideas-ani-v1.xlsx"], []byte("PK")) {
		m.t.Error("no workbook in the letter")
	}
	if n, err := m.post.Round(context.Background()); n != 0 || err != nil {
		m.t.Errorf("%d more letters, %v", n, err)
	}
	m.do(func(tx *db.Tx) error {
		got, err := lead.ReceiveForm(tx, m.tuti, m.hub, f.ID)
		if got.State != form.Received || got.MessageID != l.id {
			m.t.Errorf("received: %s under %q, the letter is %q", got.State, got.MessageID, l.id)
		}
		return err
	})
}
