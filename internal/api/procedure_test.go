package api_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/staff"
	"sapa/internal/who"
)

const signPassword = "sandi-tanda-tangan"

// withPassword lets the people of three roles enter one; their tokens end with that and are made anew.
func (f *floor) withPassword(roles ...who.Role) {
	f.t.Helper()
	for _, role := range roles {
		secret, err := staff.New(f.store, staff.Options{}).HashPassword(context.Background(), signPassword, string(role)+"1")
		if err != nil {
			f.t.Fatal(err)
		}
		err = f.store.Write(context.Background(), func(tx *db.Tx) (err error) {
			if err = staff.SetPassword(tx, staff.Console, f.ids[role], secret); err != nil {
				return err
			}
			f.tokens[role], err = staff.CreateToken(tx, staff.Console, string(role)+"1", 300*24*time.Hour)
			return err
		})
		if err != nil {
			f.t.Fatal(err)
		}
	}
}

// SOP fn.5, doc.sign.made, doc.sign.checked, doc.sign.approved, doc.copy.controlled-malang: a revision from begin to recall, by machines.
func TestADocumentIsSignedByThree(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.withPassword(who.Controller, who.Checker, who.Approver)
		now := f.ok(200, who.Agent, "GET", "/procedure", "")
		if now.json["in_force"] != 2.0 || now.json["draft"] != nil || len(now.json["copies"].([]any)) != 3 {
			t.Errorf("%s", now.body)
		}
		f.refused(404, "missing", "", who.Agent, "GET", "/procedure/draft", "")
		f.refused(404, "missing", "", who.Controller, "POST", "/procedure/draft", `{"from":7}`)
		f.ok(201, who.Controller, "POST", "/procedure/draft", "{}")
		f.refused(409, "conflict", "", who.Controller, "POST", "/procedure/draft", "{}")
		f.refused(409, "conflict", "", who.Controller, "POST", "/procedure/draft/schedule", `{"version":9,"summary":"x"}`)
		d := f.ok(200, who.Controller, "POST", "/procedure/draft/schedule", `{"version":1,"effective_at":null,"summary":"Hanya judul","summary_en":"The title only"}`)
		content := d.json["content"].(string)
		if d.json["may_sign"] != "prepared" || len(d.json["lacks"].([]any)) != 0 {
			t.Fatalf("%s", d.body)
		}
		sign := func(role who.Role, content, password string) said {
			t.Helper()
			return f.do(call{method: "POST", path: "/api/v1/procedure/draft/sign", token: f.tokens[role], body: fmt.Sprintf(`{"content":%q,"password":%q}`, content, password)})
		}
		if a := sign(who.Controller, content, "bukan ini sandinya"); a.status != 422 || a.json["field"] != "password" {
			t.Errorf("a wrong password: %d %s", a.status, a.body)
		}
		if a := sign(who.Controller, strings.Repeat("0", 64), signPassword); a.status != 409 {
			t.Errorf("another content: %d %s", a.status, a.body)
		}
		if a := sign(who.Checker, content, signPassword); a.status != 409 {
			t.Errorf("before its turn: %d %s", a.status, a.body)
		}
		if a := sign(who.Controller, content, signPassword); a.status != 200 || a.json["published"] != nil {
			t.Errorf("%d %s", a.status, a.body)
		}
		f.refused(422, "invalid", "reason", who.Checker, "POST", "/procedure/draft/return", `{"reason":"  "}`)
		f.ok(200, who.Checker, "POST", "/procedure/draft/return", `{"reason":"5.7.8 belum jelas"}`)
		for i, role := range []who.Role{who.Controller, who.Checker, who.Approver} {
			a := sign(role, content, signPassword)
			if a.status != 200 || (a.json["published"] == 3.0) != (i == 2) {
				t.Errorf("%s: %d %s", role, a.status, a.body)
			}
		}
		if now = f.ok(200, who.Agent, "GET", "/procedure", ""); now.json["in_force"] != 3.0 {
			t.Errorf("%s", now.body)
		}
		notices := f.ok(200, who.Agent, "GET", "/notices", "").json["notices"].([]any)
		if len(notices) != 1 || !strings.Contains(notices[0].(map[string]any)["title"].(string), "revisi 03") {
			t.Errorf("required reading: %v", notices)
		}
		before := f.ok(200, who.Controller, "GET", "/procedure/revisions/3/readers", "").json["unread"].(float64)
		f.ok(200, who.Agent, "POST", "/notices/"+notices[0].(map[string]any)["id"].(string)+"/read", "{}")
		if after := f.ok(200, who.Controller, "GET", "/procedure/revisions/3/readers", "").json["unread"].(float64); after != before-1 {
			t.Errorf("unread %v, then %v", before, after)
		}
		c := f.ok(201, who.Controller, "POST", "/procedure/copies", `{"type":"CONTROLLED","holder":"SURABAYA"}`).json["id"].(string)
		f.refused(409, "conflict", "holder", who.Controller, "POST", "/procedure/copies", `{"type":"MASTER","holder":"SURABAYA"}`)
		f.ok(204, who.Leader, "POST", "/procedure/copies/"+c+"/acknowledge", `{"revision":3}`)
		f.refused(404, "missing", "", who.Leader, "POST", "/procedure/copies/"+c+"/acknowledge", `{"revision":9}`)
		f.ok(204, who.Controller, "POST", "/procedure/copies/"+c+"/end", "{}")
		if a := f.ok(200, who.Approver, "POST", "/procedure/revisions/3/recall", `{"reason":"pilihan salah"}`); a.json["in_force"] != 2.0 {
			t.Errorf("%s", a.body)
		}
		if d := f.ok(201, who.Controller, "POST", "/procedure/draft", "{}"); d.json["revision"] != 4.0 {
			t.Errorf("%s", d.body)
		}
		f.ok(204, who.Controller, "POST", "/procedure/draft/discard", `{"version":1}`)
	})
}

// The password goes nowhere but to staff: neither the journal nor what is kept for the key holds it, or a quick digest of it.
func TestAPasswordIsKeptNowhere(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.withPassword(who.Controller)
		f.ok(201, who.Controller, "POST", "/procedure/draft", "{}")
		content := f.ok(200, who.Controller, "POST", "/procedure/draft/schedule", `{"version":1,"summary":"x"}`).json["content"].(string)
		body := fmt.Sprintf(`{"content":%q,"password":%%q}`, content)
		one := call{method: "POST", path: "/api/v1/procedure/draft/sign", token: f.tokens[who.Controller], key: "tanda-1", body: fmt.Sprintf(body, signPassword)}
		first := f.do(one)
		if again := f.do(one); first.status != 200 || string(again.body) != string(first.body) {
			t.Errorf("the same key: %d %s, then %d %s", first.status, first.body, again.status, again.body)
		}
		one.body = fmt.Sprintf(body, "bukan ini sandinya")
		if wrong := f.do(one); wrong.status != 422 {
			t.Errorf("the same key with a wrong password gets the answer: %d", wrong.status)
		}
	})
}
