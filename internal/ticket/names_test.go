package ticket

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/who"
)

// past writes turns in a row: each word is one, "r2" a result under revision 2, "k2" given back with answers, "c2" the same for the
// second time, "e2" given back empty, "o2" in hand.
func past(t *testing.T, s *db.DB, words string) {
	t.Helper()
	err := s.Write(context.Background(), func(tx *db.Tx) error {
		for i, w := range strings.Fields(words) {
			finished, ended, carried, answers := 0, 1, 0, `{"reason_1":"tulalit"}`
			switch w[0] {
			case 'r':
				finished, ended = 1, 0
			case 'c':
				carried = 1
			case 'e':
				answers = "{}"
			case 'o':
				ended = 0
			}
			k, _, err := Open(tx, who.House, New{Campaign: "fresh-lapul", Ref: fmt.Sprint(w, i), Zone: "Asia/Jakarta", Contacts: []Contact{{Phone: "+628999000001"}}, Source: "import", Quiet: true})
			if err != nil {
				return err
			}
			if _, err := tx.Exec(`INSERT INTO turn(id, ticket, subject, ref, agent, code, revision, hash, claimed_at, finished_at, ended_at, answers, carried)
				VALUES ($1, $2, $3, $3, 7, 'fresh-lapul', $4, 'x', 1, $5, $6, $7, $8)`, tx.NewID(), k.ID, fmt.Sprint("s", i), int(w[1]-'0'), finished, ended, answers, carried); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestResultsAreCountedAmongTheLastTurnsOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		past(t, s, "r2 r2 r1 r2 o2 k2")
		for _, one := range []struct{ last, looked, found int }{{100, 6, 3}, {4, 4, 1}, {3, 3, 1}, {2, 2, 0}} {
			found, looked := 0, 0
			err := s.Read(context.Background(), func(tx *db.Tx) (err error) {
				looked, err = Answered(tx, 2, []string{"fresh-lapul", "ideas"}, one.last, func(code string, answers map[string]string) {
					if code == "fresh-lapul" && answers["reason_1"] == "tulalit" {
						found++
					}
				})
				return err
			})
			if err != nil || looked != one.looked || found != one.found {
				t.Errorf("last %d: %d of %d, %v", one.last, found, looked, err)
			}
		}
		err := s.Read(context.Background(), func(tx *db.Tx) error {
			_, err := Answered(tx, 2, []string{"ideas"}, 100, func(string, map[string]string) { t.Error("a result of another campaign") })
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// decisions.md 5: what was given back with answers goes on once under its revision; again, empty, newer or closed it is another's matter.
func TestKeptAnswersAreCountedUnderTheirRevision(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		past(t, s, "k2 k2 c2 e2 o2 k1 r2")
		count := func(last int) int {
			t.Helper()
			var all map[string]int
			if err := s.Read(context.Background(), func(tx *db.Tx) (err error) { all, err = KeptUnder(tx, 2, last); return err }); err != nil {
				t.Fatal(err)
			}
			return all["fresh-lapul"]
		}
		if got := [3]int{count(100), count(6), count(5)}; got != [3]int{2, 1, 0} {
			t.Errorf("got %v", got)
		}
		err := s.Write(context.Background(), func(tx *db.Tx) error {
			var first db.ID
			if err := tx.Row(`SELECT min(id) FROM turn`).Scan(&first); err != nil {
				return err
			}
			if _, err := tx.Exec(`
				INSERT INTO turn(id, ticket, subject, ref, agent, code, revision, hash, claimed_at, ended_at, answers)
				SELECT CAST($2 AS BIGINT), ticket, subject, ref, agent, code, revision, hash, claimed_at, 0, '{}' FROM turn WHERE id = $1`, first, tx.NewID()); err != nil {
				return err // its ticket was taken again
			}
			_, err := tx.Exec(`UPDATE ticket SET state = 'closed', closed_reason = 'done', awake = 0 WHERE id = (SELECT ticket FROM turn WHERE id = (SELECT min(id) FROM turn WHERE id > $1))`, first)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := count(100); got != 0 {
			t.Errorf("taken again and closed: %d", got)
		}
	})
}

// However long the past is, the looks walk back along the turns' own key and stop there.
func TestLooksAtThePastWalkBackAlongTheKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		past(t, s, strings.Repeat("r2 k2 ", 1500))
		if err := s.Write(context.Background(), func(tx *db.Tx) error { _, err := tx.Exec(`ANALYZE`); return err }); err != nil {
			t.Fatal(err)
		}
		for name, p := range map[string]string{
			"answered": plan(t, s, answered, `["fresh-lapul"]`, 20, 2),
			"kept":     plan(t, s, keptUnder, 2, 20),
		} {
			sorted := strings.Contains(p, "USE TEMP B-TREE FOR ORDER BY") // by the key it needs none
			if s.Postgres() {
				sorted = !strings.Contains(p, "Index Scan Backward using turn_pkey")
			}
			if sorted {
				t.Errorf("%s runs as\n%s", name, p)
			}
		}
	})
}
