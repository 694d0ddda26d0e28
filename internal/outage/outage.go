// Package outage keeps mass outages (gamas, SOP 5.4): over what one is declared, why, until when, and how far what follows
// from it has come. Declaring is one act that everybody respects at once through the view outage_of. It moves no ticket and
// no trouble ticket itself: lead does, in turns.
package outage

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// States of an outage.
const (
	Draft     = "draft" // its list of services is being written: nobody is held by it yet
	Declared  = "declared"
	Recovered = "recovered"
)

// Phases of what follows in turns.
const (
	Parking   = "parking"
	Settled   = "parked"
	Releasing = "releasing"
	Released  = "released"
)

// Outage is one mass outage.
type Outage struct {
	ID          db.ID
	State       string
	Phase       string
	Reason      string    // what has happened, in the leader's words: it is said to customers
	Estimate    time.Time // when it should be over; zero: nobody knows
	Services    int64     // lines it stood over when it was declared
	Parent      db.ID     // its trouble ticket (induk gamas)
	Verify      bool      // who reported is called once it is over
	DeclaredAt  time.Time
	DeclaredBy  db.ID
	RecoveredAt time.Time
	RecoveredBy db.ID
	Released    int64 // tickets given back to the queue
	Completed   int64 // children of its trouble ticket that ended with it
	Verifying   int64 // verification calls opened
}

// Live tells whether it still holds.
func (o Outage) Live() bool { return o.State == Declared }

const columns = `id, state, phase, reason, estimate_at, services, COALESCE(parent, 0), verify, declared_at, declared_by, recovered_at, recovered_by,
	released, completed, verifying`

func scan(s db.Scanner) (o Outage, err error) {
	var estimate, declared, recovered int64
	var verify int
	err = s.Scan(&o.ID, &o.State, &o.Phase, &o.Reason, &estimate, &o.Services, &o.Parent, &verify, &declared, &o.DeclaredBy, &recovered, &o.RecoveredBy,
		&o.Released, &o.Completed, &o.Verifying)
	o.Estimate, o.DeclaredAt, o.RecoveredAt, o.Verify = db.Time(estimate), db.Time(declared), db.Time(recovered), verify == 1
	return o, err
}

const longReason = 300

// New is an outage to be declared.
type New struct {
	Scope    Scope
	Reason   string
	Estimate time.Time // zero: nobody knows
	Asked    string    // who asks with which key: the same again is the same outage
}

func (n *New) check(now time.Time) error {
	n.Reason = strings.Join(strings.Fields(n.Reason), " ")
	switch l := utf8.RuneCountInString(n.Reason); {
	case l < 3 || l > longReason:
		return fault.New(fault.Invalid, "outage.reason", "max", longReason).At("reason", "5.4.6")
	case !n.Estimate.IsZero() && !n.Estimate.After(now):
		return fault.New(fault.Invalid, "outage.estimate").At("estimate", "5.4.6")
	}
	return nil
}

// Begin writes an outage down as a draft with the parts of its scope that are few; services are added by AddServices. The
// same Asked again gives the one that is there, whatever has become of it.
func Begin(tx *db.Tx, by who.Actor, n New, services int64) (Outage, error) {
	if err := n.Scope.check(); err != nil {
		return Outage{}, err
	}
	o, err := scan(tx.Row(`SELECT `+columns+` FROM outage WHERE asked = $1`, n.Asked))
	if !fault.Is(err, fault.Missing) {
		return o, err
	}
	if err := n.check(tx.Now); err != nil {
		return o, err
	}
	id := tx.NewID()
	_, err = tx.Exec(`
		INSERT INTO outage(id, asked, state, phase, reason, estimate_at, services, declared_by) VALUES ($1, $2, 'draft', '', $3, $4, $5, $6)
		ON CONFLICT (asked) DO NOTHING`, id, n.Asked, n.Reason, db.Millis(n.Estimate), services, by.ID)
	if err != nil {
		return o, err
	}
	o, err = scan(tx.Row(`SELECT `+columns+` FROM outage WHERE asked = $1`, n.Asked))
	if err != nil || o.ID != id {
		return o, err
	}
	for _, p := range n.Scope.places() {
		if err := add(tx, id, p); err != nil {
			return o, err
		}
	}
	return o, nil
}

// AddServices adds service numbers to a draft; one that is there already is there once.
func AddServices(tx *db.Tx, id db.ID, services []string) error {
	for _, no := range services {
		if err := add(tx, id, place{Service, no}); err != nil {
			return err
		}
	}
	return nil
}

func add(tx *db.Tx, id db.ID, p place) error {
	_, err := tx.Exec(`
		INSERT INTO outage_scope(value, kind, outage) SELECT $1, $2, id FROM outage WHERE id = $3 AND state = 'draft'
		ON CONFLICT DO NOTHING`, p.value, p.kind, id)
	return err
}

// Declare is the one act: from its commit on no ticket of an affected service is handed out, IVR Gamas apart. parent is its
// trouble ticket. Of an outage that is declared already it changes nothing; fresh is false then.
func Declare(tx *db.Tx, by who.Actor, id, parent db.ID) (o Outage, fresh bool, err error) {
	n, err := tx.Exec(`
		UPDATE outage SET state = 'declared', phase = 'parking', parent = $2, declared_at = $3, declared_by = $4
		 WHERE id = $1 AND state = 'draft'`, id, parent, db.Millis(tx.Now), by.ID)
	if err != nil {
		return o, false, err
	}
	if o, err = Get(tx, id); err != nil || n == 0 {
		return o, false, err
	}
	scope, err := ScopeOf(tx, id, 20)
	if err != nil {
		return o, true, err
	}
	said, err := json.Marshal(scope.network())
	if err != nil {
		return o, true, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "outage.declared", Kind: "outage", Ref: id, Data: map[string]string{"scope": string(said)}})
	return o, true, err
}

// Recover ends it: what it held may be handed out again as it is released. One that is over already stays as it is; fresh is
// false then. Missing when it was never declared.
func Recover(tx *db.Tx, by who.Actor, id db.ID) (o Outage, fresh bool, err error) {
	o, err = lock(tx, id)
	if err != nil || o.State == Recovered {
		return o, false, err
	}
	if o.State == Draft {
		return o, false, fault.New(fault.Missing, "outage.missing")
	}
	rule, err := ReadRule(tx)
	if err != nil {
		return o, false, err
	}
	o.Verify = rule.Verify && !tx.Now.Before(o.DeclaredAt.Add(rule.After))
	_, err = tx.Exec(`
		UPDATE outage SET state = 'recovered', phase = 'releasing', recovered_at = $2, recovered_by = $3, verify = $4
		 WHERE id = $1`, id, db.Millis(tx.Now), by.ID, bit(o.Verify))
	if err == nil {
		_, err = journal.Write(tx, journal.Entry{By: by, Act: "outage.recovered", Kind: "outage", Ref: id})
	}
	if err == nil {
		o, err = Get(tx, id)
	}
	return o, true, err
}

// Count adds what one turn of a release has done.
func Count(tx *db.Tx, id db.ID, released, completed, verifying int64) error {
	_, err := tx.Exec(`UPDATE outage SET released = released + $2, completed = completed + $3, verifying = verifying + $4 WHERE id = $1`, id, released, completed, verifying)
	return err
}

// Done ends a phase, if the outage is still in it: parking becomes parked, releasing becomes released.
func Done(tx *db.Tx, id db.ID, phase string, tickets int64) error {
	next := map[string]string{Parking: Settled, Releasing: Released}[phase]
	n, err := tx.Exec(`UPDATE outage SET phase = $3 WHERE id = $1 AND phase = $2`, id, phase, next)
	if err == nil && n > 0 {
		_, err = journal.Write(tx, journal.Entry{By: who.House, Act: "outage." + next, Kind: "outage", Ref: id, Data: map[string]string{"tickets": db.ID(tickets).String()}})
	}
	return err
}

// Get reads an outage; Missing "outage.missing" when there is none.
func Get(tx *db.Tx, id db.ID) (Outage, error) {
	o, err := scan(tx.Row(`SELECT `+columns+` FROM outage WHERE id = $1`, id))
	return o, instead(err)
}

func lock(tx *db.Tx, id db.ID) (Outage, error) {
	o, err := scan(tx.Row(`SELECT `+columns+` FROM outage WHERE id = $1 /*pg: FOR UPDATE*/`, id))
	return o, instead(err)
}

func instead(err error) error {
	if fault.Is(err, fault.Missing) {
		return fault.New(fault.Missing, "outage.missing")
	}
	return err
}

// Affects gives the declared outage a service stands in; false when none.
func Affects(tx *db.Tx, serviceNo string) (Outage, bool, error) {
	if serviceNo == "" {
		return Outage{}, false, nil
	}
	var id db.ID
	err := tx.Row(`SELECT v.outage FROM outage_of v WHERE v.service_no = $1 LIMIT 1`, serviceNo).Scan(&id)
	if fault.Is(err, fault.Missing) {
		return Outage{}, false, nil
	}
	if err != nil {
		return Outage{}, false, err
	}
	o, err := Get(tx, id)
	return o, err == nil, err
}

// Stands tells whether a service stands in this declared outage, whatever other one it stands in.
func Stands(tx *db.Tx, id db.ID, serviceNo string) (is bool, err error) {
	err = tx.Row(`SELECT EXISTS (SELECT 1 FROM outage_of v WHERE v.service_no = $1 AND v.outage = $2)`, serviceNo, id).Scan(&is)
	return is, err
}

// OfParent gives the declared outage whose trouble ticket this is; false when it is none's.
func OfParent(tx *db.Tx, parent db.ID) (id db.ID, is bool, err error) {
	err = tx.Row(`SELECT id FROM outage WHERE parent = $1 AND parent IS NOT NULL AND state = 'declared'`, parent).Scan(&id)
	if fault.Is(err, fault.Missing) {
		return 0, false, nil
	}
	return id, err == nil, err
}

// Active lists the declared ones, oldest first.
func Active(tx *db.Tx) ([]Outage, error) {
	return list(tx, `SELECT `+columns+` FROM outage WHERE state = 'declared' ORDER BY id LIMIT 200`)
}

// Recent lists the last ones that were declared, newest first, over or not.
func Recent(tx *db.Tx, limit int) ([]Outage, error) {
	return list(tx, `SELECT `+columns+` FROM outage WHERE state <> 'draft' ORDER BY id DESC LIMIT $1`, limit)
}

// Unsettled lists those in a phase, oldest first.
func Unsettled(tx *db.Tx, phase string) ([]Outage, error) {
	return list(tx, `SELECT `+columns+` FROM outage WHERE phase = $1 AND (phase = 'parking' OR phase = 'releasing') ORDER BY id LIMIT 200`, phase)
}

func list(tx *db.Tx, query string, args ...any) ([]Outage, error) {
	var all []Outage
	err := tx.Each(query, args, func(s db.Scanner) error {
		o, err := scan(s)
		all = append(all, o)
		return err
	})
	return all, err
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
