package snmp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gosnmp/gosnmp"
)

// An OLT that lists in circles, without end or of something else is not believed: its table is not taken as read.
func TestALyingTableIsNotTaken(t *testing.T) {
	const column = "1.3.6.1.4.1.99999.1.1"
	row := func(index, name string) gosnmp.SnmpPDU {
		return gosnmp.SnmpPDU{Name: "." + column + "." + index, Type: gosnmp.OctetString, Value: []byte(name)}
	}
	for name, c := range map[string]struct {
		answers [][]gosnmp.SnmpPDU
		over    bool
		says    string
		known   string
	}{
		"rows in order":      {[][]gosnmp.SnmpPDU{{row("1.9", "152999000001"), row("1.10", "152999000002"), row("2.1", "x")}}, false, "", "map[152999000001:1.9 152999000002:1.10]"},
		"another column":     {[][]gosnmp.SnmpPDU{{row("1.9", "152999000001"), {Name: ".1.3.6.1.4.1.99999.1.2.1", Type: gosnmp.Integer, Value: 1}}}, true, "", "map[152999000001:1.9]"},
		"the end":            {[][]gosnmp.SnmpPDU{{{Name: "." + column + ".1", Type: gosnmp.EndOfMibView}}}, true, "", "map[]"},
		"nothing":            {[][]gosnmp.SnmpPDU{{}}, true, "", "map[]"},
		"the same row again": {[][]gosnmp.SnmpPDU{{row("1.9", "152999000001")}, {row("1.9", "152999000001")}}, false, "circles", ""},
		"backwards":          {[][]gosnmp.SnmpPDU{{row("1.10", "152999000001"), row("1.9", "152999000002")}}, false, "circles", ""},
		"twice and thrice":   {[][]gosnmp.SnmpPDU{{row("1", "152999000001"), row("2", "152999000001"), row("3", "152999000001")}}, false, "", "map[152999000001:]"},
	} {
		r := newRegister()
		r.pass, r.last = map[string]string{}, column
		var over bool
		var err error
		for _, rows := range c.answers {
			if over, err = r.take(rows, column); err != nil {
				break
			}
		}
		if c.says != "" {
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || over != c.over || fmt.Sprint(r.pass) != c.known {
			t.Errorf("%s: over %v, %v, %v", name, over, err, r.pass)
		}
	}
	r := newRegister()
	r.pass, r.last = map[string]string{}, column
	for i := range mostRows + 1 {
		_, err := r.take([]gosnmp.SnmpPDU{row(fmt.Sprint(i+1), "x")}, column)
		if (err != nil) != (i == mostRows) {
			t.Fatalf("row %d: %v", i, err)
		}
	}
}
