package desk

import (
	"strings"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/form"
	"sapa/internal/outbox"
	"sapa/internal/procedure"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// carryOut does what an outcome says beside the ticket: what has a room here happens in this transaction (SOP 5.5.10,
// 5.7.10, A-23: one save for every system), what belongs to the outside becomes a promise that leaves after the undo window.
func (s *Seat) carryOut(tx *db.Tx, a who.Actor, b bench, d procedure.Decision) ([]Done, error) {
	values := spell(a, b, d)
	var owed []outbox.Promise
	done := make([]Done, 0, len(d.Effects))
	for _, e := range d.Effects {
		one := Done{Do: e.Do, App: e.App, Clause: e.Clause, State: "stored"}
		text, app, toTell := told(e)
		if toTell {
			one.App, one.Text = app, strings.TrimSpace(procedure.FillText(text.ID, values))
		}
		native, err := s.native(tx, a, b, d, e, one.Text)
		if err != nil {
			return nil, err
		}
		if toTell && !native {
			if app == "" { // a form that nobody keeps here is filled by hand
				app = "forms"
				one.App = app
			}
			one.State = "queued"
			owed = append(owed, outbox.Promise{Ticket: b.ticket.ID, Turn: b.turn.ID, App: app, Kind: e.Do, Text: one.Text,
				Payload: outsideState(e, d), Clause: e.Clause, NotBefore: tx.Now.Add(UndoFor)})
		}
		done = append(done, one)
	}
	if _, err := outbox.Add(tx, a, owed); err != nil {
		return nil, err
	}
	return done, learn(tx, a, b, d)
}

// outsideState is what an outside ticket system is to be told beside the text: the state that a move of Route Workflow leads to, as
// TMF621 names it; "" for what moves nothing.
func outsideState(e procedure.Effect, d procedure.Decision) string {
	state := map[string]string{"resolve": "resolved", "dispatch": "inProgress", "reopen": "inProgress"}[e.Trouble]
	if e.Do != "trouble" || state == "" {
		return ""
	}
	return outbox.Outside{State: state, Reason: strings.TrimSpace(e.Trouble + " " + d.Answers["classification"] + " " + d.Answers["group"])}.Payload()
}

// native does an effect whose room is here. False: the trouble ticket or the leader's list it speaks of is not kept here,
// so a person has to bring it over.
func (s *Seat) native(tx *db.Tx, a who.Actor, b bench, d procedure.Decision, e procedure.Effect, text string) (bool, error) {
	switch e.Do {
	case "note", "trouble", "mark":
		if b.about == nil {
			return false, nil
		}
	case "form-row":
		return s.fileRow(tx, a, b, d, e, text)
	default:
		return false, nil
	}
	id := b.about.ID
	switch e.Do {
	case "note": // SOP 5.5.9, 5.7.9: new row
		_, c, err := trouble.AddNote(tx, a, id, trouble.Note{Type: e.Type, Detail: strings.TrimSpace(strings.TrimSuffix(text, "CP lain:")), Turn: b.turn.ID, Clause: e.Clause, Revision: b.turn.Revision})
		if err == nil {
			err = s.follow(tx, a, c, true)
		}
		return true, err
	case "mark":
		return true, trouble.Mark(tx, a, id, e.Mark, b.turn.ID)
	}
	step := trouble.Step{Move: e.Trouble, Turn: b.turn.ID}
	switch e.Trouble {
	case "resolve":
		if now, err := trouble.Get(tx, id); err != nil || !now.Open() {
			return true, err // resolved meanwhile: what was wanted is so
		}
	case "dispatch":
		step.Classification, step.Group = d.Answers["classification"], d.Answers["group"]
	case "reopen":
		step.Reason = "Belum normal menurut pelanggan"
		if r := b.campaign.Procedure.Remarks(d.Answers); r != "" {
			step.Reason = short("Belum normal: "+r, 500)
		}
		if now, err := trouble.Get(tx, id); err != nil || now.Open() {
			return true, err // open again already (SOP 5.6.2.b.form: the form may say so)
		}
	default:
		return false, nil
	}
	_, c, err := trouble.Apply(tx, a, id, step)
	if err == nil {
		err = s.follow(tx, a, c, true)
	}
	return true, err
}

func short(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// fileRow puts a row on the report form: Force Close's (5.6.2), or the leader's of the batch that dealt the ticket (5.8.5).
func (s *Seat) fileRow(tx *db.Tx, a who.Actor, b bench, d procedure.Decision, e procedure.Effect, text string) (bool, error) {
	_, remarks, _ := strings.Cut(text, "Keterangan:")
	row := form.Row{Ticket: b.ticket.ID, Turn: b.turn.ID, Ref: b.ticket.Ref, ServiceNo: b.ticket.ServiceNo, TicketNo: b.numberOf(),
		Status: e.Value, Remarks: strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(remarks), "CP lain:"))}
	if n := d.Answers["ticket_no"]; n != "" {
		row.TicketNo = n
	}
	if n := len(b.attempts); n > 0 {
		row.CalledAt = b.attempts[n-1].DialledAt
	}
	if e.Form == form.ForceClose {
		if row.TicketNo == "" {
			return false, nil
		}
		said := strings.ReplaceAll(e.Value, "-", " ") // the form has a column of its own for it
		row.Remarks = strings.TrimLeft(strings.TrimPrefix(row.Remarks, said), "., ")
		_, err := form.File(tx, a, form.ForceClose, 0, row)
		return true, err
	}
	deal, err := form.DealOf(tx, b.ticket.ID)
	if fault.Is(err, fault.Missing) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if row.Ref = deal.No; row.Ref == "" {
		row.Ref = b.ticket.Ref
	}
	if row.Status == "" {
		row.Status = d.Answers["status"]
	}
	if row.Reason = d.Answers["reason"]; row.Reason == "" {
		row.Reason = form.RNA
	}
	if row.Reason != form.Eskalasi {
		row.TicketNo = ""
	}
	if row.Remarks == "" {
		row.Remarks = "-"
	}
	_, err = form.File(tx, a, form.Ideas, deal.Batch, row)
	return true, err
}

// told gives the text of an effect that a worklog, a form or a person is to be told, and for which application.
func told(e procedure.Effect) (text procedure.Text, app string, yes bool) {
	app = e.App
	switch e.Do {
	case "outside", "note", "form-row":
	case "mark", "trouble":
		if app == "" {
			app = "nossa"
		}
	case "alert-leader":
		app = "leader"
	default:
		return text, "", false
	}
	if text = e.Text; text.ID == "" {
		kind := strings.TrimSpace(e.Do + " " + e.Mark + e.Trouble)
		line := kind + ": {service_no} {ticket_no} {customer}. {remarks}"
		text = procedure.Text{ID: line, EN: line}
	}
	return text, app, true
}

// numberFits holds the ticket number of a result against the trouble tickets that are kept here.
//
// SOP 5.2.11.b1.closed-by-tier1: the report of Tier 1 is open. SOP 5.8.5.tiket: the number exists.
func (b bench) numberFits(tx *db.Tx, d procedure.Decision) error {
	no := d.Answers["ticket_no"]
	if no == "" {
		return nil
	}
	t, err := trouble.ByNo(tx, no)
	known := err == nil
	if err != nil && !fault.Is(err, fault.Missing) {
		return err
	}
	switch {
	case d.Answers["status"] == "closed-by-tier1" && known && (!t.Open() || b.ticket.ServiceNo != "" && t.ServiceNo != b.ticket.ServiceNo),
		d.Answers["status"] == "closed-by-tier1" && !known && len(b.open) > 0:
		open := ""
		if len(b.open) > 0 {
			open = b.open[0].No
		}
		return fault.New(fault.Invalid, "desk.not-the-open-report", "number", no, "open", open).At("ticket_no", "5.2.11.b1.closed-by-tier1")
	case d.Answers["reason"] == "eskalasi" && !known:
		return fault.New(fault.Invalid, "desk.no-such-trouble", "number", no).At("ticket_no", "5.8.5.tiket")
	}
	return nil
}
