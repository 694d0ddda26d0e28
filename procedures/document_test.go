package procedures

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"sapa/internal/procedure"
)

const rev02 = "IN.OCC.TELK.W-18/rev-02"

func book(t *testing.T) *procedure.Book {
	t.Helper()
	b, problems := procedure.Load(FS, rev02)
	for _, p := range problems {
		t.Error(p.Error())
	}
	if len(problems) > 0 {
		t.FailNow()
	}
	return b
}

// shared reads a file of the document's source, which lies beside the project and not in it.
func shared(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../shared/sop/" + name)
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the document's source is missing: %v", err)
		}
		t.Skipf("the document's source is not here: %v", err)
	}
	return string(text)
}

var marks = regexp.MustCompile(`<[^>]*>|\]\([^)]*\)|[*✓\\\[]`)

// plain takes the marks of Markdown and all runs of blanks out of a text.
func plain(s string) string {
	return strings.Join(strings.Fields(marks.ReplaceAllString(s, " ")), " ")
}

func TestClausesAreThe250OfTheDocument(t *testing.T) {
	b := book(t)
	var ids []string
	for i, line := range strings.Split(strings.TrimSpace(shared(t, "clauses.tsv")), "\n") {
		if id, _, _ := strings.Cut(line, "\t"); i > 0 {
			ids = append(ids, id)
		}
	}
	var ours []string
	for _, c := range b.Clauses {
		ours = append(ours, c.ID)
	}
	if !slices.Equal(ids, ours) {
		t.Errorf("the clause ids differ: %d there, %d here", len(ids), len(ours))
	}
}

// The signatures leave people's names out, so their text is the document's in two pieces.
var pieced = map[string]string{"doc.sign.made": "Jabatan : DC Pusat", "doc.sign.checked": "Jabatan : VP Telkom Operation", "doc.sign.approved": "Jabatan : QMR"}

func TestClauseTextsAreTheDocumentsOwnWords(t *testing.T) {
	said := strings.ReplaceAll(plain(shared(t, "IN.OCC.TELK.W-18.rev02.md")), " ", "")
	for _, c := range book(t).Clauses {
		text := c.Text
		if piece := pieced[c.ID]; piece != "" {
			text = piece
		}
		if !strings.Contains(said, strings.ReplaceAll(plain(text), " ", "")) {
			t.Errorf("clause %s: %q is not in the document", c.ID, c.Text)
		}
	}
}

// SOP 5.5.8.a.follow-up, 5.8.5.reason.rna, 5.4.8.b.junk: the definition under an option is the document's own.
func TestDefinitionsOfOptionsAreTheDocumentsOwnWords(t *testing.T) {
	b := book(t)
	for _, p := range b.Procedures {
		for _, f := range p.Fields {
			if f.ID != "status" && f.ID != "reason_1" && f.ID != "reason" {
				continue
			}
			for _, o := range f.Options {
				clause, ok := b.Clause(o.Clause())
				if !ok || o.Text.ID == "" || o.ID == "fullfilment" { // which the document does not define
					continue
				}
				text := strings.ReplaceAll(clause.Text, "tiker", "tiket") // typing mistakes stay in the clause only
				if !strings.Contains(text, o.Label.ID) || !strings.Contains(text, o.Text.ID) {
					t.Errorf("%s %s: %q %q is not %q", p.Code, o.ID, o.Label.ID, o.Text.ID, text)
				}
			}
		}
	}
}

// labels are the choices of the document, spelled as it spells them.
var labels = map[string][]string{
	"callback status":      {"Contacted", "Not Contacted", "Closed by Tier 1", "Not valid", "RNA"},
	"ivr-gamas status":     {"Contacted", "Not Contacted", "Junk"},
	"c4-carring status":    {"Contacted", "Not Contacted", "Junk", "Follow up"},
	"c4-carring reason_1":  {"Open", "Close", "Reschedule"},
	"fresh-lapul status":   {"Contacted", "Not Contacted", "Junk"},
	"fresh-lapul reason_1": {"Sukses", "Menolak", "Reschedule", "RNA", "Reject", "Mailbox", "Hening", "Tiket sudah close", "Belum terdaftar", "Tulalit", "Fullfilment"},
	"fresh-lapul reason_2": {"Paham yang kita sampaikan", "Paham dan meminta SLG", "Paham minta percepatan", "Perbaikan terlalu lama", "HC - Buzzer", "Sibuk", "Masih dijalan", "Meeting", "Tidak merasa lapor", "Diterima lalu diputus", "Reschedule"},
	"ideas status":         {"Contacted", "Not Contacted"},
	"ideas reason":         {"FCR", "Eskalasi", "RNA"},
}

func TestLabelsAreSpelledAsInTheDocument(t *testing.T) {
	b := book(t)
	for name, want := range labels {
		code, field, _ := strings.Cut(name, " ")
		var got []string
		for _, o := range b.Procedure(code).Field(field).Options {
			got = append(got, o.Label.ID)
			if o.Label.EN != o.Label.ID {
				t.Errorf("%s %s: a choice of the document is not translated, its gloss is", name, o.ID)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	saves := map[string]string{"callback": "Save", "ivr-gamas": "Save Submit", "c4-carring": "Save Incident", "fresh-lapul": "Save Submit"}
	for code, want := range saves {
		if got := b.Procedure(code).Save.Label; got != want {
			t.Errorf("%s: the button is %q, the document says %q", code, got, want)
		}
	}
}

// SOP 5.2.11, 5.7.8, 5.7.9: whatever a turn comes to, what the outside has to know goes out with it, in the order of its form.
func TestEveryEndingBringsItsFormAlong(t *testing.T) {
	b := book(t)
	forms := map[string][]string{
		"callback":    {"Nomor jastel:", "Nomor tiket:", "Status Calls:", "Keterangan:"},
		"ivr-gamas":   {"Nomor tiket:", "Status Calls:", "Reason Call:", "Solusi:", "Keterangan:"},
		"c4-carring":  {"Status Call:", "Reason 1:", "Reason 2:", "Waktu:", "Keterangan:"},
		"fresh-lapul": {"Status Call:", "Reason 1:", "Reason 2:", "Waktu:", "Keterangan:"},
		"force-close": {"Nomor tiket:", "Nomor jastel:", "Waktu call:", "Keterangan:"},
		"ideas":       {"Nomor jastel:", "Status Call:", "Reason:", "No Tiket:", "Keterangan:"},
	}
	worklog := []string{"nossa", "c4-carring", "fresh-lapul"}
	for _, p := range b.Procedures {
		for _, o := range p.Outcomes {
			var form, note bool
			for _, e := range o.Effects {
				note = note || e.Do == "note" && e.App == "nossa" && e.Type == "AGENTNOTE"
				form = form || (e.Do == "outside" || e.Do == "form-row") && inOrder(e.Text.ID, forms[p.Code])
			}
			if !form && forms[p.Code] != nil {
				t.Errorf("%s %s: no form with %q", p.Code, o.ID, forms[p.Code])
			}
			if !note && slices.Contains(worklog, p.Code) {
				t.Errorf("%s %s: no worklog row", p.Code, o.ID)
			}
		}
	}
}

func inOrder(text string, rows []string) bool {
	for _, row := range rows {
		_, rest, ok := strings.Cut(text, row)
		if !ok {
			return false
		}
		text = rest
	}
	return true
}

func TestEveryOptionSaysWhatItMeans(t *testing.T) {
	for _, p := range book(t).Procedures {
		for _, f := range p.Fields {
			for _, o := range f.Options {
				if f.Type == "choice" && len(o.Means) == 0 {
					t.Errorf("%s %s=%s means nothing", p.Code, f.ID, o.ID)
				}
			}
		}
	}
}

type gap struct {
	ID, Where, Problem, Decision string
	Clauses                      []string
}

func gaps(t *testing.T) (all []gap) {
	t.Helper()
	text, err := FS.ReadFile(rev02 + "/gaps.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestGapsTableIsFresh(t *testing.T) {
	b := book(t)
	kept, err := os.ReadFile("GAPS.md")
	if err != nil {
		t.Fatal(err)
	}
	for i, g := range gaps(t) {
		if want := fmt.Sprintf("A-%02d", i+1); g.ID != want {
			t.Errorf("gap %s stands where %s should", g.ID, want)
		}
		if row := fmt.Sprintf("| %s | %s | %s | %s |\n", g.ID, g.Where, g.Problem, g.Decision); !strings.Contains(string(kept), row) {
			t.Errorf("GAPS.md does not hold the row of gaps.yaml:\n%s", row)
		}
		for _, id := range g.Clauses {
			if _, ok := b.Clause(id); !ok {
				t.Errorf("gap %s names clause %q", g.ID, id)
			}
		}
	}
	if n := strings.Count(string(kept), "\n| A-"); n != 47 || len(gaps(t)) != 47 {
		t.Errorf("GAPS.md has %d rows, gaps.yaml %d, both should have 47", n, len(gaps(t)))
	}
}

// SOP 5.4.7.same: the steps of 5.2.6 to 5.2.9 run inside IVR Gamas and show its own clause beside theirs.
func TestSharedStepsShowBothClauses(t *testing.T) {
	p := book(t).Procedure("ivr-gamas")
	for _, id := range []string{"receiver", "data_check", "problem", "guided", "call_again_at"} {
		if c := p.Field(id).Clauses; len(c) < 2 || c[0] != "5.4.7.same" || !strings.HasPrefix(c[1], "5.2.") {
			t.Errorf("field %s shows %v", id, c)
		}
	}
}
