package live

import "testing"

func TestNewsReachesItsTopicOnly(t *testing.T) {
	h := NewHub()
	mine, other := h.Subscribe("agent:1", "board"), h.Subscribe("agent:2")
	h.Publish("agent:1", Event{Name: "call"})
	h.Publish("board", Event{Name: "queue"})
	if a, b := <-mine.C, <-mine.C; a.Name != "call" || b.Name != "queue" || a.ID == b.ID {
		t.Errorf("got %v %v", a, b)
	}
	if len(other.C) != 0 {
		t.Error("news of another agent came through")
	}
	mine.Close()
	mine.Close()
	if _, open := <-mine.C; open {
		t.Error("a closed subscription still speaks")
	}
	if h.Open() != 1 {
		t.Errorf("%d open, want 1", h.Open())
	}
}

func TestASlowScreenIsToldToRefreshAndHoldsNobodyUp(t *testing.T) {
	h := NewHub()
	slow := h.Subscribe("board")
	for range 10 * backlog {
		h.Publish("board", Event{Name: "queue"})
	}
	seen := map[string]bool{}
	for len(slow.C) > 0 {
		seen[(<-slow.C).Name] = true
	}
	if !seen[Refresh] {
		t.Error("it was not told to refresh")
	}
}

func TestAClosedHubEndsEveryStreamAndBeginsNone(t *testing.T) {
	h := NewHub()
	before := h.Subscribe("board")
	h.Close()
	h.Close()
	after := h.Subscribe("board")
	for name, s := range map[string]*Sub{"before": before, "after": after} {
		if _, open := <-s.C; open {
			t.Errorf("the stream of %s goes on", name)
		}
		s.Close()
	}
	h.Publish("board", Event{Name: "queue"}) // to nobody
}

func TestAHintGivenOftenIsToldOnce(t *testing.T) {
	h := NewHub()
	board := h.Subscribe("board")
	for range 10 {
		h.Soon("board", "queue")
	}
	if len(board.C) != 0 {
		t.Error("a hint was told before the flush")
	}
	h.Flush()
	h.Flush()
	if len(board.C) != 1 {
		t.Errorf("told %d times, want once", len(board.C))
	}
}
