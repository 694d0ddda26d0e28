package trouble

import (
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
	r := &reader{file: "ladder.yaml"}
	var l ladder
	var at []*yaml.Node
	r.keys(r.open(text), map[string]func(*yaml.Node){
		"ladder": r.each(func(n *yaml.Node) {
			one := rung{}
			always := true
			r.keys(n, map[string]func(*yaml.Node){
				"priority": r.str(&one.priority),
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
	return l, r.err()
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
			r.each(func(n *yaml.Node) { *to = append(*to, r.condition(n, depth+1)) })(n)
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
	r.keys(n, known)
	return c
}

// asked reads what a condition asks of one fact.
func (r *reader) asked(n *yaml.Node, c *condition, fact string, values []string) {
	if values != nil {
		var given []string
		r.strs(&given)(n)
		for _, v := range given {
			r.oneOf(n, fact, v, values)
		}
		c.is[fact] = given
		return
	}
	least, above := -1, -1
	r.keys(n, map[string]func(*yaml.Node){"at_least": r.num(&least), "above": r.num(&above)})
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
