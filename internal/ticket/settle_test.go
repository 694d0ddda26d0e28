package ticket_test

import (
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phone"
	"sapa/internal/ticket"
)

// SOP 5.2.11.d: the save closes the ticket or puts it back, with its time.
func TestAClosedTicketLeavesTheQueueWithAReason(t *testing.T) {
	for _, reason := range []string{"done", "junk", "ended-by-system"} {
		t.Run(reason, func(t *testing.T) {
			onQueue(t, func(q *queue) {
				q.open("one", 20)
				h := q.claim(ani)
				q.clock.Advance(time.Minute)
				done := q.settle(h, ticket.Settlement{Outcome: "x", Close: reason})
				stored := q.get(h.ID)
				for _, got := range []ticket.Ticket{done, stored} {
					q.want(got.State, ticket.Closed, "state")
					q.want(got.ClosedReason, reason, "reason")
					q.want(got.ClosedAt, q.clock.Now(), "closed at")
					q.want(got.Attempts, 1, "attempts")
					q.want(got.Outcome, "x", "outcome")
				}
				q.want(q.next(budi), "", "next")
			})
		})
	}
}

func TestASettlementGoesOneWay(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("one", 20)
		h := q.claim(ani)
		at := q.clock.Now().Add(time.Hour)
		for name, s := range map[string]ticket.Settlement{
			"no way":    {Outcome: "x"},
			"two ways":  {Outcome: "x", Close: "done", AgainAt: at},
			"all ways":  {Outcome: "x", Close: "done", AgainAt: at, LeaderOwns: true},
			"no reason": {Outcome: "x", Close: "bored"},
		} {
			if _, err := q.trySettle(h, s); err == nil {
				t.Errorf("%s was stored", name)
			}
		}
		q.want(q.get(h.ID).Version, h.Version, "untouched")
		q.settle(h, closed)
	})
}

// tries used up - the ticket waits with the leader, in nobody's queue, until the leader decides.
func TestExhaustedRetriesWaitWithTheLeader(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("again", 20)
		q.open("end", 10)
		for range 2 {
			q.settle(q.claim(ani), ticket.Settlement{Outcome: "rna", LeaderOwns: true})
		}
		q.want(q.next(ani), "", "in nobody's queue")
		var waiting []ticket.Ticket
		q.do(func(tx *db.Tx) (err error) {
			waiting, err = ticket.ForLeader(tx, 10)
			return err
		})
		if len(waiting) != 2 {
			t.Fatalf("%d wait with the leader, want 2", len(waiting))
		}
		q.do(func(tx *db.Tx) error { _, err := ticket.Requeue(tx, actor(lia), waiting[0].ID); return err })
		q.do(func(tx *db.Tx) error {
			ended, err := ticket.End(tx, actor(lia), waiting[1].ID, "done")
			q.want(ended.State, ticket.Closed, "ended")
			return err
		})
		for _, id := range []db.ID{waiting[0].ID, waiting[1].ID} {
			q.refused(q.try(func(tx *db.Tx) error { _, err := ticket.Requeue(tx, actor(lia), id); return err }), fault.Conflict, "ticket.not-leaders")
			q.refused(q.try(func(tx *db.Tx) error { _, err := ticket.End(tx, actor(lia), id, "done"); return err }), fault.Conflict, "ticket.not-leaders")
		}
		q.want(q.order(budi), "again", "another round")
	})
}

// SOP 5.2.11.b1.not-valid: a dead number is marked, and the next good one is called.
func TestADeadNumberGoesLastAndTheNextOneFirst(t *testing.T) {
	onQueue(t, func(q *queue) {
		first, second := phone.Number("+628999000001"), phone.Number("+628999000002")
		q.open("one", 20, contact(first), also(second))
		after := q.settle(q.claim(ani), ticket.Settlement{Outcome: "not-valid", AgainAt: q.clock.Now().Add(time.Minute), FlagContact: first})
		q.want(after.Contact, second, "to call first")
		want := []ticket.Contact{{Phone: second}, {Phone: first, Bad: true}}
		q.want(after.Contacts, want, "contacts")
		q.clock.Advance(time.Minute)
		after = q.settle(q.claim(ani), ticket.Settlement{Outcome: "not-valid", Close: "done", FlagContact: second})
		q.want(after.Contacts[0].Bad && after.Contacts[1].Bad, true, "all are dead")
	})
}

// SOP 5.2.7: the number given during the call is the next one to dial.
func TestANumberGivenDuringTheCallIsCalledFirst(t *testing.T) {
	onQueue(t, func(q *queue) {
		first, given := phone.Number("+628999000001"), phone.Number("+628999000009")
		q.open("one", 20, contact(first))
		after := q.settle(q.claim(ani), ticket.Settlement{Outcome: "again", AgainAt: q.clock.Now().Add(time.Minute), NewContact: given})
		q.want(after.Contact, given, "to call first")
		q.want(after.Contacts, []ticket.Contact{{Phone: given}, {Phone: first}}, "contacts")
		q.want(q.search(everything, "08999000009"), "one ", "found by the new number")
	})
}

// Decisions.md 6: undo puts back everything the result has moved.
func TestUndoRestoresTheTicketAsItWas(t *testing.T) {
	first, second := phone.Number("+628999000001"), phone.Number("+628999000002")
	results := map[string]ticket.Settlement{
		"closed":  {Outcome: "solved", Means: []string{"reached-decider"}, Answers: map[string]string{"status": "contacted"}, Close: "done", FlagContact: first},
		"promise": {Outcome: "again", Answers: map[string]string{"status": "contacted"}, AgainAt: time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC), Promise: true, Owner: ani, OwnerUntil: time.Date(2026, 11, 24, 2, 15, 0, 0, time.UTC), NewContact: "+628999000003"},
		"retry":   {Outcome: "rna", Answers: map[string]string{"status": "contacted"}, AgainAt: time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)},
		"leader":  {Outcome: "rna", Answers: map[string]string{"status": "contacted"}, LeaderOwns: true},
	}
	befores := map[string]func(q *queue, id db.ID){
		"plain": func(*queue, db.ID) {},
		"raised": func(q *queue, id db.ID) {
			q.do(func(tx *db.Tx) error {
				_, err := ticket.Raise(tx, actor(lia), id, q.clock.Now().Add(time.Hour))
				return err
			})
		},
		"promised": func(q *queue, id db.ID) {
			at := q.clock.Now().Add(time.Minute)
			q.settle(q.claim(ani), ticket.Settlement{Outcome: "again", AgainAt: at, Promise: true, Owner: ani, OwnerUntil: at.Add(15 * time.Minute)})
			q.clock.Set(at)
		},
		"dealt": func(q *queue, id db.ID) {},
	}
	onQueue(t, func(q *queue) {
		for kind, prepare := range befores {
			for name, result := range results {
				ref := kind + " " + name
				change := []func(*ticket.New){contact(first), also(second)}
				if kind == "dealt" {
					change = append(change, dealtTo(ani))
				}
				prepare(q, q.open(ref, 20, change...).ID)
				q.undoes(ref, result)
			}
		}
	})
}

// undoes gives a result to the next ticket, takes it back and wants everything as before.
func (q *queue) undoes(ref string, result ticket.Settlement) {
	q.Helper()
	h := q.claim(ani)
	q.want(h.Ref, ref, "claimed")
	if _, err := q.draft(h, 1, map[string]string{"status": "contacted"}); err != nil {
		q.Fatal(err)
	}
	before := q.get(h.ID)
	settled := q.settle(h, result)
	q.clock.Advance(3 * time.Second)
	lease, err := q.undo(h)
	if err != nil {
		q.Fatalf("%s: %v", ref, err)
	}
	after := q.get(h.ID)
	q.want(after.Version, settled.Version+1, ref+": version goes on")
	after.Version = before.Version
	q.want(after, before, ref+": ticket")
	q.want(lease.Token != h.token && lease.Until.Equal(q.clock.Now().Add(ticket.LeaseFor)), true, ref+": a fresh lease")
	q.do(func(tx *db.Tx) error {
		turn, err := ticket.TurnOf(tx, h.ID)
		if err != nil {
			return err
		}
		q.want(turn.ID, h.turn.ID, ref+": the same turn goes on")
		q.want(turn.Answers, map[string]string{"status": "contacted"}, ref+": draft")
		past, err := ticket.FinishedBy(tx, ani, before.OpenedAt, 100)
		for _, p := range past {
			q.want(p.ID != h.turn.ID, true, ref+": no result is left of it")
		}
		return err
	})
	q.refused(lateSettle(q, h), fault.Conflict, "ticket.lease-lost")
	h.token = lease.Token
	q.settle(h, closed)
}

func lateSettle(q *queue, h hand) error {
	_, err := q.trySettle(h, closed)
	return err
}

func TestAnUndoneResultCanBeGivenAndUndoneAgain(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("one", 20)
		h := q.claim(ani)
		for range 3 {
			q.settle(h, closed)
			lease, err := q.undo(h)
			if err != nil {
				t.Fatal(err)
			}
			h.token = lease.Token
		}
		q.settle(h, closed)
		q.do(func(tx *db.Tx) error {
			var all, kept int
			err := tx.Row(`SELECT count(*), count(*) FILTER (WHERE undone_at = 0) FROM outcome WHERE turn = $1`, h.turn.ID).Scan(&all, &kept)
			q.want(all, 4, "outcomes are facts: the undone ones stay")
			q.want(kept, 1, "one counts")
			return err
		})
		q.want(q.get(h.ID).Attempts, 1, "attempts")
	})
}

// Decisions.md 6: nobody else holds the subject and nothing was built on it, else it is a correction with a reason.
func TestUndoIsRefusedOnceSomethingWasBuiltOnIt(t *testing.T) {
	again := func(q *queue) ticket.Settlement {
		return ticket.Settlement{Outcome: "rna", AgainAt: q.clock.Now().Add(time.Second)}
	}
	cases := map[string]struct {
		result func(q *queue) ticket.Settlement
		then   func(q *queue, h hand)
		key    string
	}{
		"claimed by another": {again, func(q *queue, h hand) { q.clock.Advance(2 * time.Second); q.claim(budi) }, "ticket.built-on"},
		"claimed and given back": {again, func(q *queue, h hand) {
			q.clock.Advance(2 * time.Second)
			if err := q.release(q.claim(budi)); err != nil {
				q.Fatal(err)
			}
		}, "ticket.built-on"},
		"raised": {again, func(q *queue, h hand) {
			q.clock.Advance(2 * time.Second)
			q.open("other", 100)
			q.next(budi)
			q.do(func(tx *db.Tx) error {
				_, err := ticket.Raise(tx, actor(lia), h.ID, q.clock.Now().Add(time.Hour))
				return err
			})
		}, "ticket.built-on"},
		"decided by the leader": {func(*queue) ticket.Settlement { return ticket.Settlement{Outcome: "rna", LeaderOwns: true} }, func(q *queue, h hand) {
			q.do(func(tx *db.Tx) error { _, err := ticket.Requeue(tx, actor(lia), h.ID); return err })
		}, "ticket.built-on"},
		"the customer is in another hand": {func(*queue) ticket.Settlement { return closed }, func(q *queue, h hand) {
			q.open("sibling", 1, customer(7), campaign("fresh-lapul"))
			q.want(q.claim(budi).Ref, "sibling", "claimed")
		}, "ticket.held-by-other"},
		"the agent holds another": {func(*queue) ticket.Settlement { return closed }, func(q *queue, h hand) {
			q.open("other", 1)
			q.want(q.claim(ani).Ref, "other", "claimed")
		}, "ticket.held-by-other"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			onQueue(t, func(q *queue) {
				q.open("one", 20, customer(7))
				h := q.claim(ani)
				q.settle(h, c.result(q))
				c.then(q, h)
				before := q.get(h.ID)
				_, err := q.undo(h)
				q.refused(err, fault.Conflict, c.key)
				q.want(q.get(h.ID), before, "untouched")
			})
		})
	}
}

func TestOnlyTheOneWhoGaveAResultUndoesItAndOnlyOnce(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("one", 20)
		h := q.claim(ani)
		_, err := q.undo(h)
		q.refused(err, fault.Missing, "db.no-row")
		q.settle(h, closed)
		other := h
		other.agent = budi
		_, err = q.undo(other)
		q.refused(err, fault.Missing, "db.no-row")
		if _, err := q.undo(h); err != nil {
			t.Fatal(err)
		}
		_, err = q.undo(h)
		q.refused(err, fault.Missing, "db.no-row")
	})
}
