package sim_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"sapa/test/tmfsim/sim"
)

func open(t *testing.T) (*sim.Sim, string) {
	t.Helper()
	s, err := sim.New()
	if err != nil {
		t.Fatal(err)
	}
	return s, s.ServeOpen(t)
}

func ask(t *testing.T, method, where, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequest(method, where, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// The invented world is held against the specifications as it is made.
func TestTheWorldFitsTheSpecifications(t *testing.T) {
	s, where := open(t)
	s.Fill(24)
	s.Tickets(24)
	for _, resource := range []string{"customer", "individual", "service", "customerBill", "payment", "productOrder", "troubleTicket"} {
		if status, text := ask(t, "GET", where+s.Mount(resource)+"/"+resource+"?limit=7", ""); status != 200 || !strings.Contains(text, "ekaan") {
			t.Errorf("%s: %d %s", resource, status, text)
		}
	}
	for _, p := range s.Problems() {
		t.Error(p)
	}
}

// A planted wrong answer is caught, whatever is wrong with it; so is a request that sapa should not have made.
func TestWhatDoesNotFitIsCaught(t *testing.T) {
	for name, c := range map[string]struct {
		twist func(o map[string]any)
		want  string
	}{
		"no such status":       {func(o map[string]any) { o["status"] = "selesai" }, "status"},
		"date without zone":    {func(o map[string]any) { o["creationDate"] = "2026-11-23 09:00" }, "date-time"},
		"text for a list":      {func(o map[string]any) { o["note"] = "catatan" }, "array"},
		"misspelt":             {func(o map[string]any) { o["statusReason"] = "x" }, "unknown attribute statusReason"},
		"reference incomplete": {func(o map[string]any) { o["relatedParty"] = []any{map[string]any{"id": "1"}} }, "@referredType"},
	} {
		s, where := open(t)
		s.Tickets(1)
		s.Twist = func(_ string, answer any) any { c.twist(answer.(map[string]any)); return answer }
		ask(t, "GET", where+s.Mount("troubleTicket")+"/troubleTicket/IN60000001", "")
		if got := strings.Join(s.Problems(), "\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	for name, c := range map[string]struct{ method, path, body, want string }{
		"no severity":     {"POST", "/troubleTicket", `{"description":"x","ticketType":"internet"}`, "severity"},
		"unknown":         {"POST", "/troubleTicket", `{"description":"x","ticketType":"internet","severity":"Hard","jastel":"1"}`, "jastel"},
		"limit as a word": {"GET", "/troubleTicket?limit=banyak", "", "limit"},
		"no such path":    {"GET", "/tiket", "", "/tiket"},
		"null":            {"PATCH", "/troubleTicket/IN60000001", `{"status":null}`, "status"},
	} {
		s, where := open(t)
		s.Tickets(1)
		ask(t, c.method, where+s.Mount("troubleTicket")+c.path, c.body)
		if got := strings.Join(s.Problems(), "\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// A line is measured (TMF653) as the specification has it.
func TestALineIsMeasured(t *testing.T) {
	s, where := open(t)
	status, text := ask(t, "POST", where+s.Mount("serviceTest")+"/serviceTest", `{"name":"ukur","relatedService":{"id":"141000000001"},"testSpecification":{"id":"line"},"mode":"ONDEMAND"}`)
	if status != 201 || !strings.Contains(text, "-19.5") {
		t.Errorf("%d %s", status, text)
	}
	if status, text = ask(t, "GET", where+s.Mount("serviceTest")+"/serviceTest/serviceTest-000001", ""); status != 200 || !strings.Contains(text, "completed") {
		t.Errorf("%d %s", status, text)
	}
	for _, p := range s.Problems() {
		t.Error(p)
	}
}
