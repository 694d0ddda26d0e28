package trouble_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sapa/internal/phrase"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// Every refusal, move, priority and mark of this room has its sentence, and no sentence is there that nothing says.
func TestEverythingHereHasItsSentence(t *testing.T) {
	said := map[string]bool{"trouble.move.open": true, "trouble.move.arrive": true, "trouble.move.follow": true, "trouble.move.undo": true} // of a history
	for _, s := range []trouble.State{"NEW", "ANALYSIS", "BACKEND", "PENDING", "RESOLVED", "MEDIACARE", "CLOSED"} {
		for _, role := range append([]string{trouble.System}, string(who.Leader), string(who.Agent)) {
			for _, m := range trouble.Moves(trouble.Ticket{State: s}, role) {
				said["trouble.move."+m.Name] = true
			}
		}
	}
	for _, p := range trouble.Priorities {
		said["trouble.priority."+p] = true
	}
	for _, m := range trouble.MarkKinds {
		said["trouble.mark."+m] = true
	}
	for _, mistake := range []string{"size", "yaml", "second-document", "alias", "double-key", "kind", "unknown-key", "language"} { // of yamltext
		said["trouble.file."+mistake] = true
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?:fault\.\w+, |bad\(|wrong\([\w\[\].+"]+, )"(trouble\.[a-z.-]+)"`).FindAllStringSubmatch(string(text), -1) {
			said[m[1]] = true
		}
	}
	for key := range said {
		if !phrase.Known(key) {
			t.Errorf("no sentence for %s", key)
		}
	}
	list, err := os.ReadFile("../phrase/trouble.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^\t"([^"]+)":`).FindAllStringSubmatch(string(list), -1) {
		if !said[m[1]] || !strings.HasPrefix(m[1], "trouble.") {
			t.Errorf("nothing says %s", m[1])
		}
	}
}
