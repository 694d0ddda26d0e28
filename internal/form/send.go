package form

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// Send freezes a form (SOP 5.8.6): from now on no row of it changes, and its digest shows that none did. Twice is once. Only
// the one who filled it sends it: Missing "form.none" for others. Conflict "form.empty" without a row.
func Send(tx *db.Tx, by who.Actor, id db.ID) (Form, error) {
	f, err := locked(tx, id)
	if err != nil {
		return f, err
	}
	if f.Agent != db.ID(by.ID) {
		return Form{}, fault.New(fault.Missing, "form.none")
	}
	if f.State != Open {
		return f, nil
	}
	all, err := Rows(tx, id)
	if err != nil {
		return f, err
	}
	if len(all) == 0 {
		return f, fault.New(fault.Conflict, "form.empty").At("", "5.8.6")
	}
	f.State, f.SentAt = Sent, tx.Now
	if f.Digest, err = digest(f, all); err != nil {
		return f, err
	}
	n, err := tx.Exec(`UPDATE form SET state = 'sent', sent_at = $2, digest = $3 WHERE id = $1 AND state = 'open'`, id, db.Millis(f.SentAt), f.Digest)
	if err == nil && n == 0 {
		err = db.Again(fault.New(fault.Conflict, "form.frozen"))
	}
	if err != nil {
		return f, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "form.sent", Kind: "form", Ref: id,
		Data: map[string]string{"version": fmt.Sprint(f.Version), "rows": fmt.Sprint(len(all)), "digest": f.Digest}})
	return f, err
}

// Receive keeps that the leader has a form. Twice is once; the first receiver stays. Conflict "form.not-sent" before it was sent.
func Receive(tx *db.Tx, by who.Actor, id db.ID) (Form, error) {
	f, err := locked(tx, id)
	switch {
	case err != nil || f.State == Received:
		return f, err
	case f.State == Open:
		return f, fault.New(fault.Conflict, "form.not-sent").At("", "5.8.6")
	}
	f.State, f.ReceivedAt, f.ReceivedBy = Received, tx.Now, db.ID(by.ID)
	if _, err := tx.Exec(`UPDATE form SET state = 'received', received_at = $2, received_by = $3 WHERE id = $1`, id, db.Millis(f.ReceivedAt), f.ReceivedBy); err != nil {
		return f, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "form.received", Kind: "form", Ref: id})
	return f, err
}

// Mailed keeps which letter carried a form (SOP 5.8.6: its delivery is logged).
func Mailed(tx *db.Tx, id db.ID, messageID string) error {
	n, err := tx.Exec(`UPDATE form SET message_id = $2 WHERE id = $1 AND state <> 'open'`, id, messageID)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "form.not-sent")
	}
	return err
}

// Check tells whether a form that was sent still is what was sent: Conflict "form.altered" when its rows do not give its digest.
func Check(tx *db.Tx, id db.ID) error {
	f, err := Get(tx, id)
	if err != nil || f.State == Open {
		return err
	}
	all, err := Rows(tx, id)
	if err != nil {
		return err
	}
	now, err := digest(f, all)
	if err == nil && now != f.Digest {
		err = fault.New(fault.Conflict, "form.altered")
	}
	return err
}

// digest is over what a receiver reads: whose form it is and its rows in order.
func digest(f Form, all []Row) (string, error) {
	type line struct {
		Seq                                               int
		Ticket, Turn, By                                  db.ID
		Ref, ServiceNo, TicketNo, Status, Reason, Remarks string
		CalledAt, At                                      int64
	}
	sheet := struct {
		Kind         string
		Batch, Agent db.ID
		Version      int
		Rows         []line
	}{f.Kind, f.Batch, f.Agent, f.Version, nil}
	for _, r := range all {
		sheet.Rows = append(sheet.Rows, line{r.Seq, r.Ticket, r.Turn, r.By, r.Ref, r.ServiceNo, r.TicketNo, r.Status, r.Reason, r.Remarks, db.Millis(r.CalledAt), db.Millis(r.At)})
	}
	text, err := json.Marshal(sheet)
	if err != nil {
		return "", fmt.Errorf("digest of form %s: %w", f.ID, err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}
