package web

import (
	"slices"
	"strings"
	"sync"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/procedure"
)

// draftBook is a draft read and checked, beside the revision in force. Reading walks every state, so that it is kept until the draft
// has another version.
type draftBook struct {
	Draft    document.Draft
	Force    document.Revision
	Book     *procedure.Book
	Problems []draftProblem
	Notes    []draftNote
	Changes  []procedure.Change
	mu       sync.Mutex
	reaches  map[string]reached // of its fields, as they are asked for
}

// draftProblem is a mistake with what it stands at; File is the name within the revision.
type draftProblem struct {
	procedure.Problem
	File, Clause, Campaign, Field string
}

// draftNote is a finding of the linter. Known: the revision in force has it too.
type draftNote struct {
	procedure.Finding
	Known bool
}

// open tells whether nobody has decided what the note finds.
func (n draftNote) open() bool { return n.ResolvedBy == "" && !n.Known }

// draftBooks keeps the draft that was read last.
type draftBooks struct {
	mu   sync.Mutex
	last *draftBook
	old  oldLook
}

// draftOf gives the document's draft, read; Missing when there is none.
func (s *Server) draftOf(tx *db.Tx) (*draftBook, error) {
	d, err := document.DraftOf(tx, s.Campaigns.Document())
	if err != nil {
		return nil, err
	}
	force, err := s.inForce(tx)
	if err != nil {
		return nil, err
	}
	s.drafts.mu.Lock()
	defer s.drafts.mu.Unlock()
	if b := s.drafts.last; b != nil && b.Draft.BegunAt.Equal(d.BegunAt) && b.Draft.Version == d.Version && b.Force.Hash == force.Hash {
		return b, nil
	}
	b := s.readDraft(d, force)
	s.drafts.last = b
	return b, nil
}

// inForce is the revision that runs now.
func (s *Server) inForce(tx *db.Tx) (document.Revision, error) {
	all, err := s.Campaigns.All(tx)
	if err != nil {
		return document.Revision{}, err
	}
	if len(all) == 0 {
		return document.Revision{}, fault.New(fault.Missing, "document.none-in-force", "document", s.Campaigns.Document())
	}
	return all[0].Revision, nil
}

// readDraft reads, checks, lints and compares.
func (s *Server) readDraft(d document.Draft, force document.Revision) *draftBook {
	book, problems := d.Book()
	b := &draftBook{Draft: d, Force: force, Book: book, Changes: procedure.DiffParts(force.Book, book)}
	for _, p := range problems {
		one := draftProblem{Problem: p}
		_, one.File, _ = strings.Cut(p.File, "/")
		_, one.File, _ = strings.Cut(one.File, "/")
		one.Clause, one.Campaign, one.Field = book.WhereIs(p.File, p.Line)
		b.Problems = append(b.Problems, one)
	}
	slices.SortStableFunc(book.Procedures, func(p, q *procedure.Procedure) int {
		return slices.Index(book.Document.Campaigns, p.Code) - slices.Index(book.Document.Campaigns, q.Code)
	})
	before := map[string]bool{}
	for _, f := range s.lint(force.Book) {
		before[noteKey(f)] = true
	}
	for _, f := range s.lint(book) {
		b.Notes = append(b.Notes, draftNote{f, before[noteKey(f)]})
	}
	return b
}

// lint finds what a careful reader would ask about the clauses and the form, each with the decision that answers it.
func (s *Server) lint(book *procedure.Book) []procedure.Finding {
	all := append(book.LintClauses(), book.Lint()...)
	book.Resolve(all, s.Decided)
	return all
}

// noteKey tells whether two findings are one, whatever line they stand on.
func noteKey(f procedure.Finding) string {
	var values []string
	for name, value := range f.Values {
		values = append(values, name+"="+value)
	}
	slices.Sort(values)
	return f.Class + "|" + f.Clause + "|" + strings.Join(values, "|")
}

// sound tells whether the draft could run.
func (b *draftBook) sound() bool { return len(b.Problems) == 0 }

// openNotes are those nobody has decided.
func (b *draftBook) openNotes() []draftNote {
	return slices.DeleteFunc(slices.Clone(b.Notes), func(n draftNote) bool { return !n.open() })
}

// belongs tells whether a clause is another one or stands below it.
func belongs(id, of string) bool {
	return of != "" && (id == of || strings.HasPrefix(id, of+"."))
}

// clauseOf gives a clause of the draft, or of the revision in force where the draft has it no more.
func (b *draftBook) clauseOf(id string) (is, was procedure.Clause) {
	is, _ = b.Book.Clause(id)
	was, _ = b.Force.Book.Clause(id)
	return is, was
}
