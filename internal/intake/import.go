package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"sapa/internal/customer"
	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/form"
	"sapa/internal/journal"
	"sapa/internal/phone"
	"sapa/internal/staff"
	"sapa/internal/ticket"
	"sapa/internal/trouble"
	"sapa/internal/who"
)

// Job is one file to bring in.
type Job struct {
	By       who.Actor
	Campaign string
	Map      *Map // nil: the headings are the names of the ticket's parts
	Name     string
	List     List // of an Ideas file
	File     io.ReaderAt
	Size     int64
	Refused  func(Refusal) // each refused row, in the file's order; may be nil
}

// Report says what became of a file.
type Report struct {
	Opened, Already, Refused int
	Changed                  int // incidents that were known and have changed
	Skipped                  int // rows the map's only: leaves out
	Encoding                 string
	Delimiter                rune // 0 for a workbook
	Digest                   string
	Batch                    form.Batch // of an Ideas file: the list its tickets are in
}

// turn is how many rows are one act: long enough to share a commit, short enough that agents beside it wait 20 ms at most
// (store.md a: 200-500).
const turn = 500

// unserved is how many turns are one act while nobody serves the data: a third more rows a second.
const unserved = 4

// Import brings a file's tickets in: first the whole file is read for what is wrong with it as a file - then nothing of it
// is opened -, then row by row, in acts of 500, so that work on the floor goes on. Each row is opened, there already or
// refused by itself. Run again it opens what is still missing and nothing else. Searches find the rows a while later
// (ticket.Fill), which the server beside it sees to, or the next one.
func (d Desk) Import(ctx context.Context, store *db.DB, j Job) (Report, error) {
	if err := staff.May(j.By, staff.ActImport); err != nil {
		return Report{}, err
	}
	err := store.Read(ctx, func(tx *db.Tx) error {
		_, err := d.Campaigns.Get(tx, j.Campaign)
		if err == nil && isList(j.Campaign) {
			err = j.listed(tx)
		}
		return err
	})
	if err != nil {
		return Report{}, err
	}
	if j.Map != nil && j.Map.Campaign != "" && j.Map.Campaign != j.Campaign {
		return Report{}, fault.New(fault.Invalid, "intake.map-campaign", "map", j.Map.Campaign, "campaign", j.Campaign).At("campaign", "")
	}
	if j.Map != nil && j.Map.Incidents && isList(j.Campaign) { // nothing is dealt of it
		return Report{}, fault.New(fault.Invalid, "intake.map-campaign", "map", "incidents", "campaign", j.Campaign).At("campaign", "")
	}
	f := file{desk: d, job: j}
	if err := f.look(ctx); err != nil {
		return f.report, err
	}
	run := run{file: &f, store: store, seen: map[uint64]first{}}
	err = run.all(ctx)
	if err == nil && isList(j.Campaign) {
		err = run.batch(ctx)
	}
	return f.report, err
}

// file is the file being brought in.
type file struct {
	desk   Desk
	job    Job
	of     listing // of a list that is no campaign's tickets
	merged []merge
	read   *reading
	report Report
}

// open begins a pass over the file; its first row with anything in it is the heading.
func (f *file) open() (table, []string, error) {
	m := f.job.Map
	if m == nil {
		m = &Map{}
	}
	magic := make([]byte, 4)
	n, err := f.job.File.ReadAt(magic, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, fmt.Errorf("read %s: %w", f.job.Name, err)
	}
	var t table
	switch {
	case n == 0:
		return nil, nil, fault.New(fault.Invalid, "intake.empty")
	case bytes.HasPrefix(magic, []byte("PK\x03\x04")):
		if t, err = openXLSX(f.job.File, f.job.Size, m.Sheet, f.merged); err != nil {
			return nil, nil, err
		}
	case bytes.Equal(magic, []byte("\xD0\xCF\x11\xE0")): // an old .xls, or a workbook behind a password
		return nil, nil, fault.New(fault.Invalid, "intake.xls")
	default:
		text, err := openCSV(f.job.File, f.job.Size, m)
		if err != nil {
			return nil, nil, err
		}
		f.report.Encoding, f.report.Delimiter = text.inFile, text.sep
		t = text
	}
	if m.NoHeader {
		return t, nil, nil
	}
	for {
		r, err := t.next()
		switch {
		case err == io.EOF:
			return nil, nil, fault.New(fault.Invalid, "intake.empty")
		case err != nil:
			return nil, nil, err
		case r.blank():
			continue
		case len(r.cells) > mostCol:
			return nil, nil, fault.New(fault.Invalid, "intake.columns", "max", mostCol)
		}
		return t, heading(r.cells), nil
	}
}

func heading(cells []string) []string {
	names := make([]string, len(cells))
	for i, c := range cells {
		names[i] = strings.TrimSpace(c)
	}
	for len(names) > 1 && names[len(names)-1] == "" {
		names = names[:len(names)-1]
	}
	return names
}

// look reads the whole file once: is it sound, are its rows within the limit, are the map's columns there?
func (f *file) look(ctx context.Context) error {
	t, header, err := f.open()
	if err != nil {
		return err
	}
	rows := 0
	for {
		r, err := t.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if r.blank() {
			continue
		}
		if header == nil {
			header = slices.Repeat([]string{""}, min(len(r.cells), mostCol))
		}
		if rows++; rows > rowsMax-1 {
			return fault.New(fault.Invalid, "intake.rows", "max", rowsMax-1)
		}
		if rows%10_000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if rows == 0 {
		return fault.New(fault.Invalid, "intake.no-rows")
	}
	m := f.job.Map
	if m == nil {
		if m, err = plainMap(header); err != nil {
			return err
		}
	}
	f.read = &reading{m: m, campaign: f.job.Campaign, site: f.desk.Site, header: header}
	if x, ok := t.(*xlsxTable); ok {
		f.merged, f.read.sheet, f.read.since1904 = x.merges, true, x.since1904
	}
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(f.job.File, 0, f.job.Size)); err != nil {
		return fmt.Errorf("read %s: %w", f.job.Name, err)
	}
	f.report.Digest = hex.EncodeToString(h.Sum(nil))
	return f.read.fit()
}

// one row on its way: its form, or why it was refused.
type one struct {
	line     int
	form     Form
	ticket   ticket.New
	incident trouble.Incoming
	refusal  *Refusal
	key, sum uint64 // of the ref, of all that stands there
}

// rows reads the file again and sends its rows in turns, beside the act that stores the turn before.
func (f *file) rows(ctx context.Context, turns chan<- []one) error {
	defer close(turns)
	t, _, err := f.open()
	if err != nil {
		return err
	}
	batch, seed := make([]one, 0, turn), maphash.MakeSeed()
	for {
		r, err := t.next()
		if err != nil && err != io.EOF {
			return err
		}
		if len(batch) == turn || err == io.EOF && len(batch) > 0 {
			select {
			case turns <- batch:
			case <-ctx.Done():
				return ctx.Err()
			}
			batch = make([]one, 0, turn)
		}
		if err == io.EOF {
			return nil
		}
		if r.blank() {
			continue
		}
		o := one{line: r.line}
		switch {
		case f.read.skip(r):
			o.line = 0
		case f.read.m.Incidents:
			var place string
			if o.incident, o.form, place, err = f.read.incident(r); err != nil {
				o.refusal = f.read.refusal(r.line, place, err)
			}
		default:
			var place string
			if o.form, o.ticket, place, err = f.read.form(r); err != nil {
				o.refusal = f.read.refusal(r.line, place, err)
			} else {
				o.hash(seed)
			}
		}
		batch = append(batch, o)
	}
}

func (o *one) hash(seed maphash.Seed) {
	o.key = maphash.String(seed, o.ticket.Ref)
	o.sum = maphash.String(seed, fmt.Sprint(o.form.Phone, "\x1f", o.form.OtherPhone, "\x1f", o.form.ServiceNo, "\x1f", o.form.ContactName, "\x1f", o.form.Note, "\x1f",
		o.form.Criterion, "\x1f", o.form.Zone, "\x1f", o.form.OpenedAt.UnixMilli(), "\x1f", o.form.RequestedAt.UnixMilli(), "\x1f", o.form.Fields))
}

// skip tells whether only: leaves the row out; a row that is too short is not skipped but refused.
func (r *reading) skip(w row) bool {
	return (r.sheet || len(w.cells) >= len(r.header)) && !r.wanted(w)
}

func (r *reading) refusal(line int, place string, err error) *Refusal {
	if f := fault.Of(err); f != nil && place == "" && f.Field != "" {
		place = r.where(f.Field)
	}
	return &Refusal{Line: line, Column: place, Err: err}
}

// first is where a ref came first in this file, and what stood there.
type first struct {
	line int
	sum  uint64
}

// run stores the turns of one file.
type run struct {
	*file
	store *db.DB
	seen  map[uint64]first // by the ref's hash
	refs  []string         // of an Ideas file: what is in, in the file's order
}

func (r *run) all(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	turns, ended := make(chan []one, unserved), make(chan error, 1) // the next act is read while one is stored
	go func() { ended <- r.rows(ctx, turns) }()
	for batch := range turns {
		for n := 1; n < unserved && !r.store.Served(); n++ {
			batch = append(batch, <-turns...) // nothing, once it is closed
		}
		if err := r.turn(ctx, batch); err != nil {
			stop()
			<-ended
			return err
		}
	}
	return <-ended
}

// turn is one act: what the house knows of the customers, the rules, the tickets, one line in the journal.
func (r *run) turn(ctx context.Context, batch []one) error {
	if r.read.m.Incidents {
		return r.incidents(ctx, batch)
	}
	var opened, already int
	var refused []*Refusal
	var fresh map[uint64]first
	var refs []string
	err := r.store.Write(ctx, func(tx *db.Tx) error {
		opened, already, refused, fresh, refs = 0, 0, nil, map[uint64]first{}, nil // PostgreSQL may run an act again
		judged, err := r.judge(tx, batch, fresh)
		if err != nil {
			return err
		}
		var all []ticket.New
		var lines []int
		for i, o := range judged {
			switch {
			case o.refusal != nil:
				refused = append(refused, o.refusal)
			case o.line > 0:
				if isList(r.job.Campaign) {
					r.job.belongs(&o.ticket)
				}
				all, lines = append(all, o.ticket), append(lines, i)
			}
		}
		verdicts, err := ticket.OpenMany(tx, r.job.By, all)
		if err != nil {
			return err
		}
		for i, v := range verdicts {
			there, err := r.promised(tx, all[i], v.Err)
			switch {
			case err != nil:
				return err
			case there:
				already++
			case v.Err != nil:
				refused = append(refused, r.read.refusal(judged[lines[i]].line, "", v.Err))
				continue
			case v.Fresh:
				opened++
			default:
				already++
			}
			if isList(r.job.Campaign) {
				refs = append(refs, all[i].Ref)
			}
		}
		if opened == 0 {
			return nil
		}
		_, err = journal.Write(tx, journal.Entry{By: r.job.By, Act: "tickets.imported", Kind: "import",
			Data: map[string]string{"campaign": r.job.Campaign, "opened": strconv.Itoa(opened), "file": r.report.Digest}})
		return err
	})
	if err != nil {
		return err
	}
	for k, f := range fresh {
		r.seen[k] = f
	}
	r.refs = append(r.refs, refs...)
	r.report.Opened += opened
	r.report.Already += already
	r.report.Refused += len(refused)
	slices.SortFunc(refused, func(a, b *Refusal) int { return a.Line - b.Line })
	for _, no := range refused {
		if r.job.Refused != nil {
			r.job.Refused(*no)
		}
	}
	for _, o := range batch {
		if o.line == 0 {
			r.report.Skipped++
		}
	}
	return nil
}

// promised: a time the customer asked for may have passed since the row came in; it is there all the same.
func (r *run) promised(tx *db.Tx, n ticket.New, refused error) (bool, error) {
	if f := fault.Of(refused); f == nil || f.Key != "ticket.requested-past" {
		return false, nil
	}
	_, err := ticket.ByRef(tx, n.Campaign, n.Ref)
	if fault.Is(err, fault.Missing) {
		return false, nil
	}
	return err == nil, err
}

// judge holds each row against the rules of every door, and against the rows before it.
func (r *run) judge(tx *db.Tx, batch []one, fresh map[uint64]first) ([]one, error) {
	var services []string
	var phones []phone.Number
	for _, o := range batch {
		if o.line == 0 || o.refusal != nil {
			continue
		}
		if o.ticket.ServiceNo != "" {
			services = append(services, o.ticket.ServiceNo)
		}
		phones = append(phones, o.ticket.Contacts[0].Phone)
	}
	ofService, ofPhone, err := customer.Known(tx, services, phones)
	if err != nil {
		return nil, err
	}
	judged := slices.Clone(batch)
	for i := range judged {
		o := &judged[i]
		if o.line == 0 || o.refusal != nil {
			continue
		}
		asked := o.form
		if isList(r.job.Campaign) { // its times are the Ideas application's, the leader only brings them (5.8.1.source)
			asked.OpenedAt = time.Time{}
		}
		err := mayOpen(r.job.By, asked, tx.Now)
		if err == nil {
			var known *customer.Customer
			if c, ok := ofService[o.ticket.ServiceNo]; ok {
				known = &c
			} else if c, ok := ofPhone[o.ticket.Contacts[0].Phone]; ok {
				known = &c
			}
			o.ticket.Fields = o.form.Fields
			err = r.desk.fit(tx, r.job.By, o.form, &o.ticket, known)
		}
		if err == nil {
			err = r.twice(*o, fresh)
		}
		if err != nil {
			o.refusal = r.read.refusal(o.line, "", err)
		}
	}
	return judged, nil
}

// twice: the same ref later in the file is there already when the row says the same, and refused when it says otherwise:
// nobody can know which of the two is right.
func (r *run) twice(o one, fresh map[uint64]first) error {
	before, ok := r.seen[o.key]
	if !ok {
		before, ok = fresh[o.key]
	}
	switch {
	case !ok:
		fresh[o.key] = first{o.line, o.sum}
	case before.sum != o.sum:
		return fault.New(fault.Invalid, "intake.ref-twice", "ref", o.ticket.Ref, "first", before.line).At("ref", "")
	}
	return nil
}
