// Package snmp measures lines at the OLT itself, as a line.Source: it finds the ONT that carries the service number and reads
// its optical power and state (SOP 5.2.10.j), and it hears now and then whether the OLTs answer. It sets nothing, keeps no
// measurement, dials only what its allow-list names, and believes no row that does not name the number it asked for.
package snmp

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gosnmp/gosnmp"

	"sapa/internal/egress"
	"sapa/internal/line"
)

// Config is the OLTs of a site.
type Config struct {
	OLTs   map[string]OLT   // by the name that lines carry: GPON03-D5-SMP-2
	Models map[string]Model // by the name that OLTs carry
}

// OLT is one OLT: where it answers and what it wants to hear. With a User it is SNMPv3, authenticated and encrypted; else v2c.
type OLT struct {
	Address   string // host:port
	Model     string
	Community egress.Secret
	User      string
	Auth      egress.Secret // SHA-256
	Privacy   egress.Secret // AES-128
}

// Model is where a make of OLT keeps what it knows of its ONTs: columns of one table, all with the same index.
type Model struct {
	Key    string           // the column that names the subscriber; the service number stands in it
	Rx     string           // what the ONT receives
	Tx     string           // what it sends; "": not known
	OltRx  string           // what the OLT receives of it
	State  string           // what it says of itself
	Scale  float64          // dBm for one step; 0 means 0.01
	Offset float64          // dBm at zero
	Dark   []int64          // values that mean: no light
	States map[int64]string // 1: online, 2: LOS
}

// Way is how the OLTs are reached. A zero time or number takes its default.
type Way struct {
	Allow    []egress.Target // what may be dialled; nothing else is
	Answer   time.Duration   // how long one question may go unanswered before it is asked once more
	Whole    time.Duration   // longest for one measurement, and for one round of hearing
	Failures uint32          // so many in a row without a word, and an OLT is not asked for a while
	Open     time.Duration   // how long that is
}

// answerTime is how long one question may go unanswered before it is asked once more.
const answerTime = 1500 * time.Millisecond

// Source asks OLTs.
type Source struct {
	Config
	way   Way
	known map[string]*olt
	heard hearing
}

// olt is what is known of one OLT: its breaker, and where its ONTs stand.
type olt struct {
	*egress.Guard
	*register
}

// New makes a source over a site's OLTs; what is wrong with the configuration is said at once.
func New(c Config, w Way) (*Source, error) {
	if w.Answer <= 0 {
		w.Answer = answerTime
	}
	if w.Whole <= 0 {
		w.Whole = egress.WholeTime
	}
	s := &Source{Config: c, way: w, known: map[string]*olt{}, heard: hearing{found: map[string]finding{}}}
	for name, o := range c.OLTs {
		if _, _, err := target(o.Address); err != nil {
			return nil, fmt.Errorf("olt %s: address: %w", name, err)
		}
		m, there := c.Models[o.Model]
		switch {
		case !there:
			return nil, fmt.Errorf("olt %s: no model %q", name, o.Model)
		case m.Key == "" || m.Rx == "":
			return nil, fmt.Errorf("model %s: key and rx are needed", o.Model)
		case o.User == "" && o.Community == "":
			return nil, fmt.Errorf("olt %s: a community or a user is needed", name)
		case o.User != "" && (len(o.Auth) < 8 || len(o.Privacy) < 8):
			return nil, fmt.Errorf("olt %s: auth and privacy have at least 8 characters", name)
		}
		if _, err := s.dialer().Control(o.Address); err != nil {
			return nil, fmt.Errorf("olt %s: its address is not allowed: %w", name, err)
		}
		s.known[name] = &olt{egress.NewGuard(w.Failures, w.Open), newRegister()}
	}
	return s, nil
}

func (s *Source) dialer() egress.Dialer { return egress.Dialer{Allow: s.way.Allow} }

func target(address string) (host string, port uint16, err error) {
	host, digits, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, err
	}
	n, err := strconv.ParseUint(digits, 10, 16)
	return host, uint16(n), err
}

// Measure reads the ONT of a line. What the OLT says of nobody, of two, or of another ONT is a reading with a message and
// without a power: it failed, and the reason is kept. An error means that nothing was heard; line.ErrElsewhere, that no OLT of
// this name is known here.
func (s *Source) Measure(ctx context.Context, l line.Line) (r line.Reading, err error) {
	if _, there := s.OLTs[l.OLT]; !there {
		return line.Reading{}, fmt.Errorf("olt %q: %w", l.OLT, line.ErrElsewhere)
	}
	ctx, cancel := context.WithTimeout(ctx, s.way.Whole)
	defer cancel()
	err = s.ask(ctx, l.OLT, func(g *gosnmp.GoSNMP) (err error) {
		r, err = s.find(ctx, g, l)
		return err
	})
	return r, err
}

// ask opens a session with one OLT and runs a question in it, unless that OLT rests. What goes wrong is of a kind of egress.
func (s *Source) ask(ctx context.Context, name string, question func(g *gosnmp.GoSNMP) error) error {
	var failed error
	heard := false
	err := s.known[name].Do(func() error {
		var g *gosnmp.GoSNMP
		if g, failed = s.connect(ctx, s.OLTs[name]); failed == nil {
			g.OnRecv = func(*gosnmp.GoSNMP) { heard = true }
			conn := g.Conn
			stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // what is being waited for ends with the asker
			failed = question(g)
			stop()
			_ = g.Close() // UDP: nothing is lost
		}
		if failed != nil {
			failed = explain(ctx, failed, heard)
		}
		if heard {
			return nil // it is there, whatever it says: no reason to leave it alone
		}
		return failed
	})
	if failed == nil {
		failed = err // it rests
	}
	if failed != nil {
		return fmt.Errorf("olt %s: %w", name, failed)
	}
	return nil
}

// explain gives an error of asking its kind; heard tells that something came back.
func explain(ctx context.Context, err error, heard bool) error {
	kind := egress.KindOf(err)
	for _, one := range []error{gosnmp.ErrUnknownUsername, gosnmp.ErrWrongDigest, gosnmp.ErrDecryption, gosnmp.ErrUnknownSecurityLevel, gosnmp.ErrUnknownSecurityModels, gosnmp.ErrNotInTimeWindow} {
		if errors.Is(err, one) {
			return egress.Failed(egress.SignIn, err)
		}
	}
	switch {
	case strings.Contains(err.Error(), "not authentic"): // gosnmp has no name for it: the answer was not signed with our password
		kind = egress.SignIn
	case kind == egress.Forbidden || kind == egress.Nonsense || kind == egress.Unknown || kind == egress.Late:
	case errors.Is(ctx.Err(), context.Canceled):
		kind = egress.GivenUp
	case ctx.Err() != nil || errors.Is(err, gosnmp.ErrMaxRetriesExceeded):
		kind = egress.Late
	case errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.EHOSTUNREACH) || errors.Is(err, syscall.ENETUNREACH):
		kind = egress.Unreached
	case heard: // and it is no answer that can be read
		kind = egress.Nonsense
	}
	return egress.Failed(kind, err)
}

func (s *Source) find(ctx context.Context, g *gosnmp.GoSNMP, l line.Line) (line.Reading, error) {
	m, found := s.Models[s.OLTs[l.OLT].Model], s.known[l.OLT].register
	for try := range 2 {
		index, seen := found.index(l.ServiceNo)
		if !seen || try == 1 {
			if err := found.walk(ctx, g, m.Key); err != nil {
				return line.Reading{}, err
			}
			if index, seen = found.index(l.ServiceNo); !seen {
				return line.Reading{Identifier: l.OLT, Message: "no ONT carries this number"}, nil
			}
		}
		if index == "" {
			return line.Reading{Identifier: l.OLT, Message: "two ONTs carry this number"}, nil
		}
		r, own, err := m.read(g, index, l.ServiceNo)
		if err != nil {
			return line.Reading{}, err
		}
		if own {
			r.Identifier = l.OLT + " " + index
			return r, nil
		}
	}
	return line.Reading{Identifier: l.OLT, Message: "the OLT answers for another ONT"}, nil
}

func (s *Source) connect(ctx context.Context, o OLT) (*gosnmp.GoSNMP, error) {
	host, port, err := target(o.Address)
	if err != nil {
		return nil, err
	}
	control, err := s.dialer().Control(o.Address)
	if err != nil {
		return nil, err
	}
	g := &gosnmp.GoSNMP{Context: ctx, Target: host, Port: port, Version: gosnmp.Version2c, Community: string(o.Community), Timeout: s.way.Answer, Retries: 1,
		MaxOids: gosnmp.MaxOids, Control: control}
	if o.User != "" {
		g.Version, g.SecurityModel, g.MsgFlags, g.Community = gosnmp.Version3, gosnmp.UserSecurityModel, gosnmp.AuthPriv, ""
		g.SecurityParameters = &gosnmp.UsmSecurityParameters{UserName: o.User, AuthenticationProtocol: gosnmp.SHA256, AuthenticationPassphrase: string(o.Auth),
			PrivacyProtocol: gosnmp.AES, PrivacyPassphrase: string(o.Privacy)}
	}
	return g, g.Connect()
}

// read asks for one row with its name in the same packet, and tells whether the row is that number's own.
func (m Model) read(g *gosnmp.GoSNMP, index, no string) (r line.Reading, own bool, err error) {
	var asked []string
	for _, column := range []string{m.Key, m.Rx, m.Tx, m.OltRx, m.State} {
		if column != "" {
			asked = append(asked, dotted(column)+"."+index)
		}
	}
	got, err := g.Get(asked)
	if err != nil {
		return r, false, fmt.Errorf("read ONT: %w", err)
	}
	if got.Error != gosnmp.NoError {
		return r, false, fmt.Errorf("read ONT: %s", got.Error)
	}
	values := map[string]gosnmp.SnmpPDU{}
	for _, v := range got.Variables {
		values[dotted(v.Name)] = v
	}
	at := func(column string) (gosnmp.SnmpPDU, bool) {
		v, there := values[dotted(column)+"."+index]
		there = there && column != "" && v.Type != gosnmp.NoSuchInstance && v.Type != gosnmp.NoSuchObject && v.Type != gosnmp.Null && v.Type != gosnmp.EndOfMibView
		return v, there
	}
	if name, there := at(m.Key); there {
		for _, n := range numbers(name) {
			own = own || n == no
		}
	}
	if !own {
		return r, false, nil
	}
	for column, to := range map[string]**float64{m.Rx: &r.OnuRxPwr, m.Tx: &r.OnuTxPwr, m.OltRx: &r.OltRxPwr} {
		if v, there := at(column); there {
			*to = m.power(v)
		}
	}
	if v, there := at(m.State); there {
		r.OperStatus = m.state(v)
	}
	return r, true, nil
}

// power is a value in dBm; nil when there is no light. What is no number is NaN, which a measurement records as doubt.
func (m Model) power(v gosnmp.SnmpPDU) *float64 {
	var dbm float64
	switch v.Type {
	case gosnmp.Integer, gosnmp.Gauge32, gosnmp.Counter32, gosnmp.Counter64, gosnmp.Uinteger32:
		n := gosnmp.ToBigInt(v.Value).Int64()
		for _, dark := range m.Dark {
			if n == dark {
				return nil
			}
		}
		scale := m.Scale
		if scale == 0 {
			scale = 0.01
		}
		dbm = math.Round((float64(n)*scale+m.Offset)*1000) / 1000
	case gosnmp.OctetString: // some makes spell it: -21.35
		text, _ := v.Value.([]byte)
		n, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(string(text)), "dBm")), 64)
		if err != nil {
			n = math.NaN()
		}
		dbm = n
	default:
		dbm = math.NaN()
	}
	return &dbm
}

func (m Model) state(v gosnmp.SnmpPDU) string {
	if text, ok := v.Value.([]byte); ok {
		return string(text)
	}
	switch v.Type {
	case gosnmp.Integer, gosnmp.Gauge32, gosnmp.Uinteger32:
		n := gosnmp.ToBigInt(v.Value).Int64()
		if name := m.States[n]; name != "" {
			return name
		}
		return strconv.FormatInt(n, 10)
	}
	return ""
}

// dotted is an OID without the dot before it.
func dotted(oid string) string { return strings.TrimPrefix(oid, ".") }
