package trouble

import (
	"maps"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Priorities a rung can give, the most pressing first.
var Priorities = []string{"super-emergency", "very-high", "high", "medium", "low"}

// ladder is the priority ladder (domain 3.5): the first rung that holds counts.
type ladder []rung

type rung struct {
	priority string
	when     condition
}

// condition is closed: values a fact may have, bounds of a number, and all, any, not of such. Only what cannot say more can
// be checked whole.
type condition struct {
	is       map[string][]string
	atLeast  map[string]int
	above    map[string]int
	all, any []condition
	not      *condition
}

// facts of a ladder, with the values they can have; numbers have none.
var ladderFacts = map[string][]string{
	"class": {"HVC_VVIP", "HVC_DIAMOND", "HVC_PLATINUM", "HVC_GOLD", "HVC_SILVER", "REGULER"}, "service": Services,
	"hard_complaint": HardComplaints, "urgency": Urgencies, "admin": {"yes", "no"}, "lapul": nil, "gaul": nil, "ttr_days": nil,
}

// priority is where a ticket stands on the ladder at a moment.
func (l ladder) priority(t Ticket, now time.Time) string {
	words := map[string]string{"class": t.CustomerClass, "service": t.Service, "hard_complaint": t.HardComplaint, "urgency": t.Urgency, "admin": "no"}
	if theTree.leaves[t.Classification].Admin {
		words["admin"] = "yes"
	}
	numbers := map[string]int{"lapul": t.Lapul, "gaul": t.Gaul, "ttr_days": int(t.TTR(now) / (24 * time.Hour))}
	for _, r := range l {
		if r.when.holds(words, numbers) {
			return r.priority
		}
	}
	return Priorities[len(Priorities)-1] // cannot be: the last rung has no condition
}

func (c condition) holds(words map[string]string, numbers map[string]int) bool {
	for f, values := range c.is {
		if !slices.Contains(values, words[f]) {
			return false
		}
	}
	for f, n := range c.atLeast {
		if numbers[f] < n {
			return false
		}
	}
	for f, n := range c.above {
		if numbers[f] <= n {
			return false
		}
	}
	holds := func(c condition) bool { return c.holds(words, numbers) }
	fails := func(c condition) bool { return !holds(c) }
	return !slices.ContainsFunc(c.all, fails) && (c.any == nil || slices.ContainsFunc(c.any, holds)) && (c.not == nil || fails(*c.not))
}

func readLadder(text []byte) (ladder, error) {
	r := reading("ladder.yaml")
	var l ladder
	var at []*yaml.Node
	r.Keys(r.open(text), map[string]func(*yaml.Node){
		"ladder": r.Each(func(n *yaml.Node) {
			one := rung{}
			always := true
			r.Keys(n, map[string]func(*yaml.Node){
				"priority": r.Str(&one.priority),
				"when":     func(n *yaml.Node) { always, one.when = false, r.condition(n, 0) },
			})
			r.oneOf(n, "priority", one.priority, Priorities)
			if slices.ContainsFunc(l, func(o rung) bool { return o.priority == one.priority }) {
				r.wrong(n, "trouble.file.double", "what", one.priority)
			}
			if k := len(at); k > 0 && at[k-1] == nil {
				r.wrong(n, "trouble.file.never", "what", one.priority)
			}
			if l = append(l, one); always {
				n = nil
			}
			at = append(at, n)
		}),
	})
	if len(l) == 0 || at[len(at)-1] != nil {
		r.wrong(nil, "trouble.file.last-rung")
	}
	if len(r.mistakes) == 0 {
		l.reached(r, at)
	}
	return l, r.err()
}

const mostBounds = 5 // different bounds of one number

// reached refuses a rung that no ticket can come to, because the rungs above it take all of its tickets or because its
// condition never holds. Only what is asked of a fact tells tickets apart, so trying one value of each kind is trying all.
func (l ladder) reached(r *reader, at []*yaml.Node) {
	asked := map[string][]string{}
	bounds := map[string][]int{}
	for _, one := range l {
		one.when.each(func(c condition) {
			for f, values := range c.is {
				asked[f] = append(asked[f], values...)
			}
			for f, n := range c.atLeast {
				bounds[f] = append(bounds[f], n)
			}
			for f, n := range c.above {
				bounds[f] = append(bounds[f], n+1)
			}
		})
	}
	for f, values := range asked {
		slices.Sort(values)
		if asked[f] = slices.Compact(values); len(asked[f]) < len(ladderFacts[f]) || f != "admin" {
			asked[f] = append(asked[f], "") // what no rung asks for
		}
	}
	for f, from := range bounds {
		slices.Sort(from)
		if from = slices.Compact(from); len(from) > mostBounds {
			r.wrong(nil, "trouble.file.bounds", "what", f, "max", mostBounds)
			return
		}
		bounds[f] = append(from, 0)
	}
	came := make([]bool, len(l))
	left := len(l)
	tickets(slices.Sorted(maps.Keys(asked)), slices.Sorted(maps.Keys(bounds)), asked, bounds, func(words map[string]string, numbers map[string]int) bool {
		i := slices.IndexFunc(l, func(one rung) bool { return one.when.holds(words, numbers) })
		if !came[i] {
			came[i] = true
			left--
		}
		return left > 0
	})
	for i, yes := range came {
		if !yes {
			r.wrong(at[i], "trouble.file.unreachable", "what", l[i].priority)
		}
	}
}

// each hands a condition and all within it to a reader.
func (c condition) each(do func(condition)) {
	do(c)
	for _, inner := range slices.Concat(c.all, c.any) {
		inner.each(do)
	}
	if c.not != nil {
		c.not.each(do)
	}
}

// tickets hands out every combination of values, until it is told to stop.
func tickets(facts, counts []string, values map[string][]string, bounds map[string][]int, try func(map[string]string, map[string]int) bool) {
	words, numbers := map[string]string{}, map[string]int{}
	var next func(i int) bool
	next = func(i int) bool {
		switch {
		case i < len(facts):
			for _, v := range values[facts[i]] {
				words[facts[i]] = v
				if !next(i + 1) {
					return false
				}
			}
			return true
		case i < len(facts)+len(counts):
			f := counts[i-len(facts)]
			for _, n := range bounds[f] {
				numbers[f] = n
				if !next(i + 1) {
					return false
				}
			}
			return true
		}
		return try(words, numbers)
	}
	next(0)
}

const deepest = 6 // conditions within conditions

func (r *reader) condition(n *yaml.Node, depth int) condition {
	c := condition{is: map[string][]string{}, atLeast: map[string]int{}, above: map[string]int{}}
	if depth > deepest {
		r.wrong(n, "trouble.file.deep", "max", deepest)
		return c
	}
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		r.wrong(n, "trouble.file.condition")
		return c
	}
	list := func(to *[]condition) func(*yaml.Node) {
		return func(n *yaml.Node) {
			*to = []condition{}
			r.Each(func(n *yaml.Node) { *to = append(*to, r.condition(n, depth+1)) })(n)
			if len(*to) == 0 {
				r.wrong(n, "trouble.file.condition")
			}
		}
	}
	known := map[string]func(*yaml.Node){"all": list(&c.all), "any": list(&c.any), "not": func(n *yaml.Node) {
		inner := r.condition(n, depth+1)
		c.not = &inner
	}}
	for fact, values := range ladderFacts {
		known[fact] = func(n *yaml.Node) { r.asked(n, &c, fact, values) }
	}
	r.Keys(n, known)
	return c
}

// asked reads what a condition asks of one fact.
func (r *reader) asked(n *yaml.Node, c *condition, fact string, values []string) {
	if values != nil {
		var given []string
		r.Strs(&given)(n)
		for _, v := range given {
			r.oneOf(n, fact, v, values)
		}
		c.is[fact] = given
		return
	}
	least, above := -1, -1
	r.Keys(n, map[string]func(*yaml.Node){"at_least": r.num(&least), "above": r.num(&above)})
	if least >= 0 {
		c.atLeast[fact] = least
	}
	if above >= 0 {
		c.above[fact] = above
	}
	if n.Kind == yaml.MappingNode && least < 0 && above < 0 {
		r.wrong(n, "trouble.file.part", "what", fact, "parts", strings.Join([]string{"at_least", "above"}, ", "))
	}
}
