package snmp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/gosnmp/gosnmp"
)

const (
	mostRows = 20_000 // that an OLT may list: more is no ONT table
	atOnce   = 25     // rows of one answer
)

// register is where the ONTs of one OLT stand, by service number; what it says is checked at every use.
type register struct {
	walking chan struct{} // one walk at a time
	sync.Mutex
	rows map[string]string // service number -> index; "": two rows have it

	// The walk under way, which belongs to who walks.
	pass map[string]string
	last string // the OID that was read last; "": the next walk begins anew
	n    int
}

func newRegister() *register {
	return &register{walking: make(chan struct{}, 1), rows: map[string]string{}}
}

// index gives the row of a number, if one is known.
func (r *register) index(no string) (string, bool) {
	r.Lock()
	defer r.Unlock()
	i, seen := r.rows[no]
	return i, seen
}

// walk reads which ONT carries which number. A walk that is cut short keeps what it has seen, and the next one goes on from there:
// a table that takes longer than one measurement may is read by several.
func (r *register) walk(ctx context.Context, g *gosnmp.GoSNMP, column string) error {
	select {
	case r.walking <- struct{}{}:
		defer func() { <-r.walking }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if column = dotted(column); r.last == "" {
		r.pass, r.last, r.n = map[string]string{}, column, 0
	}
	for {
		got, err := g.GetBulk([]string{"." + r.last}, 0, atOnce)
		if err == nil && got.Error != gosnmp.NoError {
			err = fmt.Errorf("the OLT says %s", got.Error) // the table has not ended: nothing is said of who is not in it
		}
		if err != nil {
			r.keep(false)
			return fmt.Errorf("list ONTs: %w", err)
		}
		over, err := r.take(got.Variables, column)
		if err != nil {
			r.last = ""
			return fmt.Errorf("list ONTs: %w", err)
		}
		if over {
			r.keep(true)
			r.last = ""
			return nil
		}
	}
}

// take reads the rows of one answer, and tells whether the column is over.
func (r *register) take(rows []gosnmp.SnmpPDU, column string) (over bool, err error) {
	for _, v := range rows {
		name := dotted(v.Name)
		index, under := strings.CutPrefix(name, column+".")
		if !under || v.Type == gosnmp.EndOfMibView || v.Type == gosnmp.NoSuchObject || v.Type == gosnmp.NoSuchInstance {
			return true, nil
		}
		if after(name, r.last) <= 0 {
			return false, errors.New("the OLT lists in circles")
		}
		if r.n++; r.n > mostRows {
			return false, errors.New("more rows than an ONT table has")
		}
		r.last = name
		for _, no := range numbers(v) {
			if was, twice := r.pass[no]; twice && was != index {
				r.pass[no] = ""
				continue
			}
			r.pass[no] = index
		}
	}
	return len(rows) == 0, nil
}

// keep makes what the walk has seen known; a whole one replaces what was known before.
func (r *register) keep(whole bool) {
	r.Lock()
	defer r.Unlock()
	if whole {
		r.rows = r.pass
		return
	}
	maps.Copy(r.rows, r.pass)
}

// after compares two OIDs without a dot before them.
func after(a, b string) int {
	return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
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
