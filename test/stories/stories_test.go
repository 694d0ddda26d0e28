// Package stories tells the work instruction paragraph by paragraph, in its own words, against the seats that pages and
// API use: every story runs on SQLite and on PostgreSQL with a clock that the story moves. README.md explains the verbs.
// The people in the stories are invented.
package stories

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/document/documenttest"
)

func TestStories(t *testing.T) {
	library := documenttest.Library(t)
	files, err := filepath.Glob("*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(file, ".txtar"), func(t *testing.T) {
			documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
				f := newFloor(s, c, library)
				testscript.Run(t, testscript.Params{Files: []string{file}, Cmds: f.verbs(), RequireUniqueNames: true})
				t.Cleanup(func() { f.keepsSecrets(t) })
			})
		})
	}
}

var site = documenttest.Site

var told = regexp.MustCompile(`(?m)^# SOP [0-9a-zA-Z.,\- ]+: `)

// A story is titled in the instruction's language and says which clauses it shows; a story that expects nothing shows nothing.
func TestEveryStorySaysWhichClauseItShows(t *testing.T) {
	files, err := filepath.Glob("*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		switch {
		case !strings.HasPrefix(text, "# "):
			t.Errorf("%s begins without a title", file)
		case !told.MatchString(text):
			t.Errorf("%s names no clause: # SOP 5.2.4.note: ...", file)
		case !strings.Contains(text, "\nstdout ") && !strings.Contains(text, "\nstderr ") && !strings.Contains(text, "\ncmp stdout "):
			t.Errorf("%s expects nothing", file)
		}
	}
}
