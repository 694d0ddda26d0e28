package control_test

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/internal/campaign"
	"sapa/internal/control"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/desk"
	"sapa/internal/document"
	"sapa/internal/document/documenttest"
	"sapa/internal/fault"
	"sapa/internal/live"
	"sapa/internal/phone"
	"sapa/internal/procedure"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

const (
	code     = "IN.OCC.TELK.W-18"
	password = "sandi-tiga-orang"
)

var ctx = context.Background()

// floor is a document's keepers, a desk and its agents.
type floor struct {
	t                                       *testing.T
	s                                       *db.DB
	c                                       *dbtest.Clock
	staff                                   *staff.Staff
	control                                 *control.Seat
	desk                                    *desk.Seat
	controller, checker, approver, ani, bos who.Actor
	agents                                  []who.Actor
}

func each(t *testing.T, agents int, f func(f *floor)) {
	t.Helper()
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		campaigns, hub := campaign.New(documenttest.Library(t), code), live.NewHub()
		fl := &floor{t: t, s: s, c: c, staff: staff.New(s, staff.Options{}),
			control: &control.Seat{Campaigns: campaigns, Hub: hub, Site: documenttest.Site, Decided: documenttest.Decided(t)},
			desk:    desk.New(desk.Parts{Store: s, Campaigns: campaigns, Dialer: desk.ManualDialler{}, Hub: hub, Site: documenttest.Site, Clock: c.Now})}
		secret, err := fl.staff.HashPassword(ctx, password, "")
		if err != nil {
			t.Fatal(err)
		}
		person := func(login string, role who.Role) (a who.Actor) {
			fl.do(func(tx *db.Tx) error {
				p, err := staff.Add(tx, staff.Console, staff.Person{Login: login, Name: "Orang " + login, Role: role, Secret: secret})
				a = p.Actor(who.Page)
				return err
			})
			return a
		}
		fl.controller, fl.checker, fl.approver = person("dc", who.Controller), person("vp", who.Checker), person("qmr", who.Approver)
		fl.ani, fl.bos = person("ani", who.Agent), person("bos", who.Leader)
		for i := range agents {
			fl.agents = append(fl.agents, person(fmt.Sprintf("agent%d", i), who.Agent))
		}
		f(fl)
	})
}

func (f *floor) do(act func(tx *db.Tx) error) {
	f.t.Helper()
	if err := f.s.Write(ctx, act); err != nil {
		f.t.Fatal(err)
	}
}

func (f *floor) key(err error) string {
	if e := fault.Of(err); e != nil {
		return e.Key
	}
	return fmt.Sprint(err)
}

// draft begins one with an option's label changed, in force from a moment, and gives its content.
func (f *floor) draft(effective time.Time) (content string, err error) {
	err = f.s.Write(ctx, func(tx *db.Tx) error {
		d, err := f.control.Begin(tx, f.controller, 2)
		if err != nil {
			return err
		}
		d.Files = maps.Clone(d.Files)
		const file = "campaigns/fresh-lapul.yaml"
		if d.Files[file] = strings.Replace(d.Files[file], "Fullfilment", "Fulfillment", 1); !strings.Contains(d.Files[file], "Fulfillment") {
			return fmt.Errorf("%s does not say Fullfilment", file)
		}
		if d, err = f.control.Save(tx, f.controller, d); err != nil {
			return err
		}
		if _, err = f.control.Schedule(tx, f.controller, d.Version, effective, procedure.Text{ID: "Ejaan Fulfillment", EN: "Spelling"}); err != nil {
			return err
		}
		now, err := f.control.DraftNow(tx, f.controller)
		if err == nil {
			content = now.Content
		}
		return err
	})
	return content, err
}

func (f *floor) sign(a who.Actor, content, password string) (published *document.Revision, err error) {
	c, err := f.staff.Confirm(ctx, a, password, "192.0.2.7")
	if err != nil {
		return nil, err
	}
	err = f.s.Write(ctx, func(tx *db.Tx) (err error) { _, published, err = f.control.Sign(tx, a, c, content); return err })
	return published, err
}

func (f *floor) publish(effective time.Time) (*document.Revision, error) {
	content, err := f.draft(effective)
	for _, a := range []who.Actor{f.controller, f.checker, f.approver} {
		if err != nil {
			return nil, err
		}
		var r *document.Revision
		if r, err = f.sign(a, content, password); r != nil {
			return r, err
		}
	}
	return nil, err
}

// SOP doc.sign.made: a signature takes the password of who signs, at that moment; a wrong one slows the next try and signs nothing.
func TestASignatureTakesThePassword(t *testing.T) {
	each(t, 0, func(f *floor) {
		content, err := f.draft(time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			if _, err := f.sign(f.controller, content, "salah-salah"); f.key(err) != "staff.confirm-wrong" {
				t.Fatalf("a wrong password: %v", err)
			}
		}
		if _, err := f.sign(f.controller, content, "salah-salah"); f.key(err) != "staff.slow-down" {
			t.Errorf("the sixth: %v", err)
		}
		f.c.Advance(time.Hour)
		confirmed, err := f.staff.Confirm(ctx, f.controller, password, "192.0.2.7")
		if err != nil {
			t.Fatal(err)
		}
		try := func(a who.Actor, c staff.Confirmed) string {
			return f.key(f.s.Write(ctx, func(tx *db.Tx) error { _, _, err := f.control.Sign(tx, a, c, content); return err }))
		}
		if got := try(f.checker, confirmed); got != "staff.confirm-again" {
			t.Errorf("with somebody else's password: %s", got)
		}
		if got := try(f.controller, staff.Confirmed{}); got != "staff.confirm-again" {
			t.Errorf("without one: %s", got)
		}
		f.c.Advance(2 * time.Minute)
		if got := try(f.controller, confirmed); got != "staff.confirm-again" {
			t.Errorf("with one of two minutes ago: %s", got)
		}
		if _, err := f.staff.Confirm(ctx, who.House, password, ""); f.key(err) != "staff.confirm-person" {
			t.Errorf("the house: %v", err)
		}
		if _, err := f.sign(f.ani, content, password); f.key(err) != "staff.may-not" {
			t.Errorf("an agent: %v", err)
		}
		if confirmed, err = f.staff.Confirm(ctx, f.controller, password, "192.0.2.7"); err != nil {
			t.Fatal(err)
		}
		f.do(func(tx *db.Tx) error { return staff.SetRole(tx, staff.Console, db.ID(f.controller.ID), who.Agent) })
		if got := try(f.controller, confirmed); got != "staff.may-not" { // the role of now counts, not of the request
			t.Errorf("no longer a controller: %s", got)
		}
		f.do(func(tx *db.Tx) error {
			if err := staff.SetRole(tx, staff.Console, db.ID(f.controller.ID), who.Controller); err != nil {
				return err
			}
			return staff.Suspend(tx, staff.Console, db.ID(f.controller.ID))
		})
		if got := try(f.controller, confirmed); got != "staff.confirm-again" {
			t.Errorf("suspended: %s", got)
		}
		f.do(func(tx *db.Tx) error {
			_, there, err := document.SignoffOf(tx, code)
			var refused int
			if err == nil {
				err = tx.Row(`SELECT count(*) FROM journal WHERE act = 'staff.confirm-refused'`).Scan(&refused)
			}
			if there || refused != 6 {
				t.Errorf("signed: %v, %d refusals in the journal", there, refused)
			}
			return err
		})
	})
}

// SOP 5.1, doc.copy.controlled-malang: what changed is required reading at the start of a shift; who has read it is known; a recall ends it.
func TestAPublicationIsRequiredReading(t *testing.T) {
	each(t, 0, func(f *floor) {
		at := f.c.Now().Add(21 * time.Hour) // 24 Nov, 06.00 at the site
		r, err := f.publish(at)
		if err != nil {
			t.Fatal(err)
		}
		f.do(func(tx *db.Tx) error {
			all, err := document.Notices(tx, db.ID(f.ani.ID))
			if err != nil || len(all) != 1 {
				t.Fatalf("%v %v", all, err)
			}
			n := all[0]
			if n.Title != "Instruksi Kerja revisi 03 berlaku mulai 24 Nov 2026, 06.00" || n.Revision != 3 || n.Document != code ||
				!strings.HasPrefix(n.Body, "Ejaan Fulfillment\n• 5.7.8.b") || !strings.Contains(n.Body, "Fresh Lapul") || !strings.Contains(n.Body, "Fulfillment (diubah)") {
				t.Errorf("%s\n%s", n.Title, n.Body)
			}
			before, unread, err := f.control.Readers(tx, f.controller, r.Revision)
			if err != nil || unread != 2 || len(before) != 2 {
				t.Errorf("%d of %d unread: %v", unread, len(before), err)
			}
			if err := document.MarkRead(tx, f.ani, n.ID); err != nil {
				return err
			}
			after, unread, err := f.control.Readers(tx, f.bos, r.Revision)
			if err != nil || unread != 1 || after[0].Person.Login != "bos" || after[1].Person.Login != "ani" || after[1].ReadAt.IsZero() {
				t.Errorf("%d unread, %+v: %v", unread, after, err)
			}
			if _, _, err := f.control.Readers(tx, f.ani, r.Revision); f.key(err) != "staff.may-not" {
				t.Errorf("an agent sees who has read: %v", err)
			}
			return nil
		})
		f.c.Advance(time.Minute)
		f.do(func(tx *db.Tx) error {
			now, err := f.control.Recall(tx, f.approver, 3, "pilihan salah")
			if err != nil || now.Revision != 2 {
				t.Errorf("%+v %v", now, err)
			}
			all, err := document.Notices(tx, db.ID(f.bos.ID))
			if len(all) != 1 || all[0].Title != "Instruksi Kerja revisi 03 ditarik; yang berlaku revisi 02" || !strings.HasPrefix(all[0].Body, "pilihan salah\n") {
				t.Errorf("after the recall: %+v", all)
			}
			return err
		})
	})
}

// A draft that an agent left behind does not carry a recalled revision on: its ticket begins again under what is in force.
func TestNobodyBeginsUnderARecalledRevision(t *testing.T) {
	each(t, 2, func(f *floor) {
		if _, err := f.publish(time.Time{}); err != nil {
			t.Fatal(err)
		}
		f.tickets(1)
		turn := f.claim(f.agents[0])
		if turn.Revision != 3 {
			t.Fatalf("claimed under %d", turn.Revision)
		}
		f.do(func(tx *db.Tx) error {
			if _, err := ticket.KeepDraft(tx, turn.ID, turn.Draft, map[string]string{"remarks": "baru setengah"}); err != nil {
				return err
			}
			return f.desk.Release(tx, f.agents[0], turn.Ticket, turn.token, "")
		})
		f.c.Advance(time.Minute)
		f.do(func(tx *db.Tx) error { _, err := f.control.Recall(tx, f.controller, 3, "keliru"); return err })
		if again := f.claim(f.agents[1]); again.Revision != 2 || again.Answers["remarks"] != "baru setengah" {
			t.Errorf("begun under %d with %v", again.Revision, again.Answers)
		}
	})
}

type turn struct {
	ticket.Turn
	token string
}

func (f *floor) tickets(n int) {
	f.t.Helper()
	f.do(func(tx *db.Tx) error {
		for i := range n {
			number := phone.Number(fmt.Sprintf("+62899900%05d", i))
			_, _, err := ticket.Open(tx, who.House, ticket.New{Campaign: "fresh-lapul", Ref: fmt.Sprintf("IN%08d", i), Zone: "Asia/Jakarta", Source: "feed", Contacts: []ticket.Contact{{Phone: number}}})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (f *floor) claim(a who.Actor) (t turn) {
	f.t.Helper()
	f.do(func(tx *db.Tx) error {
		got, err := f.desk.Next(tx, a, nil)
		if err != nil {
			return err
		}
		t.Turn, err = ticket.TurnOf(tx, got.Ticket.ID)
		t.token = got.Lease.Token
		return err
	})
	return t
}

// SOP fn.5, doc.effective: agents claim while revisions are published, come into force and are recalled, all at once and on a clock that
// runs; afterwards no turn stands under a revision that was not signed, not effective or recalled at its moment, nor under an older one
// than was in force.
func TestClaimsBesidePublicationsAndRecalls(t *testing.T) {
	each(t, 3, func(f *floor) {
		f.tickets(30)
		done, claimed := make(chan struct{}), make(chan struct{}) // without room: who waits for a claim meets a fresh one
		var clock sync.Mutex
		tick := func() {
			clock.Lock()
			defer clock.Unlock()
			f.c.Advance(time.Millisecond)
		}
		var others sync.WaitGroup
		claims := make([]int, len(f.agents))
		for i, a := range f.agents {
			others.Go(func() {
				for {
					tick()
					err := f.s.Write(ctx, func(tx *db.Tx) error {
						got, err := f.desk.Next(tx, a, nil)
						if err != nil {
							return err
						}
						return f.desk.Release(tx, a, got.Ticket.ID, got.Lease.Token, "")
					})
					switch {
					case err == nil:
						claims[i]++
					case !fault.Is(err, fault.Busy) && !fault.Is(err, fault.Missing) && !fault.Is(err, fault.Conflict):
						t.Errorf("claim: %v", err)
						return
					}
					select {
					case <-done:
						return
					case claimed <- struct{}{}:
					default:
					}
				}
			})
		}
		for i, round := range []struct{ coming, recall bool }{{false, true}, {true, false}, {false, false}, {true, true}} {
			var at time.Time
			if round.coming {
				at = f.c.Now().Add(10 * time.Second)
			}
			r, err := f.publish(at)
			if err != nil {
				t.Errorf("round %d: %v", i, err)
				break
			}
			if round.coming { // the claims take the clock over its moment
				clock.Lock()
				f.c.Set(at.Add(-4 * time.Millisecond))
				clock.Unlock()
			}
			for range 12 {
				<-claimed
			}
			if round.recall {
				if err := f.s.Write(ctx, func(tx *db.Tx) error { _, err := f.control.Recall(tx, f.approver, r.Revision, "acak"); return err }); err != nil {
					t.Errorf("round %d: recall: %v", i, err)
				}
				for range 6 {
					<-claimed
				}
			}
		}
		close(done)
		others.Wait()
		total := 0
		for _, n := range claims {
			total += n
		}
		if total < 20 {
			t.Errorf("%d claims: too little to see anything", total)
		}
		f.do(func(tx *db.Tx) error {
			for name, query := range map[string]string{
				"not signed then":    `r.origin = 'signed' AND r.approved_at > t.claimed_at`,
				"not effective then": `r.effective_at > t.claimed_at`,
				"recalled before":    `r.recalled_at > 0 AND r.recalled_at < t.claimed_at`,
				"older than the one in force": `EXISTS (SELECT 1 FROM revision n WHERE n.document = r.document AND n.revision > r.revision AND n.recalled_at = 0
					AND n.effective_at < t.claimed_at AND n.approved_at < t.claimed_at)`,
			} {
				var n int
				if err := tx.Row(`SELECT count(*) FROM turn t JOIN revision r ON r.revision = t.revision AND r.hash = t.hash WHERE ` + query).Scan(&n); err != nil {
					return err
				}
				if n > 0 {
					t.Errorf("%d of %d turns under a revision %s", n, total, name)
				}
			}
			var under int
			if err := tx.Row(`SELECT count(DISTINCT revision) FROM turn`).Scan(&under); err != nil || under < 4 {
				t.Errorf("turns under %d revisions: %v", under, err)
			}
			var all, known int
			err := tx.Row(`SELECT count(*), count(r.revision) FROM turn t LEFT JOIN revision r ON r.revision = t.revision AND r.hash = t.hash`).Scan(&all, &known)
			if all != known || all < total {
				t.Errorf("%d turns, %d of a revision that is kept, %d claims", all, known, total)
			}
			return err
		})
	})
}
