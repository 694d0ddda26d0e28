package practice_test

import (
	"testing"
	"time"

	"sapa/internal/document/documenttest"
)

// What a floor has lived through depends on the time of day at which it is built: which turns are over, which fault has an end, which
// windows technicians still have. These are moments that broke one, and the edges of days, months and years.
func TestFloorIsBuiltAtAnyTimeOfDay(t *testing.T) {
	for _, one := range []struct {
		at   string
		seed uint64
	}{
		{"2026-12-01T00:00:40+07:00", 26}, // a turn of three days ago did not see the slots that the desk offered it
		{"2026-12-01T03:06:00+07:00", 18}, // a Force Close was reopened beside another report
		{"2026-12-01T03:42:00+07:00", 18}, // nobody was left with a telephone that a fault could happen to
		{"2026-12-01T12:57:00+07:00", 18}, // who had left a promise lying was free again, and kept it
		{"2026-12-31T23:59:50+07:00", 18},
		{"2028-03-01T00:37:00+07:00", 18},
		{"2026-12-01T18:30:00+07:00", 18},
	} {
		t.Run(one.at, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, one.at)
			if err != nil {
				t.Fatal(err)
			}
			s, c := documenttest.Mould.SQLite(t)
			c.Set(at)
			believable(fill(t, s, c, one.seed), at)
		})
	}
}
