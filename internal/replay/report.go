package replay

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Report is what a dry run says. It holds no time of the run and no customer's data: references of tickets only.
type Report struct {
	Document    string       `json:"document"`
	Revision    int          `json:"revision"`
	Hash        string       `json:"hash"`
	Since       string       `json:"since,omitempty"` // a day
	Turns       Turns        `json:"turns"`
	Questions   Questions    `json:"questions"`
	Hand        Hand         `json:"hand"`
	Campaigns   []Campaign   `json:"campaigns"`
	Differences []Difference `json:"differences"`
	NotReplayed []Excuse     `json:"not_replayed"`
	LeftOut     []Campaign   `json:"left_out"` // campaigns that the draft does not have
	Limits      []string     `json:"limits"`   // what a replay cannot know, by name
}

// Turns counts finished turns. Read = Replayed + NotReplayed + LeftOut; Replayed = Same + Changed.
type Turns struct {
	Read         int `json:"read"`
	Replayed     int `json:"replayed"`
	NotReplayed  int `json:"not_replayed"`
	LeftOut      int `json:"left_out"`
	Same         int `json:"same"`
	Changed      int `json:"changed"` // with any difference
	Refused      int `json:"refused"` // could not be finished as they were
	OtherOutcome int `json:"other_outcome"`
	OtherEffects int `json:"other_effects"`
}

// Questions counts what the replayed turns were asked, under their own revision and under the draft.
type Questions struct {
	Before       int `json:"before"`
	After        int `json:"after"`
	NeededBefore int `json:"needed_before"`
	NeededAfter  int `json:"needed_after"`
}

// Hand is what the questions of the replayed turns ask of hands and head, predicted by the effort model.
type Hand struct {
	BeforeMS  int64 `json:"before_ms"`
	AfterMS   int64 `json:"after_ms"`
	PerTurnMS int64 `json:"per_turn_ms"` // the difference, a turn
}

// Campaign is one campaign's share.
type Campaign struct {
	Code      string    `json:"campaign"`
	Turns     Turns     `json:"turns"`
	Questions Questions `json:"questions"`
	Hand      Hand      `json:"hand"`
}

// Difference is one kind of difference with how many turns have it.
type Difference struct {
	Campaign string   `json:"campaign"`
	Kind     string   `json:"kind"`
	Field    string   `json:"field,omitempty"`
	Value    string   `json:"value,omitempty"` // illegal: the option; moved: the step
	From     string   `json:"from,omitempty"`  // outcomes
	To       string   `json:"to,omitempty"`
	Clause   string   `json:"clause"`
	Why      string   `json:"why,omitempty"` // illegal: phrase key of the refusal
	Turns    int      `json:"turns"`
	Examples []string `json:"examples"` // references of tickets
}

// Excuse is why turns could not be replayed.
type Excuse struct {
	Campaign string   `json:"campaign"`
	Revision int      `json:"revision"`
	Reason   string   `json:"reason"`
	Field    string   `json:"field,omitempty"`
	From     string   `json:"from,omitempty"` // what was recorded
	To       string   `json:"to,omitempty"`   // what came out
	Clause   string   `json:"clause,omitempty"`
	Why      string   `json:"why,omitempty"`
	Turns    int      `json:"turns"`
	Examples []string `json:"examples"`
}

// The limits, in the order in which they are told.
var limits = []string{"branches", "offers", "facts", "acts", "hand"}

const examples = 5

type diffKey struct {
	campaign string
	difference
}

type excuseKey struct {
	diffKey
	revision int
	reason   string
}

type count struct {
	turns    int
	examples []string
}

func (c *count) add(ref string) {
	if c.turns++; len(c.examples) < examples && !slices.Contains(c.examples, ref) {
		c.examples = append(c.examples, ref)
	}
}

// tally adds turns up, in order.
type tally struct {
	report      Report
	campaigns   map[string]*Campaign
	differences map[diffKey]*count
	excuses     map[excuseKey]*count
}

func newTally(j Job) *tally {
	t := &tally{campaigns: map[string]*Campaign{}, differences: map[diffKey]*count{}, excuses: map[excuseKey]*count{}}
	t.report = Report{Document: j.Draft.Document.Code, Revision: j.Draft.Document.Revision, Hash: j.Draft.Hash, Limits: limits}
	if !j.Since.IsZero() {
		t.report.Since = j.Since.In(j.Site).Format(time.DateOnly)
	}
	return t
}

func (t *tally) add(one turn, v verdict) {
	c := t.campaigns[one.code]
	if c == nil {
		c = &Campaign{Code: one.code}
		t.campaigns[one.code] = c
	}
	c.Turns.Read++
	switch v.reason {
	case replayed:
	case leftOut:
		c.Turns.LeftOut++
		return
	default:
		c.Turns.NotReplayed++
		counted(t.excuses, excuseKey{diffKey{one.code, v.refusal}, one.revision, v.reason}).add(one.ref)
		return
	}
	c.Turns.Replayed++
	c.Questions.Before += v.asked[0]
	c.Questions.After += v.asked[1]
	c.Questions.NeededBefore += v.needed[0]
	c.Questions.NeededAfter += v.needed[1]
	c.Hand.BeforeMS += v.hand[0]
	c.Hand.AfterMS += v.hand[1]
	switch {
	case v.refused:
		c.Turns.Refused++
	case v.elsewhere && v.all[0].kind == Effects:
		c.Turns.OtherEffects++
	case v.elsewhere:
		c.Turns.OtherOutcome++
	}
	if len(v.all) == 0 {
		c.Turns.Same++
		return
	}
	c.Turns.Changed++
	for _, d := range v.all {
		counted(t.differences, diffKey{one.code, d}).add(one.ref)
	}
}

func counted[K comparable](in map[K]*count, key K) *count {
	if in[key] == nil {
		in[key] = &count{}
	}
	return in[key]
}

// done puts everything into an order that does not hang on how it was counted.
func (t *tally) done() Report {
	r := t.report
	r.Campaigns, r.LeftOut, r.Differences, r.NotReplayed = []Campaign{}, []Campaign{}, []Difference{}, []Excuse{}
	for _, c := range t.campaigns {
		c.Hand.per(c.Turns.Replayed)
		r.add(*c)
		if c.Turns.LeftOut > 0 {
			r.LeftOut = append(r.LeftOut, *c)
		} else {
			r.Campaigns = append(r.Campaigns, *c)
		}
	}
	r.Hand.per(r.Turns.Replayed)
	byCode := func(a, b Campaign) int { return strings.Compare(a.Code, b.Code) }
	slices.SortFunc(r.Campaigns, byCode)
	slices.SortFunc(r.LeftOut, byCode)
	for k, n := range t.differences {
		r.Differences = append(r.Differences, Difference{k.campaign, k.kind, k.field, k.value, k.from, k.to, k.clause, k.why, n.turns, n.examples})
	}
	slices.SortFunc(r.Differences, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Campaign, b.Campaign), cmp.Compare(rank[a.Kind], rank[b.Kind]), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Value, b.Value),
			cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Clause, b.Clause), cmp.Compare(a.Why, b.Why))
	})
	for k, n := range t.excuses {
		r.NotReplayed = append(r.NotReplayed, Excuse{k.campaign, k.revision, k.reason, k.field, k.from, k.to, k.clause, k.why, n.turns, n.examples})
	}
	slices.SortFunc(r.NotReplayed, func(a, b Excuse) int {
		return cmp.Or(cmp.Compare(a.Campaign, b.Campaign), cmp.Compare(a.Revision, b.Revision), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Field, b.Field),
			cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Clause, b.Clause), cmp.Compare(a.Why, b.Why))
	})
	return r
}

// rank is the order in which kinds of difference are told.
var rank = map[string]int{Illegal: 0, Missing: 1, NoOutcome: 2, Outcome: 3, Effects: 4, Asked: 5, Unasked: 6, Moved: 7}

func (r *Report) add(c Campaign) {
	a, b := &r.Turns, c.Turns
	a.Read += b.Read
	a.Replayed += b.Replayed
	a.NotReplayed += b.NotReplayed
	a.LeftOut += b.LeftOut
	a.Same += b.Same
	a.Changed += b.Changed
	a.Refused += b.Refused
	a.OtherOutcome += b.OtherOutcome
	a.OtherEffects += b.OtherEffects
	r.Questions.Before += c.Questions.Before
	r.Questions.After += c.Questions.After
	r.Questions.NeededBefore += c.Questions.NeededBefore
	r.Questions.NeededAfter += c.Questions.NeededAfter
	r.Hand.BeforeMS += c.Hand.BeforeMS
	r.Hand.AfterMS += c.Hand.AfterMS
}

func (h *Hand) per(turns int) {
	if turns > 0 {
		h.PerTurnMS = (h.AfterMS - h.BeforeMS) / int64(turns)
	}
}
