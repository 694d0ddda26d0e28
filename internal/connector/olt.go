package connector

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"sapa/internal/egress"
	"sapa/internal/line"
)

// SNMPConfig is what an SNMP connector stands for: OLTs by the name that lines carry, and makes of them by the name that OLTs carry.
type SNMPConfig struct {
	OLTs   map[string]OLT
	Models map[string]OLTModel
}

// OLT is one OLT with its sign-in: a community (SNMPv2c), or a user with two passwords (SNMPv3, authenticated and encrypted).
type OLT struct {
	Address, Model           string
	User                     string
	Community, Auth, Privacy egress.Secret
	line                     int
}

// OLTModel is where a make of OLT keeps what it knows of its ONTs: object identifiers of columns, and what their values mean.
type OLTModel struct {
	Key, Rx, Tx, OltRx, State string
	Scale, Offset             float64 // dBm for one step, 0: 0.01; dBm at zero
	Dark                      []int64 // values that mean: no light
	States                    map[int64]string
}

const (
	oltsMax   = 1000
	secretMin = 8 // characters of a password of SNMPv3 (RFC 3414)
)

var oid = regexp.MustCompile(`^\.?[012](\.(0|[1-9][0-9]{0,9})){2,40}$`)

// login is a sign-in as the file names it.
type login struct {
	user  string
	names map[string]*string // of files and variables, by key
	given bool
}

// keys adds the keys of a sign-in to others.
func (l *login) keys(r *reader, others map[string]func(*yaml.Node)) map[string]func(*yaml.Node) {
	l.names = map[string]*string{}
	read := func(to *string) func(*yaml.Node) {
		return func(n *yaml.Node) { l.given = true; r.Str(to)(n) }
	}
	all := map[string]func(*yaml.Node){"user": read(&l.user)}
	for _, secret := range []string{"community", "auth", "privacy"} {
		for _, from := range []string{"_file", "_env"} {
			l.names[secret+from] = new(string)
			all[secret+from] = read(l.names[secret+from])
		}
	}
	maps.Copy(all, others)
	return all
}

// read brings the secrets into an OLT, and says what does not belong together.
func (l *login) read(r *reader, line int, o *OLT) {
	secret := func(name string) egress.Secret { return r.secret(line, *l.names[name+"_file"], *l.names[name+"_env"]) }
	before := len(r.mistakes)
	o.User, o.Community, o.Auth, o.Privacy = l.user, secret("community"), secret("auth"), secret("privacy")
	switch {
	case before != len(r.mistakes):
	case o.User == "" && (o.Community == "" || o.Auth != "" || o.Privacy != ""), o.User != "" && (o.Community != "" || o.Auth == "" || o.Privacy == ""):
		r.wrong(line, "connector.file.olt-sign-in")
	case o.User != "" && (len(o.Auth) < secretMin || len(o.Privacy) < secretMin):
		r.wrong(line, "connector.file.olt-short", "min", secretMin)
	}
}

// snmp reads the devices of an SNMP connector. auth is for those that name no sign-in of their own.
func (r *reader) snmp(n *yaml.Node) SNMPConfig {
	c := SNMPConfig{OLTs: map[string]OLT{}, Models: map[string]OLTModel{}}
	var usual login
	var shared OLT
	var devices []func()
	before := len(r.mistakes)
	signIn := usual.keys(r, nil)
	r.Keys(n, map[string]func(*yaml.Node){
		"auth": func(n *yaml.Node) {
			if r.Keys(n, signIn); before == len(r.mistakes) {
				usual.given = true
				usual.read(r, n.Line, &shared)
			}
		},
		"models": r.named(func(name, n *yaml.Node) { c.Models[name.Value] = r.model(n) }),
		"olts": r.named(func(name, n *yaml.Node) {
			devices = append(devices, func() { // when auth and models are known, wherever they stand
				o := r.olt(name, n, usual.given)
				if o.User == "" && o.Community == "" {
					o.User, o.Community, o.Auth, o.Privacy = shared.User, shared.Community, shared.Auth, shared.Privacy
				}
				if _, known := c.Models[o.Model]; !known && o.Model != "" {
					r.wrong(o.line, "connector.file.olt-model", "model", o.Model, "known", strings.Join(slices.Sorted(maps.Keys(c.Models)), ", "))
				}
				c.OLTs[name.Value] = o
			})
		}),
	})
	switch {
	case len(devices) == 0 && before == len(r.mistakes):
		r.wrong(n.Line, "connector.file.missing", "key", "snmp.olts")
	case len(devices) > oltsMax:
		r.wrong(n.Line, "connector.file.olt-many", "max", oltsMax)
		return c
	}
	for _, read := range devices {
		read()
	}
	return c
}

// olt reads one device; shared tells that one without a sign-in has that of auth.
func (r *reader) olt(name, n *yaml.Node, shared bool) OLT {
	o := OLT{line: name.Line}
	var own login
	before := len(r.mistakes)
	r.Keys(n, own.keys(r, map[string]func(*yaml.Node){"address": r.Str(&o.Address), "model": r.Str(&o.Model)}))
	for _, must := range [][2]string{{"address", o.Address}, {"model", o.Model}} {
		if must[1] == "" && before == len(r.mistakes) {
			r.wrong(name.Line, "connector.file.missing", "key", must[0])
		}
	}
	if !line.IsOLT(name.Value) {
		r.wrong(name.Line, "connector.file.olt-name", "name", name.Value)
	}
	if before == len(r.mistakes) && (own.given || !shared) {
		own.read(r, name.Line, &o)
	}
	return o
}

func (r *reader) model(n *yaml.Node) OLTModel {
	m := OLTModel{States: map[int64]string{}}
	before := len(r.mistakes)
	r.Keys(n, map[string]func(*yaml.Node){
		"key": r.oid(&m.Key), "rx": r.oid(&m.Rx), "tx": r.oid(&m.Tx), "olt_rx": r.oid(&m.OltRx), "state": r.oid(&m.State),
		"scale": r.decimal(&m.Scale), "offset": r.decimal(&m.Offset),
		"dark": r.Each(func(n *yaml.Node) {
			if v, ok := r.whole(n); ok {
				m.Dark = append(m.Dark, v)
			}
		}),
		"states": r.named(func(name, n *yaml.Node) {
			var text string
			v, err := strconv.ParseInt(name.Value, 10, 64)
			if r.Str(&text)(n); err != nil {
				r.wrong(n.Line, "connector.file.kind", "what", "1: online")
			}
			m.States[v] = text
		}),
	})
	for _, must := range [][2]string{{"key", m.Key}, {"rx", m.Rx}} {
		if must[1] == "" && before == len(r.mistakes) {
			r.wrong(n.Line, "connector.file.missing", "key", must[0])
		}
	}
	return m
}

// reached says which OLTs may not be dialled: each address is looked at here, and once more when it is dialled.
func (r *reader) reached(c *Config) {
	d := egress.Dialer{Allow: c.Settings.Allow}
	for _, name := range slices.SortedFunc(maps.Keys(c.SNMP.OLTs), func(a, b string) int { return cmp.Compare(c.SNMP.OLTs[a].line, c.SNMP.OLTs[b].line) }) {
		o := c.SNMP.OLTs[name]
		if o.Address == "" {
			continue // that has been said
		}
		if at, err := egress.ParseTarget(o.Address); err != nil || at.Net.IsValid() {
			r.wrong(o.line, "connector.file.olt-address", "address", o.Address)
		} else if _, err := d.Control(o.Address); err != nil {
			r.wrong(o.line, "egress.not-allowed", "target", o.Address)
		}
	}
}

// named reads a mapping of names that the site chooses.
func (r *reader) named(read func(name, n *yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.MappingNode {
			r.wrong(n.Line, "connector.file.kind", "what", "key: value")
			return
		}
		for i := 0; i < len(n.Content); i += 2 {
			read(n.Content[i], n.Content[i+1])
		}
	}
}

func (r *reader) oid(to *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if r.Str(to)(n); *to != "" && !oid.MatchString(*to) {
			r.wrong(n.Line, "connector.file.kind", "what", "1.3.6.1.4.1...")
		}
	}
}

func (r *reader) decimal(to *float64) func(*yaml.Node) {
	return func(n *yaml.Node) {
		v, err := strconv.ParseFloat(n.Value, 64)
		if n.Kind != yaml.ScalarNode || err != nil || !(-1000 <= v && v <= 1000) {
			r.wrong(n.Line, "connector.file.kind", "what", "-1000 - 1000")
			return
		}
		*to = v
	}
}

func (r *reader) whole(n *yaml.Node) (int64, bool) {
	v, err := strconv.ParseInt(n.Value, 10, 64)
	if n.Kind != yaml.ScalarNode || err != nil {
		r.wrong(n.Line, "connector.file.kind", "what", "65535")
		return 0, false
	}
	return v, true
}
