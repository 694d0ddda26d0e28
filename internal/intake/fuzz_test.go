package intake_test

import (
	"strings"
	"testing"
	"time"

	"sapa/internal/document/documenttest"
	"sapa/internal/fault"
	"sapa/internal/intake"
	"sapa/internal/phrase"
)

// Whatever stands in a file: it is read to its end or refused with a sentence, and every row gets a form or a place.
func FuzzRows(f *testing.F) {
	for _, s := range []string{
		heading + line("A-1"), heading + "X,\"a\nb\",,,\n", "\xFF\xFEN\x00", "\xEF\xBB\xBF" + heading, "Nomor;Nama;HP;Keluhan;Buka\nA;B;8.12E+11;C;31/02/2026 08:00", heading + "\"", "a\x00b", "PK\x03\x04",
		heading + "1,2\n", string(utf16("\xFE\xFF", heading+line("X"), true)),
	} {
		f.Add([]byte(s))
	}
	f.Add([]byte(book(f, sheetOf(headRow+dataRow(2)), nil)))
	m, err := intake.ReadMap([]byte(simple))
	if err != nil {
		f.Fatal(err)
	}
	site := time.FixedZone("WIB", 7*3600)
	f.Fuzz(func(t *testing.T, file []byte) {
		for _, use := range []*intake.Map{m, nil} {
			rows, err := intake.Look("callback", use, string(file), site)
			if e := fault.Of(err); err != nil && (e == nil || !phrase.Known(e.Key)) {
				t.Fatalf("refused with %v", err)
			}
			for _, r := range rows {
				if e := fault.Of(r.Err); r.Line < 1 || r.Err != nil && (e == nil || !phrase.Known(e.Key)) {
					t.Fatalf("line %d: %v", r.Line, r.Err)
				}
			}
		}
	})
}

// The same, all the way into the store, on small inputs: what is counted is what is there.
func TestCountsAreTrue(t *testing.T) {
	s, clock := documenttest.Mould.SQLite(t)
	f := newFloor(t, s, clock)
	pieces := []string{line("A"), line("B"), line("A"), "C,x,08\n", ",,,,\n", "D\n", strings.Replace(line("A"), "mati", "hidup", 1), "E,Uji,0341999123,x,1 Okt 2026 07:00\n"}
	known := 0
	for n := range 1 << len(pieces) {
		file := heading
		for i, p := range pieces {
			if n&(1<<i) != 0 {
				file += p
			}
		}
		before := f.count()
		report, refused, err := f.bring("callback", simple, file)
		if err != nil && fault.Of(err).Key != "intake.no-rows" {
			t.Fatal(err)
		}
		if f.count()-before != report.Opened || report.Refused != len(refused) {
			t.Fatalf("%d: %+v, %v, %d more", n, report, refused, f.count()-before)
		}
		known += report.Opened
	}
	if known != f.count() || known > 5 {
		t.Errorf("%d opened, %d there", known, f.count())
	}
}
