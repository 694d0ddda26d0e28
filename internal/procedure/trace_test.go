package procedure

import (
	"encoding/json"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

func rows(t testing.TB, b *Book, tests map[string][]string) map[string]TraceRow {
	t.Helper()
	all := map[string]TraceRow{}
	for _, row := range Trace(b, tests) {
		all[row.ID] = row
	}
	return all
}

func TestTraceSaysWhatCarriesAClause(t *testing.T) {
	b := sound(t)
	got := rows(t, b, map[string][]string{"5.4": {"who_test.go"}, "9": {"gone_test.go"}})
	if len(got) != len(b.Clauses) {
		t.Errorf("%d rows for %d clauses", len(got), len(b.Clauses))
	}
	for id, want := range map[string]string{
		"5":   "ronda",
		"5.2": "ronda step read",
		"5.4.same": "ronda step who, ronda script who, ronda field receiver, ronda option receiver=reporter, ronda option receiver=wrong-number, " +
			"ronda option receiver=nobody, ronda outcome wrong-number, ronda effect wrong-number/flag-contact, ronda effect wrong-number/close",
		"5.6": "ronda save, ronda effect spoken/close",
		"1":   "document reference P-1, document statement purpose, document parameter greeting",
	} {
		if row := got[id]; strings.Join(row.By, ", ") != want || !row.Carried {
			t.Errorf("%s is carried by %q, want %q", id, row.By, want)
		}
	}
	if row := got["5.4"]; len(row.Tests) != 1 || row.Tests[0] != "who_test.go" {
		t.Errorf("tests of 5.4: %v", row.Tests)
	}
	open := got["5.9"]
	if open.Carried || open.Note == "" || len(open.By) != 0 {
		t.Errorf("an open clause: %+v", open)
	}
	text, err := json.Marshal(open)
	if err != nil || strings.Contains(string(text), "null") {
		t.Errorf("%s, %v", text, err)
	}
}

// The golden trace holds what carries each of the 250 clauses: a link that is taken out shows here, wherever it was.
// Run with -update to keep a change that is meant.
func TestGoldenTrace(t *testing.T) {
	const name = "testdata/trace.golden"
	got := traced(real(t))
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	was := map[string]bool{}
	for _, line := range strings.Split(string(want), "\n") {
		was[line] = true
	}
	for _, line := range strings.Split(got, "\n") {
		if !was[line] {
			t.Error("not in " + name + ": " + line)
		}
	}
	t.Error("the trace is not the one of " + name)
}

// traced prints a trace, one line for each clause, and then what rests on the resolution of each gap.
func traced(b *Book) string {
	var s strings.Builder
	for _, row := range Trace(b, nil) {
		s.WriteString(row.ID + ": " + strings.Join(row.By, ", ") + row.Note + "\n")
	}
	by := b.carriers()
	for _, g := range b.Gaps {
		s.WriteString(g.ID + ": " + strings.Join(by[g.ID], ", ") + "\n")
	}
	return s.String()
}

func TestTagsOfTestsAndStories(t *testing.T) {
	files := fstest.MapFS{
		"a/who_test.go":     {Data: []byte("package a\n\n// SOP 5.2.6, 5.2.7: who answered\n\t// SOP 5.2.6: again, in the same file\n// a comment, SOP 5.9: in its middle\n")},
		"b/turn.txtar":      {Data: []byte("# SOP 5.2.4.note: read first\nas ani claim\n# SOP A-38: gaps are no clauses\n# SOP fn.5: a footnote\n")},
		"b/who.go":          {Data: []byte("// SOP 5.2.8: a rule, not a test\n")},
		".git/old_test.go":  {Data: []byte("// SOP 5.1: hidden\n")},
		"c/deep/x_test.go":  {Data: []byte("// SOP 5.2.6: elsewhere\n")},
		"c/deep/notes.text": {Data: []byte("# SOP 5.3: no story\n")},
	}
	got, err := Tags(files)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal(got)
	want := `{"5.2.4.note":["b/turn.txtar"],"5.2.6":["a/who_test.go","c/deep/x_test.go"],"5.2.7":["a/who_test.go"],"fn.5":["b/turn.txtar"]}`
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}

func TestTagsSayWhatCannotBeRead(t *testing.T) {
	long := fstest.MapFS{"x_test.go": {Data: []byte("// " + strings.Repeat("x", 1<<20))}}
	if _, err := Tags(long); err == nil {
		t.Error("a line too long to be read was passed over")
	}
	if _, err := Tags(os.DirFS("testdata/none")); err == nil {
		t.Error("a folder that is not there has no tags")
	}
	if _, err := Tags(shut{fstest.MapFS{"x_test.go": {}}}); err == nil {
		t.Error("a file that cannot be opened was passed over")
	}
}

// shut is a folder whose files are listed but cannot be opened.
type shut struct{ fstest.MapFS }

func (s shut) Open(name string) (fs.File, error) {
	if name == "x_test.go" {
		return nil, os.ErrPermission
	}
	return s.MapFS.Open(name)
}
