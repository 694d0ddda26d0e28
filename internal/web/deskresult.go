package web

import (
	"slices"
	"strings"
	"time"

	"sapa/internal/campaign"
	"sapa/internal/phrase"
	"sapa/internal/procedure"
)

// refusal is what was refused: the field it is about, and times that would do instead.
type refusal struct {
	Field  string
	Ticket string // of one that goes along; "": the call's own
	Times  []time.Time
}

// fieldsOf lists what a step asks.
func (p deskData) fieldsOf(step string) []procedure.FieldView {
	return slices.DeleteFunc(slices.Clone(p.Turn.View.Fields), func(f procedure.FieldView) bool { return f.Step != step || !p.asks(f) })
}

// columns are the choice fields of a step that the document letters: they stand side by side as a cascade, also those
// that nobody asks yet (their Step is empty), so that the whole tree keeps its shape.
func (p deskData) columns(step string) (cascade, rest []procedure.FieldView) {
	asked := p.fieldsOf(step)
	for _, f := range asked {
		if !lettered(f.Field) {
			rest = append(rest, f)
		}
	}
	for _, s := range p.Turn.Campaign.Procedure.Steps {
		if s.ID != step {
			continue
		}
		for _, id := range s.Fields {
			f := p.Turn.Campaign.Procedure.Field(id)
			if f == nil || !lettered(*f) {
				continue
			}
			if i := slices.IndexFunc(asked, func(v procedure.FieldView) bool { return v.ID == id }); i >= 0 {
				cascade = append(cascade, asked[i])
			} else {
				cascade = append(cascade, procedure.FieldView{Field: *f})
			}
		}
	}
	if !slices.ContainsFunc(cascade, func(f procedure.FieldView) bool { return f.Step != "" }) {
		cascade = nil // nothing of it is asked after these answers
	}
	return cascade, rest
}

func lettered(f procedure.Field) bool { return f.Type == "choice" && f.Column != "" }

// hiddenTime is the time of the result's form while nobody asks for it.
func (p deskData) hiddenTime() (procedure.Field, bool) {
	for _, f := range p.Turn.Campaign.Procedure.Fields {
		if f.Type == "time" && f.Column != "" {
			asked := slices.ContainsFunc(p.Turn.View.Fields, func(v procedure.FieldView) bool { return v.ID == f.ID })
			return f, !asked
		}
	}
	return procedure.Field{}, false
}

// choice is one option as a page shows it.
type choice struct {
	procedure.Option
	Key  int    // 1-9
	On   bool   // chosen
	Why  string // phrase key of why it is held; "" when it is on offer
	Said bool   // the line says so
}

// choices lists the options of a field in the document's order, held ones among them.
func choices(f procedure.FieldView) []choice {
	var all []choice
	for _, o := range f.Field.Options {
		c := choice{Option: o, On: f.Value == o.ID, Said: f.Proposal == o.ID}
		if i := slices.IndexFunc(f.Held, func(h procedure.Held) bool { return h.ID == o.ID }); i >= 0 {
			c.Why = f.Held[i].Why
		} else if !slices.ContainsFunc(f.Offer, func(on procedure.Option) bool { return on.ID == o.ID }) {
			continue
		}
		c.Key = len(all) + 1
		all = append(all, c)
	}
	return all
}

// live tells whether a question is the one that keys answer: the first one without a value.
func (p deskData) live(f procedure.FieldView) bool {
	return !p.Quiet && len(p.Turn.View.Missing) > 0 && p.Turn.View.Missing[0] == f.ID
}

// loud tells whether a chosen option keeps its solid colour: the last decision, while no other waits.
func (p deskData) loud(f procedure.FieldView) bool {
	last := ""
	for _, v := range p.Turn.View.Fields {
		if lettered(v.Field) && v.Value != "" {
			last = v.ID
		}
		if v.Type == "choice" && v.Needed && v.Value == "" {
			return false
		}
	}
	return last == f.ID
}

// label of an option: master values stay Indonesian and get a gloss in English.
func (p deskData) label(o procedure.Option) (label, more string) {
	label = o.Label.In(string(p.Lang))
	more = o.Text.In(string(p.Lang))
	if p.Lang == phrase.EN && o.Gloss != "" && more == "" {
		more = o.Gloss
	}
	return label, capital(more)
}

func capital(s string) string {
	if s == "" {
		return s
	}
	r := []rune(s)
	return strings.ToUpper(string(r[0])) + string(r[1:])
}

// destinations names where the save goes: each outside application of the outcome once (ux.md principle 9).
func (p deskData) destinations() []string {
	names := []string{"sapa"}
	for _, one := range append([]deskData{p}, p.Along...) {
		o := one.Turn.View.Outcome
		if o == nil {
			continue
		}
		for _, e := range o.Effects {
			for _, app := range one.Turn.Campaign.Revision.Book.Document.Applications {
				if app.ID == e.App && !slices.Contains(names, app.Name) {
					names = append(names, app.Name)
				}
			}
		}
	}
	return names
}

// comesBack says when the ticket is called again by itself after this result, "" when it is not.
func (p deskData) comesBack() string {
	o := p.Turn.View.Outcome
	if o == nil {
		return ""
	}
	for _, e := range o.Effects {
		switch {
		case e.Do != "call-again":
		case e.At != "":
			if at, err := time.Parse(time.RFC3339, p.Turn.Answers[e.At]); err == nil {
				return p.T("seat.retry-at", "clock", p.moment(at.In(p.Turn.Zone)))
			}
		case e.NextDay:
			return p.T("seat.retry-at", "clock", p.moment(p.Turn.Campaign.Hours.NextDay(p.Now, p.Turn.Zone)))
		case p.Turn.RetryAt.IsZero():
			return p.T("seat.retry-leader")
		default:
			return p.T("seat.retry-at", "clock", p.moment(p.Turn.RetryAt.In(p.Turn.Zone)))
		}
	}
	return ""
}

// momentParts splits a moment into the two inputs of a page, on the customer's clock. What was typed and refused comes
// back as it was typed.
func (p deskData) momentParts(value string) (day, hour string) {
	if at, err := time.Parse(time.RFC3339, value); err == nil {
		local := at.In(p.Turn.Zone)
		return local.Format(time.DateOnly), local.Format("15:04")
	}
	if day, hour, ok := strings.Cut(value, "T"); ok {
		return day, hour
	}
	return p.Now.In(p.Turn.Zone).Format(time.DateOnly), ""
}

// hourText prints an hour as the language writes it: 15.00 or 15:00. A field of its own kind would follow the browser's
// language instead, and ask for AM and PM.
func (p deskData) hourText(hour string) string {
	if p.Lang == phrase.EN {
		return hour
	}
	return strings.ReplaceAll(hour, ":", ".")
}

// times suggests moments for calling again within the hours, as keys (screen 08): the two of a refusal, else soon, later
// and tomorrow.
func (p deskData) times(field string) []time.Time {
	if p.refusedAt(field) && len(p.Refused.Times) > 0 {
		return p.Refused.Times
	}
	zone, hours := p.Turn.Zone, p.Turn.Campaign.Hours
	if civil := (campaign.Hours{From: max(hours.From, 8*60), To: min(hours.To, 20*60)}); civil.From < civil.To {
		hours = civil // a campaign may call at night; nobody suggests it
	}
	soon := hours.Next(p.Now.Add(90*time.Minute).Truncate(30*time.Minute), zone)
	all := []time.Time{soon.In(zone)}
	for _, t := range []time.Time{soon.Add(3 * time.Hour), hours.NextDay(p.Now, zone).Add(time.Hour)} {
		for t = hours.Next(t, zone); !t.After(all[len(all)-1]); {
			t = hours.Next(t.Add(2*time.Hour), zone)
		}
		all = append(all, t.In(zone))
	}
	return all
}

func (p deskData) refusedAt(field string) bool {
	return p.Said != nil && p.Refused.Field == field && field != "" && p.Refused.Ticket == p.In
}

// saidAtField tells whether the refusal stands at a field that is on the page; else it is said at the top.
func (p deskData) saidAtField() bool {
	if p.Turn == nil {
		return false
	}
	if slices.ContainsFunc(p.Along, deskData.saidAtField) {
		return true
	}
	if p.In != "" {
		return slices.ContainsFunc(p.Turn.View.Fields, func(f procedure.FieldView) bool { return p.refusedAt(f.ID) && p.asks(f) })
	}
	i := slices.IndexFunc(p.Turn.View.Fields, func(f procedure.FieldView) bool { return p.refusedAt(f.ID) })
	return i >= 0 && slices.ContainsFunc(p.Turn.View.Steps, func(s procedure.StepView) bool {
		state := p.stepState(s)
		return s.ID == p.Turn.View.Fields[i].Step && state != "todo" && state != "skipped"
	})
}
