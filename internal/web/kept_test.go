package web_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/document/documenttest"
	"sapa/internal/revise"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/web"
	"sapa/internal/who"
)

// keptHouse is a house whose agent left a half-filled callback before revision 03 took effect; then its leader is signed in.
func keptHouse(t *testing.T, edits ...revise.Edit) (*seatHouse, ticket.Ticket) {
	t.Helper()
	s, c := documenttest.Mould.SQLite(t)
	soon := time.FixedZone("", 21*3600+55*60) // where 24 November begins at 09.05 WIB of the 23rd: the session goes on
	library := documenttest.Revise(t, s, soon, 3, "2026-11-24", edits...)
	h := newSeat(t, s, c, func(p *web.Parts) {
		p.Campaigns = campaign.New(library, "IN.OCC.TELK.W-18")
		p.Seat = desk.New(desk.Parts{Store: s, Campaigns: p.Campaigns, Dialer: desk.ManualDialler{}, Hub: p.Hub, Site: documenttest.Site, Clock: c.Now})
	})
	left := h.ticket("callback", "CB-1")
	h.reached("no-answer")
	h.act("answers", "a.status", "rna", "a.remarks", "Berdering lama")
	h.act("release")
	ctx, people := context.Background(), staff.New(s, staff.Options{})
	secret, err := people.HashPassword(ctx, "rahasia-latihan-1", "tuti")
	if err != nil {
		t.Fatal(err)
	}
	err = s.Write(ctx, func(tx *db.Tx) error {
		_, err := staff.Add(tx, staff.Console, staff.Person{Login: "tuti", Name: "Tuti Rekaan", Role: who.Leader, Secret: secret})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := people.SignIn(ctx, "tuti", "rahasia-latihan-1", "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	h.jar = "sapa=" + token
	return h, left
}

// hiddenOf are the three hidden fields that stand first after an id.
func hiddenOf(page, id string) url.Values {
	_, after, _ := strings.Cut(page, `id="`+id+`"`)
	form := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(after, 3) {
		form.Set(m[1], m[2])
	}
	return form
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// renamed calls an option of the callback otherwise; a mapping says so.
var renamed = []revise.Edit{
	{Do: "rename", File: "campaigns/callback.yaml", At: "fields/status/options/rna", Put: []revise.Put{{Key: "id", Value: "tidak-diangkat"}}},
	{Do: "set", File: "campaigns/callback.yaml", At: "fields/status/options/tidak-diangkat", Put: []revise.Put{{Key: "label", Value: "Tidak diangkat", EN: "No answer"}}},
	{Do: "add", File: "mapping.yaml", At: "moves", Put: []revise.Put{{Key: "campaign", Value: "callback"}, {Key: "field", Value: "status"}, {Key: "option", Value: "rna"}, {Key: "to", Value: "tidak-diangkat"}}},
}

// decisions.md 5: the leader's page lists what was left under the earlier revision, in the words of the agent's own panel, and moves one.
func TestTheLeadersPageMovesAKeptDraft(t *testing.T) {
	h, left := keptHouse(t, renamed...)
	see := func() string { return h.do("GET", "/lead/drafts", nil).body }
	if page := see(); !strings.Contains(page, `id="kept-none"`) || strings.Contains(page, "CB-1") {
		t.Error("before another revision is in force something is listed, or the page does not say that nothing is")
	}
	if strings.Contains(h.do("GET", "/lead", nil).body, `id="kept-drafts"`) {
		t.Error("the seat leads there before there can be any")
	}
	h.clock.Advance(6 * time.Minute)
	if !strings.Contains(h.do("GET", "/lead", nil).body, `id="kept-drafts"`) {
		t.Error("the seat does not lead there")
	}
	page := see()
	for _, want := range []string{"CB-1", "Callback", "Rev 02", "Rev 03", "ditinggalkan Dinda Maharani", "disesuaikan", "→ Tidak diangkat", "3 isian tetap seperti semula.", "Pindah ke revisi 03", `aria-label="Pindahkan isian CB-1 ke revisi 03"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	form := hiddenOf(page, "kept-"+left.ID.String())
	door := "/lead/drafts/" + left.ID.String()
	stale := url.Values{"key": {"lama"}, "draft": {"99"}, "to": form["to"]}
	if a := h.do("POST", door, stale); a.status != http.StatusSeeOther || !strings.Contains(see(), "CB-1") {
		t.Error("a draft that was not on screen was moved")
	}
	for range 2 { // pressed twice
		if a := h.do("POST", door, form); a.status != http.StatusSeeOther || a.to != "/lead/drafts" {
			t.Fatalf("%d to %q: %s", a.status, a.to, a.body)
		}
	}
	if page := see(); strings.Contains(page, "CB-1") || !strings.Contains(page, `id="kept-none"`) {
		t.Error("what was moved is still listed")
	}
	err := h.store.Read(context.Background(), func(tx *db.Tx) error {
		turn, _, err := ticket.LastTurn(tx, left.ID)
		if err != nil {
			return err
		}
		moves, err := ticket.MovesOf(tx, turn.ID)
		if turn.Revision != 3 || turn.Answers["status"] != "tidak-diangkat" || len(moves) != 1 || moves[0].From.Revision != 2 {
			t.Errorf("under %d: %v, moved %+v", turn.Revision, turn.Answers, moves)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What no mapping covers is listed with what stands in the way, its clause and what to do; there is nothing to press.
func TestTheLeadersPageSaysWhyADraftStays(t *testing.T) {
	h, left := keptHouse(t, renamed[:2:2]...)
	h.clock.Advance(6 * time.Minute)
	page := h.do("GET", "/lead/drafts", nil).body
	for _, want := range []string{"CB-1", "Tidak ada pemetaan dari revisi 02 ke revisi 03", "Selesaikan di bawah revisi 02.", `data-clause="5.2"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(page, `id="move-`+left.ID.String()) {
		t.Error("it can be pressed all the same")
	}
	h.lang = "en"
	if page := h.do("GET", "/lead/drafts", nil).body; !strings.Contains(page, "Drafts of an earlier revision") || !strings.Contains(page, "Finish them under revision 02.") {
		t.Error("not in English")
	}
}
