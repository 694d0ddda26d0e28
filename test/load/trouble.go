package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"encoding/json"

	"sapa/test/load/fill"
)

// measureTrouble lets agents work Callbacks whose guiding has failed: each opens the trouble ticket of 5.2.10 during the call -
// complaint, incident, slot and measurement in one transaction -, then finishes, which is another. A turn a second each.
func (b *bench) measureTrouble(ctx context.Context) error {
	s, err := b.start(ctx)
	if err != nil {
		return err
	}
	c := &client{s.base, newHTTP(b.agents)}
	slots, err := c.slots(ctx, b.tokens[0])
	if err != nil {
		return err
	}
	var mu sync.Mutex
	due := make([]time.Time, b.agents)
	for i := range due {
		due[i] = time.Now().Add(time.Duration(i) * time.Second / time.Duration(b.agents))
	}
	var submit, finish timings
	booked, had := 0, 0
	before := s.used()
	t, err := together(b.agents, b.seconds, func(i int) error {
		mu.Lock()
		wait := time.Until(due[i])
		due[i] = due[i].Add(time.Second)
		slot := slots[(booked/50)%len(slots)]
		mu.Unlock()
		time.Sleep(wait)
		one, err := c.complaint(ctx, b.tokens[i], slot)
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err != nil:
			return err
		case one.had:
			had++
		default:
			booked++
			submit.all, finish.all = append(submit.all, one.submit), append(finish.all, one.finish)
		}
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Printf("%d agents, a trouble ticket a second each: %.0f turns/s, %d opened and booked, %d had one open, %s ms of the server's processor time a turn\n",
		b.agents, t.rate(), booked, had, ms((s.used()-before)/time.Duration(max(len(t.all), 1))))
	for _, one := range []struct {
		name string
		timings
	}{{"trouble  ", submit}, {"finish   ", finish}} {
		fmt.Printf("  %s            %s   x%s of a raw commit, x%s of a bare handler (p50)\n", one.name, one.timings,
			ratio(one.percentile(0.5), b.raw.commit.percentile(0.5)), ratio(one.percentile(0.5), b.raw.handler.percentile(0.5)))
	}
	return s.stop()
}

type complaint struct {
	submit, finish time.Duration
	had            bool
}

// complaint is one such turn.
func (c *client) complaint(ctx context.Context, token, slot string) (one complaint, err error) {
	var turn struct {
		Ticket struct {
			ID        string
			ServiceNo string `json:"service_no"`
		}
		Lease struct{ Token string }
	}
	if err := c.post(ctx, token, "/api/v1/work/next", map[string]any{"campaigns": []string{"callback"}}, &turn); err != nil {
		return one, err
	}
	path, lease := "/api/v1/tickets/"+turn.Ticket.ID, turn.Lease.Token
	if err := c.post(ctx, token, path+"/attempts", map[string]any{"lease": lease, "line": "answered", "ring_s": 8, "talk_s": 95}, nil); err != nil {
		return one, err
	}
	start := time.Now()
	err = c.post(ctx, token, "/api/v1/trouble", map[string]any{"service_no": turn.Ticket.ServiceNo, "service": "internet", "symptom": "tbc",
		"contact": map[string]string{"name": "Pelanggan Rekaan", "mobile": "089990000001"}, "hard_complaint": "ramah", "urgency": "normal",
		"first_call_resolution": "no", "description": "Tidak bisa connect sejak pagi, lampu LOS mati, sudah dipandu, ukur UNSPEC, pelapor di rumah.",
		"slot": slot, "source_ticket": turn.Ticket.ID}, nil)
	one.submit = time.Since(start)
	answers := map[string]string{"receiver": "reporter", "data_check": "yes", "guided": "tidak-berhasil", "status": "contacted",
		"reason_call": "internet-mati", "solution": "tiket-gangguan", "remarks": "Tiket dibuat, teknisi dijadwalkan."}
	if err != nil && strings.Contains(err.Error(), "409") {
		one.had = true
	} else if err != nil {
		return one, err
	}
	start = time.Now()
	err = c.post(ctx, token, path+"/finish", map[string]any{"lease": lease, "answers": answers}, nil)
	one.finish = time.Since(start)
	return one, err
}

// slots lists the ids of what can be booked in the next days.
func (c *client) slots(ctx context.Context, token string) (ids []string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/api/v1/slots?sto="+fill.STO, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	var page struct {
		Slots []struct {
			ID   string
			Left int
		}
	}
	if err := json.Unmarshal(text, &page); err != nil || len(page.Slots) == 0 {
		return nil, fmt.Errorf("slots: %s: %.200s: %w", answer.Status, text, err)
	}
	for _, v := range page.Slots {
		ids = append(ids, v.ID)
	}
	return ids, nil
}
