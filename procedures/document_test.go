package procedures

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"sapa/internal/procedure"
)

const rev02 = "IN.OCC.TELK.W-18/rev-02"

// loaded is the document, read and walked once for all tests; none of them changes it.
var loaded = sync.OnceValues(func() (*procedure.Book, []procedure.Problem) { return procedure.Load(FS, rev02) })

func book(t *testing.T) *procedure.Book {
	t.Helper()
	b, problems := loaded()
	for _, p := range problems {
		t.Error(p.Error())
	}
	if len(problems) > 0 {
		t.FailNow()
	}
	return b
}

// The document itself lies beside the project and not in it. Where it is, our clauses are held against it word for word;
// everywhere else against the digests they had when they were last the same.
const (
	idsDigest   = "dca335b98d4a117f184ab736b3aeb66d279b2efaf4ffacb4dbf2d5d25b648833"
	textsDigest = "abe90d2210d00bf7b11811d004c217dcf8cd2e22c83cd6a7c187d0e3f1ed2e76"
)

// shared reads a file of the document's source; false where it is not.
func shared(t *testing.T, name string) (string, bool) {
	t.Helper()
	text, err := os.ReadFile("../../shared/sop/" + name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return string(text), err == nil
}

func digest(parts []string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(parts, "\n"))))
}

var marks = regexp.MustCompile(`<[^>]*>|\]\([^)]*\)|[*✓\\\[]`)

// plain takes the marks of Markdown and all runs of blanks out of a text.
func plain(s string) string {
	return strings.Join(strings.Fields(marks.ReplaceAllString(s, " ")), " ")
}

func TestClausesAreThe250OfTheDocument(t *testing.T) {
	var ours []string
	for _, c := range book(t).Clauses {
		ours = append(ours, c.ID)
	}
	if got := digest(ours); len(ours) != 250 || got != idsDigest {
		t.Errorf("%d clause ids with the digest %s are not those of the document", len(ours), got)
	}
	list, here := shared(t, "clauses.tsv")
	if !here {
		return
	}
	var ids []string
	for i, line := range strings.Split(strings.TrimSpace(list), "\n") {
		if id, _, _ := strings.Cut(line, "\t"); i > 0 {
			ids = append(ids, id)
		}
	}
	if !slices.Equal(ids, ours) {
		t.Errorf("the clause ids differ: %d there, %d here", len(ids), len(ours))
	}
}

// The document is the title block, who signed it in which position and when, its copies, reference, applications and
// history; section 6 names no record and the parameters of the service are samples.
// SOP 5.1.1, 5.1.2, 5.1.3, 5.1.4, 5.1.5, 5.1.6, 5.1.7, 5.1.8, 5.1.9, 5.1.10, 5.1.11, 5.1.12, 5.1.13: the 13 applications, in order.
func TestDocumentIsComplete(t *testing.T) {
	d := book(t).Document
	if d.Code != "IN.OCC.TELK.W-18" || d.Title == "" || d.Revision != 2 || d.Effective != "2019-12-03" {
		t.Errorf("title block: %s %q rev %d of %s", d.Code, d.Title, d.Revision, d.Effective)
	}
	var signed, copies, changed []string
	for _, s := range d.Signatures {
		signed = append(signed, s.ID+" "+s.Position+" "+s.Date)
	}
	for _, c := range d.Copies {
		copies = append(copies, c.Type+" "+c.Holder)
	}
	for _, h := range d.History {
		changed = append(changed, h.Revision+" "+h.Date)
		if h.Text.ID == "" || h.Text.EN == "" {
			t.Errorf("history %s says nothing", h.Clause)
		}
	}
	for what, pair := range map[string][2]string{
		"signatures": {strings.Join(signed, ", "), "made DC Pusat 2019-11-28, checked VP Telkom Operation 2019-11-28, approved QMR 2019-11-29"},
		"copies":     {strings.Join(copies, ", "), "MASTER PUSAT, CONTROLLED PUSAT, CONTROLLED MALANG"},
		"history":    {strings.Join(changed, ", "), "01 2017-06-05, 02 2019-12-03, 02 2019-12-03, 02 2019-12-03"},
		"campaigns":  {strings.Join(d.Campaigns, " "), "callback nossa ivr-gamas c4-carring force-close fresh-lapul ideas"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s are %q, want %q", what, pair[0], pair[1])
		}
	}
	for _, p := range d.Parameters {
		if !strings.HasPrefix(p.Text.ID, "Contoh: ") || !strings.HasPrefix(p.Text.EN, "Sample: ") {
			t.Errorf("parameter %s does not say that it is a sample: the owner's sheet is not here (A-04)", p.ID)
		}
	}
	if len(d.References) != 1 || len(d.Parameters) == 0 || d.References[0].ID != "IN.OCC.TELK.P-01" || len(d.Records) != 0 {
		t.Errorf("references %v, records %v", d.References, d.Records)
	}
	listed := 0
	for _, a := range d.Applications {
		if !a.Additional {
			listed++
			if want := fmt.Sprint("5.1.", listed); a.Clause != want {
				t.Errorf("application %s stands at %s, want %s", a.ID, a.Clause, want)
			}
		}
		if a.Name == "" || a.Room == "" || a.Label.ID == "" || a.Label.EN == "" {
			t.Errorf("application %s lacks its name, room or label", a.ID)
		}
	}
	if listed != 13 || len(d.Applications) <= 13 {
		t.Errorf("%d of 5.1 and %d in all", listed, len(d.Applications))
	}
	for _, campaign := range d.Campaigns { // each has an application its work comes from, and a telephone
		if !slices.ContainsFunc(d.Applications, func(a procedure.Application) bool {
			return a.ID == book(t).Procedure(campaign).Source && slices.Contains(a.RequiredFor, campaign)
		}) {
			t.Errorf("%s does not require the application its work comes from", campaign)
		}
	}
}

// The signatures leave people's names out, so their text is the document's in two pieces.
var pieced = map[string]string{"doc.sign.made": "Jabatan : DC Pusat", "doc.sign.checked": "Jabatan : VP Telkom Operation", "doc.sign.approved": "Jabatan : QMR"}

func TestClauseTextsAreTheDocumentsOwnWords(t *testing.T) {
	b := book(t)
	var ours []string
	for _, c := range b.Clauses {
		ours = append(ours, c.ID+"\t"+c.Text)
	}
	if got := digest(ours); got != textsDigest {
		t.Errorf("the clause texts have the digest %s: they are not those that were held against the document", got)
	}
	document, here := shared(t, "IN.OCC.TELK.W-18.rev02.md")
	if !here {
		return
	}
	said := strings.ReplaceAll(plain(document), " ", "")
	for _, c := range b.Clauses {
		text := c.Text
		if piece := pieced[c.ID]; piece != "" {
			text = piece
		}
		if !strings.Contains(said, strings.ReplaceAll(plain(text), " ", "")) {
			t.Errorf("clause %s: %q is not in the document", c.ID, c.Text)
		}
	}
}

// The text that the linter reads is the document's: every clause stands in it in its own words, and nobody's name or address
// does; where the document itself lies beside the project, the two are held against each other line by line.
func TestTextIsTheDocumentsOwn(t *testing.T) {
	text, err := FS.ReadFile(rev02 + "/text.md")
	if err != nil {
		t.Fatal(err)
	}
	said := strings.ReplaceAll(plain(string(text)), " ", "")
	for _, c := range book(t).Clauses {
		piece := c.Text
		if pieced[c.ID] != "" {
			piece = pieced[c.ID]
		}
		if !strings.Contains(said, strings.ReplaceAll(plain(piece), " ", "")) {
			t.Errorf("clause %s: %q is not in text.md", c.ID, c.Text)
		}
	}
	if found := regexp.MustCompile(`Nama : \p{L}|https?:|\d{12}|10\.\d+\.`).FindString(string(text)); found != "" {
		t.Errorf("text.md holds %q", found)
	}
	document, here := shared(t, "IN.OCC.TELK.W-18.rev02.md")
	if !here {
		return
	}
	there := map[string]bool{}
	for _, line := range strings.Split(document, "\n") {
		there[plain(line)] = true
	}
	for i, line := range strings.Split(string(text), "\n") {
		if i > 0 && !there[plain(line)] && !strings.Contains(line, "…") {
			t.Errorf("text.md:%d: %q is not in the document", i+1, line)
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

// SOP 5.4.7.same: the steps of 5.2.6 to 5.2.9 run inside IVR Gamas and show its own clause beside theirs.
func TestSharedStepsShowBothClauses(t *testing.T) {
	p := book(t).Procedure("ivr-gamas")
	for _, id := range []string{"receiver", "data_check", "problem", "guided", "call_again_at"} {
		if c := p.Field(id).Clauses; len(c) < 2 || c[0] != "5.4.7.same" || !strings.HasPrefix(c[1], "5.2.") {
			t.Errorf("field %s shows %v", id, c)
		}
	}
}
