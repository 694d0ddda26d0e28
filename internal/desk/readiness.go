package desk

import (
	"context"
	"sync/atomic"
	"time"

	"sapa/internal/call"
	"sapa/internal/campaign"
	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/device"
	"sapa/internal/form"
	"sapa/internal/knowledge"
	"sapa/internal/line"
	"sapa/internal/outbox"
	"sapa/internal/procedure"
	"sapa/internal/registration"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// States of an application (SOP 5.1). A connected one is as its source is; a native one as its room is.
const (
	Ready    = "ready"
	Slow     = "slow"      // answers, later than it should
	Unasked  = "unasked"   // the first check is not back yet
	SignIn   = "sign-in"   // its source does not take our sign-in
	Wrong    = "wrong"     // its source answers something else than it should
	Down     = "down"      // does not answer, or cannot write
	ByHand   = "by-hand"   // a person does it
	NotBuilt = "not-built" // its room is not there
)

// worse orders the states that can meet in one application: the worst is shown.
var worse = map[string]int{Ready: 0, Slow: 1, Unasked: 2, SignIn: 3, Wrong: 4, Down: 5}

// Application is one of 5.1.1-5.1.13 or an additional one, with its real state (SOP 5.1).
type Application struct {
	procedure.Application
	State     string
	Latency   time.Duration
	Since     time.Time // in this state; zero: not known
	Why       string    // what is wrong with its source: egress.kind.<why>; empty: nothing, or it has none
	Connected bool      // it stands outside, and sapa speaks to it
	Behind    int       // how many devices stand behind its source; 0 or 1: it is one system
	Out       int       // how many of them are as State says, when something is wrong
	Required  bool      // one of the agent's campaigns of this shift cannot run without it
}

// Asked tells whether there is a latency to show.
func (a Application) Asked() bool {
	return a.State != NotBuilt && a.State != Unasked && a.State != ByHand
}

// Amiss tells whether something is wrong with it now; what is not built or done by hand is as it should be.
func (a Application) Amiss() bool { return worse[a.State] > 0 && a.State != Unasked }

// Source is how the outside system of an application stands. The room of connectors says it.
type Source struct {
	Name, Application string
	State, Why        string
	Latency           time.Duration
	Since             time.Time
	Behind, Out       int // of Application
}

// AskAgain has the outside systems asked at once how they stand, each not more often than its room lets it; it waits for none of
// them, and open screens hear what has changed. The house's own rooms are asked every few seconds anyway.
func (s *Seat) AskAgain(a who.Actor) error {
	if err := staff.May(a, staff.ActReadiness); err != nil {
		return err
	}
	if s.Wake != nil {
		s.Wake()
	}
	return nil
}

// rooms are the rooms that stand, by application, each with a question that shows that it can read and write. A room that
// comes adds its line; two applications of one room share its answer.
var rooms = map[string]room{
	"i-siska":     {"customer", customer.Pulse},
	"e-payment":   {"customer", customer.Pulse},
	"starclick":   {"registration", registration.Pulse},
	"webcare":     {"customer", customer.Pulse},
	"my-indihome": {"customer", customer.Pulse},
	"ibooster":    {"line", line.Pulse},
	"minitools":   {"line", line.Pulse},
	"acs":         {"device", device.Pulse},
	"callback":    {"ticket", ticket.Pulse},
	"my-cx":       {"trouble", trouble.Pulse},
	"my-kiss":     {"knowledge", knowledge.Pulse},
	"nossa":       {"trouble", trouble.Pulse},
	"sephia":      {"ticket", ticket.Pulse},
	"telephony":   {"call", call.Pulse},
	"email":       {"outbox", outbox.Pulse},
	"ideas":       {"form", form.Pulse},
	"forms":       {"form", form.Pulse},
}

type room struct {
	name  string
	pulse func(tx *db.Tx) error
}

// How often the rooms are asked, how long one may take, when it counts as slow, and when an answer is too old to be believed.
const (
	BeatEvery = 5 * time.Second
	beatFor   = time.Second
	beatSlow  = 500 * time.Millisecond
	beatOld   = 4 * BeatEvery
)

// beat is how the rooms stood when they were asked last.
type beat struct {
	at    time.Time
	rooms map[string]standing
}

type standing struct {
	state string
	took  time.Duration
	since time.Time
}

// heart is the last beat; the house has one, not each request.
type heart struct{ last atomic.Pointer[beat] }

// Beat asks every room once whether it can read and write, each in an act of its own: one that hangs or fails takes no other
// with it. The house's ticker calls it; nobody waits for it.
func (s *Seat) Beat(ctx context.Context) error {
	was, now := s.heart.last.Load(), &beat{rooms: map[string]standing{}}
	changed := was == nil
	for _, r := range rooms {
		if _, asked := now.rooms[r.name]; asked {
			continue
		}
		one := standing{state: Ready, since: s.Clock()}
		began := one.since
		err := s.pulse(ctx, r.pulse)
		if ctx.Err() != nil { // the house closes
			return ctx.Err()
		}
		one.took = s.Clock().Sub(began)
		switch {
		case err != nil:
			one.state = Down
		case one.took > beatSlow:
			one.state = Slow
		}
		if was != nil && was.rooms[r.name].state == one.state {
			one.since = was.rooms[r.name].since
		} else {
			changed = true
		}
		now.rooms[r.name] = one
	}
	now.at = s.Clock()
	s.heart.last.Store(now)
	if changed {
		s.TellReadiness()
	}
	return s.Store.Ready(ctx)
}

func (s *Seat) pulse(ctx context.Context, ask func(tx *db.Tx) error) error {
	ctx, stop := context.WithTimeout(ctx, beatFor)
	defer stop()
	return s.Store.Write(ctx, ask)
}

// TellReadiness tells open screens that an application stands otherwise than before.
func (s *Seat) TellReadiness() {
	if s.Hub != nil {
		s.Hub.Soon("board", "readiness")
	}
}

// Readiness says how every application stands, as it was found last: it asks nobody. Nothing pretends: a room that is not
// built says so, and what was asked too long ago is not believed.
func (s *Seat) Readiness(tx *db.Tx, a who.Actor) ([]Application, error) {
	if err := staff.May(a, staff.ActReadiness); err != nil {
		return nil, err
	}
	campaigns, err := s.CampaignsOf(tx, a)
	if err != nil {
		return nil, err
	}
	known, err := s.Campaigns.All(tx) // a mix may name campaigns that a new revision has no more
	if err != nil {
		return nil, err
	}
	all := s.standAll(known, campaigns)
	for i, app := range all {
		if app.ID == "email" && app.State == Ready {
			if all[i].State, err = s.post(tx); err != nil {
				return nil, err
			}
			all[i].Connected = s.Mail
		}
	}
	return all, nil
}

// standAll is how every application of the document stands, for somebody with these campaigns; it asks not even the store.
func (s *Seat) standAll(known, mine []campaign.Campaign) (all []Application) {
	sources := s.sources()
	for _, app := range known[0].Revision.Book.Document.Applications {
		one := s.stands(app)
		for _, c := range mine {
			for _, code := range app.RequiredFor {
				one.Required = one.Required || (c.Built && c.Code == code)
			}
		}
		for _, source := range sources[app.ID] {
			one = one.with(source)
		}
		all = append(all, one)
	}
	return all
}

// Amiss lists what these campaigns need and what is not ready: the desk says so calmly while work goes on. It costs nothing.
func (s *Seat) Amiss(known, mine []campaign.Campaign) (amiss []Application) {
	for _, one := range s.standAll(known, mine) {
		if one.Required && one.Amiss() {
			amiss = append(amiss, one)
		}
	}
	return amiss
}

func (s *Seat) sources() map[string][]Source {
	by := map[string][]Source{}
	if s.Outside != nil {
		for _, source := range s.Outside() {
			by[source.Application] = append(by[source.Application], source)
		}
	}
	return by
}

// stands is an application as its room stands.
func (s *Seat) stands(app procedure.Application) Application {
	one := Application{Application: app, State: NotBuilt}
	r, built := rooms[app.ID]
	if !built {
		return one
	}
	last := s.heart.last.Load()
	if last == nil {
		one.State = Unasked
		return one
	}
	found := last.rooms[r.name]
	one.State, one.Latency, one.Since = found.state, found.took, found.since
	if s.Clock().Sub(last.at) > beatOld { // whoever asks them hangs, and so does what they stand on
		one.State, one.Since = Down, last.at
	}
	return one
}

// with joins what a source says: the worst state is shown, of several latencies the longest.
func (a Application) with(source Source) Application {
	first := !a.Connected
	a.Connected = true
	switch {
	case a.State == NotBuilt || a.State == ByHand || worse[source.State] > worse[a.State]:
		a.State, a.Why, a.Latency, a.Since, a.Behind, a.Out = source.State, source.Why, source.Latency, source.Since, source.Behind, source.Out
	case first && source.State == a.State: // both well: the line outside is what people ask about
		a.Latency, a.Since, a.Behind = source.Latency, source.Since, source.Behind
	default:
		a.Latency = max(a.Latency, source.Latency)
	}
	return a
}

// post says how letters leave (SOP 5.8.6): without a mail server by hand; with one, down when it has not taken them again and again.
func (s *Seat) post(tx *db.Tx) (state string, err error) {
	if !s.Mail {
		return ByHand, nil
	}
	stuck, err := outbox.Stuck(tx, outbox.Mail)
	if err != nil || stuck {
		return Down, err
	}
	return Ready, nil
}
