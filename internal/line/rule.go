package line

import (
	"fmt"
	"math"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// Ruling is a rule with who set it when. Version 0, By 0 and no time is the house's own.
type Ruling struct {
	Rule
	Version int64
	By      db.ID
	At      time.Time
}

// CurrentRule reads the rule in force.
func CurrentRule(tx *db.Tx) (Rule, error) {
	r, err := ReadRule(tx)
	return r.Rule, err
}

// ReadRule reads the rule in force, with who set it.
func ReadRule(tx *db.Tx) (Ruling, error) {
	return ruling(tx.Row(`SELECT rx_min, rx_max, version, changed_by, changed_at FROM line_rule WHERE id = 1`))
}

// PastRules lists every rule that was in force here, the latest first, at most 50.
func PastRules(tx *db.Tx) (all []Ruling, err error) {
	err = tx.Each(`SELECT rx_min, rx_max, version, changed_by, changed_at FROM line_rule_past ORDER BY version DESC LIMIT 50`, nil, func(s db.Scanner) error {
		r, err := ruling(s)
		all = append(all, r)
		return err
	})
	return all, err
}

func ruling(s db.Scanner) (r Ruling, err error) {
	var at int64
	err = s.Scan(&r.RxMin, &r.RxMax, &r.Version, &r.By, &at)
	if at != 0 {
		r.At = db.Time(at)
	}
	return r, err
}

// PutRule changes the rule for the measurements to come; kept ones stay as they were judged. version is the one that was
// read: Conflict "line.rule-changed" when another came first. The same rule again changes nothing.
func PutRule(tx *db.Tx, by who.Actor, r Rule, version int64) (Ruling, error) {
	was, err := ReadRule(tx)
	if err != nil {
		return was, err
	}
	switch {
	case !r.valid():
		return was, fault.New(fault.Invalid, "line.rule").At("rx_min", "5.2.10.j")
	case tenths(r.RxMin) != r.RxMin:
		return was, fault.New(fault.Invalid, "line.rule-step").At("rx_min", "5.2.10.j")
	case tenths(r.RxMax) != r.RxMax:
		return was, fault.New(fault.Invalid, "line.rule-step").At("rx_max", "5.2.10.j")
	case was.Version != version:
		return was, fault.New(fault.Conflict, "line.rule-changed").At("version", "")
	case was.Rule == r:
		return was, nil
	}
	is := Ruling{r, version + 1, db.ID(by.ID), tx.Now}
	if _, err := tx.Exec(`UPDATE line_rule SET rx_min = $1, rx_max = $2, version = $3, changed_at = $4, changed_by = $5 WHERE id = 1`,
		is.RxMin, is.RxMax, is.Version, db.Millis(is.At), is.By); err != nil {
		return was, err
	}
	if _, err := tx.Exec(`INSERT INTO line_rule_past(version, rx_min, rx_max, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5)`,
		is.Version, is.RxMin, is.RxMax, db.Millis(is.At), is.By); err != nil {
		return was, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "line.rule-put", Kind: "rule", Data: map[string]string{"version": fmt.Sprint(is.Version),
		"old_rx_min": fmt.Sprint(was.RxMin), "old_rx_max": fmt.Sprint(was.RxMax), "rx_min": fmt.Sprint(r.RxMin), "rx_max": fmt.Sprint(r.RxMax)}})
	return is, err
}

// tenths is what pages show of a power, so no rule lies between.
func tenths(v float64) float64 { return math.Round(v*10) / 10 }
