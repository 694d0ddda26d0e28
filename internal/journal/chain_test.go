package journal_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/journal"
)

// altered is an update that changes one byte, or one digit, of a column of a row.
func altered(rnd *rand.Rand, column string, old string) string {
	switch column {
	case "id", "at", "by_id", "ref", "ticket", "seq":
		return fmt.Sprintf(`%s + %d`, column, 1+rnd.IntN(1000))
	}
	at := rnd.IntN(len(old) + 1) // a byte put in is as bad as one changed
	if at == len(old) {
		return fmt.Sprintf(`%s || 'x'`, column)
	}
	return fmt.Sprintf(`substr(%[1]s, 1, %[2]d) || '%[3]s' || substr(%[1]s, %[4]d)`, column, at, other(old[at]), at+2)
}

func other(b byte) string {
	if b == 'x' {
		return "y"
	}
	return "x"
}

// Trust 1.13: whatever byte of whatever row is altered, the chain shows it.
func TestAnyAlteredByteIsFound(t *testing.T) {
	columns := []string{"id", "at", "by_id", "via", "act", "kind", "ref", "ticket", "data", "seq", "seal"}
	dbtest.Each(t, func(t *testing.T, s *db.DB, clock *dbtest.Clock) {
		ctx := context.Background()
		write(t, s, 40)
		clock.Advance(10 * time.Second)
		if err := journal.Seal(ctx, s); err != nil {
			t.Fatal(err)
		}
		rnd := rand.New(rand.NewPCG(3, 0))
		for n := range 220 {
			column, seq := columns[n%len(columns)], 1+rnd.IntN(40)
			var old string
			act := func(harm string) error {
				return s.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec(harm, seq); return err })
			}
			err := s.Read(ctx, func(tx *db.Tx) error {
				return tx.Row(`SELECT CAST(`+column+` AS TEXT) FROM journal WHERE seq = $1`, seq).Scan(&old)
			})
			if err != nil {
				t.Fatal(err)
			}
			change := altered(rnd, column, old)
			if column == "seq" { // past the end, or it would meet another row
				change = "seq + 1000"
			}
			if err := act(`UPDATE journal SET ` + column + ` = ` + change + ` WHERE seq = $1`); err != nil {
				t.Fatalf("%s: %v", change, err)
			}
			broken, err := journal.Verify(ctx, s)
			if err != nil || broken == nil || broken.Seq != int64(seq) {
				t.Fatalf("%s = %s at %d is found as %+v %v", column, change, seq, broken, err)
			}
			back := `UPDATE journal SET ` + column + ` = '` + old + `' WHERE seq = $1`
			switch column {
			case "seq":
				back = `UPDATE journal SET seq = seq - 1000 WHERE seq = $1 + 1000`
			case "id", "at", "by_id", "ref", "ticket":
				back = `UPDATE journal SET ` + column + ` = ` + old + ` WHERE seq = $1`
			}
			if err := act(back); err != nil {
				t.Fatal(err)
			}
		}
		if broken, err := journal.Verify(ctx, s); broken != nil || err != nil {
			t.Fatalf("put back, the chain holds again: %+v %v", broken, err)
		}
	})
}

// Append only: sealing again, and what is written later, leave sealed rows as they are.
func TestSealedRowsStayAsTheyAre(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, clock *dbtest.Clock) {
		ctx := context.Background()
		dump := func() (all string) {
			err := s.Read(ctx, func(tx *db.Tx) error {
				return tx.Each(`SELECT id, data, seal FROM journal WHERE seq BETWEEN 1 AND 30 ORDER BY seq`, nil, func(row db.Scanner) error {
					var id, data, seal string
					err := row.Scan(&id, &data, &seal)
					all += id + data + seal + "\n"
					return err
				})
			})
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		write(t, s, 30)
		if err := journal.Seal(ctx, s); err != nil {
			t.Fatal(err)
		}
		if dump() != "" {
			t.Error("sealed before every act that began earlier has ended")
		}
		clock.Advance(3 * time.Second)
		var first string
		for n := range 3 {
			if err := journal.Seal(ctx, s); err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				first = dump()
			}
			if got := dump(); got != first || got == "" {
				t.Fatalf("after seal %d the rows are\n%s\nand were\n%s", n+1, got, first)
			}
			write(t, s, 5)
			clock.Advance(4 * time.Second)
		}
		if broken, err := journal.Verify(ctx, s); broken != nil || err != nil {
			t.Errorf("%+v %v", broken, err)
		}
	})
}

func TestTwoSealersAtOnceDoNoHarm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, clock *dbtest.Clock) {
		ctx := context.Background()
		write(t, s, 1200)
		clock.Advance(10 * time.Second)
		ends := make(chan error, 4)
		for range 4 {
			go func() { ends <- journal.Seal(ctx, s) }()
		}
		for range 4 {
			<-ends // one of two that meet fails and comes again
		}
		if err := journal.Seal(ctx, s); err != nil {
			t.Fatal(err)
		}
		if broken, err := journal.Verify(ctx, s); broken != nil || err != nil {
			t.Fatalf("%+v %v", broken, err)
		}
		err := s.Read(ctx, func(tx *db.Tx) error {
			var n int
			err := tx.Row(`SELECT count(*) FROM journal WHERE seq > 0`).Scan(&n)
			if n != 1200 {
				t.Errorf("%d rows are sealed", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
