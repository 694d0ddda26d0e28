package report

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"sapa/internal/call"
	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/phone"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

var wib = time.FixedZone("WIB", 7*60*60)

// desk is a store with two agents whose turns the tests make up.
type desk struct {
	*testing.T
	store  *db.DB
	clock  *dbtest.Clock
	agents [2]who.Actor
	n      int
}

func each(t *testing.T, f func(d *desk)) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		d := &desk{T: t, store: s, clock: c}
		d.write(func(tx *db.Tx) error {
			for i, login := range []string{"42147", "42148"} {
				p, err := staff.Add(tx, staff.Console, staff.Person{Login: login, Name: "Agen rekaan", Role: who.Agent})
				if err != nil {
					return err
				}
				d.agents[i] = p.Actor(who.Page)
			}
			return nil
		})
		f(d)
	})
}

func (d *desk) write(act func(tx *db.Tx) error) {
	d.Helper()
	if err := d.store.Write(context.Background(), act); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) today(agent int, since time.Time) (day Day) {
	d.Helper()
	id := db.ID(0)
	if agent >= 0 {
		id = db.ID(d.agents[agent].ID)
	}
	err := d.store.Read(context.Background(), func(tx *db.Tx) (err error) {
		day, err = Today(tx, id, since, wib)
		return err
	})
	if err != nil {
		d.Fatal(err)
	}
	return day
}

// past is one turn to be made up.
type past struct {
	agent  int
	lines  []call.Line
	means  string
	close  string // else it is called again
	left   bool   // given back without a result
	going  bool   // still in hand
	undone bool
}

func (d *desk) live(p past) {
	d.Helper()
	a := d.agents[p.agent]
	var id, turnID db.ID
	var lease ticket.Lease
	d.write(func(tx *db.Tx) error {
		d.n++
		number := phone.Number("+628999000" + time.Unix(int64(d.n), 0).UTC().Format("0405"))
		t, _, err := ticket.Open(tx, a, ticket.New{Campaign: "callback", Contacts: []ticket.Contact{{Phone: number}}, Zone: "Asia/Jakarta", Source: "practice"})
		if err != nil {
			return err
		}
		if t, lease, err = ticket.Claim(tx, db.ID(a.ID), []string{ticket.Pool("callback", "Asia/Jakarta")}); err != nil {
			return err
		}
		id = t.ID
		turn, err := ticket.BeginTurn(tx, t.ID, db.ID(a.ID), ticket.Pin{Code: "callback", Revision: 2})
		turnID = turn.ID
		if err != nil {
			return err
		}
		for _, line := range p.lines {
			said := call.Reported{Line: line}
			if line == call.Answered {
				said.TalkS = 60
			}
			if _, err := call.Report(tx, turn.ID, t.ID, db.ID(a.ID), number, said); err != nil {
				return err
			}
		}
		switch {
		case p.going:
			return nil
		case p.left:
			return ticket.Release(tx, a, id, lease.Token, "test")
		}
		settled := ticket.Settlement{Outcome: "x", Means: strings.Fields(p.means), Answers: map[string]string{}, Close: p.close}
		if p.close == "" {
			settled.AgainAt = tx.Now.Add(24 * time.Hour)
		}
		if _, err = ticket.Settle(tx, a, id, lease.Token, settled); err != nil || !p.undone {
			return err
		}
		lease, err = ticket.Unsettle(tx, a, turnID)
		return err
	})
	if p.undone { // it is in hand again: given back
		d.write(func(tx *db.Tx) error { return ticket.Release(tx, a, id, lease.Token, "test") })
	}
	if p.left || p.undone { // out of the way of the next one
		d.write(func(tx *db.Tx) error {
			t, lease, err := ticket.Claim(tx, db.ID(a.ID), []string{ticket.Pool("callback", "Asia/Jakarta")})
			if err != nil || t.ID != id {
				d.Fatalf("claimed %d, want %d: %v", t.ID, id, err)
			}
			if _, err := tx.Exec(`UPDATE ticket SET awake = 0 WHERE id = $1`, id); err != nil {
				return err
			}
			_, err = tx.Exec(`DELETE FROM hold WHERE ticket = $1 AND token = $2`, id, lease.Token)
			return err
		})
	}
}

func TestTodayCountsKnownFacts(t *testing.T) {
	each(t, func(d *desk) {
		since := d.clock.Now()
		d.clock.Set(since.Add(-time.Minute)) // yesterday's, as far as these tests go
		d.live(past{agent: 0, lines: []call.Line{call.Answered}, means: "reached-decider", close: "done"})
		d.clock.Set(since.Add(time.Hour))
		for _, p := range []past{
			{agent: 0, lines: []call.Line{call.NoAnswer, call.Answered}, means: "reached-decider", close: "done"},
			{agent: 0, lines: []call.Line{call.Answered}, means: "reached-decider unsolved", close: "done"},                  // SOP 5.2.9: guided in vain
			{agent: 0, lines: []call.Line{call.Answered}, means: "reached-decider already-reported unsolved", close: "done"}, // SOP 5.2.11.b1.closed-by-tier1
			{agent: 0, lines: []call.Line{call.Answered}, means: "reached-decider", close: "done"},                           // SOP 5.7.8.b.contacted.sukses
			{agent: 0, lines: []call.Line{call.Answered}, means: "reached-decider call-again"},
			{agent: 0, lines: []call.Line{call.Answered}, means: "reached-other call-again"},
			{agent: 0, lines: []call.Line{call.Answered}, means: "wrong-number", close: "junk"},
			{agent: 0, lines: []call.Line{call.Answered}, means: "dropped"},
			{agent: 0, lines: []call.Line{call.Machine}, means: "machine"}, // SOP 5.7.8.b.not-contacted.mailbox: a machine is nobody
			{agent: 0, lines: []call.Line{call.Failed, call.NoAnswer}, means: "no-answer"},
			{agent: 0, lines: []call.Line{call.Answered}, means: "reached-decider", close: "done", undone: true},
			{agent: 0, lines: []call.Line{call.Busy}, left: true},
			{agent: 1, lines: []call.Line{call.Answered}, means: "reached-decider", close: "done"},
			{agent: 1, lines: []call.Line{call.Answered}, going: true},
		} {
			d.live(p)
		}
		own := Day{Turns: 10, Dialled: 13, Reached: 6, Decider: 5, Solved: 2}
		own.Hours[10] = 10
		if got := d.today(0, since); got != own {
			t.Errorf("own day\n got %+v\nwant %+v", got, own)
		}
		all := Day{Turns: 11, Dialled: 14, Reached: 7, Decider: 6, Solved: 3}
		all.Hours[10] = 11
		if got := d.today(-1, since); got != all {
			t.Errorf("everybody's day\n got %+v\nwant %+v", got, all)
		}
		if got := d.today(1, since.Add(2*time.Hour)); got != (Day{}) {
			t.Errorf("a day that has not begun: %+v", got)
		}
	})
}

func TestQueueIsInTheDocumentsOrder(t *testing.T) {
	each(t, func(d *desk) {
		now := d.clock.Now()
		d.write(func(tx *db.Tx) error {
			for i, n := range []ticket.New{
				{Campaign: "callback", OpenedAt: now.Add(-50 * time.Minute)},
				{Campaign: "callback", OpenedAt: now.Add(-90 * time.Minute), RequestedAt: now.Add(time.Minute)},
				{Campaign: "callback", OpenedAt: now.Add(-5 * time.Minute)},
				{Campaign: "ideas", OpenedAt: now.Add(-time.Minute)},
			} {
				n.Contacts, n.Zone, n.Source = []ticket.Contact{{Phone: phone.Number("+62899900010" + string(rune('0'+i)) + "0")}}, "Asia/Jakarta", "practice"
				if _, _, err := ticket.Open(tx, who.House, n); err != nil {
					return err
				}
			}
			return nil
		})
		var lines []Line
		err := d.store.Read(context.Background(), func(tx *db.Tx) (err error) {
			lines, err = Queue(tx, []campaign.Campaign{{Code: "ideas"}, {Code: "nossa"}, {Code: "callback"}})
			return err
		})
		if err != nil || len(lines) != 3 {
			t.Fatalf("%v: %v", lines, err)
		}
		for i, want := range []struct {
			code              string
			waiting, sleeping int
			oldest            time.Time
		}{{"ideas", 1, 0, now.Add(-time.Minute)}, {"nossa", 0, 0, time.Time{}}, {"callback", 2, 1, now.Add(-50 * time.Minute)}} {
			l := lines[i]
			if l.Code != want.code || l.Waiting != want.waiting || l.Sleeping != want.sleeping || !l.Oldest.Equal(want.oldest) {
				t.Errorf("line %d: %s %d waiting, %d asleep, oldest %s; want %+v", i, l.Code, l.Waiting, l.Sleeping, l.Oldest, want)
			}
		}
	})
}

// whole is how a plan says that a table is read from end to end.
var whole = regexp.MustCompile(`^SCAN [oat]$|Seq Scan on (outcome|attempt|turn)\b`)

// The figures are on every page: they must be found through an index, however many tickets there are.
func TestFiguresUseAnIndex(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		explain := "EXPLAIN QUERY PLAN "
		if s.Postgres() {
			explain = "EXPLAIN "
		}
		for name, query := range map[string]string{"turnsOfAll": turnsOfAll, "turnsOfOne": turnsOfOne, "givenBackByAll": givenBackByAll, "givenBackByOne": givenBackByOne} {
			var plan []string
			err := s.Write(context.Background(), func(tx *db.Tx) error {
				if s.Postgres() { // an empty table is read whole, whatever there is
					if _, err := tx.Exec(`SET LOCAL enable_seqscan = off`); err != nil {
						return err
					}
				}
				args := []any{db.Millis(c.Now()), int64(1), int64(1)}
				for n := len(args); !strings.Contains(query, fmt.Sprint("$", n)); n-- {
					args = args[:n-1]
				}
				return tx.Each(explain+query, args, func(sc db.Scanner) error {
					var skip [3]int64
					var line string
					to := []any{&skip[0], &skip[1], &skip[2], &line}
					if s.Postgres() {
						to = to[3:]
					}
					err := sc.Scan(to...)
					plan = append(plan, line)
					return err
				})
			})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, line := range plan {
				if whole.MatchString(line) {
					t.Errorf("%s reads a whole table: %s\n%s", name, line, strings.Join(plan, "\n"))
				}
			}
			want := map[string]string{"turnsOfAll": "outcome_at", "turnsOfOne": "outcome_agent", "givenBackByAll": "turn_agent", "givenBackByOne": "turn_agent"}[name]
			if !s.Postgres() && !strings.Contains(strings.Join(plan, "\n"), want) { // PostgreSQL chooses among several by their size
				t.Errorf("%s does not use %s:\n%s", name, want, strings.Join(plan, "\n"))
			}
		}
	})
}
