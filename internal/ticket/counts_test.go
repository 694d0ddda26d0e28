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

// SOP 5.8.1.distribute: what a leader has not dealt yet waits with the leader and is no queue; what was dealt is.
func TestWhatIsNotDealtIsNoQueue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		ctx, now := context.Background(), c.Now()
		const leader, other, agent = 31, 32, 7
		var ids []db.ID
		err := s.Write(ctx, func(tx *db.Tx) error {
			for i, n := range []New{
				{Campaign: "ideas", Zone: "Asia/Jakarta", OpenedAt: now.Add(-50 * time.Minute), Owner: leader},
				{Campaign: "ideas", Zone: "Asia/Makassar", OpenedAt: now.Add(-40 * time.Minute), Owner: leader},
				{Campaign: "ideas", Zone: "Asia/Jakarta", OpenedAt: now.Add(-60 * time.Minute), Owner: other},
				{Campaign: "callback", Zone: "Asia/Jakarta", OpenedAt: now.Add(-time.Minute)},
			} {
				n.Contacts, n.Source = []Contact{{Phone: phone.Number("+62899900020" + string(rune('0'+i)) + "0")}}, "practice"
				one, _, err := Open(tx, who.House, n)
				if err != nil {
					return err
				}
				ids = append(ids, one.ID)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		expect := func(what string, ideas Count, there bool) {
			t.Helper()
			err := s.Read(ctx, func(tx *db.Tx) error {
				all, err := Counts(tx)
				if err == nil {
					err = Undealt(tx, all, []db.ID{leader, other})
				}
				if got, is := all["ideas"]; got != ideas || is != there {
					t.Errorf("%s: %+v, want %+v", what, got, ideas)
				}
				if all["callback"].Waiting != 1 {
					t.Errorf("%s: callback %+v", what, all["callback"])
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		expect("nothing dealt", Count{}, false)
		if err := s.Write(ctx, func(tx *db.Tx) error { _, err := Deal(tx, who.House, ids[1], agent); return err }); err != nil {
			t.Fatal(err)
		}
		expect("one dealt", Count{"ideas", 1, 0, now.Add(-40 * time.Minute)}, true)
		for query, args := range map[string][]any{undealt: {leader, db.Millis(forGood)}, oldestDealt: {"ideas", "[31]"}} {
			if p := plan(t, s, query, args...); !s.Postgres() && full(p) { // PostgreSQL reads a table of four rows whole
				t.Errorf("it runs as\n%s", p)
			}
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
