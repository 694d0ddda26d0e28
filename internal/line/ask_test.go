package line

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

type source func(ctx context.Context, l Line) (Reading, error)

func (f source) Measure(ctx context.Context, l Line) (Reading, error) { return f(ctx, l) }

func ask(t *testing.T, m *Meter) (Reading, string) {
	a := m.chain(t.Context(), Line{})
	return a.reading, a.failure
}

// The clock in these is synctest's: eight seconds pass in no time, and exactly.

// SOP 5.2.10.j: a measurement never takes longer than its patience, however the source behaves.
func TestNobodyWaitsLongerThanThePatience(t *testing.T) {
	for name, s := range map[string]source{
		"a source that stops when told": func(ctx context.Context, _ Line) (Reading, error) { <-ctx.Done(); return Reading{}, ctx.Err() },
		"a slow one": func(context.Context, Line) (Reading, error) {
			<-time.After(9 * time.Second)
			return Reading{OnuRxPwr: dbm(-20)}, nil
		},
		"one that hides why": func(ctx context.Context, _ Line) (Reading, error) { <-ctx.Done(); return Reading{}, errors.New("eof") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := NewMeter(nil, s, "slow")
				began := time.Now()
				r, failure := ask(t, m)
				if took := time.Since(began); took != Patience || failure != "timeout" || r != (Reading{}) {
					t.Errorf("%s after %s: %+v", failure, took, r)
				}
				if err := m.Close(t.Context()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestASourceThatAnswersInTimeIsHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMeter(nil, source(func(context.Context, Line) (Reading, error) {
			<-time.After(Patience - time.Millisecond)
			return Reading{OnuRxPwr: dbm(-20)}, nil
		}), "late")
		r, failure := ask(t, m)
		if failure != "" || r.OnuRxPwr == nil || *r.OnuRxPwr != -20 {
			t.Errorf("%q %+v", failure, r)
		}
	})
}

// A source that never stops costs a place, not the caller: the next ones are measured, until all places are taken. When it
// wakes up at last, its answer is nobody's.
func TestAStuckSourceDoesNotPileUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wake := make(chan struct{})
		m := NewMeter(nil, source(func(context.Context, Line) (Reading, error) {
			<-wake
			return Reading{OnuRxPwr: dbm(-20)}, nil
		}), "stuck")
		for n := range crowd {
			if _, failure := ask(t, m); failure != "timeout" {
				t.Fatalf("ask %d: %q", n, failure)
			}
		}
		began := time.Now()
		if _, failure := ask(t, m); failure != "crowded" || !time.Now().Equal(began) {
			t.Errorf("one too many: %q after %s", failure, time.Since(began))
		}
		closing, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := m.Close(closing); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("closed over a stuck source: %v", err)
		}
		close(wake)
		synctest.Wait()
		m.ways[0].places = make(chan struct{}, crowd) // the close above has kept some of them
		if _, failure := ask(t, m); failure != "" {
			t.Errorf("after it woke up: %q", failure)
		}
	})
}

func TestAPanicInASourceIsAFailure(t *testing.T) {
	m := NewMeter(nil, source(func(context.Context, Line) (Reading, error) { panic("lying") }), "bad")
	if _, failure := ask(t, m); failure != "source" {
		t.Errorf("%q", failure)
	}
	if err := m.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// SOP 5.2.10.j: of several sources each has its part of the patience, what one leaves the next one has too, and the recorded table
// keeps its second: nobody waits longer for three sources than for one.
func TestAChainSharesThePatience(t *testing.T) {
	gone := source(func(ctx context.Context, _ Line) (Reading, error) { <-ctx.Done(); return Reading{}, ctx.Err() })
	deaf := source(func(context.Context, Line) (Reading, error) { <-time.After(time.Hour); return Reading{}, nil })
	elsewhere := source(func(context.Context, Line) (Reading, error) { return Reading{}, ErrElsewhere })
	table := source(func(context.Context, Line) (Reading, error) { return Reading{OnuRxPwr: dbm(-20)}, nil })
	empty := source(func(context.Context, Line) (Reading, error) { return Reading{}, errors.New("nothing") })
	for name, c := range map[string]struct {
		outside  []Named
		recorded Source
		took     time.Duration
		source   string
		failure  string
		passed   string
	}{
		"one that says nothing":        {[]Named{{gone, "a"}}, table, 7 * time.Second, "table", "", "[{a timeout}]"},
		"one that never stops":         {[]Named{{deaf, "a"}}, table, 7 * time.Second, "table", "", "[{a timeout}]"},
		"two that say nothing":         {[]Named{{gone, "a"}, {deaf, "b"}}, table, 7 * time.Second, "table", "", "[{a timeout} {b timeout}]"},
		"not its line, then silence":   {[]Named{{elsewhere, "a"}, {gone, "b"}}, empty, 7 * time.Second, "b", "timeout", "[{a elsewhere}]"},
		"silence, then not its line":   {[]Named{{gone, "a"}, {elsewhere, "b"}}, empty, 3500 * time.Millisecond, "a", "timeout", "[{b elsewhere}]"},
		"nobody's line":                {[]Named{{elsewhere, "a"}, {elsewhere, "b"}}, empty, 0, "a", "elsewhere", "[{b elsewhere}]"},
		"a table that hangs":           {[]Named{{elsewhere, "a"}}, gone, 8 * time.Second, "a", "elsewhere", "[]"},
		"only a table, which is empty": {nil, empty, 0, "table", "source", "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := NewChain(nil, Named{c.recorded, "table"}, c.outside...)
				began := time.Now()
				a := m.chain(t.Context(), Line{})
				if took := time.Since(began); took != c.took || a.source != c.source || a.failure != c.failure || fmt.Sprint(a.passed) != c.passed {
					t.Errorf("%s %q %v after %s", a.source, a.failure, a.passed, took)
				}
				if err := m.Close(t.Context()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// Whoever asked is gone: nobody else is asked in vain.
func TestAChainEndsWithItsAsker(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	asked := false
	m := NewChain(nil, Named{source(func(context.Context, Line) (Reading, error) { asked = true; return Reading{}, nil }), "table"},
		Named{source(func(ctx context.Context, _ Line) (Reading, error) { leave(); <-ctx.Done(); return Reading{}, ctx.Err() }), "a"})
	if a := m.chain(ctx, Line{}); a.failure != "cut" || a.source != "a" || asked {
		t.Errorf("%+v, table asked: %v", a, asked)
	}
}
