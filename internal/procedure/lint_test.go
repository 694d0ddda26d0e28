package procedure

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sapa/procedures"
)

// lines gives the findings in one line each: the class, the clause and the place.
func lines(findings []Finding) (all []string) {
	for _, f := range findings {
		all = append(all, fmt.Sprintf("%s %s %s %v", f.Class, f.Clause, f.Where(), f.Values))
	}
	return all
}

func rawRev02(t *testing.T) []Finding {
	t.Helper()
	text, err := procedures.FS.ReadFile("IN.OCC.TELK.W-18/rev-02/text.md")
	if err != nil {
		t.Fatal(err)
	}
	return LintText("text.md", string(text))
}

// Issue 5, the twenty classes: what a careful reader finds in rev 02 as it was signed, and where.
// SOP 5.5.11, 5.2.11, 5.7.8.b, 5.7.8.c, 5.2.10.check, 5.3, 5.6, 5.4.8, 5.2.10.p, 5.2.10.r, 6, 1, fn.5: defects of the text.
func TestTheTextOfRev02HasTheTwentyDefects(t *testing.T) {
	found := strings.Join(lines(rawRev02(t)), "\n")
	for _, want := range []string{
		"unfinished 5.5.11 text.md:259 map[text:Agent membantu membuatkan]",
		"double-letter 5.2.11 text.md:165 map[mark:b",
		"overlap 5.2.11.b1 text.md:164 map[first:Not Contacted means:no-answer second:RNA]",
		"overlap 5.2.11.b1 text.md:163 map[first:Not Contacted means:unreachable second:Not valid]",
		"word-levels 5.8.5 text.md:359 map[fields:Status Calls, Reason 1, Reason name:RNA]",
		"two-parents 5.7.8.b text.md:321 map[first:Not valid means:unreachable name:Tulalit second:Junk]",
		"foreign-choice 5.7.8.c text.md:333 map[means:not-now name:Meeting under:Menolak]",
		"repeated-choice 5.7.8.c text.md:336 map[field:Reason 2 name:Reschedule]",
		"uncovered 5.7.8.c text.md:323 map[choices:Reschedule, RNA, Reject, Mailbox, Hening, Tiket sudah close, Belum terdaftar, Tulalit, Fullfilment name:Reason 2]",
		"undefined 5.7.8.b text.md:322 map[name:Fullfilment]",
		"no-values 5.2.11.b2 text.md:165 map[name:Reason Call",
		"no-values 5.2.11.b2 text.md:165 map[name:Solusi",
		"no-branch 5.2.10 text.md:114 map[answer:sudah ada pelaporan",
		"no-not-reached 5.3 text.md:169",
		"no-not-reached 5.6 text.md:261",
		"no-limits 5.2.7 text.md:108 map[limit:attempts]",
		"no-limits 5.2.7 text.md:108 map[limit:pause]",
		"no-limits 5.2.7 text.md:108 map[limit:hours]",
		"no-limits 5.2.7 text.md:108 map[limit:owner]",
		"opened-saved 5.4.8 text.md:213 map[opened:Sephia2.0 saved:Callback]",
		"one-ground 5.2.10.p text.md:144 map[first:Hard Complaint ground:karakteristik pelapor second:Urgency]",
		"no-list 5.2.10.r text.md:148 map[name:mandatory",
		"empty-table 6 text.md:369",
		"renamed-reference 1 text.md:49 map[is:Customer Handling was:Call handling]",
		"outside-document fn.5 text.md:364",
		"several-names 5.1.8 text.md:74 map[names:Nossa, NOSSA, Nossas]",
		"several-meanings 5.7.8.a text.md:298 map[name:Junk",
		"misspelled 5.8.5 text.md:357 map[often:tiket word:tiker]",
	} {
		if !strings.Contains(found, want) {
			t.Errorf("not found: %s", want)
		}
	}
	classes := map[string]bool{}
	for _, f := range rawRev02(t) {
		classes[f.Class] = true
		if f.ResolvedBy != "" || f.Basis != Classes[f.Class] || f.Basis == "" {
			t.Errorf("%+v", f)
		}
	}
	if len(classes) < 20 {
		t.Errorf("%d classes", len(classes))
	}
	if t.Failed() {
		t.Log(found)
	}
}

// Each finding in the shipped document, text and form, has a decision of GAPS.md; each line of the list answers something.
func TestEveryFindingInRev02HasADecision(t *testing.T) {
	b := real(t)
	decided, err := procedures.FS.ReadFile("IN.OCC.TELK.W-18/rev-02/decided.txt")
	if err != nil {
		t.Fatal(err)
	}
	resolutions, problems := Resolutions("decided.txt", string(decided))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	all := append(rawRev02(t), b.Lint()...)
	for _, idle := range b.Resolve(all, resolutions) {
		t.Errorf("answers nothing: %+v", idle)
	}
	for _, f := range all {
		if _, ok := b.Clause(f.ResolvedBy); !ok || !strings.HasPrefix(f.ResolvedBy, "A-") {
			t.Errorf("open: %v", lines([]Finding{f}))
		}
	}
	for _, f := range b.Lint() {
		if (f.Class == "several-meanings") != (f.Basis == "means") {
			t.Errorf("%s rests on %s", f.Class, f.Basis)
		}
	}
}

func TestResolutionsAreReadStrictly(t *testing.T) {
	all, problems := Resolutions("decided.txt", "# remark\n\nunfinished 5.5.11 A-24 # why\nguess 1 A-01\nunfinished 5.5.11\n")
	if len(all) != 1 || all[0] != (Resolution{"unfinished", "5.5.11", "A-24"}) {
		t.Errorf("%v", all)
	}
	if len(problems) != 2 || problems[0].Error() != "decided.txt:4: “guess 1 A-01” is not a class of finding, a clause and a decision (write three words, as: unfinished 5.5.11 A-24)" {
		t.Errorf("%v", problems)
	}
	b := &Book{Gaps: []Gap{{ID: "A-24"}}}
	findings := []Finding{{Class: "unfinished", Clause: "5.5.11"}, {Class: "unfinished", Clause: "5.5.1"}, {Class: "unused", Clause: "5.1.2"}}
	idle := b.Resolve(findings, []Resolution{{"unfinished", "5.5.11", "A-24"}, {"unused", "*", "A-24"}, {"unfinished", "5.5.1", "A-99"}, {"unused", "5", "A-24"}})
	if len(idle) != 1 || idle[0].Decision != "A-99" {
		t.Errorf("a decision that is not there answers nothing: %v", idle)
	}
	if findings[0].ResolvedBy != "A-24" || findings[1].ResolvedBy != "" || findings[2].ResolvedBy != "A-24" {
		t.Errorf("%+v", findings)
	}
}

// The rules know no clause of rev 02: each sees its kind of defect in a text of another trade, at another number.
func TestRulesSeeTheirDefectAnywhere(t *testing.T) {
	for class, text := range map[string]string{
		"unfinished":                      "## 3. Ronda\n\n3.1. Petugas membantu menyiapkan",
		"double-letter":                   "## 3. Ronda\n\n3.1. Petugas:\n\n- a. Jalan.\n- a. Pulang.\n- a. Tidur.",
		"numbering":                       "## 1. Ronda\n\n1.1. Jalan.\n\n1.3. Pulang.",
		"broken-reference":                "## 1. Ronda\n\n1.1. Jalan seperti 1.2.4.",
		"no-steps":                        "## 1. Ronda\n\n1.1. Petugas berjalan dengan langkah:",
		"no-values":                       "## 1. Ronda\n\n1.1. Isi catatan:\n\n- a. Pilih Cuaca sesuai keadaan.",
		"no-list":                         "## 1. Ronda\n\n1.1. Isi buku sesuai mandatory.",
		"no-branch":                       "## 1. Ronda\n\n1.1. Periksa sudah terkunci / belum terkunci.\n\nBelum terkunci:\n\n- a. Kunci.",
		"one-ground":                      "## 1. Ronda\n\n1.1. Isi:\n\n- a. Pilih Warna sesuai keadaan pintu (merah, biru).\n- b. Pilih Bentuk sesuai keadaan pintu (kotak, bulat).",
		"empty-table":                     "## 1. Buku\n\nNo.\tNama\n1\t\n",
		"renamed-reference":               "## 1. Rujukan\n\nP-7 Jaga Malam.\n\n## 2. Catatan\n\nRev\tIsi\n02\tjudul diubah dari Jaga Malam menjadi Ronda Malam.\n",
		"outside-document":                "## 1. Ronda\n\n1.1. Jam jaga dapat berubah.",
		"no-measure":                      "## 1. Indikator\n\nPetugas baik.",
		"overlap":                         "## 1. Ronda\n\n1.1. Isi:\n\n- a. Pilih Hasil:\n  - Sepi: jika tidak diangkat.\n  - Diam: jika tidak ada jawaban.",
		"word-levels":                     "## 1. Ronda\n\n1.1. Isi:\n\n- a. Pilih Hasil:\n  - Sepi: jika kosong.\n\n## 2. Jaga\n\n2.1. Isi:\n\n- a. Pilih Sebab:\n  - Sepi: jika kosong.",
		"two-parents":                     "## 1. Ronda\n\n1.1. Isi:\n\n- a. Pilih Hasil:\n  - Sepi: jika tidak diangkat.\n\n## 2. Jaga\n\n2.1. Isi:\n\n- a. Pilih Hasil:\n  - Diam: jika tidak ada jawaban.",
		"foreign-choice":                  "## 1. Ronda\n\n1.1. Isi:\n\n- a. Pilih Hasil:\n  - Tolak: jika tamu tidak terima.\n- b. Pilih Sebab:\n  - Jika Hasil memilih Tolak maka akan muncul pilihan:\n    - ✓ Rapat: jika tamu sedang rapat.",
		"repeated-choice":                 "## 1. Ronda\n\n1.1. Isi:\n\n- a. Pilih Hasil:\n  - Sepi: jika kosong.\n- b. Pilih Sebab:\n  - Sepi: jika kosong.",
		"uncovered":                       "## 1. Ronda\n\n1.1. Isi:\n\n- a. Pilih Hasil:\n  - Sepi: jika kosong.\n  - Ramai: jika penuh.\n- b. Pilih Sebab:\n  - Jika Hasil memilih Sepi maka akan muncul pilihan:\n    - ✓ Malam.",
		"unknown-choice":                  "## 1. Ronda\n\n1.1. Isi:\n\n- a. Pilih Hasil:\n  - Sepi: jika kosong.\n- b. Pilih Sebab:\n  - Jika Hasil memilih Sunyi maka akan muncul pilihan:\n    - ✓ Malam.",
		"undefined":                       "## 1. Ronda\n\n1.1. Isi:\n\n- a. Pilih Hasil:\n  - Sepi: jika kosong.\n  - Ramai.",
		"undefined-term":                  "## 1. Ronda\n\n1.1. Lapor ke RW.",
		"several-meanings":                "## 1. Ronda\n\n1.1. Isi:\n\n- a. Pilih Hasil:\n  - Sepi: jika kosong.\n\n## 2. Jaga\n\n2.1. Isi:\n\n- a. Pilih Hasil:\n  - Sepi: jika gelap.",
		"no-not-reached":                  "## 1. Ronda\n\n1.1. Jaga:\n\n1.1.1. Petugas menghubungi pelanggan.",
		"no-save":                         "## 1. Ronda\n\n1.1. Jaga:\n\n1.1.1. Petugas menghubungi pelanggan.",
		"no-limits":                       "## 1. Ronda\n\n1.1. Petugas menghubungi kembali.",
		"opened-saved":                    "## 1. Ronda\n\n1.1. Siapkan Aplikasi Buku;\n\n1.2. Siapkan Aplikasi Peta;\n\n1.3. Jaga:\n\n1.3.1. Membuka aplikasi Peta, menghubungi pelanggan.\n\n1.3.2. Petugas mengisi hasil ronda pada aplikasi Buku.",
		"unlisted":                        "## 1. Ronda\n\n1.1. Siapkan Aplikasi Buku;\n\n1.2. Buka aplikasi Radar.",
		"unused":                          "## 1. Ronda\n\n1.1. Siapkan Aplikasi Buku;",
		"several-names":                   "## 1. Ronda\n\n1.1. Siapkan Aplikasi Buku;\n\n1.2. Buka BUKU.",
		"misspelled":                      "## 1. Ronda\n\n1.1. Petugas jalan, petugas pulang, petugas tidur, petrgas bangun.",
		"no-branch, of two by letter":     "## 1. Ronda\n\n1.1. Periksa:\n\n- a. Jika pintu sudah terkunci, pulang.\n- b. Catat.",
		"no-values, where a colon stands": "## 1. Ronda\n\n1.1. Isi:\n\n- a. Pilih Cuaca:\n- b. Pulang.",
	} {
		class, _, _ := strings.Cut(class, ",")
		got := LintText("ronda.md", "Ronda Malam\n\n"+text)
		if !slices.ContainsFunc(got, func(f Finding) bool { return f.Class == class }) {
			t.Errorf("%s is not seen; found %q", class, lines(got))
		}
	}
}

// What is put right is not complained of.
func TestRulesLeaveARightTextAlone(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "test", "mutants", "correct.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines(LintText("correct.md", string(text))) {
		t.Error(line)
	}
	for _, text := range []string{"", "Ronda\n\nMalam\n", "## 1. Ronda\n\n[peta](http://192.0.2.1/)\n", "## 1. Ronda\n\n1.1. Telepon <http://192.0.2.1/a> …\n\n- \n\n✓\n\n*) \n\na. \n", "## 1. Ronda\n\n…\n\n1\t2\n1\t3\n"} {
		for _, line := range lines(LintText("x.md", text)) {
			t.Errorf("%q: %s", text, line)
		}
	}
}

// alone gives a copy of one campaign of the real document to change, as a document of its own.
func alone(t *testing.T, code string) (*Book, *Procedure) {
	t.Helper()
	b := *real(t)
	p := *b.Procedure(code)
	p.Steps, p.Fields, p.Outcomes = slices.Clone(p.Steps), slices.Clone(p.Fields), slices.Clone(p.Outcomes)
	for i := range p.Fields {
		p.Fields[i].Options = slices.Clone(p.Fields[i].Options)
	}
	for i := range p.Outcomes {
		p.Outcomes[i].Effects = slices.Clone(p.Outcomes[i].Effects)
	}
	b.Procedures, b.Acts = []*Procedure{&p}, nil
	return &b, &p
}

// What is found is said in the form's own words, not in those it was compared by.
func TestLintNamesFieldsAsTheFormDoes(t *testing.T) {
	b := real(t)
	labels := map[string]bool{}
	for _, p := range b.all() {
		for _, f := range p.Fields {
			labels[f.Label.ID] = true
		}
	}
	seen := 0
	for _, f := range b.Lint() {
		for _, label := range strings.Split(f.Values["fields"], ", ") {
			if f.Class == "word-levels" {
				if seen++; !labels[label] {
					t.Errorf("%s: no field is called %q", f.Where(), label)
				}
			}
		}
	}
	if seen == 0 {
		t.Error("nothing was found at several levels")
	}
}

// Of the form: what it works with and is still not right.
func TestLintSeesWhatTheCheckerAllows(t *testing.T) {
	option := func(p *Procedure, field, id string) *Option {
		options := p.Field(field).Options
		return &options[slices.IndexFunc(options, func(o Option) bool { return o.ID == id })]
	}
	for what, c := range map[string]struct {
		class, code string
		spoil       func(p *Procedure)
	}{
		"one meaning for two choices": {"overlap", "fresh-lapul", func(p *Procedure) { option(p, "reason_1", "reject").Means = []string{"rejected", "no-answer"} }},
		"a choice spelled otherwise":  {"label", "c4-carring", func(p *Procedure) { option(p, "status", "junk").Label = Text{"Sampah", "Sampah"} }},
		"a choice nobody explains":    {"undefined", "fresh-lapul", func(p *Procedure) { option(p, "reason_1", "mailbox").Text = Text{} }},
		"a way without a place": {"no-not-reached", "fresh-lapul", func(p *Procedure) {
			option(p, "status", "not-contacted").Means, option(p, "reason_1", "mailbox").Means = nil, nil
		}},
		"an application by its nickname": {"several-names", "nossa", func(p *Procedure) { p.Steps[0].Title.ID = "Analisis gangguan di Nossas" }},
		"a sentence that breaks off":     {"unfinished", "nossa", func(p *Procedure) { p.Steps[0].Title.ID = "Analisis gangguan sesuai" }},
		"an application of others":       {"opened-saved", "callback", func(p *Procedure) { p.Outcomes[0].Effects[2].App = "my-cx" }},
		"nobody is called":               {"no-steps", "callback", func(p *Procedure) { p.Steps = p.Steps[:1] }},
	} {
		b, p := alone(t, c.code)
		has := func() bool { return slices.ContainsFunc(b.Lint(), func(f Finding) bool { return f.Class == c.class }) }
		was := has()
		if c.spoil(p); was || !has() {
			t.Errorf("%s: seen before: %v; after: %q", what, was, lines(b.Lint()))
		}
	}
}
