package trace

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/procedure"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// Handled is a finished turn in which a clause was at work.
type Handled struct {
	Result   db.ID // newest first by it
	Turn     db.ID
	Ticket   db.ID
	Ref      string
	Campaign string
	Title    procedure.Text // of the campaign, as its own revision calls it
	Revision int
	Agent    db.ID
	At       time.Time
	Outcome  procedure.Text // as its own revision calls it
	By       []Part         // what of it rests on the clause
}

const (
	scanAtOnce = 200  // turns read at a time
	scanMost   = 2000 // and in one look, so that a page never waits for a whole year
)

// Under lists the finished turns in which a clause was at work, newest first: a field of it was answered, an option of it
// chosen, a step of it done, the outcome or one of its effects rests on it - under the turn's own revision. One look reads
// at most 2,000 turns: the page may be shorter than limit; go on with before = next until that is 0.
func Under(tx *db.Tx, scope who.Scope, all []document.Revision, clause string, before db.ID, limit int) (page []Handled, next db.ID, err error) {
	own, campaigns, acts := cited(all, clause)
	if len(campaigns) == 0 {
		return nil, 0, nil
	}
	for read := 0; read < scanMost; {
		turns, err := ticket.FinishedIn(tx, scope, campaigns, before, scanAtOnce)
		if err != nil {
			return nil, 0, err
		}
		var filed map[db.ID][]complaint
		if acts {
			if filed, err = complaints(tx, turns); err != nil {
				return nil, 0, err
			}
		}
		for _, t := range turns {
			read, before = read+1, t.Result
			if by := atWork(own[t.Revision], t, filed[t.Ticket]); len(by) > 0 {
				p := bookOf(all, t.Revision).Procedure(t.Code)
				page = append(page, Handled{Result: t.Result, Turn: t.ID, Ticket: t.Ticket, Ref: t.Ref, Campaign: t.Code, Title: p.Title, Revision: t.Revision,
					Agent: t.Agent, At: t.FinishedAt, Outcome: outcomeOf(p, t.Outcome).Title, By: by})
			}
			if len(page) == limit {
				return page, before, nil
			}
		}
		if len(turns) < scanAtOnce {
			return page, 0, nil
		}
	}
	return page, before, nil
}

// cited gives what rests on a clause in each revision, the campaigns to look through, and whether an act is among them: an
// act happens in turns of every campaign.
func cited(all []document.Revision, clause string) (own map[int][]Part, campaigns []string, acts bool) {
	own = map[int][]Part{}
	for _, r := range all {
		own[r.Revision] = Parts(r.Book, clause)
		for _, p := range own[r.Revision] {
			acts = acts || p.OfAct
			if !p.OfAct && !slices.Contains(campaigns, p.Campaign) {
				campaigns = append(campaigns, p.Campaign)
			}
		}
	}
	if acts {
		for _, r := range all {
			for _, p := range r.Book.Procedures {
				if !slices.Contains(campaigns, p.Code) {
					campaigns = append(campaigns, p.Code)
				}
			}
		}
	}
	slices.Sort(campaigns)
	return own, campaigns, acts
}

func bookOf(all []document.Revision, revision int) *procedure.Book {
	for _, r := range all {
		if r.Revision == revision {
			return r.Book
		}
	}
	return &procedure.Book{}
}

func outcomeOf(p *procedure.Procedure, id string) procedure.Outcome {
	for _, o := range p.Outcomes {
		if o.ID == id {
			return o
		}
	}
	return procedure.Outcome{ID: id, Title: procedure.Text{ID: id, EN: id}}
}

// atWork picks the parts that were at work in a turn.
func atWork(parts []Part, t ticket.Finished, filed []complaint) []Part {
	var by []Part
	for _, p := range parts {
		if p.OfAct {
			if slices.ContainsFunc(filed, func(c complaint) bool { return c.in(t) && done(p, c.answers, true, true, "") }) {
				by = append(by, p)
			}
			continue
		}
		if p.Campaign == t.Code && done(p, t.Answers, !t.ReadAt.IsZero(), t.Called, t.Outcome) {
			by = append(by, p)
		}
	}
	return by
}

// done tells whether a part was at work where these answers were given. Of an act the outcome is not kept: what was filed is.
func done(p Part, answers map[string]string, read, called bool, outcome string) bool {
	switch p.Kind {
	case Script:
		return false // it was on the screen; whether it was said nobody recorded
	case Step:
		switch {
		case p.step.Off:
			return false
		case p.step.Kind == "read":
			return read
		case p.step.Kind == "call":
			return called
		}
		return len(p.step.Fields) == 0 || slices.ContainsFunc(p.step.Fields, func(id string) bool { return answers[id] != "" })
	case Field:
		return answers[p.ID] != ""
	case Option:
		return slices.Contains(strings.Split(answers[p.ID], ","), p.Of)
	case Outcome, Effect:
		return p.ID == outcome
	}
	return true // campaign, act, queue, save: every turn of it
}

// complaint is what the act of 5.2.10 filed, in the words of its own fields.
type complaint struct {
	opened  time.Time
	answers map[string]string
}

// in tells whether it was filed in a turn.
func (c complaint) in(t ticket.Finished) bool {
	return !c.opened.Before(t.ClaimedAt) && !c.opened.After(t.FinishedAt)
}

// complaints reads the trouble tickets that were opened from the tickets of some turns, by ticket.
func complaints(tx *db.Tx, turns []ticket.Finished) (map[db.ID][]complaint, error) {
	ids := make([]int64, 0, len(turns))
	for _, t := range turns {
		ids = append(ids, int64(t.Ticket))
	}
	text, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	all := map[db.ID][]complaint{}
	err = tx.Each(`
		SELECT source_ticket, opened_at, service, symptom, contact_name, contact_email, contact_mobile, hard_complaint, urgency,
		       CASE WHEN fcr = 1 THEN 'yes' ELSE 'no' END, description, CASE WHEN booking > 0 THEN 'booked' ELSE '' END
		  FROM trouble
		 WHERE source_ticket > 0
		   AND source_ticket IN (SELECT /*lite: value FROM json_each($1)*/ /*pg: CAST(jsonb_array_elements_text(CAST($1 AS jsonb)) AS BIGINT)*/)`,
		[]any{string(text)}, func(s db.Scanner) error {
			var ticket db.ID
			var opened int64
			fields := []string{"service", "symptom", "contact_name", "contact_email", "contact_mobile", "hard_complaint", "urgency", "first_call_resolution", "description", "slot"}
			values := make([]string, len(fields))
			to := []any{&ticket, &opened}
			for i := range values {
				to = append(to, &values[i])
			}
			if err := s.Scan(to...); err != nil {
				return err
			}
			c := complaint{opened: db.Time(opened), answers: map[string]string{}}
			for i, f := range fields {
				c.answers[f] = values[i]
			}
			all[ticket] = append(all[ticket], c)
			return nil
		})
	return all, err
}
