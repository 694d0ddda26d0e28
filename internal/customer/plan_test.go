package customer

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/phone"
)

// crowd fills a store with n invented customers by few statements: one internet service, one number and an NCLI each, names of
// a few words so that a search by name has many alike. It lets the planner know.
func crowd(t testing.TB, s *db.DB, n int) {
	t.Helper()
	const step = 50_000
	for from := 0; from < n; from += step {
		to := min(from+step, n)
		numbers := fmt.Sprintf(`(WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i FROM n) n`, from, to-1)
		err := s.Write(context.Background(), func(tx *db.Tx) error {
			for _, query := range []string{
				`INSERT INTO customer(id, name, class, zone, phone, invented, ncli) SELECT 1000000 + i, 'Nama' || (i % 999) || ' Rekaan' || i, 'REGULER', 'Asia/Jakarta', '+62800' || substr('' || (10000000 + i), 2), 1, '' || (50000000 + i) FROM ` + numbers,
				`INSERT INTO service(no, kind, customer, package) SELECT '152' || substr('' || (1000000000 + i), 2), 'internet', 1000000 + i, '50 Mbps' FROM ` + numbers,
				`INSERT INTO customer_contact(phone, customer, id, place) SELECT '+62800' || substr('' || (10000000 + i), 2), 1000000 + i, i + 1, 0 FROM ` + numbers,
				`INSERT INTO customer_word(word, customer) SELECT 'nama' || (i % 999), 1000000 + i FROM ` + numbers,
				`INSERT INTO customer_word(word, customer) SELECT 'rekaan' || i, 1000000 + i FROM ` + numbers,
			} {
				if _, err := tx.Exec(query); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Write(context.Background(), func(tx *db.Tx) error { _, err := tx.Exec(`ANALYZE`); return err }); err != nil {
		t.Fatal(err)
	}
}

// numbersOf are those of the i-th of a crowd.
func numbersOf(i int) (id db.ID, service, cp, ncli string) {
	return db.ID(1_000_000 + i), fmt.Sprintf("152%09d", i), fmt.Sprintf("0800%07d", i), strconv.Itoa(50_000_000 + i)
}

func plan(t *testing.T, s *db.DB, query string, args ...any) (text string) {
	t.Helper()
	err := s.Write(context.Background(), func(tx *db.Tx) error {
		return tx.Each("/*pg:EXPLAIN*//*lite:EXPLAIN QUERY PLAN*/ "+query, args, func(row db.Scanner) error {
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

// SOP 5.1.1: whose number it is, is answered by an index on both databases, however many customers there are.
func TestALookUpReadsNoWholeTable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		crowd(t, s, 20_000)
		id, service, cp, ncli := numbersOf(7777)
		n, err := phone.Parse(cp)
		if err != nil {
			t.Fatal(err)
		}
		for _, ask := range []struct {
			name, query string
			args        []any
		}{
			{"service", ofServiceText, []any{service, 10}},
			{"phone", ofPhoneText, []any{n.Full(), 10}},
			{"ncli", ofNCLIText, []any{ncli, 10}},
			{"name", ofWordText, []any{"rekaan777", "rekaan777\U0010ffff", "%nama%", 200}},
		} {
			p := plan(t, s, ask.query, ask.args...)
			for _, line := range strings.Split(p, "\n") {
				scans := strings.Contains(line, "SCAN") && !strings.Contains(line, "CONSTANT") && !strings.Contains(line, "USING")
				if strings.Contains(line, "Seq Scan") || scans {
					t.Errorf("%s: %s in\n%s", ask.name, line, p)
				}
			}
		}
		act := func(q string, want int) {
			t.Helper()
			err := s.Read(context.Background(), func(tx *db.Tx) error {
				got, err := Find(tx, q)
				if len(got) != want || want == 1 && got[0].ID != id {
					t.Errorf("%s: %+v", q, got)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, q := range []string{service, cp, ncli, "+62 800-000-7777"} {
			act(q, 1)
		}
		for _, q := range []string{service[:11], cp[:9], "77", "IN12345678", "", "Nama777"} { // a part of a number is nobody's
			act(q, 0)
		}
		err = s.Read(context.Background(), func(tx *db.Tx) error {
			for q, want := range map[string]int{"rekaan7777": 1, "NAMA784 rekaan7777": 1, "rekaan7777 nama785": 0, "nama784 reka": 20, "reka'; DROP": 0} {
				got, err := Named(tx, q)
				if err != nil || len(got) != want {
					t.Errorf("%s: %d, %v", q, len(got), err)
				}
			}
			_, err := Named(tx, "ab")
			if err == nil {
				t.Error("two letters are looked for")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// BenchmarkLookup asks a store of SAPA_BENCH_CUSTOMERS customers (20,000 without it) whose number something is, and tells how many
// times a bare read by primary key in the same run each look-up costs.
func BenchmarkLookup(b *testing.B) {
	n := 20_000
	if v := os.Getenv("SAPA_BENCH_CUSTOMERS"); v != "" {
		var err error
		if n, err = strconv.Atoi(v); err != nil {
			b.Fatal(err)
		}
	}
	stores := map[string]func() *db.DB{"sqlite": func() *db.DB { s, _ := dbtest.SQLite(b); return s }}
	if os.Getenv("SAPA_TEST_POSTGRES") != "" {
		stores["postgres"] = func() *db.DB { s, _ := dbtest.Postgres(b); return s }
	}
	for _, name := range []string{"sqlite", "postgres"} {
		if stores[name] == nil {
			b.Log("PostgreSQL not asked: set SAPA_TEST_POSTGRES")
			continue
		}
		s := stores[name]()
		crowd(b, s, n)
		b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) { lookUp(b, s, n) })
	}
}

// lookUp asks in turns, so that what the machine does meanwhile is every kind's alike.
func lookUp(b *testing.B, s *db.DB, n int) {
	kinds := []string{"key", "service", "phone", "ncli"}
	took := map[string][]time.Duration{}
	rnd := rand.New(rand.NewPCG(1, uint64(n)))
	for range b.N {
		for _, kind := range kinds {
			id, service, cp, ncli := numbersOf(rnd.IntN(n))
			began := time.Now()
			err := s.Read(context.Background(), func(tx *db.Tx) error {
				if kind == "key" {
					_, err := Get(tx, id)
					return err
				}
				found, err := Find(tx, map[string]string{"service": service, "phone": cp, "ncli": ncli}[kind])
				if err == nil && (len(found) != 1 || found[0].ID != id) {
					err = fmt.Errorf("found %d customers", len(found))
				}
				return err
			})
			took[kind] = append(took[kind], time.Since(began))
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	for _, all := range took {
		slices.Sort(all)
	}
	for _, kind := range kinds {
		b.ReportMetric(float64(took[kind][b.N/2])/float64(took["key"][b.N/2]), kind+"-x")
		b.ReportMetric(float64(took[kind][b.N*99/100])/1e6, kind+"-p99-ms")
	}
}
