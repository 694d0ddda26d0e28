package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/knowledge"
	"sapa/internal/phrase"
)

// SOP 5.2.9: a keeper of My Kiss writes an article as a draft, is told line by line what is wrong with it and loses nothing;
// another person puts it in force; a reason takes it off the shelf again.
func TestAnArticleIsWrittenReviewedAndRetired(t *testing.T) {
	f := newFloor(t)
	send := func(login, path string, form url.Values) (int, string, string) {
		t.Helper()
		w := f.ask(login, http.MethodPost, path, form)
		return w.Code, w.Header().Get("Location"), w.Body.String()
	}
	text := phrase.Say(phrase.ID, "knowledge.template")
	if _, err := knowledge.Read("kode-artikel.yaml", []byte(text), desk.Symptoms()); err != nil {
		t.Fatalf("the form begins with what cannot be kept: %v", err)
	}
	code, _, page := send("agent", "/knowledge", url.Values{"key": {"0"}, "text": {text}})
	if code != http.StatusForbidden {
		t.Errorf("an agent writes: %d %s", code, page)
	}
	wrong := strings.Replace(strings.Replace(text, "no: teknisi", "no: kosong", 1), "tbc", "xyz", 1)
	code, _, page = send("quality", "/knowledge", url.Values{"key": {"1"}, "text": {wrong}})
	if code != http.StatusUnprocessableEntity || !strings.Contains(page, "kosong") || !strings.Contains(page, "xyz") || strings.Count(page[strings.Index(page, `id="mistakes"`):], "<li>") < 2 || !strings.Contains(page, "Sudah normal.") {
		t.Errorf("a text with two mistakes: %d", code)
	}
	code, to, _ := send("quality", "/knowledge", url.Values{"key": {"2"}, "text": {strings.ReplaceAll(text, "\n", "\r\n")}})
	if code != http.StatusSeeOther || to != "/knowledge/kode-artikel?revision=1" {
		t.Fatalf("kept: %d %q", code, to)
	}
	see := func(login string) string { return f.ask(login, http.MethodGet, to, nil).Body.String() }
	if page := see("quality"); !strings.Contains(page, `value="submit"`) || strings.Contains(page, `value="approve"`) {
		t.Error("its author cannot hand it in, or may put it in force")
	}
	moves := "/knowledge/kode-artikel/1/moves"
	if code, _, _ := send("quality", moves, url.Values{"key": {"3"}, "move": {"submit"}}); code != http.StatusSeeOther {
		t.Errorf("handed in: %d", code)
	}
	if page := see("quality"); strings.Contains(page, `value="approve"`) {
		t.Error("its author may put it in force")
	}
	if page := see("leader"); !strings.Contains(page, `value="approve"`) || !strings.Contains(page, `value="return"`) {
		t.Error("another person cannot review it")
	}
	if page := f.ask("checker", http.MethodGet, "/knowledge", nil).Body.String(); !strings.Contains(page, "kode-artikel") || !strings.Contains(page, "ditinjau") {
		t.Error("the shelf does not show what is on its way")
	}
	send("quality", moves, url.Values{"key": {"4"}, "move": {"approve"}})
	send("agent", moves, url.Values{"key": {"5"}, "move": {"approve"}})
	if page := see("leader"); !strings.Contains(page, `value="approve"`) {
		t.Error("somebody who may not has put it in force")
	}
	send("leader", moves, url.Values{"key": {"6"}, "move": {"approve"}})
	if page := f.ask("agent", http.MethodGet, "/knowledge/kode-artikel", nil).Body.String(); !strings.Contains(page, "Pertanyaan?") || strings.Contains(page, `<textarea`) {
		t.Error("an agent does not read it, or may change it")
	}
	send("leader", moves, url.Values{"key": {"7"}, "move": {"retire"}})
	if _, err := inForce(f, "kode-artikel"); err != nil {
		t.Errorf("it was retired without a reason: %v", err)
	}
	send("leader", moves, url.Values{"key": {"8"}, "move": {"retire"}, "reason": {"Contoh saja."}})
	if _, err := inForce(f, "kode-artikel"); err == nil {
		t.Error("it is still on the shelf")
	}
}

// inForce reads which revision of an article agents are shown.
func inForce(f *floor, code string) (r knowledge.Revision, err error) {
	err = f.store.Read(context.Background(), func(tx *db.Tx) (err error) {
		r, err = knowledge.InForce(tx, code)
		return err
	})
	return r, err
}
