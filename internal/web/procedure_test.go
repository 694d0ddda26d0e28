package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// field gives the value of a hidden field within the form of an id.
func field(page, form, name string) string {
	_, rest, _ := strings.Cut(page, `id="`+form+`"`)
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(rest)
	if m == nil {
		return ""
	}
	return m[1]
}

// SOP doc.sign.made, doc.sign.checked, doc.sign.approved, fn.5: the page of the document from a draft to its recall, each seeing what is theirs.
func TestTheDocumentIsSignedOnItsPage(t *testing.T) {
	f := newFloor(t)
	see := func(login string, want ...string) string {
		t.Helper()
		page := f.page(login, "/procedure")
		for _, w := range want {
			if !strings.Contains(page, w) {
				t.Errorf("%s does not see %q", login, w)
			}
		}
		return page
	}
	no := func(page, login string, ids ...string) {
		t.Helper()
		for _, id := range ids {
			if tag(page, id) != "" {
				t.Errorf("%s is offered %s", login, id)
			}
		}
	}
	post := func(login, path string, form url.Values) string {
		t.Helper()
		w := f.ask(login, "POST", path, form)
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/procedure" {
			t.Fatalf("%s %s: %d to %q", login, path, w.Code, w.Header().Get("Location"))
		}
		cookie, _, _ := strings.Cut(w.Header().Get("Set-Cookie"), ";")
		return f.page(login, "/procedure", cookie)
	}
	page := see("agent", "Rev 02", "Berlaku", "Ditandatangani di kertas", "VP Telkom Operation", "MALANG", ">Prosedur</a>")
	no(page, "agent", "begin", "sign-form", "copy-form", "recall-2", "schedule-form")
	if page = see("controller"); tag(page, "begin") == "" || tag(page, "copy-form") == "" {
		t.Error("the controller can't begin a draft or change the distribution")
	}
	no(page, "controller", "recall-2") // paper, and nothing else
	page = post("controller", "/procedure/begin", url.Values{})
	no(page, "controller", "sign-form") // the title block says revision 2's day
	if !strings.Contains(page, "Halaman judul tidak sama") {
		t.Error("the page does not say what is lacking")
	}
	page = post("controller", "/procedure/schedule", url.Values{"version": {field(page, "schedule-form", "version")}, "effective": {"2026-11-24T06:00"}, "summary": {"Uji pengesahan"}})
	for _, one := range []string{"controller", "checker", "approver"} {
		page = see(one, "24 Nov 2026 06.00")
		content := field(page, "sign-form", "content")
		if len(content) != 64 {
			t.Fatalf("%s may not sign: %q", one, content)
		}
		wrong := post(one, "/procedure/sign", url.Values{"content": {content}, "password": {"bukan ini sandinya"}})
		if !strings.Contains(wrong, "Kata sandi salah") || tag(wrong, "sign-form") == "" {
			t.Errorf("%s: a wrong password", one)
		}
		if one == "checker" {
			no(see("leader"), "leader", "sign-form", "return")
			if page = post(one, "/procedure/return", url.Values{"reason": {"5.7.8 belum jelas"}}); !strings.Contains(page, "5.7.8 belum jelas") {
				t.Error("nobody sees why it was returned")
			}
			again := see("controller")
			post("controller", "/procedure/sign", url.Values{"content": {field(again, "sign-form", "content")}, "password": {floorPassword}})
		}
		page = post(one, "/procedure/sign", url.Values{"content": {content}, "password": {floorPassword}})
	}
	if !strings.Contains(page, "Disetujui dan terbit") || !strings.Contains(page, "Akan berlaku") || !strings.Contains(page, "Orang approver") {
		t.Error("the third signature does not publish")
	}
	if strings.Contains(f.log.String(), floorPassword) {
		t.Error("the log holds a password")
	}
	if shift := f.page("agent", "/shift"); !strings.Contains(shift, "Instruksi Kerja revisi 03 berlaku mulai 24 Nov 2026, 06.00") || !strings.Contains(shift, "Uji pengesahan") {
		t.Error("an agent need not read it")
	}
	if readers := f.page("leader", "/procedure/revisions/3/readers"); !strings.Contains(readers, "Orang agent2") {
		t.Error("the leader does not see who has not read it")
	}
	f.clock.Set(time.Date(2026, 11, 23, 23, 0, 0, 0, time.UTC)) // 24 Nov, 06.00 at the site
	f.tokens = map[string]string{}
	see("agent", `class="tag daun">Berlaku`, "Rev 03")
	page = post("approver", "/procedure/revisions/3/recall", url.Values{"reason": {"pilihan salah"}})
	if !strings.Contains(page, "Ditarik 24 Nov 2026 06.00") || !strings.Contains(page, "pilihan salah") {
		t.Error("the recall is not told")
	}
	no(page, "approver", "recall-3", "recall-2")
}
