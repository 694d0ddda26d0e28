package ticket_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phone"
	"sapa/internal/ticket"
)

// SOP 5.2.1: the same campaign and number again is the ticket that is there, whatever else it says.
func TestTheSameRefAgainIsTheTicketThatIsThere(t *testing.T) {
	onQueue(t, func(q *queue) {
		first := q.open("one", 20)
		q.settle(q.claim(ani), closed)
		again := q.open("one", 5, named("Somebody else"))
		q.want(again.ID, first.ID, "ticket")
		q.want(again.State, ticket.Closed, "state")
		q.want(again.ContactName, "Pelanggan one", "name")
		other := q.open("one", 5, campaign("fresh-lapul"))
		q.want(other.ID != first.ID, true, "another campaign has numbers of its own")
		q.do(func(tx *db.Tx) error {
			found, err := ticket.ByRef(tx, "callback", "one")
			q.want(found.ID, first.ID, "by its number")
			return err
		})
	})
}

// SOP 5.2.1: a machine that asks again after a cut connection is not told that the time asked for has passed meanwhile.
func TestTheSameRefAgainIsThereThoughItsTimeHasPassed(t *testing.T) {
	onQueue(t, func(q *queue) {
		at := q.clock.Now().Add(time.Hour)
		wanted := func(n *ticket.New) { n.RequestedAt = at }
		first := q.open("one", 0, wanted)
		q.clock.Advance(2 * time.Hour)
		q.want(q.open("one", 0, wanted).ID, first.ID, "ticket")
		q.refused(q.try(func(tx *db.Tx) error {
			n := ticket.New{Campaign: "callback", Ref: "two", Contacts: []ticket.Contact{{Phone: q.number(2)}}, Zone: makassar, RequestedAt: at}
			_, _, err := ticket.Open(tx, actor(ani), n)
			return err
		}), fault.Invalid, "ticket.requested-past")
	})
}

func TestOpeningTheSameFiftyTimesAtOnceOpensItOnce(t *testing.T) {
	onQueue(t, func(q *queue) {
		var mu sync.Mutex
		var group sync.WaitGroup
		fresh, ids := 0, map[db.ID]bool{}
		for range 50 {
			group.Go(func() {
				err := q.try(func(tx *db.Tx) error {
					got, isFresh, err := ticket.Open(tx, actor(1), ticket.New{Campaign: "callback", Ref: "one", Zone: jakarta, Source: "api",
						Contacts: []ticket.Contact{{Phone: "+628999000001"}}})
					mu.Lock()
					defer mu.Unlock()
					ids[got.ID] = true
					if isFresh {
						fresh++
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		q.want(fresh, 1, "opened")
		q.want(len(ids), 1, "tickets")
	})
}

// SOP 5.2.1: everything a ticket brings comes back as it was given.
func TestATicketComesBackAsItWasOpened(t *testing.T) {
	onQueue(t, func(q *queue) {
		at := q.clock.Now().Add(-3 * time.Hour)
		n := ticket.New{Campaign: "fresh-lapul", Ref: "SP/7 ünïcode", ServiceNo: "152999000007", Customer: 42, ContactName: "Ibu Sri \"Ayu\"",
			Contacts: []ticket.Contact{{Phone: "+628999000007", Note: "istri"}, {Phone: "0341999000"}}, Note: "baris 1\nbaris 2 – 50% 'kutip'",
			Criterion: "g", Zone: makassar, Source: "import", OpenedAt: at, Fields: map[string]string{"gaul": "3", "kota": "Malang"}}
		var opened ticket.Ticket
		q.do(func(tx *db.Tx) (err error) {
			opened, _, err = ticket.Open(tx, actor(55), n)
			return err
		})
		got := q.get(opened.ID)
		q.want(got, opened, "stored")
		q.want(got.Fields, n.Fields, "fields")
		q.want(got.Contacts, n.Contacts, "contacts")
		q.want(got.Note, n.Note, "note")
		q.want(got.OpenedAt, at, "opened at")
		q.want(got.OpenedBy, 55, "opened by")
		q.want(got.Subject, "customer:42", "subject")
		q.want(got.State, ticket.Waiting, "state")
	})
}

// Domain 3.2: numbers of ours, counted per campaign and day - the day where the customer is, not where the clock is.
func TestNumbersOfOursAreCountedPerCampaignAndDay(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.want(q.open("", 0).Ref, "CB-20261123-00001", "first")
		q.want(q.open("", 0).Ref, "CB-20261123-00002", "second")
		q.want(q.open("", 0, campaign("fresh-lapul")).Ref, "SP-20261123-00001", "another campaign")
		q.clock.Set(time.Date(2026, 11, 23, 23, 30, 0, 0, time.UTC)) // half past six in the morning of the 24th in Jakarta
		q.want(q.open("", 0).Ref, "CB-20261124-00001", "next morning")
	})
}

func TestNumbersOfOursNeverMeetInParallel(t *testing.T) {
	onQueue(t, func(q *queue) {
		var mu sync.Mutex
		var group sync.WaitGroup
		refs := map[string]bool{}
		for i := range 40 {
			group.Go(func() {
				got := ""
				err := q.try(func(tx *db.Tx) error {
					opened, _, err := ticket.Open(tx, actor(1), ticket.New{Campaign: "callback", Zone: jakarta, Source: "tier1",
						Contacts: []ticket.Contact{{Phone: q.number(i)}}})
					got = opened.Ref
					return err
				})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				refs[got] = true
			})
		}
		group.Wait()
		q.want(len(refs), 40, "numbers")
	})
}

func TestATicketThatBreaksARuleIsRefusedWithItsField(t *testing.T) {
	cases := map[string]struct {
		change func(n *ticket.New)
		field  string
	}{
		"no campaign":         {func(n *ticket.New) { n.Campaign = "" }, "campaign"},
		"no contact":          {func(n *ticket.New) { n.Contacts = nil }, "contact.phone"},
		"an empty number":     {func(n *ticket.New) { n.Contacts[0].Phone = "" }, "contact.phone"},
		"a long note":         {func(n *ticket.New) { n.Note = strings.Repeat("é", 8001) }, "note"},
		"a long name":         {func(n *ticket.New) { n.ContactName = strings.Repeat("é", 201) }, "contact.name"},
		"a long ref":          {func(n *ticket.New) { n.Ref = strings.Repeat("x", 101) }, "ref"},
		"opened tomorrow":     {func(n *ticket.New) { n.OpenedAt = n.OpenedAt.Add(24 * time.Hour) }, "opened_at"},
		"asked for yesterday": {func(n *ticket.New) { n.RequestedAt = n.OpenedAt.Add(-24 * time.Hour) }, "requested_at"},
		"asked for now":       {func(n *ticket.New) { n.RequestedAt = n.OpenedAt }, "requested_at"},
		"no zone":             {func(n *ticket.New) { n.Zone = "" }, "zone"},
		"a zone of no place":  {func(n *ticket.New) { n.Zone = "Asia/Nowhere" }, "zone"},
		"the machine's zone":  {func(n *ticket.New) { n.Zone = "Local" }, "zone"},
		"a path for a zone":   {func(n *ticket.New) { n.Zone = "../../etc/passwd" }, "zone"},
	}
	onQueue(t, func(q *queue) {
		for name, c := range cases {
			n := ticket.New{Campaign: "callback", Ref: "x", Contacts: []ticket.Contact{{Phone: "+628999000001"}}, Zone: jakarta, Source: "api", OpenedAt: q.clock.Now()}
			c.change(&n)
			err := q.try(func(tx *db.Tx) error { _, _, err := ticket.Open(tx, actor(1), n); return err })
			if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || f.Field != c.field {
				t.Errorf("%s: got %v, want invalid at %s", name, err, c.field)
			}
		}
		n := ticket.New{Campaign: "callback", Ref: strings.Repeat("x", 100), ContactName: strings.Repeat("é", 200), Note: strings.Repeat("é", 8000),
			Contacts: []ticket.Contact{{Phone: "+628999000001"}}, Zone: jakarta, Source: "api", OpenedAt: q.clock.Now().Add(time.Minute)}
		q.do(func(tx *db.Tx) error { _, _, err := ticket.Open(tx, actor(1), n); return err })
		q.do(func(tx *db.Tx) error {
			var all int
			err := tx.Row(`SELECT count(*) FROM ticket`).Scan(&all)
			q.want(all, 1, "what is just within the limits is stored, the rest is not")
			return err
		})
	})
}

func TestAZoneIsKnownOnlyOnceItsTicketIsStored(t *testing.T) {
	onQueue(t, func(q *queue) {
		open := func(fail error) error {
			return q.try(func(tx *db.Tx) error {
				_, _, err := ticket.Open(tx, actor(1), ticket.New{Campaign: "callback", Zone: makassar, Source: "api", Contacts: []ticket.Contact{{Phone: phone.Number("+628999000001")}}})
				if err != nil {
					return err
				}
				return fail
			})
		}
		if err := open(fault.New(fault.Invalid, "x")); err == nil {
			t.Fatal("stored")
		}
		if err := open(nil); err != nil {
			t.Fatal(err)
		}
		q.do(func(tx *db.Tx) error {
			zones, err := ticket.Zones(tx, "callback")
			q.want(zones, []string{makassar}, "zones")
			return err
		})
	})
}

func TestATroubleTicketsNumberHasItsForm(t *testing.T) {
	for s, want := range map[string]bool{"IN12345678": true, "INC12345678": true, "IN123456789": true, "IN123456": true, "IN12345": false,
		"IN1234567890": false, "in12345678": false, "CB-20261123-00001": false, "": false, "IN12345678x": false} {
		if ticket.Number(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
}
