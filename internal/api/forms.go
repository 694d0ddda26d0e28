package api

import (
	"net/http"
	"slices"

	"sapa/internal/db"
	"sapa/internal/fault"
	report "sapa/internal/form"
	"sapa/internal/lead"
	"sapa/internal/who"
)

type formJSON struct {
	ID         db.ID   `json:"id"`
	Kind       string  `json:"kind"`
	Batch      *db.ID  `json:"batch,omitempty"` // the list that was dealt; none for Force Close
	Agent      db.ID   `json:"agent"`
	Version    int     `json:"version"`
	State      string  `json:"state"`
	Count      int     `json:"count"` // rows
	SentAt     *string `json:"sent_at,omitempty"`
	ReceivedAt *string `json:"received_at,omitempty"`
	ReceivedBy *db.ID  `json:"received_by,omitempty"`
	Digest     string  `json:"digest,omitempty"` // over its rows, since it was sent
}

func (a *API) form(f report.Form, rows int) formJSON {
	j := formJSON{ID: f.ID, Kind: f.Kind, Agent: f.Agent, Version: f.Version, State: f.State, Count: rows, SentAt: stamp(f.SentAt, a.Seat.Site),
		ReceivedAt: stamp(f.ReceivedAt, a.Seat.Site), Digest: f.Digest}
	if f.Batch != 0 {
		j.Batch = &f.Batch
	}
	if f.ReceivedBy != 0 {
		j.ReceivedBy = &f.ReceivedBy
	}
	return j
}

type rowJSON struct {
	Seq       int     `json:"seq"`
	Ticket    db.ID   `json:"ticket"`
	Ref       string  `json:"ref"`
	ServiceNo string  `json:"service_no"`
	TicketNo  string  `json:"ticket_no"`
	Status    string  `json:"status"`
	Reason    string  `json:"reason"`
	Remarks   string  `json:"remarks"`
	CalledAt  *string `json:"called_at"` // null: nobody dialled
	At        *string `json:"at"`
}

type wholeFormJSON struct {
	formJSON
	Rows   []rowJSON `json:"rows"`
	Mailed *bool     `json:"mailed,omitempty"` // after sending: a letter goes to the leader as well
}

func (a *API) wholeForm(f report.Form, rows []report.Row) wholeFormJSON {
	j := wholeFormJSON{formJSON: a.form(f, len(rows)), Rows: []rowJSON{}}
	for _, r := range rows {
		j.Rows = append(j.Rows, rowJSON{r.Seq, r.Ticket, r.Ref, r.ServiceNo, r.TicketNo, r.Status, r.Reason, r.Remarks,
			stamp(r.CalledAt, a.Seat.Site), stamp(r.At, a.Seat.Site)})
	}
	return j
}

// theirForm reads a form that is the caller's to see, with its rows: an agent's own, or one that was sent to the leader of its
// list or their team. Another one is not there.
func theirForm(tx *db.Tx, by who.Actor, id db.ID) (report.Form, []report.Row, error) {
	if by.Is(who.Leader) {
		f, _, rows, err := lead.OpenForm(tx, by, id)
		return f, rows, err
	}
	f, err := report.Get(tx, id)
	if err == nil && f.Agent != db.ID(by.ID) {
		err = fault.New(fault.Missing, "form.none")
	}
	if err != nil {
		return f, nil, err
	}
	rows, err := report.Rows(tx, id)
	return f, rows, err
}

func (r seen) formID() (db.ID, error) {
	id, ok := parseID(r.PathValue("id"))
	if !ok {
		return 0, fault.New(fault.Missing, "form.none")
	}
	return id, nil
}

type formsJSON struct {
	Forms []formJSON `json:"forms"`
	Next  *db.ID     `json:"next"`
}

// forms lists an agent's own forms, or those that were sent to a leader. A leader's page may be shorter than its limit, since
// others' are left out of it; next still leads on.
func (a *API) forms(tx *db.Tx, r seen) (any, error) {
	q, err := query(r, "kind", "batch", "state", "after", "limit")
	if err != nil {
		return nil, err
	}
	f := report.Filter{Kind: q.Get("kind"), State: q.Get("state")}
	switch {
	case f.Kind != "" && f.Kind != report.Ideas && f.Kind != report.ForceClose:
		return nil, badQuery("kind")
	case f.State != "" && !slices.Contains([]string{report.Open, report.Sent, report.Received}, f.State):
		return nil, badQuery("state")
	}
	if s := q.Get("batch"); s != "" {
		id, ok := parseID(s)
		if !ok {
			return nil, badQuery("batch")
		}
		f.Batch = id
	}
	if f.After, f.Limit, err = paging(q); err != nil {
		return nil, err
	}
	if !r.by.Is(who.Leader) {
		f.Agent = db.ID(r.by.ID)
	}
	found, err := report.List(tx, f)
	if err != nil {
		return nil, err
	}
	j := formsJSON{Forms: []formJSON{}}
	if len(found) == f.Limit {
		j.Next = &found[len(found)-1].ID
	}
	for _, one := range found {
		_, rows, err := theirForm(tx, r.by, one.ID)
		switch {
		case err == nil:
			j.Forms = append(j.Forms, a.form(one, len(rows)))
		case !fault.Is(err, fault.Missing):
			return nil, err
		}
	}
	return j, nil
}

func (a *API) readForm(tx *db.Tx, r seen) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	id, err := r.formID()
	if err != nil {
		return nil, err
	}
	f, rows, err := theirForm(tx, r.by, id)
	return a.wholeForm(f, rows), err
}

// sendForm freezes the caller's form and delivers it to the leader of its list, here and by mail (SOP 5.8.6).
func (a *API) sendForm(r seen, _ *form) func(tx *db.Tx) (done, error) {
	return func(tx *db.Tx) (done, error) {
		id, err := r.formID()
		if err != nil {
			return done{}, err
		}
		sent, err := a.Seat.SendForm(tx, r.by, id)
		if err != nil {
			return done{}, err
		}
		rows, err := report.Rows(tx, id)
		j := a.wholeForm(sent.Form, rows)
		j.Mailed = &sent.Mailed
		return done{http.StatusOK, j}, err
	}
}

// receiveForm keeps that the leader has it.
func (a *API) receiveForm(r seen, _ *form) func(tx *db.Tx) (done, error) {
	return func(tx *db.Tx) (done, error) {
		id, err := r.formID()
		if err != nil {
			return done{}, err
		}
		f, err := lead.ReceiveForm(tx, r.by, a.Seat.Hub, id)
		if err != nil {
			return done{}, err
		}
		rows, err := report.Rows(tx, id)
		return done{http.StatusOK, a.wholeForm(f, rows)}, err
	}
}
