package tmf653_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"

	"sapa/internal/connector/tmf653"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/line"
	"sapa/internal/who"
)

const (
	no   = "152999000001"
	base = "/tmf-api/serviceTestManagement/v4"
)

// schemas reads TM Forum's own specification, which lies in test/tmf.
func schemas(t *testing.T) openapi3.Schemas {
	t.Helper()
	text, err := os.ReadFile("../../../test/tmf/TMF653-ServiceTest-v4.2.0.swagger.json")
	if err != nil {
		t.Fatal(err)
	}
	var old openapi2.T
	if err := json.Unmarshal(text, &old); err != nil {
		t.Fatal(err)
	}
	spec, err := openapi2conv.ToV3(&old)
	if err != nil {
		t.Fatal(err)
	}
	return spec.Components.Schemas
}

// simulator is an endpoint of our own; what it hears and what it says is held against the specification.
type simulator struct {
	t       *testing.T
	schemas openapi3.Schemas
	mu      sync.Mutex
	looks   int
	tests   map[string]string // id -> service
	// answer gives a test's state and measures at its nth look; body, when it is not empty, is said instead of a test.
	answer func(look int) (state, measures string)
	body   string
	status int
}

func (s *simulator) holds(schema string, body []byte) {
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		s.t.Errorf("%s: %v", schema, err)
		return
	}
	if err := s.schemas[schema].Value.VisitJSON(v); err != nil {
		s.t.Errorf("not a %s by TM Forum's specification: %v\n%s", schema, err, body)
	}
	if schema != "ServiceTest_Create" {
		return
	}
	for key := range v.(map[string]any) { // the specification lets more through than it names
		if s.schemas[schema].Value.Properties[key] == nil {
			s.t.Errorf("a ServiceTest_Create has no %s", key)
		}
	}
}

func (s *simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	say := func(status int, id, state, measures string) {
		if s.status != 0 {
			status = s.status
		}
		body := s.body
		if body == "" {
			body = fmt.Sprintf(`{"id":%q,"href":"http://198.51.100.7/not-followed/%s","name":"Line measurement","state":%q,"mode":"ON_DEMAND","startDateTime":"2026-11-23T09:00:00+07:00",
				"relatedService":{"id":%q},"testSpecification":{"id":"line-measurement"},"testMeasure":[%s]}`, id, id, state, s.tests[id], measures)
			s.holds("ServiceTest", []byte(body))
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
	id, look := strings.CutPrefix(r.URL.Path, base+"/serviceTest/")
	switch {
	case r.Method == "POST" && r.URL.Path == base+"/serviceTest":
		body, _ := io.ReadAll(r.Body)
		s.holds("ServiceTest_Create", body)
		var order struct {
			Service struct{ ID string } `json:"relatedService"`
		}
		_ = json.Unmarshal(body, &order)
		s.tests["uji/1"] = order.Service.ID
		say(201, "uji/1", "acknowledged", "")
	case r.Method == "GET" && look:
		s.looks++
		state, measures := s.answer(s.looks)
		say(200, id, state, measures)
	default:
		s.t.Errorf("%s %s", r.Method, r.URL)
		w.WriteHeader(404)
	}
}

func measured(metric, unit, value string) string {
	return fmt.Sprintf(`{"metricName":%q,"unitOfMeasure":%q,"captureDateTime":"2026-11-23T09:00:01+07:00","value":{"name":%q,"value":%s}}`, metric, unit, metric, value)
}

// at once is a clock on which every pause has passed.
func atOnce(time.Duration) (<-chan time.Time, func()) {
	c := make(chan time.Time, 1)
	c <- time.Time{}
	return c, func() {}
}

func begin(t *testing.T, answer func(look int) (string, string)) (*simulator, *tmf653.Source) {
	t.Helper()
	s := &simulator{t: t, schemas: schemas(t), tests: map[string]string{}, answer: answer}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	source, err := tmf653.New(tmf653.Config{Base: server.URL + base + "/", Specification: "line-measurement"}, server.Client(), atOnce)
	if err != nil {
		t.Fatal(err)
	}
	return s, source
}

// SOP 5.2.10.j: a ServiceTest is ordered, looked at until it is over, and judged as any other measurement; what is said and
// heard is TMF653. Lies become doubt by name; a test that failed, or is another line's, is a failure with its reason.
func TestAServiceTestMeasuresALine(t *testing.T) {
	for name, c := range map[string]struct {
		state, measures                  string
		verdict, failure, doubt, message string
		rx                               float64
	}{
		"in spec":            {"completed", measured("onuRxPower", "dBm", "-21.5") + "," + measured("fiberLength", "km", "2.31") + "," + measured("operStatus", "", `"online"`), line.Spec, "", "", "", -21.5},
		"out of spec":        {"completed", measured("onuRxPower", "", `"-27.6"`), line.Unspec, "", "", "", -27.6},
		"a light house":      {"completed", measured("onuRxPower", "dBm", "900"), line.Unspec, "", "onu_rx_pwr", "", 0},
		"another unit":       {"completed", measured("onuRxPower", "mW", "-21"), line.Unspec, "", "onu_rx_pwr", "", 0},
		"no number":          {"completed", measured("onuRxPower", "dBm", `"terang"`), line.Unspec, "", "onu_rx_pwr", "", 0},
		"a list":             {"completed", measured("onuRxPower", "dBm", `[-21]`), line.Unspec, "", "onu_rx_pwr", "", 0},
		"two that differ":    {"completed", measured("onuRxPower", "dBm", "-21") + "," + measured("onuRxPower", "dBm", "-27"), line.Unspec, "", "onu_rx_pwr", "", 0},
		"two that agree":     {"completed", measured("onuRxPower", "dBm", "-21") + "," + measured("onuRxPower", "dBm", "-21"), line.Spec, "", "", "", -21},
		"captured last week": {"completed", strings.Replace(measured("onuRxPower", "dBm", "-21"), "11-23T09:00:01", "11-16T09:00:01", 1), line.Unspec, "", "onu_rx_pwr", "", 0},
		"failed":             {"failed", "", line.Failed, "refused", "", "test failed", 0},
		"rejected":           {"rejected", measured("onuRxPower", "dBm", "-21"), line.Failed, "refused", "", "test rejected", 0},
	} {
		t.Run(name, func(t *testing.T) {
			simulator, source := begin(t, func(look int) (string, string) {
				if look < 3 {
					return "inProgress", measured("onuRxPower", "dBm", "-1") // not over: not read
				}
				return c.state, c.measures
			})
			store, _ := dbtest.SQLite(t)
			if err := store.Write(t.Context(), func(tx *db.Tx) error {
				return line.PutLine(tx, line.Line{ServiceNo: no, STO: "MLG", Technology: line.Fibre})
			}); err != nil {
				t.Fatal(err)
			}
			m, err := line.NewMeter(store, source, "tmf653").Measure(t.Context(), who.Actor{ID: 7, Role: who.Agent}, no)
			if err != nil || m.Verdict != c.verdict || m.Failure != c.failure || m.Doubt != c.doubt || m.Message != c.message || (m.OnuRxPwr == nil) != (c.rx == 0) ||
				m.OnuRxPwr != nil && *m.OnuRxPwr != c.rx || simulator.looks != 3 {
				t.Errorf("%v, %d looks: %+v", err, simulator.looks, m)
			}
			if name == "in spec" && (m.FiberLength == nil || *m.FiberLength != 2310 || m.OperStatus != "online" || m.MeasureID != "uji/1") {
				t.Errorf("%+v", m)
			}
		})
	}
}

func TestAnotherLinesTestIsNotBelieved(t *testing.T) {
	s, source := begin(t, nil)
	s.answer = func(int) (string, string) {
		s.tests["uji/1"] = "152999000099"
		return "completed", measured("onuRxPower", "dBm", "-21")
	}
	r, err := source.Measure(t.Context(), line.Line{ServiceNo: no})
	if err != nil || r.OnuRxPwr != nil || r.Message != "the test is another line's" {
		t.Errorf("%+v %v", r, err)
	}
}

// SOP 5.2.10.j: a test that never ends, an endpoint that hangs: the asker's patience ends both.
func TestATestWithoutEndIsNotWaitedFor(t *testing.T) {
	_, source := begin(t, func(int) (string, string) { return "inProgress", "" })
	source.After = func(time.Duration) (<-chan time.Time, func()) { return nil, func() {} } // a pause that never passes
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if r, err := source.Measure(ctx, line.Line{ServiceNo: no}); err == nil || r != (line.Reading{}) {
		t.Errorf("%+v %v", r, err)
	}
	hang := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	defer server.Close()
	defer close(hang)
	silent, err := tmf653.New(tmf653.Config{Base: server.URL, Specification: "x"}, server.Client(), atOnce)
	if err != nil {
		t.Fatal(err)
	}
	short, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if r, err := silent.Measure(short, line.Line{ServiceNo: no}); err == nil || r != (line.Reading{}) {
		t.Errorf("%+v %v", r, err)
	}
}

func TestAnAnswerThatCannotBeReadIsAnError(t *testing.T) {
	for name, change := range map[string]func(s *simulator){
		"refused":      func(s *simulator) { s.status = 403 },
		"no JSON":      func(s *simulator) { s.body = "<html>" },
		"no id":        func(s *simulator) { s.body = `{"state":"completed"}` },
		"no end":       func(s *simulator) { s.body = `{"id":"` + strings.Repeat("x", 1<<20) + `"}` },
		"a status":     func(s *simulator) { s.status = 202 },
		"a wrong type": func(s *simulator) { s.body = `{"id":7}` },
	} {
		s, source := begin(t, func(int) (string, string) { return "completed", "" })
		change(s)
		if r, err := source.Measure(t.Context(), line.Line{ServiceNo: no}); err == nil || r != (line.Reading{}) {
			t.Errorf("%s: %+v %v", name, r, err)
		}
	}
}

func TestAnEndpointIsCheckedAtOnce(t *testing.T) {
	for name, c := range map[string]tmf653.Config{"no address": {Base: "kantor", Specification: "x"}, "a file": {Base: "file:///etc", Specification: "x"},
		"no specification": {Base: "https://tmf.example"}, "no such field": {Base: "https://tmf.example", Specification: "x", Metrics: map[string]string{"rx": "daya"}}} {
		if _, err := tmf653.New(c, http.DefaultClient, atOnce); err == nil {
			t.Errorf("%s is fine", name)
		}
	}
}
