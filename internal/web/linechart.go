package web

import (
	"math"
	"strconv"
	"strings"
	"time"

	"sapa/internal/line"
	"sapa/internal/phrase"
)

// The chart's own units; the picture scales with the column it stands in.
const (
	chartWide, chartHigh = 320.0, 132.0
	chartLeft, chartTop  = 30.0, 6.0
	chartRight           = 314.0
	chartFoot            = 108.0 // the axis: what was not measured stands on it
)

// lineChart is the picture of a line's last 90 days (SOP 5.2.10.j), worked out to plain numbers: the page has no script that
// draws and no style of its own.
type lineChart struct {
	line.History
	Bottom, Top float64 // dBm at the foot and the head
	Marks       []chartMark
	Path        string // through the powers, broken where there is none
	Levels      []chartLevel
	Times       []chartTime
}

// chartMark is one measurement: a dot in spec, a diamond out of it, a cross on the axis when there is no power to show.
type chartMark struct {
	line.Point
	X, Y  string
	Shape string // dot, diamond, cross
}

type chartLevel struct {
	Y    string
	Text string
	Rule bool // an end of the rule in force
}

type chartTime struct{ X, Text, Anchor string }

// chartOf lays a history out, in the zone and the language of the page.
func chartOf(h line.History, l phrase.Lang, zone *time.Location) lineChart {
	c := lineChart{History: h, Bottom: h.Rule.RxMin, Top: h.Rule.RxMax}
	if h.Low != nil {
		c.Bottom, c.Top = min(c.Bottom, *h.Low), max(c.Top, *h.High)
	}
	c.Bottom, c.Top = math.Floor(c.Bottom-1), math.Ceil(c.Top+1)
	var path strings.Builder
	broken := true
	for _, p := range h.Points {
		m := chartMark{Point: p, X: unit(c.x(p.MeasuredAt)), Y: unit(chartFoot), Shape: "cross"}
		if p.OnuRxPwr != nil {
			m.Y, m.Shape = unit(c.y(*p.OnuRxPwr)), "diamond"
			if p.Verdict == line.Spec {
				m.Shape = "dot"
			}
			path.WriteString(map[bool]string{true: "M", false: "L"}[broken] + m.X + " " + m.Y)
		}
		broken = p.OnuRxPwr == nil
		c.Marks = append(c.Marks, m)
	}
	c.Path = path.String()
	for _, end := range []float64{h.Rule.RxMax, h.Rule.RxMin} {
		c.Levels = append(c.Levels, chartLevel{unit(c.y(end)), power(l, &end), true})
	}
	for _, one := range []struct {
		days   int
		anchor string
	}{{line.Days, "start"}, {line.Days * 2 / 3, "middle"}, {line.Days / 3, "middle"}, {0, "end"}} {
		at := h.Until.AddDate(0, 0, -one.days)
		text := phrase.Date(l, at.In(zone))
		text = text[:strings.LastIndexByte(text, ' ')] // the year is the same or the one before
		c.Times = append(c.Times, chartTime{unit(c.x(at)), text, one.anchor})
	}
	return c
}

func (c lineChart) x(at time.Time) float64 {
	part := float64(at.Sub(c.Since)) / float64(c.Until.Sub(c.Since))
	return chartLeft + min(1, max(0, part))*(chartRight-chartLeft)
}

func (c lineChart) y(dbm float64) float64 {
	const foot = chartFoot - 10 // a power never lies on the axis, where failures are
	return foot - (dbm-c.Bottom)/(c.Top-c.Bottom)*(foot-chartTop)
}

// band is the rule in force as the picture's rectangle: its upper edge and how high it is.
func (c lineChart) band() (y, height string) {
	top, foot := c.y(c.Rule.RxMax), c.y(c.Rule.RxMin)
	return unit(top), unit(foot - top)
}

func unit(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// diamond is the outline of a mark out of spec.
func (m chartMark) diamond() string { return "M" + m.X + " " + m.Y + "m0-4.2 4.2 4.2-4.2 4.2-4.2-4.2z" }

// cross is a measurement without a power, on the axis.
func (m chartMark) cross() string { return "M" + m.X + " " + m.Y + "m-3-3 6 6m0-6-6 6" }

// newest gives the points with the newest first, as a table is read.
func (c lineChart) newest() []line.Point {
	all := make([]line.Point, 0, len(c.Points))
	for i := len(c.Points) - 1; i >= 0; i-- {
		all = append(all, c.Points[i])
	}
	return all
}

// chartWords is the chart in words, for whoever does not see it.
func (p complaintData) chartWords(c lineChart) string {
	text := p.T("line.chart.counts", "days", line.Days, "all", len(c.Points), "spec", c.Spec, "unspec", c.Unspec, "failed", c.Failed)
	if c.Low != nil {
		text += " " + p.T("line.chart.range", "low", power(p.Lang, c.Low), "high", power(p.Lang, c.High))
	}
	return text
}

// passed says which source a measurement comes from, and why those that were asked before could not say.
func (p complaintData) passed(m line.Measurement) string {
	var others []string
	for _, one := range m.Passed {
		others = append(others, p.T("line.passed-one", "source", one.Source, "why", p.T("line.failure."+one.Failure)))
	}
	return p.T("line.passed", "source", m.Source, "others", strings.Join(others, " "))
}

// pointSays is one measurement as a sentence: what the picture shows under the pointer and the table in its row.
func (p complaintData) pointSays(m line.Point) string {
	at := phrase.Day(p.Lang, m.MeasuredAt.In(p.Now.Location())) + " " + p.Clock(m.MeasuredAt)
	return at + " · " + p.pointPower(m) + " · " + m.Verdict
}

func (p complaintData) pointPower(m line.Point) string {
	if v := power(p.Lang, m.OnuRxPwr); v != "" {
		return v + " dBm"
	}
	return p.T("complaint.no-value")
}

// pointWhy is why a measurement has no verdict, or what was left out of it.
func (p complaintData) pointWhy(m line.Point) string {
	switch {
	case m.Failure != "":
		return p.T("line.failure." + m.Failure)
	case m.Doubt != "":
		return p.T("line.chart.doubt", "fields", strings.ReplaceAll(m.Doubt, " ", ", "))
	case m.Rule != p.Chart.Rule:
		return p.T("line.chart.other-rule", "min", power(p.Lang, &m.Rule.RxMin), "max", power(p.Lang, &m.Rule.RxMax))
	}
	return ""
}
