package phrase

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Names of days and months as CLDR has them for Indonesian; August is fixed as Agu (ux.md 8).
var (
	daysID   = [...]string{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"}
	monthsID = [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}
)

func short(name string) string { return name[:3] }

func dayName(l Lang, d time.Weekday) string {
	if l == EN {
		return d.String()
	}
	return daysID[d]
}

func monthName(l Lang, m time.Month) string {
	if l == EN {
		return m.String()
	}
	return monthsID[m-1]
}

// Clock prints a time of day: 09.42, in English 09:42. The zone's name goes beside it.
func Clock(l Lang, t time.Time) string {
	if l == EN {
		return t.Format("15:04")
	}
	return t.Format("15.04")
}

// Day prints Sen 23 Nov, in English Mon 23 Nov.
func Day(l Lang, t time.Time) string {
	return fmt.Sprintf("%s %d %s", short(dayName(l, t.Weekday())), t.Day(), short(monthName(l, t.Month())))
}

// Date prints 23 Nov 2026.
func Date(l Lang, t time.Time) string {
	return fmt.Sprintf("%d %s %d", t.Day(), short(monthName(l, t.Month())), t.Year())
}

// LongDate prints Senin, 23 November 2026, in English Monday, 23 November 2026.
func LongDate(l Lang, t time.Time) string {
	return fmt.Sprintf("%s, %d %s %d", dayName(l, t.Weekday()), t.Day(), monthName(l, t.Month()), t.Year())
}

// Age prints how long something has waited: 20 dtk, 18 m, 2 j 51 m, 4 hr; in English 20 s, 18 m, 2 h 51 m, 4 d.
func Age(l Lang, d time.Duration) string {
	unit := [...]string{"dtk", "m", "j", "hr"}
	if l == EN {
		unit = [...]string{"s", "m", "h", "d"}
	}
	if d < 0 {
		d = 0
	}
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d %s", int(d/time.Second), unit[0])
	case d < time.Hour:
		return fmt.Sprintf("%d %s", int(d/time.Minute), unit[1])
	case d < 48*time.Hour:
		return fmt.Sprintf("%d %s %02d %s", int(d/time.Hour), unit[2], int(d%time.Hour/time.Minute), unit[1])
	}
	return fmt.Sprintf("%d %s", int(d/(24*time.Hour)), unit[3])
}

// Timer prints a running time: 03:42, with a colon in both languages so that it cannot be read as a clock.
func Timer(d time.Duration) string {
	if d < 0 {
		d = 0
	}
	s := int(d / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}

// Number prints a whole number with its thousands: 1.234, in English 1,234.
func Number(l Lang, n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "−", s[1:]
	}
	mark := "."
	if l == EN {
		mark = ","
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + mark + s[i:]
	}
	return sign + s
}

// Seconds prints a time of some seconds: 4,8 detik, 4.8 seconds.
func Seconds(l Lang, d time.Duration) string {
	tenths := strconv.FormatFloat(d.Round(100*time.Millisecond).Seconds(), 'f', 1, 64)
	if l == EN {
		return tenths + " seconds"
	}
	return strings.Replace(tenths, ".", ",", 1) + " detik"
}

// Percent prints a share of a whole with one decimal: 68,0%, in English 68.0%. A share of nothing is a dash.
func Percent(l Lang, part, whole int) string {
	if whole == 0 {
		return "–"
	}
	s := strconv.FormatFloat(100*float64(part)/float64(whole), 'f', 1, 64) + "%"
	if l != EN {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}
