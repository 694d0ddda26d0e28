package practice

import (
	"slices"
	"time"

	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/procedure"
	"sapa/internal/staff"
	"sapa/internal/who"
)

// past lives through the last week: tickets come in, agents take them, call, and save, each at its own time. The acts are
// the real ones; only the act's idea of now is set back.
func (f *floor) past(tx *db.Tx) error {
	for day := pastDays; day >= 0; day-- {
		midnight := f.now.In(f.Site).AddDate(0, 0, -day)
		open := time.Date(midnight.Year(), midnight.Month(), midnight.Day(), 8, 0, 0, 0, f.Site)
		turns, span := dayTurns, 11*time.Hour
		if day == 0 {
			turns, span = todayDone, f.now.Sub(open)-20*time.Minute
			if span < 2*time.Hour {
				open, span = f.now.Add(-4*time.Hour), 3*time.Hour
			}
		}
		for i := range turns {
			at := open.Add(span * time.Duration(i) / time.Duration(turns)).UTC().Truncate(time.Millisecond)
			if err := f.pastTurn(tx, at, f.people[(i*7+day)%len(f.people)]); err != nil {
				return err
			}
		}
	}
	tx.Now = f.now
	return nil
}

func (f *floor) pastTurn(tx *db.Tx, at time.Time, agent staff.Person) error {
	tx.Now = at
	code := []string{"callback", "fresh-lapul"}[f.rnd.IntN(2)]
	if err := f.open(tx, code, f.customers[f.rnd.IntN(len(f.customers))], at.Add(-time.Duration(10+f.rnd.IntN(70))*time.Minute), time.Time{}); err != nil {
		return err
	}
	a := agent.Actor(who.System)
	turn, err := f.Seat.Next(tx, a, nil)
	if missing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	id, lease := turn.Ticket.ID, turn.Lease.Token
	if err := f.Seat.Read(tx, a, id, lease); err != nil {
		return err
	}
	fate := FateOf(f.rnd.Uint64(), turn.Ticket.Contact.Full(), 1)
	said := call.Reported{Line: fate.Line, RingS: int(fate.Ring / time.Second)}
	if fate.Line == call.Answered {
		said.TalkS = 40 + int(f.rnd.ExpFloat64()*220)
	}
	if _, err := f.Seat.Report(tx, a, id, lease, said); err != nil {
		return err
	}
	turn, err = f.Seat.Open(tx, a, id, lease)
	if err != nil {
		return err
	}
	answers := f.answer(turn)
	tx.Now = at.Add(time.Duration(said.RingS+said.TalkS+30) * time.Second)
	if _, err = f.Seat.Finish(tx, a, id, lease, answers); fault.Of(err) != nil {
		return f.Seat.Release(tx, a, id, lease, "practice") // a choice that did not hold together: the ticket waits on
	}
	return err
}

// answer chooses like an agent would: what the line proposes, else something on offer, the good endings more often.
func (f *floor) answer(t desk.Turn) map[string]string {
	p := t.Campaign.Procedure
	facts := procedure.Facts{"last_line": call.Evidence(t.Attempts), "open_report": "no", "outage": "no", "line_verdict": "none", "ticket_state": "open", "same_today": "no", "hours": "in"}
	answers := procedure.Answers{}
	for id, v := range t.Answers {
		answers[id] = v
	}
	for range len(p.Fields) + 1 {
		v := p.View(facts, answers)
		i := slices.IndexFunc(v.Fields, func(fv procedure.FieldView) bool { return slices.Contains(v.Missing, fv.ID) })
		if i < 0 {
			break
		}
		answers[v.Fields[i].ID] = f.value(t, v.Fields[i])
	}
	if answers["remarks"] == "" {
		answers["remarks"] = remarks[f.rnd.IntN(len(remarks))]
	}
	return answers
}

func (f *floor) value(t desk.Turn, fv procedure.FieldView) string {
	switch fv.Type {
	case "choice":
		if len(fv.Offer) == 0 {
			return ""
		}
		if fv.Proposal != "" {
			return fv.Proposal
		}
		return fv.Offer[min(f.rnd.IntN(len(fv.Offer)), f.rnd.IntN(len(fv.Offer)))].ID // the first ones more often
	case "check":
		return "yes"
	case "time":
		return t.Now.Add(3 * time.Hour).Format(time.RFC3339)
	case "number":
		return "1"
	}
	if fv.ID == "remarks" {
		return remarks[f.rnd.IntN(len(remarks))]
	}
	return "Keluarga pelanggan"
}
