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
	Never  bool // required: false
}

// Words a condition may use of any field: answered at all, or not.
const (
	given = "given"
	none  = "none"
)

// holds tells whether the condition is true; get gives a fact's or an answer's value.
func (c Cond) holds(get func(string) string) bool {
	switch {
	case c.Never:
		return false
	case c.Field != "" && !c.matches(get(c.Field)):
		return false
	case slices.ContainsFunc(c.All, func(one Cond) bool { return !one.holds(get) }):
		return false
	case len(c.Any) > 0 && !slices.ContainsFunc(c.Any, func(one Cond) bool { return one.holds(get) }):
		return false
	}
	return c.Not == nil || !c.Not.holds(get)
}

// matches compares one value. A fact may itself have the value none (no call yet), which the word none means as well.
func (c Cond) matches(value string) bool {
	return slices.ContainsFunc(c.Values, func(want string) bool {
		switch want {
		case none:
			return value == "" || value == none
		case given:
			return value != "" && value != none
		}
		return want == value
	})
}

// each visits every comparison of a field or fact inside the condition.
func (c Cond) each(visit func(field string, values []string)) {
	if c.Field != "" {
		visit(c.Field, c.Values)
	}
	for _, one := range c.All {
		one.each(visit)
	}
	for _, one := range c.Any {
		one.each(visit)
	}
	if c.Not != nil {
		c.Not.each(visit)
	}
}

// Asks lists the fields and facts the condition compares, each once, in order.
func (c Cond) Asks() (names []string) {
	c.each(func(field string, _ []string) {
		if !slices.Contains(names, field) {
			names = append(names, field)
		}
	})
	return names
}
