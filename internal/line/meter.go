package line

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"sapa/internal/db"
	"sapa/internal/egress"
	"sapa/internal/fault"
	"sapa/internal/phone"
	"sapa/internal/who"
)

// Source measures a line. It should stop when its context does; one that does not is left alone, never waited for.
type Source interface {
	Measure(ctx context.Context, l Line) (Reading, error)
}

// Patience is how long a measurement may take: a call is going on meanwhile.
const Patience = 8 * time.Second

// crowd is how many measurements may run at once, those that nobody waits for any more among them.
const crowd = 64

// native is the part of the patience that is left for the recorded table when an outside source says nothing.
const native = time.Second

// ErrElsewhere is what a source answers about a line that it does not measure: another one may.
var ErrElsewhere = errors.New("the source does not measure this line")

// Named is a source with the name that its measurements carry.
type Named struct {
	Source
	Name string
}

// Meter asks sources and keeps what they say.
type Meter struct {
	store    *db.DB
	patience time.Duration
	ways     []*way // asked one after the other; the last one is the house's own
}

// way is a source with its places.
type way struct {
	Named
	places chan struct{} // one for each measurement that may run: holds back what a stuck source would pile up
}

// NewMeter makes a meter over a source; name is what measurements say they come from.
func NewMeter(store *db.DB, source Source, name string) *Meter {
	return NewChain(store, Named{source, name})
}

// NewChain makes a meter that asks the outside first, one source after the other. What none of them can say - they do not know
// the line, are cut, late or silent - is taken from the recorded table, if that has a reading of the line. What a source says of
// a line stands, also that it could not measure it.
func NewChain(store *db.DB, recorded Named, outside ...Named) *Meter {
	m := &Meter{store: store, patience: Patience}
	for _, s := range append(slices.Clip(outside), recorded) {
		m.ways = append(m.ways, &way{s, make(chan struct{}, crowd)})
	}
	return m
}

// Measure asks about a line, outside of any transaction and for 8 s at most, then keeps the answer or the
// failure. A failure is a measurement too, with verdict FAILED and no error: it never blocks a call. An error means that
// the number is none or that nothing could be kept. What the asker no longer waits for is kept all the same.
//
// SOP 5.2.10.j: a failure is recorded, not silently skipped.
func (m *Meter) Measure(ctx context.Context, by who.Actor, serviceNo string) (Measurement, error) {
	answer, err := m.Ask(ctx, serviceNo)
	if err != nil {
		return Measurement{}, err
	}
	var kept Measurement
	keeping, cancel := context.WithTimeout(context.WithoutCancel(ctx), m.patience)
	defer cancel()
	err = m.store.Write(keeping, func(tx *db.Tx) (err error) {
		kept, err = answer.Keep(tx, by)
		return err
	})
	return kept, err
}

// Answer is what asking came to, not kept yet: for an act that keeps it together with what it is for.
type Answer struct {
	serviceNo, failure, source string
	reading                    Reading
	passed                     []Passed
}

// Passed is a source that was asked before and could not say; "line.failure." + Failure is its sentence.
type Passed struct {
	Source  string `json:"source"`
	Failure string `json:"failure"`
}

// Keep keeps the answer as a measurement.
func (a Answer) Keep(tx *db.Tx, by who.Actor) (Measurement, error) {
	return keep(tx, by, a)
}

// Ask asks and keeps nothing; like Measure it takes 8 s at most, and a failure is an answer.
func (m *Meter) Ask(ctx context.Context, serviceNo string) (Answer, error) {
	if _, _, err := phone.ParseService(serviceNo); err != nil {
		return Answer{}, err
	}
	var l Line
	err := m.store.Read(ctx, func(tx *db.Tx) (err error) {
		l, err = LineOf(tx, serviceNo)
		return err
	})
	a := Answer{serviceNo: serviceNo, source: m.ways[0].Name}
	switch {
	case err == nil:
		a = m.chain(ctx, l)
		a.serviceNo = serviceNo
	case fault.Is(err, fault.Missing):
		a.failure = "unknown-line"
	case ctx.Err() != nil:
		a.failure = "cut"
	default:
		return Answer{}, err
	}
	return a, nil
}

// chain asks one source after the other until one can say something of the line. An outside source that does not answer leaves
// the others their part of the patience. When none can say, the answer is why the outside could not.
func (m *Meter) chain(ctx context.Context, l Line) Answer {
	ctx, cancel := context.WithTimeout(ctx, m.patience)
	defer cancel()
	var passed []Passed
	outside := len(m.ways) - 1
	turns := make([]context.Context, len(m.ways)) // each until when it may take: what one leaves of its time the next one has too
	for i := range m.ways {
		turns[i] = ctx
		if i < outside {
			turn, end := context.WithTimeout(ctx, (m.patience-native)*time.Duration(i+1)/time.Duration(outside))
			defer end()
			turns[i] = turn
		}
	}
	for i, w := range m.ways {
		reading, failure := w.ask(turns[i], l)
		if failure == "" && i < outside && silent(reading) {
			failure = "silent"
		}
		if failure == "" {
			return Answer{source: w.Name, reading: reading, passed: passed}
		}
		passed = append(passed, Passed{w.Name, failure})
		if failure == "cut" { // whoever asked is gone
			break
		}
	}
	passed = passed[:min(len(passed), max(1, outside))] // that nothing is recorded is no news
	tells := len(passed) - 1
	for tells > 0 && passed[tells].Failure == "elsewhere" {
		tells--
	}
	one := passed[tells]
	return Answer{source: one.Source, failure: one.Failure, passed: slices.Delete(passed, tells, tells+1)}
}

func silent(r Reading) bool {
	r, doubt := clean(r)
	return r == (Reading{}) && doubt == ""
}

// ask runs the source in a goroutine of its own, so that one that never stops costs a place and not the caller's time.
func (w *way) ask(ctx context.Context, l Line) (Reading, string) {
	if ctx.Err() != nil {
		return Reading{}, late(ctx)
	}
	select {
	case w.places <- struct{}{}:
	default:
		return Reading{}, "crowded"
	}
	type answer struct {
		reading Reading
		err     error
	}
	said := make(chan answer, 1) // the source can leave its answer when nobody waits any more
	go func() {
		defer func() { <-w.places }()
		var a answer
		defer func() {
			if p := recover(); p != nil {
				a = answer{err: fmt.Errorf("line source: panic: %v", p)}
			}
			said <- a
		}()
		a.reading, a.err = w.Measure(ctx, l)
	}()
	select {
	case a := <-said:
		switch {
		case a.err == nil:
			return a.reading, ""
		case ctx.Err() != nil:
			return Reading{}, late(ctx)
		}
		return Reading{}, w.why(ctx, a.err)
	case <-ctx.Done():
		return Reading{}, late(ctx)
	}
}

// why is the failure that an error of a source comes to.
func (w *way) why(ctx context.Context, err error) string {
	kind := egress.KindOf(err)
	switch {
	case errors.Is(err, ErrElsewhere):
		return "elsewhere"
	case kind == egress.Resting:
		return "resting"
	}
	slog.WarnContext(ctx, "line not measured", "source", w.Name, "err", err)
	if kind == egress.Late {
		return "timeout"
	}
	return "source"
}

func late(ctx context.Context) string {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return "timeout"
	}
	return "cut"
}

// Close waits until every measurement has ended, or the context has.
func (m *Meter) Close(ctx context.Context) error {
	for _, w := range m.ways {
		for range cap(w.places) {
			select {
			case w.places <- struct{}{}:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

// Recorded is the native source: it answers from a table, for sites without a measuring network and for practice.
type Recorded struct{ Store *db.DB }

// Measure gives what is recorded for the line.
func (s Recorded) Measure(ctx context.Context, l Line) (r Reading, err error) {
	err = s.Store.Read(ctx, func(tx *db.Tx) error {
		var text string
		err := tx.Row(`SELECT reading FROM line_answer WHERE service_no = $1`, l.ServiceNo).Scan(&text)
		if fault.Is(err, fault.Missing) {
			return fault.New(fault.Missing, "line.no-answer")
		}
		if err != nil {
			return err
		}
		return json.Unmarshal([]byte(text), &r)
	})
	return r, err
}

// PutRecorded keeps what the recorded table answers for a line from now on.
func PutRecorded(tx *db.Tx, serviceNo string, r Reading) error {
	r, _ = clean(r)
	text, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("record answer: %w", err)
	}
	_, err = tx.Exec(`
		INSERT INTO line_answer(service_no, reading, changed_at) VALUES ($1, $2, $3)
		ON CONFLICT (service_no) DO UPDATE SET reading = excluded.reading, changed_at = excluded.changed_at`,
		number(serviceNo), string(text), db.Millis(tx.Now))
	return err
}
