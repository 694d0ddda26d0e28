package desk

import (
	"maps"
	"sync"
	"time"

	"sapa/internal/call"
	"sapa/internal/campaign"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/line"
	"sapa/internal/phone"
	"sapa/internal/procedure"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
)

// bench is everything one act on a held ticket needs, read in its transaction.
type bench struct {
	ticket   ticket.Ticket
	turn     ticket.Turn
	campaign campaign.Campaign // with the turn's pinned procedure
	zone     *time.Location    // the customer's
	attempts []call.Attempt
	facts    procedure.Facts
	stored   procedure.Answers // the draft
	about    *trouble.Ticket   // the trouble ticket it is about: named by it, opened in this turn, or open for its service
	made     *trouble.Ticket   // opened in this turn (5.2.10.t)
	open     []trouble.Ticket  // open for its service
	theirs   []customer.Report // open for it at the other side, not kept here
	outage   *Outage           // the mass outage its service stands in
	measured *line.Measurement // its line's last one, and what it says while it is fresh
	verdict  string
	given    procedure.Answers // of a turn that goes along: what its call says already
}

// lay reads the bench of a ticket whose lease has been checked. One that goes along has what its call says so far.
func (s *Seat) lay(tx *db.Tx, t ticket.Ticket) (bench, error) {
	b, err := s.layBare(tx, t)
	if err != nil || b.turn.Lead == 0 {
		return b, err
	}
	lead, err := ticket.TurnByID(tx, b.turn.Lead)
	if err != nil {
		return b, err
	}
	of, err := ticket.Get(tx, lead.Ticket)
	if err != nil {
		return b, err
	}
	b.share(lead.Answers, b.ticket.ServiceNo == of.ServiceNo)
	return b, nil
}

// layWith is lay for a ticket that goes along with another one, whose answers are at hand.
func (s *Seat) layWith(tx *db.Tx, t, lead ticket.Ticket, answers procedure.Answers) (bench, error) {
	b, err := s.layBare(tx, t)
	if err == nil {
		b.share(answers, t.ServiceNo == lead.ServiceNo)
	}
	return b, err
}

func (s *Seat) layBare(tx *db.Tx, t ticket.Ticket) (bench, error) {
	turn, err := ticket.TurnOf(tx, t.ID)
	if err != nil {
		return bench{ticket: t}, err
	}
	return s.layTurn(tx, t, turn)
}

// layTurn reads the bench of a turn, open or over.
func (s *Seat) layTurn(tx *db.Tx, t ticket.Ticket, turn ticket.Turn) (bench, error) {
	b := bench{ticket: t, turn: turn, zone: Zone(t.Zone, s.Site)}
	var err error
	if b.campaign, err = s.Campaigns.Pinned(tx, b.turn.Code, b.turn.Revision); err != nil {
		return b, err
	}
	if b.attempts, err = called(tx, b.turn); err != nil {
		return b, err
	}
	if err = b.reports(tx); err != nil {
		return b, err
	}
	if b.theirs, err = s.theirs(tx, b.ticket.ServiceNo); err != nil {
		return b, err
	}
	b.theirs = numbered(b.theirs)
	if b.outage, err = outageOf(tx, b.ticket.ServiceNo); err != nil {
		return b, err
	}
	if b.verdict, b.measured, err = verdict(tx, b.ticket.ServiceNo); err != nil {
		return b, err
	}
	if b.facts, err = s.facts(tx, b); err != nil {
		return b, err
	}
	b.stored = known(b.campaign.Procedure, b)
	maps.Copy(b.stored, b.turn.Answers)
	return b, nil
}

// facts tells the engine what the house knows before anybody is asked.
func (s *Seat) facts(tx *db.Tx, b bench) (procedure.Facts, error) {
	same, err := ticket.SettledSince(tx, b.ticket.ID, midnight(tx.Now, s.Site))
	if err != nil {
		return nil, err
	}
	state := "open"
	if b.about != nil && !b.about.Open() {
		state = "closed"
	}
	hours := "out"
	if b.campaign.Hours.Open(tx.Now, b.zone) {
		hours = "in"
	}
	return procedure.Facts{
		"last_line":    call.Evidence(b.attempts),
		"open_report":  yesNo(len(b.open)+len(b.theirs) > 0),
		"outage":       yesNo(b.outage != nil),
		"line_verdict": b.verdict,
		"ticket_state": state,
		"same_today":   yesNo(same),
		"hours":        hours,
	}, nil
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func midnight(at time.Time, zone *time.Location) time.Time {
	d := at.In(zone)
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, zone)
}

// known gives the answers the desk has without asking: fields that say `known:` are filled from the ticket (SOP 5.2.11.a).
func known(p *procedure.Procedure, b bench) procedure.Answers {
	from := map[string]string{"service_no": b.ticket.ServiceNo, "ticket_no": b.numberOf(), "contact_name": b.ticket.ContactName}
	a := procedure.Answers{}
	for _, f := range p.Fields {
		if v := from[f.Known]; f.Known != "" && v != "" {
			a[f.ID] = v
		}
	}
	return a
}

// zones holds the zones that were asked for: reading one from disk costs more than a statement, and every act asks.
var zones sync.Map // name -> *time.Location; names that do not exist are not kept, so it cannot grow without end

// Zone loads an IANA zone; the site's when it is empty or unknown.
func Zone(name string, site *time.Location) *time.Location {
	if name == "" {
		return site
	}
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return site
	}
	zones.Store(name, zone)
	return zone
}

// checks are the named validators of the procedure's fields for the work on a bench.
func checks(now time.Time, b bench) procedure.Checks { return Checks(now, b.zone, b.campaign.Hours) }

// Checks are the named validators of a campaign's fields as they judge at a moment, in the customer's zone and under the
// campaign's calling hours (decisions.md, House: the engine takes them as arguments).
func Checks(now time.Time, zone *time.Location, hours campaign.Hours) procedure.Checks {
	number := func(v string) error { _, err := phone.Parse(v); return err }
	return procedure.Checks{
		"phone":  number,
		"mobile": number,
		"service-no": func(v string) error {
			_, _, err := phone.ParseService(v)
			return err
		},
		"ticket-no": func(v string) error {
			if !ticket.Number(v) {
				return fault.New(fault.Invalid, "desk.ticket-no", "number", v)
			}
			return nil
		},
		"future": func(v string) error { return checkMoment(v, now, zone, hours) },
	}
}

// plain brings answers into the form they are kept in: moments as RFC 3339 in the customer's zone.
func plain(in map[string]string, p *procedure.Procedure, now time.Time, zone *time.Location) procedure.Answers {
	out := procedure.Answers{}
	maps.Copy(out, in)
	for _, f := range p.Fields {
		if f.Type != "time" {
			continue
		}
		if at, ok := parseMoment(out[f.ID], now, zone); ok {
			out[f.ID] = at.Format(time.RFC3339)
		}
	}
	return out
}
