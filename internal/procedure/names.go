package procedure

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

var (
	fieldName = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	otherName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

// The closed lists.
var (
	kinds     = []string{"read", "call", "form"}
	types     = []string{"choice", "text", "time", "number", "check"}
	desks     = []string{"built", "later"}
	thens     = []string{"leader"}
	checks    = []string{"phone", "mobile", "service-no", "ticket-no", "future", "email", "mandatory", "slot"}
	knowns    = []string{"service_no", "ticket_no", "contact_name", "contact_mobile", "description"}
	effects   = []string{"close", "call-again", "flag-contact", "note", "trouble", "mark", "alert-leader", "form-row", "outside"}
	reasons   = []string{"done", "junk", "ended-by-system"}
	marks     = []string{"slg", "expedite", "disputed", "hard-complaint"}
	acts      = []string{"create", "resolve", "dispatch", "reopen"}
	noteTypes = []string{"AGENTNOTE", "CLIENTNOTE", "UPDATEINFO"}
	bookings  = []string{"BOK", "BNOK", "BPN"}
	ofActs    = []string{"note", "trouble", "mark", "outside"} // an act ends no ticket
)

// DeskPlaces are the {places} of texts that the desk fills, beside the fields of the procedure.
var DeskPlaces = []string{"greeting", "agent", "agent_name", "skill", "customer", "contact_name", "service_no", "ticket_no", "ref", "phone", "note", "call_at", "line"}

// naming checks the names and words of one procedure.
type naming struct {
	*reader
	book *Book
	p    *Procedure
	ids  map[string]bool // step, field and outcome ids so far, each under its kind
}

func (r *reader) checkProcedure(b *Book, p *Procedure) {
	n := &naming{reader: r, book: b, p: p, ids: map[string]bool{}}
	n.name(p.at, otherName, "campaign", p.Code)
	n.have(p.at, "procedure "+p.Code, map[string]bool{"title": p.Title.ID != "", "save": p.Save.Label != "",
		"steps": len(p.Steps) > 0, "outcomes": len(p.Outcomes) > 0})
	n.cited(b, p.at, []string{p.Clause}, "procedure "+p.Code)
	n.oneOf(p.at, p.Desk, desks, "desk "+p.Desk)
	n.app(p.at, p.Source, "source")
	n.queue()
	for _, f := range p.Facts {
		if FactValues[f] == nil {
			n.wrong(p.at, "unknown-fact", "id", f, "known", strings.Join(slices.Sorted(maps.Keys(FactValues)), ", "))
		}
	}
	n.steps()
	for i := range p.Fields {
		n.field(&p.Fields[i])
	}
	for _, o := range p.Outcomes {
		n.outcome(o)
	}
	r.checkConditions(p)
}

func (n *naming) queue() {
	q := n.p.Queue
	if n.p.Act { // nobody waits in it
		n.cited(n.book, n.p.Save.at, []string{n.p.Save.Clause}, "save")
		return
	}
	n.have(q.at, "queue", map[string]bool{"pause": q.Pause > 0, "per_day": q.PerDay > 0, "days": q.Days > 0, "hours": q.Hours != "", "then": q.Then != ""})
	if q.Then != "" {
		n.oneOf(q.at, q.Then, thens, "then "+q.Then)
	}
	n.cited(n.book, q.at, []string{q.Clause}, "queue")
	n.cited(n.book, n.p.Save.at, []string{n.p.Save.Clause}, "save")
}

// have asks that the parts of something are there.
func (n *naming) have(at place, what string, parts map[string]bool) {
	for _, part := range slices.Sorted(maps.Keys(parts)) {
		if !parts[part] {
			n.wrong(at, "missing-part", "what", what, "part", part)
		}
	}
}

// name asks that an id is well formed and used once in its scope.
func (n *naming) name(at place, form *regexp.Regexp, scope, id string) {
	if !form.MatchString(id) || id == given || id == none {
		n.wrong(at, "name", "what", scope+" "+id)
	}
	if n.ids[scope+" "+id] {
		n.wrong(at, "double-name", "what", scope+" "+id)
	}
	n.ids[scope+" "+id] = true
}

func (n *naming) app(at place, id, what string) {
	var ids []string
	for _, a := range n.book.Document.Applications {
		ids = append(ids, a.ID)
	}
	if !slices.Contains(ids, id) {
		n.wrong(at, "application", "what", what, "id", id, "known", strings.Join(ids, ", "))
	}
}

func (n *naming) steps() {
	for _, s := range n.p.Steps {
		what := "step " + s.ID
		n.name(s.at, otherName, "step", s.ID)
		n.oneOf(s.at, s.Kind, kinds, what+" kind "+s.Kind)
		n.have(s.at, what, map[string]bool{"title": s.Title.ID != ""})
		n.cited(n.book, s.at, append(slices.Clone(s.Clauses), s.Covers...), what)
		for _, l := range s.Say {
			n.cited(n.book, l.at, []string{l.Clause}, what+" say")
			n.places(l.at, l.Text, what+" say")
		}
		for _, id := range s.Fields {
			if n.p.Field(id) == nil {
				n.wrong(s.at, "unknown-field", "step", s.ID, "id", id)
			}
			if n.ids["question "+id] {
				n.wrong(s.at, "double-name", "what", what+" question "+id)
			}
			n.ids["question "+id] = true
		}
	}
}

func (n *naming) field(f *Field) {
	what := "field " + f.ID
	n.name(f.at, fieldName, "field", f.ID)
	n.oneOf(f.at, f.Type, types, what+" type "+f.Type)
	n.have(f.at, what, map[string]bool{"label": f.Label.ID != ""})
	n.cited(n.book, f.at, f.Clauses, what)
	if f.Check != "" {
		n.oneOf(f.at, f.Check, checks, what+" check "+f.Check)
	}
	if f.Known != "" {
		n.oneOf(f.at, f.Known, knowns, what+" known "+f.Known)
	}
	if !n.ids["question "+f.ID] {
		n.wrong(f.at, "unasked-field", "id", f.ID)
	}
	switch chosen := f.Type == "choice" || f.Type == "check"; {
	case chosen && len(f.Options) == 0:
		n.wrong(f.at, "options", "id", f.ID, "type", f.Type, "has", "has no")
	case !chosen && len(f.Options) > 0:
		n.wrong(f.at, "options", "id", f.ID, "type", f.Type, "has", "has")
	}
	for _, o := range f.Options {
		n.option(f, o)
	}
}

func (n *naming) option(f *Field, o Option) {
	what := "option " + o.ID + " of " + f.ID
	n.name(o.at, otherName, "option of "+f.ID, o.ID)
	n.have(o.at, what, map[string]bool{"label": o.Label.ID != ""})
	n.cited(n.book, o.at, o.Clauses, what)
	n.means(o.at, o.Means, slices.Concat(LineWords, FurtherWords), what)
	if f.Type == "choice" && len(o.Means) == 0 && !n.p.Act { // an act says nothing of the line
		n.wrong(o.at, "no-means", "id", f.ID, "option", o.ID)
	}
}

func (n *naming) means(at place, words, known []string, what string) {
	for _, m := range words {
		n.oneOf(at, m, known, what+" means "+m)
	}
}

func (n *naming) places(at place, template, what string) {
	for _, name := range Places(template) {
		if n.p.Field(name) == nil && !slices.Contains(DeskPlaces, name) {
			n.wrong(at, "place", "what", what, "place", name, "known", strings.Join(DeskPlaces, ", "))
		}
	}
}

func (n *naming) outcome(o Outcome) {
	what := "outcome " + o.ID
	n.name(o.at, otherName, "outcome", o.ID)
	n.have(o.at, what, map[string]bool{"title": o.Title.ID != ""})
	n.cited(n.book, o.at, o.Clauses, what)
	n.means(o.at, o.Means, FurtherWords, what) // it adds to what the line proves and never replaces it
	endings := 0
	for _, e := range o.Effects {
		n.effect(e, what)
		if e.Do == "close" || e.Do == "call-again" {
			endings++
		}
	}
	switch {
	case n.p.Act: // it ends no ticket: effect looks to that
	case endings == 0:
		n.wrong(o.at, "ending", "id", o.ID, "has", "says nothing of what becomes of the ticket")
	case endings > 1:
		n.wrong(o.at, "ending", "id", o.ID, "has", "says twice what becomes of the ticket")
	}
}

// effect asks for the parts each kind of effect needs.
func (n *naming) effect(e Effect, outcome string) {
	what := outcome + " effect " + e.Do
	n.oneOf(e.at, e.Do, effects, what)
	if n.p.Act {
		n.oneOf(e.at, e.Do, ofActs, what+" of an act")
	}
	if e.Booking != "" {
		n.oneOf(e.at, e.Booking, bookings, what+" booking "+e.Booking)
	}
	n.cited(n.book, e.at, []string{e.Clause}, what)
	n.places(e.at, e.Text.ID, what)
	if e.Text.EN != e.Text.ID {
		n.places(e.at, e.Text.EN, what)
	}
	text := map[string]bool{"text": e.Text.ID != ""}
	switch e.Do {
	case "close":
		n.oneOf(e.at, e.Reason, reasons, what+" reason "+e.Reason)
	case "call-again":
		if f := n.p.Field(e.At); e.At != "" && (f == nil || f.Type != "time") {
			n.wrong(e.at, "at", "what", what, "id", e.At)
		}
		n.have(e.at, what, map[string]bool{"at: or after": e.At != "" || e.Queue || e.NextDay || e.After > 0})
	case "note":
		n.oneOf(e.at, e.Type, noteTypes, what+" type "+e.Type)
		n.app(e.at, e.App, what)
		n.have(e.at, what, text)
	case "trouble":
		n.oneOf(e.at, e.Trouble, acts, what+" act "+e.Trouble)
	case "mark":
		n.oneOf(e.at, e.Mark, marks, what+" mark "+e.Mark)
	case "form-row":
		n.have(e.at, what, map[string]bool{"form": e.Form != "", "text": e.Text.ID != ""})
	case "outside":
		n.app(e.at, e.App, what)
		n.have(e.at, what, text)
	}
}

// Nameable tells whether a word may name a campaign, step, option or outcome: small letters, digits, hyphens; a field's has
// underscores. The words given and none mean something else in conditions.
func Nameable(id string, field bool) bool {
	form := otherName
	if field {
		form = fieldName
	}
	return form.MatchString(id) && id != given && id != none
}

// ClosedWords gives a closed list by its name, for forms that offer what may be written: kind, type, check, known, do, reason, mark, act, note, means.
// nil for another name.
func ClosedWords(list string) []string {
	return slices.Clone(map[string][]string{"kind": kinds, "type": types, "check": checks, "known": knowns, "do": effects, "reason": reasons, "mark": marks, "act": acts,
		"note": noteTypes, "means": slices.Concat(LineWords, FurtherWords)}[list])
}
