package customer

import (
	"fmt"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// Ruling is how many days past its date an unpaid bill becomes a warning of isolir, with who set it when. Version 0, By 0 and
// no time is the house's own.
type Ruling struct {
	GraceDays int
	Version   int64
	By        db.ID
	At        time.Time
}

// ReadRule reads the isolir rule in force, with who set it.
func ReadRule(tx *db.Tx) (Ruling, error) {
	return ruling(tx.Row(`SELECT grace_days, version, changed_by, changed_at FROM isolir_rule WHERE id = 1`))
}

// PastRules lists every isolir rule that was in force here, the latest first, at most 50.
func PastRules(tx *db.Tx) (all []Ruling, err error) {
	err = tx.Each(`SELECT grace_days, version, changed_by, changed_at FROM isolir_rule_past ORDER BY version DESC LIMIT 50`, nil, func(s db.Scanner) error {
		r, err := ruling(s)
		all = append(all, r)
		return err
	})
	return all, err
}

func ruling(s db.Scanner) (r Ruling, err error) {
	var at int64
	err = s.Scan(&r.GraceDays, &r.Version, &r.By, &at)
	r.At = db.Time(at)
	return r, err
}

// PutRule changes the isolir rule, which counts from the next look at a customer on. version is the one that was read:
// Conflict "customer.rule-changed" when another came first. The same days again change nothing.
func PutRule(tx *db.Tx, by who.Actor, days int, version int64) (Ruling, error) {
	was, err := ReadRule(tx)
	if err != nil {
		return was, err
	}
	switch {
	case days < 0 || days > 365:
		return was, fault.New(fault.Invalid, "customer.grace").At("grace_days", "5.1.2")
	case was.Version != version:
		return was, fault.New(fault.Conflict, "customer.rule-changed").At("version", "")
	case was.GraceDays == days:
		return was, nil
	}
	is := Ruling{days, version + 1, db.ID(by.ID), tx.Now}
	if _, err := tx.Exec(`UPDATE isolir_rule SET grace_days = $1, version = $2, changed_at = $3, changed_by = $4 WHERE id = 1`,
		is.GraceDays, is.Version, db.Millis(is.At), is.By); err != nil {
		return was, err
	}
	if _, err := tx.Exec(`INSERT INTO isolir_rule_past(version, grace_days, changed_at, changed_by) VALUES ($1, $2, $3, $4)`,
		is.Version, is.GraceDays, db.Millis(is.At), is.By); err != nil {
		return was, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "isolir.rule-put", Kind: "rule", Data: map[string]string{"version": fmt.Sprint(is.Version),
		"old_grace_days": fmt.Sprint(was.GraceDays), "grace_days": fmt.Sprint(days)}})
	return is, err
}
