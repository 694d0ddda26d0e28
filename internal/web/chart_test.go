package web

import (
	"math"
	"regexp"
	"strconv"
	"testing"
	"time"

	"sapa/internal/line"
	"sapa/internal/phrase"
)

// The picture stays inside its frame whatever is measured, and a power never lies where failures are marked.
func TestTheChartStaysInItsFrame(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	h := line.History{Since: now.AddDate(0, 0, -90), Until: now, Rule: line.DefaultRule}
	for i, v := range []float64{-70, 20, -24, -13, -18.5} {
		h.Points = append(h.Points, line.Point{MeasuredAt: h.Since.AddDate(0, 0, 20*i), OnuRxPwr: &v, Verdict: line.Spec})
		if h.Low == nil || v < *h.Low {
			h.Low = &v
		}
		if h.High == nil || v > *h.High {
			h.High = &v
		}
	}
	h.Points = append(h.Points, line.Point{MeasuredAt: now, Verdict: line.Failed, Failure: "timeout"})
	c := chartOf(h, phrase.ID, time.UTC)
	for _, m := range c.Marks {
		x, errX := strconv.ParseFloat(m.X, 64)
		y, errY := strconv.ParseFloat(m.Y, 64)
		if errX != nil || errY != nil || x < chartLeft || x > chartRight || y < chartTop || y > chartFoot || math.IsNaN(y) {
			t.Errorf("%+v lies outside", m)
		}
		if (m.Shape == "cross") != (y == chartFoot) {
			t.Errorf("%s at %v", m.Shape, y)
		}
	}
	if !regexp.MustCompile(`^M[\d.]+ [\d.]+(L[\d.]+ [\d.]+){4}$`).MatchString(c.Path) {
		t.Errorf("path %q", c.Path)
	}
}
