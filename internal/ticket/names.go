package ticket

import (
	"encoding/json"
	"fmt"

	"sapa/internal/db"
)

// Answered calls use for each result of some campaigns under a revision that stands among the last turns begun, whatever became of
// those, and gives how many they were. It reads that many turns and no more, however long the past is.
func Answered(tx *db.Tx, revision int, campaigns []string, last int, use func(campaign string, answers map[string]string)) (looked int, err error) {
	codes, err := json.Marshal(campaigns)
	if err != nil {
		return 0, err
	}
	if err := tx.Row(`SELECT count(*) FROM (SELECT id FROM turn ORDER BY id DESC LIMIT $1) t`, last).Scan(&looked); err != nil {
		return 0, err
	}
	if len(campaigns) == 0 {
		return looked, nil
	}
	err = tx.Each(answered, []any{string(codes), last, revision}, func(s db.Scanner) error {
		var code, text string
		if err := s.Scan(&code, &text); err != nil {
			return err
		}
		var answers map[string]string
		if err := json.Unmarshal([]byte(text), &answers); err != nil {
			return fmt.Errorf("answers under %s: %w", code, err)
		}
		use(code, answers)
		return nil
	})
	return looked, err
}

// The limit is on turns of any kind: a limit on those that fit would walk the whole past to find them.
const (
	answered = `
		SELECT t.code, t.answers FROM (SELECT id, code, revision, finished_at, answers FROM turn ORDER BY id DESC LIMIT $2) t
		 WHERE t.finished_at > 0 AND t.revision = $3
		   AND t.code IN (SELECT /*lite: value FROM json_each($1)*/ /*pg: jsonb_array_elements_text(CAST($1 AS jsonb))*/)`
	keptUnder = `
		SELECT t.code, count(*)
		  FROM (SELECT id, ticket, code, revision, finished_at, ended_at, carried, answers FROM turn ORDER BY id DESC LIMIT $2) t
		 WHERE t.finished_at = 0 AND t.ended_at > 0 AND t.carried = 0 AND t.answers <> '{}' AND t.revision = $1
		   AND NOT EXISTS (SELECT 1 FROM turn l WHERE l.ticket = t.ticket AND l.id > t.id)
		   AND EXISTS (SELECT 1 FROM ticket k WHERE k.id = t.ticket AND k.state IN ('waiting', 'parked'))
		 GROUP BY t.code`
)

// KeptUnder counts by campaign the tickets that were given back with answers under a revision and go on once under it (decisions.md 5),
// as far as they are among the last turns begun.
func KeptUnder(tx *db.Tx, revision, last int) (map[string]int, error) {
	all := map[string]int{}
	err := tx.Each(keptUnder, []any{revision, last}, func(s db.Scanner) error {
		var code string
		var n int
		err := s.Scan(&code, &n)
		all[code] = n
		return err
	})
	return all, err
}
