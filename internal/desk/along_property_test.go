package desk_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sapa/internal/call"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/desk"
	"sapa/internal/document/documenttest"
	"sapa/internal/fault"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// SOP 5.2.4.longest, 5.2.11.d: whatever two agents do with one customer's tickets - claim, call, take along, put back, answer,
// save, undo, release, a lease that runs out, a ticket that ends elsewhere -, one outcome stands for a finished turn, a call is
// one attempt, a claimed ticket hangs on one hold, and a save or its undo is all or nothing.
func TestACallIsAllOrNothing(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		f := newFloor(t, s, c)
		f.customer("Ibu Rekaan", customer.Regular)
		round := 0
		rapid.Check(t, func(t *rapid.T) {
			round++
			c.Set(time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC).AddDate(0, 0, round)) // nothing of the rounds before
			m := &calls{floor: f}
			m.clean(t)
			m.t.Helper()
			for i, campaign := range []string{"callback", "c4-carring", "fresh-lapul"} {
				m.all = append(m.all, f.open(campaign, fmt.Sprintf("R%d-%d", round, i), nil).ID)
			}
			t.Repeat(map[string]func(*rapid.T){
				"claim": func(t *rapid.T) { m.claim(t, rapid.SampledFrom([]who.Actor{f.ani, f.budi}).Draw(t, "who")) },
				"call":  m.call,
				"along": m.takeAlong,
				"back":  m.putBack,
				"save":  m.save,
				"undo":  m.undo,
				"end":   m.endElsewhere,
				"lapse": func(t *rapid.T) { c.Advance(ticket.LeaseFor + time.Second); m.do(t, f.seat.Sweep) },
				"wait":  func(t *rapid.T) { c.Advance(5 * time.Second) },
				"":      m.holds,
			})
		})
	})
}

// calls is what may happen to one customer's tickets.
type calls struct {
	*floor
	all  []db.ID
	last db.ID // ticket of the last save
	by   who.Actor
}

// do runs an act; a refusal is as good as a result, anything else is not.
func (m *calls) do(t *rapid.T, act func(tx *db.Tx) error) bool {
	err := m.s.Write(context.Background(), act)
	if err != nil && fault.Of(err) == nil {
		t.Fatal(err)
	}
	return err == nil
}

func (m *calls) clean(t *rapid.T) {
	m.do(t, func(tx *db.Tx) error {
		for _, table := range []string{"along", "outcome", "attempt", "act_draft", "turn", "hold", "ticket_unsearched", "ticket_search", "promise", "ticket"} {
			if _, err := tx.Exec("DELETE FROM " + table); err != nil {
				return err
			}
		}
		return nil
	})
}

// hand gives somebody's turn, if anybody has one.
func (m *calls) hand(t *rapid.T) (turn desk.Turn, a who.Actor, yes bool) {
	for _, a = range []who.Actor{m.ani, m.budi} {
		m.do(t, func(tx *db.Tx) (err error) { turn, yes, err = m.seat.Current(tx, a); return err })
		if yes {
			return turn, a, true
		}
	}
	return turn, a, false
}

func (m *calls) claim(t *rapid.T, a who.Actor) {
	m.do(t, func(tx *db.Tx) error { _, err := m.seat.Next(tx, a, nil); return err })
}

func (m *calls) call(t *rapid.T) {
	turn, a, yes := m.hand(t)
	if !yes {
		return
	}
	line := rapid.SampledFrom([]call.Line{call.Answered, call.Answered, call.NoAnswer}).Draw(t, "line")
	id, token := turn.Ticket.ID, turn.Lease.Token
	m.do(t, func(tx *db.Tx) error { return m.seat.Read(tx, a, id, token) })
	m.do(t, func(tx *db.Tx) error { _, err := m.seat.Dial(tx, a, id, token, ""); return err })
	m.do(t, func(tx *db.Tx) error { _, err := m.seat.Said(tx, a, id, token, line); return err })
	who := rapid.SampledFrom([]string{"reporter", "reporter", "other"}).Draw(t, "receiver")
	m.do(t, func(tx *db.Tx) error {
		_, err := m.seat.Answer(tx, a, id, token, map[string]string{"receiver": who}, 0)
		return err
	})
	if rapid.Bool().Draw(t, "hang up") {
		m.do(t, func(tx *db.Tx) error { _, err := m.seat.Hangup(tx, a, id, token); return err })
	}
}

func (m *calls) takeAlong(t *rapid.T) {
	if turn, a, yes := m.hand(t); yes {
		other := rapid.SampledFrom(m.all).Draw(t, "other")
		m.do(t, func(tx *db.Tx) error {
			_, err := m.seat.Along(tx, a, turn.Ticket.ID, turn.Lease.Token, other)
			return err
		})
	}
}

func (m *calls) putBack(t *rapid.T) {
	if turn, a, yes := m.hand(t); yes {
		id := rapid.SampledFrom(m.all).Draw(t, "back")
		m.do(t, func(tx *db.Tx) error { return m.seat.Release(tx, a, id, turn.Lease.Token, "agent") })
	}
}

func (m *calls) save(t *rapid.T) {
	turn, a, yes := m.hand(t)
	if !yes {
		return
	}
	answers := func(campaign string) map[string]string {
		if rapid.IntRange(0, 3).Draw(t, "forgets") == 0 {
			return nil
		}
		return map[string]map[string]string{"callback": solvedCallback, "c4-carring": solvedC4, "fresh-lapul": solvedLapul}[campaign]
	}
	along := map[db.ID]map[string]string{}
	for _, one := range turn.Along {
		along[one.Ticket.ID] = answers(one.Ticket.Campaign)
	}
	m.do(t, func(tx *db.Tx) error { _, err := m.seat.Hangup(tx, a, turn.Ticket.ID, turn.Lease.Token); return err })
	before := m.outcomes(t)
	saved := m.do(t, func(tx *db.Tx) error {
		_, err := m.seat.FinishCall(tx, a, turn.Ticket.ID, turn.Lease.Token, answers(turn.Ticket.Campaign), along)
		return err
	})
	want := before
	if saved {
		want += 1 + len(turn.Along)
		m.last, m.by = turn.Ticket.ID, a
		if len(turn.Along) > 0 && rapid.Bool().Draw(t, "named") {
			m.last = turn.Along[0].Ticket.ID
		}
	}
	if got := m.outcomes(t); got != want {
		t.Fatalf("saved %t with %d along: %d outcomes, then %d", saved, len(turn.Along), before, got)
	}
}

func (m *calls) undo(t *rapid.T) {
	if m.last == 0 {
		return
	}
	var of int
	m.do(t, func(tx *db.Tx) error {
		turn, err := ticket.LastFinished(tx, m.last, db.ID(m.by.ID))
		if err != nil {
			return err
		}
		along, err := ticket.AlongOf(tx, turn.Call())
		of = 1 + len(along)
		return err
	})
	before := m.outcomes(t)
	want := before
	if m.do(t, func(tx *db.Tx) error { return m.seat.Undo(tx, m.by, m.last) }) {
		want -= of
	}
	if got := m.outcomes(t); got != want {
		t.Fatalf("undone: %d outcomes, then %d, want %d", before, got, want)
	}
}

func (m *calls) endElsewhere(t *rapid.T) {
	id := rapid.SampledFrom(m.all).Draw(t, "ends")
	m.do(t, func(tx *db.Tx) error { _, err := ticket.GoneBySystem(tx, id, "tiket-sudah-close"); return err })
}

func (m *calls) number(t *rapid.T, query string) (n int) {
	if err := m.s.Read(context.Background(), func(tx *db.Tx) error { return tx.Row(query).Scan(&n) }); err != nil {
		t.Fatal(err)
	}
	return n
}

func (m *calls) outcomes(t *rapid.T) int {
	return m.number(t, `SELECT count(*) FROM outcome WHERE undone_at = 0`)
}

// holds is what is true after every act.
func (m *calls) holds(t *rapid.T) {
	err := m.s.Read(context.Background(), func(tx *db.Tx) error {
		for what, query := range map[string]string{
			"finished turns without their one outcome": `SELECT count(*) FROM turn t WHERE t.finished_at > 0 AND (SELECT count(*) FROM outcome o WHERE o.turn = t.id AND o.undone_at = 0) <> 1`,
			"outcomes of turns that are not finished":  `SELECT count(*) FROM outcome o JOIN turn t ON t.id = o.turn WHERE o.undone_at = 0 AND t.finished_at = 0`,
			"holds beyond one":                         `SELECT CASE WHEN count(*) > 1 THEN count(*) ELSE 0 END FROM hold`,
			"claimed tickets that hang on no hold": `SELECT count(*) FROM ticket k WHERE k.state = 'claimed' AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.ticket = k.id)
			AND NOT EXISTS (SELECT 1 FROM along g JOIN turn t ON t.id = g.turn JOIN turn l ON l.id = g.lead JOIN hold h ON h.ticket = l.ticket
				WHERE g.ticket = k.id AND t.finished_at = 0 AND t.ended_at = 0 AND l.finished_at = 0 AND l.ended_at = 0)`,
			"holds of tickets that are not claimed": `SELECT count(*) FROM hold h JOIN ticket k ON k.id = h.ticket WHERE k.state <> 'claimed'`,
			"attempts of a turn that goes along":    `SELECT count(*) FROM along g JOIN attempt a ON a.turn = g.turn`,
			"halves of a call": `SELECT count(*) FROM along g JOIN turn t ON t.id = g.turn JOIN turn l ON l.id = g.lead
			WHERE (t.finished_at > 0) <> (l.finished_at > 0) OR t.ended_at > 0 OR l.ended_at > 0`,
			"calls along of calls along":            `SELECT count(*) FROM along g JOIN along h ON h.turn = g.lead`,
			"open turns beyond the tickets in hand": `SELECT count(*) FROM turn t JOIN ticket k ON k.id = t.ticket WHERE t.finished_at = 0 AND t.ended_at = 0 AND k.state <> 'claimed'`,
		} {
			var n int
			if err := tx.Row(query).Scan(&n); err != nil || n != 0 {
				return fmt.Errorf("%d %s (%v)", n, what, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
