package ticket_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/phone"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// A ref is found in the act itself, the rest when the filler has had its turn; then nothing is left for it.
func TestANewTicketIsFoundAfterTheFillersTurn(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("CB-77", 9, service("152999000007"), contact("+628999000007"), named("Siti Aminah"))
		for _, text := range []string{"152999000007", "08999000007", "0007", "siti"} {
			q.want(q.found(everything, text), "", text+" before")
		}
		q.want(q.lastToFill() > 0, true, "one waits")
		q.want(q.found(everything, "cb-77"), "CB-77 ", "its ref before")
		q.want(q.fill(), 1, "turns")
		for _, text := range []string{"152999000007", "08999000007", "0007", "siti", "cb-77"} {
			q.want(q.found(everything, text), "CB-77 ", text+" after")
		}
		n, err := ticket.Fill(context.Background(), q.store, 7)
		q.want(n, 0, "left")
		q.want(err, nil, "error")
		q.want(q.keys(), 4, "keys")
		q.want(q.lastToFill(), db.ID(0), "none waits")
	})
}

func (q *queue) lastToFill() db.ID {
	q.Helper()
	last, err := ticket.LastToFill(context.Background(), q.store)
	if err != nil {
		q.Fatal(err)
	}
	return last
}

func (q *queue) keys() (n int) {
	q.Helper()
	q.do(func(tx *db.Tx) error { return tx.Row(`SELECT count(*) FROM ticket_search`).Scan(&n) })
	return n
}

// A number that is not the first any more is not found, an undo brings it back, and no key of it is left behind.
func TestASearchFollowsTheNumberToCallFirst(t *testing.T) {
	first, given := phone.Number("+628999000001"), phone.Number("+628999000009")
	onQueue(t, func(q *queue) {
		q.open("one", 20, contact(first), named("Siti"))
		h := q.claim(ani)
		q.do(func(tx *db.Tx) error { return ticket.Meet(tx, actor(ani), h.ID, given) })
		q.want(q.search(everything, "08999000009"), "one ", "the number given")
		q.want(q.search(everything, "08999000001"), "", "the one before")
		q.want(q.keys(), 4, "keys") // service, contact, end, name
		q.do(func(tx *db.Tx) error { return ticket.Meet(tx, actor(ani), h.ID, first) })
		q.do(func(tx *db.Tx) error { return ticket.Meet(tx, actor(ani), h.ID, given) }) // there and back between two turns
		q.do(func(tx *db.Tx) error { return ticket.Meet(tx, actor(ani), h.ID, first) })
		q.want(q.search(everything, "000001"), "one ", "the end of the first")
		q.want(q.search(everything, "000009"), "", "the end of the one given")
		q.want(q.keys(), 4, "keys after there and back")
		settled := q.settle(h, ticket.Settlement{Outcome: "again", AgainAt: q.clock.Now().Add(time.Hour), NewContact: given})
		q.want(q.search(everything, "08999000009"), settled.Ref+" ", "with the result")
		var turn ticket.Turn
		q.do(func(tx *db.Tx) (err error) { turn, err = ticket.LastFinished(tx, h.ID, ani); return err })
		q.do(func(tx *db.Tx) error { _, err := ticket.Unsettle(tx, actor(ani), turn.ID); return err })
		q.want(q.search(everything, "08999000001"), "one ", "after the undo")
		q.want(q.search(everything, "08999000009"), "", "the undone number")
		q.want(q.keys(), 4, "keys in the end")
	})
}

// Two servers on one database fill at once; each key is there once, and none is missing.
func TestFillersAtOnceLeaveNothingOut(t *testing.T) {
	onQueue(t, func(q *queue) {
		all := make([]ticket.New, 120)
		for i := range all {
			n := phone.Number("+6289990" + db.ID(10_000+i).String())
			all[i] = ticket.New{Campaign: "callback", Ref: "R-" + db.ID(i).String(), Zone: jakarta, Source: "import", ContactName: "Pelanggan Rekaan", Contacts: []ticket.Contact{{Phone: n}}}
		}
		q.do(func(tx *db.Tx) error { _, err := ticket.OpenMany(tx, who.House, all); return err })
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				for range 30 {
					if _, err := ticket.Fill(context.Background(), q.store, 10); err != nil {
						q.Error(err)
						return
					}
				}
			})
		}
		group.Wait()
		q.fill()
		q.want(q.keys(), 3*120, "keys: number, its end, name")
		q.want(q.found(everything, "08999010119"), "R-119 ", "the last")
	})
}
