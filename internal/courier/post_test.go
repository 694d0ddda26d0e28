package courier_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/xuri/excelize/v2"

	"sapa/internal/courier"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
	"sapa/internal/form"
	"sapa/internal/outbox"
	"sapa/internal/phrase"
	"sapa/internal/report"
	"sapa/internal/staff"
	"sapa/internal/who"
)

var wib = time.FixedZone("WIB", 7*60*60)

// office is a site with a leader, an agent and one Ideas form that was sent, and a promise to mail it.
type office struct {
	t         *testing.T
	s         *db.DB
	c         *dbtest.Clock
	log       bytes.Buffer
	ani, tuti staff.Person
	batch     form.Batch
	form      form.Form
	mail      courier.Config
	letter    func(tx *db.Tx, p outbox.Promise) (courier.Letter, error)
}

func sheets(b form.Batch, f form.Form, rows []form.Row, agent staff.Person, l phrase.Lang) ([]courier.File, error) {
	var text, book bytes.Buffer
	if err := report.FormCSV(&text, rows, wib, l); err != nil {
		return nil, err
	}
	if err := report.FormXLSX(&book, rows, wib, l); err != nil {
		return nil, err
	}
	name := fmt.Sprintf("ideas-%s-v%d", agent.Login, f.Version)
	return []courier.File{{Name: name + ".csv", Type: "text/csv; charset=utf-8", Body: text.Bytes()},
		{Name: name + ".xlsx", Type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Body: book.Bytes()}}, nil
}

func each(t *testing.T, f func(t *testing.T, o *office)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		o := &office{t: t, s: s, c: c, letter: courier.Writer{Sheets: sheets, Zone: wib, Site: "Malang rekaan"}.Letter,
			mail: courier.Config{TLS: courier.Plain, From: "sapa@rekaan.example", FromName: "sapa \"Malang\" Rekaan", Timeout: 20 * time.Second}}
		o.do(func(tx *db.Tx) (err error) {
			if o.ani, err = staff.Add(tx, staff.Console, staff.Person{Login: "42147", Name: "Ani Rekaan", Role: who.Agent, Email: "ani@rekaan.example"}); err != nil {
				return err
			}
			if o.tuti, err = staff.Add(tx, staff.Console, staff.Person{Login: "31001", Name: "Tuti “TL” Rekaan", Role: who.Leader, Email: "tuti@rekaan.example"}); err != nil {
				return err
			}
			if o.batch, _, err = form.NewBatch(tx, o.tuti.Actor(who.Page), form.Batch{Kind: form.Ideas, Name: "Ideas pagi é", Digest: "d", Rows: 2, DueAt: tx.Now.Add(8 * time.Hour)}); err != nil {
				return err
			}
			row := form.Row{Ticket: 1, Turn: 1, Ref: "ID-1", ServiceNo: "002401234567", Status: form.Contacted, Reason: form.FCR, Remarks: "=1+1 sudah normal"}
			if row, err = form.File(tx, o.ani.Actor(who.Page), form.Ideas, o.batch.ID, row); err != nil {
				return err
			}
			o.form, err = form.Send(tx, o.ani.Actor(who.Page), row.Form)
			return err
		})
		f(t, o)
	})
}

func (o *office) do(act func(tx *db.Tx) error) {
	o.t.Helper()
	if err := o.s.Write(context.Background(), act); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) post() *courier.Post {
	if err := o.mail.Check(); err != nil {
		o.t.Fatal(err)
	}
	return courier.New(courier.Parts{Store: o.s, Mail: o.mail, Letter: o.letter, Arrived: courier.Arrived, Site: "malang.rekaan.example",
		Log: slog.New(slog.NewTextHandler(&o.log, nil))})
}

func (o *office) round(want int) {
	o.t.Helper()
	if n, err := o.post().Round(context.Background()); err != nil || n != want {
		o.t.Fatalf("took %d (%v), want %d", n, err, want)
	}
}

func (o *office) promise(p outbox.Promise) outbox.Promise {
	o.t.Helper()
	p.App = outbox.Mail
	o.do(func(tx *db.Tx) error {
		made, err := outbox.Add(tx, o.ani.Actor(who.Page), []outbox.Promise{p})
		p = made[0]
		return err
	})
	return p
}

func (o *office) formLetter() outbox.Promise {
	return o.promise(outbox.Promise{Kind: outbox.FormLetter, Payload: o.form.ID.String(), Key: "form", Clause: "5.8.6"})
}

func (o *office) get(p outbox.Promise) outbox.Promise {
	o.t.Helper()
	o.do(func(tx *db.Tx) (err error) { p, err = outbox.Get(tx, p.ID); return err })
	return p
}

// SOP 5.8.6: the form reaches the leader as a real letter with both sheets; its delivery is kept.
func TestAFormArrivesWithBothItsSheets(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		inbox := new(server).serve(t, nil, false)
		o.mail.Addr = inbox.addr
		p := o.formLetter()
		o.round(1)
		o.round(0) // once
		if len(inbox.letters()) != 1 {
			t.Fatalf("%d letters: %+v", len(inbox.letters()), o.get(p))
		}
		l := read(t, inbox.letters()[0])
		id := "<sapa-" + p.ID.String() + "@malang.rekaan.example>"
		from, _ := l.AddressList("From")
		to, _ := l.AddressList("To")
		if l.Get("Message-Id") != id || from[0].Name != `sapa "Malang" Rekaan` || from[0].Address != "sapa@rekaan.example" ||
			len(to) != 1 || to[0].Name != "Tuti “TL” Rekaan" || to[0].Address != "tuti@rekaan.example" {
			t.Errorf("head %v", l.Header)
		}
		if date, err := l.Date(); err != nil || !date.Equal(o.c.Now().Truncate(time.Second)) {
			t.Errorf("dated %v (%v)", date, err)
		}
		if got := l.subject(t); got != "Form laporan Ideas: Ideas pagi é, Ani Rekaan, versi 1" {
			t.Errorf("subject %q", got)
		}
		for _, want := range []string{"Yth. Tuti “TL” Rekaan,", "1 baris, yaitu 1 FCR, 0 Eskalasi dan 0 RNA", o.form.Digest, "sapa Malang rekaan."} {
			if !strings.Contains(l.text, want) {
				t.Errorf("%q is not in %s", want, l.text)
			}
		}
		if got := string(l.files["ideas-42147-v1.csv"]); !strings.HasPrefix(got, "\ufeffNo;Tiket Ideas;") || !strings.Contains(got, "1;ID-1;002401234567;;Contacted;FCR;;'=1+1 sudah normal\r\n") {
			t.Errorf("CSV %q", got)
		}
		book, err := excelize.OpenReader(bytes.NewReader(l.files["ideas-42147-v1.xlsx"]))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := book.GetRows("Ideas")
		if err != nil || len(rows) != 2 || rows[1][7] != "=1+1 sudah normal" || rows[1][2] != "002401234567" {
			t.Errorf("XLSX %v (%v)", rows, err)
		}
		if kept := o.get(p); kept.State != outbox.Done || kept.Reference != id || kept.Attempts != 1 {
			t.Errorf("kept %+v", kept)
		}
		o.do(func(tx *db.Tx) error {
			f, err := form.Get(tx, o.form.ID)
			if f.MessageID != id {
				t.Errorf("form kept %q", f.MessageID)
			}
			return err
		})
	})
}

// SOP 5.8.1.distribute: each agent gets the list that is theirs, in their language, and no customer's name.
func TestAListReachesItsAgent(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		inbox := new(server).serve(t, nil, false)
		o.mail.Addr = inbox.addr
		o.do(func(tx *db.Tx) error {
			for i, no := range []string{"ID-100", "ID-200"} {
				if err := form.Deal(tx, o.tuti.Actor(who.Page), o.batch.ID, db.ID(i+1), o.ani.ID, no); err != nil {
					return err
				}
			}
			return nil
		})
		o.promise(outbox.Promise{Kind: outbox.DealLetter, Payload: o.batch.ID.String() + "/" + o.ani.ID.String(), Lang: "en"})
		none := o.promise(outbox.Promise{Kind: outbox.DealLetter, Payload: o.batch.ID.String() + "/" + o.tuti.ID.String(), Key: "none"})
		other := o.promise(outbox.Promise{Kind: "outside", To: "luar@rekaan.example", Text: "Isi apa adanya."})
		o.round(3)
		byTo := map[string]letter{}
		for _, raw := range inbox.letters() {
			l := read(t, raw)
			to, _ := l.AddressList("To")
			byTo[to[0].Address] = l
		}
		deal := byTo["ani@rekaan.example"]
		if deal.subject(t) != "Ideas tickets for you: Ideas pagi é, 2 tickets" || !strings.Contains(deal.text, "  1. ID-100\n  2. ID-200\n") || !strings.Contains(deal.text, "The form is due") {
			t.Errorf("deal %q %s", deal.subject(t), deal.text)
		}
		if l := byTo["luar@rekaan.example"]; l.Header == nil || !strings.HasPrefix(l.text, "Isi apa adanya.\n") || o.get(other).State != outbox.Done {
			t.Errorf("other %v %q", l.Header, l.text)
		}
		if p := o.get(none); p.State != outbox.Failed || !strings.Contains(p.LastError, "dibagikan kepada orang lain") {
			t.Errorf("nothing dealt: %+v", p)
		}
	})
}

// A refusal for good of the receiver is a dead letter at once, in the server's words, and a leader's retry sends it.
func TestARefusedReceiverIsADeadLetter(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		known := false
		inbox := &server{}
		inbox.rcpt = func(string) error {
			if known {
				return nil
			}
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user here"}
		}
		o.mail.Addr = inbox.serve(t, nil, false).addr
		p := o.formLetter()
		o.round(1)
		if kept := o.get(p); kept.State != outbox.Failed || !strings.Contains(kept.LastError, `550 "5.1.1 no such user here"`) || strings.Contains(kept.LastError, "tuti@") {
			t.Errorf("kept %+v", kept)
		}
		o.c.Advance(24 * time.Hour)
		o.round(0)
		known = true
		o.do(func(tx *db.Tx) error { _, err := outbox.Retry(tx, o.tuti.Actor(who.Page), p.ID); return err })
		o.round(1)
		if kept := o.get(p); kept.State != outbox.Done || len(inbox.letters()) != 1 {
			t.Errorf("after retry %+v", kept)
		}
	})
}

// A 4xx is tried again later and then arrives, once.
func TestADeferredLetterArrivesLater(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		tries := 0
		inbox := &server{}
		inbox.rcpt = func(string) error {
			if tries++; tries < 3 {
				return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted"}
			}
			return nil
		}
		o.mail.Addr = inbox.serve(t, nil, false).addr
		p := o.formLetter()
		for range 2 {
			o.round(1)
			kept := o.get(p)
			if kept.State != outbox.Open || !strings.Contains(kept.LastError, `451 "4.7.1 greylisted"`) || !kept.NextAt.After(o.c.Now()) {
				t.Fatalf("kept %+v", kept)
			}
			o.round(0)
			o.c.Set(kept.NextAt)
		}
		o.round(1)
		if kept := o.get(p); kept.State != outbox.Done || kept.Attempts != 3 || kept.LastError != "" || len(inbox.letters()) != 1 {
			t.Errorf("kept %+v, %d letters", kept, len(inbox.letters()))
		}
	})
}

// A server that accepts and says nothing: the time-out ends it, the letter waits, and nobody else does.
func TestAServerThatHangsHoldsNobodyUp(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		accepted := make(chan net.Conn, 4) // one a letter of a round
		var server sync.WaitGroup
		server.Go(func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				accepted <- c
			}
		})
		t.Cleanup(func() { _ = l.Close(); server.Wait() })
		o.mail.Addr, o.mail.Timeout = l.Addr().String(), 300*time.Millisecond
		p := o.formLetter()
		ended := make(chan error, 1)
		post := o.post()
		go func() { _, err := post.Round(context.Background()); ended <- err }()
		held := <-accepted
		defer held.Close()
		o.do(func(tx *db.Tx) error { // while it hangs the house goes on working
			_, err := outbox.Add(tx, o.ani.Actor(who.Page), []outbox.Promise{{Ticket: 1, Turn: 1, App: "sephia", Kind: "outside"}})
			return err
		})
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if kept := o.get(p); kept.State != outbox.Open || !strings.Contains(kept.LastError, "tidak menjawab pada waktunya") || !kept.NextAt.After(o.c.Now()) {
			t.Errorf("kept %+v", kept)
		}
	})
}

// The same with a server that falls silent when it has the letter.
func TestAServerThatHangsAfterTheLetterIsGivenUp(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		release := make(chan struct{})
		inbox := &server{data: func(*smtp.Conn, []byte) error { <-release; return nil }}
		o.mail.Addr, o.mail.Timeout = inbox.serve(t, nil, false).addr, 500*time.Millisecond
		p := o.formLetter()
		o.round(1)
		close(release)
		if kept := o.get(p); kept.State != outbox.Open || !strings.Contains(kept.LastError, "tidak menjawab pada waktunya") {
			t.Errorf("kept %+v", kept)
		}
	})
}

// The connection is cut when the server has the letter and has not said so: nobody can know, so it goes out again, and the
// Message-ID is the same for whoever keeps letters by it.
func TestACutAfterTheLetterSendsItAgainUnderTheSameID(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		inbox := &server{}
		inbox.data = func(c *smtp.Conn, _ []byte) error {
			if len(inbox.letters()) == 1 {
				_ = c.Conn().Close()
			}
			return nil
		}
		o.mail.Addr = inbox.serve(t, nil, false).addr
		p := o.formLetter()
		o.round(1)
		kept := o.get(p)
		if kept.State != outbox.Open || !strings.Contains(kept.LastError, "putus") {
			t.Fatalf("kept %+v", kept)
		}
		o.c.Set(kept.NextAt)
		o.round(1)
		all := inbox.letters()
		if len(all) != 2 || o.get(p).State != outbox.Done {
			t.Fatalf("%d letters, kept %+v", len(all), o.get(p))
		}
		one, two := read(t, all[0]), read(t, all[1])
		if id := one.Get("Message-Id"); id == "" || id != two.Get("Message-Id") || one.Get("Date") != two.Get("Date") || one.text != two.text {
			t.Errorf("%v and %v", one.Header, two.Header)
		}
	})
}

// A courier that dies between sending and saying so leaves a lease that runs out: the same again, under the same id.
func TestACourierThatDiedIsFollowedByAnother(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		inbox := new(server).serve(t, nil, false)
		o.mail.Addr = inbox.addr
		p := o.formLetter()
		var dead []outbox.Promise
		o.do(func(tx *db.Tx) (err error) {
			dead, err = outbox.Take(tx, []string{outbox.Mail}, 1, time.Minute)
			return err
		})
		o.round(0)
		o.c.Advance(time.Minute)
		o.round(1)
		if kept := o.get(p); kept.State != outbox.Done || kept.Attempts != 2 || courier.MessageID(dead[0], "malang.rekaan.example") != strings.Trim(kept.Reference, "<>") {
			t.Errorf("kept %+v", kept)
		}
	})
}

// What a server says after its yes changes nothing: the letter is there.
func TestACutAfterTheAnswerIsDelivered(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		inbox := &server{past: func(c *smtp.Conn) { _ = c.Conn().Close() }}
		o.mail.Addr = inbox.serve(t, nil, false).addr
		p := o.formLetter()
		o.round(1)
		if kept := o.get(p); kept.State != outbox.Done || len(inbox.letters()) != 1 {
			t.Errorf("kept %+v", kept)
		}
	})
}

// Two couriers at once, and the order of each key is kept.
func TestTwoCouriersTakeEachLetterOnce(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		inbox := new(server).serve(t, nil, false)
		o.mail.Addr = inbox.addr
		const letters, keys = 12, 4
		for i := range letters {
			o.promise(outbox.Promise{Kind: "outside", To: "luar@rekaan.example", Key: fmt.Sprint("k", i%keys), Text: fmt.Sprintf("k%d %02d", i%keys, i)})
		}
		var couriers sync.WaitGroup
		errs := make([]error, 2)
		for i := range errs {
			post := o.post()
			couriers.Go(func() {
				for errs[i] == nil && len(inbox.letters()) < letters {
					_, errs[i] = post.Round(context.Background())
				}
			})
		}
		couriers.Wait()
		for _, err := range errs {
			if err != nil {
				t.Fatal(err)
			}
		}
		last, seen := map[string]string{}, map[string]bool{}
		for _, raw := range inbox.letters() {
			what, _, _ := strings.Cut(read(t, raw).text, "\n")
			key := what[:2]
			if seen[what] || what < last[key] {
				t.Errorf("%s came twice or out of order", what)
			}
			seen[what], last[key] = true, what
		}
		if len(seen) != letters {
			t.Errorf("%d letters, want %d", len(seen), letters)
		}
	})
}

// A person without an address and a letter with a line break in its head are dead letters that no server sees.
func TestALetterThatCannotBeIsNotSent(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		inbox := new(server).serve(t, nil, false)
		o.mail.Addr = inbox.addr
		refused := func(why string) {
			t.Helper()
			p := o.formLetter()
			o.round(1)
			if kept := o.get(p); kept.State != outbox.Failed || !strings.Contains(kept.LastError, why) {
				t.Errorf("kept %+v, want %s", kept, why)
			}
			o.do(func(tx *db.Tx) error { _, err := outbox.Waive(tx, o.tuti.Actor(who.Page), p.ID, "tes"); return err })
		}
		good := courier.Letter{To: "tuti@rekaan.example", ToName: "Tuti", Subject: "Form", Text: "isi"}
		for _, c := range []struct {
			change func(l *courier.Letter)
			why    string
		}{
			{func(l *courier.Letter) { l.To = "" }, "belum punya alamat e-mail"},
			{func(l *courier.Letter) { l.To = "tuti@rekaan.example\r\nBcc: x@y.example" }, "Alamat e-mail"},
			{func(l *courier.Letter) { l.To = "tuti@rekaan.example\nRCPT TO:<x@y.example>" }, "Alamat e-mail"},
			{func(l *courier.Letter) { l.To = "tuti@rekaan.example\x00" }, "Alamat e-mail"},
			{func(l *courier.Letter) { l.To = "a@b.example, c@d.example" }, "Alamat e-mail"},
			{func(l *courier.Letter) { l.To = "Tuti <tuti@rekaan.example>" }, "Alamat e-mail"},
			{func(l *courier.Letter) { l.To = "tüti@rekaan.example" }, "Alamat e-mail"},
			{func(l *courier.Letter) { l.ToName = "Tuti\r\nBcc: x@y.example" }, "pindah baris"},
			{func(l *courier.Letter) { l.Subject = "Form\r\nBcc: x@y.example" }, "pindah baris"},
			{func(l *courier.Letter) { l.Subject = "Form\x00" }, "pindah baris"},
			{func(l *courier.Letter) { l.Files = []courier.File{{Name: "a\"; x=\".csv"}} }, "lampiran"},
		} {
			l := good
			c.change(&l)
			o.letter = func(*db.Tx, outbox.Promise) (courier.Letter, error) { return l, nil }
			refused(c.why)
		}
		if heard := inbox.heard(); heard != "" {
			t.Errorf("the server heard %s", heard)
		}
		o.letter = func(*db.Tx, outbox.Promise) (courier.Letter, error) {
			return courier.Letter{}, fault.New(fault.Busy, "db.busy")
		}
		p := o.formLetter()
		o.round(1)
		if kept := o.get(p); kept.State != outbox.Open || kept.Attempts != 1 { // a store that is busy is no reason to give up
			t.Errorf("kept %+v", kept)
		}
	})
}

// A form whose rows are not what was sent does not leave.
func TestAnAlteredFormDoesNotLeave(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		inbox := new(server).serve(t, nil, false)
		o.mail.Addr = inbox.addr
		o.do(func(tx *db.Tx) error { _, err := tx.Exec(`UPDATE form_row SET remarks = 'lain'`); return err })
		p := o.formLetter()
		o.round(1)
		if kept := o.get(p); kept.State != outbox.Failed || !strings.Contains(kept.LastError, "tidak sama lagi") || len(inbox.letters()) != 0 {
			t.Errorf("kept %+v", kept)
		}
	})
}

// Run looks when it is woken and when its ticker says so, and ends with its context.
func TestRunLooksWhenWokenAndEnds(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		arrived := make(chan struct{}, 1) // one letter
		inbox := &server{data: func(*smtp.Conn, []byte) error { arrived <- struct{}{}; return nil }}
		o.mail.Addr = inbox.serve(t, nil, false).addr
		tick := make(chan time.Time)
		post := courier.New(courier.Parts{Store: o.s, Mail: o.mail, Letter: o.letter, Site: "malang", Log: slog.New(slog.NewTextHandler(&o.log, nil)),
			Ticker: func(time.Duration) (<-chan time.Time, func()) { return tick, func() {} }})
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan struct{})
		go func() { defer close(ended); post.Run(ctx) }()
		tick <- o.c.Now() // it has looked, and waits
		o.promise(outbox.Promise{Kind: "outside", To: "luar@rekaan.example", Text: "satu"})
		tick <- o.c.Now()
		<-arrived
		o.promise(outbox.Promise{Kind: "outside", To: "luar@rekaan.example", Text: "dua", Key: "lain"})
		post.Wake()
		post.Wake()
		<-arrived
		stop()
		<-ended
		if n := len(inbox.letters()); n != 2 || o.log.Len() != 0 {
			t.Errorf("%d letters; log %s", n, o.log.String())
		}
	})
}
