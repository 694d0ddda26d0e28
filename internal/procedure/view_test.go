package procedure

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// ronda is the procedure of the small sound document.
func ronda(t testing.TB) *Procedure { return sound(t).Procedure("ronda") }

func line(s string) Facts { return Facts{"last_line": s, "open_report": "no"} }

func ids(options []Option) string {
	var list []string
	for _, o := range options {
		list = append(list, o.ID)
	}
	return strings.Join(list, " ")
}

func asked(v View, id string) *FieldView {
	i := slices.IndexFunc(v.Fields, func(f FieldView) bool { return f.ID == id })
	if i < 0 {
		return nil
	}
	return &v.Fields[i]
}

// Decisions, words of the line: every line and who answered has one meaning, or none.
func TestMeaning(t *testing.T) {
	for _, c := range []struct{ line, receiver, want string }{
		{"answered", "reporter", "reached-decider"}, {"answered", "decider", "reached-decider"}, {"answered", "other", "reached-other"},
		{"answered", "wrong-number", "wrong-number"}, {"answered", "dropped", "dropped"}, {"answered", "nobody", "dropped"}, {"answered", "", ""},
		{"no-answer", "nobody", "no-answer"}, {"no-answer", "", "no-answer"}, {"rejected", "", "rejected"}, {"busy", "", "rejected"},
		{"machine", "", "machine"}, {"silence", "", "silent"}, {"bad-number", "", "unreachable"}, {"unregistered", "", "unregistered"},
		{"failed", "", ""}, {"unknown", "", ""}, {"none", "", ""}, {"", "", ""},
	} {
		if got := Meaning(c.line, c.receiver); got != c.want {
			t.Errorf("%s by %q means %q, want %q", c.line, c.receiver, got, c.want)
		}
	}
}

func TestEveryMeaningOfALineIsAWordOfTheLine(t *testing.T) {
	for _, l := range FactValues["last_line"] {
		for _, m := range meanings(l, "") {
			if !slices.Contains(LineWords, m) || slices.Contains(FurtherWords, m) {
				t.Errorf("%s means %s", l, m)
			}
		}
	}
}

// SOP 5.2.11.b1.contacted: what the line proves decides what is on offer, what is held back and what is proposed.
func TestLineDecidesWhatIsOnOffer(t *testing.T) {
	p := ronda(t)
	for _, c := range []struct{ line, receiver, offer, why, proposal string }{
		{"none", "", "junk", "procedure.needs-call", ""},
		{"failed", "", "", "procedure.line-failed", ""},
		{"unknown", "", "", "procedure.line-failed", ""},
		{"answered", "", "reached junk", "procedure.line-contradicts", "reached"},
		{"answered", "reporter", "reached junk", "procedure.line-contradicts", "reached"},
		{"busy", "", "not-reached junk", "procedure.line-contradicts", "not-reached"},
	} {
		v := p.View(line(c.line), Answers{"receiver": c.receiver})
		status := asked(v, "status")
		if got := ids(status.Offer); got != c.offer || status.Proposal != c.proposal {
			t.Errorf("%s: offers %q, proposes %q", c.line, got, status.Proposal)
		}
		if len(status.Held) == 0 || status.Held[0].Why != c.why {
			t.Errorf("%s: holds back %+v", c.line, status.Held)
		}
	}
}

// SOP 5.2.11.b1.contacted: what the line leaves one choice for is taken at its word, and nothing given is changed by it.
func TestLeanTakesTheLineAtItsWord(t *testing.T) {
	given := Answers{"receiver": "reporter"}
	v := ronda(t).Lean(line("answered"), given)
	if v.Answers["status"] != "reached" || len(given) != 1 {
		t.Errorf("leaning gives %v, given were %v", v.Answers, given)
	}
	if v := ronda(t).Lean(line("none"), nil); v.Answers["status"] != "" {
		t.Errorf("before any call %v", v.Answers)
	}
}

func TestNobodySettlesItself(t *testing.T) {
	v := ronda(t).View(line("no-answer"), nil)
	if v.Answers["receiver"] != "nobody" || !slices.Equal(v.Means, []string{"no-answer"}) {
		t.Errorf("settled %v, means %v", v.Answers, v.Means)
	}
}

// SOP 5.7.8.b: changing the status clears what depended on it.
func TestChangedParentDropsItsChildren(t *testing.T) {
	p := ronda(t)
	a := Answers{"receiver": "reporter", "status": "reached", "reason": "later", "again_at": samples["time"], "note": " kept "}
	if v := p.View(line("answered"), a); v.Outcome == nil || v.Outcome.ID != "again" || v.Answers["note"] != "kept" {
		t.Fatalf("view %+v", v.Outcome)
	}
	a["status"] = "junk"
	v := p.View(line("answered"), a)
	if want := (Answers{"receiver": "reporter", "status": "junk", "note": "kept"}); !maps.Equal(v.Answers, want) {
		t.Errorf("settled to %v", v.Answers)
	}
	if asked(v, "reason") != nil {
		t.Error("a choice with nothing on offer is asked")
	}
	if a["reason"] != "later" {
		t.Error("the caller's answers were changed")
	}
}

func TestStepsFollowTheTurn(t *testing.T) {
	p := ronda(t)
	states := func(v View) string {
		var s []string
		for _, step := range v.Steps {
			s = append(s, step.ID+":"+step.State)
		}
		return strings.Join(s, " ") + " " + v.Step + " " + v.Clause
	}
	unread := line("none")
	unread["read"] = "no"
	reached := Answers{"receiver": "reporter", "status": "reached", "reason": "fine", "note": "x"}
	for _, c := range []struct {
		name  string
		facts Facts
		a     Answers
		want  string
	}{
		{"unread", unread, nil, "read:now call:todo who:skipped result:todo read 5.2"},
		{"read", line("none"), nil, "read:done call:now who:skipped result:todo call 5.3"},
		{"answered", line("answered"), nil, "read:done call:done who:now result:todo who 5.4.same"},
		{"who", line("answered"), Answers{"receiver": "reporter"}, "read:done call:done who:done result:now result 5.5"},
		{"all", line("answered"), reached, "read:done call:done who:done result:now result 5.5"},
		{"wrong number", line("answered"), Answers{"receiver": "wrong-number"}, "read:done call:done who:now result:skipped who 5.4.same"},
		{"without a call", line("none"), Answers{"status": "junk", "note": "x"}, "read:done call:skipped who:skipped result:now result 5.5"},
	} {
		if got := states(p.View(c.facts, c.a)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	empty := &Procedure{Clause: "5"}
	if v := empty.View(nil, nil); v.Clause != "5" || v.Step != "" {
		t.Errorf("a procedure without steps stands at %q, %q", v.Step, v.Clause)
	}
}

func TestScriptFollowsTheAnswers(t *testing.T) {
	p := Procedure{Steps: []Step{{ID: "s", Say: []Line{{Text: "a", When: Cond{Field: "x", Values: []string{"1"}}}, {Text: "b"}}}}}
	if v := p.View(Facts{"x": "2"}, nil); len(v.Steps[0].Say) != 1 || v.Steps[0].Say[0].Text != "b" {
		t.Errorf("says %v", v.Steps[0].Say)
	}
	if len(p.Steps[0].Say) != 2 {
		t.Error("the procedure was changed")
	}
}

func TestTicksComeInOrder(t *testing.T) {
	p := ronda(t)
	for given, want := range map[string]string{"yes": "nama,alamat", "alamat, nama": "nama,alamat", "alamat": "alamat", "": "", "x": ""} {
		v := p.View(line("answered"), Answers{"receiver": "reporter", "status": "reached", "checked": given})
		if got := v.Answers["checked"]; got != want {
			t.Errorf("%q became %q, want %q", given, got, want)
		}
	}
}

func TestTextInBothLanguages(t *testing.T) {
	if s := (Text{"ya", "yes"}).In("en") + (Text{"ya", "yes"}).In("id") + (Text{ID: "ya"}).In("en"); s != "yesyaya" {
		t.Error(s)
	}
	e := Effect{Text: Text{"Halo {name}{none} {", "Hello {name}"}}
	if got := e.Fill("id", map[string]string{"name": "Sari"}) + "|" + e.Fill("en", nil); got != "Halo Sari {|Hello " {
		t.Error(got)
	}
	if got := Places("{a} and {b_c} {"); !slices.Equal(got, []string{"a", "b_c"}) {
		t.Error(got)
	}
}

// ux.md principle 8: one place takes the agent's own words, whatever a document calls it; a step that is switched off has none.
func TestTheAgentsOwnWordsAreTheLastTextOfTheResult(t *testing.T) {
	p := &Procedure{
		Steps: []Step{{ID: "read", Fields: []string{"analysis"}}, {ID: "result", Fields: []string{"status", "ticket_no", "note", "remarks"}}, {ID: "later", Off: true, Fields: []string{"analysis"}}},
		Fields: []Field{{ID: "analysis", Type: "text"}, {ID: "status", Type: "choice"}, {ID: "ticket_no", Type: "text", Known: "ticket_no"},
			{ID: "note", Type: "text"}, {ID: "remarks", Type: "text"}},
	}
	if got := p.Words(); !slices.Equal(got, []string{"note", "remarks"}) {
		t.Errorf("words: %v", got)
	}
	for want, a := range map[string]Answers{
		"the last": {"note": "a note", "remarks": " the last "},
		"a note":   {"note": "a note", "remarks": " ", "analysis": "before"},
		"":         {"analysis": "before the call", "ticket_no": "IN12345678"},
	} {
		if got := p.Remarks(a); got != want {
			t.Errorf("%v: %q", a, got)
		}
	}
	if none := (&Procedure{}).Words(); none != nil {
		t.Errorf("no step: %v", none)
	}
}
