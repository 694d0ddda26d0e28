package desk

import (
	"maps"

	"sapa/internal/procedure"
)

// Lean gives the view as it stands when what was typed but not kept is laid over the draft, and when everything the line
// says is taken at its word. Nothing is stored by it; a page shows it, and what the page shows is what its form sends.
func (t Turn) Lean(typed map[string]string) procedure.View {
	answers := t.known.Copy() // a field that opens only with what the line says is filled too: the ticket's number (SOP 5.2.11.a.tiket)
	maps.Copy(answers, t.Answers)
	maps.Copy(answers, typed)
	return t.Campaign.Procedure.Lean(t.facts, answers)
}
