// Package line keeps the lines of the network and their measurements (Ibooster, SOP 5.2.10.j): measure, judge, keep. It
// knows no customer and no trouble ticket, and it reaches no network itself: a Source does, the recorded table is the
// native one.
package line

import (
	"regexp"
	"strings"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phone"
)

// Technologies of a line.
const (
	Fibre  = "fibre"
	Copper = "copper"
)

// Line is where a service number ends in the network (domain 3.3).
type Line struct {
	ServiceNo  string
	STO        string // exchange, three letters: MLG
	ODC, ODP   string // cabinets: ODC-BTU-FX, ODP-BTU-FX/08 FX/D01/08.01
	OLT        string // GPON03-D5-SMP-2
	Realm      string // telkom.net
	Technology string
}

var (
	stoForm   = regexp.MustCompile(`^[A-Z]{3}$`)
	odcForm   = regexp.MustCompile(`^ODC-[A-Z]{3}-F[A-Z]{1,3}$`)
	odpForm   = regexp.MustCompile(`^ODP-[A-Z]{3}-F[A-Z]{1,3}/\d{2,3}( F[A-Z]{1,3}/D\d{2}/\d{2,3}\.\d{2})?$`)
	oltForm   = regexp.MustCompile(`^GPON\d{2}-D\d-[A-Z]{3}-\d{1,2}$`)
	realmForm = regexp.MustCompile(`^[A-Za-z0-9.-]{1,60}$`)
)

func (l Line) check() error {
	if _, _, err := phone.ParseService(l.ServiceNo); err != nil {
		return err
	}
	for _, f := range []struct {
		value, what, example, field string
		form                        *regexp.Regexp
		needed                      bool
	}{
		{l.STO, "STO", "MLG", "sto", stoForm, true},
		{l.ODC, "ODC", "ODC-BTU-FX", "odc", odcForm, false},
		{l.ODP, "ODP", "ODP-BTU-FX/08 FX/D01/08.01", "odp", odpForm, false},
		{l.OLT, "OLT", "GPON03-D5-SMP-2", "olt", oltForm, false},
	} {
		if (f.needed || f.value != "") && !f.form.MatchString(f.value) {
			return fault.New(fault.Invalid, "line.network", "value", f.value, "what", f.what, "example", f.example).At(f.field, "5.2.10.j")
		}
	}
	switch {
	case l.Realm != "" && !realmForm.MatchString(l.Realm):
		return fault.New(fault.Invalid, "line.realm").At("realm", "5.2.10.j")
	case l.Technology != Fibre && l.Technology != Copper:
		return fault.New(fault.Invalid, "line.technology").At("technology", "5.2.10.j")
	}
	return nil
}

// IsOLT tells whether a name is one that a line can carry as its OLT: GPON03-D5-SMP-2.
func IsOLT(name string) bool { return oltForm.MatchString(name) }

// PutLine keeps a line; the same service number again replaces it.
func PutLine(tx *db.Tx, l Line) error {
	l.ServiceNo = number(l.ServiceNo)
	if err := l.check(); err != nil {
		return err
	}
	_, err := tx.Exec(`
		INSERT INTO line(service_no, sto, odc, odp, olt, realm, technology) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (service_no) DO UPDATE SET sto = excluded.sto, odc = excluded.odc, odp = excluded.odp, olt = excluded.olt,
			realm = excluded.realm, technology = excluded.technology`,
		l.ServiceNo, l.STO, l.ODC, l.ODP, l.OLT, l.Realm, l.Technology)
	return err
}

// LineOf reads the line of a service number; Missing when the network data have none.
func LineOf(tx *db.Tx, serviceNo string) (l Line, err error) {
	err = tx.Row(`SELECT service_no, sto, odc, odp, olt, realm, technology FROM line WHERE service_no = $1`, number(serviceNo)).
		Scan(&l.ServiceNo, &l.STO, &l.ODC, &l.ODP, &l.OLT, &l.Realm, &l.Technology)
	return l, err
}

// number is a service number as it is stored; what is none stays as it is and is found nowhere.
func number(s string) string {
	if n, _, err := phone.ParseService(s); err == nil {
		return string(n)
	}
	return strings.TrimSpace(s)
}
