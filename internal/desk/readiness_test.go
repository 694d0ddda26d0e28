package desk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/who"
)

func (f *floor) beat() {
	f.t.Helper()
	if err := f.seat.Beat(context.Background()); err != nil {
		f.t.Fatal(err)
	}
}

// apps is how the applications stand for somebody, by id.
func (f *floor) apps(a who.Actor) (by map[string]desk.Application, required string) {
	f.t.Helper()
	by = map[string]desk.Application{}
	f.do(func(tx *db.Tx) error {
		all, err := f.seat.Readiness(tx, a)
		for _, app := range all {
			by[app.ID] = app
			if app.Required {
				required += app.ID + " "
			}
		}
		return err
	})
	return by, required
}

func states(by map[string]desk.Application, ids ...string) string {
	var all []string
	for _, id := range ids {
		all = append(all, id+" "+by[id].State)
	}
	return strings.Join(all, ", ")
}

var native = []string{"i-siska", "e-payment", "starclick", "ibooster", "callback", "my-cx", "my-kiss", "nossa", "webcare", "minitools", "sephia", "acs", "my-indihome", "ideas",
	"telephony", "forms"}

// SOP 5.1, 5.1.1, 5.1.2, 5.1.3, 5.1.4, 5.1.5, 5.1.6, 5.1.7, 5.1.8, 5.1.9, 5.1.10, 5.1.11, 5.1.12, 5.1.13: every room is asked whether it
// can read and write; one that fails takes no other with it.
func TestReadinessIsReal(t *testing.T) {
	each(t, func(f *floor) {
		f.refused(fault.Forbidden, "staff.may-not", "", "", func(tx *db.Tx) error {
			_, err := f.seat.Readiness(tx, who.Actor{ID: 99, Role: who.Feed})
			return err
		})
		by, _ := f.apps(f.ani)
		if got := states(by, "callback", "acs"); got != "callback unasked, acs unasked" || len(by) < 13 || by["callback"].Asked() || by["callback"].Amiss() {
			t.Errorf("before anything was asked: %s", got)
		}
		f.beat()
		began := f.c.Now()
		by, _ = f.apps(f.ani)
		for _, id := range native {
			if a := by[id]; a.State != desk.Ready || !a.Since.Equal(began) || a.Connected || a.Amiss() {
				t.Errorf("%s: %+v", id, a)
			}
		}
		for id, a := range by {
			if a.State == desk.NotBuilt {
				t.Errorf("%s is not built", id)
			}
		}
		f.c.Advance(desk.BeatEvery)
		f.do(func(tx *db.Tx) error { _, err := tx.Exec(`ALTER TABLE pool RENAME TO swimming_pool`); return err })
		f.beat()
		by, _ = f.apps(f.ani)
		if got := states(by, "callback", "sephia", "forms", "nossa"); got != "callback down, sephia down, forms ready, nossa ready" || !by["callback"].Since.Equal(f.c.Now()) || !by["nossa"].Since.Equal(began) {
			t.Errorf("with the queue broken: %s, %+v", got, by["callback"])
		}
		down := f.c.Now()
		f.c.Advance(desk.BeatEvery)
		f.beat()
		if by, _ = f.apps(f.ani); !by["callback"].Since.Equal(down) {
			t.Errorf("down since %v", by["callback"].Since)
		}
		f.do(func(tx *db.Tx) error { _, err := tx.Exec(`ALTER TABLE swimming_pool RENAME TO pool`); return err })
		f.beat()
		if by, _ = f.apps(f.ani); by["callback"].State != desk.Ready {
			t.Error("it stays down")
		}
	})
}

// A room that can be read but not written is not ready.
func TestAReadOnlyRoomIsDown(t *testing.T) {
	each(t, func(f *floor) {
		f.do(func(tx *db.Tx) error {
			if _, err := tx.Exec(`ALTER TABLE attempt RENAME TO real_attempt`); err != nil {
				return err
			}
			_, err := tx.Exec(`CREATE VIEW attempt AS SELECT DISTINCT * FROM real_attempt`)
			return err
		})
		f.beat()
		if by, _ := f.apps(f.ani); by["telephony"].State != desk.Down || by["forms"].State != desk.Ready {
			t.Errorf("%+v", by["telephony"])
		}
	})
}

// What was asked too long ago is not believed: whoever asks may hang.
func TestAnOldAnswerIsNotBelieved(t *testing.T) {
	each(t, func(f *floor) {
		f.beat()
		at := f.c.Now()
		f.c.Advance(time.Hour)
		by, _ := f.apps(f.ani)
		for _, id := range native {
			if a := by[id]; a.State != desk.Down || !a.Since.Equal(at) || !a.Amiss() {
				t.Errorf("%s: %+v", id, a)
			}
		}
		ctx, stop := context.WithCancel(t.Context())
		stop()
		if err := f.seat.Beat(ctx); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

// A room that answers late is slow, and says how late.
func TestASlowRoom(t *testing.T) {
	each(t, func(f *floor) {
		n := 0
		f.seat.Clock = func() time.Time {
			if n++; n%2 == 0 { // each question takes so long
				f.c.Advance(700 * time.Millisecond)
			}
			return f.c.Now()
		}
		f.beat()
		f.seat.Clock = f.c.Now
		if by, _ := f.apps(f.ani); by["callback"].State != desk.Slow || by["callback"].Latency != 700*time.Millisecond {
			t.Errorf("%+v", by["callback"])
		}
	})
}

// SOP 5.1, 5.1.1, 5.1.13: all 13 tiles tell the truth when a source is slow, down, wrong, or shut; a native room that is
// well does not hide it, and a broken one is not hidden by its source.
func TestEveryTileTellsTheTruthOfItsSource(t *testing.T) {
	each(t, func(f *floor) {
		f.beat()
		thirteen := []string{"i-siska", "e-payment", "starclick", "ibooster", "callback", "my-cx", "my-kiss", "nossa", "webcare", "minitools", "sephia", "acs", "my-indihome"}
		var sources []desk.Source
		f.seat.Outside = func() []desk.Source { return sources }
		since := f.c.Now().Add(-time.Hour)
		for _, state := range []string{desk.Ready, desk.Slow, desk.Unasked, desk.SignIn, desk.Wrong, desk.Down} {
			sources = nil
			for _, id := range thirteen {
				sources = append(sources, desk.Source{Name: "luar-" + id, Application: id, State: state, Why: "late", Latency: 4800 * time.Millisecond, Since: since})
			}
			by, _ := f.apps(f.ani)
			for _, id := range thirteen {
				if a := by[id]; a.State != state || !a.Connected || a.Latency != 4800*time.Millisecond || !a.Since.Equal(since) || a.Amiss() != !slices.Contains([]string{desk.Ready, desk.Unasked}, state) {
					t.Errorf("%s with a source %s: %+v", id, state, a)
				}
			}
		}
		f.do(func(tx *db.Tx) error { _, err := tx.Exec(`ALTER TABLE trouble_note RENAME TO note`); return err })
		f.beat()
		sources = []desk.Source{{Application: "nossa", State: desk.Slow}, {Application: "nossa", State: desk.Ready}, {Application: "my-kiss", State: desk.Ready}, {Application: "my-kiss", State: desk.Wrong, Why: "nonsense"}}
		by, _ := f.apps(f.ani)
		if got := states(by, "nossa", "my-cx", "my-kiss"); got != "nossa down, my-cx down, my-kiss wrong" || by["nossa"].Why != "" || by["my-kiss"].Why != "nonsense" {
			t.Errorf("%s %+v", got, by["nossa"])
		}
		f.do(func(tx *db.Tx) error { // what the desk says: what the campaigns of today need, nothing else
			known, err := f.seat.Campaigns.All(tx)
			if err != nil {
				return err
			}
			said := ""
			for _, a := range f.seat.Amiss(known, known[:1]) {
				said += fmt.Sprint(a.ID, " ", a.State, "; ")
			}
			if said != "my-cx down; my-kiss wrong; " {
				t.Errorf("for %s: %s", known[0].Code, said)
			}
			return nil
		})
	})
}

// SOP 5.1.4: of several devices behind a source the tile knows how many are as it says; a room that fails by itself has none.
func TestATileKnowsHowManyAreOut(t *testing.T) {
	each(t, func(f *floor) {
		f.beat()
		var sources []desk.Source
		f.seat.Outside = func() []desk.Source { return sources }
		for _, c := range []struct {
			state       string
			behind, out int
		}{{desk.Ready, 40, 0}, {desk.Down, 40, 1}, {desk.SignIn, 40, 2}} {
			sources = []desk.Source{{Application: "ibooster", State: c.state, Why: "late", Behind: c.behind, Out: c.out}, {Application: "ibooster", State: desk.Ready, Behind: 3}}
			if by, _ := f.apps(f.ani); by["ibooster"].State != c.state || by["ibooster"].Behind != c.behind || by["ibooster"].Out != c.out {
				t.Errorf("%+v", by["ibooster"])
			}
		}
		f.do(func(tx *db.Tx) error {
			_, err := tx.Exec(`ALTER TABLE measurement RENAME TO old_measurement`)
			return err
		})
		f.beat()
		if by, _ := f.apps(f.ani); by["ibooster"].State != desk.Down || by["ibooster"].Out != 0 {
			t.Errorf("its own room: %+v", by["ibooster"])
		}
	})
}

// SOP 5.1: whoever may see how the systems stand may have them asked again.
func TestTheOutsideIsAskedAgain(t *testing.T) {
	each(t, func(f *floor) {
		if err := f.seat.AskAgain(f.ani); err != nil {
			t.Errorf("without an outside: %v", err)
		}
		woken := 0
		f.seat.Wake = func() { woken++ }
		if err := f.seat.AskAgain(f.ani); err != nil || woken != 1 {
			t.Errorf("%v, woken %d times", err, woken)
		}
		if err := f.seat.AskAgain(who.Actor{ID: 99, Role: who.Feed}); !fault.Is(err, fault.Forbidden) || woken != 1 {
			t.Errorf("%v, woken %d times", err, woken)
		}
	})
}

// Open screens hear of a change, once, and of nothing else.
func TestScreensHearOfAChange(t *testing.T) {
	each(t, func(f *floor) {
		sub := f.hub.Subscribe("board")
		defer sub.Close()
		heard := func() int {
			f.hub.Flush()
			n := 0
			for len(sub.C) > 0 {
				if e := <-sub.C; e.Name == "readiness" {
					n++
				}
			}
			return n
		}
		f.beat()
		if heard() != 1 {
			t.Error("the first beat")
		}
		f.beat()
		if heard() != 0 {
			t.Error("the same again")
		}
		f.do(func(tx *db.Tx) error { _, err := tx.Exec(`ALTER TABLE form RENAME TO old_form`); return err })
		f.beat()
		if heard() != 1 {
			t.Error("a room that fails")
		}
	})
}
