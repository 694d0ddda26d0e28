package replay

import (
	"fmt"
	"strings"

	"sapa/internal/phrase"
)

// Text is the report as a person reads it: counts first, then the differences, then what could not be replayed and what a
// replay cannot know.
func (r Report) Text(l phrase.Lang) string {
	var b strings.Builder
	line := func(key string, values ...any) { fmt.Fprintln(&b, phrase.Say(l, key, values...)) }
	line("replay.head", "document", r.Document, "revision", fmt.Sprintf("%02d", r.Revision), "hash", r.Hash[:12], "n", r.Turns.Read)
	if r.Since != "" {
		line("replay.since", "day", r.Since)
	}
	line("replay.turns", "replayed", r.Turns.Replayed, "same", r.Turns.Same, "changed", r.Turns.Changed, "refused", r.Turns.Refused,
		"outcome", r.Turns.OtherOutcome, "effects", r.Turns.OtherEffects)
	line("replay.questions", "before", r.Questions.Before, "after", r.Questions.After, "needed_before", r.Questions.NeededBefore, "needed_after", r.Questions.NeededAfter)
	line("replay.hand", "before", Seconds(l, r.Hand.BeforeMS), "after", Seconds(l, r.Hand.AfterMS), "per", Signed(l, r.Hand.PerTurnMS))
	for _, c := range r.Campaigns {
		line("replay.campaign", "campaign", c.Code, "replayed", c.Turns.Replayed, "changed", c.Turns.Changed,
			"before", c.Questions.Before, "after", c.Questions.After, "per", Signed(l, c.Hand.PerTurnMS))
	}
	fmt.Fprintln(&b)
	switch {
	case r.Turns.Replayed == 0:
		line("replay.nothing")
	case len(r.Differences) == 0:
		line("replay.none")
	}
	for _, d := range r.Differences {
		line("replay.row", "campaign", d.Campaign, "clause", d.Clause, "what", d.What(l), "n", d.Turns, "examples", strings.Join(d.Examples, ", "))
	}
	r.excuses(l, line)
	fmt.Fprintln(&b)
	line("replay.limits")
	for _, one := range r.Limits {
		fmt.Fprintln(&b, "-", phrase.Say(l, "replay.limit."+one))
	}
	return b.String()
}

// excuses tells what could not be replayed, and why.
func (r Report) excuses(l phrase.Lang, line func(key string, values ...any)) {
	if r.Turns.NotReplayed > 0 {
		line("replay.not", "n", r.Turns.NotReplayed)
	}
	for _, e := range r.NotReplayed {
		what := phrase.Say(l, "replay.not."+e.Reason, "field", e.Field, "why", e.Why, "clause", e.Clause, "from", e.From, "to", e.To)
		line("replay.excuse", "campaign", e.Campaign, "revision", fmt.Sprintf("%02d", e.Revision), "what", what, "n", e.Turns,
			"examples", strings.Join(e.Examples, ", "))
	}
	for _, c := range r.LeftOut {
		line("replay.left", "n", c.Turns.LeftOut, "campaign", c.Code)
	}
}

// What says a difference without its count.
func (d Difference) What(l phrase.Lang) string {
	key := d.Kind
	switch {
	case d.Kind == Illegal && d.Value == "":
		key = "illegal-text"
	case d.Kind == Moved && d.Field == "":
		key = "moved-step"
	}
	why := "replay.why." + d.Why
	if !phrase.Known(why) {
		why = "replay.why.other"
	}
	return phrase.Say(l, "replay."+key, "field", d.Field, "value", d.Value, "from", d.From, "to", d.To, "why", phrase.Say(l, why, "key", d.Why))
}

// Seconds prints milliseconds as seconds with one decimal, as the language does.
func Seconds(l phrase.Lang, ms int64) string {
	sign := ""
	if ms < 0 {
		sign, ms = "-", -ms
	}
	tenths := (ms + 50) / 100
	point := ","
	if l == phrase.EN {
		point = "."
	}
	return fmt.Sprintf("%s%d%s%d", sign, tenths/10, point, tenths%10)
}

// Signed is Seconds with its sign, as of a difference.
func Signed(l phrase.Lang, ms int64) string {
	if ms > 0 {
		return "+" + Seconds(l, ms)
	}
	return Seconds(l, ms)
}
