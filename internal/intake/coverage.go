package intake

import (
	"strconv"
	"strings"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/registration"
)

// coverageParts are the headings of a list of the network's distribution points (SOP 2.c): how many ports each has, and how
// many of them are in use. What a row leaves empty stays as it is.
var coverageParts = []string{"odp", "sto", "ports", "used"}

// covered stores a row's distribution point. Ports kept for orders stay kept: a row that leaves no room for them is refused.
func (f *file) covered(tx *db.Tx, c *cells) (bool, error) {
	name := c.text("odp")
	o, err := registration.ODPOf(tx, name)
	if err != nil && !fault.Is(err, fault.Missing) {
		return false, err
	}
	o.Name = name
	if sto := c.text("sto"); sto != "" {
		o.STO = strings.ToUpper(sto)
	}
	for column, to := range map[string]*int64{"ports": &o.Ports, "used": &o.Used} {
		s := c.text(column)
		if s == "" {
			continue
		}
		if *to, err = strconv.ParseInt(s, 10, 64); err != nil {
			return false, fault.New(fault.Invalid, "registration.ports-form", "odp", name).At(column, "2.c")
		}
	}
	return registration.PutODP(tx, o)
}
