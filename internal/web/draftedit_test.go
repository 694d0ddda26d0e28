package web_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/procedure"
)

// controls reads what a form on a page would send as it stands: hidden fields, texts, what is chosen and ticked.
func controls(t *testing.T, page, form string) url.Values {
	t.Helper()
	_, text, found := strings.Cut(page, tag(page, form))
	if !found || tag(page, form) == "" {
		t.Fatalf("no form %s", form)
	}
	text, _, _ = strings.Cut(text, "</form>")
	values := url.Values{}
	attr := func(tag, name string) string {
		m := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindStringSubmatch(tag)
		if m == nil {
			return ""
		}
		return unescape(m[1])
	}
	for _, in := range regexp.MustCompile(`<input[^>]*>`).FindAllString(text, -1) {
		box := strings.Contains(in, `type="checkbox"`) || strings.Contains(in, `type="radio"`)
		if !box || regexp.MustCompile(` checked\b`).MatchString(in) {
			values.Add(attr(in, "name"), attr(in, "value"))
		}
	}
	for _, m := range regexp.MustCompile(`(?s)(<textarea[^>]*>)(.*?)</textarea>`).FindAllStringSubmatch(text, -1) {
		values.Add(attr(m[1], "name"), unescape(m[2]))
	}
	for _, m := range regexp.MustCompile(`(?s)(<select[^>]*>)(.*?)</select>`).FindAllStringSubmatch(text, -1) {
		options := regexp.MustCompile(`<option[^>]*>`).FindAllString(m[2], -1)
		i := max(0, slices.IndexFunc(options, func(o string) bool { return strings.Contains(o, " selected") }))
		values.Add(attr(m[1], "name"), attr(options[i], "value"))
	}
	return values
}

// fill sends a form of the editor with some values changed and gives the answer.
func (f *floor) fill(path, form string, changes url.Values) (int, string) {
	f.t.Helper()
	values := controls(f.t, f.page("controller", path), form)
	for name, v := range changes {
		values[name] = v
	}
	w := f.ask("controller", "POST", "/procedure/draft/edit", values)
	return w.Code, w.Body.String()
}

// does is fill that must be taken.
func (f *floor) does(path, form string, changes url.Values) {
	f.t.Helper()
	if code, page := f.fill(path, form, changes); code != http.StatusSeeOther {
		f.t.Fatalf("%s %s: %d %s", path, form, code, body(page, "said", "div"))
	}
}

// press sends the small form of a button: up, down, remove.
func (f *floor) press(path, id string) {
	f.t.Helper()
	page := f.page("controller", path)
	m := regexp.MustCompile(`(?s)<form method="post" action="/procedure/draft/edit">(.*?)</form>`).FindAllStringSubmatch(page, -1)
	for _, one := range m {
		if !strings.Contains(one[1], `id="do-`+id+`"`) {
			continue
		}
		values := url.Values{}
		for _, in := range regexp.MustCompile(`name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(one[1], -1) {
			values.Add(in[1], unescape(in[2]))
		}
		if w := f.ask("controller", "POST", "/procedure/draft/edit", values); w.Code != http.StatusSeeOther {
			f.t.Fatalf("press %s: %d", id, w.Code)
		}
		return
	}
	f.t.Fatalf("%s has no button %s", path, id)
}

// book reads the draft as it is kept.
func (f *floor) book() (b *procedure.Book, problems []procedure.Problem) {
	f.t.Helper()
	err := f.store.Read(context.Background(), func(tx *db.Tx) error {
		d, err := document.DraftOf(tx, "IN.OCC.TELK.W-18")
		if err == nil {
			b, problems = d.Book()
		}
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return b, problems
}

func (f *floor) sound() *procedure.Book {
	f.t.Helper()
	b, problems := f.book()
	for _, p := range problems {
		f.t.Errorf("the draft is wrong: %v", p)
	}
	if f.t.Failed() {
		f.t.FailNow()
	}
	return b
}

const (
	editReason = "/procedure/draft/edit?kind=field&campaign=fresh-lapul&id=reason_2&at=5.7.8"
	editLapul  = "/procedure/draft/edit?kind=campaign&campaign=fresh-lapul&at=5.7"
)

// SOP fn.5: a person who does not program changes a campaign, in fields and by buttons only.
func TestAPersonChangesACampaignInFields(t *testing.T) {
	f := editing(t)

	// an option's name, in both languages, and the words of its clause
	option := "/procedure/draft/edit?kind=option&campaign=fresh-lapul&id=reason_1%3Dfullfilment&at=5.7.8"
	f.does(option, "form-set", url.Values{"put.label": {"Fulfillment"}})
	f.does(option, "form-words", url.Values{"put.text": {"Fulfillment : jika masih pasang baru"}})
	o := f.sound().Procedure("fresh-lapul").Field("reason_1").Options
	if last := o[len(o)-1]; last.Label.ID != "Fulfillment" || last.ID != "fullfilment" || len(last.Means) == 0 {
		t.Errorf("the option is %+v", last)
	}

	// a new option with a clause of its own, offered under a choice
	f.does(editReason, "form-option", url.Values{"put.label": {"Ragu, minta waktu"}, "put.means": {"reached-decider"}, "if.when.reason_1": {"sukses"}, "put.text": {"Ragu : jika pelanggan minta waktu"}, "put.en": {"Undecided"}})
	wants(t, f.page("controller", "/procedure/draft?at=5.7.8"), "Tidak ada hasil yang tercapai", "reason_2=ragu-minta-waktu") // the draft says what is still to do
	understood := "/procedure/draft/edit?kind=outcome&campaign=fresh-lapul&id=understood"
	f.does(understood, "form-set", url.Values{"if.when.reason_2": {"paham", "ragu-minta-waktu"}})
	field := f.sound().Procedure("fresh-lapul").Field("reason_2")
	added := field.Options[len(field.Options)-1]
	if added.ID != "ragu-minta-waktu" || added.Clause() != "5.7.8.c.ragu-minta-waktu" || added.When.Field != "reason_1" {
		t.Errorf("the new option is %+v", added)
	}
	// it goes up, and out with its clause
	f.press(editReason, "up-fields/reason_2/options/ragu-minta-waktu")
	if field = f.sound().Procedure("fresh-lapul").Field("reason_2"); field.Options[len(field.Options)-2].ID != "ragu-minta-waktu" {
		t.Error("the option has not gone up")
	}
	f.does(understood, "form-set", url.Values{"if.when.reason_2": {"paham"}})
	f.press(editReason, "gone-fields/reason_2/options/ragu-minta-waktu")
	b := f.sound()
	if _, there := b.Clause("5.7.8.c.ragu-minta-waktu"); there || len(b.Procedure("fresh-lapul").Field("reason_2").Options) != len(field.Options)-1 {
		t.Error("the option or its clause is still there")
	}

	// a new field, asked in another place, required only sometimes
	f.does(editLapul, "form-field", url.Values{"put.label": {"Nama teknisi"}, "put.label.en": {"Technician"}, "put.text": {"Isi kolom nama teknisi"}, "put.en": {"The technician's name"}})
	f.press(editLapul, "up-fields/nama_teknisi")
	f.does("/procedure/draft/edit?kind=field&campaign=fresh-lapul&id=nama_teknisi", "form-set", url.Values{"need.required": {"true"}, "if.required.status": {"contacted"}, "put.max": {"60"}})
	p := f.sound().Procedure("fresh-lapul")
	fresh := p.Field("nama_teknisi")
	steps := p.Steps[len(p.Steps)-1].Fields
	if fresh == nil || fresh.Max != 60 || fresh.Required.Field != "status" || slices.Index(steps, "nama_teknisi") > slices.Index(steps, "remarks") {
		t.Errorf("the field is %+v in %v", fresh, steps)
	}
	// a field of choices, ticks and all
	f.does(editLapul, "form-field", url.Values{"put.label": {"Kanal"}, "put.type": {"choice"}, "put.options": {"WhatsApp, Telepon"}, "put.text": {"Isi kolom kanal"}})
	if kanal := f.sound().Procedure("fresh-lapul").Field("kanal"); kanal == nil || len(kanal.Options) != 2 {
		t.Errorf("the choice is %+v", kanal)
	}

	// the queue's rule, the button, an outcome's condition and effect
	f.does(editLapul, "form-queue", url.Values{"put.pause": {"90m"}, "put.days": {"2"}})
	f.does(editLapul, "form-button", url.Values{"put.label": {"Simpan"}})
	p = f.sound().Procedure("fresh-lapul")
	if p.Queue.Pause.Minutes() != 90 || p.Queue.Days != 2 || p.Queue.PerDay != 3 || p.Save.Label != "Simpan" {
		t.Errorf("queue %+v, button %q", p.Queue, p.Save.Label)
	}
	outcome := "/procedure/draft/edit?kind=outcome&campaign=fresh-lapul&id=" + p.Outcomes[len(p.Outcomes)-1].ID
	f.does(outcome, "form-effect", url.Values{"put.do": {"alert-leader"}})
	p = f.sound().Procedure("fresh-lapul")
	effects := p.Outcomes[len(p.Outcomes)-1].Effects
	if effects[len(effects)-1].Do != "alert-leader" {
		t.Errorf("effects %+v", effects)
	}

	// steps change places, and everything can be taken back one by one
	before := f.sound()
	f.press(editLapul, "down-steps/analyse")
	if got, _ := f.book(); got.Procedure("fresh-lapul").Steps[1].ID != "analyse" {
		t.Error("the step has not gone down")
	}
	page := f.page("controller", editLapul)
	f.ask("controller", "POST", "/procedure/draft/undo", url.Values{"version": {version(page)}})
	if after := f.sound(); after.Hash != before.Hash {
		t.Error("undo did not bring the steps back")
	}
}

func TestAnEighthCampaignIsMadeFromTheTemplate(t *testing.T) {
	f := editing(t)
	f.does("/procedure/draft/edit?kind=new", "form-new", url.Values{"put.title": {"Survei Puas"}, "put.title.en": {"Satisfaction survey"}, "put.source": {"sephia"}})
	b := f.sound()
	p := b.Procedure("survei-puas")
	if p == nil || len(b.Procedures) != 8 || p.Clause != "5.9" {
		t.Fatalf("campaigns %d, the new one %+v", len(b.Procedures), p)
	}
	wants(t, f.page("controller", "/procedure/draft?at=5.9.3"), "Survei Puas", "<ins>Agent mengisi status hasil call</ins>", "Setuju")
	w := f.ask("quality", "POST", "/procedure/draft/try", url.Values{"code": {"survei-puas"}, "f.last_line": {"answered"}, "a.receiver": {"reporter"}, "a.status": {"setuju"}, "finish": {"yes"}})
	wants(t, body(w.Body.String(), "try-outcome", "section"), "Tiket ditutup: selesai.")
	f.press("/procedure/draft/edit?kind=campaign&campaign=survei-puas", "gone")
	if f.sound().Procedure("survei-puas") != nil {
		t.Error("it is still there")
	}
}

// SOP fn.5, doc.sign.made, doc.sign.checked, doc.sign.approved: an eighth campaign that nobody programmed goes from the editor's form by
// three signatures to a ticket that is handed out, called and called again by its own rule, and from its clause back to that ticket.
func TestAnEighthCampaignGoesFromTheEditorToTheDesk(t *testing.T) {
	f := editing(t)
	f.does("/procedure/draft/edit?kind=new", "form-new", url.Values{"put.title": {"Survei Puas"}, "put.title.en": {"Satisfaction survey"}, "put.source": {"sephia"}})
	f.does("/procedure/draft/edit?kind=campaign&campaign=survei-puas", "form-queue", url.Values{"put.pause": {"90m"}})
	post := func(login, path string, form url.Values) {
		t.Helper()
		if w := f.ask(login, "POST", path, form); w.Code != http.StatusSeeOther {
			t.Fatalf("%s %s: %d", login, path, w.Code)
		}
	}
	page := f.page("controller", "/procedure")
	post("controller", "/procedure/schedule", url.Values{"version": {field(page, "schedule-form", "version")}, "effective": {""}, "summary": {"Kampanye Survei Puas"}, "summary_en": {"The satisfaction survey"}})
	for _, login := range []string{"controller", "checker", "approver"} {
		if strings.Contains(f.page("leader", "/lead"), "Survei Puas") {
			t.Fatalf("the campaign runs before the %s has signed", login)
		}
		post(login, "/procedure/sign", url.Values{"content": {field(f.page(login, "/procedure"), "sign-form", "content")}, "password": {floorPassword}})
	}
	wants(t, f.page("leader", "/lead"), "Survei Puas")
	f.clock.Advance(time.Second)
	f.turned("agent", "survei-puas", "SURVEI-1", map[string]string{"status": "tidak-terhubung"})
	wants(t, f.page("agent", "/procedure/clauses/5.9.3.tidak-terhubung"), "Rev 03", "SURVEI-1", "Orang controller", "Orang checker", "Orang approver")
	var wakes, now time.Time
	err := f.store.Read(t.Context(), func(tx *db.Tx) error {
		now = tx.Now
		var at int64
		err := tx.Row(`SELECT wake_at FROM ticket WHERE ref = 'SURVEI-1' AND state = 'waiting' AND attempts = 1`).Scan(&at)
		wakes = db.Time(at)
		return err
	})
	if pause := wakes.Sub(now); err != nil || pause < 85*time.Minute || pause > 90*time.Minute {
		t.Errorf("it is called again after %v (%v), its own rule says 90 minutes", pause, err)
	}
}

func TestABadFormIsRefusedAndKeepsWhatWasTyped(t *testing.T) {
	f := editing(t)
	for _, one := range []struct {
		path, form string
		change     url.Values
		code       int
		says       string
	}{
		{editLapul, "form-queue", url.Values{"put.days": {"dua"}}, 422, "bukan bilangan bulat"},
		{editLapul, "form-field", url.Values{"put.label": {"…"}}, 422, "Beri nama dulu"},
		{editLapul, "form-field", url.Values{"put.label": {"Kanal"}, "put.type": {"choice"}}, 422, "paling sedikit dua pilihan"},
		{"/procedure/draft/edit?kind=new", "form-new", url.Values{"put.title": {"Survei"}, "put.clause": {"lima"}}, 422, "bukan nomor klausul"},
		{"/procedure/draft/edit?kind=clause&id=5.7.8.b", "form-add", url.Values{"put.id": {"5.7.8.b"}, "put.text": {"Lagi"}, "put.en": {"Again"}}, 422, "sudah ada"},
		{editLapul, "form-set", url.Values{"put.title": {"Lapul baru"}, "version": {"99"}}, 409, "baru saja diubah orang lain"},
	} {
		code, page := f.fill(one.path, one.form, one.change)
		if code != one.code || !strings.Contains(page, one.says) {
			t.Errorf("%s %v: %d, wants %q: %s", one.form, one.change, code, one.says, body(page, "said", "div"))
		}
		for name, v := range one.change {
			if name != "version" && controls(t, page, one.form).Get(name) != v[0] {
				t.Errorf("%s %s: typed %q, comes back %q", one.form, name, v[0], controls(t, page, one.form).Get(name))
			}
		}
	}
	f.sound()
	if w := f.ask("checker", "GET", editLapul, nil); w.Code != http.StatusForbidden {
		t.Errorf("a checker edits: %d", w.Code)
	}
	if w := f.ask("controller", "GET", "/procedure/draft/edit?kind=field&campaign=fresh-lapul&id=nope", nil); w.Code != http.StatusNotFound {
		t.Errorf("a field that is not there: %d", w.Code)
	}
}

// What every form of the shipped document shows is what it says: sent as it stands, each changes nothing.
func TestAFormSentAsItStandsChangesNothing(t *testing.T) {
	f := editing(t)
	b := f.sound()
	before := version(f.page("controller", "/procedure/draft"))
	sent := 0
	send := func(path string) {
		f.does(path, "form-set", nil)
		sent++
	}
	for _, p := range b.Procedures {
		if p.Code != "fresh-lapul" && p.Code != "ideas" { // each form is a page of its own
			continue
		}
		at := "campaign=" + p.Code + "&id="
		send("/procedure/draft/edit?kind=campaign&" + at)
		f.does("/procedure/draft/edit?kind=campaign&"+at, "form-queue", nil)
		for _, fl := range p.Fields {
			send("/procedure/draft/edit?kind=field&" + at + fl.ID)
			if len(fl.Options) > 0 && p.Code == "fresh-lapul" {
				send("/procedure/draft/edit?kind=option&" + at + fl.ID + "%3D" + fl.Options[0].ID)
			}
		}
		for _, o := range p.Outcomes {
			send("/procedure/draft/edit?kind=outcome&" + at + o.ID)
		}
	}
	if after := version(f.page("controller", "/procedure/draft")); after != before || sent < 30 {
		t.Errorf("%d forms sent: version %s became %s", sent, before, after)
	}
}
