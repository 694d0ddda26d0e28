package api_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"sapa/internal/desk"
	"sapa/internal/knowledge"
	"sapa/internal/who"
)

func (f *floor) shelved() {
	f.t.Helper()
	if err := knowledge.Seed(context.Background(), f.store, knowledge.Starter, desk.Symptoms()); err != nil {
		f.t.Fatal(err)
	}
}

// SOP 5.2.9: during a call the matching guide is found, its steps are recorded with the ticket, and it proposes how guiding
// ended; the answer stays the agent's.
func TestAGuideIsFoundWalkedAndProposes(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.shelved()
		first := func(query string) string {
			t.Helper()
			all := f.ok(200, who.Agent, "GET", "/knowledge?"+query, "").json["articles"].([]any)
			if len(all) == 0 {
				return ""
			}
			return all[0].(map[string]any)["code"].(string)
		}
		for query, want := range map[string]string{"q=lampu+los+merah": "internet-los", "q=wifi+lemott&verdict=spec&service=internet": "internet-lambat-wifi",
			"symptom=frz": "iptv-macet", "q=xyzzy": "", "limit=1&symptom=lmb&verdict=unspec": "internet-lambat-jaringan"} {
			if got := first(query); got != want {
				t.Errorf("%s finds %q, want %q", query, got, want)
			}
		}
		for query, field := range map[string]string{"symptom=lost": "symptom", "verdict=SPEK": "verdict", "service=tv": "service", "limit=0": "limit", "x=1": "x",
			"q=" + strings.Repeat("a", 501): "q"} {
			f.refused(422, "invalid", field, who.Agent, "GET", "/knowledge?"+query, "")
		}
		article := f.ok(200, who.Tier1, "GET", "/knowledge/internet-los", "")
		english := f.do(call{method: "GET", path: "/api/v1/knowledge/internet-los", token: f.tokens[who.Tier1], lang: "en"})
		if article.json["title"] == english.json["title"] || len(article.json["steps"].([]any)) < 4 {
			t.Errorf("%s\n%s", article.body, english.body)
		}
		f.refused(404, "missing", "code", who.Agent, "GET", "/knowledge/no-such", "")

		path, lease := f.claimed(who.Agent, "CB-9")
		id := strings.TrimPrefix(path, "/tickets/")
		use := func(lease, steps string) string {
			return fmt.Sprintf(`{"ticket":%q,"lease":%q,"steps":[%s]}`, id, lease, steps)
		}
		const uses = "/knowledge/internet-los/uses"
		f.refused(409, "conflict", "", who.Agent, "POST", uses, use("other", ""))
		f.refused(404, "missing", "code", who.Agent, "POST", "/knowledge/no-such/uses", use(lease, ""))
		shown := f.ok(200, who.Agent, "POST", uses, use(lease, ""))
		if shown.json["next"].(map[string]any)["id"] != "lampu" || shown.json["end"] != nil {
			t.Errorf("shown: %s", shown.body)
		}
		f.refused(422, "invalid", "steps", who.Agent, "POST", uses, use(lease, `{"step":"kabel","yes":true}`))
		f.refused(422, "invalid", "steps[0].yes", who.Agent, "POST", uses, use(lease, `{"step":"lampu"}`))
		const way = `{"step":"lampu","yes":true},{"step":"listrik","yes":true},{"step":"coba","yes":true}`
		one := call{method: "POST", path: "/api/v1" + uses, token: f.tokens[who.Agent], key: "guide-1", body: use(lease, way)}
		ended, again := f.do(one), f.do(one)
		if ended.status != 200 || string(ended.body) != string(again.body) || ended.json["proposal"].(map[string]any)["guided"] != "berhasil" || ended.json["id"] != shown.json["id"] {
			t.Errorf("ended: %s\nagain: %s", ended.body, again.body)
		}
		view := f.ok(200, who.Agent, "PUT", path+"/answers", fmt.Sprintf(`{"lease":%q,"answers":{}}`, lease))
		if strings.Contains(string(view.body), `"value":"berhasil"`) {
			t.Errorf("the guide has answered by itself: %s", view.body)
		}
		fares := f.ok(200, who.Leader, "GET", "/reports/knowledge", "").json["guides"].([]any)
		if len(fares) != 1 || fares[0].(map[string]any)["worked"] != 1.0 || fares[0].(map[string]any)["solved"] != 0.0 { // not saved yet
			t.Errorf("report: %v", fares)
		}
		f.refused(422, "invalid", "since", who.Leader, "GET", "/reports/knowledge?since=yesterday", "")
		hit := f.ok(200, who.Agent, "GET", "/knowledge?q=los", "").json["articles"].([]any)[0].(map[string]any)
		if hit["shown"] != 1.0 || hit["worked"] != 1.0 {
			t.Errorf("what was done does not count: %v", hit)
		}
	})
}

// A revision is written by one person and put in force by another.
func TestAnArticleIsRevised(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.shelved()
		const revisions = "/knowledge/internet-los/revisions"
		first := f.ok(200, who.Quality, "GET", revisions+"/1", "")
		text := strings.Replace(first.json["text"].(string), "Lampu LOS merah atau berkedip", "Lampu LOS menyala merah", 1)
		body := func(text string) string { return fmt.Sprintf(`{"text":%q}`, text) }
		f.refused(422, "invalid", "text", who.Leader, "POST", revisions, body(strings.Replace(text, "yes: luruskan", "yes: lurus", 1)))
		f.refused(404, "missing", "code", who.Leader, "POST", revisions+"/x/submit", "")
		draft := f.ok(201, who.Leader, "POST", revisions, body(text))
		if draft.json["revision"] != 2.0 || draft.json["state"] != "draft" {
			t.Errorf("draft: %s", draft.body)
		}
		f.refused(409, "conflict", "code", who.Quality, "POST", revisions, body(text))
		f.refused(403, "forbidden", "", who.Quality, "POST", revisions+"/2/submit", "")
		f.ok(200, who.Leader, "POST", revisions+"/2/submit", "")
		f.refused(403, "forbidden", "", who.Leader, "POST", revisions+"/2/review", `{"move":"approve"}`)
		f.refused(422, "invalid", "move", who.Quality, "POST", revisions+"/2/review", `{"move":"submit"}`)
		f.refused(422, "invalid", "reason", who.Quality, "POST", revisions+"/2/review", `{"move":"return"}`)
		f.ok(200, who.Quality, "POST", revisions+"/2/review", `{"move":"approve"}`)
		all := f.ok(200, who.Agent, "GET", revisions, "").json["revisions"].([]any)
		if len(all) != 2 || all[0].(map[string]any)["state"] != "force" || all[1].(map[string]any)["state"] != "past" {
			t.Errorf("revisions: %v", all)
		}
		if got := f.ok(200, who.Agent, "GET", "/knowledge/internet-los", ""); got.json["revision"] != 2.0 || got.json["title"] != "Lampu LOS menyala merah" {
			t.Errorf("in force: %s", got.body)
		}
	})
}
