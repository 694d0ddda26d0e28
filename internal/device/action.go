package device

import (
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// Kinds of action.
const (
	Reboot       = "reboot"
	WiFi         = "wifi"
	FactoryReset = "factory-reset"
)

// Kinds lists them in the order a page shows them.
var Kinds = []string{Reboot, WiFi, FactoryReset}

// States of an action. Queued is not done.
const (
	Asked   = "asked"   // kept here; by hand: somebody is to do it
	Queued  = "queued"  // the ACS has it
	Done    = "done"    // the ACS, or who did it, says so
	Failed  = "failed"  // with why
	Expired = "expired" // nobody said so in time, and it is not tried any more
)

// Action is what was asked of a device.
type Action struct {
	ID        db.ID
	ServiceNo string
	Kind      string
	State     string
	ByHand    bool
	SSID      string
	Secret    bool // a new password was set; which one is kept nowhere
	Ticket    db.ID
	Task      string
	Why       string // "device.why." + Why is its sentence, or the ACS's own words
	AskedAt   time.Time
	AskedBy   db.ID
	SettledAt time.Time
	SettledBy db.ID
}

// Open tells whether it may still happen.
func (a Action) Open() bool { return a.State == Asked || a.State == Queued }

// Order is what somebody asks. Confirm is its kind once more, said on purpose; a factory reset takes Again too: the last four
// digits of the service number, read from the customer's and not from habit.
type Order struct {
	ServiceNo   string
	Kind        string
	SSID        string
	Password    string // handed to the ACS and forgotten
	NewPassword bool   // by hand: a new one is set in the ACS, and sapa does not hear it
	Ticket      db.ID
	Confirm     string
	Again       string
}

func (o Order) check(byHand bool) error {
	wifi := o.Kind == WiFi
	switch {
	case o.Kind != Reboot && !wifi && o.Kind != FactoryReset:
		return fault.New(fault.Invalid, "device.kind").At("kind", clause)
	case !wifi && (o.SSID != "" || o.Password != "" || o.NewPassword):
		return fault.New(fault.Invalid, "device.not-wifi").At("kind", clause)
	case wifi && o.SSID == "" && o.Password == "" && !o.NewPassword:
		return fault.New(fault.Invalid, "device.nothing").At("ssid", clause)
	case o.SSID != "" && !goodSSID(o.SSID):
		return fault.New(fault.Invalid, "device.ssid").At("ssid", clause)
	case byHand && o.Password != "":
		return fault.New(fault.Invalid, "device.password-by-hand").At("password", clause)
	case !byHand && o.NewPassword && o.Password == "":
		return fault.New(fault.Invalid, "device.password").At("password", clause)
	case o.Password != "" && !goodPassword(o.Password):
		return fault.New(fault.Invalid, "device.password").At("password", clause)
	case o.Confirm != o.Kind:
		return fault.New(fault.Invalid, "device.confirm").At("confirm", clause)
	case o.Kind == FactoryReset && (len(o.ServiceNo) < 4 || strings.TrimSpace(o.Again) != o.ServiceNo[len(o.ServiceNo)-4:]):
		return fault.New(fault.Invalid, "device.again").At("again", clause)
	}
	return nil
}

// ask keeps what was asked; Conflict "device.busy" while another action of the device may still happen.
func ask(tx *db.Tx, by who.Actor, d Device, o Order, byHand bool) (Action, error) {
	a := Action{ID: tx.NewID(), ServiceNo: d.ServiceNo, Kind: o.Kind, State: Asked, ByHand: byHand, SSID: o.SSID, Secret: o.Password != "" || o.NewPassword,
		Ticket: o.Ticket, AskedAt: tx.Now, AskedBy: db.ID(by.ID)}
	var open int
	if err := tx.Row(`SELECT count(*) FROM device_action WHERE service_no = $1 AND state IN ('asked','queued')`, d.ServiceNo).Scan(&open); err != nil {
		return a, err
	}
	if open > 0 {
		return a, fault.New(fault.Conflict, "device.busy").At("service_no", clause)
	}
	_, err := tx.Exec(`
		INSERT INTO device_action(id, service_no, kind, state, by_hand, ssid, secret, ticket, asked_at, asked_by)
		VALUES ($1, $2, $3, 'asked', $4, $5, $6, $7, $8, $9)`,
		a.ID, a.ServiceNo, a.Kind, bit(a.ByHand), a.SSID, bit(a.Secret), a.Ticket, db.Millis(a.AskedAt), a.AskedBy)
	if err != nil {
		return a, err
	}
	return a, note(tx, by, a)
}

// note writes how an action stands into the journal: what it is and how far, never a name or a password.
func note(tx *db.Tx, by who.Actor, a Action) error {
	_, err := journal.Write(tx, journal.Entry{By: by, Act: "device." + a.State, Kind: "device-action", Ref: a.ID, Ticket: a.Ticket, Data: map[string]string{"kind": a.Kind}})
	return err
}

// queued keeps that the ACS has an action. Exactly one caller is told that it was the one.
func queued(tx *db.Tx, a Action, task string) (bool, error) {
	n, err := tx.Exec(`UPDATE device_action SET state = 'queued', task = $2 WHERE id = $1 AND state = 'asked' AND by_hand = 0`, a.ID, task)
	if err != nil || n == 0 {
		return false, err
	}
	a.State = Queued
	return true, note(tx, who.House, a)
}

// settle ends an action that is as it was read; zero rows mean that somebody else has. What is done changes what is on record.
func settle(tx *db.Tx, by who.Actor, a Action, state, why string) (bool, error) {
	n, err := tx.Exec(`UPDATE device_action SET state = $3, why = $4, settled_at = $5, settled_by = $6 WHERE id = $1 AND state = $2`,
		a.ID, a.State, state, why, db.Millis(tx.Now), db.ID(by.ID))
	if err != nil || n == 0 {
		return false, err
	}
	if state == Done && a.SSID != "" {
		if _, err := tx.Exec(`UPDATE device SET ssid = $2, changed_at = $3 WHERE service_no = $1`, a.ServiceNo, a.SSID, db.Millis(tx.Now)); err != nil {
			return false, err
		}
	}
	a.State = state
	return true, note(tx, by, a)
}

// Settle keeps the word of the person who did it by hand: done, or failed with why. What the ACS has is the ACS's to tell.
func Settle(tx *db.Tx, by who.Actor, serviceNo string, id db.ID, done bool, why string) (Action, error) {
	a, err := one(tx, id)
	if err == nil && a.ServiceNo != number(serviceNo) {
		err = fault.New(fault.Missing, "device.no-action")
	}
	if err != nil {
		return a, err
	}
	why = strings.Join(strings.Fields(why), " ")
	state := Done
	if !done {
		state = Failed
	}
	switch {
	case !a.ByHand:
		return a, fault.New(fault.Conflict, "device.not-by-hand").At("", clause)
	case !a.Open():
		return a, fault.New(fault.Conflict, "device.settled").At("", clause)
	case !done && why == "", len(why) > 200, !printable(why):
		return a, fault.New(fault.Invalid, "device.why").At("why", clause)
	}
	if done {
		why = ""
	}
	ok, err := settle(tx, by, a, state, why)
	if err == nil && !ok {
		err = fault.New(fault.Conflict, "device.settled").At("", clause)
	}
	if err != nil {
		return a, err
	}
	return one(tx, id)
}

const columns = `id, service_no, kind, state, by_hand, ssid, secret, ticket, task, why, asked_at, asked_by, settled_at, settled_by`

func scan(s db.Scanner) (a Action, err error) {
	var hand, secret, asked, settled int64
	err = s.Scan(&a.ID, &a.ServiceNo, &a.Kind, &a.State, &hand, &a.SSID, &secret, &a.Ticket, &a.Task, &a.Why, &asked, &a.AskedBy, &settled, &a.SettledBy)
	a.ByHand, a.Secret, a.AskedAt, a.SettledAt = hand == 1, secret == 1, moment(asked), moment(settled)
	return a, err
}

func one(tx *db.Tx, id db.ID) (Action, error) {
	a, err := scan(tx.Row(`SELECT `+columns+` FROM device_action WHERE id = $1`, id))
	if fault.Is(err, fault.Missing) {
		err = fault.New(fault.Missing, "device.no-action")
	}
	return a, err
}

// Actions lists what was asked of a device, the latest first, at most limit (1 to 50; 0 means 10).
func Actions(tx *db.Tx, serviceNo string, limit int) (all []Action, err error) {
	if limit <= 0 || limit > 50 {
		limit = 10
	}
	err = tx.Each(`SELECT `+columns+` FROM device_action WHERE service_no = $1 ORDER BY id DESC LIMIT $2`, []any{number(serviceNo), limit}, func(s db.Scanner) error {
		a, err := scan(s)
		all = append(all, a)
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
