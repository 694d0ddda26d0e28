package ticket

import (
	"fmt"
	"strings"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phone"
	"sapa/internal/who"
)

// Kinds of keys that a search looks for (ticket_search).
const (
	byService = 1
	byContact = 2
	byEnd     = 3 // a contact's number backwards
	byName    = 4 // in lower case, with single spaces
)

// Search finds tickets by the shape of what was typed (architecture 5.8): digits look for a service number or a telephone
// number - exact, then beginning, then end; something like a number of a ticket for its ref; words for a contact's name.
// Newest first, 50 at most. A ref is found at once, the rest when Fill has had its turn: a quarter of a second after a
// ticket was opened or got another number, longer only while an import's rows are still being written there.
func Search(tx *db.Tx, scope who.Scope, q string) ([]Ticket, error) {
	q = strings.TrimSpace(q)
	if len([]rune(q)) < 3 || len(q) > 200 {
		return nil, fault.New(fault.Invalid, "ticket.search-short").At("q", "")
	}
	switch {
	case isNumber(q):
		return searchNumber(tx, scope, phone.Digits(q))
	case ByName(q):
		key := words(q)
		return find(tx, scope, begins(byName, 4), key, key+"\U0010ffff")
	}
	return find(tx, scope, refIn(4)+` OR `+refIn(5), q, strings.ToUpper(q))
}

// isNumber: nothing but digits and what people put between them.
func isNumber(q string) bool {
	return phone.Digits(q) == strings.NewReplacer(" ", "", "-", "", ".", "", "+", "").Replace(q)
}

// ByName tells whether Search takes what was typed for words of a name: neither a number nor a ref.
func ByName(q string) bool {
	q = strings.TrimSpace(q)
	return !isNumber(q) && (strings.Contains(q, " ") || phone.Digits(q) == "")
}

func searchNumber(tx *db.Tx, scope who.Scope, digits string) ([]Ticket, error) {
	if n, err := phone.Parse(digits); err == nil {
		if found, err := find(tx, scope, is(byContact, 4)+` OR `+is(byService, 5), n.Full(), digits); err != nil || len(found) > 0 {
			return found, err
		}
	}
	if found, err := find(tx, scope, is(byService, 4)+` OR `+refIn(4), digits); err != nil || len(found) > 0 {
		return found, err
	}
	stored := digits
	switch {
	case strings.HasPrefix(digits, "08"):
		stored = "+62" + digits[1:]
	case strings.HasPrefix(digits, "628"):
		stored = "+" + digits
	}
	if found, err := find(tx, scope, begins(byContact, 4)+` OR `+begins(byService, 6),
		stored, stored+"~", digits, digits+"~"); err != nil || len(found) > 0 {
		return found, err
	}
	end := reversed(digits)
	return find(tx, scope, begins(byEnd, 4), end, end+"~")
}

// The conditions of a search; the numbers are those of their arguments.

// is: a key of that kind is the argument.
func is(kind, arg int) string {
	return fmt.Sprintf(`id IN (SELECT ticket FROM ticket_search WHERE kind = %d AND key = $%d)`, kind, arg)
}

// begins: a key of that kind lies between two arguments.
func begins(kind, arg int) string {
	return fmt.Sprintf(`id IN (SELECT ticket FROM ticket_search WHERE kind = %d AND key >= $%d AND key < $%d)`, kind, arg, arg+1)
}

// refIn: the ref is the argument, in whichever campaign - each by itself, for that is how the index has them.
func refIn(arg int) string {
	return fmt.Sprintf(`id IN (SELECT r.id FROM pool p JOIN ticket r ON r.campaign = p.campaign AND r.ref = $%d)`, arg)
}

func find(tx *db.Tx, scope who.Scope, condition string, args ...any) ([]Ticket, error) {
	return list(tx, findText(condition), append(scopeArgs(scope), args...)...)
}

func findText(condition string) string {
	return `SELECT ` + columns + ` FROM ticket WHERE (` + condition + `) AND ` + visible + ` ORDER BY id DESC LIMIT 50`
}
