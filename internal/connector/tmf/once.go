package tmf

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"sapa/internal/fault"
)

// theOne finds what has our external id; of several, which should not be, the one that was first. Missing only when it is sure that
// there is none: an answer that was cut off is Busy.
func theOne[T resource](ctx context.Context, a *API, name, external string, of func(T) string, made func(T) Time) (one T, err error) {
	found, more, err := list(ctx, a, name, url.Values{"externalId": {external}}, 100, func(x T) bool { return external != "" && of(x) == external })
	switch {
	case err != nil:
		return one, err
	case len(found) == 0 && more:
		return one, fault.New(fault.Busy, "tmf.no-look-up")
	case len(found) == 0:
		return one, fault.New(fault.Missing, "tmf.missing")
	}
	return slices.MinFunc(found, func(a, b T) int {
		if c := made(a).Compare(made(b).Time); c != 0 {
			return c
		}
		return strings.Compare(a.key(), b.key())
	}), nil
}

// once makes a resource that has an external id exactly once. When an error comes back it may have been made or not; the next call
// finds out.
func once[T resource](ctx context.Context, a *API, name, external string, body any, by func(context.Context, string) (T, error)) (T, error) {
	was, err := by(ctx, external)
	if !fault.Is(err, fault.Missing) {
		return was, err
	}
	made, err := create[T](ctx, a, name, external, body)
	if fault.Is(err, fault.Conflict) { // somebody was quicker: another try of ours
		if was, again := by(ctx, external); again == nil {
			return was, nil
		}
	}
	return made, err
}
