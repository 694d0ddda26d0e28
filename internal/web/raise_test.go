package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/ticket"
)

func (f *floor) seen(id db.ID) (t ticket.Ticket) {
	f.t.Helper()
	if err := f.store.Read(context.Background(), func(tx *db.Tx) (err error) { t, err = ticket.Get(tx, id); return err }); err != nil {
		f.t.Fatal(err)
	}
	return t
}

// decisions.md 1: a leader raises what they find and what waits; nobody else gets the button, and what is raised says until when.
func TestALeaderRaisesWhatTheyFound(t *testing.T) {
	f := newFloor(t)
	if w := f.ask("tier1", "POST", "/intake", typed()); w.Code != http.StatusSeeOther {
		t.Fatalf("sending: %d", w.Code)
	}
	var id db.ID
	err := f.store.Read(context.Background(), func(tx *db.Tx) error {
		return tx.Row(`SELECT id FROM ticket`).Scan(&id)
	})
	if err != nil {
		t.Fatal(err)
	}
	one := f.seen(id)
	find := func(login string) string {
		t.Helper()
		w := f.ask(login, "POST", "/search", url.Values{"q": {one.Ref}})
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), one.Ref+"</span>") {
			t.Fatalf("%s does not find %s: %d", login, one.Ref, w.Code)
		}
		return w.Body.String()
	}
	button, door := `id="raise-`+id.String()+`"`, "/lead/tickets/"+id.String()+"/raise"
	if !strings.Contains(find("leader"), button) || strings.Contains(find("tier1"), button) || strings.Contains(find("admin"), button) {
		t.Error("the leader gets the button, and only they do")
	}
	if w := f.ask("tier1", "POST", door, nil); w.Code != http.StatusForbidden {
		t.Errorf("Tier 1 raised: %d", w.Code)
	}
	form := url.Values{"key": {"sekali"}}
	for range 2 { // pressed twice
		w := f.ask("leader", "POST", door, form)
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/lead" || len(w.Result().Cookies()) != 1 {
			t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
		}
		cookie := w.Result().Cookies()[0]
		if page := f.page("leader", "/lead", cookie.Name+"="+cookie.Value); !strings.Contains(page, "didahulukan selama 2 jam") {
			t.Error("the seat does not say that it is done")
		}
	}
	if raised := f.seen(id); raised.Rank != ticket.RankRaised || raised.Version != one.Version+1 {
		t.Errorf("raised %+v", raised)
	}
	if page := find("leader"); strings.Contains(page, button) || !strings.Contains(page, "didahulukan s.d. ") {
		t.Error("what is raised does not say so")
	}
	f.ask("agent", "POST", "/desk/next", url.Values{})
	if page := find("leader"); strings.Contains(page, button) || strings.Contains(page, "didahulukan") || f.seen(id).State != ticket.Claimed {
		t.Error("what is in a hand can be raised")
	}
	w := f.ask("leader", "POST", door, nil)
	cookie := w.Result().Cookies()[0]
	if page := f.page("leader", "/lead", cookie.Name+"="+cookie.Value); !strings.Contains(page, "Hanya tiket yang sedang menunggu") {
		t.Error("the refusal is not said")
	}
}
