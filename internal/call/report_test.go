package call_test

import (
	"testing"
	"time"

	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/fault"
)

func report(t *testing.T, s *db.DB, turn db.ID, r call.Reported) (a call.Attempt, err error) {
	t.Helper()
	write(t, s, func(tx *db.Tx) error {
		a, err = call.Report(tx, turn, 5, 7, number, r)
		if fault.Of(err) != nil {
			return nil
		}
		return err
	})
	return a, err
}

// SOP 5.2.5.call: a call made outside is told with its seconds, and lands where they say it was.
func TestAReportedCallHasItsTimes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		now := c.Now()
		a, err := report(t, s, 1, call.Reported{Line: call.Answered, RingS: 10, TalkS: 50})
		if err != nil || a.Live() || a.Reports() || !a.EndedAt.Equal(now) || !a.DialledAt.Equal(now.Add(-time.Minute)) || !a.AnsweredAt.Equal(now.Add(-50*time.Second)) {
			t.Errorf("ends now: %+v %v", a, err)
		}
		start := now.Add(-time.Hour)
		a, err = report(t, s, 1, call.Reported{Line: call.NoAnswer, RingS: 25, StartedAt: start.In(time.FixedZone("WIT", 9*3600))})
		if err != nil || !a.DialledAt.Equal(start) || !a.EndedAt.Equal(start.Add(25*time.Second)) || !a.AnsweredAt.IsZero() {
			t.Errorf("started then: %+v %v", a, err)
		}
		write(t, s, func(tx *db.Tx) error {
			all, err := call.OfTurn(tx, 1)
			if len(all) != 2 || all[0].Line != call.NoAnswer || all[1].Line != call.Answered {
				t.Errorf("of the turn, oldest first: %+v", all)
			}
			newest, _ := call.OfTicket(tx, 5, 1)
			if len(newest) != 1 || newest[0].Line != call.Answered {
				t.Errorf("of the ticket, newest first: %+v", newest)
			}
			return err
		})
	})
}

func TestAReportThatCannotBeIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		now := c.Now()
		for _, x := range []struct {
			r          call.Reported
			key, field string
		}{
			{call.Reported{}, "call.line-unknown", "line"},
			{call.Reported{Line: "ringing"}, "call.line-unknown", "line"},
			{call.Reported{Line: call.NoAnswer, RingS: -1}, "call.seconds", "ring_s"},
			{call.Reported{Line: call.NoAnswer, RingS: 86_401}, "call.seconds", "ring_s"},
			{call.Reported{Line: call.Answered, TalkS: -1}, "call.seconds", "talk_s"},
			{call.Reported{Line: call.Answered, TalkS: 86_401}, "call.seconds", "talk_s"},
			{call.Reported{Line: call.NoAnswer, TalkS: 1}, "call.talk-without-answer", "talk_s"},
			{call.Reported{Line: call.BadNumber, TalkS: 1}, "call.talk-without-answer", "talk_s"},
			{call.Reported{Line: call.Busy, StartedAt: now.Add(time.Minute + time.Millisecond)}, "call.started-later", "started_at"},
			{call.Reported{Line: call.Busy, StartedAt: now.Add(-24*time.Hour - time.Millisecond)}, "call.started-long-ago", "started_at"},
		} {
			_, err := report(t, s, 1, x.r)
			refused(t, err, fault.Invalid, x.key, x.field)
		}
		write(t, s, func(tx *db.Tx) error {
			all, err := call.OfTurn(tx, 1)
			if len(all) != 0 {
				t.Errorf("a refused report was kept: %+v", all)
			}
			return err
		})
	})
}

// SOP 5.2.5.call, 5.2.11.b1: what an exchange has reported nobody says otherwise in that turn.
func TestWhatTheExchangeReportedStands(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, _ *dbtest.Clock) {
		a := begin(t, s, 1, 7, "pbx")
		_, err := report(t, s, 1, call.Reported{Line: call.Busy})
		refused(t, err, fault.Conflict, "call.line-reported", "line")
		hear(t, s, call.Signal{Attempt: a.ID, Kind: call.Ended, Line: call.NoAnswer})
		_, err = report(t, s, 1, call.Reported{Line: call.Busy})
		refused(t, err, fault.Conflict, "call.line-reported", "line")
		if _, err := report(t, s, 2, call.Reported{Line: call.Busy}); err != nil {
			t.Errorf("another turn: %v", err)
		}
	})
}

func TestTheLiveManualCallGetsItsLine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		a := begin(t, s, 1, 7, call.Manual)
		c.Advance(40 * time.Second)
		told, err := report(t, s, 1, call.Reported{Line: call.NoAnswer})
		if err != nil || told.ID != a.ID || told.RingS != 40 || told.Live() {
			t.Errorf("silence about seconds means now: %+v %v", told, err)
		}
		a = begin(t, s, 1, 7, call.Manual)
		c.Advance(time.Minute)
		told, err = report(t, s, 1, call.Reported{Line: call.Machine, RingS: 12, TalkS: 8})
		if err != nil || told.ID != a.ID || told.RingS != 12 || told.TalkS != 8 || !told.EndedAt.Equal(a.DialledAt.Add(20*time.Second)) {
			t.Errorf("told seconds count: %+v %v", told, err)
		}
		a = begin(t, s, 1, 7, call.Manual)
		c.Advance(5 * time.Second)
		write(t, s, func(tx *db.Tx) error { _, err := call.Answer(tx, a.ID); return err })
		c.Advance(5 * time.Second)
		told, err = report(t, s, 1, call.Reported{Line: call.NoAnswer}) // the agent pressed the wrong key first
		if err != nil || told.Line != call.NoAnswer || told.TalkS != 0 || told.RingS != 10 || !told.AnsweredAt.IsZero() {
			t.Errorf("nobody picked up after all: %+v %v", told, err)
		}
	})
}

// SOP 5.2.11.b1.rna, 5.7.8.a.not-contacted: tries are counted by the customer's own day, failed ones not.
func TestTriesAreCountedByTheCustomersDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		wit, err := time.LoadLocation("Asia/Jayapura")
		if err != nil {
			t.Fatal(err)
		}
		try := func(at time.Time, line call.Line) {
			c.Set(at)
			if _, err := report(t, s, 1, call.Reported{Line: line}); err != nil {
				t.Fatal(err)
			}
		}
		count := func(zone *time.Location, today, days int) {
			t.Helper()
			write(t, s, func(tx *db.Tx) error {
				gotToday, gotDays, err := call.Days(tx, 5, zone)
				if gotToday != today || gotDays != days {
					t.Errorf("%s: %d today on %d days, want %d on %d", zone, gotToday, gotDays, today, days)
				}
				return err
			})
		}
		count(wit, 0, 0)
		monday := time.Date(2026, 11, 23, 14, 30, 0, 0, time.UTC) // 21.30 WIB, 23.30 WIT
		try(monday, call.NoAnswer)
		try(monday.Add(20*time.Minute), call.Failed)
		try(monday.Add(25*time.Minute), call.Unknown)
		count(wit, 1, 1)
		try(monday.Add(time.Hour), call.Busy) // 22.30 WIB still Monday, 00.30 WIT Tuesday
		count(wit, 1, 2)
		wib, err := time.LoadLocation("Asia/Jakarta")
		if err != nil {
			t.Fatal(err)
		}
		count(wib, 2, 1)
	})
}
