// Package journal keeps who did what when, append only and hash-chained, and its tail is what other screens and servers
// follow. It holds ids and digests, no personal text, so that erasing a person does not break the chain.
package journal

import (
	"encoding/json"
	"fmt"
	"time"

	"sapa/internal/db"
	"sapa/internal/who"
)

// Entry is one thing that was done.
type Entry struct {
	ID     db.ID
	At     time.Time
	By     who.Actor // of a row that was read only ID and Via are known
	Act    string    // e.g. turn.finished
	Kind   string    // what Ref names: ticket, turn, attempt, promise, person ...
	Ref    db.ID
	Ticket db.ID             // 0: not about a ticket
	Data   map[string]string // short facts; never names, numbers of people or free text
}

// Write keeps an entry in the act it tells about and gives its id.
func Write(tx *db.Tx, e Entry) (db.ID, error) {
	data, err := json.Marshal(e.Data) // a map's keys come out sorted: the seal can be computed again
	if err != nil {
		return 0, fmt.Errorf("journal %s: %w", e.Act, err)
	}
	id := tx.NewID()
	_, err = tx.Exec(`
		INSERT INTO journal(id, at, by_id, via, act, kind, ref, ticket, data)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		id, db.Millis(tx.Now), e.By.ID, string(e.By.Via), e.Act, e.Kind, e.Ref, e.Ticket, string(data))
	return id, err
}

const columns = `id, at, by_id, via, act, kind, ref, ticket, data`

func scan(s db.Scanner) (Entry, error) {
	var e Entry
	var at int64
	var via, data string
	if err := s.Scan(&e.ID, &at, &e.By.ID, &via, &e.Act, &e.Kind, &e.Ref, &e.Ticket, &data); err != nil {
		return e, err
	}
	e.At, e.By.Via = db.Time(at), who.Via(via)
	return e, json.Unmarshal([]byte(data), &e.Data)
}

// Of lists what was done with a ticket, oldest first.
func Of(tx *db.Tx, ticket db.ID) ([]Entry, error) {
	return list(tx, `SELECT `+columns+` FROM journal WHERE ticket = $1 ORDER BY id`, ticket)
}

// By lists what a person did last, newest first.
func By(tx *db.Tx, person db.ID, limit int) ([]Entry, error) {
	return list(tx, `SELECT `+columns+` FROM journal WHERE by_id = $1 ORDER BY id DESC LIMIT $2`, person, limit)
}

// Tail lists what came after an entry, oldest first. Ids are made before they are stored, so one that is stored late may
// come out below one already seen: followers read again from some seconds back and leave out what they know.
func Tail(tx *db.Tx, after db.ID, limit int) ([]Entry, error) {
	return list(tx, `SELECT `+columns+` FROM journal WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
}

func list(tx *db.Tx, query string, args ...any) ([]Entry, error) {
	var all []Entry
	err := tx.Each(query, args, func(s db.Scanner) error {
		e, err := scan(s)
		all = append(all, e)
		return err
	})
	return all, err
}
