// Package tmf653 measures lines by a TM Forum ServiceTest endpoint (TMF653 v4), as a line.Source: it asks for a test, looks
// until the test is over, and reads its measures (SOP 5.2.10.j). It keeps nothing, follows no address that an answer names,
// and has no patience of its own: the asker's context ends it.
package tmf653

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"sapa/internal/line"
)

// Config is how a site's endpoint is asked.
type Config struct {
	Base          string            `yaml:"base"`          // https://host/tmf-api/serviceTestManagement/v4
	Specification string            `yaml:"specification"` // id of the test to run
	Metrics       map[string]string `yaml:"metrics"`       // metricName of theirs: field of a reading; none: Metrics
}

// Metrics are the names of measures as sapa's own simulator has them.
var Metrics = map[string]string{"onuRxPower": "onu_rx_pwr", "onuTxPower": "onu_tx_pwr", "oltRxPower": "olt_rx_pwr", "oltTxPower": "olt_tx_pwr",
	"fiberLength": "fiber_length", "operStatus": "oper_status", "networkStatus": "status_jaringan"}

// Source asks the endpoint.
type Source struct {
	Config
	HTTP  *http.Client                                             // the one way out; it also signs the requests
	After func(d time.Duration) (at <-chan time.Time, stop func()) // the clock
}

const (
	mostAnswer = 1 << 20 // bytes of an answer
	staleBy    = 5 * time.Minute
)

// pauses lie between looks; the last one repeats.
var pauses = []time.Duration{200 * time.Millisecond, 300 * time.Millisecond, 500 * time.Millisecond, time.Second}

// New makes a source; a base that is no address is refused at once.
func New(c Config, client *http.Client, after func(time.Duration) (<-chan time.Time, func())) (*Source, error) {
	u, err := url.Parse(c.Base)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("tmf653: base %q is no address", c.Base)
	}
	if c.Specification == "" {
		return nil, errors.New("tmf653: specification is needed: the id of the test to run")
	}
	if c.Base = strings.TrimRight(c.Base, "/"); len(c.Metrics) == 0 {
		c.Metrics = Metrics
	}
	for name, field := range c.Metrics {
		var r line.Reading
		if power(&r, field) == nil && text(&r, field) == nil {
			return nil, fmt.Errorf("tmf653: metric %s: a reading has no %q", name, field)
		}
	}
	return &Source{c, client, after}, nil
}

type reference struct {
	ID       string `json:"id"`
	Referred string `json:"@referredType,omitempty"`
}

// order is a ServiceTest_Create.
type order struct {
	Name          string    `json:"name"`
	Mode          string    `json:"mode"`
	Service       reference `json:"relatedService"`
	Specification reference `json:"testSpecification"`
}

// test is a ServiceTest as far as it is read.
type test struct {
	ID       string     `json:"id"`
	State    string     `json:"state"`
	Said     string     `json:"description"`
	Began    *time.Time `json:"startDateTime"`
	Service  *reference `json:"relatedService"`
	Measures []measure  `json:"testMeasure"`
}

type measure struct {
	Metric   string     `json:"metricName"`
	Unit     string     `json:"unitOfMeasure"`
	Captured *time.Time `json:"captureDateTime"`
	Value    *struct {
		Value any `json:"value"`
	} `json:"value"`
}

// Measure runs the test on a line. A test that failed, or that is another line's, is a reading with a message and without a
// power; an error means that no answer was heard that can be read.
func (s *Source) Measure(ctx context.Context, l line.Line) (line.Reading, error) {
	body, err := json.Marshal(order{"Line measurement", "ON_DEMAND", reference{l.ServiceNo, "Service"}, reference{s.Specification, "ServiceTestSpecification"}})
	if err != nil {
		return line.Reading{}, err
	}
	t, err := s.call(ctx, http.MethodPost, s.Base+"/serviceTest", body, http.StatusCreated)
	if err != nil {
		return line.Reading{}, fmt.Errorf("order a test: %w", err)
	}
	if t.ID == "" {
		return line.Reading{}, errors.New("order a test: the answer names none")
	}
	id := t.ID
	for look := 0; !over(t.State); look++ {
		at, stop := s.After(pauses[min(look, len(pauses)-1)])
		select {
		case <-at:
		case <-ctx.Done():
			stop()
			return line.Reading{}, ctx.Err()
		}
		if t, err = s.call(ctx, http.MethodGet, s.Base+"/serviceTest/"+url.PathEscape(id), nil, http.StatusOK); err != nil {
			return line.Reading{}, fmt.Errorf("look at a test: %w", err)
		}
	}
	switch {
	case t.ID != id, t.Service == nil || t.Service.ID != l.ServiceNo:
		return line.Reading{MeasureID: id, Message: "the test is another line's"}, nil
	case !strings.EqualFold(t.State, "completed"):
		return line.Reading{MeasureID: id, Message: strings.TrimSpace("test " + t.State + " " + t.Said)}, nil
	}
	return s.read(t), nil
}

// over tells whether a test has ended; what is not known has not, and the asker's patience ends it.
func over(state string) bool {
	switch strings.ToLower(state) {
	case "completed", "failed", "rejected", "cancelled", "terminatedwitherror":
		return true
	}
	return false
}

func (s *Source) call(ctx context.Context, method, address string, body []byte, want int) (t test, err error) {
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return t, err
	}
	r.Header.Set("Accept", "application/json")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := s.HTTP.Do(r)
	if err != nil {
		return t, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != want {
		return t, fmt.Errorf("status %d", answer.StatusCode)
	}
	said, err := io.ReadAll(io.LimitReader(answer.Body, mostAnswer+1))
	if err != nil {
		return t, err
	}
	if len(said) > mostAnswer {
		return t, errors.New("an answer without end")
	}
	return t, json.Unmarshal(said, &t)
}

// read takes the measures out of a test. One that is no number, has another unit, was captured before the test began or
// contradicts another is NaN: the measurement records it as doubt.
func (s *Source) read(t test) line.Reading {
	r, seen := line.Reading{MeasureID: t.ID}, map[string]float64{}
	for _, m := range t.Measures {
		field := s.Metrics[m.Metric]
		if field == "" || m.Value == nil || m.Value.Value == nil {
			continue
		}
		if to := text(&r, field); to != nil {
			*to, _ = m.Value.Value.(string)
			continue
		}
		v := m.number(field)
		if t.Began != nil && m.Captured != nil && m.Captured.Before(t.Began.Add(-staleBy)) {
			v = math.NaN()
		}
		if was, twice := seen[field]; twice && was != v {
			v = math.NaN()
		}
		seen[field] = v
		*power(&r, field) = &v
	}
	return r
}

func (m measure) number(field string) float64 {
	var v float64
	switch value := m.Value.Value.(type) {
	case float64:
		v = value
	case string:
		n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil {
			return math.NaN()
		}
		v = n
	default:
		return math.NaN()
	}
	unit := strings.ToLower(m.Unit)
	switch {
	case field == "fiber_length" && unit == "km":
		return v * 1000
	case field == "fiber_length" && (unit == "" || unit == "m"), field != "fiber_length" && (unit == "" || unit == "dbm"):
		return v
	}
	return math.NaN()
}

func power(r *line.Reading, field string) **float64 {
	return map[string]**float64{"onu_rx_pwr": &r.OnuRxPwr, "onu_tx_pwr": &r.OnuTxPwr, "olt_rx_pwr": &r.OltRxPwr, "olt_tx_pwr": &r.OltTxPwr,
		"fiber_length": &r.FiberLength}[field]
}

func text(r *line.Reading, field string) *string {
	return map[string]*string{"oper_status": &r.OperStatus, "status_jaringan": &r.Network, "status_cpe": &r.StatusCPE, "hostname": &r.Hostname}[field]
}
