package replay

import (
	"maps"
	"slices"
	"strings"
	"time"

	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/procedure"
)

const fresh = int64(desk.FreshMeasurement / time.Millisecond)

// Kinds of difference.
const (
	Illegal   = "illegal"    // an answer that was given would be refused
	Missing   = "missing"    // a field that is needed has no answer
	Outcome   = "outcome"    // the turn comes to another outcome
	Effects   = "effects"    // the same outcome does something else
	NoOutcome = "no-outcome" // the answers come to none
	Asked     = "asked"      // a question more
	Unasked   = "unasked"    // a question less
	Moved     = "moved"      // a step or a question stands at another place
)

// Reasons why a turn is not replayed.
const (
	NoRevision = "no-revision" // the store has not the revision it ran under
	OtherHash  = "other-hash"  // the store's revision of that number is another text
	NoCampaign = "no-campaign" // its revision has no such campaign
	OwnRefused = "own-refused" // its own revision refuses it with the facts as they can be found again
	OwnOutcome = "own-outcome" // its own revision comes to another outcome with these facts
	OwnMeaning = "own-meaning" // the outcome is the same and the line means something else
	leftOut    = "left-out"    // the draft has no such campaign
	replayed   = ""            // it came out again
)

// difference is one thing that is not as it was in one turn.
type difference struct {
	kind, field, value, from, to, clause, why string
}

// verdict is what became of one turn.
type verdict struct {
	reason    string // not replayed: why
	refusal   difference
	all       []difference // when elsewhere, the first says where
	refused   bool         // it could not be finished as it was
	elsewhere bool         // it comes to something else

	asked, needed [2]int   // questions under its own revision and under the draft
	hand          [2]int64 // ms, the same
}

// decide replays a turn: first under its own revision, where it has to come out as it did, then under the draft.
func (w *world) decide(t turn) (verdict, error) {
	next := w.draft.Procedure(t.code)
	if next == nil {
		return verdict{reason: leftOut}, nil
	}
	kept := w.own[t.revision]
	switch {
	case kept == nil:
		return verdict{reason: NoRevision}, nil
	case kept.Hash != t.hash:
		return verdict{reason: OtherHash}, nil
	}
	was := kept.Procedure(t.code)
	if was == nil {
		return verdict{reason: NoCampaign}, nil
	}
	seat, err := w.seat(t, was)
	if err != nil {
		return verdict{}, err
	}
	decision, err := was.Decide(seat.facts, nil, t.answers, seat.checks)
	switch f := fault.Of(err); {
	case f != nil:
		return verdict{reason: OwnRefused, refusal: difference{field: f.Field, clause: f.Clause, why: f.Key}}, nil
	case err != nil:
		return verdict{}, err
	case decision.Outcome.ID != t.outcome:
		return verdict{reason: OwnOutcome, refusal: difference{from: t.outcome, to: decision.Outcome.ID, clause: decision.Outcome.Clause()}}, nil
	case strings.Join(decision.Means, " ") != t.means:
		return verdict{reason: OwnMeaning, refusal: difference{from: t.means, to: strings.Join(decision.Means, " "), clause: decision.Outcome.Clause()}}, nil
	}
	before := was.View(seat.facts, t.answers)
	if seat, err = w.seat(t, next); err != nil {
		return verdict{}, err
	}
	return w.compare(t, was, next, before, seat, kept.does[t.code][t.outcome])
}

// seat is what a turn is decided with under one procedure.
type seat struct {
	facts  procedure.Facts
	checks procedure.Checks
}

// seat puts the facts together as the desk does, as of the moment the turn was finished.
func (w *world) seat(t turn, p *procedure.Procedure) (seat, error) {
	hours, err := t.hoursOf(p)
	if err != nil {
		return seat{}, err
	}
	at, zone := db.Time(t.finished), desk.Zone(t.was.Zone, w.Site)
	about := t.about()
	return seat{checks: desk.Checks(at, zone, hours), facts: procedure.Facts{
		"last_line":    call.Evidence(t.attempts),
		"open_report":  either(slices.ContainsFunc(t.reports, func(r report) bool { return r.open }), "yes", "no"),
		"outage":       either(t.outage, "yes", "no"),
		"line_verdict": t.measured,
		"ticket_state": either(about == nil || about.open, "open", "closed"),
		"same_today":   either(t.sameDay, "yes", "no"),
		"hours":        either(hours.Open(at, zone), "in", "out"),
	}}, nil
}

func either(b bool, yes, no string) string {
	if b {
		return yes
	}
	return no
}

// about is the trouble ticket a turn was about: opened in it, named by its ticket, or open for its service.
func (t turn) about() *report {
	var open *report
	for i, r := range t.reports {
		if r.source == t.ticket && r.opened >= t.claimed {
			return &t.reports[i]
		}
		if r.open && open == nil {
			open = &t.reports[i]
		}
	}
	if t.named != nil {
		return t.named
	}
	return open
}

// known adds what the desk would fill in by itself for questions that the turn's own revision did not fill.
func (t turn) known(was, next *procedure.Procedure) procedure.Answers {
	no := t.was.Fields["ticket_no"]
	if about := t.about(); about != nil {
		no = about.no
	}
	from := map[string]string{"service_no": t.was.ServiceNo, "ticket_no": no, "contact_name": t.was.ContactName}
	answers := t.answers.Copy()
	for _, f := range next.Fields {
		if old := was.Field(f.ID); answers[f.ID] == "" && from[f.Known] != "" && (old == nil || old.Known == "") {
			answers[f.ID] = from[f.Known]
		}
	}
	return answers
}

// compare decides a turn under the draft and names every difference from before with the clause it rests on.
func (w *world) compare(t turn, was, next *procedure.Procedure, before procedure.View, s seat, did string) (verdict, error) {
	var v verdict
	facts, answers := maps.Clone(s.facts), t.known(was, next)
	for _, id := range slices.Sorted(maps.Keys(answers)) {
		if next.Field(id) == nil { // the question is gone: it is named as one that is not asked
			delete(answers, id)
		}
	}
	dropped := map[string]bool{}
	for {
		_, _, err := next.Put(facts, nil, answers, s.checks)
		f := fault.Of(err)
		if err == nil {
			break
		}
		if f == nil {
			return v, err
		}
		if f.Key != "procedure.not-asked" {
			one := difference{kind: Illegal, field: f.Field, clause: f.Clause, why: f.Key}
			if next.Field(f.Field).Type == "choice" {
				one.value = answers[f.Field]
			}
			v.all = append(v.all, one)
			dropped[f.Field] = true
			// What hangs on the answer is judged as if it stood: only answers that are refused themselves are named.
			facts[f.Field] = answers[f.Field]
		}
		delete(answers, f.Field)
	}
	after := next.View(facts, answers)
	for _, id := range after.Missing {
		if !dropped[id] {
			v.all = append(v.all, difference{kind: Missing, field: id, clause: next.Field(id).Clause()})
		}
	}
	if v.refused = len(v.all) > 0; !v.refused {
		if one, other := w.comesTo(t, next, after, did); other {
			v.all, v.elsewhere = append(v.all, one), true
		}
	}
	drafts := [2]string{drafted(was, before), drafted(next, after)}
	before, after = untilRefused(before, after, dropped)
	v.all = append(v.all, questions(before, after)...)
	v.all = append(v.all, moved(before, after)...)
	line := s.facts["last_line"]
	for i, view := range []procedure.View{before, after} {
		v.asked[i] = len(view.Fields)
		for _, f := range view.Fields {
			if f.Needed {
				v.needed[i]++
			}
		}
		v.hand[i] = hands(view, drafts[i], line)
	}
	return v, nil
}

// untilRefused leaves of both views the questions up to the first answer that is refused: what would be asked after another
// answer nobody knows, so that it is not compared.
func untilRefused(before, after procedure.View, dropped map[string]bool) (procedure.View, procedure.View) {
	first := func(v procedure.View) int {
		return slices.IndexFunc(v.Fields, func(f procedure.FieldView) bool { return dropped[f.ID] })
	}
	i, j := first(before), first(after)
	if i < 0 || j < 0 {
		return before, after
	}
	before.Fields, after.Fields = before.Fields[:i+1], after.Fields[:j+1]
	return before, after
}

// comesTo says whether a turn that may be finished comes to something else.
func (w *world) comesTo(t turn, next *procedure.Procedure, after procedure.View, did string) (difference, bool) {
	o := after.Outcome
	switch {
	case o == nil:
		return difference{kind: NoOutcome, from: t.outcome, clause: next.Clause}, true
	case o.ID != t.outcome:
		return difference{kind: Outcome, from: t.outcome, to: o.ID, clause: o.Clause()}, true
	case w.draft.does[t.code][o.ID] != did:
		return difference{kind: Effects, from: o.ID, to: o.ID, clause: o.Clause()}, true
	}
	return difference{}, false
}

// questions names what is asked more and less: the clause is the draft's, of what is gone the one it rested on.
func questions(before, after procedure.View) (all []difference) {
	for _, f := range after.Fields {
		if !asks(before, f.ID) {
			all = append(all, difference{kind: Asked, field: f.ID, clause: f.Clause()})
		}
	}
	for _, f := range before.Fields {
		if !asks(after, f.ID) {
			all = append(all, difference{kind: Unasked, field: f.ID, clause: f.Clause()})
		}
	}
	return all
}

func asks(v procedure.View, id string) bool {
	return slices.ContainsFunc(v.Fields, func(f procedure.FieldView) bool { return f.ID == id })
}

// place is a step or a question at its place.
type place struct{ id, of, clause string }

// moved names the fewest steps and questions that had to move to bring what is common to both into the draft's order. A
// question that moves with its step is not named.
func moved(before, after procedure.View) (all []difference) {
	steps := func(v procedure.View) (list []place) {
		for _, s := range v.Steps {
			if s.State != "skipped" {
				list = append(list, place{s.ID, "", s.Clause()})
			}
		}
		return list
	}
	gone := map[string]bool{}
	for _, s := range displaced(steps(before), steps(after)) {
		gone[s.id] = true
		all = append(all, difference{kind: Moved, value: s.id, clause: s.clause})
	}
	fields := func(v procedure.View) (list []place) {
		for _, f := range v.Fields {
			if !gone[f.Step] {
				list = append(list, place{f.ID, f.Step, f.Clause()})
			}
		}
		return list
	}
	for _, f := range displaced(fields(before), fields(after)) {
		all = append(all, difference{kind: Moved, field: f.id, value: f.of, clause: f.clause})
	}
	return all
}

// displaced gives what of b, common to both, does not stand in the longest order that a and b have in common.
func displaced(a, b []place) (out []place) {
	common := func(of, in []place) []place {
		return slices.DeleteFunc(slices.Clone(of), func(p place) bool {
			return !slices.ContainsFunc(in, func(q place) bool { return q.id == p.id })
		})
	}
	a, b = common(a, b), common(b, a)
	same := func(p, q place) bool { return p.id == q.id }
	if slices.EqualFunc(a, b, same) {
		return nil
	}
	longest := make([][]int, len(a)+1) // of a from i on and b from j on
	for i := range longest {
		longest[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if longest[i][j] = max(longest[i+1][j], longest[i][j+1]); same(a[i], b[j]) {
				longest[i][j] = longest[i+1][j+1] + 1
			}
		}
	}
	i := 0
	for j, p := range b {
		for i < len(a) && !same(a[i], p) && longest[i+1][j] == longest[i][j] {
			i++
		}
		if i < len(a) && same(a[i], p) {
			i++
			continue
		}
		out = append(out, p)
	}
	return out
}
