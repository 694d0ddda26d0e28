package customer

import (
	"slices"
	"strings"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phone"
)

// The exact look-ups; each is answered by one index (search_test.go asks both databases how).
const (
	ofServiceText = `SELECT ` + columns + ` FROM customer c WHERE c.id IN (SELECT s.customer FROM service s WHERE s.no = $1) ORDER BY c.id LIMIT $2`
	ofPhoneText   = `SELECT ` + columns + ` FROM customer c WHERE c.id IN (SELECT o.customer FROM customer_contact o WHERE o.phone = $1 AND o.dead_how <> 'wrong-number') ORDER BY c.id LIMIT $2`
	ofNCLIText    = `SELECT ` + columns + ` FROM customer c WHERE c.ncli = $1 AND c.ncli <> '' LIMIT $2`
	ofOrderText   = `SELECT ` + columns + ` FROM customer c WHERE c.id = (SELECT o.customer FROM sales_order o WHERE o.no = $1) LIMIT $2`
	ofWordText    = `SELECT ` + columns + ` FROM customer_word w JOIN customer c ON c.id = w.customer WHERE w.word >= $1 AND w.word < $2 AND lower(c.name) LIKE $3 ESCAPE '!' LIMIT $4`
)

func ofPhone(tx *db.Tx, n phone.Number, limit int) ([]Customer, error) {
	return list(tx, ofPhoneText, n.Full(), limit)
}

// Find looks up whose exact number it is: a service number, a telephone number among all contacts, an NCLI, an order's number. It never guesses:
// a part of a number finds nobody. Several customers of one switchboard are all found, ten at most.
func Find(tx *db.Tx, q string) ([]Customer, error) {
	q = strings.TrimSpace(q)
	var asks []func() ([]Customer, error)
	if no, _, err := phone.ParseService(q); err == nil {
		asks = append(asks, func() ([]Customer, error) { return list(tx, ofServiceText, string(no), 10) })
	}
	if n, err := phone.Parse(q); err == nil {
		asks = append(asks, func() ([]Customer, error) { return ofPhone(tx, n, 10) })
	}
	if ncliForm.MatchString(q) {
		asks = append(asks, func() ([]Customer, error) { return list(tx, ofNCLIText, q, 10) })
	}
	if no := strings.ToUpper(q); orderForm.MatchString(no) {
		asks = append(asks, func() ([]Customer, error) { return list(tx, ofOrderText, no, 10) })
	}
	var all []Customer
	for _, ask := range asks {
		found, err := ask()
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			if !slices.ContainsFunc(all, func(o Customer) bool { return o.ID == c.ID }) {
				all = append(all, c)
			}
		}
	}
	return all, nil
}

// Named finds customers by words of their name, in any order, the last letters of each left away if one likes; fifty at most.
func Named(tx *db.Tx, q string) ([]Customer, error) {
	all := words(q)
	longest := ""
	for _, w := range all {
		if len(w) > len(longest) {
			longest = w
		}
	}
	if len([]rune(longest)) < 3 || len(q) > 200 {
		return nil, fault.New(fault.Invalid, "ticket.search-short").At("q", "")
	}
	first := all[0]
	if first == longest && len(all) > 1 {
		first = all[1]
	}
	like := "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(first) + "%"
	found, err := list(tx, ofWordText, longest, longest+"\U0010ffff", like, 200)
	found = slices.DeleteFunc(found, func(c Customer) bool { return !named(c.Name, all) })
	slices.SortFunc(found, func(a, b Customer) int { return int(a.ID - b.ID) })
	found = slices.CompactFunc(found, func(a, b Customer) bool { return a.ID == b.ID })
	if len(found) > 50 {
		found = found[:50]
	}
	return found, err
}

// named tells whether each word of a search begins a word of the name.
func named(name string, wanted []string) bool {
	have := words(name)
	for _, w := range wanted {
		if !slices.ContainsFunc(have, func(h string) bool { return strings.HasPrefix(h, w) }) {
			return false
		}
	}
	return true
}

func putWords(tx *db.Tx, c Customer, fresh bool) error {
	if !fresh {
		if _, err := tx.Exec(`DELETE FROM customer_word WHERE customer = $1`, c.ID); err != nil {
			return err
		}
	}
	for _, w := range words(c.Name) {
		if _, err := tx.Exec(`INSERT INTO customer_word(word, customer) VALUES ($1, $2) ON CONFLICT DO NOTHING`, w, c.ID); err != nil {
			return err
		}
	}
	return nil
}

func list(tx *db.Tx, query string, args ...any) ([]Customer, error) {
	var all []Customer
	err := tx.Each(query, args, func(s db.Scanner) error {
		c, err := scan(s)
		all = append(all, c)
		return err
	})
	return all, err
}
