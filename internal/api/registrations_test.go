package api_test

import (
	"context"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/registration"
	"sapa/internal/who"
)

// SOP 2.c, A-05: an agent registers a prospect through the API while the network's data say what is free; the number of the
// order comes back, the telephone only masked; leaders and feeds say that it is installed.
func TestARegistrationThroughTheAPI(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.refused(403, "forbidden", "", who.Agent, "PUT", "/coverage", `{"odps":[]}`)
		f.ok(200, who.Feed, "PUT", "/coverage", `{"odps":[{"odp":"ODP-MLG-FA/01","ports":8,"used":7}]}`)
		f.refused(422, "invalid", "odp", who.Feed, "PUT", "/coverage", `{"odps":[{"odp":"MLG","ports":8,"used":7}]}`)
		f.ok(200, who.Admin, "PUT", "/packages", `{"packages":[{"code":"inet-50","name":"Internet 50 Mbps","price":315000},{"code":"lama","name":"Lama","price":1,"offered":false}]}`)
		if p := f.ok(200, who.Agent, "GET", "/packages", ""); len(p.json["packages"].([]any)) != 2 {
			t.Errorf("got %s", p.body)
		}
		if c := f.ok(200, who.Agent, "GET", "/coverage?sto=MLG", ""); c.json["free"] != 1.0 || c.json["known"] != true {
			t.Errorf("got %s", c.body)
		}
		f.refused(422, "invalid", "sto", who.Agent, "GET", "/coverage", "")

		const body = `{"name":"Calon Pelanggan","phone":"081200000001","address":"Jl. Kawi 1","package":"inet-50","sto":"MLG"}`
		made := f.ok(201, who.Agent, "POST", "/registrations", body)
		no, _ := made.json["no"].(string)
		if made.json["state"] != "ordered" || made.json["customer"] != nil || strings.Contains(string(made.body), "0812-0000") || strings.Contains(string(made.body), "081200000001") || made.json["price"] != 315000.0 {
			t.Errorf("got %s", made.body)
		}
		f.refused(409, "conflict", "package", who.Agent, "POST", "/registrations", body)
		f.refused(409, "conflict", "package", who.Agent, "POST", "/registrations", strings.Replace(body, "inet-50", "lama", 1))
		f.refused(409, "conflict", "source_ticket", who.Agent, "POST", "/registrations", strings.Replace(body, `"sto"`, `"source_ticket":"1","sto"`, 1))
		if w := f.ok(201, who.Tier1, "POST", "/registrations", strings.Replace(body, "Kawi 1", "Kawi 2", 1)); w.json["state"] != "waiting" {
			t.Errorf("got %s", w.body)
		}
		if l := f.ok(200, who.Quality, "GET", "/registrations?limit=1", ""); len(l.json["registrations"].([]any)) != 1 || l.json["next"] == nil {
			t.Errorf("got %s", l.body)
		}
		if l := f.ok(200, who.Quality, "GET", "/registrations?state=ordered", ""); len(l.json["registrations"].([]any)) != 1 || l.json["next"] != nil {
			t.Errorf("got %s", l.body)
		}
		f.refused(422, "invalid", "state", who.Quality, "GET", "/registrations?state=gone", "")
		for _, q := range []string{strings.ToLower(no), "0812-0000-0001"} {
			found := hits(f.ok(200, who.Quality, "POST", "/search", `{"q":"`+q+`","kinds":["registration"]}`), "registration")
			if len(found) == 0 || found[len(found)-1]["no"] != no || found[0]["name"] != "C••• P•••" || strings.Contains(found[0]["phone"].(string), "0001") {
				t.Errorf("%s finds %v", q, found)
			}
		}

		f.refused(403, "forbidden", "", who.Agent, "POST", "/registrations/"+no+"/moves", `{"move":"install"}`)
		f.refused(422, "invalid", "note", who.Agent, "POST", "/registrations/"+no+"/moves", `{"move":"cancel"}`)
		f.refused(409, "conflict", "", who.Feed, "POST", "/registrations/"+no+"/moves", `{"move":"install","version":7}`)
		if m := f.ok(200, who.Feed, "POST", "/registrations/"+no+"/moves", `{"move":"install","version":1}`); m.json["state"] != "installed" {
			t.Errorf("got %s", m.body)
		}
		if one := f.ok(200, who.Leader, "GET", "/registrations/"+no, ""); len(one.json["history"].([]any)) != 2 {
			t.Errorf("got %s", one.body)
		}
		f.refused(404, "missing", "", who.Leader, "GET", "/registrations/SC1", "")
	})
}

// SOP 2.c, 5.1.1: what a customer asked to register for, and what became of it, stands in the timeline, numbers masked.
func TestACustomersRegistrationsAreInTheTimeline(t *testing.T) {
	onFloor(t, func(f *floor) {
		c := f.sekar()
		f.ok(200, who.Leader, "PUT", "/packages", `{"packages":[{"code":"inet-50","name":"Internet 50 Mbps","price":315000}]}`)
		err := f.store.Write(context.Background(), func(tx *db.Tx) error {
			_, err := registration.Open(tx, who.House, registration.New{Customer: c.ID, Name: c.Name, Phone: string(cpTwo), Address: c.Address, Package: "inet-50", STO: "MLG", Note: "WA " + cpTwo.Print()})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		a := f.ok(200, who.Leader, "GET", "/customers/"+c.ID.String(), "")
		one := a.json["timeline"].([]any)[0].(map[string]any)
		if one["kind"] != "registration" || one["state"] != "waiting" || one["move"] != "request" || one["labels"].([]any)[0] != "Internet 50 Mbps" || strings.Contains(string(a.body), cpTwo.Print()) {
			t.Errorf("%v", one)
		}
	})
}
