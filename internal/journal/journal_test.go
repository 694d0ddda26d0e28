package journal_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/journal"
	"sapa/internal/who"
)

func write(t *testing.T, s *db.DB, n int) {
	t.Helper()
	err := s.Write(context.Background(), func(tx *db.Tx) error {
		for i := range n {
			e := journal.Entry{By: who.Actor{ID: 5, Via: who.Page}, Act: "note.read", Kind: "turn", Ref: db.ID(i + 1), Ticket: 9,
				Data: map[string]string{"b": "2", "a": fmt.Sprint(i)}}
			if _, err := journal.Write(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheChainShowsWhatWasAlteredOrRemoved(t *testing.T) {
	ctx := context.Background()
	for name, harm := range map[string]string{
		"altered": `UPDATE journal SET data = '{}' WHERE seq = 700`,
		"removed": `DELETE FROM journal WHERE seq = 700`,
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, s *db.DB, clock *dbtest.Clock) {
				write(t, s, 1200)
				clock.Advance(10 * time.Second)
				if err := journal.Seal(ctx, s); err != nil {
					t.Fatal(err)
				}
				if broken, err := journal.Verify(ctx, s); broken != nil || err != nil {
					t.Fatalf("a good chain: %v %v", broken, err)
				}
				if err := s.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec(harm); return err }); err != nil {
					t.Fatal(err)
				}
				if broken, err := journal.Verify(ctx, s); err != nil || broken == nil || broken.Seq != 700 {
					t.Fatalf("harm at 700 is found as %v %v", broken, err)
				}
			})
		})
	}
}

func TestATicketsStoryComesBackInOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		write(t, s, 3)
		err := s.Read(context.Background(), func(tx *db.Tx) error {
			entries, err := journal.Of(tx, 9)
			if err != nil {
				return err
			}
			for i, e := range entries {
				if e.Ref != db.ID(i+1) || e.By.ID != 5 || e.By.Via != who.Page || e.Data["a"] != fmt.Sprint(i) {
					t.Errorf("entry %d is %+v", i, e)
				}
			}
			tail, err := journal.Tail(tx, entries[0].ID, 10)
			if len(entries) != 3 || len(tail) != 2 {
				t.Errorf("%d entries, %d after the first", len(entries), len(tail))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
