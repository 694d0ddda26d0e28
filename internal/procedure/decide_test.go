package procedure

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"sapa/internal/fault"
)

// talked is a turn with nothing left to say.
func talked() Answers {
	return Answers{"receiver": "reporter", "status": "reached", "reason": "fine", "note": "x"}
}

func TestDecideGivesOutcomeEffectsAndMeaning(t *testing.T) {
	p := ronda(t)
	later := talked()
	later["reason"], later["again_at"] = "later", samples["time"]
	d, err := p.Decide(line("answered"), later, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if d.Outcome.ID != "again" || len(d.Effects) != 2 || !slices.Equal(d.Means, []string{"reached-decider", "call-again"}) || !maps.Equal(d.Answers, later) {
		t.Errorf("decided %+v", d)
	}
	if d, err = p.Decide(line("none"), nil, Answers{"status": "junk", "note": "x"}, nil); err != nil || len(d.Means) != 0 {
		t.Errorf("without a call: %+v, %v", d, err)
	}
}

// SOP 5.2.9, 5.7.8.b.contacted.menolak: a campaign says itself which of its choices leave the matter open; no field has a name that counts.
func TestWhatIsChosenSaysThatTheMatterIsOpen(t *testing.T) {
	p := real(t).Procedure("callback")
	facts := Facts{"last_line": "answered", "open_report": "no", "same_today": "no", "outage": "no", "ticket_state": "open", "line_verdict": "none", "hours": "in"}
	for guided, want := range map[string][]string{"berhasil": {"reached-decider"}, "tidak-berhasil": {"reached-decider", Unsolved}} {
		d, err := p.Decide(facts, nil, Answers{"receiver": "reporter", "data_check": "yes", "guided": guided, "status": "contacted", "reason_call": "internet-mati",
			"solution": map[string]string{"berhasil": "selesai-dipandu", "tidak-berhasil": "tiket-gangguan"}[guided], "service_no": "122345678901", "remarks": "x"}, nil)
		if err != nil || !slices.Equal(d.Means, want) {
			t.Errorf("guided %s means %q, want %q (%v)", guided, d.Means, want, err)
		}
	}
	if o := (Option{Means: []string{"reached-decider", Unsolved}}); o.fits("no-answer", []string{"no-answer"}) {
		t.Error("an open matter was reached on a line that nobody answered")
	}
}

func TestPutRefusesWithFieldAndClause(t *testing.T) {
	p := ronda(t)
	own := errors.New("the store is away")
	checks := Checks{
		"ticket-no": func(v string) error {
			if v == "IN1" {
				return fault.New(fault.Invalid, "desk.ticket-no")
			}
			return nil
		},
		"future": func(string) error { return own },
	}
	for _, c := range []struct{ name, field, value, key, clause string }{
		{"unknown", "mood", "good", "procedure.unknown-field", "5"},
		{"not asked", "again_at", samples["time"], "procedure.not-asked", "5.5"},
		{"no option", "status", "sleeping", "procedure.no-such-option", "5.5"},
		{"the line contradicts", "status", "not-reached", "procedure.line-contradicts", "5.5"},
		{"other branch", "reason", "rna", "procedure.not-on-offer", "5.5"},
		{"no tick", "checked", "nama,umur", "procedure.no-such-option", "5.5"},
		{"no number", "count", "two", "procedure.not-a-number", "5.5"},
		{"too long", "count", "1000", "procedure.long", "5.5"},
		{"long text", "note", strings.Repeat("é", longText+1), "procedure.long", "5.5"},
		{"not UTF-8", "note", "\xff", "procedure.unreadable", "5.5"},
		{"NUL", "note", "a\x00b", "procedure.unreadable", "5.5"},
		{"the desk's own check", "ticket_no", "IN1", "desk.ticket-no", "5.5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			stored := talked()
			_, _, err := p.Put(line("answered"), stored, Answers{c.field: c.value}, checks)
			e := fault.Of(err)
			if e == nil || e.Key != c.key || e.Field != c.field || e.Clause != c.clause || e.Kind != fault.Invalid {
				t.Errorf("refused as %v", err)
			}
			if !maps.Equal(stored, talked()) {
				t.Error("the stored answers were changed")
			}
		})
	}
	later := talked()
	later["reason"] = "later"
	if _, _, err := p.Put(line("answered"), later, Answers{"again_at": samples["time"]}, checks); !errors.Is(err, own) {
		t.Errorf("the world's error became %v", err)
	}
	_, _, err := p.Put(line("answered"), later, Answers{"again_at": "at three"}, nil)
	if e := fault.Of(err); e == nil || e.Key != "procedure.not-a-time" {
		t.Errorf("no time: %v", err)
	}
}

func TestPutKeepsDraftsAndClears(t *testing.T) {
	p := ronda(t)
	settled, v, err := p.Put(line("answered"), talked(), Answers{"note": "  ", "count": "12", "checked": "yes", "status": "reached", "ticket_no": "IN99900001"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := Answers{"receiver": "reporter", "status": "reached", "reason": "fine", "count": "12", "checked": "nama,alamat", "ticket_no": "IN99900001"}
	if !maps.Equal(settled, want) || v.Complete || !slices.Equal(v.Missing, []string{"note"}) {
		t.Errorf("settled to %v, missing %v", settled, v.Missing)
	}
}

// SOP 5.2.11: the result is asked for in order, and a call that is needed is asked for before the choice it would allow.
func TestDecideNamesTheFirstMissingField(t *testing.T) {
	p := ronda(t)
	for _, c := range []struct {
		name       string
		facts      Facts
		answers    Answers
		key, field string
	}{
		{"nothing yet", line("answered"), nil, "procedure.missing", "receiver"},
		{"no remarks", line("answered"), Answers{"receiver": "reporter", "status": "junk"}, "procedure.missing", "note"},
		{"a lost line", line("failed"), Answers{"note": "x"}, "procedure.line-failed", "status"},
		{"an old draft", line("answered"), Answers{"receiver": "reporter", "status": "junk", "note": "x", "count": "x"}, "procedure.not-a-number", "count"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := p.Decide(c.facts, c.answers, nil, nil)
			if e := fault.Of(err); e == nil || e.Key != c.key || e.Field != c.field || e.Clause == "" {
				t.Errorf("refused as %v", err)
			}
		})
	}
	open := Procedure{Clause: "5"}
	if _, err := open.Decide(nil, nil, nil, nil); fault.Of(err) == nil || fault.Of(err).Key != "procedure.no-outcome" {
		t.Errorf("a procedure without outcomes: %v", err)
	}
}
