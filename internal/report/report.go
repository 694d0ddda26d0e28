// Package report counts: what an agent has done today, how the queue stands. It reads everything and writes nothing, and
// every figure says its formula (decisions.md: contact rate and FCR have one definition each).
package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/ticket"
)

// Day is what one agent, or everybody, has done since a moment.
type Day struct {
	Turns   int // finished with an outcome that stands
	Dialled int // attempts of turns that are over, with a line that means something
	Reached int // of those, answered ones of turns that mean reached-*: contact rate = Reached / Dialled
	Decider int // turns that reached somebody who decides
	Solved  int // of those, solved in the turn: FCR = Solved / Decider
	Hours   [24]int
}

// The turns and attempts of one agent and of everybody are asked in texts of their own: one text for both would make the
// database read everybody's day for one agent's page. CROSS JOIN keeps SQLite to the order that has an index: the people
// first, of each the attempts since the moment.
const (
	turnsOfAll = `
		SELECT o.means, o.at, o.closed_reason, t.answers FROM outcome o
		  JOIN turn t ON t.id = o.turn
		 WHERE o.at >= $1 AND o.undone_at = 0`
	turnsOfOne = turnsOfAll + ` AND o.agent = $2`

	attemptsOfOne = `
		SELECT count(*), count(*) FILTER (WHERE a.line = 'answered' AND o.means LIKE '%reached-%') FROM attempt a
		  JOIN turn t ON t.id = a.turn
		  LEFT JOIN outcome o ON o.turn = a.turn AND o.undone_at = 0
		 WHERE a.agent = $2 AND a.dialled_at >= $1 AND a.line NOT IN ('', 'failed', 'unknown')
		   AND (t.finished_at > 0 OR t.ended_at > 0)`
	attemptsOfAll = `
		SELECT count(*), count(*) FILTER (WHERE a.line = 'answered' AND o.means LIKE '%reached-%') FROM person p
		 CROSS JOIN attempt a
		  JOIN turn t ON t.id = a.turn
		  LEFT JOIN outcome o ON o.turn = a.turn AND o.undone_at = 0
		 WHERE a.agent = p.id AND a.dialled_at >= $1 AND a.line NOT IN ('', 'failed', 'unknown')
		   AND (t.finished_at > 0 OR t.ended_at > 0)`
)

// Today counts one agent's day; agent 0 counts everybody's.
func Today(tx *db.Tx, agent db.ID, since time.Time, zone *time.Location) (Day, error) {
	var d Day
	turns, attempts, args := turnsOfAll, attemptsOfAll, []any{db.Millis(since)}
	if agent != 0 {
		turns, attempts, args = turnsOfOne, attemptsOfOne, append(args, agent)
	}
	err := tx.Each(turns, args, func(s db.Scanner) error {
		var means, reason, answers string
		var at int64
		if err := s.Scan(&means, &at, &reason, &answers); err != nil {
			return err
		}
		d.Turns++
		d.Hours[db.Time(at).In(zone).Hour()]++
		if !strings.Contains(means, "reached-decider") {
			return nil
		}
		d.Decider++
		solved, err := solved(reason, answers)
		if solved {
			d.Solved++
		}
		return err
	})
	if err != nil {
		return d, err
	}
	err = tx.Row(attempts, args...).Scan(&d.Dialled, &d.Reached)
	return d, err
}

// solved tells whether a turn that reached somebody who decides ended the matter: its ticket closed as done, and the
// customer neither guided in vain (SOP 5.2.9) nor refusing what was said (SOP 5.7.8.b.contacted.menolak). That no trouble
// ticket follows within 24 h can be asked once sapa keeps trouble tickets.
func solved(closedReason, answers string) (bool, error) {
	if closedReason != "done" {
		return false, nil
	}
	var given struct {
		Guided string `json:"guided"`
		Reason string `json:"reason_1"`
		Status string `json:"status"`
	}
	if err := json.Unmarshal([]byte(answers), &given); err != nil {
		return false, fmt.Errorf("answers of a turn: %w", err)
	}
	return given.Guided != "tidak-berhasil" && given.Reason != "menolak" && given.Status != "closed-by-tier1", nil
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
