package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/phone"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

var nobodyThere = map[string]string{"status": "not-contacted", "reason_1": "rna", "remarks": "Berdering"}

// Issue 5, screen 05: under a changed field stands how many results bear a name that it had.
func TestAChangedFieldSaysHowManyResultsBearItsOldNames(t *testing.T) {
	f := editing(t)
	f.turned("agent", "fresh-lapul", "LAPUL-1", nobodyThere)
	f.turned("agent", "fresh-lapul", "LAPUL-2", nobodyThere)
	const at = "/procedure/draft?at=5.7.8"
	if page := f.page("controller", at); strings.Contains(page, `id="old-`) {
		t.Error("an unchanged field speaks of old names")
	}
	f.save("campaigns/fresh-lapul.yaml", "label: Tulalit", "label: Nada sibuk") // nobody has used it
	wants(t, body(f.page("controller", at), "old-fresh-lapul-reason_1", "p"), "Belum ada hasil yang memakai nama rev 02.")
	f.save("campaigns/fresh-lapul.yaml", "label: RNA", "label: Tidak diangkat")
	wants(t, body(f.page("controller", at), "old-fresh-lapul-reason_1", "p"), "2 hasil lama tetap memakai nama rev 02.")
	wants(t, body(f.page("controller", at, "sapa-lang=en"), "old-fresh-lapul-reason_1", "p"), "2 old results keep the name of rev 02.")
	f.turned("agent", "fresh-lapul", "LAPUL-3", nobodyThere)
	wants(t, body(f.page("controller", at), "old-fresh-lapul-reason_1", "p"), "3 hasil lama")
	if page := f.page("controller", at+"&view=clean"); strings.Contains(page, `id="old-`) {
		t.Error("the clean view speaks of old names")
	}
	// a field with another name and options with other names: each result counts once
	f.save("campaigns/fresh-lapul.yaml", "label: {id: Reason 1, en: Reason 1}", "label: {id: Alasan, en: Reason}")
	wants(t, body(f.page("controller", at), "old-fresh-lapul-reason_1", "p"), "3 hasil lama")
}

// begun has an agent answer a new ticket's form without finishing, and give it back if so said.
func (f *floor) begun(login, ref string, giveBack bool) {
	f.t.Helper()
	a := who.Actor{ID: int64(f.ids[login]), Login: login, Role: who.Agent, Via: who.Page}
	var turn desk.Turn
	acts := []func(tx *db.Tx) error{
		func(tx *db.Tx) error {
			_, _, err := ticket.Open(tx, who.House, ticket.New{Campaign: "fresh-lapul", Ref: ref, ServiceNo: "152999" + ref, Zone: "Asia/Jakarta", Source: "feed",
				Contacts: []ticket.Contact{{Phone: phone.Number("+6289990001078")}}})
			return err
		},
		func(tx *db.Tx) (err error) { turn, err = f.seat.Next(tx, a, nil); return err },
		func(tx *db.Tx) error { return f.seat.Read(tx, a, turn.Ticket.ID, turn.Lease.Token) },
		func(tx *db.Tx) error { _, err := f.seat.Dial(tx, a, turn.Ticket.ID, turn.Lease.Token, ""); return err },
		func(tx *db.Tx) error {
			_, err := f.seat.Said(tx, a, turn.Ticket.ID, turn.Lease.Token, call.NoAnswer)
			return err
		},
		func(tx *db.Tx) error {
			_, err := f.seat.Answer(tx, a, turn.Ticket.ID, turn.Lease.Token, nobodyThere, 0)
			return err
		},
	}
	if giveBack {
		acts = append(acts, func(tx *db.Tx) error { return ticket.Release(tx, a, turn.Ticket.ID, turn.Lease.Token, "") })
	}
	for _, act := range acts {
		if err := f.store.Write(context.Background(), act); err != nil {
			f.t.Fatal(err)
		}
	}
}

// Issue 5, item 4: who reads it, what is queued, in hand and kept under the revision in force, of the campaigns that change.
func TestTheImpactCountsReadersAndWorkThatStays(t *testing.T) {
	f := editing(t)
	f.begun("agent2", "000012", false)
	f.begun("agent", "000011", true)
	const at = "/procedure/draft?at=5.7.8"
	wants(t, body(f.page("controller", at), "impact", "section"), "2 agen, 0 campaign", "0 tiket antre, 0 sedang dikerjakan")
	f.save("campaigns/fresh-lapul.yaml", "label: RNA", "label: Tidak diangkat")
	panel := body(f.page("controller", at), "impact", "section")
	wants(t, panel, "2 agen, 1 campaign", "wajib baca saat mulai shift", "1 tiket antre, 1 sedang dikerjakan", "yang sudah dimulai selesai di rev 02",
		"1 tiket dikembalikan dengan isian; giliran berikutnya masih di rev 02")
}

// Issue 5, item 4, decision 0017: the panel says of each name that changes whether the draft's mapping answers it, and leads there.
func TestTheImpactSaysWhatTheMappingLeavesOpen(t *testing.T) {
	f := editing(t)
	const at, file = "/procedure/draft?at=5.7.8", "/procedure/draft/file?name=mapping.yaml"
	wants(t, body(f.page("controller", at), "mapping", "div"), "Belum ada pemetaan: isian yang tersimpan tidak bisa dipindahkan dari rev 02.", "Tulis pemetaan", "name=mapping.yaml")
	if text := body(f.page("checker", at), "mapping", "div"); strings.Contains(text, "name=mapping.yaml") {
		t.Error("who only reads is led to a file that is not there")
	}
	if w := f.ask("checker", "GET", file, nil); w.Code != http.StatusNotFound {
		t.Errorf("who only reads gets %d", w.Code)
	}
	f.save("campaigns/fresh-lapul.yaml", "- id: rna\n", "- id: tidak-diangkat\n")
	f.save("campaigns/fresh-lapul.yaml", "label: Tulalit", "label: Nada sibuk")
	names := body(f.page("controller", at), "renamed", "ul")
	wants(t, names, "belum dipetakan", "isian ikut", "<ins>Nada sibuk</ins>")
	if strings.Index(names, "belum dipetakan") > strings.Index(names, "isian ikut") {
		t.Error("what is left open does not stand first")
	}

	// the page proposes rows for what has gone; kept, they answer it
	page := f.page("controller", file)
	text := unescape(body(page, "file-text", "textarea"))
	wants(t, page, "Ini baru usulan")
	wants(t, text, "from: 2", "option: rna", "gone: true")
	keep := func(text string) {
		t.Helper()
		page := f.page("controller", file)
		w := f.ask("controller", "POST", "/procedure/draft/file", url.Values{"name": {"mapping.yaml"}, "version": {version(page)}, "text": {text}})
		if w.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	panel := func() string { return body(f.page("controller", at), "impact", "section") }
	keep("from: 2\nmoves: []\n")
	wants(t, panel(), "Pemetaan dari rev 02 belum menjawab 1 nama", "belum dipetakan")
	keep(text)
	wants(t, panel(), "Pemetaan dari rev 02 sudah lengkap", "dilepas menurut pemetaan")
	keep(strings.Replace(text, "gone: true", "to: tidak-diangkat", 1))
	wants(t, panel(), "Pemetaan dari rev 02 sudah lengkap", "dipetakan")
	b := f.sound()
	if b.Mapping == nil || b.Mapping.Row("fresh-lapul", "reason_1", "rna") == nil {
		t.Errorf("kept as %+v", b.Mapping)
	}
	keep(strings.Replace(text, "option: rna", "option: warna", 1))
	wants(t, panel(), "belum menjawab 1 nama", "fresh-lapul option warna of reason_1 tidak ada di revisi 2.", "mapping.yaml:")
	keep("from: 1\nmoves: []\n")
	wants(t, panel(), "Pemetaan ini dari rev 01, bukan dari rev 02 yang berlaku.")
	keep(" \n")
	wants(t, panel(), "Belum ada pemetaan")
	if b, _ := f.book(); b.Mapping != nil {
		t.Errorf("an emptied mapping stays: %+v", b.Mapping)
	}
}
