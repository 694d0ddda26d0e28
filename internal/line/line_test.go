package line_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/egress"
	"sapa/internal/fault"
	"sapa/internal/line"
	"sapa/internal/phrase"
	"sapa/internal/who"
)

var (
	ani   = who.Actor{ID: 7, Login: "ani", Role: who.Agent, Via: who.Page}
	tuti  = who.Actor{ID: 10, Login: "tuti", Role: who.Leader, Via: who.Page}
	house = line.Line{ServiceNo: "152999000001", STO: "BTU", ODC: "ODC-BTU-FX", ODP: "ODP-BTU-FX/08 FX/D01/08.01", OLT: "GPON03-D5-BTU-2", Realm: "telkom.net", Technology: line.Fibre}
)

type field struct {
	t *testing.T
	s *db.DB
	c *dbtest.Clock
}

func each(t *testing.T, f func(f field)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		h := field{t, s, c}
		h.do(func(tx *db.Tx) error { return line.PutLine(tx, house) })
		f(h)
	})
}

func (f field) do(act func(tx *db.Tx) error) {
	f.t.Helper()
	if err := f.s.Write(context.Background(), act); err != nil {
		f.t.Fatal(err)
	}
}

func (f field) refused(key, at string, act func(tx *db.Tx) error) {
	f.t.Helper()
	err := f.s.Write(context.Background(), act)
	e := fault.Of(err)
	if e == nil || e.Kind != fault.Invalid || e.Key != key || at != "" && e.Field != at {
		f.t.Errorf("%v, want %s at %q", err, key, at)
		return
	}
	if said := phrase.Fill(phrase.ID, e.Key, e.Values); said == e.Key || strings.ContainsAny(said, "{}") {
		f.t.Errorf("nobody can read %q", said)
	}
}

func (f field) latest(no string) (m line.Measurement) {
	f.t.Helper()
	f.do(func(tx *db.Tx) (err error) {
		m, err = line.Latest(tx, no)
		return err
	})
	return m
}

type source func(ctx context.Context, l line.Line) (line.Reading, error)

func (s source) Measure(ctx context.Context, l line.Line) (line.Reading, error) { return s(ctx, l) }

// measure asks a source through a meter and looks whether what came back is what is kept.
func (f field) measure(ctx context.Context, s line.Source, no string) line.Measurement {
	f.t.Helper()
	meter := line.NewMeter(f.s, s, "recorded")
	m, err := meter.Measure(ctx, ani, no)
	if err != nil {
		f.t.Fatal(err)
	}
	if err := meter.Close(context.Background()); err != nil {
		f.t.Error(err)
	}
	same(f.t, f.latest(no), m)
	if key := "line.failure." + m.Failure; m.Failure != "" && !phrase.Known(key) {
		f.t.Errorf("%s has no sentence", key)
	}
	return m
}

func same(t *testing.T, got, want line.Measurement) {
	t.Helper()
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	if string(a) != string(b) {
		t.Errorf("kept %s\nmade %s", a, b)
	}
}

func dbm(v float64) *float64 { return &v }

// SOP 5.2.10.j: Ibooster measures the line; time, values and verdict are kept. The recorded table answers here.
func TestMeasuringTheRecordedTable(t *testing.T) {
	each(t, func(f field) {
		for _, c := range []struct {
			r                       line.Reading
			verdict, class, failure string
		}{
			{line.Reading{OperStatus: "up", OnuRxPwr: dbm(-19.42), OnuTxPwr: dbm(2.1), OltRxPwr: dbm(-21), OltTxPwr: dbm(3.5), FiberLength: dbm(2310),
				Network: "ok", Identifier: "GPON03-D5-BTU-2 1/1/3", MeasureID: "m-1", NasIP: "192.0.2.1", Hostname: "bras-rekaan", ClID: "c-1", StatusCPE: "online",
				SessionStart: "2026-11-23 08:00"}, line.Spec, line.Logic, ""},
			{line.Reading{OperStatus: "up", OnuRxPwr: dbm(-26.5)}, line.Unspec, line.Fisik, ""},
			{line.Reading{OperStatus: "LOS"}, line.Unspec, line.Fisik, ""},
			{line.Reading{Message: "ONT tidak terdeteksi"}, line.Failed, "", "refused"},
		} {
			f.do(func(tx *db.Tx) error { return line.PutRecorded(tx, house.ServiceNo, c.r) })
			f.c.Advance(time.Second)
			m := f.measure(context.Background(), line.Recorded{Store: f.s}, house.ServiceNo)
			if m.Verdict != c.verdict || m.Class != c.class || m.Failure != c.failure || m.By != 7 || m.Source != "recorded" ||
				!m.MeasuredAt.Equal(f.c.Now()) || m.Rule != line.DefaultRule || m.Message != c.r.Message {
				t.Errorf("%+v", m)
			}
			a, _ := json.Marshal(m.Reading)
			b, _ := json.Marshal(c.r)
			if string(a) != string(b) {
				t.Errorf("read %s of %s", a, b)
			}
		}
		f.do(func(tx *db.Tx) error {
			all, err := line.List(tx, house.ServiceNo, 2)
			if len(all) != 2 || all[0].Verdict != line.Failed || all[1].OperStatus != "LOS" {
				t.Errorf("newest two: %+v", all)
			}
			if every, _ := line.List(tx, house.ServiceNo, 0); len(every) != 4 {
				t.Errorf("%d kept of 4", len(every))
			}
			if got, err := line.Get(tx, all[1].ID); err != nil || got.OperStatus != "LOS" {
				t.Errorf("%+v %v", got, err)
			}
			return err
		})
	})
}

// SOP 5.2.10.j: a failure is recorded, not silently skipped, and blocks nothing.
func TestEveryFailureIsAMeasurement(t *testing.T) {
	each(t, func(f field) {
		for name, c := range map[string]struct {
			s                source
			failure, message string
		}{
			"an error": {func(context.Context, line.Line) (line.Reading, error) {
				return line.Reading{OnuRxPwr: dbm(-20)}, errors.New("no route")
			}, "source", ""},
			"nothing said": {func(context.Context, line.Line) (line.Reading, error) { return line.Reading{}, nil }, "silent", ""},
			"blanks said": {func(context.Context, line.Line) (line.Reading, error) {
				return line.Reading{Message: " \n", Hostname: "\x00"}, nil
			}, "silent", ""},
			"a refusal": {func(context.Context, line.Line) (line.Reading, error) {
				return line.Reading{Message: "OLT\nsibuk"}, nil
			}, "refused", "OLT sibuk"},
			"a panic":         {func(context.Context, line.Line) (line.Reading, error) { panic("oops") }, "source", ""},
			"nothing is kept": {line.Recorded{Store: f.s}.Measure, "source", ""},
		} {
			m := f.measure(context.Background(), c.s, house.ServiceNo)
			if m.Verdict != line.Failed || m.Class != "" || m.Failure != c.failure || m.Message != c.message || m.OnuRxPwr != nil {
				t.Errorf("%s: %+v", name, m)
			}
		}
		m := f.measure(context.Background(), line.Recorded{Store: f.s}, "152999000099")
		if m.Verdict != line.Failed || m.Failure != "unknown-line" {
			t.Errorf("a line that is not there: %+v", m)
		}
		if n := len(f.all(house.ServiceNo)); n != 6 {
			t.Errorf("%d rows for 6 measurements", n)
		}
		_, err := line.NewMeter(f.s, line.Recorded{Store: f.s}, "recorded").Measure(context.Background(), ani, "bukan nomor")
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("no number: %v", err)
		}
	})
}

func (f field) all(no string) (all []line.Measurement) {
	f.t.Helper()
	f.do(func(tx *db.Tx) (err error) {
		all, err = line.List(tx, no, 200)
		return err
	})
	return all
}

// An agent who hangs up while the line is being measured: the asking stops at once, and that is kept too.
func TestAnAskerWhoLeavesIsKept(t *testing.T) {
	each(t, func(f field) {
		for name, deaf := range map[string]bool{"a source that hears": false, "a deaf one": true} {
			ctx, cancel := context.WithCancel(context.Background())
			wake := make(chan struct{})
			var deadline bool
			meter := line.NewMeter(f.s, source(func(ctx context.Context, _ line.Line) (line.Reading, error) {
				_, deadline = ctx.Deadline()
				cancel()
				if deaf {
					<-wake
					return line.Reading{OnuRxPwr: dbm(-20)}, nil
				}
				<-ctx.Done()
				return line.Reading{}, ctx.Err()
			}), "test")
			m, err := meter.Measure(ctx, ani, house.ServiceNo)
			if err != nil || m.Verdict != line.Failed || m.Failure != "cut" || f.latest(house.ServiceNo).ID != m.ID {
				t.Errorf("%s: %+v, %v", name, m, err)
			}
			close(wake)
			if err := meter.Close(context.Background()); err != nil || !deadline {
				t.Errorf("%s: close %v, asked with a deadline %v", name, err, deadline)
			}
			if got := f.latest(house.ServiceNo); got.ID != m.ID {
				t.Errorf("%s: a late answer was kept: %+v", name, got)
			}
		}
	})
}

// A source that lies: values that nothing can have are left out by name, what is left is judged.
func TestALyingSourceIsNotBelieved(t *testing.T) {
	each(t, func(f field) {
		for name, c := range map[string]struct {
			r              line.Reading
			verdict, doubt string
		}{
			"no number":          {line.Reading{OnuRxPwr: dbm(math.NaN())}, line.Unspec, "onu_rx_pwr"},
			"endless":            {line.Reading{OnuRxPwr: dbm(math.Inf(1)), OnuTxPwr: dbm(math.Inf(-1))}, line.Unspec, "onu_rx_pwr onu_tx_pwr"},
			"a light house":      {line.Reading{OnuRxPwr: dbm(300)}, line.Unspec, "onu_rx_pwr"},
			"darker than dark":   {line.Reading{OnuRxPwr: dbm(-1e300)}, line.Unspec, "onu_rx_pwr"},
			"a long fibre":       {line.Reading{OnuRxPwr: dbm(-20), FiberLength: dbm(4e7)}, line.Spec, "fiber_length"},
			"a message and lies": {line.Reading{Message: "ok", OnuRxPwr: dbm(math.NaN())}, line.Unspec, "onu_rx_pwr"},
			"a book for a text":  {line.Reading{OnuRxPwr: dbm(-20), Hostname: strings.Repeat("x", 1<<20)}, line.Spec, ""},
		} {
			m := f.measure(context.Background(), source(func(context.Context, line.Line) (line.Reading, error) { return c.r, nil }), house.ServiceNo)
			if m.Verdict != c.verdict || m.Doubt != c.doubt || m.Failure != "" || len(m.Hostname) > 200 {
				t.Errorf("%s: %+v", name, m)
			}
		}
	})
}

// The rule is data: a change holds for what is measured from then on, and kept measurements stay as they were judged.
func TestTheRuleIsEditableAndKeptWithEachMeasurement(t *testing.T) {
	each(t, func(f field) {
		at22 := source(func(context.Context, line.Line) (line.Reading, error) { return line.Reading{OnuRxPwr: dbm(-22)}, nil })
		before := f.measure(context.Background(), at22, house.ServiceNo)
		f.do(func(tx *db.Tx) error {
			_, err := line.PutRule(tx, tuti, line.Rule{RxMin: -21.5, RxMax: -13}, 0)
			return err
		})
		after := f.measure(context.Background(), at22, house.ServiceNo)
		if before.Verdict != line.Spec || after.Verdict != line.Unspec || after.Rule.RxMin != -21.5 {
			t.Errorf("%+v then %+v", before, after)
		}
		if all := f.all(house.ServiceNo); all[1].Verdict != line.Spec || all[1].Rule != line.DefaultRule {
			t.Errorf("judged again: %+v", all[1])
		}
		for _, r := range []line.Rule{{RxMin: -13, RxMax: -24}, {RxMin: math.NaN(), RxMax: -13}, {RxMin: -200, RxMax: -13}} {
			f.refused("line.rule", "rx_min", func(tx *db.Tx) error { _, err := line.PutRule(tx, tuti, r, 1); return err })
		}
	})
}

// Of two administrators the second is told, nothing of theirs is lost, and every rule that was in force can be read again.
func TestTheRuleHasVersions(t *testing.T) {
	each(t, func(f field) {
		put := func(r line.Rule, version int64) (is line.Ruling, err error) {
			err = f.s.Write(context.Background(), func(tx *db.Tx) (err error) { is, err = line.PutRule(tx, tuti, r, version); return err })
			return is, err
		}
		if is, err := put(line.Rule{RxMin: -25, RxMax: -13}, 0); err != nil || is.Version != 1 || is.By != 10 || !is.At.Equal(f.c.Now()) {
			t.Fatalf("%+v %v", is, err)
		}
		if _, err := put(line.Rule{RxMin: -26, RxMax: -13}, 0); !fault.Is(err, fault.Conflict) {
			t.Errorf("the second administrator: %v", err)
		}
		if is, err := put(line.Rule{RxMin: -25, RxMax: -13}, 1); err != nil || is.Version != 1 {
			t.Errorf("the same again: %+v %v", is, err)
		}
		f.refused("line.rule-step", "rx_max", func(tx *db.Tx) error {
			_, err := line.PutRule(tx, tuti, line.Rule{RxMin: -25, RxMax: -13.05}, 1)
			return err
		})
		f.do(func(tx *db.Tx) error {
			all, err := line.PastRules(tx)
			if len(all) != 2 || all[0].RxMin != -25 || all[1].Rule != line.DefaultRule || all[1].Version != 0 || !all[1].At.IsZero() {
				t.Errorf("%+v", all)
			}
			return err
		})
	})
}

func TestTheStoreRefusesAVerdictItsRuleDoesNotGive(t *testing.T) {
	each(t, func(f field) {
		f.measure(context.Background(), source(func(context.Context, line.Line) (line.Reading, error) { return line.Reading{OnuRxPwr: dbm(-30)}, nil }), house.ServiceNo)
		for _, query := range []string{
			`UPDATE measurement SET verdict = 'SPEC'`,
			`UPDATE measurement SET verdict = 'FAILED'`,
			`UPDATE measurement SET failure = 'timeout'`,
			`UPDATE line_rule SET rx_min = 0`,
			`UPDATE line SET technology = 'radio'`,
			`INSERT INTO line_rule(id, rx_min, rx_max, changed_at, changed_by) VALUES (2, -24, -13, 0, 0)`,
			`UPDATE line_rule SET version = -1`,
			`INSERT INTO line_rule_past(version, rx_min, rx_max, changed_at, changed_by) VALUES (1, -13, -24, 0, 7)`,
			`INSERT INTO line_rule_past(version, rx_min, rx_max, changed_at, changed_by) VALUES (1, -24, -13, 0, 0)`,
		} {
			err := f.s.Write(context.Background(), func(tx *db.Tx) error { _, err := tx.Exec(query); return err })
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", query, err)
			}
		}
	})
}

func TestLinesAreNamedAsTheNetworkNamesThem(t *testing.T) {
	each(t, func(f field) {
		f.do(func(tx *db.Tx) error {
			got, err := line.LineOf(tx, " 1529 9900 0001 ")
			if got != house {
				t.Errorf("%+v", got)
			}
			moved := house
			moved.ODP, moved.ODC, moved.OLT, moved.Realm = "ODP-BTU-FAB/012", "", "", ""
			if err := line.PutLine(tx, moved); err != nil {
				return err
			}
			if got, _ := line.LineOf(tx, house.ServiceNo); got != moved {
				t.Errorf("put again: %+v", got)
			}
			if _, err := line.LineOf(tx, "152999000002"); !fault.Is(err, fault.Missing) {
				t.Errorf("a line that is not there: %v", err)
			}
			return err
		})
		for at, c := range map[string]struct {
			key    string
			change func(l *line.Line)
		}{
			"sto":        {"line.network", func(l *line.Line) { l.STO = "" }},
			"odc":        {"line.network", func(l *line.Line) { l.ODC = "ODC-BTU" }},
			"odp":        {"line.network", func(l *line.Line) { l.ODP = "ODP-BTU-FX/8" }},
			"olt":        {"line.network", func(l *line.Line) { l.OLT = "GPON3-BTU" }},
			"realm":      {"line.realm", func(l *line.Line) { l.Realm = "telkom net" }},
			"technology": {"line.technology", func(l *line.Line) { l.Technology = "" }},
			"":           {"phone.service-form", func(l *line.Line) { l.ServiceNo = "12" }},
		} {
			l := house
			c.change(&l)
			f.refused(c.key, at, func(tx *db.Tx) error { return line.PutLine(tx, l) })
		}
	})
}

// SOP 5.2.10.j: the outside is asked first; what it cannot say is taken from the recorded table if that has a reading of the line,
// and the measurement says where it came from and why the other one did not. What the outside says of a line stands.
func TestWhatTheOutsideCannotSayIsTakenFromTheTable(t *testing.T) {
	each(t, func(f field) {
		recorded := line.Reading{OnuRxPwr: dbm(-19), OperStatus: "up"}
		for name, c := range map[string]struct {
			outside                        source
			verdict, source, failure       string
			passed                         string
			withoutVerdict, withoutFailure string // when nothing is recorded
		}{
			"well": {func(context.Context, line.Line) (line.Reading, error) { return line.Reading{OnuRxPwr: dbm(-27)}, nil }, line.Unspec, "olt", "", "", line.Unspec, ""},
			"not its line": {func(context.Context, line.Line) (line.Reading, error) {
				return line.Reading{}, fmt.Errorf("olt: %w", line.ErrElsewhere)
			}, line.Spec, "tabel", "", "elsewhere", line.Failed, "elsewhere"},
			"resting": {func(context.Context, line.Line) (line.Reading, error) {
				return line.Reading{}, egress.Failed(egress.Resting, nil)
			}, line.Spec, "tabel", "", "resting", line.Failed, "resting"},
			"late by itself": {func(context.Context, line.Line) (line.Reading, error) {
				return line.Reading{}, egress.Failed(egress.Late, nil)
			}, line.Spec, "tabel", "", "timeout", line.Failed, "timeout"},
			"cut": {func(context.Context, line.Line) (line.Reading, error) {
				return line.Reading{OnuRxPwr: dbm(-1)}, errors.New("cut")
			}, line.Spec, "tabel", "", "source", line.Failed, "source"},
			"a panic":      {func(context.Context, line.Line) (line.Reading, error) { panic("oops") }, line.Spec, "tabel", "", "source", line.Failed, "source"},
			"nothing said": {func(context.Context, line.Line) (line.Reading, error) { return line.Reading{Message: " "}, nil }, line.Spec, "tabel", "", "silent", line.Failed, "silent"},
			"a refusal": {func(context.Context, line.Line) (line.Reading, error) {
				return line.Reading{Message: "no ONT carries this number"}, nil
			}, line.Failed, "olt", "refused", "", line.Failed, "refused"},
			"a lie": {func(context.Context, line.Line) (line.Reading, error) { return line.Reading{OnuRxPwr: dbm(900)}, nil }, line.Unspec, "olt", "", "", line.Unspec, ""},
		} {
			for _, has := range []bool{false, true} {
				f.do(func(tx *db.Tx) error {
					if has {
						return line.PutRecorded(tx, house.ServiceNo, recorded)
					}
					_, err := tx.Exec(`DELETE FROM line_answer`)
					return err
				})
				meter := line.NewChain(f.s, line.Named{Source: line.Recorded{Store: f.s}, Name: "tabel"}, line.Named{Source: c.outside, Name: "olt"})
				m, err := meter.Measure(context.Background(), ani, house.ServiceNo)
				if err != nil {
					f.t.Fatal(err)
				}
				same(f.t, f.latest(house.ServiceNo), m)
				verdict, from, failure, passed := c.verdict, c.source, c.failure, c.passed
				if !has {
					verdict, from, failure, passed = c.withoutVerdict, "olt", c.withoutFailure, ""
				}
				got := ""
				for _, p := range m.Passed {
					if got += p.Failure; p.Source != "olt" || !phrase.Known("line.failure."+p.Failure) {
						f.t.Errorf("%s: %+v", name, p)
					}
				}
				if m.Verdict != verdict || m.Source != from || m.Failure != failure || got != passed || from == "tabel" && *m.OnuRxPwr != -19 {
					f.t.Errorf("%s, recorded %v: %+v", name, has, m)
				}
				if m.Failure != "" && !phrase.Known("line.failure."+m.Failure) {
					f.t.Errorf("%s has no sentence", m.Failure)
				}
			}
		}
	})
}
