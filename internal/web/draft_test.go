package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// editing is a floor with a begun draft.
func editing(t *testing.T) *floor {
	t.Helper()
	f := newFloor(t)
	if w := f.ask("controller", "POST", "/procedure/begin", nil); w.Code != http.StatusSeeOther {
		t.Fatalf("begin: %d", w.Code)
	}
	return f
}

// version is the draft's, as a page's forms carry it.
func version(page string) string {
	m := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return m[1]
}

// save keeps a file of the draft with one thing in it replaced.
func (f *floor) save(name, old, new string) {
	f.t.Helper()
	page := f.page("controller", "/procedure/draft/file?name="+name)
	text := unescape(body(page, "file-text", "textarea"))
	if !strings.Contains(text, old) {
		f.t.Fatalf("%s has no %q", name, old)
	}
	w := f.ask("controller", "POST", "/procedure/draft/file", url.Values{"name": {name}, "version": {version(page)}, "text": {strings.ReplaceAll(text, old, new)}})
	if w.Code != http.StatusSeeOther {
		f.t.Fatalf("save %s: %d %s", name, w.Code, w.Body)
	}
}

func unescape(s string) string {
	return strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

func wants(t *testing.T, page string, parts ...string) {
	t.Helper()
	for _, one := range parts {
		if !strings.Contains(page, one) {
			t.Errorf("the page lacks %q", one)
		}
	}
}

func TestADraftIsBegunByTheControllerAndReadByTheOthers(t *testing.T) {
	f := newFloor(t)
	wants(t, f.page("checker", "/procedure/draft"), "Draf dimulai oleh pengendali dokumen.")
	page := f.page("controller", "/procedure/draft")
	wants(t, page, `id="begin"`, "Mulai draf dari revisi 02")
	f.ask("controller", "POST", "/procedure/begin", nil)
	for _, login := range []string{"controller", "checker", "approver", "quality", "leader", "admin"} {
		wants(t, f.page(login, "/procedure/draft?at=5.7.8"), "Rev 03 draf", "Fullfilment", `id="no-changes"`, "Draf tersimpan")
	}
	for _, login := range []string{"agent", "tier1"} {
		if w := f.ask(login, "GET", "/procedure/draft", nil); w.Code != http.StatusForbidden {
			t.Errorf("%s gets %d", login, w.Code)
		}
	}
	if page := f.page("checker", "/procedure/draft"); strings.Contains(page, `id="schedule-form"`) || strings.Contains(page, `id="change-`) {
		t.Error("who only reads is offered changes")
	}
	wants(t, f.page("controller", "/procedure/draft", "sapa-lang=en"), "Work instruction", "Draft saved", "What the agent sees")
}

func TestAChangedOptionShowsAsDifferenceAtItsClause(t *testing.T) {
	f := editing(t)
	f.save("clauses.yaml", `text: "Fullfilment"`, `text: "Fulfillment : jika pelanggan masih pasang baru"`)
	f.save("campaigns/fresh-lapul.yaml", "label: Fullfilment", "label: Fulfillment")
	page := f.page("controller", "/procedure/draft?at=5.7.8")
	wants(t, page, "<del>Fullfilment</del>", "<ins>Fulfillment : jika pelanggan masih pasang baru</ins>", `title="Fullfilment"`, "Belum ada hasil yang memakai nama rev 02.", "Nama kolom dan pilihan berubah: 1")
	clean := f.page("controller", "/procedure/draft?at=5.7.8&view=clean")
	if text := body(clean, "pairs", "main"); strings.Contains(text, "<del>Fullfilment</del>") || strings.Contains(text, "<ins>Fulfillment") || !strings.Contains(text, "Fulfillment : jika") {
		t.Error("the clean view marks changes")
	}
	// the clause tree counts them, the page opens there by itself
	wants(t, f.page("controller", "/procedure/draft"), `id="c-5.7.8.b"`)
	// and it can be taken back, one change at a time
	undo := f.ask("controller", "POST", "/procedure/draft/undo", url.Values{"version": {version(page)}, "at": {"5.7.8"}})
	if undo.Code != http.StatusSeeOther {
		t.Fatalf("undo: %d", undo.Code)
	}
	page = f.page("controller", "/procedure/draft?at=5.7.8")
	if strings.Contains(page, `title="Fullfilment"`) || !strings.Contains(page, "<ins>Fulfillment") {
		t.Error("undo took back another change than the last")
	}
}

func TestWhatTheLinterAsksStandsBesideItsClause(t *testing.T) {
	f := editing(t)
	wants(t, f.page("controller", "/procedure/draft?at=5.2.11"), "Tidak ada yang belum diputuskan.", "sudah diputuskan")
	f.save("clauses.yaml", `text: "Agent menganalisis tiket dan hasil update tiket dari teknisi pada aplikasi Sephia atau Nossa."`, `text: "Agent membantu membuatkan"`)
	page := f.page("controller", "/procedure/draft?at=5.7.6")
	wants(t, page, "Kalimat terputus: “Agent membantu membuatkan”.", `title="catatan konsistensi: 1"`)
}

func TestAMistakeIsNamedAtItsClauseAndKeepsTheDraft(t *testing.T) {
	f := editing(t)
	f.save("campaigns/fresh-lapul.yaml", "when: {status: junk}", "when: {status: junkk}")
	page := f.page("controller", "/procedure/draft?at=5.7.8")
	wants(t, page, `id="problems"`, "Syarat", "junkk", "Tulis salah satu dari", "campaigns/fresh-lapul.yaml:")
	wants(t, f.page("controller", "/procedure/draft/file?name=campaigns/fresh-lapul.yaml"), `id="file-mistakes"`, "junkk")
	wants(t, f.page("controller", "/procedure/draft/try?at=5.7.8"), `id="problems"`)
	w := f.ask("controller", "POST", "/procedure/draft/dry-run", nil)
	if said := saidAfter(f, w, "/procedure/draft"); !strings.Contains(said, "Draf belum bisa dijalankan") {
		t.Errorf("a dry run of a broken draft: %q", said)
	}
	f.save("campaigns/fresh-lapul.yaml", "procedure: fresh-lapul", "procedure: [fresh-lapul")
	wants(t, f.page("controller", "/procedure/draft?at=5.7.8"), `id="problems"`, "Bukan YAML")
}

// saidAfter is the sentence that an act leaves for the next page.
func saidAfter(f *floor, w interface{ Result() *http.Response }, path string) string {
	f.t.Helper()
	for _, c := range w.Result().Cookies() {
		if c.Name == "sapa-say" {
			return body(f.page("controller", path, c.Name+"="+c.Value), "said", "div")
		}
	}
	return ""
}

func TestASaveThatComesTooLateLosesNothingAndShowsBoth(t *testing.T) {
	f := editing(t)
	page := f.page("controller", "/procedure/draft/file?name=open.yaml")
	old, text := version(page), unescape(body(page, "file-text", "textarea"))
	f.save("open.yaml", text, text+"# mereka\n")
	w := f.ask("controller", "POST", "/procedure/draft/file", url.Values{"name": {"open.yaml"}, "version": {old}, "text": {text + "# saya\n"}})
	late := w.Body.String()
	if w.Code != http.StatusConflict || !strings.Contains(unescape(body(late, "file-text", "textarea")), "# saya") {
		t.Fatalf("%d, what was typed is lost", w.Code)
	}
	wants(t, late, `id="theirs"`, "<del># mereka</del>", "<ins># saya</ins>")
	w = f.ask("controller", "POST", "/procedure/draft/file", url.Values{"name": {"open.yaml"}, "version": {version(late)}, "text": {text + "# keduanya\n"}})
	if w.Code != http.StatusSeeOther {
		t.Errorf("joined and saved again: %d", w.Code)
	}
	if w := f.ask("checker", "POST", "/procedure/draft/file", url.Values{"name": {"open.yaml"}, "version": {"9"}, "text": {"x"}}); w.Code != http.StatusForbidden {
		t.Errorf("a checker saves: %d", w.Code)
	}
	if w := f.ask("controller", "GET", "/procedure/draft/file?name=../../etc/passwd", nil); w.Code != http.StatusNotFound {
		t.Errorf("another file: %d", w.Code)
	}
}

func TestCommentsStandBesideTheirClause(t *testing.T) {
	f := editing(t)
	w := f.ask("checker", "POST", "/procedure/draft/comments", url.Values{"at": {"5.7.8"}, "clause": {"5.7.8.b"}, "text": {"Ejaan <b>lama</b>?"}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d", w.Code)
	}
	page := f.page("controller", "/procedure/draft?at=5.7.8")
	wants(t, page, "Ejaan &lt;b&gt;lama&lt;/b&gt;?", "Orang checker", "komentar terbuka: 1")
	id := regexp.MustCompile(`id="settle-(\d+)"`).FindStringSubmatch(page)
	f.ask("controller", "POST", "/procedure/draft/comments/"+id[1]+"/settle", url.Values{"at": {"5.7.8"}})
	wants(t, f.page("controller", "/procedure/draft?at=5.7.8"), "Diselesaikan Orang controller")
	if said := saidAfter(f, f.ask("controller", "POST", "/procedure/draft/comments", url.Values{"clause": {"5.7.8.b"}, "text": {" "}}), "/procedure/draft"); !strings.Contains(said, "Komentar wajib diisi") {
		t.Errorf("an empty comment: %q", said)
	}
}

func TestADraftIsTriedAsAnAgentWithoutTouchingAnything(t *testing.T) {
	f := editing(t)
	var before int
	count := func() (n int) {
		if err := f.store.Raw().QueryRow(`SELECT (SELECT count(*) FROM ticket) + (SELECT count(*) FROM turn) + (SELECT count(*) FROM journal)`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	page := f.page("checker", "/procedure/draft/try?at=5.7.8")
	before = count()
	wants(t, page, `id="try-last_line"`, "tiket uji", "Belum bisa dipilih")
	form := url.Values{"code": {"fresh-lapul"}, "f.last_line": {"no-answer"}}
	page = f.ask("checker", "POST", "/procedure/draft/try", form).Body.String()
	if !regexp.MustCompile(`id="reason_1-rna"[^>]*checked`).MatchString(page) {
		t.Error("the line's own choice is not taken")
	}
	form = url.Values{"code": {"fresh-lapul"}, "f.last_line": {"answered"}, "a.receiver": {"reporter"}, "a.status": {"contacted"}, "finish": {"yes"}}
	w := f.ask("checker", "POST", "/procedure/draft/try", form)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `id="try-refused"`) {
		t.Errorf("an unfinished try: %d", w.Code)
	}
	form.Set("a.reason_1", "sukses")
	form.Set("a.reason_2", "slg")
	form.Set("a.remarks", "Pelanggan paham.")
	w = f.ask("checker", "POST", "/procedure/draft/try", form)
	wants(t, body(w.Body.String(), "try-outcome", "section"), "§ 5.7", "Tidak ada yang disimpan.")
	form.Set("a.status", "junk") // against the line
	form.Set("a.reason_1", "tulalit")
	if w := f.ask("checker", "POST", "/procedure/draft/try", form); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a result against the line: %d", w.Code)
	}
	if count() != before {
		t.Error("a try has left something behind")
	}
}

func TestADryRunOfAnUnchangedDraftSaysSo(t *testing.T) {
	f := editing(t)
	w := f.ask("controller", "POST", "/procedure/draft/dry-run", nil)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d", w.Code)
	}
	f.wait()
	page := f.page("controller", "/procedure/draft")
	wants(t, body(page, "dry-run", "section"), "Tidak ada giliran yang bisa diputar ulang", "Yang tidak bisa diketahui dari pemutaran ulang", "selesai")
	f.save("open.yaml", "\n", "\n# satu\n")
	if page := f.page("controller", "/procedure/draft"); strings.Contains(page, `id="dry-sum"`) {
		t.Error("another version shows the run of the one before")
	}
}
