package web

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sapa/internal/call"
	"sapa/internal/campaign"
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
	Turn      *desk.Turn
	Reports   reports // trouble tickets of the service in hand
	Campaigns []report.Line
	Waiting   int           // tickets that this agent could be handed
	Opens     time.Time     // when calling opens again; zero: it is open
	Help      *desk.Longest // the queue to help when nothing of one's own may be called
	Promises  []ticket.Ticket
	Last      *lastSaved
	Today     report.Day
	Tasks     int // promises outward that wait for this agent
	Titles    map[string]procedure.Text
	Refused   refusal
	Drafted   bool // the remarks on the page are the house's draft
	Dialler   string
	Clause    procedure.Clause
}

// shownPromises is how many promises stand open in the left column: with more, the day's figures fall below the fold.
const shownPromises = 2

// refusal is what was refused: the field it is about, and times that would do instead.
type refusal struct {
	Field string
	Times []time.Time
}

// deskView reads all that the workspace shows. typed is what a refused form held: it is shown again, not kept.
func (s *Server) deskView(r *request, typed map[string]string) (deskData, error) {
	p := deskData{frame: s.frame(r, r.T("web.nav.desk")).on("desk"), Dialler: s.Seat.Dialler(), Titles: map[string]procedure.Text{}}
	err := s.Store.Read(r.Context(), func(tx *db.Tx) error {
		p.Now = tx.Now.In(s.Site)
		turn, held, err := s.Seat.Current(tx, r.by)
		if err != nil {
			return err
		}
		if held {
			p.hold(turn, typed)
			if p.Reports, err = s.reports(tx, turn, r.by); err != nil {
				return err
			}
		}
		mine, err := s.Seat.CampaignsOf(tx, r.by)
		if err != nil {
			return err
		}
		if p.Campaigns, err = report.Queue(tx, mine); err != nil {
			return err
		}
		all, err := s.Campaigns.All(tx) // promises and history also speak of campaigns that are not in the mix
		if err != nil {
			return err
		}
		for _, c := range all {
			p.Titles[c.Code] = c.Title
		}
		for _, c := range p.Campaigns {
			if c.Built {
				p.Waiting += c.Waiting
			}
		}
		if !held && p.Waiting > 0 {
			open, first, err := s.Seat.Opening(tx, r.by)
			if err != nil {
				return err
			}
			if !open {
				p.Opens = first
			}
		}
		if !held {
			if at, offered, err := s.Seat.Longest(tx, r.by); err != nil {
				return err
			} else if offered {
				p.Help = &at
			}
		}
		if p.Promises, err = ticket.Promises(tx, db.ID(r.by.ID), 20); err != nil {
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

// hold puts the turn on the page, leaning on what the line says; remarks that nobody has written are drafted.
func (p *deskData) hold(turn desk.Turn, typed map[string]string) {
	p.Turn = &turn
	p.Title = turn.Campaign.Title.In(string(p.Lang))
	kept := turn
	turn.View = kept.Lean(typed)
	turn.Answers = turn.View.Answers
	i := slices.IndexFunc(turn.View.Fields, func(f procedure.FieldView) bool { return f.ID == "remarks" })
	if i >= 0 && turn.View.Fields[i].Value == "" {
		if text := p.draftRemarks(); text != "" {
			all := maps.Clone(typed)
			if all == nil {
				all = map[string]string{}
			}
			all["remarks"] = text
			turn.View, p.Drafted = kept.Lean(all), true
			turn.Answers = turn.View.Answers
		}
	}
	p.Clause = p.clause(turn.View.Clause)
}

func (p deskData) clause(id string) procedure.Clause {
	c, _ := p.Turn.Campaign.Revision.Book.Clause(id)
	c.ID = id // one that the document does not hold is ours and has no text
	return c
}

// clauses are the texts the ribbon may follow the focus to.
func (p deskData) clauses() []procedure.Clause {
	var all []procedure.Clause
	add := func(id string) {
		if id != "" && id != p.Clause.ID && !slices.ContainsFunc(all, func(c procedure.Clause) bool { return c.ID == id }) {
			all = append(all, p.clause(id))
		}
	}
	for _, s := range p.Turn.View.Steps {
		if s.State != "skipped" {
			add(s.Clause())
		}
	}
	for _, f := range p.Turn.View.Fields {
		add(f.Clause())
	}
	return all
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

// helping tells whether the ticket in hand is of a queue outside the agent's campaigns.
func (p deskData) helping() bool {
	return p.Turn != nil && !slices.ContainsFunc(p.Campaigns, func(c report.Line) bool { return c.Code == p.Turn.Ticket.Campaign })
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
	return len(p.Turn.View.Missing) > 0 && p.Turn.View.Missing[0] == f.ID
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

// settled are the words that a settled step leaves on its line.
func (p deskData) settled(step string) []string {
	var words []string
	for _, f := range p.fieldsOf(step) {
		switch {
		case f.Value == "" || f.ID == "remarks":
		case f.Type == "choice" || f.Type == "check":
			for _, o := range f.Options {
				if slices.Contains(strings.Split(f.Value, ","), o.ID) {
					words = append(words, o.Label.In(string(p.Lang)))
				}
			}
		case f.Type == "time":
			if at, err := time.Parse(time.RFC3339, f.Value); err == nil {
				words = append(words, p.moment(at.In(p.Turn.Zone)))
			}
		case utf8.RuneCountInString(f.Value) <= 24:
			words = append(words, f.Value)
		}
	}
	return words
}

// moment prints a day and an hour in the zone it is in.
func (p deskData) moment(t time.Time) string {
	return phrase.Day(p.Lang, t) + " " + phrase.Clock(p.Lang, t) + " " + desk.ZoneName(t.Location())
}

// doing is where the agent stands, for the mark at the top.
func (p deskData) doing() string {
	switch t := p.Turn; {
	case t == nil:
		return "free"
	case t.ReadAt.IsZero():
		return "reading"
	case t.Live != nil && t.Live.AnsweredAt.IsZero():
		return "dialing"
	case t.Live != nil:
		return "talking"
	}
	return "filing"
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

func (p deskData) campaignTitle(code string) string {
	if t, ok := p.Titles[code]; ok {
		return t.In(string(p.Lang))
	}
	return code
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
	return p.Said != nil && p.Refused.Field == field && field != ""
}

// saidAtField tells whether the refusal stands at a field that is on the page; else it is said at the top.
func (p deskData) saidAtField() bool {
	if p.Turn == nil {
		return false
	}
	i := slices.IndexFunc(p.Turn.View.Fields, func(f procedure.FieldView) bool { return p.refusedAt(f.ID) })
	return i >= 0 && slices.ContainsFunc(p.Turn.View.Steps, func(s procedure.StepView) bool {
		state := p.stepState(s)
		return s.ID == p.Turn.View.Fields[i].Step && state != "todo" && state != "skipped"
	})
}
