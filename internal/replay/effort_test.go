package replay

import (
	"testing"

	"sapa/internal/procedure"
)

// docs/effort.md: each kind of question costs what the study charges for it.
func TestWhatAQuestionAsksOfTheHands(t *testing.T) {
	two := []procedure.Option{{ID: "a"}, {ID: "b"}}
	view := func(kind, value string, change func(f *procedure.FieldView)) procedure.FieldView {
		f := procedure.FieldView{Field: procedure.Field{ID: "x", Type: kind}, Needed: true, Value: value, Offer: two}
		if change != nil {
			change(&f)
		}
		return f
	}
	passed := func(f *procedure.FieldView) { f.Needed = false }
	for _, c := range []struct {
		what  string
		f     procedure.FieldView
		line  string
		draft bool
		want  int64
	}{
		{"a choice", view("choice", "a", nil), "answered", false, 1350 + 280},
		{"a choice nobody has made yet", view("choice", "", nil), "answered", false, 1350 + 280},
		{"a choice the line has made", view("choice", "a", func(f *procedure.FieldView) { f.Proposal = "a" }), "no-answer", false, 1350},
		{"a choice that settles itself", view("choice", "a", func(f *procedure.FieldView) { f.Auto, f.Offer = true, two[:1] }), "answered", false, 1350},
		{"a choice passed by", view("choice", "", passed), "answered", false, 0},
		{"three ticks", view("check", "a,b,c", nil), "answered", false, 1350 + 3*280},
		{"ticks passed by", view("check", "", passed), "answered", false, 0},
		{"a known text", view("text", "IN123", func(f *procedure.FieldView) { f.Known = "ticket_no" }), "answered", false, 1350},
		{"the draft after a talk", view("text", "apa saja", nil), "answered", true, 1350 + 22*280},
		{"the draft when nobody was reached", view("text", "apa saja", nil), "no-answer", true, 1350},
		{"a text", view("text", "érié", nil), "answered", false, 1350 + 6*280},
		{"a text nobody has written yet", view("text", "", nil), "answered", false, 1350 + 22*280},
		{"a text passed by", view("text", "", passed), "answered", false, 0},
		{"a time", view("time", "2026-11-23T15:00:00+07:00", nil), "answered", false, 1350 + 7*280},
	} {
		if got := hand(c.f, c.line, c.draft); got != c.want {
			t.Errorf("%s costs %d ms, want %d", c.what, got, c.want)
		}
	}
}

// The fewest that explain an order are named, what is new or gone is not.
func TestTheFewestMovesAreNamed(t *testing.T) {
	places := func(ids string) (all []place) {
		for _, id := range ids {
			all = append(all, place{id: string(id)})
		}
		return all
	}
	for _, c := range []struct{ before, after, want string }{
		{"abcd", "abcd", ""}, {"abcd", "abxcd", ""}, {"abcd", "acd", ""}, {"abcd", "bcda", "a"}, {"abcd", "dabc", "d"}, {"abcd", "acbd", "b"}, {"", "ab", ""}, {"abcd", "dcba", "cba"},
	} {
		got := ""
		for _, p := range displaced(places(c.before), places(c.after)) {
			got += p.id
		}
		if got != c.want {
			t.Errorf("%s to %s: %q moved, want %q", c.before, c.after, got, c.want)
		}
	}
}
