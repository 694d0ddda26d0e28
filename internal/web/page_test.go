package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// screens are all pages that stand at an address, with who sees them.
var screens = []struct{ login, path string }{
	{"", "/sign-in"}, {"", "/nothing-here"}, {"agent", "/shift"}, {"agent", "/desk"}, {"agent", "/outbox"}, {"agent", "/outbox?state=done"},
	{"agent", "/procedure/clauses/5.2.1"}, {"agent", "/procedure/clauses/nope"}, {"quality", "/procedure/clauses/5.2.11.b1?revision=2"}, {"approver", "/procedure/clauses/A-38"}, {"agent", "/procedure/print"}, {"leader", "/procedure/print?copy=CONTROLLED-MALANG"}, {"tier1", "/intake"}, {"leader", "/lead"}, {"leader", "/outbox"}, {"quality", "/lead"},
	{"tier1", "/shift"}, {"admin", "/shift"}, {"leader", "/lead/ideas"}, {"leader", "/lead/drafts"}, {"agent", "/forms"},
	{"admin", "/admin/settings"}, {"leader", "/admin/settings"},
	{"agent", "/registrations"}, {"agent", "/registrations/new"}, {"quality", "/registrations"},
	{"quality", "/records"}, {"controller", "/records"}, {"controller", "/records/rules/ticket"}, {"checker", "/records/rules/other"}, {"approver", "/records/purges/1"},
	{"agent", "/knowledge"}, {"quality", "/knowledge"}, {"controller", "/knowledge/new"}, {"leader", "/knowledge/pasang-baru"}, {"agent", "/knowledge/pasang-baru"},
}

var (
	inline = regexp.MustCompile(`<[^>]*\s(style|on[a-z]+|hx-on[^=]*)\s*=`)
	script = regexp.MustCompile(`<script([^>]*)>([^<]*)`)
	bare   = regexp.MustCompile(`[>"\s](web|page|seat|complaint|ideas)\.[a-z0-9.-]+[<"\s]`)
	ids    = regexp.MustCompile(` id="([^"]*)"`)
)

// The content security policy allows no inline style and no inline script, so no page has one; nobody on the way keeps a
// page; every sentence is in the catalogue; an id is there once.
func TestEveryPageIsStrict(t *testing.T) {
	f := newFloor(t)
	for _, one := range screens {
		for _, lang := range []string{"id", "en"} {
			w := f.ask(one.login, "GET", one.path, nil, "sapa-lang="+lang)
			h, page, where := w.Header(), w.Body.String(), one.login+" "+one.path+" "+lang
			csp := h.Get("Content-Security-Policy")
			if h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(csp, "default-src 'none'") ||
				!strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
				t.Errorf("%s: headers %v", where, h)
			}
			if found := inline.FindString(page); found != "" {
				t.Errorf("%s: inline %s", where, found)
			}
			for _, m := range script.FindAllStringSubmatch(page, -1) {
				if !strings.Contains(m[1], ` src="/static/`) || strings.TrimSpace(m[2]) != "" {
					t.Errorf("%s: script %s", where, m[0])
				}
			}
			if found := bare.FindString(page); found != "" {
				t.Errorf("%s: no sentence for %s", where, found)
			}
			if !strings.Contains(page, `<html lang="`+lang+`"`) || !strings.Contains(page, `id="main"`) || !strings.Contains(page, `class="skip" href="#main"`) {
				t.Errorf("%s: no language, main or skip link", where)
			}
			seen := map[string]bool{}
			for _, m := range ids.FindAllStringSubmatch(page, -1) {
				if seen[m[1]] {
					t.Errorf("%s: id %q twice", where, m[1])
				}
				seen[m[1]] = true
			}
		}
	}
}

// Every control that a morph could lose its typing of has an id.
func TestControlsHaveIds(t *testing.T) {
	f := newFloor(t)
	control := regexp.MustCompile(`<(input|select|textarea)\b[^>]*>`)
	for _, one := range screens {
		for _, c := range control.FindAllString(f.ask(one.login, "GET", one.path, nil).Body.String(), -1) {
			if !strings.Contains(c, `type="hidden"`) && !strings.Contains(c, ` id="`) {
				t.Errorf("%s: %s", one.path, c)
			}
		}
	}
}

func TestPreferencesAreKeptAndLeadBackInside(t *testing.T) {
	f := newFloor(t)
	w := f.ask("agent", "POST", "/preferences", map[string][]string{"lang": {"en"}, "theme": {"dark"}, "keys": {"off"}, "back": {"/outbox"}})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/outbox" {
		t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	var cookies []string
	for _, c := range w.Result().Cookies() {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	page := f.page("agent", "/outbox", cookies...)
	html, _, _ := strings.Cut(page[strings.Index(page, "<html"):], ">")
	if !strings.Contains(html, `lang="en"`) || !strings.Contains(html, `data-theme="dark"`) || strings.Contains(html, "data-keys") {
		t.Errorf("%s", html)
	}
	for _, back := range []string{"//evil.example", "https://evil.example/", `/\evil.example`, ""} {
		w := f.ask("agent", "POST", "/preferences", map[string][]string{"lang": {"id"}, "back": {back}})
		if to := w.Header().Get("Location"); to != "/" {
			t.Errorf("back to %q leads to %q", back, to)
		}
	}
}

// What the page fetches by itself keeps nobody signed in and eats no sentence meant for the reader.
func TestAQuietLookLeavesTheSentence(t *testing.T) {
	f := newFloor(t)
	w := f.ask("leader", "POST", "/lead/tickets/1/end", nil)
	said := ""
	for _, c := range w.Result().Cookies() {
		if c.Name == "sapa-say" {
			said = c.Name + "=" + c.Value
		}
	}
	if said == "" {
		t.Fatalf("nothing said: %d to %q", w.Code, w.Header().Get("Location"))
	}
	quiet := f.quiet("leader", "/lead", said)
	if strings.Contains(quiet.Body.String(), `id="said"`) || len(quiet.Result().Cookies()) != 0 {
		t.Error("the quiet look took the sentence")
	}
	if page := f.page("leader", "/lead", said); !strings.Contains(page, `id="said"`) {
		t.Error("the reader does not get the sentence")
	}
}

func TestAReaderWhoHasGoneIsNoDefect(t *testing.T) {
	f := newFloor(t)
	ctx, cancel := context.WithCancel(context.Background())
	r := httptest.NewRequestWithContext(ctx, "GET", "/lead", nil)
	r.Header.Set("Cookie", f.session("leader"))
	cancel()
	f.http.ServeHTTP(httptest.NewRecorder(), r)
	if f.log.Len() != 0 {
		t.Errorf("logged: %s", f.log.String())
	}
}
