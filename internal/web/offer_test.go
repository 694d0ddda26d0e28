package web_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/registration"
	"sapa/internal/who"
)

// SOP 2.c: a leader or the administrator adds, changes, retires and offers a package again; what is refused is shown where it
// stands with what was typed; of two who change one at once the second is told and loses nothing typed.
func TestPackagesAreRowsToEdit(t *testing.T) {
	f := newFloor(t)
	const at, save = "/registrations/offer", "/registrations/packages"
	for _, login := range []string{"agent", "quality", "tier1"} {
		if w := f.ask(login, "GET", at, nil); w.Code != http.StatusForbidden {
			t.Errorf("%s reads it: %d", login, w.Code)
		}
	}
	if page := f.page("leader", "/registrations"); !strings.Contains(tag(page, "to-offer"), at) {
		t.Error("the list of requests does not lead to it")
	}
	if page := f.page("leader", at); tag(page, "save-1") == "" || !strings.Contains(body(page, "odps", "section"), "Belum ada data jaringan") {
		t.Error("an empty floor offers no row to add, or says nothing of the network")
	}
	send := func(login, code, name, price, offered, version string) *httptest.ResponseRecorder {
		return f.ask(login, "POST", save, url.Values{"code": {code}, "name": {name}, "price": {price}, "offered": {offered}, "version": {version}})
	}
	for field, w := range map[string]*httptest.ResponseRecorder{
		"price-1": send("leader", "inet-50", "Internet 50 Mbps", "murah", "yes", "0"),
		"name-1":  send("leader", "inet-50", " ", "315000", "yes", "0"),
		"code-1":  send("leader", "", "Internet 50 Mbps", "315000", "yes", "0"),
	} {
		page := w.Body.String()
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(tag(page, field), "aria-invalid") {
			t.Errorf("%s: %d %s", field, w.Code, body(page, "said", "div"))
		}
		if field == "price-1" && (!strings.Contains(tag(page, field), `value="murah"`) || !strings.Contains(tag(page, "name-1"), "Internet 50 Mbps")) {
			t.Error("what was typed is gone")
		}
	}
	if w := send("leader", "inet-50", "Internet 50 Mbps", "315000", "yes", "0"); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, body(w.Body.String(), "said", "div"))
	}
	if w := send("admin", "inet-50", "Lain", "1", "yes", "0"); w.Code != http.StatusConflict || !strings.Contains(tag(w.Body.String(), "code-2"), "aria-invalid") {
		t.Errorf("the code is taken: %d %s", w.Code, body(w.Body.String(), "said", "div"))
	}
	if w := send("admin", "inet-50", "Internet 50 Mbps", "325000", "no", "1"); w.Code != http.StatusSeeOther { // retired, with another price
		t.Errorf("%d %s", w.Code, body(w.Body.String(), "said", "div"))
	}
	page := f.page("leader", at)
	if !strings.Contains(tag(page, "price-1"), `value="325000"`) || !strings.Contains(tag(page, "retire-1"), "Tawarkan lagi Internet 50 Mbps") {
		t.Errorf("it is not retired: %s", tag(page, "retire-1"))
	}
	w := send("leader", "inet-50", "Internet Hemat", "300000", "yes", "1") // the page from before
	if page := w.Body.String(); w.Code != http.StatusConflict || !strings.Contains(body(page, "typed", "textarea"), "Internet Hemat | 300000") || !strings.Contains(tag(page, "price-1"), `value="325000"`) {
		t.Errorf("the second: %d %s", w.Code, body(page, "said", "div"))
	}
	if w := send("leader", "inet-50", "Internet 50 Mbps", "325000", "yes", "2"); w.Code != http.StatusSeeOther {
		t.Errorf("offered again: %d", w.Code)
	}
	if page := f.page("leader", at); !strings.Contains(tag(page, "retire-1"), "Hentikan") {
		t.Error("it is not offered again")
	}
	if w := send("agent", "inet-50", "x", "1", "no", "3"); w.Code != http.StatusForbidden {
		t.Errorf("an agent changes it: %d", w.Code)
	}
}

// listed sends a list as the browser does.
func (f *floor) listed(login, kind, text string) *httptest.ResponseRecorder {
	f.t.Helper()
	var sent bytes.Buffer
	m := multipart.NewWriter(&sent)
	if err := m.WriteField("kind", kind); err != nil {
		f.t.Fatal(err)
	}
	if text != "" {
		part, err := m.CreateFormFile("file", "daftar.csv")
		if err != nil {
			f.t.Fatal(err)
		}
		_, _ = part.Write([]byte(text)) // into memory
	}
	if err := m.Close(); err != nil {
		f.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/intake/lists", &sent)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Cookie", f.session(login))
	w := httptest.NewRecorder()
	f.http.ServeHTTP(w, r)
	return w
}

// SOP 5.1.1, 5.1.13, 2.c: a leader brings customers, self-care tickets and distribution points in and reads each refused row
// beside the file; the ports show by exchange, a page at a time.
func TestALeaderLoadsLists(t *testing.T) {
	f := newFloor(t)
	if page := f.page("leader", "/intake"); !strings.Contains(tag(page, "to-lists"), "/intake/lists") {
		t.Error("the intake does not lead to the lists")
	}
	if page := f.page("tier1", "/intake"); tag(page, "to-lists") != "" {
		t.Error("Tier 1 is led to a page that is not theirs")
	}
	if page := f.page("leader", "/intake/lists?kind=coverage"); !strings.Contains(tag(page, "kind-coverage"), "checked") || strings.Contains(tag(page, "kind-customers"), "checked") || tag(page, "kind-self-care") == "" {
		t.Error("the kind that was asked for is not the one that is chosen")
	}
	brought := func(kind, text, want string) string {
		t.Helper()
		w := f.listed("leader", kind, text)
		page := w.Body.String()
		if said := body(page, "brought", "section"); w.Code != http.StatusOK || !strings.Contains(said, want) || !strings.Contains(tag(page, "kind-"+kind), "checked") {
			t.Errorf("%s: %d %s %s", kind, w.Code, said, body(page, "said", "div"))
		}
		return page
	}
	brought("customers", "ncli,name,service_no\n53000001,Sekar (data uji),152999000001\n", "1 baris masuk, 0 sudah ada, 0 ditolak")
	page := brought("self-care", "no,service_no,kind,state,opened_at\nMYINX-1764000000001,152999000001,logic,open,2026-11-01\nMYINX-1764000000002,152999000002,logic,open,2026-11-01\n", "1 baris masuk, 0 sudah ada, 1 ditolak")
	if !strings.Contains(page, "baris 3, kolom service_no (B): Nomor layanan 152999000002 bukan milik pelanggan") {
		t.Errorf("the refused row is not told: %s", body(page, "brought", "section"))
	}
	var points strings.Builder
	points.WriteString("odp,ports,used\n")
	for _, sto := range []string{"BTU", "MLG"} {
		for i := range 120 {
			points.WriteString("ODP-" + sto + "-FA/" + string([]byte{'0' + byte(i/100), '0' + byte(i/10%10), '0' + byte(i%10)}) + ",8,8\n")
		}
	}
	if page := brought("coverage", points.String(), "240 baris masuk"); tag(page, "to-offer") == "" {
		t.Error("it does not lead to what was loaded")
	}
	brought("coverage", points.String(), "0 baris masuk, 240 sudah ada")
	offer := f.page("leader", "/registrations/offer?sto=MLG")
	if !strings.Contains(body(offer, "exchange", "p"), "MLG: 120 ODP, 960 port, 960 terpakai, 0 dijaga untuk order, 0 kosong") || strings.Count(offer, ">ODP-MLG-FA/") != 100 || strings.Contains(offer, "ODP-BTU-FA/") {
		t.Errorf("%s", body(offer, "exchange", "p"))
	}
	if more := f.page("leader", "/registrations/offer?sto=MLG&after=ODP-MLG-FA%2F099"); strings.Count(more, ">ODP-MLG-FA/") != 20 || tag(more, "more-odps") != "" {
		t.Error("the rest is not on the second page")
	}

	if w := f.listed("leader", "self-care", "nomor,layanan\n1,2\n"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body(w.Body.String(), "said", "div"), "Kolom “nomor” tidak dikenal") {
		t.Errorf("a strange heading: %d %s", w.Code, body(w.Body.String(), "said", "div"))
	}
	if w := f.listed("leader", "bills", "a,b\n1,2\n"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a strange kind: %d", w.Code)
	}
	if w := f.listed("leader", "customers", ""); w.Code != http.StatusSeeOther {
		t.Errorf("no file: %d", w.Code)
	}
	if w := f.listed("agent", "customers", "ncli\n1\n"); w.Code != http.StatusForbidden {
		t.Errorf("an agent: %d", w.Code)
	}
}

// A request to register is found by its number and by the whole telephone, masked; quality reads no name.
func TestAPageFindsRegistrations(t *testing.T) {
	f := newFloor(t)
	var made registration.Request
	if err := f.store.Write(context.Background(), func(tx *db.Tx) (err error) {
		if err := registration.PutPackages(tx, who.House, []registration.Package{{Code: "inet-50", Name: "Internet 50 Mbps", Price: 290_000, Offered: true}}); err != nil {
			return err
		}
		made, err = registration.Open(tx, who.House, registration.New{Name: "Prospek Rekaan", Phone: "089990003333", Address: "Jalan Rekaan 1", Package: "inet-50", STO: "MLG"})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{made.No, strings.ToLower(made.No), "0899-9000-3333", "+6289990003333"} {
		row := body(f.ask("agent", "POST", "/search", url.Values{"q": {q}}).Body.String(), "request-"+made.No, "li")
		if !strings.Contains(row, "Prospek Rekaan") || !strings.Contains(row, "/registrations/"+made.No) || !strings.Contains(row, made.Phone.Masked()) || strings.Contains(row, "0003333") {
			t.Errorf("%q: %s", q, row)
		}
	}
	for _, q := range []string{"SC99", "0899900033", "089990003334"} {
		if page := f.ask("agent", "POST", "/search", url.Values{"q": {q}}).Body.String(); strings.Contains(page, made.No) {
			t.Errorf("%q finds it", q)
		}
	}
	for _, path := range []string{"/registrations", "/registrations/" + made.No} {
		if page := f.page("quality", path); !strings.Contains(page, "P••• R•••") || strings.Contains(page, "Rekaan") {
			t.Errorf("quality reads whose request it is on %s", path)
		}
		if page := f.page("agent", path); !strings.Contains(page, "Prospek Rekaan") {
			t.Errorf("an agent does not read it on %s", path)
		}
	}
	if row := body(f.ask("quality", "POST", "/search", url.Values{"q": {made.No}}).Body.String(), "request-"+made.No, "li"); row == "" || strings.Contains(row, "Rekaan") {
		t.Errorf("quality: %s", row)
	}
}
