package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/phone"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// SOP 5.2.4.longest: whose own queue is empty is offered the longest one, and the leader sees who helps.
func TestAnEmptyDeskOffersToHelp(t *testing.T) {
	f := newFloor(t)
	leader := who.Actor{ID: int64(f.ids["leader"]), Role: who.Leader}
	err := f.store.Write(context.Background(), func(tx *db.Tx) error {
		if err := staff.SetCampaigns(tx, leader, f.ids["agent"], []string{"callback"}); err != nil {
			return err
		}
		_, _, err := ticket.Open(tx, leader, ticket.New{Campaign: "fresh-lapul", Ref: "SP-1", ServiceNo: "152999000001", Zone: "Asia/Jakarta", Source: "feed",
			Contacts: []ticket.Contact{{Phone: phone.Number("+6289990001001")}}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	page := f.page("agent", "/desk")
	if !strings.Contains(tag(page, "help"), `data-key="b"`) || !strings.Contains(page, "Antrean terlama: Fresh Lapul, 1 menunggu") || tag(page, "take") != "" {
		t.Error("an empty desk does not offer the longest queue")
	}
	if page := f.page("agent", "/desk", "sapa-lang=en"); !strings.Contains(page, "Help Fresh Lapul") || !strings.Contains(page, "Longest queue: Fresh Lapul") {
		t.Error("it is not offered in English")
	}
	if tag(f.page("agent2", "/desk"), "help") != "" {
		t.Error("who works everything is offered to help")
	}
	if w := f.ask("tier1", "POST", "/desk/help", url.Values{}); w.Code != http.StatusForbidden {
		t.Errorf("Tier 1 helps: %d", w.Code)
	}
	if strings.Contains(f.page("leader", "/lead"), ">membantu<") {
		t.Error("somebody is said to help")
	}
	if w := f.ask("agent", "POST", "/desk/help", url.Values{}); w.Header().Get("Location") != "/desk" {
		t.Fatalf("helping: %d to %q", w.Code, w.Header().Get("Location"))
	}
	if page := f.page("agent", "/desk"); !strings.Contains(page, `id="ref">SP-1`) || !strings.Contains(page, ">membantu<") {
		t.Error("the ticket is not in the hand, or does not say that it helps")
	}
	if !strings.Contains(f.page("leader", "/lead"), ">membantu<") {
		t.Error("the leader does not see who helps")
	}
}
