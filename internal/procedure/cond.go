package procedure

import "slices"

// Cond is a condition in closed form: a field or fact against values, and all, any, not of such. There is no expression
// language, for only a closed form can be checked exhaustively. The zero Cond always holds.
type Cond struct {
	Field  string
	Values []string // option ids, fact values, or the words given and none
	All    []Cond
	Any    []Cond
	Not    *Cond
	never  bool // required: false
}

// Words a condition may use of any field: answered at all, or not.
const (
	given = "given"
	none  = "none"
)

// holds tells whether the condition is true; get gives a fact's or an answer's value.
func (c Cond) holds(get func(string) string) bool {
	if c.never {
		return false
	}
	if c.Field != "" && !c.matches(get(c.Field)) {
		return false
	}
	for _, one := range c.All {
		if !one.holds(get) {
			return false
		}
	}
	if len(c.Any) > 0 && !slices.ContainsFunc(c.Any, func(one Cond) bool { return one.holds(get) }) {
		return false
	}
	return c.Not == nil || !c.Not.holds(get)
}

func (c Cond) matches(value string) bool {
	for _, want := range c.Values {
		switch {
		case want == value && value != "":
			return true
		case want == given && value != "":
			return true
		case want == none && value == "":
			return true
		}
	}
	return false
}

// names lists every field or fact the condition asks for, with the values it asks.
func (c Cond) names(visit func(field string, values []string)) {
	if c.Field != "" {
		visit(c.Field, c.Values)
	}
	for _, one := range c.All {
		one.names(visit)
	}
	for _, one := range c.Any {
		one.names(visit)
	}
	if c.Not != nil {
		c.Not.names(visit)
	}
}
