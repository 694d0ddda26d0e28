package lead

import "sapa/internal/db"

// Load is how much of the Ideas lists one agent has today.
type Load struct {
	Agent   db.ID
	Done    int // closed today
	InWork  int // called and still open, or in hand
	Waiting int // not called yet
}

// Total is all of it.
func (l Load) Total() int { return l.Done + l.InWork + l.Waiting }

// Rule is how a list is shared out by itself.
type Rule string

const (
	Evenly Rule = "evenly" // the same number for everybody; what is left over goes to those who have least
	ByLoad Rule = "load"   // each ticket, oldest first, to whoever has least by then
)

// Propose says how many of n tickets each agent is to get. Who stands earlier wins a tie, so the same question has one answer.
//
// SOP 5.8.1.distribute: the leader changes it by hand as they like.
func Propose(rule Rule, loads []Load, n int) []int {
	add := make([]int, len(loads))
	if len(loads) == 0 || n <= 0 {
		return add
	}
	if rule == Evenly {
		for i := range add {
			add[i] = n / len(loads)
		}
		got := make([]bool, len(loads))
		for range n % len(loads) {
			i := least(loads, func(i int) (int, bool) { return loads[i].Total(), !got[i] })
			add[i]++
			got[i] = true
		}
		return add
	}
	for range n {
		add[least(loads, func(i int) (int, bool) { return loads[i].Total() + add[i], true })]++
	}
	return add
}

// turns says whose each ticket is, the oldest first: always the one who has least by then and still has some coming.
func turns(loads []Load, add []int) []int {
	var order []int
	given := make([]int, len(add))
	for {
		i := least(loads, func(i int) (int, bool) { return loads[i].Total() + given[i], given[i] < add[i] })
		if i < 0 {
			return order
		}
		given[i]++
		order = append(order, i)
	}
}

// least is the first of those who may with the smallest weight; -1: nobody may.
func least(loads []Load, weigh func(i int) (weight int, may bool)) int {
	best, lowest := -1, 0
	for i := range loads {
		if w, may := weigh(i); may && (best < 0 || w < lowest) {
			best, lowest = i, w
		}
	}
	return best
}
