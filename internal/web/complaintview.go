package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"sapa/internal/booking"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/device"
	"sapa/internal/fault"
	"sapa/internal/knowledge"
	"sapa/internal/line"
	"sapa/internal/phone"
	"sapa/internal/phrase"
	"sapa/internal/procedure"
	"sapa/internal/trouble"
)

// complaintData is all that the page of 5.2.10 shows. Its Turn carries the view of the act, so that what draws the desk's
// questions draws these too.
type complaintData struct {
	deskData
	C         desk.Complaint
	Guided    string // berhasil, tidak-berhasil, or nobody was guided
	Walked    []desk.Guide
	Measuring bool
	Metered   bool // there is something to measure with
	Chart     lineChart
	Device    deviceData
	Agreed    string
	Report    *reportView // the open report, or the one filed in this turn
	Receipt   []receiptLine
	App       string // name of the application that keeps the other side's report
}

type receiptLine struct{ App, Text string }

// complaintOf reads the page for the ticket of the path; it must be the one in the agent's hand.
func (s *Server) complaintOf(r *request) (complaintData, error) {
	p := complaintData{deskData: deskData{frame: s.frame(r, "").on("complaint"), Dialler: s.Seat.Dialler()},
		Metered: s.Meter != nil, Agreed: r.PostFormValue("agreed")}
	id, err := pathID(r)
	if err != nil {
		return p, err
	}
	err = s.Store.Read(r.Context(), func(tx *db.Tx) error {
		p.Now = tx.Now.In(s.Site)
		turn, held, err := s.Seat.Current(tx, r.by)
		if err != nil {
			return err
		}
		if !held || turn.Ticket.ID != id {
			return fault.New(fault.Conflict, "ticket.lease-lost")
		}
		p.hold(turn, nil)
		p.Guided = p.Turn.Answers["guided"]
		if p.Walked, err = s.Seat.Walked(tx, p.Turn.TurnID); err != nil {
			return err
		}
		if p.C, err = s.Seat.Complaint(tx, r.by, id, turn.Lease.Token); err != nil {
			return err
		}
		p.Turn.View, p.Turn.Answers = p.C.View, p.C.View.Answers
		p.Clause = p.clause(p.inForce())
		if len(p.C.Theirs) > 0 {
			all, err := s.Campaigns.All(tx)
			if err != nil {
				return err
			}
			if p.App = appNames(all)[p.C.Theirs[0].Application]; p.App == "" {
				p.App = p.C.Theirs[0].Application
			}
		}
		p.Measuring = s.measuring(p.Turn.Ticket.ServiceNo)
		past, err := line.Past(tx, p.Turn.Ticket.ServiceNo)
		if err != nil {
			return err
		}
		p.Chart = chartOf(past, p.Lang, s.Site)
		if p.Device, err = s.deviceOf(tx, p.Turn.Ticket.ServiceNo); err != nil {
			return err
		}
		return p.report(s, tx, r)
	})
	switch {
	case p.C.Filed != nil:
		p.Title = r.T("complaint.title-filed")
	case p.exists():
		p.Title = r.T("complaint.title-open")
	default:
		p.Title = r.T("complaint.title")
	}
	if err == nil && (!p.Device.Known || p.Device.busy() || p.settled() || p.exists()) {
		for _, kind := range device.Kinds {
			p.frame = p.without("device.key." + kind)
		}
	}
	if err == nil && (p.settled() || p.exists()) { // the footer names no key that does nothing here
		for _, key := range []string{"web.key.option", "complaint.key.earliest", "complaint.key.agree", "complaint.key.measure", "complaint.key.history"} {
			p.frame = p.without(key)
		}
	}
	return p, err
}

// existsClause is shown while a report is open: the finding A-10 says what to do, the clause says that it is looked for.
const existsClause = "5.2.10.check"

func (p complaintData) inForce() string {
	switch {
	case p.C.Filed != nil:
		return p.C.Act.Save.Clause
	case p.exists():
		return existsClause
	}
	return p.C.View.Clause
}

// exists tells whether a report is open: here, or at the other side.
func (p complaintData) exists() bool { return len(p.C.Reports)+len(p.C.Theirs) > 0 }

// theirs says which report the other side keeps; "" when the one that counts is kept here.
func (p complaintData) theirs() string {
	if len(p.C.Reports) > 0 || len(p.C.Theirs) == 0 {
		return ""
	}
	t := p.C.Theirs[0]
	return p.T("complaint.theirs", "app", p.App, "no", t.No, "state", t.State, "at", p.whenRead(t.SeenAt))
}

// settled tells whether nothing is asked: the ticket is filed, or there is no number to file one for.
func (p complaintData) settled() bool { return p.C.Filed != nil || p.Turn.Ticket.ServiceNo == "" }

// report reads what the page says about a ticket that is there.
func (p *complaintData) report(s *Server, tx *db.Tx, r *request) error {
	about := p.C.Filed
	if about == nil && len(p.C.Reports) > 0 {
		about = &p.C.Reports[0]
	}
	if about == nil {
		return nil
	}
	v, err := s.reportOf(tx, *about, 1, r.by)
	if err != nil {
		return err
	}
	p.Report = &v
	if p.C.Filed != nil {
		p.Receipt = p.receipt(tx, r, v)
	}
	return nil
}

func (p complaintData) receipt(tx *db.Tx, r *request, v reportView) []receiptLine {
	lines := []receiptLine{{"My CX", r.T("complaint.receipt.my-cx")},
		{"Nossa", r.T("complaint.receipt.nossa", "state", v.State, "group", v.unit(p.Lang))}}
	if v.Slot != nil {
		lines = append(lines, receiptLine{"Booking", r.T("complaint.receipt.booking", "slot", window(p.Lang, *v.Slot, p.C.Zone))})
	}
	if v.Measurement != 0 {
		if m, err := line.Get(tx, v.Measurement); err == nil {
			lines = append(lines, receiptLine{"Ibooster", r.T("complaint.receipt.line", "clock", phrase.Clock(p.Lang, m.MeasuredAt.In(p.Now.Location())))})
		}
	}
	return append(lines, receiptLine{p.Turn.Campaign.Title.In(string(p.Lang)) + " " + p.Turn.Ticket.Ref, r.T("complaint.receipt.desk")})
}

// field gives a question of the act, if it is asked.
func (p complaintData) field(id string) (procedure.FieldView, bool) {
	for _, f := range p.C.View.Fields {
		if f.ID == id {
			return f, true
		}
	}
	return procedure.FieldView{}, false
}

// offered tells whether the Booking Technician button is there (SOP 5.2.10.s.button, A-37).
func (p complaintData) offered() bool {
	return slices.ContainsFunc(p.C.View.Steps, func(s procedure.StepView) bool { return s.ID == "booking" && s.State != "skipped" })
}

// chosen is the slot that the draft names, while it can be had.
func (p complaintData) chosen() (booking.Slot, bool) {
	i := slices.IndexFunc(p.C.Slots, func(s booking.Slot) bool { return s.ID.String() == p.C.View.Answers["slot"] })
	if i < 0 || !p.offered() {
		return booking.Slot{}, false
	}
	return p.C.Slots[i], true
}

// status is part six of the Subject as it stands: derived, never chosen.
func (p complaintData) status() string {
	_, chosen := p.chosen()
	switch {
	case !p.offered():
		return trouble.BNOK
	case chosen:
		return trouble.BOK
	case booking.Available(p.C.Slots) > 0 && p.C.View.Answers["unscheduled"] == "":
		return "" // BPN is for a button without a slot
	}
	return trouble.BPN
}

func (p complaintData) subject() trouble.Subject {
	s := p.C.Subject
	s.Booking = p.status()
	return s
}

// complete tells whether nothing that is asked waits for an answer; the slot is asked for last, by itself.
func (p complaintData) complete() bool {
	return !slices.ContainsFunc(p.C.View.Missing, func(id string) bool { return id != "slot" })
}

// asks tells what waits now beside the fields: the slot, then the customer's word.
func (p complaintData) asks() string {
	slot, chosen := p.chosen()
	switch {
	case !p.complete() || !p.offered() || booking.Available(p.C.Slots) == 0 || p.C.View.Answers["unscheduled"] != "":
		return ""
	case !chosen:
		return "slot"
	case p.Agreed != slot.ID.String():
		return "agree"
	}
	return ""
}

// ---------- the ledger a to t

type ledgerRow struct{ Letter, Label, By string } // By: house, agent, now, todo, skipped

const letters = "abcdefghijklmnopqrst"

// ledger is who does each of the twenty steps, and how far they are.
func (p complaintData) ledger() []ledgerRow {
	exists := p.C.Filed == nil && p.exists()
	now := p.nowLetter()
	var rows []ledgerRow
	for _, c := range letters {
		l := string(c)
		row := ledgerRow{Letter: l, Label: p.T("complaint.step." + l), By: p.doneBy(l)}
		switch {
		case exists && l > "f":
			row.By = "skipped"
		case p.C.Filed != nil:
			row.By = p.filedBy(l)
		case l == now:
			row.By = "now"
		}
		rows = append(rows, row)
	}
	return rows
}

// filedBy is who did a step of the ticket that is filed: the decisions are the agent's.
func (p complaintData) filedBy(l string) string {
	t := p.C.Filed
	switch {
	case strings.Contains("hkopt", l), l == "s" && t.Booking != 0:
		return "agent"
	case l == "m" && t.ContactEmail == "", l == "j" && t.Measurement == 0:
		return "skipped"
	}
	return "house"
}

var letterField = map[string]string{"h": "service", "k": "symptom", "l": "contact_name", "m": "contact_email", "n": "contact_mobile", "o": "hard_complaint",
	"p": "urgency", "q": "first_call_resolution", "r": "description"}

func (p complaintData) doneBy(l string) string {
	id := letterField[l]
	switch {
	case l == "j":
		if p.C.Measurement == nil || p.stale() {
			return "todo"
		}
		return "house"
	case l == "s":
		if _, chosen := p.chosen(); chosen {
			return "agent"
		}
		if p.complete() && (!p.offered() || booking.Available(p.C.Slots) == 0) {
			return "house" // BNOK or BPN: the scheduler has answered
		}
		return "todo"
	case l == "t":
		return "todo"
	case id == "":
		return "house" // looked up, copied, put together
	}
	f, asked := p.field(id)
	switch {
	case !asked:
		return "skipped"
	case l == "m" && f.Value == "":
		return "skipped"
	case f.Value == "":
		return "todo"
	case l == "r" && p.C.Drafted, l == "q", l == "h" && len(f.Offer) == 1, l == "l" && f.Value == p.Turn.Ticket.ContactName, l == "n" && p.knownMobile():
		return "house"
	}
	return "agent"
}

// ledgerClause is the clause of a letter of 5.2.10; s has three pieces, the first stands for it.
func ledgerClause(letter string) string {
	if letter == "s" {
		return "5.2.10.s.button"
	}
	return "5.2.10." + letter
}

// nowLetter is the step whose answer is waited for.
func (p complaintData) nowLetter() string {
	if p.C.Filed != nil || p.exists() {
		return ""
	}
	if !p.complete() {
		for l, id := range letterField {
			if id == p.C.View.Missing[0] {
				return l
			}
		}
	}
	if p.asks() != "" {
		return "s"
	}
	return "t"
}

func (p complaintData) count(rows []ledgerRow, by string) int {
	n := 0
	for _, r := range rows {
		if r.By == by {
			n++
		}
	}
	return n
}

// ---------- the reporter

func (p complaintData) mobile() phone.Number {
	n, _ := phone.Parse(p.C.View.Answers["contact_mobile"]) // what is none yet is shown as none
	return n
}

// knownMobile tells whether the house has the number from the ticket or the call.
func (p complaintData) knownMobile() bool {
	n := p.mobile()
	if n == "" {
		return false
	}
	for _, c := range p.Turn.Ticket.AllContacts() {
		if c.Phone == n {
			return true
		}
	}
	for _, a := range p.Turn.Attempts {
		if a.Number == n {
			return true
		}
	}
	return false
}

// walkedTo says how a guide of this turn ended.
func walkedTo(f frame, g desk.Guide) string {
	switch g.Guided() {
	case knowledge.Worked:
		return f.T("complaint.guided-ok")
	case knowledge.Failed:
		return f.T("complaint.guided-not")
	}
	return f.T("complaint.guiding", "n", len(g.Path))
}

// fcrWhy is what First Call Resolution follows from (SOP 5.2.10.q).
func (p complaintData) fcrWhy() string {
	switch p.Guided {
	case "berhasil":
		return p.T("complaint.fcr-worked")
	case "tidak-berhasil":
		return p.T("complaint.fcr-failed")
	}
	return p.T("complaint.fcr-none")
}

func (p complaintData) told(i trouble.Item) bool {
	return !slices.ContainsFunc(p.C.Missing, func(m trouble.Item) bool { return m.ID == i.ID })
}

// places are where the one send goes.
func (p complaintData) places() []string {
	if p.theirs() != "" {
		return []string{p.App}
	}
	if p.exists() {
		return []string{"Nossa"}
	}
	return []string{"My CX", "Nossa", p.Turn.Campaign.Title.In(string(p.Lang)) + " " + p.Turn.Ticket.Ref}
}

// ---------- the measurement

func (p complaintData) stale() bool {
	m := p.C.Measurement
	return m != nil && p.C.Now.Sub(m.MeasuredAt) > desk.FreshMeasurement
}

// power prints dBm as the language writes numbers, with a real minus (ux.md 8).
func power(l phrase.Lang, v *float64) string {
	if v == nil {
		return ""
	}
	text := strings.Replace(strconv.FormatFloat(*v, 'f', 1, 64), "-", "−", 1)
	if l == phrase.ID {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

// adviceSymptom is the option that the house proposes, while it is on offer.
func (p complaintData) adviceSymptom() (procedure.Option, bool) {
	f, _ := p.field("symptom")
	i := slices.IndexFunc(f.Offer, func(o procedure.Option) bool { return o.ID == p.C.Advice.Symptom })
	if i < 0 {
		return procedure.Option{}, false
	}
	return f.Offer[i], true
}

// visitWords says whether a technician makes sense.
func (p complaintData) visitWords() string {
	if p.C.Advice.Visit == "" {
		return p.T("advice.visit-unknown")
	}
	return p.T("advice.visit-" + p.C.Advice.Visit)
}

// ---------- the technicians' schedule

type slotCell struct {
	booking.Slot
	State    string // free, low, full, past, none
	Chosen   bool
	Earliest bool
	Day      time.Time
	Free     int
}

type slotRow struct {
	Window string
	Cells  []slotCell
}

// grid lays the slots out by day and window, on the customer's clock (SOP 5.2.10.s.schedule).
func (p complaintData) grid() (days []time.Time, rows []slotRow) {
	zone := p.C.Zone
	today := midnight(p.C.Now.In(zone))
	for i := range desk.DaysAhead {
		days = append(days, today.AddDate(0, 0, i))
	}
	chosen, has := p.chosen()
	windows := map[string]bool{}
	var order []string
	cells := map[string]slotCell{}
	earliest := false
	for _, s := range p.C.Slots {
		from, until := s.From.In(zone), s.Until.In(zone)
		w := from.Format("15.04") + "–" + until.Format("15.04")
		if !windows[w] {
			windows[w] = true
			order = append(order, w)
		}
		c := slotCell{Slot: s, State: "free", Day: midnight(from), Free: s.Left()}
		if c.Chosen = has && chosen.ID == s.ID; c.Chosen && p.C.Hold != nil && p.C.Hold.Slot == s.ID {
			c.Free++ // its own hold does not take it away
		}
		switch {
		case c.Free <= 0:
			c.State = "full"
		case c.Free == 1:
			c.State = "low"
		}
		if c.Free > 0 && !earliest {
			c.Earliest, earliest = true, true
		}
		cells[w+c.Day.Format(time.DateOnly)] = c
	}
	slices.Sort(order)
	for _, w := range order {
		row := slotRow{Window: w}
		for _, d := range days {
			c, there := cells[w+d.Format(time.DateOnly)]
			if !there {
				c = slotCell{State: "none", Day: d}
				if from, err := time.ParseInLocation("2006-01-02 15.04", d.Format(time.DateOnly)+" "+w[:5], zone); err == nil && from.Before(p.C.Now) {
					c.State = "past"
				}
			}
			row.Cells = append(row.Cells, c)
		}
		rows = append(rows, row)
	}
	return days, rows
}

// short windows fit the grid's first column: 08–10 when both are full hours.
func shortWindow(l phrase.Lang, w string) string {
	if strings.Count(w, ".00") == 2 {
		return strings.ReplaceAll(w, ".00", "")
	}
	if l == phrase.EN {
		return strings.ReplaceAll(w, ".", ":")
	}
	return w
}

// window prints a slot: Sel 24 Nov 10.00–12.00 WIB.
func window(l phrase.Lang, s booking.Slot, zone *time.Location) string {
	from, until := s.From.In(zone), s.Until.In(zone)
	return phrase.Day(l, from) + " " + phrase.Clock(l, from) + "–" + phrase.Clock(l, until) + " " + desk.ZoneName(zone)
}

// slotScript is the sentence to read aloud, Indonesian in both languages.
func (p complaintData) slotScript(s booking.Slot) string {
	zone := p.C.Zone
	from, until, today := s.From.In(zone), s.Until.In(zone), midnight(p.C.Now.In(zone))
	when := phrase.LongDate(phrase.ID, from)
	switch midnight(from) {
	case today:
		when = phrase.Say(phrase.ID, "complaint.say-today", "date", when)
	case today.AddDate(0, 0, 1):
		when = phrase.Say(phrase.ID, "complaint.say-tomorrow", "date", when)
	}
	return phrase.Say(phrase.ID, "complaint.say-slot", "when", when, "from", phrase.Clock(phrase.ID, from), "until", phrase.Clock(phrase.ID, until), "zone", desk.ZoneName(zone))
}

// ttDigits keeps digits from changing an answer once all are given.
func ttDigits(p complaintData) string {
	if p.complete() {
		return "off"
	}
	return "on"
}

func dayShort(p deskData, d time.Time) string {
	name, _, _ := strings.Cut(phrase.Day(p.Lang, d), " ")
	return name
}

func slotName(p complaintData, r slotRow, c slotCell) string {
	return p.T("complaint.slot-name", "day", phrase.Day(p.Lang, c.Day), "window", shortWindow(p.Lang, r.Window), "left", c.Free)
}

// earliestAttrs give F to the first slot with a place.
func earliestAttrs(c slotCell) templ.Attributes {
	if !c.Earliest {
		return nil
	}
	return templ.Attributes{"data-key": "f"}
}
