package api

import (
	"net/http"

	"sapa/internal/db"
)

type applicationJSON struct {
	Clause    string  `json:"clause"`
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	Mode      string  `json:"mode"`
	State     string  `json:"state"`
	LatencyMS *int64  `json:"latency_ms"` // null: there is nothing to ask yet
	Since     *string `json:"since"`      // in this state; null: not known
	Why       string  `json:"why"`        // what is wrong with its outside system; empty: nothing, or it has none
	Behind    int     `json:"behind,omitempty"`
	Out       int     `json:"out,omitempty"`
	Required  bool    `json:"required"`
}

type readinessJSON struct {
	Applications []applicationJSON `json:"applications"`
}

// readiness says which applications of SOP 5.1 are ready; a room that is not built says so. Native are those without a
// connector; e-mail is connected when letters leave by a mail server.
func (a *API) readiness(tx *db.Tx, r seen) (any, error) {
	all, err := a.Seat.Readiness(tx, r.by)
	if err != nil {
		return nil, err
	}
	j := readinessJSON{Applications: []applicationJSON{}}
	for _, one := range all {
		row := applicationJSON{Clause: one.Clause, ID: one.ID, Name: one.Name, Mode: "native", State: one.State, Since: stamp(one.Since, a.Seat.Site), Why: one.Why, Behind: one.Behind, Out: one.Out, Required: one.Required}
		if one.Connected {
			row.Mode = "connected"
		}
		if one.Asked() {
			ms := one.Latency.Milliseconds()
			row.LatencyMS = &ms
		}
		j.Applications = append(j.Applications, row)
	}
	return j, nil
}

// askAgain has the outside systems asked: it leaves a wish that the probes find, and waits for none of them.
func (a *API) askAgain(r seen, _ *form) func(tx *db.Tx) (done, error) {
	return func(*db.Tx) (done, error) { return done{http.StatusAccepted, struct{}{}}, a.Seat.AskAgain(r.by) }
}
