package stories

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"sapa/internal/call"
	"sapa/internal/db"
	"sapa/internal/desk"
	"sapa/internal/fault"
	"sapa/internal/outbox"
	"sapa/internal/phone"
	"sapa/internal/phrase"
	"sapa/internal/procedure"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// as is a Tier 2 agent at the desk: as LOGIN VERB ...
func (f *floor) as(ts *testscript.TestScript, args []string) (string, error) {
	a, err := f.person(args[0], who.Agent)
	if err != nil {
		return "", err
	}
	rest := args[2:]
	switch args[1] {
	case "claim":
		return f.claim(a, func(tx *db.Tx) (desk.Turn, error) { return f.seat.Next(tx, a, rest) })
	case "helps":
		return f.claim(a, func(tx *db.Tx) (desk.Turn, error) { return f.seat.Help(tx, a) })
	case "show":
		return f.show(a)
	case "read":
		return "", f.held(a, func(tx *db.Tx, h hand) error { return f.seat.Read(tx, a, h.ticket, h.token) })
	case "dial":
		return f.dial(ts, a, rest)
	case "line":
		return f.attempt(a, func(tx *db.Tx, h hand) (call.Attempt, error) {
			return f.seat.Said(tx, a, h.ticket, h.token, call.Line(rest[0]))
		})
	case "hangup":
		return f.attempt(a, func(tx *db.Tx, h hand) (call.Attempt, error) { return f.seat.Hangup(tx, a, h.ticket, h.token) })
	case "calls":
		return f.calls(ts, a, rest)
	case "tries":
		return f.tries(ts, a, rest)
	case "reports":
		return f.reports(ts, a, rest)
	case "answer":
		return f.answer(a, f.given(ts, rest))
	case "finish":
		return f.finish(a, f.given(ts, rest))
	case "takes-along":
		return f.takesAlong(a, rest[0])
	case "puts-back":
		return "", f.held(a, func(tx *db.Tx, h hand) error {
			t, err := f.find(tx, rest[0])
			if err != nil {
				return err
			}
			return f.seat.Release(tx, a, t.ID, h.token, "agent")
		})
	case "renew":
		return "", f.held(a, func(tx *db.Tx, h hand) error {
			_, err := f.seat.Renew(tx, a, h.ticket, h.token)
			return err
		})
	case "release":
		return "", f.held(a, func(tx *db.Tx, h hand) error {
			return f.seat.Release(tx, a, h.ticket, h.token, strings.Join(rest, " "))
		})
	case "undo":
		return f.undo(a, f.hands[a.Login].ticket)
	case "returns": // to a ticket finished before the one on the screen was taken
		var id db.ID
		if err := f.act(func(tx *db.Tx) error {
			t, err := f.find(tx, rest[0])
			id = t.ID
			return err
		}); err != nil {
			return "", err
		}
		return f.undo(a, id)
	case "waives":
		return f.waives(ts, a, rest)
	case "promises":
		return f.promises(a)
	case "brings":
		return f.brings(ts, a, rest)
	case "reveals":
		return f.reveals(a, rest[0])
	case "opens":
		return f.opens(ts, a, rest[0], pairs(ts, rest[1:]))
	case "ready":
		return f.ready(a)
	case "reading", "confirms":
		return f.reading(a, args[1] == "confirms")
	case "looks-up", "guides", "steps":
		return f.guides(ts, a, args[1], rest)
	case "measures":
		return f.measures(a, rest[0])
	case "complains":
		return f.complains(ts, a, rest)
	case "submits":
		return f.submits(ts, a, rest)
	}
	ts.Fatalf("an agent cannot %s", args[1])
	return "", nil
}

// given are the answers of a form; what is free text must not come up in the journal.
func (f *floor) given(ts *testscript.TestScript, args []string) map[string]string {
	in := pairs(ts, args)
	for name, value := range in {
		_, field, along := strings.Cut(name, ":")
		if !along {
			field = name
		}
		if slices.Contains([]string{"remarks", "problem", "analysis", "decider_name", "decider_relation", "other_contact"}, field) {
			f.secret(value)
		}
	}
	return in
}

// held runs an act on what the agent's screen holds, with the token it got there - also when it is lost by now.
func (f *floor) held(a who.Actor, do func(tx *db.Tx, h hand) error) error {
	h, there := f.hands[a.Login]
	if !there {
		return fmt.Errorf("%s has no ticket on the screen", a.Login)
	}
	return f.act(func(tx *db.Tx) error { return do(tx, h) })
}

func (f *floor) claim(a who.Actor, take func(tx *db.Tx) (desk.Turn, error)) (string, error) {
	var turn desk.Turn
	err := f.act(func(tx *db.Tx) error {
		var err error
		turn, err = take(tx)
		return err
	})
	if fault.Is(err, fault.Missing) { // not a refusal: an empty queue is an answer, 204 in the API
		return "nothing due: " + phrase.Say(phrase.ID, fault.Of(err).Key) + "\n", nil
	}
	if err != nil {
		return "", err
	}
	err = f.store.Read(context.Background(), func(tx *db.Tx) error { // the screen is read when the ticket is theirs
		turn, _, err = f.seat.Current(tx, a)
		return err
	})
	return f.take(a, turn), err
}

// take puts a turn on the agent's screen and says what is seen first.
func (f *floor) take(a who.Actor, turn desk.Turn) string {
	f.hands[a.Login] = hand{turn.Ticket.ID, turn.Lease.Token, turn.Draft}
	var out strings.Builder
	t := turn.Ticket
	fmt.Fprintf(&out, "ticket %s %s revision %02d\n", t.Ref, t.Campaign, turn.Campaign.Revision.Revision)
	fmt.Fprintf(&out, "waited %s\n", phrase.Age(phrase.ID, turn.Now.Sub(t.OpenedAt)))
	if !t.DueAt.IsZero() {
		fmt.Fprintf(&out, "due %s %s\n", t.DueAt.In(turn.Zone).Format("2006-01-02 15.04"), desk.ZoneName(turn.Zone))
	}
	if t.Criterion != "" {
		fmt.Fprintf(&out, "criterion %s %s\n", t.Criterion, t.Fields["application"]+t.Fields["criterion_reason"])
	}
	fmt.Fprintf(&out, "note %s\n", t.Note)
	for _, c := range t.Contacts {
		bad := ""
		if c.Bad {
			bad = " bad"
		}
		fmt.Fprintf(&out, "contact %s%s\n", c.Phone.Masked(), bad)
	}
	if turn.Customer != nil {
		fmt.Fprintf(&out, "customer %s %s\n", turn.Customer.Name, turn.Customer.Class)
	}
	fmt.Fprintf(&out, "greeting %s %s\n", turn.Greeting, desk.ZoneName(turn.Zone))
	if o := turn.Outage; o != nil {
		fmt.Fprintf(&out, "outage: %s\n", o.Say(phrase.ID, turn.Zone, turn.Now))
	}
	for _, s := range turn.Siblings {
		fmt.Fprintf(&out, "sibling %s %s\n", s.Ref, s.Campaign)
	}
	for _, one := range turn.Along {
		fmt.Fprintf(&out, "along %s %s: %s\n", one.Ticket.Ref, one.Ticket.Campaign, one.Answers["remarks"])
	}
	for _, e := range turn.History {
		fmt.Fprintf(&out, "history %s %s %s: %s | %s | %s\n", e.Campaign, e.Ref, e.Outcome.In("id"), e.Line, strings.Join(e.Labels, " / "), e.Remarks)
	}
	out.WriteString(f.view(turn.View))
	return out.String()
}

// view prints the procedure as the screen shows it: the clause in force, what is asked, what is held back and why.
func (f *floor) view(v procedure.View) string {
	var out strings.Builder
	for _, s := range v.Steps {
		if s.State != "now" {
			continue
		}
		fmt.Fprintf(&out, "step %s clause %s: %s\n", s.ID, v.Clause, s.Title.In("id"))
		for _, l := range s.Say {
			fmt.Fprintf(&out, "say %s\n", l.Text)
		}
	}
	for _, fv := range v.Fields {
		need := ""
		if fv.Needed {
			need = " required"
		}
		fmt.Fprintf(&out, "field %s clause %s%s\n", fv.ID, fv.Clause(), need)
		for _, o := range fv.Offer {
			fmt.Fprintf(&out, "  %s offers %s: %s clause %s\n", fv.ID, o.ID, o.Label.In("id"), o.Clause())
		}
		for _, o := range fv.Held {
			fmt.Fprintf(&out, "  %s holds %s: %s clause %s\n", fv.ID, o.ID, o.Why, o.Clause())
		}
		if fv.Value != "" {
			fmt.Fprintf(&out, "  %s is %s\n", fv.ID, fv.Value)
		}
		if fv.Proposal != "" {
			fmt.Fprintf(&out, "  %s proposes %s\n", fv.ID, fv.Proposal)
		}
	}
	fmt.Fprintf(&out, "missing %s\n", strings.Join(v.Missing, " "))
	if v.Outcome != nil {
		fmt.Fprintf(&out, "leads to %s\n", v.Outcome.ID)
	}
	return out.String()
}

func (f *floor) show(a who.Actor) (out string, err error) {
	err = f.act(func(tx *db.Tx) error {
		turn, holds, err := f.seat.Current(tx, a)
		switch {
		case err != nil:
			return err
		case !holds:
			out = "holds nothing\n"
		default:
			out = f.take(a, turn)
		}
		return nil
	})
	return out, err
}

func (f *floor) dial(ts *testscript.TestScript, a who.Actor, rest []string) (string, error) {
	var wanted phone.Number
	if len(rest) > 0 {
		var err error
		wanted, err = phone.Parse(rest[0])
		ts.Check(err)
	}
	return f.attempt(a, func(tx *db.Tx, h hand) (call.Attempt, error) { return f.seat.Dial(tx, a, h.ticket, h.token, wanted) })
}

func (f *floor) attempt(a who.Actor, do func(tx *db.Tx, h hand) (call.Attempt, error)) (out string, err error) {
	err = f.held(a, func(tx *db.Tx, h hand) error {
		at, err := do(tx, h)
		out = told1(at)
		return err
	})
	return out, err
}

func told1(at call.Attempt) string {
	state := "rings"
	switch {
	case !at.Live():
		state = fmt.Sprintf("ended %s ring %d s talk %d s", at.Line, at.RingS, at.TalkS)
	case !at.AnsweredAt.IsZero():
		state = "talks"
	}
	return fmt.Sprintf("call %s %s\n", at.Number.Print(), state)
}

// reports tells of a call made outside: as LOGIN reports WORD ring_s=.. talk_s=..
func (f *floor) reports(ts *testscript.TestScript, a who.Actor, rest []string) (string, error) {
	in := pairs(ts, rest[1:])
	r := call.Reported{Line: call.Line(rest[0]), RingS: number(ts, in["ring_s"]), TalkS: number(ts, in["talk_s"])}
	return f.attempt(a, func(tx *db.Tx, h hand) (call.Attempt, error) { return f.seat.Report(tx, a, h.ticket, h.token, r) })
}

func (f *floor) answer(a who.Actor, in map[string]string) (out string, err error) {
	err = f.held(a, func(tx *db.Tx, h hand) error {
		turn, err := f.seat.Answer(tx, a, h.ticket, h.token, in, h.draft)
		if err != nil {
			return err
		}
		f.hands[a.Login] = hand{h.ticket, h.token, turn.Draft}
		out = f.view(turn.View)
		return nil
	})
	return out, err
}

func (f *floor) finish(a who.Actor, in map[string]string) (string, error) {
	var r desk.Receipt
	err := f.held(a, func(tx *db.Tx, h hand) error {
		var err error
		own, along, err := f.split(tx, in)
		if err != nil {
			return err
		}
		r, err = f.seat.FinishCall(tx, a, h.ticket, h.token, own, along)
		return err
	})
	if err != nil {
		return "", err
	}
	out := f.receipt(r)
	for _, one := range r.Along {
		out += "along " + one.Ticket.Ref + "\n" + f.receipt(one)
	}
	return out, nil
}

// split parts the answers of one save: REF:FIELD=... is of a ticket that goes along.
func (f *floor) split(tx *db.Tx, in map[string]string) (own map[string]string, along map[db.ID]map[string]string, err error) {
	own, along = map[string]string{}, map[db.ID]map[string]string{}
	for name, value := range in {
		ref, field, of := strings.Cut(name, ":")
		if !of {
			own[name] = value
			continue
		}
		t, err := f.find(tx, ref)
		if err != nil {
			return nil, nil, err
		}
		if along[t.ID] == nil {
			along[t.ID] = map[string]string{}
		}
		along[t.ID][field] = value
	}
	return own, along, nil
}

// takesAlong takes another ticket of the customer on the line into the call and prints what it asks.
func (f *floor) takesAlong(a who.Actor, ref string) (out string, err error) {
	err = f.held(a, func(tx *db.Tx, h hand) error {
		other, err := f.find(tx, ref)
		if err != nil {
			return err
		}
		turn, err := f.seat.Along(tx, a, h.ticket, h.token, other.ID)
		if err != nil {
			return err
		}
		out = fmt.Sprintf("along %s %s\nnote %s\n%s", turn.Ticket.Ref, turn.Ticket.Campaign, turn.Ticket.Note, f.view(turn.View))
		return nil
	})
	return out, err
}

func (f *floor) receipt(r desk.Receipt) string {
	var out strings.Builder
	fmt.Fprintf(&out, "outcome %s: %s\n", r.Outcome, r.Title.In("id"))
	fmt.Fprintf(&out, "labels %s\n", strings.Join(r.Labels, " / "))
	for _, e := range r.Effects {
		fmt.Fprintf(&out, "effect %s %s %s clause %s\n", e.Do, e.App, e.State, e.Clause)
	}
	out.WriteString(f.state(r.Ticket))
	return out.String()
}

func (f *floor) undo(a who.Actor, id db.ID) (string, error) {
	err := f.act(func(tx *db.Tx) error { return f.seat.Undo(tx, a, id) })
	if err != nil {
		return "", err
	}
	return f.show(a)
}

func (f *floor) promises(a who.Actor) (out string, err error) {
	err = f.act(func(tx *db.Tx) error {
		mine, err := ticket.Promises(tx, db.ID(a.ID), 20)
		for _, t := range mine {
			zone := desk.Zone(t.Zone, site)
			out += fmt.Sprintf("promise %s %s %s\n", t.Ref, t.DueAt.In(zone).Format("2006-01-02 15.04"), desk.ZoneName(zone))
		}
		return err
	})
	return out, err
}

func (f *floor) reveals(a who.Actor, ref string) (out string, err error) {
	err = f.act(func(tx *db.Tx) error {
		t, err := f.find(tx, ref)
		if err != nil {
			return err
		}
		n, err := f.seat.Reveal(tx, a, t.ID)
		out = "number " + n.Print() + "\n"
		return err
	})
	return out, err
}

// ready asks every application before the shift begins.
func (f *floor) ready(a who.Actor) (out string, err error) {
	if err := f.seat.Beat(context.Background()); err != nil {
		return "", err
	}
	err = f.act(func(tx *db.Tx) error {
		all, err := f.seat.Readiness(tx, a)
		for _, app := range all {
			need := ""
			if app.Required {
				need = " required"
			}
			out += fmt.Sprintf("application %s %s %s%s\n", app.Clause, app.ID, app.State, need)
		}
		return err
	})
	return out, err
}

// pbx is a telephone exchange that reports the line itself: pbx serves | is down | LOGIN answered | LOGIN ends WORD | LOGIN gives up
func (f *floor) pbx(ts *testscript.TestScript, args []string) (string, error) {
	switch strings.Join(args, " ") {
	case "serves":
		f.seat.Dialer = &exchange{}
		return "", nil
	case "is down":
		f.seat.Dialer = &exchange{refuse: true}
		return "", nil
	}
	a, err := f.person(args[0], who.Agent)
	if err != nil {
		return "", err
	}
	if args[1] == "gives" { // up: the refusal comes beside the act, as from a wire
		return "", f.settles(a)
	}
	var live call.Attempt
	err = f.act(func(tx *db.Tx) error {
		var there bool
		live, there, err = call.Live(tx, db.ID(a.ID))
		if err == nil && !there {
			err = fmt.Errorf("%s is in no call", a.Login)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	s := call.Signal{Attempt: live.ID, Kind: call.Picked, At: f.clock.Now()}
	if args[1] == "ends" {
		s.Kind, s.Line = call.Ended, call.Line(args[2])
	}
	if err := f.seat.Heard(context.Background(), s); err != nil {
		return "", err
	}
	err = f.act(func(tx *db.Tx) error {
		live, err = call.Get(tx, live.ID)
		return err
	})
	return told1(live), err
}

// calls reads the note, dials and says what the line did - after 20 s, and a talk of a minute: as LOGIN calls WORD [NUMBER]
func (f *floor) calls(ts *testscript.TestScript, a who.Actor, rest []string) (string, error) {
	var out string
	for _, step := range [][]string{{"read"}, append([]string{"dial"}, rest[1:]...), {"line", rest[0]}, {"hangup"}} {
		if step[0] == "hangup" && rest[0] != string(call.Answered) {
			break
		}
		switch step[0] {
		case "line":
			f.clock.Advance(20 * time.Second)
		case "hangup":
			f.clock.Advance(time.Minute)
		}
		var err error
		if out, err = f.as(ts, append([]string{a.Login}, step...)); err != nil {
			return out, err
		}
	}
	return out, nil
}

// settles waits until the exchange's refusal has come back: it comes beside the act, as from a wire.
func (f *floor) settles(a who.Actor) error {
	sub := f.hub.Subscribe("agent:" + db.ID(a.ID).String())
	defer sub.Close()
	deadline := time.After(10 * time.Second)
	for {
		var there bool
		err := f.act(func(tx *db.Tx) (err error) {
			_, there, err = call.Live(tx, db.ID(a.ID))
			return err
		})
		if err != nil || !there {
			return err
		}
		select {
		case <-sub.C:
		case <-deadline:
			return fmt.Errorf("the exchange never said no")
		}
	}
}

// brings files a promise outward as done: as LOGIN brings [last] APP of REF [reference]
func (f *floor) brings(ts *testscript.TestScript, a who.Actor, rest []string) (string, error) {
	pick := first
	if rest[0] == "last" {
		pick, rest = last, rest[1:]
	}
	return f.onPromise(a, staff.ActKeepPromise, pick, rest, func(tx *db.Tx, id db.ID) error {
		_, err := outbox.MarkDone(tx, a, id, strings.Join(rest[3:], " "))
		return err
	})
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
