package trouble

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/phone"
	"sapa/internal/who"
)

// Incoming is one row of a Nossa-side list. What a row leaves empty says nothing and changes nothing.
type Incoming struct {
	No                          string // domain 3.2
	ServiceNo, Service          string
	Customer                    db.ID
	CustomerName, CustomerClass string
	State                       State
	Group                       string // id, name, or any other group's name
	Symptom, Classification     string // ids, codes, or the list's own words
	ContactName, ContactEmail   string
	ContactMobile               phone.Number
	HardComplaint, Urgency      string
	Description                 string
	Source                      string // nossa, gamas, feed; "": nossa
	Parent                      string // number of the outage; it may come later than its children
	STO, Witel                  string
	ClosingReason               string
	Lapul, Gaul                 int // the other side's counts
	OpenedAt, ResolvedAt        time.Time
	At                          time.Time // when the other side changed it last; an older row than the one before moves nothing
	Notes                       []Note    // worklog rows, each with its Ref
}

// Take brings a row of a list into the store: a number that is not known becomes a ticket, a known one follows what the row
// says. The same row again changes nothing. A state moves the ticket only when the other side says another one than it said
// last, so that an old list does not undo what was done here since. fresh: the ticket is new.
//
// Lapul is the count of the customer's notes. When the list counts more than it brings along, entries that say just that are
// written for the rest.
func Take(tx *db.Tx, by who.Actor, in Incoming) (t Ticket, c Change, fresh bool, err error) {
	if err := in.check(); err != nil {
		return t, c, false, err
	}
	before, err := scan(tx.Row(`SELECT `+columns+` FROM trouble WHERE no = $1 /*pg: FOR UPDATE*/`, in.No))
	switch {
	case fault.Is(err, fault.Missing):
		if t, err = take(tx, by, in); err != nil {
			return t, c, false, err
		}
		fresh, c.Move = true, "arrive"
	case err != nil:
		return t, c, false, err
	default:
		t = before
		c.Before = before
		if err := t.follow(tx, by, in, &c); err != nil {
			return before, Change{}, false, err
		}
	}
	if err := t.notes(tx, by, in, &c); err != nil {
		return before, Change{}, false, err
	}
	if !fresh && reflect.DeepEqual(before, t) {
		c.After = before
		return before, c, false, nil
	}
	if err := save(tx, &t); err != nil {
		return before, Change{}, false, err
	}
	if fresh {
		err = adopt(tx, t)
	}
	c.After = t
	return t, c, fresh, err
}

func (in *Incoming) check() error {
	no, ok := Number(in.No)
	if !ok {
		return fault.New(fault.Invalid, "trouble.number", "value", in.No).At("no", "")
	}
	in.No = no
	in.State = State(strings.ToUpper(strings.TrimSpace(string(in.State))))
	if _, known := theTable.states[in.State]; !known && in.State != "" {
		return fault.New(fault.Invalid, "trouble.state", "value", string(in.State), "known", strings.Join(theTable.names(), ", ")).At("state", "")
	}
	if in.Source == "" {
		in.Source = Nossa
	}
	if !slices.Contains([]string{Nossa, Gamas, Feed}, in.Source) {
		return fault.New(fault.Invalid, "trouble.source", "value", in.Source).At("source", "")
	}
	if in.ServiceNo != "" {
		service, _, err := phone.ParseService(in.ServiceNo)
		if err != nil {
			return err
		}
		in.ServiceNo = string(service)
	}
	in.Service = strings.ToLower(in.Service)
	if in.Service != "" && !slices.Contains(Services, in.Service) {
		return fault.New(fault.Invalid, "trouble.service", "value", in.Service).At("service", "5.2.10.h")
	}
	if in.Parent != "" {
		if in.Parent, ok = Number(in.Parent); !ok || in.Parent == in.No {
			return fault.New(fault.Invalid, "trouble.parent", "value", in.Parent).At("parent", "")
		}
	}
	if in.Lapul < 0 || in.Lapul > mostLapul || in.Gaul < 0 {
		return fault.New(fault.Invalid, "trouble.count", "max", mostLapul).At("lapul", "")
	}
	for field, text := range map[string]string{"customer_name": in.CustomerName, "customer_class": in.CustomerClass, "group": in.Group, "symptom": in.Symptom,
		"classification": in.Classification, "contact_name": in.ContactName, "contact_email": in.ContactEmail, "hard_complaint": in.HardComplaint,
		"urgency": in.Urgency, "sto": in.STO, "witel": in.Witel, "closing_reason": in.ClosingReason} {
		if utf8.RuneCountInString(text) > longText {
			return fault.New(fault.Invalid, "trouble.text-long", "max", longText).At(field, "")
		}
	}
	if utf8.RuneCountInString(in.Description) > longDescription {
		return fault.New(fault.Invalid, "trouble.text-long", "max", longDescription).At("description", "")
	}
	in.Group, in.Classification, in.Symptom = groupID(in.Group), leafID(in.Classification), symptomID(in.Symptom)
	in.ClosingReason = strings.TrimSpace(in.ClosingReason)
	return nil
}

// mostLapul bounds the entries that one row can ask for: a count beyond it is a mistake in the list.
const mostLapul = 200

const longText = 300 // characters of one value of a row

// take opens what a list brings for the first time. Where the service has an open report already it stands beside it: the
// other side's list is told, not judged.
func take(tx *db.Tx, by who.Actor, in Incoming) (Ticket, error) {
	t := Ticket{ID: tx.NewID(), No: in.No, Source: in.Source, OpenedBy: db.ID(by.ID), OpenedAt: in.OpenedAt.UTC().Truncate(time.Millisecond)}
	if in.OpenedAt.IsZero() || in.OpenedAt.After(tx.Now) {
		t.OpenedAt = tx.Now
	}
	if in.State == "" {
		in.State = Fresh
	}
	t.details(in)
	t.Group = in.Group
	if err := t.family(tx, in.Parent); err != nil {
		return t, err
	}
	rules, err := readRules(tx)
	if err != nil {
		return t, err
	}
	if t.Gaul, err = gaul(tx, rules, t.ServiceNo); err != nil {
		return t, err
	}
	t.Gaul = max(t.Gaul, in.Gaul)
	if err := first(tx, by, &t, "arrive", in.State, nil); err != nil {
		return t, err
	}
	t.said(in)
	if t.Beside, err = beside(tx, t); err != nil {
		return t, err
	}
	fresh, err := insert(tx, rules, &t)
	if err == nil && !fresh { // another act brought it, or opened a report for the service, at this moment
		return t, db.Again(changed())
	}
	if err != nil {
		return t, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "trouble.taken", Kind: "trouble", Ref: t.ID,
		Data: map[string]string{"no": t.No, "state": string(t.State), "source": t.Source}})
	return t, err
}

// follow brings a known ticket to what a row says.
func (t *Ticket) follow(tx *db.Tx, by who.Actor, in Incoming, c *Change) error {
	stale := !in.At.IsZero() && in.At.Before(t.FedAt)
	if stale {
		return nil
	}
	if t.Source != MyCX { // of a complaint of ours the list knows less than we do
		t.details(in)
	}
	t.Gaul = max(t.Gaul, in.Gaul)
	if err := t.family(tx, in.Parent); err != nil {
		return err
	}
	state, group := t.State, ""
	if in.State != "" && in.State != t.FedState {
		state = in.State
	}
	if in.Group != t.FedGroup && in.Group != t.Group {
		group = in.Group
	}
	if state == t.State && group == "" {
		t.said(in)
		return nil
	}
	r, known := theTable.find(t.State, "follow", state)
	if !known {
		return fmt.Errorf("trouble: the table does not follow from %s to %s", t.State, state)
	}
	wasOpen := t.Open()
	if err := advance(tx, by, t, r, Step{Reason: in.ClosingReason, Group: group}); err != nil {
		return err
	}
	if c.Move = "follow"; t.Open() && !wasOpen {
		c.Move = "reopen"
		var err error
		if t.Beside, err = beside(tx, *t); err != nil {
			return err
		}
	}
	t.said(in)
	return nil
}

// beside tells whether an open ticket would be the service's second one.
func beside(tx *db.Tx, t Ticket) (bool, error) {
	if !t.Open() {
		return false, nil
	}
	err := alone(tx, t)
	if fault.Is(err, fault.Conflict) {
		return true, nil
	}
	return false, err
}

// said keeps what the other side said last, and its own times and reason of an ending.
func (t *Ticket) said(in Incoming) {
	if in.State != "" {
		t.FedState = in.State
	}
	if in.Group != "" {
		t.FedGroup = in.Group
	}
	if in.At.After(t.FedAt) {
		t.FedAt = in.At.UTC().Truncate(time.Millisecond)
	}
	if t.Open() {
		return
	}
	if in.ClosingReason != "" {
		t.ClosingReason = in.ClosingReason
	}
	if at := in.ResolvedAt.UTC().Truncate(time.Millisecond); !in.ResolvedAt.IsZero() && at.After(t.OpenedAt) && at.Before(t.ResolvedAt) {
		t.TTRSeconds = max(t.TTRSeconds-int64(t.ResolvedAt.Sub(at)/time.Second), 0)
		t.ResolvedAt = at
	}
}

// details takes what the row says about the fault itself.
func (t *Ticket) details(in Incoming) {
	for _, f := range []struct {
		to   *string
		from string
	}{
		{&t.ServiceNo, in.ServiceNo}, {&t.Service, in.Service}, {&t.CustomerName, in.CustomerName}, {&t.CustomerClass, in.CustomerClass},
		{&t.Symptom, in.Symptom}, {&t.Classification, in.Classification}, {&t.ContactName, in.ContactName},
		{&t.ContactEmail, in.ContactEmail}, {&t.HardComplaint, in.HardComplaint}, {&t.Urgency, in.Urgency}, {&t.Description, in.Description},
		{&t.STO, in.STO}, {&t.Witel, in.Witel},
	} {
		if from := strings.TrimSpace(f.from); from != "" {
			*f.to = from
		}
	}
	if in.ContactMobile != "" {
		t.ContactMobile = in.ContactMobile
	}
	if in.Customer != 0 {
		t.Customer = in.Customer
	}
}

// family names the outage a ticket belongs to, and finds it when it has come.
func (t *Ticket) family(tx *db.Tx, parentNo string) error {
	if parentNo == "" || parentNo == t.ParentNo && t.Parent != 0 {
		return nil
	}
	t.ParentNo, t.Parent = parentNo, 0
	parent, err := ByNo(tx, parentNo)
	if fault.Is(err, fault.Missing) {
		return nil
	}
	t.Parent = parent.ID
	return err
}

// adopt gives a new ticket the children that came before it.
func adopt(tx *db.Tx, t Ticket) error {
	_, err := tx.Exec(`UPDATE trouble SET parent = $2, version = version + 1 WHERE parent_no = $1 AND parent = 0`, t.No, t.ID)
	return err
}

// notes writes the worklog rows that are new; one of the customer's on MEDIACARE or SALAMSIM is told by the state the list
// itself gives, so it only counts here.
func (t *Ticket) notes(tx *db.Tx, by who.Actor, in Incoming, c *Change) error {
	for i, n := range in.Notes {
		if n.Ref == "" {
			return fault.New(fault.Invalid, "trouble.note-ref", "row", i+1).At("notes", "")
		}
		n.Clause = theTable.worklog.told[n.Type]
		note, fresh, err := write(tx, by, t, n)
		if err != nil {
			return err
		}
		if fresh {
			c.Note = note
		}
	}
	for t.Lapul < in.Lapul {
		k := strconv.Itoa(t.Lapul + 1)
		note, fresh, err := write(tx, by, t, Note{Type: ClientNote, Clause: theTable.worklog.told[ClientNote], Ref: "lapul-" + k, At: in.At,
			Summary: "Laporan ulang ke-" + k + " menurut daftar; isinya tidak ikut dalam daftar."})
		if err != nil {
			return err
		}
		if !fresh { // cannot be: the ref names the count
			return fmt.Errorf("trouble %s: lapul %s is there but not counted", t.No, k)
		}
		c.Note = note
	}
	return nil
}
