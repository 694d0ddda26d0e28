// Package live brings news to open screens: publish after the commit, subscribe by topic, drop the slow. It keeps
// nothing: what it says is a hint to look again, the store is the truth.
package live

import (
	"strconv"
	"sync"
)

// Event is one piece of news. Data is short and names no person: an id, a count.
type Event struct {
	ID   string // grows; a screen that comes back says the last one it saw
	Name string
	Data string
}

// Refresh is what a subscriber that was too slow gets instead of what it missed: look at everything again.
const Refresh = "refresh"

const backlog = 32 // events a slow screen may lag behind before it is told to refresh

// Hub passes events on within one process.
type Hub struct {
	mu     sync.Mutex
	last   uint64
	subs   map[string]map[*Sub]bool
	closed bool
	soon   map[[2]string]bool // topic and name of hints that wait for the next Flush
}

// NewHub makes a hub.
func NewHub() *Hub { return &Hub{subs: map[string]map[*Sub]bool{}, soon: map[[2]string]bool{}} }

// Sub is one open screen's subscription.
type Sub struct {
	C      <-chan Event
	c      chan Event
	hub    *Hub
	topics []string
}

// Subscribe listens to topics: "agent:<id>", "team:<id>", "board".
func (h *Hub) Subscribe(topics ...string) *Sub {
	c := make(chan Event, backlog)
	s := &Sub{C: c, c: c, hub: h, topics: topics}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		close(c)
		return s
	}
	for _, t := range topics {
		if h.subs[t] == nil {
			h.subs[t] = map[*Sub]bool{}
		}
		h.subs[t][s] = true
	}
	return s
}

// Close ends every subscription and lets no new one begin: the server is going down.
func (h *Hub) Close() {
	h.mu.Lock()
	all := map[*Sub]bool{}
	for _, subs := range h.subs {
		for s := range subs {
			all[s] = true
		}
	}
	h.closed = true
	h.mu.Unlock()
	for s := range all {
		s.Close()
	}
}

// Close ends the subscription. Its channel is closed.
func (s *Sub) Close() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	open := false
	for _, t := range s.topics {
		open = open || s.hub.subs[t][s]
		delete(s.hub.subs[t], s)
		if len(s.hub.subs[t]) == 0 {
			delete(s.hub.subs, t)
		}
	}
	if open {
		close(s.c)
	}
}

// Publish passes an event to a topic's subscribers without ever waiting for one of them.
func (h *Hub) Publish(topic string, e Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last++
	if e.ID == "" {
		e.ID = strconv.FormatUint(h.last, 10)
	}
	for s := range h.subs[topic] {
		s.offer(e)
	}
}

// Soon publishes a hint with the next Flush, once however often it is given meanwhile: on a busy floor every claim and every
// finish changes the queue, and telling each open screen of each would cost the square of the agents.
func (h *Hub) Soon(topic, name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.soon[[2]string{topic, name}] = true
}

// Flush publishes the hints that wait. The house's ticker calls it.
func (h *Hub) Flush() {
	h.mu.Lock()
	waiting := h.soon
	h.soon = map[[2]string]bool{}
	h.mu.Unlock()
	for hint := range waiting {
		h.Publish(hint[0], Event{Name: hint[1]})
	}
}

// offer hands over an event; a full box is emptied and a single refresh put in its place.
func (s *Sub) offer(e Event) {
	select {
	case s.c <- e:
		return
	default:
	}
	for drained := false; !drained; {
		select {
		case <-s.c:
		default:
			drained = true
		}
	}
	s.c <- Event{ID: e.ID, Name: Refresh}
}

// Open counts subscriptions, for metrics.
func (h *Hub) Open() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	seen := map[*Sub]bool{}
	for _, subs := range h.subs {
		for s := range subs {
			seen[s] = true
		}
	}
	return len(seen)
}
