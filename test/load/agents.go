package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

func newHTTP(callers int) *http.Client {
	return &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConns: callers, MaxIdleConnsPerHost: callers}}
}

// client speaks the contract.
type client struct {
	base string
	http *http.Client
}

var keyed = strconv.FormatUint(rand.Uint64(), 36)

// post sends one unsafe call under a key of its own.
func (c *client) post(ctx context.Context, token, path string, body, into any) error {
	text := []byte("{}")
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return err
		}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Idempotency-Key", keyed+strconv.FormatUint(rand.Uint64(), 36))
	answer, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode == http.StatusNoContent {
		return errNothingWaits
	}
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("%s: %s: %s", path, answer.Status, said)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(said, into)
}

var errNothingWaits = fmt.Errorf("nothing waits any more: fill a store anew")

// results of an attempt that reached the reporter, by campaign.
var results = map[string]map[string]string{
	"callback":    {"receiver": "reporter", "data_check": "yes", "guided": "berhasil", "status": "contacted", "reason_call": "internet-mati", "solution": "selesai-dipandu", "remarks": "Dipandu, normal kembali."},
	"fresh-lapul": {"receiver": "reporter", "status": "contacted", "reason_1": "sukses", "reason_2": "paham", "remarks": "Sudah dijelaskan, paham."},
}

// figures are the acts of all agents.
type figures struct {
	mu                 sync.Mutex
	next, told, finish timings
}

func (f *figures) add(to *timings, took time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	to.all = append(to.all, took)
}

// hand is the ticket that an agent holds; without one its id is "".
type hand struct {
	Ticket struct{ ID, Campaign string }
	Lease  struct{ Token string }
}

func (h hand) path(act string) string { return "/api/v1/tickets/" + h.Ticket.ID + "/" + act }

// cycle is one turn of one agent: next, what the line did, finish.
func (c *client) cycle(ctx context.Context, token string, f *figures) error {
	h, err := c.take(ctx, token, f)
	if err != nil {
		return err
	}
	return c.file(ctx, token, h, f)
}

// take is the first half of a turn: next, and what the line did.
func (c *client) take(ctx context.Context, token string, f *figures) (h hand, err error) {
	start := time.Now()
	if err := c.post(ctx, token, "/api/v1/work/next", nil, &h); err != nil {
		return hand{}, err
	}
	claimed := time.Now()
	if err := c.post(ctx, token, h.path("attempts"), map[string]any{"lease": h.Lease.Token, "line": "answered", "ring_s": 8, "talk_s": 95}, nil); err != nil {
		return hand{}, err
	}
	f.add(&f.next, claimed.Sub(start))
	f.add(&f.told, time.Since(claimed))
	return h, nil
}

// file is the second: finish.
func (c *client) file(ctx context.Context, token string, h hand, f *figures) error {
	told := time.Now()
	if err := c.post(ctx, token, h.path("finish"), map[string]any{"lease": h.Lease.Token, "answers": results[h.Ticket.Campaign]}, nil); err != nil {
		return err
	}
	f.add(&f.finish, time.Since(told))
	return nil
}

// flatOut lets agents turn after turn without a breath; it finds the ceiling.
func (b *bench) flatOut(ctx context.Context, base string, agents int) (*figures, timings, error) {
	c, f := &client{base, newHTTP(agents)}, &figures{}
	t, err := together(agents, b.seconds, func(i int) error { return c.cycle(ctx, b.tokens[i], f) })
	return f, t, err
}

// paced lets each agent do one turn a pace - a second is a hundred times what a person does - and finds what an agent feels.
func (b *bench) paced(ctx context.Context, base string, agents int) (*figures, timings, error) {
	c, f := &client{base, newHTTP(agents)}, &figures{}
	var mu sync.Mutex
	due := make([]time.Time, agents)
	for i := range due {
		due[i] = time.Now().Add(time.Duration(i) * b.pace / time.Duration(agents))
	}
	t, err := together(agents, b.seconds, func(i int) error {
		mu.Lock()
		wait := time.Until(due[i])
		due[i] = due[i].Add(b.pace)
		mu.Unlock()
		time.Sleep(wait)
		return c.cycle(ctx, b.tokens[i], f)
	})
	return f, t, err
}

// percentile of sorted or unsorted timings.
func (t timings) percentile(p float64) time.Duration {
	if len(t.all) == 0 {
		return 0
	}
	all := slices.Sorted(slices.Values(t.all))
	return all[min(int(p*float64(len(all))), len(all)-1)]
}

// rate is acts a second.
func (t timings) rate() float64 {
	if t.length <= 0 {
		return 0
	}
	return float64(len(t.all)) / t.length.Seconds()
}

func (t timings) String() string {
	s := fmt.Sprintf("p50 %s ms  p99 %s ms", ms(t.percentile(0.5)), ms(t.percentile(0.99)))
	if t.length > 0 {
		s += fmt.Sprintf("  %.0f/s", t.rate())
	}
	return s
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f", float64(d.Microseconds())/1000) }

func ratio(a, b time.Duration) string {
	if b <= 0 {
		return "not measured"
	}
	return fmt.Sprintf("%.1f", float64(a)/float64(b))
}
