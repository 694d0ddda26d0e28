package intake

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/staff"
)

// Lists that come in row by row, beside the tickets of a campaign.
const (
	ListCustomers = "customers"
	ListSelfCare  = "self-care"
	ListCoverage  = "coverage"
)

// Lists in the order a page offers them.
var Lists = []string{ListCustomers, ListSelfCare, ListCoverage}

// listing is a kind of list: who brings it in, its headings, what one row of it stores, and how the journal calls that.
type listing struct {
	act   staff.Act
	parts []string
	store func(f *file, tx *db.Tx, c *cells) (fresh bool, err error)
	told  string
}

var listings = map[string]listing{
	ListCustomers: {staff.ActImport, customerParts, (*file).said, "customers.imported"},
	ListSelfCare:  {staff.ActImport, selfCareParts, (*file).cared, "self-care.imported"},
	ListCoverage:  {staff.ActCoverage, coverageParts, (*file).covered, "coverage.imported"},
}

// ListAct is the act that bringing a kind of list in takes; false when there is no such kind.
func ListAct(kind string) (staff.Act, bool) {
	l, known := listings[kind]
	return l.act, known
}

// Headings are the names of a list's columns; each may be missing.
func Headings(kind string) []string { return slices.Clone(listings[kind].parts) }

// layouts are how a list may write a day.
var layouts = []string{time.RFC3339, "2006-01-02 15:04", "2006-01-02", "02/01/2006 15:04", "02/01/2006"}

// Load brings a list in, as Import brings tickets in: the file is read whole first, then row by row in acts of 500; each row is
// opened, there already or refused by itself, and the same file again adds nothing.
func (d Desk) Load(ctx context.Context, store *db.DB, kind string, j Job) (Report, error) {
	of, known := listings[kind]
	if !known {
		return Report{}, fault.New(fault.Invalid, "intake.list-kind", "value", kind, "known", strings.Join(Lists, ", ")).At("kind", "")
	}
	if err := staff.May(j.By, of.act); err != nil {
		return Report{}, err
	}
	f := file{desk: d, job: j, of: of}
	_, header, err := f.open()
	if err != nil {
		return f.report, err
	}
	j.Map = &Map{}
	for _, name := range header {
		if !slices.Contains(of.parts, name) {
			return f.report, fault.New(fault.Invalid, "intake.list-heading", "column", name, "known", strings.Join(of.parts, ", ")).At(name, "")
		}
		j.Map.parts = append(j.Map.parts, part{name: name, columns: []column{{name: name}}, join: " "})
	}
	f.job = j
	if err := f.look(ctx); err != nil {
		return f.report, err
	}
	t, _, err := f.open()
	if err != nil {
		return f.report, err
	}
	var batch []row
	for {
		r, err := t.next()
		if err != nil && err != io.EOF {
			return f.report, err
		}
		if len(batch) == turn || err == io.EOF && len(batch) > 0 {
			if err := f.keep(ctx, store, batch); err != nil {
				return f.report, err
			}
			batch = batch[:0]
		}
		if err == io.EOF {
			return f.report, nil
		}
		if !r.blank() {
			batch = append(batch, row{line: r.line, cells: slices.Clone(r.cells), kinds: slices.Clone(r.kinds)})
		}
	}
}

// keep stores a batch in one act. A refused row may have written half of what it says, so a batch with one is stored row by row.
func (f *file) keep(ctx context.Context, store *db.DB, batch []row) error {
	errRefused := fmt.Errorf("a row was refused")
	var opened, already int
	one := func(tx *db.Tx, r row) (place string, err error) {
		fresh, place, err := f.kept(tx, r)
		switch {
		case err != nil:
		case fresh:
			opened++
		default:
			already++
		}
		return place, err
	}
	told := func(tx *db.Tx) error {
		if opened == 0 {
			return nil
		}
		_, err := journal.Write(tx, journal.Entry{By: f.job.By, Act: f.of.told, Kind: "import",
			Data: map[string]string{"opened": strconv.Itoa(opened), "file": f.report.Digest}})
		return err
	}
	err := store.Write(ctx, func(tx *db.Tx) error {
		opened, already = 0, 0
		for _, r := range batch {
			switch _, err := one(tx, r); {
			case fault.Of(err) != nil && !fault.Is(err, fault.Busy):
				return errRefused
			case err != nil:
				return err
			}
		}
		return told(tx)
	})
	if err == nil {
		f.report.Opened, f.report.Already = f.report.Opened+opened, f.report.Already+already
	}
	if err != errRefused {
		return err
	}
	for _, r := range batch {
		place := ""
		err := store.Write(ctx, func(tx *db.Tx) (err error) {
			opened, already = 0, 0
			if place, err = one(tx, r); err != nil {
				return err
			}
			return told(tx)
		})
		switch {
		case err == nil:
			f.report.Opened, f.report.Already = f.report.Opened+opened, f.report.Already+already
		case fault.Of(err) != nil && !fault.Is(err, fault.Busy):
			f.report.Refused++
			if f.job.Refused != nil {
				f.job.Refused(*f.read.refusal(r.line, place, err))
			}
		default:
			return err
		}
	}
	return nil
}

// cells reads a row's cells by the names of its headings, and remembers which one was read last.
type cells struct {
	file *file
	row  row
	last string
}

func (c *cells) text(name string) string {
	i, there := c.file.read.places[column{name: name}]
	if !there || i >= len(c.row.cells) {
		return ""
	}
	c.last = name
	return strings.TrimSpace(c.row.cells[i])
}

// moment reads a day or a time; zero when the cell is empty.
func (c *cells) moment(name string, zone *time.Location) (time.Time, error) {
	s := c.text(name)
	if s == "" {
		return time.Time{}, nil
	}
	if i := c.file.read.places[column{name: name}]; c.file.read.sheet && c.row.kind(i) == isNumber {
		return serial([]string{s}, c.file.read.since1904, zone)
	}
	return moment(s, layouts, zone)
}

// kept stores what a row says; true when anything of it is new. place is the column a refusal is about.
func (f *file) kept(tx *db.Tx, r row) (fresh bool, place string, err error) {
	r, err = f.read.fill(r)
	if err != nil {
		return false, "", err
	}
	c := &cells{file: f, row: r}
	fresh, err = f.of.store(f, tx, c)
	if err == nil {
		return fresh, "", nil
	}
	if e := fault.Of(err); e != nil && slices.Contains(f.of.parts, e.Field) {
		if _, there := f.read.places[column{name: e.Field}]; there {
			c.last = e.Field
		}
	}
	if c.last != "" {
		place = f.read.name(f.read.places[column{name: c.last}])
	}
	return false, place, err
}
