package api_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"sapa/internal/api"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

func TestTicketIsOpenedOnce(t *testing.T) {
	onFloor(t, func(f *floor) {
		body := opening("CB-1", "")
		a := f.ok(http.StatusCreated, who.Tier1, "POST", "/tickets", body)
		if a.json["state"] != "waiting" || a.json["zone"] != "Asia/Jakarta" || !strings.Contains(a.json["contact"].(map[string]any)["phone"].(string), "•") {
			t.Errorf("got %s", a.body)
		}
		again := f.ok(http.StatusOK, who.Tier1, "POST", "/tickets", body)
		if again.json["id"] != a.json["id"] {
			t.Errorf("two tickets: %s and %s", a.body, again.body)
		}
		read := f.ok(http.StatusOK, who.Tier1, "GET", "/tickets/"+a.json["id"].(string), "")
		if read.json["opened_at"] != "2026-11-23T09:00:00+07:00" || read.json["due_at"] != nil {
			t.Errorf("got %s", read.body)
		}
		promised := f.ok(http.StatusCreated, who.Leader, "POST", "/tickets", opening("CB-2", `,"requested_at":"2026-11-23T17:00:00+09:00","zone":"Asia/Jayapura"`))
		if promised.json["due_at"] != "2026-11-23T17:00:00+09:00" || promised.json["zone"] != "Asia/Jayapura" {
			t.Errorf("got %s", promised.body)
		}
	})
}

// SOP 5.2.1: what a ticket has to bring, and who may bring it.
func TestTicketsAreRefusedWithFieldAndClause(t *testing.T) {
	onFloor(t, func(f *floor) {
		for _, c := range []struct {
			status              int
			kind, field, clause string
			body                string
		}{
			{422, "invalid", "campaign", "", opening("x", `,"campaign":"callback"`)},
			{422, "invalid", "campaign", "", strings.Replace(opening("x", ""), "callback", "tidak-ada", 1)},
			{422, "invalid", "contact.phone", "", strings.Replace(opening("x", ""), "0899900", "12-", 1)},
			{422, "invalid", "contact.phone", "", `{"campaign":"callback","ref":"x","note":"n"}`},
			{422, "invalid", "ref", "", `{"campaign":"callback","contact":{"phone":"08999001234"}}`},
			{422, "invalid", "service_no", "5.2.10.d", opening("x", `,"service_no":"99"`)},
			{422, "invalid", "campaign", "5.8.1.source", strings.Replace(opening("x", ""), `"callback"`, `"ideas"`, 1)},
			{422, "invalid", "zone", "", opening("x", `,"zone":"Mars/Olympus"`)},
			{422, "invalid", "zone", "", opening("x", `,"zone":"Local"`)},
			{422, "invalid", "zone", "", opening("x", `,"zone":"../etc/passwd"`)},
			{422, "invalid", "requested_at", "5.2.1", opening("x", `,"requested_at":"2026-11-23T08:00:00+07:00"`)},
			{422, "invalid", "requested_at", "", opening("x", `,"requested_at":"besok"`)},
			{403, "forbidden", "opened_at", "", opening("x", `,"opened_at":"2026-11-23T08:00:00+07:00"`)},
			{422, "invalid", "opened_at", "", opening("x", `,"opened_at":"2026-11-23T10:00:00+07:00"`)},
			{422, "invalid", "criterion", "5.2.1", opening("x", `,"criterion":"h"`)},
			{422, "invalid", "note", "5.2.1", strings.Replace(opening("x", `,"criterion":"a"`), "internet mati sejak pagi", "", 1)},
			{422, "invalid", "fields.application", "5.2.1.c", opening("x", `,"criterion":"c"`)},
			{422, "invalid", "fields.reason", "5.2.1.e", opening("x", `,"criterion":"e"`)},
			{422, "invalid", "fields.call_s", "5.2.1.f", opening("x", `,"criterion":"f"`)},
			{422, "invalid", "fields.call_s", "5.2.1.f", opening("x", `,"criterion":"f","fields":{"call_s":"600","recommendation":"1"}`)},
			{422, "invalid", "fields.recommendation", "5.2.1.f", opening("x", `,"criterion":"f","fields":{"call_s":"601"}`)},
			{422, "invalid", "fields.recommendation", "5.2.1.f", opening("x", `,"criterion":"f","fields":{"call_s":"601","recommendation":"77"}`)},
		} {
			a := f.refused(c.status, c.kind, c.field, who.Tier1, "POST", "/tickets", c.body)
			if c.clause != "" && a.json["clause"] != c.clause {
				t.Errorf("%s: want clause %s, got %s", c.body, c.clause, a.body)
			}
		}
		for i, role := range []who.Role{who.Admin, who.Feed} {
			f.ok(201, role, "POST", "/tickets", opening(fmt.Sprint("old", i), `,"opened_at":"2026-11-20T08:00:00+07:00"`))
		}
		if page := f.ok(200, who.Admin, "GET", "/tickets", ""); len(page.json["tickets"].([]any)) != 2 {
			t.Errorf("a refused ticket was kept: %s", page.body)
		}
	})
}

func TestListPages(t *testing.T) {
	onFloor(t, func(f *floor) {
		for i := range 5 {
			f.ticket(fmt.Sprint("CB-", i), "")
		}
		var refs []string
		after := ""
		for range 10 {
			page := f.ok(200, who.Quality, "GET", "/tickets?campaign=callback&state=waiting&limit=2"+after, "")
			for _, one := range page.json["tickets"].([]any) {
				refs = append(refs, one.(map[string]any)["ref"].(string))
			}
			if page.json["next"] == nil {
				break
			}
			after = "&after=" + page.json["next"].(string)
		}
		if strings.Join(refs, " ") != "CB-0 CB-1 CB-2 CB-3 CB-4" {
			t.Errorf("got %v", refs)
		}
		for _, q := range []string{"limit=0", "limit=201", "limit=x", "after=x", "state=open", "campaign=x", "campain=callback", "limit=1&limit=2", "a=%zz"} {
			f.refused(422, "invalid", "", who.Quality, "GET", "/tickets?"+q, "")
		}
	})
}

func TestSpeaksTheCallersLanguage(t *testing.T) {
	onFloor(t, func(f *floor) {
		for lang, word := range map[string]string{"": "nomornya", "id-ID": "nomornya", "en-GB,id;q=0.5": "Check its id"} {
			a := f.do(call{method: "GET", path: "/api/v1/tickets/7", token: f.tokens[who.Admin], lang: lang})
			if !strings.Contains(a.json["detail"].(string), word) {
				t.Errorf("%q: %s", lang, a.body)
			}
		}
		f.ticket("CB-1", "")
		a := f.do(call{method: "POST", path: "/api/v1/work/next", token: f.tokens[who.Agent], lang: "en"})
		if !strings.Contains(string(a.body), "Analysis before the call") {
			t.Errorf("got %s", a.body)
		}
	})
}

func TestUnsafeCallsNeedAKey(t *testing.T) {
	onFloor(t, func(f *floor) {
		for _, r := range api.Routes() {
			if r.Method == "GET" || strings.HasSuffix(r.Pattern, "/search") {
				continue
			}
			path := placed(r.Pattern)
			a := f.do(call{method: r.Method, path: path, token: f.tokens[r.Roles()[0]], noKey: true, body: `{}`})
			if a.status != http.StatusBadRequest || a.json["kind"] != "invalid" {
				t.Errorf("%s %s: %d %s", r.Method, path, a.status, a.body)
			}
			for _, key := range []string{strings.Repeat("x", 201), "a\tb", "kunci é"} {
				a := f.do(call{method: r.Method, path: path, token: f.tokens[r.Roles()[0]], key: key, body: `{}`})
				if a.status != http.StatusBadRequest {
					t.Errorf("%s %s with key %q: %d", r.Method, path, key, a.status)
				}
			}
		}
	})
}

func TestBadBodies(t *testing.T) {
	onFloor(t, func(f *floor) {
		send := func(body string) int {
			r := call{method: "POST", path: "/api/v1/tickets", token: f.tokens[who.Tier1], body: body}
			a := f.do(r)
			return a.status
		}
		pad := func(total int) string {
			head, tail := `{"campaign":"`, `"}`
			return head + strings.Repeat("x", total-len(head)-len(tail)) + tail
		}
		for body, want := range map[string]int{
			`{"campaign":}`:                    422,
			`[]`:                               422,
			`{"Campaign":"callback"}`:          422,
			`{"campaign":"callback"} {}`:       422,
			"{\"campaign\":\"\xff\"}":          422,
			`{"campaign":"\u0000"}`:            422,
			strings.Repeat(`{"a":`, 100) + "1": 422,
			strings.Repeat(`[`, 500_000):       422,
			pad(1 << 20):                       422, // read, and its campaign is too long
			pad(1<<20 + 1):                     413,
		} {
			if got := send(body); got != want {
				t.Errorf("%.60s: want %d, got %d", body, want, got)
			}
		}
	})
}

func TestNobodyComesInWithoutAToken(t *testing.T) {
	onFloor(t, func(f *floor) {
		for _, r := range api.Routes() {
			path := placed(r.Pattern)
			for _, token := range []string{"", "sapa_x", strings.ToUpper(f.tokens[who.Admin])} {
				a := f.do(call{method: r.Method, path: path, token: token, body: map[bool]string{true: "", false: "{}"}[r.Method == "GET"]})
				switch {
				case r.Open && a.status != 200:
					t.Errorf("%s: %d", path, a.status)
				case !r.Open && (a.status != 401 || a.json["kind"] != "signed-out" || a.header.Get("WWW-Authenticate") == ""):
					t.Errorf("%s %s: %d %s", r.Method, path, a.status, a.body)
				}
			}
		}
	})
}

// doors is who gets through which door, written by hand: roles as their first letters in the order of who.Roles, c k p for
// controller, checker, approver.
var doors = map[string]string{
	"GET /livez":                                                "talqckpmf",
	"GET /readyz":                                               "talqckpmf",
	"GET /api/openapi.yaml":                                     "talqckpmf",
	"POST /api/v1/tickets":                                      "t.l....mf",
	"GET /api/v1/tickets":                                       "talq...mf",
	"GET /api/v1/tickets/{id}":                                  "talq...mf",
	"GET /api/v1/customers/{id}":                                "talq...m.",
	"POST /api/v1/customers/{id}/reveal":                        ".al......",
	"POST /api/v1/search":                                       "talq...m.",
	"POST /api/v1/work/next":                                    ".a.......",
	"POST /api/v1/work/help":                                    ".a.......",
	"POST /api/v1/tickets/{id}/renew":                           ".a.......",
	"POST /api/v1/tickets/{id}/release":                         ".a.......",
	"POST /api/v1/tickets/{id}/read":                            ".a.......",
	"POST /api/v1/tickets/{id}/dial":                            ".a.......",
	"POST /api/v1/tickets/{id}/attempts":                        ".a.......",
	"PUT /api/v1/tickets/{id}/answers":                          ".a.......",
	"GET /api/v1/tickets/{id}/along":                            ".a.......",
	"POST /api/v1/tickets/{id}/along":                           ".a.......",
	"GET /api/v1/tickets/{id}/revision":                         ".a.......",
	"POST /api/v1/tickets/{id}/revision":                        ".a.......",
	"POST /api/v1/tickets/{id}/finish":                          ".a.......",
	"POST /api/v1/tickets/{id}/undo":                            ".a.......",
	"POST /api/v1/recommendations":                              "t........",
	"GET /api/v1/recommendations":                               "t.l....mf",
	"POST /api/v1/recommendations/{id}":                         "..l......",
	"GET /api/v1/attention":                                     "..l......",
	"POST /api/v1/tickets/{id}/raise":                           "..l......",
	"POST /api/v1/tickets/{id}/requeue":                         "..l......",
	"POST /api/v1/tickets/{id}/end":                             "..l......",
	"POST /api/v1/tickets/{id}/take-over":                       "..l......",
	"PUT /api/v1/agents/{id}/campaigns":                         "..l......",
	"POST /api/v1/drafts/move":                                  "..l......",
	"POST /api/v1/trouble":                                      "tal....m.",
	"GET /api/v1/trouble":                                       "talq...mf",
	"GET /api/v1/trouble/{no}":                                  "talq...mf",
	"POST /api/v1/trouble/feed":                                 "..l....mf",
	"GET /api/v1/trouble/groups":                                "talq...mf",
	"PUT /api/v1/trouble/groups/{group}/members/{login}":        "..l....m.",
	"DELETE /api/v1/trouble/groups/{group}/members/{login}":     "..l....m.",
	"POST /api/v1/trouble/{no}/worklog":                         "tal....mf",
	"POST /api/v1/trouble/{no}/moves":                           "tal....m.",
	"GET /api/v1/slots":                                         "talq...mf",
	"PUT /api/v1/slots":                                         "..l....m.",
	"POST /api/v1/slots/{id}/holds":                             "tal....m.",
	"POST /api/v1/holds/{id}/confirm":                           "tal....m.",
	"POST /api/v1/holds/{id}/moves":                             "tal....m.",
	"DELETE /api/v1/holds/{id}":                                 "tal....m.",
	"PUT /api/v1/lines/{service_no}":                            ".......mf",
	"GET /api/v1/settings":                                      "..lq...m.",
	"GET /api/v1/settings/{name}":                               "..lq...m.",
	"PUT /api/v1/settings/{name}":                               ".......m.",
	"POST /api/v1/lines/{service_no}/measurements":              "tal......",
	"GET /api/v1/lines/{service_no}/measurements":               "talq...mf",
	"GET /api/v1/devices/{service_no}":                          "talq...m.",
	"PUT /api/v1/devices/{service_no}":                          ".......mf",
	"POST /api/v1/devices/{service_no}/actions":                 ".al......",
	"POST /api/v1/devices/{service_no}/actions/{id}/settle":     ".al......",
	"GET /api/v1/line-rule":                                     "talq...mf",
	"PUT /api/v1/line-rule":                                     ".......m.",
	"GET /api/v1/isolir-rule":                                   "talq...m.",
	"PUT /api/v1/isolir-rule":                                   ".......m.",
	"POST /api/v1/outages":                                      "..l....m.",
	"GET /api/v1/outages":                                       "talq...mf",
	"GET /api/v1/outages/{id}":                                  "talq...mf",
	"POST /api/v1/outages/{id}/recover":                         "..l....m.",
	"GET /api/v1/outage-rule":                                   "talq...mf",
	"PUT /api/v1/outage-rule":                                   "..l....m.",
	"POST /api/v1/registrations":                                "tal....m.",
	"GET /api/v1/registrations":                                 "talq...mf",
	"GET /api/v1/registrations/{no}":                            "talq...mf",
	"POST /api/v1/registrations/{no}/moves":                     "tal....mf",
	"GET /api/v1/coverage":                                      "talq...mf",
	"PUT /api/v1/coverage":                                      "..l....mf",
	"GET /api/v1/packages":                                      "talq...mf",
	"PUT /api/v1/packages":                                      "..l....m.",
	"GET /api/v1/forms":                                         ".al......",
	"GET /api/v1/forms/{id}":                                    ".al......",
	"POST /api/v1/forms/{id}/send":                              ".a.......",
	"POST /api/v1/forms/{id}/receive":                           "..l......",
	"GET /api/v1/readiness":                                     "talqckpm.",
	"POST /api/v1/readiness":                                    "talqckpm.",
	"GET /api/v1/procedure/clauses/{id}":                        "talqckpm.",
	"GET /api/v1/notices":                                       "talqckpm.",
	"POST /api/v1/notices":                                      "..l.c..m.",
	"POST /api/v1/notices/{id}/read":                            "talqckpm.",
	"POST /api/v1/notices/{id}/withdraw":                        "..l.c..m.",
	"GET /api/v1/notices/{id}/readers":                          "..l.c..m.",
	"GET /api/v1/procedure":                                     "talqckpm.",
	"GET /api/v1/procedure/draft":                               "talqckpm.",
	"POST /api/v1/procedure/draft":                              "....c....",
	"POST /api/v1/procedure/draft/schedule":                     "....c....",
	"POST /api/v1/procedure/draft/discard":                      "....c....",
	"POST /api/v1/procedure/draft/sign":                         "....ckp..",
	"POST /api/v1/procedure/draft/return":                       "....ckp..",
	"POST /api/v1/procedure/revisions/{revision}/recall":        "....c.p..",
	"GET /api/v1/procedure/revisions/{revision}/readers":        "..l.c..m.",
	"POST /api/v1/procedure/copies":                             "....c....",
	"POST /api/v1/procedure/copies/{id}/end":                    "....c....",
	"POST /api/v1/procedure/copies/{id}/acknowledge":            "..l.c....",
	"GET /api/v1/outbox":                                        ".al....m.",
	"POST /api/v1/outbox/{id}/done":                             ".al......",
	"POST /api/v1/outbox/{id}/retry":                            "..l......",
	"POST /api/v1/outbox/{id}/waive":                            "..l......",
	"GET /api/v1/knowledge":                                     "talqckpm.",
	"GET /api/v1/knowledge/{code}":                              "talqckpm.",
	"POST /api/v1/knowledge/{code}/uses":                        ".a.......",
	"GET /api/v1/knowledge/{code}/revisions":                    "talqckpm.",
	"GET /api/v1/knowledge/{code}/revisions/{revision}":         "talqckpm.",
	"POST /api/v1/knowledge/{code}/revisions":                   "..lqc....",
	"POST /api/v1/knowledge/{code}/revisions/{revision}/submit": "..lqc....",
	"POST /api/v1/knowledge/{code}/revisions/{revision}/review": "..lq.kp..",
	"GET /api/v1/records":                                       "...qckpm.",
	"PUT /api/v1/records":                                       "....c..m.",
	"GET /api/v1/records/holds":                                 "...qckpm.",
	"POST /api/v1/records/holds":                                "...qc..m.",
	"POST /api/v1/records/holds/{id}/lift":                      "...qc..m.",
	"GET /api/v1/records/purges":                                "...qckpm.",
	"POST /api/v1/records/purges":                               "....c..m.",
	"GET /api/v1/records/purges/{id}":                           "...qckpm.",
	"GET /api/v1/records/purges/{id}/items":                     "...qckpm.",
	"POST /api/v1/records/purges/{id}/ask":                      "....c..m.",
	"POST /api/v1/records/purges/{id}/confirm":                  "......pm.",
	"POST /api/v1/records/purges/{id}/stop":                     "....c..m.",
	"GET /api/v1/reports/knowledge":                             "..lq...m.",
}

func TestEveryDoorLetsInWhoItShould(t *testing.T) {
	onFloor(t, func(f *floor) {
		if len(api.Routes()) != len(doors) {
			t.Errorf("%d routes, %d in the table", len(api.Routes()), len(doors))
		}
		for _, r := range api.Routes() {
			wanted, known := doors[r.Method+" "+r.Pattern]
			if !known {
				t.Errorf("%s %s is not in the table", r.Method, r.Pattern)
				continue
			}
			path := placed(r.Pattern)
			for i, role := range who.Roles {
				in := wanted[i] != '.'
				if slices.Contains(r.Roles(), role) != in {
					t.Errorf("%s %s says %v for %s, the table %v", r.Method, r.Pattern, !in, role, in)
				}
				body := "{}"
				if r.Method == "GET" {
					body = ""
				}
				a := f.do(call{method: r.Method, path: path, token: f.tokens[role], body: body})
				if shut := a.status == 403 || a.status == 401; shut == in {
					t.Errorf("%s as %s: %d %s", path, role, a.status, a.body)
				}
			}
		}
	})
}

// A suspended person's token opens nothing from the next request on, also no answer that was stored for them.
func TestSuspensionCountsAtOnce(t *testing.T) {
	onFloor(t, func(f *floor) {
		open := call{method: "POST", path: "/api/v1/tickets", token: f.tokens[who.Tier1], key: "sekali", body: opening("CB-1", "")}
		if a := f.do(open); a.status != 201 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		err := f.store.Write(context.Background(), func(tx *db.Tx) error { return staff.Suspend(tx, staff.Console, f.ids[who.Tier1]) })
		if err != nil {
			t.Fatal(err)
		}
		if a := f.do(open); a.status != 401 {
			t.Errorf("%d %s", a.status, a.body)
		}
	})
}

func TestHealthAndDescription(t *testing.T) {
	onFloor(t, func(f *floor) {
		for _, path := range []string{"/livez", "/readyz", "/api/openapi.yaml"} {
			if a := f.do(call{method: "GET", path: path}); a.status != http.StatusOK {
				t.Errorf("%s: %d %s", path, a.status, a.body)
			}
		}
		if a := f.do(call{method: "GET", path: "/api/v2/tickets"}); a.status != 404 || a.json["kind"] != "missing" {
			t.Errorf("%d %s", a.status, a.body)
		}
		if a := f.do(call{method: "DELETE", path: "/api/v1/tickets"}); a.status != 405 || a.header.Get("Allow") != "GET, HEAD, POST" {
			t.Errorf("%d %s %v", a.status, a.body, a.header)
		}
	})
}

func TestReadiness(t *testing.T) {
	onFloor(t, func(f *floor) {
		if err := f.seat.Beat(t.Context()); err != nil {
			t.Fatal(err)
		}
		rows := f.ok(200, who.Agent, "GET", "/readiness", "").json["applications"].([]any)
		if len(rows) < 13 {
			t.Fatalf("%d applications", len(rows))
		}
		for i, row := range rows[:13] {
			if clause := row.(map[string]any)["clause"]; clause != fmt.Sprint("5.1.", i+1) {
				t.Errorf("row %d is %v", i, clause)
			}
		}
		states := map[string]string{}
		for _, row := range rows {
			app := row.(map[string]any)
			states[app["id"].(string)] = app["state"].(string)
			if (app["latency_ms"] == nil) != (app["state"] == "not-built" || app["state"] == "by-hand") {
				t.Errorf("%v: what is not asked has no latency, what is has", app)
			}
		}
		for id, want := range map[string]string{"callback": "ready", "sephia": "ready", "telephony": "ready", "forms": "ready",
			"my-cx": "ready", "nossa": "ready", "ibooster": "ready", "my-kiss": "ready", "acs": "ready", "i-siska": "ready", "starclick": "ready", "email": "by-hand"} {
			if states[id] != want {
				t.Errorf("%s is %q, want %q", id, states[id], want)
			}
		}
	})
}

// SOP 5.1.8, 5.1.12: a connected application is as its outside system is, with why and since when.
func TestReadinessOfAConnectedApplication(t *testing.T) {
	onFloor(t, func(f *floor) {
		if err := f.seat.Beat(t.Context()); err != nil {
			t.Fatal(err)
		}
		since := f.clock.Now()
		f.seat.Outside = func() []desk.Source {
			return []desk.Source{{Name: "nossa-pusat", Application: "nossa", State: desk.Down, Why: "cut", Latency: 2 * time.Second, Since: since},
				{Name: "acs", Application: "acs", State: desk.Slow, Latency: 4800 * time.Millisecond, Since: since},
				{Name: "olt", Application: "ibooster", State: desk.Down, Why: "late", Since: since, Behind: 40, Out: 2}}
		}
		for _, row := range f.ok(200, who.Agent, "GET", "/readiness", "").json["applications"].([]any) {
			app := row.(map[string]any)
			at, _ := time.Parse(time.RFC3339, fmt.Sprint(app["since"]))
			switch app["id"] {
			case "nossa":
				if app["mode"] != "connected" || app["state"] != "down" || app["why"] != "cut" || app["latency_ms"] != 2000.0 || !at.Equal(since) {
					t.Errorf("%v", app)
				}
			case "ibooster":
				if app["state"] != "down" || app["behind"] != 40.0 || app["out"] != 2.0 {
					t.Errorf("%v", app)
				}
			case "acs":
				if app["behind"] != nil || app["out"] != nil {
					t.Errorf("%v", app)
				}
				if app["mode"] != "connected" || app["state"] != "slow" || app["why"] != "" || app["latency_ms"] != 4800.0 {
					t.Errorf("%v", app)
				}
			}
		}
	})
}

// SOP 5.1: whoever sees how the systems stand may have them asked again; the same key asks once.
func TestReadinessIsAskedAgain(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.ok(202, who.Agent, "POST", "/readiness", "{}")
		woken := 0
		f.seat.Wake = func() { woken++ }
		f.ok(202, who.Agent, "POST", "/readiness", "{}")
		f.ok(202, who.Leader, "POST", "/readiness", "{}")
		f.ok(403, who.Feed, "POST", "/readiness", "{}")
		if woken != 2 {
			t.Errorf("woken %d times", woken)
		}
	})
}

// SOP 5.1: what must be read, who has read it, and its end.
func TestNotices(t *testing.T) {
	onFloor(t, func(f *floor) {
		until := f.clock.Now().Add(time.Hour).Format(time.RFC3339)
		id := f.ok(201, who.Leader, "POST", "/notices", `{"title":"Rekaan","body":"Baca ini","clause":"5.2.5","until":"`+until+`"}`).json["id"].(string)
		f.ok(422, who.Leader, "POST", "/notices", `{"title":"Rekaan","until":"2001-01-01T00:00:00Z"}`)
		f.ok(403, who.Agent, "POST", "/notices", `{"title":"Rekaan","until":"`+until+`"}`)
		mine := func(role who.Role) map[string]any {
			t.Helper()
			all := f.ok(200, role, "GET", "/notices", "").json["notices"].([]any)
			if len(all) != 1 {
				t.Fatalf("%v", all)
			}
			return all[0].(map[string]any)
		}
		if n := mine(who.Agent); n["read_at"] != nil || n["title"] != "Rekaan" || n["clause"] != "5.2.5" {
			t.Errorf("%v", n)
		}
		f.ok(200, who.Agent, "POST", "/notices/"+id+"/read", "{}")
		if mine(who.Agent)["read_at"] == nil || mine(who.Tier1)["read_at"] != nil {
			t.Error("who has read it")
		}
		readers := f.ok(200, who.Admin, "GET", "/notices/"+id+"/readers", "").json
		all, unread := readers["readers"].([]any), readers["unread"].(float64)
		if last := all[len(all)-1].(map[string]any); int(unread) != len(all)-1 || last["read_at"] == nil || all[0].(map[string]any)["read_at"] != nil {
			t.Errorf("%v", readers)
		}
		for _, path := range []string{"/notices/12345/read", "/notices/x/read"} {
			f.ok(404, who.Agent, "POST", path, "{}")
		}
		f.ok(404, who.Leader, "GET", "/notices/12345/readers", "")
		f.ok(404, who.Leader, "GET", "/notices/x/readers", "")
		if left := f.ok(200, who.Leader, "POST", "/notices/"+id+"/withdraw", "{}").json["notices"].([]any); len(left) != 0 {
			t.Errorf("%v", left)
		}
	})
}

func TestDescriptionNamesNoDoorThatIsNotThere(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData(api.Description())
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, r := range api.Routes() {
		there[r.Method+" "+r.Pattern] = true
	}
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			if !there[method+" "+path] {
				t.Errorf("%s %s is described but not there", method, path)
			}
			delete(there, method+" "+path)
			needsKey := method != "GET" && path != "/api/v1/search"
			hasKey := slices.ContainsFunc(operation.Parameters, func(p *openapi3.ParameterRef) bool { return p.Value.Name == "Idempotency-Key" })
			if needsKey != hasKey {
				t.Errorf("%s %s: needs a key %v, described %v", method, path, needsKey, hasKey)
			}
		}
	}
	for door := range there {
		t.Errorf("%s is there but not described", door)
	}
}

// SOP 5.2.1.f: a call of more than ten minutes, and the leader's recommendation, which serves one ticket.
func TestLongCallNeedsTheLeadersRecommendation(t *testing.T) {
	onFloor(t, func(f *floor) {
		var id db.ID
		write := func(act func(tx *db.Tx) error) {
			t.Helper()
			if err := f.store.Write(context.Background(), act); err != nil {
				t.Fatal(err)
			}
		}
		actor := func(role who.Role) who.Actor { return who.Actor{ID: int64(f.ids[role]), Role: role, Via: who.Page} }
		write(func(tx *db.Tx) error {
			r, err := ticket.AskRecommendation(tx, actor(who.Tier1), "152999000111", 700, "pelanggan berbelit")
			id = r.ID
			return err
		})
		long := func(ref string) string {
			return opening(ref, fmt.Sprintf(`,"criterion":"f","fields":{"call_s":"700","recommendation":%q}`, id.String()))
		}
		f.refused(422, "invalid", "fields.recommendation", who.Tier1, "POST", "/tickets", long("CB-1"))
		write(func(tx *db.Tx) error {
			_, err := ticket.DecideRecommendation(tx, actor(who.Leader), id, true, "")
			return err
		})
		f.ok(201, who.Tier1, "POST", "/tickets", long("CB-1"))
		f.refused(422, "invalid", "fields.recommendation", who.Tier1, "POST", "/tickets", long("CB-2"))
	})
}
