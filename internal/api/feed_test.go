package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sapa/internal/trouble"
	"sapa/internal/who"
)

// list is the body of a feed.
func list(rows ...string) string { return `{"incidents":[` + strings.Join(rows, ",") + `]}` }

// row is an incident of the other side, of an invented customer.
func row(i int, more string) string {
	return fmt.Sprintf(`{"no":"IN7%07d","service_no":"15299901%04d","service":"internet","state":"BACKEND","group":"Logic backend",
		"contact":{"name":"Bapak Contoh","mobile":"0812-9998-%04d"},"opened_at":"2026-11-22T09:00:00+07:00"%s}`, i, i, i, more)
}

// fed sends a list and holds the counts of its verdict.
func (f *floor) fed(want, body string) said {
	f.t.Helper()
	a := f.ok(200, who.Feed, "POST", "/trouble/feed", body)
	if got := fmt.Sprint(a.json["opened"], a.json["followed"], a.json["unchanged"], len(a.json["refused"].([]any))); got != want {
		f.t.Errorf("opened, followed, unchanged, refused: %s, want %s: %s", got, want, a.body)
	}
	return a
}

// waiting counts a campaign's rows in work.
func (f *floor) waiting(campaign string) int {
	f.t.Helper()
	return len(f.ok(200, who.Admin, "GET", "/tickets?state=waiting&campaign="+campaign, "").json["tickets"].([]any))
}

// SOP 5.3.3, 5.5.6, 5.6.1.filter, 5.7: a list opens tickets and moves them, the campaigns follow, and the same list again
// changes nothing.
func TestAListOfIncidentsIsFollowed(t *testing.T) {
	onFloor(t, func(f *floor) {
		first := list(row(1, `,"lapul":1`), row(2, `,"worklog":[{"ref":"w1","type":"UPDATEINFO","detail":"Teknisi menuju lokasi"}]`),
			row(3, `,"parent":"IN79999999"`), `{"no":"IN79999999","source":"gamas","state":"BACKEND"}`)
		f.fed("4 0 0 0", first)
		f.fed("0 0 4 0", first)
		if f.waiting("fresh-lapul") != 1 || f.waiting("c4-carring") != 1 || f.waiting("force-close") != 0 {
			t.Errorf("%d fresh lapul, %d C4, %d force close", f.waiting("fresh-lapul"), f.waiting("c4-carring"), f.waiting("force-close"))
		}
		one := f.ok(200, who.Agent, "GET", "/trouble/IN70000002", "")
		if one.json["group"] != "logic" || one.json["state"] != "BACKEND" || one.json["opened_at"] != "2026-11-22T09:00:00+07:00" || one.json["subject"] != "" ||
			strings.Contains(string(one.body), "9998") || len(one.json["worklog"].([]any)) != 1 {
			t.Errorf("got %s", one.body)
		}
		parent := f.ok(200, who.Agent, "GET", "/trouble/IN79999999", "").json["children"].(map[string]any)
		if parent["all"] != 1.0 || parent["open"] != 1.0 || f.ok(200, who.Agent, "GET", "/trouble/IN70000003", "").json["parent"] != "IN79999999" {
			t.Errorf("family: %v", parent)
		}
		closed := strings.Replace(list(row(1, `,"lapul":1,"closing_reason":"Close by Ditcons request"`)), "BACKEND", "CLOSED", 1)
		f.fed("0 1 0 0", closed)
		f.fed("0 0 1 0", closed)
		if f.waiting("fresh-lapul") != 0 || f.waiting("force-close") != 1 {
			t.Errorf("%d fresh lapul, %d force close", f.waiting("fresh-lapul"), f.waiting("force-close"))
		}
		f.fed("0 1 0 0", list(`{"no":"IN79999999","state":"CLOSED"}`))
		if child := f.ok(200, who.Agent, "GET", "/trouble/IN70000003", ""); child.json["state"] != "CLOSED" {
			t.Errorf("a child of an outage that is over: %s", child.body)
		}
	})
}

// SOP 5.3.3: a row that is wrong is refused by itself, by name, and leaves nothing behind; the rows around it count.
func TestABadRowIsRefusedByItself(t *testing.T) {
	onFloor(t, func(f *floor) {
		bad := []struct{ row, field string }{
			{`{"no":"X1"}`, "no"},
			{strings.Replace(row(11, ""), "BACKEND", "SLEEPING", 1), "state"},
			{strings.Replace(row(12, ""), "0812-9998-0012", "12", 1), "contact.mobile"},
			{strings.Replace(row(13, ""), "152999010013", "99", 1), "service_no"},
			{row(14, `,"worklog":[{"ref":"a","type":"AGENTNOTE","detail":"baik"},{"type":"AGENTNOTE","detail":"tanpa kunci"}]`), "worklog"},
			{row(15, `,"worklog":[{"ref":"a","type":"MEMO","detail":"jenis lain"}]`), "worklog"},
			{row(16, `,"lapul":201`), "lapul"},
			{row(17, `,"sto":"`+strings.Repeat("x", 301)+`"`), "sto"},
			{row(18, `,"parent":"IN70000018"`), "parent"},
			{row(19, `,"source":"twitter"`), "source"},
		}
		var rows []string
		for i, b := range bad {
			rows = append(rows, b.row, row(100+i, ""))
		}
		a := f.fed(fmt.Sprint(len(bad), 0, 0, len(bad)), list(rows...))
		for i, one := range a.json["refused"].([]any) {
			r := one.(map[string]any)
			if r["row"] != float64(2*i+1) || r["field"] != bad[i].field || len(r["detail"].(string)) < 10 || strings.ContainsAny(r["detail"].(string), "{}") {
				t.Errorf("row %d: want %s, got %v", i, bad[i].field, r)
			}
		}
		if kept := f.ok(200, who.Admin, "GET", "/trouble?limit=200", "").json["trouble"].([]any); len(kept) != len(bad) {
			t.Errorf("%d tickets, want %d", len(kept), len(bad))
		}
		f.refused(404, "missing", "", who.Admin, "GET", "/trouble/IN70000014", "")
		for body, field := range map[string]string{`{}`: "incidents", `{"incidents":[]}`: "incidents", `{"incidents":[7]}`: "incidents[0]", list(row(1, `,"colour":"red"`)): "incidents[0].colour",
			list(row(1, `,"at":"kemarin"`)): "incidents[0].at", list(row(1, `,"worklog":[{"reff":"x"}]`)): "incidents[0].worklog[0].reff",
			list(strings.Split(strings.Repeat(`{"no":"IN70000001"} `, 1001), " ")[:1001]...): "incidents"} {
			f.refused(422, "invalid", field, who.Feed, "POST", "/trouble/feed", body)
		}
	})
}

// A feed that is sent again with its key says the same and moves nothing, also after a newer list; acts are of a hundred rows.
func TestAFeedIsDoneOnce(t *testing.T) {
	onFloor(t, func(f *floor) {
		var rows, later []string
		for i := range 230 {
			rows = append(rows, row(i, ""))
			later = append(later, strings.Replace(row(i, ""), "BACKEND", "FINALCHECK", 1))
		}
		rows[150] = `{"no":"bukan nomor"}`
		feed := call{method: "POST", path: "/api/v1/trouble/feed", token: f.tokens[who.Feed], key: "malam", body: list(rows...)}
		first := f.do(feed)
		if first.status != 200 || first.json["opened"] != 229.0 || first.json["refused"].([]any)[0].(map[string]any)["row"] != 151.0 {
			t.Fatalf("%d %s", first.status, first.body)
		}
		f.clock.Advance(time.Hour)
		f.fed("1 229 0 0", list(later...))
		if again := f.do(feed); string(again.body) != string(first.body) {
			t.Errorf("%s\n%s", again.body, first.body)
		}
		page := f.ok(200, who.Admin, "GET", "/trouble?limit=200&state="+string(trouble.FinalCheck), "")
		if len(page.json["trouble"].([]any)) != 200 || page.json["next"] == nil {
			t.Errorf("an old list moved tickets back")
		}
		feed.body = list(rows[:10]...)
		if a := f.do(feed); a.status != 422 {
			t.Errorf("the same key with another list: %d %s", a.status, a.body)
		}
	})
}

// SOP 5.3.3: who works for an owner group is set by those who plan; their tickets are My Group's Incidents.
func TestWhoWorksForAGroup(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.fed("1 0 0 0", list(row(1, "")))
		const member = "/trouble/groups/logic/members/agent1"
		for range 2 {
			a := f.ok(200, who.Leader, "PUT", member, `{}`)
			if members := a.json["members"].([]any); len(members) != 1 || members[0].(map[string]any)["login"] != "agent1" {
				t.Errorf("got %s", a.body)
			}
		}
		if found := f.ok(200, who.Agent, "GET", "/trouble?group=mine", "").json["trouble"].([]any); len(found) != 1 {
			t.Errorf("%d of my group's incidents", len(found))
		}
		known := map[string]int{}
		for _, g := range f.ok(200, who.Feed, "GET", "/trouble/groups", "").json["groups"].([]any) {
			known[g.(map[string]any)["group"].(string)] = len(g.(map[string]any)["members"].([]any))
		}
		if n, there := known["logic"]; !there || n != 1 || known["admin"] != 0 {
			t.Errorf("groups %v", known)
		}
		f.refused(404, "missing", "", who.Leader, "PUT", "/trouble/groups/logic/members/nobody", `{}`)
		f.refused(422, "invalid", "group", who.Leader, "PUT", "/trouble/groups/nowhere/members/agent1", `{}`)
		if a := f.ok(200, who.Admin, "DELETE", member, `{}`); len(a.json["members"].([]any)) != 0 {
			t.Errorf("got %s", a.body)
		}
		f.team("Malang", who.Agent)
		f.team("Surabaya", who.Leader)
		f.refused(404, "missing", "", who.Leader, "PUT", member, `{}`)
	})
}
