package outage

import (
	"fmt"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// Rule says whether who reported is called once an outage is over, and after how long an outage (field 5.4).
type Rule struct {
	Verify bool
	After  time.Duration // in minutes
}

// minutes are what is kept of After.
func (r Rule) minutes() int64 { return int64(r.After / time.Minute) }

// Ruling is a rule with who set it when. Version 0, By 0 and no time is the house's own.
type Ruling struct {
	Rule
	Version int64
	By      db.ID
	At      time.Time
}

// ReadRule reads the rule in force, with who set it.
func ReadRule(tx *db.Tx) (Ruling, error) {
	return ruling(tx.Row(`SELECT verify, after_minutes, version, changed_by, changed_at FROM outage_rule WHERE id = 1`))
}

// PastRules lists every rule that was in force here, the latest first, at most 50.
func PastRules(tx *db.Tx) (all []Ruling, err error) {
	err = tx.Each(`SELECT verify, after_minutes, version, changed_by, changed_at FROM outage_rule_past ORDER BY version DESC LIMIT 50`, nil, func(s db.Scanner) error {
		r, err := ruling(s)
		all = append(all, r)
		return err
	})
	return all, err
}

func ruling(s db.Scanner) (r Ruling, err error) {
	var verify int
	var minutes, at int64
	err = s.Scan(&verify, &minutes, &r.Version, &r.By, &at)
	r.Verify, r.After, r.At = verify == 1, time.Duration(minutes)*time.Minute, db.Time(at)
	return r, err
}

// PutRule changes it for the outages that end from now on. version is the one that was read: Conflict "outage.rule-changed"
// when another came first. The same rule again changes nothing.
func PutRule(tx *db.Tx, by who.Actor, r Rule, version int64) (Ruling, error) {
	was, err := ReadRule(tx)
	if err != nil {
		return was, err
	}
	r.After = r.After.Truncate(time.Minute)
	switch {
	case r.After < 0 || r.After > 7*24*time.Hour:
		return was, fault.New(fault.Invalid, "outage.rule").At("after_minutes", "5.4")
	case was.Version != version:
		return was, fault.New(fault.Conflict, "outage.rule-changed").At("version", "")
	case was.Rule == r:
		return was, nil
	}
	is := Ruling{r, version + 1, db.ID(by.ID), tx.Now}
	if _, err := tx.Exec(`UPDATE outage_rule SET verify = $1, after_minutes = $2, version = $3, changed_at = $4, changed_by = $5 WHERE id = 1`,
		bit(is.Verify), is.minutes(), is.Version, db.Millis(is.At), is.By); err != nil {
		return was, err
	}
	if _, err := tx.Exec(`INSERT INTO outage_rule_past(version, verify, after_minutes, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5)`,
		is.Version, bit(is.Verify), is.minutes(), db.Millis(is.At), is.By); err != nil {
		return was, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "outage.rule-put", Kind: "rule", Data: map[string]string{"version": fmt.Sprint(is.Version),
		"old_verify": fmt.Sprint(bit(was.Verify)), "old_after_minutes": fmt.Sprint(was.minutes()), "verify": fmt.Sprint(bit(r.Verify)), "after_minutes": fmt.Sprint(r.minutes())}})
	return is, err
}
