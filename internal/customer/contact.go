package customer

import (
	"slices"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/phone"
	"sapa/internal/who"
)

// How a number was found not to be one to call any more.
const (
	Unreachable  = "unreachable"  // tulalit: the tone of a dead number (5.2.11.b1.not-valid)
	Unregistered = "unregistered" // not in use
	WrongNumber  = "wrong-number" // somebody answers who is not the customer's
	Told         = "told"         // the customer or a list said so
)

// Hows lists them.
var Hows = []string{Unreachable, Unregistered, WrongNumber, Told}

// Contact is one number a customer can be reached at (CP), and whether it still is one.
type Contact struct {
	ID       db.ID // names it where its number may not stand
	Phone    phone.Number
	Name     string // whose it is; "": the customer's own
	Relation string // istri, anak ...
	Dead     *Death // nil: it is offered
}

// Death is what is known about a number that is not offered any more.
type Death struct {
	At      time.Time
	How     string
	By      db.ID // the person who learned it; 0: the house or a list
	Ticket  db.ID // the ticket of the attempt
	Attempt db.ID // in which it was learned; 0: it was told
}

// PutContact keeps a number of a customer, behind those that are there; one that is there gets its name and relation, when
// they are said. It says nothing about whether the number lives.
func PutContact(tx *db.Tx, id db.ID, c Contact) error {
	_, err := tx.Exec(`
		INSERT INTO customer_contact(phone, customer, name, relation, id, place)
		SELECT $1, $2, $3, $4, CAST($5 AS BIGINT), COALESCE(max(place) + 1, 0) FROM customer_contact WHERE customer = $2
		ON CONFLICT (phone, customer) DO UPDATE SET
			name = CASE WHEN excluded.name = '' THEN customer_contact.name ELSE excluded.name END,
			relation = CASE WHEN excluded.relation = '' THEN customer_contact.relation ELSE excluded.relation END`,
		c.Phone.Full(), id, c.Name, c.Relation, tx.NewID())
	return err
}

// Contacts lists a customer's numbers: those that live in their order, then the dead ones, the newest death first.
func Contacts(tx *db.Tx, id db.ID) ([]Contact, error) {
	var all []Contact
	err := tx.Each(`
		SELECT id, phone, name, relation, dead_at, dead_how, dead_by, dead_ticket, dead_attempt FROM customer_contact
		 WHERE customer = $1
		 ORDER BY CASE WHEN dead_at > 0 THEN 1 ELSE 0 END, dead_at DESC, place, phone
		 LIMIT 50`, []any{id}, func(s db.Scanner) error {
		var c Contact
		var number string
		var at int64
		var d Death
		err := s.Scan(&c.ID, &number, &c.Name, &c.Relation, &at, &d.How, &d.By, &d.Ticket, &d.Attempt)
		c.Phone = phone.Number(number)
		if at > 0 {
			d.At = db.Time(at)
			c.Dead = &d
		}
		all = append(all, c)
		return err
	})
	return all, err
}

// Died keeps that a number of a customer was found dead, when it lived until now; a number that is not theirs is kept as
// theirs, so that nobody offers it again. False: it was known.
func Died(tx *db.Tx, by who.Actor, id db.ID, number phone.Number, d Death) (bool, error) {
	if !slices.Contains(Hows, d.How) {
		return false, fault.New(fault.Invalid, "customer.how", "value", d.How).At("how", "5.2.11.b1.not-valid")
	}
	if err := PutContact(tx, id, Contact{Phone: number}); err != nil {
		return false, err
	}
	n, err := tx.Exec(`
		UPDATE customer_contact SET dead_at = $3, dead_how = $4, dead_by = $5, dead_ticket = $6, dead_attempt = $7
		 WHERE phone = $1 AND customer = $2 AND dead_at = 0`,
		number.Full(), id, db.Millis(tx.Now), d.How, by.ID, d.Ticket, d.Attempt)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "contact.dead", Kind: "customer", Ref: id, Ticket: d.Ticket, Data: map[string]string{"how": d.How}})
	return err == nil, err
}

// Lives keeps that a number was reached, or given by the customer's side: what was said against it is over, and it is offered
// first from now on. A number that is not there is added. False: nothing changed.
func Lives(tx *db.Tx, by who.Actor, id db.ID, c Contact, ticket db.ID) (bool, error) {
	before, err := Contacts(tx, id)
	if err != nil {
		return false, err
	}
	if len(before) > 0 && before[0].Phone == c.Phone && before[0].Dead == nil {
		return false, nil
	}
	if err := PutContact(tx, id, c); err != nil {
		return false, err
	}
	if _, err := tx.Exec(`UPDATE customer_contact SET place = place + 1 WHERE customer = $1 AND phone <> $2`, id, c.Phone.Full()); err != nil {
		return false, err
	}
	if err := live(tx, id, c.Phone, 0); err != nil {
		return false, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "contact.lives", Kind: "customer", Ref: id, Ticket: ticket})
	return err == nil, err
}

// Undied takes back what Died kept in a turn that was undone: learned for that ticket at that moment.
func Undied(tx *db.Tx, by who.Actor, id, ticket db.ID, at time.Time) error {
	n, err := tx.Exec(`
		UPDATE customer_contact SET dead_at = 0, dead_how = '', dead_by = 0, dead_ticket = 0, dead_attempt = 0
		 WHERE customer = $1 AND dead_ticket = $2 AND dead_at = $3`, id, ticket, db.Millis(at))
	if err != nil || n == 0 {
		return err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "contact.undone", Kind: "customer", Ref: id, Ticket: ticket})
	return err
}

func live(tx *db.Tx, id db.ID, number phone.Number, place int) error {
	_, err := tx.Exec(`
		UPDATE customer_contact SET place = $3, dead_at = 0, dead_how = '', dead_by = 0, dead_ticket = 0, dead_attempt = 0
		 WHERE phone = $1 AND customer = $2`, number.Full(), id, place)
	return err
}

// words are a name's words in lower case, each once.
func words(name string) []string {
	all := strings.Fields(strings.ToLower(name))
	slices.Sort(all)
	return slices.Compact(all)
}
