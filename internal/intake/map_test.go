package intake_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sapa/internal/fault"
	"sapa/internal/intake"
	"sapa/internal/phrase"
)

// A map that is wrong names its line and what is wrong with it, in both languages.
func TestWrongMaps(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'l'; c++ {
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+", ", 8) + "*" + string(c-1) + "]\n"
	}
	for _, c := range []struct {
		text, key string
		line      int
	}{
		{"", "intake.map-empty", 1},
		{"# nothing\n", "intake.map-empty", 1},
		{strings.Repeat("#", 64<<10+1), "intake.map-long", 1},
		{bomb, "intake.map-alias", 1},
		{"ticket:\n  ref: &x A\n", "intake.map-alias", 2},
		{"ticket:\n  ref: A\n  phone: B\nticket:\n  ref: C\n", "intake.map-twice", 4},
		{"ticket:\n  ref: A\n  ref: B\n", "intake.map-twice", 3},
		{"ticket:\n  ref: A\n  phone: {column: A, column: B}\n", "intake.map-twice", 3},
		{"ticket: {ref: A}\n---\nticket: {ref: B}\n", "intake.map-second", 2},
		{"ticket:\n  ref: A\nfiel: x\n", "intake.map-key", 3},
		{"ticket:\n  ref: A\n  telephone: B\n", "intake.map-key", 3},
		{"ticket:\n  ref: A\n  phone: {colum: B}\n", "intake.map-key", 3},
		{"ticket:\n\tref: A\n", "intake.map-yaml", 2},
		{"ticket: {ref: A\n", "intake.map-yaml", 1},
		{"- a\n- b\n", "intake.map-pairs", 1},
		{"just words\n", "intake.map-pairs", 1},
		{"ticket:\n  - ref\n", "intake.map-pairs", 2},
		{"? [a, b]\n: c\n", "intake.map-pairs", 1},
		{"campaign:\nticket: {ref: A}\n", "intake.map-text", 1},
		{"ticket:\n  ref: A\n  note: {columns: []}\n", "intake.map-text", 3},
		{"ticket:\n  ref: {column: {a: b}}\n", "intake.map-text", 2},
		{"ticket:\n  ref: A\nheader: ya\n", "intake.map-bool", 3},
		{"ticket:\n  ref: 0\n", "intake.map-number", 2},
		{"ticket:\n  ref: 16385\n", "intake.map-number", 2},
		{"ticket:\n  ref: -1\n", "intake.map-number", 2},
		{"encoding: ebcdic\nticket: {ref: A}\n", "intake.map-encoding", 1},
		{"delimiter: ', '\nticket: {ref: A}\n", "intake.map-delimiter", 1},
		{"delimiter: '\"'\nticket: {ref: A}\n", "intake.map-delimiter", 1},
		{"delimiter: ''\nticket: {ref: A}\n", "intake.map-delimiter", 1},
		{"ticket:\n  ref: A\n  phone: {make: test-name}\n", "intake.map-make", 3},
		{"ticket:\n  ref: A\n  note: {make: poem}\n", "intake.map-make", 3},
		{"ticket:\n  ref: A\n  opened_at: {column: B, layout: soon}\n", "intake.map-layout", 3},
		{"ticket:\n  ref: A\n  opened_at: {column: B, layout: HH:mm}\n", "intake.map-layout", 3},
		{"ticket:\n  ref: A\n  opened_at: {column: B, layout: 02-01-2006}\n", "intake.map-layout", 3},
		{"ticket:\n  ref: A\n  opened_at: {column: B, zone: Mars/Base}\n", "intake.map-zone", 3},
		{"ticket:\n  ref: A\n  phone: {}\n", "intake.map-source", 3},
		{"ticket:\n  ref: A\n  phone: {column: B, const: \"089990001111\"}\n", "intake.map-source", 3},
		{"ticket:\n  ref: A\n  note: {digest: true}\n", "intake.map-unfit", 3},
		{"ticket:\n  ref: A\n  note: {column: B, layout: DD/MM/YYYY}\n", "intake.map-unfit", 3},
		{"ticket:\n  ref: A\n  note: {column: B, restore-zero: true}\n", "intake.map-unfit", 3},
		{"ticket:\n  ref: {const: X}\n", "intake.map-ref-const", 2},
		{"campaign: callback\n", "intake.map-parts", 1},
		{"ticket:\n  phone: B\n", "intake.map-ref", 1},
		{"ticket: " + strings.Repeat("{a: ", 20) + "b" + strings.Repeat("}", 20) + "\n", "intake.map-deep", 1},
	} {
		_, err := intake.ReadMap([]byte(c.text))
		f := fault.Of(err)
		if f == nil || f.Key != c.key || f.Values["line"] != c.line {
			t.Errorf("%.60q: %v, want %s on line %d", c.text, err, c.key, c.line)
			continue
		}
		for _, lang := range []phrase.Lang{phrase.ID, phrase.EN} {
			if said := phrase.Fill(lang, f.Key, f.Values); said == f.Key || gap.MatchString(said) {
				t.Errorf("%s: %q", f.Key, said)
			}
		}
	}
}

// The maps shipped as examples are read.
func TestShippedMaps(t *testing.T) {
	names, err := filepath.Glob("../../docs/maps/*.yaml")
	if err != nil || len(names) < 3 {
		t.Fatalf("%v, %v", names, err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := intake.ReadMap(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadMap(f *testing.F) {
	for _, s := range []string{simple, "", "ticket: {ref: A}\n---\n", "a: &a [*a]\n", "header: false\nticket: {ref: 1, phone: {column: 2, restore-zero: true}}", "ticket: {ref: {digest: true}, opened_at: {columns: [A, B], layout: [DD/MM/YYYY]}}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := intake.ReadMap(text)
		if (m == nil) != (err != nil) {
			t.Fatalf("%v, %v", m, err)
		}
		if e := fault.Of(err); err != nil && (e == nil || !phrase.Known(e.Key) || e.Values["line"] == nil && e.Key != "intake.map-empty") {
			t.Fatalf("refused with %v", err)
		}
	})
}
