package staff_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"sapa/internal/fault"
	"sapa/internal/who"
)

func TestGuessingIsSlowedPerLoginAndPlace(t *testing.T) {
	onFloor(t, func(f *floor) {
		const thief, home = "203.0.113.9", "10.1.1.1"
		for range 5 {
			_, err := f.signIn("42147", "salah semua", thief)
			f.wants(err, fault.SignedOut, "staff.wrong")
		}
		_, err := f.signIn("42147", good, thief) // not even the right one, for now
		f.wants(err, fault.Busy, "staff.slow-down")
		if s := fault.Of(err).Values["seconds"]; s != 1 {
			f.t.Fatalf("wait %v s", s)
		}
		// The person at home notices nothing.
		if _, err := f.signIn("42147", good, home); err != nil {
			f.t.Fatal(err)
		}
		// Once the wait is over the right password opens from anywhere: no lock.
		f.clock.Advance(time.Second)
		if _, err := f.signIn("42147", good, thief); err != nil {
			f.t.Fatal(err)
		}
	})
}

func TestWaitGrowsButKnockingDoesNotProlongIt(t *testing.T) {
	onFloor(t, func(f *floor) {
		for range 5 {
			f.signIn("42147", "salah semua", "203.0.113.9")
		}
		f.clock.Advance(time.Second)
		f.signIn("42147", "salah semua", "203.0.113.9")
		_, err := f.signIn("42147", "salah semua", "203.0.113.9")
		f.wants(err, fault.Busy, "staff.slow-down")
		if s := fault.Of(err).Values["seconds"]; s != 2 {
			f.t.Fatalf("wait %v s", s)
		}
		for range 30 {
			f.signIn("42147", "salah semua", "203.0.113.9")
		}
		f.clock.Advance(2 * time.Second)
		if _, err := f.signIn("42147", good, "203.0.113.9"); err != nil {
			f.t.Fatalf("after the wait: %v", err)
		}
	})
}

// A colleague at the same desk or behind the same address types wrong passwords to keep somebody out: it does not work.
func TestRightPasswordFromAKnownPlaceAlwaysOpens(t *testing.T) {
	onFloor(t, func(f *floor) {
		const desk = "10.1.1.1"
		if _, err := f.signIn("42147", good, desk); err != nil {
			f.t.Fatal(err)
		}
		for i := range 40 {
			_, err := f.signIn("42147", "salah semua", desk)
			switch {
			case i < 5:
				f.wants(err, fault.SignedOut, "staff.wrong")
			default: // whoever guesses sees a wait
				f.wants(err, fault.Busy, "staff.slow-down")
			}
		}
		if _, err := f.signIn("42147", good, desk); err != nil {
			f.t.Fatalf("the right password: %v", err)
		}
		// Also there guessing has an end; what is left is a short wait, never a lock.
		for range 102 {
			f.signIn("42147", "salah semua", desk)
		}
		_, err := f.signIn("42147", good, desk)
		f.wants(err, fault.Busy, "staff.slow-down")
		f.clock.Advance(30 * time.Second)
		if _, err := f.signIn("42147", good, desk); err != nil {
			f.t.Fatalf("after the wait: %v", err)
		}
	})
}

func TestManyStrangersCannotKeepAPersonOut(t *testing.T) {
	onFloor(t, func(f *floor) {
		const home = "10.1.1.1"
		if _, err := f.signIn("42147", good, home); err != nil {
			f.t.Fatal(err)
		}
		slowed := false
		for i := range 80 {
			_, err := f.signIn("42147", "salah semua", fmt.Sprintf("198.51.100.%d", i))
			slowed = slowed || fault.Is(err, fault.Busy)
		}
		if !slowed {
			f.t.Fatal("a guesser with many addresses is not slowed")
		}
		if _, err := f.signIn("42147", good, home); err != nil {
			f.t.Fatalf("the person at home: %v", err)
		}
		f.clock.Advance(time.Minute)
		if _, err := f.signIn("42147", good, "192.0.2.7"); err != nil {
			f.t.Fatalf("the person elsewhere, after a minute: %v", err)
		}
	})
}

func TestNobodysLoginAnswersLikeSomebodys(t *testing.T) {
	onFloor(t, func(f *floor) {
		f.add("ovr", who.Feed)
		for i := range 7 {
			_, known := f.signIn("42147", "salah semua", "203.0.113.9")
			_, unknown := f.signIn("99999", "salah semua", "203.0.113.10")
			_, feed := f.signIn("ovr", "salah semua", "203.0.113.11")
			if known.Error() != unknown.Error() || known.Error() != feed.Error() {
				f.t.Fatalf("try %d: %v, %v and %v", i, known, unknown, feed)
			}
		}
	})
}

// A hundred guesses at once: they are counted before any is looked at, so only the free ones are.
func TestParallelGuessesDoNotSlipThrough(t *testing.T) {
	onFloor(t, func(f *floor) {
		var mu sync.Mutex
		looked := 0
		var all sync.WaitGroup
		for range 60 {
			all.Go(func() {
				_, err := f.signIn("42147", "salah semua", "203.0.113.9")
				mu.Lock()
				defer mu.Unlock()
				if fault.Is(err, fault.SignedOut) {
					looked++
				}
			})
		}
		all.Wait()
		if looked != 5 {
			f.t.Fatalf("%d of 60 parallel guesses were looked at", looked)
		}
	})
}

func TestCountsAreForgottenAfterADay(t *testing.T) {
	onFloor(t, func(f *floor) {
		for range 20 {
			f.signIn("42147", "salah semua", "203.0.113.9")
		}
		f.clock.Advance(25 * time.Hour)
		_, err := f.signIn("42147", "salah semua", "203.0.113.9")
		f.wants(err, fault.SignedOut, "staff.wrong")
	})
}

func TestIPv6NeighboursAreOnePlace(t *testing.T) {
	onFloor(t, func(f *floor) {
		for i := range 5 {
			f.signIn("42147", "salah semua", fmt.Sprintf("[2001:db8::%d]:443", i+1))
		}
		_, err := f.signIn("42147", good, "2001:db8::77")
		f.wants(err, fault.Busy, "staff.slow-down")
		if _, err := f.signIn("42147", good, "2001:db8:0:1::77"); err != nil {
			f.t.Fatal(err)
		}
	})
}
