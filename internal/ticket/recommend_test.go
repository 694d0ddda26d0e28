package ticket_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/ticket"
)

const tina = db.ID(1) // Tier 1

func (q *queue) ask(callS int) (r ticket.Recommendation) {
	q.Helper()
	q.do(func(tx *db.Tx) (err error) {
		r, err = ticket.AskRecommendation(tx, actor(tina), "152999000007", callS, "berbelit")
		return err
	})
	return r
}

func (q *queue) decide(id db.ID, grant bool) error {
	return q.try(func(tx *db.Tx) error {
		_, err := ticket.DecideRecommendation(tx, actor(lia), id, grant, "jelaskan dulu")
		return err
	})
}

func (q *queue) spend(by, id, on db.ID) error {
	return q.try(func(tx *db.Tx) error { return ticket.UseRecommendation(tx, actor(by), id, on) })
}

// SOP 5.2.1.f: a leader's word is asked for, given once, and serves for one ticket of the one who asked.
func TestARecommendationIsAskedGrantedAndUsedOnce(t *testing.T) {
	onQueue(t, func(q *queue) {
		r := q.ask(601)
		q.refused(q.spend(tina, r.ID, 77), fault.Invalid, "ticket.recommendation-missing")
		q.clock.Advance(time.Minute)
		if err := q.decide(r.ID, true); err != nil {
			t.Fatal(err)
		}
		q.refused(q.decide(r.ID, false), fault.Conflict, "ticket.recommendation-decided")
		q.refused(q.spend(ani, r.ID, 77), fault.Invalid, "ticket.recommendation-missing")
		if err := q.spend(tina, r.ID, 77); err != nil {
			t.Fatal(err)
		}
		q.refused(q.spend(tina, r.ID, 78), fault.Invalid, "ticket.recommendation-missing")
		q.do(func(tx *db.Tx) error {
			got, err := ticket.GetRecommendation(tx, r.ID)
			want := ticket.Recommendation{ID: r.ID, AskedBy: tina, AskedAt: r.AskedAt, Leader: lia, State: "used", ServiceNo: "152999000007", CallS: 601,
				Reason: "berbelit", DecidedAt: q.clock.Now(), Why: "jelaskan dulu", Ticket: 77}
			q.want(got, want, "kept")
			return err
		})
	})
}

// SOP 5.2.1.f: a refusal cannot be spent.
func TestARefusedRecommendationServesForNothing(t *testing.T) {
	onQueue(t, func(q *queue) {
		r := q.ask(900)
		if err := q.decide(r.ID, false); err != nil {
			t.Fatal(err)
		}
		q.refused(q.spend(tina, r.ID, 77), fault.Invalid, "ticket.recommendation-missing")
		q.refused(q.decide(r.ID, true), fault.Conflict, "ticket.recommendation-decided")
		q.refused(q.decide(4711, true), fault.Missing, "db.no-row")
	})
}

// SOP 5.2.1.f: whoever asked is owed a reason for a no; a yes needs none.
func TestARefusalSaysWhy(t *testing.T) {
	onQueue(t, func(q *queue) {
		r := q.ask(900)
		say := func(grant bool, why string) error {
			return q.try(func(tx *db.Tx) error {
				_, err := ticket.DecideRecommendation(tx, actor(lia), r.ID, grant, why)
				return err
			})
		}
		for _, why := range []string{"", "  ya  ", strings.Repeat("é", 501)} {
			q.refused(say(false, why), fault.Invalid, "ticket.refusal-why")
		}
		q.refused(say(true, strings.Repeat("é", 501)), fault.Invalid, "ticket.refusal-why")
		if err := say(false, " "+strings.Repeat("é", 500)+"\n"); err != nil {
			t.Fatal(err)
		}
		q.do(func(tx *db.Tx) error {
			got, err := ticket.GetRecommendation(tx, r.ID)
			q.want(got.State+" "+got.Why, "refused "+strings.Repeat("é", 500), "what the asker reads")
			return err
		})
		if r = q.ask(900); say(true, "") != nil {
			t.Error("a yes was asked for its reason")
		}
	})
}

func TestOneTicketTakesOneRecommendation(t *testing.T) {
	onQueue(t, func(q *queue) {
		for i := range 2 {
			r := q.ask(900)
			if err := q.decide(r.ID, true); err != nil {
				t.Fatal(err)
			}
			if err := q.spend(tina, r.ID, 77); (i == 0) != (err == nil) || (err != nil && !fault.Is(err, fault.Conflict)) {
				t.Errorf("recommendation %d: %v", i+1, err)
			}
		}
	})
}

func TestRecommendationsAreListedForTheLeaderAndTheAsker(t *testing.T) {
	onQueue(t, func(q *queue) {
		first, second := q.ask(700), q.ask(800)
		if err := q.decide(first.ID, true); err != nil {
			t.Fatal(err)
		}
		q.do(func(tx *db.Tx) error {
			asked, _, err := ticket.Recommendations(tx, "asked", 0, 10)
			if err != nil {
				return err
			}
			q.want(len(asked) == 1 && asked[0].ID == second.ID, true, "open questions")
			mine, _, err := ticket.MyRecommendations(tx, tina, q.clock.Now().Add(-time.Minute), 0, 10)
			q.want(len(mine) == 2 && mine[0].ID == second.ID, true, "the asker's, newest first")
			return err
		})
	})
}

// SOP 5.2.1.f: no question is out of a leader's reach because others were asked before it.
func TestRecommendationsAreReachedPageByPage(t *testing.T) {
	onQueue(t, func(q *queue) {
		var all []db.ID
		for range 7 {
			all = append(all, q.ask(700).ID)
		}
		walk := func(page func(tx *db.Tx, after db.ID) ([]ticket.Recommendation, db.ID, error)) (ids []db.ID, pages int) {
			q.do(func(tx *db.Tx) error {
				for after := db.ID(0); pages == 0 || after != 0; pages++ {
					some, next, err := page(tx, after)
					if err != nil || pages > 9 {
						return fmt.Errorf("page %d: %w", pages, err)
					}
					for _, r := range some {
						ids = append(ids, r.ID)
					}
					after = next
				}
				return nil
			})
			return ids, pages
		}
		for limit, want := range map[int]int{3: 3, 7: 1, 6: 2} {
			ids, pages := walk(func(tx *db.Tx, after db.ID) ([]ticket.Recommendation, db.ID, error) {
				return ticket.Recommendations(tx, "asked", after, limit)
			})
			q.want(ids, all, "all, oldest first")
			q.want(pages, want, "pages")
			ids, pages = walk(func(tx *db.Tx, after db.ID) ([]ticket.Recommendation, db.ID, error) {
				return ticket.MyRecommendations(tx, tina, q.clock.Now(), after, limit)
			})
			slices.Reverse(ids)
			q.want(ids, all, "one's own, newest first")
			q.want(pages, want, "pages of one's own")
		}
	})
}

func TestARecommendationWithoutMeasureIsRefused(t *testing.T) {
	onQueue(t, func(q *queue) {
		for _, c := range []struct {
			callS  int
			reason string
			key    string
		}{{-1, "", "ticket.call-length"}, {86_401, "", "ticket.call-length"}, {700, strings.Repeat("é", 501), "ticket.reason-long"}} {
			err := q.try(func(tx *db.Tx) error {
				_, err := ticket.AskRecommendation(tx, actor(tina), "", c.callS, c.reason)
				return err
			})
			q.refused(err, fault.Invalid, c.key)
		}
	})
}
