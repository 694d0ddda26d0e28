package main

import "testing"

// SOP fn.5, doc.effective: no ticket is ever handled under a revision that is unsigned, not effective or recalled.
func TestNoClaimGetsAnUnsignedRevision(t *testing.T) {
	got := run(40_000, 7, sound)
	if got.bad > 0 {
		t.Error(got)
	}
	if got.published < 10_000 || got.recalled < 10_000 || got.signed < 10_000 || got.refused < 10_000 {
		t.Errorf("the schedules hardly do anything: %s", got)
	}
}

// A program that finds nothing must be able to find something: each decision spoiled is found.
func TestEverySpoiledDecisionIsFound(t *testing.T) {
	for _, s := range spoils {
		r := sound
		s.spoil(&r)
		if got := run(20_000, 7, r); got.bad == 0 {
			t.Errorf("%s - %s - was not found in %d schedules", s.name, s.what, got.schedules)
		}
	}
}

func TestTheSameSeedGivesTheSameSchedules(t *testing.T) {
	if a, b := run(2_000, 3, sound), run(2_000, 3, sound); a.String() != b.String() {
		t.Errorf("%s\n%s", a, b)
	}
}
