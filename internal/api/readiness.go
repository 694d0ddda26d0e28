package api

import "sapa/internal/db"

type applicationJSON struct {
	Clause    string `json:"clause"`
	ID        string `json:"id"`
	Name      string `json:"name"`
	Mode      string `json:"mode"`
	State     string `json:"state"`
	LatencyMS *int64 `json:"latency_ms"` // null: there is nothing to ask yet
	Required  bool   `json:"required"`
}

type readinessJSON struct {
	Applications []applicationJSON `json:"applications"`
}

// readiness says which applications of SOP 5.1 are ready; a room that is not built says so. All are native but
// e-mail, when letters leave by a mail server.
func (a *API) readiness(tx *db.Tx, r seen) (any, error) {
	all, err := a.Seat.Readiness(tx, r.by)
	if err != nil {
		return nil, err
	}
	j := readinessJSON{Applications: []applicationJSON{}}
	for _, one := range all {
		row := applicationJSON{Clause: one.Clause, ID: one.ID, Name: one.Name, Mode: "native", State: one.State, Required: one.Required}
		if one.Connected {
			row.Mode = "connected"
		}
		if one.State != "not-built" {
			ms := one.Latency.Milliseconds()
			row.LatencyMS = &ms
		}
		j.Applications = append(j.Applications, row)
	}
	return j, nil
}
