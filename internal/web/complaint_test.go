package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sapa/internal/booking"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/document/documenttest"
	"sapa/internal/line"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/web"
	"sapa/internal/who"
)

// complaintSeat is a house whose agent holds a Callback that is read, on a line whose light is too low, with technicians
// tomorrow.
func complaintSeat(t *testing.T, s *db.DB, c *dbtest.Clock, change ...func(*web.Parts)) (h *seatHouse, path string, slots []booking.Slot) {
	t.Helper()
	h = newSeat(t, s, c, func(p *web.Parts) {
		p.Meter = line.NewMeter(s, line.Recorded{Store: s}, "uji")
		for _, f := range change {
			f(p)
		}
	})
	one := h.ticket("callback", "CB-1")
	low := -27.3
	day := c.Now().Truncate(24 * time.Hour).Add(26 * time.Hour)
	err := s.Write(context.Background(), func(tx *db.Tx) (err error) {
		if err := line.PutLine(tx, line.Line{ServiceNo: one.ServiceNo, STO: "MLG", Technology: line.Fibre}); err != nil {
			return err
		}
		if err := line.PutRecorded(tx, one.ServiceNo, line.Reading{OnuRxPwr: &low, OperStatus: "online"}); err != nil {
			return err
		}
		slots, err = booking.PutSlots(tx, who.House, []booking.Slot{
			{STO: "MLG", From: day, Until: day.Add(2 * time.Hour), Zone: "Asia/Jakarta", Capacity: 1},
			{STO: "MLG", From: day.Add(2 * time.Hour), Until: day.Add(4 * time.Hour), Zone: "Asia/Jakarta", Capacity: 3}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	h.do("POST", "/desk/next", url.Values{"key": {"ambil"}})
	_, path, hidden := h.desk()
	if got := h.do("POST", path+"/read", hidden); got.to != "/desk" {
		t.Fatalf("read: %d %s", got.status, got.to)
	}
	return h, path + "/trouble", slots
}

// SOP 5.2.10.j: the page says when a measurement is the recorded table's, and why the network could not say.
func TestThePageSaysWhoCouldNotMeasure(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		h, path, _ := complaintSeat(t, s, c, func(p *web.Parts) {
			p.Meter = line.NewChain(s, line.Named{Source: line.Recorded{Store: s}, Name: "tabel"}, line.Named{Source: network(func() error { return line.ErrElsewhere }), Name: "olt-malang"})
		})
		_, hidden := h.complaint(path)
		h.do("POST", path+"/measure", hidden)
		if page, _ := h.complaint(path); !strings.Contains(page, "Dari tabel. olt-malang: Sumber ukur ini tidak mengenal") || !strings.Contains(page, "-27,3") {
			t.Error("the page does not say it")
		}
	})
}

// complaint reads the page and the hidden fields of its form.
func (h *seatHouse) complaint(path string) (page string, hidden url.Values) {
	h.t.Helper()
	got := h.do("GET", path, nil)
	if got.status != http.StatusOK {
		h.t.Fatalf("GET %s: %d to %q", path, got.status, got.to)
	}
	hidden = url.Values{}
	_, form, _ := strings.Cut(got.body, `id="turn"`)
	for _, m := range inputs.FindAllStringSubmatch(form, 3) {
		hidden.Set(m[1], m[2])
	}
	return got.body, hidden
}

// answer keeps one answer, as the page does.
func (h *seatHouse) answer(path, field, value string) string {
	h.t.Helper()
	_, hidden := h.complaint(path)
	hidden.Set("a."+field, value)
	got := h.do("POST", path+"/answers", hidden)
	if got.status != http.StatusOK {
		h.t.Fatalf("%s=%s: %d to %q: %s", field, value, got.status, got.to, refused(got.body))
	}
	return got.body
}

var alert = regexp.MustCompile(`(?s)role="alert"[^>]*>(.*?)</(?:p|div)>`)

func refused(page string) string {
	var all []string
	for _, m := range alert.FindAllStringSubmatch(page, -1) {
		all = append(all, strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(m[1], " ")), " "))
	}
	return strings.Join(all, " | ")
}

func (h *seatHouse) troubles() (all []trouble.Ticket) {
	h.t.Helper()
	err := h.store.Read(context.Background(), func(tx *db.Tx) (err error) {
		all, err = trouble.OfService(tx, "122999000001", 0)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}

// subject is the composed line as it stands on a page.
func subject(page string) string {
	m := regexp.MustCompile(`id="subject-line" value="([^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return m[1]
}

// decided gives the four answers that a person has to give.
func (h *seatHouse) decided(path string) string {
	h.answer(path, "service", "internet")
	h.answer(path, "symptom", "tbc")
	h.answer(path, "hard_complaint", "agak-marah")
	h.answer(path, "urgency", "medium")
	return h.answer(path, "contact_mobile", "08999000001")
}

// SOP 5.2.10.i, 5.2.10.k, 5.2.10.r, 5.2.10.s.schedule, 5.2.10.s.ok, 5.2.10.t, 5.2.11.a.tiket: from T to the number in the result. The
// Subject refills as answers come, the slot is held while the customer decides, the customer's word is asked, and the form
// sent again, or from a second tab, is the same ticket.
func TestComplaintFromTheDeskAndBack(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		h, path, slots := complaintSeat(t, s, c)
		page, hidden := h.complaint(path)
		if !strings.Contains(page, "Belum ada pelaporan terbuka") || !strings.Contains(subject(page), " / 122999000001 / - / ") {
			t.Errorf("before: %q", subject(page))
		}
		if to := h.do("POST", path+"/measure", hidden).to; to != path {
			t.Fatalf("measure led to %q", to)
		}
		if page, _ = h.complaint(path); !strings.Contains(page, "Kunjungan teknisi masuk akal.") || !strings.Contains(page, "Daya di luar batas: gangguan fisik.") {
			t.Error("the page does not say what the measurement means for a visit")
		}
		page = h.decided(path)
		if !strings.HasSuffix(subject(page), " / TBC / -") || !strings.Contains(page, `id="not-chosen"`) {
			t.Errorf("without a slot: %q", subject(page))
		}
		if !strings.Contains(page, "Ibooster: redaman Rx -27,3 dBm (UNSPEC)") || !strings.Contains(page, `data-drafted`) {
			t.Error("the draft of the description does not follow the measurement")
		}
		page = h.answer(path, "slot", slots[0].ID.String())
		if !strings.HasSuffix(subject(page), " / TBC / BOK") || !strings.Contains(page, "Apakah Bapak/Ibu ada di rumah?") || !strings.Contains(page, "ditahan sampai") {
			t.Errorf("with a slot: %q", subject(page))
		}

		_, hidden = h.complaint(path)
		second := hidden.Get("lease")
		hidden.Set("a.slot", slots[0].ID.String())
		hidden.Set("a.contact_mobile", "") // stands empty beside the masked number
		if got := h.do("POST", path, hidden); got.status != http.StatusUnprocessableEntity || !strings.Contains(refused(got.body), "Pelanggan setuju") {
			t.Fatalf("without the customer's word: %d %s", got.status, refused(got.body))
		}
		hidden.Set("agreed", slots[0].ID.String())
		first := h.do("POST", path, hidden)
		again := h.do("POST", path, hidden) // a double click
		if first.to != "/desk" || again.to != "/desk" {
			t.Fatalf("led to %d %q and %d %q: %s", first.status, first.to, again.status, again.to, refused(first.body))
		}
		other := url.Values{"key": {"tab-lain"}, "lease": {second}, "a.slot": {slots[1].ID.String()}, "agreed": {slots[1].ID.String()}}
		if got := h.do("POST", path, other); got.status == http.StatusSeeOther && got.to == "/desk" {
			t.Error("a second tab filed a second time")
		}
		all := h.troubles()
		if len(all) != 1 || all[0].BookingStatus != trouble.BOK || all[0].Measurement == 0 || !strings.Contains(all[0].Description, "-27,3 dBm") {
			t.Fatalf("%+v", all)
		}
		err := h.store.Read(context.Background(), func(tx *db.Tx) error {
			b, err := booking.OfRef(tx, all[0].No)
			if err == nil && b.Slot != slots[0].ID {
				t.Errorf("booked %+v", b)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		desk := h.do("GET", "/desk", nil).body
		if !strings.Contains(desk, `id="report-no">`+all[0].No) || !strings.Contains(desk, "baru dibuat") {
			t.Error("the desk does not show what was filed")
		}
		// The line says how the call ended, so the page opens the result's fields by itself: the number is in there.
		_, seat, act := h.desk()
		h.do("POST", seat+"/dial", act)
		_, _, act = h.desk()
		act.Set("line", "no-answer")
		h.do("POST", seat+"/line", act)
		if desk = h.do("GET", "/desk", nil).body; !strings.Contains(desk, `name="a.ticket_no" id="i-ticket_no" value="`+all[0].No+`"`) {
			t.Errorf("SOP 5.2.11.a.tiket: the result does not name what was filed: %s", tag(desk, "i-ticket_no"))
		}
		receipt := h.do("GET", path, nil).body
		for _, want := range []string{all[0].No, all[0].Subject.String(), "My CX", "Nossa", "dipesan", "dilampirkan"} {
			if !strings.Contains(receipt, want) {
				t.Errorf("the receipt lacks %q", want)
			}
		}
	})
}

// SOP 5.2.10.check, A-10: a report is open: it is shown, no second one is made, the customer's words go to it.
func TestComplaintWhereAReportIsOpen(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		h, path, _ := complaintSeat(t, s, c)
		err := s.Write(context.Background(), func(tx *db.Tx) error {
			_, _, err := trouble.Open(tx, who.Actor{ID: int64(h.agent), Login: "42147", Skill: "T2O", Role: who.Agent}, trouble.New{ServiceNo: "122999000001", Service: "internet", Symptom: "tbc",
				Verdict: "UNSPEC", ContactName: "Ibu Contoh", ContactMobile: "+628999000001", HardComplaint: "ramah", Urgency: "normal", FCR: "no", Description: "Internet mati sejak pagi.", CustomerName: "Ibu Contoh"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		no := h.troubles()[0].No
		h.shelved()
		h.act("guide", "code", "internet-los")
		h.act("guide/step", "code", "internet-los", "step", "lampu", "yes", "yes")
		page, hidden := h.complaint(path)
		if !strings.Contains(page, `id="walked"`) {
			t.Error("what was walked with the customer is not beside the report that is there")
		}
		if !strings.Contains(page, "Sudah ada pelaporan") || !strings.Contains(page, no) || !strings.Contains(page, `name="a.customer_note"`) || strings.Contains(page, `name="a.symptom"`) {
			t.Error("the page does not show the open report, or asks for another")
		}
		if got := h.do("POST", path, hidden); got.status != http.StatusUnprocessableEntity || !strings.Contains(refused(got.body), no) {
			t.Errorf("without words: %d %s", got.status, refused(got.body))
		}
		hidden.Set("a.customer_note", "Pelanggan menanyakan kapan teknisi datang.")
		if got := h.do("POST", path, hidden); got.to != "/desk" {
			t.Fatalf("%d %q %s", got.status, got.to, refused(got.body))
		}
		if all := h.troubles(); len(all) != 1 || all[0].Lapul != 1 {
			t.Errorf("%+v", all)
		}
		if desk := h.do("GET", "/desk", nil).body; !strings.Contains(desk, "Pelanggan menanyakan kapan teknisi datang.") || !strings.Contains(desk, "CLIENTNOTE") {
			t.Error("the worklog beside the call lacks the customer's words")
		} else if !strings.Contains(desk, "/procedure/clauses/5.2.10.check?revision=2") {
			t.Error("the customer's words lead to no clause")
		}
	})
}

// SOP 5.2.10.j: the measurement starts with the call, beside the act; dialling again soon does not repeat it; one that
// fails is told and does not block.
func TestDialMeasuresBeside(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		h, path, _ := complaintSeat(t, s, c)
		measured := func() (all []line.Measurement) {
			h.web.Wait()
			err := s.Read(context.Background(), func(tx *db.Tx) (err error) {
				all, err = line.List(tx, "122999000001", 0)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		dial := func() {
			_, desk, hidden := h.desk()
			h.do("POST", desk+"/dial", hidden)
			_, _, hidden = h.desk()
			hidden.Set("line", "no-answer")
			h.do("POST", desk+"/line", hidden)
		}
		dial()
		if all := measured(); len(all) != 1 || all[0].Verdict != line.Unspec {
			t.Fatalf("%+v", all)
		}
		if page, _ := h.complaint(path); !strings.Contains(page, "−27,3") || !strings.Contains(page, "UNSPEC") {
			t.Error("the page does not show the measurement")
		}
		dial()
		if all := measured(); len(all) != 1 {
			t.Errorf("measured again at once: %d", len(all))
		}
		c.Advance(11 * time.Minute)
		h.do("POST", "/desk/next", url.Values{"key": {"ambil-lagi"}})
		err := s.Write(context.Background(), func(tx *db.Tx) error {
			return line.PutRecorded(tx, "122999000001", line.Reading{Message: "OLT tidak menjawab"})
		})
		if err != nil {
			t.Fatal(err)
		}
		dial()
		if all := measured(); len(all) != 2 || all[0].Verdict != line.Failed {
			t.Fatalf("%+v", all)
		}
		page, _ := h.complaint(path)
		if !strings.Contains(page, "Ibooster menjawab bahwa pengukuran gagal.") || !strings.Contains(page, `id="save-next"`) {
			t.Error("a failed measurement is not told, or blocks")
		}
	})
}

// SOP 5.2.10.j: what the recorded table said in place of a network that did not answer is measured again when the customer is dialled
// again; what it said of a line that the network does not know is not.
func TestDialingAgainAsksTheNetworkAgain(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		var says error
		h, _, _ := complaintSeat(t, s, c, func(p *web.Parts) {
			p.Meter = line.NewChain(s, line.Named{Source: line.Recorded{Store: s}, Name: "tabel"}, line.Named{Source: network(func() error { return says }), Name: "olt-malang"})
		})
		for _, c := range []struct {
			says error
			kept int
		}{{errors.New("cut"), 1}, {line.ErrElsewhere, 2}, {line.ErrElsewhere, 2}} {
			says = c.says
			_, desk, hidden := h.desk()
			h.do("POST", desk+"/dial", hidden)
			_, _, hidden = h.desk()
			hidden.Set("line", "no-answer")
			h.do("POST", desk+"/line", hidden)
			h.web.Wait()
			err := s.Read(context.Background(), func(tx *db.Tx) error {
				all, err := line.List(tx, "122999000001", 0)
				if len(all) != c.kept {
					t.Errorf("%v: %d kept, want %d", c.says, len(all), c.kept)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

// network is an outside source that says nothing of a line.
type network func() error

func (n network) Measure(context.Context, line.Line) (line.Reading, error) {
	return line.Reading{}, n()
}

// The page keeps the rules of every page: nothing inline, an id once, an id on every control, both languages; it is only
// for the ticket in one's own hand.
func TestComplaintPageIsStrict(t *testing.T) {
	s, c := documenttest.Mould.SQLite(t)
	h, path, slots := complaintSeat(t, s, c)
	_, hidden := h.complaint(path)
	h.do("POST", path+"/measure", hidden)
	h.decided(path)
	h.answer(path, "slot", slots[1].ID.String())
	for _, lang := range []string{"id", "en"} {
		h.lang = lang
		page, _ := h.complaint(path)
		if found := inline.FindString(page); found != "" {
			t.Errorf("inline %s", found)
		}
		if found := bare.FindString(page); found != "" {
			t.Errorf("%s: no sentence for %s", lang, found)
		}
		seen := map[string]bool{}
		for _, m := range ids.FindAllStringSubmatch(page, -1) {
			if seen[m[1]] {
				t.Errorf("id %q twice", m[1])
			}
			seen[m[1]] = true
		}
		for _, control := range regexp.MustCompile(`<(input|select|textarea)\b[^>]*>`).FindAllString(page, -1) {
			if !strings.Contains(control, `type="hidden"`) && !strings.Contains(control, ` id="`) {
				t.Errorf("no id: %s", control)
			}
		}
		if strings.Contains(page, "08999000001") || strings.Contains(page, "0899-9000-001") {
			t.Error("the number stands unmasked on the page")
		}
	}
	var other ticket.Ticket
	for _, act := range []string{"/trouble", "/trouble/answers", "/trouble/measure"} {
		other.ID = 77
		method := map[bool]string{true: "GET", false: "POST"}[act == "/trouble"]
		if got := h.do(method, "/desk/"+other.ID.String()+act, url.Values{"lease": {"x"}}); got.status != http.StatusSeeOther || !strings.HasPrefix(got.to, "/desk") {
			t.Errorf("%s of a ticket in no hand: %d %q", act, got.status, got.to)
		}
	}
}
