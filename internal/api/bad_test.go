package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"sapa/internal/api"
	"sapa/internal/db"
	"sapa/internal/outbox"
	"sapa/internal/staff"
	"sapa/internal/who"
)

// Every wrong way to call, at every door that changes something: a problem that says what, and where it can, the place.
func TestBadInputAtEveryDoor(t *testing.T) {
	onFloor(t, func(f *floor) {
		deep := func(n int) string { return strings.Repeat(`{"a":`, n) + `1` + strings.Repeat("}", n) }
		for _, r := range api.Routes() {
			if r.Open {
				continue
			}
			path := placed(r.Pattern)
			if r.Method == "GET" {
				if a := f.do(call{method: "GET", path: path + "?strange=1", token: f.tokens[r.Roles()[0]]}); a.status != 422 && a.status != 404 && a.status != 200 {
					f.t.Errorf("%s: %d %s", path, a.status, a.body)
				}
				continue
			}
			for _, c := range []struct {
				name, body, key string
				status          int
			}{
				{"63 levels", deep(63), "api.unknown-field", 422},
				{"64 levels", deep(64), "api.unknown-field", 422},
				{"65 levels", deep(65), "api.json-deep", 422},
				{"too large", `{"lease":"` + strings.Repeat("x", 1<<20) + `"}`, "api.too-large", 413},
				{"a key twice", `{"lease":"a","lease":"b"}`, "api.json-twice", 422},
				{"unknown field", `{"leese":"a"}`, "api.unknown-field", 422},
				{"trailing data", `{} {}`, "api.json-trailing", 422},
				{"a list", `[]`, "api.type", 422},
				{"a text", `"x"`, "api.type", 422},
				{"NaN", `{"lease":NaN}`, "api.json-broken", 422},
				{"Infinity", `{"lease":-Infinity}`, "api.json-broken", 422},
				{"not UTF-8", "{\"lease\":\"\xc3\x28\"}", "api.json-utf8", 422},
				{"NUL", `{"lease":"\u0000"}`, "api.json-nul", 422},
				{"half a surrogate", `{"lease":"\ud83d"}`, "api.json-utf8", 422},
				{"YAML", "lease: x", "api.json-broken", 422},
			} {
				a := f.do(call{method: r.Method, path: path, token: f.tokens[r.Roles()[0]], body: c.body})
				key := strings.TrimPrefix(fmt.Sprint(a.json["type"]), "urn:sapa:")
				needed := c.key == "api.unknown-field" && key == "api.needed" // what is missing may be told first
				if a.status != c.status || key != c.key && !needed {
					f.t.Errorf("%s %s, %s: %d %.300s", r.Method, path, c.name, a.status, a.body)
				}
			}
		}
	})
}

func TestOnlyJSONIsTaken(t *testing.T) {
	onFloor(t, func(f *floor) {
		for media, want := range map[string]int{"application/json": 201, "application/json; charset=utf-8": 200, "Application/JSON": 200, "text/plain": 415,
			"application/x-www-form-urlencoded": 415, "multipart/form-data; boundary=x": 415, "application/jsonp": 415, ";": 415, "application/json;": 200} {
			if want == 201 {
				f.ok(201, who.Feed, "POST", "/tickets", opening("CB-1", ""))
				continue
			}
			a := f.do(call{method: "POST", path: "/api/v1/tickets", token: f.tokens[who.Tier1], body: opening("CB-2", ""), media: media})
			if a.status == 201 {
				a.status = 200
			}
			if a.status != want {
				f.t.Errorf("%q: %d %s", media, a.status, a.body)
			}
		}
	})
}

func TestWrongMethodsAreToldWhatWorks(t *testing.T) {
	onFloor(t, func(f *floor) {
		methods := map[string]map[string]bool{}
		for _, r := range api.Routes() {
			if methods[r.Pattern] == nil {
				methods[r.Pattern] = map[string]bool{}
			}
			methods[r.Pattern][r.Method] = true
		}
		for pattern, known := range methods {
			for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"} {
				if known[method] {
					continue
				}
				a := f.do(call{method: method, path: placed(pattern), token: f.tokens[who.Admin]})
				if a.status != 405 || a.header.Get("Allow") == "" {
					f.t.Errorf("%s %s: %d %s", method, pattern, a.status, a.body)
				}
				for ok := range known {
					if !strings.Contains(a.header.Get("Allow"), ok) {
						f.t.Errorf("%s %s allows %q, not %s", method, pattern, a.header.Get("Allow"), ok)
					}
				}
			}
		}
		for _, path := range []string{"/api", "/api/", "/api/v1", "/api/v1/tickets/", "/api/v1/tickets/7/", "/api/v1/tickets/7/renew/x", "/api/v1/Tickets", "/api/openapi.json", "/livez/"} {
			if a := f.do(call{method: "GET", path: path, token: f.tokens[who.Admin]}); a.status != 404 || a.json["kind"] != "missing" {
				f.t.Errorf("%s: %d %s", path, a.status, a.body)
			}
		}
	})
}

// A refusal reads in the language that was asked for, and says the same field and clause in both.
func TestRefusalsSpeakBothLanguages(t *testing.T) {
	onFloor(t, func(f *floor) {
		path, lease := f.claimed(who.Agent, "CB-1")
		agent := f.tokens[who.Agent]
		for _, c := range []call{
			{method: "POST", path: "/api/v1" + path + "/finish", token: agent, body: fmt.Sprintf(`{"lease":%q}`, lease)},
			{method: "PUT", path: "/api/v1" + path + "/answers", token: agent, body: fmt.Sprintf(`{"lease":%q,"answers":{"status":"contacted"}}`, lease)},
			{method: "PUT", path: "/api/v1" + path + "/answers", token: agent, body: fmt.Sprintf(`{"lease":%q,"answers":{"mood":"x"}}`, lease)},
			{method: "PUT", path: "/api/v1" + path + "/answers", token: agent, body: fmt.Sprintf(`{"lease":%q,"answers":{},"draft":9}`, lease)},
			{method: "POST", path: "/api/v1" + path + "/renew", token: agent, body: `{"lease":"another"}`},
			{method: "POST", path: "/api/v1" + path + "/dial", token: agent, body: fmt.Sprintf(`{"lease":%q}`, lease)},
			{method: "POST", path: "/api/v1" + path + "/dial", token: agent, body: fmt.Sprintf(`{"lease":%q,"number":"12"}`, lease)},
			{method: "POST", path: "/api/v1" + path + "/attempts", token: agent, body: fmt.Sprintf(`{"lease":%q,"line":"shouted"}`, lease)},
			{method: "POST", path: "/api/v1" + path + "/undo", token: agent, body: `{}`},
			{method: "GET", path: "/api/v1/tickets/77", token: agent},
			{method: "GET", path: "/api/v1/tickets?state=open", token: agent},
			{method: "POST", path: "/api/v1/work/next", token: agent, body: `{"campaigns":["nossa"]}`},
			{method: "POST", path: "/api/v1/work/next", token: agent, body: `{"campaigns":["tidak-ada"]}`},
			{method: "POST", path: "/api/v1/work/next", token: f.tokens[who.Tier1], body: `{}`},
			{method: "POST", path: "/api/v1/work/next", token: "sapa_x", body: `{}`},
			{method: "POST", path: "/api/v1/work/next", token: agent, body: `{`},
			{method: "POST", path: "/api/v1/work/next", token: agent, body: `{}`, noKey: true},
			{method: "POST", path: "/api/v1/search", token: agent, body: `{"q":"ab"}`},
			{method: "POST", path: "/api/v1/search", token: agent, body: `{"q":"abc","kinds":["bills"]}`},
			{method: "POST", path: "/api/v1/tickets", token: f.tokens[who.Tier1], body: opening("CB-9", `,"criterion":"f"`)},
			{method: "POST", path: "/api/v1/outbox/77/done", token: agent, body: `{}`},
			{method: "POST", path: "/api/v1/trouble", token: agent, body: `{}`},
			{method: "POST", path: "/api/v1/trouble", token: agent, body: `{"service_no":"152999000199","service":"radio"}`},
			{method: "POST", path: "/api/v1/trouble", token: agent, body: `{"source_ticket":"x"}`},
			{method: "GET", path: "/api/v1/trouble/IN99999999", token: agent},
			{method: "POST", path: "/api/v1/trouble/IN99999999/moves", token: agent, body: `{"move":"resolve"}`},
			{method: "POST", path: "/api/v1/trouble/feed", token: f.tokens[who.Feed], body: `{}`},
			{method: "PUT", path: "/api/v1/trouble/groups/nowhere/members/agent1", token: f.tokens[who.Leader], body: `{}`},
			{method: "GET", path: "/api/v1/slots?sto=x", token: agent},
			{method: "POST", path: "/api/v1/slots/77/holds", token: agent},
			{method: "DELETE", path: "/api/v1/holds/77", token: agent},
			{method: "PUT", path: "/api/v1/lines/152999000199", token: f.tokens[who.Feed], body: `{"sto":"MLG","reading":{"onu_rx_pwr":1e999}}`},
			{method: "POST", path: "/api/v1/lines/99/measurements", token: agent},
			{method: "POST", path: "/api/v1/forms/77/send", token: agent},
			{method: "POST", path: "/api/v1/forms/77/receive", token: f.tokens[who.Leader]},
			{method: "PATCH", path: "/api/v1/tickets/77", token: agent},
			{method: "GET", path: "/api/v1/nothing", token: agent},
		} {
			if held := c.path == "/api/v1/work/next" && strings.Contains(c.body, "campaigns"); held {
				continue // who holds one gets that one again, whatever they ask for
			}
			id, en := c, c
			id.lang, en.lang = "id", "en"
			a, b := f.do(id), f.do(en)
			if a.status < 400 || a.status != b.status || a.json["detail"] == b.json["detail"] || a.json["title"] == b.json["title"] ||
				a.json["field"] != b.json["field"] || a.json["clause"] != b.json["clause"] || a.json["type"] != b.json["type"] {
				f.t.Errorf("%s %s %s:\n%s%s", c.method, c.path, c.body, a.body, b.body)
			}
		}
	})
}

func TestWrongAndLostLeases(t *testing.T) {
	onFloor(t, func(f *floor) {
		path, lease := f.claimed(who.Agent, "CB-1")
		acts := []struct{ method, act, more string }{{"POST", "renew", ""}, {"POST", "release", ""}, {"POST", "read", ""}, {"POST", "dial", ""}, {"POST", "attempts", `,"line":"busy"`},
			{"PUT", "answers", `,"answers":{"remarks":"x"}`}, {"POST", "finish", `,"answers":{}`}}
		for _, lease := range []string{"x", strings.ToLower(lease), lease + " ", lease[1:]} {
			for _, c := range acts {
				f.refused(409, "conflict", "", who.Agent, c.method, path+"/"+c.act, fmt.Sprintf(`{"lease":%q%s}`, lease, c.more))
			}
		}
		f.clock.Advance(11 * time.Minute) // nobody renewed it: the house frees it, and another agent takes it
		f.sweep()
		other, _ := f.person("42148", who.Agent)
		taken := f.do(call{method: "POST", path: "/api/v1/work/next", token: other, body: `{}`})
		if taken.status != 200 || "/tickets/"+taken.json["ticket"].(map[string]any)["id"].(string) != path {
			f.t.Fatalf("%d %s", taken.status, taken.body)
		}
		before := f.kept()
		for _, c := range acts {
			a := f.as(who.Agent, c.method, path+"/"+c.act, fmt.Sprintf(`{"lease":%q%s}`, lease, c.more))
			if a.status != 409 && a.status != 404 {
				f.t.Errorf("%s with a lost lease: %d %s", c.act, a.status, a.body)
			}
		}
		if after := f.kept(); after != before {
			f.t.Errorf("stored:\n%s\nbefore:\n%s", after, before)
		}
	})
}

func TestTokensThatHaveEnded(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.ok(200, who.Agent, "GET", "/readiness", "")
		f.clock.Advance(301 * 24 * time.Hour)
		for _, role := range who.Roles {
			if a := f.as(role, "GET", "/readiness", ""); a.status != 401 || a.header.Get("WWW-Authenticate") == "" {
				f.t.Errorf("%s: %d %s", role, a.status, a.body)
			}
		}
		token, id := f.person("42199", who.Agent)
		if a := f.do(call{method: "GET", path: "/api/v1/readiness", token: token}); a.status != 200 {
			f.t.Fatalf("%d %s", a.status, a.body)
		}
		if err := f.store.Write(context.Background(), func(tx *db.Tx) error { return staff.Suspend(tx, staff.Console, id) }); err != nil {
			f.t.Fatal(err)
		}
		if a := f.do(call{method: "GET", path: "/api/v1/readiness", token: token}); a.status != 401 {
			f.t.Errorf("suspended: %d %s", a.status, a.body)
		}
	})
}

// A store that is shut cannot take writes; the house says so, and does not say that it is dead.
func TestReadyzSaysWhyNot(t *testing.T) {
	onFloor(t, func(f *floor) {
		token := f.tokens[who.Agent]
		if err := f.store.Close(); err != nil {
			f.t.Fatal(err)
		}
		if a := f.do(call{method: "GET", path: "/livez"}); a.status != http.StatusOK {
			f.t.Errorf("livez: %d %s", a.status, a.body)
		}
		a := f.do(call{method: "GET", path: "/readyz"})
		if a.status != http.StatusServiceUnavailable || a.json["kind"] != "busy" || a.header.Get("Retry-After") == "" {
			f.t.Errorf("readyz: %d %s %v", a.status, a.body, a.header)
		}
		if a := f.do(call{method: "GET", path: "/api/openapi.yaml"}); a.status != http.StatusOK {
			f.t.Errorf("description: %d", a.status)
		}
		if a := f.do(call{method: "POST", path: "/api/v1/work/next", token: token, body: `{}`}); a.status != http.StatusServiceUnavailable {
			f.t.Errorf("work/next: %d %s", a.status, a.body)
		}
	})
}

// Search goes by the shape of what is looked for, and shows only what the caller may see.
func TestSearchByShapeAndScope(t *testing.T) {
	onFloor(t, func(f *floor) {
		body := `{"campaign":"callback","ref":"CB-2026-11","service_no":"152999000111","contact":{"name":"Bapak Contoh Sutrisno","phone":"0812-9999-0011"},"note":"internet mati"}`
		id := f.ok(201, who.Tier1, "POST", "/tickets", body).json["id"]
		f.ticket("LAIN-1", "")
		f.fill()
		hits := func(role who.Role, q string) []any {
			f.t.Helper()
			return f.ok(200, role, "POST", "/search", fmt.Sprintf(`{"q":%q,"kinds":["ticket"]}`, q)).json["hits"].([]any)
		}
		for _, q := range []string{"152999000111", "081299990011", "+62 812-9999-0011", "6281299990011", "152999", "0812999", "90011", "000111", "CB-2026-11", "cb-2026-11", "Bapak Contoh", "bapak contoh sut"} {
			found := hits(who.Leader, q)
			if q == "000111" { // the end of a service number is not kept reversed; its beginning is
				continue
			}
			if len(found) != 1 || found[0].(map[string]any)["ticket"].(map[string]any)["id"] != id {
				f.t.Errorf("%q finds %d", q, len(found))
			}
		}
		for _, q := range []string{"CB-2026-1", "tidak ada", "999999999999", "%%%", "___", "' OR 1=1 --", "08129999001\u0661", "\\x00\\x00"} {
			if found := hits(who.Leader, q); len(found) != 0 {
				f.t.Errorf("%q finds %d", q, len(found))
			}
		}
		if len(hits(who.Tier1, "152999000111")) != 1 {
			f.t.Error("who opened it does not find it")
		}
		other, _ := f.person("1148", who.Tier1)
		a := f.do(call{method: "POST", path: "/api/v1/search", token: other, body: `{"q":"152999000111"}`})
		if a.status != 200 || len(a.json["hits"].([]any)) != 0 {
			f.t.Errorf("another tier 1 finds %s", a.body)
		}
		if strings.Contains(fmt.Sprint(hits(who.Leader, "152999000111")), "99990011") {
			f.t.Error("a search shows the number whole")
		}
	})
}

func TestFailedPromiseIsRetriedOrWaived(t *testing.T) {
	onFloor(t, func(f *floor) {
		path, lease := f.claimed(who.Agent, "CB-1")
		f.noAnswer(path, lease)
		f.ok(200, who.Agent, "POST", path+"/finish", fmt.Sprintf(rung, lease))
		f.clock.Advance(9 * time.Second)
		first := f.ok(200, who.Agent, "GET", "/outbox?state=open", "").json["promises"].([]any)[0].(map[string]any)
		id := first["id"].(string)
		fail := func() {
			f.t.Helper()
			err := f.store.Write(context.Background(), func(tx *db.Tx) error {
				open, err := outbox.List(tx, outbox.Filter{State: outbox.Open, Limit: 10})
				if err != nil {
					return err
				}
				_, err = outbox.Fail(tx, who.Actor{ID: int64(f.ids[who.Agent]), Role: who.Agent, Via: who.Page}, open[0].ID, "aplikasi Callback tidak bisa dibuka")
				return err
			})
			if err != nil {
				f.t.Fatal(err)
			}
		}
		fail()
		f.team("Malang", who.Agent)
		f.team("Surabaya", who.Leader)
		failed := f.ok(200, who.Leader, "GET", "/outbox?state=failed&ticket="+first["ticket"].(string), "").json["promises"].([]any)
		if len(failed) != 0 { // a leader sees the promises of the own team
			f.t.Fatalf("another team's promise: %v", failed)
		}
		f.refused(404, "missing", "", who.Leader, "POST", "/outbox/"+id+"/retry", `{}`)
		f.team("Malang", who.Leader)
		failed = f.ok(200, who.Leader, "GET", "/outbox?state=failed", "").json["promises"].([]any)
		if len(failed) != 1 || failed[0].(map[string]any)["last_error"] == nil || failed[0].(map[string]any)["attempts"] != 1.0 {
			f.t.Fatalf("got %v", failed)
		}
		f.refused(403, "forbidden", "", who.Agent, "POST", "/outbox/"+id+"/retry", `{}`)
		if a := f.ok(200, who.Leader, "POST", "/outbox/"+id+"/retry", `{}`); a.json["state"] != "open" {
			f.t.Errorf("got %s", a.body)
		}
		fail()
		f.refused(422, "invalid", "reason", who.Leader, "POST", "/outbox/"+id+"/waive", `{"reason":" "}`)
		if a := f.ok(200, who.Leader, "POST", "/outbox/"+id+"/waive", `{"reason":"dicatat di kertas"}`); a.json["state"] != "waived" {
			f.t.Errorf("got %s", a.body)
		}
		f.refused(409, "conflict", "", who.Leader, "POST", "/outbox/"+id+"/retry", `{}`)
		for _, q := range []string{"state=held", "state=Open", "ticket=x", "ticket=-1", "after=0", "limit=1000", "stat=open"} {
			f.refused(422, "invalid", "", who.Leader, "GET", "/outbox?"+q, "")
		}
	})
}

// team puts somebody into a team.
func (f *floor) team(name string, role who.Role) {
	f.t.Helper()
	err := f.store.Write(context.Background(), func(tx *db.Tx) error {
		team, err := staff.TeamNamed(tx, staff.Console, name)
		if err != nil {
			return err
		}
		return staff.SetTeam(tx, staff.Console, f.ids[role], team)
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

// sweep is what the house's ticker does.
func (f *floor) sweep() {
	f.t.Helper()
	if err := f.store.Write(context.Background(), f.seat.Sweep); err != nil {
		f.t.Fatal(err)
	}
}
