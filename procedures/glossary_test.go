package procedures

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sapa/internal/procedure"
)

// A newcomer learns the words from GLOSSARY.md: every meaning of the line and every mark must stand there under the name
// the code and the files have for it.
func TestGlossaryKnowsEveryMeaning(t *testing.T) {
	text, err := os.ReadFile("../GLOSSARY.md")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(string(text), -1) {
		named[m[1]] = true
	}
	words := slices.Concat(procedure.LineWords, procedure.FurtherWords, []string{"slg", "expedite", "disputed", "hard-complaint"})
	for _, line := range procedure.FactValues["last_line"] {
		if line != "none" && line != "answered" && line != "busy" { // said in words
			words = append(words, line)
		}
	}
	for _, word := range words {
		if !named[word] {
			t.Errorf("%s is not in GLOSSARY.md", word)
		}
	}
	for _, p := range book(t).Procedures {
		if !strings.Contains(string(text), p.Code) {
			t.Errorf("campaign %s is not in GLOSSARY.md", p.Code)
		}
	}
}
