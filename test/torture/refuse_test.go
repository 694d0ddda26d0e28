package torture

import (
	"context"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
)

// row is what one table needs at least; each illegal case changes some of it.
type row map[string]any

func insert(table string, r row) (string, []any) {
	var columns, places []string
	var args []any
	for c, v := range r {
		columns = append(columns, c)
		args = append(args, v)
		places = append(places, "$"+db.ID(len(args)).String())
	}
	return "INSERT INTO " + table + "(" + strings.Join(columns, ", ") + ") VALUES (" + strings.Join(places, ", ") + ")", args
}

var good = map[string]row{
	"ticket": {"id": 1, "campaign": "callback", "ref": "A", "state": "waiting", "subject": "customer:1", "contacts": "[]", "zone": "Asia/Jakarta", "source": "api", "fields": "{}",
		"opened_at": 1, "opened_by": 1, "pool": "callback@Asia/Jakarta", "rank": 2, "order_at": 1, "awake": 1, "changed_at": 1},
	"hold":           {"subject": "customer:1", "ticket": 1, "agent": 1, "token": "x", "until": 1},
	"turn":           {"id": 1, "ticket": 1, "subject": "customer:1", "ref": "A", "agent": 1, "code": "callback", "revision": 2, "hash": "h", "claimed_at": 1, "answers": "{}"},
	"outcome":        {"id": 1, "turn": 1, "ticket": 1, "agent": 1, "campaign": "callback", "code": "x", "means": "", "at": 1, "follow": "closed", "closed_reason": "done", "before": "{}", "version": 2},
	"recommendation": {"id": 1, "asked_by": 1, "asked_at": 1, "state": "asked", "call_s": 601},
	"waker":          {"id": 2, "at": 0},
	"journal":        {"id": 1, "at": 1, "by_id": 1, "via": "page", "act": "x", "kind": "ticket", "ref": 1, "ticket": 1, "data": "{}", "seq": 1, "seal": "s"},
	"answered":       {"actor": 1, "key": "k", "digest": []byte("d"), "status": 200, "body": []byte{}, "at": 1},
}

// with is a good row with some columns changed.
func with(table string, change row) row {
	r := row{}
	for c, v := range good[table] {
		r[c] = v
	}
	for c, v := range change {
		r[c] = v
	}
	return r
}

// The store itself refuses what the code should never write.
func TestTheStoreRefusesIllegalCombinations(t *testing.T) {
	cases := []struct {
		what, table string
		change      row
		kind        fault.Kind
	}{
		{"an unknown state", "ticket", row{"id": 2, "ref": "B", "state": "lost", "awake": 0}, fault.Invalid},
		{"closed without a reason", "ticket", row{"id": 2, "ref": "B", "state": "closed", "awake": 0}, fault.Invalid},
		{"a reason without being closed", "ticket", row{"id": 2, "ref": "B", "closed_reason": "done"}, fault.Invalid},
		{"an unknown reason", "ticket", row{"id": 2, "ref": "B", "state": "closed", "closed_reason": "bored", "awake": 0}, fault.Invalid},
		{"awake and asleep", "ticket", row{"id": 2, "ref": "B", "wake_at": 5}, fault.Invalid},
		{"awake though claimed", "ticket", row{"id": 2, "ref": "B", "state": "claimed"}, fault.Invalid},
		{"awake though closed", "ticket", row{"id": 2, "ref": "B", "state": "closed", "closed_reason": "done"}, fault.Invalid},
		{"awake though the leader's", "ticket", row{"id": 2, "ref": "B", "leader": 1}, fault.Invalid},
		{"awake though parked", "ticket", row{"id": 2, "ref": "B", "state": "parked"}, fault.Invalid},
		{"asleep though claimed", "ticket", row{"id": 2, "ref": "B", "state": "claimed", "awake": 0, "wake_at": 5}, fault.Invalid},
		{"asleep though closed", "ticket", row{"id": 2, "ref": "B", "state": "closed", "closed_reason": "done", "awake": 0, "wake_at": 5}, fault.Invalid},
		{"asleep though raised", "ticket", row{"id": 2, "ref": "B", "awake": 0, "wake_at": 5, "rank": 1}, fault.Invalid},
		{"the leader's though closed", "ticket", row{"id": 2, "ref": "B", "state": "closed", "closed_reason": "done", "awake": 0, "leader": 1}, fault.Invalid},
		{"a rank of its own", "ticket", row{"id": 2, "ref": "B", "rank": 3}, fault.Invalid},
		{"half awake", "ticket", row{"id": 2, "ref": "B", "awake": 2}, fault.Invalid},
		{"no campaign", "ticket", row{"id": 2, "ref": "B", "campaign": nil}, fault.Invalid},
		{"the same number in the same campaign", "ticket", row{"id": 2}, fault.Conflict},
		{"the same id", "ticket", row{"ref": "B"}, fault.Conflict},
		{"two holds of one subject", "hold", row{"ticket": 2, "agent": 2}, fault.Conflict},
		{"two holds of one agent", "hold", row{"subject": "customer:2", "ticket": 2}, fault.Conflict},
		{"two holds of one ticket", "hold", row{"subject": "customer:2", "agent": 2}, fault.Conflict},
		{"a hold without a token", "hold", row{"subject": "customer:2", "ticket": 2, "agent": 2, "token": nil}, fault.Invalid},
		{"finished and given back", "turn", row{"id": 2, "finished_at": 1, "ended_at": 1}, fault.Invalid},
		{"two results of one turn", "outcome", row{"id": 2}, fault.Conflict},
		{"closed without saying why", "outcome", row{"id": 2, "turn": 2, "closed_reason": ""}, fault.Invalid},
		{"called again without a time", "outcome", row{"id": 2, "turn": 2, "follow": "again", "closed_reason": ""}, fault.Invalid},
		{"closed and called again", "outcome", row{"id": 2, "turn": 2, "again_at": 5}, fault.Invalid},
		{"the leader's with a time", "outcome", row{"id": 2, "turn": 2, "follow": "leader", "closed_reason": "", "again_at": 5}, fault.Invalid},
		{"a follow-up of its own", "outcome", row{"id": 2, "turn": 2, "follow": "lunch", "closed_reason": ""}, fault.Invalid},
		{"granted by nobody", "recommendation", row{"id": 2, "state": "granted"}, fault.Invalid},
		{"asked and decided", "recommendation", row{"id": 2, "leader": 9}, fault.Invalid},
		{"used on nothing", "recommendation", row{"id": 2, "state": "used", "leader": 9}, fault.Invalid},
		{"granted though used", "recommendation", row{"id": 2, "state": "granted", "leader": 9, "ticket": 7}, fault.Invalid},
		{"a call shorter than nothing", "recommendation", row{"id": 2, "call_s": -1}, fault.Invalid},
		{"a second waker", "waker", row{}, fault.Invalid},
		{"two rows at one place of the chain", "journal", row{"id": 2}, fault.Conflict},
		{"two answers to one key", "answered", row{}, fault.Conflict},
	}
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		put := func(table string, r row) error {
			query, args := insert(table, r)
			return s.Write(context.Background(), func(tx *db.Tx) error { _, err := tx.Exec(query, args...); return err })
		}
		for table := range good {
			if table == "waker" {
				continue
			}
			if err := put(table, good[table]); err != nil {
				t.Fatalf("a good %s: %v", table, err)
			}
		}
		for _, c := range cases {
			if err := put(c.table, with(c.table, c.change)); !fault.Is(err, c.kind) {
				t.Errorf("%s (%s): got %v, want %s", c.what, c.table, err, c.kind)
			}
		}
		err := s.Write(context.Background(), func(tx *db.Tx) error { _, err := tx.Exec(`UPDATE outcome SET undone_at = 1`); return err })
		if err != nil {
			t.Fatal(err)
		}
		if err := put("outcome", with("outcome", row{"id": 2})); err != nil {
			t.Errorf("after an undo a turn may have its result again: %v", err)
		}
	})
}
