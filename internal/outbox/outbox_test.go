package outbox_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/outbox"
	"sapa/internal/who"
)

var (
	ani  = who.Actor{ID: 7, Login: "ani", Role: who.Agent, Via: who.Page}
	tuti = who.Actor{ID: 8, Login: "tuti", Role: who.Leader, Via: who.Page}
)

type box struct {
	t *testing.T
	s *db.DB
	c *dbtest.Clock
}

func each(t *testing.T, f func(b box)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) { f(box{t, s, c}) })
}

func (b box) do(act func(tx *db.Tx) error) {
	b.t.Helper()
	if err := b.s.Write(context.Background(), act); err != nil {
		b.t.Fatal(err)
	}
}

func (b box) refused(kind fault.Kind, key, field string, act func(tx *db.Tx) error) {
	b.t.Helper()
	err := b.s.Write(context.Background(), act)
	if e := fault.Of(err); e == nil || e.Kind != kind || e.Key != key || e.Field != field {
		b.t.Errorf("%v, want %s %s at %q", err, kind, key, field)
	}
}

// promise makes the promises of one finish: what is written as APP:KIND, held for 8 s like the desk does.
func (b box) promise(ticket, turn db.ID, what ...string) (made []outbox.Promise) {
	b.t.Helper()
	b.do(func(tx *db.Tx) (err error) {
		var owed []outbox.Promise
		for _, w := range what {
			app, kind, _ := strings.Cut(w, ":")
			owed = append(owed, outbox.Promise{Ticket: ticket, Turn: turn, App: app, Kind: kind, Text: "Keterangan: Ibu Rekaan", Clause: "5.7.9", NotBefore: tx.Now.Add(8 * time.Second)})
		}
		made, err = outbox.Add(tx, ani, owed)
		return err
	})
	return made
}

func (b box) list(f outbox.Filter) string {
	b.t.Helper()
	var said []string
	b.do(func(tx *db.Tx) error {
		all, err := outbox.List(tx, f)
		for _, p := range all {
			said = append(said, fmt.Sprintf("%s/%s/%d/%s", p.App, p.Kind, p.Seq, p.State))
		}
		return err
	})
	return strings.Join(said, " ")
}

func done(id db.ID, reference string) func(tx *db.Tx) error {
	return func(tx *db.Tx) error { _, err := outbox.MarkDone(tx, ani, id, reference); return err }
}

func waive(id db.ID, why string) func(tx *db.Tx) error {
	return func(tx *db.Tx) error { _, err := outbox.Waive(tx, tuti, id, why); return err }
}

func withdraw(turn db.ID) func(tx *db.Tx) error {
	return func(tx *db.Tx) error { return outbox.Withdraw(tx, ani, turn) }
}

// SOP 5.7.9, 5.7.10: what a finish promised stays at home for 8 s, then shows in the order it was made.
func TestPromisesAreHeldWhileTheirTurnCanBeUndone(t *testing.T) {
	each(t, func(b box) {
		made := b.promise(1, 10, "nossa:note", "sephia:outside")
		if made[0].Seq != 1 || made[1].Seq != 2 || !made[0].Held(b.c.Now()) || made[0].MadeBy != 7 {
			t.Errorf("made %+v", made)
		}
		b.c.Advance(8*time.Second - time.Millisecond)
		if got := b.list(outbox.Filter{}); got != "" {
			t.Errorf("seen too early: %s", got)
		}
		b.refused(fault.Conflict, "outbox.held", "", done(made[0].ID, ""))
		b.refused(fault.Conflict, "outbox.held", "", waive(made[0].ID, "tidak perlu lagi"))
		b.c.Advance(time.Millisecond)
		if got := b.list(outbox.Filter{}); got != "nossa/note/1/open sephia/outside/2/open" {
			t.Errorf("seen %s", got)
		}
		b.refused(fault.Conflict, "outbox.has-left", "", withdraw(10))
	})
}

func TestAPromiseWithoutADelayCanLeaveAtOnce(t *testing.T) {
	each(t, func(b box) {
		b.do(func(tx *db.Tx) error {
			_, err := outbox.Add(tx, ani, []outbox.Promise{{Ticket: 1, Turn: 10, App: "nossa", Kind: "note"}})
			return err
		})
		if got := b.list(outbox.Filter{State: outbox.Open}); got != "nossa/note/1/open" {
			t.Errorf("seen %s", got)
		}
	})
}

// decisions.md 6: undo, finish, undo again - all within the 8 s - and what was withdrawn never comes back.
func TestWithdrawnPromisesAreNotInTheWay(t *testing.T) {
	each(t, func(b box) {
		b.promise(1, 10, "nossa:note")
		b.do(withdraw(10))
		again := b.promise(1, 10, "nossa:note", "sephia:outside")
		if again[0].Seq != 2 || again[1].Seq != 3 {
			t.Errorf("counted %+v", again)
		}
		b.do(withdraw(10))
		last := b.promise(1, 10, "sephia:outside")
		b.c.Advance(8 * time.Second)
		if got := b.list(outbox.Filter{State: outbox.Open}); got != "sephia/outside/4/open" {
			t.Errorf("open: %s", got)
		}
		if got := b.list(outbox.Filter{State: outbox.Withdrawn}); got != "nossa/note/1/withdrawn nossa/note/2/withdrawn sephia/outside/3/withdrawn" {
			t.Errorf("withdrawn: %s", got)
		}
		b.do(done(last[0].ID, ""))
		b.refused(fault.Conflict, "outbox.has-left", "", withdraw(10))
	})
}

// Per ticket and application the order holds, also over a failure; other tickets and applications go their own way.
func TestTheOrderHoldsPerTicketAndApplication(t *testing.T) {
	each(t, func(b box) {
		first := b.promise(1, 10, "nossa:note", "sephia:outside")
		second := b.promise(1, 11, "nossa:note")
		other := b.promise(2, 12, "nossa:note")
		b.c.Advance(9 * time.Second)
		b.refused(fault.Conflict, "outbox.earlier-first", "", done(second[0].ID, "WL-2"))
		b.do(done(other[0].ID, "WL-9"))
		b.do(done(first[1].ID, ""))
		b.do(func(tx *db.Tx) error { _, err := outbox.Fail(tx, who.House, first[0].ID, "sesi habis"); return err })
		b.refused(fault.Conflict, "outbox.earlier-first", "", done(second[0].ID, "WL-2"))
		b.do(done(first[0].ID, "WL-1"))
		b.do(done(second[0].ID, "WL-2"))
		b.do(done(second[0].ID, "WL-2")) // the same again is once
		b.refused(fault.Conflict, "outbox.settled", "", done(second[0].ID, "WL-3"))
		b.do(func(tx *db.Tx) error {
			p, err := outbox.Get(tx, first[0].ID)
			if p.Attempts != 2 || p.Reference != "WL-1" || p.SettledBy != 7 || !p.SettledAt.Equal(tx.Now) {
				t.Errorf("kept %+v", p)
			}
			return err
		})
	})
}

func TestOnlyWhatFailedIsRetriedAndOnlyWithAReasonWaived(t *testing.T) {
	each(t, func(b box) {
		id := b.promise(1, 10, "nossa:note")[0].ID
		b.c.Advance(9 * time.Second)
		retry := func(tx *db.Tx) error { _, err := outbox.Retry(tx, tuti, id); return err }
		fail := func(tx *db.Tx) error { _, err := outbox.Fail(tx, who.House, id, "tidak tersambung"); return err }
		b.refused(fault.Conflict, "outbox.not-failed", "", retry)
		b.do(fail)
		b.refused(fault.Conflict, "outbox.settled", "", fail)
		b.do(retry)
		b.do(fail)
		for _, why := range []string{"", "ab", strings.Repeat("é", 501)} {
			b.refused(fault.Invalid, "outbox.reason", "reason", waive(id, why))
		}
		b.refused(fault.Invalid, "outbox.reference-long", "reference", done(id, strings.Repeat("é", 201)))
		b.do(waive(id, strings.Repeat("é", 500)))
		b.refused(fault.Conflict, "outbox.settled", "", waive(id, "sekali lagi"))
		b.refused(fault.Conflict, "outbox.settled", "", done(id, ""))
		b.refused(fault.Conflict, "outbox.settled", "", fail)
		b.refused(fault.Missing, "db.no-row", "", done(404, ""))
		b.refused(fault.Missing, "db.no-row", "", waive(404, "tidak ada"))
		other := b.promise(1, 11, "nossa:note")[0].ID
		b.c.Advance(9 * time.Second)
		b.do(done(other, strings.Repeat("é", 200)))
	})
}

func TestListsAreNarrowed(t *testing.T) {
	each(t, func(b box) {
		a := b.promise(1, 10, "nossa:note", "leader:alert-leader")
		b.promise(2, 11, "sephia:outside")
		b.c.Advance(9 * time.Second)
		b.do(waive(a[0].ID, "sudah ditulis"))
		for _, c := range []struct {
			f    outbox.Filter
			want string
		}{
			{outbox.Filter{Ticket: 1}, "nossa/note/1/waived leader/alert-leader/2/open"},
			{outbox.Filter{Ticket: 1, State: outbox.Open}, "leader/alert-leader/2/open"},
			{outbox.Filter{App: "leader"}, "leader/alert-leader/2/open"},
			{outbox.Filter{App: "mycx"}, ""},
			{outbox.Filter{After: a[1].ID}, "sephia/outside/1/open"},
			{outbox.Filter{Limit: 1}, "nossa/note/1/waived"},
			{outbox.Filter{Limit: 201, MadeBy: 7, State: outbox.Open}, "leader/alert-leader/2/open sephia/outside/1/open"},
			{outbox.Filter{MadeBy: 8}, ""},
		} {
			if got := b.list(c.f); got != c.want {
				t.Errorf("%+v: %s, want %s", c.f, got, c.want)
			}
		}
		b.promise(3, 12, "sephia:outside") // still held: not counted
		b.do(func(tx *db.Tx) error {
			for brought, want := range map[string]int{"": 2, "sephia": 1} { // what sapa brings by itself is nobody's task
				n, err := outbox.Waiting(tx, 7, func(app string) bool { return app == brought })
				if err != nil {
					return err
				}
				if n != want {
					t.Errorf("%d wait while %q is brought by itself, want %d", n, brought, want)
				}
			}
			return nil
		})
	})
}

// trust: the journal holds ids and words of ours, never the text that is brought over, a reference or a reason.
func TestTheJournalHoldsNoTextOfAPromise(t *testing.T) {
	each(t, func(b box) {
		made := b.promise(1, 10, "nossa:note", "sephia:outside")
		b.c.Advance(9 * time.Second)
		b.do(func(tx *db.Tx) error {
			_, err := outbox.Fail(tx, who.House, made[0].ID, "Ibu Rekaan tidak ada")
			return err
		})
		b.do(func(tx *db.Tx) error { _, err := outbox.Retry(tx, tuti, made[0].ID); return err })
		b.do(done(made[0].ID, "Ibu Rekaan WL-1"))
		b.do(waive(made[1].ID, "Ibu Rekaan meminta"))
		b.do(func(tx *db.Tx) error {
			all, err := journal.Of(tx, 1)
			acts := ""
			for _, e := range all {
				acts += e.Act + " "
				for _, v := range e.Data {
					if strings.Contains(v, "Rekaan") {
						t.Errorf("%s holds %q", e.Act, v)
					}
				}
			}
			if acts != "outbox.failed outbox.retried outbox.done outbox.waived " {
				t.Errorf("journal: %s", acts)
			}
			return err
		})
	})
}
