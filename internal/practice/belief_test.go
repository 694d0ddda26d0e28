package practice_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"sapa/internal/booking"
	"sapa/internal/db"
	"sapa/internal/form"
	"sapa/internal/line"
	"sapa/internal/trouble"
)

func (f *floor) within(what string, got, least, most int64) {
	f.Helper()
	if got < least || got > most {
		f.Errorf("%s: %d, want %d to %d", what, got, least, most)
	}
}

// network: every service of every customer has a line of the forms of domain 3.3 and an answer by the mixture of 8.3, and
// technicians have windows in every exchange but one.
func (f *floor) network(now time.Time) {
	f.Helper()
	f.within("services without a line", f.one(`SELECT count(*) FROM service s WHERE NOT EXISTS (SELECT 1 FROM line l WHERE l.service_no = s.no)`), 0, 0)
	f.within("lines without an answer", f.one(`SELECT count(*) FROM line l WHERE NOT EXISTS (SELECT 1 FROM line_answer a WHERE a.service_no = l.service_no)`), 0, 0)
	f.within("lines without a cabinet", f.one(`SELECT count(*) FROM line WHERE odc = '' OR odp = '' OR olt = '' OR odc NOT LIKE 'ODC-' || sto || '-F_' OR odp NOT LIKE 'ODP-' || sto || '-F_/%' OR olt NOT LIKE 'GPON%-' || sto || '-%'`), 0, 0)
	f.within("exchanges", f.one(`SELECT count(DISTINCT sto) FROM line`), 10, 12)
	kinds, all := map[string]int64{}, int64(0)
	for _, text := range f.each(1, `SELECT reading FROM line_answer`) {
		var r line.Reading
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			f.Fatal(err)
		}
		verdict, _ := line.Judge(r, line.DefaultRule)
		switch kind := verdict; {
		case kind == line.Unspec && r.OnuRxPwr == nil:
			kinds["los"]++
		case kind == line.Unspec && *r.OnuRxPwr > line.DefaultRule.RxMax:
			kinds["high"]++
		case kind == line.Unspec && (*r.OnuRxPwr < -30 || *r.OnuRxPwr > -24.1):
			f.Errorf("nothing reads %v dBm here", *r.OnuRxPwr)
		default:
			kinds[kind]++
		}
		all++
	}
	for kind, share := range map[string][2]int64{line.Spec: {75, 92}, line.Unspec: {5, 16}, "los": {1, 7}, "high": {0, 6}, line.Failed: {0, 5}} {
		f.within("of a hundred lines "+kind, 100*kinds[kind]/all, share[0], share[1])
	}
	f.within("lines that do not answer", kinds[line.Failed], 1, 20)
	// technicians
	f.within("windows", f.one(`SELECT count(*) FROM slot`), 10*4*5, 11*4*5)
	f.within("exchanges with customers and no window at all", f.one(`SELECT count(DISTINCT sto) FROM line WHERE sto NOT IN (SELECT sto FROM slot)`), 1, 1)
	f.within("windows that agents filled", f.one(`SELECT count(*) FROM slot WHERE capacity > 0 AND taken = capacity`), 4, 60)
	f.within("most in a window", f.one(`SELECT max(capacity) FROM slot`), 5, 5)
	f.within("held and not confirmed", f.one(`SELECT count(*) FROM booking WHERE state <> 'confirmed'`), 0, 0)
	f.within("bookings", f.one(`SELECT count(*) FROM booking`), 15, 90)
	f.within("bookings that no trouble ticket knows", f.one(`SELECT count(*) FROM booking b WHERE NOT EXISTS (SELECT 1 FROM trouble t WHERE t.no = b.ref AND t.booking = b.id AND t.booking_status = 'BOK')`), 0, 0)
	f.read(func(tx *db.Tx) error { // somewhere there is still a choice
		slots, err := booking.Slots(tx, "MLG", now, now.AddDate(0, 0, 4))
		f.within("places left in MLG", int64(booking.Available(slots)), 5, 80)
		return err
	})
}

// troubles: what is in work, what it says, and that the campaigns' rows are about it.
func (f *floor) troubles(now time.Time) {
	f.Helper()
	for _, row := range f.each(3, `SELECT campaign, ref, fields FROM ticket WHERE state = 'waiting' AND campaign NOT IN ('callback', 'ideas')`) {
		part := strings.SplitN(row, "|", 3)
		var fields map[string]string
		if err := json.Unmarshal([]byte(part[2]), &fields); err != nil {
			f.Fatal(err)
		}
		f.read(func(tx *db.Tx) error {
			t, err := trouble.ByNo(tx, fields["ticket_no"])
			if err != nil {
				f.Errorf("%s %s names %q: %v", part[0], part[1], fields["ticket_no"], err)
				return nil
			}
			if closed := part[0] == "force-close"; t.Open() == closed || closed && t.ClosingReason != trouble.CloseByDitcons { // SOP 5.6.1.filter
				f.Errorf("%s is about %s, which is %s %q", part[0], t.No, t.State, t.ClosingReason)
			}
			if part[0] == "fresh-lapul" && t.Lapul < 2 {
				f.Errorf("%s was reported %d times", t.No, t.Lapul)
			}
			if part[0] == "nossa" && t.Group != "t2o" { // SOP 5.3.3
				f.Errorf("%s is with %q", t.No, t.Group)
			}
			if part[0] == "ivr-gamas" && (t.ParentNo == "" || t.ParentNo != fields["parent"] || fields["ovr_queue"] != "0" || fields["impact"] == "" || fields["estimate"] == "") { // SOP 5.4.4
				f.Errorf("%s of %q says %v", t.No, t.ParentNo, fields)
			}
			return nil
		})
	}
	f.within("rows that C4 Carring has without an update of somebody else", f.one(`SELECT count(*) FROM ticket WHERE campaign = 'c4-carring' AND note NOT LIKE 'Update %'`), 0, 0)
	f.within("rows of the feed", f.one(`SELECT count(*) FROM ticket WHERE state = 'waiting' AND source = 'feed'`), 55, 80)
	f.within("rows with a second number", f.one(`SELECT count(*) FROM ticket WHERE contacts LIKE '%},{%'`), 0, 90) // the customer's other contact, or one given in a call
	for state, n := range map[string][2]int64{"ANALYSIS": {5, 60}, "BACKEND": {20, 125}, "PENDING": {4, 28}, "RESOLVED": {3, 160}, "MEDIACARE": {2, 2}, "CLOSED": {10, 60}} {
		f.within("trouble tickets in "+state, f.one(`SELECT count(*) FROM trouble WHERE state = $1`, state), n[0], n[1])
	}
	f.within("trouble tickets that are open", f.one(`SELECT count(*) FROM trouble WHERE open = 1`), 80, 160)
	f.within("reported twice or more", f.one(`SELECT count(*) FROM trouble WHERE open = 1 AND lapul >= 2`), 30, 70)
	f.within("outages that go on", f.one(`SELECT count(*) FROM trouble WHERE source = 'gamas' AND open = 1`), 1, 1)
	f.within("whom it hit", f.one(`SELECT count(*) FROM trouble c JOIN trouble p ON p.id = c.parent WHERE p.source = 'gamas' AND p.open = 1`), 20, 40)
	f.within("outages that are over, with children open", f.one(`SELECT count(*) FROM trouble c JOIN trouble p ON p.id = c.parent WHERE p.open = 0 AND c.open = 1`), 0, 0)
	f.within("services with two reports", f.one(`SELECT count(*) FROM trouble WHERE open = 1 AND beside = 1`), 0, 0)
	f.within("filed by agents in their calls", f.one(`SELECT count(*) FROM trouble WHERE source = 'my-cx' AND source_ticket > 0`), 3, 60)
	f.within("in the future", f.one(`SELECT (SELECT count(*) FROM trouble WHERE opened_at > $1 OR state_at > $1) + (SELECT count(*) FROM trouble_note WHERE at > $1) + (SELECT count(*) FROM trouble_move WHERE at > $1)`, now.UnixMilli()), 0, 0)
	for _, kind := range []string{trouble.ClientNote, trouble.AgentNote, trouble.UpdateInfo} {
		f.within(kind, f.one(`SELECT count(*) FROM trouble_note WHERE type = $1`, kind), 40, 900)
	}
	number := regexp.MustCompile(`^IN\d{8}$`)
	for _, no := range f.each(1, `SELECT no FROM trouble`) {
		if !number.MatchString(no) {
			f.Errorf("%q is no number of a trouble ticket", no)
		}
	}
	for _, text := range append(f.each(1, `SELECT CASE WHEN detail = '' THEN summary ELSE detail END FROM trouble_note`), f.each(1, `SELECT description FROM trouble`)...) {
		if text == "" || strings.ContainsAny(text, "{}") || notOurs.MatchString(text) {
			f.Errorf("a worklog or a description says %q", text)
		}
	}
	f.lists()
	// the past week: every campaign speaks
	for _, code := range []string{"callback", "nossa", "ivr-gamas", "c4-carring", "force-close", "fresh-lapul", "ideas"} {
		f.within("turns of the past week in "+code, f.one(`SELECT count(*) FROM outcome WHERE campaign = $1`, code), 8, 260)
		f.within("ways in which turns ended in "+code, f.one(`SELECT count(DISTINCT code) FROM outcome WHERE campaign = $1`, code), 2, 20)
	}
}

// lists: yesterday's Ideas list is done and received, today's is with three agents and one has sent their form (SOP 5.8).
func (f *floor) lists() {
	f.Helper()
	f.read(func(tx *db.Tx) error {
		batches, err := form.Batches(tx, 0, 10)
		if err != nil || len(batches) != 2 {
			return fmt.Errorf("%d lists: %w", len(batches), err)
		}
		today := batches[0]
		if batches[1].ImportedAt.After(today.ImportedAt) {
			today = batches[1]
		}
		shares, err := form.Shares(tx, today.ID)
		if err != nil || len(shares) != 4 {
			return fmt.Errorf("%d shares: %w", len(shares), err)
		}
		filed, sent := 0, 0
		for _, s := range shares {
			if s.Agent == today.Leader {
				f.within("of a list that the leader still has", int64(s.Dealt), 6, 6)
				continue
			}
			f.within("of a list that one agent has", int64(s.Dealt), 4, 4)
			filed += s.Filed
			if s.Sent > 0 {
				sent++
			}
		}
		f.within("rows filed today", int64(filed), 3, 8)
		f.within("forms sent today", int64(sent), 1, 1)
		done, err := form.List(tx, form.Filter{Kind: form.Ideas, State: form.Received, Limit: 50})
		f.within("forms the leader has", int64(len(done)), 2, 3)
		for _, one := range done {
			if err := form.Check(tx, one.ID); err != nil {
				return err
			}
		}
		return err
	})
	f.within("rows of the Force Close form", f.one(`SELECT count(*) FROM form_row r JOIN form o ON o.id = r.form WHERE o.kind = 'force-close'`), 5, 80)
	f.within("contacted open whose ticket was not reopened", f.one(`SELECT count(*) FROM form_row r JOIN trouble t ON t.no = r.ticket_no WHERE r.status = 'contacted-open' AND t.reopens = 0`), 0, 0) // SOP 5.6.2.b.form
}
