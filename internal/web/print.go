package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/sheet"
	"sapa/internal/staff"
	"sapa/internal/trace"
	"sapa/internal/who"
)

// Print is a document to be printed: what it says, how it stands, whose copy it is.
type Print struct {
	Lang      phrase.Lang
	Site      *time.Location
	Revision  document.Revision // of a draft: its number and what it says so far
	Signed    []trace.Signature
	Standing  string // draft, later, in-force, past
	Copy      string // like CONTROLLED-MALANG; empty: an uncontrolled one
	PrintedAt time.Time
	PrintedBy string
}

// sheetData is the page.
type sheetData struct {
	Print
	Sheet   sheet.Sheet
	Theme   string
	Inline  string // the style sheet, in a file of its own
	Mine    []sheet.Copy
	Back    string
	Toolbar bool
}

// T says a sentence of the catalogue.
func (p sheetData) T(key string, values ...any) string { return phrase.Say(p.Lang, key, values...) }

// WriteTo writes the document as one HTML file that needs nothing beside it. Missing "print.no-copy" when the document has no
// such copy.
func (p Print) WriteTo(ctx context.Context, w io.Writer) error {
	d, err := p.sheet()
	if err != nil {
		return err
	}
	css, err := assets.ReadFile("static/print.css")
	if err != nil {
		return err
	}
	d.Inline = string(css)
	return sheetPage(d).Render(ctx, w)
}

func (p Print) sheet() (sheetData, error) {
	d := sheetData{Print: p, Sheet: sheet.Of(p.Revision.Book)}
	if p.Copy == "" {
		return d, nil
	}
	for _, c := range d.Sheet.Copies {
		if c.Code() == p.Copy {
			return d, nil
		}
	}
	return d, fault.New(fault.Missing, "print.no-copy", "copy", p.Copy, "document", p.Revision.Document, "known", strings.Join(codes(d.Sheet.Copies), ", ")).At("copy", "doc.copy.controlled-malang")
}

func codes(copies []sheet.Copy) []string {
	all := make([]string, len(copies))
	for i, c := range copies {
		all[i] = c.Code()
	}
	return all
}

// printPage shows the document as it is printed. Reading it is anybody's; a controlled copy is its holder's to print, a draft
// is shown to those who make and sign it.
func (s *Server) printPage(w http.ResponseWriter, r *request) {
	revision, _, err := clauseAsked(r.URL.Query())
	p := Print{Lang: r.lang, Site: s.Site, Copy: r.URL.Query().Get("copy"), PrintedBy: r.by.Name}
	if err == nil {
		err = s.Store.Read(r.Context(), func(tx *db.Tx) error {
			p.PrintedAt = tx.Now
			return s.toPrint(tx, r.by, revision, &p)
		})
	}
	var d sheetData
	if err == nil {
		d, err = p.sheet()
	}
	if err == nil && p.Copy != "" && !s.holds(r.by, p.Copy) {
		err = fault.New(fault.Forbidden, "print.not-yours", "copy", p.Copy).At("copy", "doc.copy.controlled-malang")
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	d.Theme, d.Back, d.Toolbar = r.theme, within(r), true
	for _, c := range d.Sheet.Copies {
		if s.holds(r.by, c.Code()) {
			d.Mine = append(d.Mine, c)
		}
	}
	s.show(w, r, http.StatusOK, sheetPage(d))
}

// toPrint finds what is to be printed: a revision that was kept, else the document's draft of that number.
func (s *Server) toPrint(tx *db.Tx, by who.Actor, revision int, p *Print) (err error) {
	p.Revision, err = s.Campaigns.Revision(tx, revision)
	if fault.Is(err, fault.Missing) && revision > 0 && staff.May(by, staff.ActPrintDraft) == nil {
		d, draftErr := document.DraftOf(tx, s.Campaigns.Document())
		if draftErr != nil || d.Revision != revision {
			return err
		}
		book, problems := d.Book()
		if len(problems) > 0 {
			return fault.New(fault.Conflict, "print.draft-broken", "problem", problems[0].Text(), "file", problems[0].File)
		}
		p.Revision = document.Revision{Document: d.Document, Revision: d.Revision, EffectiveAt: d.EffectiveAt, Hash: book.Hash, Book: book}
		p.Standing = "draft"
		return nil
	}
	if err != nil {
		return err
	}
	force, err := s.Campaigns.Revision(tx, 0)
	if err != nil {
		return err
	}
	p.Standing = Standing(p.Revision, force, tx.Now)
	p.Signed, err = trace.Signatures(tx, p.Revision)
	return err
}

// Standing tells how a revision that was kept stands beside the one in force: in-force, later, past.
func Standing(r, force document.Revision, now time.Time) string {
	switch {
	case r.Revision == force.Revision:
		return "in-force"
	case r.EffectiveAt.After(now):
		return "later"
	}
	return "past"
}

// holds tells whether a person prints a copy as a controlled one: who controls the document any of them, who answers for the
// site its own.
func (s *Server) holds(by who.Actor, code string) bool {
	if staff.May(by, staff.ActPrintCopy) != nil {
		return false
	}
	_, holder, _ := strings.Cut(code, "-")
	return by.Role == who.Controller || strings.EqualFold(holder, s.SiteName)
}

// code is the document's number, as on each page.
func (p sheetData) code() string { return p.Revision.Document }

func (p sheetData) revNo() string { return fmt.Sprintf("%02d", p.Revision.Revision) }

// effective is the day it takes effect, with the hour where that is not the day's beginning; a draft may have none.
func (p sheetData) effective() string {
	if p.Revision.EffectiveAt.IsZero() {
		return "–"
	}
	at := p.Revision.EffectiveAt.In(p.Site)
	if at.Hour() == 0 && at.Minute() == 0 {
		return longDay(at)
	}
	return longDay(at) + ", " + phrase.Clock(p.Lang, at)
}

var monthsLong = [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}

// longDay prints a day as the document does: 03 Desember 2019.
func longDay(t time.Time) string {
	return fmt.Sprintf("%02d %s %d", t.Day(), monthsLong[t.Month()-1], t.Year())
}

// dayOf prints a day that is written 2006-01-02.
func dayOf(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return longDay(at)
}

// signature gives one of the three; without an hour of signing it is still to come.
func (p sheetData) signature(role string) trace.Signature {
	for _, one := range p.Signed {
		if one.Role == role {
			return one
		}
	}
	return trace.Signature{Role: role}
}

func (p sheetData) signedDay(s trace.Signature) string {
	switch {
	case s.Paper:
		return dayOf(s.Day)
	case s.At.IsZero():
		return "–"
	}
	return longDay(s.At.In(p.Site))
}

// seal is what is printed over every page; a controlled copy of the revision in force has none.
func (p sheetData) seal() string {
	switch {
	case p.Standing != "in-force":
		return p.T("print.seal." + p.Standing)
	case p.Copy == "":
		return p.T("print.seal.uncontrolled")
	}
	return ""
}

// label is the foot of every page: whose copy it is, or that nobody keeps it up to date.
func (p sheetData) label() string {
	if p.Copy == "" || p.Standing == "draft" {
		return p.T("print.uncontrolled")
	}
	for _, c := range p.Sheet.Copies {
		if c.Code() == p.Copy {
			return c.Text
		}
	}
	return p.Copy
}

// printed says when the copy was made, and by whom.
func (p sheetData) printed() string {
	at := p.PrintedAt.In(p.Site)
	return p.T("print.printed", "date", longDay(at), "time", phrase.Clock(p.Lang, at), "name", p.PrintedBy)
}

// title is the kind of document and its own name.
func (p sheetData) title() string { return p.Revision.Book.Document.Title }

func (p sheetData) gloss(text string) string {
	if p.Lang != phrase.EN {
		return ""
	}
	return text
}


// orNo is what an address may point at: the clause of a section's heading, else its number.
func orNo(s sheet.Section) string {
	if s.Clause != "" {
		return s.Clause
	}
	return "section-" + s.No
}

// runs puts neighbours of one table together; everything else stands alone.
func runs(blocks []sheet.Block) [][]sheet.Block {
	var all [][]sheet.Block
	for _, b := range blocks {
		if n := len(all); n > 0 && b.Kind == "app" && all[n-1][0].Kind == "app" {
			all[n-1] = append(all[n-1], b)
			continue
		}
		all = append(all, []sheet.Block{b})
	}
	return all
}

func markOf(b sheet.Block) string {
	switch b.Kind {
	case "dash", "group":
		return "-"
	case "tick":
		return "✓"
	}
	return b.Mark
}

func headingAttrs(b sheet.Block) templ.Attributes {
	if b.Kind != "heading" {
		return nil
	}
	return templ.Attributes{"role": "heading", "aria-level": "3"}
}

// inlineStyle is the style sheet of a file that stands alone; no page of the house has one.
func inlineStyle(css string) templ.Component { return templ.Raw("<style>" + css + "</style>") }

// between is the mark after a piece of a sentence that goes on; the space after it is the page's.
func between(b sheet.Block, i int) string {
	if i+1 == len(b.Pieces) {
		return ""
	}
	return strings.TrimRight(b.Pieces[i+1].Join, " ")
}
