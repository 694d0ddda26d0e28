// Package trouble is the trouble ticket: one record seen as My CX complaint and as Nossa incident, with its workflow, its
// worklog, its classification and the groups that work it (SOP 5.2.10, 5.3). It joins nothing: which services a customer has,
// which slot was chosen and what a measurement said come in as values.
package trouble

import (
	"regexp"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phone"
	"sapa/internal/who"
)

// State of a trouble ticket (domain 2.8). What leads from one to another stands in data/moves.yaml.
type State string

const (
	Fresh      State = "NEW"
	Draft      State = "DRAFT"   // from feeds only
	Queued     State = "QUEUED"  // from feeds only
	SLAHold    State = "SLAHOLD" // from feeds only
	Analysis   State = "ANALYSIS"
	Pending    State = "PENDING"
	Backend    State = "BACKEND"
	FinalCheck State = "FINALCHECK"
	Resolved   State = "RESOLVED"
	MediaCare  State = "MEDIACARE"
	SalamSim   State = "SALAMSIM"
	Closed     State = "CLOSED"
)

// Sources of a ticket: opened here, or brought by a list of the other side.
const (
	MyCX  = "my-cx"
	Nossa = "nossa"
	Gamas = "gamas" // the parent of an outage
	Feed  = "feed"
)

// Booking statuses (SOP 5.2.10.i): derived, never chosen.
const (
	BOK  = "BOK"  // the button was there and a slot is taken
	BNOK = "BNOK" // the button was not there
	BPN  = "BPN"  // the button was there and no slot
)

// CloseByDitcons is the closing reason whose tickets Force Close calls about (SOP 5.6, A-26).
const CloseByDitcons = "close by ditcons request"

// Ticket is one fault with its own life.
type Ticket struct {
	ID                          db.ID
	No                          string // IN and 8 digits when issued here
	ServiceNo, Service          string // iptv, internet, voice
	Customer                    db.ID
	CustomerName, CustomerClass string
	State                       State
	Subject                     Subject
	Symptom                     string // id of data/classification.yaml, or what a list said
	Classification              string // id of a leaf, or what a list said
	Group                       string // id of the owner group, or what a list said
	Owner                       db.ID  // who has it in hand
	ContactName, ContactEmail   string
	ContactMobile               phone.Number
	HardComplaint, Urgency      string // ids: ramah, agak-marah, marah; normal, medium, hard, emergency
	FCR                         bool
	Description                 string
	BookingStatus               string
	Booking                     db.ID
	Measurement                 db.ID
	SourceTicket                db.ID // the care ticket in whose call it was opened
	Source                      string
	Parent                      db.ID
	ParentNo                    string // also while the parent itself has not come yet
	STO, Witel                  string
	ClosingReason               string
	Lapul                       int // CLIENTNOTE entries of the worklog
	Gaul                        int // faults of the service number within the window before this one
	Reopens                     int
	Priority                    string
	Marks                       []string // slg, expedite, disputed, hard-complaint: those that were ever made
	OpenedAt, ResolvedAt        time.Time
	ClosedAt, StateAt, NotedAt  time.Time // NotedAt: of the last worklog entry
	OpenedBy, ResolvedBy        db.ID
	TTRSeconds                  int64     // time to repair so far, up to TTRSince
	TTRSince                    time.Time // since when it runs; zero while it stands
	Steps                       int       // moves made; the last one led to State
	Noted                       bool      // a worklog entry since the last move (SOP 5.3.7.a.note)
	FedState                    State     // what the other side's list said last
	FedGroup                    string
	FedAt                       time.Time
	Beside                      bool // a list brought it while the service had an open one already
	Version                     int64
}

// Open tells whether the fault is still to be repaired: such a ticket counts as an existing report.
func (t Ticket) Open() bool { return theTable.open(t.State) }

// TTR is the time to repair up to a moment: it stands while the ticket is resolved and runs on when it is reopened.
func (t Ticket) TTR(now time.Time) time.Duration {
	d := time.Duration(t.TTRSeconds) * time.Second
	if !t.TTRSince.IsZero() && now.After(t.TTRSince) {
		d += now.Sub(t.TTRSince)
	}
	return d
}

// TMF is the state as TM Forum's TMF621 names it. A ticket closed by request of ditcons is only resolved there: the customer
// has not accepted it yet (SOP 5.6).
func (t Ticket) TMF() string {
	if t.State == Closed && strings.EqualFold(t.ClosingReason, CloseByDitcons) {
		return "resolved"
	}
	return theTable.states[t.State].tmf
}

// Change is what an act did to a ticket; the seats follow it to feed campaigns. An act that changed nothing has Before equal
// to After.
type Change struct {
	Before, After Ticket
	Note          *Note  // the worklog entry it wrote; of several the last
	Move          string // the last move it made
}

// Lapul tells by how much the customer's notes rose (SOP 5.7: a fresh lapul).
func (c Change) Lapul() int { return c.After.Lapul - c.Before.Lapul }

// Left tells whether the ticket went from open to done.
func (c Change) Left() bool { return c.Before.Open() && !c.After.Open() }

var number = regexp.MustCompile(`^INC?\d{6,9}$`)

// Number brings a trouble number into its form; ok is whether it has one (domain 3.2).
func Number(s string) (no string, ok bool) {
	no = strings.ToUpper(strings.TrimSpace(s))
	return no, number.MatchString(no)
}

const columns = `id, no, service_no, service, customer, customer_name, customer_class, state, subject, symptom, classification, owner_group, owner,
	contact_name, contact_email, contact_mobile, hard_complaint, urgency, fcr, description, booking_status, booking, measurement, source_ticket,
	source, parent, parent_no, sto, witel, closing_reason, lapul, gaul, reopens, priority, marks, opened_at, resolved_at, closed_at, state_at,
	noted_at, opened_by, resolved_by, ttr_s, ttr_since, steps, noted, fed_state, fed_group, fed_at, beside, version`

func scan(s db.Scanner) (Ticket, error) {
	var t Ticket
	var state, subject, mobile, marks, fed string
	var opened, resolved, closed, stateAt, notedAt, since, fedAt int64
	var fcr, noted, beside int
	err := s.Scan(&t.ID, &t.No, &t.ServiceNo, &t.Service, &t.Customer, &t.CustomerName, &t.CustomerClass, &state, &subject, &t.Symptom,
		&t.Classification, &t.Group, &t.Owner, &t.ContactName, &t.ContactEmail, &mobile, &t.HardComplaint, &t.Urgency, &fcr, &t.Description,
		&t.BookingStatus, &t.Booking, &t.Measurement, &t.SourceTicket, &t.Source, &t.Parent, &t.ParentNo, &t.STO, &t.Witel, &t.ClosingReason,
		&t.Lapul, &t.Gaul, &t.Reopens, &t.Priority, &marks, &opened, &resolved, &closed, &stateAt, &notedAt, &t.OpenedBy, &t.ResolvedBy,
		&t.TTRSeconds, &since, &t.Steps, &noted, &fed, &t.FedGroup, &fedAt, &beside, &t.Version)
	if err != nil {
		return t, err
	}
	t.State, t.ContactMobile, t.FedState = State(state), phone.Number(mobile), State(fed)
	t.OpenedAt, t.ResolvedAt, t.ClosedAt = db.Time(opened), db.Time(resolved), db.Time(closed)
	t.StateAt, t.NotedAt, t.TTRSince, t.FedAt = db.Time(stateAt), db.Time(notedAt), db.Time(since), db.Time(fedAt)
	t.FCR, t.Noted, t.Beside = fcr == 1, noted == 1, beside == 1
	if marks != "" {
		t.Marks = strings.Split(marks, ",")
	}
	if subject != "" { // a ticket that a list brought has none
		t.Subject, err = ParseSubject(subject)
	}
	return t, err
}

// Get reads a ticket.
func Get(tx *db.Tx, id db.ID) (Ticket, error) {
	return missing(scan(tx.Row(`SELECT `+columns+` FROM trouble WHERE id = $1`, id)))
}

// ByNo reads a ticket by its number.
func ByNo(tx *db.Tx, no string) (Ticket, error) {
	no, _ = Number(no)
	return missing(scan(tx.Row(`SELECT `+columns+` FROM trouble WHERE no = $1`, no)))
}

// locked reads a ticket that nobody else changes until the act is over.
func locked(tx *db.Tx, id db.ID) (Ticket, error) {
	return missing(scan(tx.Row(`SELECT `+columns+` FROM trouble WHERE id = $1 /*pg: FOR UPDATE*/`, id)))
}

func missing(t Ticket, err error) (Ticket, error) {
	if fault.Is(err, fault.Missing) {
		err = fault.New(fault.Missing, "trouble.missing").Because(err)
	}
	return t, err
}

// role is what an actor is for the table of moves.
func role(by who.Actor) string {
	if by.Role == "" && by.Via == who.System {
		return System
	}
	return string(by.Role)
}

// System is the role of the house itself in the table of moves.
const System = "system"

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
