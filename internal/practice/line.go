package practice

import (
	"context"
	"hash/fnv"
	"sync"
	"time"

	"sapa/internal/call"
	"sapa/internal/db"
)

// Line is a telephone line whose customers are invented: they ring, answer, are busy, stay silent, by a fixed seed, in
// real time. It is a call.Dialer; every number it dials is of the practice floor, and screens mark it latihan.
type Line struct {
	heard func(context.Context, call.Signal) error
	wait  func(time.Duration) (<-chan time.Time, func())
	seed  uint64

	mu    sync.Mutex
	calls map[db.ID]context.CancelFunc
	tries map[string]int // of each number, so that a second try may go another way
	over  bool           // closed: nobody dials any more
	group sync.WaitGroup
}

// NewLine makes a line. heard takes its signals; wait gives a channel that ticks once after a while, and its stop.
func NewLine(seed uint64, heard func(context.Context, call.Signal) error, wait func(time.Duration) (<-chan time.Time, func())) *Line {
	return &Line{heard: heard, wait: wait, seed: seed, calls: map[db.ID]context.CancelFunc{}, tries: map[string]int{}}
}

// Name marks every attempt of this line.
func (l *Line) Name() string { return "practice" }

// Fate is what a number does when it is dialled the n-th time.
type Fate struct {
	Ring time.Duration
	Line call.Line     // Answered rings Ring long, then talks until somebody hangs up or Talk is over
	Talk time.Duration // how long the other side stays
}

// vain is how long a number rings before the line says by itself that nobody answers: longer than anybody takes who does.
const vain = 12 * time.Second

// FateOf tells what a number does: of a hundred calls about 62 are answered, 16 ring in vain, the rest are rejected, busy,
// machines, silent or dead (shares near the outbound figures of domain 8.1).
func FateOf(seed uint64, number string, try int) Fate {
	h := fnv.New64a()
	_, _ = h.Write([]byte{byte(seed), byte(seed >> 8), byte(seed >> 16), byte(try)})
	_, _ = h.Write([]byte(number))
	n := h.Sum64()
	ring := 2*time.Second + time.Duration(n>>32%4000)*time.Millisecond
	switch p := n % 100; {
	case p < 62:
		return Fate{ring, call.Answered, 4*time.Minute + time.Duration(n>>16%600)*time.Second}
	case p < 78:
		return Fate{vain, call.NoAnswer, 0}
	case p < 85:
		return Fate{ring, call.Rejected, 0}
	case p < 89:
		return Fate{2 * time.Second, call.Busy, 0}
	case p < 93:
		return Fate{ring, call.Machine, 8 * time.Second}
	case p < 96:
		return Fate{ring, call.Silence, 6 * time.Second}
	case p < 98:
		return Fate{2 * time.Second, call.BadNumber, 0}
	}
	return Fate{2 * time.Second, call.Unregistered, 0}
}

// Dial begins to ring.
func (l *Line) Dial(_ context.Context, a call.Attempt) error {
	ctx, cancel := context.WithCancel(context.Background())
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		cancel()
		return errClosed
	}
	l.tries[a.Number.Full()]++
	fate := FateOf(l.seed, a.Number.Full(), l.tries[a.Number.Full()])
	l.calls[a.ID] = cancel
	l.group.Go(func() {
		defer cancel()
		l.run(ctx, a.ID, fate)
		l.mu.Lock()
		delete(l.calls, a.ID)
		l.mu.Unlock()
	})
	return nil
}

func (l *Line) run(ctx context.Context, id db.ID, f Fate) {
	say := func(kind string, line call.Line) {
		_ = l.heard(context.Background(), call.Signal{Attempt: id, Kind: kind, Line: line}) // the floor is for practice: a lost signal shows as a call that goes on
	}
	say(call.Ringing, "")
	if !l.pause(ctx, f.Ring) {
		say(call.Ended, call.Unknown) // the agent hung up before the line had said anything: it proves nothing (decisions.md 4)
		return
	}
	if f.Talk == 0 {
		say(call.Ended, f.Line)
		return
	}
	if f.Line == call.Answered {
		say(call.Picked, "")
	}
	l.pause(ctx, f.Talk)
	say(call.Ended, f.Line)
}

// pause waits; false when somebody hung up meanwhile.
func (l *Line) pause(ctx context.Context, d time.Duration) bool {
	over, stop := l.wait(d)
	defer stop()
	select {
	case <-ctx.Done():
		return false
	case <-over:
		return true
	}
}

// Hangup ends a call.
func (l *Line) Hangup(_ context.Context, id db.ID) error {
	l.mu.Lock()
	cancel := l.calls[id]
	l.mu.Unlock()
	if cancel == nil {
		return errNotInCall
	}
	cancel()
	return nil
}

// Close hangs everything up and waits for the line to be silent; nobody dials after it.
func (l *Line) Close() {
	l.mu.Lock()
	l.over = true
	for _, cancel := range l.calls {
		cancel()
	}
	l.mu.Unlock()
	l.group.Wait()
}
