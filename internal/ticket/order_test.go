package ticket_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/ticket"
)

// SOP 5.2.4.longest: the ticket that has waited longest comes first, in every campaign the agent works.
func TestTheLongestWaitingComesFirst(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("B", 10)
		q.open("C", 5, campaign("fresh-lapul"))
		q.open("A", 30)
		q.want(q.order(ani), "A B C", "order")
	})
}

func TestEqualAgesGoById(t *testing.T) {
	onQueue(t, func(q *queue) {
		want := ""
		for i := range 6 {
			ref := fmt.Sprint("T", i)
			q.open(ref, 10, campaign([]string{"callback", "fresh-lapul"}[i%2]))
			want += ref + " "
		}
		q.want(q.order(ani)+" ", want, "order")
	})
}

// SOP 5.2.4.longest: VVIP is highlighted, never ranked.
func TestAVipWaitsLikeEverybodyElse(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("plain", 20)
		q.open("vvip", 10, func(n *ticket.New) { n.Criterion = "e" })
		q.want(q.order(ani), "plain vvip", "order")
	})
}

// SOP 5.2.1: a time the customer asked for is a promise. Due ones come first, by their time; then the longest waiting.
func TestAPromiseThatIsDueComesFirstByItsTime(t *testing.T) {
	onQueue(t, func(q *queue) {
		now := q.clock.Now()
		q.open("old", 300)
		q.open("at-ten", 1, requested(now.Add(60*time.Minute)))
		q.open("half-past-nine", 2, requested(now.Add(30*time.Minute)))
		q.clock.Advance(29 * time.Minute)
		q.want(q.claim(ani).Ref, "old", "before its time a promise sleeps")
		q.clock.Advance(31 * time.Minute)
		q.want(q.order(budi), "half-past-nine at-ten", "both are due")
	})
}

func TestARaisedTicketComesAfterPromisesAndBeforeTheRestForAWhile(t *testing.T) {
	onQueue(t, func(q *queue) {
		now := q.clock.Now()
		q.open("old", 300)
		raised := q.open("raised", 5)
		q.open("promise", 1, requested(now.Add(time.Minute)))
		q.do(func(tx *db.Tx) error {
			_, err := ticket.Raise(tx, actor(lia), raised.ID, now.Add(30*time.Minute))
			return err
		})
		q.clock.Advance(2 * time.Minute)
		q.want(q.order(ani), "promise raised old", "order")
	})
}

func TestARaisedTicketGoesBackToItsAgeWhenTheWhileIsOver(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("old", 300)
		raised := q.open("raised", 5)
		q.do(func(tx *db.Tx) error {
			_, err := ticket.Raise(tx, actor(lia), raised.ID, q.clock.Now().Add(30*time.Minute))
			return err
		})
		h := q.claim(ani)
		q.want(h.Ref, "raised", "first")
		if err := q.release(h); err != nil {
			t.Fatal(err)
		}
		q.clock.Advance(30 * time.Minute)
		q.lapse(nil)
		q.want(q.get(raised.ID).RaisedUntil.IsZero(), true, "raised no more")
		q.want(q.order(ani), "old raised", "order")
	})
}

func TestOnlyAWaitingTicketCanBeRaised(t *testing.T) {
	onQueue(t, func(q *queue) {
		raise := func(id db.ID) error {
			return q.try(func(tx *db.Tx) error {
				_, err := ticket.Raise(tx, actor(lia), id, q.clock.Now().Add(time.Hour))
				return err
			})
		}
		asleep := q.open("asleep", 1, requested(q.clock.Now().Add(time.Hour)))
		q.refused(raise(asleep.ID), fault.Conflict, "ticket.not-waiting")
		q.open("one", 1)
		h := q.claim(ani)
		q.refused(raise(h.ID), fault.Conflict, "ticket.not-waiting")
		q.settle(h, closed)
		q.refused(raise(h.ID), fault.Conflict, "ticket.not-waiting")
		q.refused(raise(4711), fault.Missing, "db.no-row")
	})
}

// a retry sleeps through its pause and keeps the ticket's age (decisions.md 1).
func TestARetryKeepsTheTicketsAge(t *testing.T) {
	onQueue(t, func(q *queue) {
		old := q.open("old", 300)
		q.open("young", 100)
		h := q.claim(ani)
		q.want(h.ID, old.ID, "first")
		again := q.settle(h, ticket.Settlement{Outcome: "rna", Means: []string{"no-answer"}, AgainAt: q.clock.Now().Add(time.Hour)})
		q.want(again.OrderAt, old.OpenedAt, "age")
		q.want(again.Rank, ticket.RankRest, "rank")
		q.want(again.DueAt.IsZero(), true, "a retry is no promise")
		q.clock.Advance(59 * time.Minute)
		q.want(q.next(ani), "young", "while the other sleeps")
		q.open("new", 0)
		q.clock.Advance(time.Minute)
		q.want(q.order(ani), "old new", "order")
	})
}

// Sleepers are woken inside the claim, so nothing depends on a chore having run (decisions.md 1).
func TestSleepersWakeInsideTheClaim(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("promised", 1, requested(q.clock.Now().Add(time.Hour)))
		if _, err := q.tryClaim(ani); err == nil {
			t.Fatal("a sleeping ticket was handed out")
		} else {
			q.refused(err, fault.Missing, "ticket.nothing-waiting")
		}
		q.clock.Advance(time.Hour)
		h := q.claim(ani)
		q.want(h.Ref, "promised", "handed out")
		q.want(h.WakeAt.IsZero() && !h.Awake, true, "awake no more once claimed")
	})
}

// A promise must not wait for hundreds of retries that wake at the same hour to be woken first.
func TestADuePromiseIsWokenBeforeAnyNumberOfRetries(t *testing.T) {
	onQueue(t, func(q *queue) {
		at := q.clock.Now().Add(time.Hour)
		q.do(func(tx *db.Tx) error {
			for i := range 1500 {
				_, _, err := ticket.Open(tx, actor(1), ticket.New{Campaign: "callback", Ref: fmt.Sprint("R", i), ServiceNo: fmt.Sprintf("15299920%04d", i),
					Contacts: []ticket.Contact{{Phone: q.number(2)}}, Zone: jakarta, Source: "import", OpenedAt: q.clock.Now().Add(-time.Hour), Quiet: true})
				if err != nil {
					return err
				}
			}
			_, err := tx.Exec(`UPDATE ticket SET awake = 0, wake_at = $1`, db.Millis(at.Add(-time.Second)))
			return err
		})
		q.open("promise", 1, requested(at))
		q.clock.Set(at)
		q.want(q.next(ani), "promise", "first")
	})
}

// calling hours are asked per zone: only the pools handed in are looked at.
func TestOnlyThePoolsWhoseHoursAreOpenAreHandedOut(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("west", 10)
		q.open("east", 60, zone(makassar))
		q.open("lapul", 90, campaign("fresh-lapul"))
		q.want(q.order(ani, ticket.Pool("callback", jakarta)), "west", "only Jakarta")
		if _, err := q.tryClaim(ani, ticket.Pool("callback", jakarta)); !fault.Is(err, fault.Missing) {
			t.Errorf("got %v, want nothing waiting", err)
		}
		q.want(q.order(ani, ticket.Pool("callback", makassar)), "east", "only Makassar")
		q.do(func(tx *db.Tx) error {
			zones, err := ticket.Zones(tx, "callback")
			q.want(zones, []string{jakarta, makassar}, "zones with tickets")
			return err
		})
	})
}

// Decisions.md 3: a promise is its owner's: own due first, then the pool; past its while the pool may take it.
func TestAPromiseIsItsOwnersUntilItsWhileIsOver(t *testing.T) {
	onQueue(t, func(q *queue) {
		at := q.clock.Now().Add(time.Hour)
		q.open("one", 10)
		h := q.claim(ani)
		q.settle(h, ticket.Settlement{Outcome: "again", Means: []string{"call-again"}, AgainAt: at, Promise: true, Owner: ani, OwnerUntil: at.Add(15 * time.Minute)})
		q.clock.Set(at)
		if _, err := q.tryClaim(budi); !fault.Is(err, fault.Missing) {
			t.Fatalf("another agent: %v, want nothing waiting", err)
		}
		q.do(func(tx *db.Tx) error {
			mine, err := ticket.Promises(tx, ani, 10)
			q.want(len(mine), 1, "promises of the owner")
			late, err2 := ticket.Overdue(tx, 10)
			q.want(len(late), 0, "overdue")
			return errors.Join(err, err2)
		})
		q.clock.Advance(15*time.Minute - time.Millisecond)
		if _, err := q.tryClaim(budi); !fault.Is(err, fault.Missing) {
			t.Fatalf("a moment before: %v, want nothing waiting", err)
		}
		q.clock.Advance(time.Millisecond)
		q.do(func(tx *db.Tx) error {
			late, err := ticket.Overdue(tx, 10)
			q.want(len(late), 1, "the leader sees it overdue")
			return err
		})
		q.want(q.claim(budi).Ref, "one", "back in the pool")
	})
}

func TestOnesOwnPromiseComesBeforeAnOlderOneOfThePool(t *testing.T) {
	onQueue(t, func(q *queue) {
		at := q.clock.Now().Add(time.Hour)
		q.open("pools", 1, requested(at.Add(-time.Minute)))
		q.open("mine", 10)
		h := q.claim(ani)
		q.settle(h, ticket.Settlement{Outcome: "again", AgainAt: at, Promise: true, Owner: ani, OwnerUntil: at.Add(15 * time.Minute)})
		q.clock.Set(at)
		q.want(q.order(ani), "mine pools", "order")
	})
}

func TestATicketDealtToAPersonIsTheirsAloneAndCanBeFinished(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("dealt", 10, dealtTo(ani))
		if _, err := q.tryClaim(budi); !fault.Is(err, fault.Missing) {
			t.Fatalf("another agent: %v, want nothing waiting", err)
		}
		h := q.claim(ani)
		q.want(h.Ref, "dealt", "theirs")
		q.settle(h, closed)
		lease, err := q.undo(h)
		if err != nil {
			t.Fatal(err)
		}
		h.token = lease.Token
		q.want(q.get(h.ID).Owner, ani, "owner after the undo")
		if err := q.release(h); err != nil {
			t.Fatal(err)
		}
		q.clock.Advance(300 * 24 * time.Hour)
		if _, err := q.tryClaim(budi); !fault.Is(err, fault.Missing) {
			t.Fatalf("months later: %v, want nothing waiting", err)
		}
	})
}
