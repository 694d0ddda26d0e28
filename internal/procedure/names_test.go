package procedure

import (
	"slices"
	"testing"
)

func TestWordsThatMayName(t *testing.T) {
	for word, want := range map[string][2]bool{"rna": {true, true}, "hc-buzzer": {true, false}, "reason_1": {false, true}, "given": {}, "none": {}, "RNA": {}, "": {}} {
		if got := [2]bool{Nameable(word, false), Nameable(word, true)}; got != want {
			t.Errorf("%q: %v, want %v", word, got, want)
		}
	}
}

func TestAConditionNamesWhatItAsks(t *testing.T) {
	c := Cond{All: []Cond{{Field: "status", Values: []string{"contacted"}}, {Not: &Cond{Any: []Cond{{Field: "receiver", Values: []string{given}}, {Field: "status", Values: []string{none}}}}}}}
	if got := c.Asks(); !slices.Equal(got, []string{"status", "receiver"}) {
		t.Errorf("it asks %v", got)
	}
}

func TestClosedListsAreGivenAway(t *testing.T) {
	got := ClosedWords("kind")
	if !slices.Equal(got, kinds) || ClosedWords("colour") != nil {
		t.Fatalf("kind %v, colour %v", got, ClosedWords("colour"))
	}
	got[0] = "changed"
	if slices.Equal(got, kinds) {
		t.Error("who asks can change the list")
	}
}
