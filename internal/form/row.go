package form

import (
	"strings"
	"time"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

const (
	longRemarks = 2000 // characters
	longNumber  = 100
)

// check says in words what the store would refuse without any.
func (r Row) check(kind string) error {
	no := func(key, field, clause string) error { return fault.New(fault.Invalid, key).At(field, clause) }
	switch {
	case utf8.RuneCountInString(r.Remarks) > longRemarks:
		return fault.New(fault.Invalid, "form.remarks-long", "max", longRemarks).At("remarks", "5.8.5.keterangan")
	case utf8.RuneCountInString(r.TicketNo) > longNumber, utf8.RuneCountInString(r.ServiceNo) > longNumber, utf8.RuneCountInString(r.Ref) > longNumber:
		return fault.New(fault.Invalid, "form.number-long", "max", longNumber).At("ticket_no", "5.8.5.tiket")
	}
	if kind == ForceClose {
		switch {
		case r.Status != Close && r.Status != ContactOpen && r.Status != NotContacted:
			return no("form.force-close", "report", "5.6.2")
		case r.Reason != "":
			return no("form.force-close-reason", "reason", "5.6.2")
		case r.TicketNo == "":
			return no("form.force-close-ticket", "ticket_no", "5.6.2")
		}
		return nil
	}
	switch {
	case r.Status != Contacted && r.Status != NotContacted:
		return no("form.status", "status", "5.8.5.status")
	case r.Status == NotContacted && r.Reason != RNA:
		return no("form.rna-only", "reason", "5.8.5.status.not-contacted")
	case r.Status == Contacted && r.Reason == RNA:
		return no("form.rna-not-contacted", "reason", "5.8.5.reason.rna")
	case r.Reason != FCR && r.Reason != Eskalasi && r.Reason != RNA:
		return no("form.reason", "reason", "5.8.5.reason")
	case r.Reason == FCR && r.TicketNo != "":
		return no("form.fcr-no-ticket", "ticket_no", "5.8.5.reason.fcr")
	case r.Reason == Eskalasi && r.TicketNo == "":
		return no("form.eskalasi-ticket", "ticket_no", "5.8.5.reason.eskalasi")
	case r.TicketNo != "" && r.Reason != Eskalasi:
		return no("form.ticket-only-eskalasi", "ticket_no", "5.8.5.tiket")
	case r.Remarks == "":
		return no("form.remarks", "remarks", "5.8.5.keterangan")
	}
	return nil
}

// File puts a row on the form the actor is filling and gives it as kept. The same turn again replaces its row; an Ideas ticket
// that was called again has one row, the newest (SOP 5.8.5: one row a ticket), while Force Close keeps a row a call. When the
// form was sent the row begins the next version (SOP 5.8.6).
func File(tx *db.Tx, by who.Actor, kind string, batch db.ID, r Row) (Row, error) {
	r.Remarks, r.TicketNo = strings.TrimSpace(r.Remarks), strings.TrimSpace(r.TicketNo)
	switch {
	case kind != Ideas && kind != ForceClose, (kind == Ideas) != (batch != 0):
		return r, fault.New(fault.Invalid, "form.kind")
	case r.Turn == 0 || r.Ticket == 0:
		return r, fault.New(fault.Invalid, "form.no-turn")
	}
	if err := r.check(kind); err != nil {
		return r, err
	}
	if kind == Ideas {
		if _, err := GetBatch(tx, batch); err != nil {
			return r, err
		}
	}
	f, err := open(tx, kind, batch, db.ID(by.ID))
	if err != nil {
		return r, err
	}
	if r.ReplacedBy, err = unfile(tx, f, r.Turn); err != nil { // a correction before the form is sent keeps its place
		return r, err
	}
	if kind == Ideas && r.ReplacedBy == 0 {
		if _, err := tx.Exec(`
			UPDATE form_row SET replaced_by = $3
			 WHERE form = $1 AND ticket = $2 AND replaced_by = 0 AND form_state = 'open'`, f.ID, r.Ticket, r.Turn); err != nil {
			return r, err
		}
	}
	if err := tx.Row(`SELECT coalesce(max(seq), 0) + 1 FROM form_row WHERE form = $1`, f.ID).Scan(&r.Seq); err != nil {
		return r, err
	}
	r.ID, r.Form, r.At, r.By = tx.NewID(), f.ID, tx.Now, db.ID(by.ID)
	r.CalledAt = r.CalledAt.UTC().Truncate(time.Millisecond)
	_, err = tx.Exec(`
		INSERT INTO form_row(id, form, kind, form_state, seq, ticket, turn, ref, service_no, ticket_no, status, reason, remarks, called_at, at, by_id, replaced_by)
		VALUES ($1, $2, $3, 'open', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		r.ID, f.ID, kind, r.Seq, r.Ticket, r.Turn, r.Ref, r.ServiceNo, r.TicketNo, r.Status, r.Reason, r.Remarks,
		db.Millis(r.CalledAt), db.Millis(r.At), r.By, r.ReplacedBy)
	if err != nil {
		return r, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "form.filed", Kind: "form", Ref: f.ID, Ticket: r.Ticket,
		Data: map[string]string{"kind": kind, "status": r.Status, "reason": r.Reason}})
	return r, err
}

// open gives the agent's open form, locked, and begins the next version when there is none.
func open(tx *db.Tx, kind string, batch, agent db.ID) (Form, error) {
	_, err := tx.Exec(`
		INSERT INTO form(id, kind, batch, agent, version, state)
		SELECT CAST($1 AS BIGINT), CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), coalesce(max(version), 0) + 1, 'open'
		  FROM form WHERE kind = CAST($2 AS TEXT) AND batch = CAST($3 AS BIGINT) AND agent = CAST($4 AS BIGINT)
		ON CONFLICT (kind, batch, agent) WHERE state = 'open' DO NOTHING`, tx.NewID(), kind, batch, agent)
	if fault.Is(err, fault.Conflict) { // another act is beginning the same version
		return Form{}, db.Again(err)
	}
	if err != nil {
		return Form{}, err
	}
	f, err := oneForm(tx.Row(`
		SELECT `+formColumns+` FROM form
		 WHERE kind = $1 AND batch = $2 AND agent = $3 AND state = 'open' /*pg: FOR UPDATE*/`, kind, batch, agent))
	if fault.Is(err, fault.Missing) { // it was sent between the two statements
		return f, db.Again(err)
	}
	return f, err
}

// Unfile takes the row of a turn back: the undo within its 8 s. The row it stood instead of stands again. No row is no fault;
// Conflict "form.frozen" when the form was sent.
func Unfile(tx *db.Tx, by who.Actor, turn db.ID) error {
	var ids []db.ID
	var ticket db.ID
	err := tx.Each(`SELECT form, ticket FROM form_row WHERE turn = $1 ORDER BY id`, []any{turn}, func(s db.Scanner) error {
		var id db.ID
		err := s.Scan(&id, &ticket)
		ids = append(ids, id)
		return err
	})
	if err != nil || len(ids) == 0 {
		return err
	}
	f, err := locked(tx, ids[len(ids)-1])
	if err != nil {
		return err
	}
	if f.State != Open {
		return fault.New(fault.Conflict, "form.frozen")
	}
	if _, err := unfile(tx, f, turn); err != nil {
		return err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "form.unfiled", Kind: "form", Ref: f.ID, Ticket: ticket})
	return err
}

// unfile takes a turn's row off a form that is locked and open, and gives the turn whose row stood instead of it. What stood
// behind it now stands behind that one, or stands again.
func unfile(tx *db.Tx, f Form, turn db.ID) (heir db.ID, err error) {
	err = tx.Row(`SELECT replaced_by FROM form_row WHERE form = $1 AND turn = $2 AND form_state = 'open'`, f.ID, turn).Scan(&heir)
	if fault.Is(err, fault.Missing) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if _, err := tx.Exec(`DELETE FROM form_row WHERE form = $1 AND turn = $2 AND form_state = 'open'`, f.ID, turn); err != nil {
		return 0, err
	}
	_, err = tx.Exec(`UPDATE form_row SET replaced_by = $3 WHERE form = $1 AND replaced_by = $2 AND form_state = 'open'`, f.ID, turn, heir)
	return heir, err
}

const rowColumns = `id, form, seq, ticket, turn, ref, service_no, ticket_no, status, reason, remarks, called_at, at, by_id, replaced_by`

func scanRow(s db.Scanner) (Row, error) {
	var r Row
	var called, at int64
	err := s.Scan(&r.ID, &r.Form, &r.Seq, &r.Ticket, &r.Turn, &r.Ref, &r.ServiceNo, &r.TicketNo, &r.Status, &r.Reason, &r.Remarks, &called, &at, &r.By, &r.ReplacedBy)
	r.CalledAt, r.At = db.Time(called), db.Time(at)
	return r, err
}

func rows(tx *db.Tx, query string, args ...any) ([]Row, error) {
	var all []Row
	err := tx.Each(query, args, func(s db.Scanner) error {
		r, err := scanRow(s)
		all = append(all, r)
		return err
	})
	return all, err
}

// Rows lists what stands on a form, in order.
func Rows(tx *db.Tx, form db.ID) ([]Row, error) {
	return rows(tx, `SELECT `+rowColumns+` FROM form_row WHERE form = $1 AND replaced_by = 0 ORDER BY seq`, form)
}

// RowsOf lists what stands on any form about a ticket, oldest first.
func RowsOf(tx *db.Tx, ticket db.ID) ([]Row, error) {
	return rows(tx, `SELECT `+rowColumns+` FROM form_row WHERE ticket = $1 AND replaced_by = 0 ORDER BY id`, ticket)
}

// ForceCloseRows gives a page of the Force Close form of everybody, filed from a moment until before another, after a row
// (0: from the first), for its export (SOP 5.6.2, A-26). Ask again with the last row's id until nothing comes.
func ForceCloseRows(tx *db.Tx, from, until time.Time, after db.ID, limit int) ([]Row, error) {
	if limit <= 0 || limit > 1000 {
		limit = 500
	}
	return rows(tx, `
		SELECT `+rowColumns+` FROM form_row
		 WHERE kind = 'force-close' AND replaced_by = 0 AND id > $1 AND at >= $2 AND at < $3
		 ORDER BY id
		 LIMIT $4`, after, db.Millis(from), db.Millis(until), limit)
}
