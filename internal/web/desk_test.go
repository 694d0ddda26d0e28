package web_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sapa/internal/campaign"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/desk"
	"sapa/internal/document/documenttest"
	"sapa/internal/live"
	"sapa/internal/phone"
	"sapa/internal/procedure"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/web"
	"sapa/internal/who"
)

// seatHouse is a whole house behind its pages, with one agent signed in.
type seatHouse struct {
	t     testing.TB
	store *db.DB
	clock *dbtest.Clock
	http  http.Handler
	web   *web.Server
	agent db.ID
	jar   string // the session cookie
	lang  string
	part  bool // ask as the script does
}

func newSeat(t testing.TB, s *db.DB, c *dbtest.Clock, with ...func(*web.Parts)) *seatHouse {
	t.Helper()
	ctx := context.Background()
	site, library := documenttest.Site, documenttest.Library(t)
	campaigns, hub, people := campaign.New(library, "IN.OCC.TELK.W-18"), live.NewHub(), staff.New(s, staff.Options{})
	seat := desk.New(desk.Parts{Store: s, Campaigns: campaigns, Dialer: desk.ManualDialler{}, Hub: hub, Site: site, Clock: c.Now})
	h := &seatHouse{t: t, store: s, clock: c, lang: "id"}
	parts := web.Parts{Store: s, Staff: people, Seat: seat, Campaigns: campaigns, Hub: hub, Site: site, SiteName: "Malang", Clock: c.Now,
		Ticker: func(time.Duration) (<-chan time.Time, func()) { return nil, func() {} }, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	for _, more := range with {
		more(&parts)
	}
	h.web = web.New(parts)
	h.http = h.web
	t.Cleanup(h.web.Wait)
	secret, err := people.HashPassword(ctx, "rahasia-latihan-1", "42147")
	if err != nil {
		t.Fatal(err)
	}
	err = s.Write(ctx, func(tx *db.Tx) error {
		p, err := staff.Add(tx, staff.Console, staff.Person{Login: "42147", Name: "Dinda Maharani", Role: who.Agent, Skill: "T2O", Secret: secret})
		h.agent = p.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := people.SignIn(ctx, "42147", "rahasia-latihan-1", "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	h.jar = "sapa=" + token
	return h
}

// ticket opens a ticket of a campaign, with contacts 0899-900-NNNN that nobody has.
func (h *seatHouse) ticket(code, ref string, numbers ...int) ticket.Ticket {
	h.t.Helper()
	if len(numbers) == 0 {
		numbers = []int{1}
	}
	var t ticket.Ticket
	err := h.store.Write(context.Background(), func(tx *db.Tx) (err error) {
		n := ticket.New{Campaign: code, Ref: ref, ContactName: "Ibu Contoh", Note: "Internet mati sejak pagi, lampu LOS merah.", ServiceNo: "122999000001", Zone: "Asia/Makassar", Source: "practice"}
		for _, one := range numbers {
			number, err := phone.Parse(fmt.Sprintf("0899900%04d", one))
			if err != nil {
				return err
			}
			n.Contacts = append(n.Contacts, ticket.Contact{Phone: number})
		}
		t, _, err = ticket.Open(tx, who.House, n)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return t
}

type answer struct {
	status int
	body   string
	to     string
}

// do sends one request, without following where it leads.
func (h *seatHouse) do(method, path string, form url.Values) answer {
	h.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Cookie", h.jar+"; sapa-lang="+h.lang)
	if h.part {
		r.Header.Set("Sapa-Part", "desk")
	}
	w := httptest.NewRecorder()
	h.http.ServeHTTP(w, r)
	return answer{w.Code, w.Body.String(), w.Header().Get("Location")}
}

var inputs = regexp.MustCompile(`<input type="hidden" name="(lease|key|draft)" value="([^"]*)"`)

// desk reads the page and gives the ticket's path and the hidden fields of its form.
func (h *seatHouse) desk() (page, path string, hidden url.Values) {
	h.t.Helper()
	page = h.do("GET", "/desk", nil).body
	at := strings.Index(page, `id="turn"`)
	if at < 0 {
		return page, "", nil
	}
	path = regexp.MustCompile(`action="(/desk/[0-9]+)/finish" id="turn"`).FindStringSubmatch(page)[1]
	hidden = url.Values{}
	for _, m := range inputs.FindAllStringSubmatch(page[at:], 3) {
		hidden.Set(m[1], m[2])
	}
	return page, path, hidden
}

// act presses a button of the turn.
func (h *seatHouse) act(what string, more ...string) answer {
	h.t.Helper()
	_, path, form := h.desk()
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return h.do("POST", path+"/"+what, form)
}

// reached takes the oldest ticket, reads it, dials, and says that somebody picked up.
func (h *seatHouse) reached(line string) {
	h.t.Helper()
	h.do("POST", "/desk/next", url.Values{})
	h.act("read")
	if line == "" {
		return
	}
	h.act("dial")
	if a := h.act("line", "line", line); a.status != http.StatusSeeOther {
		h.t.Fatalf("line %s: %d %s", line, a.status, a.body)
	}
}

// settled are the turns finished so far, and what they came to.
func (h *seatHouse) settled() (outcomes []string) {
	h.t.Helper()
	err := h.store.Read(context.Background(), func(tx *db.Tx) error {
		turns, err := ticket.FinishedBy(tx, h.agent, time.Time{}, 100)
		for _, one := range turns {
			outcomes = append(outcomes, one.Outcome)
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return outcomes
}

func onSeat(t *testing.T, f func(t *testing.T, h *seatHouse)) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) { f(t, newSeat(t, s, c)) })
}

func has(t *testing.T, page string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(page, w) {
			t.Errorf("the page does not say %q", w)
		}
	}
}

func hasNot(t *testing.T, page string, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(page, w) {
			t.Errorf("the page says %q", w)
		}
	}
}

// SOP 5.2.4.longest, 5.2.4.note, 5.2.5.call, 5.2.6, 5.2.8.data, 5.2.9, 5.2.11.b1.contacted, 5.2.11.d: a Callback from claim to save, by plain forms.
func TestCallbackByForms(t *testing.T) {
	onSeat(t, func(t *testing.T, h *seatHouse) {
		h.ticket("callback", "CB-1")
		page, _, _ := h.desk()
		has(t, page, "Siap, Dinda", `id="take"`)
		h.do("POST", "/desk/next", url.Values{})
		page, _, _ = h.desk()
		has(t, page, "lampu LOS merah", "Sudah saya baca", `data-digits="off"`, "disabled")
		hasNot(t, page, "08999000001", "0899-9000-001")
		if a := h.act("dial"); a.to != "/desk" { // nothing rings before the note is read
			t.Errorf("dial led to %q", a.to)
		}
		page, _, _ = h.desk()
		hasNot(t, page, "is-ringing")
		h.act("read")
		h.act("dial")
		page, _, _ = h.desk()
		has(t, page, "is-ringing", `href="tel:+62899`, `data-group="line"`)
		h.act("line", "line", "answered")
		page, _, _ = h.desk()
		has(t, page, "is-connected", "Mohon maaf, saat ini saya berbicara dengan")
		h.act("answers", "a.receiver", "reporter")
		h.act("answers", "a.data_check", "nama,no-layanan")
		h.act("answers", "a.guided", "berhasil")
		page, _, _ = h.desk()
		has(t, page, `value="contacted" id="status-contacted" checked`, "dari telepon", "5.2.11.b1.not-contacted", "Tidak sesuai hasil telepon")
		h.act("hang-up")
		a := h.act("finish", "a.status", "contacted", "a.solution", "selesai-dipandu", "a.remarks", "Terhubung, selesai dipandu.")
		if a.status != http.StatusSeeOther || len(h.settled()) != 1 || h.settled()[0] != "contacted" {
			t.Fatalf("finish: %d %v", a.status, h.settled())
		}
		page, _, _ = h.desk()
		has(t, page, "Tersimpan.", `data-undo="8"`, "Antrean Anda kosong")
	})
}

// SOP 5.7.8.a.not-contacted, 5.7.8.b.not-contacted.rna, A-38: when nobody picks up, the page has the result and the remarks
// ready; what is left is to save.
func TestNotAnsweredIsReadyToSave(t *testing.T) {
	onSeat(t, func(t *testing.T, h *seatHouse) {
		h.ticket("fresh-lapul", "IN1")
		h.reached("no-answer")
		page, _, _ := h.desk()
		has(t, page, `value="not-contacted" id="status-not-contacted" checked`, `value="rna" id="reason_1-rna" checked`, "Lengkap, siap disimpan",
			"Tidak diangkat 10.00 WITA. Not Contacted · RNA.", "disusun dari pilihan", "Telepon ulang Sen 23 Nov 11.00 WITA", "Nossa", "Sephia2.0")
		h.act("finish", "a.receiver", "nobody", "a.status", "not-contacted", "a.reason_1", "rna", "a.remarks", "Tidak diangkat 10.00 WITA. Not Contacted · RNA.")
		if got := h.settled(); len(got) != 1 || got[0] != "retry" {
			t.Errorf("settled %v", got)
		}
	})
}

// SOP 5.7.8.d, A-29: a time that will not do is refused at its field, with the clause, what would do as keys, and all that
// was typed still there.
func TestRefusedTimeKeepsWhatWasTyped(t *testing.T) {
	onSeat(t, func(t *testing.T, h *seatHouse) {
		h.ticket("fresh-lapul", "IN2")
		h.reached("answered")
		h.act("hang-up")
		a := h.act("finish", "a.receiver", "reporter", "a.status", "contacted", "a.reason_1", "reschedule", "a.remarks", "Minta ditelepon malam.",
			"a.call_again_at", "", "a.call_again_at.day", "2026-11-23", "a.call_again_at.hour", "2130")
		if a.status != http.StatusUnprocessableEntity {
			t.Fatalf("status %d", a.status)
		}
		has(t, a.body, `id="e-call_again_at"`, "21.30 WITA di luar jam telepon", "5.7.8.d", `value="21.30"`, "Minta ditelepon malam.",
			`value="reschedule" id="reason_1-reschedule" checked`, `aria-describedby="e-call_again_at"`, `data-hour="19.30" data-digit="1"`, `data-hour="08.00" data-digit="2"`)
		if len(h.settled()) != 0 {
			t.Error("the turn was finished")
		}
	})
}

// SOP 5.2.11.c: what is missing is named at its field with its clause.
func TestMissingIsSaidAtItsField(t *testing.T) {
	onSeat(t, func(t *testing.T, h *seatHouse) {
		h.ticket("callback", "CB-2")
		h.reached("answered")
		h.act("hang-up")
		a := h.act("finish", "a.receiver", "decider", "a.decider_name", "Bapak Contoh")
		has(t, a.body, `id="e-decider_relation"`, "wajib diisi", "5.2.8.who", `value="Bapak Contoh"`)
	})
}

// SOP 5.2.11.d, 5.7.10: a form sent twice gives one outcome, and both times leads to the same place.
func TestFinishSentTwiceIsOneOutcome(t *testing.T) {
	onSeat(t, func(t *testing.T, h *seatHouse) {
		h.ticket("fresh-lapul", "IN3")
		h.ticket("callback", "CB-3", 2)
		h.reached("busy")
		_, path, form := h.desk()
		for k, v := range map[string]string{"a.receiver": "nobody", "a.status": "not-contacted", "a.reason_1": "reject", "a.remarks": "Ditolak.", "then": "next"} {
			form.Set(k, v)
		}
		first, second := h.do("POST", path+"/finish", form), h.do("POST", path+"/finish", form)
		if first != second || first.status != http.StatusSeeOther {
			t.Errorf("%v, then %v", first, second)
		}
		if got := h.settled(); len(got) != 1 {
			t.Errorf("settled %v", got)
		}
		page, _, _ := h.desk()
		has(t, page, "CB-3") // the next ticket is in hand, once
	})
}

// decisions.md 6: a result can be taken back for eight seconds, and is there again with its answers.
func TestUndoBringsTheTurnBack(t *testing.T) {
	onSeat(t, func(t *testing.T, h *seatHouse) {
		one := h.ticket("fresh-lapul", "IN4")
		h.reached("no-answer")
		h.act("finish", "a.receiver", "nobody", "a.status", "not-contacted", "a.reason_1", "rna", "a.remarks", "Berdering saja.")
		h.do("POST", "/desk/"+one.ID.String()+"/undo", url.Values{})
		page, _, _ := h.desk()
		has(t, page, "IN4", "Berdering saja.")
		h.act("finish", "a.remarks", "Berdering saja.")
		h.clock.Advance(9 * time.Second)
		page, _, _ = h.desk()
		hasNot(t, page, `id="undo"`)
		h.do("POST", "/desk/"+one.ID.String()+"/undo", url.Values{})
		if page, _, _ = h.desk(); strings.Contains(page, `id="turn"`) {
			t.Error("undone after its eight seconds")
		}
	})
}

// A second window's draft is refused with a sentence, and the page comes back as it is now.
func TestStaleDraftComesBackAsItIs(t *testing.T) {
	onSeat(t, func(t *testing.T, h *seatHouse) {
		h.ticket("callback", "CB-4")
		h.reached("answered")
		_, path, old := h.desk()
		h.act("answers", "a.receiver", "reporter")
		h.part = true
		h.act("answers", "a.problem", "Internet putus-putus")
		old.Set("draft", "1") // what the other window had seen
		old.Set("a.problem", "Kata jendela lain")
		a := h.do("POST", path+"/answers", old)
		if a.status != http.StatusConflict {
			t.Fatalf("status %d", a.status)
		}
		has(t, a.body, "sudah diubah di jendela lain", "Internet putus-putus")
		hasNot(t, a.body, "Kata jendela lain", "<html")
	})
}

// decisions.md 2: a ticket that has gone is not gone without a word.
func TestLapsedTicketIsSaid(t *testing.T) {
	onSeat(t, func(t *testing.T, h *seatHouse) {
		one := h.ticket("callback", "CB-5")
		h.reached("")
		err := h.store.Write(context.Background(), func(tx *db.Tx) error { return ticket.TakeOver(tx, who.House, one.ID) })
		if err != nil {
			t.Fatal(err)
		}
		has(t, h.do("GET", "/desk?had=CB-5", nil).body, "CB-5 tidak lagi di tangan Anda")
	})
}

// SOP 5.2.5.call, A-38: outside the customer's hours nobody is handed out, and the page says when it opens again.
func TestOutsideCallingHours(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		c.Set(time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)) // 22.00 WITA
		h := newSeat(t, s, c)
		h.ticket("callback", "CB-6")
		page, _, _ := h.desk()
		has(t, page, "Di luar jam telepon", "Sel 24 Nov 08.00 WITA")
		hasNot(t, page, `id="take"`)
	})
}

// SOP 5.2.6, 5.2.7: after a wrong number the dial key calls the customer's other contact.
func TestWrongNumberOffersTheOtherContact(t *testing.T) {
	onSeat(t, func(t *testing.T, h *seatHouse) {
		h.ticket("callback", "CB-7", 7, 8)
		h.reached("answered")
		h.act("answers", "a.receiver", "wrong-number")
		h.act("hang-up")
		page, _, _ := h.desk()
		has(t, page, "Telepon CP lain", `value="+628999000008" selected`)
	})
}

// Numbers are masked until somebody asks, and asking is written down (trust: access log).
func TestNumberIsShownOnPurpose(t *testing.T) {
	onSeat(t, func(t *testing.T, h *seatHouse) {
		one := h.ticket("callback", "CB-8", 4321)
		h.do("POST", "/desk/next", url.Values{})
		page, _, _ := h.desk()
		hasNot(t, page, "0899-9004-321", "08999004321", "+628999004321")
		if a := h.act("reveal"); a.body != one.Contact.Print() {
			t.Errorf("reveal says %q", a.body)
		}
		var seen int
		err := h.store.Read(context.Background(), func(tx *db.Tx) error {
			return tx.Row(`SELECT count(*) FROM journal WHERE act = 'number.revealed'`).Scan(&seen)
		})
		if err != nil || seen != 1 {
			t.Errorf("%d looks written down, %v", seen, err)
		}
	})
}

// One customer, one call: what else is open of them is said beside the turn (decisions.md 2).
func TestOtherItemsOfTheCustomer(t *testing.T) {
	onSeat(t, func(t *testing.T, h *seatHouse) {
		err := h.store.Write(context.Background(), func(tx *db.Tx) error {
			c, err := customer.Put(tx, customer.Customer{Name: "Ibu Contoh", Class: "REGULER", City: "Makassar", Zone: "Asia/Makassar"}, nil)
			if err != nil {
				return err
			}
			number, err := phone.Parse("08999000009")
			for _, n := range []ticket.New{{Campaign: "callback", Ref: "CB-9"}, {Campaign: "fresh-lapul", Ref: "IN9"}} {
				n.Customer, n.ContactName, n.Zone, n.Source, n.Contacts = c.ID, c.Name, c.Zone, "practice", []ticket.Contact{{Phone: number}}
				if err == nil {
					_, _, err = ticket.Open(tx, who.House, n)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		h.reached("")
		page, _, _ := h.desk()
		has(t, page, "1 urusan lain pelanggan ini masih terbuka", "CB-9", "IN9")
	})
}

// Every sentence of the workspace is there in both languages: no bare key, no empty place.
func TestNoBareKeyInBothLanguages(t *testing.T) {
	bare := regexp.MustCompile(`(?:seat|desk|call|procedure)\.[a-z]+[a-z.-]*[a-z]|\{[a-z_]+\}`)
	for _, lang := range []string{"id", "en"} {
		s, c := documenttest.Mould.SQLite(t)
		h := newSeat(t, s, c)
		h.lang = lang
		h.ticket("callback", "CB-A", 10, 11)
		h.ticket("fresh-lapul", "INA", 12)
		look := func() {
			t.Helper()
			page, _, _ := h.desk()
			for _, found := range bare.FindAllString(regexp.MustCompile(`data-[a-z-]+="[^"]*"`).ReplaceAllString(page, ""), -1) {
				if !strings.HasPrefix(found, "desk.css") && !strings.HasPrefix(found, "desk.js") {
					t.Errorf("%s: the page shows %s", lang, found)
				}
			}
		}
		for range 2 {
			look()
			h.do("POST", "/desk/next", url.Values{})
			look()
			h.act("read")
			look()
			h.act("dial")
			look()
			h.act("line", "line", "answered")
			look()
			h.act("answers", "a.receiver", "other")
			look()
			h.act("hang-up")
			h.act("answers", "a.receiver", "wrong-number", "a.other_contact", "")
			look()
			h.act("finish", "a.receiver", "wrong-number", "a.remarks", "Bukan nomornya.")
			look()
		}
		if got := h.settled(); len(got) != 2 {
			t.Fatalf("settled %v", got)
		}
	}
}

// SOP 5.2.11, 5.2.11.b1, 5.2.11.b2, 5.7.8, 5.7.8.a, 5.7.8.b, 5.7.8.c, 5.7.8.d: every pair that the cascades rule out is
// refused through the page's own form, as a draft and as a finish, naming the clause; nothing of it is stored.
func TestEveryIllegalPairIsRefusedThroughThePage(t *testing.T) {
	book := documenttest.Book(t)
	count := 0
	s, c := documenttest.Mould.SQLite(t)
	h := newSeat(t, s, c)
	h.part = true
	for _, code := range []string{"callback", "fresh-lapul"} {
		byLine := map[string][]procedure.Pair{}
		for _, pair := range book.Procedure(code).IllegalPairs() {
			if line := pair.Facts["last_line"]; pair.Facts["open_report"] != "yes" && line != "unknown" { // no agent says unknown
				byLine[line] = append(byLine[line], pair)
			}
		}
		n := 0
		for line, pairs := range byLine {
			n++
			one := h.ticket(code, fmt.Sprintf("%s-%d", code, n), 100+n+len(code)*50)
			said := line
			if line == "none" {
				said = ""
			}
			h.reached(said)
			h.act("hang-up")
			_, path, base := h.desk()
			if path != "/desk/"+one.ID.String() {
				t.Fatalf("%s: in hand is %s", one.Ref, path)
			}
			for _, pair := range pairs {
				form := url.Values{"lease": base["lease"]}
				for id, value := range pair.With {
					form.Set("a."+id, value)
				}
				form.Set("a."+pair.Field, pair.Value)
				for name := range form {
					form.Set(name, strings.Replace(form.Get(name), "2035-01-08T10:00:00+07:00", "2026-11-24T10:00:00+08:00", 1))
				}
				for _, act := range []string{"answers", "finish"} {
					count++
					a := h.do("POST", path+"/"+act, form)
					if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, pair.Clause) || !strings.Contains(a.body, `role="alert"`) {
						t.Errorf("%s after %s, %v: want 422 with %s, got %d", act, line, form, pair.Clause, a.status)
					}
				}
			}
			err := h.store.Read(context.Background(), func(tx *db.Tx) error {
				turn, err := ticket.TurnOf(tx, one.ID)
				if err == nil && (len(turn.Answers) > 0 || !turn.FinishedAt.IsZero()) {
					t.Errorf("after %s something of a refused answer was stored: %v", line, turn.Answers)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			h.act("release")
			err = h.store.Write(context.Background(), func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE ticket SET state = 'void', awake = 0 WHERE id = $1`, one.ID)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d forms refused", count)
	if count < 1200 {
		t.Errorf("only %d: the test has lost some", count)
	}
}
