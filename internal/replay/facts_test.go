package replay_test

import (
	"bytes"
	"context"
	"maps"
	"testing"
	"testing/fstest"
	"time"

	"sapa/internal/call"
	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/desk"
	"sapa/internal/document"
	"sapa/internal/document/documenttest"
	"sapa/internal/line"
	"sapa/internal/live"
	"sapa/internal/outage"
	"sapa/internal/phone"
	"sapa/internal/replay"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// desktop is a desk with one agent, whose day the test lives through.
type desktop struct {
	*floor
	clock     *dbtest.Clock
	seat      *desk.Seat
	campaigns *campaign.Campaigns
	ani       who.Actor
}

func newDesktop(t *testing.T, s *db.DB, c *dbtest.Clock, library *document.Library) *desktop {
	t.Helper()
	d := &desktop{floor: &floor{t, s, library}, clock: c, campaigns: campaign.New(library, instruction)}
	d.seat = desk.New(desk.Parts{Store: s, Campaigns: d.campaigns, Dialer: desk.ManualDialler{}, Hub: live.NewHub(), Site: documenttest.Site, Clock: c.Now})
	d.do(func(tx *db.Tx) error {
		p, err := staff.Add(tx, staff.Console, staff.Person{Login: "ani", Name: "Ani rekaan", Role: who.Agent})
		d.ani = p.Actor(who.Page)
		return err
	})
	return d
}

// at moves the clock to a time of the day at the site.
func (d *desktop) at(hour, minute int) {
	day := d.clock.Now().In(documenttest.Site)
	d.clock.Set(time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, documenttest.Site))
}

// opens puts a Fresh Lapul ticket in.
func (d *desktop) opens(ref, service string, fields map[string]string) {
	d.Helper()
	d.do(func(tx *db.Tx) error {
		_, _, err := ticket.Open(tx, who.House, ticket.New{Campaign: "fresh-lapul", Ref: ref, ServiceNo: service, Zone: "Asia/Jakarta", Source: "tier1", Note: "rekaan",
			Contacts: []ticket.Contact{{Phone: phone.Number("+628999000" + service[len(service)-4:])}}, Fields: fields})
		return err
	})
}

var understood = map[string]string{"receiver": "reporter", "status": "contacted", "reason_1": "sukses", "reason_2": "paham", "remarks": "Paham"}

// works claims what is next, which has to be ref, lets something happen meanwhile, and saves it as of a time of the day.
func (d *desktop) works(ref string, said call.Line, answers map[string]string, hour, minute int, meanwhile func(tx *db.Tx) error) {
	d.Helper()
	var turn desk.Turn
	d.do(func(tx *db.Tx) (err error) { turn, err = d.seat.Next(tx, d.ani, nil); return err })
	if turn.Ticket.Ref != ref {
		d.Fatalf("%s was handed out, not %s", turn.Ticket.Ref, ref)
	}
	id, token := turn.Ticket.ID, turn.Lease.Token
	d.do(func(tx *db.Tx) error { return d.seat.Read(tx, d.ani, id, token) })
	d.do(func(tx *db.Tx) error {
		_, err := d.seat.Report(tx, d.ani, id, token, call.Reported{Line: said, RingS: 5})
		return err
	})
	if meanwhile != nil {
		d.do(meanwhile)
	}
	d.at(hour, minute)
	d.do(func(tx *db.Tx) error {
		_, err := d.seat.Finish(tx, d.ani, id, token, maps.Clone(answers))
		return err
	})
}

// told is a report that a list brings, in a state.
func told(no, service string, state trouble.State) func(tx *db.Tx) error {
	return func(tx *db.Tx) error {
		_, _, _, err := trouble.Take(tx, who.House, trouble.Incoming{No: no, ServiceNo: service, State: state})
		return err
	}
}

func (d *desktop) measures(service string, rx float64) func(tx *db.Tx) error {
	return func(tx *db.Tx) error {
		_, err := line.Keep(tx, d.ani, service, line.Reading{OnuRxPwr: &rx}, "", "recorded")
		return err
	}
}

// seen is a draft in which a fact of one value comes first and ends the turn as "seen".
func seen(t *testing.T, fact, value string) []edit {
	facts := "facts: [last_line, " + fact + "]"
	return []edit{{lapul, "facts: [last_line]", facts}, {lapul, "outcomes:\n", "outcomes:\n  - id: seen\n    clause: [\"5.7.6\"]\n    title: {id: Terlihat, en: Seen}\n    when: {" +
		fact + ": \"" + value + "\", reason_2: paham}\n    effects:\n      - {do: close, reason: done, clause: \"5.7.10\"}\n"}}
}

// SOP 5.7.6, A-38: every fact is put together as it was when the turn was finished, not as it is now.
func TestFactsAreThoseOfTheMoment(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		d := newDesktop(t, s, c, documenttest.Library(t))
		rna := map[string]string{"receiver": "nobody", "status": "not-contacted", "reason_1": "rna", "remarks": "Berdering"}

		d.at(9, 0) // a second result on one day
		d.opens("TWICE", "152999000001", nil)
		d.works("TWICE", call.NoAnswer, rna, 9, 3, nil)
		d.at(10, 30)
		d.works("TWICE", call.Answered, understood, 10, 35, nil)

		d.do(func(tx *db.Tx) error {
			return line.PutLine(tx, line.Line{ServiceNo: "152999000007", STO: "MLG", ODC: "ODC-MLG-FX", OLT: "GPON03-D5-MLG-2", Technology: line.Fibre})
		})
		for i, over := range []outage.Scope{{Services: []string{"152999000002"}}, {ODC: []string{"ODC-MLG-FX"}}} {
			service, ref := []string{"152999000002", "152999000007"}[i], []string{"SERVICE", "ODC"}[i]
			d.at(10, 40+10*i)
			d.opens("BEFORE-"+ref, service, nil)
			d.works("BEFORE-"+ref, call.Answered, understood, 10, 41+10*i, nil)
			d.at(10, 42+10*i)
			d.opens("IN-"+ref, service, nil)
			var gamas outage.Outage
			d.works("IN-"+ref, call.Answered, understood, 10, 43+10*i, func(tx *db.Tx) error {
				parent, err := trouble.OpenGamas(tx, who.House, "ODC padam (rekaan)", "MLG")
				if err != nil {
					return err
				}
				if gamas, err = outage.Begin(tx, who.House, outage.New{Asked: ref, Reason: "ODC padam (rekaan)", Scope: over}, 1); err != nil {
					return err
				}
				if err := outage.AddServices(tx, gamas.ID, over.Services); err != nil {
					return err
				}
				gamas, _, err = outage.Declare(tx, who.House, gamas.ID, parent.ID)
				return err
			})
			d.at(10, 44+10*i)
			d.do(func(tx *db.Tx) error { _, _, err := outage.Recover(tx, who.House, gamas.ID); return err })
			d.at(10, 45+10*i)
			d.opens("AFTER-"+ref, service, nil)
			d.works("AFTER-"+ref, call.Answered, understood, 10, 46+10*i, nil)
		}

		d.at(10, 58)
		d.do(d.measures("152999000003", -27))
		d.at(11, 30)
		d.opens("DARK", "152999000003", nil)
		d.works("DARK", call.Answered, understood, 11, 40, nil)
		d.at(12, 10) // an hour and a quarter later the measurement says nothing any more
		d.opens("STALE", "152999000003", nil)
		d.works("STALE", call.Answered, understood, 12, 11, nil)
		d.do(d.measures("152999000003", -20))

		d.at(13, 0)
		d.opens("NOT-YET", "152999000004", nil)
		d.works("NOT-YET", call.Answered, understood, 13, 1, nil)
		d.do(told("INC10000004", "152999000004", "ANALYSIS"))
		d.at(13, 5)
		d.opens("OPEN", "152999000004", map[string]string{"ticket_no": "INC10000004"})
		d.works("OPEN", call.Answered, understood, 13, 6, nil)
		d.at(13, 10)
		d.opens("CLOSED", "152999000004", map[string]string{"ticket_no": "INC10000004"})
		d.works("CLOSED", call.Answered, understood, 13, 12, told("INC10000004", "152999000004", "CLOSED"))

		d.at(19, 55)
		d.opens("LATE", "152999000005", nil)
		d.works("LATE", call.Answered, understood, 20, 1, nil)
		d.at(20, 2)
		d.do(func(tx *db.Tx) error { return d.campaigns.SetHours(tx, who.House, "fresh-lapul", "08:00-21:00") })
		d.opens("ALLOWED", "152999000006", nil)
		d.works("ALLOWED", call.Answered, understood, 20, 5, nil)

		d.clock.Advance(30 * 24 * time.Hour) // long after: nothing of it is as it was
		if r := d.run(draft(t)); r.Turns != (replay.Turns{Read: 15, Replayed: 15, Same: 15}) {
			t.Fatal(asJSON(t, r))
		}
		for _, one := range []struct {
			fact, value string
			refs        []string
		}{
			{"same_today", "yes", []string{"TWICE"}}, {"outage", "yes", []string{"IN-SERVICE", "IN-ODC"}}, {"line_verdict", "unspec", []string{"DARK"}}, {"line_verdict", "spec", nil},
			{"open_report", "yes", []string{"OPEN"}}, {"ticket_state", "closed", []string{"CLOSED"}}, {"hours", "out", []string{"LATE"}},
		} {
			r := d.run(draft(t, seen(t, one.fact, one.value)...))
			var want []replay.Difference
			if one.refs != nil {
				want = []replay.Difference{{Campaign: "fresh-lapul", Kind: replay.Outcome, From: "understood", To: "seen", Clause: "5.7.6", Turns: len(one.refs), Examples: one.refs}}
			} else {
				want = []replay.Difference{}
			}
			t.Log(one.fact, one.value)
			d.expect(r, want...)
		}
	})
}

// A result that was taken back counts once, as it was saved in the end; what went along with a call has the call's line.
func TestUndoneAndAlongAreReplayedAsTheyEnded(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		d := newDesktop(t, s, c, documenttest.Library(t))
		d.opens("LEAD", "152999000001", nil)
		d.opens("ALONG", "152999000001", nil)
		var turn desk.Turn
		d.do(func(tx *db.Tx) (err error) { turn, err = d.seat.Next(tx, d.ani, nil); return err })
		id, token := turn.Ticket.ID, turn.Lease.Token
		d.do(func(tx *db.Tx) error { return d.seat.Read(tx, d.ani, id, token) })
		d.do(func(tx *db.Tx) error {
			_, err := d.seat.Report(tx, d.ani, id, token, call.Reported{Line: call.Answered, RingS: 5, TalkS: 60})
			return err
		})
		d.do(func(tx *db.Tx) error {
			_, err := d.seat.Answer(tx, d.ani, id, token, map[string]string{"receiver": "reporter"}, 0)
			return err
		})
		var other ticket.Ticket
		d.do(func(tx *db.Tx) (err error) { other, err = ticket.ByRef(tx, "fresh-lapul", "ALONG"); return err })
		d.do(func(tx *db.Tx) error { _, err := d.seat.Along(tx, d.ani, id, token, other.ID); return err })
		ends := func(how map[string]string) {
			t.Helper()
			d.clock.Advance(time.Minute)
			d.do(func(tx *db.Tx) error {
				_, err := d.seat.FinishCall(tx, d.ani, id, token, understood, map[db.ID]map[string]string{other.ID: how})
				return err
			})
		}
		ends(understood)
		d.clock.Advance(3 * time.Second)
		d.do(func(tx *db.Tx) error { return d.seat.Undo(tx, d.ani, id) })
		d.do(func(tx *db.Tx) error {
			_, lease, _, err := ticket.Held(tx, db.ID(d.ani.ID))
			token = lease.Token
			return err
		})
		ends(map[string]string{"status": "contacted", "reason_1": "sukses", "reason_2": "slg", "remarks": "Minta SLG"})
		r := d.run(draft(t, renamed...))
		if r.Turns != (replay.Turns{Read: 2, Replayed: 2, Same: 1, Changed: 1, OtherOutcome: 1}) {
			t.Error(asJSON(t, r))
		}
		d.expect(r, replay.Difference{Campaign: "fresh-lapul", Kind: replay.Outcome, From: "understood", To: "paham", Clause: "5.7.8.c.sukses.paham", Turns: 1, Examples: []string{turn.Ticket.Ref}})
	})
}

// A turn is held against the revision that it ran under: what a later revision has changed is a difference only for turns from before.
func TestTurnsOfAnOlderRevision(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		d := newDesktop(t, s, c, documenttest.Library(t))
		d.opens("OLD", "152999000001", nil)
		d.works("OLD", call.Answered, understood, 9, 10, nil)

		next := fstest.MapFS{}
		for name, file := range edited(t, append(renamed, edit{"document.yaml", `revision: {text: "2"`, `revision: {text: "3"`})...) {
			file.Data = bytes.ReplaceAll(file.Data, []byte("\nrevision: 2\n"), []byte("\nrevision: 3\n"))
			next[instruction+"/rev-03/"+name] = file
		}
		ctx := context.Background()
		if err := document.Seed(ctx, s, next, documenttest.Site); err != nil {
			t.Fatal(err)
		}
		library := &document.Library{}
		if err := library.Load(ctx, s); err != nil {
			t.Fatal(err)
		}
		d.library = library
		d.campaigns = campaign.New(library, instruction)
		d.seat = desk.New(desk.Parts{Store: s, Campaigns: d.campaigns, Dialer: desk.ManualDialler{}, Hub: live.NewHub(), Site: documenttest.Site, Clock: c.Now})
		d.opens("NEW", "152999000002", nil)
		d.works("NEW", call.Answered, understood, 9, 20, nil)

		difference := replay.Difference{Campaign: "fresh-lapul", Kind: replay.Outcome, From: "understood", To: "paham", Clause: "5.7.8.c.sukses.paham", Turns: 1, Examples: []string{"OLD"}}
		d.expect(d.run(draft(t, renamed...)), difference)
		difference.From, difference.To, difference.Examples = "paham", "understood", []string{"NEW"}
		d.expect(d.run(draft(t)), difference)
	})
}
