package snmp

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/gosnmp/gosnmp"

	"sapa/internal/egress"
)

// sysUpTime is what every SNMP agent can say: how long it has been up (RFC 3418).
const sysUpTime = ".1.3.6.1.2.1.1.3.0"

// Heard is how the OLTs answer, as the last questions to each have found it.
type Heard struct {
	Kind egress.Kind   // what is wrong with the worst of them; empty: all that were asked answer
	OLTs int           // how many there are
	Out  int           // how many of them are as bad
	Took time.Duration // the longest of the answers that came
}

// hearing is what was found of each OLT, and with which the next round begins.
type hearing struct {
	sync.Mutex
	found map[string]finding
	next  int
}

type finding struct {
	kind egress.Kind
	took time.Duration
}

// Hear asks the OLTs one after the other how long they have been up, for no longer than the way's Whole: where it ends, the next
// round goes on. One that rests is not asked and stays as it was found.
func (s *Source) Hear(ctx context.Context, clock func() time.Time) Heard {
	start := clock()
	round, cancel := context.WithTimeout(ctx, s.way.Whole)
	defer cancel()
	h := &s.heard
	h.Lock()
	defer h.Unlock()
	names := slices.Sorted(maps.Keys(s.OLTs))
	for i := range names {
		name, began := names[h.next%len(names)], clock()
		kind := egress.KindOf(s.ask(round, name, up))
		if ctx.Err() != nil {
			return Heard{Kind: egress.GivenUp}
		}
		if i > 0 && kind != "" && clock().Sub(start) >= s.way.Whole { // it was not given its time: the next round begins with it
			break
		}
		if was := h.found[name]; kind != egress.Resting || was.kind == "" {
			h.found[name] = finding{kind, clock().Sub(began)}
		}
		h.next++
	}
	return h.sum(len(names))
}

// up asks one question; whoever answers something else than a time is no agent.
func up(g *gosnmp.GoSNMP) error {
	got, err := g.Get([]string{sysUpTime})
	if err != nil {
		return err
	}
	if got.Error != gosnmp.NoError || len(got.Variables) != 1 || dotted(got.Variables[0].Name) != dotted(sysUpTime) || got.Variables[0].Type != gosnmp.TimeTicks {
		return egress.Failed(egress.Nonsense, errors.New("no sysUpTime"))
	}
	return nil
}

// sum is the worst of what was found, how many are so, and the longest answer.
func (h *hearing) sum(all int) Heard {
	s := Heard{OLTs: all}
	worst := 0
	for _, name := range slices.Sorted(maps.Keys(h.found)) {
		f := h.found[name]
		bad := badness(f.kind)
		if bad == 0 {
			s.Took = max(s.Took, f.took)
			continue
		}
		if bad > worst {
			s.Kind, s.Out, worst = f.kind, 0, bad
		}
		if bad == worst {
			s.Out++
		}
	}
	return s
}

// badness orders what can be wrong: no answer is worse than a wrong one, that worse than a sign-in that is not taken.
func badness(k egress.Kind) int {
	switch k {
	case "":
		return 0
	case egress.SignIn:
		return 1
	case egress.Nonsense, egress.Forbidden:
		return 2
	}
	return 3
}
