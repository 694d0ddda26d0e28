package desk

import (
	"slices"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/journal"
	"sapa/internal/outbox"
	"sapa/internal/procedure"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// TheirsFor is how long an outside ticket system's word that a report is open counts: older than that, it may be long over there.
const TheirsFor = 24 * time.Hour

// theirs are the open reports of a service that the other side keeps and the house does not, the newest first (SOP 5.2.10.check). A house
// that asks nobody outside has none.
func (s *Seat) theirs(tx *db.Tx, serviceNo string) ([]customer.Report, error) {
	if s.Need == nil || serviceNo == "" {
		return nil, nil
	}
	all, err := customer.OpenReports(tx, serviceNo)
	return slices.DeleteFunc(all, func(r customer.Report) bool { return tx.Now.Sub(r.SeenAt) > TheirsFor }), err
}

// numbered leaves the reports whose number a result can name (SOP 5.2.11.a.tiket).
func numbered(all []customer.Report) []customer.Report {
	return slices.DeleteFunc(slices.Clone(all), func(r customer.Report) bool { return !ticket.Number(r.No) })
}

// tellTheirs sends the customer's own words to the report that the other side keeps: no second ticket is opened for it.
func (s *Seat) tellTheirs(tx *db.Tx, a who.Actor, d desktop, answers procedure.Answers) (Filed, error) {
	to := d.theirs[0]
	_, err := outbox.Add(tx, a, []outbox.Promise{{Ticket: d.ticket.ID, App: to.Application, Kind: "note", Text: answers["customer_note"], Clause: "A-10", Key: to.No,
		Payload: outbox.Outside{Number: to.No, Theirs: true}.Payload()}})
	if err != nil {
		return Filed{}, err
	}
	_, err = journal.Write(tx, journal.Entry{By: a, Act: "complaint.told-outside", Kind: "ticket", Ref: d.ticket.ID, Ticket: d.ticket.ID, Data: map[string]string{"no": to.No, "app": to.Application}})
	return Filed{Theirs: &to, Outcome: "already-reported", Note: true}, err
}
