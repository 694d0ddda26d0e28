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
	"sapa/internal/journal"
	"sapa/internal/procedure"
	"sapa/internal/who"
)

var (
	checker  = who.Actor{ID: 12, Login: "vp", Name: "Rina Pemeriksa", Role: who.Checker, Via: who.Page}
	approver = who.Actor{ID: 13, Login: "qmr", Name: "Bayu QMR", Role: who.Approver, Via: who.Page}
)

// desk is one test's document with its draft.
type desk struct {
	t *testing.T
	s *db.DB
	c *dbtest.Clock
	l *document.Library
}

func (d desk) do(do func(tx *db.Tx) error) error { return d.s.Write(ctx, do) }

// must runs an act that has to succeed.
func (d desk) must(do func(tx *db.Tx) error) {
	d.t.Helper()
	if err := d.do(do); err != nil {
		d.t.Fatal(err)
	}
}

// begun starts a draft with one word of the document changed, in force from a moment.
func (d desk) begun(effective time.Time) (draft document.Draft) {
	d.t.Helper()
	d.must(func(tx *db.Tx) (err error) {
		if draft, err = document.Begin(tx, controller, code, 2); err != nil {
			return err
		}
		draft.Files = maps.Clone(draft.Files)
		draft.Files["campaigns/callback.yaml"] = strings.Replace(draft.Files["campaigns/callback.yaml"], "Terhubung dan selesai", "Tuntas "+tx.NewID().String(), 1)
		draft, err = document.Schedule(tx, controller, draft, effective, procedure.Text{ID: "Hasil Terhubung disebut Tuntas", EN: "The result is called Done"}, wib)
		return err
	})
	return draft
}

// content is what is to be signed now.
func (d desk) content() (content string) {
	d.t.Helper()
	d.must(func(tx *db.Tx) error {
		draft, err := document.DraftOf(tx, code)
		content = draft.Examine(documenttest.Decided(d.t), tx.Now, wib).Content
		return err
	})
	return content
}

func (d desk) sign(by who.Actor, part document.Part, content string) (r *document.Revision, err error) {
	err = d.do(func(tx *db.Tx) (err error) {
		_, r, err = document.Sign(tx, by, code, part, content, documenttest.Decided(d.t), wib)
		return err
	})
	return r, err
}

// publish has the three sign.
func (d desk) publish() *document.Revision {
	d.t.Helper()
	content := d.content()
	for _, one := range []struct {
		by   who.Actor
		part document.Part
	}{{controller, document.Prepared}, {checker, document.Reviewed}, {approver, document.Approved}} {
		r, err := d.sign(one.by, one.part, content)
		if err != nil {
			d.t.Fatalf("%s: %v", one.part, err)
		}
		if r != nil {
			return r
		}
	}
	d.t.Fatal("three signed and nothing was published")
	return nil
}

func (d desk) inForce() int {
	d.t.Helper()
	r, err := inForce(d.s, d.l, code)
	if err != nil {
		d.t.Fatal(err)
	}
	return r.Revision
}

func onDesk(t *testing.T, f func(d desk)) {
	t.Helper()
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) { f(desk{t, s, c, documenttest.Library(t)}) })
}

// SOP doc.sign.made, doc.sign.checked, doc.sign.approved: three people sign one content in order, and what they signed is what runs.
func TestThreeSignaturesPublishWhatWasSigned(t *testing.T) {
	onDesk(t, func(d desk) {
		at := time.Date(2026, 11, 24, 6, 0, 0, 0, wib)
		d.begun(at)
		content := d.content()
		for _, wrong := range []struct {
			by   who.Actor
			part document.Part
			kind fault.Kind
			key  string
		}{
			{checker, document.Reviewed, fault.Conflict, "document.sign-order"},
			{approver, document.Approved, fault.Conflict, "document.sign-order"},
			{checker, document.Prepared, fault.Forbidden, "document.sign-role"},
			{controller, document.Approved, fault.Forbidden, "document.sign-role"},
			{who.House, document.Prepared, fault.Forbidden, "document.sign-role"},
			{controller, "blessed", fault.Forbidden, "document.sign-role"},
		} {
			if _, err := d.sign(wrong.by, wrong.part, content); fault.Of(err) == nil || fault.Of(err).Key != wrong.key || fault.Of(err).Kind != wrong.kind {
				t.Errorf("%s by %s: %v", wrong.part, wrong.by.Role, err)
			}
		}
		_, err := d.sign(controller, document.Prepared, strings.Repeat("0", 64))
		refused(t, err, fault.Conflict, "document.sign-content", "content")
		r := d.publish()
		if r.Revision != 3 || !r.EffectiveAt.Equal(at) || len(r.Signatures) != 3 || r.Signatures[2].Name != "Bayu QMR" || r.Signatures[1].Position != "VP Telkom Operation" || r.Book.Document.Effective != "2026-11-24" {
			t.Errorf("published %d from %s, signed %+v", r.Revision, r.EffectiveAt, r.Signatures)
		}
		if n := d.inForce(); n != 2 {
			t.Errorf("before its moment revision %d is in force", n)
		}
		d.c.Set(at.Add(-time.Millisecond))
		if n := d.inForce(); n != 2 {
			t.Errorf("a millisecond before its moment revision %d is in force", n)
		}
		d.c.Set(at)
		if n := d.inForce(); n != 3 {
			t.Errorf("at its moment revision %d is in force", n)
		}
		again, err := kept(d.s, &document.Library{}, 3) // another server
		if err != nil || again.Hash != r.Hash || again.Signatures[0].Person != 11 || again.Signatures[0].At.IsZero() || again.Signatures[2].Role != who.Approver {
			t.Errorf("read again: %+v %v", again.Signatures, err)
		}
		paper, err := kept(d.s, d.l, 2)
		if err != nil || paper.Signatures[0].Position != "DC Pusat" || paper.Signatures[2].At.Format(time.DateOnly) != "2019-11-29" || paper.Signatures[0].Person != 0 {
			t.Errorf("of paper: %+v %v", paper.Signatures, err)
		}
		d.must(func(tx *db.Tx) error {
			all, err := document.Standings(tx, code)
			if len(all) != 2 || all[0].Stands != document.InForce || all[1].Stands != document.Superseded || all[0].Paper || !all[1].Paper {
				t.Errorf("standings %+v", all)
			}
			acts := ""
			lines, _ := journal.Tail(tx, 0, 100)
			for _, e := range lines {
				acts += e.Act + " "
			}
			if acts != "draft.begun draft.saved draft.signed draft.signed draft.signed revision.published " {
				t.Errorf("journal: %s", acts)
			}
			return err
		})
		if _, err := d.sign(approver, document.Approved, content); !fault.Is(err, fault.Missing) {
			t.Errorf("a fourth signature: %v", err)
		}
	})
}

// SOP fn.5: whatever changes in the draft, its files or its moment, voids every signature; who signed may withdraw, whose turn it is may return it.
func TestEveryChangeVoidsTheSignatures(t *testing.T) {
	onDesk(t, func(d desk) {
		at := time.Date(2026, 11, 24, 6, 0, 0, 0, wib)
		draft := d.begun(at)
		sign := func() string {
			content := d.content()
			if _, err := d.sign(controller, document.Prepared, content); err != nil {
				t.Fatal(err)
			}
			if _, err := d.sign(checker, document.Reviewed, content); err != nil {
				t.Fatal(err)
			}
			return content
		}
		gone := func(how string) {
			t.Helper()
			d.must(func(tx *db.Tx) error {
				_, there, err := document.SignoffOf(tx, code)
				rounds, _ := document.Signoffs(tx, code, 3)
				if there || rounds[0].EndedHow != how || len(rounds[0].Signatures) != 2 {
					t.Errorf("after %s it stands: %v, %+v", how, there, rounds[0])
				}
				return err
			})
		}
		old := sign()
		d.must(func(tx *db.Tx) (err error) { draft, err = document.Save(tx, controller, draft); return err })
		gone("changed")
		_, err := d.sign(approver, document.Approved, old)
		refused(t, err, fault.Conflict, "document.sign-order", "part")
		sign()
		d.must(func(tx *db.Tx) (err error) {
			draft, err = document.Schedule(tx, controller, draft, at.Add(time.Hour), procedure.Text{}, wib)
			return err
		})
		gone("changed")
		if _, err := d.sign(controller, document.Prepared, old); fault.Of(err) == nil || fault.Of(err).Key != "document.sign-content" {
			t.Errorf("the old content with another hour: %v", err)
		}
		sign()
		refused(t, d.do(func(tx *db.Tx) error { return document.TakeBack(tx, checker, code, " ") }), fault.Invalid, "document.reason", "reason")
		other := who.Actor{ID: 99, Role: who.Checker, Via: who.Page}
		refused(t, d.do(func(tx *db.Tx) error { return document.TakeBack(tx, other, code, "x") }), fault.Forbidden, "document.not-yours", "part")
		d.must(func(tx *db.Tx) error { return document.TakeBack(tx, checker, code, "salah baca") })
		gone("withdrawn")
		sign()
		d.must(func(tx *db.Tx) error { return document.TakeBack(tx, approver, code, "5.7.8 belum jelas") })
		gone("returned")
		refused(t, d.do(func(tx *db.Tx) error { return document.TakeBack(tx, approver, code, "lagi") }), fault.Missing, "document.not-signed", "")
		sign()
		d.must(func(tx *db.Tx) error { return document.Discard(tx, controller, draft) })
		gone("discarded")
		if n := d.inForce(); n != 2 {
			t.Errorf("revision %d is in force", n)
		}
	})
}

// The same person in another role signs no second part: a controller who was made approver overnight.
func TestThreePeopleAreThree(t *testing.T) {
	onDesk(t, func(d desk) {
		d.begun(time.Time{})
		content := d.content()
		if _, err := d.sign(controller, document.Prepared, content); err != nil {
			t.Fatal(err)
		}
		twice := controller
		twice.Role = who.Checker
		_, err := d.sign(twice, document.Reviewed, content)
		refused(t, err, fault.Forbidden, "document.sign-twice", "part")
		if _, err := d.sign(checker, document.Reviewed, content); err != nil {
			t.Fatal(err)
		}
		twice.Role = who.Approver
		_, err = d.sign(twice, document.Approved, content)
		refused(t, err, fault.Forbidden, "document.sign-twice", "part")
		if r, err := d.sign(approver, document.Approved, content); err != nil || !r.EffectiveAt.Equal(d.c.Now()) || d.inForce() != 3 {
			t.Errorf("as soon as approved: %v %v", r, err)
		}
	})
}

// What the acts refuse, the store refuses by itself: nobody gets a revision past three signatures with a statement of their own.
func TestTheStoreItselfRefuses(t *testing.T) {
	onDesk(t, func(d desk) {
		d.begun(time.Date(2026, 11, 24, 6, 0, 0, 0, wib))
		content := d.content()
		if _, err := d.sign(controller, document.Prepared, content); err != nil {
			t.Fatal(err)
		}
		try := func(name, sql string, args ...any) {
			t.Helper()
			err := d.do(func(tx *db.Tx) error { _, err := tx.Exec(sql, args...); return err })
			if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict) {
				t.Errorf("%s: the store took it: %v", name, err)
			}
		}
		try("reviewed by who prepared", `UPDATE signoff SET reviewed_by = prepared_by, reviewed_role = 'checker', reviewed_at = prepared_at`)
		try("reviewed in another role", `UPDATE signoff SET reviewed_by = 12, reviewed_role = 'agent', reviewed_at = prepared_at`)
		try("reviewed before it was prepared", `UPDATE signoff SET reviewed_by = 12, reviewed_role = 'checker', reviewed_at = prepared_at - 1`)
		try("approved before it was reviewed", `UPDATE signoff SET approved_by = 13, approved_role = 'approver', approved_at = prepared_at`)
		try("prepared by nobody", `UPDATE signoff SET prepared_by = 0`)
		try("prepared as an approver", `UPDATE signoff SET prepared_role = 'approver'`)
		try("withdrawn without a reason", `UPDATE signoff SET ended_at = prepared_at, ended_how = 'withdrawn'`)
		try("a second round at once", `INSERT INTO signoff(id, document, revision, hash, content, version, effective_at, prepared_by, prepared_name, prepared_role, prepared_at)
			SELECT id + 1, document, revision, hash, content, version, effective_at, 14, '', 'controller', prepared_at FROM signoff`)
		if _, err := d.sign(checker, document.Reviewed, content); err != nil {
			t.Fatal(err)
		}
		try("approved by who reviewed", `UPDATE signoff SET approved_by = reviewed_by, approved_role = 'approver', approved_at = reviewed_at`)
		const insert = `INSERT INTO revision(document, revision, hash, effective_at, files, kept_at, origin, signoff, approved_at) `
		try("published without approval", insert+`SELECT document, revision, hash, 1900000000000, '', 1, 'signed', id, 1800000000000 FROM signoff`)
		try("published without a round", insert+`VALUES ($1, 3, 'x', 1900000000000, '', 1, 'signed', NULL, NULL)`, code)
		try("a round that is not there", insert+`VALUES ($1, 3, 'x', 1900000000000, '', 1, 'signed', 7, 1800000000000)`, code)
		try("paper with a round", insert+`SELECT document, revision, hash, 1900000000000, '', 1, 'paper', id, 1800000000000 FROM signoff`)
		if _, err := d.sign(approver, document.Approved, content); err != nil {
			t.Fatal(err)
		}
		try("an approved round ends", `UPDATE signoff SET ended_at = approved_at, ended_how = 'changed'`)
		try("its approval is taken away", `UPDATE signoff SET approved_by = 0, approved_role = '', approved_at = 0`)
		try("its hash is another", `UPDATE signoff SET hash = 'x'`)
		try("the round is thrown away", `DELETE FROM signoff`)
		try("other words under the same signatures", `UPDATE revision SET hash = 'x' WHERE revision = 3`)
		try("effective before the approval", `UPDATE revision SET effective_at = approved_at - 1 WHERE revision = 3`)
		try("under another number", `UPDATE revision SET revision = 4 WHERE revision = 3`)
		try("signed becomes paper", `UPDATE revision SET origin = 'paper' WHERE revision = 3`)
		try("recalled by nobody", `UPDATE revision SET recalled_at = kept_at + 1, recall_reason = 'x' WHERE revision = 3`)
		try("recalled without a reason", `UPDATE revision SET recalled_at = kept_at + 1, recalled_by = 13 WHERE revision = 3`)
		try("a second master", `INSERT INTO controlled_copy(id, document, type, holder, made_at, made_by) VALUES (1, $1, 'MASTER', 'MALANG', 1, 1)`, code)
		try("read by nobody", `INSERT INTO acknowledgement(copy, document, revision, person, name, at) SELECT id, document, 3, 0, '', 1 FROM controlled_copy`)
		try("of a revision that is not there", `INSERT INTO acknowledgement(copy, document, revision, person, name, at) SELECT id, document, 9, 1, '', 1 FROM controlled_copy`)
	})
}

// SOP doc.effective: a recall takes effect at once, what was before comes back, the number is never used again, something stays in force.
func TestARecallBringsBackWhatWasBefore(t *testing.T) {
	onDesk(t, func(d desk) {
		d.begun(time.Time{})
		d.publish()
		recall := func(by who.Actor, n int, why string) (document.State, error) {
			var now document.State
			err := d.do(func(tx *db.Tx) (err error) { now, err = document.Recall(tx, by, code, n, why); return err })
			return now, err
		}
		_, err := recall(approver, 3, "")
		refused(t, err, fault.Invalid, "document.reason", "reason")
		_, err = recall(who.House, 3, "x")
		refused(t, err, fault.Forbidden, "document.recall-person", "revision")
		_, err = recall(approver, 8, "x")
		refused(t, err, fault.Missing, "document.no-revision", "")
		d.c.Advance(time.Minute)
		if now, err := recall(approver, 3, "pilihan salah"); err != nil || now.Revision != 2 || d.inForce() != 2 {
			t.Errorf("after the recall: %+v %v", now, err)
		}
		_, err = recall(approver, 3, "lagi")
		refused(t, err, fault.Conflict, "document.recalled", "revision")
		_, err = recall(approver, 2, "x")
		refused(t, err, fault.Conflict, "document.last-in-force", "revision")
		at := time.Date(2026, 12, 1, 6, 0, 0, 0, wib)
		if draft := d.begun(at); draft.Revision != 4 {
			t.Errorf("the next draft is %d: a recalled number is never used again", draft.Revision)
		}
		d.publish()
		d.must(func(tx *db.Tx) error {
			all, err := document.Standings(tx, code)
			if all[0].Stands != document.Coming || all[1].Stands != document.Recalled || all[1].RecallReason != "pilihan salah" || all[1].RecalledBy != "Bayu QMR" || all[2].Stands != document.InForce {
				t.Errorf("%+v", all)
			}
			return err
		})
		_, err = recall(approver, 2, "x")
		refused(t, err, fault.Conflict, "document.last-in-force", "revision")
		if d.begun(at.Add(-time.Hour)); true { // 5 before 4: the older number would supersede it
			_, err = d.sign(controller, document.Prepared, d.content())
			refused(t, err, fault.Conflict, "document.effective-order", "effective_at")
		}
		if _, err := recall(controller, 4, "tidak jadi"); err != nil { // before it ever counted
			t.Error(err)
		}
		d.c.Set(at.Add(time.Hour))
		if n := d.inForce(); n != 2 {
			t.Errorf("a recalled revision became effective: %d", n)
		}
	})
}

// SOP 7, doc.effective: the title block says what is published, or nobody can sign; so must the form be without open questions.
func TestWhatIsSignedIsWhatTheTitleSays(t *testing.T) {
	onDesk(t, func(d desk) {
		var draft document.Draft
		d.must(func(tx *db.Tx) (err error) { draft, err = document.Begin(tx, controller, code, 2); return err })
		lacks := func(key, field string) {
			t.Helper()
			_, err := d.sign(controller, document.Prepared, d.content())
			refused(t, err, fault.Invalid, key, field)
		}
		lacks("document.title", "effective_at") // the day of revision 2
		refused(t, d.do(func(tx *db.Tx) error {
			_, err := document.Schedule(tx, controller, draft, time.Time{}, procedure.Text{}, wib)
			return err
		}), fault.Invalid, "document.summary", "summary")
		refused(t, d.do(func(tx *db.Tx) error {
			_, err := document.Schedule(tx, controller, draft, d.c.Now().Add(-time.Second), procedure.Text{ID: "x"}, wib)
			return err
		}), fault.Invalid, "document.effective-past", "effective_at")
		summary := procedure.Text{ID: `Pilihan "Fulfillment": jelas`, EN: "x"}
		d.must(func(tx *db.Tx) (err error) {
			draft, err = document.Schedule(tx, controller, draft, time.Time{}, summary, wib)
			return err
		})
		d.must(func(tx *db.Tx) (err error) { // again, with another text: one row, not two
			summary.ID = "Pilihan: jelas"
			draft, err = document.Schedule(tx, controller, draft, time.Time{}, summary, wib)
			return err
		})
		book, problems := draft.Book()
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if said := document.Summary(book); len(said) != 1 || said[0].ID != "Pilihan: jelas" || book.Document.Effective != "2026-11-23" || len(book.Document.History) != 5 {
			t.Errorf("%v, effective %s, history %d", said, book.Document.Effective, len(book.Document.History))
		}
		for id, text := range map[string]string{"doc.effective": "Tanggal Berlaku : 23 November 2026", "doc.revision": "Revisi : 03", "doc.sign.made": "Dibuat oleh, Jabatan : DC Pusat"} {
			if c, _ := book.Clause(id); c.Text != text {
				t.Errorf("%s says %q", id, c.Text)
			}
		}
		d.c.Advance(24 * time.Hour) // "as soon as approved" was of yesterday
		lacks("document.title", "effective_at")
		good := draft
		break1 := func(name, before, after, key, field string) {
			t.Helper()
			d.must(func(tx *db.Tx) (err error) {
				good.Version = draft.Version
				files := maps.Clone(good.Files)
				files[name] = strings.Replace(files[name], before, after, 1)
				if files[name] == good.Files[name] {
					t.Errorf("%s does not say %q", name, before)
				}
				draft, err = document.Save(tx, controller, document.Draft{Document: code, Revision: 3, Files: files, Version: draft.Version})
				return err
			})
			lacks(key, field)
		}
		d.c.Advance(-24 * time.Hour)
		break1("document.yaml", "history:", "histori:", "document.sign-problems", "files")
		break1("document.yaml", `position: DC Pusat`, `position: DC Pusat, date: "2026-11-23"`, "document.title", "effective_at")
		break1("document.yaml", `{revision: "03"`, `{revision: "04"`, "document.title", "effective_at")
		break1("clauses.yaml", "23 November 2026", "24 November 2026", "document.title", "effective_at")
		break1("clauses.yaml", "Revisi : 03", "Revisi : 02", "document.title", "effective_at")
		d.must(func(tx *db.Tx) error { // without the decisions of the document its findings are open
			s := good.Examine(nil, tx.Now, wib)
			if len(s.Lacks) != 1 || fault.Of(s.Lacks[0]).Key != "document.sign-findings" {
				t.Errorf("without decisions: %v", s.Lacks)
			}
			return nil
		})
	})
}
