package web

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

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
	Turn      *desk.Turn
	Guides    desk.Guides
	Reports   reports // trouble tickets of the service in hand
	Campaigns []report.Line
	Waiting   int           // tickets that this agent could be handed
	Opens     time.Time     // when calling opens again; zero: it is open
	Help      *desk.Longest // the queue to help when nothing of one's own may be called
	Promises  []ticket.Ticket
	Last      *lastSaved
	Today     report.Day
	Tasks     int                // promises outward that wait for this agent
	Amiss     []desk.Application // what the agent's campaigns need and what is not ready
	Ages      []outsideLine      // how old what is shown of the customer is
	Titles    map[string]procedure.Text
	Refused   refusal
	Words     string // the field of the agent's own words on the result, when it is asked
	Drafted   bool   // they are the house's draft
	Dialler   string
	Clause    procedure.Clause
	Next      int        // the revision that the next ticket runs, when it is another than this turn's; 0 else
	Along     []deskData // a part of the form for each ticket that goes along
	In        string     // of such a part: its ticket
	Quiet     bool       // of such a part: a question before it still waits
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
			p.beside(typed)
			if p.Reports, err = s.reports(tx, turn, r.by); err != nil {
				return err
			}
			if p.Guides, err = s.Seat.Guides(tx, turn, guideQuery(r), len(guideKeys)); err != nil {
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
		p.Amiss = s.Seat.Amiss(all, mine)
		if held && len(all) > 0 && all[0].Revision.Revision != turn.Campaign.Revision.Revision {
			p.Next = all[0].Revision.Revision
		}
		if held {
			p.Ages = outsideLines(p.frame, turn.Readings, appNames(all))
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
		p.Tasks, err = outbox.Waiting(tx, db.ID(r.by.ID), s.Seat.Brings)
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
	words := turn.Campaign.Procedure.Words()
	for _, f := range turn.View.Fields {
		if slices.Contains(words, f.ID) {
			p.Words = f.ID
		}
	}
	if p.Words != "" && turn.Answers[p.Words] == "" {
		if text := p.draftRemarks(); text != "" {
			all := maps.Clone(typed)
			if all == nil {
				all = map[string]string{}
			}
			all[p.Words] = text
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

// rev is the revision of the turn on the page; 0: none is in hand, the one in force counts.
func (p deskData) rev() int {
	if p.Turn == nil {
		return 0
	}
	return p.Turn.Campaign.Revision.Revision
}

// optionClause is the clause an option rests on; the ribbon follows to it when the option is chosen.
func optionClause(c choice) string { return c.Clause() }

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
		for _, o := range f.Options {
			add(o.Clause())
		}
	}
	for _, one := range p.Along {
		add(one.Turn.Campaign.Procedure.Clause)
		for _, f := range one.Turn.View.Fields {
			add(f.Clause())
		}
	}
	return all
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// path is where an act on the held ticket goes.
func (p deskData) path(act string) string { return "/desk/" + p.Turn.Ticket.ID.String() + "/" + act }

// clockIn prints a time in a zone with its name; the site's time follows where it differs (ux.md principle 12).
func (p deskData) clockIn(t time.Time, zone *time.Location) string {
	return phrase.Clock(p.Lang, t.In(zone)) + " " + desk.ZoneName(zone)
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

// settled are the words that a settled step leaves on its line.
func (p deskData) settled(step string) []string {
	var words []string
	for _, f := range p.fieldsOf(step) {
		switch {
		case f.Value == "" || f.ID == p.Words:
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
