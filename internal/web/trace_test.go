package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/document"
	"sapa/internal/journal"
	"sapa/internal/phone"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// turned works one ticket of a campaign to its end as an agent: nobody answers, and the answers say so.
func (f *floor) turned(login, campaign, ref string, answers map[string]string) {
	f.t.Helper()
	a := who.Actor{ID: int64(f.ids[login]), Login: login, Name: "Orang " + login, Role: who.Agent, Via: who.Page}
	var turn desk.Turn
	for _, act := range []func(tx *db.Tx) error{
		func(tx *db.Tx) error {
			_, _, err := ticket.Open(tx, who.Actor{ID: int64(f.ids["leader"]), Role: who.Leader}, ticket.New{Campaign: campaign, Ref: ref, ServiceNo: "152999000077", ContactName: "Bapak Rahasia", Zone: "Asia/Jakarta", Source: "feed",
				Contacts: []ticket.Contact{{Phone: phone.Number("+6289990001077")}}})
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
			_, err := f.seat.Finish(tx, a, turn.Ticket.ID, turn.Lease.Token, answers)
			return err
		},
	} {
		if err := f.store.Write(context.Background(), act); err != nil {
			f.t.Fatal(err)
		}
	}
	f.clock.Advance(10 * time.Second)
}

// SOP 5.7.8.b, doc.sign.approved: a clause shows its text, revision, three signatures, what carries it and, to who may see tickets,
// the turns under it; nothing of the customer comes with them.
func TestAClauseShowsWhatRestsOnIt(t *testing.T) {
	f := newFloor(t)
	f.turned("agent", "fresh-lapul", "LAPUL-77", map[string]string{"status": "not-contacted", "reason_1": "rna", "remarks": "Nomor 081234567890 berdering"})
	const at = "/procedure/clauses/5.7.8.b.not-contacted.rna"
	page := f.page("agent", at+"?revision=2")
	for _, want := range []string{"RNA : jika call tidak diangkat", "IN.OCC.TELK.W-18", "Rev 02", "DC Pusat", "VP Telkom Operation", "QMR", "29 Nov 2019",
		"pilihan RNA (Reason 1)", "LAPUL-77", "Orang agent", `href="/procedure/clauses/5.7.8.b?revision=2"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
	for _, hidden := range []string{"Rahasia", "152999000077", "8123", "999000107"} {
		if strings.Contains(page, hidden) {
			t.Errorf("the clause shows %q of the customer", hidden)
		}
	}
	if strings.Contains(f.page("agent2", at), "LAPUL-77") || !strings.Contains(f.page("leader", at), "LAPUL-77") || !strings.Contains(f.page("quality", at), "LAPUL-77") {
		t.Error("the scope of tickets does not hold here")
	}
	if page := f.page("approver", at); strings.Contains(page, "LAPUL-77") || !strings.Contains(page, "peran Anda membaca dokumennya saja") {
		t.Error("who may read no tickets sees one, or is not told")
	}
	if page := f.page("agent", at, "sapa-lang=en"); !strings.Contains(page, "option RNA (Reason 1)") || !strings.Contains(page, "Tickets handled under it") {
		t.Error("not in English")
	}
	for path, want := range map[string]int{"/procedure/clauses/9.9": 404, at + "?revision=9": 404, at + "?revision=dua": 404, "/clauses/5.7.8.a": 301} {
		if w := f.ask("agent", "GET", path, nil); w.Code != want {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	desk := f.page("agent", "/desk")
	if strings.Contains(desk, `href="/clauses/`) {
		t.Error("a § mark leads to the old address")
	}
}

// SOP 5.2.11.b1.rna, 6: what sapa says of a clause - its decision, where it was left open, why nothing carries it - is in the
// reader's language; the controlled text stays as it is, and its gloss is for the English page.
func TestADecisionIsReadInTheReadersLanguage(t *testing.T) {
	f := newFloor(t)
	for path, c := range map[string]struct {
		paper  string
		id, en []string
	}{
		"A-38": {"A-38", []string{"seluruh dokumen: Tidak ada batas percobaan, jam, atau jeda.", "setelah itu TL yang memutuskan."},
			[]string{"throughout: No limits of attempts, hours or pauses.", "then the leader decides."}},
		"5.2.11.b1.rna": {"RNA : Jika CP pelanggan aktif", []string{"saling tumpang tindih", "RNA: berdering tanpa jawaban."},
			[]string{"Not valid and RNA overlap", "RNA: the number is active"}},
		"6": {"Dokumen / Rekaman Pendukung", []string{"Tabel rekaman di dokumen ini kosong", "Tabel rekaman kosong."},
			[]string{"own table of records is empty", "The register ships empty", "Table of supporting documents"}},
	} {
		in, out := f.page("controller", "/procedure/clauses/"+path), f.page("controller", "/procedure/clauses/"+path, "sapa-lang=en")
		wants(t, in, append(c.id, c.paper)...)
		wants(t, out, append(c.en, c.paper)...)
		for _, one := range c.en {
			if strings.Contains(in, one) {
				t.Errorf("%s in Bahasa Indonesia says %q", path, one)
			}
		}
		for _, one := range c.id {
			if strings.Contains(out, one) {
				t.Errorf("%s in English says %q", path, one)
			}
		}
	}
}

// SOP doc.copy.controlled-malang: the controller prints any copy as controlled, nobody else one that is not theirs.
func TestACopyIsPrintedByItsHolder(t *testing.T) {
	f := newFloor(t)
	for _, c := range []struct {
		login, copy string
		status      int
	}{{"leader", "CONTROLLED-MALANG", 200}, {"leader", "CONTROLLED-PUSAT", 403}, {"controller", "MASTER-PUSAT", 200}, {"agent", "CONTROLLED-MALANG", 403}, {"leader", "CONTROLLED-BALI", 404}, {"agent", "", 200}} {
		w := f.ask(c.login, "GET", "/procedure/print?copy="+c.copy, nil)
		if w.Code != c.status {
			t.Errorf("%s prints %q: %d", c.login, c.copy, w.Code)
		}
		if sealed := strings.Contains(w.Body.String(), `class="seal`); w.Code == http.StatusOK && sealed != (c.copy == "") {
			t.Errorf("%s prints %q: sealed %v", c.login, c.copy, sealed)
		}
	}
	if w := f.ask("controller", "GET", "/procedure/print?revision=3", nil); w.Code != http.StatusNotFound {
		t.Errorf("a revision that nobody wrote: %d", w.Code)
	}
}

// printed are the journal's entries of prints, oldest first.
func (f *floor) printed(t *testing.T) (all []journal.Entry) {
	t.Helper()
	err := f.store.Read(context.Background(), func(tx *db.Tx) error {
		tail, err := journal.Tail(tx, 0, 1000)
		for _, e := range tail {
			if e.Act == "document.printed" {
				all = append(all, e)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// SOP doc.copy.controlled-malang: who prints which revision as whose copy stands in the journal; a look writes nothing, and what somebody
// may not print is not noted.
func TestAPrintIsNoted(t *testing.T) {
	f := newFloor(t)
	const at = "/procedure/print"
	page := f.page("leader", at+"?revision=2&copy=CONTROLLED-MALANG")
	if len(f.printed(t)) != 0 {
		t.Error("a look is noted as a print")
	}
	form := hiddenOf(page, "print-form")
	for range 2 { // pressed twice
		w := f.ask("leader", "POST", at, form)
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != at+"?copy=CONTROLLED-MALANG&revision=2" || len(w.Result().Cookies()) != 1 {
			t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
		}
		if page := f.page("leader", w.Header().Get("Location"), "sapa-say="+w.Result().Cookies()[0].Value); !strings.Contains(page, "Tekan Ctrl P untuk mencetak.") {
			t.Error("without a script the page does not say how to go on")
		}
	}
	all := f.printed(t)
	if len(all) != 1 || all[0].By.ID != int64(f.ids["leader"]) || all[0].By.Via != who.Page || all[0].Kind != "revision" || all[0].Data["revision"] != "2" || all[0].Data["copy"] != "CONTROLLED-MALANG" ||
		all[0].Data["stands"] != document.InForce || !strings.Contains(page, all[0].Data["hash"]) {
		t.Fatalf("%+v", all)
	}
	for _, c := range []struct {
		login, revision, copy string
		status                int
	}{{"agent", "2", "CONTROLLED-MALANG", 403}, {"leader", "2", "CONTROLLED-BALI", 404}, {"leader", "3", "", 404}, {"leader", "dua", "", 404}} {
		if w := f.ask(c.login, "POST", at, url.Values{"revision": {c.revision}, "copy": {c.copy}}); w.Code != c.status {
			t.Errorf("%s notes %q of %s: %d", c.login, c.copy, c.revision, w.Code)
		}
	}
	if n := len(f.printed(t)); n != 1 {
		t.Errorf("what may not be printed was noted: %d", n)
	}
	f.ask("agent", "POST", at, url.Values{})
	if all := f.printed(t); len(all) != 2 || all[1].By.ID != int64(f.ids["agent"]) || all[1].Data["revision"] != "2" || all[1].Data["copy"] != "" {
		t.Errorf("%+v", all)
	}
}
