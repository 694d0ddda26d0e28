package customer

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/journal"
	"sapa/internal/who"
)

// RevealFor is how long a masked value is shown (ux.md 8).
const RevealFor = 15 * time.Second

// Reasons lists why somebody may want to see what is masked; other needs words.
var Reasons = []string{"verify", "call", "correct", "complaint", OtherReason}

// OtherReason is the one that says nothing without words.
const OtherReason = "other"

// Masked are the fields that can be revealed.
var Masked = []string{"phone", "name", "address", "ncli"}

// longNote is the longest reason in words, in characters.
const longNote = 300

// perHour is how many reveals one person may have in an hour: far above what calls need, far below copying a list.
const perHour = 60

// Reveal is one look at something masked.
type Reveal struct {
	Field   string
	Contact db.ID // of a phone
	Reason  string
	Note    string
}

// Show keeps who looks at what and why - ids in the journal, the words beside it - and names the look. Shown gives the value. The
// caller has asked whether this person may.
func Show(tx *db.Tx, by who.Actor, id db.ID, r Reveal) (look db.ID, err error) {
	r.Note = strings.TrimSpace(r.Note)
	switch {
	case !slices.Contains(Masked, r.Field):
		return 0, fault.New(fault.Invalid, "customer.reveal-field", "value", r.Field).At("field", "")
	case (r.Field == "phone") != (r.Contact != 0):
		return 0, fault.New(fault.Invalid, "customer.reveal-contact").At("contact", "")
	case !slices.Contains(Reasons, r.Reason):
		return 0, fault.New(fault.Invalid, "customer.reveal-reason").At("reason", "")
	case r.Reason == OtherReason && r.Note == "", len([]rune(r.Note)) > longNote:
		return 0, fault.New(fault.Invalid, "customer.reveal-note", "max", longNote).At("note", "")
	}
	if _, err := valueOf(tx, id, r.Field, r.Contact); err != nil {
		return 0, err
	}
	var had int
	if err := tx.Row(`SELECT count(*) FROM reveal WHERE by_id = $1 AND at > $2`, by.ID, db.Millis(tx.Now.Add(-time.Hour))).Scan(&had); err != nil {
		return 0, err
	}
	if had >= perHour {
		return 0, fault.New(fault.Busy, "customer.reveal-many", "n", perHour)
	}
	look = tx.NewID()
	_, err = tx.Exec(`INSERT INTO reveal(id, customer, contact, field, reason, note, by_id, at, until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		look, id, r.Contact, r.Field, r.Reason, r.Note, by.ID, db.Millis(tx.Now), db.Millis(tx.Now.Add(RevealFor)))
	if err != nil {
		return 0, err
	}
	_, err = journal.Write(tx, journal.Entry{By: by, Act: "customer.revealed", Kind: "reveal", Ref: look,
		Data: map[string]string{"customer": id.String(), "field": r.Field, "reason": r.Reason}})
	return look, err
}

// Shown is what a look shows, to the one who looked, while its time lasts; Conflict afterwards.
func Shown(tx *db.Tx, by who.Actor, look db.ID) (value string, until time.Time, err error) {
	var id, contact db.ID
	var field string
	var ms int64
	err = tx.Row(`SELECT customer, contact, field, until FROM reveal WHERE id = $1 AND by_id = $2`, look, by.ID).Scan(&id, &contact, &field, &ms)
	if err != nil {
		return "", until, err
	}
	if until = db.Time(ms); !tx.Now.Before(until) {
		return "", until, fault.New(fault.Conflict, "customer.reveal-over")
	}
	value, err = valueOf(tx, id, field, contact)
	return value, until, err
}

func valueOf(tx *db.Tx, id db.ID, field string, contact db.ID) (string, error) {
	c, err := Get(tx, id)
	if err != nil || field != "phone" {
		return map[string]string{"name": c.Name, "address": c.Address, "ncli": c.NCLI}[field], err
	}
	all, err := Contacts(tx, id)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(all, func(one Contact) bool { return one.ID == contact })
	if i < 0 {
		return "", fault.New(fault.Missing, "db.no-row").At("contact", "")
	}
	return all[i].Phone.Print(), nil
}

// MaskWords leaves the first letter of each word: S••• L•••.
func MaskWords(s string) string {
	all := strings.Fields(s)
	for i, w := range all {
		all[i] = string([]rune(w)[:1]) + "•••"
	}
	return strings.Join(all, " ")
}

var word = regexp.MustCompile(`[\pL\pM]{2,}`)

// MaskNames masks the words of names wherever they stand in what somebody typed, whatever the case of their letters. It rather hides too much:
// a word that is a name here is hidden also where it is none.
func MaskNames(text string, names []string) string {
	theirs := map[string]bool{}
	for _, w := range word.FindAllString(strings.Join(names, " "), -1) {
		theirs[strings.ToLower(w)] = true
	}
	return word.ReplaceAllStringFunc(text, func(w string) string {
		if theirs[strings.ToLower(w)] {
			return MaskWords(w)
		}
		return w
	})
}

// Names lists a customer's name and those of their contacts; none of whom is not there.
func Names(tx *db.Tx, id db.ID) ([]string, error) {
	var all []string
	err := tx.Each(`SELECT name FROM customer WHERE id = $1 UNION SELECT name FROM customer_contact WHERE customer = $1 AND name <> ''`, []any{id}, func(s db.Scanner) error {
		var name string
		err := s.Scan(&name)
		all = append(all, name)
		return err
	})
	return all, err
}

// MaskDigits leaves the last two.
func MaskDigits(s string) string {
	if len(s) < 4 {
		return strings.Repeat("•", len(s))
	}
	return strings.Repeat("•", len(s)-2) + s[len(s)-2:]
}
