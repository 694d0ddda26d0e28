package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
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
	Stands    string          // draft, force, coming, superseded, recalled
	Copies    []document.Copy // the distribution list
	Copy      string          // like CONTROLLED-MALANG; empty: an uncontrolled one
	PrintedAt time.Time
	PrintedBy string
}

// sheetData is the page.
type sheetData struct {
	Print
	Sheet   sheet.Sheet
	Theme   string
	Inline  string          // the style sheet, in a file of its own
	Mine    []document.Copy // those the reader may print as controlled
	Back    string
	Toolbar bool
	Said    *said
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
	for _, c := range p.Copies {
		if code(c) == p.Copy {
			return d, nil
		}
	}
	return d, fault.New(fault.Missing, "print.no-copy", "copy", p.Copy, "document", p.Revision.Document, "known", strings.Join(codes(p.Copies), ", ")).At("copy", "doc.copy.controlled-malang")
}

// code is how a copy is named in an address: CONTROLLED-MALANG.
func code(c document.Copy) string { return c.Type + "-" + strings.ReplaceAll(c.Holder, " ", "-") }

func codes(copies []document.Copy) []string {
	all := make([]string, len(copies))
	for i, c := range copies {
		all[i] = code(c)
	}
	return all
}

// printPage shows the document as it is printed. Reading it is anybody's; a controlled copy is its holder's to print, a draft
// is shown to those who make and sign it.
func (s *Server) printPage(w http.ResponseWriter, r *request) {
	var d sheetData
	err := s.Store.Read(r.Context(), func(tx *db.Tx) (err error) {
		d, err = s.printable(tx, r, r.URL.Query())
		return err
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	d.Theme, d.Back, d.Toolbar, d.Said = r.theme, within(r), true, s.heard(w, r)
	for _, c := range d.Copies {
		if s.holds(r.by, code(c)) {
			d.Mine = append(d.Mine, c)
		}
	}
	s.show(w, r, http.StatusOK, sheetPage(d))
}

// printNote keeps in the journal that the document is printed now. The page's script sends it before the browser prints; without the
// script the page comes back and says how to go on.
func (s *Server) printNote(w http.ResponseWriter, r *request) {
	if !s.readable(w, r) {
		return
	}
	to, err := s.once(r, func(tx *db.Tx) (string, error) {
		d, err := s.printable(tx, r, r.PostForm)
		if err != nil {
			return "", err
		}
		return printPath(d.Revision.Revision, d.Copy), document.Printed(tx, r.by, d.Revision, d.Stands, d.Copy)
	})
	switch {
	case err != nil:
		s.refuse(w, r, err)
	case r.Header.Get("Sapa-Part") == "print":
		w.WriteHeader(http.StatusNoContent)
	default:
		s.say(w, "done", r.T("print.noted"))
		http.Redirect(w, r.Request, to, http.StatusSeeOther)
	}
}

// printable is the document that was asked for by revision and copy, when this person may print it so.
func (s *Server) printable(tx *db.Tx, r *request, asked url.Values) (sheetData, error) {
	revision, _, err := clauseAsked(asked)
	if err != nil {
		return sheetData{}, err
	}
	p := Print{Lang: r.lang, Site: s.Site, Copy: asked.Get("copy"), PrintedBy: r.by.Name}
	if err := s.toPrint(tx, r.by, revision, &p); err != nil {
		return sheetData{}, err
	}
	d, err := p.sheet()
	if err == nil && p.Copy != "" && !s.holds(r.by, p.Copy) {
		err = fault.New(fault.Forbidden, "print.not-yours", "copy", p.Copy).At("copy", "doc.copy.controlled-malang")
	}
	return d, err
}

// toPrint finds what is to be printed: a revision that was kept, else the document's draft of that number.
func (s *Server) toPrint(tx *db.Tx, by who.Actor, revision int, p *Print) (err error) {
	p.Revision, err = s.Campaigns.Revision(tx, revision)
	if fault.Is(err, fault.Missing) && revision > 0 && staff.May(by, staff.ActSign) == nil {
		d, draftErr := document.DraftOf(tx, s.Campaigns.Document())
		if draftErr != nil || d.Revision != revision {
			return err
		}
		return p.draft(tx, d)
	}
	if err != nil {
		return err
	}
	return p.Read(tx)
}

// Read fills in from the store how the revision stands, who signed it and who holds its copies.
func (p *Print) Read(tx *db.Tx) (err error) {
	if p.Stands, err = trace.Stands(tx, p.Revision); err != nil {
		return err
	}
	p.PrintedAt, p.Signed = tx.Now, trace.Signatures(p.Revision.Signatures)
	p.Copies, err = document.Copies(tx, p.Revision.Document, p.Revision.Revision)
	return err
}

// draft makes what is printed of a draft: the signatures it has so far count for what it says now.
func (p *Print) draft(tx *db.Tx, d document.Draft) error {
	book, problems := d.Book()
	if len(problems) > 0 {
		return fault.New(fault.Conflict, "print.draft-broken", "problem", problems[0].Text(), "file", problems[0].File).At("files", "fn.5")
	}
	p.Revision = document.Revision{Document: d.Document, Revision: d.Revision, EffectiveAt: d.EffectiveAt, Hash: book.Hash, Book: book}
	p.Stands, p.PrintedAt = "draft", tx.Now
	round, there, err := document.SignoffOf(tx, d.Document)
	if err != nil {
		return err
	}
	if there && round.Hash == book.Hash {
		p.Revision.Signatures = round.Signatures
	}
	p.Signed = trace.Signatures(p.Revision.Signatures)
	for i, s := range p.Signed {
		for _, one := range book.Document.Signatures {
			if one.Clause == s.Clause {
				p.Signed[i].Position = one.Position
			}
		}
	}
	p.Copies, err = document.Copies(tx, d.Document, d.Revision)
	return err
}

// holds tells whether a person prints a copy as a controlled one: who controls the document any of them, who answers for the
// site its own.
func (s *Server) holds(by who.Actor, code string) bool {
	if staff.May(by, staff.ActAcknowledge) != nil {
		return false
	}
	_, holder, _ := strings.Cut(code, "-")
	return by.Role == who.Controller || strings.EqualFold(holder, s.SiteName)
}

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
	case s.At.IsZero():
		return "–"
	case s.Paper:
		return longDay(s.At)
	}
	return longDay(s.At.In(p.Site)) + ", " + phrase.Clock(p.Lang, s.At.In(p.Site))
}

// seal is what is printed over every page; a controlled copy of the revision in force has none.
func (p sheetData) seal() string {
	switch {
	case p.Stands != document.InForce:
		return p.T("print.seal." + p.Stands)
	case p.Copy == "":
		return p.T("print.seal.uncontrolled")
	}
	return ""
}

// label is the foot of every page: whose copy it is, or that nobody keeps it up to date.
func (p sheetData) label() string {
	if p.Copy == "" || p.Stands == "draft" {
		return p.T("print.uncontrolled")
	}
	for _, c := range p.stamps() {
		if c.Code == p.Copy {
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

// kind is the title without the document's own name, which stands on a line of its own.
func (p sheetData) kind(title string) string {
	return strings.TrimSpace(strings.TrimSuffix(title, p.title()))
}

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

// copyStamp is a copy on the title page: as the document words it, or as the distribution list names a holder it does not know yet.
type copyStamp struct{ Code, Text, Clause string }

func stampID(c copyStamp) templ.Attributes {
	if c.Clause == "" {
		return nil
	}
	return templ.Attributes{"id": "c-" + c.Clause}
}

func (p sheetData) stamps() []copyStamp {
	var all []copyStamp
	for _, c := range p.Sheet.Copies {
		all = append(all, copyStamp{code(document.Copy{Type: c.Type, Holder: c.Holder}), c.Text, c.Clause})
	}
	for _, c := range p.Copies {
		if !slices.ContainsFunc(all, func(s copyStamp) bool { return s.Code == code(c) }) {
			all = append(all, copyStamp{Code: code(c), Text: c.Type + " DOCUMENT " + strings.ToUpper(c.Holder)})
		}
	}
	return all
}
