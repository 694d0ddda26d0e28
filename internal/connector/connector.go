// Package connector holds the outside systems a site speaks to, as one file names them: each with its client of egress, a cheap
// probe in the background, and the state it is in. What is said over a connector is for the rooms that know its language;
// a connector never replaces a native room and stores nothing.
package connector

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"sapa/internal/egress"
	"sapa/internal/fault"
)

// Config is one connector as the file names it.
type Config struct {
	ID          string
	Application string // of 5.1.1 to 5.1.13: its tile shows this connector's state
	Kind        string
	Settings    egress.Settings
	Probe       egress.Probe
	Every       time.Duration // between two probes
	SlowAfter   time.Duration // an answer that takes longer is slow
	CAFile      string
	Auth        auth
	Options     Options
	SNMP        SNMPConfig // of the kind SNMP
	line        int
}

// Options are what some kinds need to know beside the address.
type Options struct {
	Specification                    string        // tmf653: id of the test to run
	SSIDParameter, PasswordParameter string        // genieacs: where the gateways keep the Wi-Fi's name and passphrase; "": TR-098's first radio
	Fresh                            time.Duration // TM Forum kinds that are asked about customers: how long an answer is good
}

// kinds are the languages of outside systems, each with the answer its probe wants.
var kinds = map[string]string{
	"tmf629": jsonType, "tmf632": jsonType, "tmf638": jsonType, "tmf678": jsonType, "tmf676": jsonType, "tmf622": jsonType, "tmf646": jsonType,
	"tmf653": jsonType, "tmf621": jsonType, "genieacs": jsonType, "http-check": "", SNMP: "",
}

// SNMP is no HTTP and no single address: its room brings the probe.
const SNMP = "snmp"

const jsonType = "application/json"

// Defaults of a connector.
const (
	every     = 15 * time.Second
	slowAfter = 2 * time.Second
	fresh     = 15 * time.Minute
)

// State is how a connector stands, in the words of a tile.
type State string

const (
	Unasked State = "unasked" // the first probe is not back yet
	Ready   State = "ready"
	Slow    State = "slow"    // answers, but later than slow_after
	Down    State = "down"    // no answer, or it says that it has failed
	SignIn  State = "sign-in" // does not take our sign-in
	Wrong   State = "wrong"   // answers something else than it should
)

// Standing is a connector's state with what is known of it.
type Standing struct {
	ID, Application, Kind string
	State                 State
	Why                   egress.Kind   // what went wrong, if something did
	Latency               time.Duration // of the last answer
	Since                 time.Time     // in this state
	At                    time.Time     // of the last probe
	Breaker               string
	Behind, Out           int // of Found
}

// Found is what a probe came to.
type Found struct {
	egress.Exchange
	Behind int // how many devices stand behind the connector; 0 or 1: it is one system
	Out    int // how many of them are as the exchange says, when something is wrong
}

// Parts is what a set needs from the house.
type Parts struct {
	Clock  func() time.Time
	Ticker func(time.Duration) (<-chan time.Time, func())
	Tell   func() // a state has changed: open screens look again; may be nil
	// Probes are the probes of kinds that are not HTTP, or better ones of kinds that are; by kind.
	Probes map[string]func(ctx context.Context, c *Connector) Found
}

// Set is the connectors of a site. A nil set has none.
type Set struct {
	parts Parts
	all   []*Connector
}

// Connector is one outside system.
type Connector struct {
	Config
	client *egress.Client // nil: not HTTP
	stands atomic.Pointer[Standing]
	wake   chan struct{} // one place: who wants a probe before its time
}

// Open makes the connectors of a checked file.
func Open(configs []Config, p Parts) (*Set, error) {
	s := &Set{parts: p}
	for _, c := range configs {
		c.Settings.Clock = p.Clock
		one := &Connector{Config: c, wake: make(chan struct{}, 1)}
		if c.Kind != SNMP {
			client, err := egress.New(c.Settings)
			if err != nil {
				return nil, err
			}
			one.client = client
		} else if p.Probes[SNMP] == nil {
			return nil, fault.New(fault.Invalid, "connector.kind-later", "kind", c.Kind).At("kind", "")
		}
		one.stands.Store(&Standing{ID: c.ID, Application: c.Application, Kind: c.Kind, State: Unasked, Since: p.Clock(), Breaker: "closed"})
		s.all = append(s.all, one)
	}
	return s, nil
}

// Client speaks to the outside system; nil when it is not HTTP.
func (c *Connector) Client() *egress.Client { return c.client }

// Of gives the first connector of a kind; nil without one.
func (s *Set) Of(kind string) *Connector {
	if s == nil {
		return nil
	}
	for _, c := range s.all {
		if c.Kind == kind {
			return c
		}
	}
	return nil
}

// All gives the connectors in the order of the file.
func (s *Set) All() []*Connector {
	if s == nil {
		return nil
	}
	return s.all
}

// Standings says how every connector stands, in the order of the file, without waiting for any of them.
func (s *Set) Standings() []Standing {
	if s == nil {
		return nil
	}
	var all []Standing
	for _, c := range s.all {
		all = append(all, c.Standing())
	}
	return all
}

// Standing says how a connector stands: as its last probe found it, or down as soon as the breaker has opened for what agents asked.
func (c *Connector) Standing() Standing {
	s := *c.stands.Load()
	if c.client == nil {
		return s
	}
	last := c.client.Last()
	s.Breaker = last.Breaker
	if last.Breaker == "open" && s.State != Down {
		s.State, s.Why, s.Since = Down, last.Kind, last.At
	}
	return s
}

// Ask probes a connector once and keeps what it found.
func (s *Set) Ask(ctx context.Context, c *Connector) {
	var e Found
	if probe := s.parts.Probes[c.Kind]; probe != nil {
		e = probe(ctx, c)
	} else {
		e.Exchange = c.client.Ask(ctx, c.Probe)
	}
	if e.Kind == egress.GivenUp { // the house closes
		return
	}
	was := c.stands.Load()
	now := *was
	now.At, now.Latency, now.Why, now.State = e.At, e.Took, e.Kind, c.judge(e.Exchange)
	now.Behind, now.Out = e.Behind, e.Out
	if e.Kind == egress.Resting { // not asked: what is known stays
		now.Latency, now.Why, now.State = was.Latency, was.Why, Down
		if now.Why == "" && c.client != nil {
			now.Why = c.client.Last().Kind
		}
	}
	if now.State != was.State {
		now.Since = e.At
	}
	c.stands.Store(&now)
	if (now.State != was.State || now.Why != was.Why || now.Out != was.Out) && s.parts.Tell != nil {
		s.parts.Tell()
	}
}

func (c *Connector) judge(e egress.Exchange) State {
	switch e.Kind {
	case "":
		if e.Took > c.SlowAfter {
			return Slow
		}
		return Ready
	case egress.SignIn:
		return SignIn
	case egress.Nonsense, egress.Redirected, egress.TooLarge, egress.NoTrust, egress.Forbidden:
		return Wrong
	}
	return Down
}

// restful is how long a connector is left alone after it was asked, whoever wants it asked again.
const restful = 5 * time.Second

// Wake has every connector asked at once that was not asked just now. It waits for none of them.
func (s *Set) Wake() {
	for _, c := range s.All() {
		select {
		case c.wake <- struct{}{}:
		default: // somebody has wished for it already
		}
	}
}

// Run probes every connector now and then until the context ends, each by itself: one that hangs holds up no other.
func (s *Set) Run(ctx context.Context) {
	if s == nil {
		return
	}
	var all sync.WaitGroup
	for _, c := range s.all {
		all.Go(func() {
			tick, stop := s.parts.Ticker(c.Every)
			defer stop()
			for ctx.Err() == nil {
				asked := s.parts.Clock()
				s.Ask(ctx, c)
				s.rest(ctx, c, tick, asked)
			}
			if c.client != nil {
				c.client.Close()
			}
		})
	}
	all.Wait()
}

// rest waits until a connector is to be asked again.
func (s *Set) rest(ctx context.Context, c *Connector, tick <-chan time.Time, asked time.Time) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick:
			return
		case <-c.wake:
			if s.parts.Clock().Sub(asked) >= restful {
				return
			}
		}
	}
}
