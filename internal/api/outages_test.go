package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sapa/internal/who"
)

// SOP 5.4: a leader declares and ends a mass outage through the API, once for a key, and is told the counts.
func TestAnOutageIsDeclaredAndEndedThroughTheAPI(t *testing.T) {
	onFloor(t, func(f *floor) {
		for i := range 4 {
			f.ok(200, who.Feed, "PUT", fmt.Sprintf("/lines/15299900030%d", i), `{"sto":"MLG","odp":"ODP-MLG-FA/01"}`)
		}
		var ids []string
		for i := range 3 {
			ids = append(ids, f.ticket(fmt.Sprint("CB-", i), fmt.Sprintf(`,"service_no":"15299900030%d"`, i)))
		}
		other := f.ticket("CB-9", `,"service_no":"152999000399"`)
		estimate := f.clock.Now().Add(2 * time.Hour).Format(time.RFC3339)
		ask := call{method: "POST", path: "/api/v1/outages", token: f.tokens[who.Leader], key: "gamas-1",
			body: fmt.Sprintf(`{"scope":{"sto":"MLG"},"reason":"Kabel laut putus (rekaan)","estimate":%q}`, estimate)}
		a := f.do(ask)
		if a.status != 201 || a.json["parked"] != 3.0 || a.json["services"] != 4.0 || a.json["phase"] != "parked" || a.json["parent"] == "" {
			t.Fatalf("%d %s", a.status, a.body)
		}
		if again := f.do(ask); string(again.body) != string(a.body) || again.status != 201 {
			t.Errorf("the same key again: %d %s", again.status, again.body)
		}
		ask.body = `{"scope":{"sto":["BTU"]},"reason":"lain"}`
		if again := f.do(ask); again.status != 422 {
			t.Errorf("the same key with another body: %d %s", again.status, again.body)
		}
		id := a.json["id"].(string)
		if list := f.ok(200, who.Agent, "GET", "/outages", "").json["outages"].([]any); len(list) != 1 {
			t.Errorf("%v", list)
		}
		f.ok(200, who.Tier1, "GET", "/outages/"+id, "")
		parked := f.ok(200, who.Admin, "GET", "/tickets/"+ids[0], "").json
		if parked["state"] != "parked" || parked["parked"].(map[string]any)["outage"] != id || parked["parked"].(map[string]any)["reason"] != "Kabel laut putus (rekaan)" {
			t.Errorf("%v", parked)
		}
		turn := f.ok(200, who.Agent, "POST", "/work/next", `{}`).json
		if got := turn["ticket"].(map[string]any)["id"]; got != other {
			t.Errorf("handed out %v", got)
		}
		f.ok(200, who.Agent, "POST", "/tickets/"+other+"/release", fmt.Sprintf(`{"lease":%q}`, turn["lease"].(map[string]any)["token"]))
		end := call{method: "POST", path: "/api/v1/outages/" + id + "/recover", token: f.tokens[who.Leader], key: "pulih", body: `{}`}
		b := f.do(end)
		if b.status != 200 || b.json["released"] != 3.0 || b.json["parked"] != 0.0 || b.json["phase"] != "released" || b.json["state"] != "recovered" {
			t.Fatalf("%d %s", b.status, b.body)
		}
		if again := f.do(end); string(again.body) != string(b.body) {
			t.Errorf("the same key again: %s", again.body)
		}
		if got := f.ok(200, who.Agent, "POST", "/work/next", `{}`).json["ticket"].(map[string]any)["id"]; got != ids[0] {
			t.Errorf("the oldest comes first: %v, want %s", got, ids[0])
		}
	})
}

func TestAnOutageThatSaysTooLittleIsRefusedByTheAPI(t *testing.T) {
	onFloor(t, func(f *floor) {
		for field, body := range map[string]string{
			"scope":    `{"reason":"Kabel putus"}`,
			"sto":      `{"reason":"Kabel putus","scope":{"sto":"Malang"}}`,
			"services": `{"reason":"Kabel putus","scope":{"services":["1"]}}`,
			"reason":   `{"scope":{"sto":"MLG"}}`,
			"estimate": `{"reason":"Kabel putus","scope":{"sto":"MLG"},"estimate":"2020-01-01T00:00:00Z"}`,
		} {
			f.refused(422, "invalid", field, who.Leader, "POST", "/outages", body)
		}
		f.refused(403, "forbidden", "", who.Agent, "POST", "/outages", `{"reason":"Kabel putus","scope":{"sto":"MLG"}}`)
		for _, none := range []string{"404", "x"} {
			f.refused(404, "missing", "", who.Leader, "POST", "/outages/"+none+"/recover", `{}`)
			f.refused(404, "missing", "", who.Leader, "GET", "/outages/"+none, "")
		}
	})
}

// SOP 5.1.2, 5.4: what a site may change of isolir and of the verification call: with its versions, by whom the policy
// names, and of two who change it at once the second is told.
func TestTheSitesRulesAreChanged(t *testing.T) {
	onFloor(t, func(f *floor) {
		for _, rule := range []struct {
			path, own, put, late string
			by                   who.Role
			field                string
			bad                  map[string]string
		}{
			{"/outage-rule", `"after_minutes":0`, `{"verify":"no","after_minutes":30,"version":0}`, `{"verify":"yes","version":0}`, who.Leader, "verify",
				map[string]string{"verify": `{"version":1}`, "after_minutes": `{"verify":"no","after_minutes":10081,"version":1}`, "version": `{"verify":"no"}`}},
			{"/isolir-rule", `"grace_days":3`, `{"grace_days":5,"version":0}`, `{"grace_days":7,"version":0}`, who.Admin, "grace_days",
				map[string]string{"grace_days": `{"version":1}`, "version": `{"grace_days":5}`, "more": `{"grace_days":5,"version":1,"more":1}`}},
		} {
			if a := f.ok(200, who.Agent, "GET", rule.path, ""); !strings.Contains(string(a.body), rule.own) || a.json["version"] != 0.0 || len(a.json["past"].([]any)) != 1 {
				t.Errorf("%s", a.body)
			}
			f.refused(403, "forbidden", "", who.Agent, "PUT", rule.path, rule.put)
			a := f.ok(200, rule.by, "PUT", rule.path, rule.put)
			if past := a.json["past"].([]any); a.json["version"] != 1.0 || a.json["changed_by"] == nil || len(past) != 2 || past[0].(map[string]any)[rule.field] != a.json[rule.field] {
				t.Errorf("%s", a.body)
			}
			f.refused(409, "conflict", "version", rule.by, "PUT", rule.path, rule.late)
			for field, body := range rule.bad {
				f.refused(422, "invalid", field, rule.by, "PUT", rule.path, body)
			}
			if a := f.ok(200, who.Agent, "GET", rule.path, ""); a.json["version"] != 1.0 {
				t.Errorf("%s", a.body)
			}
		}
		f.refused(403, "forbidden", "", who.Leader, "PUT", "/isolir-rule", `{"grace_days":5,"version":1}`)
	})
}

// SOP 5.2.10.s.button, 5.2.10.i.bnok: no technician is booked for one line of a mass outage, and a new fault there is a child of its ticket.
func TestAFaultOnAnAffectedLineIsAChildWithoutATechnician(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.lined("152999000141", "-20.5")
		f.lined("152999000142", "-20.5")
		day := f.clock.Now().AddDate(0, 0, 1)
		slot := f.ok(200, who.Leader, "PUT", "/slots", fmt.Sprintf(`{"slots":[{"sto":"MLG","from":%q,"until":%q,"capacity":3}]}`,
			day.Format(time.RFC3339), day.Add(2*time.Hour).Format(time.RFC3339))).json["slots"].([]any)[0].(map[string]any)["id"].(string)
		before := f.filed("152999000142", "")
		o := f.ok(201, who.Leader, "POST", "/outages", `{"scope":{"odc":["ODC-MLG-FX"]},"reason":"Kabel putus (rekaan)"}`)
		refused := f.refused(409, "conflict", "slot", who.Agent, "POST", "/trouble", complaint("152999000141", fmt.Sprintf(`,"slot":%q`, slot)))
		if refused.json["no"] != o.json["parent"] {
			t.Errorf("%s", refused.body)
		}
		hold := f.ok(201, who.Agent, "POST", "/slots/"+slot+"/holds", `{}`).json["id"].(string)
		f.refused(409, "conflict", "slot", who.Agent, "POST", "/holds/"+hold+"/confirm", fmt.Sprintf(`{"ref":%q}`, before))
		child := f.ok(201, who.Agent, "POST", "/trouble", complaint("152999000141", ""))
		if child.json["parent"] != o.json["parent"] || child.json["booking_status"] != "BNOK" {
			t.Errorf("%s", child.body)
		}
		end := f.ok(200, who.Leader, "POST", "/outages/"+o.json["id"].(string)+"/recover", `{}`)
		if end.json["children"] != 1.0 || end.json["completed"] != 1.0 || end.json["verifying"] != 1.0 {
			t.Errorf("%s", end.body)
		}
		if a := f.ok(200, who.Agent, "GET", "/trouble/"+child.json["no"].(string), ""); a.json["state"] != "CLOSED" {
			t.Errorf("%s", a.body)
		}
		if a := f.ok(200, who.Agent, "GET", "/trouble/"+before, ""); a.json["state"] == "CLOSED" {
			t.Errorf("a report from before the outage is not its child: %s", a.body)
		}
	})
}
