package desk

import (
	"slices"
	"testing"

	"sapa/internal/document/documenttest"
	"sapa/internal/line"
	"sapa/internal/procedure"
	"sapa/internal/trouble"
)

// advised gives the advice for a service with a verdict, the customer's words and what is chosen so far.
func advised(t *testing.T, verdict, guidance, said string, m *line.Measurement, answers procedure.Answers) (Advice, procedure.View) {
	t.Helper()
	d := desktop{act: documenttest.Book(t).Act(TroubleAct), said: said, measured: m, facts: procedure.Facts{"open_report": "no", "services": "internet-iptv-voice",
		"line_verdict": verdict, "guidance": guidance, "slots": "some"}}
	view := d.act.View(d.facts, answers)
	return advise(d, view), view
}

// SOP 5.2.10.s.button, A-37: what the house says of a visit and what the form offers never disagree, whatever was measured
// and chosen; and it says why.
func TestAdviceAndFormAgree(t *testing.T) {
	for _, verdict := range []string{"spec", "unspec", "failed", "none"} {
		for _, service := range trouble.Services {
			for _, s := range trouble.Symptoms(service, map[string]string{"none": ""}[verdict]+map[string]string{"spec": "SPEC", "unspec": "UNSPEC", "failed": "FAILED"}[verdict]) {
				in := procedure.Answers{"service": service, "symptom": s.ID, "first_call_resolution": "no"}
				a, view := advised(t, verdict, "tidak-berhasil", "", nil, in)
				offered := slices.ContainsFunc(view.Steps, func(s procedure.StepView) bool { return s.ID == "booking" && s.State != "skipped" })
				if (a.Visit == "yes") != offered || a.Why == "" || a.Visit == "" {
					t.Errorf("%s %s %s: %+v, the button is there: %v", verdict, service, s.ID, a, offered)
				}
				if solved, _ := advised(t, verdict, "berhasil", "", nil, procedure.Answers{"service": service, "symptom": s.ID}); solved.Visit != "no" || solved.Why != "solved" {
					t.Errorf("guiding helped: %+v", solved)
				}
			}
		}
	}
}

// SOP 5.2.10.k: Logic, Fisik or Admin by measurement and symptom; what is not known is not guessed.
func TestTheClassFollowsMeasurementAndSymptom(t *testing.T) {
	for _, c := range []struct{ verdict, symptom, class, visit, why string }{
		{"spec", "", line.Logic, "no", "logic"},
		{"spec", "lmb", line.Logic, "no", "logic"},
		{"unspec", "", line.Fisik, "yes", "fisik"},
		{"unspec", "pts", line.Fisik, "yes", "fisik"},
		{"unspec", "tgh", line.Admin, "no", "admin"},
		{"none", "", "", "", "unmeasured"},
		{"failed", "los", line.Fisik, "yes", "seen"},
		{"failed", "lmb", "", "no", "not-seen"},
		{"none", "iso", line.Admin, "no", "admin"},
	} {
		in := procedure.Answers{"service": "internet"}
		if c.symptom != "" {
			in["symptom"] = c.symptom
		}
		if a, _ := advised(t, c.verdict, "none", "", nil, in); a.Class != c.class || a.Visit != c.visit || a.Why != c.why {
			t.Errorf("%s %s: %+v", c.verdict, c.symptom, a)
		}
	}
}

// A symptom is proposed by what the line shows or by the customer's words; two that fit as well are none, and a proposal is
// always on offer.
func TestTheSymptomIsProposedByLineAndWords(t *testing.T) {
	rx := -27.0
	for _, c := range []struct {
		verdict, said string
		m             *line.Measurement
		symptom, by   string
	}{
		{"spec", "Internet lambat sekali sejak pagi", nil, "lmb", "words"},
		{"spec", "tagihan bulan ini naik", nil, "tgh", "words"},
		{"spec", "Internet tidak bisa", nil, "", ""}, // drops and slow are both internet
		{"spec", "", nil, "", ""},
		{"spec", "lampu merah", nil, "", ""}, // LOS does not go with a good level
		{"none", "lampu los merah", nil, "los", "words"},
		{"unspec", "internet lambat", &line.Measurement{Reading: line.Reading{OperStatus: "LOS"}}, "los", "line"},
		{"unspec", "internet lambat", &line.Measurement{Reading: line.Reading{OnuRxPwr: &rx}}, "lmb", "words"},
		{"unspec", "", &line.Measurement{Doubt: "onu_rx_pwr"}, "", ""}, // a lie is no dark line
	} {
		a, view := advised(t, c.verdict, "none", c.said, c.m, procedure.Answers{"service": "internet"})
		if a.Symptom != c.symptom || a.By != c.by {
			t.Errorf("%s %q: %q by %q", c.verdict, c.said, a.Symptom, a.By)
		}
		if view.Answers["symptom"] != "" {
			t.Errorf("%s %q: filled in %q", c.verdict, c.said, view.Answers["symptom"])
		}
	}
}
