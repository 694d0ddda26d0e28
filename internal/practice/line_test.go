package practice_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/phone"
	"sapa/internal/practice"
)

// room is where the tests listen to the line, with a clock that only ticks when told.
type room struct {
	*testing.T
	line   *practice.Line
	heard  chan call.Signal
	waits  chan wait
	nextID db.ID
}

type wait struct {
	d    time.Duration
	over chan time.Time
}

func newRoom(t *testing.T, seed uint64) *room {
	r := &room{T: t, heard: make(chan call.Signal, 100), waits: make(chan wait, 100)} // more than any test makes
	r.line = practice.NewLine(seed, func(_ context.Context, s call.Signal) error { r.heard <- s; return nil },
		func(d time.Duration) (<-chan time.Time, func()) {
			w := wait{d, make(chan time.Time, 1)}
			r.waits <- w
			return w.over, func() {}
		})
	return r
}

func (r *room) dial(number string) db.ID {
	r.Helper()
	r.nextID++
	if err := r.line.Dial(context.Background(), call.Attempt{ID: r.nextID, Number: phone.Number(number)}); err != nil {
		r.Fatal(err)
	}
	return r.nextID
}

// tick lets what the line waits for be over.
func (r *room) tick() time.Duration {
	w := <-r.waits
	w.over <- time.Time{}
	return w.d
}

func (r *room) expect(id db.ID, kind string, line call.Line) {
	r.Helper()
	if s := <-r.heard; s.Attempt != id || s.Kind != kind || s.Line != line {
		r.Fatalf("heard %+v, want %s %s of %d", s, kind, line, id)
	}
}

// number finds one whose first call goes a certain way.
func number(t *testing.T, seed uint64, line call.Line) (string, practice.Fate) {
	t.Helper()
	for i := range 10_000 {
		n := fmt.Sprintf("+628999000%04d", i)
		if f := practice.FateOf(seed, n, 1); f.Line == line {
			return n, f
		}
	}
	t.Fatalf("no number is %s", line)
	return "", practice.Fate{}
}

func TestLineDoesWhatTheSeedSays(t *testing.T) {
	for _, line := range []call.Line{call.Answered, call.NoAnswer, call.Rejected, call.Busy, call.Machine, call.Silence, call.BadNumber, call.Unregistered} {
		t.Run(string(line), func(t *testing.T) {
			r := newRoom(t, 7)
			n, fate := number(t, 7, line)
			id := r.dial(n)
			r.expect(id, call.Ringing, "")
			if d := r.tick(); d != fate.Ring || d <= 0 {
				t.Errorf("rang %s, want %s", d, fate.Ring)
			}
			if line == call.Answered {
				r.expect(id, call.Picked, "")
			}
			if fate.Talk > 0 {
				if d := r.tick(); d != fate.Talk {
					t.Errorf("talked %s, want %s", d, fate.Talk)
				}
			}
			r.expect(id, call.Ended, line)
			r.line.Close()
			if len(r.heard) != 0 || len(r.waits) != 0 {
				t.Errorf("%d signals and %d waits too many", len(r.heard), len(r.waits))
			}
			if err := r.line.Hangup(context.Background(), id); err == nil {
				t.Error("a call that is over was hung up")
			}
		})
	}
}

// SOP 5.2.11.b1.rna: whoever hangs up while it still rings does not know that nobody answers, and the line does not say so
// for them, whatever the number would have done; while somebody talks, the call was answered.
func TestHangUp(t *testing.T) {
	r := newRoom(t, 7)
	for _, line := range []call.Line{call.NoAnswer, call.Answered, call.Busy} {
		n, _ := number(t, 7, line)
		ringing := r.dial(n)
		r.expect(ringing, call.Ringing, "")
		<-r.waits
		if err := r.line.Hangup(context.Background(), ringing); err != nil {
			t.Fatal(err)
		}
		r.expect(ringing, call.Ended, call.Unknown)
	}
	n, _ := number(t, 7, call.Answered)

	other := ""
	for i := range 10_000 { // somebody who answers the first call; the one above has been tried once
		if m := fmt.Sprintf("+628999000%04d", i); m != n && practice.FateOf(7, m, 1).Line == call.Answered {
			other = m
			break
		}
	}
	talking := r.dial(other)
	r.expect(talking, call.Ringing, "")
	r.tick()
	r.expect(talking, call.Picked, "")
	<-r.waits
	if err := r.line.Hangup(context.Background(), talking); err != nil {
		t.Fatal(err)
	}
	r.expect(talking, call.Ended, call.Answered)
	r.line.Close()
}

func TestCloseHangsUpAndWaits(t *testing.T) {
	r := newRoom(t, 7)
	n, _ := number(t, 7, call.NoAnswer)
	ids := map[db.ID]bool{}
	for range 5 {
		ids[r.dial(n)] = true
	}
	r.line.Close()
	ended := 0
	for len(r.heard) > 0 { // Close has waited: everything there is to hear has been heard
		if s := <-r.heard; s.Kind == call.Ended {
			ended++
			delete(ids, s.Attempt)
		}
	}
	if ended != 5 || len(ids) != 0 {
		t.Errorf("%d of 5 calls ended", ended)
	}
	if err := r.line.Dial(context.Background(), call.Attempt{ID: 99, Number: phone.Number(n)}); err == nil {
		t.Error("somebody dialled on a closed line")
	}
	if err := r.line.Hangup(context.Background(), 42); err == nil {
		t.Error("a call that never was has been hung up")
	}
}

func TestASecondTryMayGoAnotherWay(t *testing.T) {
	differs := 0
	for i := range 1000 {
		n := fmt.Sprintf("+628999000%04d", i)
		if first, again := practice.FateOf(7, n, 1), practice.FateOf(7, n, 1); first != again {
			t.Fatalf("%s does not know what it does", n)
		}
		if practice.FateOf(7, n, 1).Line != practice.FateOf(7, n, 2).Line {
			differs++
		}
	}
	if differs < 300 {
		t.Errorf("only %d of 1000 numbers do something else at the second try", differs)
	}
}

func TestSharesOfTheLine(t *testing.T) {
	const calls, vain = 10_000, 12 * time.Second
	for _, seed := range []uint64{1, 18, 40_000} {
		got := map[call.Line]int{}
		for i := range calls {
			f := practice.FateOf(seed, fmt.Sprintf("+628999000%04d", i), 1)
			got[f.Line]++
			if f.Ring < time.Second || f.Ring > 20*time.Second || (f.Line == call.Answered) != (f.Talk > time.Minute) {
				t.Fatalf("%+v is no telephone", f)
			}
			if f.Line != call.NoAnswer && f.Ring >= vain || f.Line == call.NoAnswer && f.Ring != vain {
				t.Fatalf("%+v: nobody answers only after everybody would have", f)
			}
		}
		for line, percent := range map[call.Line]int{call.Answered: 62, call.NoAnswer: 16, call.Rejected: 7, call.Busy: 4, call.Machine: 4, call.Silence: 3, call.BadNumber: 2, call.Unregistered: 2} {
			if share := got[line] * 100; share < (percent*calls)-calls || share > (percent*calls)+calls { // a percent more or less
				t.Errorf("seed %d: %s came %d times of %d, want about %d %%", seed, line, got[line], calls, percent)
			}
			delete(got, line)
		}
		if len(got) != 0 {
			t.Errorf("seed %d: the line also says %v", seed, got)
		}
	}
}
