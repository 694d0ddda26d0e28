package api

import (
	"context"
	"net/http"
	"strings"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/line"
	"sapa/internal/phone"
	"sapa/internal/phrase"
	"sapa/internal/trouble"
)

// measurementJSON is one measurement of a line (SOP 5.2.10.j).
type measurementJSON struct {
	ID         db.ID        `json:"id"`
	ServiceNo  string       `json:"service_no"`
	OnuRxPwr   *float64     `json:"onu_rx_pwr"` // null: not measured
	Verdict    string       `json:"verdict"`
	Class      *string      `json:"class"`             // null: nothing is known of it
	Failure    string       `json:"failure,omitempty"` // why there is no answer
	Detail     string       `json:"detail,omitempty"`  // the same, as a sentence
	Doubt      string       `json:"doubt,omitempty"`   // fields left out because nothing can have such values
	Reading    line.Reading `json:"reading"`
	MeasuredAt *string      `json:"measured_at"`
	Source     string       `json:"source"`
	Passed     []passedJSON `json:"passed,omitempty"`
}

// passedJSON is a source that was asked before and could not say.
type passedJSON struct {
	Source  string `json:"source"`
	Failure string `json:"failure"`
	Detail  string `json:"detail"`
}

func (a *API) measurement(m line.Measurement, lang phrase.Lang) measurementJSON {
	j := measurementJSON{ID: m.ID, ServiceNo: m.ServiceNo, OnuRxPwr: m.OnuRxPwr, Verdict: m.Verdict, Failure: m.Failure, Doubt: m.Doubt,
		Reading: m.Reading, MeasuredAt: stamp(m.MeasuredAt, a.Seat.Site), Source: m.Source}
	if m.Class != "" {
		j.Class = &m.Class
	}
	for _, p := range m.Passed {
		j.Passed = append(j.Passed, passedJSON{p.Source, p.Failure, phrase.Say(lang, "line.failure."+p.Failure)})
	}
	if m.Failure != "" {
		j.Detail = phrase.Say(lang, "line.failure."+m.Failure)
	}
	return j
}

func (a *API) measuredFor(tx *db.Tx, r seen, t trouble.Ticket) (*measurementJSON, error) {
	if t.Measurement == 0 {
		return nil, nil
	}
	m, err := line.Get(tx, t.Measurement)
	if fault.Is(err, fault.Missing) {
		return nil, nil
	}
	j := a.measurement(m, r.lang())
	return &j, err
}

// serviceNo reads the service number of the path.
func (r seen) serviceNo() (string, error) {
	no, _, err := phone.ParseService(r.PathValue("service_no"))
	return string(no), at(err, "service_no")
}

// measure asks the meter first, outside of any transaction, and keeps what it said with the answer to the key: a call that
// is repeated leaves one measurement.
func (a *API) measure(r seen, _ *form) (prepare, func(tx *db.Tx) (done, error)) {
	var answer line.Answer
	return func(ctx context.Context) error {
			no, err := r.serviceNo()
			if err == nil {
				answer, err = a.Meter.Ask(ctx, no)
			}
			return err
		}, func(tx *db.Tx) (done, error) {
			m, err := answer.Keep(tx, r.by)
			return done{http.StatusCreated, a.measurement(m, r.lang())}, err
		}
}

type measurementsJSON struct {
	Measurements []measurementJSON `json:"measurements"`
	Next         *db.ID            `json:"next"` // null: these were the oldest
}

func (a *API) measurements(tx *db.Tx, r seen) (any, error) {
	q, err := query(r, "after", "limit")
	if err != nil {
		return nil, err
	}
	no, err := r.serviceNo()
	if err != nil {
		return nil, err
	}
	after, limit, err := paging(q)
	if err != nil {
		return nil, err
	}
	found, next, err := line.Page(tx, no, after, limit)
	j := measurementsJSON{Measurements: []measurementJSON{}}
	if next != 0 {
		j.Next = &next
	}
	for _, m := range found {
		j.Measurements = append(j.Measurements, a.measurement(m, r.lang()))
	}
	return j, err
}

type lineJSON struct {
	ServiceNo  string        `json:"service_no"`
	STO        string        `json:"sto"`
	ODC        string        `json:"odc"`
	ODP        string        `json:"odp"`
	OLT        string        `json:"olt"`
	Realm      string        `json:"realm"`
	Technology string        `json:"technology"`
	Reading    *line.Reading `json:"reading,omitempty"`
}

// putLine keeps a row of the recorded table: where a number ends in the network, and what a measurement of it answers.
func (a *API) putLine(r seen, f *form) func(tx *db.Tx) (done, error) {
	l := line.Line{STO: f.text("sto", longCode), ODC: f.text("odc", longCode), ODP: f.text("odp", longCode), OLT: f.text("olt", longCode),
		Realm: f.text("realm", longCode), Technology: f.text("technology", longCode)}
	if l.Technology == "" {
		l.Technology = line.Fibre
	}
	var reading *line.Reading
	if f.get("reading", "object") != nil {
		reading = readingOf(f.inner("reading"))
	}
	return func(tx *db.Tx) (done, error) {
		var err error
		if l.ServiceNo, err = r.serviceNo(); err != nil {
			return done{}, err
		}
		if err := line.Put(tx, r.by, l, reading); err != nil {
			return done{}, at(err, "service_no")
		}
		return done{http.StatusOK, lineJSON{l.ServiceNo, l.STO, l.ODC, l.ODP, l.OLT, l.Realm, l.Technology, reading}}, nil
	}
}

func readingOf(f *form) *line.Reading {
	v := &line.Reading{OnuRxPwr: f.decimal("onu_rx_pwr"), OnuTxPwr: f.decimal("onu_tx_pwr"), OltRxPwr: f.decimal("olt_rx_pwr"),
		OltTxPwr: f.decimal("olt_tx_pwr"), FiberLength: f.decimal("fiber_length")}
	for key, to := range map[string]*string{"oper_status": &v.OperStatus, "status_jaringan": &v.Network, "identifier": &v.Identifier,
		"id_ukur": &v.MeasureID, "nas_ip": &v.NasIP, "hostname": &v.Hostname, "clid": &v.ClID, "status_cpe": &v.StatusCPE,
		"session_start": &v.SessionStart, "message": &v.Message} {
		*to = strings.TrimSpace(f.text(key, 200))
	}
	f.unknown()
	return v
}
