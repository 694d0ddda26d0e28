package api_test

import (
	"fmt"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/document/documenttest"
	"sapa/internal/revise"
	"sapa/internal/who"
)

// decisions.md 5, through the API: what would change is shown, the turn is moved for the draft that was seen, a leader moves what
// given-back tickets keep.
func TestOpenWorkIsMovedThroughTheAPI(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		library := documenttest.Revise(t, s, documenttest.Site, 3, "2026-11-24",
			revise.Edit{Do: "rename", File: "campaigns/callback.yaml", At: "fields/status/options/rna", Put: []revise.Put{{Key: "id", Value: "tidak-diangkat"}}},
			revise.Edit{Do: "add", File: "mapping.yaml", At: "moves", Put: []revise.Put{{Key: "campaign", Value: "callback"}, {Key: "field", Value: "status"}, {Key: "option", Value: "rna"}, {Key: "to", Value: "tidak-diangkat"}}})
		f := floorWith(t, s, c, library)
		path, lease := f.claimed(who.Agent, "CB-1")
		holds := fmt.Sprintf(`{"lease":%q}`, lease)
		f.refused(409, "conflict", "", who.Agent, "GET", path+"/revision", "")
		f.ok(204, who.Agent, "POST", path+"/read", holds)
		f.ok(201, who.Agent, "POST", path+"/dial", holds)
		f.noAnswer(path, lease)
		f.ok(200, who.Agent, "PUT", path+"/answers", fmt.Sprintf(`{"lease":%q,"answers":{"status":"rna"}}`, lease))
		c.Set(time.Date(2026, 11, 24, 0, 0, 1, 0, documenttest.Site))
		seen := f.ok(200, who.Agent, "GET", path+"/revision", "")
		change := map[string]any{}
		for _, one := range seen.json["changes"].([]any) {
			if one := one.(map[string]any); one["field"] == "status" {
				change = one
			}
		}
		if seen.json["from"] != 2.0 || seen.json["to"] != 3.0 || change["what"] != "renamed" || change["to_value"] != "tidak-diangkat" || change["was"] != "RNA" {
			t.Errorf("got %s", seen.body)
		}
		f.refused(409, "conflict", "", who.Agent, "POST", path+"/revision", fmt.Sprintf(`{"lease":%q,"draft":99}`, lease))
		moved := f.ok(200, who.Agent, "POST", path+"/revision", fmt.Sprintf(`{"lease":%q,"draft":%v}`, lease, seen.json["draft"]))
		status := ""
		for _, one := range moved.json["view"].(map[string]any)["fields"].([]any) {
			if one := one.(map[string]any); one["id"] == "status" {
				status, _ = one["value"].(string)
			}
		}
		if status != "tidak-diangkat" {
			t.Errorf("got %s", moved.body)
		}
		f.refused(409, "conflict", "", who.Agent, "POST", path+"/revision", holds)
		f.ok(200, who.Agent, "POST", path+"/release", holds)
		left := f.ok(200, who.Leader, "POST", "/drafts/move", `{"campaign":"callback"}`)
		if left.json["to"] != 3.0 || len(left.json["moved"].([]any)) != 0 {
			t.Errorf("got %s", left.body)
		}
		f.refused(422, "invalid", "campaign", who.Leader, "POST", "/drafts/move", `{"campaign":"tidak-ada"}`)
	})
}
