package intake

import (
	"strconv"
	"strings"
	"time"

	"sapa/internal/fault"
)

// tokens are how a map writes a date: DD/MM/YYYY HH:mm, DD-MM-YY h:mm:ss AM, D MMM YYYY.
var tokens = strings.NewReplacer("YYYY", "2006", "YY", "06", "MMMM", "January", "MMM", "Jan", "MM", "01", "M", "1", "DD", "02", "D", "2",
	"HH", "15", "H", "15", "hh", "03", "h", "3", "mm", "04", "m", "4", "ss", "05", "AM", "PM", "Z", "Z07:00")

// goLayout turns a map's way of writing a date into Go's; false when it names no day.
func goLayout(s string) (string, bool) {
	if s == "ISO" {
		return time.RFC3339, true
	}
	if strings.ContainsAny(s, "0123456789_") {
		return "", false
	}
	layout := tokens.Replace(s)
	at := time.Date(2015, 12, 24, 13, 34, 56, 0, time.UTC)
	back, err := time.Parse(layout, at.Format(layout))
	return layout, err == nil && back.Year() == 2015 && back.Month() == 12 && back.Day() == 24
}

// months are the Indonesian ones that English readers do not know, longest first.
var months = strings.NewReplacer("JANUARI", "JANUARY", "FEBRUARI", "FEBRUARY", "MARET", "MARCH", "MEI", "MAY", "JUNI", "JUNE", "JULI", "JULY", "AGUSTUS", "AUGUST",
	"OKTOBER", "OCTOBER", "DESEMBER", "DECEMBER", "AGU", "AUG", "AGS", "AUG", "AGT", "AUG", "OKT", "OCT", "DES", "DEC")

// moment reads a time by the first layout that fits; without layouts it is RFC 3339. 31/02 fits none: it is no day.
func moment(s string, layouts []string, zone *time.Location) (time.Time, error) {
	if len(layouts) == 0 {
		layouts = []string{time.RFC3339}
	}
	upper := strings.ToUpper(strings.TrimSpace(s)) // am, Apr, apr.: case says nothing
	for _, layout := range layouts {
		v := upper
		if strings.Contains(layout, "Jan") {
			v = months.Replace(v)
		}
		if t, err := time.ParseInLocation(layout, v, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fault.New(fault.Invalid, "intake.time", "time", s)
}

// serial reads a date as a workbook's number cells have it: days since the end of 1899, or since 1904; a part of a day is
// a time of it. A date and a time in columns of their own add up.
func serial(cells []string, since1904 bool, zone *time.Location) (time.Time, error) {
	sum := 0.0
	for _, s := range cells {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || !(v >= 0 && v < 2_958_466) { // 31 December 9999
			return time.Time{}, fault.New(fault.Invalid, "intake.time", "time", strings.Join(cells, " "))
		}
		sum += v
	}
	if sum < 1 {
		return time.Time{}, fault.New(fault.Invalid, "intake.time", "time", strings.Join(cells, " "))
	}
	days, start := int(sum), time.Date(1899, 12, 30, 0, 0, 0, 0, zone)
	if since1904 {
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, zone)
	}
	seconds := int((sum-float64(days))*86_400 + 0.5)
	return time.Date(start.Year(), start.Month(), start.Day()+days, 0, 0, seconds, 0, zone), nil
}
