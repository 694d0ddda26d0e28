package procedure

import (
	"slices"
	"testing"
)

// An ending is one line: what told it apart, what it is, what it means beside the line, and each effect with its words.
func TestEndingsSayWhatTheyDo(t *testing.T) {
	got := Endings(ronda(t))
	for _, want := range []string{
		"last_line=none open_report=no status=junk ticket_no=none -> soon: call-again 30m0s",
		"last_line=none open_report=no status=junk ticket_no=given -> other-day: call-again next-day",
		"last_line=answered open_report=yes receiver=wrong-number -> wrong-number: flag-contact, close junk",
		"last_line=no-answer open_report=no receiver=nobody status=not-reached reason=rna ticket_no=none -> retry: call-again queue",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no ending %s", want)
		}
	}
	if !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
		t.Error("endings are not in order, each once")
	}
}
