package api

import (
	"net/http"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/line"
	"sapa/internal/staff"
)

// ruleJSON is when a line is in spec, in dBm, both ends included (SOP 5.2.10.j).
type ruleJSON struct {
	RxMin     float64 `json:"rx_min"`
	RxMax     float64 `json:"rx_max"`
	Version   int64   `json:"version"` // 0: the house's own
	ChangedBy string  `json:"changed_by,omitempty"`
	ChangedAt *string `json:"changed_at"`
}

type lineRuleJSON struct {
	ruleJSON
	Past []ruleJSON `json:"past"` // every rule that was in force, the latest first
}

func (a *API) shapeRule(tx *db.Tx, r line.Ruling) (ruleJSON, error) {
	j := ruleJSON{RxMin: r.RxMin, RxMax: r.RxMax, Version: r.Version, ChangedAt: stamp(r.At, a.Seat.Site)}
	if r.By == 0 {
		return j, nil
	}
	p, err := staff.Get(tx, r.By)
	if fault.Is(err, fault.Missing) {
		return j, nil
	}
	j.ChangedBy = p.Login
	return j, err
}

func (a *API) readLineRule(tx *db.Tx) (j lineRuleJSON, err error) {
	now, err := line.ReadRule(tx)
	if err != nil {
		return j, err
	}
	if j.ruleJSON, err = a.shapeRule(tx, now); err != nil {
		return j, err
	}
	past, err := line.PastRules(tx)
	if err != nil {
		return j, err
	}
	j.Past = []ruleJSON{}
	for _, r := range past {
		shaped, err := a.shapeRule(tx, r)
		if err != nil {
			return j, err
		}
		j.Past = append(j.Past, shaped)
	}
	return j, nil
}

func (a *API) lineRule(tx *db.Tx, r seen) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	return a.readLineRule(tx)
}

// putLineRule changes when a line is in spec, for the measurements to come. The version is the one that was read.
func (a *API) putLineRule(r seen, f *form) func(tx *db.Tx) (done, error) {
	low, high, version := f.decimal("rx_min"), f.decimal("rx_max"), f.neededVersion("version")
	for key, v := range map[string]*float64{"rx_min": low, "rx_max": high} {
		if v == nil {
			f.fail(fault.New(fault.Invalid, "api.needed"), f.node, key)
		}
	}
	return func(tx *db.Tx) (done, error) {
		if _, err := line.PutRule(tx, r.by, line.Rule{RxMin: *low, RxMax: *high}, version); err != nil {
			return done{}, err
		}
		j, err := a.readLineRule(tx)
		return done{http.StatusOK, j}, err
	}
}
