package knowledge_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// keysOf lists the sentences of this room that begin so.
func keysOf(t *testing.T, prefix string) []string {
	t.Helper()
	list, err := os.ReadFile("../phrase/knowledge.go")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range regexp.MustCompile(`(?m)^\t"([^"]+)":`).FindAllStringSubmatch(string(list), -1) {
		if strings.HasPrefix(m[1], prefix) {
			all = append(all, m[1])
		}
	}
	return all
}

// Every refusal of this room has its sentence, and no sentence is there that nothing says.
func TestEverythingHereHasItsSentence(t *testing.T) {
	var code strings.Builder
	for _, dir := range []string{"*.go", "../desk/*.go", "../api/*.go", "../web/*.go", "../web/*.templ"} {
		files, err := filepath.Glob(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			code.Write(text)
		}
	}
	all := keysOf(t, "")
	has := map[string]bool{}
	for _, key := range all {
		has[key] = true
		if !strings.HasPrefix(key, "knowledge.") {
			t.Errorf("%s is not of this room", key)
		}
		if !strings.Contains(code.String(), `"`+key+`"`) && !strings.Contains(code.String(), `"`+key[:strings.LastIndex(key, ".")+1]+`"`) {
			t.Errorf("nothing says %s", key)
		}
	}
	for _, m := range regexp.MustCompile(`"(knowledge\.[a-z-]+(?:\.[a-z-]+)*)"`).FindAllStringSubmatch(code.String(), -1) {
		if !has[m[1]] && !slices.Contains([]string{"knowledge.written", "knowledge.shown", "knowledge.guided"}, m[1]) { // of the journal
			t.Errorf("no sentence for %s", m[1])
		}
	}
}
