package torture

import (
	"fmt"
	"slices"

	"github.com/anishathalye/porcupine"

	"sapa/internal/db"
)

// held is a hold as a model knows it; the zero value is none.
type held struct {
	token         string
	agent, ticket db.ID
	until         int64
}

// waiting is a ticket that is to be worked.
type waiting struct {
	id    db.ID
	place place
}

// subjectState is what there is to know about one customer: who holds them, and their tickets.
type subjectState struct {
	hold    held
	tickets []waiting
}

func (s subjectState) find(id db.ID) (place, bool) {
	i := slices.IndexFunc(s.tickets, func(w waiting) bool { return w.id == id })
	if i < 0 {
		return place{}, false
	}
	return s.tickets[i].place, true
}

// put is the state with a ticket's place changed; nil takes it out.
func (s subjectState) put(id db.ID, p *place) subjectState {
	s.tickets = slices.DeleteFunc(slices.Clone(s.tickets), func(w waiting) bool { return w.id == id })
	if p != nil {
		s.tickets = append(s.tickets, waiting{id, *p})
		slices.SortFunc(s.tickets, func(a, b waiting) int { return int(a.id - b.id) })
	}
	return s
}

// oneCustomerOneCall says what may happen to one subject: one hold at a time, fenced by its token, lapsing only after its
// time, on a ticket that waits, is awake and is the agent's to take.
var oneCustomerOneCall = porcupine.Model{
	Init: func() any { return subjectState{} },
	Step: func(state, input, _ any) (bool, any) {
		s, o := state.(subjectState), input.(op)
		return s.step(o)
	},
	Equal: func(a, b any) bool {
		x, y := a.(subjectState), b.(subjectState)
		return x.hold == y.hold && slices.Equal(x.tickets, y.tickets)
	},
	DescribeOperation: func(input, _ any) string {
		o := input.(op)
		return fmt.Sprintf("%s by %d: %s ticket %d token %.4s", o.kind, o.agent, o.result, o.ticket, o.token)
	},
}

func (s subjectState) step(o op) (bool, subjectState) {
	mine := s.hold.token == o.token && s.hold.agent == o.agent && s.hold.ticket == o.ticket
	free := s
	free.hold = held{}
	switch o.kind + " " + o.result {
	case opened + " " + ok:
		return true, s.put(o.ticket, &o.place)
	case claim + " " + got:
		if s.hold.token != "" {
			return mine && s.hold.until == o.until, s
		}
		p, there := s.find(o.ticket)
		if !there || p.wake > o.late || (p.owner != 0 && p.owner != o.agent && p.ownerUntil > o.now) {
			return false, s
		}
		p.wake = 0
		s = s.put(o.ticket, &p)
		s.hold = held{o.token, o.agent, o.ticket, o.until}
		return true, s
	case renew + " " + ok:
		s.hold.until = o.until
		return mine, s
	case release + " " + ok:
		return mine, free
	case settle + " " + ok:
		if o.closed {
			return mine, free.put(o.ticket, nil)
		}
		return mine, free.put(o.ticket, &o.place)
	case lapse + " " + ok:
		return mine && s.hold.until <= o.now, free
	}
	return o.result == lost && s.hold.token != o.token, s // a late holder is told so, and only a late one
}

// oneAgentOneTicket says what may happen to one agent, in however many windows: one hold at a time, the same one again.
var oneAgentOneTicket = porcupine.Model{
	Init: func() any { return held{} },
	Step: func(state, input, _ any) (bool, any) {
		s, o := state.(held), input.(op)
		switch o.kind + " " + o.result {
		case claim + " " + got:
			if s.token == "" {
				return true, held{token: o.token, agent: o.agent, ticket: o.ticket}
			}
			return s.token == o.token && s.ticket == o.ticket, s
		case claim + " " + nothing:
			return s.token == "", s
		case renew + " " + ok:
			return s.token == o.token, s
		case release + " " + ok, settle + " " + ok, lapse + " " + ok:
			return s.token == o.token, held{}
		}
		return s.token != o.token, s
	},
	DescribeOperation: oneCustomerOneCall.DescribeOperation,
}

func ofSubject(o op) string { return o.subject }

// ofAgent leaves out what is nobody's own: opening, and what did nothing.
func ofAgent(o op) string {
	if o.kind == opened || o.kind == crowded {
		return ""
	}
	return o.agent.String()
}
