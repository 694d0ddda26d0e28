package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// A trouble ticket is found by its number and its service, with its state and its telephone masked; its ticket of the queue
// shows to who may see that one, and leads to the desk of who has it in hand.
func TestAPageFindsTroubleTickets(t *testing.T) {
	f := newFloor(t)
	intake := typed()
	intake.Set("service_no", "152999000150")
	if w := f.ask("tier1", "POST", "/intake", intake); w.Code != http.StatusSeeOther {
		t.Fatalf("sending: %d", w.Code)
	}
	f.ask("agent", "POST", "/desk/next", nil)
	var held db.ID
	if err := f.store.Read(context.Background(), func(tx *db.Tx) error {
		return tx.Row(`SELECT ticket FROM hold WHERE agent = $1`, f.ids["agent"]).Scan(&held)
	}); err != nil {
		t.Fatal(err)
	}
	one := f.seen(held)
	var no string
	err := f.store.Write(context.Background(), func(tx *db.Tx) error {
		made, _, err := trouble.Open(tx, who.House, trouble.New{ServiceNo: one.ServiceNo, Service: "internet", Symptom: "tbc", ContactName: "Ibu Contoh", ContactMobile: "08999001234",
			HardComplaint: "ramah", Urgency: "normal", FCR: "no", Description: "Tidak bisa connect.", SourceTicket: held})
		no = made.No
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{no, strings.ToLower(no), one.ServiceNo} {
		page := f.ask("agent", "POST", "/search", url.Values{"q": {q}}).Body.String()
		row := body(page, "fault-"+no, "li")
		if !strings.Contains(row, "ANALYSIS") || !strings.Contains(row, one.Ref) || tag(page, "open-"+no) == "" || strings.Contains(row, "9001234") {
			t.Errorf("%q: %s", q, row)
		}
	}
	row := body(f.ask("agent2", "POST", "/search", url.Values{"q": {no}}).Body.String(), "fault-"+no, "li")
	if !strings.Contains(row, no) || strings.Contains(row, one.Ref) || strings.Contains(row, "/desk") {
		t.Errorf("another agent sees %s", row)
	}
	if _, err := ticket.Fill(context.Background(), f.store, 100); err != nil {
		t.Fatal(err)
	}
	judges := f.ask("quality", "POST", "/search", url.Values{"q": {one.ServiceNo}}).Body.String() // trust.md, access: quality judges work, not people
	if row := body(judges, "fault-"+no, "li"); !strings.Contains(row, "I••• C•••") || strings.Contains(judges, "Contoh") || strings.Contains(judges, one.ContactName) {
		t.Errorf("quality sees %s", row)
	}
	if page := f.ask("quality", "POST", "/search", url.Values{"q": {one.ContactName}}).Body.String(); strings.Contains(page, one.Ref) {
		t.Error("quality finds a ticket by a name that they may not read")
	}
	if page := f.ask("agent", "POST", "/search", url.Values{"q": {one.ContactName}}).Body.String(); !strings.Contains(page, one.Ref) {
		t.Error("who may read the name finds nothing by it")
	}
}
