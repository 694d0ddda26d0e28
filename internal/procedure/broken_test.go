package procedure

import (
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

var update = flag.Bool("update", false, "write what the tests see into testdata")

// base is the small sound document of testdata/base.
func base(t testing.TB) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	root := os.DirFS("testdata/base")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func sound(t testing.TB) *Book {
	t.Helper()
	b, problems := Load(base(t), ".")
	for _, p := range problems {
		t.Error(p)
	}
	return b
}

func TestSoundDocumentHasNoProblems(t *testing.T) {
	b := sound(t)
	if b.Document.Code != "W-1" || len(b.Procedures) != 1 || len(b.Hash) != 64 {
		t.Errorf("read %+v", b.Document)
	}
}

// Each file of testdata/broken breaks the sound document in one way and bears the name of the mistake it must show. It
// begins with the problems expected, then says what to change: "== FILE", lines taken out (-), lines put in (+).
func TestEveryMistakeIsNamedWithItsPlace(t *testing.T) {
	names, err := filepath.Glob("testdata/broken/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, name := range names {
		key := strings.TrimSuffix(filepath.Base(name), ".txt")
		shown[key] = true
		t.Run(key, func(t *testing.T) { broken(t, name, key) })
	}
	shown["more"] = true                                     // by TestOnlySoManyMistakesAreTold
	shown["mapping-was"], shown["mapping-gone"] = true, true // by TestAMappingNamesAllThatHasGone
	shown["resolution"] = true                               // by TestResolutionsAreReadStrictly
	for _, key := range slices.Sorted(maps.Keys(mistakes)) {
		if !shown[key] {
			t.Errorf("no broken file shows %q", key)
		}
	}
}

func broken(t *testing.T, name, key string) {
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	want, changes, _ := strings.Cut("\n"+string(data), "\n== ")
	files := base(t)
	for _, change := range strings.Split(changes, "\n== ") {
		file, edit, _ := strings.Cut(change, "\n")
		patch(t, files, file, edit)
	}
	_, problems := Load(files, ".")
	var got strings.Builder
	keys := map[string]bool{}
	for _, p := range problems {
		fmt.Fprintln(&got, p)
		keys[p.Key] = true
	}
	if !keys[key] {
		t.Errorf("does not show %q", key)
	}
	if *update {
		if err := os.WriteFile(name, []byte(got.String()+"\n== "+changes), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got := strings.TrimSpace(got.String()); got != strings.TrimSpace(want) {
		t.Errorf("problems:\n%s\nwant:\n%s", got, want)
	}
}

// patch changes one file. Four mistakes cannot be written as lines: a file that is not there (! remove), one that is too
// large (! fill) or says too much (! nodes), and a procedure with more states than people can follow (! many); ! copy FILE takes another's text.
func patch(t *testing.T, files fstest.MapFS, name, edit string) {
	t.Helper()
	if order, ok := strings.CutPrefix(strings.TrimSpace(edit), "! "); ok {
		what, from, _ := strings.Cut(order, " ")
		switch what {
		case "remove":
			delete(files, name)
		case "fill":
			files[name] = &fstest.MapFile{Data: []byte(strings.Repeat("#", FileMax+1))}
		case "nodes":
			files[name] = &fstest.MapFile{Data: []byte("[" + strings.Repeat("a,", NodesMax) + "a]")}
		case "copy":
			files[name] = files[from]
		case "many":
			files[name] = &fstest.MapFile{Data: []byte(many(string(files[name].Data)))}
		}
		return
	}
	var out, in []string
	for _, line := range strings.Split(strings.TrimRight(edit, "\n"), "\n") {
		if s, ok := strings.CutPrefix(line, "- "); ok {
			out = append(out, s)
		} else {
			in = append(in, strings.TrimPrefix(line, "+ "))
		}
	}
	old := strings.Join(out, "\n")
	if files[name] == nil && old == "" { // a new one
		files[name] = &fstest.MapFile{}
	}
	if files[name] == nil {
		t.Fatalf("no file %s", name)
	}
	text := string(files[name].Data)
	switch {
	case old == "":
		text += strings.Join(in, "\n") + "\n"
	case strings.Count(text, old) != 1:
		t.Fatalf("%s has %d times:\n%s", name, strings.Count(text, old), old)
	case len(in) == 0:
		text = strings.Replace(text, old+"\n", "", 1)
	default:
		text = strings.Replace(text, old, strings.Join(in, "\n"), 1)
	}
	files[name] = &fstest.MapFile{Data: []byte(text)}
}

// many adds sixteen questions that a condition asks for, each doubling the states.
func many(campaign string) string {
	var ids, fields, asked strings.Builder
	for i := range 16 {
		fmt.Fprintf(&ids, ", extra_%d", i)
		fmt.Fprintf(&fields, "  - {id: extra_%d, type: text, clause: \"5.5\", label: Extra, required: false}\n", i)
		fmt.Fprintf(&asked, ", extra_%d: given", i)
	}
	campaign = strings.Replace(campaign, "ticket_no, note]", "ticket_no, note"+ids.String()+"]", 1)
	campaign = strings.Replace(campaign, "outcomes:\n", fields.String()+"outcomes:\n", 1)
	return strings.Replace(campaign, "ticket_no: given}", "ticket_no: given"+asked.String()+"}", 1)
}
