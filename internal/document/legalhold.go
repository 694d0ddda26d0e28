package document

import (
	"strings"
	"time"
	"unicode/utf8"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// Kinds of thing a legal hold is put on.
const (
	HoldCustomer = "customer" // and all that is about this customer and the customer's service numbers
	HoldService  = "service"  // and all that is about this number
	HoldTicket   = "ticket"   // a ticket of the queue, what was done with it, and the trouble tickets it led to
	HoldTrouble  = "trouble"  // a trouble ticket, and the tickets of its service
)

// LegalHold keeps things out of every purge until it is lifted.
type LegalHold struct {
	ID        db.ID
	Kind      string
	Ref       db.ID  // of a customer, ticket or trouble ticket
	ServiceNo string // of a service
	Reason    string
	PlacedBy  db.ID
	PlacedAt  time.Time
	LiftedBy  db.ID
	LiftedAt  time.Time // zero: it holds
	LiftedWhy string
}

const longHoldReason = 300

const legalHoldColumns = `id, kind, ref, service_no, reason, placed_by, placed_at, lifted_by, lifted_at, lifted_why`

func scanLegalHold(s db.Scanner) (h LegalHold, err error) {
	var placed, lifted int64
	err = s.Scan(&h.ID, &h.Kind, &h.Ref, &h.ServiceNo, &h.Reason, &h.PlacedBy, &placed, &h.LiftedBy, &lifted, &h.LiftedWhy)
	h.PlacedAt, h.LiftedAt = db.Time(placed), db.Time(lifted)
	return h, err
}

func holdReason(s string) (string, error) {
	s = strings.Join(strings.Fields(s), " ")
	if l := utf8.RuneCountInString(s); l < 3 || l > longHoldReason || !utf8.ValidString(s) {
		return s, fault.New(fault.Invalid, "records.hold-reason", "max", longHoldReason).At("reason", ruleClause)
	}
	return s, nil
}

// PlaceHold puts a hold on a thing that the caller has found. One that holds it already is the answer; a purge that is running leaves the
// thing alone from this act on.
func PlaceHold(tx *db.Tx, by who.Actor, h LegalHold) (LegalHold, error) {
	var err error
	if h.Reason, err = holdReason(h.Reason); err != nil {
		return h, err
	}
	switch {
	case h.Kind == HoldService && h.ServiceNo != "":
		h.Ref = 0
	case h.Ref > 0 && (h.Kind == HoldCustomer || h.Kind == HoldTicket || h.Kind == HoldTrouble):
		h.ServiceNo = ""
	default:
		return h, fault.New(fault.Invalid, "records.hold-what").At("ref", ruleClause)
	}
	if err := passGate(tx, false); err != nil {
		return h, err
	}
	there, err := scanLegalHold(tx.Row(`SELECT `+legalHoldColumns+` FROM legal_hold WHERE kind = $1 AND ref = $2 AND service_no = $3 AND lifted_at = 0`, h.Kind, h.Ref, h.ServiceNo))
	if !fault.Is(err, fault.Missing) {
		return there, err
	}
	h.ID, h.PlacedBy, h.PlacedAt = tx.NewID(), db.ID(by.ID), tx.Now
	h.LiftedBy, h.LiftedAt, h.LiftedWhy = 0, time.Time{}, ""
	_, err = tx.Exec(`
		INSERT INTO legal_hold(id, kind, ref, service_no, reason, placed_by, placed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		h.ID, h.Kind, h.Ref, h.ServiceNo, h.Reason, h.PlacedBy, db.Millis(h.PlacedAt))
	if err != nil {
		return h, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "records.held", Kind: "legal-hold", Ref: h.ID, Data: map[string]string{"on": h.Kind, "ref": h.Ref.String()}})
	return h, err
}

// LiftHold ends a hold. Conflict "records.hold-lifted" when it is lifted already. What it held goes into dry lists that are drawn later; no
// list that is there gets longer by it.
func LiftHold(tx *db.Tx, by who.Actor, id db.ID, why string) (LegalHold, error) {
	why, err := holdReason(why)
	if err != nil {
		return LegalHold{}, err
	}
	if err := passGate(tx, false); err != nil {
		return LegalHold{}, err
	}
	n, err := tx.Exec(`UPDATE legal_hold SET lifted_by = $2, lifted_at = $3, lifted_why = $4 WHERE id = $1 AND lifted_at = 0`, id, by.ID, db.Millis(tx.Now), why)
	if err != nil {
		return LegalHold{}, err
	}
	h, err := LegalHoldOf(tx, id)
	switch {
	case err == nil && n == 0:
		return h, fault.New(fault.Conflict, "records.hold-lifted").At("", ruleClause)
	case err != nil:
		return h, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "records.hold-lifted", Kind: "legal-hold", Ref: h.ID, Data: map[string]string{"on": h.Kind, "ref": h.Ref.String()}})
	return h, err
}

// LegalHoldOf gives one hold; Missing "records.no-hold".
func LegalHoldOf(tx *db.Tx, id db.ID) (LegalHold, error) {
	h, err := scanLegalHold(tx.Row(`SELECT `+legalHoldColumns+` FROM legal_hold WHERE id = $1`, id))
	if fault.Is(err, fault.Missing) {
		err = fault.New(fault.Missing, "records.no-hold")
	}
	return h, err
}

// LegalHolds lists holds, those that hold first, then the newest lifted, at most limit.
func LegalHolds(tx *db.Tx, limit int) ([]LegalHold, error) {
	var all []LegalHold
	err := tx.Each(`
		SELECT `+legalHoldColumns+` FROM legal_hold ORDER BY CASE WHEN lifted_at = 0 THEN 0 ELSE 1 END, id DESC LIMIT $1`, []any{limit}, func(s db.Scanner) error {
		h, err := scanLegalHold(s)
		all = append(all, h)
		return err
	})
	return all, err
}
