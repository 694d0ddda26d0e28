package customer

import (
	"slices"
	"time"

	"sapa/internal/db"
)

// How a reading ended when the outside answered. What went wrong otherwise is named as egress names it.
const (
	Read   = "read"   // it told what it has
	Nobody = "nobody" // it knows nobody of that number
	Other  = "other"  // what it told is of another customer than the one here: nothing of it was kept
)

// Answered tells whether an outcome is an answer.
func Answered(outcome string) bool { return slices.Contains([]string{Read, Nobody, Other}, outcome) }

// Reading is when one outside system was asked about somebody and how it went.
type Reading struct {
	Source      string    // the connector
	Application string    // of 5.1
	AskedAt     time.Time // last
	ReadAt      time.Time // when it last answered: the age of what is shown; zero: never
	Outcome     string
	Doubts      int // things it said that were not kept
}

// Failed tells whether the last question got no answer.
func (r Reading) Failed() bool { return !Answered(r.Outcome) }

// Due tells whether it is to be asked again: an answer is good for fresh, after a failure it is left alone for retry.
func (r Reading) Due(now time.Time, fresh, retry time.Duration) bool {
	if r.Failed() {
		fresh = min(retry, fresh)
	}
	return !now.Before(r.AskedAt.Add(fresh))
}

// SubjectOf names whom a reading is about: a customer, or a service number of nobody who is known here.
func SubjectOf(id db.ID, serviceNo string) string {
	if id != 0 {
		return "c" + id.String()
	}
	return "s" + serviceNo
}

// PutReadings keeps how the questions of one time went. An answer's moment stays while later questions fail.
func PutReadings(tx *db.Tx, subject string, all []Reading) error {
	for _, r := range all {
		read := int64(0)
		if !r.Failed() {
			read = db.Millis(tx.Now)
		}
		_, err := tx.Exec(`
			INSERT INTO reading(subject, source, application, asked_at, read_at, outcome, doubts) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (subject, source) DO UPDATE SET application = excluded.application, asked_at = excluded.asked_at, outcome = excluded.outcome,
				read_at = CASE WHEN excluded.read_at > 0 THEN excluded.read_at ELSE reading.read_at END,
				doubts = CASE WHEN excluded.read_at > 0 THEN excluded.doubts ELSE reading.doubts END
			 WHERE excluded.asked_at >= reading.asked_at`,
			subject, r.Source, r.Application, db.Millis(tx.Now), read, r.Outcome, r.Doubts)
		if err != nil {
			return err
		}
	}
	return nil
}

// Readings lists what was asked about a subject, by application.
func Readings(tx *db.Tx, subject string) ([]Reading, error) {
	var all []Reading
	err := tx.Each(`SELECT source, application, asked_at, read_at, outcome, doubts FROM reading WHERE subject = $1 ORDER BY application, source`, []any{subject}, func(s db.Scanner) error {
		var r Reading
		var asked, read int64
		err := s.Scan(&r.Source, &r.Application, &asked, &read, &r.Outcome, &r.Doubts)
		r.AskedAt, r.ReadAt = db.Time(asked), db.Time(read)
		all = append(all, r)
		return err
	})
	return all, err
}

// Report is a trouble ticket of the other side, as it was last told there (SOP 5.2.10.check).
type Report struct {
	Source, Application string // given when it is kept
	No, ServiceNo       string
	State               string // in the other side's word
	Open                bool
	Subject             string
	OwnNo               string // its number here, when it was opened there from here
	OpenedAt            time.Time
	SeenAt              time.Time // when it was last told
}

func putReport(tx *db.Tx, r Report) (bool, error) {
	if r.No == "" || r.ServiceNo == "" || r.Source == "" {
		return false, nil
	}
	open := 0
	if r.Open {
		open = 1
	}
	var was string
	var wasOpen int
	err := tx.Row(`SELECT COALESCE(max(state), ''), COALESCE(max(open), 2) FROM outside_report WHERE source = $1 AND no = $2`, r.Source, r.No).Scan(&was, &wasOpen)
	if err != nil {
		return false, err
	}
	_, err = tx.Exec(`
		INSERT INTO outside_report(source, no, application, service_no, state, open, subject, own_no, opened_at, seen_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (source, no) DO UPDATE SET application = excluded.application, service_no = excluded.service_no, state = excluded.state, open = excluded.open,
			subject = excluded.subject, own_no = excluded.own_no, opened_at = excluded.opened_at, seen_at = excluded.seen_at`,
		r.Source, r.No, r.Application, r.ServiceNo, r.State, open, r.Subject, r.OwnNo, db.Millis(r.OpenedAt), db.Millis(tx.Now))
	return was != r.State || wasOpen != open, err
}

// OpenReports lists what the other side says is open on a service, the newest first, but for what is a ticket of that service here: that
// one is followed here.
func OpenReports(tx *db.Tx, serviceNo string) ([]Report, error) {
	var all []Report
	err := tx.Each(`
		SELECT source, application, no, service_no, state, open, subject, opened_at, seen_at FROM outside_report o
		 WHERE service_no = $1 AND open = 1 AND NOT EXISTS (SELECT 1 FROM trouble t WHERE t.no IN (o.no, o.own_no) AND t.service_no = o.service_no)
		 ORDER BY opened_at DESC, no DESC
		 LIMIT 20`, []any{serviceNo}, func(s db.Scanner) error {
		var r Report
		var open int
		var opened, seen int64
		err := s.Scan(&r.Source, &r.Application, &r.No, &r.ServiceNo, &r.State, &open, &r.Subject, &opened, &seen)
		r.Open, r.OpenedAt, r.SeenAt = open == 1, db.Time(opened), db.Time(seen)
		all = append(all, r)
		return err
	})
	return all, err
}
