package trouble

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/phone"
	"sapa/internal/who"
)

// New is a complaint to be opened (SOP 5.2.10). Its booking status is derived: BOK with a booking; BNOK when the button
// was not offered; BPN when it was and there is no slot.
type New struct {
	ServiceNo, Service          string // 5.2.10.d, h
	Customer                    db.ID
	CustomerName, CustomerClass string // "" takes the contact's name
	Symptom, Verdict            string // 5.2.10.k: id, among those on offer for the verdict SPEC, UNSPEC, FAILED or ""
	Classification, Group       string // "": what the symptom and the verdict lead to
	ContactName, ContactEmail   string // 5.2.10.l, m
	ContactMobile               string // 5.2.10.n
	HardComplaint, Urgency      string // 5.2.10.o, p
	FCR                         string // 5.2.10.q: yes or no
	Guidance                    string // how guiding ended (5.2.9): berhasil, tidak-berhasil; "": not known here
	Description                 string // 5.2.10.r
	Offered                     bool   // the button Booking Technician was shown (5.2.10.s.button)
	Booking                     db.ID  // the hold or booking that was chosen (5.2.10.s.ok)
	Measurement                 db.ID  // 5.2.10.j, kept though it failed
	SourceTicket                db.ID
	STO, Witel                  string
	Parent                      db.ID // of an outage
	ParentNo                    string
}

const (
	longName        = 100
	longDescription = 8000
)

// Levels of the two scales, in the order of the SOP (A-36: mood, and pressing need).
var (
	HardComplaints = []string{"ramah", "agak-marah", "marah"}
	Urgencies      = []string{"normal", "medium", "hard", "emergency"}
	Services       = []string{"iptv", "internet", "voice"}
)

// Open makes the complaint and its incident in one act: number, subject, classification, group, and the first moves. With FCR
// it is resolved at once; with a technician it is with the technicians. Conflict "trouble.already-open" carries the
// number that is open for the service.
func Open(tx *db.Tx, by who.Actor, n New) (Ticket, Change, error) {
	symptom, mobile, err := n.check()
	if err != nil {
		return Ticket{}, Change{}, err
	}
	t := n.ticket(tx, by, symptom, mobile)
	if _, err := ParseSubject(t.Subject.String()); err != nil {
		return Ticket{}, Change{}, err
	}
	if t.Group != "" && !takes(t.Classification, t.STO, t.Group) {
		return Ticket{}, Change{}, fault.New(fault.Invalid, "trouble.group", "value", t.Group).At("group", "5.3.7.b.dispatch")
	}
	if err := alone(tx, t); err != nil {
		return Ticket{}, Change{}, err
	}
	rules, err := readRules(tx)
	if err != nil {
		return Ticket{}, Change{}, err
	}
	if t.Gaul, err = gaul(tx, rules, t.ServiceNo); err != nil {
		return Ticket{}, Change{}, err
	}
	if t.No, err = nextNumber(tx); err != nil {
		return Ticket{}, Change{}, err
	}
	moves := []string{"submit"} // SOP 5.2.10.t
	switch {
	case t.FCR:
		moves = append(moves, "resolve") // SOP 5.2.10.q.yes
	case t.BookingStatus == BOK:
		moves = append(moves, "visit") // SOP 5.2.10.s.ok
	case t.BookingStatus == BPN:
		moves = append(moves, "dispatch") // the technicians plan it themselves
	}
	if err := first(tx, by, &t, "open", Fresh, moves); err != nil {
		return Ticket{}, Change{}, err
	}
	fresh, err := insert(tx, rules, &t)
	if err != nil {
		return Ticket{}, Change{}, err
	}
	if !fresh { // somebody else's report came first, between the look and the insert
		if err := alone(tx, t); err != nil {
			return Ticket{}, Change{}, err
		}
		return Ticket{}, Change{}, db.Again(changed())
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "trouble.opened", Kind: "trouble", Ref: t.ID, Ticket: t.SourceTicket,
		Data: map[string]string{"no": t.No, "state": string(t.State), "booking": t.BookingStatus, "fcr": n.FCR}})
	return t, Change{After: t, Move: moves[len(moves)-1]}, err
}

// first writes the opening and the house's own moves after it; what they need, the complaint itself gives.
func first(tx *db.Tx, by who.Actor, t *Ticket, opening string, state State, moves []string) error {
	r, known := theTable.find("", opening, state)
	if !known {
		return fmt.Errorf("trouble: the table opens nothing in %s", state)
	}
	if err := advance(tx, by, t, r, Step{}); err != nil {
		return err
	}
	for _, name := range moves {
		r, err := allowed(*t, name, System)
		if err != nil {
			return err
		}
		if err := advance(tx, by, t, r, Step{}); err != nil {
			return err
		}
	}
	return nil
}

// check refuses what 5.2.10 makes mandatory and is not there, naming field and clause.
func (n New) check() (s Symptom, mobile phone.Number, err error) {
	bad := func(key, field, clause string, values ...any) error {
		return fault.New(fault.Invalid, key, values...).At(field, clause)
	}
	if _, _, err := phone.ParseService(n.ServiceNo); err != nil {
		if f := fault.Of(err); f != nil {
			return s, "", f.At("service_no", "5.2.10.d")
		}
		return s, "", err
	}
	if !slices.Contains(Services, n.Service) {
		return s, "", bad("trouble.service", "service", "5.2.10.h", "value", n.Service)
	}
	offered := Symptoms(n.Service, n.Verdict)
	i := slices.IndexFunc(offered, func(o Symptom) bool { return strings.EqualFold(o.ID, n.Symptom) })
	if i < 0 {
		return s, "", bad("trouble.symptom", "symptom", "5.2.10.k", "value", n.Symptom)
	}
	s = offered[i]
	if l := utf8.RuneCountInString(strings.TrimSpace(n.ContactName)); l == 0 || l > longName {
		return s, "", bad("trouble.contact-name", "contact_name", "5.2.10.l", "max", longName)
	}
	if n.ContactEmail != "" && !emailForm(n.ContactEmail) {
		return s, "", bad("trouble.contact-email", "contact_email", "5.2.10.m", "value", n.ContactEmail)
	}
	if mobile, err = phone.Parse(n.ContactMobile); err != nil || !mobile.Mobile() {
		return s, "", fault.New(fault.Invalid, "trouble.contact-mobile").At("contact_mobile", "5.2.10.n").Because(err)
	}
	return s, mobile, n.checkRest(bad)
}

func (n New) checkRest(bad func(key, field, clause string, values ...any) error) error {
	solved := n.FCR == "yes"
	switch l := utf8.RuneCountInString(strings.TrimSpace(n.Description)); {
	case !slices.Contains(HardComplaints, n.HardComplaint):
		return bad("trouble.hard-complaint", "hard_complaint", "5.2.10.o", "value", n.HardComplaint)
	case !slices.Contains(Urgencies, n.Urgency):
		return bad("trouble.urgency", "urgency", "5.2.10.p", "value", n.Urgency)
	case !solved && n.FCR != "no":
		return bad("trouble.fcr", "first_call_resolution", "5.2.10.q", "value", n.FCR)
	case n.Guidance == "berhasil" && !solved, n.Guidance == "tidak-berhasil" && solved: // it must agree with 5.2.9
		return bad("trouble.fcr-guidance", "first_call_resolution", "5.2.10.q")
	case l == 0:
		return bad("trouble.description", "description", "5.2.10.r")
	case l > longDescription:
		return bad("trouble.description-long", "description", "5.2.10.r", "max", longDescription)
	case solved && n.Booking != 0:
		return bad("trouble.booking-fcr", "slot", "5.2.10.s.button")
	}
	if leaf, known := theTree.leaves[leafID(n.Classification)]; n.Classification != "" && (!known || !leaf.of(n.Service)) {
		return bad("trouble.classification", "classification", "5.3.7.b.classification", "value", n.Classification)
	}
	return nil
}

func emailForm(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254 && strings.Contains(s[strings.LastIndexByte(s, '@'):], ".")
}

func (n New) ticket(tx *db.Tx, by who.Actor, s Symptom, mobile phone.Number) Ticket {
	no, _, _ := phone.ParseService(n.ServiceNo)
	t := Ticket{ID: tx.NewID(), ServiceNo: string(no), Service: n.Service, Customer: n.Customer, CustomerName: strings.TrimSpace(n.CustomerName),
		CustomerClass: n.CustomerClass, Symptom: s.ID, Classification: leafID(n.Classification), Group: n.Group,
		ContactName: strings.TrimSpace(n.ContactName), ContactEmail: n.ContactEmail, ContactMobile: mobile, HardComplaint: n.HardComplaint,
		Urgency: n.Urgency, FCR: n.FCR == "yes", Description: strings.TrimSpace(n.Description), Booking: n.Booking, Measurement: n.Measurement,
		SourceTicket: n.SourceTicket, Source: MyCX, Parent: n.Parent, ParentNo: n.ParentNo, STO: n.STO, Witel: n.Witel, OpenedAt: tx.Now, OpenedBy: db.ID(by.ID)}
	if t.CustomerName == "" {
		t.CustomerName = t.ContactName
	}
	t.BookingStatus = BNOK // SOP 5.2.10.i.bnok
	switch {
	case n.Booking != 0:
		t.BookingStatus = BOK // SOP 5.2.10.i.bok
	case n.Offered && !t.FCR:
		t.BookingStatus = BPN // SOP 5.2.10.i.bpn
	}
	if t.Classification == "" {
		t.Classification = s.leaf(n.Verdict)
	}
	if t.Group == "" {
		t.Group = firstGroup(t.Classification, t.STO, t.BookingStatus != BNOK)
	}
	t.Subject = Subject{by.Login, by.Skill, t.CustomerName, t.ServiceNo, s.Label, t.BookingStatus}.clean()
	return t
}

// Book keeps that a technician was booked after all, or with 0 that the booking was let go: the status and the subject's last
// part follow.
func Book(tx *db.Tx, by who.Actor, id, booking db.ID) (Ticket, Change, error) {
	before, err := locked(tx, id)
	if err != nil {
		return before, Change{}, err
	}
	t := before
	t.Booking, t.BookingStatus = booking, BPN
	if booking != 0 {
		t.BookingStatus = BOK
	}
	if t.Subject != (Subject{}) {
		t.Subject.Booking = t.BookingStatus
	}
	if err := save(tx, &t); err != nil {
		return before, Change{}, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "trouble.booked", Kind: "trouble", Ref: id, Ticket: t.SourceTicket,
		Data: map[string]string{"booking": t.BookingStatus}})
	return t, Change{Before: before, After: t}, err
}

// nextNumber issues IN and 8 digits (domain 3.2), going past numbers that a list of the other side has brought.
func nextNumber(tx *db.Tx) (string, error) {
	for {
		var n int64
		if err := tx.Row(`UPDATE trouble_number SET n = n + 1 WHERE id = 1 RETURNING n`).Scan(&n); err != nil {
			return "", err
		}
		no := fmt.Sprintf("IN%08d", n)
		_, err := ByNo(tx, no)
		if fault.Is(err, fault.Missing) {
			return no, nil
		}
		if err != nil {
			return "", err
		}
	}
}

// gaul counts the faults of a service that ended within the window (domain 3.6: gangguan ulang).
func gaul(tx *db.Tx, rules rules, serviceNo string) (n int, err error) {
	if serviceNo == "" {
		return 0, nil
	}
	err = tx.Row(`SELECT count(*) FROM trouble WHERE service_no = $1 AND open = 0 AND resolved_at >= $2`,
		serviceNo, db.Millis(tx.Now.AddDate(0, 0, -rules.settings.gaulDays))).Scan(&n)
	return n, err
}
