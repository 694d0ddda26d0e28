package db

import (
	"math/rand/v2"
	"sync"
	"time"
)

// ids makes ids that sort by time: 42 bits of milliseconds since 2020 and 21 bits that count within the millisecond from
// a random start, so that several servers on one database do not meet.
type ids struct {
	mu   sync.Mutex
	last int64
}

const lowBits = 21

var epoch = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()

func (g *ids) next(now time.Time) ID {
	g.mu.Lock()
	defer g.mu.Unlock()
	base := max(now.UnixMilli()-epoch, 1) << lowBits
	if base <= g.last { // same millisecond, or the clock went back: go on counting
		g.last++
		return ID(g.last)
	}
	g.last = base + rand.Int64N(1<<(lowBits-1))
	return ID(g.last)
}

// Earliest is below every id made within the last while: where a follower of a tail begins to read again.
func (tx *Tx) Earliest(back time.Duration) ID {
	return ID(max(tx.Now.Add(-back).UnixMilli()-epoch, 1) << lowBits)
}
