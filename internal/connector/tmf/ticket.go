package tmf

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"sapa/internal/fault"
)

// Status of a trouble ticket (TMF621 v4).
type Status string

const (
	Acknowledged Status = "acknowledged"
	InProgress   Status = "inProgress"
	Pending      Status = "pending"
	Held         Status = "held"
	Resolved     Status = "resolved"
	Closed       Status = "closed"
	Cancelled    Status = "cancelled"
	Rejected     Status = "rejected"
)

// ways are the official life cycle: closed, cancelled and rejected are final.
var ways = map[Status][]Status{
	Acknowledged: {InProgress, Rejected, Cancelled},
	InProgress:   {Held, Pending, Resolved, Cancelled},
	Held:         {InProgress},
	Pending:      {InProgress, Cancelled},
	Resolved:     {Closed, InProgress},
}

// way gives the statuses to go through from one to another, the last one included; ok is whether there is a way. The only detour is
// by inProgress: everything else would tell the other side something that did not happen.
func way(from, to Status) (steps []Status, ok bool) {
	switch {
	case from == to:
		return nil, true
	case slices.Contains(ways[from], to):
		return []Status{to}, true
	case slices.Contains(ways[from], InProgress) && slices.Contains(ways[InProgress], to):
		return []Status{InProgress, to}, true
	}
	return nil, false
}

// Ticket is a trouble ticket of the other side: a My CX complaint, a Nossa incident.
type Ticket struct {
	ID                 string   `json:"id,omitempty"`
	Href               string   `json:"href,omitempty"`
	ExternalID         string   `json:"externalId,omitempty"`
	Name               string   `json:"name,omitempty"`
	Description        string   `json:"description"`
	TicketType         string   `json:"ticketType"`
	Severity           string   `json:"severity"`
	Priority           string   `json:"priority,omitempty"`
	Status             Status   `json:"status,omitempty"`
	StatusChangeReason string   `json:"statusChangeReason,omitempty"`
	CreationDate       Time     `json:"creationDate,omitzero"`
	LastUpdate         Time     `json:"lastUpdate,omitzero"`
	StatusChangeDate   Time     `json:"statusChangeDate,omitzero"`
	ResolutionDate     Time     `json:"resolutionDate,omitzero"`
	Note               []Note   `json:"note,omitempty"`
	RelatedEntity      []Entity `json:"relatedEntity,omitempty"`
	RelatedParty       []Party  `json:"relatedParty,omitempty"`
	Type               string   `json:"@type,omitempty"`
}

func (t Ticket) key() string { return named(t.ID, t.Href) }

// ServiceNo is the number of the service that is affected.
func (t Ticket) ServiceNo() string {
	for _, e := range t.RelatedEntity {
		if strings.EqualFold(e.ReferredType, "Service") && (e.Role == affected || e.Role == "") {
			return named(e.ID, e.Href)
		}
	}
	return ""
}

const affected = "affectedService"

// Affects points a ticket to the service that is affected.
func Affects(serviceNo string) Entity {
	return Entity{ID: serviceNo, Role: affected, ReferredType: "Service"}
}

// Marked tells whether the worklog has an entry with a mark, and which.
func (t Ticket) Marked(mark string) (Note, bool) {
	for _, n := range t.Note {
		if marked(n.Text, mark) {
			return n, true
		}
	}
	return Note{}, false
}

// Tickets are the trouble tickets of an outside system (TMF621).
type Tickets struct{ *API }

const ticketResource = "troubleTicket"

// Get reads a ticket by its id there.
func (t Tickets) Get(ctx context.Context, id string) (Ticket, error) {
	return get[Ticket](ctx, t.API, ticketResource, id)
}

// OfService gives up to most tickets of a service number.
func (t Tickets) OfService(ctx context.Context, no string, most int) ([]Ticket, bool, error) {
	return list(ctx, t.API, ticketResource, url.Values{"relatedEntity.id": {no}}, most, func(x Ticket) bool { return no != "" && x.ServiceNo() == no })
}

// ByExternal finds a ticket by the id that we gave it; of several, which should not be, the one that was first. Missing only when
// it is sure that there is none: an answer that was cut off is Busy.
func (t Tickets) ByExternal(ctx context.Context, external string) (Ticket, error) {
	return theOne(ctx, t.API, ticketResource, external, func(x Ticket) string { return x.ExternalID }, func(x Ticket) Time { return x.CreationDate })
}

// Find reads a ticket by its id there or, when there is none, by the id that we gave it.
func (t Tickets) Find(ctx context.Context, id, external string) (Ticket, error) {
	if id != "" {
		if x, err := t.Get(ctx, id); !fault.Is(err, fault.Missing) {
			return x, err
		}
	}
	return t.ByExternal(ctx, external)
}

// Open opens a ticket exactly once: its ExternalID is looked up first, so a call whose answer was lost may be made again. When an
// error comes back it may have been opened or not; the next call finds out.
func (t Tickets) Open(ctx context.Context, n Ticket) (Ticket, error) {
	if n.ExternalID == "" || n.Description == "" || n.Severity == "" || n.TicketType == "" {
		return Ticket{}, fault.New(fault.Invalid, "tmf.incomplete")
	}
	return once(ctx, t.API, ticketResource, n.ExternalID, n, t.ByExternal)
}

// Telling is one thing that a ticket is told: an entry of its worklog and, with it, a new status.
type Telling struct {
	Mark   string // the same for every try; it is kept in the entry
	Author string
	Date   time.Time
	Text   string
	Status Status // empty: stays
	Reason string // of the status
}

// Tell writes an entry into the worklog, and the status with it, exactly once: an entry with the mark is proof that it was told. The
// worklog is never replaced as long as the other side can add (JSON Patch); where it cannot, all entries go back as they came, under
// the version they were read at when the other side has versions.
func (t Tickets) Tell(ctx context.Context, id string, say Telling) (Ticket, error) {
	if say.Mark == "" || say.Text == "" {
		return Ticket{}, fault.New(fault.Invalid, "tmf.incomplete")
	}
	for tries := 3; ; tries-- {
		x, err := t.tell(ctx, id, say)
		if no := fault.Of(err); tries <= 1 || no == nil || no.Kind != fault.Conflict || no.Key == "tmf.no-way" {
			return x, err
		}
	}
}

// worklog is a ticket as it came, so that what we do not know goes back unchanged.
type worklog struct {
	Ticket
	Raw []json.RawMessage
	Tag string
}

func (t Tickets) read(ctx context.Context, id string) (w worklog, err error) {
	var text json.RawMessage
	head, err := t.do(ctx, call{method: http.MethodGet, path: []string{ticketResource, id}}, &text)
	if err != nil {
		return w, err
	}
	var notes struct {
		Note []json.RawMessage `json:"note"`
	}
	if err := errors.Join(json.Unmarshal(text, &w.Ticket), json.Unmarshal(text, &notes)); err != nil {
		return w, fault.New(fault.Busy, "tmf.nonsense").Because(shapeless(err))
	}
	if w.key() == "" {
		return w, fault.New(fault.Busy, "tmf.nonsense").Because(errShape)
	}
	w.Raw, w.Tag = notes.Note, head.Get("ETag")
	return w, nil
}

func (t Tickets) tell(ctx context.Context, id string, say Telling) (Ticket, error) {
	was, err := t.read(ctx, id)
	if err != nil {
		return Ticket{}, err
	}
	if _, told := was.Marked(say.Mark); told {
		return was.Ticket, nil
	}
	var steps []Status
	if say.Status != "" {
		var ok bool
		if steps, ok = way(was.Status, say.Status); !ok {
			return was.Ticket, fault.New(fault.Conflict, "tmf.no-way", "from", clean(string(was.Status)), "to", string(say.Status))
		}
	}
	if len(steps) > 1 { // the first step is told by itself; when the second one is lost, the next try begins here
		if err := t.patch(ctx, was, plainJSON, map[string]any{"status": steps[0]}); err != nil {
			return was.Ticket, err
		}
		if was, err = t.read(ctx, id); err != nil {
			return Ticket{}, err
		}
	}
	note := Note{Author: say.Author, Date: At(say.Date), Text: withMark(say.Text, say.Mark)}
	if err := t.add(ctx, was, note, steps, say.Reason); err != nil {
		return was.Ticket, err
	}
	now, err := t.read(ctx, id) // an answer is not proof: some take a patch and keep nothing
	if err != nil {
		return Ticket{}, err
	}
	if _, told := now.Marked(say.Mark); !told {
		return now.Ticket, fault.New(fault.Busy, "tmf.not-kept")
	}
	return now.Ticket, nil
}

// add appends a note, and the last of the steps with it, in one request.
func (t Tickets) add(ctx context.Context, was worklog, note Note, steps []Status, reason string) error {
	type op struct {
		Op    string `json:"op"`
		Path  string `json:"path"`
		Value any    `json:"value"`
	}
	if !t.noPatch.Load() {
		ops := []op{{"add", "/note/-", note}}
		if was.Raw == nil {
			ops = []op{{"add", "/note", []Note{note}}}
		}
		if len(steps) > 0 {
			ops = append(ops, op{"add", "/status", steps[len(steps)-1]})
			if reason != "" {
				ops = append(ops, op{"add", "/statusChangeReason", reason})
			}
		}
		err := t.patch(ctx, was, jsonPatch, ops)
		if !unknownPatch(err) {
			return err
		}
	}
	text, err := json.Marshal(note)
	if err != nil {
		return err
	}
	merge := map[string]any{"note": append(slices.Clone(was.Raw), text)}
	if len(steps) > 0 {
		merge["status"] = steps[len(steps)-1]
		if reason != "" {
			merge["statusChangeReason"] = reason
		}
	}
	if err = t.patch(ctx, was, plainJSON, merge); err == nil {
		t.noPatch.Store(true) // now it is sure that it was the patch, not what it said
	}
	return err
}

// unknownPatch tells whether a refusal may mean that the other side takes no JSON Patch.
func unknownPatch(err error) bool {
	no := fault.Of(err)
	return no != nil && no.Key == "tmf.refused" && slices.Contains([]any{400, 406, 415, 422, 501}, no.Values["status"])
}

func (t Tickets) patch(ctx context.Context, was worklog, kind string, body any) error {
	head := map[string]string{}
	if was.Tag != "" {
		head["If-Match"] = was.Tag
	}
	_, err := t.do(ctx, call{method: http.MethodPatch, path: []string{ticketResource, was.key()}, mime: kind, body: body, header: head}, nil)
	return err
}

// A mark stands in a line of its own below the text: other systems keep no ids that others give to their entries.
func withMark(text, mark string) string { return strings.TrimSpace(text) + "\n[" + mark + "]" }

func marked(text, mark string) bool {
	return mark != "" && strings.Contains(text, "["+mark+"]")
}
