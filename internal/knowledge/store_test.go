package knowledge_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/knowledge"
	"sapa/internal/who"
)

// mould is of stores with the starter set on the shelf.
var mould = dbtest.NewMould(func(ctx context.Context, s *db.DB) error {
	return knowledge.Seed(ctx, s, knowledge.Starter, known())
})

var (
	ani  = who.Actor{ID: 11, Login: "42147", Role: who.Agent, Via: who.Page}
	tia  = who.Actor{ID: 12, Login: "40001", Role: who.Leader, Via: who.Page}
	quin = who.Actor{ID: 13, Login: "50001", Role: who.Quality, Via: who.Page}
)

func write(t testing.TB, s *db.DB, act func(tx *db.Tx) error) {
	t.Helper()
	if err := s.Write(context.Background(), act); err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, s *db.DB, kind fault.Kind, key string, act func(tx *db.Tx) error) {
	t.Helper()
	err := s.Write(context.Background(), act)
	if f := fault.Of(err); f == nil || f.Kind != kind || f.Key != key {
		t.Errorf("got %v, want %s %s", err, kind, key)
	}
}

func search(t testing.TB, s *db.DB, q knowledge.Query) []knowledge.Hit {
	t.Helper()
	var hits []knowledge.Hit
	if err := s.Read(context.Background(), func(tx *db.Tx) (err error) {
		hits, err = knowledge.Search(tx, q)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return hits
}

func codes(hits []knowledge.Hit) []string {
	var all []string
	for _, h := range hits {
		all = append(all, h.Code)
	}
	return all
}

// The set seeds once; what a site has changed, or taken off the shelf, stays so.
func TestStarterSetSeedsOnce(t *testing.T) {
	mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		ctx := context.Background()
		write(t, s, func(tx *db.Tx) error {
			_, err := knowledge.Move(tx, tia, "iptv-remote", 1, knowledge.Retire, "Remote diganti aplikasi")
			return err
		})
		if err := knowledge.Seed(ctx, s, knowledge.Starter, known()); err != nil {
			t.Fatal(err)
		}
		if err := s.Read(ctx, func(tx *db.Tx) error { _, err := knowledge.InForce(tx, "iptv-remote"); return err }); !fault.Is(err, fault.Missing) {
			t.Errorf("a retired article is back: %v", err)
		}
		if hits := search(t, s, knowledge.Query{Text: "remote", Limit: 50}); len(hits) > 0 && hits[0].Code == "iptv-remote" {
			t.Error("a retired article is found")
		}
		n := 0
		for range starter(t) {
			n++
		}
		if hits := search(t, s, knowledge.Query{Limit: 50}); len(hits) != n-1 {
			t.Errorf("%d articles on the shelf, want %d", len(hits), n-1)
		}
	})
}

func TestSeedRefusesAFileOfAnotherName(t *testing.T) {
	s, _ := mould.SQLite(t)
	fsys := fstest.MapFS{"articles/los.yaml": {Data: []byte(file(t, "internet-los.yaml"))}}
	err := knowledge.Seed(context.Background(), s, fsys, known())
	if f := fault.Of(err); f == nil || f.Key != "knowledge.file.name" {
		t.Errorf("got %v", err)
	}
}

// A revision goes from its author over another person's eyes into force; the search follows, a guide that is under way does not.
func TestRevisionIsReviewedByAnotherPerson(t *testing.T) {
	mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		const code = "internet-los"
		text := strings.Replace(file(t, code+".yaml"), "Lampu LOS merah atau berkedip", "Lampu LOS merah menyala permanen", 1)
		var use knowledge.Use
		write(t, s, func(tx *db.Tx) (err error) {
			use, err = knowledge.Show(tx, ani, knowledge.Use{Turn: 7, Ticket: 70, Code: code})
			return err
		})
		move := func(by who.Actor, m, reason string) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := knowledge.Move(tx, by, code, 2, m, reason)
				return err
			}
		}
		put := func(by who.Actor, text string) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := knowledge.Write(tx, by, code, text, known())
				return err
			}
		}
		refused(t, s, fault.Invalid, "knowledge.file.nowhere", put(tia, strings.Replace(text, "yes: luruskan", "yes: lurus", 1)))
		refused(t, s, fault.Invalid, "knowledge.file.name", put(tia, strings.Replace(text, "code: internet-los", "code: internet-lost", 1)))
		refused(t, s, fault.Invalid, "knowledge.text", put(tia, text+"\x00"))
		write(t, s, put(tia, text))
		write(t, s, put(tia, text+"\n# sekali lagi\n")) // the author's own draft anew: still revision 2
		refused(t, s, fault.Conflict, "knowledge.on-its-way", put(quin, text))
		refused(t, s, fault.Forbidden, "knowledge.not-author", move(quin, knowledge.Submit, ""))
		refused(t, s, fault.Conflict, "knowledge.state", move(quin, knowledge.Approve, ""))
		refused(t, s, fault.Invalid, "knowledge.move", move(tia, "publish", ""))
		write(t, s, move(tia, knowledge.Submit, ""))
		refused(t, s, fault.Conflict, "knowledge.on-its-way", put(tia, text))
		refused(t, s, fault.Forbidden, "knowledge.own-review", move(tia, knowledge.Approve, ""))
		refused(t, s, fault.Invalid, "knowledge.reason", move(quin, knowledge.Return, " "))
		refused(t, s, fault.Invalid, "knowledge.reason-long", move(quin, knowledge.Return, strings.Repeat("a", 601)))
		write(t, s, move(quin, knowledge.Return, "Sebutkan lampunya"))
		write(t, s, put(tia, text))
		write(t, s, move(tia, knowledge.Submit, ""))
		write(t, s, move(quin, knowledge.Approve, ""))
		refused(t, s, fault.Conflict, "knowledge.state", move(quin, knowledge.Approve, ""))

		if hits := search(t, s, knowledge.Query{Text: "permanen"}); len(hits) == 0 || hits[0].Code != code || hits[0].Revision != 2 {
			t.Errorf("the new revision is not found: %v", hits)
		}
		write(t, s, func(tx *db.Tx) error {
			all, err := knowledge.Revisions(tx, code)
			if err != nil {
				return err
			}
			if len(all) != 2 || all[0].State != knowledge.Force || all[0].Reviewer != db.ID(quin.ID) || all[1].State != knowledge.Past {
				t.Errorf("revisions: %+v", all)
			}
			u, _, err := knowledge.Walked(tx, ani, 7, code, []knowledge.Done{{Step: "lampu", Yes: true}})
			if u.Revision != use.Revision || u.Revision != 1 {
				t.Errorf("a guide under way moved to revision %d", u.Revision)
			}
			if _, err := knowledge.Revisions(tx, "no-such"); !fault.Is(err, fault.Missing) {
				t.Errorf("no such article: %v", err)
			}
			return err
		})
	})
}

// What must never be is refused by the store itself.
func TestStoreRefusesWhatMustNotBe(t *testing.T) {
	mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		const revision = `INSERT INTO knowledge_revision(code, revision, state, text, hash, author, written_at, reviewer, reviewed_at) VALUES `
		const use = `INSERT INTO knowledge_use(id, turn, ticket, person, code, revision, symptom, verdict, path, ended, worked, shown_at, changed_at) VALUES `
		for what, statement := range map[string]string{
			"two in force":               revision + `('internet-los', 9, 'force', 'x', 'x', 5, 1, 6, 1)`,
			"in force without review":    revision + `('new', 1, 'force', 'x', 'x', 5, 1, 0, 0)`,
			"reviewed by its author":     revision + `('new', 1, 'force', 'x', 'x', 5, 1, 5, 1)`,
			"reviewed by nobody":         revision + `('new', 1, 'force', 'x', 'x', 5, 1, 0, 1)`,
			"a draft that was reviewed":  revision + `('new', 1, 'draft', 'x', 'x', 5, 1, 6, 1)`,
			"a state that is none":       revision + `('new', 1, 'done', 'x', 'x', 5, 1, 0, 0)`,
			"out of force on the shelf":  `UPDATE knowledge_revision SET state = 'past' WHERE code = 'internet-los'`,
			"a word of no article":       `INSERT INTO knowledge_term(term, code, weight) VALUES ('x', 'no-such', 1)`,
			"a use of no revision":       use + `(1, 1, 1, 1, 'internet-los', 5, '', '', '[]', '', NULL, 1, 1)`,
			"ended and unknown":          use + `(1, 1, 1, 1, 'internet-los', 1, '', '', '[]', 'pulih', NULL, 1, 1)`,
			"worked and not ended":       use + `(1, 1, 1, 1, 'internet-los', 1, '', '', '[]', '', 1, 1, 1)`,
			"worked more often than was": `INSERT INTO knowledge_tally(code, person, shown, ended, worked) VALUES ('internet-los', 1, 1, 1, 2)`,
		} {
			if err := s.Write(context.Background(), func(tx *db.Tx) error { _, err := tx.Exec(statement); return err }); err == nil {
				t.Errorf("%s: taken", what)
			}
		}
	})
}

// SOP 5.2.9: article and revision, the steps that were done and whether it worked are recorded; the same way told twice is
// recorded once.
func TestUseRecordsWhatWasShownDoneAndWorked(t *testing.T) {
	mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		const code = "internet-los"
		path := []knowledge.Done{{Step: "lampu", Yes: true}, {Step: "listrik", Yes: true}, {Step: "coba", Yes: true}}
		walk := func(path []knowledge.Done) (u knowledge.Use, at knowledge.Place) {
			write(t, s, func(tx *db.Tx) (err error) {
				u, at, err = knowledge.Walked(tx, ani, 7, code, path)
				return err
			})
			return u, at
		}
		tally := func() (got knowledge.Tally) {
			write(t, s, func(tx *db.Tx) (err error) {
				got, err = knowledge.Tallied(tx, code)
				return err
			})
			return got
		}
		refused(t, s, fault.Missing, "knowledge.none", func(tx *db.Tx) error {
			_, _, err := knowledge.Walked(tx, ani, 7, code, path)
			return err
		})
		show := func(code string) {
			write(t, s, func(tx *db.Tx) error {
				_, err := knowledge.Show(tx, ani, knowledge.Use{Turn: 7, Ticket: 70, Code: code, Symptom: "los", Verdict: "unspec"})
				return err
			})
			c.Advance(1)
		}
		show(code)
		show(code)
		refused(t, s, fault.Missing, "knowledge.none", func(tx *db.Tx) error {
			_, err := knowledge.Show(tx, ani, knowledge.Use{Turn: 7, Code: "no-such"})
			return err
		})
		refused(t, s, fault.Invalid, "knowledge.step", func(tx *db.Tx) error {
			_, _, err := knowledge.Walked(tx, ani, 7, code, path[1:])
			return err
		})
		if u, at := walk(path[:1]); at.Step == nil || at.Step.ID != "listrik" || u.Guided() != "" {
			t.Errorf("after the first step: %+v %+v", u, at)
		}
		if got := tally(); got != (knowledge.Tally{Shown: 1}) {
			t.Errorf("tally %+v", got)
		}
		for range 2 {
			if u, at := walk(path); at.End == nil || at.End.ID != "pulih" || u.Guided() != knowledge.Worked {
				t.Errorf("at the end: %+v %+v", u, at)
			}
		}
		if got := tally(); got != (knowledge.Tally{Shown: 1, Ended: 1, Worked: 1}) {
			t.Errorf("tally %+v", got)
		}
		walk(append(path[:2:2], knowledge.Done{Step: "coba"})) // it did not work after all
		if got := tally(); got != (knowledge.Tally{Shown: 1, Ended: 1}) {
			t.Errorf("tally %+v", got)
		}
		if u, _ := walk(nil); u.Ended != "" || len(u.Path) != 0 { // from the beginning
			t.Errorf("begun anew: %+v", u)
		}
		walk(path)
		show("internet-pppoe")
		write(t, s, func(tx *db.Tx) error {
			all, err := knowledge.OfTurn(tx, 7)
			if err != nil || len(all) != 2 {
				return fmt.Errorf("of the turn: %v %w", all, err)
			}
			if all[0].Code != "internet-pppoe" || all[0].Away || !all[1].Away || all[1].Symptom != "los" || all[1].Verdict != "unspec" || all[1].Person != db.ID(ani.ID) {
				t.Errorf("of the turn: %+v", all)
			}
			entries, err := journal.Of(tx, 70)
			acts := ""
			for _, e := range entries {
				acts += e.Act + " " + e.Data["code"] + " " + e.Data["end"] + "; "
			}
			if want := "knowledge.shown internet-los ; knowledge.guided internet-los pulih; knowledge.guided internet-los login; knowledge.guided internet-los ; knowledge.guided internet-los pulih; knowledge.shown internet-pppoe ; "; acts != want {
				t.Errorf("journal: %s\nwant     %s", acts, want)
			}
			return err
		})
	})
}
