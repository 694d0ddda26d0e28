package api_test

import (
	"testing"
	"time"

	"sapa/internal/who"
)

// SOP 5.1.12: a device is read and asked through the API: by an agent for the customer in hand, by a leader, confirmed, one thing
// at a time, once for a key; without an ACS a person says how it went.
func TestADeviceIsAsked(t *testing.T) {
	onFloor(t, func(f *floor) {
		const no, secret = "152999000151", "kata-sandi-rahasia"
		path := "/devices/" + no
		f.refused(404, "missing", "service_no", who.Agent, "GET", path, "")
		f.refused(422, "invalid", "service_no", who.Agent, "GET", "/devices/99", "")
		put := f.ok(200, who.Feed, "PUT", path, `{"acs_id":"202BC1-BM632w-1","model":"BM632w","serial":"1","ssid":"Rumah","last_inform":"2026-11-23T08:00:00+07:00"}`)
		if put.json["last_inform"] != "2026-11-23T08:00:00+07:00" || put.json["by_hand"] != true || len(put.json["actions"].([]any)) != 0 {
			t.Errorf("%s", put.body)
		}
		f.refused(422, "invalid", "last_inform", who.Feed, "PUT", path, `{"last_inform":"2027-11-23T08:00:00+07:00"}`)
		f.refused(409, "conflict", "service_no", who.Agent, "POST", path+"/actions", `{"kind":"reboot","confirm":"reboot"}`) // not in hand
		for field, body := range map[string]string{"confirm": `{"kind":"reboot","confirm":"wifi"}`, "again": `{"kind":"factory-reset","confirm":"factory-reset","again":"1"}`,
			"kind": `{"kind":"format","confirm":"format"}`, "ssid": `{"kind":"wifi","confirm":"wifi"}`, "password": `{"kind":"wifi","confirm":"wifi","password":"` + secret + `"}`} {
			f.refused(422, "invalid", field, who.Leader, "POST", path+"/actions", body)
		}
		ask := call{method: "POST", path: "/api/v1" + path + "/actions", token: f.tokens[who.Leader], key: "sekali", body: `{"kind":"wifi","confirm":"wifi","ssid":"Baru","set_password":"yes"}`}
		first, again := f.do(ask), f.do(ask)
		if first.status != 202 || first.json["state"] != "asked" || first.json["password_set"] != true || string(again.body) != string(first.body) {
			t.Fatalf("%s then %s", first.body, again.body)
		}
		f.refused(409, "conflict", "service_no", who.Leader, "POST", path+"/actions", `{"kind":"reboot","confirm":"reboot"}`)
		settle := path + "/actions/" + first.json["id"].(string) + "/settle"
		f.refused(422, "invalid", "result", who.Leader, "POST", settle, `{"result":"maybe"}`)
		f.refused(422, "invalid", "why", who.Leader, "POST", settle, `{"result":"failed"}`)
		f.refused(404, "missing", "", who.Leader, "POST", "/devices/152999000152/actions/"+first.json["id"].(string)+"/settle", `{"result":"done"}`)
		if a := f.ok(200, who.Agent, "POST", settle, `{"result":"done"}`); a.json["state"] != "done" || a.json["settled_at"] == nil {
			t.Errorf("%s", a.body)
		}
		f.refused(409, "conflict", "", who.Agent, "POST", settle, `{"result":"failed","why":"mati"}`)
		f.clock.Advance(time.Minute)
		if d := f.ok(200, who.Quality, "GET", path, ""); d.json["ssid"] != "Baru" || len(d.json["actions"].([]any)) != 1 {
			t.Errorf("%s", d.body)
		}
	})
}
