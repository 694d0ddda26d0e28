package ticket_test

import (
	"slices"
	"testing"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/ticket"
)

// Decisions.md 2: one customer, one call - one hold covers all open tickets of a subject, in every campaign.
func TestOneCustomerIsInOneHandAcrossCampaigns(t *testing.T) {
	subjects := map[string]func(n *ticket.New){
		"customer": func(n *ticket.New) { n.Customer = 77 },
		"service":  func(n *ticket.New) { n.ServiceNo = "152999000001" },
		"phone":    func(n *ticket.New) { n.ServiceNo, n.Contacts[0].Phone = "", "+628999000123" },
	}
	for name, same := range subjects {
		t.Run(name, func(t *testing.T) {
			onQueue(t, func(q *queue) {
				first := q.open("callback", 20, same)
				second := q.open("lapul", 10, same, campaign("fresh-lapul"))
				q.want(second.Subject, first.Subject, "subject")
				q.open("other", 5)
				h := q.claim(ani)
				q.want(h.Ref, "callback", "first")
				q.do(func(tx *db.Tx) error {
					siblings, err := ticket.OpenOfSubject(tx, h.Subject, h.ID)
					q.want(len(siblings) == 1 && siblings[0].Ref == "lapul", true, "the desk shows the other one")
					return err
				})
				q.want(q.order(budi), "other", "nobody else is handed that customer")
				q.settle(h, closed)
				q.want(q.next(budi), "lapul", "once the call is over")
			})
		})
	}
}

func TestASubjectIsTheCustomerElseTheServiceElseTheNumber(t *testing.T) {
	for want, got := range map[string]string{
		"customer:5":         ticket.Subject(5, "152999000001", "+628999000001"),
		"service:15299900":   ticket.Subject(0, "15299900", "+628999000001"),
		"phone:+62899900001": ticket.Subject(0, "", "+62899900001"),
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// SOP 5.2.4.longest: one owner. Who holds one is handed that one again, under the same lease.
func TestWhoHoldsOneGetsThatOneAgain(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("one", 20)
		q.open("two", 10)
		h := q.claim(ani)
		again := q.claim(ani, ticket.Pool("fresh-lapul", jakarta))
		q.want(again.ID, h.ID, "ticket")
		q.want(again.token, h.token, "lease")
		q.want(again.turn.ID, h.turn.ID, "turn")
		q.do(func(tx *db.Tx) error {
			holds, err := ticket.Holds(tx)
			q.want(len(holds) == 1 && holds[0].Agent == ani && holds[0].Ticket == h.ID, true, "the leader's list")
			return err
		})
		q.want(q.get(h.ID).State, ticket.Claimed, "state")
	})
}

func TestALeaseLastsTenMinutesAndIsRenewed(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("one", 20)
		h := q.claim(ani)
		q.want(h.until, q.clock.Now().Add(10*time.Minute), "until")
		version := q.get(h.ID).Version
		q.clock.Advance(9 * time.Minute)
		q.do(func(tx *db.Tx) error {
			lease, err := ticket.Renew(tx, h.ID, ani, h.token)
			q.want(lease, ticket.Lease{Token: h.token, Until: q.clock.Now().Add(10 * time.Minute)}, "renewed")
			return err
		})
		q.want(q.get(h.ID).Version, version, "a heartbeat touches only the hold")
		q.clock.Advance(10*time.Minute - time.Millisecond)
		q.want(len(q.lapse(nil)), 0, "freed before its time")
		q.clock.Advance(time.Millisecond)
		q.want(q.lapse(nil), []ticket.Freed{{Ticket: h.ID, Agent: ani, Token: h.token}}, "freed")
		q.want(q.get(h.ID).State, ticket.Waiting, "state")
	})
}

// A lease never lapses under a live call (decisions.md 2).
func TestALeaseIsSparedWhileItsHolderIsInACall(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("talking", 20)
		q.open("gone", 10)
		talking, gone := q.claim(ani), q.claim(budi)
		q.clock.Advance(time.Hour)
		q.want(q.lapse(func(agent db.ID) bool { return agent == ani }), []ticket.Freed{{Ticket: gone.ID, Agent: budi, Token: gone.token}}, "freed")
		q.settle(talking, closed)
	})
}

// Field A: a late holder gets a conflict from every act, and changes nothing.
func TestALateHolderGetsAConflictAndTheNextOneKeepsTheTicket(t *testing.T) {
	ends := map[string]func(q *queue, h hand){
		"lapsed":     func(q *queue, h hand) { q.clock.Advance(10 * time.Minute); q.lapse(nil) },
		"taken over": func(q *queue, h hand) { q.do(func(tx *db.Tx) error { return ticket.TakeOver(tx, actor(lia), h.ID) }) },
		"released": func(q *queue, h hand) {
			q.do(func(tx *db.Tx) error { return ticket.Release(tx, actor(ani), h.ID, h.token, "") })
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			onQueue(t, func(q *queue) {
				q.open("one", 20)
				late := q.claim(ani)
				end(q, late)
				now := q.claim(budi)
				q.want(now.ID, late.ID, "the same ticket, first again")
				for act, f := range map[string]func(tx *db.Tx) error{
					"fence":   func(tx *db.Tx) error { _, err := ticket.Fence(tx, late.ID, ani, late.token); return err },
					"renew":   func(tx *db.Tx) error { _, err := ticket.Renew(tx, late.ID, ani, late.token); return err },
					"release": func(tx *db.Tx) error { return ticket.Release(tx, actor(ani), late.ID, late.token, "") },
					"settle": func(tx *db.Tx) error {
						_, err := ticket.Settle(tx, actor(ani), late.ID, late.token, closed)
						return err
					},
					"somebody else's token": func(tx *db.Tx) error { _, err := ticket.Fence(tx, late.ID, ani, now.token); return err },
				} {
					if err := q.try(f); !fault.Is(err, fault.Conflict) || fault.Of(err).Key != "ticket.lease-lost" {
						t.Errorf("%s: got %v, want the lease lost", act, err)
					}
				}
				q.do(func(tx *db.Tx) error {
					held, err := ticket.Fence(tx, now.ID, budi, now.token)
					q.want(held.State, ticket.Claimed, "state")
					return err
				})
				q.settle(now, closed)
			})
		})
	}
}

func TestAnActOnATicketThatIsNotThereIsMissing(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.refused(q.try(func(tx *db.Tx) error { _, err := ticket.Fence(tx, 4711, ani, "x"); return err }), fault.Missing, "db.no-row")
		q.refused(q.try(func(tx *db.Tx) error { _, err := ticket.Renew(tx, 4711, ani, "x"); return err }), fault.Missing, "db.no-row")
		q.refused(q.try(func(tx *db.Tx) error { return ticket.TakeOver(tx, actor(lia), 4711) }), fault.Conflict, "ticket.not-held")
	})
}

func TestAReleasedTicketKeepsItsPlaceAndItsPromise(t *testing.T) {
	onQueue(t, func(q *queue) {
		at := q.clock.Now().Add(time.Hour)
		q.open("promise", 1, requested(at))
		q.open("old", 100)
		q.clock.Set(at)
		h := q.claim(ani)
		q.want(h.Ref, "promise", "first")
		if err := q.release(h); err != nil {
			t.Fatal(err)
		}
		back := q.get(h.ID)
		q.want(back.DueAt, at, "due")
		q.want(back.Rank, ticket.RankPromise, "rank")
		q.want(q.order(budi), "promise old", "order")
	})
}

// The journal holds no personal text: a reason that is not one word of ours is kept as "said".
func TestAReasonInFreeWordsStaysOutOfTheJournal(t *testing.T) {
	onQueue(t, func(q *queue) {
		q.open("one", 20)
		var kept []string
		for _, reason := range []string{"istirahat", "Pak Joko 0812", "undo"} {
			h := q.claim(ani)
			q.do(func(tx *db.Tx) error { return ticket.Release(tx, actor(ani), h.ID, h.token, reason) })
			q.do(func(tx *db.Tx) error {
				var data string
				err := tx.Row(`SELECT data FROM journal WHERE act = 'ticket.released' ORDER BY id DESC LIMIT 1`).Scan(&data)
				kept = append(kept, data)
				return err
			})
		}
		want := []string{`{"why":"said"}`, `{"why":"said"}`, `{"why":"undo"}`}
		if !slices.Equal(kept, want) {
			t.Errorf("kept %q, want %q", kept, want)
		}
	})
}

// decisions.md 2: leases that are spared because of a call, however many, hide none behind them that has lapsed.
func TestManyInACallHideNobodyWhoIsNot(t *testing.T) {
	onQueue(t, func(q *queue) {
		const talking = 230
		for i := range talking + 2 {
			q.open("T"+db.ID(i+1).String(), 10)
		}
		for i := range talking {
			q.claim(db.ID(1000 + i)) // many in the same millisecond: the clock stands
		}
		q.clock.Advance(time.Minute)
		first := q.claim(ani)
		q.clock.Advance(time.Minute)
		second := q.claim(budi)
		q.clock.Advance(time.Hour)
		inCall := func(agent db.ID) bool { return agent >= 1000 }
		q.want(q.lapse(inCall), []ticket.Freed{{Ticket: first.ID, Agent: ani, Token: first.token}, {Ticket: second.ID, Agent: budi, Token: second.token}}, "freed")
		q.want(len(q.lapse(inCall)), 0, "left")
	})
}

func TestALapseFreesManyInTurns(t *testing.T) {
	onQueue(t, func(q *queue) {
		for i := range 130 {
			q.open("T"+db.ID(i+1).String(), 10)
		}
		for i := range 130 {
			q.claim(db.ID(1000 + i))
		}
		q.clock.Advance(time.Hour)
		q.want(len(q.lapse(nil)), 100, "freed at once")
		q.want(len(q.lapse(nil)), 30, "freed then")
		q.want(len(q.lapse(nil)), 0, "left")
	})
}
