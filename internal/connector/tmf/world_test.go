package tmf_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"sapa/internal/connector/tmf"
	"sapa/test/tmfsim/sim"
)

// world is a simulator of outside systems and a way to it.
type world struct {
	t *testing.T
	*sim.Sim
	where string
	wait  time.Duration
}

func simulated(t *testing.T) *world {
	t.Helper()
	s, err := sim.New()
	if err != nil {
		t.Fatal(err)
	}
	return &world{t: t, Sim: s, where: s.Serve(t), wait: 10 * time.Second}
}

func at(hour, minute int) time.Time {
	return time.Date(2026, 11, 23, hour, minute, 0, 0, time.FixedZone("WIB", 7*60*60))
}

// api opens the API of a resource as internal/egress would hand it over: a client of its own.
func (w *world) api(resource string) *tmf.API {
	w.t.Helper()
	return openAPI(w.t, w.where+w.Mount(resource), w.wait)
}

func openAPI(t *testing.T, root string, wait time.Duration) *tmf.API {
	t.Helper()
	way := &http.Transport{DialContext: (&net.Dialer{}).DialContext}
	t.Cleanup(way.CloseIdleConnections)
	a, err := tmf.Open(tmf.Parts{HTTP: &http.Client{Transport: way}, Root: root, Wait: wait, Clock: func() time.Time { return at(9, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (w *world) tickets() tmf.Tickets { return tmf.Tickets{API: w.api("troubleTicket")} }

var ctx = context.Background()

func answer(text []byte) *http.Response {
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(text))}
}
