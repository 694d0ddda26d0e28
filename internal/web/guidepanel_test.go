package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/knowledge"
)

func (h *seatHouse) shelved() {
	h.t.Helper()
	if err := knowledge.Seed(context.Background(), h.store, knowledge.Starter, desk.Symptoms()); err != nil {
		h.t.Fatal(err)
	}
}

// SOP 5.2.9: My Kiss stands beside the call. The note finds the guide, the steps are walked with yes and no by plain forms, what
// was done is kept with the ticket, and the answer is proposed, never chosen.
func TestAGuideIsWalkedBesideTheCall(t *testing.T) {
	onSeat(t, func(t *testing.T, h *seatHouse) {
		h.shelved()
		one := h.ticket("callback", "CB-1") // its note tells of a red LOS lamp
		h.reached("answered")
		h.act("answers", "a.receiver", "reporter")
		h.act("answers", "a.data_check", "nama,no-layanan")
		page, _, _ := h.desk()
		has(t, page, `id="guides"`, "My Kiss", `id="guide-internet-los"`, `data-key="Alt+1"`, `data-key="/"`, "cocok: note")
		if first := strings.Index(page, `name="code"`); first < 0 || !strings.HasPrefix(page[first:], `name="code" value="internet-los"`) {
			t.Error("the note does not put the LOS guide first")
		}

		found := h.do("GET", "/desk?q=wifi+lemott", nil)
		has(t, found.body, `id="guide-internet-lambat-wifi"`, `value="wifi lemott"`)
		nothing := h.do("GET", "/desk?q=xyzzy", nil)
		has(t, nothing.body, `id="guide-none"`, "Tidak ada panduan untuk “xyzzy”")

		h.act("guide", "code", "internet-los")
		page, _, _ = h.desk()
		has(t, page, `data-guide="internet-los"`, "Apakah lampu LOS menyala", `data-key="y"`, `data-key="n"`, "Untuk agent")
		hasNot(t, page, `id="guide-internet-los"`, `id="guide-proposal"`)
		step := func(id, yes string) { h.act("guide/step", "code", "internet-los", "step", id, "yes", yes) }
		step("lampu", "yes")
		step("lampu", "yes") // a second press, behind the first: it is not the answer to the next step
		page, _, _ = h.desk()
		has(t, page, "cabut kabel listrik modem", "Langkah yang sudah dilakukan · 1")
		step("listrik", "yes")
		h.act("guide/back", "code", "internet-los")
		page, _, _ = h.desk()
		has(t, page, "cabut kabel listrik modem")
		step("listrik", "yes")
		step("coba", "yes")
		page, _, _ = h.desk()
		has(t, page, "Syukurlah sudah normal", `id="guide-proposal"`, "Isi “Berhasil dipandu”")
		hasNot(t, page, `id="guided-berhasil" checked`)

		var uses []knowledge.Use
		turn := h.turn(one.ID)
		h.read(func(tx *db.Tx) (err error) {
			uses, err = knowledge.OfTurn(tx, turn)
			return err
		})
		if len(uses) != 1 || uses[0].Ended != "pulih" || !uses[0].Worked || len(uses[0].Path) != 3 || uses[0].Ticket != one.ID || uses[0].Revision != 1 {
			t.Errorf("kept: %+v", uses)
		}
		if a := h.act("answers", "a.guided", "berhasil"); a.status != http.StatusOK { // what the button of the proposal sends
			t.Errorf("the proposal is answered with %d", a.status)
		}
		page, _, _ = h.desk()
		has(t, page, `value="berhasil" id="guided-berhasil" checked`, "Sudah diisi.")
		h.act("guide/away")
		page, _, _ = h.desk()
		has(t, page, `id="guide-internet-los"`)
		h.lang = "en"
		page, _, _ = h.desk()
		has(t, page, "LOS lamp is red or blinking", "Knowledge")
	})
}

// A shelf without guides, and a guide that is not there, break nothing.
func TestAGuideThatIsNotThereBreaksNothing(t *testing.T) {
	onSeat(t, func(t *testing.T, h *seatHouse) {
		h.ticket("callback", "CB-1")
		h.reached("answered")
		page, _, _ := h.desk()
		has(t, page, `id="guide-search"`)
		if a := h.act("guide", "code", "no-such"); a.status != http.StatusSeeOther || a.to != "/desk" {
			t.Errorf("no such guide: %d to %q", a.status, a.to)
		}
		page, _, _ = h.desk()
		has(t, page, `id="guide-search"`)
		hasNot(t, page, "data-guide=")
	})
}

func (h *seatHouse) read(look func(tx *db.Tx) error) {
	h.t.Helper()
	if err := h.store.Read(context.Background(), look); err != nil {
		h.t.Fatal(err)
	}
}

func (h *seatHouse) turn(ticket db.ID) (id db.ID) {
	h.t.Helper()
	h.read(func(tx *db.Tx) error {
		return tx.Row(`SELECT id FROM turn WHERE ticket = $1 ORDER BY id DESC LIMIT 1`, ticket).Scan(&id)
	})
	return id
}
