package ticket

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/phone"
	"sapa/internal/who"
)

func TestCountsTellAwakeAsleepAndOldest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		ctx, now := context.Background(), c.Now()
		counts := func() (all map[string]Count) {
			t.Helper()
			if err := s.Read(ctx, func(tx *db.Tx) (err error) { all, err = Counts(tx); return err }); err != nil {
				t.Fatal(err)
			}
			return all
		}
		err := s.Write(ctx, func(tx *db.Tx) error {
			for i, n := range []New{
				{Campaign: "callback", Zone: "Asia/Jakarta", OpenedAt: now.Add(-30 * time.Minute)},
				{Campaign: "callback", Zone: "Asia/Jayapura", OpenedAt: now.Add(-40 * time.Minute)},
				{Campaign: "callback", Zone: "Asia/Jakarta", OpenedAt: now.Add(-90 * time.Minute), RequestedAt: now.Add(10 * time.Minute)},
				{Campaign: "ideas", Zone: "Asia/Jakarta", OpenedAt: now.Add(-time.Minute)},
			} {
				n.Contacts, n.Source = []Contact{{Phone: phone.Number("+62899900020" + string(rune('0'+i)) + "0")}}, "practice"
				if _, _, err := Open(tx, who.House, n); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := counts()["callback"], (Count{"callback", 2, 1, now.Add(-40 * time.Minute)}); got != want {
			t.Errorf("before the promise is due: %+v, want %+v", got, want)
		}
		c.Advance(11 * time.Minute)
		var claimed Ticket
		if err := s.Write(ctx, func(tx *db.Tx) (err error) {
			claimed, _, err = Claim(tx, 7, []string{Pool("ideas", "Asia/Jakarta")}) // wakes what is due
			return err
		}); err != nil || claimed.Campaign != "ideas" {
			t.Fatalf("%s: %v", claimed.Campaign, err)
		}
		all := counts()
		if got, want := all["callback"], (Count{"callback", 3, 0, now.Add(-90 * time.Minute)}); got != want {
			t.Errorf("when it is due: %+v, want %+v", got, want)
		}
		if _, there := all["ideas"]; there {
			t.Errorf("a claimed ticket still waits: %+v", all["ideas"])
		}
	})
}

// A long queue is counted once a second; a short one always.
func TestALongQueueIsCountedOnceASecond(t *testing.T) {
	s, c := dbtest.SQLite(t)
	ctx, opened := context.Background(), 0
	open := func(n int) {
		t.Helper()
		err := s.Write(ctx, func(tx *db.Tx) error {
			for range n {
				opened++
				_, _, err := Open(tx, who.House, New{Campaign: "callback", Ref: "R" + time.Unix(int64(opened), 0).UTC().Format("150405"), Quiet: true,
					Contacts: []Contact{{Phone: "+628999000000"}}, Zone: "Asia/Jakarta", Source: "practice"})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	expect := func(want int) {
		t.Helper()
		err := s.Read(ctx, func(tx *db.Tx) error {
			all, err := Counts(tx)
			if all["callback"].Waiting != want {
				t.Errorf("%d wait, want %d", all["callback"].Waiting, want)
			}
			all["callback"] = Count{} // what one page does with it is no other page's
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	open(longQueue - 1)
	expect(longQueue - 1)
	open(1)
	expect(longQueue) // it was short until now
	open(5)
	expect(longQueue)
	expect(longQueue)
	c.Advance(nearEnough)
	expect(longQueue + 5)
	c.Advance(-nearEnough / 2) // a clock that was put back
	open(1)
	expect(longQueue + 6)
}

func TestCountsLookAtNoTicket(t *testing.T) {
	s, _ := dbtest.SQLite(t)
	for query, wanted := range map[string]string{countAwake: "USING COVERING INDEX ticket_claim", countDue: "USING INDEX ticket_claim (pool=? AND rank=?)", countAsleep: "USING INDEX ticket_sleep"} {
		var plan []string
		err := s.Read(context.Background(), func(tx *db.Tx) error {
			return tx.Each("EXPLAIN QUERY PLAN "+query, nil, func(sc db.Scanner) error {
				var a, b, n int64
				var line string
				err := sc.Scan(&a, &b, &n, &line)
				plan = append(plan, line)
				return err
			})
		})
		if err != nil || !slices.ContainsFunc(plan, func(l string) bool { return strings.Contains(l, wanted) }) {
			t.Errorf("%v, %v\n%s", plan, err, query)
		}
	}
}
