package api_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/phone"
	"sapa/internal/who"
)

const (
	cpOne = phone.Number("+6289990001111")
	cpTwo = phone.Number("+6289990002222")
)

// sekar is an invented customer with something of everything.
func (f *floor) sekar() (c customer.Customer) {
	f.t.Helper()
	err := f.store.Write(context.Background(), func(tx *db.Tx) (err error) {
		c, err = customer.Put(tx, customer.Customer{Name: "Sekar Lestari", Class: customer.Gold, Address: "Jl. Rekaan No. 7", City: "Malang", Zone: "Asia/Jakarta", Phone: cpOne,
			NCLI: "53001234", Invented: true}, []customer.Service{{No: "152999000001", Kind: customer.Internet, Package: "50 Mbps"}})
		if err != nil {
			return err
		}
		if err := customer.PutContact(tx, c.ID, customer.Contact{Phone: cpTwo, Name: "Tirta Lestari", Relation: "suami"}); err != nil {
			return err
		}
		if _, err := customer.Died(tx, who.House, c.ID, cpOne, customer.Death{How: customer.Told}); err != nil {
			return err
		}
		b, _, err := customer.PutBill(tx, c.ID, customer.Bill{ServiceNo: "152999000001", Period: "2026-10", Amount: 385_000, DueAt: tx.Now.Add(-10 * 24 * time.Hour)})
		if err != nil {
			return err
		}
		if _, err := customer.Pay(tx, b.ID, customer.Payment{Ref: "P1", Amount: 85_000, At: tx.Now.Add(-time.Hour), Place: "Bank rekaan"}); err != nil {
			return err
		}
		if err := customer.PutOrder(tx, customer.Order{No: "SC12345678", Customer: c.ID, Kind: customer.Modify, ServiceNo: "152999000001", State: "open", OrderedAt: tx.Now.Add(-2 * time.Hour)}); err != nil {
			return err
		}
		return customer.PutSelfCare(tx, customer.SelfCare{No: "MYINX-1764000000001", Customer: c.ID, ServiceNo: "152999000001", Kind: "logic", State: "open", OpenedAt: tx.Now.Add(-3 * time.Hour)})
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return c
}

func hits(a said, kind string) (all []map[string]any) {
	for _, h := range a.json["hits"].([]any) {
		if one := h.(map[string]any); one["kind"] == kind {
			all = append(all, one[kind].(map[string]any))
		}
	}
	return all
}

// SOP 5.1.1, 5.1.2, 5.1.3, 5.1.13: a customer is found by whole numbers and read with everything the house knows, each role
// with its own mask.
func TestACustomerIsFoundAndReadThroughTheAPI(t *testing.T) {
	onFloor(t, func(f *floor) {
		c := f.sekar()
		find := func(role who.Role, q string) []map[string]any {
			t.Helper()
			return hits(f.ok(200, role, "POST", "/search", fmt.Sprintf(`{"q":%q,"kinds":["customer"]}`, q)), "customer")
		}
		for _, q := range []string{"152999000001", "0899-9000-2222", "53001234", "lestari sek"} {
			if got := find(who.Tier1, q); len(got) != 1 || got[0]["id"] != c.ID.String() || strings.Contains(got[0]["phone"].(string), "1111") {
				t.Errorf("%s: %v", q, got)
			}
		}
		for _, q := range []string{"15299900000", "0899900022", "5300123"} { // a part of a number leads to nobody
			if got := find(who.Tier1, q); len(got) != 0 {
				t.Errorf("%s: %v", q, got)
			}
		}
		if got := find(who.Quality, "lestari"); len(got) != 0 {
			t.Errorf("who reads no names looks for none: %v", got)
		}
		if got := find(who.Quality, "152999000001"); len(got) != 1 || got[0]["name"] != "S••• L•••" {
			t.Errorf("quality: %v", got)
		}
		if got := find(who.Agent, "152999000001"); len(got) != 0 {
			t.Errorf("an agent without a ticket of hers: %v", got)
		}
		path := "/customers/" + c.ID.String()
		f.refused(404, "missing", "", who.Agent, "GET", path, "")
		f.refused(404, "missing", "", who.Tier1, "GET", "/customers/4", "")
		f.refused(422, "invalid", "after", who.Tier1, "GET", path+"?after=x", "")

		a := f.ok(200, who.Tier1, "GET", path, "").json
		if a["name"] != "Sekar Lestari" || a["address"] != "Jl. Rekaan No. 7" || a["ncli"] != "53001234" || a["prospect"] != false || fmt.Sprint(a["masked"]) != "[phone]" {
			t.Errorf("%v", a)
		}
		contacts := a["contacts"].([]any)
		one, dead := contacts[0].(map[string]any), contacts[1].(map[string]any)
		if one["phone"] != cpTwo.Masked() || one["valid"] != true || one["relation"] != "suami" || dead["valid"] != false || dead["dead"].(map[string]any)["how"] != "told" {
			t.Errorf("%v", contacts)
		}
		if i := a["isolir"].(map[string]any); i["state"] != "warning" || i["overdue"] != 300_000.0 {
			t.Errorf("%v", i)
		}
		var kinds []string
		for _, h := range a["timeline"].([]any) {
			kinds = append(kinds, h.(map[string]any)["kind"].(string))
		}
		if fmt.Sprint(kinds) != "[payment order self-care]" {
			t.Errorf("%v", kinds)
		}
		q := f.ok(200, who.Quality, "GET", path, "")
		for _, secret := range []string{"Sekar", "Tirta", "Rekaan No", "53001234", "385000", "85000", cpOne.Print(), cpTwo.Print()} {
			if strings.Contains(string(q.body), secret) {
				t.Errorf("quality reads %s: %s", secret, q.body)
			}
		}
		if fmt.Sprint(q.json["masked"]) != "[address amount name ncli phone]" {
			t.Errorf("%v", q.json["masked"])
		}

		if fmt.Sprint(a["outside"], a["outside_reports"]) != "[] []" {
			t.Errorf("of nobody outside: %v %v", a["outside"], a["outside_reports"])
		}
		err := f.store.Write(context.Background(), func(tx *db.Tx) error { // SOP 5.2.10.check: what other systems said, and when
			_, err := customer.Learn(tx, customer.Word{Reports: []customer.Report{{Source: "nossa-pusat", Application: "nossa", No: "IN60000001", ServiceNo: "152999000001", State: "held", Open: true}}},
				customer.Learning{Customer: c.ID})
			if err != nil {
				return err
			}
			return customer.PutReadings(tx, customer.SubjectOf(c.ID, ""), []customer.Reading{{Source: "nossa-pusat", Application: "nossa", Outcome: customer.Read}, {Source: "sc", Application: "starclick", Outcome: "late"}})
		})
		if err != nil {
			t.Fatal(err)
		}
		a = f.ok(200, who.Tier1, "GET", path, "").json
		if got := a["outside_reports"].([]any); len(got) != 1 || got[0].(map[string]any)["state"] != "held" {
			t.Errorf("%v", got)
		}
		if got := a["outside"].([]any); len(got) != 2 || got[0].(map[string]any)["read_at"] == nil || got[1].(map[string]any)["read_at"] != nil || got[1].(map[string]any)["outcome"] != "late" {
			t.Errorf("%v", got)
		}

		id := f.ticket("CB-1", `,"service_no":"152999000001"`)
		f.ok(200, who.Agent, "POST", "/work/next", `{"campaigns":["callback"]}`)
		a = f.ok(200, who.Agent, "GET", path, "").json
		if open := a["tickets"].([]any); len(open) != 1 || open[0].(map[string]any)["id"] != id {
			t.Errorf("open: %v", open)
		}
		if got := find(who.Agent, "152999000001"); len(got) != 1 {
			t.Errorf("with her ticket: %v", got)
		}
		first := f.ok(200, who.Agent, "GET", path+"?limit=1", "").json
		var walked []string
		for page := first; ; {
			for _, h := range page["timeline"].([]any) {
				walked = append(walked, h.(map[string]any)["kind"].(string))
			}
			if page["next"] == nil {
				break
			}
			page = f.ok(200, who.Agent, "GET", path+"?limit=1&after="+page["next"].(string), "").json
		}
		if fmt.Sprint(walked) != "[ticket payment order self-care]" {
			t.Errorf("page by page: %v", walked)
		}
	})
}

// trust.md, access: what is masked is shown for 15 seconds, with a reason, and the journal keeps who looked and never at what number.
func TestARevealIsGivenWithAReasonAndJournaled(t *testing.T) {
	onFloor(t, func(f *floor) {
		c := f.sekar()
		path := "/customers/" + c.ID.String()
		f.ticket("CB-1", `,"service_no":"152999000001"`)
		f.ok(200, who.Agent, "POST", "/work/next", `{"campaigns":["callback"]}`)
		contact := f.ok(200, who.Agent, "GET", path, "").json["contacts"].([]any)[0].(map[string]any)["id"].(string)
		ask := func(rest string) string { return fmt.Sprintf(`{"field":"phone","contact":%q%s}`, contact, rest) }
		f.refused(403, "forbidden", "", who.Quality, "POST", path+"/reveal", ask(`,"reason":"verify"`))
		f.refused(403, "forbidden", "", who.Tier1, "POST", path+"/reveal", ask(`,"reason":"verify"`))
		f.refused(422, "invalid", "reason", who.Agent, "POST", path+"/reveal", ask(``))
		f.refused(422, "invalid", "reason", who.Agent, "POST", path+"/reveal", ask(`,"reason":"curious"`))
		f.refused(422, "invalid", "note", who.Agent, "POST", path+"/reveal", ask(`,"reason":"other"`))
		f.refused(422, "invalid", "contact", who.Agent, "POST", path+"/reveal", `{"field":"phone","reason":"verify"}`)
		f.refused(404, "missing", "", who.Agent, "POST", path+"/reveal", `{"field":"phone","contact":"9","reason":"verify"}`)
		f.refused(422, "invalid", "field", who.Agent, "POST", path+"/reveal", `{"field":"amount","reason":"verify"}`)
		a := f.ok(200, who.Agent, "POST", path+"/reveal", ask(`,"reason":"other","note":"pelanggan meminta dibacakan"`)).json
		until, err := time.Parse(time.RFC3339, a["until"].(string))
		if err != nil || a["value"] != cpTwo.Print() || !until.Equal(f.clock.Now().Add(15*time.Second)) {
			t.Errorf("%v, %v", a, err)
		}
		if a := f.ok(200, who.Leader, "POST", path+"/reveal", `{"field":"address","reason":"complaint"}`).json; a["value"] != "Jl. Rekaan No. 7" {
			t.Errorf("%v", a)
		}
		err = f.store.Read(context.Background(), func(tx *db.Tx) error {
			n := 0
			err := tx.Each(`SELECT act, kind, data FROM journal WHERE act = 'customer.revealed'`, nil, func(s db.Scanner) error {
				var act, kind, data string
				n++
				err := s.Scan(&act, &kind, &data)
				if strings.Contains(data, cpTwo.Print()) || strings.Contains(data, "dibacakan") || strings.Contains(data, "Rekaan") || !strings.Contains(data, c.ID.String()) {
					t.Errorf("the journal says %s", data)
				}
				return err
			})
			if n != 2 {
				t.Errorf("%d looks in the journal", n)
			}
			var kept int
			if err == nil {
				err = tx.Row(`SELECT count(*) FROM answered WHERE CAST(body AS /*pg: TEXT*/ /*lite: TEXT*/) LIKE '%' || $1 || '%'`, cpTwo.Print()).Scan(&kept)
			}
			if kept != 0 {
				t.Error("an answer kept the number")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for range 59 {
			f.ok(200, who.Agent, "POST", path+"/reveal", ask(`,"reason":"verify"`))
		}
		f.refused(503, "busy", "", who.Agent, "POST", path+"/reveal", ask(`,"reason":"verify"`))
		f.ok(200, who.Leader, "POST", path+"/reveal", ask(`,"reason":"verify"`))
		again := call{method: "POST", path: "/api/v1" + path + "/reveal", token: f.tokens[who.Leader], key: "sekali", body: ask(`,"reason":"call"`)}
		one, two := f.do(again), f.do(again)
		if one.status != 200 || string(one.body) != string(two.body) {
			t.Errorf("the same key: %s, %s", one.body, two.body)
		}
		f.clock.Advance(15 * time.Second)
		if late := f.do(again); late.status != 409 || strings.Contains(string(late.body), cpTwo.Print()) {
			t.Errorf("after its time: %d %s", late.status, late.body)
		}
	})
}
