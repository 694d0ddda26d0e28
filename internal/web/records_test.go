package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sapa/internal/control"
	"sapa/internal/db"
	"sapa/internal/document"
)

// The records register (SOP 6), on the pages: the table is filled row by row and keeps what was typed when it is refused; a dry list is drawn, asked for by one
// person and confirmed by another; a hold is placed and lifted with a reason.
func TestTheRegisterIsFilledAndAPurgeTakesTwoPeople(t *testing.T) {
	f := newFloor(t)
	send := func(login, path string, form url.Values) (int, string, string) {
		t.Helper()
		w := f.ask(login, http.MethodPost, path, form)
		return w.Code, w.Header().Get("Location"), w.Body.String()
	}
	see := func(login, path string) string { return f.ask(login, http.MethodGet, path, nil).Body.String() }
	if page := see("controller", "/records"); !strings.Contains(page, `id="unfilled"`) || !strings.Contains(page, "Usulan: 24 bulan sejak selesai.") {
		t.Error("an empty register does not say so, or proposes nothing")
	}
	row := func(kind, amount string) url.Values {
		p := document.ProposeRecordRule(kind)
		return url.Values{"name": {"Rekaman " + kind}, "position": {"Document Controller"}, "basis": {p.Basis}, "amount": {amount}, "unit": {p.Unit}, "smm": {"yes"}, "clause": {"6"}, "version": {"0"}}
	}
	if code, _, _ := send("quality", "/records/rules/ticket", row("ticket", "24")); code != http.StatusForbidden {
		t.Errorf("quality changes the register: %d", code)
	}
	code, _, page := send("controller", "/records/rules/ticket", row("ticket", "0"))
	if code != http.StatusUnprocessableEntity || !strings.Contains(page, `value="Rekaman ticket"`) || !strings.Contains(page, "paling singkat 30 hari") {
		t.Errorf("no months: %d", code)
	}
	for _, kind := range document.GovernedKinds {
		if code, to, _ := send("controller", "/records/rules/"+kind, row(kind, "24")); kind != document.KindRecordings && (code != http.StatusSeeOther || to != "/records") {
			t.Errorf("%s: %d %s", kind, code, to)
		}
	}
	voice := row(document.KindRecordings, "90")
	voice.Set("key", "voice")
	send("controller", "/records/rules/recording", voice)
	if page := see("approver", "/records"); strings.Contains(page, `id="unfilled"`) || strings.Contains(page, `id="draw"`) {
		t.Error("a full register says that it is not, or an approver may draw")
	}
	code, to, _ := send("controller", "/records/purges", url.Values{"key": {"1"}})
	if code != http.StatusSeeOther || !strings.HasPrefix(to, "/records/purges/") {
		t.Fatalf("drawn: %d %s", code, to)
	}
	f.purge(t)
	digest := f.digest(t)
	if page := see("controller", to); !strings.Contains(page, `id="purge-ask"`) || strings.Contains(page, `id="purge-confirm"`) || !strings.Contains(page, digest) {
		t.Error("who may ask cannot, or may confirm")
	}
	send("admin", to+"/ask", url.Values{"key": {"2"}, "digest": {digest}})
	if page := see("admin", to); strings.Contains(page, `id="purge-confirm"`) || !strings.Contains(page, `id="waits"`) {
		t.Error("who asked may confirm")
	}
	send("admin", to+"/confirm", url.Values{"key": {"3"}, "digest": {digest}})
	if page := see("admin", to); !strings.Contains(page, "menunggu konfirmasi") || !strings.Contains(page, "Yang meminta penghapusan tidak boleh mengonfirmasinya") && !strings.Contains(page, `id="waits"`) {
		t.Error("one person has done both")
	}
	if code, _, _ := send("controller", to+"/confirm", url.Values{"key": {"4"}, "digest": {digest}}); code != http.StatusForbidden {
		t.Errorf("a controller confirms: %d", code)
	}
	send("approver", to+"/confirm", url.Values{"key": {"5"}, "digest": {digest}})
	f.purge(t)
	if page := see("quality", to); !strings.Contains(page, "selesai") {
		t.Error("it is not done")
	}
	if w := f.ask("quality", http.MethodGet, to+"/csv", nil); w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), "jenis;id;nama") {
		t.Errorf("the list as a file: %d %.60s", w.Code, w.Body)
	}

	code, _, page = send("quality", "/records/holds", url.Values{"key": {"6"}, "kind": {"ticket"}, "ref": {"TIDAK-ADA"}, "reason": {"sengketa"}})
	if code != http.StatusUnprocessableEntity || !strings.Contains(page, `value="TIDAK-ADA"`) {
		t.Errorf("nothing to hold: %d", code)
	}
	if code, _, _ := send("quality", "/records/holds", url.Values{"key": {"7"}, "kind": {"service"}, "ref": {"152999000111"}, "reason": {"sengketa (rekaan)"}}); code != http.StatusSeeOther {
		t.Errorf("held: %d", code)
	}
	page = see("quality", "/records")
	at := strings.Index(page, "/records/holds/")
	if at < 0 || !strings.Contains(page, "152999000111") {
		t.Fatal("the hold is not shown")
	}
	lift := page[at : at+strings.IndexByte(page[at:], '"')]
	send("controller", lift, url.Values{"key": {"8"}, "why": {"selesai (rekaan)"}})
	if page := see("quality", "/records"); !strings.Contains(page, "selesai (rekaan)") || strings.Contains(page, lift) {
		t.Error("it still holds")
	}
}

// purge lets the purger do all that is left.
func (f *floor) purge(t *testing.T) {
	t.Helper()
	p := &control.Purger{Store: f.store}
	for worked := true; worked; {
		var err error
		if worked, err = p.Turn(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}

// digest is of the newest dry list.
func (f *floor) digest(t *testing.T) (digest string) {
	t.Helper()
	err := f.store.Read(context.Background(), func(tx *db.Tx) error {
		all, err := document.Purges(tx, 1)
		if err == nil && len(all) == 1 {
			digest = all[0].Digest
		}
		return err
	})
	if err != nil || digest == "" {
		t.Fatalf("no dry list: %v", err)
	}
	return digest
}
