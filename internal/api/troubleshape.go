package api

import (
	"strings"
	"time"

	"sapa/internal/booking"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/phrase"
	"sapa/internal/trace"
	"sapa/internal/trouble"
)

// reporterJSON is who reported; the number and the address are masked, as a ticket's are.
type reporterJSON struct {
	Name   string `json:"name"`
	Email  string `json:"email"`
	Mobile string `json:"mobile"`
}

// troubleJSON is a trouble ticket: My CX complaint and Nossa incident in one.
type troubleJSON struct {
	No             string        `json:"no"`
	State          trouble.State `json:"state"`
	TMFState       string        `json:"tmf_state"`
	Open           bool          `json:"open"`
	Subject        string        `json:"subject"` // "": a list brought it
	ServiceNo      string        `json:"service_no"`
	Service        string        `json:"service"`
	CustomerName   string        `json:"customer_name"`
	CustomerClass  string        `json:"customer_class"`
	Symptom        string        `json:"symptom"`
	Classification string        `json:"classification"`
	Group          string        `json:"group"`
	Owner          *db.ID        `json:"owner,omitempty"`
	Contact        reporterJSON  `json:"contact"`
	HardComplaint  string        `json:"hard_complaint"`
	Urgency        string        `json:"urgency"`
	FCR            string        `json:"first_call_resolution"`
	Description    string        `json:"description"`
	BookingStatus  string        `json:"booking_status"`
	SourceTicket   *db.ID        `json:"source_ticket,omitempty"`
	Source         string        `json:"source"`
	Parent         string        `json:"parent,omitempty"` // number of the outage
	STO            string        `json:"sto"`
	Witel          string        `json:"witel"`
	ClosingReason  string        `json:"closing_reason,omitempty"`
	Lapul          int           `json:"lapul"`
	Gaul           int           `json:"gaul"`
	Reopens        int           `json:"reopens"`
	Priority       string        `json:"priority"`
	Marks          []string      `json:"marks"`
	TTRSeconds     int64         `json:"ttr_s"`
	OpenedAt       *string       `json:"opened_at"`
	StateAt        *string       `json:"state_at"`
	ResolvedAt     *string       `json:"resolved_at,omitempty"`
	ClosedAt       *string       `json:"closed_at,omitempty"`
	Version        int64         `json:"version"`
}

// shapeTrouble dresses a trouble ticket for its reader, and gives the names that they need not read in what else was typed about it.
func (a *API) shapeTrouble(tx *db.Tx, r seen, t trouble.Ticket) (troubleJSON, []string, error) {
	t, hidden, err := desk.MaskTrouble(tx, r.by, t)
	j := troubleJSON{No: t.No, State: t.State, TMFState: t.TMF(), Open: t.Open(), ServiceNo: t.ServiceNo, Service: t.Service,
		CustomerName: t.CustomerName, CustomerClass: t.CustomerClass, Symptom: t.Symptom, Classification: t.Classification, Group: t.Group,
		Contact:       reporterJSON{Name: t.ContactName, Email: maskedEmail(t.ContactEmail)},
		HardComplaint: t.HardComplaint, Urgency: t.Urgency, FCR: "no", Description: t.Description, BookingStatus: t.BookingStatus,
		Source: t.Source, Parent: t.ParentNo, STO: t.STO, Witel: t.Witel, ClosingReason: t.ClosingReason, Lapul: t.Lapul, Gaul: t.Gaul,
		Reopens: t.Reopens, Priority: t.Priority, Marks: append([]string{}, t.Marks...), TTRSeconds: int64(t.TTR(tx.Now) / time.Second),
		OpenedAt: stamp(t.OpenedAt, a.Seat.Site), StateAt: stamp(t.StateAt, a.Seat.Site), ResolvedAt: stamp(t.ResolvedAt, a.Seat.Site),
		ClosedAt: stamp(t.ClosedAt, a.Seat.Site), Version: t.Version}
	if t.Subject != (trouble.Subject{}) {
		j.Subject = t.Subject.String()
	}
	if t.FCR {
		j.FCR = "yes"
	}
	if t.ContactMobile != "" {
		j.Contact.Mobile = t.ContactMobile.Masked()
	}
	if t.Owner != 0 {
		j.Owner = &t.Owner
	}
	if t.SourceTicket != 0 {
		j.SourceTicket = &t.SourceTicket
	}
	return j, hidden, err
}

// maskedEmail shows enough of an address to recognise it and not enough to write to it: i•••@contoh.id.
func maskedEmail(s string) string {
	at := strings.LastIndexByte(s, '@')
	if at <= 0 {
		return ""
	}
	first := []rune(s[:at])[:1]
	return string(first) + "•••" + s[at:]
}

// restsJSON is the clause that something rests on, in the revision to read it in.
type restsJSON struct {
	Clause   string `json:"clause,omitempty"`
	Revision int    `json:"revision,omitempty"`
}

type worklogJSON struct {
	ID      db.ID   `json:"id"`
	Type    string  `json:"type"`
	Summary string  `json:"summary"`
	Detail  string  `json:"detail"`
	Group   string  `json:"group"`
	Ref     string  `json:"ref,omitempty"` // the other side's key
	By      db.ID   `json:"by"`
	At      *string `json:"at"`
	Struck  *string `json:"struck_at,omitempty"` // taken back with its turn
	restsJSON
}

type movedJSON struct {
	Was            trouble.State `json:"was"` // "": it was not there
	Move           string        `json:"move"`
	Became         trouble.State `json:"became"`
	OldGroup       string        `json:"old_group"`
	NewGroup       string        `json:"new_group"`
	Classification string        `json:"classification"`
	Reason         string        `json:"reason"`
	By             db.ID         `json:"by"`
	At             *string       `json:"at"`
	restsJSON
}

type moveJSON struct {
	Move    string        `json:"move"`
	Label   string        `json:"label"`
	Becomes trouble.State `json:"becomes"`
	Needs   []string      `json:"needs"`
	Clause  string        `json:"clause"`
}

type childrenJSON struct {
	All  int `json:"all"`
	Open int `json:"open"`
}

// wholeTroubleJSON is a trouble ticket with all that happened to it, and what its reader may do with it now.
type wholeTroubleJSON struct {
	troubleJSON
	Outcome     string           `json:"outcome,omitempty"` // of the act that opened it
	Measurement *measurementJSON `json:"measurement,omitempty"`
	Booking     *bookingJSON     `json:"booking,omitempty"`
	Children    childrenJSON     `json:"children"`
	Worklog     []worklogJSON    `json:"worklog"`
	History     []movedJSON      `json:"history"`
	Moves       []moveJSON       `json:"moves"`
}

func (a *API) wholeTrouble(tx *db.Tx, r seen, t trouble.Ticket) (wholeTroubleJSON, error) {
	j := wholeTroubleJSON{Worklog: []worklogJSON{}, History: []movedJSON{}, Moves: []moveJSON{}}
	shaped, hidden, err := a.shapeTrouble(tx, r, t)
	if err != nil {
		return j, err
	}
	j.troubleJSON = shaped
	notes, err := trouble.Worklog(tx, t.ID)
	if err != nil {
		return j, err
	}
	history, err := trouble.History(tx, t.ID)
	if err != nil {
		return j, err
	}
	var lines []trouble.Line
	for _, n := range notes {
		lines = append(lines, n.Line())
	}
	for _, m := range history {
		lines = append(lines, m.Line())
	}
	revisions, err := a.Seat.Campaigns.Revisions(tx)
	if err != nil {
		return j, err
	}
	refs, err := trace.Lines(tx, revisions, lines)
	if err != nil {
		return j, err
	}
	for i, n := range notes {
		j.Worklog = append(j.Worklog, worklogJSON{n.ID, n.Type, customer.MaskNames(n.Summary, hidden), customer.MaskNames(n.Detail, hidden), n.Group, n.Ref, n.By, stamp(n.At, a.Seat.Site), stamp(n.StruckAt, a.Seat.Site), restsJSON(refs[i])})
	}
	for i, m := range history {
		j.History = append(j.History, movedJSON{m.Was, m.Move, m.Became, m.OldGroup, m.NewGroup, m.Classification, customer.MaskNames(m.Reason, hidden), m.By, stamp(m.At, a.Seat.Site), restsJSON(refs[len(notes)+i])})
	}
	for _, m := range trouble.Moves(t, string(r.by.Role)) {
		j.Moves = append(j.Moves, moveJSON{m.Name, phrase.Say(r.lang(), "trouble.move."+m.Name), m.Becomes, append([]string{}, m.Needs...), m.Clause})
	}
	if j.Children.All, j.Children.Open, err = trouble.Children(tx, t.ID); err != nil {
		return j, err
	}
	if t.Booking != 0 {
		b, err := booking.Get(tx, t.Booking)
		if err == nil {
			var shaped bookingJSON
			shaped, err = a.booking(tx, b)
			j.Booking = &shaped
		}
		if err != nil && !fault.Is(err, fault.Missing) {
			return j, err
		}
	}
	j.Measurement, err = a.measuredFor(tx, r, t)
	return j, err
}
