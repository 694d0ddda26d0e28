package call_test

import (
	"context"
	"testing"
	"time"

	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
	"sapa/internal/phone"
)

const number = phone.Number("+6289990001111")

func write(t *testing.T, s *db.DB, act func(tx *db.Tx) error) {
	t.Helper()
	if err := s.Write(context.Background(), act); err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, err error, kind fault.Kind, key, field string) {
	t.Helper()
	if e := fault.Of(err); e == nil || e.Kind != kind || e.Key != key || e.Field != field {
		t.Errorf("%v, want %s %s at %q", err, kind, key, field)
	}
}

func begin(t *testing.T, s *db.DB, turn, agent db.ID, dialler string) (a call.Attempt) {
	t.Helper()
	write(t, s, func(tx *db.Tx) (err error) {
		a, err = call.Begin(tx, call.Attempt{Turn: turn, Ticket: 5, Agent: agent, Number: number, Dialler: dialler, Line: call.Busy, TalkS: 9})
		return err
	})
	return a
}

func hear(t *testing.T, s *db.DB, sig call.Signal) (a call.Attempt) {
	t.Helper()
	write(t, s, func(tx *db.Tx) (err error) {
		a, err = call.Hear(tx, sig)
		return err
	})
	return a
}

// SOP 5.2.5.call: each attempt is kept with its start, its end, its number and what the line said.
func TestACallFromDiallingToItsEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		start := c.Now()
		a := begin(t, s, 1, 7, "pbx")
		if !a.Live() || !a.Reports() || a.Line != "" || a.TalkS != 0 || !a.DialledAt.Equal(start) {
			t.Errorf("dialled: %+v", a)
		}
		c.Advance(3 * time.Second)
		hear(t, s, call.Signal{Attempt: a.ID, Kind: call.Ringing})
		c.Advance(9 * time.Second)
		if a = hear(t, s, call.Signal{Attempt: a.ID, Kind: call.Picked, At: c.Now()}); !a.AnsweredAt.Equal(c.Now()) {
			t.Errorf("picked up: %+v", a)
		}
		c.Advance(5 * time.Second)
		if a = hear(t, s, call.Signal{Attempt: a.ID, Kind: call.Picked, At: c.Now()}); !a.AnsweredAt.Equal(start.Add(12 * time.Second)) {
			t.Errorf("picked up twice: %+v", a)
		}
		c.Advance(60 * time.Second)
		a = hear(t, s, call.Signal{Attempt: a.ID, Kind: call.Ended}) // no word, no time: it was answered, and it is now
		if a.Live() || a.Line != call.Answered || a.RingS != 12 || a.TalkS != 65 || !a.EndedAt.Equal(c.Now()) {
			t.Errorf("ended: %+v", a)
		}
		c.Advance(time.Second)
		if again := hear(t, s, call.Signal{Attempt: a.ID, Kind: call.Ended, Line: call.Failed}); again != a {
			t.Errorf("heard after its end: %+v", again)
		}
		write(t, s, func(tx *db.Tx) error {
			kept, err := call.Get(tx, a.ID)
			if kept != a {
				t.Errorf("kept %+v, want %+v", kept, a)
			}
			return err
		})
	})
}

func TestAnEndSaysWhatItCan(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		for i, x := range []struct {
			name         string
			picked       bool
			line, want   call.Line
			ring, talk   int
			answeredThen bool
		}{
			{"nobody, no word", false, "", call.Unknown, 30, 0, false},
			{"a word nobody knows", false, "hangup", call.Unknown, 30, 0, false},
			{"no answer", false, call.NoAnswer, call.NoAnswer, 30, 0, false},
			{"a machine at once", false, call.Machine, call.Machine, 30, 0, true},
			{"answered and silent", true, call.Silence, call.Silence, 10, 20, true},
			{"answered, then the exchange broke", true, call.Failed, call.Answered, 10, 20, true},
			{"answered, then the exchange forgot it", true, call.Unknown, call.Answered, 10, 20, true},
			{"answered, then cut off as rejected", true, call.Rejected, call.Rejected, 30, 0, false},
		} {
			a := begin(t, s, db.ID(100+i), 7, "pbx")
			c.Advance(10 * time.Second)
			if x.picked {
				hear(t, s, call.Signal{Attempt: a.ID, Kind: call.Picked})
			}
			c.Advance(20 * time.Second)
			a = hear(t, s, call.Signal{Attempt: a.ID, Kind: call.Ended, Line: x.line, At: c.Now()})
			if a.Line != x.want || a.RingS != x.ring || a.TalkS != x.talk || a.AnsweredAt.IsZero() == x.answeredThen {
				t.Errorf("%s: %+v", x.name, a)
			}
		}
		a := begin(t, s, 200, 7, "pbx")
		a = hear(t, s, call.Signal{Attempt: a.ID, Kind: call.Ended, Line: call.Busy, At: a.DialledAt.Add(-time.Minute)})
		if a.RingS != 0 { // an exchange whose clock is behind
			t.Errorf("a ring of %d s before the dialling", a.RingS)
		}
	})
}

// SOP 5.2.5.call: one call at a time for an agent; others are not in the way.
func TestAnAgentIsInOneCall(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		a := begin(t, s, 1, 7, call.Manual)
		begin(t, s, 2, 8, call.Manual)
		write(t, s, func(tx *db.Tx) error {
			_, err := call.Begin(tx, call.Attempt{Turn: 3, Agent: 7, Number: number, Dialler: call.Manual})
			refused(t, err, fault.Conflict, "call.live", "")
			live, there, err := call.Live(tx, 7)
			if !there || live.ID != a.ID {
				t.Errorf("live %v %+v", there, live)
			}
			if _, there, err := call.Live(tx, 9); there || err != nil {
				t.Errorf("somebody who never called: %v %v", there, err)
			}
			return err
		})
		write(t, s, func(tx *db.Tx) error {
			_, err := call.Hear(tx, call.Signal{Attempt: a.ID, Kind: "burning"})
			refused(t, err, fault.Invalid, "call.signal", "")
			_, err = call.Hear(tx, call.Signal{Attempt: 404, Kind: call.Ended})
			if !fault.Is(err, fault.Missing) {
				t.Errorf("a signal of no attempt: %v", err)
			}
			return nil
		})
	})
}

// SOP 5.2.11.b1, 5.7.8.a: what the attempts of a turn prove. A talk is not undone by a later try; what failed proves nothing.
func TestEvidence(t *testing.T) {
	ended := time.Unix(1, 0)
	at := func(l call.Line) call.Attempt { return call.Attempt{Line: l, EndedAt: ended} }
	ringing, talking := call.Attempt{}, call.Attempt{AnsweredAt: ended}
	for _, c := range []struct {
		want     string
		attempts []call.Attempt
	}{
		{"none", nil},
		{"none", []call.Attempt{ringing}},
		{"answered", []call.Attempt{talking}},
		{"no-answer", []call.Attempt{at(call.NoAnswer)}},
		{"rejected", []call.Attempt{at(call.NoAnswer), at(call.Rejected)}},
		{"answered", []call.Attempt{at(call.Answered), at(call.NoAnswer)}},
		{"answered", []call.Attempt{at(call.NoAnswer), at(call.Answered)}},
		{"failed", []call.Attempt{at(call.Failed)}},
		{"failed", []call.Attempt{at(call.Failed), at(call.Unknown)}},
		{"unknown", []call.Attempt{at(call.Unknown)}},
		{"busy", []call.Attempt{at(call.Busy), at(call.Failed)}},
		{"machine", []call.Attempt{at(call.Failed), at(call.Machine)}},
		{"silence", []call.Attempt{at(call.Silence), ringing}},
	} {
		if got := call.Evidence(c.attempts); got != c.want {
			t.Errorf("%v proves %s, want %s", c.attempts, got, c.want)
		}
	}
	for _, l := range call.Lines {
		if !l.Valid() {
			t.Errorf("%s is no word of the line", l)
		}
	}
	if call.Line("ringing").Valid() || call.Line("").Valid() {
		t.Error("words that are not of the line pass")
	}
}
