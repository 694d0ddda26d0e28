package procedure

import (
	"testing"

	"sapa/internal/fault"
)

// refused asks that an error is the refusal of this pair: invalid, with its field and a clause that exists.
func refused(t *testing.T, b *Book, pair Pair, err error) {
	t.Helper()
	e := fault.Of(err)
	if e == nil {
		t.Errorf("%s=%s after %v, %v: not refused: %v", pair.Field, pair.Value, pair.Facts, pair.With, err)
		return
	}
	if e.Kind != fault.Invalid || e.Field != pair.Field || e.Key != pair.Key || e.Clause != pair.Clause {
		t.Errorf("%s=%s after %v, %v: refused as %v, want %s %s", pair.Field, pair.Value, pair.Facts, pair.With, e, pair.Key, pair.Clause)
	}
	if _, ok := b.Clause(e.Clause); !ok {
		t.Errorf("%v: no such clause", e)
	}
}
