package procedures

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sapa/internal/procedure"
)

// GAPS.md is the English table of gaps.yaml.
func TestGapsTableIsFresh(t *testing.T) {
	b := book(t)
	kept, err := os.ReadFile("GAPS.md")
	if err != nil {
		t.Fatal(err)
	}
	for i, g := range b.Gaps {
		if want := fmt.Sprintf("A-%02d", i+1); g.ID != want {
			t.Errorf("gap %s stands where %s should", g.ID, want)
		}
		if row := fmt.Sprintf("| %s | %s | %s | %s |\n", g.ID, g.Where.EN, g.Problem.EN, g.Decision.EN); !strings.Contains(string(kept), row) {
			t.Errorf("GAPS.md does not hold the row of gaps.yaml:\n%s", row)
		}
		for _, id := range g.Clauses {
			if _, ok := b.Clause(id); !ok {
				t.Errorf("gap %s names clause %q", g.ID, id)
			}
		}
	}
	if n := strings.Count(string(kept), "\n| A-"); n != 47 || len(b.Gaps) != 47 {
		t.Errorf("GAPS.md has %d rows, gaps.yaml %d, both should have 47", n, len(b.Gaps))
	}
}

var (
	figures = regexp.MustCompile(`[0-9]+(?:[.:][0-9]+)*`)
	english = regexp.MustCompile(`(?i)\b(the|of|and|is|are|an|when|which)\b`)
)

// strangers says what is wrong with a text that is to say the same in both languages: a language is missing, both are alike, the
// Indonesian is English still, or they name other clauses, figures or times.
func strangers(text procedure.Text) string {
	said, meant := figures.FindAllString(text.ID, -1), figures.FindAllString(text.EN, -1)
	slices.Sort(said)
	slices.Sort(meant)
	switch {
	case text.ID == "" || text.EN == "":
		return "a language is missing"
	case text.ID == text.EN:
		return "both languages are alike"
	case english.MatchString(text.ID):
		return "the Indonesian is English: " + english.FindString(text.ID)
	case !slices.Equal(said, meant):
		return fmt.Sprintf("the figures differ: %v, %v", said, meant)
	}
	return ""
}

// A clause page, the editor and the API show the decisions in the reader's language, and Bahasa Indonesia is the default; so do
// the statements, the sample parameters, the history and what is open.
func TestWhatIsSaidOfTheDocumentSpeaksBothLanguages(t *testing.T) {
	b := book(t)
	holds := func(what string, text procedure.Text) {
		if wrong := strangers(text); wrong != "" {
			t.Errorf("%s: %s\n%s\n%s", what, wrong, text.ID, text.EN)
		}
	}
	for _, g := range b.Gaps {
		holds(g.ID+" problem", g.Problem)
		holds(g.ID+" decision", g.Decision)
		if regexp.MustCompile(`[a-z]{2}( |$)`).MatchString(g.Where.EN) { // words, not clause numbers
			holds(g.ID+" where", g.Where)
		} else if g.Where.ID != g.Where.EN || g.Where.ID == "" {
			t.Errorf("%s stands at %q, %q", g.ID, g.Where.ID, g.Where.EN)
		}
	}
	for _, i := range slices.Concat(b.Document.Statements, b.Document.Parameters) {
		holds(i.ID, i.Text)
	}
	for _, h := range b.Document.History {
		holds(h.Clause, h.Text)
	}
	for _, o := range b.Open {
		holds(o.Clause, o.Reason)
	}
	for text, want := range map[procedure.Text]string{
		{ID: "Tidak ada zona waktu.", EN: "No time zone."}:   "",
		{ID: "Tidak ada zona waktu."}:                        "missing",
		{ID: "No time zone.", EN: "No time zone."}:           "alike",
		{ID: "The queue.", EN: "The queue waits."}:           "English: The",
		{ID: "Lebih dari 60 detik.", EN: "Over 600 seconds"}: "figures differ: [60], [600]",
	} {
		if got := strangers(text); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%v: %q, not %q", text, got, want)
		}
	}
}
