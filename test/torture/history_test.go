package torture

import (
	"cmp"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/anishathalye/porcupine"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
)

// What clients do and what comes of it.
const (
	opened  = "open"
	claim   = "claim"
	renew   = "renew"
	release = "release"
	settle  = "settle"
	lapse   = "lapse"
	crowded = "crowded" // a claim that did nothing because many were claiming

	got     = "got"  // a claim: this ticket, under this token
	nothing = "none" // a claim: nothing waits
	ok      = "ok"
	lost    = "lost" // the lease was lost
)

// place is where a ticket stands in the queue.
type place struct {
	rank       int
	order      int64 // ms
	wake       int64 // ms; 0: awake
	owner      db.ID
	ownerUntil int64
}

// op is one recorded operation: who asked what between two stamps, and what they were told.
type op struct {
	client    int
	agent     db.ID
	kind      string
	result    string
	ticket    db.ID
	subject   string
	pool      string
	token     string
	pools     []string // of a claim
	now, late int64    // the act's own time; the clock when it was over
	until     int64    // of the lease, as told
	place     place    // of the ticket from then on: open and settle
	closed    bool     // settle
	tries     int      // how often the act ran
	call, ret int64
}

// history records what many clients do. Stamps come from one counter, not from a clock: they only say what came before what.
type history struct {
	stamp atomic.Int64
	clock *dbtest.Clock
	mu    sync.Mutex
	ops   []op
	moves []move
}

// move is a moment to which the clock had been moved by a stamp.
type move struct{ stamp, at int64 }

func (h *history) add(o op) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ops = append(h.ops, o)
}

func (h *history) advance(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock.Advance(d)
	h.moves = append(h.moves, move{h.stamp.Add(1), db.Millis(h.clock.Now())})
}

// reached is the first stamp by which the clock is known to have come to a moment.
func (h *history) reached(at int64) int64 {
	if at == 0 {
		return 0
	}
	i, _ := slices.BinarySearchFunc(h.moves, at, func(m move, at int64) int { return cmp.Compare(m.at, at) })
	if i == len(h.moves) {
		return math.MaxInt64
	}
	return h.moves[i].stamp
}

func (h *history) count(kind string) (n int) {
	for _, o := range h.ops {
		if kind == "" || o.kind == kind {
			n++
		}
	}
	return n
}

// by splits the operations for one model: those it concerns, one history a key.
func (h *history) by(key func(op) string) [][]porcupine.Operation {
	parts := map[string][]porcupine.Operation{}
	for _, o := range h.ops {
		if k := key(o); k != "" {
			parts[k] = append(parts[k], porcupine.Operation{ClientId: o.client, Input: o, Call: o.call, Return: o.ret})
		}
	}
	var all [][]porcupine.Operation
	for _, part := range parts {
		all = append(all, part)
	}
	return all
}
