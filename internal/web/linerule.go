package web

import (
	"math"
	"net/http"
	"strconv"
	"strings"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/line"
	"sapa/internal/phrase"
	"sapa/internal/staff"
)

// ruleData is when a line is in spec, as the settings' page edits it (SOP 5.2.10.j).
type ruleData struct {
	Now      line.Ruling
	Past     []line.Ruling
	By       map[db.ID]string
	Min, Max string // as they stand in the fields
	Wrong    string // the field that was refused
}

func (s *Server) lineRule(tx *db.Tx, l phrase.Lang) (d ruleData, err error) {
	d.By = map[db.ID]string{}
	if d.Now, err = line.ReadRule(tx); err != nil {
		return d, err
	}
	if d.Past, err = line.PastRules(tx); err != nil {
		return d, err
	}
	for _, r := range d.Past {
		if _, known := d.By[r.By]; known || r.By == 0 {
			continue
		}
		by, err := staff.Get(tx, r.By)
		if err != nil && !fault.Is(err, fault.Missing) {
			return d, err
		}
		d.By[r.By] = by.Name
	}
	d.Min, d.Max = power(l, &d.Now.RxMin), power(l, &d.Now.RxMax)
	return d, nil
}

// ruleSince says who set a rule when.
func (p settingsData) ruleSince(r line.Ruling) string {
	return p.ruled(r.Version, p.Line.By[r.By], r.At)
}

// dBm reads a power as people write it: -24,5, −24.5. What is no number is one that no rule has.
func dBm(s string) float64 {
	v, err := strconv.ParseFloat(strings.NewReplacer("−", "-", ",", ".", " ", "").Replace(s), 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// lineRuleSave changes the rule.
func (s *Server) lineRuleSave(w http.ResponseWriter, r *request) {
	if !s.readable(w, r) {
		return
	}
	low, high := r.PostForm.Get("rx_min"), r.PostForm.Get("rx_max")
	s.saveRule(w, r, low+" … "+high+" dBm", func(tx *db.Tx, version int64) error {
		_, err := line.PutRule(tx, r.by, line.Rule{RxMin: dBm(low), RxMax: dBm(high)}, version)
		return err
	}, func(p *settingsData, field string) { p.Line.Min, p.Line.Max, p.Line.Wrong = low, high, field })
}
