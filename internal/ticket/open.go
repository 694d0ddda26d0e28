package ticket

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/phone"
	"sapa/internal/who"
)

// New is a ticket to be opened. The one who opens it has checked the campaign's own rules already.
type New struct {
	Campaign    string
	Ref         string // "" makes one
	ServiceNo   string // "" for a prospect
	Customer    db.ID  // 0: not known
	ContactName string
	Contacts    []Contact // at least one
	Note        string
	Criterion   string
	Zone        string    // IANA
	Source      string    // tier1, api, import, feed, practice
	OpenedAt    time.Time // zero: now
	RequestedAt time.Time // a time the customer asked for: a promise
	Owner       db.ID     // who works it, when it was dealt to a person (Ideas)
	Fields      map[string]string
	Quiet       bool // a bulk act keeps one journal entry for all its rows itself
}

// Longest texts a ticket takes, in characters.
const (
	longNote = 8000
	longName = 200
	longRef  = 100
)

var prefixes = map[string]string{"callback": "CB", "nossa": "NS", "ivr-gamas": "IG", "c4-carring": "C4", "force-close": "FC", "fresh-lapul": "SP", "ideas": "ID"}

// Open puts a ticket in. The same campaign and ref again gives the ticket that is there, with fresh false (SOP 5.2.1:
// the creation time starts the waiting clock).
func Open(tx *db.Tx, by who.Actor, n New) (t Ticket, fresh bool, err error) {
	if n.Ref != "" { // before the check: a time asked for then may have passed now
		if t, err = ByRef(tx, n.Campaign, n.Ref); !fault.Is(err, fault.Missing) {
			return t, false, err
		}
	}
	if err := n.check(tx.Now); err != nil {
		return t, false, err
	}
	if n.OpenedAt.IsZero() {
		n.OpenedAt = tx.Now
	}
	if n.Ref == "" {
		if n.Ref, err = nextRef(tx, n.Campaign, n.Zone); err != nil {
			return t, false, err
		}
	}
	t = n.ticket(tx, by)
	if err := t.settleDown(tx); err != nil {
		return t, false, err
	}
	if fresh, err = insert(tx, t); err != nil {
		return t, false, err
	}
	if !fresh {
		t, err = ByRef(tx, n.Campaign, n.Ref)
		return t, false, err
	}
	if err := toSearch(tx, t.ID); err != nil {
		return t, true, err
	}
	if err := knowPool(tx, t.Campaign, t.Zone); err != nil || n.Quiet {
		return t, true, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "ticket.opened", Kind: "ticket", Ref: t.ID, Ticket: t.ID,
		Data: map[string]string{"campaign": t.Campaign, "source": t.Source}})
	return t, true, err
}

func (n New) check(now time.Time) error {
	switch {
	case n.Campaign == "":
		return fault.New(fault.Invalid, "ticket.campaign").At("campaign", "")
	case len(n.Contacts) == 0 || n.Contacts[0].Phone == "":
		return fault.New(fault.Invalid, "ticket.contact").At("contact.phone", "5.2.1")
	case len([]rune(n.Note)) > longNote:
		return fault.New(fault.Invalid, "ticket.note-long", "max", longNote).At("note", "5.2.1")
	case len([]rune(n.ContactName)) > longName:
		return fault.New(fault.Invalid, "ticket.name-long", "max", longName).At("contact.name", "5.2.1")
	case len(n.Ref) > longRef:
		return fault.New(fault.Invalid, "ticket.ref-long", "max", longRef).At("ref", "")
	case n.OpenedAt.After(now.Add(time.Minute)):
		return fault.New(fault.Invalid, "ticket.opened-later").At("opened_at", "")
	case !n.RequestedAt.IsZero() && !n.RequestedAt.After(now):
		return fault.New(fault.Invalid, "ticket.requested-past").At("requested_at", "5.2.1")
	}
	if !zoneKnown(n.Zone) {
		return fault.New(fault.Invalid, "ticket.zone", "zone", n.Zone).At("zone", "")
	}
	return nil
}

// zones holds the names that were asked for and exist: reading one from disk costs as much as storing a ticket.
var zones sync.Map

func zoneKnown(name string) bool {
	if _, known := zones.Load(name); known {
		return true
	}
	if _, err := time.LoadLocation(name); err != nil || name == "" || name == "Local" {
		return false
	}
	zones.Store(name, true)
	return true
}

// Subject is whom a hold covers: the customer; without one the service; without one the number (decisions.md 2).
func Subject(customer db.ID, serviceNo string, contact phone.Number) string {
	switch {
	case customer != 0:
		return "customer:" + customer.String()
	case serviceNo != "":
		return "service:" + serviceNo
	}
	return "phone:" + contact.Full()
}

// forGood is a while that does not end. A later year does not fit into the JSON that an undo keeps.
var forGood = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

func (n New) ticket(tx *db.Tx, by who.Actor) Ticket {
	t := Ticket{ID: tx.NewID(), Campaign: n.Campaign, Ref: n.Ref, State: Waiting, Customer: n.Customer, ServiceNo: n.ServiceNo,
		ContactName: n.ContactName, Contact: n.Contacts[0].Phone, Contacts: n.Contacts, Note: n.Note, Criterion: n.Criterion, Zone: n.Zone,
		Source: n.Source, Fields: n.Fields, OpenedAt: n.OpenedAt.UTC().Truncate(time.Millisecond), OpenedBy: db.ID(by.ID), Rank: RankRest, Awake: true,
		Owner: n.Owner, Version: 1}
	t.OrderAt = t.OpenedAt
	t.Subject = Subject(t.Customer, t.ServiceNo, t.Contact)
	if t.Fields == nil {
		t.Fields = map[string]string{}
	}
	if !n.RequestedAt.IsZero() {
		t.DueAt = n.RequestedAt.UTC().Truncate(time.Millisecond)
		t.WakeAt, t.Awake, t.Rank, t.OrderAt = t.DueAt, false, RankPromise, t.DueAt
	}
	if n.Owner != 0 { // dealt to a person: theirs until the leader deals again
		t.OwnerUntil = forGood
	}
	return t
}

const insertColumns = `id, campaign, ref, state, subject, customer, service_no, contact_name, contact, contacts, note,
	criterion, zone, source, fields, opened_at, opened_by, pool, rank, order_at, awake, wake_at, due_at, owner, owner_until, changed_at,
	outage, parked_wake`

func insert(tx *db.Tx, t Ticket) (bool, error) {
	row, err := insertRow(tx, t, nil)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(`
		INSERT INTO ticket(`+insertColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)
		ON CONFLICT (campaign, ref) DO NOTHING`, row...)
	return n == 1, err
}

// insertRow adds a ticket's values to those of the rows before it.
func insertRow(tx *db.Tx, t Ticket, rows []any) ([]any, error) {
	contacts, err := jsonText(t.Contacts)
	if err != nil {
		return nil, err
	}
	fields, err := jsonText(t.Fields)
	if err != nil {
		return nil, err
	}
	return append(rows,
		t.ID, t.Campaign, t.Ref, string(t.State), t.Subject, t.Customer, t.ServiceNo, t.ContactName, t.Contact.Full(),
		contacts, t.Note, t.Criterion, t.Zone, t.Source, fields, db.Millis(t.OpenedAt), t.OpenedBy,
		Pool(t.Campaign, t.Zone), t.Rank, db.Millis(t.OrderAt), bit(t.Awake), db.Millis(t.WakeAt), db.Millis(t.DueAt), t.Owner,
		db.Millis(t.OwnerUntil), db.Millis(tx.Now), t.outage(), db.Millis(t.ParkedWake)), nil
}

// outage is the column's value: NULL for none.
func (t Ticket) outage() any {
	if t.Outage == 0 {
		return nil
	}
	return t.Outage
}

// nextRef makes a number of ours: CB-20261123-00001, the day being the customer's (domain 3.2).
func nextRef(tx *db.Tx, campaign, zone string) (string, error) {
	where, err := time.LoadLocation(zone)
	if err != nil {
		return "", fmt.Errorf("number for %s: %w", campaign, err)
	}
	short, ok := prefixes[campaign]
	if !ok {
		short = strings.ToUpper(campaign)
	}
	prefix := short + "-" + tx.Now.In(where).Format("20060102")
	var n int64
	err = tx.Row(`
		INSERT INTO ref_count(prefix, n) VALUES ($1, 1)
		ON CONFLICT (prefix) DO UPDATE SET n = ref_count.n + 1
		RETURNING n`, prefix).Scan(&n)
	return fmt.Sprintf("%s-%05d", prefix, n), err
}

// pools known to be stored, so that a bulk act does not ask for each row. Only what was committed is remembered.
var pools sync.Map // store's pool key -> true

func knowPool(tx *db.Tx, campaign, zone string) error {
	key := poolKey{tx.Store(), Pool(campaign, zone)}
	if _, known := pools.Load(key); known {
		return nil
	}
	_, err := tx.Exec(`INSERT INTO pool(pool, campaign, zone) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, key.pool, campaign, zone)
	tx.After(func() { pools.Store(key, true) })
	return err
}

type poolKey struct {
	store any
	pool  string
}

// Zones lists the zones in which a campaign has had tickets.
func Zones(tx *db.Tx, campaign string) ([]string, error) {
	var zones []string
	err := tx.Each(`SELECT zone FROM pool WHERE campaign = $1 ORDER BY zone`, []any{campaign}, func(s db.Scanner) error {
		var z string
		err := s.Scan(&z)
		zones = append(zones, z)
		return err
	})
	return zones, err
}
