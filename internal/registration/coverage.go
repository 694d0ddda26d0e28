package registration

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

var (
	stoForm = regexp.MustCompile(`^[A-Z]{3}$`)
	odpForm = regexp.MustCompile(`^ODP-([A-Z]{3})-F[A-Z]{1,3}/\d{2,3}$`) // the box, without the port path (domain 3.2)
)

// ODP is a distribution point and its ports.
type ODP struct {
	Name string // ODP-BTU-FX/08
	STO  string
	Ports,
	Used, // by services that stand
	Kept int64 // for orders that are not installed yet
}

// Free ports of it.
func (o ODP) Free() int64 { return o.Ports - o.Used - o.Kept }

// Coverage is what an exchange has left.
type Coverage struct {
	STO   string
	Known bool  // the network's data has the exchange at all
	Free  int64 // ports, over all its distribution points
	ODPs  []ODP // those with most free ports first
}

const shown = 20 // distribution points of an answer

// Cover tells whether there is a port for an address: of an exchange, or of one distribution point.
func Cover(tx *db.Tx, sto, odp string) (Coverage, error) {
	if odp = Box(odp); odp != "" {
		o, err := ODPOf(tx, odp)
		if fault.Is(err, fault.Missing) {
			return Coverage{STO: sto}, nil
		}
		return Coverage{STO: o.STO, Known: true, Free: o.Free(), ODPs: []ODP{o}}, err
	}
	sto = strings.ToUpper(strings.TrimSpace(sto))
	if !stoForm.MatchString(sto) {
		return Coverage{}, fault.New(fault.Invalid, "registration.sto").At("sto", "2.c")
	}
	c := Coverage{STO: sto}
	var there int64
	if err := tx.Row(`SELECT count(*), COALESCE(sum(ports - used - kept), 0) FROM odp WHERE sto = $1`, sto).Scan(&there, &c.Free); err != nil {
		return c, err
	}
	c.Known = there > 0
	err := tx.Each(`SELECT name, sto, ports, used, kept FROM odp WHERE sto = $1 ORDER BY ports - used - kept DESC, name LIMIT $2`, []any{sto, shown}, func(s db.Scanner) error {
		o, err := scanODP(s)
		c.ODPs = append(c.ODPs, o)
		return err
	})
	return c, err
}

// STOs lists the exchanges whose distribution points are known.
func STOs(tx *db.Tx) (all []string, err error) {
	err = tx.Each(`SELECT DISTINCT sto FROM odp ORDER BY sto`, nil, func(s db.Scanner) error {
		var one string
		err := s.Scan(&one)
		all = append(all, one)
		return err
	})
	return all, err
}

// Box is the distribution point of a line's port path: "ODP-BTU-FX/08 FX/D01/08.01" stands at ODP-BTU-FX/08.
func Box(path string) string {
	box, _, _ := strings.Cut(strings.TrimSpace(path), " ")
	return box
}

// keep keeps a port: of the distribution point that is named, otherwise of the exchange's freest; "" when none is free.
// Who races for the last one is told by the store: a port is kept once.
func keep(tx *db.Tx, sto, odp string) (string, error) {
	names := []string{}
	if odp = Box(odp); odp != "" {
		o, err := ODPOf(tx, odp)
		switch {
		case fault.Is(err, fault.Missing):
			return "", fault.New(fault.Invalid, "registration.odp", "odp", odp).At("odp", "2.c")
		case err != nil:
			return "", err
		case o.STO != sto:
			return "", fault.New(fault.Invalid, "registration.odp-elsewhere", "odp", odp, "sto", o.STO).At("odp", "2.c")
		}
		names = append(names, odp)
	} else {
		err := tx.Each(`SELECT name FROM odp WHERE sto = $1 AND used + kept < ports ORDER BY ports - used - kept DESC, name LIMIT $2`, []any{sto, shown}, func(s db.Scanner) error {
			var name string
			err := s.Scan(&name)
			names = append(names, name)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	for _, name := range names {
		n, err := tx.Exec(`UPDATE odp SET kept = kept + 1, changed_at = $2 WHERE name = $1 AND used + kept < ports`, name, db.Millis(tx.Now))
		if err != nil || n == 1 {
			return name, err
		}
	}
	return "", nil
}

// PutODP keeps a distribution point as the network's data tells it; what is kept for orders stays. One that has fewer ports
// than are in use and kept is Conflict "registration.ports". False: nothing was new about it. It writes no journal: who brings
// many of them says so once.
func PutODP(tx *db.Tx, o ODP) (bool, error) {
	o.Name = strings.TrimSpace(o.Name)
	form := odpForm.FindStringSubmatch(o.Name)
	if form == nil {
		return false, fault.New(fault.Invalid, "registration.odp-form", "odp", o.Name).At("odp", "2.c")
	}
	if o.STO == "" {
		o.STO = form[1]
	}
	if !stoForm.MatchString(o.STO) {
		return false, fault.New(fault.Invalid, "registration.sto").At("sto", "2.c")
	}
	if o.Ports < 1 || o.Ports > 512 || o.Used < 0 || o.Used > o.Ports {
		return false, fault.New(fault.Invalid, "registration.ports-form", "odp", o.Name).At("ports", "2.c")
	}
	was, err := ODPOf(tx, o.Name)
	if err != nil && !fault.Is(err, fault.Missing) {
		return false, err
	}
	if err == nil && was.STO == o.STO && was.Ports == o.Ports && was.Used == o.Used {
		return false, nil
	}
	n, err := tx.Exec(`
		INSERT INTO odp(name, sto, ports, used, changed_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (name) DO UPDATE SET sto = excluded.sto, ports = excluded.ports, used = excluded.used, changed_at = excluded.changed_at
		 WHERE odp.kept + excluded.used <= excluded.ports`, o.Name, o.STO, o.Ports, o.Used, db.Millis(tx.Now))
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "registration.ports", "odp", o.Name).At("ports", "2.c")
	}
	return err == nil, err
}

// PutODPs keeps distribution points, and the journal says how many.
func PutODPs(tx *db.Tx, by who.Actor, odps []ODP) error {
	for _, o := range odps {
		if _, err := PutODP(tx, o); err != nil {
			return err
		}
	}
	_, err := journal.Write(tx, journal.Entry{By: by, Act: "coverage.kept", Kind: "coverage", Data: map[string]string{"odps": db.ID(len(odps)).String()}})
	return err
}

// Exchange is what an exchange (STO) has, over all its distribution points.
type Exchange struct {
	STO               string
	Points            int64
	Ports, Used, Kept int64
}

// Free ports of it.
func (e Exchange) Free() int64 { return e.Ports - e.Used - e.Kept }

// Exchanges lists those whose distribution points are known, by name.
func Exchanges(tx *db.Tx) (all []Exchange, err error) {
	err = tx.Each(`SELECT sto, count(*), CAST(sum(ports) AS BIGINT), CAST(sum(used) AS BIGINT), CAST(sum(kept) AS BIGINT) FROM odp GROUP BY sto ORDER BY sto`, nil, func(s db.Scanner) error {
		var e Exchange
		err := s.Scan(&e.STO, &e.Points, &e.Ports, &e.Used, &e.Kept)
		all = append(all, e)
		return err
	})
	return all, err
}

// ODPs lists an exchange's distribution points by name, those after one; "" begins.
func ODPs(tx *db.Tx, sto, after string, limit int) (all []ODP, err error) {
	err = tx.Each(`SELECT name, sto, ports, used, kept FROM odp WHERE sto = $1 AND name > $2 ORDER BY name LIMIT $3`, []any{sto, after, limit}, func(s db.Scanner) error {
		o, err := scanODP(s)
		all = append(all, o)
		return err
	})
	return all, err
}

// ODPOf reads a distribution point.
func ODPOf(tx *db.Tx, name string) (ODP, error) {
	return scanODP(tx.Row(`SELECT name, sto, ports, used, kept FROM odp WHERE name = $1`, name))
}

func scanODP(s db.Scanner) (o ODP, err error) {
	err = s.Scan(&o.Name, &o.STO, &o.Ports, &o.Used, &o.Kept)
	return o, err
}

// Package is what a site offers.
type Package struct {
	Code    string
	Name    string
	Price   int64 // rupiah a month
	Offered bool  // false: nobody can register for it any more
	Version int64 // how often it was changed, 1 when it is new
}

// check cleans what was typed.
func (p *Package) check() error {
	p.Code, p.Name = strings.TrimSpace(p.Code), strings.Join(strings.Fields(p.Name), " ")
	switch {
	case p.Code == "" || utf8.RuneCountInString(p.Code) > 40:
		return fault.New(fault.Invalid, "registration.package-code").At("code", "2.c")
	case p.Name == "" || utf8.RuneCountInString(p.Name) > longName:
		return fault.New(fault.Invalid, "registration.package-name").At("name", "2.c")
	case p.Price < 0 || p.Price > 1_000_000_000:
		return fault.New(fault.Invalid, "registration.price").At("price", "2.c")
	}
	return nil
}

// PutPackages keeps packages; one that is there already is changed, none goes.
func PutPackages(tx *db.Tx, by who.Actor, packages []Package) error {
	for _, p := range packages {
		if err := p.check(); err != nil {
			return err
		}
		offered := 0
		if p.Offered {
			offered = 1
		}
		_, err := tx.Exec(`
			INSERT INTO package(code, name, price, offered, changed_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (code) DO UPDATE SET name = excluded.name, price = excluded.price, offered = excluded.offered, changed_at = excluded.changed_at,
				version = package.version + 1
			 WHERE package.name <> excluded.name OR package.price <> excluded.price OR package.offered <> excluded.offered`,
			p.Code, p.Name, p.Price, offered, db.Millis(tx.Now))
		if err != nil {
			return err
		}
	}
	_, err := journal.Write(tx, journal.Entry{By: by, Act: "packages.kept", Kind: "package", Data: map[string]string{"packages": db.ID(len(packages)).String()}})
	return err
}

// PutPackage keeps one package as somebody has it on the screen. Version is the one that was read, 0 of a new one: Conflict
// "registration.package-changed" when another came first, "registration.package-there" when its code is taken.
func PutPackage(tx *db.Tx, by who.Actor, p Package) error {
	if err := p.check(); err != nil {
		return err
	}
	was, err := scanPackage(tx.Row(`SELECT `+packageColumns+` FROM package WHERE code = $1 /*pg: FOR UPDATE*/`, p.Code))
	switch {
	case err != nil && !fault.Is(err, fault.Missing):
		return err
	case err != nil && p.Version != 0:
		return fault.New(fault.Missing, "registration.package").At("package", "2.c")
	case err == nil && p.Version == 0:
		return fault.New(fault.Conflict, "registration.package-there", "code", p.Code, "name", was.Name).At("code", "2.c")
	case err == nil && p.Version != was.Version:
		return fault.New(fault.Conflict, "registration.package-changed", "name", was.Name).At("version", "2.c")
	}
	return PutPackages(tx, by, []Package{p})
}

const packageColumns = `code, name, price, offered, version`

// Packages lists them, those on offer first.
func Packages(tx *db.Tx) ([]Package, error) {
	var all []Package
	err := tx.Each(`SELECT `+packageColumns+` FROM package ORDER BY offered DESC, price, code`, nil, func(s db.Scanner) error {
		p, err := scanPackage(s)
		all = append(all, p)
		return err
	})
	return all, err
}

func packageOf(tx *db.Tx, code string) (Package, error) {
	p, err := scanPackage(tx.Row(`SELECT `+packageColumns+` FROM package WHERE code = $1`, code))
	if fault.Is(err, fault.Missing) {
		return p, fault.New(fault.Invalid, "registration.package").At("package", "2.c")
	}
	return p, err
}

func scanPackage(s db.Scanner) (p Package, err error) {
	var offered int
	err = s.Scan(&p.Code, &p.Name, &p.Price, &offered, &p.Version)
	p.Offered = offered == 1
	return p, err
}
