package procedure

import (
	"os"
	"strings"
	"testing"
)

// theBook is the document as shipped, read anew so that a test may change it.
func theBook(t *testing.T) *Book {
	t.Helper()
	b, problems := Load(os.DirFS("../../procedures"), "IN.OCC.TELK.W-18/rev-02")
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	return b
}

func openFindings(t *testing.T, b *Book) (open []string, all int) {
	t.Helper()
	decided, err := os.ReadFile("../../procedures/IN.OCC.TELK.W-18/rev-02/decided.txt")
	if err != nil {
		t.Fatal(err)
	}
	resolutions, problems := Resolutions("decided.txt", string(decided))
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	findings := b.LintClauses()
	b.Resolve(findings, resolutions)
	for _, f := range findings {
		if f.ResolvedBy == "" {
			open = append(open, f.Class+" "+f.Clause)
		}
	}
	return open, len(findings)
}

// What the clauses alone say reads to the linter as the signed text does: its defects are there, each with its decision.
func TestTheWrittenClausesAreLintedAsTheTextIs(t *testing.T) {
	open, all := openFindings(t, theBook(t))
	if len(open) > 0 {
		t.Errorf("open: %v", open)
	}
	if all < 40 {
		t.Errorf("only %d findings: the text is not read", all)
	}
}

func TestASpoiledClauseIsFoundAtItsOwnPlace(t *testing.T) {
	for _, one := range []struct{ id, text, want string }{
		{"5.7.6", "Agent membantu membuatkan", "unfinished 5.7.6"},
		{"5.7.8.b.junk.tulalit", "Tiket sudah close : jika nomor tidak dapat dihubungi", "repeated-choice 5.7.8.b.junk.tulalit"},
		{"5.8.4", "Tahap selanjutnya seperti point 5.2.9 - 5.2.99", "broken-reference 5.8.4"},
	} {
		b := theBook(t)
		for i := range b.Clauses {
			if b.Clauses[i].ID == one.id {
				b.Clauses[i].Text = one.text
			}
		}
		open, _ := openFindings(t, b)
		if !strings.Contains(strings.Join(open, "\n"), one.want) {
			t.Errorf("%s as %q: found %v", one.id, one.text, open)
		}
	}
}

func TestTheClausesAreWrittenWithTheirLines(t *testing.T) {
	text, clauses := theBook(t).Written()
	lines := strings.Split(text, "\n")
	for _, want := range []string{"5.7.8.b.not-contacted.rna|- ✓ RNA : jika call tidak diangkat", "5.2.11.b2|b. Pilih Reason Call atau Solusi sesuai hasil carring",
		"5.7.8.b.junk|- Jika memilih Junk di kolom Status Call maka akan muncul pilihan:", "5.2.2|5.2.2. Agent membuka aplikasi callback di alamat"} {
		clause, line, _ := strings.Cut(want, "|")
		found := false
		for i := range lines {
			found = found || lines[i] == line && clauses[i] == clause
		}
		if !found {
			t.Errorf("no line %s at clause %s", line, clause)
		}
	}
}
