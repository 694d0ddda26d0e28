package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/procedure"
)

// A ticket that goes along with the call has a part of the same form: its fields carry its id before their own name.

// mostAlong is how many turns of one call are looked through.
const mostAlong = 40

// nm is a field's name on the page: of a ticket that goes along, with the ticket before it.
func (p deskData) nm(id string) string {
	if p.In == "" {
		return id
	}
	return p.In + "." + id
}

// beside takes the other open tickets of the customer that go along onto the page, each with what was typed for it.
func (p *deskData) beside(typed map[string]string) {
	quiet := len(p.Turn.View.Missing) > 0
	for _, turn := range p.Turn.Along {
		one := *p
		one.Along, one.In, one.Quiet = nil, turn.Ticket.ID.String(), quiet
		one.Words, one.Drafted = "", false
		mine := map[string]string{}
		for name, value := range typed {
			if id, ok := strings.CutPrefix(name, one.In+"."); ok {
				mine[id] = value
			}
		}
		one.hold(turn, mine)
		quiet = quiet || len(one.Turn.View.Missing) > 0 // keys answer one question at a time
		p.Along = append(p.Along, one)
	}
}

// split parts the answers of a form: the call's own ticket's, and those of each ticket that goes along.
func split(all map[string]string) (own map[string]string, along map[db.ID]map[string]string) {
	own, along = map[string]string{}, map[db.ID]map[string]string{}
	for name, value := range all {
		ticket, field, ok := strings.Cut(name, ".")
		id, err := db.ParseID(ticket)
		if !ok || err != nil {
			own[name] = value
			continue
		}
		if along[id] == nil {
			along[id] = map[string]string{}
		}
		along[id][field] = value
	}
	return own, along
}

// along takes another open ticket of the customer on the line into the call.
func (s *Server) along(w http.ResponseWriter, r *request) {
	s.held(w, r, func(tx *db.Tx, id db.ID, lease string) error {
		other, err := db.ParseID(r.PostFormValue("ticket"))
		if err != nil {
			other = 0 // nobody's
		}
		_, err = s.Seat.Along(tx, r.by, id, lease, other)
		return err
	})
}

// mayTake tells whether tickets can be taken along now: somebody who decides is on the line.
func (p deskData) mayTake() bool { return p.Turn.Reached() }

// firstToTake tells whether this is the one that the key takes.
func (p deskData) firstToTake(o desk.Other) bool {
	i := slices.IndexFunc(p.Turn.Others, func(o desk.Other) bool { return !o.Taken && o.Why == nil })
	return i >= 0 && p.Turn.Others[i].Ticket.ID == o.Ticket.ID
}

func (p deskData) alongKey(o desk.Other) templ.Attributes {
	if !p.firstToTake(o) {
		return nil
	}
	return templ.Attributes{"data-key": "a"}
}

// alongValues fills the sentence of why one cannot be taken along.
func alongValues(o desk.Other) []any {
	var values []any
	for name, value := range o.Why.Values {
		values = append(values, name, value)
	}
	return values
}

// asks tells whether a field is for this ticket to answer: what its call says already nobody is asked again.
func (p deskData) asks(f procedure.FieldView) bool {
	_, given := p.Turn.Given[f.ID]
	return !given
}
