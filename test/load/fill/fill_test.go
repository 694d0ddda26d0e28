package fill

import (
	"context"
	"testing"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/journal"
	"sapa/internal/ticket"
)

// A store that is measured must be one that could have come about.
func TestStoreIsWhatItSays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		ctx := context.Background()
		tokens, err := Store(ctx, s, Size{Tickets: 300, Waiting: 80, Agents: 3})
		if err != nil || len(tokens) != 3 {
			t.Fatalf("%d tokens: %v", len(tokens), err)
		}
		if broken, err := journal.Verify(ctx, s); err != nil || broken != nil {
			t.Errorf("journal: %+v, %v", broken, err)
		}
		err = s.Read(ctx, func(tx *db.Tx) error {
			counts, err := ticket.Counts(tx)
			if counts["callback"].Waiting != 40 || counts["fresh-lapul"].Waiting != 40 || len(counts) != 2 {
				t.Errorf("waiting: %+v", counts)
			}
			for query, want := range map[string]int{
				`SELECT count(*) FROM ticket`:                                 300,
				`SELECT count(*) FROM ticket WHERE state = 'closed'`:          220,
				`SELECT count(*) FROM outcome`:                                220,
				`SELECT count(*) FROM turn WHERE finished_at > 0`:             220,
				`SELECT count(*) FROM attempt WHERE line = 'answered'`:        220,
				`SELECT count(*) FROM promise WHERE state = 'done'`:           220,
				`SELECT count(*) FROM journal WHERE act LIKE 'turn.%'`:        440,
				`SELECT count(*) FROM customer`:                               75,
				`SELECT count(*) FROM hold`:                                   0,
				`SELECT count(*) FROM ticket_search`:                          1200,
				`SELECT count(*) FROM ticket_unsearched`:                      0,
				`SELECT count(*) FROM ticket WHERE opened_at > 1795399200000`: 0,
			} {
				var n int
				if err := tx.Row(query).Scan(&n); err != nil {
					return err
				}
				if n != want {
					t.Errorf("%s: %d, want %d", query, n, want)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
