package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"sapa/internal/desk"
)

// SOP 5.1: what must be read stands on the shift's page until it is confirmed; the leader sees who has not.
func TestNoticesArePostedReadAndEnded(t *testing.T) {
	f := newFloor(t)
	if w := f.ask("agent", "GET", "/notices", nil); w.Code != 403 {
		t.Errorf("an agent gets %d", w.Code)
	}
	post := func(values url.Values) (int, string) {
		values.Set("key", "k-"+values.Get("title")+values.Get("until"))
		w := f.ask("leader", "POST", "/notices", values)
		return w.Code, w.Body.String()
	}
	until := f.clock.Now().Add(48 * time.Hour).Format("2006-01-02T15:04")
	if code, body := post(url.Values{"title": {"Rekaan lama"}, "body": {"Isi yang diketik"}, "until": {"2001-01-01T00:00"}}); code != 422 || !strings.Contains(body, "Isi yang diketik") || !strings.Contains(body, "Rekaan lama") {
		t.Errorf("a refused form: %d, and what was typed is gone: %v", code, !strings.Contains(body, "Isi yang diketik"))
	}
	if code, _ := post(url.Values{"title": {"Rekaan baru"}, "body": {"Baca ini"}, "clause": {"5.2.5"}, "until": {until}}); code != 303 {
		t.Fatalf("%d", code)
	}
	page := f.ask("agent", "GET", "/shift", nil).Body.String()
	at := strings.Index(page, "/notices/")
	if at < 0 || !strings.Contains(page, "Rekaan baru") {
		t.Fatal("the agent does not see it")
	}
	id := strings.TrimSuffix(page[at+len("/notices/"):][:strings.Index(page[at+len("/notices/"):], "\"")], "/read")
	if w := f.ask("agent", "POST", "/notices/"+id+"/read", url.Values{"key": {"k-read"}}); w.Code != 303 {
		t.Errorf("%d", w.Code)
	}
	if page := f.ask("agent", "GET", "/shift", nil).Body.String(); strings.Contains(page, "/notices/"+id+"/read") {
		t.Error("it still asks")
	}
	if page := f.ask("leader", "GET", "/notices", nil).Body.String(); !strings.Contains(page, "Rekaan baru") || !strings.Contains(page, "Dibaca ") {
		t.Error("the leader does not see who has read it")
	}
	if w := f.ask("leader", "POST", "/notices/"+id+"/withdraw", url.Values{"key": {"k-end"}}); w.Code != 303 {
		t.Errorf("%d", w.Code)
	}
	if page := f.ask("agent", "GET", "/shift", nil).Body.String(); strings.Contains(page, "Rekaan baru") {
		t.Error("it is still there after its end")
	}
}

// SOP 5.1: the page says in words what a source is like, in both languages, and the desk says it too.
func TestTilesSayHowASourceIs(t *testing.T) {
	f := newFloor(t)
	if err := f.seat.Beat(t.Context()); err != nil {
		t.Fatal(err)
	}
	since := f.clock.Now().Add(-30 * time.Minute)
	state, why := "", ""
	f.seat.Outside = func() []desk.Source {
		return []desk.Source{{Name: "nossa-pusat", Application: "nossa", State: state, Why: why, Latency: 4800 * time.Millisecond, Since: since}}
	}
	for _, c := range []struct{ state, why, tile, reason string }{
		{desk.Ready, "", "Siap · 4800 ms", ""},
		{desk.Slow, "", "Lambat, 4,8 detik", "tetap tersimpan"},
		{desk.Down, "late", "Tidak menjawab sejak ", "tidak menjawab tepat waktu"},
		{desk.Wrong, "nonsense", "Jawaban salah sejak ", "bukan yang diharapkan"},
		{desk.SignIn, "sign-in", "Login ditolak sejak ", "tidak menerima login kita"},
	} {
		state, why = c.state, c.why
		for _, path := range []string{"/shift", "/desk"} {
			page := f.ask("agent", "GET", path, nil).Body.String()
			if shown := strings.Contains(page, c.tile); shown != (path == "/shift" || c.state != desk.Ready) {
				t.Errorf("%s %s: %q shown: %v", path, c.state, c.tile, shown)
			}
			if !strings.Contains(page, c.reason) {
				t.Errorf("%s %s does not say %q", path, c.state, c.reason)
			}
		}
	}
}

// SOP 5.1, 5.1.4: of several devices behind a tile it says how many are out. R has the outside systems asked again at once, and says so.
func TestTheShiftAsksAgain(t *testing.T) {
	f := newFloor(t)
	if err := f.seat.Beat(t.Context()); err != nil {
		t.Fatal(err)
	}
	since := f.clock.Now().Add(-30 * time.Minute)
	f.seat.Outside = func() []desk.Source {
		return []desk.Source{{Name: "olt", Application: "ibooster", State: desk.Down, Why: "late", Since: since, Behind: 40, Out: 2}}
	}
	page := f.ask("agent", "GET", "/shift", nil).Body.String()
	if !strings.Contains(page, "Tidak menjawab: 2 dari 40 sejak ") || !strings.Contains(page, `action="/shift/again"`) || !strings.Contains(page, `data-key="r"`) {
		t.Error("the tile or its button")
	}
	if w := f.ask("agent", "POST", "/shift/again", nil); w.Code != 303 || w.Header().Get("Location") != "/shift" || strings.Contains(w.Header().Get("Set-Cookie"), "say") {
		t.Errorf("without an outside: %d %v", w.Code, w.Header())
	}
	woken := 0
	f.seat.Wake = func() { woken++ }
	w := f.ask("agent", "POST", "/shift/again", nil)
	if w.Code != 303 || w.Header().Get("Location") != "/shift" || woken != 1 || w.Header().Get("Set-Cookie") == "" {
		t.Errorf("%d, woken %d times, %v", w.Code, woken, w.Header())
	}
}
