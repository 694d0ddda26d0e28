package web_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"sapa/internal/control"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/phone"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// SOP 6: what is held says so where it is shown, with who placed the hold and why, to those who may see the register and nobody else.
func TestWhatIsHeldSaysSo(t *testing.T) {
	f := newFloor(t)
	number := phone.Number("+6289990011111")
	var c customer.Customer
	var fault trouble.Ticket
	err := f.store.Write(context.Background(), func(tx *db.Tx) (err error) {
		c, err = customer.Put(tx, customer.Customer{Name: "Sekar Rekaan", Class: customer.Gold, City: "Malang", Zone: "Asia/Jakarta", Phone: number, NCLI: "53001234", Invented: true},
			[]customer.Service{{No: "152999000001", Kind: customer.Internet, Package: "50 Mbps"}})
		if err != nil {
			return err
		}
		_, _, err = ticket.Open(tx, who.House, ticket.New{Campaign: "callback", Ref: "CB-1", Customer: c.ID, ServiceNo: "152999000001", ContactName: "Sekar Rekaan", Note: "Internet mati",
			Contacts: []ticket.Contact{{Phone: number}}, Zone: "Asia/Jakarta", Source: "practice"})
		if err != nil {
			return err
		}
		fault, _, err = trouble.Open(tx, who.House, trouble.New{ServiceNo: "152999000001", Service: "internet", Customer: c.ID, Symptom: "tbc", ContactName: "Sekar Rekaan", ContactMobile: "08999001234",
			HardComplaint: "ramah", Urgency: "normal", FCR: "no", Description: "Tidak bisa connect."})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	path, look := "/customers/"+c.ID.String(), url.Values{"q": {"152999000001"}}
	if page := f.page("quality", path); strings.Contains(page, `id="held"`) || strings.Contains(page, "ditahan") {
		t.Error("nothing is held, and the page says so")
	}
	quality := who.Actor{ID: int64(f.ids["quality"]), Role: who.Quality, Via: who.Page}
	var hold document.LegalHold
	err = f.store.Write(context.Background(), func(tx *db.Tx) (err error) {
		hold, err = control.Hold(tx, quality, document.HoldTrouble, fault.No, "Sengketa ganti rugi")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range pagePeople {
		login := string(role)
		may := staff.May(who.Actor{ID: 1, Role: role}, staff.ActReadRecords) == nil
		if staff.May(who.Actor{ID: 1, Role: role}, staff.ActReadCustomer) == nil && role != who.Agent { // hers is not in this agent's hand
			if page := f.page(login, path); may != (strings.Contains(body(page, "held", "ul"), "Sengketa ganti rugi")) || may != strings.Contains(page, "Orang quality") || strings.Contains(page, "ditahan") != may {
				t.Errorf("%s, who may see the register: %v, sees on the customer's page %q", login, may, body(page, "held", "ul"))
			}
		}
		if staff.May(who.Actor{ID: 1, Role: role}, staff.ActSearch) == nil {
			page := f.ask(login, "POST", "/search", look).Body.String()
			if role != who.Agent && !strings.Contains(page, fault.No) {
				t.Errorf("%s does not find the trouble ticket", login)
			}
			if row := body(page, "fault-"+fault.No, "li"); may != strings.Contains(row, "ditahan") || may != strings.Contains(page, "Sengketa ganti rugi") {
				t.Errorf("%s, who may see the register: %v, finds %q", login, may, row)
			}
		}
	}
	page := f.page("quality", path, "sapa-lang=en")
	if !strings.Contains(page, "on hold") || !strings.Contains(body(page, "open", "section"), "on hold") || !strings.Contains(body(page, "held", "ul"), fault.No) {
		t.Error("in English, at the ticket, or on what it was put")
	}
	err = f.store.Write(context.Background(), func(tx *db.Tx) (err error) {
		_, err = document.LiftHold(tx, quality, hold.ID, "Sengketa selesai")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if page := f.page("quality", path); strings.Contains(page, "ditahan") {
		t.Error("what was lifted still marks")
	}
}
