package intake_test

import (
	"strings"
	"testing"
	"time"

	"sapa/internal/fault"
	"sapa/internal/intake"
)

// A file has as many rows as a workbook can have, and a row as many bytes as its limit: one more is refused before
// anything is opened.
func TestLimitsOfAFile(t *testing.T) {
	m, err := intake.ReadMap([]byte("ticket: {ref: ref, phone: ref, note: ref}"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, text, key string }{
		{"most rows", "ref\n" + strings.Repeat("x\n", 1_048_575), ""},
		{"one row more", "ref\n" + strings.Repeat("x\n", 1_048_576), "intake.rows"},
		{"blank rows do not count", "ref\n" + strings.Repeat("x\n", 1_048_575) + strings.Repeat("\n", 1000), ""},
		{"longest row", "ref\n" + strings.Repeat("x", 1<<20-1) + "\n", ""},
		{"one byte more", "ref\n" + strings.Repeat("x", 1<<20) + "\n", "intake.row-long"},
		{"most columns", "ref" + strings.Repeat(",c", 999) + "\n" + strings.Repeat(",", 999) + "x\n", ""},
		{"one column more", "ref" + strings.Repeat(",c", 1000) + "\n" + strings.Repeat(",", 1000) + "x\n", "intake.columns"},
	} {
		err := intake.Sound("callback", m, c.text, time.UTC)
		if f := fault.Of(err); (c.key == "") != (err == nil) || err != nil && (f == nil || f.Key != c.key) {
			t.Errorf("%s: %v, want %q", c.name, err, c.key)
		}
	}
}
