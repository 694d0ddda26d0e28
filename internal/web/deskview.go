package web

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/outbox"
	"sapa/internal/phone"
	"sapa/internal/phrase"
	"sapa/internal/procedure"
	"sapa/internal/report"
	"sapa/internal/ticket"
)

// deskData is all the workspace shows.
type deskData struct {
	frame
	Turn         *desk.Turn
	Campaigns    []report.Line
	Waiting      int // tickets that this agent could be handed
	Promises     []ticket.Ticket
	Last         *lastSaved
	Today        report.Day
	Tasks        int // promises outward that wait for this agent
	Titles       map[string]procedure.Text
	RefusedField string
	Dialler      string
	Clause       procedure.Clause
}

func (s *Server) deskView(r *request) (deskData, error) {
	p := deskData{frame: s.frame(r, r.T("web.nav.desk")).on("desk"), Dialler: s.Seat.Dialler(), Titles: map[string]procedure.Text{}}
	err := s.Store.Read(r.Context(), func(tx *db.Tx) error {
		p.Now = tx.Now.In(s.Site)
		turn, held, err := s.Seat.Current(tx, r.by)
		if err != nil {
			return err
		}
		if held {
			p.Turn = &turn
			p.Title = turn.Campaign.Title.In(string(r.lang))
			p.Clause, _ = turn.Campaign.Revision.Book.Clause(turn.View.Clause)
		}
		mine, err := s.Seat.CampaignsOf(tx, r.by)
		if err != nil {
			return err
		}
		if p.Campaigns, err = report.Queue(tx, mine); err != nil {
			return err
		}
		for _, c := range p.Campaigns {
			p.Titles[c.Code] = c.Title
			if c.Built {
				p.Waiting += c.Waiting
			}
		}
		if p.Promises, err = ticket.Promises(tx, db.ID(r.by.ID), 5); err != nil {
			return err
		}
		if p.Last, err = s.last(tx, r.by, string(r.lang)); err != nil {
			return err
		}
		if p.Today, err = report.Today(tx, db.ID(r.by.ID), midnight(p.Now), s.Site); err != nil {
			return err
		}
		p.Tasks, err = outbox.Waiting(tx, db.ID(r.by.ID))
		return err
	})
	return p, err
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// age prints how long something has waited.
func (p deskData) age(since time.Time) string { return phrase.Age(p.Lang, p.Now.Sub(since)) }

// next is the campaign and age of the oldest ticket that waits: nobody is reserved before the claim.
func (p deskData) next() (report.Line, bool) {
	var oldest report.Line
	found := false
	for _, c := range p.Campaigns {
		if c.Built && c.Waiting > 0 && (!found || c.Oldest.Before(oldest.Oldest)) {
			oldest, found = c, true
		}
	}
	return oldest, found
}

// path is where an act on the held ticket goes.
func (p deskData) path(act string) string { return "/desk/" + p.Turn.Ticket.ID.String() + "/" + act }

// clockIn prints a time in a zone with its name; the site's time follows where it differs (ux.md principle 12).
func (p deskData) clockIn(t time.Time, zone *time.Location) string {
	return phrase.Clock(p.Lang, t.In(zone)) + " " + desk.ZoneName(zone)
}

func (p deskData) clockOf(t ticket.Ticket) (own, site string) {
	zone := desk.Zone(t.Zone, p.Now.Location())
	own = p.clockIn(t.DueAt, zone)
	if other := p.clockIn(t.DueAt, p.Now.Location()); other != own {
		site = other
	}
	return own, site
}

// when says how far a promise is away: 18 m lagi, or lewat 5 m.
func (p deskData) when(t time.Time) string {
	if d := t.Sub(p.Now); d > 0 {
		return p.T("seat.in", "age", phrase.Age(p.Lang, d))
	}
	return p.T("seat.overdue", "age", phrase.Age(p.Lang, p.Now.Sub(t)))
}

// script fills the places of a line to say. What was filled is marked.
type piece struct {
	Text   string
	Filled bool
}

func (p deskData) script(template string) []piece {
	t := p.Turn
	values := map[string]string{"greeting": t.Greeting, "agent": firstName(p.By.Name), "agent_name": p.By.Name, "customer": t.Ticket.ContactName,
		"contact_name": t.Ticket.ContactName, "service_no": t.Ticket.ServiceNo, "ref": t.Ticket.Ref, "ticket_no": t.Answers["ticket_no"]}
	var pieces []piece
	for {
		before, rest, ok := strings.Cut(template, "{")
		if before != "" {
			pieces = append(pieces, piece{before, false})
		}
		if !ok {
			return pieces
		}
		name, after, _ := strings.Cut(rest, "}")
		if v := values[name]; v != "" {
			pieces = append(pieces, piece{v, true})
		}
		template = after
	}
}

// stepState is how a step stands on screen: reading and calling are done when they have happened, not when answered.
func (p deskData) stepState(s procedure.StepView) string {
	if s.State == "skipped" {
		return "skipped"
	}
	switch s.Kind {
	case "read":
		if p.Turn.ReadAt.IsZero() {
			return "now"
		}
		return "done"
	case "call":
		switch {
		case p.Turn.ReadAt.IsZero():
			return "todo"
		case p.Turn.Live != nil && p.Turn.Live.AnsweredAt.IsZero():
			return "now"
		case len(p.Turn.Attempts) > 0:
			return "done"
		}
		return "now"
	}
	if p.Turn.ReadAt.IsZero() {
		return "todo"
	}
	if len(p.Turn.Attempts) == 0 && s.State != "done" && p.callBefore(s.ID) {
		return "now" // results that need no call may be chosen before one
	}
	return s.State
}

func (p deskData) callBefore(id string) bool {
	for _, s := range p.Turn.View.Steps {
		if s.ID == id {
			return false
		}
		if s.Kind == "call" {
			return true
		}
	}
	return false
}

// fieldsOf lists what a step asks.
func (p deskData) fieldsOf(step string) []procedure.FieldView {
	return slices.DeleteFunc(slices.Clone(p.Turn.View.Fields), func(f procedure.FieldView) bool { return f.Step != step })
}

// columns are the choice fields of a step that the document letters: they stand side by side as a cascade.
func columns(fields []procedure.FieldView) (cascade, rest []procedure.FieldView) {
	for _, f := range fields {
		if f.Type == "choice" && f.Column != "" {
			cascade = append(cascade, f)
		} else {
			rest = append(rest, f)
		}
	}
	return cascade, rest
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

// live tells whether a group is the one that digits answer: the first one without a value.
func (p deskData) live(f procedure.FieldView) bool {
	return len(p.Turn.View.Missing) > 0 && p.Turn.View.Missing[0] == f.ID
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

// callState is what the call bar shows.
func (p deskData) callState() string {
	t := p.Turn
	switch {
	case t == nil:
		return "none"
	case t.Live != nil && !t.Live.AnsweredAt.IsZero():
		return "connected"
	case t.Live != nil:
		return "ringing"
	case len(t.Attempts) > 0:
		return "ended"
	}
	return "idle"
}

// lastAttempt is the one the bar speaks of when no call is going on.
func (p deskData) lastAttempt() call.Attempt { return p.Turn.Attempts[len(p.Turn.Attempts)-1] }

// dialledNumber is shown whole to the one who dials it (decisions.md, Data and pictures).
func (p deskData) dialledNumber() string {
	if p.Turn.Live != nil {
		return p.Turn.Live.Number.Print()
	}
	return p.Turn.Ticket.Contact.Masked()
}

func telLink(n phone.Number) string { return "tel:" + n.Full() }

// sayLines are the words an agent may say of the line, where the telephone says nothing.
var sayLines = []call.Line{call.Answered, call.NoAnswer, call.Rejected, call.Busy, call.Machine, call.Silence, call.BadNumber, call.Unregistered, call.Failed}

// destinations names where the save goes: each outside application of the outcome once (ux.md principle 9).
func (p deskData) destinations() []string {
	names := []string{"sapa"}
	if o := p.Turn.View.Outcome; o != nil {
		for _, e := range o.Effects {
			for _, app := range p.Turn.Campaign.Revision.Book.Document.Applications {
				if app.ID == e.App && !slices.Contains(names, app.Name) {
					names = append(names, app.Name)
				}
			}
		}
	}
	return names
}

// draftRemarks proposes remarks from what was chosen; the agent edits it (ux.md principle 8).
func (p deskData) draftRemarks() string {
	labels := desk.Labels(p.Turn.Campaign.Procedure, p.Turn.Answers)
	if len(labels) == 0 {
		return ""
	}
	text := strings.Join(labels, " · ")
	if n := len(p.Turn.Attempts); n > 0 {
		a := p.lastAttempt()
		text = fmt.Sprintf("%s. %s %s", text, phrase.Say(phrase.ID, "call.line."+string(a.Line)), phrase.Clock(phrase.ID, a.DialledAt.In(p.Turn.Zone))+" "+desk.ZoneName(p.Turn.Zone))
		if a.TalkS > 0 {
			text += ", bicara " + phrase.Timer(time.Duration(a.TalkS)*time.Second)
		}
	}
	return text + "."
}

func (p deskData) campaignTitle(code string) string {
	if t, ok := p.Titles[code]; ok {
		return t.In(string(p.Lang))
	}
	return code
}

// momentParts splits a moment into the two inputs of a page, on the customer's clock.
func (p deskData) momentParts(value string) (day, hour string) {
	if at, err := time.Parse(time.RFC3339, value); err == nil {
		local := at.In(p.Turn.Zone)
		return local.Format(time.DateOnly), local.Format("15:04")
	}
	return p.Now.In(p.Turn.Zone).Format(time.DateOnly), ""
}

// times suggests moments for calling again within the hours, as keys (screen 08: four time keys).
func (p deskData) times() []time.Time {
	zone, hours := p.Turn.Zone, p.Turn.Campaign.Hours
	soon := hours.Next(p.Now.Add(90*time.Minute).Truncate(30*time.Minute), zone)
	later := hours.Next(soon.Add(3*time.Hour), zone)
	tomorrow := hours.NextDay(p.Now, zone).Add(time.Hour)
	if !hours.Open(tomorrow, zone) {
		tomorrow = hours.NextDay(p.Now, zone)
	}
	all := []time.Time{soon.In(zone)}
	for _, t := range []time.Time{later, tomorrow} {
		if t.After(all[len(all)-1]) {
			all = append(all, t.In(zone))
		}
	}
	return all
}
