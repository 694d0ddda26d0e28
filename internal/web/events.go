package web

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"sapa/internal/fault"
	"sapa/internal/live"
	"sapa/internal/staff"
)

const heartbeat = 10 * time.Second // keeps proxies from closing a silent stream, and notices a session that has ended

// events is the one live stream of a browser: what concerns this person, their team, the board. It only says "look
// again"; the page asks for what it shows.
func (s *Server) events(w http.ResponseWriter, r *request) {
	topics := []string{"agent:" + fmt.Sprint(r.by.ID), "board"}
	if r.by.Team != 0 {
		topics = append(topics, "team:"+fmt.Sprint(r.by.Team))
	}
	sub := s.Hub.Subscribe(topics...)
	defer sub.Close()
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	send := func(e live.Event) bool {
		if e.ID != "" {
			fmt.Fprintf(w, "id: %s\n", e.ID)
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", strings.TrimSpace(e.Name+" "+e.Data)); err != nil { // name and data in one line: whatever the news, one listener hears it
			return false
		}
		return out.Flush() == nil
	}
	hello := live.Event{Name: "hello"}
	if r.Header.Get("Last-Event-ID") != "" {
		hello.Name = live.Refresh // it was away; nobody knows what it missed
	}
	if !send(hello) {
		return
	}
	beat, stop := s.Ticker(heartbeat)
	defer stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case e, open := <-sub.C:
			if !open || !send(e) {
				return
			}
		case <-beat:
			by, _, err := s.Staff.Peek(r.Context(), r.token)
			if fault.Is(err, fault.SignedOut) || (err == nil && staff.May(by, staff.ActSelf) != nil) {
				send(live.Event{Name: "signed-out"})
				return
			}
			if !send(live.Event{Name: "beat"}) {
				return
			}
		}
	}
}
