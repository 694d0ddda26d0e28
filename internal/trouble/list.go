package trouble

import (
	"fmt"
	"strings"

	"sapa/internal/db"
	"sapa/internal/phone"
)

func list(tx *db.Tx, query string, args ...any) ([]Ticket, error) {
	var all []Ticket
	err := tx.Each(query, args, func(s db.Scanner) error {
		t, err := scan(s)
		all = append(all, t)
		return err
	})
	return all, err
}

// OpenOfService lists a service's open reports of every source, the newest first (SOP 5.2.10.check, A-10).
func OpenOfService(tx *db.Tx, serviceNo string) ([]Ticket, error) {
	return list(tx, `SELECT `+columns+` FROM trouble WHERE service_no = $1 AND open = 1 ORDER BY id DESC LIMIT 20`, serviceNo)
}

// OfService lists a service's reports, the newest first (SOP 5.2.10.f: Data Keluhan).
func OfService(tx *db.Tx, serviceNo string, limit int) ([]Ticket, error) {
	return list(tx, `SELECT `+columns+` FROM trouble WHERE service_no = $1 ORDER BY id DESC LIMIT $2`, serviceNo, page(limit))
}

const (
	byNo      = `SELECT ` + columns + ` FROM trouble WHERE no = $1`
	byService = `SELECT ` + columns + ` FROM trouble WHERE service_no = $1 ORDER BY id DESC LIMIT 20`
)

// Search finds tickets by what was typed: a number of a ticket in any of its forms (domain 3.2), or a service number, the
// newest first, 20 at most. What is neither finds nothing.
func Search(tx *db.Tx, q string) ([]Ticket, error) {
	typed := strings.NewReplacer(" ", "", "-", "", ".", "").Replace(q)
	if no, ok := Number(typed); ok {
		return list(tx, byNo, no)
	}
	if no, _, err := phone.ParseService(q); err == nil {
		return list(tx, byService, string(no))
	}
	return nil, nil
}

// Filter narrows a list; zero fields do not.
type Filter struct {
	ServiceNo     string
	State         State
	Groups        []string // of those owner groups: My Group's Incidents (SOP 5.3.3)
	Open          bool     // only what is still to be repaired
	Parent        db.ID
	ClosingReason string // whatever the case of its letters
	Source        string
	After         db.ID // the last id of the page before
	Limit         int   // 1 to 200; 0 means 50
}

func page(limit int) int {
	if limit <= 0 || limit > 200 {
		return 50
	}
	return limit
}

// List gives a page of tickets, oldest id first, and the id to go on after; 0 when this was the last page.
func List(tx *db.Tx, f Filter) (all []Ticket, next db.ID, err error) {
	f.Limit = page(f.Limit)
	args := []any{f.After, f.Limit + 1}
	where := []string{"id > $1"}
	add := func(condition string, value any) {
		args = append(args, value)
		where = append(where, fmt.Sprintf(condition, len(args)))
	}
	if f.ServiceNo != "" {
		add("service_no = $%d", f.ServiceNo)
	}
	if f.State != "" {
		add("state = $%d", string(f.State))
	}
	if f.Open {
		where = append(where, "open = 1")
	}
	if f.Parent != 0 {
		add("parent = $%d", f.Parent)
	}
	if f.ClosingReason != "" {
		add("lower(closing_reason) = $%d", strings.ToLower(f.ClosingReason))
	}
	if f.Source != "" {
		add("source = $%d", f.Source)
	}
	if len(f.Groups) > 0 {
		places := make([]string, len(f.Groups))
		for i, g := range f.Groups {
			args = append(args, g)
			places[i] = fmt.Sprintf("$%d", len(args))
		}
		where = append(where, "owner_group IN ("+strings.Join(places, ", ")+")")
	}
	all, err = list(tx, `SELECT `+columns+` FROM trouble WHERE `+strings.Join(where, " AND ")+` ORDER BY id LIMIT $2`, args...)
	if len(all) > f.Limit {
		all = all[:f.Limit]
		next = all[f.Limit-1].ID
	}
	return all, next, err
}
