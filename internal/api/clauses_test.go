package api_test

import (
	"net/http"
	"strings"
	"testing"

	"sapa/internal/who"
)

// SOP 5.2.11.b1.rna: a clause comes with its revision, signatures and carriers; turns come to who may read tickets, within scope.
func TestAClauseIsReadWithWhatRestsOnIt(t *testing.T) {
	onFloor(t, func(f *floor) {
		path, lease := f.claimed(who.Agent, "CB-90")
		f.line(path, lease, "no-answer")
		f.ok(http.StatusOK, who.Agent, "POST", path+"/finish", sent(lease, map[string]string{"status": "rna", "reason_call": "tidak-diangkat", "remarks": "Berdering"}))
		const at = "/procedure/clauses/5.2.11.b1.rna"
		a := f.ok(http.StatusOK, who.Agent, "GET", at+"?revision=2&limit=5", "")
		turns := a.json["turns"].([]any)
		if len(turns) != 1 || turns[0].(map[string]any)["ref"] != "CB-90" || a.json["stands"] != "force" || len(a.json["signatures"].([]any)) != 3 || a.json["next"] != nil {
			f.t.Errorf("%s", a.body)
		}
		if !strings.Contains(string(a.body), `"kind":"option","id":"status","of":"rna"`) || strings.Contains(string(a.body), "Ibu Contoh") || strings.Contains(string(a.body), "0899900") {
			f.t.Errorf("%s", a.body)
		}
		if a := f.ok(http.StatusOK, who.Controller, "GET", at, ""); len(a.json["turns"].([]any)) != 0 {
			f.t.Errorf("who may read no tickets gets %s", a.body)
		}
		if !strings.Contains(string(a.body), `"decision":"RNA: berdering tanpa jawaban.`) {
			f.t.Errorf("a decision is not in Bahasa Indonesia: %s", a.body)
		}
		for path, want := range map[string]int{"/procedure/clauses/9.9": 404, at + "?revision=9": 404, at + "?revision=dua": 422, at + "?page=2": 422} {
			if a := f.do(call{method: "GET", path: "/api/v1" + path, token: f.tokens[who.Agent]}); a.status != want {
				f.t.Errorf("%s: %d %s", path, a.status, a.body)
			}
		}
	})
}
