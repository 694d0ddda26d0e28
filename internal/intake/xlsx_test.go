package intake_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"sapa/internal/db"
	"sapa/internal/document/documenttest"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/ticket"
)

// workbook is a real workbook, written by a spreadsheet library.
func workbook(t testing.TB, fill func(w *excelize.File)) string {
	t.Helper()
	w := excelize.NewFile()
	for i, h := range []string{"Nomor", "Nama", "HP", "Keluhan", "Buka"} {
		set(t, w, "Sheet1", fmt.Sprintf("%c1", 'A'+i), h)
	}
	fill(w)
	var out bytes.Buffer
	if err := w.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func set(t testing.TB, w *excelize.File, sheet, cell string, v any) {
	t.Helper()
	if err := w.SetCellValue(sheet, cell, v); err != nil {
		t.Fatal(err)
	}
}

func setRow(t testing.TB, w *excelize.File, line int, cells ...any) {
	t.Helper()
	if err := w.SetSheetRow("Sheet1", fmt.Sprintf("A%d", line), &cells); err != nil {
		t.Fatal(err)
	}
}

// Rows of a workbook get the same verdicts, with their cells named.
func TestWorkbook(t *testing.T) {
	onFloor(t, func(f *floor) {
		opened := time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC)
		file := workbook(t, func(w *excelize.File) {
			setRow(t, w, 2, "A-1", "Sekar & <Tirta> (data uji)", "0899-9000-1111", "Internet mati", opened)
			setRow(t, w, 3, 250635, "Sekar (data uji)", "089990001111", "Nomor tiket berupa angka", "23/11/2026 08:00")
			setRow(t, w, 4, "A-3", "Sekar (data uji)", 89990001111, "HP berupa angka", opened)
			setRow(t, w, 5, "A-4", "Sekar (data uji)", "8.12E+11", "HP tulisan ilmiah", opened)
			setRow(t, w, 6, "A-5", "Sekar (data uji)", "089990001111", "rumus di HP", opened)
			if err := w.SetCellFormula("Sheet1", "C6", `="0899"&"90001111"`); err != nil {
				t.Fatal(err)
			}
			setRow(t, w, 7, "A-6", "Sekar (data uji)", "089990001111", "digabung", opened)
			setRow(t, w, 8, "A-7", "Sekar (data uji)", nil, "digabung", opened)
			if err := w.MergeCell("Sheet1", "C7", "C8"); err != nil {
				t.Fatal(err)
			}
			setRow(t, w, 10, "A-8", "Sekar (data uji)", "089990001111", "sesudah baris kosong", 0.5)
			setRow(t, w, 11, "A-9", "Sekar (data uji)", "089990001111", "tanpa waktu")
			setRow(t, w, 12, "A-10", "Sekar (data uji)", "089990001111", "lebih lebar", opened, "x")
			if err := w.SetCellRichText("Sheet1", "D3", []excelize.RichTextRun{{Text: "Nomor tiket "}, {Text: "berupa angka"}}); err != nil {
				t.Fatal(err)
			}
		})
		want := []struct {
			line        int
			column, key string
		}{{4, "HP (C)", "phone.zero-lost"}, {5, "HP (C)", "phone.excel"}, {6, "HP (C)", "intake.formula"}, {7, "HP (C)", "intake.merged"}, {8, "HP (C)", "intake.merged"},
			{10, "Buka (E)", "intake.time"}, {12, "", "intake.ragged"}}
		for run, opened := range []int{3, 0} {
			report, refused, err := f.bring("callback", simple, file)
			if err != nil || report.Opened != opened || report.Already != 3-opened || len(refused) != len(want) {
				t.Fatalf("run %d: %+v, %+v, %v", run, report, refused, err)
			}
			for i, w := range want {
				if r := refused[i]; r.Line != w.line || r.Column != w.column || fault.Of(r.Err) == nil || fault.Of(r.Err).Key != w.key {
					t.Errorf("refused at %d, %q: %v; want %d, %q, %s", r.Line, r.Column, r.Err, w.line, w.column, w.key)
				}
			}
		}
		f.must(func(tx *db.Tx) error {
			first, err := ticket.ByRef(tx, "callback", "A-1")
			if want := time.Date(2026, 11, 23, 0, 30, 0, 0, time.UTC); err != nil || !first.OpenedAt.Equal(want) || first.ContactName != "Sekar & <Tirta> (data uji)" {
				t.Errorf("%+v, %v: a date cell is read on the clock of its zone", first, err)
			}
			second, err := ticket.ByRef(tx, "callback", "250635")
			if second.Note != "Nomor tiket berupa angka" {
				t.Errorf("%+v, %v", second, err)
			}
			return err
		})
	})
}

func TestSheetOfWorkbook(t *testing.T) {
	s, clock := documenttest.Mould.SQLite(t)
	f := newFloor(t, s, clock)
	file := workbook(t, func(w *excelize.File) {
		if _, err := w.NewSheet("Data"); err != nil {
			t.Fatal(err)
		}
		for i, v := range []string{"ref", "phone", "note"} {
			set(t, w, "Data", fmt.Sprintf("%c1", 'A'+i), v)
		}
		for i, v := range []string{"S-1", "089990001111", "x"} {
			set(t, w, "Data", fmt.Sprintf("%c2", 'A'+i), v)
		}
	})
	ticketOf := "ticket: {ref: ref, phone: phone, note: note}"
	if report, _, err := f.bring("callback", "sheet: Data\n"+ticketOf, file); err != nil || report.Opened != 1 {
		t.Errorf("%+v, %v", report, err)
	}
	_, _, err := f.bring("callback", "sheet: Lain\n"+ticketOf, file)
	if e := fault.Of(err); e == nil || e.Key != "intake.xlsx-sheet" || e.Values["found"] != "Sheet1, Data" {
		t.Errorf("%v", err)
	}
	_, _, err = f.bring("callback", simple, file) // the first sheet has its heading only
	if e := fault.Of(err); e == nil || e.Key != "intake.no-rows" {
		t.Errorf("%v", err)
	}
}

// book is a workbook made by hand: the parts a reader needs, with the sheet as given.
func book(t testing.TB, sheet string, more func(z *zip.Writer)) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	put := func(name, text string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	put("xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`)
	put("xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`)
	put("xl/worksheets/sheet1.xml", sheet)
	if more != nil {
		more(z)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func sheetOf(rows string) string { return "<worksheet><sheetData>" + rows + "</sheetData></worksheet>" }

const headRow = `<row r="1"><c r="A1" t="inlineStr"><is><t>ref</t></is></c><c r="B1" t="inlineStr"><is><t>phone</t></is></c><c r="C1" t="inlineStr"><is><t>note</t></is></c></row>`

func dataRow(n int) string {
	return fmt.Sprintf(`<row r="%d"><c r="A%d" t="inlineStr"><is><t>R%d</t></is></c><c r="B%d" t="inlineStr"><is><t>089990001111</t></is></c><c r="C%d" t="inlineStr"><is><t>x</t></is></c></row>`, n, n, n, n, n)
}

// lie changes a number of the central directory's entry for the sheet: bombs say one thing and hold another.
func lie(file string, offset int, value uint32) string {
	b := []byte(file)
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte("PK\x01\x02"))
		if i < 0 {
			return string(b)
		}
		at += i + 4
		if name := b[at+42:]; bytes.HasPrefix(name, []byte("xl/worksheets/sheet1.xml")) {
			binary.LittleEndian.PutUint32(b[at-4+offset:], value)
		}
	}
}

// Bombs and broken workbooks are refused before they are unpacked, by name, and open nothing.
func TestWorkbookLimits(t *testing.T) {
	good := book(t, sheetOf(headRow+dataRow(2)), nil)
	entries := func(n int) string {
		return book(t, sheetOf(headRow+dataRow(2)), func(z *zip.Writer) {
			for i := range n - 3 {
				if _, err := z.Create(fmt.Sprint("xl/e", i)); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	raw := func(size, packed uint64) string { // an entry of zeros that says how large it is
		return book(t, sheetOf(headRow+dataRow(2)), func(z *zip.Writer) {
			w, err := z.CreateRaw(&zip.FileHeader{Name: "xl/media/a.bin", Method: zip.Deflate, UncompressedSize64: size, CompressedSize64: packed, CRC32: crc32.ChecksumIEEE(nil)})
			if err == nil {
				_, err = w.Write(make([]byte, packed))
			}
			if err != nil {
				t.Fatal(err)
			}
		})
	}
	s, clock := documenttest.Mould.SQLite(t)
	f := newFloor(t, s, clock)
	for _, c := range []struct{ name, file, key string }{
		{"good", good, ""},
		{"1,000 entries", entries(1000), ""},
		{"1,001 entries", entries(1001), "intake.zip-entries"},
		{"70,000 entries", entries(70_000), "intake.zip-entries"},
		{"ratio 100", raw(2_000_000, 20_000), ""},
		{"ratio 101", raw(2_020_000, 20_000), "intake.zip-ratio"},
		{"513 MB", raw(512<<20, 8<<20), "intake.zip-total"},
		{"4 GB", raw(1<<32-2, 1<<20), "intake.zip-total"},
		{"says less than it holds", lie(good, 24, 40), "intake.zip-broken"},
		{"says more than it holds", lie(good, 24, 90_000), "intake.zip-broken"},
		{"wrong checksum", lie(good, 16, 1), "intake.zip-broken"},
		{"cut", good[:len(good)/2], "intake.zip-broken"},
		{"cut in its end", good[:len(good)-10], "intake.zip-broken"},
		{"locked", lie(good, 8, 1|8<<16), "intake.zip-locked"},
		{"not a workbook", func() string {
			var out bytes.Buffer
			z := zip.NewWriter(&out)
			if _, err := z.Create("readme.txt"); err != nil {
				t.Fatal(err)
			}
			if err := z.Close(); err != nil {
				t.Fatal(err)
			}
			return out.String()
		}(), "intake.xlsx-part"},
		{"last row", book(t, sheetOf(headRow+dataRow(1_048_576)), nil), ""},
		{"row beyond", book(t, sheetOf(headRow+dataRow(1_048_577)), nil), "intake.rows"},
		{"row of a billion", book(t, sheetOf(headRow+`<row r="999999999999"/>`), nil), "intake.rows"},
		{"rows backwards", book(t, sheetOf(headRow+dataRow(3)+dataRow(2)), nil), "intake.zip-broken"},
		{"column beyond", book(t, sheetOf(headRow+`<row r="2"><c r="ZZZ2"><v>1</v></c></row>`), nil), "intake.zip-broken"},
		{"shared text that is not there", book(t, sheetOf(headRow+`<row r="2"><c r="A2" t="s"><v>7</v></c></row>`), nil), "intake.zip-broken"},
		{"deep", book(t, sheetOf(headRow+`<row r="2"><c r="A2" t="inlineStr"><is>`+strings.Repeat("<r>", 100)+`</is></c></row>`), nil), "intake.zip-broken"},
		{"XML cut", book(t, "<worksheet><sheetData>"+headRow+`<row r="2"><c r="A2"><v>1`, nil), "intake.zip-broken"},
		{"entity", book(t, `<!DOCTYPE x [<!ENTITY a "aaaa">]>`+sheetOf(headRow+`<row r="2"><c r="A2" t="inlineStr"><is><t>&a;</t></is></c></row>`), nil), "intake.zip-broken"},
		{"one long cell", book(t, sheetOf(headRow+`<row r="2"><c r="A2" t="inlineStr"><is><t>`+random(1<<20+100)+`</t></is></c></row>`), nil), "intake.xlsx-long"},
		{"heading only", book(t, sheetOf(headRow), nil), "intake.no-rows"},
		{"nothing", book(t, sheetOf(""), nil), "intake.empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := f.count()
			report, _, err := f.bring("callback", "", c.file)
			if c.key == "" {
				if err != nil || report.Opened+report.Already != 1 {
					t.Fatalf("%+v, %v", report, err)
				}
				return
			}
			e := fault.Of(err)
			if e == nil || e.Key != c.key {
				t.Fatalf("%v, want %s", err, c.key)
			}
			if said := phrase.Fill(phrase.EN, e.Key, e.Values); gap.MatchString(said) {
				t.Errorf("says %q", said)
			}
			if n := f.count(); n != before {
				t.Errorf("%d tickets more", n-before)
			}
		})
	}
}

// random is text that does not pack: a long cell must be met by its own limit, not by the ratio.
func random(n int) string {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = 'a' + byte(x>>24)%26
	}
	return string(b)
}
