package api_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/document/documenttest"
	"sapa/internal/intake"
	"sapa/internal/report"
	"sapa/internal/staff"
	"sapa/internal/who"
)

// SOP fn.5: a campaign that no code knows comes in by API and by file, is mixed, handed out, called, finished, undone, shown and
// counted like the seven.
func TestAnEighthCampaignWorksThroughTheAPI(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		f := floorWith(t, s, c, documenttest.Revise(t, s, documenttest.Site, 3, "2026-11-20", documenttest.Eighth))
		opened := f.ok(201, who.Feed, "POST", "/tickets", `{"campaign":"survei","ref":"SV-1","contact":{"name":"Rekaan Satu","phone":"089990009001"},"note":"Survei"}`)
		door := intake.Desk{Campaigns: f.seat.Campaigns, Site: documenttest.Site}
		err := s.Write(context.Background(), func(tx *db.Tx) error {
			a, _, err := door.Open(tx, staff.Console, intake.Form{Campaign: "survei", Source: "tier1", Phone: "089990009003", ContactName: "Rekaan Tiga", Note: "Survei"})
			if a.Ref != "SURVEI-20261123-00001" {
				t.Error("its own number is", a.Ref)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		text := "ref,contact_name,phone,note,opened_at\nSV-2,Rekaan Dua,089990009002,Survei,2026-11-23T08:59:00+07:00\n"
		brought, err := door.Import(context.Background(), s, intake.Job{By: staff.Console, Campaign: "survei", Name: "survei.csv", File: strings.NewReader(text), Size: int64(len(text))})
		if err != nil || brought.Opened != 1 {
			t.Fatalf("%+v, %v", brought, err)
		}
		f.ok(200, who.Leader, "PUT", "/agents/"+f.ids[who.Agent].String()+"/campaigns", `{"campaigns":["survei"]}`)
		for range 2 {
			turn := f.ok(200, who.Agent, "POST", "/work/next", `{}`)
			ticket, lease := turn.json["ticket"].(map[string]any), turn.json["lease"].(map[string]any)["token"].(string)
			path := "/tickets/" + ticket["id"].(string)
			f.ok(204, who.Agent, "POST", path+"/read", fmt.Sprintf(`{"lease":%q}`, lease))
			f.ok(201, who.Agent, "POST", path+"/dial", fmt.Sprintf(`{"lease":%q}`, lease))
			f.noAnswer(path, lease)
			f.refused(422, "invalid", "status", who.Agent, "POST", path+"/finish", fmt.Sprintf(`{"lease":%q,"answers":{"status":"setuju"}}`, lease))
			done := f.ok(200, who.Agent, "POST", path+"/finish", fmt.Sprintf(`{"lease":%q,"answers":{"status":"tidak-terhubung"}}`, lease))
			if done.json["outcome"] != "retry" {
				t.Errorf("got %s", done.body)
			}
			undone := f.ok(200, who.Agent, "POST", path+"/undo", "")
			lease = undone.json["lease"].(map[string]any)["token"].(string)
			f.ok(200, who.Agent, "POST", path+"/finish", fmt.Sprintf(`{"lease":%q,"answers":{"status":"tidak-terhubung"}}`, lease))
		}
		shown := f.ok(200, who.Leader, "GET", "/tickets/"+opened.json["id"].(string), "")
		if shown.json["campaign"] != "survei" || shown.json["attempts"] != 1.0 {
			t.Errorf("shown as %s", shown.body)
		}
		err = s.Read(context.Background(), func(tx *db.Tx) error {
			all, err := f.seat.Campaigns.All(tx)
			if err != nil {
				return err
			}
			lines, err := report.Queue(tx, all)
			if n := len(lines); err != nil || n != 8 || lines[7].Title.ID != "Survei Puas" || lines[7].Sleeping != 2 || lines[7].Waiting != 1 {
				t.Errorf("queue %+v, %v", lines, err)
			}
			day, err := report.Today(tx, f.ids[who.Agent], c.Now().Add(-time.Hour), documenttest.Site)
			if day.Turns != 2 || day.Dialled != 2 || day.Reached != 0 {
				t.Errorf("day %+v", day)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
