package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/phone"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// SOP 5.1.1, 5.1.2, 5.1.3: the customer of the ticket in hand is one key away, masked; a reveal answers the value alone and the page
// never has it; an agent without such a ticket finds nobody there.
func TestTheCustomersPage(t *testing.T) {
	f := newFloor(t)
	number := phone.Number("+6289990011111")
	var c customer.Customer
	var contact db.ID
	err := f.store.Write(context.Background(), func(tx *db.Tx) (err error) {
		c, err = customer.Put(tx, customer.Customer{Name: "Sekar Rekaan", Class: customer.Gold, Address: "Jl. Uji No. 7", City: "Malang", Zone: "Asia/Jakarta", Phone: number, NCLI: "53001234", Invented: true},
			[]customer.Service{{No: "152999000001", Kind: customer.Internet, Package: "50 Mbps"}})
		if err != nil {
			return err
		}
		b, _, err := customer.PutBill(tx, c.ID, customer.Bill{Period: "2026-10", Amount: 385_000, DueAt: tx.Now.Add(-20 * 24 * time.Hour)})
		if err != nil {
			return err
		}
		if _, err := customer.Pay(tx, b.ID, customer.Payment{Ref: "P1", Amount: 100_000, At: tx.Now.Add(-time.Hour)}); err != nil {
			return err
		}
		if err := customer.PutOrder(tx, customer.Order{No: "SC12345678", Customer: c.ID, Kind: customer.Install, State: "open", OrderedAt: tx.Now.Add(-time.Hour)}); err != nil {
			return err
		}
		all, err := customer.Contacts(tx, c.ID)
		if err != nil {
			return err
		}
		contact = all[0].ID
		_, _, err = ticket.Open(tx, who.House, ticket.New{Campaign: "callback", Ref: "CB-1", Customer: c.ID, ServiceNo: "152999000001", ContactName: "Sekar Rekaan", Note: "Internet Bu Sekar mati",
			Contacts: []ticket.Contact{{Phone: number}}, Zone: "Asia/Jakarta", Source: "practice"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	path := "/customers/" + c.ID.String()
	if w := f.ask("agent", "GET", path, nil); w.Code != http.StatusNotFound {
		t.Errorf("without a ticket of hers: %d", w.Code)
	}
	f.ask("agent", "POST", "/desk/next", url.Values{"key": {"k1"}})
	if desk := f.page("agent", "/desk"); !strings.Contains(desk, path) {
		t.Error("the desk does not lead to the customer")
	}
	page := f.page("agent", path)
	for _, has := range []string{"Sekar Rekaan", "Peringatan isolir", "Rp 285.000", "SC12345678", "152999000001", number.Masked(), `href="/desk" data-key="Escape"`, "Pembayaran Rp 100.000", "CB-1"} {
		if !strings.Contains(page, has) {
			t.Errorf("the page has no %q", has)
		}
	}
	reveal := func(login, reason string) (int, string) {
		w := f.ask(login, "POST", path+"/reveal", url.Values{"what": {"phone:" + contact.String()}, "reason": {reason}})
		return w.Code, w.Body.String()
	}
	if code, said := reveal("agent", "verify"); code != http.StatusOK || said != number.Print() {
		t.Errorf("%d %q", code, said)
	}
	if code, said := reveal("agent", ""); code == http.StatusOK || strings.Contains(said, number.Print()) {
		t.Errorf("without a reason: %d %q", code, said)
	}
	if code, _ := reveal("agent2", "verify"); code != http.StatusNotFound {
		t.Errorf("another agent: %d", code)
	}
	if code, _ := reveal("quality", "verify"); code != http.StatusForbidden {
		t.Errorf("quality: %d", code)
	}
	if page = f.page("agent", path); strings.Contains(page, number.Print()) || strings.Contains(page, number.Full()) {
		t.Error("the page keeps what was revealed")
	}
	quality := f.page("quality", path)
	for _, secret := range []string{"Sekar", "Jl. Uji", "53001234", "385.000"} {
		if strings.Contains(quality, secret) {
			t.Errorf("quality reads %q", secret)
		}
	}
	if w := f.ask("tier1", "POST", "/search", url.Values{"q": {"53001234"}}); !strings.Contains(w.Body.String(), path) {
		t.Error("a search does not lead to the customer")
	}
}
