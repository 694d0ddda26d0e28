package api

import (
	"net/http"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/lead"
	"sapa/internal/outage"
	"sapa/internal/staff"
)

// ruledJSON says who set a rule when.
type ruledJSON struct {
	Version   int64   `json:"version"` // 0: the house's own
	ChangedBy string  `json:"changed_by,omitempty"`
	ChangedAt *string `json:"changed_at"`
}

func (a *API) ruled(tx *db.Tx, version int64, by db.ID, at time.Time) (ruledJSON, error) {
	j := ruledJSON{Version: version, ChangedAt: stamp(at, a.Seat.Site)}
	if by == 0 {
		return j, nil
	}
	p, err := staff.Get(tx, by)
	if fault.Is(err, fault.Missing) {
		return j, nil
	}
	j.ChangedBy = p.Login
	return j, err
}

// verifyJSON is whether who reported is called once an outage is over, and after how long an outage.
type verifyJSON struct {
	Verify       string `json:"verify"` // yes or no
	AfterMinutes int    `json:"after_minutes"`
	ruledJSON
}

type outageRuleJSON struct {
	verifyJSON
	Past []verifyJSON `json:"past"` // every rule that was in force, the latest first
}

func (a *API) readOutageRule(tx *db.Tx) (j outageRuleJSON, err error) {
	now, err := outage.ReadRule(tx)
	if err != nil {
		return j, err
	}
	past, err := outage.PastRules(tx)
	if err != nil {
		return j, err
	}
	j.Past = []verifyJSON{}
	for i, r := range append([]outage.Ruling{now}, past...) {
		told, err := a.ruled(tx, r.Version, r.By, r.At)
		if err != nil {
			return j, err
		}
		one := verifyJSON{map[bool]string{true: "yes", false: "no"}[r.Verify], int(r.After / time.Minute), told}
		if i == 0 {
			j.verifyJSON = one
			continue
		}
		j.Past = append(j.Past, one)
	}
	return j, nil
}

func (a *API) outageRule(tx *db.Tx, r seen) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	return a.readOutageRule(tx)
}

// putOutageRule says whether who reported is called once an outage is over, and after how long an outage. The version is the
// one that was read.
func (a *API) putOutageRule(r seen, f *form) func(tx *db.Tx) (done, error) {
	verify, after, version := f.yesNo("verify"), f.whole("after_minutes", 0, 10080), f.neededVersion("version")
	if verify != "yes" && verify != "no" {
		f.fail(fault.New(fault.Invalid, "api.needed"), f.node, "verify")
	}
	return func(tx *db.Tx) (done, error) {
		if _, err := lead.SetOutageRule(tx, r.by, outage.Rule{Verify: verify == "yes", After: time.Duration(after) * time.Minute}, version); err != nil {
			return done{}, err
		}
		kept, err := a.readOutageRule(tx)
		return done{http.StatusOK, kept}, err
	}
}

// graceJSON is how many days past its date an unpaid bill becomes a warning of isolir (SOP 5.1.2).
type graceJSON struct {
	GraceDays int `json:"grace_days"`
	ruledJSON
}

type isolirRuleJSON struct {
	graceJSON
	Past []graceJSON `json:"past"` // every rule that was in force, the latest first
}

func (a *API) readIsolirRule(tx *db.Tx) (j isolirRuleJSON, err error) {
	now, err := customer.ReadRule(tx)
	if err != nil {
		return j, err
	}
	past, err := customer.PastRules(tx)
	if err != nil {
		return j, err
	}
	j.Past = []graceJSON{}
	for i, r := range append([]customer.Ruling{now}, past...) {
		told, err := a.ruled(tx, r.Version, r.By, r.At)
		if err != nil {
			return j, err
		}
		if i == 0 {
			j.graceJSON = graceJSON{r.GraceDays, told}
			continue
		}
		j.Past = append(j.Past, graceJSON{r.GraceDays, told})
	}
	return j, nil
}

func (a *API) isolirRule(tx *db.Tx, r seen) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	return a.readIsolirRule(tx)
}

// putIsolirRule changes how long an unpaid bill may stand before it is a warning. The version is the one that was read.
func (a *API) putIsolirRule(r seen, f *form) func(tx *db.Tx) (done, error) {
	days, version := f.whole("grace_days", 0, 365), f.neededVersion("version")
	if f.get("grace_days", "number") == nil {
		f.fail(fault.New(fault.Invalid, "api.needed"), f.node, "grace_days")
	}
	return func(tx *db.Tx) (done, error) {
		if _, err := customer.PutRule(tx, r.by, days, version); err != nil {
			return done{}, err
		}
		kept, err := a.readIsolirRule(tx)
		return done{http.StatusOK, kept}, err
	}
}
