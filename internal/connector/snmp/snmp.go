// Package snmp measures lines at the OLT itself, as a line.Source: it finds the ONT that carries the service number and reads
// its optical power and state (SOP 5.2.10.j). It sets nothing, keeps no measurement, and believes no row that does not name
// the number it asked for.
package snmp

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode"

	"github.com/gosnmp/gosnmp"

	"sapa/internal/line"
)

// Secret is a community or a password: it prints as nothing that anybody could use.
type Secret string

func (Secret) String() string   { return "•••" }
func (Secret) GoString() string { return "•••" }

// Config is the OLTs of a site, as its file says it.
type Config struct {
	OLTs   map[string]OLT   `yaml:"olts"`   // by the name that lines carry: GPON03-D5-SMP-2
	Models map[string]Model `yaml:"models"` // by the name that OLTs carry
}

// OLT is one OLT: where it answers and what it wants to hear. With a User it is SNMPv3, authenticated and encrypted; else v2c.
type OLT struct {
	Address   string `yaml:"address"` // host:port
	Model     string `yaml:"model"`
	Community Secret `yaml:"community"`
	User      string `yaml:"user"`
	Auth      Secret `yaml:"auth"`    // SHA-256
	Privacy   Secret `yaml:"privacy"` // AES-128
}

// Model is where a make of OLT keeps what it knows of its ONTs: columns of one table, all with the same index.
type Model struct {
	Key    string           `yaml:"key"`    // the column that names the subscriber; the service number stands in it
	Rx     string           `yaml:"rx"`     // what the ONT receives
	Tx     string           `yaml:"tx"`     // what it sends; "": not known
	OltRx  string           `yaml:"olt_rx"` // what the OLT receives of it
	State  string           `yaml:"state"`
	Scale  float64          `yaml:"scale"`  // dBm for one step; 0 means 0.01
	Offset float64          `yaml:"offset"` // dBm at zero
	Dark   []int64          `yaml:"dark"`   // values that mean: no light
	States map[int64]string `yaml:"states"` // 1: online, 2: LOS
}

// Most rows that an OLT may list: more is no ONT table.
const mostRows = 20_000

// step is how long one question may go unanswered before it is asked once more.
const step = 1500 * time.Millisecond

// Source asks OLTs.
type Source struct {
	Config
	// Control sees every address as it is dialled and may refuse it; nil: all are fine.
	Control func(network, address string, c syscall.RawConn) error

	known sync.Map // OLT name -> *register
}

// register is where the ONTs of one OLT stand, by service number; what it says is checked at every use.
type register struct {
	walking chan struct{} // one walk at a time
	sync.Mutex
	rows map[string]string // service number -> index; "": two rows have it
}

// New makes a source over a site's OLTs; what is wrong with the configuration is said at once.
func New(c Config) (*Source, error) {
	for name, o := range c.OLTs {
		if _, _, err := net.SplitHostPort(o.Address); err != nil {
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
	}
	return &Source{Config: c}, nil
}

// Measure reads the ONT of a line. What the OLT says of nobody, of two, or of another ONT is a reading with a message and
// without a power: it failed, and the reason is kept. An error means that nothing was heard.
func (s *Source) Measure(ctx context.Context, l line.Line) (line.Reading, error) {
	olt, there := s.OLTs[l.OLT]
	if !there {
		return line.Reading{Message: "OLT " + l.OLT + " is not configured"}, nil
	}
	g, err := s.connect(ctx, olt)
	if err != nil {
		return line.Reading{}, fmt.Errorf("olt %s: %w", l.OLT, err)
	}
	conn := g.Conn
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // what is being waited for ends with the asker
	defer func() {
		stop()
		_ = g.Close()
	}()
	m, found := s.Models[olt.Model], s.register(l.OLT)
	for try := range 2 {
		index, seen := found.index(l.ServiceNo)
		if !seen || try == 1 {
			if err := found.walk(ctx, g, m.Key); err != nil {
				return line.Reading{}, fmt.Errorf("olt %s: %w", l.OLT, err)
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
			return line.Reading{}, fmt.Errorf("olt %s: %w", l.OLT, err)
		}
		if own {
			r.Identifier = l.OLT + " " + index
			return r, nil
		}
	}
	return line.Reading{Identifier: l.OLT, Message: "the OLT answers for another ONT"}, nil
}

func (s *Source) register(olt string) *register {
	r, _ := s.known.LoadOrStore(olt, &register{walking: make(chan struct{}, 1), rows: map[string]string{}})
	return r.(*register)
}

func (s *Source) connect(ctx context.Context, o OLT) (*gosnmp.GoSNMP, error) {
	host, port, err := net.SplitHostPort(o.Address)
	if err != nil {
		return nil, err
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, err
	}
	g := &gosnmp.GoSNMP{Context: ctx, Target: host, Port: uint16(n), Version: gosnmp.Version2c, Community: string(o.Community), Timeout: step, Retries: 1,
		MaxOids: gosnmp.MaxOids, MaxRepetitions: 25, Control: s.Control}
	if o.User != "" {
		g.Version, g.SecurityModel, g.MsgFlags, g.Community = gosnmp.Version3, gosnmp.UserSecurityModel, gosnmp.AuthPriv, ""
		g.SecurityParameters = &gosnmp.UsmSecurityParameters{UserName: o.User, AuthenticationProtocol: gosnmp.SHA256, AuthenticationPassphrase: string(o.Auth),
			PrivacyProtocol: gosnmp.AES, PrivacyPassphrase: string(o.Privacy)}
	}
	return g, g.Connect()
}

// index gives the row of a number, if one is known.
func (r *register) index(no string) (string, bool) {
	r.Lock()
	defer r.Unlock()
	i, seen := r.rows[no]
	return i, seen
}

// walk reads which ONT carries which number. A walk that is cut short keeps what it has seen, so that the next measurement
// of those lines needs none.
func (r *register) walk(ctx context.Context, g *gosnmp.GoSNMP, column string) error {
	select {
	case r.walking <- struct{}{}:
		defer func() { <-r.walking }()
	case <-ctx.Done():
		return ctx.Err()
	}
	rows, n := map[string]string{}, 0
	err := g.BulkWalk(column, func(v gosnmp.SnmpPDU) error {
		if n++; n > mostRows {
			return errors.New("more rows than an ONT table has")
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		index, under := strings.CutPrefix(dotted(v.Name), dotted(column)+".")
		if !under {
			return fmt.Errorf("asked for %s, got %s", column, v.Name)
		}
		for _, no := range numbers(v) {
			if was, twice := rows[no]; twice && was != index {
				index = ""
			}
			rows[no] = index
		}
		return nil
	})
	r.Lock()
	defer r.Unlock()
	if err == nil {
		r.rows = rows
		return nil
	}
	for no, index := range rows {
		r.rows[no] = index
	}
	return fmt.Errorf("list ONTs: %w", err)
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

// numbers are what may be service numbers in the name of an ONT: FTTH_152999000001_RUMAH has one.
func numbers(v gosnmp.SnmpPDU) (all []string) {
	text, ok := v.Value.([]byte)
	if !ok || len(text) > 255 {
		return nil
	}
	for _, n := range strings.FieldsFunc(string(text), func(c rune) bool { return !unicode.IsDigit(c) }) {
		if len(n) >= 9 && len(n) <= 14 {
			all = append(all, n)
		}
	}
	return all
}

// dotted is an OID without the dot before it.
func dotted(oid string) string { return strings.TrimPrefix(oid, ".") }
