package ticket

import (
	"cmp"
	"context"
	"slices"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/phone"
)

// toSearch says that a new ticket is to be written where searches look. It costs an act one row at the end of a small
// table; the keys themselves land all over theirs.
func toSearch(tx *db.Tx, id db.ID) error {
	_, err := tx.Exec(`INSERT INTO ticket_unsearched(id, ticket) VALUES ($1, $1)`, id)
	return err
}

// toSearchMany does the same for many.
func toSearchMany(tx *db.Tx, ids []db.ID) error {
	if len(ids) == 0 {
		return nil
	}
	list, err := numbers(ids)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO ticket_unsearched(id, ticket)
		SELECT CAST(value AS BIGINT), CAST(value AS BIGINT) FROM `+listed, list)
	return err
}

// toSearchAgain: the number to call first is another now.
func toSearchAgain(tx *db.Tx, id db.ID, was phone.Number) error {
	_, err := tx.Exec(`INSERT INTO ticket_unsearched(id, ticket, was) VALUES ($1, $2, $3)`, tx.NewID(), id, was.Full())
	return err
}

// unsearched is a ticket to be written where searches look.
type unsearched struct {
	id, ticket             db.ID
	was                    string // the number it had; "": a new one
	service, contact, name string
}

// Fill makes the next tickets findable, the oldest first, and tells how many it has had: fewer than asked for when no more
// wait. It never runs inside another act.
func Fill(ctx context.Context, store *db.DB, atMost int) (n int, err error) {
	waits := false
	err = store.Read(ctx, func(tx *db.Tx) error {
		return tx.Row(`SELECT EXISTS (SELECT 1 FROM ticket_unsearched)`).Scan(&waits)
	})
	if err != nil || !waits {
		return 0, err
	}
	err = store.Write(ctx, func(tx *db.Tx) error {
		n, err = fill(tx, atMost)
		return err
	})
	return n, err
}

// LastToFill is the newest that waits for Fill, 0 when none does: another one than a moment ago says that more keep coming.
func LastToFill(ctx context.Context, store *db.DB) (last db.ID, err error) {
	err = store.Read(ctx, func(tx *db.Tx) error {
		return tx.Row(`SELECT COALESCE(max(id), 0) FROM ticket_unsearched`).Scan(&last)
	})
	return last, err
}

func fill(tx *db.Tx, atMost int) (int, error) {
	if tx.Postgres() { // two servers at once would take each other's rows for done
		var one int
		err := tx.Row(`SELECT id FROM ticket_filler FOR UPDATE SKIP LOCKED`).Scan(&one)
		if fault.Is(err, fault.Missing) {
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
	}
	all, err := nextUnsearched(tx, atMost)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	var keys []searchKey
	ids := make([]db.ID, 0, len(all))
	add := func(u unsearched, kind int, key string) {
		if key != "" {
			keys = append(keys, searchKey{kind, key, int64(u.ticket)})
		}
	}
	for _, u := range all {
		ids = append(ids, u.id)
		if u.was == "" {
			add(u, byService, u.service)
			add(u, byName, words(u.name))
		} else if u.was != u.contact {
			if _, err := tx.Exec(forget, byContact, u.was, u.ticket); err != nil {
				return 0, err
			}
			if _, err := tx.Exec(forget, byEnd, reversed(u.was), u.ticket); err != nil {
				return 0, err
			}
		}
		add(u, byContact, u.contact)
		add(u, byEnd, reversed(u.contact))
	}
	if err := findable(tx, keys); err != nil {
		return 0, err
	}
	list, err := numbers(ids)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(`DELETE FROM ticket_unsearched WHERE id IN (SELECT CAST(value AS BIGINT) FROM `+listed+`)`, list)
	return len(all), err
}

const forget = `DELETE FROM ticket_search WHERE kind = $1 AND key = $2 AND ticket = $3`

// searchKey is one row of ticket_search.
type searchKey struct {
	kind   int
	key    string
	ticket int64
}

// findable writes keys in the table's own order, so that each of its pages is touched once.
func findable(tx *db.Tx, keys []searchKey) error {
	slices.SortFunc(keys, func(a, b searchKey) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.key, b.key), cmp.Compare(a.ticket, b.ticket))
	})
	rows := make([][3]any, len(keys))
	for i, k := range keys {
		rows[i] = [3]any{k.kind, k.key, k.ticket}
	}
	text, err := jsonText(rows)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO ticket_search(kind, key, ticket)
		SELECT CAST(value ->> 0 AS SMALLINT), value ->> 1, CAST(value ->> 2 AS BIGINT)
		  FROM /*lite: json_each($1)*/ /*pg: jsonb_array_elements(CAST($1 AS jsonb)) e(value)*/
		 WHERE TRUE
		ON CONFLICT DO NOTHING`, text)
	return err
}

func nextUnsearched(tx *db.Tx, atMost int) ([]unsearched, error) {
	var all []unsearched
	err := tx.Each(`
		SELECT u.id, u.ticket, u.was, COALESCE(t.service_no, ''), COALESCE(t.contact, ''), COALESCE(t.contact_name, '')
		  FROM (SELECT id, ticket, was FROM ticket_unsearched ORDER BY id LIMIT $1) u
		  LEFT JOIN ticket t ON t.id = u.ticket
		 ORDER BY u.id`, []any{atMost}, func(s db.Scanner) error {
		var u unsearched
		err := s.Scan(&u.id, &u.ticket, &u.was, &u.service, &u.contact, &u.name)
		all = append(all, u)
		return err
	})
	return all, err
}

// listed reads the numbers of its one argument.
const listed = `/*lite: json_each($1)*/ /*pg: jsonb_array_elements_text(CAST($1 AS jsonb)) e(value)*/`

func numbers(ids []db.ID) (string, error) {
	plain := make([]int64, len(ids)) // an ID's own JSON is a string
	for i, id := range ids {
		plain[i] = int64(id)
	}
	return jsonText(plain)
}
