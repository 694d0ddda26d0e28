package desk

import (
	"time"

	"sapa/internal/campaign"
	"sapa/internal/fault"
)

// parseMoment reads a time an agent agreed with a customer: RFC 3339, or the customer's own clock as "2026-11-24T15:00",
// "2026-11-24 15:00" or just "15:00" (today there). The zone is the customer's.
func parseMoment(s string, now time.Time, zone *time.Location) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.In(zone), true
	}
	for _, form := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(form, s, zone); err == nil {
			return t, true
		}
	}
	for _, form := range []string{"15:04", "15.04"} {
		if t, err := time.ParseInLocation(form, s, zone); err == nil {
			d := now.In(zone)
			return time.Date(d.Year(), d.Month(), d.Day(), t.Hour(), t.Minute(), 0, 0, zone), true
		}
	}
	return time.Time{}, false
}

// furthest is how far ahead a promise may lie: later ones are slips of the finger.
const furthest = 30 * 24 * time.Hour

// checkMoment refuses a time to call again that is past, too far, or outside the calling hours of the customer's zone,
// and offers two times that would do (SOP 5.7.8.d, A-38).
func checkMoment(s string, now time.Time, zone *time.Location, hours campaign.Hours) error {
	at, ok := parseMoment(s, now, zone)
	if !ok {
		return fault.New(fault.Invalid, "desk.time-unreadable", "time", s)
	}
	first, second := suggest(at, now, zone, hours)
	values := []any{"time", at.Format("15.04"), "zone", ZoneName(zone), "hours", hours.String(),
		"first", first.Format(time.RFC3339), "second", second.Format(time.RFC3339),
		"first_clock", first.Format("02-01 15.04"), "second_clock", second.Format("02-01 15.04")}
	switch {
	case !at.After(now):
		return fault.New(fault.Invalid, "desk.time-past", values...)
	case at.After(now.Add(furthest)):
		return fault.New(fault.Invalid, "desk.time-far", values...)
	case !hours.Open(at, zone):
		return fault.New(fault.Invalid, "desk.time-outside-hours", values...)
	}
	return nil
}

// suggest gives two times near the wanted one that would be accepted.
func suggest(want, now time.Time, zone *time.Location, hours campaign.Hours) (first, second time.Time) {
	soon := now.In(zone).Add(30 * time.Minute).Truncate(30 * time.Minute).Add(30 * time.Minute)
	if want.Before(soon) || want.After(now.Add(furthest)) {
		want = soon
	}
	first = hours.Next(want, zone)
	if last := hours.Last(want, zone); last.Before(want) && !hours.Open(want, zone) && !last.Before(soon) {
		first = last // asked for the evening: the last half hour of that day comes nearer than the next morning
	}
	return first, hours.NextDay(first, zone)
}

// ZoneName is what people call the zone: WIB, WITA, WIT, or the IANA name elsewhere (ux.md 8).
func ZoneName(zone *time.Location) string {
	switch zone.String() {
	case "Asia/Jakarta", "Asia/Pontianak":
		return "WIB"
	case "Asia/Makassar", "Asia/Ujung_Pandang":
		return "WITA"
	case "Asia/Jayapura":
		return "WIT"
	}
	return zone.String()
}
