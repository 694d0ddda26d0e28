package tmf

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"sapa/internal/fault"
)

// Appointment is a technician's visit (TMF646).
type Appointment struct {
	ID            string   `json:"id,omitempty"`
	Href          string   `json:"href,omitempty"`
	ExternalID    string   `json:"externalId,omitempty"`
	Category      string   `json:"category,omitempty"`
	Description   string   `json:"description,omitempty"`
	Status        string   `json:"status,omitempty"` // initialized, confirmed, cancelled, completed, failed
	CreationDate  Time     `json:"creationDate,omitzero"`
	LastUpdate    Time     `json:"lastUpdate,omitzero"`
	ValidFor      Period   `json:"validFor"`
	Note          []Note   `json:"note,omitempty"`
	RelatedEntity []Entity `json:"relatedEntity,omitempty"`
	RelatedParty  []Party  `json:"relatedParty,omitempty"`
	RelatedPlace  *Place   `json:"relatedPlace,omitempty"`
}

func (a Appointment) key() string { return named(a.ID, a.Href) }

// Slot is a time at which somebody can come.
type Slot struct {
	ID       string `json:"id,omitempty"`
	Href     string `json:"href,omitempty"`
	ValidFor Period `json:"validFor"`
}

// search is a search for slots: a task resource (TMF630), which answers at once.
type search struct {
	ID        string `json:"id,omitempty"`
	Href      string `json:"href,omitempty"`
	Status    string `json:"status,omitempty"`
	Place     *Place `json:"relatedPlace,omitempty"`
	Requested []Slot `json:"requestedTimeSlot,omitempty"`
	Available []Slot `json:"availableTimeSlot,omitempty"`
}

func (s search) key() string { return named(s.ID, s.Href) }

// Appointments are the visits of an outside workforce system (TMF646).
type Appointments struct{ *API }

// Search gives the slots that are free between two moments at a place, e.g. an STO, in order. None is BPN (SOP 5.2.10.i.bpn).
func (a Appointments) Search(ctx context.Context, place string, within Period) ([]Slot, error) {
	ask := search{Requested: []Slot{{ValidFor: within}}}
	if place != "" {
		ask.Place = &Place{Name: place, Role: "serviceArea"}
	}
	said, err := create[search](ctx, a.API, "searchTimeSlot", "", ask)
	switch {
	case err != nil:
		return nil, err
	case said.Status != "" && said.Status != "done": // inProgress: it wants to be asked again, and no caller of ours can wait
		return nil, fault.New(fault.Busy, "tmf.busy", "status", said.Status, "code", "", "reason", "", "after", 0)
	}
	free := slices.DeleteFunc(said.Available, func(s Slot) bool {
		return s.ValidFor.Start.Before(within.Start.Time) || s.ValidFor.End.After(within.End.Time) || !s.ValidFor.Start.Before(s.ValidFor.End.Time)
	})
	slices.SortFunc(free, func(a, b Slot) int { return a.ValidFor.Start.Compare(b.ValidFor.Start.Time) })
	return free, nil
}

// Get reads a visit.
func (a Appointments) Get(ctx context.Context, id string) (Appointment, error) {
	return get[Appointment](ctx, a.API, "appointment", id)
}

// ByExternal finds a visit by the id that we gave it; Missing only when it is sure that there is none.
func (a Appointments) ByExternal(ctx context.Context, external string) (Appointment, error) {
	return theOne(ctx, a.API, "appointment", external, func(x Appointment) string { return x.ExternalID }, func(x Appointment) Time { return x.CreationDate })
}

// Book books a visit exactly once: its ExternalID is looked up first. Conflict when the slot has gone.
func (a Appointments) Book(ctx context.Context, n Appointment) (Appointment, error) {
	if n.ExternalID == "" || n.ValidFor.Start.IsZero() || n.ValidFor.End.IsZero() {
		return Appointment{}, fault.New(fault.Invalid, "tmf.incomplete")
	}
	return once(ctx, a.API, "appointment", n.ExternalID, n, a.ByExternal)
}

// Move moves a visit to another slot. Twice the same is once.
func (a Appointments) Move(ctx context.Context, id string, to Period) (Appointment, error) {
	return a.patch(ctx, id, map[string]any{"validFor": to})
}

// Confirm and Cancel change what a visit is. Twice is once.
func (a Appointments) Confirm(ctx context.Context, id string) (Appointment, error) {
	return a.become(ctx, id, "confirmed")
}

// Cancel calls a visit off.
func (a Appointments) Cancel(ctx context.Context, id string) (Appointment, error) {
	return a.become(ctx, id, "cancelled")
}

func (a Appointments) become(ctx context.Context, id, status string) (Appointment, error) {
	was, err := a.Get(ctx, id)
	if err != nil || was.Status == status {
		return was, err
	}
	return a.patch(ctx, id, map[string]any{"status": status, "validFor": was.ValidFor}) // the specification demands validFor in each change
}

func (a Appointments) patch(ctx context.Context, id string, change map[string]any) (now Appointment, err error) {
	_, err = a.do(ctx, call{method: http.MethodPatch, path: []string{"appointment", id}, mime: plainJSON, body: change}, &now)
	if err == nil && now.key() == "" {
		err = fault.New(fault.Busy, "tmf.nonsense").Because(errShape)
	}
	return now, err
}

// OfTicket gives up to most visits that are about a trouble ticket.
func (a Appointments) OfTicket(ctx context.Context, no string, most int) ([]Appointment, bool, error) {
	return list(ctx, a.API, "appointment", url.Values{"relatedEntity.id": {no}}, most, func(x Appointment) bool {
		return slices.ContainsFunc(x.RelatedEntity, func(e Entity) bool { return no != "" && named(e.ID, e.Href) == no })
	})
}
