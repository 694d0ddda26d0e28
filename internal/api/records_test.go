package api_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"sapa/internal/control"
	"sapa/internal/document"
	"sapa/internal/who"
)

// The records register (SOP 6), through the API: the register is filled row by row, a dry list is drawn and read, one person asks, another confirms, holds come
// and go.
func TestRecordsThroughTheAPI(t *testing.T) {
	onFloor(t, func(f *floor) {
		if r := f.ok(200, who.Quality, "GET", "/records", ""); len(r.json["missing"].([]any)) != len(document.GovernedKinds) || len(r.json["rules"].([]any)) != 0 {
			t.Errorf("an empty register: %s", r.body)
		}
		f.refused(409, "conflict", "", who.Controller, "POST", "/records/purges", "{}")
		row := func(kind, more string) string {
			return fmt.Sprintf(`{"kind":%q,"name":"Rekaman %s","position":"Document Controller","smm":"yes"%s}`, kind, kind, more)
		}
		for _, kind := range document.GovernedKinds {
			p := document.ProposeRecordRule(kind)
			f.ok(200, who.Controller, "PUT", "/records", row(kind, fmt.Sprintf(`,"basis":%q,"amount":%d,"unit":%q,"version":0`, p.Basis, p.Amount, p.Unit)))
		}
		for field, more := range map[string]string{
			"basis":   `,"basis":"sometimes","version":1`,
			"unit":    `,"basis":"closed","amount":40,"unit":"","version":1`,
			"amount":  `,"basis":"closed","amount":29,"unit":"days","version":1`,
			"version": `,"basis":"closed","amount":30,"unit":"days","version":9`,
		} {
			status, kind := 422, "invalid"
			if field == "version" {
				status, kind = 409, "conflict"
			}
			f.refused(status, kind, field, who.Controller, "PUT", "/records", row("ticket", more))
		}
		f.refused(422, "invalid", "basis", who.Controller, "PUT", "/records", row("journal", `,"basis":"closed","amount":90,"unit":"days","version":1`))
		r := f.ok(200, who.Approver, "GET", "/records", "")
		if len(r.json["missing"].([]any)) != 0 || len(r.json["rules"].([]any)) != len(document.GovernedKinds) {
			t.Errorf("a full register: %s", r.body)
		}

		f.ticket("CB-1", "")
		f.refused(422, "invalid", "ref", who.Quality, "POST", "/records/holds", `{"kind":"ticket","ref":"CB-9","reason":"sengketa"}`)
		f.refused(422, "invalid", "reason", who.Quality, "POST", "/records/holds", `{"kind":"ticket","ref":"CB-1","reason":"  x "}`)
		h := f.ok(201, who.Quality, "POST", "/records/holds", `{"kind":"ticket","ref":"CB-1","reason":"sengketa (rekaan)"}`)
		hold := h.json["holds"].([]any)[0].(map[string]any)
		if hold["label"] != "CB-1" || hold["lifted_at"] != nil {
			t.Errorf("got %s", h.body)
		}
		lift := "/records/holds/" + hold["id"].(string) + "/lift"
		f.ok(200, who.Admin, "POST", lift, `{"reason":"selesai (rekaan)"}`)
		f.refused(409, "conflict", "", who.Admin, "POST", lift, `{"reason":"selesai (rekaan)"}`)
		f.ok(200, who.Checker, "GET", "/records/holds", "")

		p := f.ok(201, who.Controller, "POST", "/records/purges", "{}")
		at := "/records/purges/" + p.json["id"].(string)
		purger := &control.Purger{Store: f.store}
		turns := func() {
			for worked := true; worked; {
				var err error
				if worked, err = purger.Turn(context.Background()); err != nil {
					t.Fatal(err)
				}
			}
		}
		turns()
		p = f.ok(200, who.Approver, "GET", at, "")
		digest, _ := p.json["digest"].(string)
		if p.json["state"] != "listed" || digest == "" {
			t.Errorf("got %s", p.body)
		}
		f.ok(200, who.Approver, "GET", at+"/items?kind=ticket", "")
		f.refused(422, "invalid", "kind", who.Approver, "GET", at+"/items?kind=journal", "")
		body := `{"digest":"` + digest + `"}`
		f.refused(409, "conflict", "digest", who.Admin, "POST", at+"/ask", `{"digest":"x"}`)
		f.ok(200, who.Admin, "POST", at+"/ask", body)
		f.refused(403, "forbidden", "", who.Admin, "POST", at+"/confirm", body)
		f.ok(200, who.Approver, "POST", at+"/confirm", body)
		turns()
		if all := f.ok(200, who.Quality, "GET", "/records/purges", ""); !strings.Contains(string(all.body), `"state":"done"`) {
			t.Errorf("got %s", all.body)
		}
		f.refused(409, "conflict", "", who.Controller, "POST", at+"/stop", "{}")
	})
}
