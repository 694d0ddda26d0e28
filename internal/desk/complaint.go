package desk

import (
	"maps"
	"net/mail"
	"slices"
	"strings"
	"time"

	"sapa/internal/booking"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/line"
	"sapa/internal/phone"
	"sapa/internal/procedure"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// TroubleAct is the code of 5.2.10 among the acts of the document.
const TroubleAct = "trouble-ticket"

// DaysAhead is how far the technicians' schedule is shown.
const DaysAhead = 4

// Complaint is all that the screen of 5.2.10 needs: what is asked, what the house knows, the schedule.
type Complaint struct {
	Act         *procedure.Procedure
	View        procedure.View
	Version     int64 // of the draft
	Ticket      ticket.Ticket
	ServiceNo   string // of the chosen service
	Services    []customer.Service
	Master      bool              // false: the number is not in the customer master, its services are what its form allows
	Reports     []trouble.Ticket  // open ones of the service
	Theirs      []customer.Report // open ones that the other side keeps and the house does not
	Filed       *trouble.Ticket   // opened in this turn
	Measurement *line.Measurement
	Line        *line.Line
	Slots       []booking.Slot
	Hold        *booking.Booking
	Subject     trouble.Subject
	Mandatory   []trouble.Item // what a description of the service tells (SOP 5.2.10.r)
	Missing     []trouble.Item // of it in the description as it stands
	Drafted     bool           // the description is the house's own: nobody has written in it
	Outage      *Outage        // the mass outage the service stands in; nil: none
	Advice      Advice
	Zone        *time.Location
	Now         time.Time
}

// Report is a trouble ticket to be opened. With a source it is the act during that ticket's call, and the agent must hold it.
type Report struct {
	ServiceNo string
	Source    db.ID
	Answers   map[string]string
	Agreed    string // the slot that was read out and that the customer said yes to (SOP 5.2.10.s.ok)
	Settled   bool   // the caller has no page that asks: a slot that is not named is one that does not fit
}

// Filed is what opening came to.
type Filed struct {
	Trouble trouble.Ticket
	Slot    *booking.Slot
	Outcome string
	Note    bool             // no new ticket: the customer's words went to the one that is there
	Theirs  *customer.Report // that one is kept at the other side: the words are on their way there, and Trouble is empty
}

// site of the act: what one report is made from, read in its transaction.
type desktop struct {
	act      *procedure.Procedure
	facts    procedure.Facts
	answers  procedure.Answers
	version  int64
	ticket   ticket.Ticket
	turn     db.ID
	revision int // of the turn; 0: the one in force
	made     *trouble.Ticket
	customer customer.Customer
	services []customer.Service
	master   bool
	no       string
	open     []trouble.Ticket
	theirs   []customer.Report // open ones of the other side that are not kept here
	measured *line.Measurement
	line     *line.Line
	slots    []booking.Slot
	hold     *booking.Booking // the agent's own: the last place is theirs and still on offer to them
	outage   *Outage          // the mass outage the service stands in: no technician of its own, a child of its ticket
	zone     *time.Location
	proposal procedure.Answers // what the house fills in while nobody has said otherwise
	said     string            // the problem in the customer's words
}

// Complaint gives the screen of 5.2.10 for the ticket in hand; Conflict when the lease is lost. It only reads.
func (s *Seat) Complaint(tx *db.Tx, a who.Actor, id db.ID, token string) (Complaint, error) {
	t, lease, held, err := ticket.Held(tx, db.ID(a.ID))
	if err != nil {
		return Complaint{}, err
	}
	if !held || t.ID != id || lease.Token != token {
		return Complaint{}, fault.New(fault.Conflict, "ticket.lease-lost")
	}
	b, err := s.lay(tx, t)
	if err != nil {
		return Complaint{}, err
	}
	d, err := s.desktop(tx, a, b, t.ServiceNo)
	if err != nil {
		return Complaint{}, err
	}
	return s.complaint(tx, a, d)
}

// AnswerComplaint keeps answers of 5.2.10 as they are given and gives the screen as it stands then.
func (s *Seat) AnswerComplaint(tx *db.Tx, a who.Actor, id db.ID, token string, in map[string]string, version int64) (Complaint, error) {
	t, err := ticket.Fence(tx, id, db.ID(a.ID), token)
	if err != nil {
		return Complaint{}, err
	}
	b, err := s.lay(tx, t)
	if err != nil {
		return Complaint{}, err
	}
	d, err := s.desktop(tx, a, b, t.ServiceNo)
	if err != nil {
		return Complaint{}, err
	}
	if version != 0 && version != d.version {
		return Complaint{}, fault.New(fault.Conflict, "desk.draft-stale")
	}
	if in["slot"] != "" { // one fits after all
		in = with(in, map[string]string{"unscheduled": ""})
	}
	settled, _, err := d.act.Put(d.facts, d.answers, procedure.Answers(in), nil) // what is wrong with a text is said at Submit
	if err != nil {
		return Complaint{}, err
	}
	if slot, given := in["slot"]; given && slot == "" || in["unscheduled"] != "" {
		if err := s.letGo(tx, a); err != nil {
			return Complaint{}, err
		}
	} else if given {
		if _, _, err := s.hold(tx, a, d, slot); err != nil {
			return Complaint{}, err
		}
	}
	if d.line != nil { // the hold has changed what is left
		if d.slots, err = s.offered(tx, d); err != nil {
			return Complaint{}, err
		}
	}
	if d.version, err = ticket.KeepActDraft(tx, d.turn, TroubleAct, d.version, d.own(settled)); err != nil {
		return Complaint{}, err
	}
	d.answers = settled
	return s.complaint(tx, a, d)
}

// offered are the technicians' slots of the line's exchange; none while a mass outage is being mended there.
func (s *Seat) offered(tx *db.Tx, d desktop) ([]booking.Slot, error) {
	if d.outage != nil {
		return nil, nil
	}
	return booking.Slots(tx, d.line.STO, tx.Now, midnight(tx.Now, d.zone).AddDate(0, 0, DaysAhead))
}

// hold keeps the chosen slot while the customer decides (SOP 5.2.10.s.schedule). A hold that was never made, or has lapsed, is
// made now.
func (s *Seat) hold(tx *db.Tx, a who.Actor, d desktop, chosen string) (booking.Booking, booking.Slot, error) {
	if err := noBooking(d.outage); err != nil {
		return booking.Booking{}, booking.Slot{}, err
	}
	id, err := db.ParseID(chosen)
	at := slices.IndexFunc(d.slots, func(v booking.Slot) bool { return v.ID == id })
	if err != nil || at < 0 {
		return booking.Booking{}, booking.Slot{}, fault.New(fault.Invalid, "desk.slot").At("slot", "5.2.10.s.schedule")
	}
	held, err := booking.Hold(tx, a, id)
	return held, d.slots[at], err
}

func (s *Seat) letGo(tx *db.Tx, a who.Actor) error {
	held, err := booking.HeldBy(tx, db.ID(a.ID))
	switch {
	case fault.Is(err, fault.Missing):
		return nil
	case err != nil:
		return err
	}
	return booking.Release(tx, a, held.ID, "")
}

// File opens the trouble ticket of 5.2.10 - complaint, incident, slot and measurement in this one transaction
// (decisions.md 7) - or adds the customer's words to the one that is open. Conflict with its number while the
// service has an open one and no words are given.
func (s *Seat) File(tx *db.Tx, a who.Actor, r Report) (Filed, error) {
	if err := staff.May(a, staff.ActTrouble); err != nil {
		return Filed{}, err
	}
	var b bench
	if r.Source != 0 {
		t, _, held, err := ticket.Held(tx, db.ID(a.ID))
		switch {
		case err != nil:
			return Filed{}, err
		case !held || t.ID != r.Source:
			return Filed{}, fault.New(fault.Conflict, "ticket.lease-lost")
		}
		if b, err = s.lay(tx, t); err != nil {
			return Filed{}, err
		}
		if r.ServiceNo == "" {
			r.ServiceNo = t.ServiceNo
		}
	}
	if _, _, err := phone.ParseService(r.ServiceNo); err != nil {
		if f := fault.Of(err); f != nil {
			return Filed{}, f.At("service_no", "5.2.10.d")
		}
		return Filed{}, err
	}
	d, err := s.desktop(tx, a, b, r.ServiceNo)
	if err != nil {
		return Filed{}, err
	}
	if r.Source == 0 { // no turn whose guiding could speak: the answer itself says how it ended
		d.facts["guidance"] = map[string]string{"yes": "berhasil", "no": "tidak-berhasil"}[r.Answers["first_call_resolution"]]
		if d.facts["guidance"] == "" {
			d.facts["guidance"] = "none"
		}
	}
	if no := d.exists(); no != "" && r.Answers["customer_note"] == "" && d.answers["customer_note"] == "" {
		return Filed{}, fault.New(fault.Conflict, "trouble.already-open", "no", no).At("service_no", "5.2.10.branch")
	}
	if r.Settled && r.Answers["slot"]+d.answers["slot"]+r.Answers["unscheduled"] == "" {
		if try := d.act.View(d.facts, with(d.answers, r.Answers)); slices.Contains(try.Missing, "slot") {
			r.Answers = with(r.Answers, map[string]string{"unscheduled": "none-fits"})
		}
	}
	if d.outage != nil && r.Answers["slot"] != "" {
		return Filed{}, noBooking(d.outage)
	}
	decision, err := d.act.Decide(d.facts, d.answers, procedure.Answers(r.Answers), d.checks(tx.Now))
	if err != nil {
		return Filed{}, err
	}
	switch decision.Outcome.ID {
	case "not-found":
		return Filed{}, fault.New(fault.Invalid, "desk.service-unknown", "number", r.ServiceNo).At("service_no", "5.2.10.e")
	case "already-reported":
		return s.again(tx, a, d, decision.Answers)
	}
	if slot := decision.Answers["slot"]; slot != "" && r.Agreed != slot {
		return Filed{}, fault.New(fault.Invalid, "desk.slot-agree").At("slot", "5.2.10.s.ok")
	}
	return s.open(tx, a, d, decision)
}

// with is answers and later ones over them.
func with(answers, later map[string]string) map[string]string {
	all := maps.Clone(answers)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, later)
	return all
}

// again adds the customer's own words to the report that is there: a lapul (A-10, domain 3.6).
func (s *Seat) again(tx *db.Tx, a who.Actor, d desktop, answers procedure.Answers) (Filed, error) {
	if len(d.open) == 0 {
		return s.tellTheirs(tx, a, d, answers)
	}
	t, c, err := trouble.Repeat(tx, a, d.open[0].ID, answers["customer_note"], d.revision) // made during the call: no finish takes it back
	if err != nil {
		return Filed{}, err
	}
	return Filed{Trouble: t, Outcome: "already-reported", Note: true}, s.follow(tx, a, c, d.turn != 0)
}

func (s *Seat) open(tx *db.Tx, a who.Actor, d desktop, decision procedure.Decision) (Filed, error) {
	in, filed := decision.Answers, Filed{Outcome: decision.Outcome.ID}
	status := decision.Effects[0].Booking
	n := trouble.New{ServiceNo: d.numberFor(in["service"]), Service: in["service"], Customer: d.customer.ID, CustomerName: d.customer.Name,
		CustomerClass: string(d.customer.Class), Symptom: in["symptom"], Verdict: judged(d.facts["line_verdict"]),
		ContactName: in["contact_name"], ContactEmail: in["contact_email"], ContactMobile: in["contact_mobile"], HardComplaint: in["hard_complaint"],
		Urgency: in["urgency"], FCR: in["first_call_resolution"], Description: in["description"], SourceTicket: d.ticket.ID,
		Offered: status != trouble.BNOK && d.outage == nil}
	if n.CustomerName == "" {
		n.CustomerName = d.ticket.ContactName
	}
	if d.measured != nil && d.facts["line_verdict"] != "none" {
		n.Measurement = d.measured.ID
	}
	if d.line != nil {
		n.STO = d.line.STO
	}
	if d.outage != nil { // a new fault on an affected line is a child of the outage's ticket
		n.Parent, n.ParentNo = d.outage.Parent, d.outage.ParentNo
	}
	if status == trouble.BOK {
		held, slot, err := s.hold(tx, a, d, in["slot"])
		if err != nil {
			return filed, err
		}
		n.Booking, filed.Slot = held.ID, &slot
	} else if err := s.letGo(tx, a); err != nil {
		return filed, err
	}
	t, c, err := trouble.Open(tx, a, n)
	if err != nil {
		return filed, err
	}
	if n.Booking != 0 {
		if _, err := booking.Confirm(tx, a, n.Booking, t.No); err != nil {
			return filed, err
		}
	}
	filed.Trouble = t
	_, err = journal.Write(tx, journal.Entry{By: a, Act: "complaint.filed", Kind: "trouble", Ref: t.ID, Ticket: d.ticket.ID,
		Data: map[string]string{"no": t.No, "outcome": filed.Outcome}})
	if err != nil {
		return filed, err
	}
	if d.ticket.ID != 0 {
		s.tellAfter(tx, db.ID(a.ID), "trouble", d.ticket.ID)
	}
	return filed, s.follow(tx, a, c, d.turn != 0)
}

func judged(fact string) string {
	return map[string]string{"spec": line.Spec, "unspec": line.Unspec, "failed": line.Failed}[fact]
}

// desktop reads what a report on a service number is made from. b is the bench of the call it is made in, or none.
func (s *Seat) desktop(tx *db.Tx, a who.Actor, b bench, serviceNo string) (desktop, error) {
	d := desktop{no: serviceNo, ticket: b.ticket, turn: b.turn.ID, revision: b.turn.Revision, made: b.made, zone: b.zone, answers: procedure.Answers{}}
	var err error
	if d.act, err = s.Campaigns.Act(tx, TroubleAct, d.revision); err != nil {
		return d, err
	}
	if d.customer, d.services, err = customer.OfTicket(tx, b.ticket.Customer, serviceNo); err == nil && len(d.services) > 0 {
		d.master = true
	} else if err != nil && !fault.Is(err, fault.Missing) {
		return d, err
	} else {
		d.services = byForm(serviceNo)
	}
	if d.zone == nil {
		d.zone = Zone(d.customer.Zone, s.Site)
	}
	var measured string
	if d.turn != 0 && serviceNo == b.ticket.ServiceNo { // what the bench has read is not read again
		d.outage, d.open, d.measured, measured = b.outage, b.open, b.measured, b.verdict
	} else if measured, err = d.look(tx); err != nil {
		return d, err
	}
	if serviceNo != "" {
		if d.theirs, err = s.theirs(tx, serviceNo); err != nil {
			return d, err
		}
		if l, err := line.LineOf(tx, serviceNo); err == nil {
			d.line = &l
			if d.slots, err = s.offered(tx, d); err != nil {
				return d, err
			}
		} else if !fault.Is(err, fault.Missing) {
			return d, err
		}
	}
	held, err := booking.HeldBy(tx, db.ID(a.ID))
	switch {
	case err == nil && tx.Now.Before(held.Until) && slices.ContainsFunc(d.slots, func(v booking.Slot) bool { return v.ID == held.Slot }):
		d.hold = &held
	case err != nil && !fault.Is(err, fault.Missing):
		return d, err
	}
	d.facts = procedure.Facts{"open_report": yesNo(d.exists() != ""), "services": kinds(d.services), "line_verdict": measured, "guidance": "none",
		"slots": map[bool]string{true: "some", false: "none"}[d.outage == nil && (booking.Available(d.slots) > 0 || d.hold != nil)]}
	if g := b.stored["guided"]; g != "" {
		d.facts["guidance"] = g
	}
	if d.turn == 0 {
		return d, nil
	}
	var kept map[string]string
	if kept, d.version, err = ticket.ActDraft(tx, d.turn, TroubleAct); err != nil {
		return d, err
	}
	d.proposal = d.proposed(b)
	d.said = problem(b)
	d.answers = d.proposal.Copy()
	maps.Copy(d.answers, kept)
	return d, nil
}

// look reads what a bench would have read about the service: its outage, its open reports, what its line says.
func (d *desktop) look(tx *db.Tx) (measured string, err error) {
	if d.no == "" {
		return "none", nil
	}
	if d.outage, err = outageOf(tx, d.no); err != nil {
		return "", err
	}
	if d.open, err = trouble.OpenOfService(tx, d.no); err != nil {
		return "", err
	}
	measured, d.measured, err = verdict(tx, d.no)
	return measured, err
}

// exists is the number of the report that is open, here or at the other side; "": none.
func (d desktop) exists() string {
	switch {
	case len(d.open) > 0:
		return d.open[0].No
	case len(d.theirs) > 0:
		return d.theirs[0].No
	}
	return ""
}

// own leaves out of a draft what the house filled in by itself: it goes on following the call, so that a measurement that
// comes later still comes into the description (SOP 5.2.10.r).
func (d desktop) own(settled procedure.Answers) procedure.Answers {
	kept := settled.Copy()
	maps.DeleteFunc(kept, func(id, value string) bool { return d.proposal[id] == value })
	return kept
}

// byForm: a number that is not in the customer master may have what a number of its form can have (SOP 5.2.10.d).
func byForm(serviceNo string) []customer.Service {
	no, _, err := phone.ParseService(serviceNo)
	switch {
	case err != nil:
		return nil
	case strings.HasPrefix(string(no), "0"): // PSTN
		return []customer.Service{{No: serviceNo, Kind: "voice"}}
	}
	return []customer.Service{{No: serviceNo, Kind: "internet"}, {No: serviceNo, Kind: "iptv"}}
}

// kinds spells the services somebody has as the fact does: internet-iptv-voice.
func kinds(services []customer.Service) string {
	var have []string
	for _, kind := range []string{"internet", "iptv", "voice"} {
		if slices.ContainsFunc(services, func(v customer.Service) bool { return v.Kind == kind }) {
			have = append(have, kind)
		}
	}
	if len(have) == 0 {
		return "none"
	}
	return strings.Join(have, "-")
}

// numberFor is the number of the chosen service: the ticket's own when it is of that kind (SOP 5.2.10.i.jastel).
func (d desktop) numberFor(kind string) string {
	first := ""
	for _, v := range d.services {
		if v.Kind != kind {
			continue
		}
		if v.No == d.no {
			return v.No
		}
		if first == "" {
			first = v.No
		}
	}
	if first == "" {
		first = d.no
	}
	return first
}

// proposed fills what the house knows already: contact, description (SOP 5.2.10.l, n, r; never ask for what a system knows).
func (d desktop) proposed(b bench) procedure.Answers {
	a := procedure.Answers{}
	name := b.ticket.ContactName
	if n := b.stored["decider_name"]; n != "" && b.stored["receiver"] == "decider" {
		name = n
	}
	if name != "" {
		a["contact_name"] = name
	}
	if n := dialled(b); n.Mobile() {
		a["contact_mobile"] = n.Full()
	}
	if text := describe(d, b); text != "" {
		a["description"] = text
	}
	return a
}

func (d desktop) checks(now time.Time) procedure.Checks {
	return procedure.Checks{
		"email": func(v string) error {
			if at, err := mail.ParseAddress(v); err != nil || at.Address != v || !strings.Contains(v[strings.LastIndexByte(v, '@'):], ".") {
				return fault.New(fault.Invalid, "desk.email")
			}
			return nil
		},
		"mobile": func(v string) error {
			if n, err := phone.Parse(v); err != nil || !n.Mobile() {
				return fault.New(fault.Invalid, "desk.mobile")
			}
			return nil
		},
		"slot": func(v string) error {
			id, err := db.ParseID(v)
			if err != nil || !slices.ContainsFunc(d.slots, func(s booking.Slot) bool { return s.ID == id }) {
				return fault.New(fault.Invalid, "desk.slot")
			}
			return nil
		},
	}
}

// complaint dresses what was read for the screen.
func (s *Seat) complaint(tx *db.Tx, a who.Actor, d desktop) (Complaint, error) {
	c := Complaint{Act: d.act, View: d.act.View(d.facts, d.answers), Version: d.version, Ticket: d.ticket, Services: d.services, Master: d.master,
		Reports: d.open, Theirs: d.theirs, Filed: d.made, Measurement: d.measured, Line: d.line, Slots: d.slots, Outage: d.outage, Zone: d.zone, Now: tx.Now}
	c.ServiceNo = d.numberFor(c.View.Answers["service"])
	c.Advice = advise(d, c.View)
	c.Drafted = c.View.Answers["description"] == d.proposal["description"]
	service := c.View.Answers["service"]
	if service == "" && len(d.services) > 0 {
		service = d.services[0].Kind
	}
	var err error
	if c.Mandatory, err = trouble.Mandatory(tx, service); err != nil {
		return c, err
	}
	if c.Missing, err = trouble.MissingItems(tx, service, c.View.Answers["description"], nil); err != nil {
		return c, err
	}
	held, err := booking.HeldBy(tx, db.ID(a.ID))
	switch {
	case err == nil && tx.Now.Before(held.Until):
		c.Hold = &held
	case err != nil && !fault.Is(err, fault.Missing):
		return c, err
	}
	name := d.customer.Name
	if name == "" {
		name = d.ticket.ContactName
	}
	c.Subject = trouble.Subject{Login: a.Login, Skill: a.Skill, Name: name, ServiceNo: c.ServiceNo, Booking: trouble.BNOK}
	for _, f := range c.View.Fields {
		for _, o := range f.Offer {
			if f.ID == "symptom" && o.ID == f.Value {
				c.Subject.Complaint = o.Label.In("id")
			}
		}
	}
	switch o := c.View.Outcome; {
	case o != nil && len(o.Effects) > 0 && o.Effects[0].Booking != "":
		c.Subject.Booking = o.Effects[0].Booking
	case slices.Contains(c.View.Missing, "slot"): // the button is there with slots: which status it is the choice will say
		c.Subject.Booking = ""
	}
	if d.outage != nil { // no button (5.2.10.i.bnok): its parent is being mended
		c.Subject.Booking = trouble.BNOK
	}
	return c, nil
}
