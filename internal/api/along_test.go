package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"sapa/internal/who"
)

// SOP 5.2.11.d, 5.5.10: one call settles two tickets of one customer through the API, in one save that is stored once whatever
// is sent twice; a refusal names the ticket, and nothing of the call is stored.
func TestOneCallThroughTheAPI(t *testing.T) {
	onFloor(t, func(f *floor) {
		path, lease := f.claimed(who.Agent, "CB-1")
		body := strings.Replace(opening("CB-1", ""), `"callback"`, `"c4-carring"`, 1)
		other := f.ok(http.StatusCreated, who.Admin, "POST", "/tickets", body).json["id"].(string)
		take := fmt.Sprintf(`{"lease":%q,"ticket":%q}`, lease, other)
		open := f.ok(http.StatusOK, who.Agent, "GET", path+"/along", "").json["open"].([]any)
		if len(open) != 1 || open[0].(map[string]any)["id"] != other || open[0].(map[string]any)["taken"] != false {
			t.Fatalf("open: %v", open)
		}
		f.refused(409, "conflict", "receiver", who.Agent, "POST", path+"/along", take)
		f.refused(422, "invalid", "ticket", who.Agent, "POST", path+"/along", fmt.Sprintf(`{"lease":%q}`, lease))
		f.refused(422, "invalid", "ticket", who.Agent, "POST", path+"/along", fmt.Sprintf(`{"lease":%q,"ticket":"x"}`, lease))
		f.ok(http.StatusCreated, who.Agent, "POST", path+"/attempts", fmt.Sprintf(`{"lease":%q,"line":"answered","talk_s":60}`, lease))
		f.ok(http.StatusOK, who.Agent, "PUT", path+"/answers", fmt.Sprintf(`{"lease":%q,"answers":{"receiver":"reporter"}}`, lease))
		f.refused(404, "missing", "ticket", who.Agent, "POST", path+"/along", fmt.Sprintf(`{"lease":%q,"ticket":"404"}`, lease))
		taken := f.ok(http.StatusOK, who.Agent, "POST", path+"/along", take)
		if taken.json["given"].(map[string]any)["receiver"] != "reporter" || taken.json["ticket"].(map[string]any)["state"] != "claimed" {
			t.Errorf("taken: %s", taken.body)
		}
		f.refused(409, "conflict", "", who.Agent, "POST", "/tickets/"+other+"/finish", fmt.Sprintf(`{"lease":%q}`, lease))
		f.ok(http.StatusOK, who.Agent, "PUT", "/tickets/"+other+"/answers", fmt.Sprintf(`{"lease":%q,"answers":{"status":"contacted"}}`, lease))
		if both := f.ok(http.StatusOK, who.Agent, "GET", path+"/along", ""); len(both.json["along"].([]any)) != 1 {
			t.Errorf("beside: %s", both.body)
		}
		const mine = `{"no_service":"tidak-tahu","data_check":"nama","guided":"berhasil","status":"contacted","reason_call":"internet-lambat","solution":"selesai-dipandu","remarks":"normal"}`
		save := func(along string) string {
			return fmt.Sprintf(`{"lease":%q,"answers":%s,"along":{%q:%s}}`, lease, mine, other, along)
		}
		before := f.kept()
		bad := f.refused(422, "invalid", "reason_1", who.Agent, "POST", path+"/finish", save(`{"remarks":"normal"}`))
		if bad.json["ticket"] != other || bad.json["clause"] != "5.5.8.b" {
			t.Errorf("which ticket: %s", bad.body)
		}
		f.refused(422, "invalid", "along.x", who.Agent, "POST", path+"/finish", fmt.Sprintf(`{"lease":%q,"along":{"x":{}}}`, lease))
		f.refused(409, "conflict", "along", who.Agent, "POST", path+"/finish", fmt.Sprintf(`{"lease":%q,"answers":%s,"along":{"404":{}}}`, lease, mine))
		if after := f.kept(); after != before {
			t.Errorf("a refused save kept\n%s\nbefore\n%s", after, before)
		}
		finish := call{method: "POST", path: "/api/v1" + path + "/finish", token: f.tokens[who.Agent], key: "sekali", body: save(`{"reason_1":"close","remarks":"normal"}`)}
		done := f.do(finish)
		if done.status != http.StatusOK || len(done.json["along"].([]any)) != 1 {
			t.Fatalf("saved: %d %s", done.status, done.body)
		}
		if again := f.do(finish); again.status != done.status || string(again.body) != string(done.body) {
			t.Errorf("the same key again: %d %s", again.status, again.body)
		}
		if one := f.ok(http.StatusOK, who.Agent, "GET", "/tickets/"+other, ""); one.json["state"] != "closed" || one.json["attempts"] != 1.0 {
			t.Errorf("the other: %s", one.body)
		}
		undone := f.ok(http.StatusOK, who.Agent, "POST", "/tickets/"+other+"/undo", "")
		if undone.json["ticket"].(map[string]any)["state"] != "claimed" || len(undone.json["along"].([]any)) != 1 {
			t.Errorf("undone: %s", undone.body)
		}
	})
}
