package stories

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"sapa/internal/call"
	"sapa/internal/campaign"
	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/desk"
	"sapa/internal/document"
	"sapa/internal/fault"
	"sapa/internal/intake"
	"sapa/internal/journal"
	"sapa/internal/live"
	"sapa/internal/outbox"
	"sapa/internal/phone"
	"sapa/internal/phrase"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// floor is a small site: its people appear when a story first names them, and each sits where their role belongs.
type floor struct {
	store     *db.DB
	clock     *dbtest.Clock
	library   *document.Library
	campaigns *campaign.Campaigns
	seat      *desk.Seat
	door      intake.Desk
	hub       *live.Hub
	people    map[string]who.Actor
	hands     map[string]hand // what each agent's screen holds
	secrets   []string        // what must never stand in the journal
}

// hand is what an agent's open page knows of the ticket in it.
type hand struct {
	ticket db.ID
	token  string
	draft  int64
}

func newFloor(s *db.DB, c *dbtest.Clock, library *document.Library) *floor {
	f := &floor{store: s, clock: c, hub: live.NewHub(), people: map[string]who.Actor{}, hands: map[string]hand{}}
	f.use(library)
	return f
}

func (f *floor) use(library *document.Library) {
	f.library = library
	f.campaigns = campaign.New(library, "IN.OCC.TELK.W-18")
	f.seat = desk.New(desk.Parts{Store: f.store, Campaigns: f.campaigns, Dialer: desk.ManualDialler{}, Hub: f.hub, Site: site, Clock: f.clock.Now})
	f.door = intake.Desk{Campaigns: f.campaigns, Site: site}
}

// verb is what a story can say; it prints what happened and returns a refusal, if it was one.
type verb func(ts *testscript.TestScript, args []string) (string, error)

func (f *floor) verbs() map[string]func(ts *testscript.TestScript, neg bool, args []string) {
	said := map[string]verb{"clock": f.setClock, "customer": f.customer, "intake": f.intake, "tier1": f.tier1, "as": f.as, "leader": f.leader,
		"pbx": f.pbx, "house": f.house, "revision": f.revision, "ticket": f.ticket, "outbox": f.outbox, "seen": f.seen, "journal": f.journal, "queue": f.queue,
		"network": f.network, "outages": f.outages, "notice": f.notice, "slots": f.slots, "nossa": f.nossa, "trouble": f.trouble, "moves": f.moves, "writes": f.writes, "rows": f.rows,
		"ideas": f.ideas, "forms": f.forms, "email": f.email, "article": f.article}
	cmds := map[string]func(ts *testscript.TestScript, neg bool, args []string){}
	for name, do := range said {
		cmds[name] = func(ts *testscript.TestScript, neg bool, args []string) {
			out, err := do(ts, args)
			refused := fault.Of(err)
			switch {
			case err != nil && refused == nil:
				ts.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
			case refused != nil:
				if !phrase.Known(refused.Key) {
					ts.Fatalf("%s has no sentence", refused.Key)
				}
				fmt.Fprintf(ts.Stderr(), "%s\n%s %s field=%s clause=%s%s\n", phrase.Fill(phrase.ID, refused.Key, refused.Values),
					refused.Kind, refused.Key, refused.Field, refused.Clause, f.inTicket(refused))
				if !neg {
					ts.Fatalf("refused: %v", err)
				}
			case neg:
				ts.Fatalf("not refused: %s", out)
			}
			fmt.Fprint(ts.Stdout(), out)
		}
	}
	return cmds
}

// act runs one act as the one transaction it is behind a page or an API call.
func (f *floor) act(do func(tx *db.Tx) error) error { return f.store.Write(context.Background(), do) }

// person gives the actor of a login, hired on first sight.
func (f *floor) person(login string, role who.Role) (who.Actor, error) {
	if a, known := f.people[login]; known {
		return a, nil
	}
	var p staff.Person
	err := f.act(func(tx *db.Tx) error {
		team, err := staff.TeamNamed(tx, staff.Console, "Regu Satu")
		if err != nil {
			return err
		}
		name := strings.ToUpper(login[:1]) + login[1:] + " Rekaan"
		p, err = staff.Add(tx, staff.Console, staff.Person{Login: login, Name: name, Role: role, Skill: "T2O", Team: team})
		f.secrets = append(f.secrets, name)
		return err
	})
	if err != nil {
		return who.Actor{}, err
	}
	f.people[login] = p.Actor(who.Page)
	return f.people[login], nil
}

// setClock moves the time: 15:00 (today, the site's clock), +61m, or 2026-11-24 08:00.
func (f *floor) setClock(ts *testscript.TestScript, args []string) (string, error) {
	to := strings.Join(args, " ")
	now := f.clock.Now().In(site)
	switch {
	case strings.HasPrefix(to, "+"):
		d, err := time.ParseDuration(to[1:])
		ts.Check(err)
		f.clock.Advance(d)
	case len(to) == len("15:04"):
		at, err := time.ParseInLocation("15:04", to, site)
		ts.Check(err)
		f.clock.Set(time.Date(now.Year(), now.Month(), now.Day(), at.Hour(), at.Minute(), 0, 0, site))
	default:
		at, err := time.ParseInLocation("2006-01-02 15:04", to, site)
		ts.Check(err)
		f.clock.Set(at)
	}
	if f.clock.Now().Before(now) {
		ts.Fatalf("the clock would run backwards to %s", to)
	}
	return f.stamp(f.clock.Now()) + "\n", nil
}

func (f *floor) stamp(t time.Time) string { return t.In(site).Format("2006-01-02 15:04:05") }

// house does what the house does by itself every few seconds - free what has lapsed, end what was raised for a while - and
// what its courier hears: house | house fails APP of REF WHY
func (f *floor) house(_ *testscript.TestScript, args []string) (string, error) {
	if len(args) == 0 {
		if err := f.settler().Settle(context.Background()); err != nil {
			return "", err
		}
		return "", f.act(f.seat.Sweep)
	}
	return f.onPromise(who.House, staff.ActSettleOutbox, first, args[1:], func(tx *db.Tx, id db.ID) error {
		_, err := outbox.Fail(tx, who.House, id, strings.Join(args[4:], " "))
		return err
	})
}

// pairs reads k=v arguments.
func pairs(ts *testscript.TestScript, args []string) map[string]string {
	m := map[string]string{}
	for _, a := range args {
		k, v, ok := strings.Cut(a, "=")
		if !ok {
			ts.Fatalf("%q is not name=value", a)
		}
		m[k] = v
	}
	return m
}

func number(ts *testscript.TestScript, s string) int {
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	ts.Check(err)
	return n
}

// find gives the ticket of a ref, in whatever campaign.
func (f *floor) find(tx *db.Tx, ref string) (ticket.Ticket, error) {
	all, err := f.campaigns.All(tx)
	if err != nil {
		return ticket.Ticket{}, err
	}
	for _, c := range all {
		code := c.Code
		t, err := ticket.ByRef(tx, code, ref)
		if !fault.Is(err, fault.Missing) {
			return t, err
		}
	}
	return ticket.Ticket{}, fmt.Errorf("no ticket %s", ref)
}

// inTicket says which ticket of a call a refusal is about.
func (f *floor) inTicket(refused *fault.Error) (said string) {
	of, _ := refused.Values[desk.InTicket].(string)
	id, err := db.ParseID(of)
	if err != nil {
		return ""
	}
	_ = f.act(func(tx *db.Tx) error {
		t, err := ticket.Get(tx, id)
		said = " ticket=" + t.Ref
		return err
	})
	return said
}

// secret remembers texts that the journal must not hold.
func (f *floor) secret(texts ...string) {
	for _, s := range texts {
		if len(s) > 3 {
			f.secrets = append(f.secrets, s)
		}
		if n, err := phone.Parse(s); err == nil {
			f.secrets = append(f.secrets, n.Full(), n.Print())
		}
	}
}

// keepsSecrets holds the whole journal of a story against what was said in it: ids and words of ours only, no personal text.
func (f *floor) keepsSecrets(t *testing.T) {
	t.Helper()
	err := f.store.Read(context.Background(), func(tx *db.Tx) error {
		all, err := journal.Tail(tx, 0, 10_000)
		for _, e := range all {
			for name, value := range e.Data {
				for _, s := range f.secrets {
					if strings.Contains(value, s) {
						t.Errorf("journal %s: %s=%q holds what somebody said", e.Act, name, value)
					}
				}
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// exchange is a dialler that reports the line itself; the story says what it hears (verb pbx).
type exchange struct {
	refuse bool
}

func (*exchange) Name() string { return "pbx" }

func (x *exchange) Dial(context.Context, call.Attempt) error {
	if x.refuse {
		return fmt.Errorf("no trunk")
	}
	return nil
}

func (*exchange) Hangup(context.Context, db.ID) error { return nil }
