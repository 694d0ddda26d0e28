package ticket

import (
	"strconv"
	"strings"

	"sapa/internal/db"
	"sapa/internal/who"
)

// together is how many rows one statement inserts on PostgreSQL, where each costs a round trip. The rest goes one by one, so
// that there are two texts and both stay prepared. On SQLite several rows in one statement cost 1.7 times the CPU of as
// many statements (it keeps a journal for the statement and a table for what it returns), so there it is always one.
const together = 50

// Verdict is what became of one of many tickets: opened (Fresh), there already, or refused (Err).
type Verdict struct {
	Fresh bool
	Err   error
}

// OpenMany puts many tickets in by the rules of Open, each for itself: a refused one keeps the others going. Every one has
// a Ref. It writes no journal entries: a bulk act keeps one for all its rows itself.
func OpenMany(tx *db.Tx, by who.Actor, all []New) ([]Verdict, error) {
	verdicts := make([]Verdict, len(all))
	tickets := make([]Ticket, 0, len(all))
	places := make(map[db.ID]int, len(all))
	outage, err := anyOutage(tx)
	if err != nil {
		return nil, err
	}
	for i, n := range all {
		if verdicts[i].Err = n.check(tx.Now); verdicts[i].Err != nil {
			continue
		}
		if n.OpenedAt.IsZero() {
			n.OpenedAt = tx.Now
		}
		t := n.ticket(tx, by)
		if outage {
			if err := t.settleDown(tx); err != nil {
				return nil, err
			}
		}
		places[t.ID] = i
		tickets = append(tickets, t)
	}
	var opened []db.ID
	fresh := func(id db.ID) {
		verdicts[places[id]].Fresh = true
		opened = append(opened, id)
	}
	for tx.Postgres() && len(tickets) >= together {
		if err := insertTogether(tx, tickets[:together], fresh); err != nil {
			return nil, err
		}
		tickets = tickets[together:]
	}
	for _, t := range tickets {
		switch stored, err := insert(tx, t); {
		case err != nil:
			return nil, err
		case stored:
			fresh(t.ID)
		}
	}
	if err := toSearchMany(tx, opened); err != nil {
		return nil, err
	}
	return verdicts, poolsOf(tx, all, verdicts)
}

func poolsOf(tx *db.Tx, all []New, verdicts []Verdict) error {
	last := ""
	for i, v := range verdicts {
		if pool := Pool(all[i].Campaign, all[i].Zone); v.Fresh && pool != last {
			if err := knowPool(tx, all[i].Campaign, all[i].Zone); err != nil {
				return err
			}
			last = pool
		}
	}
	return nil
}

var togetherText = func() string {
	width := strings.Count(insertColumns, ",") + 1
	var b strings.Builder
	b.WriteString("INSERT INTO ticket(" + insertColumns + ") VALUES ")
	for i := range together * width {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%width == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(i+1))
	}
	b.WriteString(") ON CONFLICT (campaign, ref) DO NOTHING RETURNING id")
	return b.String()
}()

func insertTogether(tx *db.Tx, tickets []Ticket, fresh func(db.ID)) error {
	var rows []any
	for _, t := range tickets {
		var err error
		if rows, err = insertRow(tx, t, rows); err != nil {
			return err
		}
	}
	return tx.Each(togetherText, rows, func(s db.Scanner) error {
		var id db.ID
		err := s.Scan(&id)
		if err == nil {
			fresh(id)
		}
		return err
	})
}
