package procedure

import "slices"

// FactValues is what each fact the engine knows can be.
var FactValues = map[string][]string{
	"last_line":    {"none", "answered", "no-answer", "rejected", "busy", "machine", "silence", "bad-number", "unregistered", "failed", "unknown"},
	"open_report":  {"no", "yes"},
	"same_today":   {"no", "yes"},
	"outage":       {"no", "yes"},
	"ticket_state": {"open", "closed"},
	"line_verdict": {"none", "spec", "unspec", "failed"},
	"hours":        {"in", "out"},
	"guidance":     {"none", "berhasil", "tidak-berhasil"}, // what 5.2.9 came to, for an act after it
	"slots":        {"none", "some"},
	"services":     {"none", "internet", "iptv", "voice", "internet-iptv", "internet-voice", "iptv-voice", "internet-iptv-voice"},
}

// LineWords are meanings that only the line, or who answered, can give.
var LineWords = []string{"reached-decider", "reached-other", "wrong-number", "dropped", "no-answer", "rejected", "machine", "silent", "unreachable", "unregistered"}

// FurtherWords are meanings that are not of the line.
var FurtherWords = []string{"call-again", "mismatch", "already-closed", "already-reported", "not-assurance", "follow-up", Unsolved}

// Unsolved is what an option means that leaves the matter open though the ticket is done: the customer was guided in vain, or does
// not accept what was said. FCR counts no turn as solved that means it, whatever its campaign calls the option.
const Unsolved = "unsolved"

// silentLines is what a line means when nobody speaks (decisions.md, Words of the line).
var silentLines = map[string]string{"no-answer": "no-answer", "rejected": "rejected", "busy": "rejected", "machine": "machine",
	"silence": "silent", "bad-number": "unreachable", "unregistered": "unregistered"}

// receivers is what an answered line means by who answered.
var receivers = map[string]string{"reporter": "reached-decider", "decider": "reached-decider", "other": "reached-other",
	"wrong-number": "wrong-number", "dropped": "dropped", "nobody": "dropped"}

// Meaning gives the one meaning of a line and who answered; "" when the line supports no outcome or it is not known yet
// who answered (SOP 5.2.6-5.2.8).
func Meaning(line, receiver string) string {
	if line == "answered" {
		return receivers[receiver]
	}
	return silentLines[line]
}

// meanings gives every meaning that is still possible: while nobody has said who answered, all of an answered line.
func meanings(line, receiver string) []string {
	if line == "answered" && receivers[receiver] == "" {
		return []string{"reached-decider", "reached-other", "wrong-number", "dropped"}
	}
	if m := Meaning(line, receiver); m != "" {
		return []string{m}
	}
	return nil
}

// lost lines support no outcome, of whatever kind: only dial again or release.
func lost(line string) bool { return line == "failed" || line == "unknown" }

// fits tells whether an option agrees with what the line proves. An option that means something beyond the line, or
// nothing at all, needs no call (A-21: Follow up; a ticket found closed before the call).
func (o Option) fits(line string, possible []string) bool {
	if lost(line) {
		return len(o.Means) == 0
	}
	beyond := slices.ContainsFunc(o.Means, func(m string) bool { return m != Unsolved && slices.Contains(FurtherWords, m) })
	return len(o.Means) == 0 || beyond || o.shows(possible)
}

// shows tells whether an option names one of the line's possible meanings: such a one is proposed when it is alone.
func (o Option) shows(possible []string) bool {
	return slices.ContainsFunc(o.Means, func(m string) bool { return slices.Contains(possible, m) })
}
