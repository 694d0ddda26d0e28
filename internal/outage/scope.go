package outage

import (
	"regexp"
	"slices"
	"strings"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phone"
)

// Kinds of a scope's parts.
const (
	Service = "service"
	ODP     = "odp"
	ODC     = "odc"
	OLT     = "olt"
	STO     = "sto"
)

// Scope is what an outage is declared over: service numbers, or places of the network (domain 3.3).
type Scope struct {
	Services, ODP, ODC, OLT, STO []string
}

type place struct{ kind, value string }

// The places of one outage, and its services.
const (
	MostPlaces   = 1_000
	MostServices = 200_000
)

var forms = map[string]*regexp.Regexp{
	STO: regexp.MustCompile(`^[A-Z]{3}$`),
	ODC: regexp.MustCompile(`^ODC-[A-Z]{3}-F[A-Z]{1,3}$`),
	ODP: regexp.MustCompile(`^ODP-[A-Z]{3}-F[A-Z]{1,3}/\d{2,3}( F[A-Z]{1,3}/D\d{2}/\d{2,3}\.\d{2})?$`),
	OLT: regexp.MustCompile(`^GPON\d{2}-D\d-[A-Z]{3}-\d{1,2}$`),
}

var examples = map[string]string{STO: "MLG", ODC: "ODC-BTU-FX", ODP: "ODP-BTU-FX/08 FX/D01/08.01", OLT: "GPON03-D5-SMP-2"}

// check refuses an empty scope and names that no place of the network has, and brings numbers into the form they are kept in.
func (s *Scope) check() error {
	places := s.places()
	switch {
	case len(places) == 0 && len(s.Services) == 0:
		return fault.New(fault.Invalid, "outage.scope").At("scope", "5.4.pre")
	case len(places) > MostPlaces || len(s.Services) > MostServices:
		return fault.New(fault.Invalid, "outage.scope-long", "places", MostPlaces, "services", MostServices).At("scope", "5.4.pre")
	}
	for _, p := range places {
		if !forms[p.kind].MatchString(p.value) {
			return fault.New(fault.Invalid, "line.network", "value", p.value, "what", strings.ToUpper(p.kind), "example", examples[p.kind]).At(p.kind, "5.4.pre")
		}
	}
	plain := make([]string, 0, len(s.Services))
	for _, no := range s.Services {
		n, _, err := phone.ParseService(no)
		if f := fault.Of(err); f != nil {
			return f.At("services", "5.4.pre")
		} else if err != nil {
			return err
		}
		plain = append(plain, string(n))
	}
	slices.Sort(plain)
	s.Services = slices.Compact(plain)
	return nil
}

// Checked is the scope in the form it is kept in, or why it cannot be declared.
func (s Scope) Checked() (Scope, error) {
	err := s.check()
	return s, err
}

func (s Scope) places() []place {
	var all []place
	for _, of := range []struct {
		kind   string
		values []string
	}{{ODP, s.ODP}, {ODC, s.ODC}, {OLT, s.OLT}, {STO, s.STO}} {
		for _, v := range of.values {
			all = append(all, place{of.kind, strings.TrimSpace(v)})
		}
	}
	return all
}

// network is the scope without service numbers: the journal holds no number of a customer.
func (s Scope) network() map[string][]string {
	all := map[string][]string{}
	for _, p := range s.places() {
		all[p.kind] = append(all[p.kind], p.value)
	}
	return all
}

// Lines counts the services a scope covers, each once. A place may have hundreds of thousands, so it is asked on a reader, before the act.
func (s Scope) Lines(tx *db.Tx) (int64, error) {
	places := s.places()
	var sum int64
	listed := map[string]bool{}
	for _, no := range s.Services {
		listed[no] = true
	}
	sum = int64(len(listed))
	if len(places) == 0 {
		return sum, nil
	}
	if len(places) == 1 && sum == 0 { // by its index alone
		err := tx.Row(`SELECT count(*) FROM line WHERE `+placed[places[0].kind], places[0].value).Scan(&sum)
		return sum, err
	}
	for _, p := range places {
		err := tx.Each(`SELECT service_no FROM line WHERE `+placed[p.kind], []any{p.value}, func(row db.Scanner) error {
			var no string
			err := row.Scan(&no)
			listed[no] = true
			return err
		})
		if err != nil {
			return 0, err
		}
	}
	return int64(len(listed)), nil
}

// placed finds the lines of a place by the index of its kind.
var placed = map[string]string{STO: `sto = $1`, ODC: `odc = $1 AND odc <> ''`, ODP: `odp = $1 AND odp <> ''`, OLT: `olt = $1 AND olt <> ''`}

// ScopeOf reads what an outage is declared over, at most limit parts of it, in order.
func ScopeOf(tx *db.Tx, id db.ID, limit int) (Scope, error) {
	var s Scope
	err := tx.Each(`SELECT kind, value FROM outage_scope WHERE outage = $1 ORDER BY kind, value LIMIT $2`, []any{id, limit}, func(row db.Scanner) error {
		var kind, value string
		err := row.Scan(&kind, &value)
		to := map[string]*[]string{Service: &s.Services, ODP: &s.ODP, ODC: &s.ODC, OLT: &s.OLT, STO: &s.STO}[kind]
		if to != nil {
			*to = append(*to, value)
		}
		return err
	})
	return s, err
}
