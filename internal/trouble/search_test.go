package trouble

import (
	"context"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/who"
)

// many writes 200,000 tickets of 100,000 services with one step each, as a list brings them, and lets the planner know.
func many(t *testing.T, s *db.DB) {
	t.Helper()
	const rows, at = 200_000, 10_000 // at a time: an act has its seconds
	for from := 1; from <= rows; from += at {
		err := s.Write(context.Background(), func(tx *db.Tx) error {
			const each = `/*lite:WITH RECURSIVE s(i) AS (SELECT CAST($1 AS INTEGER) UNION ALL SELECT i + 1 FROM s WHERE i < $2)*/
				/*pg:WITH s AS (SELECT i FROM generate_series($1::bigint, $2::bigint) AS i)*/ `
			_, err := tx.Exec(`INSERT INTO trouble_move(trouble, seq, prev, was, move, became, old_group, new_group, classification, reason, by_id, turn, at, before) `+each+`
				SELECT i, 1, NULL, '', 'arrive', 'CLOSED', '', 't2o', '', '', 1, 0, 0, '' FROM s`, from, from+at-1)
			if err != nil {
				return err
			}
			_, err = tx.Exec(`INSERT INTO trouble(id, no, service_no, service, customer, customer_name, customer_class, state, open, beside, steps, subject, symptom,
				classification, owner_group, owner, contact_name, contact_email, contact_mobile, hard_complaint, urgency, fcr, description, booking_status, booking,
				measurement, source_ticket, source, parent, parent_no, sto, witel, closing_reason, lapul, gaul, reopens, priority, marks, opened_at, opened_by,
				resolved_at, resolved_by, closed_at, state_at, noted_at, noted, ttr_s, ttr_since, fed_state, fed_group, fed_at) `+each+`
				SELECT i, 'IN' || (10000000 + i), CAST(152999000000 + i / 2 AS TEXT), 'internet', 0, '', '', 'CLOSED', 0, 0, 1, '', '', '', 't2o', 0, '', '', '', '', '', 0, '',
				'', 0, 0, 0, 'feed', 0, '', '', '', '', 0, 0, 0, 'low', '', 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, '', '', 0 FROM s`, from, from+at-1)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Write(context.Background(), func(tx *db.Tx) error { _, err := tx.Exec(`ANALYZE trouble`); return err }); err != nil {
		t.Fatal(err)
	}
}

// A search for a trouble ticket reads what it finds, however many there are.
func TestASearchGoesByItsIndexAt200000(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		many(t, s)
		err := s.Read(context.Background(), func(tx *db.Tx) error {
			for query, arg := range map[string]string{byNo: "IN10100000", byService: "152999050000", `SELECT ` + columns + ` FROM trouble WHERE description = $1`: "x"} {
				plan := ""
				err := tx.Each("/*pg:EXPLAIN*//*lite:EXPLAIN QUERY PLAN*/ "+query, []any{arg}, func(row db.Scanner) error {
					var a, b, c any
					var line string
					err := row.Scan(&line)
					if !tx.Postgres() {
						err = row.Scan(&a, &b, &c, &line)
					}
					plan += line + "\n"
					return err
				})
				if err != nil {
					return err
				}
				whole := strings.Contains(plan, "Seq Scan") || strings.Contains(plan, "SCAN")
				if wanted := arg == "x"; whole != wanted { // the check itself can fail
					t.Errorf("%s runs as\n%s", arg, plan)
				}
			}
			for q, want := range map[string]int{"IN10100000": 1, " in 10100000": 1, "in-10100000": 1, "INC10100000": 0, "IN1010000": 0, "10100000": 0, "152999050000": 2,
				"152-999-050-000": 2, "152999": 0, "Bapak": 0, "": 0, "' OR 1=1 --": 0, "IN10100000'": 0} {
				found, err := Search(tx, q)
				if err != nil || len(found) != want {
					t.Errorf("%q finds %d, %v", q, len(found), err)
				}
				if len(found) == 2 && found[0].ID < found[1].ID {
					t.Errorf("%q: the oldest first", q)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Domain 3.2: 6 to 9 digits after IN or INC, in either case.
func TestEveryFormOfANumberIsFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		for _, no := range []string{"IN100001", "IN1000001", "IN10000001", "IN100000001", "INC10000001", "INC100000001"} {
			err := s.Write(context.Background(), func(tx *db.Tx) error {
				if _, _, _, err := Take(tx, who.House, Incoming{No: no, State: Analysis}); err != nil {
					return err
				}
				for _, q := range []string{no, strings.ToLower(no), strings.Replace(no, "1", " 1", 1)} {
					if found, err := Search(tx, q); err != nil || len(found) != 1 || found[0].No != no {
						t.Errorf("%q finds %v, %v", q, found, err)
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
