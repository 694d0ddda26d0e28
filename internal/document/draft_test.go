package document_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/document"
	"sapa/internal/document/documenttest"
	"sapa/internal/fault"
)

// act runs one act of a test and gives its error.
func act(s *db.DB, do func(tx *db.Tx) error) error { return s.Write(ctx, do) }

func TestADraftBeginsAsARevisionUnderTheNextNumber(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		var d document.Draft
		if err := act(s, func(tx *db.Tx) (err error) { d, err = document.Begin(tx, controller, code, 2); return err }); err != nil {
			t.Fatal(err)
		}
		book, problems := d.Book()
		if len(problems) > 0 || d.Revision != 3 || book.Document.Revision != 3 || book.Procedure("nossa").Revision != 3 {
			t.Fatalf("draft %d of %d, problems %v", d.Revision, d.BasedOn, problems)
		}
		before := documenttest.Book(t)
		if len(book.Clauses) != len(before.Clauses) || len(book.Procedures) != len(before.Procedures) {
			t.Errorf("the draft has %d clauses and %d campaigns, revision 2 has %d and %d", len(book.Clauses), len(book.Procedures), len(before.Clauses), len(before.Procedures))
		}
		err := act(s, func(tx *db.Tx) error { _, err := document.Begin(tx, controller, code, 2); return err })
		refused(t, err, fault.Conflict, "document.draft-there", "")
		err = act(s, func(tx *db.Tx) error { _, err := document.Begin(tx, controller, code, 7); return err })
		refused(t, err, fault.Missing, "document.no-revision", "")
	})
}

func TestADraftIsSavedOnceAVersion(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		var d document.Draft
		if err := act(s, func(tx *db.Tx) (err error) { d, err = document.Begin(tx, controller, code, 2); return err }); err != nil {
			t.Fatal(err)
		}
		stale := d
		d.Files = maps.Clone(d.Files)
		d.Files["campaigns/nossa.yaml"] = "procedure: [" // a draft is work: it may be wrong
		d.EffectiveAt = time.Date(2026, 12, 1, 6, 0, 0, 0, documenttest.Site)
		if err := act(s, func(tx *db.Tx) (err error) { d, err = document.Save(tx, controller, d); return err }); err != nil {
			t.Fatal(err)
		}
		err := act(s, func(tx *db.Tx) error { _, err := document.Save(tx, controller, stale); return err })
		refused(t, err, fault.Conflict, "document.draft-stale", "")
		refused(t, act(s, func(tx *db.Tx) error { return document.Discard(tx, controller, stale) }), fault.Conflict, "document.draft-stale", "")
		var kept document.Draft
		if err := act(s, func(tx *db.Tx) (err error) { kept, err = document.DraftOf(tx, code); return err }); err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(kept.Files, d.Files) || !kept.EffectiveAt.Equal(d.EffectiveAt) || kept.Version != 2 {
			t.Errorf("kept as version %d, effective %v", kept.Version, kept.EffectiveAt)
		}
		if _, problems := kept.Book(); len(problems) == 0 {
			t.Error("a campaign that can't be read passed")
		}
		big := kept
		big.Files = maps.Clone(kept.Files)
		big.Files["gaps.yaml"] = strings.Repeat("x", document.FilesMax)
		err = act(s, func(tx *db.Tx) error { _, err := document.Save(tx, controller, big); return err })
		refused(t, err, fault.Invalid, "document.draft-large", "files")
		if err := act(s, func(tx *db.Tx) error { return document.Discard(tx, controller, kept) }); err != nil {
			t.Fatal(err)
		}
		err = act(s, func(tx *db.Tx) error { _, err := document.DraftOf(tx, code); return err })
		refused(t, err, fault.Missing, "document.no-draft", "")
	})
}

// Files from outside take the place of the draft's, under the draft's number; what is wrong in them is kept too.
func TestFilesFromOutsideGoIntoTheDraft(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		var files map[string]string
		var d document.Draft
		receive := func() {
			t.Helper()
			if err := act(s, func(tx *db.Tx) (err error) { d, err = document.Receive(tx, controller, code, files); return err }); err != nil {
				t.Fatal(err)
			}
		}
		if err := act(s, func(tx *db.Tx) (err error) { files, err = document.FilesOf(tx, code, 2); return err }); err != nil {
			t.Fatal(err)
		}
		receive()
		if _, problems := d.Book(); len(problems) > 0 || d.Revision != 3 || d.BasedOn != 2 || d.Version != 2 {
			t.Fatalf("%d of %d, version %d: %v", d.Revision, d.BasedOn, d.Version, problems)
		}
		files = maps.Clone(d.Files)
		delete(files, "campaigns/ideas.yaml")
		files["campaigns/nossa.yaml"] = "procedure: ["
		receive()
		if _, problems := d.Book(); len(problems) == 0 || d.Version != 3 || !maps.Equal(d.Files, files) {
			t.Errorf("version %d, %d problems", d.Version, len(problems))
		}
		err := act(s, func(tx *db.Tx) error { _, err := document.Receive(tx, controller, "NONE", files); return err })
		refused(t, err, fault.Missing, "document.no-revision", "")
	})
}

// A draft is read once for the same text, and anew for another: neither a saved change nor another number is taken for what was read.
func TestTheSameTextIsReadOnce(t *testing.T) {
	s, _ := documenttest.Mould.SQLite(t)
	var d document.Draft
	if err := act(s, func(tx *db.Tx) (err error) { d, err = document.Begin(tx, controller, code, 2); return err }); err != nil {
		t.Fatal(err)
	}
	first, _ := d.Book()
	if again, _ := d.Book(); again != first {
		t.Error("the same text was read twice")
	}
	other := d
	other.Files = maps.Clone(d.Files)
	other.Files["campaigns/nossa.yaml"] += "# a remark\n"
	if book, problems := other.Book(); book == first || len(problems) > 0 {
		t.Errorf("another text is taken for the first (%v)", problems)
	}
	other = d
	other.Revision = 9
	if _, problems := other.Book(); len(problems) > 0 {
		t.Errorf("under another folder: %v", problems)
	}
	wrong := d
	wrong.Files = maps.Clone(d.Files)
	wrong.Files["campaigns/nossa.yaml"] = "procedure: ["
	for range 2 {
		if _, problems := wrong.Book(); len(problems) == 0 {
			t.Error("a text that can't be read passed")
		}
	}
	if again, _ := d.Book(); again != first {
		t.Error("the first text is forgotten after three others")
	}
}
