package connector

import (
	"cmp"
	"crypto/x509"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"sapa/internal/egress"
	"sapa/internal/fault"
	"sapa/internal/yamltext"
)

const (
	textMax  = 256 << 10 // bytes
	nodesMax = 10_000
	setMax   = 64 // connectors
)

// World is what reading a file of connectors asks of the machine.
type World struct {
	File func(name string) ([]byte, error)
	Env  func(name string) (string, bool)
	// Applications are the ids of 5.1.1 to 5.1.13 of the document in force.
	Applications []string
}

// auth names where a sign-in is kept; the secrets themselves are never in the file.
type auth struct{ bearerFile, bearerEnv, user, passwordFile, passwordEnv string }

type reader struct {
	yamltext.Reader
	file     string
	world    World
	mistakes []error
}

func (r *reader) wrong(line int, key string, values ...any) {
	r.mistakes = append(r.mistakes, fault.New(fault.Invalid, key, append(values, "file", r.file, "line", line)...))
}

// Read reads a file of connectors: each mistake is a fault with file and line, all of them at once.
func Read(file string, text []byte, w World) ([]Config, error) {
	r := &reader{file: file, world: w}
	r.Reader.Wrong = func(n *yaml.Node, key string, values ...any) { r.wrong(n.Line, "connector.file."+key, values...) }
	n, mistakes := yamltext.Open(text, textMax, nodesMax)
	for _, m := range mistakes {
		r.wrong(m.Line, "connector.file."+m.Key, m.Name, m.Value)
	}
	var all []Config
	if n != nil {
		r.Keys(n, map[string]func(*yaml.Node){"connectors": r.Each(func(n *yaml.Node) { all = append(all, r.connector(n)) })})
	}
	if len(all) > setMax {
		r.wrong(1, "connector.file.many", "max", setMax)
	}
	ids := map[string]bool{}
	for _, c := range all {
		if c.ID != "" && ids[c.ID] {
			r.wrong(c.line, "connector.file.twice", "id", c.ID)
		}
		ids[c.ID] = true
	}
	return all, errors.Join(r.mistakes...)
}

// connector reads one; an SNMP one names many devices instead of one address, so it has keys of its own.
func (r *reader) connector(n *yaml.Node) Config {
	c := Config{line: n.Line, Every: every, SlowAfter: slowAfter, Probe: egress.Probe{Method: "GET", Path: "/"}, Options: Options{Fresh: fresh}}
	before, wants := len(r.mistakes), ""
	var failures int
	var unread bool // something of allow: who is not in it is not known
	s := &c.Settings
	keys := map[string]func(*yaml.Node){
		"id": r.word(&c.ID), "application": r.Str(&c.Application), "kind": r.Str(&c.Kind),
		"allow": r.Each(func(n *yaml.Node) {
			var text string
			if r.Str(&text)(n); text == "" {
				return
			}
			target, err := egress.ParseTarget(text)
			r.keep(n.Line, err)
			unread = unread || err != nil
			s.Allow = append(s.Allow, target)
		}),
		"breaker":    r.Group(map[string]func(*yaml.Node){"failures": r.num(&failures, 1000), "open": r.duration(&s.Open)}),
		"slow_after": r.duration(&c.SlowAfter),
	}
	probe, timeouts := map[string]func(*yaml.Node){"every": r.duration(&c.Every)}, map[string]func(*yaml.Node){"answer": r.duration(&s.Answer), "whole": r.duration(&s.Whole)}
	needed := []string{"id", "application", "kind"}
	snmp := value(n, "kind") == SNMP
	if snmp {
		keys["snmp"] = func(n *yaml.Node) { c.SNMP = r.snmp(n) }
		needed = append(needed, "snmp")
	} else {
		maps.Copy(keys, map[string]func(*yaml.Node){
			"base": r.Str(&s.Base), "ca_file": r.Str(&c.CAFile),
			"auth": r.Group(map[string]func(*yaml.Node){"bearer_file": r.Str(&c.Auth.bearerFile), "bearer_env": r.Str(&c.Auth.bearerEnv), "user": r.Str(&c.Auth.user),
				"password_file": r.Str(&c.Auth.passwordFile), "password_env": r.Str(&c.Auth.passwordEnv)}),
			"options": r.Group(map[string]func(*yaml.Node){"specification": r.Str(&c.Options.Specification), "ssid_parameter": r.Str(&c.Options.SSIDParameter),
				"password_parameter": r.Str(&c.Options.PasswordParameter), "fresh": r.duration(&c.Options.Fresh)}),
			"answer_max": func(n *yaml.Node) {
				var size int
				r.num(&size, 64<<20)(n)
				s.SizeMax = int64(size)
			},
		})
		maps.Copy(probe, map[string]func(*yaml.Node){"method": r.Str(&c.Probe.Method), "path": r.Str(&c.Probe.Path), "wants": r.Str(&wants)})
		maps.Copy(timeouts, map[string]func(*yaml.Node){"dial": r.duration(&s.Dial), "tls": r.duration(&s.TLS)})
		needed = append(needed, "base")
	}
	keys["probe"], keys["timeouts"] = r.Group(probe), r.Group(timeouts)
	r.Keys(n, keys)
	s.Failures = uint32(failures)
	if !unread {
		r.reached(&c)
	}
	for _, key := range needed {
		if value(n, key) == "" && before == len(r.mistakes) {
			r.wrong(n.Line, "connector.file.missing", "key", key)
		}
	}
	if before != len(r.mistakes) {
		return c
	}
	kind, known := kinds[c.Kind]
	switch {
	case !known:
		r.wrong(n.Line, "connector.file.kind-unknown", "kind", c.Kind, "known", strings.Join(slices.Sorted(maps.Keys(kinds)), ", "))
	case c.Probe.Method != "GET" && c.Probe.Method != "HEAD":
		r.wrong(n.Line, "connector.file.method")
	}
	if c.Kind == "tmf653" && c.Options.Specification == "" {
		r.wrong(n.Line, "connector.file.missing", "key", "options.specification")
	}
	c.Probe.Wants = cmp.Or(wants, kind)
	if !slices.Contains(r.world.Applications, c.Application) {
		r.wrong(n.Line, "connector.file.application", "application", c.Application, "known", strings.Join(r.world.Applications, ", "))
	}
	if c.SlowAfter >= cmp.Or(s.Whole, egress.WholeTime) {
		r.wrong(n.Line, "connector.file.slow")
	}
	if snmp {
		return c
	}
	r.secrets(&c)
	if before == len(r.mistakes) {
		s := c.Settings
		s.Clock = func() time.Time { return time.Time{} } // only to be looked at
		_, err := egress.New(s)
		r.keep(n.Line, err)
	}
	return c
}

// value is what stands at a key: its text, or its kind when it is more than a text; empty without one.
func value(n *yaml.Node, key string) string {
	if n.Kind != yaml.MappingNode {
		return ""
	}
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return cmp.Or(strings.TrimSpace(n.Content[i+1].Value), n.Content[i+1].Tag)
		}
	}
	return ""
}

// secrets brings in what the file only names.
func (r *reader) secrets(c *Config) {
	s := &c.Settings
	s.User = c.Auth.user
	s.Bearer = r.secret(c.line, c.Auth.bearerFile, c.Auth.bearerEnv)
	s.Password = r.secret(c.line, c.Auth.passwordFile, c.Auth.passwordEnv)
	if c.CAFile == "" {
		return
	}
	pem, err := r.world.File(c.CAFile)
	if s.Roots = x509.NewCertPool(); err != nil || !s.Roots.AppendCertsFromPEM(pem) {
		r.wrong(c.line, "connector.file.ca", "name", c.CAFile)
	}
}

func (r *reader) secret(line int, file, env string) egress.Secret {
	text := ""
	switch {
	case file != "" && env != "":
		r.wrong(line, "connector.file.secret-twice")
	case file != "":
		b, err := r.world.File(file)
		if text = strings.TrimRight(string(b), "\r\n"); err != nil || text == "" {
			r.wrong(line, "connector.file.secret-file", "name", file)
		}
	case env != "":
		if text, _ = r.world.Env(env); text == "" {
			r.wrong(line, "connector.file.secret-env", "name", env)
		}
	}
	if strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		r.wrong(line, "connector.file.secret-text")
	}
	return egress.Secret(text)
}

// keep notes a fault of a room below with its line.
func (r *reader) keep(line int, err error) {
	if f := fault.Of(err); f != nil {
		var values []any
		for k, v := range f.Values {
			values = append(values, k, v)
		}
		r.wrong(line, f.Key, values...)
	}
}

func (r *reader) word(to *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if r.Str(to)(n); len(*to) > 40 || strings.Trim(*to, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			r.wrong(n.Line, "connector.file.kind", "what", "a-z, 0-9, -")
		}
	}
}

func (r *reader) num(to *int, most int) func(*yaml.Node) {
	return func(n *yaml.Node) {
		v, err := strconv.Atoi(n.Value)
		if err != nil || v < 1 || v > most || n.Kind != yaml.ScalarNode {
			r.wrong(n.Line, "connector.file.kind", "what", "1 - "+strconv.Itoa(most))
			return
		}
		*to = v
	}
}

func (r *reader) duration(to *time.Duration) func(*yaml.Node) {
	return func(n *yaml.Node) {
		d, err := time.ParseDuration(n.Value)
		if err != nil || d < 10*time.Millisecond || d > time.Hour || n.Kind != yaml.ScalarNode {
			r.wrong(n.Line, "connector.file.kind", "what", "10ms - 1h")
			return
		}
		*to = d
	}
}
