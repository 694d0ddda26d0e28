package web_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/form"
	"sapa/internal/outbox"
	"sapa/internal/staff"
	"sapa/internal/who"
)

const ideasList = "ref,phone,note\nID-1,089990001111,Kuota\nID-2,089990001112,Tagihan\nID-3,8.12E+11,Rusak\n"

// upload sends a file as the browser does.
func (f *floor) upload(login, name, text string, more url.Values) *httptest.ResponseRecorder {
	f.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile("file", name)
	if err != nil {
		f.t.Fatal(err)
	}
	_, _ = part.Write([]byte(text)) // into memory
	for key := range more {
		if err := m.WriteField(key, more.Get(key)); err != nil {
			f.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		f.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/lead/ideas", &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Cookie", f.session(login))
	w := httptest.NewRecorder()
	f.http.ServeHTTP(w, r)
	return w
}

var dealDoor = regexp.MustCompile(`action="(/lead/ideas/[^"]+/deal)"`)

// SOP 5.8.1.source, 5.8.1.distribute: the leader uploads a list on the board, sees what was refused, and deals it.
func TestTheLeaderUploadsAndDeals(t *testing.T) {
	f := newFloor(t)
	w := f.upload("leader", "pagi.csv", ideasList, url.Values{"due": {"2026-11-23T16:00"}})
	page := w.Body.String()
	if w.Code != http.StatusOK || !strings.Contains(body(page, "brought", "section"), "2 tiket masuk, 0 sudah ada, 1 ditolak") || !strings.Contains(page, "baris 4, kolom phone (B)") {
		t.Fatalf("%d %s", w.Code, body(page, "brought", "section"))
	}
	if again := f.upload("leader", "pagi.csv", ideasList, nil).Body.String(); !strings.Contains(body(again, "brought", "section"), "tidak ada yang dobel") {
		t.Errorf("twice: %s", body(again, "brought", "section"))
	}
	page = f.page("leader", "/lead/ideas")
	if tag(page, "n-"+f.ids["agent"].String()) == "" || !strings.Contains(tag(page, "n-"+f.ids["agent2"].String()), `value="1"`) || !strings.Contains(body(page, "deal", "button"), "Bagikan 2") {
		t.Errorf("no proposal on the page")
	}
	to := dealDoor.FindStringSubmatch(page)[1]
	shares := url.Values{"n-" + f.ids["agent"].String(): {"2"}, "n-" + f.ids["agent2"].String(): {"0"}, "key": {"K1"}}
	for range 2 { // a second press is the first one again
		if w := f.ask("leader", "POST", to, shares); w.Code != http.StatusSeeOther || w.Header().Get("Location") != strings.TrimSuffix(strings.Replace(to, "ideas/", "ideas?list=", 1), "/deal") {
			t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
		}
	}
	if page := f.page("leader", "/lead/ideas"); !strings.Contains(page, "Semua tiket pagi sudah dibagikan") || !strings.Contains(page, "Orang agent: 0 dari 2 terisi, 0 terkirim") {
		t.Error("the board does not say that all is dealt")
	}
	if page := f.page("agent", "/forms"); !strings.Contains(page, "ID-1") || !strings.Contains(page, "ID-2") {
		t.Error("the agent does not see the list")
	}
	if page := f.page("agent2", "/forms"); strings.Contains(page, "ID-1") {
		t.Error("another agent sees the list")
	}
}

func TestAListThatIsNoneIsRefused(t *testing.T) {
	f := newFloor(t)
	for name, one := range map[string]struct{ file, said string }{
		"old workbook": {"\xD0\xCF\x11\xE0 xls", "xls"},
		"no heading":   {"satu,dua\n1,2\n", "satu"},
		"too big":      {strings.Repeat("x", 1<<20), "1 MB"},
	} {
		w := f.upload("leader", "a.csv", one.file, nil)
		if w.Code != http.StatusSeeOther {
			t.Errorf("%s: %d", name, w.Code)
		}
		said := ""
		for _, c := range w.Result().Cookies() {
			if c.Name == "sapa-say" {
				said = c.Name + "=" + c.Value
			}
		}
		if page := f.page("leader", "/lead/ideas", said); !strings.Contains(body(page, "said", "div"), one.said) {
			t.Errorf("%s: %s", name, body(page, "said", "div"))
		}
	}
	if w := f.upload("agent", "a.csv", ideasList, nil); w.Code != http.StatusForbidden {
		t.Errorf("an agent uploads: %d", w.Code)
	}
}

// SOP 5.8.6: the agent sends, the leader sees it, downloads it and receives it.
func TestAFormIsSentAndReceived(t *testing.T) {
	f := newFloor(t)
	var row form.Row
	err := f.store.Write(context.Background(), func(tx *db.Tx) error {
		if err := staff.SetEmail(tx, staff.Console, f.ids["leader"], "tuti@rekaan.example"); err != nil {
			return err
		}
		b, _, err := form.NewBatch(tx, who.Actor{ID: int64(f.ids["leader"]), Role: who.Leader}, form.Batch{Kind: form.Ideas, Name: "Pagi", Digest: "d", Rows: 1})
		if err == nil {
			row, err = form.File(tx, who.Actor{ID: int64(f.ids["agent"]), Role: who.Agent}, form.Ideas, b.ID,
				form.Row{Ticket: 1, Turn: 1, Ref: "ID-1", Status: form.Contacted, Reason: form.FCR, Remarks: "=Normal kembali"})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	id := row.Form.String()
	if w := f.ask("leader", "GET", "/lead/forms/"+id, nil); w.Code != http.StatusNotFound {
		t.Errorf("a form that is being filled: %d", w.Code)
	}
	if !strings.Contains(f.page("agent", "/forms"), "=Normal kembali") {
		t.Error("the agent does not see the row")
	}
	f.ask("agent2", "POST", "/forms/"+id+"/send", nil)
	w := f.ask("agent", "POST", "/forms/"+id+"/send", nil)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/forms" {
		t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	if page := f.page("leader", "/lead"); !strings.Contains(body(page, "attention", "section"), "1 form Ideas menunggu diterima") {
		t.Error("the leader's seat does not say that a form has come")
	}
	if page := f.page("leader", "/lead/forms/"+id); !strings.Contains(page, "=Normal kembali") || tag(page, "receive") == "" {
		t.Error("the leader does not see the form")
	}
	for kind, begins := range map[string]string{"csv": "\ufeff", "xlsx": "PK"} {
		w := f.ask("leader", "GET", "/lead/forms/"+id+"/"+kind, nil)
		if w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), begins) || w.Header().Get("Content-Disposition") != `attachment; filename="ideas-agent-v1.`+kind+`"` {
			t.Errorf("%s: %d %q", kind, w.Code, w.Header().Get("Content-Disposition"))
		}
	}
	if w := f.ask("leader", "GET", "/lead/forms/"+id+"/exe", nil); w.Code != http.StatusNotFound {
		t.Errorf("exe: %d", w.Code)
	}
	f.ask("leader", "POST", "/lead/forms/"+id+"/receive", nil)
	if page := f.page("agent", "/forms"); !strings.Contains(page, "diterima") {
		t.Error("the agent does not see that it was received")
	}
	// The letter is a task for people here: about no ticket, and yet in the list of its maker and of the leader.
	var letters []outbox.Promise
	if err := f.store.Read(context.Background(), func(tx *db.Tx) (err error) {
		letters, err = outbox.List(tx, outbox.Filter{App: outbox.Mail})
		return err
	}); err != nil || len(letters) != 1 {
		t.Fatalf("%d letters, %v", len(letters), err)
	}
	for login, sees := range map[string]bool{"agent": true, "agent2": false, "leader": true, "admin": true} {
		if strings.Contains(f.page(login, "/outbox"), "task-"+letters[0].ID.String()) != sees {
			t.Errorf("%s: the letter is there: %v", login, !sees)
		}
	}
	f.ask("agent2", "POST", "/outbox/"+letters[0].ID.String()+"/done", nil)
	if f.promise(letters[0].ID).State != outbox.Open {
		t.Error("another agent settled the letter")
	}
	f.ask("leader", "POST", "/outbox/"+letters[0].ID.String()+"/done", nil)
	if f.promise(letters[0].ID).State != outbox.Done {
		t.Error("the leader cannot settle the letter")
	}
}

// SOP 5.6.2: the Force Close form leaves as a sheet.
func TestTheForceCloseFormIsExported(t *testing.T) {
	f := newFloor(t)
	err := f.store.Write(context.Background(), func(tx *db.Tx) error {
		_, err := form.File(tx, who.Actor{ID: int64(f.ids["agent"]), Role: who.Agent}, form.ForceClose, 0, form.Row{Ticket: 1, Turn: 1, TicketNo: "IN00000001", Status: form.ContactOpen})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	day := f.clock.Now().Format("2006-01-02")
	w := f.ask("leader", "GET", "/lead/force-close/csv?from="+day+"&until="+day, nil)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "IN00000001;") || !strings.Contains(w.Body.String(), "contacted open;Orang agent") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for _, days := range []string{"", "?from=x&until=y", "?from=2026-11-23&until=2026-11-01", "?from=2020-01-01&until=2026-11-01"} {
		if w := f.ask("leader", "GET", "/lead/force-close/csv"+days, nil); w.Code != http.StatusSeeOther {
			t.Errorf("%q: %d", days, w.Code)
		}
	}
}
