package replay

import (
	"slices"
	"strings"
	"unicode/utf8"

	"sapa/internal/procedure"
)

// The operators of the keystroke-level model (docs/effort.md), in milliseconds, and what the study charges of them. The desk is
// worked by keys, so that pointing, clicking and reaching for the mouse (P, B, H) do not come up.
const (
	key  = 280  // K
	mind = 1350 // M

	touchUp   = 20 // characters: the edit of a drafted text, and of a text that nobody has written yet
	clockText = 5  // characters of a time: 15:00
	around    = 2  // keys: into a field and out of it
)

// hands is what some questions of a turn ask of hands and head, in milliseconds. What does not hang on questions - taking the
// ticket, reading, dialling, hanging up, saving - is the same under both revisions and left out.
func hands(v procedure.View, draft, line string) (ms int64) {
	for _, f := range v.Fields {
		ms += hand(f, line, f.ID == draft)
	}
	return ms
}

// drafted is the question whose text the desk drafts: the last of the agent's own words that is asked; "" none.
func drafted(p *procedure.Procedure, v procedure.View) (id string) {
	words := p.Words()
	for _, f := range v.Fields {
		if slices.Contains(words, f.ID) {
			id = f.ID
		}
	}
	return id
}

// hand is what one question asks.
func hand(f procedure.FieldView, line string, draft bool) int64 {
	switch {
	case f.Type == "choice" && f.Value == "" && !f.Needed, f.Type == "check" && f.Value == "" && !f.Needed:
		return 0 // passed by
	case f.Type == "choice" && f.Value != "" && (f.Proposal == f.Value || f.Auto && len(f.Offer) == 1 && len(f.Held) == 0):
		return mind // the desk has answered: it is looked at
	case f.Type == "choice":
		return mind + key
	case f.Type == "check":
		return mind + key*int64(max(1, strings.Count(f.Value, ",")+1))
	case f.Known != "" && f.Value != "":
		return mind
	case draft && line == "answered":
		return mind + key*(touchUp+around)
	case draft:
		return mind // nobody was reached: the draft stands as it is
	case f.Value == "" && !f.Needed:
		return 0
	case f.Type == "time":
		return mind + key*(clockText+around)
	case f.Value == "":
		return mind + key*(touchUp+around)
	}
	return mind + key*int64(utf8.RuneCountInString(f.Value)+around)
}
