package call

import (
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phone"
)

const columns = `id, turn, ticket, agent, number, dialler, line, dialled_at, answered_at, ended_at, ring_s, talk_s`

const aliased = `a.id, a.turn, a.ticket, a.agent, a.number, a.dialler, a.line, a.dialled_at, a.answered_at, a.ended_at, a.ring_s, a.talk_s`

func scan(s db.Scanner) (Attempt, error) {
	var a Attempt
	var number, line string
	var dialled, answered, ended int64
	err := s.Scan(&a.ID, &a.Turn, &a.Ticket, &a.Agent, &number, &a.Dialler, &line, &dialled, &answered, &ended, &a.RingS, &a.TalkS)
	a.Number, a.Line = phone.Number(number), Line(line)
	a.DialledAt, a.AnsweredAt, a.EndedAt = db.Time(dialled), db.Time(answered), db.Time(ended)
	return a, err
}

// Begin keeps that an agent starts to dial now. Conflict "call.live" when the agent is in a call already.
func Begin(tx *db.Tx, a Attempt) (Attempt, error) {
	if _, live, err := Live(tx, a.Agent); err != nil {
		return Attempt{}, err
	} else if live {
		return Attempt{}, fault.New(fault.Conflict, "call.live")
	}
	a.ID, a.DialledAt = tx.NewID(), tx.Now
	a.Line, a.AnsweredAt, a.EndedAt, a.RingS, a.TalkS = "", time.Time{}, time.Time{}, 0, 0
	return a, insert(tx, a)
}

func insert(tx *db.Tx, a Attempt) error {
	_, err := tx.Exec(`
		INSERT INTO attempt(id, turn, ticket, agent, number, dialler, line, dialled_at, answered_at, ended_at, ring_s, talk_s)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		a.ID, a.Turn, a.Ticket, a.Agent, a.Number.Full(), a.Dialler, string(a.Line),
		db.Millis(a.DialledAt), db.Millis(a.AnsweredAt), db.Millis(a.EndedAt), a.RingS, a.TalkS)
	return err
}

// Get reads one attempt.
func Get(tx *db.Tx, id db.ID) (Attempt, error) {
	return scan(tx.Row(`SELECT `+columns+` FROM attempt WHERE id = $1`, id))
}

// Hear keeps a signal of a dialler. The same signal twice changes nothing, and nothing is heard after the end.
func Hear(tx *db.Tx, s Signal) (Attempt, error) {
	a, err := Get(tx, s.Attempt)
	if err != nil || !a.Live() {
		return a, err
	}
	at := s.At.UTC()
	if at.IsZero() {
		at = tx.Now
	}
	switch s.Kind {
	case Ringing:
		return a, nil
	case Picked:
		if !a.AnsweredAt.IsZero() {
			return a, nil
		}
		a.AnsweredAt = at
		_, err = tx.Exec(`UPDATE attempt SET answered_at = $2 WHERE id = $1`, a.ID, db.Millis(at))
		return a, err
	case Ended:
		return end(tx, a, a.heard(s.Line), at)
	}
	return a, fault.New(fault.Invalid, "call.signal", "kind", s.Kind)
}

// heard is the line at the end of a call as its dialler tells it. A call that was picked up stays answered when the
// dialler breaks or forgets it afterwards: there was somebody, and the agent owes a result.
func (a Attempt) heard(line Line) Line {
	switch {
	case !a.AnsweredAt.IsZero() && (!line.Valid() || line == Failed || line == Unknown):
		return Answered
	case !line.Valid():
		return Unknown
	}
	return line
}

func end(tx *db.Tx, a Attempt, line Line, at time.Time) (Attempt, error) {
	a.Line, a.EndedAt = line, at
	switch {
	case !line.picked():
		a.AnsweredAt = time.Time{} // the agent said "answered" first and saw better
	case a.AnsweredAt.IsZero():
		a.AnsweredAt = at
	}
	until := at
	if !a.AnsweredAt.IsZero() {
		until = a.AnsweredAt
	}
	a.RingS = seconds(a.DialledAt, until)
	a.TalkS = 0
	if line.picked() {
		a.TalkS = seconds(a.AnsweredAt, at)
	}
	_, err := tx.Exec(`
		UPDATE attempt SET line = $2, answered_at = $3, ended_at = $4, ring_s = $5, talk_s = $6
		 WHERE id = $1`,
		a.ID, string(a.Line), db.Millis(a.AnsweredAt), db.Millis(a.EndedAt), a.RingS, a.TalkS)
	return a, err
}

func seconds(from, to time.Time) int {
	if to.Before(from) {
		return 0
	}
	return int(to.Sub(from) / time.Second)
}

// Reported is what an agent, or a machine for the agent, says an attempt was like.
type Reported struct {
	Line         Line
	RingS, TalkS int       // seconds, 0 to 86,400
	StartedAt    time.Time // zero: it ends now
}

const longest = 86_400 // seconds: a longer call is a slip of the clock or the finger

// Report keeps an attempt that the agent tells about: the live one of a dialler that hears nothing gets its line, else a
// whole attempt is added. Conflict "call.line-reported" when a dialler has reported the line of this turn itself
// (decisions.md 4: nobody may then say otherwise).
func Report(tx *db.Tx, turn, ticket, agent db.ID, number phone.Number, r Reported) (Attempt, error) {
	if err := r.check(tx.Now); err != nil {
		return Attempt{}, err
	}
	made, err := OfTurn(tx, turn)
	if err != nil {
		return Attempt{}, err
	}
	for _, a := range made {
		if a.Reports() {
			return Attempt{}, fault.New(fault.Conflict, "call.line-reported").At("line", "5.2.5.call")
		}
		if a.Live() {
			return finishManual(tx, a, r)
		}
	}
	a := Attempt{ID: tx.NewID(), Turn: turn, Ticket: ticket, Agent: agent, Number: number, Dialler: Manual, Line: r.Line,
		RingS: r.RingS, TalkS: r.TalkS, DialledAt: r.StartedAt.UTC(), EndedAt: tx.Now}
	if r.StartedAt.IsZero() {
		a.DialledAt = tx.Now.Add(-time.Duration(r.RingS+r.TalkS) * time.Second)
	} else {
		a.EndedAt = a.DialledAt.Add(time.Duration(r.RingS+r.TalkS) * time.Second)
	}
	if r.Line.picked() {
		a.AnsweredAt = a.DialledAt.Add(time.Duration(r.RingS) * time.Second)
	}
	return a, insert(tx, a)
}

// finishManual gives the live attempt its line. What the agent says about seconds counts; silence about them means: now.
func finishManual(tx *db.Tx, a Attempt, r Reported) (Attempt, error) {
	if r.RingS > 0 || r.TalkS > 0 {
		if r.Line.picked() {
			a.AnsweredAt = a.DialledAt.Add(time.Duration(r.RingS) * time.Second)
		}
		return end(tx, a, r.Line, a.DialledAt.Add(time.Duration(r.RingS+r.TalkS)*time.Second))
	}
	return end(tx, a, r.Line, tx.Now)
}

// Answer marks that somebody picked up a call whose dialler hears nothing: the agent says so, and the timer runs.
func Answer(tx *db.Tx, id db.ID) (Attempt, error) {
	return Hear(tx, Signal{Attempt: id, Kind: Picked, At: tx.Now})
}

func (r Reported) check(now time.Time) error {
	switch {
	case !r.Line.Valid():
		return fault.New(fault.Invalid, "call.line-unknown", "line", string(r.Line)).At("line", "5.2.5.call")
	case r.RingS < 0 || r.RingS > longest:
		return fault.New(fault.Invalid, "call.seconds").At("ring_s", "")
	case r.TalkS < 0 || r.TalkS > longest:
		return fault.New(fault.Invalid, "call.seconds").At("talk_s", "")
	case r.TalkS > 0 && !r.Line.picked():
		return fault.New(fault.Invalid, "call.talk-without-answer", "line", string(r.Line)).At("talk_s", "5.2.5.call")
	case r.StartedAt.After(now.Add(time.Minute)):
		return fault.New(fault.Invalid, "call.started-later").At("started_at", "")
	case !r.StartedAt.IsZero() && r.StartedAt.Before(now.Add(-24*time.Hour)):
		return fault.New(fault.Invalid, "call.started-long-ago").At("started_at", "")
	}
	return nil
}

// OfTurn lists the attempts of a turn, oldest first.
func OfTurn(tx *db.Tx, turn db.ID) ([]Attempt, error) {
	return list(tx, `SELECT `+columns+` FROM attempt WHERE turn = $1 ORDER BY dialled_at, id`, turn)
}

// OfTicket lists the attempts of a ticket, newest first, at most limit: its own, and those of the calls it went along with.
func OfTicket(tx *db.Tx, ticket db.ID, limit int) ([]Attempt, error) {
	return list(tx, `
		SELECT `+columns+` FROM attempt WHERE ticket = $1
		UNION ALL
		SELECT `+aliased+` FROM along g JOIN attempt a ON a.turn = g.lead WHERE g.ticket = $1
		 ORDER BY dialled_at DESC, id DESC LIMIT $2`, ticket, limit)
}

func list(tx *db.Tx, query string, args ...any) ([]Attempt, error) {
	var all []Attempt
	err := tx.Each(query, args, func(s db.Scanner) error {
		a, err := scan(s)
		all = append(all, a)
		return err
	})
	return all, err
}

// Live finds the call an agent is in.
func Live(tx *db.Tx, agent db.ID) (Attempt, bool, error) {
	a, err := scan(tx.Row(`SELECT `+columns+` FROM attempt WHERE agent = $1 AND ended_at = 0`, agent))
	if fault.Is(err, fault.Missing) {
		return Attempt{}, false, nil
	}
	return a, err == nil, err
}

// Forget ends an agent's live call as unknown: nobody heard its end and nobody is there any more to say it.
func Forget(tx *db.Tx, agent db.ID) error {
	_, err := tx.Exec(`
		UPDATE attempt SET line = $2, answered_at = 0, ended_at = $3
		 WHERE agent = $1 AND ended_at = 0`, agent, string(Unknown), db.Millis(tx.Now))
	return err
}

// Days counts on how many different days, of those that begin at the given moments, a ticket was dialled, and how often
// since the last of them (A-38: attempts per day, days). A call it went along with rang the customer for it too.
func Days(tx *db.Tx, ticket db.ID, zone *time.Location) (today, days int, err error) {
	seen := map[string]bool{}
	now := tx.Now.In(zone).Format(time.DateOnly)
	err = tx.Each(`
		SELECT dialled_at FROM attempt WHERE ticket = $1 AND line NOT IN ('failed', 'unknown')
		UNION ALL
		SELECT a.dialled_at FROM along g JOIN attempt a ON a.turn = g.lead WHERE g.ticket = $1 AND a.line NOT IN ('failed', 'unknown')`, []any{ticket}, func(s db.Scanner) error {
		var at int64
		if err := s.Scan(&at); err != nil {
			return err
		}
		day := db.Time(at).In(zone).Format(time.DateOnly)
		seen[day] = true
		if day == now {
			today++
		}
		return nil
	})
	return today, len(seen), err
}
