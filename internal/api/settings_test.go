package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/journal"
	"sapa/internal/who"
)

func setting(text string, version int) string {
	b, _ := json.Marshal(map[string]any{"text": text, "version": version}) // it cannot fail
	return string(b)
}

// wrote counts what somebody wrote of an act into the journal, and gives the facts of the last one.
func (f *floor) wrote(by who.Role, act string) (n int, last map[string]string) {
	f.t.Helper()
	err := f.store.Read(context.Background(), func(tx *db.Tx) error {
		all, err := journal.By(tx, f.ids[by], 100)
		for _, e := range all {
			if e.Act == act {
				if n++; last == nil {
					last = e.Data
				}
			}
		}
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return n, last
}

// SOP 5.2.10.r, A-13: the administrator changes the ladder and the settings, leaders and quality read them, nobody else
// either; of two who change at once the second is told; each change is journaled.
func TestTheAdministratorSetsTheLadder(t *testing.T) {
	onFloor(t, func(f *floor) {
		list := f.ok(200, who.Quality, "GET", "/settings", "").json["settings"].([]any)
		if len(list) != 2 || list[0].(map[string]any)["name"] != "ladder" || list[0].(map[string]any)["version"] != 0.0 || list[0].(map[string]any)["changed_at"] != nil {
			t.Errorf("got %v", list)
		}
		own := f.ok(200, who.Leader, "GET", "/settings/ladder", "").json["text"].(string)
		if !strings.Contains(own, "super-emergency") {
			t.Errorf("got %s", own)
		}
		for _, role := range []who.Role{who.Agent, who.Tier1, who.Feed, who.Controller, who.Checker, who.Approver} {
			f.refused(403, "forbidden", "", role, "GET", "/settings", "")
		}
		const ladder = "ladder:\n  - {priority: very-high, when: {urgency: normal}}\n  - {priority: low}\n"
		for _, role := range []who.Role{who.Leader, who.Quality, who.Agent, who.Feed} {
			f.refused(403, "forbidden", "", role, "PUT", "/settings/ladder", setting(ladder, 0))
		}
		set := f.ok(200, who.Admin, "PUT", "/settings/ladder", setting(ladder, 0))
		if set.json["version"] != 1.0 || set.json["text"] != ladder || set.json["changed_by"] != "admin1" || set.json["changed_at"] == nil {
			t.Errorf("got %s", set.body)
		}
		f.refused(409, "conflict", "version", who.Admin, "PUT", "/settings/ladder", setting(own, 0))
		if n, last := f.wrote(who.Admin, "trouble.set"); n != 1 || last["old"] != "0" || last["new"] != "1" || last["old_sha256"] == last["new_sha256"] {
			t.Errorf("%d entries, the last %v", n, last)
		}
		const no = "152999000120"
		f.lined(no, "-20")
		if a := f.ok(200, who.Agent, "GET", "/trouble/"+f.filed(no, ""), ""); a.json["priority"] != "very-high" {
			t.Errorf("by the site's ladder it is %v", a.json["priority"])
		}
		back := f.ok(200, who.Admin, "PUT", "/settings/ladder", setting(own, 1))
		if back.json["version"] != 2.0 {
			t.Errorf("got %s", back.body)
		}
		f.ok(200, who.Admin, "PUT", "/settings/settings", setting("gaul_days: 30\nmandatory: {}\n", 0))
		f.refused(404, "missing", "", who.Admin, "PUT", "/settings/hours", setting("x", 0))
		f.refused(404, "missing", "", who.Admin, "GET", "/settings/hours", "")
		f.refused(422, "invalid", "text", who.Admin, "PUT", "/settings/ladder", `{"version":2}`)
		f.refused(422, "invalid", "version", who.Admin, "PUT", "/settings/ladder", `{"text":"x"}`)
	})
}

// A ladder that is not whole is refused with its line, in both languages, and nothing changes.
func TestABadLadderIsRefused(t *testing.T) {
	onFloor(t, func(f *floor) {
		for _, c := range []struct {
			why, name, text, key string
			line                 int
		}{
			{"empty", "ladder", "ladder: []", "last-rung", 1},
			{"nothing", "ladder", "# nothing", "yaml", 1},
			{"a gap: the last rung has a condition", "ladder", "ladder:\n  - {priority: high, when: {urgency: hard}}\n", "last-rung", 1},
			{"overlap: the same rung twice", "ladder", "ladder:\n  - {priority: low, when: {urgency: hard}}\n  - {priority: low}\n", "double", 3},
			{"overlap: below a rung that always holds", "ladder", "ladder:\n  - {priority: high}\n  - {priority: low}\n", "never", 3},
			{"overlap: the rung above takes all of its tickets", "ladder", "ladder:\n  - {priority: high, when: {lapul: {above: 2}}}\n  - {priority: medium, when: {lapul: {at_least: 3}, urgency: hard}}\n  - {priority: low}\n", "unreachable", 3},
			{"a condition that never holds", "ladder", "ladder:\n  - {priority: high, when: {urgency: hard, not: {urgency: [hard, normal]}}}\n  - {priority: low}\n", "unreachable", 2},
			{"unknown hours", "ladder", "ladder:\n  - {priority: high, when: {ttr_hours: {above: 3}}}\n  - {priority: low}\n", "unknown-key", 2},
			{"hours that are no number", "ladder", "ladder:\n  - {priority: high, when: {ttr_days: {above: tiga}}}\n  - {priority: low}\n", "kind", 2},
			{"an unknown class", "ladder", "ladder:\n  - {priority: high, when: {class: HVC_COPPER}}\n  - {priority: low}\n", "value", 2},
			{"no window", "settings", "mandatory: {}", "gaul", 1},
			{"an unknown service", "settings", "gaul_days: 60\nmandatory:\n  fax: []\n", "unknown-key", 3},
		} {
			seen := map[string]bool{}
			for _, lang := range []string{"id", "en"} {
				a := f.do(call{method: "PUT", path: "/api/v1/settings/" + c.name, token: f.tokens[who.Admin], body: setting(c.text, 0), lang: lang})
				detail := fmt.Sprint(a.json["detail"])
				if a.status != 422 || a.json["type"] != "urn:sapa:trouble.file."+c.key || a.json["field"] != "text" ||
					c.line > 1 && !strings.Contains(detail, fmt.Sprint(" ", c.line, ":")) {
					t.Errorf("%s: %d %s", c.why, a.status, a.body)
				}
				seen[detail] = true
			}
			if len(seen) != 2 {
				t.Errorf("%s: said the same in both languages: %v", c.why, seen)
			}
		}
		if a := f.ok(200, who.Admin, "GET", "/settings/ladder", ""); a.json["version"] != 0.0 {
			t.Errorf("got %s", a.body)
		}
	})
}
