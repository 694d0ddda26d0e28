package web

import (
	"strings"
	"time"

	"sapa/internal/desk"
	"sapa/internal/phrase"
)

// draftRemarks writes the remarks from what happened on the line and what was chosen, in Indonesian as the document's own
// systems are; the agent checks it and edits it (ux.md principle 8). "" while there is nothing to say.
func (p deskData) draftRemarks() string {
	a := p.Turn.Answers
	say := func(key string, values ...any) string { return phrase.Say(phrase.ID, "seat.draft."+key, values...) }
	var parts []string
	if n := len(p.Turn.Attempts); n > 0 && a["receiver"] != "" {
		last := p.lastAttempt()
		talk := ""
		if last.TalkS > 0 {
			talk = say("talk", "timer", phrase.Timer(time.Duration(last.TalkS)*time.Second))
		}
		parts = append(parts, say(a["receiver"],
			"line", phrase.Say(phrase.ID, "call.line."+string(last.Line)),
			"clock", phrase.Clock(phrase.ID, last.DialledAt.In(p.Turn.Zone))+" "+desk.ZoneName(p.Turn.Zone),
			"talk", talk, "name", a["decider_name"], "relation", a["decider_relation"]))
	}
	if labels := desk.Labels(p.Turn.Campaign.Procedure, a); len(labels) > 0 {
		parts = append(parts, strings.Join(labels, " · ")+".")
	}
	for _, f := range p.Turn.View.Fields {
		if at, err := time.Parse(time.RFC3339, a[f.ID]); f.Type == "time" && err == nil {
			local := at.In(p.Turn.Zone)
			parts = append(parts, say("again", "at", phrase.Day(phrase.ID, local)+" "+phrase.Clock(phrase.ID, local)+" "+desk.ZoneName(p.Turn.Zone)))
		}
	}
	return strings.Join(parts, " ")
}
