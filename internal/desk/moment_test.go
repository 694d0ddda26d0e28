package desk

import (
	"testing"
	"time"

	"sapa/internal/campaign"
	"sapa/internal/fault"
)

var (
	wib = zoneOf("Asia/Jakarta")
	wit = zoneOf("Asia/Jayapura")
)

func zoneOf(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

// now is Monday 23 November 2026, 09.00 WIB: 11.00 in Jayapura.
var now = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

const day = "2006-01-02 15:04"

// SOP 5.2.5.greeting, 5.7.7: the bands of the caring script, by the customer's own clock.
func TestGreetingFollowsTheCustomersClock(t *testing.T) {
	for _, c := range []struct{ clock, word string }{
		{"00:00", "malam"}, {"00:01", "pagi"}, {"06:30", "pagi"}, {"10:00", "pagi"}, {"10:01", "siang"}, {"15:00", "siang"},
		{"15:01", "sore"}, {"18:00", "sore"}, {"18:01", "malam"}, {"23:59", "malam"},
	} {
		at, err := time.ParseInLocation("15:04", c.clock, wit)
		if err != nil {
			t.Fatal(err)
		}
		at = time.Date(2026, 11, 23, at.Hour(), at.Minute(), 59, 0, wit)
		if got := Greeting(at.UTC(), wit); got != c.word {
			t.Errorf("%s is %s, want %s", c.clock, got, c.word)
		}
	}
}

// SOP 5.7.8.d, 5.2.7: a time is read as people write it, in the customer's zone.
func TestMomentsAreReadInTheCustomersZone(t *testing.T) {
	for _, c := range []struct{ said, want string }{
		{"15:00", "2026-11-23 15:00"},
		{"15.00", "2026-11-23 15:00"},
		{"9.30", "2026-11-23 09:30"},
		{"2026-11-24T15:00", "2026-11-24 15:00"},
		{"2026-11-24T15:00:00", "2026-11-24 15:00"},
		{"2026-11-24 15:00", "2026-11-24 15:00"},
		{"2026-11-24T15:00:00+07:00", "2026-11-24 17:00"},
		{"2026-11-24T06:00:00Z", "2026-11-24 15:00"},
	} {
		at, ok := parseMoment(c.said, now, wit)
		if !ok || at.Format(day) != c.want || at.Location() != wit {
			t.Errorf("%q is %s (%v), want %s", c.said, at, ok, c.want)
		}
	}
	for _, said := range []string{"", "besok", "25:00", "15:60", "3", "2026-02-30T10:00", "2026-11-24", "24/11/2026 15:00"} {
		if at, ok := parseMoment(said, now, wit); ok {
			t.Errorf("%q was read as %s", said, at)
		}
	}
	late := time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC) // 23.00 WIB is Tuesday 01.00 in Jayapura
	if at, _ := parseMoment("09:00", late, wit); at.Format(day) != "2026-11-24 09:00" {
		t.Errorf("today over there is %s", at)
	}
}

// SOP 5.7.8.d: what is refused comes with two times that would do - and they do.
func TestARefusedTimeOffersTwoThatPass(t *testing.T) {
	hours := campaign.Hours{From: 8 * 60, To: 20 * 60}
	for _, c := range []struct {
		name, at, said, key, first, second string
		zone                               *time.Location
	}{
		{"past", "09:00", "08:30", "desk.time-past", "2026-11-23 10:00", "2026-11-24 08:00", wib},
		{"this very minute", "09:00", "09:00", "desk.time-past", "2026-11-23 10:00", "2026-11-24 08:00", wib},
		{"a quarter past", "09:16", "09:00", "desk.time-past", "2026-11-23 10:00", "2026-11-24 08:00", wib},
		{"too late today", "09:00", "21:00", "desk.time-outside-hours", "2026-11-23 19:30", "2026-11-24 08:00", wib},
		{"the first minute after", "09:00", "20:00", "desk.time-outside-hours", "2026-11-23 19:30", "2026-11-24 08:00", wib},
		{"too early tomorrow", "09:00", "2026-11-24T07:00", "desk.time-outside-hours", "2026-11-24 08:00", "2026-11-25 08:00", wib},
		{"tonight, nearly over", "19:45", "20:30", "desk.time-outside-hours", "2026-11-24 08:00", "2026-11-25 08:00", wib},
		{"tonight, over", "21:00", "20:30", "desk.time-past", "2026-11-24 08:00", "2026-11-25 08:00", wib},
		{"too far", "09:00", "2027-03-01T10:00", "desk.time-far", "2026-11-23 10:00", "2026-11-24 08:00", wib},
		{"unreadable", "09:00", "nanti", "desk.time-unreadable", "", "", wib},
		{"evening in the east", "17:30", "20:15", "desk.time-outside-hours", "2026-11-24 08:00", "2026-11-25 08:00", wit},
	} {
		clock, err := time.ParseInLocation("15:04", c.at, wib)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 11, 23, clock.Hour(), clock.Minute(), 0, 0, wib)
		err = checkMoment(c.said, at, c.zone, hours)
		e := fault.Of(err)
		if e == nil || e.Kind != fault.Invalid || e.Key != c.key {
			t.Errorf("%s: %v, want %s", c.name, err, c.key)
			continue
		}
		for place, want := range map[string]string{"first": c.first, "second": c.second} {
			if want == "" {
				continue
			}
			offered, err := time.Parse(time.RFC3339, e.Values[place].(string))
			if err != nil || offered.In(c.zone).Format(day) != want {
				t.Errorf("%s: %s is %s (%v), want %s", c.name, place, offered.In(c.zone), err, want)
			}
			if err := checkMoment(e.Values[place].(string), at, c.zone, hours); err != nil {
				t.Errorf("%s: what is offered is refused: %v", c.name, err)
			}
		}
	}
	for _, good := range []string{"09:01", "19:59", "2026-12-23T09:00"} {
		if err := checkMoment(good, now, wib, hours); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
}

func TestZonesHaveTheNamesPeopleUse(t *testing.T) {
	for name, want := range map[string]string{"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Ujung_Pandang": "WITA",
		"Asia/Jayapura": "WIT", "Asia/Singapore": "Asia/Singapore"} {
		if got := ZoneName(zoneOf(name)); got != want {
			t.Errorf("%s is called %s, want %s", name, got, want)
		}
	}
	if Zone("", wit) != wit || Zone("Nowhere/Land", wit) != wit || Zone("Asia/Makassar", wit).String() != "Asia/Makassar" {
		t.Error("the site's zone stands in for one that is not known, and for no other")
	}
}
