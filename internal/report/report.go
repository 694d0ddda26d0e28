// Package report counts: what an agent has done today, how the queue stands. It reads everything and writes nothing, and
// every figure says its formula (decisions.md: contact rate and FCR have one definition each).
package report

import (
	"strings"
	"time"

	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/ticket"
)

// Day is what one agent, or everybody, has done since a moment.
type Day struct {
	Turns   int // finished with an outcome
	Dialled int // attempts with a line that means something
	Reached int // of those, attempts of turns that mean reached-*: contact rate = Reached / Dialled
	Decider int // turns that reached somebody who decides
	Solved  int // of those, solved in the turn: FCR = Solved / Decider
	Hours   [24]int
}

// Today counts one agent's day; agent 0 counts everybody's.
func Today(tx *db.Tx, agent db.ID, since time.Time, zone *time.Location) (Day, error) {
	var d Day
	err := tx.Each(`
		SELECT o.means, o.at, o.follow, t.answers FROM outcome o
		  JOIN turn t ON t.id = o.turn
		 WHERE o.at >= $1 AND o.undone_at = 0 AND (CAST($2 AS BIGINT) = 0 OR o.agent = CAST($2 AS BIGINT))`,
		[]any{db.Millis(since), agent}, func(s db.Scanner) error {
			var means, follow, answers string
			var at int64
			if err := s.Scan(&means, &at, &follow, &answers); err != nil {
				return err
			}
			d.Turns++
			d.Hours[db.Time(at).In(zone).Hour()]++
			if strings.Contains(means, "reached-decider") {
				d.Decider++
				if follow == "closed" && !strings.Contains(answers, `"guided":"tidak-berhasil"`) {
					d.Solved++
				}
			}
			return nil
		})
	if err != nil {
		return d, err
	}
	err = tx.Row(`
		SELECT count(*), count(*) FILTER (WHERE a.line = 'answered' AND a.talk_s > 0) FROM attempt a
		 WHERE a.dialled_at >= $1 AND a.line NOT IN ('', 'failed', 'unknown') AND (CAST($2 AS BIGINT) = 0 OR a.agent = CAST($2 AS BIGINT))`,
		db.Millis(since), agent).Scan(&d.Dialled, &d.Reached)
	return d, err
}

// Line is how one campaign's queue stands, in the document's order.
type Line struct {
	campaign.Campaign
	ticket.Count
}

// Queue lists how the campaigns stand.
func Queue(tx *db.Tx, campaigns []campaign.Campaign) ([]Line, error) {
	counts, err := ticket.Counts(tx)
	if err != nil {
		return nil, err
	}
	lines := make([]Line, 0, len(campaigns))
	for _, c := range campaigns {
		lines = append(lines, Line{c, counts[c.Code]})
	}
	return lines, nil
}
