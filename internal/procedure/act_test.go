package procedure

import (
	"io/fs"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"sapa/internal/fault"
	"sapa/procedures"
)

const rev02 = "IN.OCC.TELK.W-18/rev-02"

// changed gives the real document with one file's text changed.
func changed(t *testing.T, file, from, to string) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(procedures.FS, rev02, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(procedures.FS, name)
		if name == path.Join(rev02, file) {
			if !strings.Contains(string(text), from) {
				t.Fatalf("%s does not say %q", file, from)
			}
			text = []byte(strings.Replace(string(text), from, to, 1))
		}
		files[name] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// SOP 5.2.10.a: the trouble ticket is an act during a call and no campaign: no tickets wait in it.
func TestActIsFoundAndIsNoCampaign(t *testing.T) {
	b := real(t)
	if p := b.Act("trouble-ticket"); p == nil || !p.Act || p.Save.Label != "Submit" {
		t.Errorf("the act is %+v", p)
	}
	if b.Procedure("trouble-ticket") != nil || b.Act("callback") != nil {
		t.Error("a campaign is an act, or an act a campaign")
	}
}

func TestActMayNotEndATicketAndBookingHasThreeWords(t *testing.T) {
	const file = "acts/trouble-ticket.yaml"
	for _, c := range [][2]string{
		{"{do: trouble, act: resolve, app: nossa, clause: \"5.2.10.q.yes\"}", "{do: close, reason: done, clause: \"5.2.10.q.yes\"}"},
		{"booking: BOK", "booking: OK"},
		{"{label: Submit, clause: \"5.2.10.t\"}", "{label: Submit, clause: \"5.2.99\"}"},
	} {
		if _, problems := Load(changed(t, file, c[0], c[1]), rev02); len(problems) == 0 {
			t.Errorf("%s is taken", c[1])
		}
	}
}

func TestDiffNamesAChangedAct(t *testing.T) {
	after, problems := Load(changed(t, "acts/trouble-ticket.yaml", "title: {id: Tiket gangguan, en: Trouble ticket}", "title: {id: Tiket, en: Ticket}"), rev02)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	changes := Diff(real(t), after)
	if len(changes) != 1 || changes[0].Kind != "act" || changes[0].ID != "trouble-ticket" {
		t.Errorf("%+v", changes)
	}
}

// SOP 5.2.10.i.status, 5.2.10.i.bok, 5.2.10.i.bnok, 5.2.10.i.bpn, 5.2.10.s.button: the status follows from what was offered and chosen.
func TestBookingStatusIsDerived(t *testing.T) {
	p := real(t).Act("trouble-ticket")
	facts := Facts{"open_report": "no", "services": "internet", "guidance": "tidak-berhasil", "line_verdict": "unspec", "slots": "some"}
	base := Answers{"symptom": "tbc", "contact_name": "Sekar (rekaan)", "contact_mobile": "089990000001", "hard_complaint": "ramah", "urgency": "normal", "description": "x"}
	for name, c := range map[string]struct {
		facts   Facts
		answers Answers
		outcome string
		booking string
	}{
		"a slot was chosen":                        {nil, Answers{"slot": "1"}, "booked", "BOK"},
		"slots, and none is chosen yet":            {nil, nil, "", ""},
		"no slots":                                 {Facts{"slots": "none"}, nil, "no-schedule", "BPN"},
		"light level in spec: no button":           {Facts{"line_verdict": "spec"}, nil, "not-bookable", "BNOK"},
		"guided: no button":                        {Facts{"guidance": "berhasil"}, nil, "solved", "BNOK"},
		"a matter of the bill: no button":          {nil, Answers{"symptom": "tgh"}, "not-bookable", "BNOK"},
		"not measured, red lamp":                   {Facts{"line_verdict": "failed", "slots": "none"}, Answers{"symptom": "los"}, "no-schedule", "BPN"},
		"not measured, nothing seen: no button":    {Facts{"line_verdict": "failed"}, nil, "not-bookable", "BNOK"},
		"reported already: no ticket, so no words": {Facts{"open_report": "yes"}, Answers{"customer_note": "masih mati"}, "already-reported", ""},
	} {
		f, a := Facts{}, base.Copy()
		for k, v := range facts {
			f[k] = v
		}
		for k, v := range c.facts {
			f[k] = v
		}
		for k, v := range c.answers {
			a[k] = v
		}
		v := p.View(f, a)
		if c.outcome == "" { // not one of the three: BPN is for a button without any slot
			if _, err := p.Decide(f, Answers{}, a, nil); v.Outcome != nil || len(v.Missing) != 1 || v.Missing[0] != "slot" || fault.Of(err) == nil || fault.Of(err).Clause != "5.2.10.s.schedule" {
				t.Errorf("%s: %+v, missing %v, %v", name, v.Outcome, v.Missing, err)
			}
			continue
		}
		if v.Outcome == nil || v.Outcome.ID != c.outcome || v.Outcome.Effects[0].Booking != c.booking {
			t.Errorf("%s: %+v, missing %v", name, v.Outcome, v.Missing)
		}
	}
}

// SOP 5.5.11: the sentence that breaks off is there as a step, and asks nothing until its owner says what it is.
func TestSwitchedOffStepIsSkipped(t *testing.T) {
	p := real(t).Procedure("c4-carring")
	v := p.View(Facts{"last_line": "answered", "same_today": "no", "ticket_state": "open"}, Answers{"receiver": "reporter"})
	last := v.Steps[len(v.Steps)-1]
	if last.ID != "assist" || !last.Off || last.State != "skipped" {
		t.Errorf("%+v", last)
	}
}
