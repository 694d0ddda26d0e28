package api_test

import (
	"fmt"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/form"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// dealt gives the agent two tickets of a list of the leader's, and a row on the form for the first; it gives the form's id.
func (f *floor) dealt(name string) (batch, open db.ID) {
	f.t.Helper()
	f.write(func(tx *db.Tx) error {
		leader, agent := f.actor(who.Leader), f.actor(who.Agent)
		b, _, err := form.NewBatch(tx, leader, form.Batch{Kind: form.Ideas, Name: name, Digest: name, Rows: 2})
		if err != nil {
			return err
		}
		for i := range 2 {
			t, _, err := ticket.Open(tx, leader, ticket.New{Campaign: "ideas", Ref: fmt.Sprint(name, i), Zone: "Asia/Jakarta", Source: "import",
				Owner: db.ID(agent.ID), Contacts: []ticket.Contact{{Phone: "+6289990001111"}}})
			if err != nil {
				return err
			}
			if err := form.Deal(tx, leader, b.ID, t.ID, db.ID(agent.ID), t.Ref); err != nil {
				return err
			}
			if i > 0 {
				continue
			}
			r, err := form.File(tx, agent, form.Ideas, b.ID, form.Row{Ticket: t.ID, Turn: b.ID + 1, Ref: t.Ref, Status: form.Contacted, Reason: form.FCR, Remarks: "normal kembali"})
			if err != nil {
				return err
			}
			batch, open = b.ID, r.Form
		}
		return nil
	})
	return batch, open
}

// SOP 5.8.5, 5.8.6: the agent sends the form, it is frozen and reaches the leader of the list, who receives it; nobody else
// sees it, and a form that was not sent is the agent's alone.
func TestAFormIsSentAndReceived(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.write(func(tx *db.Tx) error {
			return staff.SetEmail(tx, staff.Console, f.ids[who.Leader], "tl@rekaan.example")
		})
		batch, id := f.dealt("Pagi")
		path := "/forms/" + id.String()
		count := func(role who.Role, query string) int {
			t.Helper()
			return len(f.ok(200, role, "GET", "/forms"+query, "").json["forms"].([]any))
		}
		if count(who.Agent, "") != 1 || count(who.Agent, "?kind=ideas&state=open&batch="+batch.String()) != 1 || count(who.Agent, "?kind=force-close") != 0 || count(who.Leader, "") != 0 {
			t.Error("an open form is the agent's alone")
		}
		f.refused(404, "missing", "", who.Leader, "GET", path, "")
		f.refused(404, "missing", "", who.Leader, "POST", path+"/receive", `{}`)
		send := call{method: "POST", path: "/api/v1" + path + "/send", token: f.tokens[who.Agent], key: "sekali", body: `{}`}
		sent := f.do(send)
		if sent.status != 200 || sent.json["state"] != "sent" || sent.json["mailed"] != true || sent.json["digest"] == nil || sent.json["count"] != 1.0 {
			t.Fatalf("%d %s", sent.status, sent.body)
		}
		if again := f.do(send); string(again.body) != string(sent.body) {
			t.Errorf("got %s", again.body)
		}
		f.ok(200, who.Agent, "POST", path+"/send", `{}`) // another key: twice is once
		if letters := f.ok(200, who.Admin, "GET", "/outbox", "").json["promises"].([]any); len(letters) != 1 {
			t.Errorf("%d letters", len(letters))
		}
		seen := f.ok(200, who.Leader, "GET", path, "")
		if rows := seen.json["rows"].([]any); len(rows) != 1 || rows[0].(map[string]any)["reason"] != "fcr" || count(who.Leader, "?state=sent") != 1 {
			t.Errorf("got %s", seen.body)
		}
		got := f.ok(200, who.Leader, "POST", path+"/receive", `{}`)
		if got.json["state"] != "received" || got.json["received_by"] != f.ids[who.Leader].String() || got.json["digest"] != sent.json["digest"] {
			t.Errorf("got %s", got.body)
		}
		f.ok(200, who.Leader, "POST", path+"/receive", `{}`)
		if mine := f.ok(200, who.Agent, "GET", path, ""); mine.json["state"] != "received" {
			t.Errorf("got %s", mine.body)
		}
		other, _ := f.person("42148", who.Agent)
		for _, c := range [][2]string{{"GET", path}, {"POST", path + "/send"}} {
			if a := f.do(call{method: c[0], path: "/api/v1" + c[1], token: other}); a.status != 404 {
				t.Errorf("another agent, %s %s: %d %s", c[0], c[1], a.status, a.body)
			}
		}
		elsewhere, leader := f.person("52148", who.Leader)
		f.write(func(tx *db.Tx) error {
			for name, id := range map[string]db.ID{"Surabaya": leader, "Malang": f.ids[who.Leader]} {
				team, err := staff.TeamNamed(tx, staff.Console, name)
				if err == nil {
					err = staff.SetTeam(tx, staff.Console, id, team)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if a := f.do(call{method: "POST", path: "/api/v1" + path + "/receive", token: elsewhere, body: `{}`}); a.status != 404 {
			t.Errorf("another team's leader: %d %s", a.status, a.body)
		}
		for _, q := range []string{"kind=x", "state=closed", "batch=x", "limit=0", "agent=1"} {
			f.refused(422, "invalid", strings.Split(q, "=")[0], who.Agent, "GET", "/forms?"+q, "")
		}
	})
}
