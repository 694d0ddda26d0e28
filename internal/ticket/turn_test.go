package ticket_test

import (
	"sync"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/ticket"
)

var rev3 = ticket.Pin{Code: "callback", Revision: 3, Hash: "three"}

func (q *queue) draft(h hand, version int64, answers map[string]string) (next int64, err error) {
	err = q.try(func(tx *db.Tx) error {
		next, err = ticket.KeepDraft(tx, h.turn.ID, version, answers)
		return err
	})
	return next, err
}

// under begins the turn of whatever comes next under a revision in force.
func (q *queue) under(agent db.ID, pin ticket.Pin) (h hand) {
	q.Helper()
	q.do(func(tx *db.Tx) error {
		t, lease, err := ticket.Claim(tx, agent, everywhere())
		if err != nil {
			return err
		}
		h = hand{Ticket: t, agent: agent, token: lease.Token}
		h.turn, err = ticket.BeginTurn(tx, t.ID, agent, pin)
		return err
	})
	return h
}

// Field C: nothing typed is lost - the draft goes on with the next one, once under the revision it was typed for
// (decisions.md 5).
func TestADraftGoesOnOnceUnderTheRevisionItWasTypedFor(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("one", 20)
		h := q.under(ani, rev2)
		if _, err := q.draft(h, 1, map[string]string{"analysis": "redaman tinggi"}); err != nil {
			t.Fatal(err)
		}
		if err := q.release(h); err != nil {
			t.Fatal(err)
		}
		second := q.under(budi, rev3)
		q.want(second.turn.Answers["analysis"], "redaman tinggi", "draft")
		q.want(second.turn.Pin, rev2, "the revision it was typed for")
		if err := q.release(second); err != nil {
			t.Fatal(err)
		}
		third := q.under(ani, rev3)
		q.want(third.turn.Answers["analysis"], "redaman tinggi", "draft, again")
		q.want(third.turn.Pin, rev3, "once is enough: the revision in force")
		if err := q.release(third); err != nil {
			t.Fatal(err)
		}
		fourth := q.under(budi, rev2)
		q.want(fourth.turn.Pin, rev3, "a draft typed under the new one keeps it once as well")
	})
}

func TestAnEmptyDraftTakesTheRevisionInForce(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("one", 20)
		h := q.under(ani, rev2)
		if err := q.release(h); err != nil {
			t.Fatal(err)
		}
		q.want(q.under(budi, rev3).turn.Pin, rev3, "pin")
	})
}

func TestARetryStartsWithoutADraftUnderTheRevisionInForce(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("one", 20)
		h := q.under(ani, rev2)
		if _, err := q.draft(h, 1, map[string]string{"status": "rna"}); err != nil {
			t.Fatal(err)
		}
		q.settle(h, ticket.Settlement{Outcome: "rna", Answers: map[string]string{"status": "rna"}, AgainAt: q.clock.Now().Add(time.Hour)})
		q.clock.Advance(time.Hour)
		second := q.under(budi, rev3)
		q.want(second.turn.Pin, rev3, "pin")
		q.want(len(second.turn.Answers), 0, "answers")
	})
}

// Decisions.md, House: one draft per turn, field and version, on the server.
func TestADraftOfAnOlderVersionIsRefused(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("one", 20)
		h := q.claim(ani)
		next, err := q.draft(h, 1, map[string]string{"a": "1"})
		if err != nil || next != 2 {
			t.Fatalf("got version %d, %v", next, err)
		}
		_, err = q.draft(h, 1, map[string]string{"a": "2"})
		q.refused(err, fault.Conflict, "ticket.draft-stale")
		q.do(func(tx *db.Tx) error {
			turn, err := ticket.TurnOf(tx, h.ID)
			q.want(turn.Answers["a"], "1", "kept")
			q.want(turn.Draft, 2, "version")
			return err
		})
		q.settle(h, closed)
		_, err = q.draft(h, 2, map[string]string{"a": "3"})
		q.refused(err, fault.Conflict, "ticket.draft-stale")
	})
}

func TestADraftLeftBehindByALapseIsOutOfReachOfItsLateHolder(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("one", 20)
		h := q.claim(ani)
		q.clock.Advance(10 * time.Minute)
		q.lapse(nil)
		_, err := q.draft(h, 1, map[string]string{"a": "late"})
		q.refused(err, fault.Conflict, "ticket.draft-stale")
	})
}

// SOP 5.2.4.note: the note was read, and when.
func TestReadingTheNoteIsKeptOnce(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("one", 20)
		h := q.claim(ani)
		first := q.clock.Now()
		for range 2 {
			q.do(func(tx *db.Tx) error { return ticket.MarkRead(tx, h.turn.ID) })
			q.clock.Advance(time.Minute)
		}
		q.do(func(tx *db.Tx) error {
			turn, err := ticket.TurnOf(tx, h.ID)
			q.want(turn.ReadAt, first, "read at")
			return err
		})
	})
}

func TestTurnsAreFoundAgainBySubjectAgentAndTicket(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("one", 20, customer(7))
		q.open("two", 10, customer(7), campaign("fresh-lapul"))
		start := q.clock.Now()
		midnight := start.Add(-2 * time.Hour)
		var hands []hand
		for range 2 {
			h := q.claim(ani)
			hands = append(hands, h)
			q.settle(h, closed)
			q.clock.Advance(time.Minute)
		}
		q.do(func(tx *db.Tx) error {
			past, err := ticket.TurnsOfSubject(tx, "customer:7", 10)
			if err != nil {
				return err
			}
			q.want(len(past), 2, "turns of the subject")
			q.want(past[0].Ref+" "+past[1].Ref, "two one", "newest first")
			q.want(past[0].Outcome, "solved", "outcome")
			q.want(past[0].Means, []string{"reached-decider"}, "means")
			since, err := ticket.FinishedBy(tx, ani, start.Add(time.Second), 10)
			if err != nil {
				return err
			}
			q.want(len(since), 1, "finished since")
			last, err := ticket.LastFinished(tx, hands[0].ID, ani)
			if err != nil {
				return err
			}
			q.want(last.ID, hands[0].turn.ID, "last finished")
			_, err = ticket.LastFinished(tx, hands[0].ID, budi)
			q.want(fault.Is(err, fault.Missing), true, "not somebody else's")
			same, err := ticket.SettledSince(tx, hands[0].ID, midnight)
			if err != nil {
				return err
			}
			q.want(same, true, "settled today")
			same, err = ticket.SettledSince(tx, hands[0].ID, start.Add(time.Second))
			q.want(same, false, "settled since")
			return err
		})
	})
}

func TestTheLastTurnIsTheNewestWhateverBecameOfIt(t *testing.T) {
	onQueue(t, func(q *queue) {
		one := q.open("one", 20)
		last := func() (turn ticket.Turn, there bool) {
			q.do(func(tx *db.Tx) (err error) {
				turn, there, err = ticket.LastTurn(tx, one.ID)
				return err
			})
			return turn, there
		}
		if _, there := last(); there {
			t.Error("a turn before anybody claimed it")
		}
		h := q.claim(ani)
		if err := q.release(h); err != nil {
			t.Fatal(err)
		}
		turn, there := last()
		q.want(there && turn.ID == h.turn.ID && turn.EndedAt.Equal(q.clock.Now()), true, "the one given back")
	})
}

// Two windows of one agent that ask for the next ticket at once are handed one ticket and one turn.
func TestAClaimAskedForTwiceAtOnceIsOneTurn(t *testing.T) {
	onQueue(t, func(q *queue) {
		one := q.open("one", 20)
		q.open("two", 10)
		var group sync.WaitGroup
		turns := make([]db.ID, 8)
		for i := range turns {
			group.Go(func() {
				err := q.try(func(tx *db.Tx) error {
					got, _, err := ticket.Claim(tx, ani, everywhere())
					if err != nil {
						return err
					}
					q.want(got.ID, one.ID, "ticket")
					turn, err := ticket.BeginTurn(tx, got.ID, ani, rev2)
					turns[i] = turn.ID
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		for _, id := range turns {
			q.want(id, turns[0], "turn")
		}
	})
}
