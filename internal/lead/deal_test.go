package lead_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sapa/internal/db"
	"sapa/internal/lead"
)

func loads(t *rapid.T) []lead.Load {
	few := rapid.IntRange(0, 30)
	all := make([]lead.Load, rapid.IntRange(1, 40).Draw(t, "agents"))
	for i := range all {
		all[i] = lead.Load{Agent: db.ID(i + 1), Done: few.Draw(t, "done"), InWork: few.Draw(t, "in work"), Waiting: few.Draw(t, "waiting")}
	}
	return all
}

func sum(add []int) (n int) {
	for _, one := range add {
		n += one
	}
	return n
}

// SOP 5.8.1.distribute: whatever the rule, every ticket is dealt and the same question has the same answer.
func TestAProposalDealsEveryTicketOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all, n := loads(t), rapid.IntRange(0, 500).Draw(t, "tickets")
		for _, rule := range []lead.Rule{lead.Evenly, lead.ByLoad} {
			add := lead.Propose(rule, all, n)
			if sum(add) != n || slices.Min(add) < 0 {
				t.Fatalf("%s: %v for %d", rule, add, n)
			}
			if again := lead.Propose(rule, slices.Clone(all), n); !slices.Equal(add, again) {
				t.Fatalf("%s: %v, then %v", rule, add, again)
			}
		}
	})
}

func TestEvenlyDiffersByOneAtMostAndFavoursWhoHasLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all, n := loads(t), rapid.IntRange(0, 500).Draw(t, "tickets")
		add := lead.Propose(lead.Evenly, all, n)
		if slices.Max(add)-slices.Min(add) > 1 {
			t.Fatalf("%v", add)
		}
		for i := range add {
			for j := range add {
				if add[i] > add[j] && all[i].Total() > all[j].Total() {
					t.Fatalf("%d has %d already and gets %d, %d has %d and gets %d", i, all[i].Total(), add[i], j, all[j].Total(), add[j])
				}
			}
		}
	})
}

// By load nobody is filled above somebody who could have taken the ticket and had less.
func TestByLoadFillsTheLowestFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all, n := loads(t), rapid.IntRange(0, 500).Draw(t, "tickets")
		add := lead.Propose(lead.ByLoad, all, n)
		for i := range add {
			for j := range add {
				if add[i] > 0 && all[i].Total()+add[i] > all[j].Total()+add[j]+1 {
					t.Fatalf("%d ends with %d, %d with %d", i, all[i].Total()+add[i], j, all[j].Total()+add[j])
				}
			}
		}
	})
}

func TestNobodyToDealTo(t *testing.T) {
	if add := lead.Propose(lead.ByLoad, nil, 12); len(add) != 0 {
		t.Errorf("%v", add)
	}
}
