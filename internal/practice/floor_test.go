package practice_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/desk"
	"sapa/internal/document/documenttest"
	"sapa/internal/fault"
	"sapa/internal/live"
	"sapa/internal/outbox"
	"sapa/internal/phone"
	"sapa/internal/practice"
	"sapa/internal/report"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// floor is a filled practice floor.
type floor struct {
	*testing.T
	store     *db.DB
	campaigns *campaign.Campaigns
	site      *time.Location
	logins    []practice.Login
}

func fill(t *testing.T, s *db.DB, c *dbtest.Clock, seed uint64) *floor {
	t.Helper()
	ctx := context.Background()
	site, library := documenttest.Site, documenttest.Library(t)
	f := &floor{T: t, store: s, campaigns: campaign.New(library, "IN.OCC.TELK.W-18"), site: site}
	seat := desk.New(desk.Parts{Store: s, Campaigns: f.campaigns, Dialer: desk.ManualDialler{}, Hub: live.NewHub(), Site: site, Clock: c.Now})
	var err error
	f.logins, err = practice.Fill(ctx, practice.Parts{Store: s, Staff: staff.New(s, staff.Options{}), Seat: seat, Campaigns: f.campaigns, Site: site}, seed, "latihan-sandi-8")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *floor) read(look func(tx *db.Tx) error) {
	f.Helper()
	if err := f.store.Read(context.Background(), look); err != nil {
		f.Fatal(err)
	}
}

// one asks for one number.
func (f *floor) one(query string, args ...any) (n int64) {
	f.Helper()
	f.read(func(tx *db.Tx) error { return tx.Row(query, args...).Scan(&n) })
	return n
}

// each reads rows of texts and numbers, joined by a bar.
func (f *floor) each(columns int, query string, args ...any) (rows []string) {
	f.Helper()
	f.read(func(tx *db.Tx) error {
		return tx.Each(query, args, func(s db.Scanner) error {
			values, to := make([]any, columns), make([]any, columns)
			for i := range values {
				to[i] = &values[i]
			}
			err := s.Scan(to...)
			var row []string
			for _, v := range values {
				row = append(row, fmt.Sprint(v))
			}
			rows = append(rows, strings.Join(row, "|"))
			return err
		})
	})
	return rows
}

// digest is everything a person can see of a floor; ids and secrets are made anew each time.
func (f *floor) digest() string {
	sum := sha256.New()
	for _, part := range []struct {
		columns int
		query   string
	}{
		{4, `SELECT login, name, role, skill FROM person ORDER BY login`},
		{7, `SELECT name, class, address, city, zone, phone, invented FROM customer ORDER BY phone`},
		{3, `SELECT no, kind, package FROM service ORDER BY no, kind`},
		{15, `SELECT campaign, ref, state, service_no, contact, note, criterion, zone, fields, opened_at, due_at, wake_at, attempts, outcome, closed_reason FROM ticket ORDER BY campaign, ref`},
		{5, `SELECT dialled_at, number, line, ring_s, talk_s FROM attempt ORDER BY dialled_at, number`},
		{6, `SELECT o.at, o.campaign, o.code, o.means, o.follow, t.answers FROM outcome o JOIN turn t ON t.id = o.turn ORDER BY o.at, t.ref`},
		{4, `SELECT made_at, app, kind, state FROM promise ORDER BY made_at, app, kind, text`},
		{2, `SELECT title, body FROM notice ORDER BY title`},
		{6, `SELECT service_no, sto, odc, odp, olt, technology FROM line ORDER BY service_no`},
		{2, `SELECT service_no, reading FROM line_answer ORDER BY service_no`},
		{5, `SELECT service_no, measured_at, onu_rx_pwr, verdict, source FROM measurement ORDER BY measured_at, service_no`},
		{5, `SELECT sto, from_at, until_at, capacity, taken FROM slot ORDER BY sto, from_at`},
		{15, `SELECT no, service_no, state, subject, symptom, classification, owner_group, description, booking_status, parent_no, closing_reason, lapul, priority, opened_at, state_at FROM trouble ORDER BY no`},
		{6, `SELECT t.no, n.type, n.summary, n.detail, n.at, n.owner_group FROM trouble_note n JOIN trouble t ON t.id = n.trouble ORDER BY t.no, n.at, n.type, n.summary`},
		{3, `SELECT b.ref, b.state, s.from_at FROM booking b JOIN slot s ON s.id = b.slot ORDER BY b.ref, s.from_at`},
		{6, `SELECT f.kind, f.state, r.ref, r.status, r.reason, r.remarks FROM form_row r JOIN form f ON f.id = r.form ORDER BY f.kind, r.at, r.ref`},
	} {
		for _, row := range f.each(part.columns, part.query) {
			fmt.Fprintln(sum, row)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func (f *floor) person(login string) (p staff.Person) {
	f.Helper()
	f.read(func(tx *db.Tx) (err error) { p, err = staff.ByLogin(tx, login); return err })
	return p
}

// hours are moments at which somebody may start the floor, beside the working morning of the other test: night,
// the first minutes of a day, a Sunday, the change of a year.
var hours = []time.Time{
	time.Date(2026, 11, 28, 20, 5, 0, 0, time.UTC),      // Sunday 03.05 WIB
	time.Date(2026, 11, 29, 17, 0, 0, 0, time.UTC),      // Monday 00.00
	time.Date(2026, 12, 31, 17, 2, 30, 123e6, time.UTC), // 1 January 00.02
	time.Date(2028, 2, 29, 0, 59, 59, 0, time.UTC),      // 07.59
}

func TestFloorIsBelievableAtAnyHour(t *testing.T) {
	for i, at := range hours {
		t.Run(at.Format(time.RFC3339), func(t *testing.T) {
			s, c := documenttest.Mould.SQLite(t)
			c.Set(at)
			believable(fill(t, s, c, uint64(18+i)), at)
		})
	}
}

// The same seed and clock give the same floor, on both databases and every time; another seed gives another one.
func TestSameSeedSameFloor(t *testing.T) {
	const seed = 18
	first := ""
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		f := fill(t, s, c, seed)
		believable(f, c.Now())
		if d := f.digest(); first != "" && d != first {
			t.Error("this database has another floor")
		} else {
			first = d
		}
	})
	s, c := documenttest.Mould.SQLite(t)
	if fill(t, s, c, seed).digest() != first {
		t.Error("the same seed gave another floor")
	}
	s, c = documenttest.Mould.SQLite(t)
	other := fill(t, s, c, seed+1)
	if other.digest() == first {
		t.Error("another seed gave the same floor")
	}
	worked(other, c)
}

func believable(f *floor, now time.Time) {
	f.Helper()
	between := func(what string, got, least, most int64) {
		f.Helper()
		if got < least || got > most {
			f.Errorf("%s: %d, want %d to %d", what, got, least, most)
		}
	}
	// people
	for role, n := range map[who.Role]int64{who.Agent: 25, who.Leader: 2, who.Tier1: 1, who.Quality: 1, who.Controller: 1, who.Checker: 1, who.Approver: 1, who.Admin: 1} {
		between(string(role), f.one(`SELECT count(*) FROM person WHERE role = $1`, string(role)), n, n)
	}
	between("logins printed", int64(len(f.logins)), 8, 8)
	first := f.person("42147")
	if first.Skill != "T2O" || first.Role != who.Agent { // SOP 5.2.10.i.skill: T2O
		f.Errorf("42147 is %+v", first)
	}
	// customers
	between("customers", f.one(`SELECT count(*) FROM customer WHERE invented = 1`), 300, 300)
	between("zones", f.one(`SELECT count(DISTINCT zone) FROM customer`), 3, 3)
	// the queue
	ms := now.UnixMilli()
	open := `state = 'waiting' AND leader = 0`
	between("tickets to be worked", f.one(`SELECT count(*) FROM ticket WHERE `+open), 115, 150)
	between("awake", f.one(`SELECT count(*) FROM ticket WHERE `+open+` AND awake = 1`), 108, 125)
	for _, code := range []string{"callback", "nossa", "ivr-gamas", "c4-carring", "force-close", "fresh-lapul", "ideas"} {
		between(code, f.one(`SELECT count(*) FROM ticket WHERE `+open+` AND awake = 1 AND campaign = $1`, code), 5, 45)
	}
	between("oldest that waits, minutes", f.one(`SELECT ($1 - min(opened_at)) / 60000 FROM ticket WHERE `+open+` AND awake = 1`, ms), 60, 179)
	between("youngest that waits, minutes", f.one(`SELECT ($1 - max(opened_at)) / 60000 FROM ticket WHERE `+open+` AND awake = 1`, ms), 0, 10)
	between("tries used up", f.one(`SELECT count(*) FROM ticket WHERE leader = 1`), 1, 1)
	between("held by nobody", f.one(`SELECT count(*) FROM hold`), 0, 0)
	between("still in a turn", f.one(`SELECT count(*) FROM turn WHERE finished_at = 0`), 0, 0)
	between("things in the future", f.one(`SELECT (SELECT count(*) FROM outcome WHERE at > $1) + (SELECT count(*) FROM attempt WHERE ended_at > $1) + (SELECT count(*) FROM ticket WHERE opened_at > $1)`, ms), 0, 0)
	// promises
	own := func(condition string) int64 {
		return f.one(`SELECT count(*) FROM ticket WHERE `+open+` AND owner = $1 AND due_at > 0 AND due_at `+condition+` $2`, first.ID, ms)
	}
	between("own promises that are due", own("<="), 1, 1)
	between("own promises to come", own(">"), 2, 4)
	between("promises of others", f.one(`SELECT count(DISTINCT owner) FROM ticket WHERE `+open+` AND owner > 0 AND owner <> $1 AND due_at > 0`, first.ID), 5, 12)
	between("times customers asked for", f.one(`SELECT count(*) FROM ticket WHERE `+open+` AND owner = 0 AND due_at > $1`, ms), 6, 6)
	f.read(func(tx *db.Tx) error {
		overdue, err := ticket.Overdue(tx, 50)
		between("promises past their owner's time", int64(len(overdue)), 1, 1)
		return err
	})
	f.figures(now, first)
	f.texts()
	f.network(now)
	f.troubles(now)
}

// figures are what counters and charts say.
func (f *floor) figures(now time.Time, first staff.Person) {
	f.Helper()
	here := now.In(f.site)
	midnight := time.Date(here.Year(), here.Month(), here.Day(), 0, 0, 0, 0, f.site)
	f.read(func(tx *db.Tx) error {
		week, err := report.Today(tx, 0, midnight.AddDate(0, 0, -7), f.site)
		if err != nil {
			return err
		}
		contact, fcr := 100*week.Reached/max(week.Dialled, 1), 100*week.Solved/max(week.Decider, 1)
		if contact < 58 || contact > 72 || fcr < 60 || fcr > 85 || week.Turns < 250 || week.Turns > 500 {
			f.Errorf("the week: %d turns, contact rate %d %%, FCR %d %%", week.Turns, contact, fcr) // a few hundred turns scatter by some per cent
		}
		f.Logf("the week: %d turns, contact rate %d %%, FCR %d %%", week.Turns, contact, fcr)
		own, err := report.Today(tx, first.ID, midnight, f.site)
		if err != nil {
			return err
		}
		if own.Turns == 0 || own.Dialled == 0 && now.Sub(midnight) > 5*time.Minute {
			f.Errorf("42147 has done nothing today: %+v", own)
		}
		if here.Hour() >= 9 && own.Turns < 8 {
			f.Errorf("42147 has done %d turns by %s", own.Turns, here.Format("15.04"))
		}
		todo, err := outbox.Waiting(tx, first.ID, func(string) bool { return false })
		if todo > 12 {
			f.Errorf("42147 has %d tasks to bring over", todo)
		}
		return err
	})
	if n := f.one(`SELECT count(DISTINCT customer) FROM ticket t WHERE state = 'waiting' AND EXISTS (SELECT 1 FROM turn u WHERE u.subject = t.subject AND u.finished_at > 0)`); n < 40 {
		f.Errorf("only %d waiting customers have a history", n)
	}
	if n := f.one(`SELECT count(*) FROM promise WHERE state = 'open'`); n < 3 || n > 60 {
		f.Errorf("%d tasks to bring over", n)
	}
	// nobody was called at night by the document's hours, except today, under the floor's own
	for _, row := range f.each(2, `SELECT a.dialled_at, t.zone FROM attempt a JOIN ticket t ON t.id = a.ticket WHERE a.dialled_at < $1`, min(midnight.UnixMilli(), now.Add(-3*time.Hour).UnixMilli())) {
		ms, zone, _ := strings.Cut(row, "|")
		var at int64
		fmt.Sscan(ms, &at)
		where, err := time.LoadLocation(zone)
		if err != nil {
			f.Fatal(err)
		}
		if h := time.UnixMilli(at).In(where).Hour(); h < 8 || h >= 20 { // SOP A-38: calling hours in the customer's own zone
			f.Errorf("somebody in %s was called at %d", zone, h)
		}
	}
}

// notOurs are words of names the floor must not use: who signed the work instruction, and its example customer.
var notOurs = regexp.MustCompile(`(?i)\b(aditia|aria|sundayana|siska|susilowati|agus|hidayat|suwarni)\b`)

// texts are held against what they are about.
func (f *floor) texts() {
	f.Helper()
	for _, name := range append(f.each(1, `SELECT name FROM person`), f.each(1, `SELECT name FROM customer`)...) {
		if notOurs.MatchString(name) {
			f.Errorf("%q is no invented name", name)
		}
	}
	for _, n := range f.each(1, `SELECT phone FROM customer UNION SELECT contact FROM ticket UNION SELECT number FROM attempt`) {
		if !phone.Number(n).Reserved() {
			f.Errorf("%q is not a number for invented people", n)
		}
	}
	reservedService := regexp.MustCompile(`^(152999\d{6}|0341999\d{4})$`)
	for _, n := range f.each(1, `SELECT no FROM service UNION SELECT service_no FROM ticket`) {
		if !reservedService.MatchString(n) {
			f.Errorf("service %q is not of the test range", n)
		}
	}
	for code, least := range map[string]int64{"callback": 20, "fresh-lapul": 18} {
		if n := f.one(`SELECT count(DISTINCT substr(note, 1, 60)) FROM ticket WHERE campaign = $1`, code); n < least {
			f.Errorf("%s has only %d kinds of notes", code, n)
		}
	}
	for _, row := range f.each(4, `SELECT t.note, t.service_no, c.city, c.zone FROM ticket t JOIN customer c ON c.id = t.customer`) {
		part := strings.Split(row, "|")
		note := strings.Join(part[:len(part)-3], "|") // a note may have bars itself
		voice := strings.Contains(note, "elepon rumah") || strings.Contains(note, "port telepon di ONT") || strings.Contains(note, "di sentral")
		if strings.ContainsAny(note, "{}") || note == "" || voice != strings.HasPrefix(part[len(part)-3], "0") {
			f.Errorf("note %q on %s", note, part[len(part)-3])
		}
	}
	if n := f.one(`SELECT count(*) FROM ticket t JOIN customer c ON c.id = t.customer WHERE t.note LIKE '%IPTV%' AND t.note NOT LIKE '%IPTV atau%' AND NOT EXISTS (SELECT 1 FROM service s WHERE s.customer = c.id AND s.kind = 'iptv')`); n > 0 {
		f.Errorf("%d notes about IPTV for customers without it", n)
	}
	// what was written must not contradict what the line did (SOP 5.2.9, 5.2.11.b1.rna, 5.7.8.b.not-contacted.rna)
	talked := regexp.MustCompile(`(?i)dipandu|dijelaskan|paham|diterima|disampaikan`)
	rang := regexp.MustCompile(`(?i)tidak diangkat|nada sibuk|mailbox|kotak suara|hening|tulalit|RNA`)
	for _, row := range f.each(3, `SELECT o.means, a.line, t.answers FROM outcome o JOIN turn t ON t.id = o.turn JOIN attempt a ON a.turn = t.id`) {
		part := strings.SplitN(row, "|", 3)
		_, remarks, found := strings.Cut(part[2], `"remarks":"`)
		if !found { // SOP 5.3.7.a.note: Nossa's confirmed endings say it in the note
			_, remarks, found = strings.Cut(part[2], `"note":"`)
		}
		remarks, _, _ = strings.Cut(remarks, `"`)
		reached := strings.Contains(part[0], "reached-")
		if !found || remarks == "" || strings.ContainsAny(remarks, "{}") || reached && rang.MatchString(remarks) || part[1] != "answered" && talked.MatchString(remarks) {
			f.Errorf("remark %q on %s (%s)", remarks, part[1], part[0])
		}
	}
}

// worked takes every ticket there is. The floor is handed out like a real one: the first agent's own due promise first, never a campaign whose desk is not
// built, longest waiting first (SOP 5.2.4.longest).
func worked(f *floor, c *dbtest.Clock) {
	f.Helper()
	t := f.T
	seat := desk.New(desk.Parts{Store: f.store, Campaigns: f.campaigns, Dialer: desk.ManualDialler{}, Hub: live.NewHub(), Site: f.site, Clock: c.Now})
	agent := f.person("42147").Actor(who.Page)
	var last time.Time
	taken := 0
	for i := 0; ; i++ {
		err := f.store.Write(context.Background(), func(tx *db.Tx) error {
			turn, err := seat.Next(tx, agent, nil)
			if err != nil {
				return err
			}
			mine := turn.Ticket.Owner == db.ID(agent.ID)
			if i == 0 && !mine {
				t.Error("the first ticket is not the promise that is due")
			}
			if !turn.Campaign.Built {
				t.Errorf("%s was handed out", turn.Campaign.Code)
			}
			if !turn.HoursOpen {
				t.Error("the floor is closed at night")
			}
			if turn.Ticket.Rank == ticket.RankRest && turn.Ticket.OpenedAt.Before(last) {
				t.Errorf("ticket %d has waited longer than the one before it", i)
			}
			if turn.Ticket.Rank == ticket.RankRest {
				last = turn.Ticket.OpenedAt
			}
			// given to the leaders' side of the floor, so that the next one comes
			_, err = ticket.Settle(tx, agent, turn.Ticket.ID, turn.Lease.Token, ticket.Settlement{Outcome: "test", Close: "done"})
			return err
		})
		if fault.Is(err, fault.Missing) {
			taken = i
			break
		}
		if err != nil {
			t.Fatalf("ticket %d: %v", i, err)
		}
	}
	if taken < 100 || taken > 130 { // all seven campaigns; what is promised by others or dealt to them stays
		t.Errorf("%d tickets were handed out", taken)
	}
}
