package campaign_test

import (
	"testing"
	"time"

	"sapa/internal/campaign"
	"sapa/internal/fault"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func hours(t *testing.T, s string) campaign.Hours {
	t.Helper()
	h, err := campaign.ParseHours(s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestHoursAreReadAndPrintedTheSame(t *testing.T) {
	for _, s := range []string{"08:00-20:00", "00:00-24:00", "09:15-09:16", "23:59-24:00"} {
		if got := hours(t, s).String(); got != s {
			t.Errorf("%s became %s", s, got)
		}
	}
	if got := hours(t, " 08:00 - 20:00 ").String(); got != "08:00-20:00" {
		t.Errorf("spaces: %s", got)
	}
}

func TestWhatIsNoHoursIsRefused(t *testing.T) {
	for _, s := range []string{"", "08:00", "08:00-", "-20:00", "8:00-20:00", "08.00-20.00", "20:00-08:00", "08:00-08:00", "08:60-20:00",
		"08:00-24:01", "08:00-25:00", "+8:00-20:00", "08: 0-20:00", "0x:00-20:00", "08:00-20:00-22:00", "٠٨:00-20:00"} {
		_, err := campaign.ParseHours(s)
		if e := fault.Of(err); e == nil || e.Kind != fault.Invalid || e.Key != "campaign.hours" || e.Field != "hours" || e.Clause != "A-38" {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// SOP 5.2.5.call, 5.7.7: the same moment is inside the calling hours of one customer and outside those of another.
func TestHoursAreTheCustomersOwn(t *testing.T) {
	h := hours(t, "08:00-20:00")
	wib, wita, wit := zone(t, "Asia/Jakarta"), zone(t, "Asia/Makassar"), zone(t, "Asia/Jayapura")
	at := func(clock string) time.Time {
		m, err := time.ParseInLocation("2006-01-02 15:04:05", "2026-11-23 "+clock, wib)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for _, c := range []struct {
		clock          string // WIB
		wib, wita, wit bool
	}{
		{"05:59:59", false, false, false},
		{"06:00:00", false, false, true},
		{"07:00:00", false, true, true},
		{"07:59:59", false, true, true},
		{"08:00:00", true, true, true},
		{"17:59:59", true, true, true},
		{"18:00:00", true, true, false},
		{"19:00:00", true, false, false},
		{"19:59:59", true, false, false},
		{"20:00:00", false, false, false},
	} {
		if h.Open(at(c.clock), wib) != c.wib || h.Open(at(c.clock), wita) != c.wita || h.Open(at(c.clock), wit) != c.wit {
			t.Errorf("%s: %v %v %v", c.clock, h.Open(at(c.clock), wib), h.Open(at(c.clock), wita), h.Open(at(c.clock), wit))
		}
	}
}

// SOP 5.2.11.b1.rna, 5.7.8.a.not-contacted: a retry that would fall outside the hours waits for the next first minute.
func TestTheNextCallFallsWithinTheHours(t *testing.T) {
	h := hours(t, "08:00-20:00")
	wit := zone(t, "Asia/Jayapura")
	for _, c := range []struct{ at, next, nextDay, last string }{
		{"2026-11-23 07:59", "2026-11-23 08:00", "2026-11-24 08:00", "2026-11-23 19:30"},
		{"2026-11-23 08:00", "2026-11-23 08:00", "2026-11-24 08:00", "2026-11-23 19:30"},
		{"2026-11-23 19:59", "2026-11-23 19:59", "2026-11-24 08:00", "2026-11-23 19:30"},
		{"2026-11-23 20:00", "2026-11-24 08:00", "2026-11-24 08:00", "2026-11-23 19:30"},
		{"2026-12-31 23:30", "2027-01-01 08:00", "2027-01-01 08:00", "2026-12-31 19:30"},
		{"2028-02-28 21:00", "2028-02-29 08:00", "2028-02-29 08:00", "2028-02-28 19:30"},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", c.at, wit)
		if err != nil {
			t.Fatal(err)
		}
		for _, got := range []struct {
			name, want string
			at         time.Time
		}{
			{"next", c.next, h.Next(at.UTC(), wit)},
			{"next day", c.nextDay, h.NextDay(at.UTC(), wit)},
			{"last", c.last, h.Last(at.UTC(), wit)},
		} {
			if s := got.at.In(wit).Format("2006-01-02 15:04"); s != got.want {
				t.Errorf("%s of %s is %s, want %s", got.name, c.at, s, got.want)
			}
		}
	}
	if s := hours(t, "08:10-08:25").Last(time.Date(2026, 11, 23, 9, 0, 0, 0, wit), wit).Format("15:04"); s != "08:10" {
		t.Errorf("the last half hour of a short window is %s", s)
	}
}
