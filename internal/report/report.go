// Package report counts - what an agent has done today, how the queue stands - and makes sheets of report forms. It reads
// everything and stores nothing, and every figure says its formula (decisions.md: contact rate and FCR have one definition each).
package report

import (
	"strings"
	"time"

	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/procedure"
	"sapa/internal/staff"
	"sapa/internal/ticket"
)

// Day is what one agent, or everybody, has done since a moment.
type Day struct {
	Turns   int // finished with an outcome that stands
	Dialled int // attempts of turns that are over, with a line that means something
	Reached int // of those, answered ones of turns that mean reached-*: contact rate = Reached / Dialled
	Decider int // turns that reached somebody who decides
	Solved  int // of those, closed as done, not meaning unsolved, without a later trouble ticket on the service within 24 h: FCR = Solved / Decider
	Hours   [24]int
}

// The turns of one agent and of everybody are asked in texts of their own: one text for both would make the database read
// everybody's day for one agent's page. CROSS JOIN keeps
// SQLite to the order that has an index: the people first, of each the turns without a result.
const (
	turnsOf = `
		SELECT o.means, o.at, o.closed_reason,
		       (SELECT count(*) FROM attempt a WHERE a.turn = o.turn AND a.dialled_at >= $1 AND a.line NOT IN ('', 'failed', 'unknown')),
		       (SELECT count(*) FROM attempt a WHERE a.turn = o.turn AND a.dialled_at >= $1 AND a.line = 'answered'),
		       CASE WHEN o.closed_reason = 'done' AND o.means LIKE '%reached-decider%' AND EXISTS (
		              SELECT 1 FROM trouble r
		               WHERE r.service_no = (SELECT k.service_no FROM ticket k WHERE k.id = o.ticket)
		                 AND r.service_no <> ''
		                 AND r.opened_at > o.at
		                 AND r.opened_at <= o.at + $2) THEN 1 ELSE 0 END
		  FROM outcome o
		 WHERE o.at >= $1 AND o.undone_at = 0`
	turnsOfAll = turnsOf
	turnsOfOne = turnsOf + ` AND o.agent = $3`

	givenBackByAll = `
		SELECT count(*) FROM person p
		 CROSS JOIN turn t
		  JOIN attempt a ON a.turn = t.id
		 WHERE t.agent = p.id AND t.finished_at = 0 AND t.ended_at >= $1 AND a.dialled_at >= $1 AND a.line NOT IN ('', 'failed', 'unknown')`
	givenBackByOne = `
		SELECT count(*) FROM turn t
		  JOIN attempt a ON a.turn = t.id
		 WHERE t.agent = $2 AND t.finished_at = 0 AND t.ended_at >= $1 AND a.dialled_at >= $1 AND a.line NOT IN ('', 'failed', 'unknown')`
)

// Today counts one agent's day; agent 0 counts everybody's.
func Today(tx *db.Tx, agent db.ID, since time.Time, zone *time.Location) (Day, error) {
	var d Day
	turns, asked := turnsOfAll, []any{db.Millis(since), within}
	givenBack, args := givenBackByAll, []any{db.Millis(since)}
	if agent != 0 {
		turns, asked = turnsOfOne, append(asked, agent)
		givenBack, args = givenBackByOne, append(args, agent)
	}
	err := tx.Each(turns, asked, func(s db.Scanner) error {
		var means, reason string
		var at int64
		var dialled, answered, later int
		if err := s.Scan(&means, &at, &reason, &dialled, &answered, &later); err != nil {
			return err
		}
		d.Turns++
		d.Hours[db.Time(at).In(zone).Hour()]++
		d.Dialled += dialled
		if strings.Contains(means, "reached-") {
			d.Reached += answered
		}
		if !strings.Contains(means, "reached-decider") {
			return nil
		}
		d.Decider++
		if reason == "done" && !strings.Contains(means, procedure.Unsolved) && later == 0 {
			d.Solved++
		}
		return nil
	})
	if err != nil {
		return d, err
	}
	var without int // attempts of turns that were given back: nobody was reached as far as anybody has said
	err = tx.Row(givenBack, args...).Scan(&without)
	d.Dialled += without
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
	leaders, err := staff.Leaders(tx)
	if err != nil {
		return nil, err
	}
	if err := ticket.Undealt(tx, counts, leaders); err != nil {
		return nil, err
	}
	lines := make([]Line, 0, len(campaigns))
	for _, c := range campaigns {
		lines = append(lines, Line{c, counts[c.Code]})
	}
	return lines, nil
}
