package line

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

type source func(ctx context.Context, l Line) (Reading, error)

func (f source) Measure(ctx context.Context, l Line) (Reading, error) { return f(ctx, l) }

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
				r, failure := m.ask(t.Context(), Line{})
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
		r, failure := m.ask(t.Context(), Line{})
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
			if _, failure := m.ask(t.Context(), Line{}); failure != "timeout" {
				t.Fatalf("ask %d: %q", n, failure)
			}
		}
		began := time.Now()
		if _, failure := m.ask(t.Context(), Line{}); failure != "crowded" || !time.Now().Equal(began) {
			t.Errorf("one too many: %q after %s", failure, time.Since(began))
		}
		closing, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := m.Close(closing); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("closed over a stuck source: %v", err)
		}
		close(wake)
		synctest.Wait()
		m.places = make(chan struct{}, crowd) // the close above has kept some of them
		if _, failure := m.ask(t.Context(), Line{}); failure != "" {
			t.Errorf("after it woke up: %q", failure)
		}
	})
}

func TestAPanicInASourceIsAFailure(t *testing.T) {
	m := NewMeter(nil, source(func(context.Context, Line) (Reading, error) { panic("lying") }), "bad")
	if _, failure := m.ask(t.Context(), Line{}); failure != "source" {
		t.Errorf("%q", failure)
	}
	if err := m.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
