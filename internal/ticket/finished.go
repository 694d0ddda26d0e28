package ticket

import (
	"encoding/json"

	"sapa/internal/db"
	"sapa/internal/who"
)

// Finished is a finished turn with what its trace needs of the result and the line.
type Finished struct {
	Turn
	Result db.ID // its outcome's row: ids come in the order in which results were kept
	Called bool  // somebody was dialled in it, or in the turn whose call it shares
}

// FinishedIn lists what a scope may see of the finished turns of some campaigns, the newest result first: those before a
// result (0: from the newest), at most limit. Results that were taken back are none.
func FinishedIn(tx *db.Tx, scope who.Scope, campaigns []string, before db.ID, limit int) ([]Finished, error) {
	codes, err := json.Marshal(campaigns)
	if err != nil {
		return nil, err
	}
	var all []Finished
	err = tx.Each(`
		SELECT `+turnColumns+`, o.code, o.means, o.id,
		       CASE WHEN EXISTS (SELECT 1 FROM attempt a WHERE a.turn = COALESCE((SELECT g.lead FROM along g WHERE g.turn = t.id), t.id)) THEN 1 ELSE 0 END
		  FROM outcome o
		  JOIN turn t ON t.id = o.turn
		 WHERE o.undone_at = 0 AND (CAST($4 AS BIGINT) = 0 OR o.id < CAST($4 AS BIGINT))
		   AND o.campaign IN (SELECT /*lite: value FROM json_each($5)*/ /*pg: jsonb_array_elements_text(CAST($5 AS jsonb))*/)
		   AND EXISTS (SELECT 1 FROM ticket WHERE ticket.id = t.ticket AND `+visible+`)
		 ORDER BY o.id DESC
		 LIMIT $6`, append(scopeArgs(scope), before, string(codes), limit), func(s db.Scanner) error {
		var one Finished
		var means string
		var called int
		var outcome string
		t, err := scanTurn(s, &outcome, &means, &one.Result, &called)
		if err != nil {
			return err
		}
		one.Turn, one.Called = t, called == 1
		one.Outcome, one.Means = outcome, splitMeans(means)
		all = append(all, one)
		return nil
	})
	return all, err
}
