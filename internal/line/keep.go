package line

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"sapa/internal/db"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// Measurement is one measurement of a line, or one that failed, as it is kept.
type Measurement struct {
	ID        db.ID
	ServiceNo string
	Reading
	Verdict    string // SPEC, UNSPEC, FAILED
	Class      string // logic, fisik; "" of one that failed
	Failure    string // why it failed: "line.failure." + Failure is its sentence
	Doubt      string // fields left out because nothing can have such values
	Rule       Rule   // what it was judged by
	MeasuredAt time.Time
	By         db.ID
	Source     string
	Passed     []Passed // sources that were asked before and could not say
}

// Makeshift tells whether a source that may know the line did not answer and another one was heard in its place: the next time it may.
func (m Measurement) Makeshift() bool {
	return slices.ContainsFunc(m.Passed, func(p Passed) bool { return p.Failure != "elsewhere" })
}

// kept is the answer as it is stored: the reading, and who was asked before.
type kept struct {
	Reading
	Passed []Passed `json:"passed,omitempty"`
}

// Put keeps a row of the recorded table: where a number ends in the network and, when it is told, what a measurement of it
// answers from now on. The journal counts, it names no number.
func Put(tx *db.Tx, by who.Actor, l Line, answer *Reading) error {
	if err := PutLine(tx, l); err != nil {
		return err
	}
	answers := "0"
	if answer != nil {
		if err := PutRecorded(tx, l.ServiceNo, *answer); err != nil {
			return err
		}
		answers = "1"
	}
	_, err := journal.Write(tx, journal.Entry{By: by, Act: "line.put", Kind: "line", Data: map[string]string{"lines": "1", "answers": answers}})
	return err
}

// Keep judges what a source answered by the rule in force and keeps it. failure is empty, or why there is no answer; an
// answer that itself says it failed, or says nothing, is a failure too. Every measurement is a row, also a failed one
// (SOP 5.2.10.j).
func Keep(tx *db.Tx, by who.Actor, serviceNo string, r Reading, failure, source string) (Measurement, error) {
	return keep(tx, by, Answer{serviceNo: serviceNo, reading: r, failure: failure, source: source})
}

func keep(tx *db.Tx, by who.Actor, a Answer) (Measurement, error) {
	m := Measurement{ServiceNo: number(a.serviceNo), Failure: a.failure, MeasuredAt: tx.Now, By: db.ID(by.ID), Source: a.source}
	if len(a.passed) > 0 {
		m.Passed = a.passed
	}
	var err error
	if m.Rule, err = CurrentRule(tx); err != nil {
		return m, err
	}
	m.Reading, m.Doubt = clean(a.reading)
	switch {
	case m.Failure != "":
		m.Reading = Reading{Message: m.Message}
	case m.Reading == (Reading{}) && m.Doubt == "":
		m.Failure = "silent"
	case m.failed() && m.Doubt == "": // a message beside values that nothing can have is no failure, the line is out of spec
		m.Failure = "refused"
	}
	if m.Failure != "" {
		m.Verdict, m.Class = Failed, ""
	} else {
		judged := m.Reading
		judged.Message = ""
		m.Verdict, m.Class = Judge(judged, m.Rule)
	}
	text, err := json.Marshal(kept{m.Reading, m.Passed})
	if err != nil {
		return m, fmt.Errorf("keep measurement: %w", err)
	}
	m.ID = tx.NewID()
	_, err = tx.Exec(`
		INSERT INTO measurement(id, service_no, verdict, class, failure, onu_rx_pwr, reading, doubt, rx_min, rx_max, measured_at, measured_by, source)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		m.ID, m.ServiceNo, m.Verdict, m.Class, m.Failure, m.OnuRxPwr, string(text), m.Doubt, m.Rule.RxMin, m.Rule.RxMax,
		db.Millis(m.MeasuredAt), m.By, m.Source)
	if err != nil {
		return m, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "line.measured", Kind: "measurement", Ref: m.ID, Data: map[string]string{"verdict": m.Verdict}})
	return m, err
}

const columns = `id, service_no, verdict, class, failure, reading, doubt, rx_min, rx_max, measured_at, measured_by, source`

func scan(s db.Scanner) (Measurement, error) {
	var m Measurement
	var text string
	var at int64
	if err := s.Scan(&m.ID, &m.ServiceNo, &m.Verdict, &m.Class, &m.Failure, &text, &m.Doubt, &m.Rule.RxMin, &m.Rule.RxMax, &at, &m.By, &m.Source); err != nil {
		return m, err
	}
	m.MeasuredAt = db.Time(at)
	var k kept
	if err := json.Unmarshal([]byte(text), &k); err != nil {
		return m, err
	}
	m.Reading, m.Passed = k.Reading, k.Passed
	return m, nil
}

// Get reads one measurement.
func Get(tx *db.Tx, id db.ID) (Measurement, error) {
	return scan(tx.Row(`SELECT `+columns+` FROM measurement WHERE id = $1`, id))
}

// Latest reads the last measurement of a line, failed or not; Missing when it never was measured.
func Latest(tx *db.Tx, serviceNo string) (Measurement, error) {
	return scan(tx.Row(`SELECT `+columns+` FROM measurement WHERE service_no = $1 ORDER BY id DESC LIMIT 1`, number(serviceNo)))
}

// List gives a line's measurements, newest first, at most limit (1 to 200; 0 means 50).
func List(tx *db.Tx, serviceNo string, limit int) ([]Measurement, error) {
	all, _, err := Page(tx, serviceNo, 0, limit)
	return all, err
}

// Page gives a page of a line's measurements, newest first: those older than after (0: from the newest), at most limit (1 to
// 200; 0 means 50), and the id to go on after; 0 when this was the last page.
func Page(tx *db.Tx, serviceNo string, after db.ID, limit int) (page []Measurement, next db.ID, err error) {
	if limit <= 0 || limit > 200 {
		limit = 50
	}
	if after == 0 {
		after = math.MaxInt64
	}
	err = tx.Each(`
		SELECT `+columns+` FROM measurement
		 WHERE service_no = $1 AND id < $2
		 ORDER BY id DESC
		 LIMIT $3`, []any{number(serviceNo), after, limit + 1}, func(s db.Scanner) error {
		m, err := scan(s)
		page = append(page, m)
		return err
	})
	if len(page) > limit {
		page = page[:limit]
		next = page[limit-1].ID
	}
	return page, next, err
}
