package staff

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"

	"sapa/internal/fault"
)

// A morning's sign-ins at once may not push the server out of its memory: each password check takes 19 MiB.
func TestGateLetsInOneForEachSlot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(2)
		inside := make(chan error, 3)
		for range 3 {
			go func() { inside <- g.enter(t.Context()) }()
		}
		synctest.Wait()
		if len(inside) != 2 {
			t.Fatalf("%d are inside a gate for 2", len(inside))
		}
		g.leave()
		synctest.Wait()
		if len(inside) != 3 {
			t.Fatal("nobody came in when one left")
		}
		for range 3 {
			if err := <-inside; err != nil {
				t.Error(err)
			}
		}
		g.leave()
		g.leave()
		if n := g.waiting.Load(); n != 0 || len(g.slots) != 0 {
			t.Errorf("%d wait and %d are inside an empty gate", n, len(g.slots))
		}
	})
}

func TestGateSendsACrowdAwayAndLetsTheImpatientGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(1)
		if err := g.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, give := context.WithCancel(t.Context())
		gone := make(chan error, maxWaiting)
		for range maxWaiting {
			go func() { gone <- g.enter(ctx) }()
		}
		synctest.Wait()
		if err := g.enter(t.Context()); !fault.Is(err, fault.Busy) {
			t.Errorf("one more than may wait got %v", err)
		}
		give()
		for range maxWaiting {
			if err := <-gone; !errors.Is(err, context.Canceled) {
				t.Fatalf("who gave up got %v", err)
			}
		}
		g.leave()
		if err := g.enter(t.Context()); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}

func TestGateIsAsWideAsTheMachine(t *testing.T) {
	if got := cap(New(nil, Options{}).gate.slots); got != runtime.NumCPU() {
		t.Errorf("%d password checks at once on %d processors", got, runtime.NumCPU())
	}
	if got := cap(New(nil, Options{Parallel: 3}).gate.slots); got != 3 {
		t.Errorf("%d checks at once, asked for 3", got)
	}
}
