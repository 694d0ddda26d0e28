package procedure

import (
	"os"
	"strings"
	"testing"
)

func TestWhereIsNamesTheClauseOfALine(t *testing.T) {
	b := theBook(t)
	const file = "IN.OCC.TELK.W-18/rev-02/campaigns/fresh-lapul.yaml"
	text, err := os.ReadFile("../../procedures/" + file)
	if err != nil {
		t.Fatal(err)
	}
	line := func(has string) int {
		for i, l := range strings.Split(string(text), "\n") {
			if strings.Contains(l, has) {
				return i + 1
			}
		}
		t.Fatalf("no line with %q", has)
		return 0
	}
	for _, one := range []struct {
		line                   int
		clause, campaign, fild string
	}{
		{line("id: tulalit") + 1, "5.7.8.b.junk.tulalit", "fresh-lapul", "reason_1"},
		{line("- id: reason_2") + 2, "5.7.8.c", "fresh-lapul", "reason_2"},
		{line("queue:"), "A-38", "fresh-lapul", ""},
	} {
		if c, p, f := b.WhereIs(file, one.line); c != one.clause || p != one.campaign || f != one.fild {
			t.Errorf("line %d: %q %q %q", one.line, c, p, f)
		}
	}
	if c, p, f := b.WhereIs("nowhere.yaml", 3); c+p+f != "" {
		t.Errorf("nowhere: %q %q %q", c, p, f)
	}
}

// A draft's number alone is no change; a changed label is one, at its clause.
func TestDiffPartsLeavesTheNumberOut(t *testing.T) {
	a, b := theBook(t), theBook(t)
	b.Document.Revision = 3
	for _, p := range b.all() {
		p.Revision = 3
	}
	if changes := DiffParts(a, b); len(changes) > 0 {
		t.Fatalf("the number is a change: %v", changes[0])
	}
	f := b.Procedure("fresh-lapul").Field("reason_1")
	f.Options[len(f.Options)-1].Label.ID = "Fulfillment"
	changes := DiffParts(a, b)
	if len(changes) != 1 || changes[0].Kind != "option" || changes[0].Clause != "5.7.8.b.junk.fullfilment" || changes[0].What != "changed" {
		t.Errorf("%+v", changes)
	}
	bare := &Book{Procedures: []*Procedure{{Code: "survei", Clause: "5.9", at: place{"f.yaml", 1}, Steps: []Step{{ID: "call", Cite: Cite{at: place{"f.yaml", 4}}}}}}}
	if c, p, _ := bare.WhereIs("f.yaml", 5); c != "5.9" || p != "survei" {
		t.Errorf("a step without a clause stands under its campaign's: %q %q", c, p)
	}
}
