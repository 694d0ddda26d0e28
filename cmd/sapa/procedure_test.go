package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sapa/internal/phrase"
	"sapa/internal/procedure"
	"sapa/procedures"
)

// folder copies the built-in revision into a folder, one file changed.
func folder(t *testing.T, file, from, to string) string {
	t.Helper()
	dir := t.TempDir()
	root, err := fs.Sub(procedures.FS, "IN.OCC.TELK.W-18/rev-02")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, root); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, file)
	text, err := os.ReadFile(name)
	if err != nil || strings.Count(string(text), from) == 0 {
		t.Fatalf("%s does not hold %q (%v)", file, from, err)
	}
	if err := os.Chmod(name, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(strings.Replace(string(text), from, to, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Contract, Commands: 0 done, 1 refused with the reason on standard error, 2 wrong usage.
func TestProcedureVerbs(t *testing.T) {
	same := folder(t, "open.yaml", "reason:", "reason:")
	other := folder(t, "campaigns/fresh-lapul.yaml", "pause: 60m", "pause: 90m")
	broken := folder(t, "campaigns/fresh-lapul.yaml", "desk: built", "desk: bulit")
	undecided := folder(t, "decided.txt", "unfinished 5.5.11 A-24", "# not yet")
	misread := folder(t, "decided.txt", "no-list 5.5.7 A-04", "no-list 5.5.7")
	for _, c := range []struct {
		code      int
		args      string
		out, says string
	}{
		{done, "check", "IN.OCC.TELK.W-18 rev 02: 250 clauses, 7 campaigns", ""},
		{done, "check " + same, "250 clauses", ""},
		{refused, "check " + broken, "", "desk bulit is not known"},
		{refused, "check --json " + broken, `"remedy": "write one of: built, later"`, ""},
		{refused, "check /no/such/folder", "", "document.yaml:1: cannot be read"},
		{misused, "check " + same + " " + other, "", "sapa procedure check"},
		{done, "walk", "# ideas: ", ""},
		{done, "walk fresh-lapul", "status=junk reason_1=tulalit", ""},
		{done, "walk " + same + " nossa --json", `"nossa": [`, ""},
		{misused, "walk nosa", "", `no campaign "nosa"`},
		{refused, "walk " + broken, "", "bulit"},
		{done, "trace", "250 clauses, ", ""},
		{refused, "trace " + broken, "", "bulit"},
		{done, "diff " + same + " " + same, "0 changes", ""},
		{done, "diff " + same + " " + other, "changed campaign fresh-lapul\n  - ", ""},
		{done, "diff --json " + same + " " + same, `"changes": []`, ""},
		{refused, "diff " + same + " " + broken, "", "bulit"},
		{misused, "diff " + same, "", "sapa procedure diff"},
		{misused, "", "", "sapa procedure check"},
		{misused, "fly", "", `no verb "fly"`},
		{misused, "check --fast", "", "fast"},
		{done, "lint", " 27 jenis, 0 belum diputuskan", ""},
		{done, "lint " + same, "A-24", ""},
		{done, "lint --json", `"resolved_by": "A-24"`, ""},
		{refused, "lint --raw", "unfinished: Kalimat terputus: “Agent membantu membuatkan”", "decided.txt"},
		{refused, "lint --raw --json " + same, `"class": "unfinished"`, "decided.txt"},
		{refused, "lint --raw " + filepath.Join(same, "text.md"), filepath.Join(same, "text.md:259: 5.5.11 unfinished"), "decided.txt"},
		{refused, "lint --raw /no/such/file", "", "no such file"},
		{refused, "lint " + broken, "", "bulit"},
		{refused, "lint " + undecided, "text.md:259: 5.5.11 unfinished", "1 temuan"},
		{refused, "lint " + misread, "", "decided.txt:9: "},
		{misused, "lint " + same + " " + other, "", "sapa procedure lint"},
		{misused, "check --raw", "", "raw"},
		{misused, "dry-run", "", "sapa procedure dry-run"},
		{misused, "dry-run " + same + " " + other, "", "sapa procedure dry-run"},
		{misused, "dry-run --since kemarin " + same, "", "2026-11-01"},
		{misused, "dry-run --zone Mars/Utara " + same, "", "Mars/Utara"},
		{misused, "check --since 2026-11-01", "", "since"},
		{refused, "dry-run " + same, "", "tidak ada data sapa"},
		{refused, "dry-run --data /no/such/folder " + same, "", "/no/such/folder"},
		{refused, "index /no/such/folder", "", "no such file"},
	} {
		code, out, says := command(t, t.TempDir(), "", append([]string{"procedure"}, strings.Fields(c.args)...)...)
		if code != c.code || !strings.Contains(out, c.out) || !strings.Contains(says, c.says) || c.code == done && says != "" {
			t.Errorf("sapa procedure %s: code %d, want %d\n%.600s%.600s", c.args, code, c.code, out, says)
		}
		if strings.Contains(c.args, "--json") && out != "" && !json.Valid([]byte(out)) {
			t.Errorf("sapa procedure %s: no JSON: %.200s", c.args, out)
		}
	}
}

// Contract, Names of answers: one row for each of the 250 ids; what nothing carries says why.
func TestTraceJSON(t *testing.T) {
	code, out, says := command(t, t.TempDir(), "", "procedure", "trace", "--json")
	var trace struct {
		Document string
		Revision int
		Clauses  []struct {
			ID      string
			Carried bool
			By      []string
			Tests   []string
			Note    string
		}
	}
	if err := json.Unmarshal([]byte(out), &trace); code != done || err != nil {
		t.Fatalf("%d %v %s", code, err, says)
	}
	if trace.Document != "IN.OCC.TELK.W-18" || trace.Revision != 2 || len(trace.Clauses) != 250 {
		t.Errorf("%s rev %d, %d clauses", trace.Document, trace.Revision, len(trace.Clauses))
	}
	for _, c := range trace.Clauses {
		if c.Carried != (len(c.By) > 0) || c.Carried == (c.Note != "") || c.By == nil || c.Tests == nil {
			t.Errorf("%+v", c)
		}
	}
}

// The index that trace shows is made from the tests' own tags; one that is stale lies.
func TestIndexOfTestsIsFresh(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "procedures"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "x_test.go"), []byte("// SOP 5.2.4.note: read first\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, out, says := command(t, t.TempDir(), "", "procedure", "index", dir); code != done || !strings.Contains(out, "1 clauses have tests") {
		t.Errorf("%d %s%s", code, out, says)
	}
	got, err := os.ReadFile(filepath.Join(dir, "procedures", "tests.json"))
	if err != nil || string(got) != "{\n  \"5.2.4.note\": [\n    \"x_test.go\"\n  ]\n}\n" {
		t.Errorf("%v %s", err, got)
	}
}

// Contract, Names of answers: a finding has its class, clause, place and sentence, and the decision that answers it; --raw
// looks at the text alone. A draft without a text is judged by its form.
func TestLintJSON(t *testing.T) {
	bare := folder(t, "open.yaml", "reason:", "reason:")
	for _, name := range []string{"text.md", "decided.txt"} {
		if err := os.Remove(filepath.Join(bare, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		args     string
		code     int
		classes  int // at least
		answered bool
	}{{"", done, 25, true}, {"--raw", refused, 20, false}, {bare, refused, 4, false}} {
		code, out, _ := command(t, t.TempDir(), "", append([]string{"procedure", "lint", "--json"}, strings.Fields(c.args)...)...)
		var lint struct {
			Findings []struct {
				Class, Clause, Where, Text, Why, Basis string
				ResolvedBy                             string `json:"resolved_by"`
			}
		}
		if err := json.Unmarshal([]byte(out), &lint); code != c.code || err != nil {
			t.Fatalf("lint %s: %d %v", c.args, code, err)
		}
		classes := map[string]bool{}
		for _, f := range lint.Findings {
			classes[f.Class] = true
			if f.Clause == "" || !strings.Contains(f.Where, ":") || strings.Contains(f.Text+f.Why, "{") || strings.HasPrefix(f.Text, "lint.") || f.Why == "" || f.Basis == "" || (f.ResolvedBy != "") != c.answered {
				t.Errorf("lint %s: %+v", c.args, f)
			}
		}
		if len(classes) < c.classes {
			t.Errorf("lint %s: %d classes", c.args, len(classes))
		}
	}
}

// Every class has its sentence and says why it matters, in both languages.
func TestEveryClassOfFindingHasItsSentence(t *testing.T) {
	for class, basis := range procedure.Classes {
		for _, key := range []string{"lint." + class, "lint." + class + ".why", "lint.basis." + basis} {
			if !phrase.Known(key) {
				t.Errorf("no sentence for %s", key)
			}
		}
	}
}
