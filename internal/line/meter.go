package line

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"sapa/internal/db"
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

// Meter asks a source and keeps what it says.
type Meter struct {
	store    *db.DB
	source   Source
	name     string
	patience time.Duration
	places   chan struct{} // one for each measurement that may run: holds back what a stuck source would pile up
}

// NewMeter makes a meter over a source; name is what measurements say they come from.
func NewMeter(store *db.DB, source Source, name string) *Meter {
	return &Meter{store: store, source: source, name: name, patience: Patience, places: make(chan struct{}, crowd)}
}

// Measure asks the source about a line, outside of any transaction and for 8 s at most, then keeps the answer or the
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
}

// Keep keeps the answer as a measurement.
func (a Answer) Keep(tx *db.Tx, by who.Actor) (Measurement, error) {
	return Keep(tx, by, a.serviceNo, a.reading, a.failure, a.source)
}

// Ask asks the source and keeps nothing; like Measure it takes 8 s at most, and a failure is an answer.
func (m *Meter) Ask(ctx context.Context, serviceNo string) (Answer, error) {
	if _, _, err := phone.ParseService(serviceNo); err != nil {
		return Answer{}, err
	}
	a := Answer{serviceNo: serviceNo, source: m.name}
	var l Line
	err := m.store.Read(ctx, func(tx *db.Tx) (err error) {
		l, err = LineOf(tx, serviceNo)
		return err
	})
	switch {
	case err == nil:
		a.reading, a.failure = m.ask(ctx, l)
	case fault.Is(err, fault.Missing):
		a.failure = "unknown-line"
	case ctx.Err() != nil:
		a.failure = "cut"
	default:
		return Answer{}, err
	}
	return a, nil
}

// ask runs the source in a goroutine of its own, so that one that never stops costs a place and not the caller's time.
func (m *Meter) ask(ctx context.Context, l Line) (Reading, string) {
	ctx, cancel := context.WithTimeout(ctx, m.patience)
	defer cancel()
	if ctx.Err() != nil {
		return Reading{}, late(ctx)
	}
	select {
	case m.places <- struct{}{}:
	default:
		return Reading{}, "crowded"
	}
	type answer struct {
		reading Reading
		err     error
	}
	said := make(chan answer, 1) // the source can leave its answer when nobody waits any more
	go func() {
		defer func() { <-m.places }()
		var a answer
		defer func() {
			if p := recover(); p != nil {
				a = answer{err: fmt.Errorf("line source: panic: %v", p)}
			}
			said <- a
		}()
		a.reading, a.err = m.source.Measure(ctx, l)
	}()
	select {
	case a := <-said:
		switch {
		case a.err == nil:
			return a.reading, ""
		case ctx.Err() != nil:
			return Reading{}, late(ctx)
		}
		slog.WarnContext(ctx, "line not measured", "source", m.name, "err", a.err)
		return Reading{}, "source"
	case <-ctx.Done():
		return Reading{}, late(ctx)
	}
}

func late(ctx context.Context) string {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return "timeout"
	}
	return "cut"
}

// Close waits until every measurement has ended, or the context has.
func (m *Meter) Close(ctx context.Context) error {
	for range cap(m.places) {
		select {
		case m.places <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
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
