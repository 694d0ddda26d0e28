package web_test

import (
	"strings"
	"testing"
	"time"

	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/desk"
	"sapa/internal/document/documenttest"
	"sapa/internal/revise"
	"sapa/internal/web"
)

// decisions.md 5: the desk says quietly that another revision is in force, shows what moving would do, and moves on purpose.
func TestTheDeskOffersTheRevisionInForce(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		soon := time.FixedZone("", 21*3600+55*60) // where 24 November begins at 09.05 WIB of the 23rd: the session goes on
		library := documenttest.Revise(t, s, soon, 3, "2026-11-24",
			revise.Edit{Do: "rename", File: "campaigns/callback.yaml", At: "fields/status/options/rna", Put: []revise.Put{{Key: "id", Value: "tidak-diangkat"}}},
			revise.Edit{Do: "set", File: "campaigns/callback.yaml", At: "fields/status/options/tidak-diangkat", Put: []revise.Put{{Key: "label", Value: "Tidak diangkat", EN: "No answer"}}},
			revise.Edit{Do: "add", File: "mapping.yaml", At: "moves", Put: []revise.Put{{Key: "campaign", Value: "callback"}, {Key: "field", Value: "status"}, {Key: "option", Value: "rna"}, {Key: "to", Value: "tidak-diangkat"}}})
		h := newSeat(t, s, c, func(p *web.Parts) {
			p.Campaigns = campaign.New(library, "IN.OCC.TELK.W-18")
			p.Seat = desk.New(desk.Parts{Store: s, Campaigns: p.Campaigns, Dialer: desk.ManualDialler{}, Hub: p.Hub, Site: documenttest.Site, Clock: c.Now})
		})
		h.ticket("callback", "CB-1")
		h.reached("no-answer")
		h.act("answers", "a.status", "rna")
		if page := h.do("GET", "/desk", nil).body; strings.Contains(page, `id="newer"`) {
			t.Error("another revision is offered before it is in force")
		}
		c.Advance(6 * time.Minute)
		page := h.do("GET", "/desk", nil).body
		for _, want := range []string{"Revisi 03 sudah berlaku; giliran ini tetap memakai revisi 02.", "disesuaikan", "→ Tidak diangkat", "Pindah ke revisi 03"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page does not say %q", want)
			}
		}
		h.act("revision", "draft", "99")
		if page = h.do("GET", "/desk", nil).body; !strings.Contains(page, `id="newer"`) {
			t.Error("a draft that was not on screen was moved")
		}
		h.act("revision", "draft", "0")
		if page = h.do("GET", "/desk", nil).body; strings.Contains(page, `id="newer"`) || !strings.Contains(page, "Rev 03") {
			t.Error("the turn did not move")
		}
	})
}
