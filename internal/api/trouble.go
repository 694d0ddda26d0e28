package api

import (
	"context"
	"net/http"
	"slices"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/line"
	"sapa/internal/phone"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
)

// fileTrouble opens the trouble ticket of 5.2.10: complaint, incident, slot and measurement in one transaction (decisions.md
// 7). 200 when the customer's words went to the report that is there; without words that one is a 409.
func (a *API) fileTrouble(r seen, f *form) (prepare, func(tx *db.Tx) (done, error)) {
	report := desk.Report{Settled: true, ServiceNo: f.text("service_no", 40), Source: f.id("source_ticket"), Answers: map[string]string{}}
	keep := func(id, value string) {
		if value != "" {
			report.Answers[id] = value
		}
	}
	for _, id := range []string{"service", "symptom", "hard_complaint", "urgency", "slot", "unscheduled"} {
		keep(id, f.text(id, longCode))
	}
	keep("description", f.text("description", longAnswer))
	keep("customer_note", f.text("customer_note", longAnswer))
	keep("first_call_resolution", f.yesNo("first_call_resolution"))
	if f.yesNo("customer_agrees") != "no" {
		report.Agreed = report.Answers["slot"]
	}
	contact := f.inner("contact")
	keep("contact_name", contact.text("name", 200))
	keep("contact_email", contact.text("email", 300))
	keep("contact_mobile", contact.either("mobile", "phone", 40))
	contact.unknown()

	var measured *line.Answer
	return func(ctx context.Context) error {
			measured = a.measureFirst(ctx, r, report)
			return nil
		}, func(tx *db.Tx) (done, error) {
			if measured != nil {
				if _, err := measured.Keep(tx, r.by); err != nil {
					return done{}, err
				}
			}
			filed, err := a.Seat.File(tx, r.by, report)
			if err != nil {
				return done{}, inContact(err)
			}
			if t := filed.Theirs; t != nil {
				return done{http.StatusAccepted, theirsJSON{t.No, t.Application, t.State, filed.Outcome}}, nil
			}
			j, err := a.wholeTrouble(tx, r, filed.Trouble)
			j.Outcome = filed.Outcome
			if filed.Note {
				return done{http.StatusOK, j}, err
			}
			return done{http.StatusCreated, j}, err
		}
}

// theirsJSON is a report of the other side that the customer's words are on their way to.
type theirsJSON struct {
	No          string `json:"no"`
	Application string `json:"application"`
	State       string `json:"state"` // in the other side's word
	Outcome     string `json:"outcome"`
}

// measureFirst asks the meter about the line of a report that has no measurement of the last hour, outside of any
// transaction. That it cannot never blocks (SOP 5.2.10.j); nil: nothing to keep.
func (a *API) measureFirst(ctx context.Context, r seen, report desk.Report) *line.Answer {
	needed := false
	err := a.Store.Read(ctx, func(tx *db.Tx) error {
		if report.ServiceNo == "" && report.Source != 0 {
			held, _, yes, err := ticket.Held(tx, db.ID(r.by.ID))
			if err != nil || !yes || held.ID != report.Source {
				return err // File says what is wrong
			}
			report.ServiceNo = held.ServiceNo
		}
		no, _, err := phone.ParseService(report.ServiceNo)
		if err != nil {
			return err
		}
		open, err := trouble.OpenOfService(tx, string(no))
		if err != nil || len(open) > 0 {
			return err
		}
		last, err := line.Latest(tx, string(no))
		needed = fault.Is(err, fault.Missing) || err == nil && tx.Now.Sub(last.MeasuredAt) > desk.FreshMeasurement
		return err
	})
	if !needed || err != nil && !fault.Is(err, fault.Missing) {
		return nil
	}
	answer, err := a.Meter.Ask(ctx, report.ServiceNo)
	if err != nil {
		return nil
	}
	return &answer
}

// inContact says where in this body a contact's field stands.
func inContact(err error) error {
	inBody := map[string]string{"contact_name": "contact.name", "contact_email": "contact.email", "contact_mobile": "contact.mobile"}
	if f := fault.Of(err); f != nil && inBody[f.Field] != "" {
		f.Field = inBody[f.Field]
	}
	return err
}

// theTrouble finds the trouble ticket of the path.
func (a *API) theTrouble(tx *db.Tx, r seen) (trouble.Ticket, error) {
	return trouble.ByNo(tx, r.PathValue("no"))
}

func (a *API) trouble(tx *db.Tx, r seen) (any, error) {
	t, err := a.theTrouble(tx, r)
	if err != nil {
		return nil, err
	}
	return a.wholeTrouble(tx, r, t)
}

type troublesJSON struct {
	Trouble []troubleJSON `json:"trouble"`
	Next    *db.ID        `json:"next"`
}

// mine as a group is the groups of the one who asks: My Group's Incidents (SOP 5.3.3).
const mine = "mine"

func (a *API) troubles(tx *db.Tx, r seen) (any, error) {
	q, err := query(r, "service_no", "state", "group", "after", "limit")
	if err != nil {
		return nil, err
	}
	f := trouble.Filter{State: trouble.State(q.Get("state"))}
	if f.State != "" && !slices.Contains(trouble.States(), f.State) {
		return nil, badQuery("state")
	}
	if no := q.Get("service_no"); no != "" {
		service, _, err := phone.ParseService(no)
		if err != nil {
			return nil, badQuery("service_no")
		}
		f.ServiceNo = string(service)
	}
	j := troublesJSON{Trouble: []troubleJSON{}}
	switch group := q.Get("group"); group {
	case "":
	case mine:
		if f.Groups, err = trouble.GroupsOf(tx, db.ID(r.by.ID)); err != nil || len(f.Groups) == 0 {
			return j, err
		}
	default:
		f.Groups = []string{groupID(group)}
	}
	if f.After, f.Limit, err = paging(q); err != nil {
		return nil, err
	}
	found, next, err := trouble.List(tx, f)
	if err != nil {
		return nil, err
	}
	if next != 0 {
		j.Next = &next
	}
	for _, t := range found {
		shaped, _, err := a.shapeTrouble(tx, r, t)
		if err != nil {
			return nil, err
		}
		j.Trouble = append(j.Trouble, shaped)
	}
	return j, nil
}

// groupID brings a group's name into its id; a list's own name of a group stays as it is.
func groupID(s string) string {
	if g, known := trouble.GroupOf(s); known {
		return g.ID
	}
	return s
}

// noteTrouble is a new row of the worklog (SOP 5.5.9, 5.7.9).
func (a *API) noteTrouble(r seen, f *form) func(tx *db.Tx) (done, error) {
	n := trouble.Note{Type: f.needed("type", longCode), Summary: f.text("summary", longReason), Detail: f.text("detail", longAnswer)}
	return func(tx *db.Tx) (done, error) {
		t, err := a.Seat.Note(tx, r.by, r.PathValue("no"), n)
		if err != nil {
			return done{}, err
		}
		j, err := a.wholeTrouble(tx, r, t)
		return done{http.StatusCreated, j}, err
	}
}

// moveTrouble is Route Workflow (SOP 5.3.7.a.route). A move that needs a reason takes the note for it when none is given.
func (a *API) moveTrouble(r seen, f *form) func(tx *db.Tx) (done, error) {
	s := trouble.Step{Move: f.needed("move", longCode), Classification: f.text("classification", 200), Group: groupID(f.text("group", 200)),
		Reason: f.text("reason", longReason), Note: f.text("note", longAnswer), Version: f.version("version")}
	if s.Reason == "" {
		if s.Reason = s.Note; len([]rune(s.Reason)) > longReason {
			s.Reason = string([]rune(s.Reason)[:longReason])
		}
	}
	return func(tx *db.Tx) (done, error) {
		t, err := a.Seat.Move(tx, r.by, r.PathValue("no"), s)
		if err != nil {
			return done{}, err
		}
		j, err := a.wholeTrouble(tx, r, t)
		return done{http.StatusOK, j}, err
	}
}
