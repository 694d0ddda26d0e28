package ticket

import (
	"math"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// LongCall is the length a call must exceed before it may become a callback by criterion f, in seconds: strictly more
// (SOP 5.2.1.f: durasi call > 10 menit).
const LongCall = 600

// Recommendation is a leader's word that a long call may become a callback (SOP 5.2.1.f, A-42). It is there before the
// ticket is, and serves for one.
type Recommendation struct {
	ID        db.ID
	AskedBy   db.ID
	AskedAt   time.Time
	Leader    db.ID
	State     string // asked, granted, refused, used
	ServiceNo string
	CallS     int    // how long the call had lasted when asked, seconds
	Reason    string // why it was asked for
	DecidedAt time.Time
	Why       string // what the leader said with the decision
	Ticket    db.ID
}

const recommendColumns = `id, asked_by, asked_at, leader, state, service_no, call_s, reason, decided_at, why, ticket`

func scanRecommendation(s db.Scanner) (Recommendation, error) {
	var r Recommendation
	var asked, decided int64
	err := s.Scan(&r.ID, &r.AskedBy, &asked, &r.Leader, &r.State, &r.ServiceNo, &r.CallS, &r.Reason, &decided, &r.Why, &r.Ticket)
	r.AskedAt, r.DecidedAt = db.Time(asked), db.Time(decided)
	return r, err
}

// AskRecommendation asks the leaders for their word.
func AskRecommendation(tx *db.Tx, by who.Actor, serviceNo string, callS int, reason string) (Recommendation, error) {
	if callS < 0 || callS > 86_400 {
		return Recommendation{}, fault.New(fault.Invalid, "ticket.call-length").At("call_s", "5.2.1.f")
	}
	if len([]rune(reason)) > 500 {
		return Recommendation{}, fault.New(fault.Invalid, "ticket.reason-long").At("reason", "5.2.1.f")
	}
	r := Recommendation{ID: tx.NewID(), AskedBy: db.ID(by.ID), AskedAt: tx.Now, State: "asked", ServiceNo: serviceNo, CallS: callS, Reason: reason}
	_, err := tx.Exec(`
		INSERT INTO recommendation(id, asked_by, asked_at, state, service_no, call_s, reason) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.ID, r.AskedBy, db.Millis(r.AskedAt), r.State, r.ServiceNo, r.CallS, r.Reason)
	if err != nil {
		return r, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "recommendation.asked", Kind: "recommendation", Ref: r.ID})
	return r, err
}

// DecideRecommendation grants or refuses what was asked. Once only; who refuses says why.
func DecideRecommendation(tx *db.Tx, by who.Actor, id db.ID, grant bool, why string) (Recommendation, error) {
	why = strings.TrimSpace(why)
	if n := len([]rune(why)); n > 500 || (!grant && n < 3) {
		return Recommendation{}, fault.New(fault.Invalid, "ticket.refusal-why").At("why", "5.2.1.f")
	}
	state := "refused"
	if grant {
		state = "granted"
	}
	n, err := tx.Exec(`UPDATE recommendation SET state = $2, leader = $3, decided_at = $4, why = $5 WHERE id = $1 AND state = 'asked'`, id, state, by.ID, db.Millis(tx.Now), why)
	if err != nil {
		return Recommendation{}, err
	}
	r, err := GetRecommendation(tx, id)
	if err != nil {
		return r, err
	}
	if n == 0 {
		return r, fault.New(fault.Conflict, "ticket.recommendation-decided", "state", r.State)
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "recommendation." + state, Kind: "recommendation", Ref: id})
	return r, err
}

// UseRecommendation spends a granted recommendation on the ticket of the one who asked for it.
func UseRecommendation(tx *db.Tx, by who.Actor, id, ticket db.ID) error {
	n, err := tx.Exec(`UPDATE recommendation SET state = 'used', ticket = $3 WHERE id = $1 AND state = 'granted' AND asked_by = $2`, id, by.ID, ticket)
	if err == nil && n == 0 {
		err = fault.New(fault.Invalid, "ticket.recommendation-missing").At("recommendation", "5.2.1.f")
	}
	return err
}

// GetRecommendation reads one.
func GetRecommendation(tx *db.Tx, id db.ID) (Recommendation, error) {
	return scanRecommendation(tx.Row(`SELECT `+recommendColumns+` FROM recommendation WHERE id = $1`, id))
}

// Recommendations gives a page of those in a state, oldest first, and the id to go on after; zero on the last page.
func Recommendations(tx *db.Tx, state string, after db.ID, limit int) (page []Recommendation, next db.ID, err error) {
	return recommendations(tx, limit, `
		SELECT `+recommendColumns+` FROM recommendation WHERE state = $1 AND id > $2 ORDER BY id LIMIT $3`, state, after, limit+1)
}

// MyRecommendations gives a page of what a person asked for since a moment, newest first, and the id to go on after.
func MyRecommendations(tx *db.Tx, person db.ID, since time.Time, after db.ID, limit int) (page []Recommendation, next db.ID, err error) {
	if after == 0 {
		after = math.MaxInt64
	}
	return recommendations(tx, limit, `
		SELECT `+recommendColumns+` FROM recommendation
		 WHERE asked_by = $1 AND asked_at >= $2 AND id < $3
		 ORDER BY id DESC
		 LIMIT $4`, person, db.Millis(since), after, limit+1)
}

func recommendations(tx *db.Tx, limit int, query string, args ...any) (page []Recommendation, next db.ID, err error) {
	err = tx.Each(query, args, func(s db.Scanner) error {
		r, err := scanRecommendation(s)
		page = append(page, r)
		return err
	})
	if len(page) > limit {
		page = page[:limit]
		next = page[limit-1].ID
	}
	return page, next, err
}
