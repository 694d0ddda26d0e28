package torture

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"sapa/internal/db"
)

// span is when a ticket certainly waited at one place, by stamps: from is after its last change was told, to is before the
// next one was asked for.
type span struct {
	from, to int64
	place    place
}

// line is the queue as it can be known for certain from outside.
type line struct {
	tickets  map[db.ID][]span
	pool     map[db.ID]string
	subject  map[db.ID]string
	episodes map[string][]span // of a subject: perhaps in somebody's hand
	took     map[string]place  // by token: from where a claim took its ticket
	told     map[string]int64  // by token: when it was first told
	ids      []db.ID
}

// know reads the line out of a history.
func know(h *history) line {
	l := line{tickets: map[db.ID][]span{}, pool: map[db.ID]string{}, subject: map[db.ID]string{}, episodes: map[string][]span{}, took: map[string]place{}, told: map[string]int64{}}
	hands := map[string]*episode{}
	for _, o := range h.ops {
		switch {
		case o.kind == opened:
			l.ids = append(l.ids, o.ticket)
			l.pool[o.ticket], l.subject[o.ticket] = o.pool, o.subject
			l.tickets[o.ticket] = []span{{max(o.ret, h.reached(o.place.wake)), math.MaxInt64, o.place}}
		case o.kind == claim && o.result == got:
			e := hands[o.token]
			if e == nil {
				e = &episode{ticket: o.ticket, token: o.token, asked: o.call, told: o.ret}
				hands[o.token] = e
			}
			e.asked, e.told = min(e.asked, o.call), min(e.told, o.ret)
		}
	}
	for _, o := range h.ops {
		if e := hands[o.token]; e != nil && o.result == ok && o.kind != renew {
			e.end = o
		}
	}
	of := map[db.ID][]*episode{}
	for _, e := range hands {
		l.told[e.token] = e.told
		of[e.ticket] = append(of[e.ticket], e)
	}
	for id, all := range of {
		slices.SortFunc(all, func(a, b *episode) int { return cmp.Compare(a.told, b.told) })
		l.follow(h, id, all)
	}
	return l
}

// episode is one hold: asked for first, told first, and what ended it.
type episode struct {
	ticket      db.ID
	token       string
	asked, told int64
	end         op
}

// follow goes along the holds of one ticket and keeps where it stood between them.
func (l line) follow(h *history, id db.ID, all []*episode) {
	subject := l.subject[id]
	for _, e := range all {
		l.episodes[subject] = append(l.episodes[subject], span{from: e.asked, to: e.end.ret})
		if e.end.call < e.told { // it lapsed before its holder was told: which hold came first cannot be known
			delete(l.tickets, id)
		}
	}
	spans, known := l.tickets[id]
	if !known {
		return
	}
	for _, e := range all {
		last := &spans[len(spans)-1]
		last.to = e.asked
		l.took[e.token] = last.place
		next := span{e.end.ret, math.MaxInt64, last.place}
		next.place.wake = 0
		if e.end.kind == settle {
			next.place, next.from = e.end.place, max(e.end.ret, h.reached(e.end.place.wake))
		}
		if e.end.closed {
			next.from = math.MaxInt64
		}
		spans = append(spans, next)
	}
	l.tickets[id] = spans
}

// step is what comes first for an agent: own promises, promises, raised, the rest (decisions.md 1 and 3).
func (p place) step(agent db.ID) int {
	if p.rank == 0 && p.owner == agent {
		return -1
	}
	return p.rank
}

func (p place) before(q place, id, other db.ID, agent db.ID) bool {
	return cmp.Or(cmp.Compare(p.step(agent), q.step(agent)), cmp.Compare(p.order, q.order), cmp.Compare(id, other)) < 0
}

// at is the place at which a ticket certainly waited all through a claim.
func (l line) at(id db.ID, call, ret int64) (place, bool) {
	for _, s := range l.tickets[id] {
		if s.from < call && ret < s.to {
			return s.place, true
		}
	}
	return place{}, false
}

// free tells whether a subject was certainly in nobody's hand all through a claim.
func (l line) free(subject string, call, ret int64) bool {
	return !slices.ContainsFunc(l.episodes[subject], func(s span) bool { return s.from < ret && call < s.to })
}

// overlooked lists the claims that were handed a later ticket, or none, although an earlier one waited all the while, and
// tells how many were looked at. Nothing is said about tickets that another client was just moving: there a claim may see
// them or not. A claim beside one that picked a ticket and had to let it go may overlook that one: a moment later the next
// claim would get it. Two windows of one agent may both be told a token; whichever was first took the ticket, so both must
// have overlooked something.
func overlooked(h *history) (wrong []string, checked int) {
	l := know(h)
	var letGo []op
	for _, o := range h.ops {
		if o.kind == crowded || (o.kind == claim && (o.tries > 1 || l.again(o))) {
			letGo = append(letGo, o)
		}
	}
	excused := func(o op) (n int) {
		for _, g := range letGo {
			if g.call < o.ret && o.call < g.ret {
				n += g.tries
			}
		}
		return n
	}
	blind := map[string][]string{} // by token: what each of its first claims overlooked beyond excuse
	for _, o := range h.ops {
		if o.kind != claim || (o.result == got && o.call > l.told[o.token]) {
			continue
		}
		missed := l.missed(o)
		if len(missed) <= excused(o) {
			missed = nil
		}
		if before, known := blind[o.token]; o.result == got && (!known || len(before) > 0) {
			blind[o.token] = missed
		}
		if o.result == nothing {
			checked++
			wrong = append(wrong, missed...)
		}
	}
	for _, missed := range blind {
		checked++
		wrong = append(wrong, missed...)
	}
	return wrong, checked
}

// again tells whether a claim ran beside the one that first told its token.
func (l line) again(o op) bool {
	return o.result == got && o.call < l.told[o.token] && o.ret > l.told[o.token]
}

// missed names the tickets that certainly came before what a claim was given.
func (l line) missed(o op) (all []string) {
	mine := place{rank: math.MaxInt}
	if o.result == got {
		var known bool
		if mine, known = l.took[o.token]; !known {
			return nil
		}
	}
	for _, id := range l.ids {
		if id == o.ticket || !slices.Contains(o.pools, l.pool[id]) {
			continue
		}
		p, certain := l.at(id, o.call, o.ret)
		if certain && (p.owner == 0 || p.owner == o.agent || p.ownerUntil <= o.now) && p.before(mine, id, o.ticket, o.agent) && l.free(l.subject[id], o.call, o.ret) {
			all = append(all, fmt.Sprintf("agent %d was told %s: ticket %d %+v, while ticket %d %+v waited from before stamp %d to after %d", o.agent, o.result, o.ticket, mine, id, p, o.call, o.ret))
		}
	}
	return all
}
