// Package call keeps the attempts to reach a number: who dialled, what the line said, how long somebody talked. It knows
// no telephone system: a Dialer does the dialling, and what it hears comes back as signals. It decides no outcome.
package call

import (
	"context"
	"slices"
	"time"

	"sapa/internal/db"
	"sapa/internal/phone"
)

// Line is what the line said at the end of an attempt (contract: POST /tickets/{id}/attempts).
type Line string

const (
	Answered     Line = "answered"
	NoAnswer     Line = "no-answer"
	Rejected     Line = "rejected"
	Busy         Line = "busy"
	Machine      Line = "machine"
	Silence      Line = "silence"
	BadNumber    Line = "bad-number"
	Unregistered Line = "unregistered"
	Failed       Line = "failed"  // our side broke: supports no outcome, only dial again or release
	Unknown      Line = "unknown" // nobody can say: the same
)

// Lines lists every word of the line, in the order pages offer them.
var Lines = []Line{Answered, NoAnswer, Rejected, Busy, Machine, Silence, BadNumber, Unregistered, Failed, Unknown}

// Valid tells whether the word is one of the line's.
func (l Line) Valid() bool { return slices.Contains(Lines, l) }

// picked tells whether something or somebody picked up, so that there can be talk time.
func (l Line) picked() bool { return l == Answered || l == Machine || l == Silence }

// Manual is the name of the dialler that only hands the number to the agent's own telephone: it hears nothing, so the
// agent says what the line did. Every other dialler reports the line itself.
const Manual = "manual"

// Attempt is one try to reach one number within a turn.
type Attempt struct {
	ID, Turn, Ticket, Agent db.ID
	Number                  phone.Number
	Dialler                 string
	Line                    Line // empty while the call is live
	DialledAt               time.Time
	AnsweredAt              time.Time // zero: nobody picked up
	EndedAt                 time.Time // zero: live
	RingS, TalkS            int       // seconds
}

// Live tells whether the call is still going on.
func (a Attempt) Live() bool { return a.EndedAt.IsZero() }

// Reports tells whether the dialler hears the line itself; then nobody may say otherwise (decisions.md 4).
func (a Attempt) Reports() bool { return a.Dialler != Manual }

// Dialer dials for an agent. What it hears comes back as signals; Dial returns as soon as dialling has begun.
type Dialer interface {
	Name() string
	Dial(ctx context.Context, a Attempt) error
	Hangup(ctx context.Context, attempt db.ID) error
}

// Kind of a signal.
const (
	Ringing = "ringing"
	Picked  = "answered"
	Ended   = "ended"
)

// Signal is what a dialler heard about an attempt.
type Signal struct {
	Attempt db.ID
	Kind    string // Ringing, Picked or Ended
	Line    Line   // with Ended
	At      time.Time
}

// Evidence is what the attempts of one turn prove: "answered" when anybody was reached, else the last line that means
// something, else "failed" or "unknown", else "none" (no attempt was made). It is the engine's fact last_line.
func Evidence(attempts []Attempt) string {
	last := "none"
	for _, a := range attempts {
		switch {
		case a.Line == Answered || (a.Live() && !a.AnsweredAt.IsZero()):
			return string(Answered)
		case a.Live():
			continue
		case a.Line == Failed || a.Line == Unknown:
			if last == "none" {
				last = string(a.Line)
			}
		default:
			last = string(a.Line)
		}
	}
	return last
}
