package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"sapa/internal/who"
)

// rests says of each row of a list what it is, by some of its keys, and what it rests on.
func rests(list any, by ...string) string {
	var all []string
	for _, one := range list.([]any) {
		row := one.(map[string]any)
		said := ""
		for _, key := range by {
			if row[key] != nil {
				said += fmt.Sprint(row[key]) + " "
			}
		}
		if row["clause"] != nil || row["revision"] != nil {
			said += fmt.Sprint(row["clause"], " in ", row["revision"])
		}
		all = append(all, strings.TrimSpace(said))
	}
	return strings.Join(all, "; ")
}

// SOP 5.2.10.check, 5.3.7.a.note, 5.3.7.b.note, 5.4.pre, 5.5.6, 5.5.9, 5.7.9: every line of a worklog and every move says on which clause
// it rests and in which revision: lists' lines of each type, a customer's words to the report that is there, a result's, a new row by
// hand, the note of a move, the house's own of an outage. A customer's timeline says the same, and nothing of payments and orders.
func TestEveryLineOfAWorklogSaysItsClause(t *testing.T) {
	onFloor(t, func(f *floor) {
		c := f.sekar()
		const no, service = "IN70000501", "152999000001"
		f.fed("2 0 0 0", list(`{"no":"IN79999999","source":"gamas","state":"BACKEND"}`, fmt.Sprintf(`{"no":%q,"service_no":%q,"service":"internet","state":"BACKEND","group":"Logic backend","parent":"IN79999999",
			"contact":{"name":"Sekar Lestari","mobile":"0812-9998-0501"},"lapul":2,"worklog":[{"ref":"w1","type":"CLIENTNOTE","detail":"Masih mati"},
			{"ref":"w2","type":"AGENTNOTE","detail":"Sudah dicek"},{"ref":"w3","type":"UPDATEINFO","detail":"Teknisi berangkat"}]}`, no, service)))
		f.clock.Advance(time.Minute)
		waiting := f.ok(http.StatusOK, who.Admin, "GET", "/tickets?state=waiting&campaign=fresh-lapul", "").json["tickets"].([]any)
		id := waiting[0].(map[string]any)["id"].(string)
		path, lease := f.taken("fresh-lapul", id)
		f.line(path, lease, "answered")
		f.ok(http.StatusOK, who.Agent, "POST", "/trouble", fmt.Sprintf(`{"service_no":%q,"source_ticket":%q,"customer_note":"Telepon juga mati"}`, service, id))
		f.clock.Advance(time.Minute)
		f.ok(http.StatusOK, who.Agent, "POST", path+"/finish", sent(lease, map[string]string{"receiver": "reporter", "status": "contacted", "reason_1": "sukses", "reason_2": "paham", "remarks": "Sudah jelas."}))
		f.clock.Advance(time.Minute)
		f.ok(http.StatusCreated, who.Agent, "POST", "/trouble/"+no+"/worklog", `{"type":"UPDATEINFO","detail":"Tiang diganti"}`)
		for _, move := range []string{`{"move":"dispatch","classification":"internet-mati","group":"logic","note":"Mohon dicek"}`, `{"move":"final-check","note":"Diuji"}`} {
			f.clock.Advance(time.Minute)
			f.ok(http.StatusOK, who.Agent, "POST", "/trouble/"+no+"/moves", move)
		}
		f.clock.Advance(time.Minute)
		f.fed("0 1 0 0", list(`{"no":"IN79999999","state":"CLOSED"}`))

		got := f.ok(http.StatusOK, who.Agent, "GET", "/trouble/"+no, "").json
		for what, pair := range map[string][2]string{
			"worklog": {rests(got["worklog"], "type"), "CLIENTNOTE 5.7 in 2; AGENTNOTE 5.3.4 in 2; UPDATEINFO 5.5.6 in 2; CLIENTNOTE 5.7 in 2; CLIENTNOTE 5.2.10.check in 2; AGENTNOTE 5.7.9 in 2; " +
				"UPDATEINFO 5.5.9 in 2; AGENTNOTE 5.3.7.b.note in 2; AGENTNOTE 5.3.7.a.route in 2; UPDATEINFO 5.4.pre in 2"},
			"history": {rests(got["history"], "move"), "arrive 5.3.3 in 2; dispatch 5.3.7.b.submit in 2; final-check 5.3.7.a.route in 2; resolve 5.3.7.a.resolve in 2; close 5.3.7.a.route in 2"},
			"timeline": {rests(f.ok(http.StatusOK, who.Tier1, "GET", "/customers/"+c.ID.String()+"?limit=100", "").json["timeline"], "kind", "move", "type"),
				"note UPDATEINFO 5.4.pre in 2; trouble close 5.3.7.a.route in 2; trouble resolve 5.3.7.a.resolve in 2; note AGENTNOTE 5.3.7.a.route in 2; trouble final-check 5.3.7.a.route in 2; " +
					"note AGENTNOTE 5.3.7.b.note in 2; trouble dispatch 5.3.7.b.submit in 2; note UPDATEINFO 5.5.9 in 2; ticket; turn 5.7.8.c.sukses.paham in 2; note AGENTNOTE 5.7.9 in 2; " +
					"note CLIENTNOTE 5.2.10.check in 2; note CLIENTNOTE 5.7 in 2; note UPDATEINFO 5.5.6 in 2; note AGENTNOTE 5.3.4 in 2; note CLIENTNOTE 5.7 in 2; trouble arrive 5.3.3 in 2; " +
					"ticket; payment; order mo; self-care logic"},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s:\n%s\nwant\n%s", what, pair[0], pair[1])
			}
		}
	})
}
