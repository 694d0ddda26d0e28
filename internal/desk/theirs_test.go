package desk_test

import (
	"testing"
	"time"

	"sapa/internal/call"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/outbox"
	"sapa/internal/ticket"
)

// SOP 5.2.10.check, 5.2.10.branch, A-10: a report that only the other side keeps is a report that exists: no second ticket is opened, the
// customer's words leave for it, and the result names its number. What it said a day ago counts no more.
func TestAReportAtTheOtherSideExists(t *testing.T) {
	each(t, func(f *floor) {
		f.seat.Need = func(db.ID, string, db.ID) {}
		f.open("callback", "CB-1", func(n *ticket.New) { n.ServiceNo = "152999000001" })
		theirs := func(no string) {
			f.do(func(tx *db.Tx) error {
				_, err := customer.Learn(tx, customer.Word{Reports: []customer.Report{{Source: "pusat", Application: "nossa", No: no, ServiceNo: "152999000001", State: "inProgress", Open: true}}}, customer.Learning{})
				return err
			})
		}
		theirs("IN60000001")
		turn := f.next(f.ani)
		f.read(f.ani, turn)
		f.dial(f.ani, turn)
		f.said(f.ani, turn, call.Answered)
		look := func() (c desk.Complaint) {
			f.do(func(tx *db.Tx) (err error) {
				c, err = f.seat.Complaint(tx, f.ani, turn.Ticket.ID, turn.Lease.Token)
				return err
			})
			return c
		}
		if c := look(); len(c.Reports) != 0 || len(c.Theirs) != 1 || c.Theirs[0].No != "IN60000001" || len(c.View.Fields) != 1 || c.View.Fields[0].ID != "customer_note" {
			t.Errorf("%+v", c)
		}
		file := func(answers map[string]string) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				filed, err := f.seat.File(tx, f.ani, desk.Report{Source: turn.Ticket.ID, Answers: answers})
				if err == nil && (filed.Theirs == nil || !filed.Note || filed.Trouble.ID != 0) {
					t.Errorf("%+v", filed)
				}
				return err
			}
		}
		f.refused(fault.Conflict, "trouble.already-open", "service_no", "5.2.10.branch", file(map[string]string{"symptom": "tbc"}))
		f.do(file(map[string]string{"customer_note": "Masih mati, kapan teknisi datang"}))
		f.do(func(tx *db.Tx) error {
			all, err := outbox.List(tx, outbox.Filter{App: "nossa"})
			if err != nil {
				return err
			}
			if len(all) != 1 || all[0].Ticket != turn.Ticket.ID || all[0].Text != "Masih mati, kapan teknisi datang" || all[0].Payload != `{"number":"IN60000001","theirs":true}` {
				t.Errorf("%+v", all)
			}
			return nil
		})
		if n := f.count(`SELECT count(*) FROM trouble`); n != 0 {
			t.Errorf("%d tickets were opened here", n)
		}
		f.hangup(turn)
		r := f.finish(f.ani, turn, map[string]string{"receiver": "reporter", "guided": "tidak-berhasil", "data_check": "nama", "status": "closed-by-tier1", "reason_call": "laporan-open", "remarks": "Ada di Nossa"})
		if r.Outcome != "closed-by-tier1" {
			t.Errorf("%+v", r)
		}
		f.do(func(tx *db.Tx) error {
			past, err := ticket.TurnsOfSubject(tx, turn.Ticket.Subject, 1)
			if err == nil && past[0].Answers["ticket_no"] != "IN60000001" {
				t.Errorf("the result names %v", past[0].Answers)
			}
			return err
		})

		f.open("callback", "CB-2", func(n *ticket.New) { n.ServiceNo = "152999000001" })
		turn = f.next(f.ani)
		f.c.Advance(desk.TheirsFor + time.Minute)
		f.do(func(tx *db.Tx) error {
			filed, err := f.seat.File(tx, f.rina, desk.Report{ServiceNo: "152999000001", Answers: map[string]string{"customer_note": "x"}})
			if err == nil {
				t.Errorf("a day later it still counts: %+v", filed)
			}
			return nil
		})
		f.seat.Need = nil
		theirs("IN60000002")
		f.do(func(tx *db.Tx) error {
			filed, err := f.seat.File(tx, f.rina, desk.Report{ServiceNo: "152999000001", Answers: map[string]string{"customer_note": "x"}})
			if err == nil {
				t.Errorf("a house that asks nobody: %+v", filed)
			}
			return nil
		})
	})
}
