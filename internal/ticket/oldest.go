package ticket

import (
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
)

const oldestOf = `
	SELECT t.opened_at FROM ticket t
	 WHERE t.pool = $1 AND t.rank = $2 AND t.awake = 1
	   AND (t.owner = $3 OR t.owner = 0 OR t.owner_until <= $4)
	   AND (SELECT 1 FROM hold h WHERE h.subject = t.subject LIMIT 1) IS NULL
	 ORDER BY t.order_at, t.id
	 LIMIT 1`

// Oldest is how long ago the first ticket of some pools was opened that a claim would hand this agent now; zero when there
// is none. It takes nothing, goes by the claim's own index and rules, and wakes nobody.
func Oldest(tx *db.Tx, agent db.ID, pools []string) (time.Time, error) {
	var oldest int64
	for _, pool := range pools {
		for rank := RankPromise; rank <= RankRest; rank++ {
			var opened int64
			err := tx.Row(oldestOf, pool, rank, agent, db.Millis(tx.Now)).Scan(&opened)
			if fault.Is(err, fault.Missing) {
				continue
			}
			if err != nil {
				return time.Time{}, err
			}
			if oldest == 0 || opened < oldest {
				oldest = opened
			}
		}
	}
	return db.Time(oldest), nil
}
