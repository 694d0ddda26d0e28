package desk

import (
	"slices"
	"strings"
	"unicode"

	"sapa/internal/line"
	"sapa/internal/procedure"
	"sapa/internal/trouble"
)

// Advice is what the house makes of the fault, beside the form of 5.2.10: its class, which symptom fits what is known, and
// whether a technician makes sense. It fills in nothing and refuses nothing; the agent and the customer decide.
type Advice struct {
	Class   string // line.Logic, line.Fisik, line.Admin; "": nothing is known yet
	Symptom string // of those on offer; "": none fits better than the others
	By      string // what the symptom follows from: "line", "words"
	Visit   string // "yes", "no", "" while nobody can know
	Why     string // "advice." + Why is the reason
}

// stop are words that many symptoms share; they tell nothing.
var stop = []string{"tidak", "ada", "bisa", "di", "dan", "yang"}

// equipment are faults of a part that is exchanged, not mended at the house.
var equipment = []string{"rmt"}

// advise reads what the form would do if guiding had not helped: a visit is sensible where Booking Technician would be on
// offer, so that advice and form never disagree.
//
// SOP 5.2.10.k, 5.2.10.s.button: class and symptom by complaint and Ibooster, booking for a physical fault.
func advise(d desktop, view procedure.View) Advice {
	chosen, a := view.Answers["symptom"], Advice{}
	verdict := d.facts["line_verdict"]
	switch {
	case administrative(view.Answers["service"], chosen, verdict):
		a.Class = line.Admin
	case verdict == "unspec":
		a.Class = line.Fisik
	case verdict == "spec":
		a.Class = line.Logic
	case chosen == "los" || chosen == "mti":
		a.Class = line.Fisik // what the customer sees, when nothing could be measured
	}
	a.Symptom, a.By = proposedSymptom(d, view)
	switch {
	case d.outage != nil:
		a.Visit, a.Why = "no", "outage"
	case d.facts["guidance"] == "berhasil":
		a.Visit, a.Why = "no", "solved"
	case slices.Contains(equipment, chosen):
		a.Visit, a.Why = "no", "equipment"
	case a.Class == line.Admin:
		a.Visit, a.Why = "no", "admin"
	case a.Class == line.Logic:
		a.Visit, a.Why = "no", "logic"
	case a.Class == "" && chosen == "":
		a.Why = "unmeasured"
	case bookable(d, view):
		a.Visit, a.Why = "yes", "fisik"
		if verdict != "unspec" {
			a.Why = "seen"
		}
	default:
		a.Visit, a.Why = "no", "not-seen"
	}
	return a
}

// bookable tells whether Booking Technician would be there if guiding had not helped.
func bookable(d desktop, view procedure.View) bool {
	try := d.act.View(d.facts, with(view.Answers, map[string]string{"first_call_resolution": "no"}))
	return slices.ContainsFunc(try.Steps, func(s procedure.StepView) bool { return s.ID == "booking" && s.State != "skipped" })
}

// administrative tells whether a symptom leads to a leaf of the tree that is not technical.
func administrative(service, symptom, verdict string) bool {
	for _, s := range trouble.Symptoms(service, verdict) {
		if s.ID != symptom {
			continue
		}
		id := s.Spec
		if verdict == "unspec" {
			id = s.Underspec
		}
		leaf, ok := trouble.LeafOf(id)
		return ok && leaf.Admin
	}
	return false
}

// proposedSymptom is the one on offer that fits best: what the line itself shows, else the customer's words. Two that fit
// as well are none.
func proposedSymptom(d desktop, view procedure.View) (id, by string) {
	var offer []procedure.Option
	for _, f := range view.Fields {
		if f.ID == "symptom" {
			offer = f.Offer
		}
	}
	on := func(id string) bool {
		return slices.ContainsFunc(offer, func(o procedure.Option) bool { return o.ID == id })
	}
	if m := d.measured; m != nil && d.facts["line_verdict"] == "unspec" && on("los") && (strings.EqualFold(m.OperStatus, "los") || m.OnuRxPwr == nil && m.Doubt == "") {
		return "los", "line"
	}
	said, shared := wordsOf(d.said), map[string]int{}
	for _, o := range offer {
		for w := range wordsOf(o.Text.In("id")) {
			shared[w]++
		}
	}
	best, second := 0.0, 0.0
	for _, o := range offer {
		score := 0.0
		for w := range wordsOf(o.Text.In("id")) {
			if said[w] {
				score += 1 / float64(shared[w])
			}
		}
		switch {
		case score > best:
			id, best, second = o.ID, score, best
		case score > second:
			second = score
		}
	}
	if best <= second || best < 0.5 {
		return "", ""
	}
	return id, "words"
}

func wordsOf(text string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) }) {
		if len(w) > 2 && !slices.Contains(stop, w) {
			all[w] = true
		}
	}
	return all
}
