package trouble_test

import (
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/trouble"
)

// SOP 5.2.10.a: one act gives a complaint with its number.
// SOP 5.2.10.t: Submit makes the incident with it.
// SOP 5.2.10.i: the subject is made of its six parts, no more and no less.
// SOP 5.2.10.i.login: the agent's login. SOP 5.2.10.i.skill: the skill. SOP 5.2.10.i.nama: the customer.
// SOP 5.2.10.i.jastel: the number. SOP 5.2.10.i.keluhan: the complaint's code. SOP 5.2.10.i.bnok: no button, BNOK.
// SOP 5.2.10.q.no: what was not solved stays open.
func TestAComplaintIsOneRecord(t *testing.T) {
	onStore(t, func(w *world) {
		got := w.open()
		w.want(regexp.MustCompile(`^IN\d{8}$`).MatchString(got.No), true, got.No)
		w.want(got.Subject.String(), "42147 / T2O / Suwarni Contoh / 152999000101 / TBC / BNOK", "subject")
		w.want(got.State, trouble.Analysis, "state")
		w.want(got.Open(), true, "open")
		w.want([]string{got.Classification, got.Group, got.Priority, got.Source}, []string{"internet-mati", "logic", "low", "my-cx"}, "where it goes")
		w.want(got.ContactMobile.Full(), "+6289990001234", "mobile")
		w.want(w.get(got.ID), got, "read back")
		w.want(w.moves(got.ID), "open NEW, submit ANALYSIS", "history")
		w.do(func(tx *db.Tx) error {
			same, err := trouble.ByNo(tx, strings.ToLower(got.No))
			w.want(same.ID, got.ID, "by number")
			return err
		})
	})
}

// SOP 5.2.10.q.yes: resolved at once and counted as first call resolution.
func TestWhatGuidingSolvedIsResolvedAtOnce(t *testing.T) {
	onStore(t, func(w *world) {
		got := w.open(solved)
		w.want(got.State, trouble.Resolved, "state")
		w.want(got.FCR, true, "FCR")
		w.want(got.ResolvedAt, w.clock.Now(), "resolved")
		w.want(got.ResolvedBy, db.ID(ani.ID), "by")
		w.want(got.TTRSince.IsZero(), true, "the clock of the repair stands")
		w.want(w.moves(got.ID), "open NEW, submit ANALYSIS, resolve RESOLVED", "TMF621 goes through inProgress")
		w.want(got.TMF(), "resolved", "TMF621")
		w.open() // and the service is free for the next fault
	})
}

// SOP 5.2.10.i.status: the booking status is derived, never chosen.
// SOP 5.2.10.i.bok: button and slot. SOP 5.2.10.i.bpn: button and no slot. SOP 5.2.10.s.ok: the booking stands on the ticket.
func TestTheBookingStatusFollows(t *testing.T) {
	onStore(t, func(w *world) {
		got := w.open(booked)
		w.want([]any{got.State, got.BookingStatus, got.Booking, got.Group, got.Classification},
			[]any{trouble.Backend, "BOK", db.ID(77), "teknisi-mlg", "internet-mati-fisik"}, "booked")
		w.want(got.Subject.Booking, "BOK", "subject")

		got = w.open(unplanned, of("152999000102"))
		w.want([]any{got.State, got.BookingStatus, got.Subject.Booking}, []any{trouble.Backend, "BPN", "BPN"}, "no slot")
		w.do(func(tx *db.Tx) error {
			var err error
			got, _, err = trouble.Book(tx, lina, got.ID, 78)
			return err
		})
		w.want([]any{got.BookingStatus, got.Subject.Booking, got.Booking}, []any{"BOK", "BOK", db.ID(78)}, "booked later")
		w.do(func(tx *db.Tx) error {
			var err error
			got, _, err = trouble.Book(tx, lina, got.ID, 0)
			return err
		})
		w.want(w.get(got.ID).Subject.Booking, "BPN", "let go")
	})
}

// SOP 5.2.10.check: an open report is found, of whatever source.
// SOP 5.2.10.branch: and a second one is refused with its number.
func TestAServiceHasOneOpenReport(t *testing.T) {
	onStore(t, func(w *world) {
		got := w.open()
		err := w.try(func(tx *db.Tx) error { _, _, err := trouble.Open(tx, budi, complaint()); return err })
		f := w.refused(err, fault.Conflict, "trouble.already-open")
		w.want([]any{f.Values["no"], f.Field, f.Clause}, []any{got.No, "service_no", "5.2.10.check"}, "names")
		w.do(func(tx *db.Tx) error {
			open, err := trouble.OpenOfService(tx, service)
			w.want(len(open), 1, "open reports")
			return err
		})
		// an outage's child counts as existing
		child, _, _ := w.take(trouble.Incoming{No: "IN123456789", ServiceNo: "152999000103", State: trouble.Queued, Parent: "IN12345670"})
		err = w.try(func(tx *db.Tx) error { _, _, err := trouble.Open(tx, budi, complaint(of("152999000103"))); return err })
		w.want(w.refused(err, fault.Conflict, "trouble.already-open").Values["no"], child.No, "the child's number")
	})
}

// SOP 5.2.10.t: two tabs, two agents, two servers: one report.
func TestRacingOpensGiveOneTicket(t *testing.T) {
	onStore(t, func(w *world) {
		var mu sync.Mutex
		var group sync.WaitGroup
		opened, refused := []string{}, map[any]int{}
		for range 16 {
			group.Go(func() {
				var got trouble.Ticket
				err := w.s.Write(t.Context(), func(tx *db.Tx) (err error) {
					got, _, err = trouble.Open(tx, ani, complaint())
					return err
				})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					opened = append(opened, got.No)
					return
				}
				if f := fault.Of(err); f == nil || f.Key != "trouble.already-open" {
					t.Errorf("refused with %v", err)
				} else {
					refused[f.Values["no"]]++
				}
			})
		}
		group.Wait()
		w.want(len(opened), 1, "opened")
		w.want(refused, map[any]int{opened[0]: 15}, "the others are told its number")
	})
}

// The index of the store itself refuses what got past every look.
func TestTheStoreRefusesASecondOpenReport(t *testing.T) {
	onStore(t, func(w *world) {
		w.open()
		other := w.open(of("152999000104"))
		err := w.try(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE trouble SET service_no = $2 WHERE id = $1`, other.ID, service)
			return err
		})
		w.refused(err, fault.Conflict, "db.exists")
	})
}

// Every mandatory field is refused with its field and clause.
func TestWhatASubmitNeeds(t *testing.T) {
	onStore(t, func(w *world) {
		for _, c := range []struct {
			key, field, clause string
			spoil              func(*trouble.New)
		}{
			{"phone.service-form", "service_no", "5.2.10.d", of("12")},                                                                          // SOP 5.2.10.d
			{"trouble.service", "service", "5.2.10.h", func(n *trouble.New) { n.Service = "fax" }},                                              // SOP 5.2.10.h
			{"trouble.symptom", "symptom", "5.2.10.k", func(n *trouble.New) { n.Symptom = "" }},                                                 // SOP 5.2.10.k
			{"trouble.symptom", "symptom", "5.2.10.k", func(n *trouble.New) { n.Symptom = "los" }},                                              // a good line has no red lamp
			{"trouble.symptom", "symptom", "5.2.10.k", func(n *trouble.New) { n.Symptom = "krs" }},                                              // a voice symptom
			{"trouble.contact-name", "contact_name", "5.2.10.l", func(n *trouble.New) { n.ContactName = " " }},                                  // SOP 5.2.10.l
			{"trouble.contact-email", "contact_email", "5.2.10.m", func(n *trouble.New) { n.ContactEmail = "suwarni@contoh" }},                  // SOP 5.2.10.m
			{"trouble.contact-email", "contact_email", "5.2.10.m", func(n *trouble.New) { n.ContactEmail = "S <s@contoh.example>" }},            // not as it is stored
			{"trouble.contact-mobile", "contact_mobile", "5.2.10.n", func(n *trouble.New) { n.ContactMobile = "0341999123" }},                   // SOP 5.2.10.n
			{"trouble.contact-mobile", "contact_mobile", "5.2.10.n", func(n *trouble.New) { n.ContactMobile = "" }},                             // nothing
			{"trouble.hard-complaint", "hard_complaint", "5.2.10.o", func(n *trouble.New) { n.HardComplaint = "" }},                             // SOP 5.2.10.o
			{"trouble.urgency", "urgency", "5.2.10.p", func(n *trouble.New) { n.Urgency = "gawat" }},                                            // SOP 5.2.10.p
			{"trouble.fcr", "first_call_resolution", "5.2.10.q", func(n *trouble.New) { n.FCR = "" }},                                           // SOP 5.2.10.q
			{"trouble.fcr-guidance", "first_call_resolution", "5.2.10.q", func(n *trouble.New) { n.Guidance = "berhasil" }},                     // 5.2.9 says otherwise
			{"trouble.fcr-guidance", "first_call_resolution", "5.2.10.q", func(n *trouble.New) { n.FCR, n.Guidance = "yes", "tidak-berhasil" }}, // the other way
			{"trouble.description", "description", "5.2.10.r", func(n *trouble.New) { n.Description = "\n" }},                                   // SOP 5.2.10.r
			{"trouble.description-long", "description", "5.2.10.r", func(n *trouble.New) { n.Description = strings.Repeat("a", 8001) }},         // too long
			{"trouble.booking-fcr", "slot", "5.2.10.s.button", func(n *trouble.New) { solved(n); n.Booking = 4 }},                               // SOP 5.2.10.s.button
			{"trouble.classification", "classification", "5.3.7.b.classification", func(n *trouble.New) { n.Classification = "iptv-stb" }},      // another service's
			{"trouble.group", "group", "5.3.7.b.dispatch", func(n *trouble.New) { n.Group = "admin" }},                                          // does not take it
		} {
			err := w.try(func(tx *db.Tx) error { _, _, err := trouble.Open(tx, ani, complaint(c.spoil)); return err })
			f := w.refused(err, fault.Invalid, c.key)
			w.want(f.Field+" "+f.Clause, c.field+" "+c.clause, c.key)
		}
		w.do(func(tx *db.Tx) error {
			all, err := trouble.OfService(tx, service, 0)
			w.want(len(all), 0, "nothing was stored")
			return err
		})
	})
}

// domain 3.2: the numbers go past those that a list has brought.
func TestNumbersAreOurOwn(t *testing.T) {
	onStore(t, func(w *world) {
		first := w.open()
		w.want(first.No, "IN10000001", "first")
		w.take(trouble.Incoming{No: "IN10000002", State: trouble.Closed})
		w.want(w.open(of("152999000105")).No, "IN10000003", "next")
	})
}

// domain 3.6: gaul counts the faults that ended within the window before.
func TestARepeatFaultCounts(t *testing.T) {
	onStore(t, func(w *world) {
		w.open(solved)
		w.later(61 * 24 * time.Hour)
		w.want(w.open(solved).Gaul, 0, "outside the window")
		w.later(24 * time.Hour)
		w.want(w.open(solved).Gaul, 1, "one before")
		urgent := w.open(func(n *trouble.New) { n.Urgency = "emergency" })
		w.want(urgent.Gaul, 2, "two before")
		w.want(urgent.Priority, "super-emergency", "the ladder counts it")
	})
}
