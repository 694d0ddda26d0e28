package api

import (
	"time"

	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/phrase"
	"sapa/internal/procedure"
	"sapa/internal/ticket"
)

// stamp prints a time as RFC 3339 with the offset of a zone, to the millisecond where there is one; nil for none.
func stamp(t time.Time, zone *time.Location) *string {
	if t.IsZero() {
		return nil
	}
	s := t.In(zone).Format("2006-01-02T15:04:05.999Z07:00")
	return &s
}

type contactJSON struct {
	Name  string `json:"name"`
	Phone string `json:"phone"` // masked: whoever dials gets it whole from /dial
}

type pinJSON struct {
	Code     string `json:"code"`
	Revision int    `json:"revision"`
}

// ticketJSON is a ticket as the contract writes it.
type ticketJSON struct {
	ID           db.ID             `json:"id"`
	Campaign     string            `json:"campaign"`
	Ref          string            `json:"ref"`
	State        ticket.State      `json:"state"`
	ServiceNo    string            `json:"service_no"`
	Contact      contactJSON       `json:"contact"`
	Note         string            `json:"note"`
	Criterion    string            `json:"criterion,omitempty"`
	OpenedAt     *string           `json:"opened_at"`
	DueAt        *string           `json:"due_at"` // null: no promise
	Zone         string            `json:"zone"`
	Version      int64             `json:"version"`
	Owner        *db.ID            `json:"owner,omitempty"`
	Procedure    pinJSON           `json:"procedure"`
	Attempts     int               `json:"attempts"` // times its customer was called
	Outcome      string            `json:"outcome"`  // "": none yet
	ClosedReason string            `json:"closed_reason,omitempty"`
	Source       string            `json:"source"`
	Fields       map[string]string `json:"fields"`
	Parked       *parkedJSON       `json:"parked,omitempty"` // why it is kept out of the queue
}

// countedAttempts is how far attempts of one ticket are counted: A-38 stops long before.
const countedAttempts = 1000

// shape dresses a ticket for its reader, names masked for who need not read them. Its procedure is the one its newest turn is pinned to,
// else the campaign's in force.
func (a *API) shape(tx *db.Tx, r seen, t ticket.Ticket) (ticketJSON, error) {
	t, err := desk.MaskTicket(tx, r.by, t)
	if err != nil {
		return ticketJSON{}, err
	}
	zone := desk.Zone(t.Zone, a.Seat.Site)
	j := ticketJSON{ID: t.ID, Campaign: t.Campaign, Ref: t.Ref, State: t.State, ServiceNo: t.ServiceNo,
		Contact: contactJSON{t.ContactName, t.Contact.Masked()}, Note: t.Note, Criterion: t.Criterion,
		OpenedAt: stamp(t.OpenedAt, zone), DueAt: stamp(t.DueAt, zone), Zone: t.Zone, Version: t.Version,
		Outcome: t.Outcome, ClosedReason: t.ClosedReason, Source: t.Source, Fields: t.Fields}
	if t.Owner != 0 {
		j.Owner = &t.Owner
	}
	if j.Fields == nil {
		j.Fields = map[string]string{}
	}
	if j.Parked, err = parkedBy(tx, t.Outage, zone); err != nil {
		return j, err
	}
	made, err := call.OfTicket(tx, t.ID, countedAttempts)
	if err != nil {
		return j, err
	}
	j.Attempts = len(made)
	turn, had, err := ticket.LastTurn(tx, t.ID)
	if err != nil {
		return j, err
	}
	if had {
		j.Procedure = pinJSON{turn.Code, turn.Revision}
		return j, nil
	}
	c, err := a.Seat.Campaigns.Lately(tx, t.Campaign)
	j.Procedure = pinJSON{c.Code, c.Revision.Revision}
	return j, err
}

type leaseJSON struct {
	Token string  `json:"token"`
	Until *string `json:"until"`
}

type stepJSON struct {
	ID     string `json:"id"`
	Clause string `json:"clause"`
	State  string `json:"state"`
	Title  string `json:"title"`
}

type optionJSON struct {
	ID     string   `json:"id"`
	Label  string   `json:"label"`
	Means  []string `json:"means,omitempty"`
	Clause string   `json:"clause"`
}

type fieldJSON struct {
	ID       string       `json:"id"`
	Clause   string       `json:"clause"`
	Type     string       `json:"type"`
	Required bool         `json:"required"`
	Label    string       `json:"label"`
	Options  []optionJSON `json:"options"`
	Value    string       `json:"value,omitempty"`
	Proposal string       `json:"proposal,omitempty"`
}

// viewJSON is what the procedure asks now, in the caller's language.
type viewJSON struct {
	Step     string      `json:"step"`
	Steps    []stepJSON  `json:"steps"`
	Fields   []fieldJSON `json:"fields"`
	Missing  []string    `json:"missing"`
	Complete bool        `json:"complete"`
	Outcome  string      `json:"outcome,omitempty"`
}

func viewOf(v procedure.View, lang phrase.Lang) viewJSON {
	j := viewJSON{Step: v.Step, Steps: []stepJSON{}, Fields: []fieldJSON{}, Missing: append([]string{}, v.Missing...), Complete: v.Complete}
	for _, s := range v.Steps {
		j.Steps = append(j.Steps, stepJSON{s.ID, shown(s.Clauses), s.State, s.Title.In(string(lang))})
	}
	for _, f := range v.Fields {
		field := fieldJSON{ID: f.ID, Clause: shown(f.Clauses), Type: f.Type, Required: f.Needed, Label: f.Label.In(string(lang)),
			Options: []optionJSON{}, Value: f.Value, Proposal: f.Proposal}
		for _, o := range f.Offer {
			field.Options = append(field.Options, optionJSON{o.ID, o.Label.In(string(lang)), o.Means, shown(o.Clauses)})
		}
		j.Fields = append(j.Fields, field)
	}
	if v.Outcome != nil {
		j.Outcome = v.Outcome.ID
	}
	return j
}

// shown is the clause a person sees of those a part carries: the first.
func shown(clauses []string) string {
	if len(clauses) == 0 {
		return ""
	}
	return clauses[0]
}

// turnJSON is a claimed ticket with all a machine needs to carry its turn on.
type turnJSON struct {
	Ticket   ticketJSON        `json:"ticket"`
	Lease    *leaseJSON        `json:"lease,omitempty"`
	View     *viewJSON         `json:"view,omitempty"`
	Draft    int64             `json:"draft,omitempty"` // version of the answers kept so far
	Attempts []attemptJSON     `json:"attempts,omitempty"`
	Outage   *affectedJSON     `json:"outage,omitempty"` // the mass outage its service stands in
	Given    map[string]string `json:"given,omitempty"`  // of one that goes along: what its call says already
	Along    []turnJSON        `json:"along,omitempty"`  // the turns that go along with this one's call
}

// affectedJSON is what an agent has to know of it, and to say.
type affectedJSON struct {
	ID       db.ID   `json:"id"`
	Parent   string  `json:"parent"`
	Reason   string  `json:"reason"`
	Estimate *string `json:"estimate"` // in the customer's zone
	Say      string  `json:"say"`
}

func (a *API) turn(tx *db.Tx, r seen, t desk.Turn) (turnJSON, error) {
	shaped, err := a.shape(tx, r, t.Ticket)
	view := viewOf(t.View, r.lang())
	j := turnJSON{Ticket: shaped, Lease: &leaseJSON{t.Lease.Token, stamp(t.Lease.Until, t.Zone)}, View: &view, Draft: t.Draft}
	if o := t.Outage; o != nil {
		j.Outage = &affectedJSON{o.ID, o.ParentNo, o.Reason, stamp(o.Estimate, t.Zone), o.Say(r.lang(), t.Zone, t.Now)}
	}
	for _, at := range t.Attempts {
		j.Attempts = append(j.Attempts, attemptOf(at, t.Zone))
	}
	j.Given = t.Given
	if err == nil {
		j.Along, err = a.goingAlong(tx, r, t)
	}
	return j, err
}

type attemptJSON struct {
	ID        db.ID     `json:"id"`
	Line      call.Line `json:"line"` // "": the call is going on
	RingS     int       `json:"ring_s"`
	TalkS     int       `json:"talk_s"`
	DialledAt *string   `json:"dialled_at"`
	EndedAt   *string   `json:"ended_at"`
	Dialler   string    `json:"dialler"`
}

func attemptOf(at call.Attempt, zone *time.Location) attemptJSON {
	return attemptJSON{at.ID, at.Line, at.RingS, at.TalkS, stamp(at.DialledAt, zone), stamp(at.EndedAt, zone), at.Dialler}
}
