// Package fault names the kinds of error the whole house speaks, so that a caller decides by kind and never by text.
// It makes no sentences: a fault carries a phrase key and values, and only web, api and cmd turn them into words.
package fault

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Kind is what a caller can decide on.
type Kind string

const (
	Invalid   Kind = "invalid"    // the input breaks a rule; saying it differently may help
	Missing   Kind = "missing"    // there is no such thing, or it is not yours to see
	Conflict  Kind = "conflict"   // it was right a moment ago; somebody or something came first
	Forbidden Kind = "forbidden"  // you may see it, but not do this with it
	Busy      Kind = "busy"       // not now; try again after a while
	SignedOut Kind = "signed-out" // nobody is signed in, or no longer
)

// Error is a refusal that a person can act on.
type Error struct {
	Kind   Kind
	Key    string         // phrase key; its sentence says what happened, what still works, what to do
	Values map[string]any // for the sentence's {places}
	Field  string         // id of the field to put right, if one is
	Clause string         // clause of the procedure that asks for it, if one does
	Err    error          // the cause, for logs only
}

// New makes a fault of a kind with the phrase key of its sentence. Values come in pairs: name, value.
func New(kind Kind, key string, values ...any) *Error {
	e := &Error{Kind: kind, Key: key}
	if len(values) > 0 {
		e.Values = make(map[string]any, len(values)/2)
		for i := 0; i+1 < len(values); i += 2 {
			e.Values[fmt.Sprint(values[i])] = values[i+1]
		}
	}
	return e
}

// At says which field, and by which clause, the fault is about. It returns the same fault.
func (e *Error) At(field, clause string) *Error {
	e.Field, e.Clause = field, clause
	return e
}

// Because keeps the cause for the log. It returns the same fault.
func (e *Error) Because(err error) *Error {
	e.Err = err
	return e
}

// Error is for logs and tests; people read the phrase instead.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Kind) + ": " + e.Key)
	names := make([]string, 0, len(e.Values))
	for n := range e.Values {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		fmt.Fprintf(&b, " %s=%v", n, e.Values[n])
	}
	if e.Field != "" {
		b.WriteString(" field=" + e.Field)
	}
	if e.Clause != "" {
		b.WriteString(" clause=" + e.Clause)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// Of finds the fault in an error; nil when there is none, which means: a defect or the world, not a refusal.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// Is tells whether an error is a fault of that kind.
func Is(err error, kind Kind) bool {
	e := Of(err)
	return e != nil && e.Kind == kind
}
