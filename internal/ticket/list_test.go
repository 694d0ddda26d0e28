package ticket_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

var everything = who.Scope{All: true}

// fill makes everything findable, a few tickets a turn.
func (q *queue) fill() (turns int) {
	q.Helper()
	for {
		turns++
		n, err := ticket.Fill(context.Background(), q.store, 7)
		if err != nil {
			q.Fatal(err)
		}
		if n < 7 {
			return turns
		}
	}
}

func (q *queue) search(scope who.Scope, text string) string {
	q.Helper()
	q.fill()
	return q.found(scope, text)
}

func (q *queue) found(scope who.Scope, text string) string {
	q.Helper()
	refs := ""
	q.do(func(tx *db.Tx) error {
		found, err := ticket.Search(tx, scope, text)
		for _, f := range found {
			refs += f.Ref + " "
		}
		return err
	})
	return refs
}

func TestASearchGoesByTheShapeOfWhatWasTyped(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("CB-20261123-00007", 9, service("152999000007"), contact("+628999000007"), named("Siti Aminah Putri"))
		q.open("250635", 8, service("152999000118"), contact("0341999118"), named("Joko Susilo"))
		q.open("IN12345678", 7, service(""), contact("+628999001234"), named("siti rahayu"), campaign("fresh-lapul"))
		for text, want := range map[string]string{
			"08999000007":       "CB-20261123-00007 ",
			"+62 899-9000-007":  "CB-20261123-00007 ",
			"628999000007":      "CB-20261123-00007 ",
			"0341 999 118":      "250635 ",
			"152999000007":      "CB-20261123-00007 ",
			"152999":            "250635 CB-20261123-00007 ",
			"0899900":           "IN12345678 CB-20261123-00007 ",
			"62899900":          "IN12345678 CB-20261123-00007 ",
			"+62899900":         "IN12345678 CB-20261123-00007 ",
			"1234":              "IN12345678 ",
			"9118":              "250635 ",
			"250635":            "250635 ",
			"CB-20261123-00007": "CB-20261123-00007 ",
			"cb-20261123-00007": "CB-20261123-00007 ",
			"in12345678":        "IN12345678 ",
			"siti":              "IN12345678 CB-20261123-00007 ",
			"SITI  aminah":      "CB-20261123-00007 ",
			"  joko susilo ":    "250635 ",
			"aminah":            "",
			"siti%":             "",
			"999999999":         "",
			"' OR 1=1":          "",
		} {
			if got := q.search(everything, text); got != want {
				t.Errorf("%q: got %q, want %q", text, got, want)
			}
		}
	})
}

func TestASearchOfOneOrTwoLettersIsRefused(t *testing.T) {
	onQueue(t, func(q *queue) {
		for _, text := range []string{"", " a ", "12"} {
			err := q.try(func(tx *db.Tx) error { _, err := ticket.Search(tx, everything, text); return err })
			q.refused(err, fault.Invalid, "ticket.search-short")
		}
	})
}

// What a search takes for a name decides who may search so: nothing else may lead to one.
func TestASearchByNameIsKnown(t *testing.T) {
	for text, want := range map[string]bool{"sekar": true, " Sekar Lestari ": true, "Toko 24": true, "sekar 1": true, "CB-1": false, "IN12345678": false,
		"0899-9000 1111": false, "+62 899": false, "152999000001": false} {
		if got := ticket.ByName(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestASearchGivesTheNewestFifty(t *testing.T) {
	onQueue(t, func(q *queue) {
		for i := range 60 {
			q.open(fmt.Sprint("T", i), 1, named("Banyak Sekali"))
		}
		q.want(q.fill(), 9, "turns of seven for 60 tickets")
		q.do(func(tx *db.Tx) error {
			found, err := ticket.Search(tx, everything, "banyak")
			q.want(len(found), 50, "found")
			q.want(found[0].Ref, "T59", "newest first")
			return err
		})
	})
}

func TestAListComesInPagesThatMissNothing(t *testing.T) {
	onQueue(t, func(q *queue) {
		for i := range 7 {
			q.open(fmt.Sprint("T", i), 1, campaign([]string{"callback", "fresh-lapul"}[i%2]))
		}
		walk := func(f ticket.Filter) string {
			refs := ""
			for range 10 {
				var page []ticket.Ticket
				q.do(func(tx *db.Tx) (err error) {
					page, f.After, err = ticket.List(tx, everything, f)
					return err
				})
				for _, p := range page {
					refs += p.Ref + " "
				}
				refs += "| "
				if f.After == 0 {
					return refs
				}
			}
			return "endless"
		}
		q.want(walk(ticket.Filter{Limit: 3}), "T0 T1 T2 | T3 T4 T5 | T6 | ", "all")
		q.want(walk(ticket.Filter{Limit: 7}), "T0 T1 T2 T3 T4 T5 T6 | ", "one page just full")
		q.want(walk(ticket.Filter{Campaign: "fresh-lapul", Limit: 2}), "T1 T3 | T5 | ", "of a campaign")
		h := q.claim(ani)
		q.want(walk(ticket.Filter{State: ticket.Claimed}), h.Ref+" | ", "of a state")
		q.want(walk(ticket.Filter{State: ticket.Waiting, Campaign: "callback"}), "T2 T4 T6 | ", "of both")
	})
}

// Trust 1.5: one condition narrows list, search and single reads; what is not yours is not there.
func TestAPersonSeesWhatTheyOpenedOwnOrWorkedOn(t *testing.T) {
	onQueue(t, func(q *queue) {
		opened := q.open("opened", 40) // by person 1
		worked := q.open("worked", 30)
		h := q.claim(ani) // the oldest: "opened"
		q.settle(h, closed)
		q.settle(q.claim(ani), ticket.Settlement{Outcome: "again", AgainAt: q.clock.Now().Add(time.Hour), Promise: true, Owner: budi, OwnerUntil: q.clock.Now().Add(2 * time.Hour)})
		other := q.open("other", 1)
		for person, want := range map[db.ID]string{ani: "worked opened ", budi: "worked ", 1: "other worked opened ", 999: ""} {
			scope := who.Scope{Self: int64(person)}
			q.want(q.search(scope, "pelanggan"), want, fmt.Sprint("search of ", person))
			q.do(func(tx *db.Tx) error {
				page, _, err := ticket.List(tx, scope, ticket.Filter{})
				if err != nil {
					return err
				}
				refs := ""
				for _, p := range page {
					refs = p.Ref + " " + refs
				}
				q.want(refs, want, fmt.Sprint("list of ", person))
				return nil
			})
		}
		for _, c := range []struct {
			person, id db.ID
			seen       bool
		}{{ani, opened.ID, true}, {ani, worked.ID, true}, {ani, other.ID, false}, {budi, opened.ID, false}, {0, opened.ID, false}} {
			err := q.try(func(tx *db.Tx) error { _, err := ticket.Seen(tx, who.Scope{Self: int64(c.person)}, c.id); return err })
			if (err == nil) != c.seen || (err != nil && !fault.Is(err, fault.Missing)) {
				t.Errorf("person %d, ticket %d: %v, want seen %v", c.person, c.id, err, c.seen)
			}
		}
		q.want(q.search(who.Scope{}, "pelanggan"), "", "a scope of nothing")
	})
}

func TestCountsTellAwakeAsleepAndTheOldest(t *testing.T) {
	onQueue(t, func(q *queue) {
		old := q.open("old", 300)
		q.open("new", 10)
		q.open("asleep", 400, requested(q.clock.Now().Add(time.Hour)))
		q.open("lapul", 5, campaign("fresh-lapul"))
		q.claim(ani, ticket.Pool("fresh-lapul", jakarta))
		q.do(func(tx *db.Tx) error {
			counts, err := ticket.Counts(tx)
			q.want(counts, map[string]ticket.Count{"callback": {Campaign: "callback", Waiting: 2, Sleeping: 1, Oldest: old.OpenedAt}}, "counts")
			mine, err2 := ticket.OpenedBy(tx, 1, q.clock.Now().Add(-350*time.Minute), 10)
			q.want(len(mine), 3, "opened by the Tier 1 agent since")
			if err == nil {
				err = err2
			}
			return err
		})
	})
}
