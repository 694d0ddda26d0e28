// Package knowledge is My Kiss: the articles an agent reads while guiding a customer (SOP 5.2.9), with steps that branch on
// yes and no, their revisions, the search that finds them, and what was shown, done and came of it. It measures no line, opens
// no trouble ticket and never answers for the agent: how guiding ended is a proposal.
package knowledge

import (
	"slices"

	"sapa/internal/procedure"
)

// Services and Verdicts an article may be for: those of a trouble ticket (SOP 5.2.10.h, 5.2.10.j).
var (
	Services = []string{"internet", "iptv", "voice"}
	Verdicts = []string{"spec", "unspec", "failed"}
)

// How guiding ended, in the words of the procedure's field (SOP 5.2.9).
const (
	Worked = "berhasil"
	Failed = "tidak-berhasil"
)

// Text is a sentence in both languages.
type Text = procedure.Text

// Article is one guide as it is written.
type Article struct {
	Code     string
	Services []string // none: any
	Symptoms []string // symptoms of 5.2.10.k it is for; none: not a fault
	Verdicts []string // measurements it fits best; none: any
	Title    Text
	About    Text // one line: when to take it
	Words    Text // what customers call it
	Steps    []Step
	Ends     []End
}

// Step is one question to the customer that yes or no answers. The first of an article is where it begins.
type Step struct {
	ID      string
	Ask     Text // said to the customer
	Tip     Text // for the agent alone
	Yes, No string
}

// End is what guiding came to.
type End struct {
	ID     string
	Guided string // Worked or Failed
	Say    Text
	Tip    Text
}

// Step finds a step by its id.
func (a Article) Step(id string) (Step, bool) {
	i := slices.IndexFunc(a.Steps, func(s Step) bool { return s.ID == id })
	if i < 0 {
		return Step{}, false
	}
	return a.Steps[i], true
}

// End finds an end by its id.
func (a Article) End(id string) (End, bool) {
	i := slices.IndexFunc(a.Ends, func(e End) bool { return e.ID == id })
	if i < 0 {
		return End{}, false
	}
	return a.Ends[i], true
}

// Symptom is a symptom an article may name, with the services it is of. The list is the trouble ticket's; who reads an
// article brings it.
type Symptom struct {
	ID       string
	Services []string
}
