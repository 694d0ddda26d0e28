package intake_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/document/documenttest"
	"sapa/internal/fault"
	"sapa/internal/intake"
	"sapa/internal/phrase"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// simple is a map that most tests here use.
const simple = `
ticket:
  ref: Nomor
  contact_name: Nama
  phone: HP
  note: Keluhan
  opened_at: {column: Buka, layout: ["DD/MM/YYYY HH:mm", "D MMM YYYY HH:mm"], zone: Asia/Makassar}
`

const heading = "Nomor,Nama,HP,Keluhan,Buka\n"

func line(ref string) string {
	return ref + ",Sekar (data uji),0899-9000-1111,Internet mati,23/11/2026 08:00\n"
}

// Every row is opened, there already, or refused with its line, column and reason; a second run adds nothing.
func TestEachRowHasItsVerdict(t *testing.T) {
	onFloor(t, func(f *floor) {
		file := heading +
			line("A-1") +
			"A-2,Tirta (data uji),8.12E+11,Internet mati,23/11/2026 08:00\n" + // 3
			"A-3,Tirta (data uji),89990001112,Internet mati,23/11/2026 08:00\n" + // 4
			"A-4,Tirta (data uji),0899-9000-1112,,23/11/2026 08:00\n" + // 5
			"A-5,Tirta (data uji),0899-9000-1112,Internet mati,31/02/2026 08:00\n" + // 6
			"A-6,Tirta (data uji),0899-9000-1112,Internet mati\n" + // 7
			"A-7,Tirta (data uji),0899-9000-1112,Internet mati,23/11/2026 08:00,x\n" + // 8
			",Tirta (data uji),0899-9000-1112,Internet mati,23/11/2026 08:00\n" + // 9
			line("A-1") + // 10: the same again
			"A-1,Wulan (data uji),0899-9000-1112,Internet mati,23/11/2026 08:00\n" + // 11: the same ref, another row
			"A-8,Tirta (data uji),0899-9000-1112,\"Internet mati,\nsejak \"\"pagi\"\"\",5 Mei 2026 18:30\n" + // 12 and 13
			",,,,\n" + // 14: nothing
			"A-9,Tirta (data uji),0899-9000-1112,Internet mati,24/11/2026 08:00\n" + // 15: tomorrow
			"A-10,Tirta (data uji),0899-9000-1112," + strings.Repeat("x", 8001) + ",23/11/2026 08:00\n" + // 16
			"A-11,Tirta (data uji),0899-9000-1112,Internet mati,23/11/2026 08:00,,\n" // 17: empty ones beyond the heading
		want := []struct {
			line             int
			column, key, fld string
		}{
			{3, "HP (C)", "phone.excel", "contact.phone"}, {4, "HP (C)", "phone.zero-lost", "contact.phone"}, {5, "Keluhan (D)", "intake.note", "note"},
			{6, "Buka (E)", "intake.time", "opened_at"}, {7, "", "intake.ragged", ""}, {8, "", "intake.ragged", ""}, {9, "Nomor (A)", "intake.ref", "ref"},
			{11, "Nomor (A)", "intake.ref-twice", "ref"}, {15, "Buka (E)", "ticket.opened-later", "opened_at"}, {16, "Keluhan (D)", "ticket.note-long", "note"},
		}
		for run, counts := range []intake.Report{{Opened: 3, Already: 1, Refused: 10}, {Opened: 0, Already: 4, Refused: 10}} {
			report, refused, err := f.bring("callback", simple, file)
			if err != nil || report.Opened != counts.Opened || report.Already != counts.Already || report.Refused != counts.Refused || len(refused) != len(want) {
				t.Fatalf("run %d: %+v, %+v, %v", run, report, refused, err)
			}
			for i, w := range want {
				r := refused[i]
				if r.Line != w.line || r.Column != w.column {
					t.Errorf("run %d: refused at line %d, %q; want %d, %q: %v", run, r.Line, r.Column, w.line, w.column, r.Err)
				}
				refusedAs(t, r.Err, w.key, w.fld, fault.Of(r.Err).Clause)
			}
			if n := f.count(); n != 3 {
				t.Fatalf("run %d: %d tickets", run, n)
			}
		}
		f.must(func(tx *db.Tx) error {
			got, err := ticket.ByRef(tx, "callback", "A-8")
			if want := time.Date(2026, 5, 5, 10, 30, 0, 0, time.UTC); !got.OpenedAt.Equal(want) || got.Note != "Internet mati,\nsejak \"pagi\"" || got.Source != "import" {
				t.Errorf("%+v", got)
			}
			return err
		})
	})
}

// A file that is wrong as a file opens nothing, and says where it is wrong.
func TestBrokenFileOpensNothing(t *testing.T) {
	many := heading
	for i := range 700 { // more than one turn before the trouble
		many += line(fmt.Sprint("R-", i))
	}
	latin := strings.Replace(line("X"), "Sekar", "Andr\xe9", 1)
	cases := []struct {
		name, mapText, file, key string
		values                   map[string]any
	}{
		{"empty", simple, "", "intake.empty", nil},
		{"blank", simple, "\n\n", "intake.empty", nil},
		{"mark only", simple, "\xEF\xBB\xBF", "intake.empty", nil},
		{"heading only", simple, heading, "intake.no-rows", nil},
		{"unclosed quote", simple, many + "X,\"Sekar,0899-9000-1111,Internet mati,23/11/2026 08:00\n" + line("Y"), "intake.quote-open", map[string]any{"line": 702}},
		{"unclosed quote, long", simple, many + "X,\"Sekar\n" + strings.Repeat(line("Y"), 20_000), "intake.quote-open", map[string]any{"line": 702}},
		{"stray quote", simple, many + "X,Sek\"ar,0899-9000-1111,Internet mati,23/11/2026 08:00\n" + line("Y"), "intake.quote-stray", map[string]any{"line": 702, "column": 6}},
		{"text after quote", simple, many + "X,\"Sekar\"x,0899-9000-1111,Internet mati,23/11/2026 08:00\n", "intake.quote-stray", map[string]any{"line": 702}},
		{"NUL", simple, many + strings.Replace(line("X"), "Sekar", "Se\x00kar", 1), "intake.nul", map[string]any{"line": 702, "column": 5}},
		{"latin-1", simple, many + latin, "intake.encoding-bad", map[string]any{"line": 702, "column": 7, "encoding": "utf-8"}},
		{"half a character", simple, many + "X,\xC3", "intake.encoding-bad", map[string]any{"line": 702}},
		{"UTF-16 without a mark", simple, string(utf16("", heading+line("X"), false)), "intake.nul", map[string]any{"line": 1}},
		{"UTF-16 cut", simple, string(utf16("\xFF\xFE", heading+line("X"), false)) + "x", "intake.cut-byte", nil},
		{"mark against map", "encoding: windows-1252\n" + simple, "\xEF\xBB\xBF" + heading + line("X"), "intake.encoding-mark", nil},
		{"cut mid-way", simple, many + "X,Sekar (data uji),0899-90", "intake.cut-row", map[string]any{"line": 702, "got": 3, "want": 5}},
		{"cut within a quote", simple, many + "X,\"Sekar (da", "intake.quote-open", map[string]any{"line": 702}},
		{"endless line", simple, heading + strings.Repeat("x", 1<<20) + "y", "intake.row-long", map[string]any{"line": 2}},
		{"missing column", simple, strings.Replace(many, "HP", "Telepon", 1), "intake.no-column", map[string]any{"column": "HP"}},
		{"column twice", simple, strings.Replace(many, "Buka\n", "Buka,HP\n", 1), "intake.column-twice", map[string]any{"column": "HP"}},
		{"told the wrong delimiter", "delimiter: ';'\n" + simple, many, "intake.no-column", nil},
		{"no map, unknown heading", "", many, "intake.no-map", map[string]any{"column": "Nomor"}},
		{"no map, no ref", "", "phone,note\n089990001111,x\n", "intake.no-column", map[string]any{"column": "ref"}},
		{"too many headings", simple, strings.Repeat("a,", 1001) + "\nx\n", "intake.columns", nil},
		{"column number beyond", "header: false\nticket: {ref: 1, phone: 9, note: 2}", "a,b\n", "intake.no-column", map[string]any{"column": "9"}},
		{"old workbook", simple, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "intake.xls", nil},
		{"map of another campaign", "campaign: ideas\n" + simple, many, "intake.map-campaign", nil},
	}
	onFloor(t, func(f *floor) {
		for _, c := range cases {
			report, refused, err := f.bring("callback", c.mapText, c.file)
			e := fault.Of(err)
			if e == nil || e.Key != c.key {
				f.Errorf("%s: %v, want %s", c.name, err, c.key)
				continue
			}
			for name, want := range c.values {
				if e.Values[name] != want {
					f.Errorf("%s: %s is %v, want %v", c.name, name, e.Values[name], want)
				}
			}
			if said := phrase.Fill(phrase.ID, e.Key, e.Values); gap.MatchString(said) || said == e.Key {
				f.Errorf("%s: says %q", c.name, said)
			}
			if n := f.count(); n != 0 || report.Opened != 0 || len(refused) != 0 {
				f.Errorf("%s: %d tickets, %+v, %v", c.name, n, report, refused)
			}
		}
	})
}

// utf16 writes text in UTF-16 after a mark.
func utf16(mark, text string, big bool) []byte {
	out := []byte(mark)
	for _, r := range text {
		if big {
			out = append(out, byte(r>>8), byte(r))
		} else {
			out = append(out, byte(r), byte(r>>8))
		}
	}
	return out
}

// Encodings, separators and line ends as desks have them all come to the same ticket. Nothing here is the database's doing.
func TestWaysToWriteAFile(t *testing.T) {
	s, clock := documenttest.Mould.SQLite(t)
	f := newFloor(t, s, clock)
	swap := func(from, to string) func(string) string {
		return func(body string) string { return strings.ReplaceAll(body, from, to) }
	}
	in16 := func(mark string, big bool) func(string) string {
		return func(body string) string { return string(utf16(mark, body, big)) }
	}
	for i, c := range []struct {
		name, mapText string
		file          func(body string) string
	}{
		{"plain", simple, func(body string) string { return body }},
		{"no last line end", simple, func(body string) string { return strings.TrimSuffix(body, "\n") }},
		{"CRLF", simple, swap("\n", "\r\n")},
		{"UTF-8 mark", simple, func(body string) string { return "\xEF\xBB\xBF" + body }},
		{"UTF-16 LE mark", simple, in16("\xFF\xFE", false)},
		{"UTF-16 BE mark", simple, in16("\xFE\xFF", true)},
		{"UTF-16 LE told", "encoding: utf-16le\n" + simple, in16("", false)},
		{"windows-1252 told", "encoding: windows-1252\n" + simple, swap("é", "\xe9")},
		{"latin-1 told", "encoding: iso-8859-1\n" + simple, swap("é", "\xe9")},
		{"semicolons", simple, swap(",", ";")},
		{"tabs", simple, swap(",", "\t")},
		{"bars", simple, swap(",", "|")},
		{"tab told", "delimiter: tab\n" + simple, swap(",", "\t")},
		{"spaced headings", simple, swap("Nama,HP", " Nama , HP ")},
		{"leading blanks", simple, func(body string) string { return "\n\n" + body }},
		{"quoted headings", simple, swap("Nama", `"Nama"`)},
		{"no heading", "header: false\nticket: {ref: 1, contact_name: 2, phone: 3, note: 4, opened_at: {column: 5, layout: DD/MM/YYYY HH:mm, zone: Asia/Makassar}}", swap(heading, "")},
		{"own names", "", func(body string) string {
			return strings.NewReplacer(strings.TrimSpace(heading), "ref,contact_name,phone,note,opened_at", "23/11/2026 08:00", "2026-11-23T08:00:00+08:00").Replace(body)
		}},
	} {
		ref := fmt.Sprint("A-", i)
		report, refused, err := f.bring("callback", c.mapText, c.file(heading+strings.Replace(line(ref), "Sekar", "André", 1)))
		if err != nil || report.Opened != 1 || report.Refused != 0 {
			t.Errorf("%s: %+v, %+v, %v", c.name, report, refused, err)
			continue
		}
		f.must(func(tx *db.Tx) error {
			got, err := ticket.ByRef(tx, "callback", ref)
			if got.ContactName != "André (data uji)" || got.Contact != "+6289990001111" || got.Note != "Internet mati" || !got.OpenedAt.Equal(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)) {
				t.Errorf("%s: %+v", c.name, got)
			}
			return err
		})
	}
}

// What a map can do with a row: join, translate, restore, choose, make up, digest.
func TestMapAtWork(t *testing.T) {
	onFloor(t, func(f *floor) {
		text := `
only: {Bahasa: [indonesian, id]}
ticket:
  ref: {digest: true, prefix: "D-"}
  phone: {column: HP, restore-zero: true}
  note: {columns: [Keluhan, Kota], join: " / "}
  criterion: {column: Alasan, values: {Ramai: a, VIP: e}}
  service_no: {make: test-number}
  contact_name: {make: test-name}
  zone: {const: Asia/Jayapura}
  fields: {via: Via}
`
		file := "Bahasa,HP,Keluhan,Kota,Alasan,Via\n" +
			"id,89990001111,Putus-putus,Malang,Ramai,web\n" +
			"jv,89990001111,Pedhot,Malang,Ramai,web\n" +
			"id,89990001112,Lambat,Batu,Aneh,web\n" +
			"indonesian,6289990001113,Lambat,,VIP,\n"
		report, refused, err := f.bring("callback", text, file)
		if err != nil || report.Opened != 2 || report.Skipped != 1 || len(refused) != 1 {
			t.Fatalf("%+v, %+v, %v", report, refused, err)
		}
		if refused[0].Line != 4 || refused[0].Column != "Alasan (E)" {
			t.Errorf("%+v", refused[0])
		}
		refusedAs(t, refused[0].Err, "intake.value", "", "")
		var all []ticket.Ticket
		f.must(func(tx *db.Tx) (err error) {
			var ids []db.ID
			if err := tx.Each(`SELECT id FROM ticket ORDER BY id`, nil, func(s db.Scanner) error {
				var id db.ID
				err := s.Scan(&id)
				ids = append(ids, id)
				return err
			}); err != nil {
				return err
			}
			for _, id := range ids {
				one, err := ticket.Get(tx, id)
				if err != nil {
					return err
				}
				all = append(all, one)
			}
			return nil
		})
		a, b := all[0], all[1]
		if a.Note != "Putus-putus / Malang" || b.Note != "Lambat" || a.Criterion != "a" || b.Criterion != "e" || a.Contact != "+6289990001111" || b.Contact != "+6289990001113" || a.Zone != "Asia/Jayapura" {
			t.Errorf("%+v\n%+v", a, b)
		}
		if a.Fields["via"] != "web" || a.Fields["invented"] != "service_no contact_name" || !strings.HasPrefix(a.Ref, "D-") || a.Ref == b.Ref {
			t.Errorf("%+v", a)
		}
		if !strings.HasPrefix(a.ServiceNo, "152999") || !strings.HasSuffix(a.ContactName, "(data uji)") {
			t.Errorf("made: %s, %s", a.ServiceNo, a.ContactName)
		}
		if report, _, err := f.bring("callback", text, file); err != nil || report.Opened != 0 || report.Already != 2 {
			t.Errorf("again: %+v, %v", report, err)
		}
	})
}

// A file knows customers the house knows, and its rows become theirs.
func TestImportKnowsCustomers(t *testing.T) {
	onFloor(t, func(f *floor) {
		var known customer.Customer
		f.must(func(tx *db.Tx) (err error) {
			known, err = customer.Put(tx, customer.Customer{Name: "Tirta (data uji)", Class: customer.Gold, Zone: "Asia/Makassar", Phone: "+6289990002222", Invented: true},
				[]customer.Service{{No: "152999000002", Kind: "internet"}})
			return err
		})
		report, _, err := f.bring("callback", "", "ref,phone,service_no,note\nA,089990001111,152999000002,x\nB,089990002222,,x\nC,089990003333,,x\n")
		if err != nil || report.Opened != 3 {
			t.Fatalf("%+v, %v", report, err)
		}
		f.must(func(tx *db.Tx) error {
			for ref, want := range map[string]db.ID{"A": known.ID, "B": known.ID, "C": 0} {
				got, err := ticket.ByRef(tx, "callback", ref)
				if err != nil || got.Customer != want || want != 0 && (got.Zone != "Asia/Makassar" || got.ContactName != known.Name) {
					t.Errorf("%s: %+v, %v", ref, got, err)
				}
			}
			return nil
		})
	})
}

// Who may import, and who may give times in the past with it; an unknown campaign.
func TestWhoMayImport(t *testing.T) {
	onFloor(t, func(f *floor) {
		if _, _, err := f.bringAs(f.actor("42147", who.Agent), "callback", simple, heading+line("A")); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an agent: %v", err)
		}
		report, refused, err := f.bringAs(f.actor("80001", who.Leader), "callback", simple, heading+line("A"))
		if err != nil || report.Refused != 1 {
			t.Fatalf("a leader: %+v, %v", report, err)
		}
		refusedAs(t, refused[0].Err, "staff.may-not", "opened_at", "5.2.1")
		if report, _, err = f.bringAs(f.actor("90001", who.Admin), "callback", simple, heading+line("A")); err != nil || report.Opened != 1 {
			t.Errorf("an administrator: %+v, %v", report, err)
		}
		if _, _, err := f.bring("callbak", simple, heading+line("A")); fault.Of(err) == nil || fault.Of(err).Key != "campaign.unknown" {
			t.Errorf("unknown campaign: %v", err)
		}
	})
}

// A time the customer asked for passes; the row that promised it is there already, not refused.
func TestPromiseIsThereAfterItsTime(t *testing.T) {
	onFloor(t, func(f *floor) {
		file := "ref,phone,note,requested_at\nA,089990001111,x,2026-11-23T10:00:00+07:00\n"
		if report, _, err := f.bring("callback", "", file); err != nil || report.Opened != 1 {
			t.Fatalf("%+v, %v", report, err)
		}
		f.clock.Advance(2 * time.Hour)
		if report, _, err := f.bring("callback", "", file); err != nil || report.Already != 1 {
			t.Errorf("%+v, %v", report, err)
		}
		report, refused, err := f.bring("callback", "", strings.Replace(file, "A,", "B,", 1))
		if err != nil || report.Refused != 1 {
			t.Fatalf("%+v, %v", report, err)
		}
		refusedAs(t, refused[0].Err, "ticket.requested-past", "requested_at", "5.2.1")
	})
}

// Stopped between two acts, an import has whole acts in and goes on where it stopped. An act is longer when nobody serves.
func TestStoppedImportGoesOn(t *testing.T) {
	onFloor(t, func(f *floor) {
		act := map[bool]int{true: 500, false: 2000}[f.store.Served()]
		file := heading + "bad\n"
		for i := range 2400 {
			file += line(fmt.Sprint("R-", i))
		}
		m, err := intake.ReadMap([]byte(simple))
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(context.Background())
		job := intake.Job{By: who.Actor{Via: who.CLI}, Campaign: "callback", Map: m, File: strings.NewReader(file), Size: int64(len(file)),
			Refused: func(intake.Refusal) { stop() }} // after the first act
		report, err := f.desk.Import(ctx, f.store, job)
		if !errors.Is(err, context.Canceled) || report.Opened != act-1 || f.count() != act-1 {
			t.Fatalf("%+v, %v, %d tickets", report, err, f.count())
		}
		report, _, err = f.bring("callback", simple, file)
		if err != nil || report.Opened != 2401-act || report.Already != act-1 || f.count() != 2400 {
			t.Fatalf("%+v, %v", report, err)
		}
	})
}

// Each act that opened something leaves one line in the journal, without a word of the rows; a second run leaves none.
func TestImportInJournal(t *testing.T) {
	onFloor(t, func(f *floor) {
		entries := func() (n int, data string) {
			f.must(func(tx *db.Tx) error {
				return tx.Row(`SELECT count(*), COALESCE(max(data), '') FROM journal WHERE act = 'tickets.imported'`).Scan(&n, &data)
			})
			return n, data
		}
		for range 2 {
			if _, _, err := f.bring("callback", simple, heading+line("A")+line("B")); err != nil {
				t.Fatal(err)
			}
		}
		n, data := entries()
		if n != 1 || !strings.Contains(data, `"opened":"2"`) || strings.Contains(data, "Sekar") || strings.Contains(data, "9000") {
			t.Errorf("%d entries: %s", n, data)
		}
	})
}
