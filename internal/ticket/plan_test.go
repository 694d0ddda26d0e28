package ticket

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/who"
)

// plan is how the database would run a query.
func plan(t *testing.T, s *db.DB, query string, args ...any) string {
	t.Helper()
	explain := "/*pg:EXPLAIN*//*lite:EXPLAIN QUERY PLAN*/ " + query
	text := ""
	err := s.Write(context.Background(), func(tx *db.Tx) error {
		return tx.Each(explain, args, func(row db.Scanner) error {
			var a, b, c any
			var line string
			err := row.Scan(&line)
			if !tx.Postgres() {
				err = row.Scan(&a, &b, &c, &line)
			}
			text += line + "\n"
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// crowd opens some thousand tickets in a few pools, a third of them asleep, and lets the planner know.
func crowd(t *testing.T, s *db.DB) (pools []string) {
	t.Helper()
	for _, campaign := range []string{"callback", "fresh-lapul"} {
		for _, zone := range []string{"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"} {
			pools = append(pools, Pool(campaign, zone))
			err := s.Write(context.Background(), func(tx *db.Tx) error {
				for i := range 800 {
					n := New{Campaign: campaign, Ref: fmt.Sprint(zone, i), Zone: zone, ServiceNo: fmt.Sprintf("152999%s%03d", zone[5:7], i), ContactName: fmt.Sprint("Pelanggan ", i),
						Contacts: []Contact{{Phone: "+628999000001"}}, Source: "import", Quiet: true, OpenedAt: tx.Now.Add(-LeaseFor)}
					if i%3 == 0 {
						n.RequestedAt = tx.Now.Add(LeaseFor)
					}
					if _, _, err := Open(tx, who.House, n); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.Write(context.Background(), func(tx *db.Tx) error { _, err := tx.Exec(`ANALYZE`); return err }); err != nil {
		t.Fatal(err)
	}
	return pools
}

// full tells whether a plan reads a whole table of tickets or holds.
func full(plan string) bool {
	for _, line := range strings.Split(plan, "\n") {
		if strings.Contains(line, "Seq Scan on ticket") || (strings.Contains(line, "SCAN") && (strings.HasSuffix(line, " t") || strings.HasSuffix(line, " c") || strings.Contains(line, "ticket")) && !strings.Contains(line, "INDEX")) {
			return true
		}
	}
	return false
}

// SOP 5.2.4.longest: the longest waiting is found by the claim's own index, however many wait (store.md b).
func TestAClaimNeverReadsTheWholeQueue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		pools := crowd(t, s)
		now := db.Millis(c.Now())
		var claim string
		if s.Postgres() {
			claim = plan(t, s, claimPostgres, strings.Join(pools, "\n"), RankRest, 101, now, 0, heads, "x", now)
		} else {
			list, err := jsonText(pools)
			if err != nil {
				t.Fatal(err)
			}
			claim = plan(t, s, headsLite, list, 101, now, 1)
		}
		if full(claim) || !strings.Contains(claim, "ticket_claim") {
			t.Errorf("a claim runs as\n%s", claim)
		}
	})
}

// SOP 5.2.4.longest: every look at an empty desk asks for the oldest elsewhere; it goes the claim's way.
func TestTheOldestIsFoundByTheClaimsIndex(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		pools := crowd(t, s)
		if p := plan(t, s, oldestOf, pools[0], RankRest, 101, db.Millis(c.Now())); full(p) || !strings.Contains(p, "ticket_claim") {
			t.Errorf("it runs as\n%s", p)
		}
	})
}

// SOP 5.4.6: whose screens an outage concerns is asked ticket by ticket, also when nobody held one as the planner counted: no filter
// of all tickets is made first, within the act that everybody waits for.
func TestWhatIsInHandIsAskedTicketByTicket(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		crowd(t, s)
		if p := plan(t, s, servicesInHand); full(p) || strings.Contains(p, "BLOOM") {
			t.Errorf("it runs as\n%s", p)
		}
	})
}

// SOP 5.4: a declared outage costs a claim one question by service number, and its parking goes the queue's own way.
func TestAnOutageIsAskedByNumberAndWalkedByTheClaimsIndex(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		pools := crowd(t, s)
		err := s.Write(context.Background(), func(tx *db.Tx) error {
			if _, err := tx.Exec(`INSERT INTO line(service_no, sto, technology) SELECT DISTINCT service_no, 'MLG', 'fibre' FROM ticket`); err != nil {
				return err
			}
			if _, err := tx.Exec(`INSERT INTO line(service_no, sto, technology) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
				SELECT CAST(152000000000 + i AS TEXT), 'MLG', 'fibre' FROM n`); err != nil { // a network is larger than a queue
				return err
			}
			_, err := tx.Exec(`ANALYZE`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for what, q := range map[string]struct {
			query string
			index string
			args  []any
		}{
			"awake":  {walkAwake, "ticket_claim", []any{pools[0], 2, 0, 0, 1000}},
			"asleep": {walkAsleep, "ticket_sleep", []any{"", 0, 0, 0, 50}}, // of a thousand here
			"leader": {walkLeader, "ticket_leader", []any{"", 0, 0, 0, 50}},
		} {
			p := plan(t, s, q.query, q.args...)
			if full(p) || !strings.Contains(p, q.index) || strings.Contains(p, "Seq Scan on line") || strings.Contains(p, "MATERIALIZE") || strings.Contains(p, "SCAN l\n") {
				t.Errorf("%s runs as\n%s", what, p)
			}
		}
		if s.Postgres() {
			p := plan(t, s, freePostgres, strings.Join(pools, "\n"), RankRest, 101, db.Millis(c.Now()), 0, passAtMost)
			if full(p) || !strings.Contains(p, "ticket_claim") || strings.Contains(p, "Seq Scan on line") {
				t.Errorf("what a claim passes over is found by\n%s", p)
			}
		}
		for kind, index := range map[string]string{"sto": "line_sto", "odc": "line_odc", "odp": "line_odp", "olt": "line_olt", "service": "outage_scope_of"} {
			if s.Postgres() && (kind == "sto" || kind == "service") { // every line here ends at the one exchange; no scope is there
				continue
			}
			if p := plan(t, s, linesAt[kind], 1, map[bool]string{true: "", false: "MLG"}[kind == "service"]); !strings.Contains(p, index) {
				t.Errorf("the services of an outage are found without %s:\n%s", index, p)
			}
		}
	})
}

func TestSleepersGoByTheirIndex(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		crowd(t, s)
		for index, q := range map[string]struct {
			query string
			args  []any
		}{
			"ticket_sleep": {`SELECT id FROM ticket WHERE rank = 2 AND wake_at > 0 AND wake_at <= $1 ORDER BY wake_at, id LIMIT 10`, []any{db.Millis(c.Now())}},
			"ticket_ref":   {`SELECT id FROM ticket WHERE campaign = $1 AND ref = $2`, []any{"callback", "Asia/Jakarta7"}},
		} {
			if p := plan(t, s, q.query, q.args...); full(p) || !strings.Contains(p, index) {
				t.Errorf("%s is not used:\n%s", index, p)
			}
		}
	})
}

// A search reads the keys between its two ends and the tickets they name, nothing else.
func TestASearchGoesByItsKeys(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		crowd(t, s)
		for n := 1; n > 0; {
			var err error
			if n, err = Fill(context.Background(), s, 1000); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Write(context.Background(), func(tx *db.Tx) error { _, err := tx.Exec(`ANALYZE`); return err }); err != nil {
			t.Fatal(err)
		}
		for what, q := range map[string]struct {
			condition string
			args      []any
		}{
			"number or service": {is(byContact, 4) + ` OR ` + is(byService, 5), []any{"+628999000001", "152999Jak117"}},
			"service or ref":    {is(byService, 4) + ` OR ` + refIn(4), []any{"152999Jak117"}},
			"ref":               {refIn(4) + ` OR ` + refIn(5), []any{"Asia/Jakarta7", "ASIA/JAKARTA7"}},
			"beginning":         {begins(byContact, 4) + ` OR ` + begins(byService, 6), []any{"+6289991", "+6289991~", "152999Jak1", "152999Jak1~"}},
			"end":               {begins(byEnd, 4), []any{"99991", "99991~"}},
			"name":              {begins(byName, 4), []any{"pelanggan 77", "pelanggan 77\U0010ffff"}},
		} {
			p := plan(t, s, findText(q.condition), append(scopeArgs(who.Scope{All: true}), q.args...)...)
			if full(p) || strings.Contains(p, "Seq Scan on ticket_search") || strings.Contains(p, "SCAN ticket_search") {
				t.Errorf("%s runs as\n%s", what, p)
			}
		}
		if p := plan(t, s, forget, byEnd, "99991", 1); full(p) || strings.Contains(p, "Seq Scan") {
			t.Errorf("forgetting runs as\n%s", p)
		}
	})
}

// The check itself can fail.
func TestAFullScanIsSeen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		if p := plan(t, s, `SELECT id FROM ticket t WHERE note = $1`, "x"); !full(p) {
			t.Errorf("not seen:\n%s", p)
		}
	})
}
