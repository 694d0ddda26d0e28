package trouble

import (
	"strings"

	"sapa/internal/db"
	"sapa/internal/fault"
)

// save writes a ticket as it is now over the version that was read. Priority follows from the rest on every change
// (domain 3.5). The store itself refuses a second open report of a service.
func save(tx *db.Tx, t *Ticket) error {
	rules, err := readRules(tx)
	if err != nil {
		return err
	}
	t.Priority = rules.ladder.priority(*t, tx.Now)
	n, err := tx.Exec(`
		UPDATE trouble
		   SET service_no = $3, service = $4, customer = $5, customer_name = $6, customer_class = $7, state = $8, open = $9, beside = $10,
		       subject = $11, symptom = $12, classification = $13, owner_group = $14, owner = $15, contact_name = $16, contact_email = $17,
		       contact_mobile = $18, hard_complaint = $19, urgency = $20, fcr = $21, description = $22, booking_status = $23, booking = $24,
		       measurement = $25, source_ticket = $26, source = $27, parent = $28, parent_no = $29, sto = $30, witel = $31,
		       closing_reason = $32, lapul = $33, gaul = $34, reopens = $35, priority = $36, marks = $37, opened_at = $38, resolved_at = $39,
		       closed_at = $40, state_at = $41, noted_at = $42, resolved_by = $43, ttr_s = $44, ttr_since = $45, steps = $46, noted = $47,
		       fed_state = $48, fed_group = $49, fed_at = $50, version = version + 1
		 WHERE id = $1 AND version = $2`, t.args(t.Version)...)
	if fault.Is(err, fault.Conflict) { // a report for the service came at this moment: look again
		return db.Again(taken(t.No).Because(err))
	}
	if err != nil {
		return err
	}
	if n == 0 {
		return changed()
	}
	t.Version++
	return nil
}

// args are a ticket's values in the order in which save and insert name them; the second is the version or the number.
func (t Ticket) args(second any) []any {
	subject := ""
	if t.Subject != (Subject{}) {
		subject = t.Subject.String()
	}
	return []any{t.ID, second, t.ServiceNo, t.Service, t.Customer, t.CustomerName, t.CustomerClass, string(t.State), bit(t.Open()), bit(t.Beside),
		subject, t.Symptom, t.Classification, t.Group, t.Owner, t.ContactName, t.ContactEmail, t.ContactMobile.Full(), t.HardComplaint, t.Urgency,
		bit(t.FCR), t.Description, t.BookingStatus, t.Booking, t.Measurement, t.SourceTicket, t.Source, t.Parent, t.ParentNo, t.STO, t.Witel,
		t.ClosingReason, t.Lapul, t.Gaul, t.Reopens, t.Priority, strings.Join(t.Marks, ","), db.Millis(t.OpenedAt), db.Millis(t.ResolvedAt),
		db.Millis(t.ClosedAt), db.Millis(t.StateAt), db.Millis(t.NotedAt), t.ResolvedBy, t.TTRSeconds, db.Millis(t.TTRSince), t.Steps,
		bit(t.Noted), string(t.FedState), t.FedGroup, db.Millis(t.FedAt)}
}

// insert stores a new ticket. false: the service has an open one by now, or the number is taken.
func insert(tx *db.Tx, rules rules, t *Ticket) (bool, error) {
	t.Priority = rules.ladder.priority(*t, tx.Now)
	n, err := tx.Exec(`
		INSERT INTO trouble(id, no, service_no, service, customer, customer_name, customer_class, state, open, beside, subject, symptom,
		       classification, owner_group, owner, contact_name, contact_email, contact_mobile, hard_complaint, urgency, fcr, description,
		       booking_status, booking, measurement, source_ticket, source, parent, parent_no, sto, witel, closing_reason, lapul, gaul, reopens,
		       priority, marks, opened_at, resolved_at, closed_at, state_at, noted_at, resolved_by, ttr_s, ttr_since, steps, noted, fed_state,
		       fed_group, fed_at, opened_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27,
		       $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51)
		ON CONFLICT DO NOTHING`, append(t.args(t.No), t.OpenedBy)...)
	t.Version = 1
	return n == 1, err
}

// alone refuses what would be a second open report of a service (SOP 5.2.10.check, A-10), naming the one that is there. The
// store's own index stands behind it, for acts that run at the same moment.
func alone(tx *db.Tx, t Ticket) error {
	if t.ServiceNo == "" {
		return nil
	}
	open, err := OpenOfService(tx, t.ServiceNo)
	if err != nil {
		return err
	}
	for _, o := range open {
		if o.ID != t.ID {
			return taken(o.No)
		}
	}
	return nil
}

func taken(no string) *fault.Error {
	return fault.New(fault.Conflict, "trouble.already-open", "no", no).At("service_no", "5.2.10.check")
}
