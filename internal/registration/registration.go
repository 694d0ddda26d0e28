// Package registration keeps requests to register for a product (SOP 2.c, A-05; Starclick of 5.1.3): who asks, for which
// package, where, whether a port is free there, the order's number, and how far it has come. Whoever asks need not be a
// customer. It knows no call: the desk joins both.
package registration

import (
	"fmt"
	"net/mail"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/phone"
	"sapa/internal/who"
)

// States of a request.
const (
	Waiting   = "waiting" // no port is free yet
	Ordered   = "ordered" // a port is kept for it
	Installed = "installed"
	Cancelled = "cancelled"
)

// States in the order of a request's life.
var States = []string{Waiting, Ordered, Installed, Cancelled}

// Moves of a request; the first is how it comes.
const (
	MoveRequest = "request"
	MoveOrder   = "order"
	MoveInstall = "install"
	MoveCancel  = "cancel"
)

// moves are what a state offers, as registration_step has it.
var moves = map[string][]string{Waiting: {MoveOrder, MoveCancel}, Ordered: {MoveInstall, MoveCancel}}

// Request is one request.
type Request struct {
	ID       db.ID
	No       string // SC and nine digits (domain 2.3)
	State    string
	Customer db.ID // 0: a prospect
	Ticket   db.ID // during whose call it was asked; 0: none
	Name     string
	Phone    phone.Number
	Email    string
	Address  string
	City     string
	Package  string
	Price    int64  // rupiah a month, as it was told
	STO      string // exchange of the address
	ODP      string // whose port is kept or in use; "" while waiting, and once cancelled
	Note     string
	MadeAt   time.Time
	MadeBy   db.ID
	Version  int64
	Outside  string // the number that an outside order system gave to it; "": it has not been ordered there
}

// Moves lists what may become of it now.
func (r Request) Moves() []string { return moves[r.State] }

// Moved is one line of a request's history.
type Moved struct {
	Seq               int
	Was, Move, Became string
	Note              string
	By                db.ID
	At                time.Time
}

const columns = `id, no, state, COALESCE(customer, 0), COALESCE(ticket, 0), name, phone, email, address, city, package, price, sto, COALESCE(odp, ''), note, made_at, made_by, version, outside_no`

func scan(s db.Scanner) (r Request, err error) {
	var number string
	var made int64
	err = s.Scan(&r.ID, &r.No, &r.State, &r.Customer, &r.Ticket, &r.Name, &number, &r.Email, &r.Address, &r.City, &r.Package, &r.Price, &r.STO, &r.ODP, &r.Note, &made, &r.MadeBy, &r.Version, &r.Outside)
	r.Phone, r.MadeAt = phone.Number(number), db.Time(made)
	return r, err
}

// New is what a request is made of.
type New struct {
	Customer, Ticket db.ID
	Name             string
	Phone            string // as typed
	Email            string
	Address, City    string
	Package          string
	STO              string
	ODP              string // the nearest one, when it is known; otherwise the exchange's freest
	Note             string
}

const (
	longName    = 100
	longAddress = 300
	longCity    = 100
	longNote    = 1000
	longEmail   = 254
)

// check cleans what was typed.
func (n *New) check() (phone.Number, error) {
	for _, f := range []struct {
		name  string
		value *string
		max   int
		need  bool
	}{
		{"name", &n.Name, longName, true},
		{"address", &n.Address, longAddress, true},
		{"city", &n.City, longCity, false},
		{"note", &n.Note, longNote, false},
	} {
		*f.value = strings.Join(strings.Fields(*f.value), " ")
		if f.need && *f.value == "" {
			return "", fault.New(fault.Invalid, "registration.needed").At(f.name, "2.c")
		}
		if utf8.RuneCountInString(*f.value) > f.max {
			return "", fault.New(fault.Invalid, "registration.long", "max", f.max).At(f.name, "2.c")
		}
	}
	number, err := phone.Parse(n.Phone)
	if err != nil {
		return "", placed(err, "phone")
	}
	if n.Email = strings.TrimSpace(n.Email); n.Email != "" {
		if a, err := mail.ParseAddress(n.Email); err != nil || a.Address != n.Email || len(n.Email) > longEmail {
			return "", fault.New(fault.Invalid, "registration.email").At("email", "2.c")
		}
	}
	n.STO = strings.ToUpper(strings.TrimSpace(n.STO))
	if !stoForm.MatchString(n.STO) {
		return "", fault.New(fault.Invalid, "registration.sto").At("sto", "2.c")
	}
	return number, nil
}

// placed names the field of a fault that has none.
func placed(err error, field string) error {
	if e := fault.Of(err); e != nil && e.Field == "" {
		return e.At(field, "2.c")
	}
	return err
}

// Open keeps a request and gives it its number. With a free port at the address the port is kept and the request is ordered;
// without one it waits for the network, and says so. The same telephone asking for the same package at the same address
// while such a request is open is Conflict "registration.open" with its number.
func Open(tx *db.Tx, by who.Actor, n New) (Request, error) {
	number, err := n.check()
	if err != nil {
		return Request{}, err
	}
	p, err := packageOf(tx, n.Package)
	if err != nil {
		return Request{}, err
	}
	if !p.Offered {
		return Request{}, fault.New(fault.Conflict, "registration.package-gone", "name", p.Name).At("package", "2.c")
	}
	there, err := scan(tx.Row(`SELECT `+columns+` FROM registration WHERE phone = $1 AND package = $2 AND address = $3 AND state IN ('waiting', 'ordered')`,
		number.Full(), p.Code, n.Address))
	if err == nil {
		return there, fault.New(fault.Conflict, "registration.open", "no", there.No).At("package", "2.c")
	}
	if !fault.Is(err, fault.Missing) {
		return Request{}, err
	}
	r := Request{ID: tx.NewID(), State: Waiting, Customer: n.Customer, Ticket: n.Ticket, Name: n.Name, Phone: number, Email: n.Email, Address: n.Address, City: n.City,
		Package: p.Code, Price: p.Price, STO: n.STO, Note: n.Note, MadeAt: tx.Now, MadeBy: db.ID(by.ID), Version: 1}
	if r.ODP, err = keep(tx, n.STO, n.ODP); err != nil {
		return Request{}, err
	}
	if r.ODP != "" {
		r.State = Ordered
	}
	var last int64
	if err := tx.Row(`UPDATE registration_number SET n = n + 1 WHERE id = 1 RETURNING n`).Scan(&last); err != nil {
		return Request{}, err
	}
	r.No = fmt.Sprintf("SC%09d", last)
	_, err = tx.Exec(`
		INSERT INTO registration(id, no, state, customer, ticket, name, phone, email, address, city, package, price, sto, odp, note, made_at, made_by, changed_at)
		VALUES ($1, $2, $3, NULLIF($4, CAST(0 AS BIGINT)), NULLIF($5, CAST(0 AS BIGINT)), $6, $7, $8, $9, $10, $11, $12, $13, NULLIF($14, ''), $15, $16, $17, $16)`,
		r.ID, r.No, r.State, r.Customer, r.Ticket, r.Name, number.Full(), r.Email, r.Address, r.City, r.Package, r.Price, r.STO, r.ODP, r.Note, db.Millis(tx.Now), r.MadeBy)
	if err != nil {
		return Request{}, err
	}
	return r, told(tx, by, r, "", MoveRequest, r.Note, 1)
}

// Apply makes a move: order (a port has come free), install, cancel. One that the state does not offer is Conflict
// "registration.move"; version 0 takes whatever is there.
func Apply(tx *db.Tx, by who.Actor, no, move, note string, version int64) (Request, error) {
	r, err := scan(tx.Row(`SELECT `+columns+` FROM registration WHERE no = $1 /*pg: FOR UPDATE*/`, no))
	if err != nil {
		return r, instead(err)
	}
	if version != 0 && version != r.Version {
		return r, fault.New(fault.Conflict, "registration.changed", "no", r.No)
	}
	if note = strings.Join(strings.Fields(note), " "); utf8.RuneCountInString(note) > longNote {
		return r, fault.New(fault.Invalid, "registration.long", "max", longNote).At("note", "2.c")
	}
	was, odp := r.State, r.ODP
	switch was + " " + move {
	case Waiting + " " + MoveOrder:
		if r.ODP, err = keep(tx, r.STO, ""); err != nil {
			return r, err
		}
		if r.ODP == "" {
			return r, fault.New(fault.Conflict, "registration.no-port", "sto", r.STO).At("move", "2.c")
		}
		r.State = Ordered
	case Ordered + " " + MoveInstall:
		r.State = Installed
		_, err = tx.Exec(`UPDATE odp SET kept = kept - 1, used = used + 1, changed_at = $2 WHERE name = $1`, odp, db.Millis(tx.Now))
	case Ordered + " " + MoveCancel:
		r.State, r.ODP = Cancelled, ""
		_, err = tx.Exec(`UPDATE odp SET kept = kept - 1, changed_at = $2 WHERE name = $1`, odp, db.Millis(tx.Now))
	case Waiting + " " + MoveCancel:
		r.State = Cancelled
	default:
		return r, fault.New(fault.Conflict, "registration.move", "no", r.No).At("move", "2.c")
	}
	if err != nil {
		return r, err
	}
	if move == MoveCancel && note == "" {
		return r, fault.New(fault.Invalid, "registration.why").At("note", "2.c")
	}
	r.Version++
	_, err = tx.Exec(`UPDATE registration SET state = $2, odp = NULLIF($3, ''), version = $4, changed_at = $5 WHERE id = $1`, r.ID, r.State, r.ODP, r.Version, db.Millis(tx.Now))
	if err != nil {
		return r, err
	}
	return r, told(tx, by, r, was, move, note, r.Version)
}

// told keeps a move in the history and in the journal, which holds no personal text.
func told(tx *db.Tx, by who.Actor, r Request, was, move, note string, seq int64) error {
	_, err := tx.Exec(`INSERT INTO registration_move(registration, seq, was, move, became, note, by_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.ID, seq, was, move, r.State, note, by.ID, db.Millis(tx.Now))
	if err == nil {
		_, err = journal.Write(tx, journal.Entry{By: by, Act: "registration." + r.State, Kind: "registration", Ref: r.ID, Ticket: r.Ticket, Data: map[string]string{"no": r.No, "move": move}})
	}
	return err
}

// OrderedOutside keeps the number that an outside order system gave to a request; the first one stays.
func OrderedOutside(tx *db.Tx, no, outside string) error {
	r, err := ByNo(tx, no)
	if err != nil || r.Outside != "" || outside == "" {
		return err
	}
	if _, err := tx.Exec(`UPDATE registration SET outside_no = $2 WHERE id = $1 AND outside_no = ''`, r.ID, outside); err != nil {
		return err
	}
	_, err = journal.Write(tx, journal.Entry{By: who.House, Act: "registration.ordered-outside", Kind: "registration", Ref: r.ID, Ticket: r.Ticket, Data: map[string]string{"no": r.No, "outside": outside}})
	return err
}

// ByNo reads a request; Missing "registration.missing" when there is none.
func ByNo(tx *db.Tx, no string) (Request, error) {
	r, err := scan(tx.Row(`SELECT `+columns+` FROM registration WHERE no = $1`, strings.ToUpper(strings.TrimSpace(no))))
	return r, instead(err)
}

// History lists what became of a request, oldest first.
func History(tx *db.Tx, id db.ID) ([]Moved, error) {
	var all []Moved
	err := tx.Each(`SELECT seq, was, move, became, note, by_id, at FROM registration_move WHERE registration = $1 ORDER BY seq`, []any{id}, func(s db.Scanner) error {
		var m Moved
		var at int64
		err := s.Scan(&m.Seq, &m.Was, &m.Move, &m.Became, &m.Note, &m.By, &at)
		m.At = db.Time(at)
		all = append(all, m)
		return err
	})
	return all, err
}

// List gives requests of a state, or of every one, newest first, those before an id; 0 begins.
func List(tx *db.Tx, state string, before db.ID, limit int) ([]Request, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	if state == "" {
		return list(tx, `SELECT `+columns+` FROM registration WHERE id < $1 ORDER BY id DESC LIMIT $2`, before, limit)
	}
	return list(tx, `SELECT `+columns+` FROM registration WHERE state = $1 AND id < $2 ORDER BY id DESC LIMIT $3`, state, before, limit)
}

// OfCustomer gives a customer's requests, newest first.
func OfCustomer(tx *db.Tx, customer db.ID, limit int) ([]Request, error) {
	return list(tx, `SELECT `+columns+` FROM registration WHERE customer = $1 AND customer IS NOT NULL ORDER BY id DESC LIMIT $2`, customer, limit)
}

// Find looks for requests by their number, which is the order's, or by the telephone of whoever asked: exactly, newest first.
func Find(tx *db.Tx, q string) ([]Request, error) {
	if no := strings.ToUpper(strings.TrimSpace(q)); numberForm.MatchString(no) {
		return list(tx, `SELECT `+columns+` FROM registration WHERE no = $1`, no)
	}
	number, err := phone.Parse(q)
	if err != nil {
		return nil, nil
	}
	return list(tx, `SELECT `+columns+` FROM registration WHERE phone = $1 ORDER BY id DESC LIMIT 20`, number.Full())
}

var numberForm = regexp.MustCompile(`^SC\d{9,10}$`)

// Happened is one move of a customer's requests.
type Happened struct {
	No      string
	Package string // its name
	Moved
}

// Timeline lists the moves of a customer's requests until a moment, newest first.
func Timeline(tx *db.Tx, customer db.ID, until time.Time, limit int) ([]Happened, error) {
	var all []Happened
	err := tx.Each(`
		SELECT r.no, p.name, m.seq, m.was, m.move, m.became, m.note, m.by_id, m.at
		  FROM registration r JOIN registration_move m ON m.registration = r.id JOIN package p ON p.code = r.package
		 WHERE r.customer = $1 AND r.customer IS NOT NULL AND m.at <= $2
		 ORDER BY m.at DESC, r.no DESC, m.seq DESC LIMIT $3`, []any{customer, db.Millis(until), limit}, func(s db.Scanner) error {
		var h Happened
		var at int64
		err := s.Scan(&h.No, &h.Package, &h.Seq, &h.Was, &h.Move, &h.Became, &h.Note, &h.By, &at)
		h.At = db.Time(at)
		all = append(all, h)
		return err
	})
	return all, err
}

// OfTicket gives what was asked during a ticket's calls, newest first.
func OfTicket(tx *db.Tx, ticket db.ID) ([]Request, error) {
	return list(tx, `SELECT `+columns+` FROM registration WHERE ticket = $1 AND ticket IS NOT NULL ORDER BY id DESC LIMIT 20`, ticket)
}

func list(tx *db.Tx, query string, args ...any) ([]Request, error) {
	var all []Request
	err := tx.Each(query, args, func(s db.Scanner) error {
		r, err := scan(s)
		all = append(all, r)
		return err
	})
	return all, err
}

func instead(err error) error {
	if fault.Is(err, fault.Missing) {
		return fault.New(fault.Missing, "registration.missing")
	}
	return err
}
