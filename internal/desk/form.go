package desk

import (
	"fmt"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/form"
	"sapa/internal/live"
	"sapa/internal/outbox"
	"sapa/internal/phrase"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// SentForm is what became of sending a form.
type SentForm struct {
	Form   form.Form
	Batch  form.Batch
	Leader staff.Person
	Mailed bool // a letter goes to the leader; without an address it is in sapa only
	Fresh  bool // sent by this act, not before
}

// SendForm sends an agent's form to the leader of its list (SOP 5.8.6): it is frozen, the leader's screen hears of it, and a
// letter is promised when the leader has an address. Twice is once; rows that come later begin the next version.
func (s *Seat) SendForm(tx *db.Tx, a who.Actor, id db.ID) (SentForm, error) {
	var sent SentForm
	if err := staff.May(a, staff.ActForm); err != nil {
		return sent, err
	}
	f, err := form.Get(tx, id)
	if err != nil {
		return sent, err
	}
	if f.Agent != db.ID(a.ID) || f.Kind != form.Ideas { // the Force Close form is exported, nobody sends it
		return sent, fault.New(fault.Missing, "form.none")
	}
	if sent.Form, err = form.Send(tx, a, id); err != nil {
		return sent, err
	}
	if sent.Batch, err = form.GetBatch(tx, f.Batch); err != nil {
		return sent, err
	}
	if sent.Leader, err = staff.Get(tx, sent.Batch.Leader); err != nil {
		return sent, err
	}
	sent.Mailed = sent.Leader.Email != ""
	sent.Fresh = f.State == form.Open
	if !sent.Fresh {
		return sent, nil
	}
	if sent.Mailed {
		if err := s.mailForm(tx, a, &sent); err != nil {
			return sent, err
		}
	}
	if s.Hub != nil {
		news := live.Event{Name: "form", Data: id.String()}
		tx.After(func() { s.Hub.Publish("agent:"+sent.Leader.ID.String(), news); s.Hub.Soon("board", "form") })
	}
	return sent, nil
}

// mailForm promises the letter, once for a form: who sends it in two windows at once waits in form.Send for the other one,
// whose promise is there then.
func (s *Seat) mailForm(tx *db.Tx, a who.Actor, sent *SentForm) error {
	f := sent.Form
	lane := fmt.Sprintf("form %s/%s", f.Batch, f.Agent) // versions of one form leave in order; a dead letter holds back no other's
	var there int
	err := tx.Row(`
		SELECT count(*) FROM promise WHERE app = $1 AND ticket = 0 AND order_key = $2 AND payload = $3`, outbox.Mail, lane, f.ID.String()).Scan(&there)
	if err != nil {
		return err
	}
	if there > 0 {
		sent.Fresh = false
		return nil
	}
	rows, err := form.Rows(tx, f.ID)
	if err != nil {
		return err
	}
	_, err = outbox.Add(tx, a, []outbox.Promise{{App: outbox.Mail, Kind: outbox.FormLetter, Payload: f.ID.String(), Key: lane, Clause: "5.8.6",
		Text: phrase.Say(phrase.ID, "desk.form-letter", "name", sent.Leader.Name, "agent", a.Name, "batch", sent.Batch.Name, "version", f.Version, "rows", len(rows))}})
	return err
}

// Sheet is one list as it stands for one agent: what is filed, what is still to be called, what was sent.
type Sheet struct {
	Batch  form.Batch
	Leader staff.Person
	Open   *form.Form // nil: nothing filed since the last one was sent
	Rows   []form.Row // of Open
	Left   []ToCall   // theirs, without a row on any version
	Sent   []form.Form
}

// ToCall is a ticket of a list that has no row yet.
type ToCall struct {
	No     string
	Ticket ticket.Ticket
}

// shownSheets is how many lists, newest first, an agent's page looks at.
const shownSheets = 30

// Forms gives an agent's Ideas forms, the newest list first (SOP 5.8.5). A list of which they have nothing is left out.
func (s *Seat) Forms(tx *db.Tx, a who.Actor) ([]Sheet, error) {
	if err := staff.May(a, staff.ActForm); err != nil {
		return nil, err
	}
	batches, err := form.Batches(tx, 0, shownSheets)
	if err != nil {
		return nil, err
	}
	var sheets []Sheet
	for _, b := range batches {
		sheet, err := sheet(tx, db.ID(a.ID), b)
		if err != nil {
			return nil, err
		}
		if sheet.Open != nil || len(sheet.Left)+len(sheet.Sent) > 0 {
			sheets = append(sheets, sheet)
		}
	}
	return sheets, nil
}

func sheet(tx *db.Tx, agent db.ID, b form.Batch) (Sheet, error) {
	one := Sheet{Batch: b}
	var err error
	if one.Leader, err = staff.Get(tx, b.Leader); err != nil {
		return one, err
	}
	mine, err := form.List(tx, form.Filter{Kind: form.Ideas, Batch: b.ID, Agent: agent, Limit: 200})
	if err != nil {
		return one, err
	}
	filed := map[db.ID]bool{}
	for i, f := range mine {
		rows, err := form.Rows(tx, f.ID)
		if err != nil {
			return one, err
		}
		for _, r := range rows {
			filed[r.Ticket] = true
		}
		switch {
		case f.State != form.Open:
			one.Sent = append(one.Sent, f)
		case len(rows) > 0: // an undo may have left it empty
			one.Open, one.Rows = &mine[i], rows
		}
	}
	dealt, err := form.DealtTo(tx, b.ID, agent)
	if err != nil {
		return one, err
	}
	for _, d := range dealt {
		if filed[d.Ticket] {
			continue
		}
		t, err := ticket.Get(tx, d.Ticket)
		if err != nil {
			return one, err
		}
		one.Left = append(one.Left, ToCall{d.No, t})
	}
	return one, nil
}
