package report

import (
	"time"

	"sapa/internal/db"
)

// Guide is how one article of My Kiss fared since a moment (SOP 5.2.9).
type Guide struct {
	Code   string
	Shown  int // turns it was shown in
	Ended  int // of those, walked to an end
	Worked int // of those, to one that says it worked
	Solved int // of those, finished with the ticket done and no later trouble ticket on the service within 24 h
}

// FCR of a guide = Solved / Ended: what the walk claimed and the next day did not deny (decisions.md, Words of the line).
func (g Guide) FCR() (part, whole int) { return g.Solved, g.Ended }

// within is how long a trouble ticket speaks against a turn before it, in milliseconds.
const within = int64(24 * time.Hour / time.Millisecond)

// Guides counts every article that was shown since a moment, the most shown first. A trouble ticket that the turn itself
// opened is not a later one: 5.2.10 opens one also for what guiding has mended.
func Guides(tx *db.Tx, since time.Time) ([]Guide, error) {
	var all []Guide
	err := tx.Each(`
		SELECT u.code, COUNT(*),
		       SUM(CASE WHEN u.ended <> '' THEN 1 ELSE 0 END),
		       SUM(CASE WHEN u.worked = 1 THEN 1 ELSE 0 END),
		       SUM(CASE WHEN u.worked = 1 AND o.closed_reason = 'done' AND NOT EXISTS (
		             SELECT 1 FROM trouble r
		              WHERE r.service_no = k.service_no
		                AND r.service_no <> ''
		                AND r.opened_at > o.at
		                AND r.opened_at <= o.at + $2) THEN 1 ELSE 0 END)
		  FROM knowledge_use u
		  LEFT JOIN outcome o ON o.turn = u.turn AND o.undone_at = 0
		  LEFT JOIN ticket k ON k.id = u.ticket
		 WHERE u.shown_at >= $1
		 GROUP BY u.code
		 ORDER BY COUNT(*) DESC, u.code`, []any{db.Millis(since), within}, func(s db.Scanner) error {
		var g Guide
		err := s.Scan(&g.Code, &g.Shown, &g.Ended, &g.Worked, &g.Solved)
		all = append(all, g)
		return err
	})
	return all, err
}
