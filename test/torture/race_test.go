package torture

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
	"sapa/internal/ticket"
)

const (
	claimsPerDatabase = 9_500
	claimsPerPlan     = 1_200
	leastOperations   = 20_000 // recorded per database, all kinds
)

// verdict is what the models and the order say of a history.
type verdict struct {
	customers, agents porcupine.CheckResult
	overlooked        []string
}

func judge(h *history) verdict {
	v := verdict{customers: porcupine.Ok, agents: porcupine.Ok}
	for _, part := range h.by(ofSubject) {
		if r := porcupine.CheckOperationsTimeout(oneCustomerOneCall, part, time.Minute); r != porcupine.Ok {
			v.customers = r
		}
	}
	for _, part := range h.by(ofAgent) {
		if r := porcupine.CheckOperationsTimeout(oneAgentOneTicket, part, time.Minute); r != porcupine.Ok {
			v.agents = r
		}
	}
	v.overlooked, _ = overlooked(h)
	return v
}

func sound(t *testing.T, f *floor) {
	t.Helper()
	v := judge(f.h)
	_, checked := overlooked(f.h)
	t.Logf("%d operations: %d claims (%d fresh or empty and held against the order), %d renewals, %d releases, %d results, %d lapses; %d told that it is crowded",
		f.h.count(""), f.h.count(claim), checked, f.h.count(renew), f.h.count(release), f.h.count(settle), f.h.count(lapse), f.crowded.Load())
	if v.customers != porcupine.Ok {
		t.Errorf("one customer, one call: %s", v.customers)
	}
	if v.agents != porcupine.Ok {
		t.Errorf("one agent, one ticket: %s", v.agents)
	}
	for i, w := range v.overlooked {
		if i < 5 {
			t.Error(w)
		}
	}
}

// SOP 5.2.4.longest: atomic, one owner - under any race. Trust G1.
func TestNoRaceGivesWhatOnlyOneMayHave(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		f := newFloor(t, s, c)
		f.run(1, claimsPerDatabase)
		sound(t, f)
		if n := f.h.count(""); n < leastOperations {
			t.Errorf("%d operations recorded, want %d at least", n, leastOperations)
		}
	})
}

// Store.md b: what a planner may choose must not change who gets what.
func TestNoPlanGivesWhatOnlyOneMayHave(t *testing.T) {
	dbtest.EachPlan(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		f := newFloor(t, s, c)
		f.run(2, claimsPerPlan)
		sound(t, f)
	}, "plan_cache_mode=force_generic_plan", "plan_cache_mode=force_custom_plan", "enable_hashjoin=off", "enable_mergejoin=off", "enable_seqscan=off")
}

// Store.md b.3: statistics of hold taken when it is empty, or full, lead to other plans.
func TestNoStatisticsGiveWhatOnlyOneMayHave(t *testing.T) {
	for name, full := range map[string]bool{"empty": false, "full": true} {
		t.Run(name, func(t *testing.T) {
			dbtest.EachPlan(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
				f := newFloor(t, s, c)
				if full {
					f.fill(2_000)
				}
				f.analyze()
				if full {
					f.empty()
				}
				f.run(3, claimsPerPlan)
				sound(t, f)
			}, "plan_cache_mode=force_generic_plan", "plan_cache_mode=force_custom_plan")
		})
	}
}

// analyze takes the statistics now and for good: PostgreSQL may not take others meanwhile.
func (f *floor) analyze() {
	f.Helper()
	for _, table := range []string{"hold", "ticket"} {
		for _, act := range []string{"ALTER TABLE " + table + " SET (autovacuum_enabled = false)", "ANALYZE " + table} {
			if _, err := f.store.Raw().Exec(act); err != nil {
				f.Fatal(err)
			}
		}
	}
}

// fill puts tickets of another pool into as many hands.
func (f *floor) fill(n int) {
	f.Helper()
	err := f.store.Write(context.Background(), func(tx *db.Tx) error {
		for i := range n {
			if _, err := tx.Exec(`INSERT INTO hold(subject, ticket, agent, token, until) VALUES ($1, $2, $2, 'x', $3)`, "customer:other-"+db.ID(i).String(), 1_000_000+i, db.Millis(tx.Now)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		f.Fatal(err)
	}
}

func (f *floor) empty() {
	f.Helper()
	err := f.store.Write(context.Background(), func(tx *db.Tx) error { _, err := tx.Exec(`DELETE FROM hold`); return err })
	if err != nil {
		f.Fatal(err)
	}
}

// The check itself can fail: a claim that now and then takes a ticket out of another hand is seen.
func TestAPlantedDoubleClaimIsSeen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		f := newFloor(t, s, c)
		var turns atomic.Int64 // on PostgreSQL claims run beside each other
		f.claim = func(tx *db.Tx, agent db.ID, pools []string) (ticket.Ticket, ticket.Lease, error) {
			holds, err := ticket.Holds(tx)
			if turn := turns.Add(1); err != nil || turn%200 != 0 || len(holds) == 0 || holds[0].Agent == agent {
				return ticket.Claim(tx, agent, pools)
			}
			if _, _, held, err := ticket.Held(tx, agent); err != nil || held {
				return ticket.Claim(tx, agent, pools)
			}
			lease := ticket.Lease{Token: "stolen" + db.ID(turns.Load()).String(), Until: tx.Now.Add(ticket.LeaseFor)}
			if _, err := tx.Exec(`UPDATE hold SET agent = $2, token = $3, until = $4 WHERE ticket = $1`, holds[0].Ticket, agent, lease.Token, db.Millis(lease.Until)); err != nil {
				return ticket.Ticket{}, ticket.Lease{}, fault.New(fault.Busy, "ticket.crowded").Because(err) // the agent's other window was faster
			}
			stolen, err := ticket.Get(tx, holds[0].Ticket)
			return stolen, lease, err
		}
		f.run(4, 1_000)
		if v := judge(f.h); v.customers != porcupine.Illegal {
			t.Errorf("nobody saw the double claims: %+v", v.customers)
		}
	})
}

// The check itself can fail: a claim that now and then overlooks two pools is seen.
func TestAPlantedWrongOrderIsSeen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		f := newFloor(t, s, c)
		f.claim = func(tx *db.Tx, agent db.ID, pools []string) (ticket.Ticket, ticket.Lease, error) {
			t, lease, err := ticket.Claim(tx, agent, pools[:1])
			if fault.Is(err, fault.Missing) {
				return ticket.Claim(tx, agent, pools)
			}
			return t, lease, err
		}
		f.run(5, 1_000)
		v := judge(f.h)
		if v.customers != porcupine.Ok || len(v.overlooked) == 0 {
			t.Errorf("customers %s, %d overlooked: want the wrong order seen, and nothing else", v.customers, len(v.overlooked))
		}
	})
}
