package document_test

import (
	"maps"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/document"
	"sapa/internal/document/documenttest"
	"sapa/internal/fault"
)

// begun gives the draft of a fresh store.
func begun(t *testing.T, s *db.DB) (d document.Draft) {
	t.Helper()
	if err := act(s, func(tx *db.Tx) (err error) { d, err = document.Begin(tx, controller, code, 2); return err }); err != nil {
		t.Fatal(err)
	}
	return d
}

// with gives files with one of them changed.
func with(files map[string]string, name, text string) map[string]string {
	files = maps.Clone(files)
	files[name] = text
	return files
}

func TestTheLastChangesOfADraftAreTakenBack(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		first := begun(t, s)
		d := first
		change := func(files map[string]string) {
			t.Helper()
			if err := act(s, func(tx *db.Tx) (err error) { d, err = document.Change(tx, controller, d, files); return err }); err != nil {
				t.Fatal(err)
			}
		}
		undo := func() error {
			return act(s, func(tx *db.Tx) (err error) { d, err = document.Undo(tx, controller, d); return err })
		}
		refused(t, undo(), fault.Missing, "document.no-past", "")
		change(d.Files)
		if d.Version != 1 {
			t.Errorf("saving the same made version %d", d.Version)
		}
		change(with(d.Files, "gaps.yaml", "[]"))
		one := d.Files
		change(with(d.Files, "campaigns/baru.yaml", "procedure: baru"))
		if err := undo(); err != nil || !maps.Equal(d.Files, one) || d.Version != 4 {
			t.Fatalf("the first undo: %v, version %d, same %v", err, d.Version, maps.Equal(d.Files, one))
		}
		if err := undo(); err != nil || !maps.Equal(d.Files, first.Files) {
			t.Fatalf("the second undo: %v", err)
		}
		refused(t, undo(), fault.Missing, "document.no-past", "")

		// What saves beside it is not taken back with it.
		change(with(d.Files, "gaps.yaml", "[]"))
		if err := act(s, func(tx *db.Tx) (err error) {
			d.Files = with(d.Files, "open.yaml", "[]")
			d, err = document.Save(tx, controller, d)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		refused(t, undo(), fault.Missing, "document.no-past", "")
		stale := d
		change(with(d.Files, "gaps.yaml", "# lain\n[]"))
		err := act(s, func(tx *db.Tx) error {
			_, err := document.Change(tx, controller, stale, with(stale.Files, "gaps.yaml", "x"))
			return err
		})
		refused(t, err, fault.Conflict, "document.draft-stale", "")

		// A draft begun again has no past.
		if err := act(s, func(tx *db.Tx) error { return document.Discard(tx, controller, d) }); err != nil {
			t.Fatal(err)
		}
		d = begun(t, s)
		refused(t, undo(), fault.Missing, "document.no-past", "")
	})
}

func TestCommentsStandAtTheirClauseAndAreSettledOnce(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		d := begun(t, s)
		say := func(clause, text string) (c document.Comment, err error) {
			return c, act(s, func(tx *db.Tx) error { c, err = document.Remark(tx, controller, d, clause, text); return err })
		}
		c, err := say("5.7.8.b", " Fulfilment ditulis salah. ")
		if err != nil {
			t.Fatal(err)
		}
		_, err = say("5.7.8.b", "  ")
		refused(t, err, fault.Invalid, "document.comment", "text")
		_, err = say("5.7.8.b", strings.Repeat("x", 2001))
		refused(t, err, fault.Invalid, "document.comment", "text")
		_, err = say("", "Di mana?")
		refused(t, err, fault.Invalid, "document.comment-clause", "clause")
		settle := func(d document.Draft, id db.ID) error {
			return act(s, func(tx *db.Tx) error { return document.Settle(tx, controller, d, id) })
		}
		refused(t, settle(d, c.ID+1), fault.Missing, "document.no-comment", "")
		if err := settle(d, c.ID); err != nil {
			t.Fatal(err)
		}
		refused(t, settle(d, c.ID), fault.Conflict, "document.comment-settled", "")
		var all []document.Comment
		if err := act(s, func(tx *db.Tx) (err error) { all, err = document.Comments(tx, d); return err }); err != nil {
			t.Fatal(err)
		}
		if len(all) != 1 || all[0].Text != "Fulfilment ditulis salah." || all[0].SettledBy == 0 || all[0].SettledAt.IsZero() {
			t.Errorf("kept: %+v", all)
		}
	})
}
