// Package form keeps report forms: the batch a leader deals out, the rows agents file, the versions that were sent and what the
// receiver has seen (SOP 5.6.2, 5.8). It makes no file and sends nothing, and it knows tickets and people by their ids only.
package form

import (
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
)

// Kinds of form.
const (
	Ideas      = "ideas"       // SOP 5.8.5: one form an agent and batch, given by the leader, sent back to the leader
	ForceClose = "force-close" // SOP 5.6.2: one form an agent, a row for each call
)

// States of a form.
const (
	Open     = "open"     // rows come and go
	Sent     = "sent"     // frozen (SOP 5.8.6)
	Received = "received" // frozen, and the leader has it
)

// Values of a row's Status and Reason, as the store keeps them.
const (
	Contacted    = "contacted"      // Ideas (5.8.5.status.contacted)
	NotContacted = "not-contacted"  // Ideas (5.8.5.status.not-contacted); Force Close: our addition
	FCR          = "fcr"            // 5.8.5.reason.fcr
	Eskalasi     = "eskalasi"       // 5.8.5.reason.eskalasi
	RNA          = "rna"            // 5.8.5.reason.rna
	Close        = "close"          // Force Close (5.6.2.a)
	ContactOpen  = "contacted-open" // Force Close (5.6.2.b.form)
)

// Form is one version of an agent's form. A later version holds what was filed after the one before it was sent, and only
// that: versions add to each other, so nothing is counted twice.
type Form struct {
	ID         db.ID
	Kind       string
	Batch      db.ID // 0 for Force Close
	Agent      db.ID
	Version    int
	State      string
	SentAt     time.Time
	ReceivedAt time.Time
	ReceivedBy db.ID
	MessageID  string // of the letter that carried it, once it has left
	Digest     string // over its rows, since it was sent
}

// Row is one line of a form. For Ideas Status, Reason, TicketNo and Remarks are the columns of 5.8.5; for Force Close Status is
// the keterangan, TicketNo the ticket and CalledAt the attempt.
type Row struct {
	ID           db.ID
	Form         db.ID
	Seq          int
	Ticket, Turn db.ID
	Ref          string // the ticket's number in the list that was dealt
	ServiceNo    string // jastel
	TicketNo     string // Ideas: of the ticket that was opened, with Eskalasi only; Force Close: of the ticket in question
	Status       string
	Reason       string
	Remarks      string
	CalledAt     time.Time // zero: nobody dialled
	At           time.Time // filed
	By           db.ID
	ReplacedBy   db.ID // the turn whose row stands instead; Rows leaves such rows out
}

const formColumns = `id, kind, batch, agent, version, state, sent_at, received_at, received_by, message_id, digest`

func scanForm(s db.Scanner) (Form, error) {
	var f Form
	var sent, received int64
	err := s.Scan(&f.ID, &f.Kind, &f.Batch, &f.Agent, &f.Version, &f.State, &sent, &received, &f.ReceivedBy, &f.MessageID, &f.Digest)
	f.SentAt, f.ReceivedAt = db.Time(sent), db.Time(received)
	return f, err
}

// Get reads one form.
func Get(tx *db.Tx, id db.ID) (Form, error) {
	return oneForm(tx.Row(`SELECT `+formColumns+` FROM form WHERE id = $1`, id))
}

// OpenOf gives the form an agent is filling: Missing "form.none" when nothing was filed since the last one was sent.
func OpenOf(tx *db.Tx, kind string, batch, agent db.ID) (Form, error) {
	return oneForm(tx.Row(`SELECT `+formColumns+` FROM form WHERE kind = $1 AND batch = $2 AND agent = $3 AND state = 'open'`, kind, batch, agent))
}

// locked reads a form that nobody may send or fill until the act is over.
func locked(tx *db.Tx, id db.ID) (Form, error) {
	return oneForm(tx.Row(`SELECT `+formColumns+` FROM form WHERE id = $1 /*pg: FOR UPDATE*/`, id))
}

func oneForm(row db.Scanner) (Form, error) {
	f, err := scanForm(row)
	if fault.Is(err, fault.Missing) {
		err = fault.New(fault.Missing, "form.none")
	}
	return f, err
}

// Filter narrows a list of forms; zero fields do not.
type Filter struct {
	Kind, State  string
	Batch, Agent db.ID
	After        db.ID
	Limit        int // 1 to 200; 0 means 50
}

// List gives forms oldest first.
func List(tx *db.Tx, f Filter) ([]Form, error) {
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	var all []Form
	err := tx.Each(`
		SELECT `+formColumns+` FROM form
		 WHERE ($1 = '' OR kind = $1) AND ($2 = '' OR state = $2)
		   AND (CAST($3 AS BIGINT) = 0 OR batch = CAST($3 AS BIGINT))
		   AND (CAST($4 AS BIGINT) = 0 OR agent = CAST($4 AS BIGINT))
		   AND id > $5
		 ORDER BY id
		 LIMIT $6`, []any{f.Kind, f.State, f.Batch, f.Agent, f.After, f.Limit}, func(s db.Scanner) error {
		one, err := scanForm(s)
		all = append(all, one)
		return err
	})
	return all, err
}
