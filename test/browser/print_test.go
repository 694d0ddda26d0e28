package browser

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"sapa/internal/document"
	"sapa/internal/phrase"
	"sapa/internal/procedure"
	"sapa/internal/trace"
	"sapa/internal/web"
	"sapa/procedures"
)

const rev02 = "IN.OCC.TELK.W-18/rev-02"

// paper is what a PDF says, page by page, one space between words.
func paper(t *testing.T, pdf []byte) (pages []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "dokumen.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-raw", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (poppler-utils, which ./verify installs): %v", err)
	}
	for _, one := range strings.Split(strings.TrimSuffix(string(text), "\f"), "\f") {
		pages = append(pages, strings.Join(strings.Fields(one), " "))
	}
	return pages
}

// prints makes a PDF of the page, as the button and Ctrl+P do: the style sheet says the paper.
func (p *tab) prints() []byte {
	p.t.Helper()
	background, css := true, true
	got, err := chromedp.Call(p.ctx, page.PrintToPDF, page.PrintToPDFParams{PrintBackground: &background, PreferCSSPageSize: &css})
	if err != nil {
		p.t.Fatalf("print: %v", err)
	}
	return got.Data
}

// whole holds a printed document against its book: head and number on every page, every clause once and in order, nothing
// wider than the paper.
func whole(t *testing.T, pages []string, b *procedure.Book, label, seal string) {
	t.Helper()
	if len(pages) < 6 || len(pages) > 14 {
		t.Errorf("%d pages", len(pages))
	}
	rev := fmt.Sprintf("%02d", b.Document.Revision)
	head := regexp.MustCompile(`Instruksi Kerja CC Telkom Tier 2 Outbound Tanggal Berlaku : .{5,40}? Kode Dokumen : ` + regexp.QuoteMeta(b.Document.Code) + ` Revisi : ` + rev + ` `)
	foot := regexp.MustCompile(regexp.QuoteMeta(label) + ` dicetak \d\d \w+ \d{4} .*`)
	var body strings.Builder
	for i, one := range pages {
		number := fmt.Sprintf("%d / %d", i+1, len(pages))
		if !strings.HasPrefix(one, number+" ") && !strings.HasSuffix(one, " "+number) {
			t.Errorf("page %d has no %q", i+1, number)
		}
		if !head.MatchString(one) || !foot.MatchString(one) {
			t.Errorf("page %d has no head, or no foot %q: %s", i+1, label, short(one))
		}
		if got := strings.Join(strings.Fields(foot.FindString(one)), ""); (seal != "") != strings.HasSuffix(strings.TrimSuffix(got, strings.ReplaceAll(number, " ", "")), strings.ReplaceAll(seal, " ", "")) && seal != "" {
			t.Errorf("page %d has no seal %q: %s", i+1, seal, got)
		}
		one = strings.TrimPrefix(strings.TrimSuffix(one, number), number)
		body.WriteString(" " + foot.ReplaceAllString(head.ReplaceAllString(one, ""), ""))
	}
	text := strings.Join(strings.Fields(body.String()), " ")
	from := 0
	for _, c := range b.Clauses {
		if strings.HasPrefix(c.ID, "doc.") && c.ID != "doc.title" && !strings.HasPrefix(c.ID, "doc.copy.") {
			continue // of the title block the values in force are printed: the head of every page was looked at
		}
		want := strings.Join(strings.Fields(c.Text), " ")
		at := strings.Index(text[from:], want)
		if at < 0 {
			t.Errorf("%s is not printed in its place: %q", c.ID, c.Text)
			continue
		}
		from += at + len(want)
	}
	for _, c := range b.Clauses { // a sentence that no other one contains stands there once
		if n := strings.Count(text, c.Text); len(c.Text) > 60 && n > 1 && alone(b, c.Text) {
			t.Errorf("%s is printed %d times", c.ID, n)
		}
	}
}

// alone tells whether a text stands in one clause only.
func alone(b *procedure.Book, text string) bool {
	n := 0
	for _, c := range b.Clauses {
		n += strings.Count(c.Text, text)
	}
	return n == 1
}

// wide are the elements of the paper that reach beyond it, or whose text is cut.
const wide = `[...document.querySelectorAll('main *')].filter(e => e.getClientRects().length && (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflow !== 'visible' || e.getBoundingClientRect().right > document.querySelector('main').getBoundingClientRect().right + 1)).map(e => e.className + ' ' + e.textContent.slice(0, 40)).join(' | ')`

// SOP doc.code, doc.revision, doc.effective, doc.copy.controlled-malang: the document is printed with code, date, revision and
// number on each page; who does not hold a copy prints it uncontrolled, and says so on each page.
func TestTheDocumentIsPrinted(t *testing.T) {
	book, problems := procedure.Load(procedures.FS, rev02)
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	p := open(t).as(login(t, "leader"))
	p.prefer(look{"id", "dark"})
	p.goTo("/procedure/print?revision=2&copy=CONTROLLED-MALANG")
	p.wait("the button", `document.querySelector('#print-do:not([hidden])')`)
	if got := read[string](p, wide); got != "" {
		t.Errorf("wider than the paper: %s", got)
	}
	const press = `document.getElementById('print-do').click()`
	const unsaid = `document.getElementById('print-unsaid')`
	p.do("print nothing", chromedp.Evaluate[chromedp.Void](`window.print = () => { window.begun = (window.begun ?? 0) + 1 }; window.asks = window.fetch; window.fetch = () => Promise.reject(new Error('nobody'))`))
	p.do("press", chromedp.Evaluate[chromedp.Void](press))
	p.wait("the page to say that the journal does not have it", `!`+unsaid+`.hidden && window.begun === undefined`)
	p.do("press with the house there", chromedp.Evaluate[chromedp.Void](`window.fetch = window.asks; `+press))
	p.wait("the browser to print once the journal has it", unsaid+`.hidden && window.begun === 1`)
	pages := paper(t, p.prints())
	whole(t, pages, book, "CC TELKOM CONTROLLED DOCUMENT MALANG", "")
	for _, want := range []string{"Tanggal Berlaku : 03 Desember 2019", "Revisi CC TELKOM : 02", "Dibuat oleh,", "Jabatan : DC Pusat Tanggal : 28 November 2019",
		"Diperiksa oleh,", "Jabatan : VP Telkom Operation", "Disetujui oleh,", "Jabatan : QMR Tanggal : 29 November 2019"} {
		if !strings.Contains(pages[0], want) {
			t.Errorf("the title page has no %q: %s", want, pages[0])
		}
	}
	if all := strings.Join(pages, " "); strings.Contains(all, "TERKENDALI") || !strings.Contains(all, "01 05 Juni 2017 - Merubah judul SOP rujukan") || !strings.Contains(all, "No. Nama Dokumen / Rekaman Masa Simpan Penanggung Jawab") {
		t.Errorf("history, records or an uncontrolled mark: %s", short(all[len(all)-900:]))
	}

	agent := open(t).as(login(t, "agent"))
	agent.goTo("/procedure/print")
	whole(t, paper(t, agent.prints()), book, "SALINAN TIDAK TERKENDALI BILA DICETAK", "TIDAK TERKENDALI")
	agent.allow("403")
	agent.goTo("/procedure/print?copy=CONTROLLED-MALANG")
	if !strings.Contains(agent.text(), "dicetak oleh pemegangnya") {
		t.Errorf("an agent prints a controlled copy: %s", agent.text())
	}
}

// SOP doc.revision, 7: a second revision is printed from its own data: its number, day, signatures and history, in a file that
// stands alone; a draft says so on each page.
func TestASecondRevisionIsPrinted(t *testing.T) {
	files := fstest.MapFS{}
	root, err := fs.Sub(procedures.FS, rev02)
	if err != nil {
		t.Fatal(err)
	}
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(root, name)
		text := strings.ReplaceAll(string(b), "\nrevision: 2\n", "\nrevision: 3\n")
		text = strings.Replace(text, `revision: {text: "2"`, `revision: {text: "3"`, 1)
		text = strings.Replace(text, `text: "Contacted : Jika call terhubung ke pelanggan", en: "Contacted: the call reached the customer", parent: "5.7.8.a"`,
			`text: "Terhubung : Jika call terhubung ke pelanggan dan pelanggan berbicara", en: "Connected: the call reached the customer, who speaks", parent: "5.7.8.a"`, 1)
		files[name] = &fstest.MapFile{Data: []byte(text)}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	book, problems := procedure.Load(files, ".")
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	site, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	signed := time.Date(2026, 12, 1, 9, 30, 0, 0, site)
	r := document.Revision{Document: book.Document.Code, Revision: 3, Hash: book.Hash, EffectiveAt: time.Date(2026, 12, 7, 6, 0, 0, 0, site), Book: book}
	for i, part := range document.Parts {
		r.Signatures = append(r.Signatures, document.Signature{Part: part, Position: book.Document.Signatures[i].Position, Person: 7, Name: []string{"Dewi Rekaan", "Vino Rekaan", "Qori Rekaan"}[i], At: signed})
	}
	one := web.Print{Lang: phrase.ID, Site: site, Revision: r, Signed: trace.Signatures(r.Signatures), Stands: document.InForce, Copy: "CONTROLLED-MALANG",
		Copies: []document.Copy{{Type: "CONTROLLED", Holder: "MALANG"}}, PrintedAt: signed, PrintedBy: "sapa"}
	file := func(print web.Print) *tab {
		name := filepath.Join(t.TempDir(), "dokumen.html")
		to, err := os.Create(name)
		if err == nil {
			err = print.WriteTo(context.Background(), to)
		}
		if err == nil {
			err = to.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		p := open(t)
		p.house = "file://"
		p.goTo(name)
		return p
	}
	pages := paper(t, file(one).prints())
	whole(t, pages, book, "CC TELKOM CONTROLLED DOCUMENT MALANG", "")
	for _, want := range []string{"Tanggal Berlaku : 07 Desember 2026, 06.00", "Nama : Dewi Rekaan Jabatan : DC Pusat Tanggal : 01 Desember 2026, 09.30", "Nama : Qori Rekaan"} {
		if !strings.Contains(pages[0], want) {
			t.Errorf("the title page has no %q: %s", want, pages[0])
		}
	}
	if all := strings.Join(pages, " "); !strings.Contains(all, "Terhubung : Jika call terhubung ke pelanggan dan pelanggan berbicara") || strings.Contains(all, "Revisi : 02") {
		t.Error("the second revision is printed with the first one's words")
	}
	one.Stands, one.Copy, one.Signed = "draft", "", trace.Signatures(nil)
	pages = paper(t, file(one).prints())
	whole(t, pages, book, "SALINAN TIDAK TERKENDALI BILA DICETAK", "DRAFT")
	if !strings.Contains(pages[0], "(belum ditandatangani)") {
		t.Errorf("a draft is signed: %s", pages[0])
	}
}
