package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/document/documenttest"
	"sapa/internal/egress"
	"sapa/internal/outbox"
	"sapa/internal/phone"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// SOP 5.1.1, 5.1.2, 5.2.4.analyse: claiming a ticket and opening the customer's page say that the customer is needed, and wait for nobody; the pages
// show what is kept with its age, say plainly which outside system is away, and look again when there is news of the customer.
func TestThePagesShowHowOldTheyAre(t *testing.T) {
	f := newFloor(t)
	var needed []string
	f.seat.Need = func(id db.ID, no string, by db.ID) { needed = append(needed, fmt.Sprint(id, " ", no, " ", by)) }
	number := phone.Number("+6289990011111")
	var c customer.Customer
	write := func(act func(tx *db.Tx) error) {
		t.Helper()
		if err := f.store.Write(context.Background(), act); err != nil {
			t.Fatal(err)
		}
	}
	write(func(tx *db.Tx) (err error) {
		c, err = customer.Put(tx, customer.Customer{Name: "Sekar Rekaan", Class: customer.Gold, Zone: "Asia/Jakarta", Phone: number, NCLI: "53001234", Invented: true},
			[]customer.Service{{No: "152999000001", Kind: customer.Internet, Package: "50 Mbps"}, {No: "152999000001", Kind: customer.IPTV}})
		if err != nil {
			return err
		}
		_, err = customer.Learn(tx, customer.Word{NCLI: c.NCLI, Ended: []customer.Service{{No: "152999000001", Kind: customer.IPTV}},
			Reports: []customer.Report{{Source: "nossa-pusat", Application: "nossa", No: "IN60000001", ServiceNo: "152999000001", State: "inProgress", Open: true}}}, customer.Learning{Customer: c.ID})
		if err != nil {
			return err
		}
		err = customer.PutReadings(tx, customer.SubjectOf(c.ID, ""), []customer.Reading{{Source: "isiska", Application: "i-siska", Outcome: customer.Read},
			{Source: "tagihan", Application: "e-payment", Outcome: customer.Read}, {Source: "sc", Application: "starclick", Outcome: string(egress.Unreached)}})
		if err != nil {
			return err
		}
		_, _, err = ticket.Open(tx, who.House, ticket.New{Campaign: "callback", Ref: "CB-1", Customer: c.ID, ServiceNo: "152999000001", ContactName: "Sekar Rekaan", Note: "Internet mati",
			Contacts: []ticket.Contact{{Phone: number}}, Zone: "Asia/Jakarta", Source: "practice"})
		return err
	})
	f.clock.Advance(5 * time.Minute)
	write(func(tx *db.Tx) error {
		return customer.PutReadings(tx, customer.SubjectOf(c.ID, ""), []customer.Reading{{Source: "tagihan", Application: "e-payment", Outcome: string(egress.Late)}})
	})
	f.ask("agent", "POST", "/desk/next", url.Values{"key": {"k1"}})
	if want := fmt.Sprint(c.ID, " 152999000001 ", f.ids["agent"]); !slices.Equal(needed, []string{want}) {
		t.Errorf("needed %v", needed)
	}
	said := []string{"I-Siska per 09.00.", "E-payment tidak terbaca: tidak menjawab tepat waktu. Yang tampil per 09.00.", "Starclick tidak terbaca: tidak terhubung. Yang tampil hanya catatan sapa sendiri."}
	desk, page := f.page("agent", "/desk"), f.page("agent", "/customers/"+c.ID.String())
	for _, has := range said {
		if !strings.Contains(desk, has) || !strings.Contains(page, has) {
			t.Errorf("%q: on the desk %t, on the customer's page %t", has, strings.Contains(desk, has), strings.Contains(page, has))
		}
	}
	for _, has := range []string{`data-live-zone="customer"`, "IN60000001", "di Nossa", "berakhir, diketahui"} {
		if !strings.Contains(page, has) {
			t.Errorf("the page has no %q", has)
		}
	}
	if len(needed) != 2 || needed[1] != fmt.Sprint(c.ID, "  ", f.ids["agent"]) {
		t.Errorf("needed %v", needed)
	}
	f.clock.Advance(24 * time.Hour)
	if page = f.page("tier1", "/customers/"+c.ID.String()); !strings.Contains(page, "I-Siska per 23 Nov 2026 09.00.") {
		t.Error("an age of a day names no day")
	}
}

// SOP 5.2.10.check, A-10: on the trouble ticket's page a report that only Nossa keeps stands with its number, its state there and its age; the
// customer's words are asked for and sent, and no second ticket is opened.
func TestTheComplaintPageShowsTheirReport(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		h, path, _ := complaintSeat(t, s, c)
		h.web.Seat.Need = func(db.ID, string, db.ID) {}
		err := s.Write(context.Background(), func(tx *db.Tx) error {
			_, err := customer.Learn(tx, customer.Word{Reports: []customer.Report{{Source: "pusat", Application: "nossa", No: "IN60000001", ServiceNo: "122999000001", State: "inProgress", Open: true}}}, customer.Learning{})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		page, form := h.complaint(path)
		for _, has := range []string{"Di Nossa terbuka IN60000001, status inProgress (per 09.00).", "Sudah ada pelaporan", `name="a.customer_note"`} {
			if !strings.Contains(page, has) {
				t.Errorf("the page has no %q", has)
			}
		}
		if strings.Contains(page, `name="a.symptom"`) {
			t.Error("a second report is asked about")
		}
		if got := h.do("POST", path, form); got.status == http.StatusSeeOther || !strings.Contains(got.body, "pelaporan IN60000001") {
			t.Errorf("without words: %d %q", got.status, got.to)
		}
		_, form = h.complaint(path)
		form.Set("a.customer_note", "Masih mati")
		if got := h.do("POST", path, form); got.to != "/desk" {
			t.Errorf("with words: %d %q", got.status, got.to)
		}
		err = s.Read(context.Background(), func(tx *db.Tx) error {
			all, err := outbox.List(tx, outbox.Filter{App: "nossa"})
			if len(all) != 1 || all[0].Text != "Masih mati" {
				t.Errorf("%+v", all)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
