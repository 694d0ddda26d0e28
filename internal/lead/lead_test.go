package lead_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sapa/internal/call"
	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/document/documenttest"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/lead"
	"sapa/internal/live"
	"sapa/internal/outbox"
	"sapa/internal/phone"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

const code = "IN.OCC.TELK.W-18"

// floor has one person of each role that matters, all invented, and an open screen of everybody.
type floor struct {
	t                     *testing.T
	s                     *db.DB
	c                     *dbtest.Clock
	hub                   *live.Hub
	rina, ani, budi, tuti who.Actor
}

func each(t *testing.T, f func(f *floor)) {
	t.Helper()
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		fl := &floor{t: t, s: s, c: c, hub: live.NewHub()}
		fl.rina, fl.ani, fl.budi, fl.tuti = fl.person("rina", who.Tier1), fl.person("ani", who.Agent), fl.person("budi", who.Agent), fl.person("tuti", who.Leader)
		f(fl)
	})
}

func (f *floor) person(login string, role who.Role) who.Actor {
	f.t.Helper()
	var p staff.Person
	f.do(func(tx *db.Tx) (err error) {
		p, err = staff.Add(tx, staff.Console, staff.Person{Login: login, Name: login + " rekaan", Role: role})
		return err
	})
	return p.Actor(who.Page)
}

func (f *floor) do(act func(tx *db.Tx) error) {
	f.t.Helper()
	if err := f.s.Write(context.Background(), act); err != nil {
		f.t.Fatal(err)
	}
}

func (f *floor) refused(kind fault.Kind, key string, act func(tx *db.Tx) error) {
	f.t.Helper()
	err := f.s.Write(context.Background(), act)
	if e := fault.Of(err); e == nil || e.Kind != kind || e.Key != key {
		f.t.Errorf("%v, want %s %s", err, kind, key)
	}
}

func (f *floor) open(ref string) (t ticket.Ticket) {
	f.t.Helper()
	f.do(func(tx *db.Tx) (err error) {
		t, _, err = ticket.Open(tx, f.rina, ticket.New{Campaign: "callback", Ref: ref, Zone: "Asia/Jakarta", Source: "tier1",
			Contacts: []ticket.Contact{{Phone: phone.Number("+62899900" + fmt.Sprintf("0%04d", len(ref)*7))}}})
		return err
	})
	return t
}

func (f *floor) claim(a who.Actor) (t ticket.Ticket, token string) {
	f.t.Helper()
	f.do(func(tx *db.Tx) error {
		var lease ticket.Lease
		var err error
		t, lease, err = ticket.Claim(tx, db.ID(a.ID), []string{ticket.Pool("callback", "Asia/Jakarta")})
		if err != nil {
			return err
		}
		token = lease.Token
		_, err = ticket.BeginTurn(tx, t.ID, db.ID(a.ID), ticket.Pin{Code: "callback", Revision: 2})
		return err
	})
	return t, token
}

func (f *floor) event(sub *live.Sub) string {
	f.t.Helper()
	select {
	case e := <-sub.C:
		return e.Name + " " + e.Data
	default:
		return "nothing"
	}
}

// SOP 5.2.1.f: Tier 1 asks, a leader decides once, and both screens hear of it at once.
func TestARecommendationIsAskedAndDecided(t *testing.T) {
	each(t, func(f *floor) {
		board, mine := f.hub.Subscribe("board"), f.hub.Subscribe("agent:"+db.ID(f.rina.ID).String())
		defer board.Close()
		defer mine.Close()
		ask := func(a who.Actor, callS int, why string) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := lead.Ask(tx, a, f.hub, "152999000001", callS, why)
				return err
			}
		}
		f.refused(fault.Forbidden, "staff.may-not", ask(f.ani, 700, "berbelit"))
		f.refused(fault.Invalid, "ticket.call-length", ask(f.rina, -1, "berbelit"))
		f.refused(fault.Invalid, "ticket.call-length", ask(f.rina, 86_401, "berbelit"))
		f.refused(fault.Invalid, "ticket.reason-long", ask(f.rina, 700, strings.Repeat("é", 501)))
		if got := f.event(board); got != "nothing" {
			t.Errorf("a refused question was told: %s", got)
		}
		f.do(ask(f.rina, 700, strings.Repeat("é", 500)))
		var r ticket.Recommendation
		f.do(func(tx *db.Tx) error {
			n, err := lead.Look(tx, f.tuti, 0)
			if err == nil && len(n.Asked) != 1 {
				err = fmt.Errorf("asked %+v", n.Asked)
			}
			r = n.Asked[0]
			return err
		})
		if got := f.event(board); got != "recommendation "+r.ID.String() {
			t.Errorf("the board heard %s", got)
		}
		decide := func(a who.Actor, grant bool) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := lead.Decide(tx, a, f.hub, r.ID, grant, "penjelasan belum dicoba")
				return err
			}
		}
		f.refused(fault.Forbidden, "staff.may-not", decide(f.rina, true))
		f.refused(fault.Invalid, "ticket.refusal-why", func(tx *db.Tx) error {
			_, err := lead.Decide(tx, f.tuti, f.hub, r.ID, false, "no")
			return err
		})
		f.do(decide(f.tuti, false))
		if got := f.event(mine); got != "recommendation "+r.ID.String() {
			t.Errorf("who asked heard %s", got)
		}
		f.refused(fault.Conflict, "ticket.recommendation-decided", decide(f.tuti, true))
		f.refused(fault.Missing, "db.no-row", func(tx *db.Tx) error { _, err := lead.Decide(tx, f.tuti, f.hub, 404, true, ""); return err })
	})
}

func TestOnlyALeaderSitsHere(t *testing.T) {
	each(t, func(f *floor) {
		id := f.open("CB-1").ID
		for name, act := range map[string]func(tx *db.Tx) error{
			"look":      func(tx *db.Tx) error { _, err := lead.Look(tx, f.ani, 0); return err },
			"requeue":   func(tx *db.Tx) error { _, err := lead.Requeue(tx, f.ani, id); return err },
			"end":       func(tx *db.Tx) error { _, err := lead.End(tx, f.ani, id); return err },
			"raise":     func(tx *db.Tx) error { _, err := lead.Raise(tx, f.ani, id); return err },
			"take over": func(tx *db.Tx) error { return lead.TakeOver(tx, f.ani, f.hub, id) },
			"mix":       func(tx *db.Tx) error { return lead.Mix(tx, f.ani, nil, db.ID(f.ani.ID), []string{"callback"}) },
		} {
			t.Run(name, func(t *testing.T) { f.refused(fault.Forbidden, "staff.may-not", act) })
		}
	})
}

// Trust: what another team has worked is not there for a leader - not to see, not to act on. What nobody has worked is anybody's.
func TestAnotherTeamsTicketIsNotThere(t *testing.T) {
	each(t, func(f *floor) {
		team := func(login, name string, role who.Role) (a who.Actor) {
			f.do(func(tx *db.Tx) error {
				id, err := staff.TeamNamed(tx, staff.Console, name)
				if err != nil {
					return err
				}
				p, err := staff.Add(tx, staff.Console, staff.Person{Login: login, Name: login + " rekaan", Role: role, Team: id})
				a = p.Actor(who.Page)
				return err
			})
			return a
		}
		agent, own, other := team("wati", "Pagi", who.Agent), team("lina", "Pagi", who.Leader), team("maya", "Sore", who.Leader)
		fresh := f.open("CB-22").ID
		f.do(func(tx *db.Tx) error { _, err := lead.Raise(tx, other, fresh); return err })
		held, token := f.claim(agent)
		f.refused(fault.Missing, "db.no-row", func(tx *db.Tx) error { return lead.TakeOver(tx, other, f.hub, held.ID) })
		looks := func(a who.Actor) (n lead.Attention) {
			f.do(func(tx *db.Tx) (err error) { n, err = lead.Look(tx, a, 0); return err })
			return n
		}
		if got := len(looks(other).Holds); got != 0 {
			t.Errorf("the other leader sees %d holds", got)
		}
		if got := len(looks(own).Holds); got != 1 {
			t.Errorf("the own leader sees %d holds", got)
		}
		f.do(func(tx *db.Tx) error {
			_, err := ticket.Settle(tx, agent, held.ID, token, ticket.Settlement{Outcome: "retry", LeaderOwns: true})
			return err
		})
		if n := looks(other); len(n.UsedUp) != 0 {
			t.Errorf("the other leader sees %+v", n.UsedUp)
		}
		for _, act := range []func(tx *db.Tx) error{
			func(tx *db.Tx) error { _, err := lead.Requeue(tx, other, held.ID); return err },
			func(tx *db.Tx) error { _, err := lead.End(tx, other, held.ID); return err },
			func(tx *db.Tx) error { _, err := lead.Raise(tx, other, held.ID); return err },
		} {
			f.refused(fault.Missing, "db.no-row", act)
		}
		f.do(func(tx *db.Tx) error { _, err := lead.Requeue(tx, own, held.ID); return err })
	})
}

// what is used up waits for the leader, who gives it another round or ends it; nothing else is theirs to end.
func TestUsedUpTicketsWaitForTheLeader(t *testing.T) {
	each(t, func(f *floor) {
		f.open("CB-1")
		held, token := f.claim(f.ani)
		f.refused(fault.Conflict, "ticket.not-leaders", func(tx *db.Tx) error { _, err := lead.End(tx, f.tuti, held.ID); return err })
		f.do(func(tx *db.Tx) error {
			_, err := ticket.Settle(tx, f.ani, held.ID, token, ticket.Settlement{Outcome: "retry", LeaderOwns: true})
			return err
		})
		f.do(func(tx *db.Tx) error {
			n, err := lead.Look(tx, f.tuti, 0)
			if len(n.UsedUp) != 1 || n.UsedUp[0].Ref != "CB-1" {
				t.Errorf("used up %+v", n.UsedUp)
			}
			return err
		})
		f.do(func(tx *db.Tx) error {
			again, err := lead.Requeue(tx, f.tuti, held.ID)
			if again.State != ticket.Waiting || !again.Awake || again.LeaderOwns || !again.OrderAt.Equal(held.OpenedAt) {
				t.Errorf("requeued %+v", again)
			}
			return err
		})
		held, token = f.claim(f.budi)
		f.do(func(tx *db.Tx) error {
			_, err := ticket.Settle(tx, f.budi, held.ID, token, ticket.Settlement{Outcome: "retry", LeaderOwns: true})
			return err
		})
		f.do(func(tx *db.Tx) error {
			ended, err := lead.End(tx, f.tuti, held.ID)
			if ended.State != ticket.Closed || ended.ClosedReason != "done" {
				t.Errorf("ended %+v", ended)
			}
			return err
		})
		f.refused(fault.Conflict, "ticket.not-leaders", func(tx *db.Tx) error { _, err := lead.Requeue(tx, f.tuti, held.ID); return err })
		f.do(func(tx *db.Tx) error {
			all, err := journal.Of(tx, held.ID)
			acts := ""
			for _, e := range all {
				acts += e.Act + " "
			}
			if !strings.Contains(acts, "ticket.requeued") || !strings.Contains(acts, "ticket.ended") {
				t.Errorf("journal %s", acts)
			}
			return err
		})
	})
}

func TestATicketIsTakenOutOfAHandButNotOutOfATalk(t *testing.T) {
	each(t, func(f *floor) {
		f.open("CB-1")
		held, token := f.claim(f.ani)
		screen := f.hub.Subscribe("agent:" + db.ID(f.ani.ID).String())
		defer screen.Close()
		takeOver := func(tx *db.Tx) error { return lead.TakeOver(tx, f.tuti, f.hub, held.ID) }
		var at call.Attempt
		f.do(func(tx *db.Tx) (err error) {
			at, err = call.Begin(tx, call.Attempt{Turn: 1, Ticket: held.ID, Agent: db.ID(f.ani.ID), Number: held.Contact, Dialler: "pbx"})
			return err
		})
		f.refused(fault.Conflict, "lead.talking", takeOver)
		f.do(func(tx *db.Tx) error {
			_, err := call.Hear(tx, call.Signal{Attempt: at.ID, Kind: call.Ended, Line: call.NoAnswer})
			return err
		})
		f.do(takeOver)
		if got := f.event(screen); got != "lapsed "+held.ID.String() {
			t.Errorf("Ani's screen heard %s", got)
		}
		f.refused(fault.Conflict, "ticket.not-held", takeOver)
		f.refused(fault.Conflict, "ticket.lease-lost", func(tx *db.Tx) error {
			_, err := ticket.Fence(tx, held.ID, db.ID(f.ani.ID), token)
			return err
		})
	})
}

// decisions.md 1: what a leader raises goes before the others for two hours, then by its age again.
func TestRaisedForAWhile(t *testing.T) {
	each(t, func(f *floor) {
		f.open("CB-1")
		f.c.Advance(time.Minute)
		later := f.open("CB-22")
		f.do(func(tx *db.Tx) error {
			raised, err := lead.Raise(tx, f.tuti, later.ID)
			if !raised.RaisedUntil.Equal(f.c.Now().Add(2 * time.Hour)) {
				t.Errorf("raised until %s", raised.RaisedUntil)
			}
			return err
		})
		if held, _ := f.claim(f.ani); held.Ref != "CB-22" {
			t.Errorf("Ani got %s", held.Ref)
		}
		f.refused(fault.Conflict, "ticket.not-waiting", func(tx *db.Tx) error { _, err := lead.Raise(tx, f.tuti, later.ID); return err })
		f.refused(fault.Missing, "db.no-row", func(tx *db.Tx) error { _, err := lead.Raise(tx, f.tuti, 404); return err })
	})
}

// decisions.md 12: a leader sets an agent's campaigns; one that does not exist would leave the agent without work.
func TestMixingTakesOnlyCampaignsThatExist(t *testing.T) {
	each(t, func(f *floor) {
		library := documenttest.Library(t)
		mix := func(agent who.Actor, codes ...string) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				return lead.Mix(tx, f.tuti, campaign.New(library, code), db.ID(agent.ID), codes)
			}
		}
		f.do(mix(f.ani, "fresh-lapul", "callback"))
		f.refused(fault.Invalid, "campaign.unknown", mix(f.ani, "callback", "lapul"))
		f.refused(fault.Invalid, "staff.mix-agent", mix(f.rina, "callback"))
		f.do(func(tx *db.Tx) error {
			codes, err := staff.CampaignsOf(tx, db.ID(f.ani.ID))
			if strings.Join(codes, " ") != "callback fresh-lapul" {
				t.Errorf("Ani works %v", codes)
			}
			return err
		})
	})
}

// SOP 5.7.8.c.menolak.hc-buzzer: the leader sees an alert however many other tasks wait outside.
func TestAlertsAreSeenBehindAFullOutbox(t *testing.T) {
	each(t, func(f *floor) {
		f.do(func(tx *db.Tx) error {
			owed := make([]outbox.Promise, 0, 202)
			for range 201 {
				owed = append(owed, outbox.Promise{Ticket: 1, Turn: 1, App: "sephia", Kind: "outside"})
			}
			owed = append(owed, outbox.Promise{Ticket: 1, Turn: 1, App: "leader", Kind: "alert-leader", Text: "HC - Buzzer"})
			_, err := outbox.Add(tx, f.ani, owed)
			return err
		})
		f.do(func(tx *db.Tx) error {
			n, err := lead.Look(tx, f.tuti, 0)
			if len(n.Alerts) != 1 || n.Alerts[0].Text != "HC - Buzzer" {
				t.Errorf("alerts %+v", n.Alerts)
			}
			return err
		})
	})
}
