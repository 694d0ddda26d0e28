package knowledge

import "sapa/internal/fault"

// Done is a step that was done with the customer, and the answer.
type Done struct {
	Step string `json:"step"`
	Yes  bool   `json:"yes"`
}

// Place is where a walk through an article stands: at a step, or at an end.
type Place struct {
	Step *Step
	End  *End
}

// Walk follows what was done from the beginning. A step that does not come next is Invalid: what was recorded must be a way
// that the article has.
func (a Article) Walk(path []Done) (Place, error) {
	at := a.Steps[0].ID
	for _, d := range path {
		s, isStep := a.Step(at)
		if !isStep || s.ID != d.Step {
			return Place{}, fault.New(fault.Invalid, "knowledge.step", "step", d.Step, "next", at).At("steps", "5.2.9")
		}
		if at = s.No; d.Yes {
			at = s.Yes
		}
	}
	if s, isStep := a.Step(at); isStep {
		return Place{Step: &s}, nil
	}
	e, _ := a.End(at)
	return Place{End: &e}, nil
}
