package campaign

import (
	"fmt"
	"strings"
	"time"

	"sapa/internal/fault"
)

// Hours are the calling hours of a day in the customer's own zone, from the first minute to the last, exclusive.
type Hours struct {
	From, To int // minutes after midnight; 0 <= From < To <= 1440
}

// ParseHours reads "08:00-20:00"; "00:00-24:00" is the whole day.
func ParseHours(s string) (Hours, error) {
	from, to, ok := strings.Cut(strings.TrimSpace(s), "-")
	if ok {
		f, okFrom := minutes(from)
		t, okTo := minutes(to)
		if okFrom && okTo && f < t {
			return Hours{From: f, To: t}, nil
		}
	}
	return Hours{}, fault.New(fault.Invalid, "campaign.hours", "hours", s).At("hours", "A-38")
}

// minutes reads "08:00" and nothing that is only like it: five characters, four of them digits.
func minutes(s string) (int, bool) {
	s = strings.TrimSpace(s)
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	total, unit := 0, [...]int{600, 60, 0, 10, 1}
	for i, c := range []byte(s) {
		if i == 2 {
			continue
		}
		if c < '0' || c > '9' {
			return 0, false
		}
		total += int(c-'0') * unit[i]
	}
	return total, s[3] < '6' && total <= 24*60
}

// String prints the hours as they are written in a procedure.
func (h Hours) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", h.From/60, h.From%60, h.To/60, h.To%60)
}

// Open tells whether a moment lies within the hours of a zone.
func (h Hours) Open(at time.Time, zone *time.Location) bool {
	local := at.In(zone)
	m := local.Hour()*60 + local.Minute()
	return h.From <= m && m < h.To
}

// Next gives the moment itself when it lies within the hours, else the next first minute of them.
func (h Hours) Next(at time.Time, zone *time.Location) time.Time {
	if h.Open(at, zone) {
		return at
	}
	local := at.In(zone)
	if local.Hour()*60+local.Minute() >= h.To {
		return h.first(local.AddDate(0, 0, 1))
	}
	return h.first(local)
}

// NextDay gives the first minute of the hours on the day after a moment (decisions.md 10).
func (h Hours) NextDay(at time.Time, zone *time.Location) time.Time {
	return h.first(at.In(zone).AddDate(0, 0, 1))
}

func (h Hours) first(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), h.From/60, h.From%60, 0, 0, day.Location())
}

// Last gives the latest moment of a day at which a call may still begin, rounded down to a half hour: what a page
// suggests when somebody asks for a later one.
func (h Hours) Last(day time.Time, zone *time.Location) time.Time {
	local := day.In(zone)
	m := (h.To - 1) / 30 * 30
	if m < h.From {
		m = h.From
	}
	return time.Date(local.Year(), local.Month(), local.Day(), m/60, m%60, 0, 0, zone)
}
