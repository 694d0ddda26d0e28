package lead_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/document/documenttest"
	"sapa/internal/fault"
	"sapa/internal/lead"
	"sapa/internal/line"
	"sapa/internal/live"
	"sapa/internal/outage"
	"sapa/internal/phone"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// nobody follows: the desk's following has its own tests.
type nobody struct{ seen *[]string }

func (n nobody) Follow(_ *db.Tx, _ who.Actor, c trouble.Change) error {
	if n.seen != nil {
		*n.seen = append(*n.seen, c.After.No)
	}
	return nil
}

func (f *floor) settler() *lead.Settler {
	f.t.Helper()
	site, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		f.t.Fatal(err)
	}
	return &lead.Settler{Store: f.s, Follow: nobody{}, Hub: f.hub, Site: site}
}

func (f *floor) settle() {
	f.t.Helper()
	if err := f.settler().Settle(context.Background()); err != nil {
		f.t.Fatal(err)
	}
}

// wire puts services 0 to n-1 of an exchange into the network.
func (f *floor) wire(sto string, n int) {
	f.t.Helper()
	f.do(func(tx *db.Tx) error {
		for i := range n {
			if err := line.PutLine(tx, line.Line{ServiceNo: serviceOf(sto, i), STO: sto, Technology: line.Fibre}); err != nil {
				return err
			}
		}
		return nil
	})
}

func serviceOf(sto string, i int) string {
	return fmt.Sprintf("1529990%d%04d", map[string]int{"MLG": 1, "BTU": 2}[sto], i)
}

func (f *floor) plan(key string, s outage.Scope) (o outage.Outage) {
	f.t.Helper()
	o, err := lead.PlanOutage(context.Background(), f.s, f.tuti, outage.New{Scope: s, Reason: "Kabel putus (rekaan)", Asked: key})
	if err != nil {
		f.t.Fatal(err)
	}
	return o
}

func (f *floor) declare(key string, s outage.Scope) (o outage.Outage) {
	f.t.Helper()
	id := f.plan(key, s).ID
	f.do(func(tx *db.Tx) (err error) {
		o, err = lead.DeclareOutage(tx, f.tuti, f.hub, id)
		return err
	})
	return o
}

func (f *floor) recover(id db.ID) {
	f.t.Helper()
	f.do(func(tx *db.Tx) error { _, err := lead.RecoverOutage(tx, f.tuti, f.hub, id); return err })
}

func (f *floor) care(campaign, ref, service string, ago time.Duration) (t ticket.Ticket) {
	f.t.Helper()
	f.do(func(tx *db.Tx) (err error) {
		t, _, err = ticket.Open(tx, who.House, ticket.New{Campaign: campaign, Ref: ref, ServiceNo: service, Zone: "Asia/Jakarta", Source: "feed",
			OpenedAt: tx.Now.Add(-ago), Contacts: []ticket.Contact{{Phone: "+628999000111"}}})
		return err
	})
	return t
}

func (f *floor) take(a who.Actor) (t ticket.Ticket, token string, err error) {
	err = f.s.Write(context.Background(), func(tx *db.Tx) error {
		var lease ticket.Lease
		var err error
		if t, lease, err = ticket.Claim(tx, db.ID(a.ID), []string{ticket.Pool("callback", "Asia/Jakarta"), ticket.Pool("ivr-gamas", "Asia/Jakarta")}); err != nil {
			return err
		}
		token = lease.Token
		_, err = ticket.BeginTurn(tx, t.ID, db.ID(a.ID), ticket.Pin{Code: t.Campaign, Revision: 2})
		return err
	})
	return t, token, err
}

// front lets n customers of the exchange MLG wait in front of one of BTU, "B0".
func (f *floor) front(n int) {
	f.t.Helper()
	for i := range n {
		f.care("callback", fmt.Sprint("M", i), serviceOf("MLG", i), time.Duration(100-i)*time.Minute)
	}
	f.wire("BTU", 2)
	f.care("callback", "B0", serviceOf("BTU", 0), time.Minute)
}

// SOP 5.4: declaring is one act: nothing has been parked yet, and still nobody is handed a ticket of an affected service -
// IVR Gamas apart. The parking follows with its reason, and when it is over the tickets come back oldest first.
func TestADeclaredOutageHoldsAtOnceAndGivesBackOldestFirst(t *testing.T) {
	each(t, func(f *floor) {
		f.wire("MLG", 10)
		f.front(8)
		f.care("ivr-gamas", "G0", serviceOf("MLG", 9), time.Second)
		o := f.declare("a", outage.Scope{STO: []string{"MLG"}})
		if o.Services != 10 {
			t.Errorf("counted %d services", o.Services)
		}
		got, token, err := f.take(f.ani)
		if err != nil || got.Ref != "B0" {
			t.Fatalf("before anything was parked in turns: %s, %v", got.Ref, err)
		}
		f.do(func(tx *db.Tx) error { return ticket.Release(tx, f.ani, got.ID, token, "agent") })
		f.settle()
		f.do(func(tx *db.Tx) error {
			v, err := lead.LookOutage(tx, f.ani, o.ID)
			if v.Parked != 8 || v.Phase != outage.Settled || v.ParentNo == "" || len(v.Scope.STO) != 1 {
				t.Errorf("%+v", v)
			}
			return err
		})
		f.care("callback", "M8", serviceOf("MLG", 8), 0) // opened meanwhile: parked at once
		for _, want := range []string{"B0", "G0"} {
			got, token, err = f.take(f.budi)
			if err != nil || got.Ref != want {
				t.Fatalf("%s, %v, want %s", got.Ref, err, want)
			}
			f.do(func(tx *db.Tx) error {
				_, err := ticket.Settle(tx, f.budi, got.ID, token, ticket.Settlement{Outcome: "x", Close: "done"})
				return err
			})
		}
		if _, _, err = f.take(f.budi); !fault.Is(err, fault.Missing) {
			t.Fatalf("everything else is parked: %v", err)
		}
		f.recover(o.ID)
		f.settle()
		order := ""
		for {
			got, token, err := f.take(f.ani)
			if err != nil {
				break
			}
			order += got.Ref + " "
			f.do(func(tx *db.Tx) error {
				_, err := ticket.Settle(tx, f.ani, got.ID, token, ticket.Settlement{Outcome: "x", Close: "done"})
				return err
			})
		}
		if order != "M0 M1 M2 M3 M4 M5 M6 M7 M8 " {
			t.Errorf("order %s", order)
		}
		f.do(func(tx *db.Tx) error {
			v, err := lead.LookOutage(tx, f.tuti, o.ID)
			if v.Parked != 0 || v.Outage.Released != 9 || v.Phase != outage.Released {
				t.Errorf("%+v", v)
			}
			return err
		})
	})
}

// SOP 5.4: while a queue's whole front is being parked nobody searches it for long: who asks is told to ask again, and nothing affected is handed out.
func TestWhoMeetsAFrontThatIsBeingParkedAsksAgain(t *testing.T) {
	each(t, func(f *floor) {
		f.wire("MLG", 40)
		f.front(40)
		f.declare("front", outage.Scope{STO: []string{"MLG"}})
		_, _, err := f.take(f.ani)
		if !fault.Is(err, fault.Busy) || fault.Of(err).Key != "ticket.parking" {
			t.Fatalf("with forty affected in front: %v", err)
		}
		f.settle()
		if got, _, err := f.take(f.ani); err != nil || got.Ref != "B0" {
			t.Fatalf("once they are parked: %s, %v", got.Ref, err)
		}
	})
}

// Decision 0023: a hundred thousand tickets are parked in three and a half seconds, not faster; people's acts have the rest.
func TestParkingRestsBetweenItsTurns(t *testing.T) {
	each(t, func(f *floor) {
		f.wire("MLG", 2)
		f.care("callback", "M0", serviceOf("MLG", 0), time.Minute)
		f.care("callback", "M1", serviceOf("MLG", 1), time.Minute)
		o := f.declare("rest", outage.Scope{STO: []string{"MLG"}})
		beat, stopped := make(chan time.Time), 0
		s := f.settler()
		s.Ticker = func(d time.Duration) (<-chan time.Time, func()) {
			if turn := map[bool]int{false: 100, true: 400}[f.s.Postgres()]; d != time.Duration(turn)*35*time.Microsecond {
				t.Errorf("a turn of %d may take %v", turn, d)
			}
			return beat, func() { stopped++ }
		}
		parked := make(chan error)
		go func() { parked <- s.Settle(context.Background()) }()
		select {
		case err := <-parked:
			t.Fatalf("done without a rest: %v", err)
		case beat <- time.Time{}:
		}
		if err := <-parked; err != nil || stopped != 1 {
			t.Errorf("%v, the beat was stopped %d times", err, stopped)
		}
		f.recover(o.ID)
		gone, cancel := context.WithCancel(context.Background())
		cancel()
		if err := s.Settle(gone); err == nil {
			t.Error("who goes home rests for ever")
		}
	})
}

// A promise, a retry and what the leader decides go back to what they were.
func TestWhatWasParkedGoesBackToWhatItWas(t *testing.T) {
	each(t, func(f *floor) {
		f.wire("MLG", 5)
		now := f.c.Now()
		settleAs := func(ref string, i int, s ticket.Settlement) db.ID {
			f.care("callback", ref, serviceOf("MLG", i), time.Hour)
			got, token, err := f.take(f.ani)
			if err != nil || got.Ref != ref {
				t.Fatalf("%s: %v", got.Ref, err)
			}
			f.do(func(tx *db.Tx) error { _, err := ticket.Settle(tx, f.ani, got.ID, token, s); return err })
			return got.ID
		}
		promise := settleAs("promise", 0, ticket.Settlement{Outcome: "a", AgainAt: now.Add(2 * time.Hour), Promise: true, Owner: db.ID(f.ani.ID), OwnerUntil: now.Add(3 * time.Hour)})
		soon := settleAs("soon", 1, ticket.Settlement{Outcome: "a", AgainAt: now.Add(10 * time.Minute)})
		leaders := settleAs("leader", 2, ticket.Settlement{Outcome: "a", LeaderOwns: true})
		f.care("callback", "held", serviceOf("MLG", 3), time.Hour)
		held, token, _ := f.take(f.budi)
		o := f.declare("a", outage.Scope{STO: []string{"MLG"}})
		f.settle()
		state := func(id db.ID) (t ticket.Ticket) {
			f.do(func(tx *db.Tx) (err error) { t, err = ticket.Get(tx, id); return err })
			return t
		}
		for _, id := range []db.ID{promise, soon, leaders} {
			if p := state(id); p.State != ticket.Parked || p.Outage != o.ID {
				t.Errorf("%s is %s by %d", p.Ref, p.State, p.Outage)
			}
		}
		if state(held.ID).State != ticket.Claimed {
			t.Error("what somebody holds stays in their hand")
		}
		// its result comes while the outage lasts: it waits for the end, and the undo still works
		var settled ticket.Ticket
		f.do(func(tx *db.Tx) (err error) {
			settled, err = ticket.Settle(tx, f.budi, held.ID, token, ticket.Settlement{Outcome: "a", AgainAt: now.Add(time.Minute)})
			return err
		})
		if settled.State != ticket.Parked || state(held.ID).State != ticket.Parked {
			t.Errorf("a result during the outage: %s", settled.State)
		}
		f.do(func(tx *db.Tx) error {
			turn, err := ticket.LastFinished(tx, held.ID, db.ID(f.budi.ID))
			if err == nil {
				_, err = ticket.Unsettle(tx, f.budi, turn.ID)
			}
			if err == nil {
				err = ticket.TakeOver(tx, f.tuti, held.ID)
			}
			return err
		})
		if state(held.ID).State != ticket.Parked {
			t.Error("taken over: it is parked, not handed on")
		}
		f.c.Advance(30 * time.Minute)
		f.recover(o.ID)
		f.settle()
		p, s, l := state(promise), state(soon), state(leaders)
		if p.State != ticket.Waiting || p.Awake || !p.WakeAt.Equal(now.Add(2*time.Hour)) || p.Owner != db.ID(f.ani.ID) || p.Rank != ticket.RankPromise {
			t.Errorf("promise %+v", p)
		}
		if s.State != ticket.Waiting || !s.Awake || !s.OrderAt.Equal(s.OpenedAt) {
			t.Errorf("retry whose pause is over %+v", s)
		}
		if !l.LeaderOwns || l.Awake {
			t.Errorf("the leader's %+v", l)
		}
	})
}

// domain 7.6, field 5.4: children complete with "Change of Status by Gamas", and who reported is called once more - once.
func TestChildrenCompleteAndAreCalled(t *testing.T) {
	each(t, func(f *floor) {
		f.wire("MLG", 12)
		o := f.declare("a", outage.Scope{STO: []string{"MLG"}})
		var nos []string
		f.do(func(tx *db.Tx) error {
			for i := range 10 {
				c, _, err := trouble.Open(tx, f.ani, trouble.New{ServiceNo: serviceOf("MLG", i), Service: "internet", Symptom: "tbc", ContactName: "Rekaan",
					ContactMobile: string(phone.Number(fmt.Sprintf("0899900%04d", i))), HardComplaint: "ramah", Urgency: "normal", FCR: "no", Description: "mati", Parent: o.Parent})
				if err != nil {
					return err
				}
				nos = append(nos, c.No)
			}
			return nil
		})
		f.recover(o.ID)
		followed := []string{}
		s := f.settler()
		s.Follow = nobody{&followed}
		for range 2 { // the second finds nothing left
			if err := s.Settle(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		slices.Sort(followed)
		if !slices.Equal(followed, nos) {
			t.Errorf("followed %v, want %v", followed, nos)
		}
		f.do(func(tx *db.Tx) error {
			for _, no := range nos {
				c, err := trouble.ByNo(tx, no)
				if err != nil || c.State != trouble.Closed || c.ClosingReason != trouble.ByGamas {
					t.Errorf("%s: %s %s %v", no, c.State, c.ClosingReason, err)
				}
			}
			parent, err := trouble.Get(tx, o.Parent)
			if parent.State != trouble.Closed {
				t.Errorf("the parent is %s", parent.State)
			}
			v, _ := lead.LookOutage(tx, f.tuti, o.ID)
			if v.Verifying != 10 || v.Completed != 10 {
				t.Errorf("%+v", v.Outage)
			}
			return err
		})
		got, _, err := f.take(f.ani)
		if err != nil || got.Campaign != ticket.Gamas || !strings.HasPrefix(got.Ref, "GV-") || got.Fields["verifies"] != nos[0] {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestOnlyALeaderDeclares(t *testing.T) {
	each(t, func(f *floor) {
		f.wire("MLG", 1)
		if _, err := lead.PlanOutage(context.Background(), f.s, f.ani, outage.New{Scope: outage.Scope{STO: []string{"MLG"}}, Reason: "putus", Asked: "x"}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an agent plans: %v", err)
		}
		o := f.plan("a", outage.Scope{STO: []string{"MLG"}})
		f.refused(fault.Forbidden, "staff.may-not", func(tx *db.Tx) error { _, err := lead.DeclareOutage(tx, f.ani, f.hub, o.ID); return err })
		f.refused(fault.Forbidden, "staff.may-not", func(tx *db.Tx) error { _, err := lead.RecoverOutage(tx, f.budi, f.hub, o.ID); return err })
		f.refused(fault.Forbidden, "staff.may-not", func(tx *db.Tx) error { _, err := lead.SetOutageRule(tx, f.ani, outage.Rule{}, 0); return err })
		f.refused(fault.Missing, "outage.missing", func(tx *db.Tx) error { _, err := lead.LookOutage(tx, f.tuti, o.ID); return err })
	})
}

// Whatever comes between: nobody is handed a ticket of an affected service, IVR Gamas apart; no ticket is lost; and what waits
// is handed out oldest first (field M7).
func TestNoInterleavingHandsOutAnAffectedTicketOrLosesOne(t *testing.T) {
	each(t, func(f *floor) {
		f.wire("MLG", 12)
		f.wire("BTU", 12)
		runs := 0
		rapid.Check(t, func(r *rapid.T) {
			runs++
			w := &mass{floor: f, r: r, run: runs, hands: map[int64]hand{}}
			w.begin()
			steps := rapid.IntRange(5, 40).Draw(r, "steps")
			for range steps {
				switch rapid.IntRange(0, 9).Draw(r, "act") {
				case 0, 1:
					w.open()
				case 2:
					w.declare()
				case 3:
					w.recover()
				case 4, 5, 6:
					w.claim()
				case 7:
					w.finish()
				case 8:
					w.release()
				case 9:
					w.settleSome()
				}
			}
			w.end()
		})
	})
}

type hand struct {
	t     ticket.Ticket
	token string
}

// mass is one run of the property: what is open, what is declared, who holds what.
type mass struct {
	*floor
	r       *rapid.T
	run     int
	n       int
	live    []db.ID
	scopes  map[db.ID][]string // service numbers of a declared outage
	hands   map[int64]hand
	closed  map[string]bool
	tickets map[string]bool // by ref
}

func (w *mass) begin() {
	w.scopes, w.closed, w.tickets = map[db.ID][]string{}, map[string]bool{}, map[string]bool{}
}

func (w *mass) pick(what string, n int) int { return rapid.IntRange(0, n-1).Draw(w.r, what) }

func (w *mass) open() {
	w.n++
	ref := fmt.Sprintf("%d-%d", w.run, w.n)
	sto := []string{"MLG", "BTU"}[w.pick("sto", 2)]
	campaign := []string{"callback", "callback", "ivr-gamas"}[w.pick("campaign", 3)]
	w.care(campaign, ref, serviceOf(sto, w.pick("service", 12)), time.Duration(w.pick("age", 500))*time.Minute)
	w.tickets[ref] = true
}

func (w *mass) declare() {
	s, covered := outage.Scope{}, []string{}
	if w.pick("over", 2) == 0 {
		sto := []string{"MLG", "BTU"}[w.pick("sto", 2)]
		s.STO = []string{sto}
		for i := range 12 {
			covered = append(covered, serviceOf(sto, i))
		}
	} else {
		covered = []string{serviceOf("MLG", w.pick("service", 12)), serviceOf("BTU", w.pick("service", 12))}
		s.Services = covered
	}
	o := w.floor.declare(fmt.Sprintf("%d-o%d", w.run, w.n*100+len(w.scopes)), s)
	if _, again := w.scopes[o.ID]; again {
		return
	}
	w.live, w.scopes[o.ID] = append(w.live, o.ID), covered
	w.n++
}

func (w *mass) recover() {
	if len(w.live) == 0 {
		return
	}
	i := w.pick("which", len(w.live))
	w.floor.recover(w.live[i])
	delete(w.scopes, w.live[i])
	w.live = slices.Delete(w.live, i, i+1)
}

func (w *mass) affected(service string) bool {
	for _, covered := range w.scopes {
		if slices.Contains(covered, service) {
			return true
		}
	}
	return false
}

func (w *mass) claim() {
	a := []who.Actor{w.ani, w.budi}[w.pick("agent", 2)]
	if _, has := w.hands[a.ID]; has {
		return
	}
	got, token, err := w.take(a)
	switch {
	case fault.Is(err, fault.Busy): // more than one claim parks by itself: it is told to ask again
		return
	case fault.Is(err, fault.Missing):
		return
	case err != nil:
		w.r.Fatal(err)
	}
	if got.Campaign != ticket.Gamas && w.affected(got.ServiceNo) {
		w.r.Fatalf("%s of affected %s was handed out", got.Ref, got.ServiceNo)
	}
	w.hands[a.ID] = hand{got, token}
}

func (w *mass) one() (who.Actor, hand, bool) {
	for _, a := range []who.Actor{w.ani, w.budi} {
		if h, has := w.hands[a.ID]; has {
			return a, h, true
		}
	}
	return who.Actor{}, hand{}, false
}

func (w *mass) finish() {
	a, h, has := w.one()
	if !has {
		return
	}
	s := ticket.Settlement{Outcome: "x", Close: "done"}
	if w.pick("again", 2) == 0 {
		s = ticket.Settlement{Outcome: "x", AgainAt: w.c.Now().Add(time.Millisecond)}
	}
	w.do(func(tx *db.Tx) error { _, err := ticket.Settle(tx, a, h.t.ID, h.token, s); return err })
	if s.Close != "" {
		w.closed[h.t.Ref] = true
	}
	delete(w.hands, a.ID)
	w.c.Advance(time.Second)
}

func (w *mass) release() {
	a, h, has := w.one()
	if !has {
		return
	}
	w.do(func(tx *db.Tx) error { return ticket.Release(tx, a, h.t.ID, h.token, "agent") })
	delete(w.hands, a.ID)
}

// settleSome lets the house come round, or only one turn of it.
func (w *mass) settleSome() {
	if w.pick("whole", 2) == 0 {
		w.floor.settle()
		return
	}
	var walk ticket.Walk
	w.do(func(tx *db.Tx) error {
		found, _, _, err := walk.Look(tx, 1+w.pick("n", 3))
		for id, some := range found {
			if err == nil {
				_, err = ticket.Park(tx, id, some)
			}
		}
		return err
	})
}

// end recovers everything: then every ticket that was opened and not closed is handed out once, the longest waiting first.
func (w *mass) end() {
	for _, a := range []who.Actor{w.ani, w.budi} {
		if h, has := w.hands[a.ID]; has {
			w.do(func(tx *db.Tx) error { return ticket.Release(tx, a, h.t.ID, h.token, "agent") })
		}
	}
	w.hands = map[int64]hand{}
	for len(w.live) > 0 {
		w.recover()
	}
	w.floor.settle()
	w.c.Advance(time.Hour)
	var last ticket.Ticket
	for {
		got, token, err := w.take(w.ani)
		if fault.Is(err, fault.Missing) {
			break
		}
		if err != nil {
			w.r.Fatal(err)
		}
		if !last.OrderAt.IsZero() && got.OrderAt.Before(last.OrderAt) {
			w.r.Fatalf("%s (%s) came after %s (%s)", got.Ref, got.OrderAt, last.Ref, last.OrderAt)
		}
		last = got
		w.do(func(tx *db.Tx) error {
			_, err := ticket.Settle(tx, w.ani, got.ID, token, ticket.Settlement{Outcome: "x", Close: "done"})
			return err
		})
		if w.closed[got.Ref] || !w.tickets[got.Ref] {
			w.r.Fatalf("%s was handed out though it was closed", got.Ref)
		}
		w.closed[got.Ref] = true
	}
	for ref := range w.tickets {
		if !w.closed[ref] {
			w.r.Fatalf("%s is lost", ref)
		}
	}
	w.do(func(tx *db.Tx) error {
		var n int
		err := tx.Row(`SELECT count(*) FROM ticket WHERE state <> 'closed'`).Scan(&n)
		if n != 0 {
			w.r.Fatalf("%d tickets are left", n)
		}
		return err
	})
}

// The same with everybody at once: two agents claim and finish while an outage is declared, parked, ended and released.
func TestEverybodyAtOnceIsHandedNothingAffected(t *testing.T) {
	documenttest.Mould.Each(t, func(t *testing.T, s *db.DB, c *dbtest.Clock) {
		f := &floor{t: t, s: s, c: c, hub: live.NewHub()}
		f.ani, f.budi, f.tuti = f.person("ani", who.Agent), f.person("budi", who.Agent), f.person("tuti", who.Leader)
		f.wire("MLG", 200)
		for i := range 200 {
			f.care("callback", fmt.Sprint("M", i), serviceOf("MLG", i), time.Duration(1000-i)*time.Minute)
		}
		o := f.plan("a", outage.Scope{STO: []string{"MLG"}})
		stop := make(chan struct{})
		type got struct {
			ref   string
			after bool // the outage was declared when this claim began
			err   error
		}
		declared := make(chan struct{})
		results := make(chan got, 400)
		ended := make(chan struct{}, 2)
		for _, a := range []who.Actor{f.ani, f.budi} {
			go func() {
				defer func() { ended <- struct{}{} }()
				for {
					select {
					case <-stop:
						return
					default:
					}
					after := false
					select {
					case <-declared:
						after = true
					default:
					}
					tk, token, err := f.take(a)
					if fault.Is(err, fault.Missing) || fault.Is(err, fault.Busy) {
						continue
					}
					results <- got{tk.Ref, after, err}
					if err != nil {
						return
					}
					err = s.Write(context.Background(), func(tx *db.Tx) error { return ticket.Release(tx, a, tk.ID, token, "agent") })
					if err != nil {
						results <- got{err: err}
						return
					}
				}
			}()
		}
		for range 20 {
			if one := <-results; one.err != nil {
				t.Fatal(one.err)
			}
		}
		f.do(func(tx *db.Tx) error { _, err := lead.DeclareOutage(tx, f.tuti, f.hub, o.ID); return err })
		close(declared)
		drained := make(chan []got)
		go func() {
			var all []got
			for one := range results {
				all = append(all, one)
			}
			drained <- all
		}()
		f.settle()
		close(stop)
		<-ended
		<-ended
		close(results)
		for _, one := range <-drained {
			if one.err != nil || one.after {
				t.Errorf("%+v", one)
			}
		}
		f.settle()
		f.do(func(tx *db.Tx) error {
			n, err := ticket.ParkedBy(tx, o.ID)
			if n != 200 {
				t.Errorf("%d of 200 are parked", n)
			}
			return err
		})
	})
}

// SOP 5.4: everybody who has a ticket of an affected service in hand is told, however many they are; nobody else is.
func TestAllWhoHoldAnAffectedTicketAreTold(t *testing.T) {
	each(t, func(f *floor) {
		const agents = 503
		f.wire("MLG", agents)
		f.wire("BTU", 1)
		f.do(func(tx *db.Tx) error {
			for i := range agents + 1 {
				service := serviceOf("MLG", i)
				if i == agents {
					service = serviceOf("BTU", 0)
				}
				t, _, err := ticket.Open(tx, who.House, ticket.New{Campaign: "callback", Ref: fmt.Sprint("H", i), ServiceNo: service, Zone: "Asia/Jakarta", Source: "feed", Quiet: true,
					OpenedAt: tx.Now.Add(-time.Hour), Contacts: []ticket.Contact{{Phone: "+628999000111"}}})
				if err != nil {
					return err
				}
				_, err = tx.Exec(`INSERT INTO hold(subject, ticket, agent, token, until) VALUES ($1, $2, $3, $4, $5)`, service, t.ID, db.ID(7000+i), fmt.Sprint("T", i), db.Millis(tx.Now.Add(time.Minute)))
				if err != nil {
					return err
				}
			}
			return nil
		})
		told := map[string]bool{}
		var topics []string
		for i := range agents + 1 {
			topics = append(topics, "agent:"+db.ID(7000+i).String())
		}
		var readers []*live.Sub
		for _, topic := range topics {
			readers = append(readers, f.hub.Subscribe(topic))
		}
		f.declare("a", outage.Scope{STO: []string{"MLG"}})
		for i, r := range readers {
			select {
			case <-r.C:
				told[topics[i]] = true
			default:
			}
		}
		if len(told) != agents || told[topics[agents]] {
			t.Errorf("%d of %d are told, the other one: %v", len(told), agents, told[topics[agents]])
		}
	})
}
