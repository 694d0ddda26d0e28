// Package customer is the customer: whose number this is, in which zone, of which class, their services, the contacts that
// still answer, bills, orders and what they opened in the app; and what outside systems said of all that, and when. It measures no
// line, asks nobody and moves no ticket of any kind: what joins them is the desk's.
package customer

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phone"
)

// Class of a customer (domain 3.4); VVIP of SOP 5.2.1.e is HVC_VVIP.
type Class string

const (
	VVIP     Class = "HVC_VVIP"
	Diamond  Class = "HVC_DIAMOND"
	Platinum Class = "HVC_PLATINUM"
	Gold     Class = "HVC_GOLD"
	Silver   Class = "HVC_SILVER"
	Regular  Class = "REGULER"
)

// Classes lists them, the highest first.
var Classes = []Class{VVIP, Diamond, Platinum, Gold, Silver, Regular}

// Consumer is the segment of whoever is in none that was told (domain 3.4).
const Consumer = "DCS"

// Segments lists the customer segments (domain 3.4).
var Segments = []string{Consumer, "PL-TSEL", "DES", "DBS", "DGS", "DPS", "DSS", "RBS", "REG", "DWS"}

// Customer is one customer; somebody without a service is a prospect (calon pelanggan).
type Customer struct {
	ID       db.ID
	Name     string
	Class    Class
	Address  string
	City     string
	Zone     string       // IANA, of the service address (ux.md 8)
	Phone    phone.Number // the one told with the name; all of them, with their validity, are Contacts
	Invented bool         // of the practice floor
	NCLI     string       // the customer's own number in I-Siska; "" of a prospect
	Segment  string
	ToldAt   time.Time // when billing last said whether the customer is blocked; zero: never
	Blocked  bool      // and what it said (isolir)
}

// Service kinds.
const (
	Internet = "internet"
	IPTV     = "iptv"
	Voice    = "voice"
)

// Kinds of service.
var Kinds = []string{Internet, IPTV, Voice}

// Service is one service of a customer.
type Service struct {
	No       string
	Kind     string
	Customer db.ID
	Package  string
	EndedAt  time.Time // since when its outside is known to say that it has ended; zero: in use
}

const columns = `c.id, c.name, c.class, c.address, c.city, c.zone, c.phone, c.invented, c.ncli, c.segment, c.isolir_at, c.isolir`

func scan(s db.Scanner) (Customer, error) {
	var c Customer
	var class, number string
	var invented, blocked int
	var told int64
	err := s.Scan(&c.ID, &c.Name, &class, &c.Address, &c.City, &c.Zone, &number, &invented, &c.NCLI, &c.Segment, &told, &blocked)
	c.Class, c.Phone, c.Invented, c.ToldAt, c.Blocked = Class(class), phone.Number(number), invented == 1, db.Time(told), blocked == 1
	return c, err
}

var ncliForm = regexp.MustCompile(`^\d{4,15}$`)

func (c Customer) check() error {
	switch {
	case strings.TrimSpace(c.Name) == "":
		return fault.New(fault.Invalid, "customer.name").At("name", "2.c")
	case c.NCLI != "" && !ncliForm.MatchString(c.NCLI):
		return fault.New(fault.Invalid, "customer.ncli", "value", c.NCLI).At("ncli", "5.1.1")
	case !slices.Contains(Classes, c.Class):
		return fault.New(fault.Invalid, "customer.class", "value", string(c.Class)).At("class", "5.2.1.e")
	case !slices.Contains(Segments, c.Segment):
		return fault.New(fault.Invalid, "customer.segment", "value", c.Segment).At("segment", "5.1.1")
	}
	return nil
}

// Put keeps a customer, the number told with the name, and their services; an id of 0 makes one. What billing says about
// isolir is not put here (Told). Conflict when somebody else has the NCLI.
func Put(tx *db.Tx, c Customer, services []Service) (Customer, error) {
	fresh := c.ID == 0
	if fresh {
		c.ID = tx.NewID()
	}
	if c.Segment == "" {
		c.Segment = Consumer
	}
	if err := c.check(); err != nil {
		return c, err
	}
	invented := 0
	if c.Invented {
		invented = 1
	}
	_, err := tx.Exec(`
		INSERT INTO customer(id, name, class, address, city, zone, phone, invented, ncli, segment) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, class = excluded.class, address = excluded.address, city = excluded.city,
			zone = excluded.zone, phone = excluded.phone, ncli = excluded.ncli, segment = excluded.segment`,
		c.ID, c.Name, string(c.Class), c.Address, c.City, c.Zone, c.Phone.Full(), invented, c.NCLI, c.Segment)
	if fault.Is(err, fault.Conflict) {
		err = fault.New(fault.Conflict, "customer.ncli-taken", "value", c.NCLI).At("ncli", "5.1.1").Because(err)
	}
	if err != nil {
		return c, err
	}
	if err := putWords(tx, c, fresh); err != nil {
		return c, err
	}
	if c.Phone != "" {
		if err := PutContact(tx, c.ID, Contact{Phone: c.Phone}); err != nil {
			return c, err
		}
	}
	for _, s := range services {
		_, err := tx.Exec(`
			INSERT INTO service(no, kind, customer, package) VALUES ($1, $2, $3, $4)
			ON CONFLICT (no, kind) DO UPDATE SET customer = excluded.customer, package = excluded.package`, s.No, s.Kind, c.ID, s.Package)
		if err != nil {
			return c, err
		}
	}
	return c, nil
}

// Get reads a customer.
func Get(tx *db.Tx, id db.ID) (Customer, error) {
	return scan(tx.Row(`SELECT `+columns+` FROM customer c WHERE c.id = $1`, id))
}

// ByService finds whose service number it is.
func ByService(tx *db.Tx, no string) (Customer, error) {
	return scan(tx.Row(`SELECT `+columns+` FROM customer c WHERE c.id = (SELECT max(s.customer) FROM service s WHERE s.no = $1)`, no))
}

// ByPhone finds whose telephone number it is, among all contacts that are theirs; Missing when nobody's or several people's.
func ByPhone(tx *db.Tx, n phone.Number) (Customer, error) {
	found, err := ofPhone(tx, n, 2)
	if err == nil && (len(found) != 1 || n == "") {
		err = fault.New(fault.Missing, "db.no-row")
	}
	if err != nil {
		return Customer{}, err
	}
	return found[0], nil
}

// Known finds customers of many service numbers and telephone numbers at once, as ByService and ByPhone find one.
func Known(tx *db.Tx, services []string, phones []phone.Number) (ofService map[string]Customer, ofPhone map[phone.Number]Customer, err error) {
	ofService, ofPhone = map[string]Customer{}, map[phone.Number]Customer{}
	nos, err := json.Marshal(services)
	if err != nil {
		return nil, nil, err
	}
	list := `(SELECT /*lite: value FROM json_each($1)*/ /*pg: jsonb_array_elements_text(CAST($1 AS jsonb))*/)`
	err = tx.Each(`
		SELECT o.no, `+columns+` FROM (SELECT no, max(customer) AS customer FROM service WHERE no IN `+list+` GROUP BY no) o
		  JOIN customer c ON c.id = o.customer`, []any{string(nos)}, func(s db.Scanner) error {
		var no string
		c, err := scan(ahead{s, &no})
		ofService[no] = c
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	numbers, err := json.Marshal(phones)
	if err != nil {
		return nil, nil, err
	}
	several := map[phone.Number]bool{}
	err = tx.Each(`
		SELECT o.phone, `+columns+` FROM customer_contact o JOIN customer c ON c.id = o.customer
		 WHERE o.dead_how <> 'wrong-number' AND o.phone IN `+list, []any{string(numbers)}, func(s db.Scanner) error {
		var number string
		c, err := scan(ahead{s, &number})
		n := phone.Number(number)
		_, twice := ofPhone[n]
		several[n] = several[n] || twice
		ofPhone[n] = c
		return err
	})
	for n, yes := range several {
		if yes {
			delete(ofPhone, n)
		}
	}
	return ofService, ofPhone, err
}

// ahead scans one column before those of a customer.
type ahead struct {
	db.Scanner
	first any
}

func (a ahead) Scan(to ...any) error { return a.Scanner.Scan(append([]any{a.first}, to...)...) }

// Services lists what a customer has and had, what is in use first.
func Services(tx *db.Tx, id db.ID) ([]Service, error) {
	var all []Service
	err := tx.Each(`SELECT no, kind, customer, package, ended_at FROM service WHERE customer = $1 ORDER BY CASE WHEN ended_at > 0 THEN 1 ELSE 0 END, kind, no`, []any{id}, func(s db.Scanner) error {
		var one Service
		var ended int64
		err := s.Scan(&one.No, &one.Kind, &one.Customer, &one.Package, &ended)
		one.EndedAt = db.Time(ended)
		all = append(all, one)
		return err
	})
	return all, err
}

// OfTicket finds the customer a ticket is about, by id or else by service number, with their services in use.
func OfTicket(tx *db.Tx, id db.ID, serviceNo string) (Customer, []Service, error) {
	var c Customer
	var err error
	switch {
	case id != 0:
		c, err = Get(tx, id)
	case serviceNo != "":
		c, err = ByService(tx, serviceNo)
	default:
		err = fault.New(fault.Missing, "db.no-row")
	}
	if err != nil {
		return c, nil, err
	}
	services, err := Services(tx, c.ID)
	return c, slices.DeleteFunc(services, func(s Service) bool { return !s.EndedAt.IsZero() }), err
}
